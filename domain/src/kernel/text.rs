//! Text from people: NFC, without control characters or bidirectional overrides, and never longer than said.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, de};
use unicode_normalization::{IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfc_quick};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::SchemaFormat, schema::Type};

/// One line or several of 1 to `MAX` characters (Unicode scalar values), not blank, in NFC. Line breaks and
/// tabs are allowed from 500 characters up, where people write prose; however a line break came, it is kept as a line feed.
/// White space around what is shorter, a name or a title, is a slip of whoever typed it and is left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

/// A title, a name, a place.
pub type Line = Text<200>;
/// What someone wrote.
pub type Prose = Text<4000>;

const PROSE_FROM: usize = 500;

/// The pattern of prose, in the ECMA-262 dialect that OpenAPI documents speak.
const PROSE: &str = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]*$";
const LINE: &str = r"^[^\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]*$";

/// Is this the pattern of a text, which only says what characters it may not hold?
pub fn is_pattern(pattern: &str) -> bool {
    [PROSE, LINE].contains(&pattern)
}

/// There is nothing to see in it: white space and characters that are there to be ignored (Unicode's
/// `Default_Ignorable_Code_Point`, such as the zero-width space) alone.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|character| {
        let is_ignorable = matches!(character,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}');
        is_ignorable || character.is_whitespace()
    })
}

/// Text without accents and in lower case, for comparing and ordering. Letters that are no letter with an accent, but
/// that people without them on their keyboard write otherwise, become what those write: `Yılmaz` is found as `yilmaz`.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match letter {
            'ı' => folded.push('i'),
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' => folded.push('d'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            '’' | '‘' => folded.push('\''),
            other => folded.push(other),
        }
    }
    // Lower case can bring a mark of its own: İ.
    folded.retain(|c| !is_combining_mark(c));
    folded
}

impl<const MAX: usize> Text<MAX> {
    /// The text in NFC, or none where it is blank, too long, or holds what text may not hold.
    pub fn parse(text: &str) -> Option<Self> {
        let has_returns = MAX >= PROSE_FROM && text.contains('\r');
        let text = if MAX < PROSE_FROM { text.trim() } else { text };
        let text = if has_returns { Cow::from(text.replace("\r\n", "\n").replace('\r', "\n")) } else { Cow::from(text) };
        // Nearly all text is in NFC already, and what was stored all is: it shows at a glance.
        let is_normal = text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes;
        let text: String = if is_normal { text.into_owned() } else { text.nfc().collect() };
        let fits = text.chars().count() <= MAX && !is_blank(&text) && text.chars().all(Self::allowed);
        fits.then_some(Self(text))
    }

    fn allowed(character: char) -> bool {
        match character {
            '\n' | '\t' => MAX >= PROSE_FROM,
            '\u{2028}' | '\u{2029}' => MAX >= PROSE_FROM,
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => false,
            other => !other.is_control(),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> AsRef<str> for Text<MAX> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> From<Text<MAX>> for String {
    fn from(text: Text<MAX>) -> Self {
        text.0
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("text"))
    }
}

impl<const MAX: usize> utoipa::PartialSchema for Text<MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(MAX))
            .pattern(Some(if MAX >= PROSE_FROM { PROSE } else { LINE }))
            .into()
    }
}
impl<const MAX: usize> utoipa::ToSchema for Text<MAX> {
    /// Lengths differ, so the document needs a schema for each: `Text200`, `Text4000`.
    fn name() -> Cow<'static, str> {
        format!("Text{MAX}").into()
    }
}

/// An e-mail address as people give it: a way to reach someone, never who they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Email(String);

/// Deliberately simpler than RFC 5321: one `@`, a dot in the domain, no spaces.
const EMAIL: &str =
    r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$";

impl Email {
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.split_once('@')?;
        let local_fits = (1..=64).contains(&local.len())
            && local.chars().all(|c| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
        let label_fits = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let domain_fits = domain.contains('.') && domain.split('.').all(label_fits);
        (text.len() <= 254 && local_fits && domain_fits).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is compared: capitals make no other mailbox of it anywhere that people write to.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("email"))
    }
}

impl utoipa::PartialSchema for Email {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("email".into())))
            .min_length(Some(6))
            .max_length(Some(254))
            .pattern(Some(EMAIL))
            .into()
    }
}
impl utoipa::ToSchema for Email {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_is_kept_as_a_line_feed_however_it_came_and_a_line_has_none() {
        let kept = Prose::parse("een\r\ntwee\rdrie\n\r\nvier").map(Prose::into_string);
        assert_eq!(kept.as_deref(), Some("een\ntwee\ndrie\n\nvier"));
        for breaks in ["\n", "\r", "\r\n", "\u{2028}"] {
            assert_eq!(Line::parse(&format!("een{breaks}twee")), None, "{breaks:?}");
        }
    }

    #[test]
    fn a_name_is_kept_without_the_blanks_around_it_and_prose_as_it_was_written() {
        assert_eq!(Line::parse("  Anna van \u{a0}").map(Line::into_string).as_deref(), Some("Anna van"));
        assert_eq!(Prose::parse("  - een\n").map(Prose::into_string).as_deref(), Some("  - een\n"));
        assert_eq!(Line::parse("  "), None);
    }

    #[test]
    fn no_text_holds_control_characters_or_turns_the_direction_of_writing() {
        for character in ['\0', '\u{B}', '\u{1F}', '\u{7F}', '\u{9F}', '\u{202E}', '\u{2066}'] {
            assert_eq!(Prose::parse(&format!("a{character}b")), None, "{character:?}");
        }
    }
}
