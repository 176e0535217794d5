//! The secret in a link that was sent to someone without an account: who holds it is who it was sent to.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

/// 256 random bits in base64url, as the link tells them once.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

const LENGTH: usize = 43;
const PATTERN: &str = "^[A-Za-z0-9_-]{43}$";

impl Secret {
    /// The secret that is spelled so, or none.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        fits.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Says nothing: a secret has no business in a log.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("secret"))
    }
}

impl utoipa::PartialSchema for Secret {
    fn schema() -> RefOr<Schema> {
        let length = Some(LENGTH);
        ObjectBuilder::new().schema_type(Type::String).min_length(length).max_length(length).pattern(Some(PATTERN)).into()
    }
}
impl utoipa::ToSchema for Secret {}
