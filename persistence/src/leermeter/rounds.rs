//! Rounds: from when until when a student is rated, and on what.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::access::{Action, Guarded, Permit, Relation};
use domain::kernel::{FrameworkId, Instant, LandscapeId, PublicationStateName, RoundId, StudentId, TeamId, Told};
use domain::leermeter::{Competence, Round, RoundFacts, ScaleLevel};

use crate::access::Name;
use crate::columns::{Json, bind, text};
use crate::page::{Listed, Page};
use crate::relations::{self, OnlyFor};
use crate::schema::{
    competence_frameworks as frameworks, enrolments, leermeter_rounds as rounds, people, qualifications, round_ends as ends,
    students,
};
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

/// An invited rater is bound to the round to which they are invited and to no other.
const CONFINED: OnlyFor<rounds::id> = OnlyFor(Relation::InvitedRater, rounds::id);

/// A round, with whose it is and what is rated.
#[derive(Clone, Debug)]
pub struct KnownRound {
    pub round: Round,
    pub student: Name,
    pub scale: Vec<ScaleLevel>,
    pub competences: Vec<Competence>,
    pub own_view_first: bool,
}

impl KnownRound {
    /// Does the student see what others said of a competence only once they rated it themself (LM-3)? After its first end a round holds
    /// nothing back any more.
    pub fn holds_back(&self, now: Instant) -> bool {
        self.own_view_first && self.round.is_before_its_first_end(now)
    }
}

type Facts = (RoundId, i64, StudentId, TeamId, FrameworkId, String, Instant, NaiveDate, Option<Instant>);
/// Whether it was closed before, and whether the student is enrolled.
type Standing = (bool, bool);
type Of = (Json<Vec<ScaleLevel>>, Json<Vec<Competence>>, bool);
/// A round, its framework, and whose it is.
pub(super) type Whole = (Facts, Standing, Of, Name);

pub(super) fn known((facts, (was_closed, student_is_here), of, student): Whole) -> Result<KnownRound, Trouble> {
    let (id, version, student_id, team_id, framework_id, title, opened_at, closes_on, closed_at) = facts;
    let (Json(scale), Json(competences), own_view_first) = of;
    let title = text(&title)?;
    let round = Round {
        id,
        version,
        student_id,
        team_id,
        framework_id,
        title,
        opened_at,
        closes_on,
        closed_at,
        was_closed,
        student_is_here,
    };
    Ok(KnownRound { round, student, scale, competences, own_view_first })
}

/// Rounds, with their framework and whose they are.
macro_rules! whole_rounds {
    () => {
        rounds::table
            .inner_join(frameworks::table.on(frameworks::id.eq(rounds::framework_id)))
            .inner_join(people::table.on(people::id.eq(rounds::student_id)))
            .inner_join(students::table.on(students::id.eq(rounds::student_id)))
    };
}
pub(super) use whole_rounds;

/// The columns of a round, of its framework, and of whose it is.
macro_rules! round_columns {
    () => {
        (
            (
                rounds::id,
                rounds::version,
                rounds::student_id,
                rounds::team_id,
                rounds::framework_id,
                rounds::title,
                rounds::opened_at,
                rounds::closes_on,
                rounds::closed_at,
            ),
            (diesel::dsl::exists(ends::table.filter(ends::round_id.eq(rounds::id)).select(ends::round_id)), students::active),
            (frameworks::scale, frameworks::competences, frameworks::own_view_first),
            (people::id, people::given_name, people::family_name_prefix, people::family_name),
        )
    };
}
pub(super) use round_columns;

type Row = (Whole, Option<String>);

fn guarded((whole, mine): Row) -> Result<Guarded<KnownRound>, Trouble> {
    Ok(Guarded::new(known(whole)?, relations::read(mine)))
}

macro_rules! rounds_with {
    ($reading:expr, $which:expr) => {{
        let mine = relations::of($reading, rounds::student_id, CONFINED);
        whole_rounds!().filter($which).order(rounds::id).select((round_columns!(), mine))
    }};
}

/// A student's rounds that the caller may see, in the order in which they were opened.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
    page: &Page<RoundId>,
) -> Result<Listed<Guarded<KnownRound>>, Trouble> {
    let may = relations::may(reading, Action::ReadRound, rounds::student_id, CONFINED);
    let such = rounds::student_id.eq(bind(student)).and(may);
    let total = reading.total(page, rounds::table.filter(&such))?;
    let after = rounds::id.gt(bind(page.after.unwrap_or(RoundId::FIRST)));
    let rows: Vec<Row> = reading.load(rounds_with!(reading, (&such).and(after)).limit(page.rows_to_read()))?;
    Listed { rows, total }.try_map(guarded)
}

/// A round, for whoever may see it.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, id: RoundId) -> Result<Option<Guarded<KnownRound>>, Trouble> {
    let found: Option<Row> = reading.first(rounds_with!(reading, rounds::id.eq(bind(id))))?;
    found.map(guarded).transpose()
}

/// What is known around a round of this student by this framework: two statements.
///
/// # Errors
/// Only what the database ends in.
pub fn facts(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student_id: StudentId,
    framework: FrameworkId,
) -> Result<RoundFacts, Trouble> {
    type Here = (TeamId, LandscapeId, bool, Option<String>);
    let here: Option<Here> = reading.first(
        students::table
            .left_join(enrolments::table.on(enrolments::coached_student_id.eq(students::id.nullable())))
            .filter(students::id.eq(bind(student_id)))
            .select((students::team_id, students::landscape_id, students::active, enrolments::crebo.nullable())),
    )?;
    type Found = (PublicationStateName, LandscapeId, Option<String>);
    let found: Option<Found> = reading.first(
        frameworks::table
            .left_join(qualifications::table.on(qualifications::id.nullable().eq(frameworks::qualification_id)))
            .filter(frameworks::id.eq(bind(framework)))
            .select((frameworks::state, frameworks::landscape_id, qualifications::crebo.nullable())),
    )?;
    let fits = match (&here, &found) {
        (Some((_, landscape, _, crebo)), Some((_, of, of_crebo))) => landscape == of || (of_crebo.is_some() && crebo == of_crebo),
        _ => false,
    };
    let team_id = here.filter(|(_, _, active, _)| *active).map(|(team_id, ..)| team_id);
    Ok(RoundFacts { student_id, team_id, framework: found.map(|(state, ..)| state), fits })
}

/// Writes a new round.
///
/// # Errors
/// Only what the database ends in.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, new: &Told<Round>) -> Result<(), Trouble> {
    let round = &new.thing;
    writing
        .tell(permit, new.event.clone())
        .execute(diesel::insert_into(rounds::table).values((
            rounds::id.eq(bind(round.id)),
            rounds::student_id.eq(bind(round.student_id)),
            rounds::team_id.eq(bind(round.team_id)),
            rounds::framework_id.eq(bind(round.framework_id)),
            rounds::title.eq(round.title.as_str()),
            rounds::opened_at.eq(bind(round.opened_at)),
            rounds::closes_on.eq(round.closes_on),
            rounds::until_at.eq(bind(round.until_at())),
            rounds::closed_at.eq(bind(round.closed_at)),
            rounds::version.eq(round.version),
        )))
        .map(drop)
}

/// Writes a round that was decided on, and when it had ended where it is opened again.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update(
    writing: &mut Writing<'_>,
    permit: Permit,
    changed: &Told<Round>,
    had_ended: Option<Instant>,
) -> Result<(), Trouble> {
    let round = &changed.thing;
    let row = rounds::table.find(bind(round.id)).filter(rounds::version.eq(round.version - 1));
    let mut pen = writing.tell(permit, changed.event.clone());
    pen.change_one(diesel::update(row).set((
        rounds::closes_on.eq(round.closes_on),
        rounds::until_at.eq(bind(round.until_at())),
        rounds::closed_at.eq(bind(round.closed_at)),
        rounds::version.eq(round.version),
    )))?;
    let Some(ended_at) = had_ended else { return Ok(()) };
    let end = (ends::round_id.eq(bind(round.id)), ends::ended_at.eq(bind(ended_at)));
    // Of two ends at one moment one is enough.
    pen.execute(diesel::insert_into(ends::table).values(end).on_conflict_do_nothing()).map(drop)
}
