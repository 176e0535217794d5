//! Merge patches (RFC 7396): absent leaves a field as it is, null empties it where it can be empty.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "given")] #[schema(value_type = T)] field: Option<T>`: `None` where the patch
/// does not name the field. Null is what `T` says: it empties an `Option`, and is refused by what can not be empty.
///
/// # Errors
/// Where the value is no `T`.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The same for `field: Option<Vec<T>>`, a list that null empties.
///
/// # Errors
/// Where the value is no list of `T`.
pub fn given_list<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<T>>, D::Error> {
    Option::deserialize(deserializer).map(|list| Some(list.unwrap_or_default()))
}
