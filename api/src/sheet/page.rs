//! The page: what stands on it in which order, made to fit.

use std::num::NonZeroU16;

use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Transform};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, ListNumbering, SpanTag, Tag, TagGroup, TagTree};
use krilla::{Document, SerializeSettings};

use super::figure;
use super::typesetting::Typefaces;
use super::words::Words;
use super::{NoSheet, Sheet};
use crate::picture::Picture;
use crate::picture::drawing::{Colour, LIGHT, WIDTH};

/// A4 in points, and what stays free around the page.
const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 44.0;
/// How wide the picture is beside the text.
const PICTURE: f32 = 196.0;
const GAP: f32 = 22.0;
const BETWEEN_LINES: f32 = 1.36;
/// Where one writes, the lines stand this far apart.
const WRITING: f32 = 22.0;

const INK: Colour = LIGHT.ink;
const MUTED: Colour = LIGHT.muted;
const ACCENT: Colour = LIGHT.own;

/// How much is made of it, from all of it to what fits on a page whatever stands there.
#[derive(Clone, Copy)]
struct Fit {
    /// By which the letters become smaller.
    scale: f32,
    /// How many items of a list, and lines of an item, there are at most.
    items: usize,
    lines: usize,
}

const FITS: [Fit; 7] = [
    Fit { scale: 1.0, items: usize::MAX, lines: usize::MAX },
    Fit { scale: 0.92, items: usize::MAX, lines: usize::MAX },
    Fit { scale: 0.84, items: usize::MAX, lines: usize::MAX },
    Fit { scale: 0.84, items: 8, lines: 4 },
    Fit { scale: 0.84, items: 6, lines: 3 },
    Fit { scale: 0.84, items: 4, lines: 2 },
    Fit { scale: 0.84, items: 3, lines: 1 },
];

/// How many lines there are at least to write on.
const NOTES: f32 = 2.0;

/// What the heading of the notes takes, and the least of lines below it.
fn room_for_notes(words: &Words) -> f32 {
    let (size, _, above) = Block::Heading(words.notes).shape();
    above + size * BETWEEN_LINES + NOTES * WRITING
}

/// What stands below one another.
enum Block {
    Title(String),
    Facts(String),
    Heading(&'static str),
    List(Vec<String>),
    /// A question, with a line to write on.
    Asked(&'static str),
}

/// Makes the page.
///
/// # Errors
/// See [`Sheet::pdf`].
pub fn made(sheet: &Sheet) -> Result<Vec<u8>, NoSheet> {
    let typefaces = Typefaces::get()?;
    let words = Words::of(sheet.language);
    let blocks = blocks(sheet, words);
    let wide = PAGE.0 - 2.0 * MARGIN - if sheet.picture.is_some() { PICTURE + GAP } else { 0.0 };
    let room = PAGE.1 - 2.0 * MARGIN - room_for_notes(words);
    let fits = |fit: &&Fit| blocks.iter().map(|block| height(block, typefaces, wide, **fit)).sum::<f32>() <= room;
    let fit = *FITS.iter().find(fits).unwrap_or(&FITS[FITS.len() - 1]);

    let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| NoSheet("no page".to_owned()))?;
    let mut document = document()?;
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    let mut setting = Setting {
        surface: &mut surface,
        tags: TagTree::new().with_lang(Some(words.code().to_owned())),
        typefaces,
        wide,
        fit,
        y: MARGIN,
        outline: Outline::new(),
    };
    for block in &blocks {
        setting.set(block, words);
    }
    if let Some(picture) = &sheet.picture {
        setting.picture(picture, words);
    }
    setting.notes(words);
    let (tags, outline) = (setting.tags, setting.outline);
    surface.finish();
    page.finish();
    let title = format!("{}: {}", sheet.title, sheet.student);
    document.set_metadata(Metadata::new().title(title).language(words.code().to_owned()).creator("Leerloopbaan".to_owned()));
    document.set_outline(outline);
    document.set_tag_tree(tags);
    document.finish().map_err(|error| NoSheet(format!("{error:?}")))
}

fn document() -> Result<Document, NoSheet> {
    let configuration = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let configuration = configuration.map_err(|error| NoSheet(format!("{error:?}")))?;
    Ok(Document::new_with(SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() }))
}

fn blocks(sheet: &Sheet, words: &'static Words) -> Vec<Block> {
    let with = format!("{} {}", words.with, sheet.others.join(", "));
    let people = [Some(sheet.student.clone()), (!sheet.others.is_empty()).then_some(with)];
    let meeting = [sheet.begins.map(|begins| words.moment(begins)), sheet.place.clone()];
    let facts = [people, meeting].map(|facts| facts.into_iter().flatten().collect::<Vec<_>>().join(" · "));
    let agreements = sheet.agreements.iter().map(|agreement| {
        let due = agreement.due_on.map(|due| format!(", {} {}", words.before, words.day(due))).unwrap_or_default();
        format!("{} ({}{due})", agreement.text, agreement.owner)
    });
    let lists = [
        (words.goals, sheet.goals.clone()),
        (words.learning_questions, sheet.learning_questions.clone()),
        (words.topics, sheet.topics.clone()),
        (words.questions, sheet.questions.clone()),
        (words.agreements, agreements.collect()),
    ];
    let mut blocks = vec![Block::Title(sheet.title.clone())];
    blocks.extend(facts.into_iter().filter(|facts| !facts.is_empty()).map(Block::Facts));
    for (heading, items) in lists.into_iter().filter(|(_, items)| !items.is_empty()) {
        blocks.extend([Block::Heading(heading), Block::List(items)]);
    }
    if !sheet.competences.is_empty() {
        blocks.push(Block::Heading(words.competences));
        blocks.extend(sheet.competences.iter().map(|competence| Block::Asked(words.question(*competence))));
    }
    blocks
}

/// What stands above its parts, in order.
#[cfg(test)]
pub fn headings(sheet: &Sheet) -> Vec<&'static str> {
    let heading = |block| if let Block::Heading(text) = block { Some(text) } else { None };
    blocks(sheet, Words::of(sheet.language)).into_iter().filter_map(heading).collect()
}

impl Block {
    /// Size of the letters, whether they are bold, and what is free above it.
    const fn shape(&self) -> (f32, bool, f32) {
        match self {
            Self::Title(_) => (21.0, true, 0.0),
            Self::Facts(_) => (10.5, false, 4.0),
            Self::Heading(_) => (13.0, true, 14.0),
            Self::List(_) => (11.5, false, 3.0),
            Self::Asked(_) => (10.5, false, 7.0),
        }
    }

    fn texts(&self) -> Vec<&str> {
        match self {
            Self::Title(text) | Self::Facts(text) => vec![text],
            Self::Heading(text) | Self::Asked(text) => vec![text],
            Self::List(items) => items.iter().map(String::as_str).collect(),
        }
    }
}

/// What of a text is set, in lines.
fn lines(block: &Block, text: &str, typefaces: &Typefaces, wide: f32, fit: Fit) -> Vec<String> {
    let (size, bold, _) = block.shape();
    let indent = if matches!(block, Block::List(_)) { size } else { 0.0 };
    let mut lines = typefaces.lines(text, size * fit.scale, bold, wide - indent);
    if lines.len() > fit.lines {
        lines.truncate(fit.lines);
        if let Some(last) = lines.last_mut() {
            last.truncate(last.trim_end().len());
            last.pop();
            last.push('…');
        }
    }
    lines
}

fn height(block: &Block, typefaces: &Typefaces, wide: f32, fit: Fit) -> f32 {
    let (size, _, above) = block.shape();
    let texts = block.texts();
    let more = usize::from(texts.len() > fit.items);
    let count: usize = texts.iter().take(fit.items).map(|text| lines(block, text, typefaces, wide, fit).len()).sum();
    let writing = if matches!(block, Block::Asked(_)) { WRITING } else { 0.0 };
    above * fit.scale + (count + more) as f32 * size * fit.scale * BETWEEN_LINES + writing
}

/// A page while it is set.
struct Setting<'a, 'b> {
    surface: &'a mut Surface<'b>,
    tags: TagTree,
    typefaces: &'static Typefaces,
    wide: f32,
    fit: Fit,
    y: f32,
    outline: Outline,
}

impl Setting<'_, '_> {
    fn set(&mut self, block: &Block, words: &Words) {
        let (size, _, above) = block.shape();
        self.y += above * self.fit.scale;
        match block {
            Block::Title(text) => self.heading(block, text, NonZeroU16::MIN),
            Block::Heading(text) => self.heading(block, text, NonZeroU16::MIN.saturating_add(1)),
            Block::Facts(text) => {
                self.colour(MUTED);
                self.paragraph(block, text);
            }
            Block::Asked(text) => {
                self.colour(INK);
                self.paragraph(block, text);
                self.y += WRITING;
                self.rule(self.y, self.wide);
            }
            Block::List(items) => {
                self.colour(INK);
                let mut list = TagGroup::new(Tag::L(ListNumbering::Disc));
                let more = (items.len() > self.fit.items).then_some(words.more);
                for item in items.iter().map(String::as_str).take(self.fit.items).chain(more) {
                    let mut label = TagGroup::new(Tag::Lbl);
                    let baseline = self.y + size * self.fit.scale * 1.05;
                    label.push(self.span((MARGIN, baseline), "•", size * self.fit.scale, true));
                    let mut body = TagGroup::new(Tag::LBody);
                    self.text(block, item, size, &mut body);
                    let mut whole = TagGroup::new(Tag::LI);
                    whole.push(label);
                    whole.push(body);
                    list.push(whole);
                }
                self.tags.push(list);
            }
        }
    }

    fn heading(&mut self, block: &Block, text: &str, level: NonZeroU16) {
        self.colour(ACCENT);
        self.outline.push_child(OutlineNode::new(text.to_owned(), XyzDestination::new(0, Point::from_xy(MARGIN, self.y))));
        let mut heading = TagGroup::new(Tag::Hn(level, Some(text.to_owned())));
        self.text(block, text, 0.0, &mut heading);
        self.tags.push(heading);
    }

    fn paragraph(&mut self, block: &Block, text: &str) {
        let mut paragraph = TagGroup::new(Tag::P);
        self.text(block, text, 0.0, &mut paragraph);
        self.tags.push(paragraph);
    }

    /// A text in lines, each of which belongs to `group`.
    fn text(&mut self, block: &Block, text: &str, indent: f32, group: &mut TagGroup) {
        let (size, bold, _) = block.shape();
        let size = size * self.fit.scale;
        for line in lines(block, text, self.typefaces, self.wide, self.fit) {
            group.push(self.span((MARGIN + indent, self.y + size * 1.05), &line, size, bold));
            self.y += size * BETWEEN_LINES;
        }
    }

    fn span(&mut self, at: (f32, f32), text: &str, size: f32, bold: bool) -> krilla::tagging::Identifier {
        let span = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        self.typefaces.draw(self.surface, at, text, size, bold);
        self.surface.end_tagged();
        span
    }

    fn colour(&mut self, colour: Colour) {
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(figure::filled(colour, 1.0)));
    }

    /// A line to write on, which nobody reads out.
    fn rule(&mut self, y: f32, wide: f32) {
        let mut line = PathBuilder::new();
        line.move_to(MARGIN, y);
        line.line_to(MARGIN + wide, y);
        let Some(line) = line.finish() else { return };
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke { paint: figure::paint(MUTED), width: 0.6, ..Stroke::default() }));
        self.surface.draw_path(&line);
        self.surface.end_tagged();
    }

    /// The picture in the right column, as large as there is room for.
    fn picture(&mut self, picture: &Picture, words: &Words) {
        let drawing = picture.drawn();
        let scale = (PICTURE / WIDTH as f32).min((PAGE.1 - 2.0 * MARGIN) / drawing.height() as f32);
        let figure = self.surface.start_tagged(ContentTag::Other);
        self.surface.push_transform(&Transform::from_row(scale, 0.0, 0.0, scale, PAGE.0 - MARGIN - PICTURE, MARGIN));
        for shape in &drawing.shapes {
            figure::draw(self.surface, shape, self.typefaces);
        }
        self.surface.pop();
        self.surface.end_tagged();
        let mut group = TagGroup::new(Tag::Figure(Some(format!("{}. {}", words.picture, picture.in_words()))));
        group.push(figure);
        self.tags.push(group);
    }

    /// Lines to write on, where there is room for a few.
    fn notes(&mut self, words: &Words) {
        if self.y + room_for_notes(words) > PAGE.1 - MARGIN {
            return;
        }
        self.set(&Block::Heading(words.notes), words);
        while self.y + WRITING <= PAGE.1 - MARGIN {
            self.y += WRITING;
            self.rule(self.y, self.wide);
        }
    }
}
