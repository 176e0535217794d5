//! Work placements: where students train, and with whom.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::access::{Action, Guarded, Permit, Relation, Role};
use domain::kernel::{Instant, PersonId, PlacementId, Prose, StudentId, Told};
use domain::placement::{Ended, Placement, PlacementFacts};

use crate::access::Name;
use crate::columns::{bind, text};
use crate::page::{Listed, Page};
use crate::relations::{self, OnlyFor};
use crate::schema::{enrolments, people, placements};
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

/// A trainer is bound to the placement at which they train and to no other.
const CONFINED: OnlyFor<placements::id> = OnlyFor(Relation::WorkplaceTrainer, placements::id);

/// A placement, with who trains the student there.
#[derive(Clone, Debug)]
pub struct WithTrainer {
    pub placement: Placement,
    pub trainer: Name,
}

type Facts = (PlacementId, i64, StudentId, PersonId, String, NaiveDate, NaiveDate);
type End = (Option<Instant>, Option<String>);
type Row = (Facts, End, Name, Option<String>);

macro_rules! columns {
    () => {
        (
            (
                placements::id,
                placements::version,
                placements::student_id,
                placements::trainer_id,
                placements::learning_company,
                placements::starts_on,
                placements::ends_on,
            ),
            (placements::ended_at, placements::reason),
        )
    };
}

fn kept((facts, (ended_at, reason)): (Facts, End)) -> Result<Placement, Trouble> {
    let (id, version, student_id, trainer_id, learning_company, starts_on, ends_on) = facts;
    let (learning_company, reason) = (text(&learning_company)?, reason.as_deref().map(text).transpose()?);
    let ended = ended_at.map(|at| Ended { at, reason });
    Ok(Placement { id, version, student_id, trainer_id, learning_company, starts_on, ends_on, ended })
}

fn placement((facts, end, trainer, mine): Row) -> Result<Guarded<WithTrainer>, Trouble> {
    Ok(Guarded::new(WithTrainer { placement: kept((facts, end))?, trainer }, relations::read(mine)))
}

macro_rules! placements_with {
    ($reading:expr, $which:expr) => {{
        let mine = relations::of($reading, placements::student_id, CONFINED);
        let (facts, end) = columns!();
        placements::table
            .inner_join(people::table.on(people::id.eq(placements::trainer_id)))
            .filter($which)
            .order(placements::id)
            .select((facts, end, (people::id, people::given_name, people::family_name_prefix, people::family_name), mine))
    }};
}

/// A student's placements that the caller may see, in the order in which they were planned.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
    page: &Page<PlacementId>,
) -> Result<Listed<Guarded<WithTrainer>>, Trouble> {
    let may = relations::may(reading, Action::ReadPlacement, placements::student_id, CONFINED);
    let such = placements::student_id.eq(bind(student)).and(may);
    let total = reading.total(page, placements::table.filter(&such))?;
    let after = placements::id.gt(bind(page.after.unwrap_or(PlacementId::FIRST)));
    let rows: Vec<Row> = reading.load(placements_with!(reading, (&such).and(after)).limit(page.rows_to_read()))?;
    Listed { rows, total }.try_map(placement)
}

/// A placement, for whoever may see it.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, id: PlacementId) -> Result<Option<Guarded<WithTrainer>>, Trouble> {
    let found: Option<Row> = reading.first(placements_with!(reading, placements::id.eq(bind(id))))?;
    found.map(placement).transpose()
}

/// What is known around a placement of this student with this trainer.
///
/// # Errors
/// Only what the database ends in.
pub fn facts(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student_id: StudentId,
    trainer: PersonId,
) -> Result<PlacementFacts, Trouble> {
    let running: Option<StudentId> = reading.first(
        enrolments::table
            .filter(enrolments::student_id.eq(bind(student_id)))
            .filter(enrolments::ended_at.is_null())
            .select(enrolments::student_id),
    )?;
    let is_trainer = crate::people::roles_now(reading, trainer)?.iter().any(|held| held.role == Role::WorkplaceTrainer);
    Ok(PlacementFacts { student_id, enrolled: running.is_some(), is_trainer })
}

/// Is this a placement of this student that is not over? For who was permitted to assign something to the student.
///
/// # Errors
/// Only what the database ends in.
pub fn goes_on(reading: &mut Reading<'_>, _permit: Permit, student: StudentId, id: PlacementId) -> Result<bool, Trouble> {
    let now = reading.now();
    let found: Option<PlacementId> = reading.first(
        placements::table
            .filter(placements::id.eq(bind(id)))
            .filter(placements::student_id.eq(bind(student)))
            .filter(placements::until_at.gt(bind(now)))
            .select(placements::id),
    )?;
    Ok(found.is_some())
}

/// Those of a student that are not over, for who was permitted to end the student's stay.
///
/// # Errors
/// Only what the database ends in.
pub fn not_over(reading: &mut Reading<'_>, _permit: Permit, student: StudentId) -> Result<Vec<Placement>, Trouble> {
    let now = reading.now();
    let such = placements::student_id.eq(bind(student)).and(placements::until_at.gt(bind(now)));
    let rows: Vec<(Facts, End)> = reading.load(placements::table.filter(such).order(placements::id).select(columns!()))?;
    rows.into_iter().map(kept).collect()
}

/// Writes a new placement.
///
/// # Errors
/// Only what the database ends in.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, new: &Told<Placement>) -> Result<(), Trouble> {
    let now = writing.now();
    let placement = &new.thing;
    writing
        .tell(permit, new.event.clone())
        .execute(diesel::insert_into(placements::table).values((
            placements::id.eq(bind(placement.id)),
            placements::student_id.eq(bind(placement.student_id)),
            placements::trainer_id.eq(bind(placement.trainer_id)),
            placements::learning_company.eq(placement.learning_company.as_str()),
            placements::starts_on.eq(placement.starts_on),
            placements::ends_on.eq(placement.ends_on),
            placements::from_at.eq(bind(placement.from_at())),
            placements::until_at.eq(bind(placement.until_at())),
            placements::version.eq(placement.version),
            placements::created_at.eq(bind(now)),
        )))
        .map(drop)
}

/// Writes a placement that was decided on.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Placement>) -> Result<(), Trouble> {
    let placement = &changed.thing;
    let row = placements::table.find(bind(placement.id)).filter(placements::version.eq(placement.version - 1));
    writing.tell(permit, changed.event.clone()).change_one(diesel::update(row).set((
        placements::until_at.eq(bind(placement.until_at())),
        placements::ended_at.eq(bind(placement.ended.as_ref().map(|ended| ended.at))),
        placements::reason.eq(placement.ended.as_ref().and_then(|ended| ended.reason.as_ref()).map(Prose::as_str)),
        placements::version.eq(placement.version),
    )))
}
