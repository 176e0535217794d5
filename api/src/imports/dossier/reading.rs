//! Takes values out of elements, noting every fault with its line.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::{
    curriculum::{Code, Competence, CurriculumFault, Knowledge, Title},
    kernel::{Fault, Text},
};
use roxmltree::Node;

use super::plain;
use crate::imports::Refused;

pub type Element<'d> = Node<'d, 'd>;

/// Something that a file says, and where.
pub struct Value<'d> {
    element: Element<'d>,
    field: String,
    raw: String,
}

/// What a file was found to say so far.
#[derive(Default)]
pub struct Reading {
    /// Where in the text each line but the first begins.
    breaks: Vec<usize>,
    pub refused: Vec<Refused>,
    /// Numbers by the name of the element that they are of.
    numbers: BTreeSet<(String, u32)>,
    codes: BTreeSet<String>,
    pub domains: BTreeMap<u32, Title>,
    pub sector_chambers: BTreeMap<u32, Title>,
    pub competences: BTreeMap<u32, Competence>,
    pub knowledge: BTreeMap<u32, Knowledge>,
    /// Headings under which knowledge can be grouped.
    pub categories: BTreeSet<u32>,
    pub qualifications: BTreeSet<u32>,
}

impl Reading {
    pub fn of(text: &str) -> Self {
        Self { breaks: text.match_indices('\n').map(|(place, _)| place).collect(), ..Self::default() }
    }

    pub fn refuse(&mut self, element: Element<'_>, field: impl Into<String>, fault: impl Into<Fault>) {
        let before = self.breaks.partition_point(|place| *place < element.range().start);
        self.refused.push(Refused::new(u32::try_from(before).unwrap_or(u32::MAX - 1) + 1, field, fault));
    }

    /// The one child with this name; of several, none can be meant.
    pub fn child<'d>(&mut self, parent: Element<'d>, name: &str) -> Option<Element<'d>> {
        let mut found = children(parent, name);
        let first = found.next()?;
        for other in found {
            self.refuse(other, name, CurriculumFault::Repeated);
        }
        Some(first)
    }

    /// The one descendant at the end of this path, if all of the path is there.
    pub fn at<'d>(&mut self, parent: Element<'d>, path: &[&str]) -> Option<Element<'d>> {
        path.iter().try_fold(parent, |parent, name| self.child(parent, name))
    }

    /// The same, where it may not be absent.
    pub fn needed<'d>(&mut self, parent: Element<'d>, path: &[&str]) -> Option<Element<'d>> {
        let found = self.at(parent, path);
        if found.is_none() {
            self.refuse(parent, path.join("/"), CurriculumFault::Missing);
        }
        found
    }

    /// What `parse` makes of a value, or none where it is blank; `fault` where nothing can be made of it.
    pub fn optional<T>(&mut self, value: Value<'_>, fault: impl Into<Fault>, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = value.raw.trim();
        if text.is_empty() {
            return None;
        }
        let parsed = parse(text);
        if parsed.is_none() {
            self.refuse(value.element, value.field, fault);
        }
        parsed
    }

    /// The same for a value that may not be blank.
    pub fn required<T>(&mut self, value: Value<'_>, fault: impl Into<Fault>, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        if value.raw.trim().is_empty() {
            self.refuse(value.element, value.field, CurriculumFault::Missing);
            return None;
        }
        self.optional(value, fault, parse)
    }

    /// One line of text that may not be blank.
    pub fn title<const MAX: usize>(&mut self, value: Value<'_>) -> Option<Text<MAX>> {
        self.required(value, CurriculumFault::TooLong, |text| Text::parse(&plain::line(text)))
    }

    pub fn optional_title<const MAX: usize>(&mut self, value: Value<'_>) -> Option<Text<MAX>> {
        self.optional(value, CurriculumFault::TooLong, |text| Text::parse(&plain::line(text)))
    }

    /// Text over several lines, or none where the element holds none or is not there.
    pub fn prose<const MAX: usize>(&mut self, element: Option<Element<'_>>) -> Option<Text<MAX>> {
        let value = content(element?);
        let plain = plain::prose(&value.raw);
        self.optional(Value { raw: plain, ..value }, CurriculumFault::TooLong, Text::parse)
    }

    /// The number of an element, which no other element of the same name has.
    pub fn own_number(&mut self, element: Element<'_>) -> Option<u32> {
        let number = self.required(attribute(element, "nr"), CurriculumFault::NumberInvalid, whole_number)?;
        if !self.numbers.insert((element.tag_name().name().to_owned(), number)) {
            self.refuse(element, format!("{}/@nr", element.tag_name().name()), CurriculumFault::NumberRepeated);
        }
        Some(number)
    }

    /// What an element refers to, among what `known` finds by its number.
    pub fn reference<T>(&mut self, value: Value<'_>, known: impl FnOnce(&Self, u32) -> Option<T>) -> Option<T> {
        let (element, field) = (value.element, value.field.clone());
        let number = self.required(value, CurriculumFault::NumberInvalid, whole_number)?;
        let found = known(self, number);
        if found.is_none() {
            self.refuse(element, field, CurriculumFault::ReferenceUnknown);
        }
        found
    }

    /// The code that ends in the chapter of this element, `-K1` or `-W3`, unless it or what it is part of has none.
    pub fn code(&mut self, element: Element<'_>, within: Option<&str>, letter: char) -> Option<Code> {
        let chapter = element.attribute("hoofdstuk").and_then(whole_number)?;
        let code = Code::parse(&format!("{}-{letter}{chapter}", within?))?;
        self.refuse_repeated_code(element, "hoofdstuk", code.as_str());
        Some(code)
    }

    /// Refuses a code that something earlier has.
    pub fn refuse_repeated_code(&mut self, element: Element<'_>, attribute: &str, code: &str) {
        if !self.codes.insert(code.to_owned()) {
            self.refuse(element, format!("{}/@{attribute}", element.tag_name().name()), CurriculumFault::CodeRepeated);
        }
    }
}

/// The children of this name, in whichever namespace.
pub fn children<'d>(parent: Element<'d>, name: &str) -> impl Iterator<Item = Element<'d>> {
    parent.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

pub fn attribute<'d>(element: Element<'d>, name: &str) -> Value<'d> {
    let raw = element.attribute(name).unwrap_or_default().to_owned();
    Value { element, field: format!("{}/@{name}", element.tag_name().name()), raw }
}

/// The text in an element, without what single qualifications add to it.
pub fn content(element: Element<'_>) -> Value<'_> {
    let added = |node: Element<'_>| {
        let mut within = node.ancestors().take_while(|above| *above != element);
        within.any(|above| above.tag_name().name().ends_with("perprofiel"))
    };
    let raw = element.descendants().filter(|node| node.is_text() && !added(*node)).filter_map(|node| node.text()).collect();
    Value { element, field: element.tag_name().name().to_owned(), raw }
}

/// A whole number above zero.
pub fn whole_number(text: &str) -> Option<u32> {
    let digits = text.trim();
    let whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| whole && *number > 0)
}

/// A date in either of the two ways of the exports: `26-11-2015` until 2016, `2015-11-26` since.
pub fn date(text: &str) -> Option<NaiveDate> {
    let day = text.get(..10).filter(|_| text.len() == 10 || text.ends_with("T00:00:00"))?;
    let parsed = NaiveDate::parse_from_str(day, "%d-%m-%Y").or_else(|_| NaiveDate::parse_from_str(day, "%Y-%m-%d"));
    parsed.ok().filter(|date| date.to_string() == day || date.format("%d-%m-%Y").to_string() == day)
}
