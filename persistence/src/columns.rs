//! Column types that the two databases store differently: ids, instants, JSON, and words.

use std::io::Write;

use diesel::deserialize::{self, FromSql, Queryable};
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Nullable, SingleValue, SqlType, Text as SqlText, Timestamptz};
use diesel::sqlite::{Sqlite, SqliteValue};
use domain::kernel::{Id, Instant, Text, Word};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::trouble::Trouble;

/// The types as `schema.rs` names them.
pub mod sql_types {
    use diesel::query_builder::QueryId;
    use diesel::sql_types::SqlType;

    /// `uuid`; in SQLite a 16-byte BLOB.
    #[derive(Clone, Copy, Debug, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 2950, array_oid = 2951), sqlite_type(name = "Binary"))]
    pub struct SqlId;

    /// `timestamptz`; in SQLite microseconds since 1970 in UTC.
    #[derive(Clone, Copy, Debug, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Long"))]
    pub struct SqlInstant;

    /// `jsonb`; in SQLite TEXT.
    #[derive(Clone, Copy, Debug, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 3802, array_oid = 3807), sqlite_type(name = "Text"))]
    pub struct SqlJson;

    /// One of a closed list of words; `text` on both, with a CHECK.
    #[derive(Clone, Copy, Debug, Default, SqlType, QueryId)]
    #[diesel(postgres_type(oid = 25, array_oid = 1009), sqlite_type(name = "Text"))]
    pub struct SqlWord;
}
use sql_types::{SqlId, SqlInstant, SqlJson, SqlWord};

impl<Of> ToSql<SqlId, Pg> for Id<Of> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.uuid().as_bytes())?;
        Ok(IsNull::No)
    }
}
impl<Of> ToSql<SqlId, Sqlite> for Id<Of> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.uuid().as_bytes().to_vec());
        Ok(IsNull::No)
    }
}
impl<Of> FromSql<SqlId, Pg> for Id<Of> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_uuid(Uuid::from_slice(value.as_bytes())?))
    }
}
impl<Of> FromSql<SqlId, Sqlite> for Id<Of> {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self::from_uuid(Uuid::from_slice(value.read_blob())?))
    }
}

impl ToSql<SqlInstant, Pg> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <Self as ToSql<Timestamptz, Pg>>::to_sql(self, out)
    }
}
impl ToSql<SqlInstant, Sqlite> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.timestamp_micros());
        Ok(IsNull::No)
    }
}
impl FromSql<SqlInstant, Pg> for Instant {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Self as FromSql<Timestamptz, Pg>>::from_sql(value)
    }
}
impl FromSql<SqlInstant, Sqlite> for Instant {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?;
        Self::from_timestamp_micros(micros).ok_or_else(|| "an instant out of range".into())
    }
}

/// A document in one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Json<T>(pub T);

impl<T: Serialize + std::fmt::Debug> ToSql<SqlJson, Pg> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        const JSONB_VERSION: u8 = 1;
        out.write_all(&[JSONB_VERSION])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}
impl<T: Serialize + std::fmt::Debug> ToSql<SqlJson, Sqlite> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}
impl<T: DeserializeOwned> FromSql<SqlJson, Pg> for Json<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let bytes = value.as_bytes().get(1..).ok_or("an empty jsonb value")?;
        Ok(Self(serde_json::from_slice(bytes)?))
    }
}
impl<T: DeserializeOwned> FromSql<SqlJson, Sqlite> for Json<T> {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_str(value.read_text())?))
    }
}

/// A Rust type that one of our column types holds.
pub trait Column: Sized {
    type Sql: SqlType + SingleValue;
}

impl<T: Column> Column for Option<T>
where
    T::Sql: SqlType<IsNull = diesel::sql_types::is_nullable::NotNull>,
{
    type Sql = Nullable<T::Sql>;
}

/// The value as it goes into a query: `applications::id.eq(bind(id))`. Types that Diesel knows need none of this.
pub fn bind<T: Column>(value: T) -> Bound<T::Sql, T> {
    Bound::new(value)
}

/// Lets `$rust` be a column of `$sql`, and be read from one.
macro_rules! column {
    ([$($of:ident)?] $rust:ty as $sql:ty) => {
        impl<$($of)?> Column for $rust {
            type Sql = $sql;
        }
        impl<$($of,)? DB: diesel::backend::Backend> Queryable<$sql, DB> for $rust
        where
            Self: FromSql<$sql, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}
column!([Of] Id<Of> as SqlId);
column!([T] Json<T> as SqlJson);
/// Diesel reads instants from any type that they are stored as.
impl Column for Instant {
    type Sql = SqlInstant;
}

/// Makes domain words columns.
macro_rules! word_columns {
    ($($word:ty),* $(,)?) => {$(
        column!([] $word as SqlWord);
        impl ToSql<SqlWord, Pg> for $word {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                out.write_all(self.word().as_bytes())?;
                Ok(IsNull::No)
            }
        }
        impl ToSql<SqlWord, Sqlite> for $word {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                <str as ToSql<SqlText, Sqlite>>::to_sql(self.word(), out)
            }
        }
        impl FromSql<SqlWord, Pg> for $word {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                let word = std::str::from_utf8(value.as_bytes())?;
                Self::from_word(word).ok_or_else(|| concat!("not a ", stringify!($word)).into())
            }
        }
        impl FromSql<SqlWord, Sqlite> for $word {
            fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                Self::from_word(value.read_text()).ok_or_else(|| concat!("not a ", stringify!($word)).into())
            }
        }
    )*};
}
word_columns!(
    domain::access::Role,
    domain::central_applications::CentralState,
    domain::conversation::AgreementStateName,
    domain::conversation::ConversationKind,
    domain::conversation::ConversationStateName,
    domain::conversation::GoalStateName,
    domain::conversation::QuestionStateName,
    domain::enrolment::AssignmentCause,
    domain::enrolment::EnrolmentStateName,
    domain::enrolment::HandoverStateName,
    domain::enrolment::SwitchStateName,
    domain::evidence::MediaType,
    domain::imports::ImportKind,
    domain::kernel::CareerCompetence,
    domain::kernel::PublicationStateName,
    domain::kernel::Route,
    domain::kernel::events::Subject,
    domain::leermeter::RaterKind,
    domain::lwp::AssignmentStateName,
    domain::organisation::Language,
    domain::orientation::ActivityKind,
    domain::orientation::ApplicationStateName,
    domain::orientation::RegistrationStateName,
    domain::portfolio::EntryArea,
    domain::portfolio::EntryKind,
    domain::portfolio::EntryVisibility,
    domain::portfolio::LinkKind,
    domain::portfolio::ShareRole,
    domain::start_programme::CloseOutcome,
    domain::start_programme::ProgrammeStateName,
);

/// A text as it was checked when it was written.
pub fn text<const MAX: usize>(stored: &str) -> Result<Text<MAX>, Trouble> {
    Text::parse(stored).ok_or_else(|| Trouble::Unreadable(format!("a text of at most {MAX} characters")))
}
