//! Answers kept for a day, so that a retry with the same key gets the answer instead of a second effect.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::query_dsl::methods;

use crate::columns::{Json, bind};
use crate::schema::idempotency_records as records;
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

/// How long a retry gets the first answer.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// An answer, and what it answered.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Of path, query and body: the same key for another request is a mistake.
    pub fingerprint: String,
    /// Sealed by who keeps it: it can not be read from here.
    pub answer: String,
}

/// The answer that `caller` got in the last day under the key with this name, which is not the key itself.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, caller: &str, key: &str) -> Result<Option<Kept>, Trouble> {
    let since = reading.now() - KEPT_FOR;
    let found: Option<(String, Json<String>)> = reading.first(
        records::table
            .filter(records::caller.eq(caller))
            .filter(records::key.eq(key))
            .filter(records::at.gt(bind(since)))
            .select((records::fingerprint, records::answer)),
    )?;
    Ok(found.map(|(fingerprint, Json(answer))| Kept { fingerprint, answer }))
}

/// Keeps the answer in the effect's own transaction, in place of one that is too old to be asked for. Of two such
/// transactions at once the second finds the key taken, is undone, and runs again to find the first one's answer.
///
/// # Errors
/// [`Trouble::Overtaken`] where the key was just taken.
pub fn keep(writing: &mut Writing<'_>, caller: &str, key: &str, kept: Kept) -> Result<(), Trouble> {
    let now = writing.now();
    let told = || {
        let answer = bind(Json(kept.answer.as_str()));
        (records::fingerprint.eq(&kept.fingerprint), records::answer.eq(answer), records::at.eq(bind(now)))
    };
    let new = diesel::insert_into(records::table)
        .values(((records::caller.eq(caller), records::key.eq(key)), told()))
        .on_conflict((records::caller, records::key))
        .do_update()
        .set(told());
    let inserted = writing.conn().execute(methods::FilterDsl::filter(new, records::at.le(bind(now - KEPT_FOR))))?;
    if inserted == 1 { Ok(()) } else { Err(Trouble::Overtaken) }
}

/// Deletes what is older than a retry can be; answers how many there were.
///
/// # Errors
/// Only what the database ends in.
pub fn forget(writing: &mut Writing<'_>) -> Result<usize, Trouble> {
    let expired = records::table.filter(records::at.le(bind(writing.now() - KEPT_FOR)));
    Ok(writing.conn().execute(diesel::delete(expired))?)
}
