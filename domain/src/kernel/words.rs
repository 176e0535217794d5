//! Closed lists of words: one spelling on the wire, in the database and in the document.

use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

/// An enum whose every value is one word, spelled in camelCase everywhere.
pub trait Word: Copy + Eq + Sized + 'static {
    const ALL: &'static [Self];

    fn word(self) -> &'static str;

    /// The value that is spelled so, or none.
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.word() == word)
    }
}

/// A closed list of words as a schema.
pub fn schema<W: Word>() -> RefOr<Schema> {
    let words: Vec<_> = W::ALL.iter().map(|value| value.word()).collect();
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
}

/// Makes an enum a [`Word`]: `words! { /// doc  pub enum State { Submitted = "submitted", ... } }`.
#[macro_export]
macro_rules! words {
    ($($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $value:ident = $word:literal),* $(,)? })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $value),* }

        impl $crate::kernel::Word for $name {
            const ALL: &'static [Self] = &[$(Self::$value),*];

            fn word(self) -> &'static str {
                match self { $(Self::$value => $word),* }
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::kernel::words::schema::<Self>()
            }
        }
        impl utoipa::ToSchema for $name {}
    )*};
}
