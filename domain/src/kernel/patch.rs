//! Merge patches (RFC 7396): absent leaves a field as it is, null empties it.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "given")] field: Option<Option<T>>`: `None` where the patch does not
/// name the field, `Some(None)` where it is null.
///
/// # Errors
/// Where the value is no `T`.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}
