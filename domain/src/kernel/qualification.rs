//! What a student enrols for: a qualification by its crebo number, along one of the two learning routes.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

crate::words! {
    /// The learning route (leerweg): mainly at school, or mainly at work.
    pub enum Route {
        /// Beroepsopleidende leerweg: at school, with work placements.
        Bol = "bol",
        /// Beroepsbegeleidende leerweg: at work, with days at school.
        Bbl = "bbl",
    }
}

/// A number in the central register of vocational courses (crebo): five digits, written as text because
/// nobody calculates with it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Crebo(u32);

impl Crebo {
    /// The number that is written so, or none: five digits, the first of which is not 0.
    pub fn parse(text: &str) -> Option<Self> {
        let written = text.len() == 5 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        if written { text.parse().ok().map(Self) } else { None }
    }
}

impl fmt::Display for Crebo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl fmt::Debug for Crebo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
/// The text is not a crebo number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACrebo;

impl FromStr for Crebo {
    type Err = NotACrebo;

    fn from_str(text: &str) -> Result<Self, NotACrebo> {
        Self::parse(text).ok_or(NotACrebo)
    }
}
impl Serialize for Crebo {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Crebo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("crebo"))
    }
}
impl utoipa::PartialSchema for Crebo {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(5))
            .max_length(Some(5))
            .pattern(Some("^[1-9][0-9]{4}$"))
            .description(Some("A crebo number: five digits."))
            .into()
    }
}
impl utoipa::ToSchema for Crebo {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crebo_number_has_five_digits() {
        assert_eq!(Crebo::parse("25168").map(|crebo| crebo.to_string()), Some("25168".to_owned()));
        for wrong in ["2516", "251680", "05168", "25 68", "+5168", "２５１６８", ""] {
            assert_eq!(Crebo::parse(wrong), None, "{wrong}");
        }
    }
}
