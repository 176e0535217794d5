//! A drawing that grows downwards: the shapes that were drawn, and how far it came. How they are put on a screen or on paper is another's.

use domain::leermeter::RaterKind;

use super::Theme;

pub const WIDTH: f64 = 320.0;
pub const MARGIN: f64 = 14.0;
const BETWEEN_LINES: f64 = 1.35;

/// Red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// The colours of a theme: against its ground, texts have a contrast of at least 4.5 and what is drawn of at least 3
/// (WCAG 2.2, 1.4.3 and 1.4.11).
#[derive(Clone, Copy, Debug)]
pub struct Colours {
    pub ground: Colour,
    pub ink: Colour,
    pub muted: Colour,
    /// Behind it all, and needed by nobody.
    pub grid: Colour,
    pub own: Colour,
    pub others: Colour,
    pub proud: Colour,
}

pub const LIGHT: Colours = Colours {
    ground: Colour(255, 255, 255),
    ink: Colour(27, 31, 36),
    muted: Colour(79, 88, 99),
    grid: Colour(201, 209, 217),
    own: Colour(11, 87, 164),
    others: Colour(180, 66, 11),
    proud: Colour(231, 241, 251),
};
pub const DARK: Colours = Colours {
    ground: Colour(16, 21, 28),
    ink: Colour(240, 243, 246),
    muted: Colour(170, 180, 192),
    grid: Colour(63, 73, 86),
    own: Colour(108, 182, 255),
    others: Colour(255, 166, 87),
    proud: Colour(23, 41, 61),
};

pub type Point = (f64, f64);

/// One shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Rectangle { corner: Point, size: Point, round: f64, fill: Colour },
    Circle { centre: Point, radius: f64, fill: Colour, edge: Colour },
    Path { points: Vec<Point>, closed: bool, fill: Option<(Colour, f64)>, stroke: Colour, width: f64, dashed: bool },
    Text { at: Point, anchor: Anchor, size: f64, bold: bool, colour: Colour, text: String },
}

/// Where a text stands to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Debug)]
pub struct Drawing {
    pub colours: &'static Colours,
    /// Where the next thing goes.
    pub y: f64,
    pub shapes: Vec<Shape>,
}

impl Drawing {
    pub const fn new(theme: Theme) -> Self {
        let colours = match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        };
        Self { colours, y: 10.0, shapes: Vec::new() }
    }

    /// How high it is.
    pub const fn height(&self) -> f64 {
        self.y + 10.0
    }

    pub fn space(&mut self, height: f64) {
        self.y += height;
    }

    pub fn heading(&mut self, text: &str, size: f64) {
        self.lines(text, size, true);
    }

    pub fn paragraph(&mut self, text: &str, size: f64) {
        self.lines(text, size, false);
    }

    fn lines(&mut self, text: &str, size: f64, bold: bool) {
        let colour = if bold { self.colours.ink } else { self.colours.muted };
        for line in wrapped(text, WIDTH - 2.0 * MARGIN, size, bold).iter().filter(|line| !line.is_empty()) {
            self.y += size * BETWEEN_LINES;
            self.text((MARGIN, self.y), Anchor::Start, size, bold, colour, line);
        }
    }

    /// Texts on one line where there is room, each on its own where not, from this edge on.
    pub fn side_by_side(&mut self, left: f64, texts: &[String], size: f64) {
        let (most, joined, muted) = (WIDTH - MARGIN - left, texts.join(" · "), self.colours.muted);
        let all = if width(&joined, size, false) <= most { vec![joined] } else { texts.to_vec() };
        for line in all.iter().flat_map(|text| wrapped(text, most, size, false)) {
            self.y += size * BETWEEN_LINES;
            self.text((left, self.y), Anchor::Start, size, false, muted, &line);
        }
    }

    /// What is worth being proud of, on a ground of its own.
    pub fn highlights(&mut self, texts: &[String]) {
        let lines: Vec<_> = texts.iter().flat_map(|text| wrapped(text, WIDTH - 4.0 * MARGIN - 10.0, 13.0, true)).collect();
        let height = lines.len() as f64 * 18.0 + 14.0;
        let (y, Colours { proud, ink, own, .. }) = (self.y + 6.0, *self.colours);
        let bar = |wide, round, fill| Shape::Rectangle { corner: (MARGIN, y), size: (wide, height), round, fill };
        self.shapes.extend([bar(WIDTH - 2.0 * MARGIN, 8.0, proud), bar(4.0, 2.0, own)]);
        for (place, line) in lines.iter().enumerate() {
            self.text((MARGIN + 14.0, y + 20.0 + place as f64 * 18.0), Anchor::Start, 13.0, true, ink, line);
        }
        self.y = y + height + 6.0;
    }

    pub fn text(&mut self, at: Point, anchor: Anchor, size: f64, bold: bool, colour: Colour, text: &str) {
        self.shapes.push(Shape::Text { at, anchor, size, bold, colour, text: text.to_owned() });
    }

    pub fn line(&mut self, from: Point, to: Point, stroke: Colour, width: f64) {
        self.shapes.push(Shape::Path { points: vec![from, to], closed: false, fill: None, stroke, width, dashed: false });
    }

    /// A line from corner to corner and back, that bounds nothing.
    pub fn ring(&mut self, points: Vec<Point>) {
        let stroke = self.colours.grid;
        self.shapes.push(Shape::Path { points, closed: true, fill: None, stroke, width: 1.0, dashed: false });
    }

    /// A line through points: that of the student is whole, that of others is dashed.
    pub fn through(&mut self, points: Vec<Point>, own: bool, closed: bool) {
        if points.len() > 1 {
            let stroke = if own { self.colours.own } else { self.colours.others };
            let fill = (own && closed).then_some((stroke, 0.16));
            self.shapes.push(Shape::Path { points, closed, fill, stroke, width: 2.5, dashed: !own });
        }
    }

    /// The mark of a kind of rater: each has a shape of its own.
    pub fn mark(&mut self, (x, y): Point, kind: RaterKind) {
        let Colours { ground, own, others, .. } = *self.colours;
        match kind {
            RaterKind::Student => self.shapes.push(Shape::Circle { centre: (x, y), radius: 5.0, fill: own, edge: ground }),
            RaterKind::Coach => self.outline(vec![(x, y - 5.0), (x + 5.0, y), (x, y + 5.0), (x - 5.0, y)]),
            RaterKind::WorkplaceTrainer => {
                self.outline(vec![(x - 4.0, y - 4.0), (x + 4.0, y - 4.0), (x + 4.0, y + 4.0), (x - 4.0, y + 4.0)]);
            }
            RaterKind::Teacher => self.outline(vec![(x, y - 5.0), (x + 4.8, y + 3.6), (x - 4.8, y + 3.6)]),
            RaterKind::Peer => {
                self.line((x - 4.5, y), (x + 4.5, y), others, 2.2);
                self.line((x, y - 4.5), (x, y + 4.5), others, 2.2);
            }
            RaterKind::Buddy => {
                self.line((x - 3.5, y - 3.5), (x + 3.5, y + 3.5), others, 2.2);
                self.line((x - 3.5, y + 3.5), (x + 3.5, y - 3.5), others, 2.2);
            }
        }
    }

    fn outline(&mut self, points: Vec<Point>) {
        let Colours { ground, others, .. } = *self.colours;
        self.shapes.push(Shape::Path {
            points,
            closed: true,
            fill: Some((ground, 1.0)),
            stroke: others,
            width: 1.8,
            dashed: false,
        });
    }
}

/// How wide a text is at most in the fonts that are likely to be there.
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    let units: f64 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.31,
            'f' | 'r' | 't' | '(' | ')' | '-' | '·' => 0.42,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.95,
            letter if letter.is_uppercase() => 0.72,
            letter if letter.is_ascii() => 0.59,
            letter if letter.is_alphabetic() => 0.66,
            _ => 1.05,
        })
        .sum();
    units * size * if bold { 1.15 } else { 1.02 }
}

/// The lines of a text that are no wider than this; a word that is wider is broken.
pub fn wrapped(text: &str, most: f64, size: f64, bold: bool) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split([' ', '\t', '\n']) {
        let mut word = word.to_owned();
        loop {
            let line = lines.last().map_or("", String::as_str);
            let tried = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
            if width(&tried, size, bold) <= most {
                if let Some(last) = lines.last_mut() {
                    *last = tried;
                }
                break;
            }
            if !line.is_empty() {
                lines.push(String::new());
                continue;
            }
            let fits = word.char_indices().skip(1).take_while(|(end, _)| width(&word[..*end], size, bold) <= most).last();
            let Some((end, _)) = fits else { break };
            let rest = word.split_off(end);
            if let Some(last) = lines.last_mut() {
                *last = word;
            }
            lines.push(String::new());
            word = rest;
        }
    }
    lines
}
