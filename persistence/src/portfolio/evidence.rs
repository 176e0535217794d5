//! Files with entries: what is known of them. What is in them is kept elsewhere, under their id.

use diesel::prelude::*;
use domain::access::{Guarded, Permit};
use domain::evidence::{Evidence, FileFacts, FileName, MediaType};
use domain::kernel::{EvidenceId, Instant, PortfolioEntryId, StudentId, Told};
use domain::portfolio::Entry;

use super::{entries, text};
use crate::columns::bind;
use crate::page::{Listed, Page};
use crate::relations::{self, OfEntry};
use crate::schema::{portfolio_entries as e, portfolio_evidence as f};
use crate::session::{Reading, Writing};
use crate::spelling::among;
use crate::trouble::Trouble;

/// A file, with the version of the entry that it is with.
#[derive(Clone, Debug)]
pub struct KeptFile {
    pub evidence: Evidence,
    pub entry_version: i64,
}

type Row = ((EvidenceId, StudentId, PortfolioEntryId, i64, Instant), (String, MediaType, i64, String, i64), Option<String>);

fn evidence(((id, student_id, entry_id, version, created_at), file, caption): Row) -> Result<Evidence, Trouble> {
    let (name, kind, size, sha256, crc32) = file;
    let name = FileName::parse(&name).ok_or_else(|| Trouble::Unreadable("a file name".to_owned()))?;
    let crc32 = u32::try_from(crc32).map_err(|_| Trouble::Unreadable("a sum".to_owned()))?;
    let file = FileFacts { name, kind, size, sha256, crc32 };
    let caption = caption.as_deref().map(text).transpose()?;
    Ok(Evidence { id, student_id, entry_id, file, caption, version, created_at })
}

macro_rules! file_columns {
    () => {
        (
            (f::id, f::student_id, f::entry_id, f::version, f::created_at),
            (f::file_name, f::media_type, f::size, f::sha256, f::crc32),
            f::caption,
        )
    };
}

/// A file that was not withdrawn, of an entry that was not: seen by who sees the entry, and nobody else (PF-4).
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, id: EvidenceId) -> Result<Option<Guarded<KeptFile>>, Trouble> {
    let mine = relations::of(reading, e::student_id, OfEntry(e::id, e::visibility));
    let found: Option<(Row, i64, Option<String>)> = reading.first(
        f::table
            .inner_join(e::table.on(e::student_id.eq(f::student_id).and(e::id.eq(f::entry_id))))
            .filter(f::id.eq(bind(id)))
            .filter(f::withdrawn_at.is_null())
            .filter(e::withdrawn_at.is_null())
            .select((file_columns!(), e::version, mine)),
    )?;
    let Some((row, entry_version, mine)) = found else { return Ok(None) };
    let kept = KeptFile { evidence: evidence(row)?, entry_version };
    Ok(Some(Guarded::new(kept, relations::read(mine))))
}

/// The files of an entry, the first first.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    entry: &Entry,
    page: &Page<EvidenceId>,
) -> Result<Listed<Evidence>, Trouble> {
    let such = f::table.filter(f::entry_id.eq(bind(entry.id))).filter(f::withdrawn_at.is_null());
    let total = reading.total(page, such)?;
    let rows: Vec<Row> = reading.load(
        such.filter(f::id.gt(bind(page.after.unwrap_or(EvidenceId::FIRST))))
            .order(f::id)
            .limit(page.rows_to_read())
            .select(file_columns!()),
    )?;
    Listed { rows, total }.try_map(evidence)
}

/// How many files an entry has.
///
/// # Errors
/// Only what the database ends in.
pub fn count(reading: &mut Reading<'_>, _permit: Permit, entry: &Entry) -> Result<i64, Trouble> {
    let such = f::table.filter(f::entry_id.eq(bind(entry.id))).filter(f::withdrawn_at.is_null());
    Ok(reading.first(such.count())?.unwrap_or(0))
}

/// Puts a file with an entry, as that is read now.
///
/// # Errors
/// [`Trouble::Overtaken`] where the entry changed meanwhile.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, entry: &Entry, new: &Told<Evidence>) -> Result<(), Trouble> {
    let (evidence, file) = (&new.thing, &new.thing.file);
    let mut pen = writing.tell(permit, new.event.clone());
    // Nobody puts a file with what was withdrawn a moment ago, nor one more than there may be.
    entries::hold(&mut pen, entry)?;
    pen.execute(diesel::insert_into(f::table).values((
        f::student_id.eq(bind(evidence.student_id)),
        f::id.eq(bind(evidence.id)),
        f::entry_id.eq(bind(evidence.entry_id)),
        f::file_name.eq(file.name.as_str()),
        f::media_type.eq(bind(file.kind)),
        f::size.eq(file.size),
        f::sha256.eq(&file.sha256),
        f::crc32.eq(i64::from(file.crc32)),
        f::caption.eq(evidence.caption.as_ref().map(domain::kernel::Text::as_str)),
        f::version.eq(evidence.version),
        f::created_at.eq(bind(evidence.created_at)),
    )))
    .map(drop)
}

/// A file that was taken back: its row stays until retention says otherwise, and nobody sees it.
///
/// # Errors
/// [`Trouble::Overtaken`] where it was taken back meanwhile.
pub fn withdraw(writing: &mut Writing<'_>, permit: Permit, after: &Told<Evidence>) -> Result<(), Trouble> {
    let now = writing.now();
    let before = f::table
        .filter(f::student_id.eq(bind(after.thing.student_id)))
        .filter(f::id.eq(bind(after.thing.id)))
        .filter(f::version.eq(after.thing.version - 1))
        .filter(f::withdrawn_at.is_null());
    let set = (f::withdrawn_at.eq(bind(Some(now))), f::version.eq(after.thing.version));
    writing.tell(permit, after.event.clone()).change_one(diesel::update(before).set(set))
}

/// Those of these files that someone can still come and fetch: for who clears away the others.
///
/// # Errors
/// Only what the database ends in.
pub fn fetchable(reading: &mut Reading<'_>, ids: &[EvidenceId]) -> Result<Vec<EvidenceId>, Trouble> {
    reading.load(
        f::table
            .inner_join(e::table.on(e::student_id.eq(f::student_id).and(e::id.eq(f::entry_id))))
            .filter(among(f::id, ids.to_vec()))
            .filter(f::withdrawn_at.is_null())
            .filter(e::withdrawn_at.is_null())
            .select(f::id),
    )
}
