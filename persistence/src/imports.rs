//! What was imported, and what came of it.

use diesel::prelude::*;
use domain::access::Permit;
use domain::imports::{ImportKind, Tally};
use domain::kernel::{Event, ImportId, Instant, PersonId};
use serde::{Deserialize, Serialize};

use crate::columns::{Json, bind};
use crate::page::{Listed, Page};
use crate::schema::imports;
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

/// A report as it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: ImportId,
    pub kind: ImportKind,
    pub dry_run: bool,
    pub tally: Tally,
    pub refusals: Vec<KeptRefusal>,
    pub at: Instant,
}

/// A refusal as it is kept: its words are looked up by the code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptRefusal {
    pub line: u32,
    pub field: String,
    pub code: String,
}

/// Keeps a report.
///
/// # Errors
/// Only what the database ends in.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, new: &Kept, sha256: &str, event: Event) -> Result<(), Trouble> {
    let by: Option<PersonId> = writing.actor().person_id();
    let count = |rows: u32| i32::try_from(rows).unwrap_or(i32::MAX);
    let inserted = writing.tell(permit, event).execute(diesel::insert_into(imports::table).values((
        imports::id.eq(bind(new.id)),
        imports::kind.eq(bind(new.kind)),
        imports::dry_run.eq(new.dry_run),
        imports::sha256.eq(sha256),
        imports::taken.eq(count(new.tally.taken)),
        imports::unchanged.eq(count(new.tally.unchanged)),
        imports::refused.eq(count(new.tally.refused)),
        imports::report.eq(bind(Json(new.refusals.clone()))),
        imports::by_id.eq(bind(by)),
        imports::at.eq(bind(new.at)),
    )));
    inserted.map(drop)
}

type Row = (ImportId, ImportKind, bool, i32, i32, i32, Json<Vec<KeptRefusal>>, Instant);

const COLUMNS: (
    imports::id,
    imports::kind,
    imports::dry_run,
    imports::taken,
    imports::unchanged,
    imports::refused,
    imports::report,
    imports::at,
) = (
    imports::id,
    imports::kind,
    imports::dry_run,
    imports::taken,
    imports::unchanged,
    imports::refused,
    imports::report,
    imports::at,
);

fn kept((id, kind, dry_run, taken, unchanged, refused, Json(refusals), at): Row) -> Kept {
    let count = |rows: i32| u32::try_from(rows).unwrap_or(0);
    let tally = Tally { taken: count(taken), unchanged: count(unchanged), refused: count(refused) };
    Kept { id, kind, dry_run, tally, refusals, at }
}

/// One report.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, _permit: Permit, id: ImportId) -> Result<Option<Kept>, Trouble> {
    let found: Option<Row> = reading.first(imports::table.find(bind(id)).select(COLUMNS))?;
    Ok(found.map(kept))
}

/// Reports, newest first.
///
/// # Errors
/// Only what the database ends in.
pub fn list(reading: &mut Reading<'_>, _permit: Permit, page: &Page<ImportId>) -> Result<Listed<Kept>, Trouble> {
    let total = reading.total(page, imports::table.select(imports::id))?;
    let rows: Vec<Row> = reading.load(
        imports::table
            .filter(imports::id.lt(bind(page.after.unwrap_or(ImportId::from_uuid(uuid::Uuid::max())))))
            .order(imports::id.desc())
            .limit(page.rows_to_read())
            .select(COLUMNS),
    )?;
    Ok(Listed { rows, total }.map(kept))
}
