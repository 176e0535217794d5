//! Texts in the fonts that came along: how wide they are, where their lines end, and how they are drawn. A letter of no font is
//! shown as a question mark; of an emoji what only changes another is left out.

use std::sync::LazyLock;

use krilla::geom::Point;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use ttf_parser::Face;

use super::NoSheet;

static REGULAR: &[u8] = include_bytes!("../../fonts/NotoSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../fonts/NotoSans-Bold.ttf");
static EMOJI: &[u8] = include_bytes!("../../fonts/NotoEmoji-Regular.ttf");

/// A font to measure with and to draw with.
struct Typeface {
    face: Face<'static>,
    font: Font,
}

pub struct Typefaces {
    regular: Typeface,
    bold: Typeface,
    emoji: Typeface,
}

static TYPEFACES: LazyLock<Option<Typefaces>> = LazyLock::new(|| {
    Some(Typefaces { regular: Typeface::read(REGULAR)?, bold: Typeface::read(BOLD)?, emoji: Typeface::read(EMOJI)? })
});

/// Part of a line in one font.
struct Run<'a> {
    typeface: &'a Typeface,
    text: String,
    width: f32,
}

impl Typeface {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        Some(Self { face: Face::parse(bytes, 0).ok()?, font: Font::new(bytes.to_vec().into(), 0)? })
    }

    /// In parts of its size; none where it has no such letter.
    fn advance(&self, letter: char) -> Option<f32> {
        let glyph = self.face.glyph_index(letter)?;
        Some(f32::from(self.face.glyph_hor_advance(glyph)?) / f32::from(self.face.units_per_em()))
    }
}

impl Typefaces {
    /// Those that came along.
    ///
    /// # Errors
    /// [`NoSheet`] where one can not be read.
    pub fn get() -> Result<&'static Self, NoSheet> {
        TYPEFACES.as_ref().ok_or_else(|| NoSheet("a font can not be read".to_owned()))
    }

    fn runs(&self, text: &str, size: f32, bold: bool) -> Vec<Run<'_>> {
        let main = if bold { &self.bold } else { &self.regular };
        let mut runs: Vec<Run<'_>> = Vec::new();
        for letter in text.chars().filter(|letter| !changes_another(*letter)) {
            let found = [main, &self.emoji].into_iter().find_map(|typeface| Some((typeface, letter, typeface.advance(letter)?)));
            let (typeface, letter, advance) = found.unwrap_or_else(|| (main, '?', main.advance('?').unwrap_or(0.5)));
            match runs.last_mut() {
                Some(run) if std::ptr::eq(run.typeface, typeface) => {
                    run.text.push(letter);
                    run.width += advance * size;
                }
                _ => runs.push(Run { typeface, text: letter.to_string(), width: advance * size }),
            }
        }
        runs
    }

    pub fn width(&self, text: &str, size: f32, bold: bool) -> f32 {
        self.runs(text, size, bold).iter().map(|run| run.width).sum()
    }

    /// Draws a line that begins at this point of its baseline.
    pub fn draw(&self, surface: &mut Surface<'_>, (x, y): (f32, f32), text: &str, size: f32, bold: bool) {
        let mut at = x;
        for run in self.runs(text, size, bold) {
            surface.draw_text(
                Point::from_xy(at, y),
                run.typeface.font.clone(),
                size,
                &run.text,
                false,
                TextDirection::LeftToRight,
            );
            at += run.width;
        }
    }

    /// The lines of a text that are no wider than this, each but the last with the blank at its end; a word that is wider is broken.
    pub fn lines(&self, text: &str, size: f32, bold: bool, most: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&joined, size, bold) <= most {
                line = joined;
                continue;
            }
            if !line.is_empty() {
                lines.push(format!("{line} "));
            }
            line = String::new();
            for letter in word.chars() {
                line.push(letter);
                if self.width(&line, size, bold) > most && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        lines.push(line);
        lines
    }
}

/// Joiners, variation selectors and skin tones.
fn changes_another(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e007f}')
        || letter.is_control()
}
