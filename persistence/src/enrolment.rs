//! Enrolments, the chain of responsible coaches, handovers and switches (EN-1 to EN-6).
//!
//! - [`coaching`]: the links of the chain, and handing over along it.
//! - [`switches`]: requests to go on in another landscape.
//! - [`stay`]: what is written together, because a stay begins, goes on and ends at one moment.
//! - [`caseload`]: whom a coach has, and what asks for attention.

pub mod caseload;
pub mod coaching;
pub mod stay;
pub mod switches;

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::access::{Action, Guarded, Permit, Relation};
use domain::enrolment::{Enrolment, EnrolmentParts, EnrolmentStateName, Leaving, StatedMotivation};
use domain::kernel::{Crebo, EnrolmentId, Instant, LandscapeId, Route, StudentId, SwitchId, TeamId, Text, Told};

use crate::access::Name;
use crate::columns::{bind, text};
use crate::page::{Listed, Page};
use crate::relations::{self, OnlyFor};
use crate::schema::{coach_assignments, dossiers, enrolments, people, qualifications, switches as switch_rows};
use crate::session::{Pen, Reading, Writing};
use crate::spelling::{among, given};
use crate::trouble::Trouble;

/// An enrolment, with the people in it.
#[derive(Clone, Debug)]
pub struct Enrolled {
    pub enrolment: Enrolment,
    pub student: Name,
    /// None where it is unknown.
    pub birth_date: Option<NaiveDate>,
    /// Who is responsible now; none once the stay is over.
    pub coach: Option<Name>,
    /// What its crebo stands for, after the newest edition that was imported; none where no dossier has it.
    pub qualification: Option<String>,
}

/// Which enrolments.
#[derive(Clone, Copy, Debug, Default)]
pub struct EnrolmentFilter {
    pub state: Option<EnrolmentStateName>,
    pub landscape_id: Option<LandscapeId>,
    pub team_id: Option<TeamId>,
}

#[derive(Queryable)]
struct Row {
    id: EnrolmentId,
    version: i64,
    student_id: StudentId,
    stay_id: EnrolmentId,
    previous_id: Option<EnrolmentId>,
    landscape_id: LandscapeId,
    team_id: TeamId,
    crebo: String,
    route: Route,
    starts_on: NaiveDate,
    motivation: (Option<String>, Option<Instant>),
    open_switch_id: Option<SwitchId>,
    state: EnrolmentStateName,
    confirmed_at: Option<Instant>,
    ended_at: Option<Instant>,
    graduated_on: Option<NaiveDate>,
    next_id: Option<EnrolmentId>,
    leaving: (Option<NaiveDate>, Option<String>, Option<String>, Option<bool>, Option<bool>),
    student: Name,
    birth_date: Option<NaiveDate>,
    coach: Option<Name>,
    qualification: Option<String>,
}

/// Enrolments with student, coach and open switch; `$coaches` is an alias of `people`.
macro_rules! enrolment_rows {
    ($coaches:ident) => {
        enrolments::table
            .inner_join(people::table.on(people::id.eq(enrolments::student_id)))
            .left_join(coach_assignments::table.on(coach_assignments::open_student_id.eq(enrolments::coached_student_id)))
            .left_join($coaches.on($coaches.field(people::id).nullable().eq(coach_assignments::coach_id.nullable())))
            .left_join(switch_rows::table.on(switch_rows::open_enrolment_id.eq(enrolments::id.nullable())))
    };
}

macro_rules! enrolment_columns {
    ($coaches:ident) => {
        (
            enrolments::id,
            enrolments::version,
            enrolments::student_id,
            enrolments::stay_id,
            enrolments::previous_id,
            enrolments::landscape_id,
            enrolments::team_id,
            enrolments::crebo,
            enrolments::route,
            enrolments::starts_on,
            (enrolments::motivation, enrolments::motivated_at),
            switch_rows::id.nullable(),
            enrolments::state,
            enrolments::confirmed_at,
            enrolments::ended_at,
            enrolments::graduated_on,
            enrolments::next_id,
            (
                enrolments::left_on,
                enrolments::leaving_reason,
                enrolments::destination,
                enrolments::basic_qualification,
                enrolments::further_education,
            ),
            (people::id, people::given_name, people::family_name_prefix, people::family_name),
            people::birth_date,
            $coaches.fields((people::id, people::given_name, people::family_name_prefix, people::family_name)).nullable(),
            // One crebo can stand in several editions, and in two dossiers.
            qualifications::table
                .inner_join(dossiers::table.on(dossiers::id.eq(qualifications::dossier_id)))
                .filter(qualifications::crebo.eq(enrolments::crebo))
                .order((dossiers::edition.desc(), dossiers::number.desc()))
                .select(qualifications::title)
                .single_value(),
        )
    };
}

/// An enrolment, for whoever may see it.
///
/// # Errors
/// Only what the database ends in.
pub fn find_enrolment(reading: &mut Reading<'_>, id: EnrolmentId) -> Result<Option<Guarded<Enrolled>>, Trouble> {
    let coaches = diesel::alias!(people as coaches);
    let mine = relations::of(reading, enrolments::student_id, OnlyFor(Relation::Scout, enrolments::application_id));
    let rows = enrolment_rows!(coaches).filter(enrolments::id.eq(bind(id))).select((enrolment_columns!(coaches), mine));
    reading.first(rows)?.map(guarded).transpose()
}

/// The newest enrolment of a student, for whoever may see it.
///
/// # Errors
/// Only what the database ends in.
pub fn find_newest_enrolment(reading: &mut Reading<'_>, student: StudentId) -> Result<Option<Guarded<Enrolled>>, Trouble> {
    let coaches = diesel::alias!(people as coaches);
    let mine = relations::of(reading, enrolments::student_id, OnlyFor(Relation::Scout, enrolments::application_id));
    let rows = enrolment_rows!(coaches)
        .filter(enrolments::student_id.eq(bind(student)))
        .order(enrolments::id.desc())
        .limit(1)
        .select((enrolment_columns!(coaches), mine));
    reading.first(rows)?.map(guarded).transpose()
}

/// An enrolment as a decision on something else needs it, under the permit of that decision.
///
/// # Errors
/// Only what the database ends in.
pub fn enrolment(reading: &mut Reading<'_>, _permit: Permit, id: EnrolmentId) -> Result<Option<Enrolment>, Trouble> {
    let coaches = diesel::alias!(people as coaches);
    let rows = enrolment_rows!(coaches).filter(enrolments::id.eq(bind(id))).select(enrolment_columns!(coaches));
    Ok(reading.first(rows)?.map(enrolled).transpose()?.map(|enrolled| enrolled.enrolment))
}

/// The enrolments that the caller may see, oldest first.
///
/// # Errors
/// Only what the database ends in.
pub fn list_enrolments(
    reading: &mut Reading<'_>,
    filter: EnrolmentFilter,
    page: &Page<EnrolmentId>,
) -> Result<Listed<Guarded<Enrolled>>, Trouble> {
    let coaches = diesel::alias!(people as coaches);
    let EnrolmentFilter { state, landscape_id, team_id } = filter;
    let scope = OnlyFor(Relation::Scout, enrolments::application_id);
    let mine = relations::of(reading, enrolments::student_id, scope);
    let may = relations::may(reading, Action::ReadEnrolment, enrolments::student_id, scope);
    let in_state = given(state.is_none()).or(enrolments::state.eq(bind(state.unwrap_or(EnrolmentStateName::Provisional))));
    let in_landscape =
        given(landscape_id.is_none()).or(enrolments::landscape_id.eq(bind(landscape_id.unwrap_or(LandscapeId::FIRST))));
    let in_team = given(team_id.is_none()).or(enrolments::team_id.eq(bind(team_id.unwrap_or(TeamId::FIRST))));
    let such = enrolment_rows!(coaches).filter(in_state).filter(in_landscape).filter(in_team).filter(may);
    let total = reading.total(page, &such)?;
    let rows = such
        .filter(enrolments::id.gt(bind(page.after.unwrap_or(EnrolmentId::FIRST))))
        .order(enrolments::id)
        .limit(page.rows_to_read())
        .select((enrolment_columns!(coaches), mine));
    Listed { rows: reading.load(rows)?, total }.try_map(guarded)
}

/// The enrolments with these ids, of which there are at most [`crate::events::AT_ONCE`], for whoever may see each.
///
/// # Errors
/// Only what the database ends in.
pub fn list_enrolments_by_id(reading: &mut Reading<'_>, ids: Vec<EnrolmentId>) -> Result<Vec<Guarded<Enrolled>>, Trouble> {
    let coaches = diesel::alias!(people as coaches);
    let mine = relations::of(reading, enrolments::student_id, OnlyFor(Relation::Scout, enrolments::application_id));
    let rows = enrolment_rows!(coaches).filter(among(enrolments::id, ids)).select((enrolment_columns!(coaches), mine));
    reading.load(rows)?.into_iter().map(guarded).collect()
}

fn guarded((row, mine): (Row, Option<String>)) -> Result<Guarded<Enrolled>, Trouble> {
    Ok(Guarded::new(enrolled(row)?, relations::read(mine)))
}

fn enrolled(row: Row) -> Result<Enrolled, Trouble> {
    let leaving = match row.leaving {
        (Some(left_on), Some(reason), destination, basic_qualification, Some(further_education)) => {
            let (reason, destination) = (text(&reason)?, destination.as_deref().map(text).transpose()?);
            Some(Leaving { left_on, reason, destination, basic_qualification, further_education })
        }
        _ => None,
    };
    let motivation = match row.motivation {
        (Some(motivation), Some(stated_at)) => Some(StatedMotivation { text: text(&motivation)?, stated_at }),
        _ => None,
    };
    let parts = EnrolmentParts {
        state: row.state,
        confirmed_at: row.confirmed_at,
        ended_at: row.ended_at,
        graduated_on: row.graduated_on,
        next_id: row.next_id,
        leaving,
    };
    let enrolment = Enrolment {
        id: row.id,
        version: row.version,
        student_id: row.student_id,
        stay_id: row.stay_id,
        previous_id: row.previous_id,
        landscape_id: row.landscape_id,
        team_id: row.team_id,
        crebo: Crebo::parse(&row.crebo).ok_or_else(|| unreadable("crebo"))?,
        route: row.route,
        starts_on: row.starts_on,
        motivation,
        open_switch_id: row.open_switch_id,
        state: parts.state().ok_or_else(|| unreadable("enrolment state"))?,
    };
    let Row { student, birth_date, coach, qualification, .. } = row;
    Ok(Enrolled { enrolment, student, birth_date, coach, qualification })
}

fn unreadable(what: &str) -> Trouble {
    Trouble::Unreadable(what.to_owned())
}

/// Writes an enrolment that changed by itself, its chain and its student staying as they are.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_enrolment(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Enrolment>) -> Result<(), Trouble> {
    write_change(&mut writing.tell(permit, changed.event.clone()), &changed.thing)
}

fn write_change(pen: &mut Pen<'_, '_>, changed: &Enrolment) -> Result<(), Trouble> {
    let EnrolmentParts { state, confirmed_at, ended_at, graduated_on, next_id, leaving } = changed.state.parts();
    let leaving = leaving.as_ref();
    let motivation = changed.motivation.as_ref();
    let coached = changed.state.is_open().then_some(changed.student_id);
    let before = enrolments::table.find(bind(changed.id)).filter(enrolments::version.eq(changed.version - 1));
    pen.change_one(diesel::update(before).set((
        enrolments::version.eq(changed.version),
        enrolments::state.eq(bind(state)),
        enrolments::motivation.eq(motivation.map(|motivation| motivation.text.as_str())),
        enrolments::motivated_at.eq(bind(motivation.map(|motivation| motivation.stated_at))),
        enrolments::confirmed_at.eq(bind(confirmed_at)),
        enrolments::ended_at.eq(bind(ended_at)),
        enrolments::graduated_on.eq(graduated_on),
        enrolments::next_id.eq(bind(next_id)),
        enrolments::left_on.eq(leaving.map(|leaving| leaving.left_on)),
        enrolments::leaving_reason.eq(leaving.map(|leaving| leaving.reason.as_str())),
        enrolments::destination.eq(leaving.and_then(|leaving| leaving.destination.as_ref()).map(Text::as_str)),
        enrolments::basic_qualification.eq(leaving.and_then(|leaving| leaving.basic_qualification)),
        enrolments::further_education.eq(leaving.map(|leaving| leaving.further_education)),
        enrolments::coached_student_id.eq(bind(coached)),
    )))
}
