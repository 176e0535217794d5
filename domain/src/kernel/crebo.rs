//! What is learned and how: the number of a qualification in the register of the ministry, and the route to it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

/// A number in the central register of vocational courses (Centraal Register Beroepsopleidingen): five digits.
/// It names one qualification, though not one edition of one dossier: the same number can stand in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Crebo(u32);

const PATTERN: &str = r"^[1-9][0-9]{4}$";

impl Crebo {
    /// The number that these five digits are, or none.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        fits.then(|| text.parse().ok().map(Self)).flatten()
    }

    pub const fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Crebo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Crebo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
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
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(5)).max_length(Some(5)).pattern(Some(PATTERN)).into()
    }
}
impl utoipa::ToSchema for Crebo {}

crate::words! {
    /// The route (leerweg) by which a qualification is learned.
    pub enum Route {
        /// At school, with placements (beroepsopleidende leerweg).
        Bol = "bol",
        /// At work, with a day of school (beroepsbegeleidende leerweg).
        Bbl = "bbl",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crebo_is_five_digits_and_nothing_else() {
        assert_eq!(Crebo::parse("25486").map(Crebo::number), Some(25486));
        for other in ["", "2548", "254860", "02548", "25 86", "+2548", "1002O2425", "２５４８６"] {
            assert_eq!(Crebo::parse(other), None, "{other}");
        }
    }
}
