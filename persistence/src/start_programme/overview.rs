//! Who is how far, at a glance (SP-3).

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use domain::access::{Action, Guarded, Relation};
use domain::kernel::time::date_at;
use domain::kernel::{EnrolmentId, Instant, LandscapeId, PersonId, ProgrammeId, TeamId};
use domain::start_programme::{CloseOutcome, ProgrammeStateName};

use super::week_number;
use crate::access::Name;
use crate::columns::bind;
use crate::page::{Listed, Page};
use crate::relations::{self, OnlyFor};
use crate::schema::{coach_assignments, enrolments, people, start_programme_weeks as weeks, start_programmes as programmes};
use crate::session::Reading;
use crate::spelling::{among, given};
use crate::trouble::Trouble;

/// A scout reads those that their application led to.
const CONFINED: OnlyFor<enrolments::application_id> = OnlyFor(Relation::Scout, enrolments::application_id);

/// Which programmes; what is absent does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct OverviewFilter {
    pub landscape_id: Option<LandscapeId>,
    /// The team of the enrolment.
    pub team_id: Option<TeamId>,
    /// The responsible coach now.
    pub coach_id: Option<PersonId>,
    pub state: Option<ProgrammeStateName>,
    /// Running or prolonged, and at least so many weeks past and not done.
    pub behind_at_least: Option<u8>,
}

/// How far one student is.
#[derive(Clone, Debug)]
pub struct ProgrammeProgress {
    pub id: ProgrammeId,
    pub version: i64,
    pub state: ProgrammeStateName,
    pub outcome: Option<CloseOutcome>,
    pub enrolment_id: EnrolmentId,
    pub landscape_id: LandscapeId,
    pub team_id: TeamId,
    pub student: Name,
    pub coach_id: Option<PersonId>,
    /// The week that it is, or was last; none before the first.
    pub week: Option<u8>,
    /// Weeks that are past and not done.
    pub behind_by: i64,
    pub last_reflected_at: Option<Instant>,
}

type ProgressRow = (
    (ProgrammeId, i64, ProgrammeStateName, Option<CloseOutcome>, EnrolmentId, LandscapeId, TeamId),
    Name,
    Option<PersonId>,
    (Option<i32>, Option<i64>, Option<Instant>),
    Option<String>,
);

fn progress((ids, student, coach_id, counted, mine): ProgressRow) -> Result<Guarded<ProgrammeProgress>, Trouble> {
    let (id, version, state, outcome, enrolment_id, landscape_id, team_id) = ids;
    let (week, behind_by, last_reflected_at) = counted;
    let progress = ProgrammeProgress {
        id,
        version,
        state,
        outcome,
        enrolment_id,
        landscape_id,
        team_id,
        student,
        coach_id,
        week: week.map(week_number).transpose()?,
        behind_by: behind_by.unwrap_or(0),
        last_reflected_at,
    };
    Ok(Guarded::new(progress, relations::read(mine)))
}

/// Programmes with student, enrolment and coach of now.
macro_rules! programme_rows {
    () => {
        programmes::table
            .inner_join(enrolments::table.on(enrolments::id.eq(programmes::enrolment_id)))
            .inner_join(people::table.on(people::id.eq(programmes::student_id)))
            .left_join(coach_assignments::table.on(coach_assignments::open_student_id.eq(programmes::student_id.nullable())))
    };
}

macro_rules! its_weeks {
    () => {
        weeks::table.filter(weeks::programme_id.eq(programmes::id))
    };
}

macro_rules! behind_by {
    ($today:expr) => {
        // A week is past when the Monday after it has come.
        its_weeks!()
            .filter(weeks::starts_on.le($today.checked_sub_days(Days::new(7)).unwrap_or(NaiveDate::MIN)))
            .filter(weeks::done.eq(false))
            .count()
            .single_value()
    };
}

macro_rules! progress_columns {
    ($today:expr, $mine:expr) => {{
        let week = its_weeks!().filter(weeks::starts_on.le($today)).order(weeks::week.desc()).select(weeks::week).single_value();
        let last_reflected_at = its_weeks!()
            .filter(weeks::reflected_at.is_not_null())
            .order(weeks::reflected_at.desc())
            .select(weeks::reflected_at)
            .single_value();
        (
            (
                programmes::id,
                programmes::version,
                programmes::state,
                programmes::outcome,
                programmes::enrolment_id,
                programmes::landscape_id,
                enrolments::team_id,
            ),
            (people::id, people::given_name, people::family_name_prefix, people::family_name),
            coach_assignments::coach_id.nullable(),
            (week, behind_by!($today), last_reflected_at),
            $mine,
        )
    }};
}

/// The programmes of these enrolments, of which there are at most [`crate::events::AT_ONCE`], for whoever may read each:
/// one statement.
///
/// # Errors
/// Only what the database ends in.
pub fn list_programmes_of_enrolments(
    reading: &mut Reading<'_>,
    ids: Vec<EnrolmentId>,
) -> Result<Vec<Guarded<ProgrammeProgress>>, Trouble> {
    let today = date_at(reading.now());
    let mine = relations::of(reading, programmes::student_id, CONFINED);
    let such = programme_rows!().filter(among(programmes::enrolment_id, ids));
    let rows: Vec<ProgressRow> = reading.load(such.select(progress_columns!(today, mine)))?;
    rows.into_iter().map(progress).collect()
}

/// The programmes that the caller may read, in the order in which they began: one statement.
///
/// # Errors
/// Only what the database ends in.
pub fn list_programmes(
    reading: &mut Reading<'_>,
    filter: OverviewFilter,
    page: &Page<ProgrammeId>,
) -> Result<Listed<Guarded<ProgrammeProgress>>, Trouble> {
    let OverviewFilter { landscape_id, team_id, coach_id, state, behind_at_least } = filter;
    let today = date_at(reading.now());
    let mine = relations::of(reading, programmes::student_id, CONFINED);
    let readable = relations::may(reading, Action::ReadProgramme, programmes::student_id, CONFINED);
    let is_open =
        programmes::state.eq(bind(ProgrammeStateName::Running)).or(programmes::state.eq(bind(ProgrammeStateName::Prolonged)));
    let behind = i64::from(behind_at_least.unwrap_or(0));
    let such = programme_rows!()
        .filter(readable)
        .filter(given(landscape_id.is_none()).or(programmes::landscape_id.eq(bind(landscape_id.unwrap_or(LandscapeId::FIRST)))))
        .filter(given(team_id.is_none()).or(enrolments::team_id.eq(bind(team_id.unwrap_or(TeamId::FIRST)))))
        .filter(given(coach_id.is_none()).or(coach_assignments::coach_id.nullable().eq(bind(coach_id)).assume_not_null()))
        .filter(given(state.is_none()).or(programmes::state.eq(bind(state.unwrap_or(ProgrammeStateName::Running)))))
        .filter(given(behind_at_least.is_none()).or(is_open.and(behind_by!(today).ge(behind).assume_not_null())));
    let total = reading.total(page, &such)?;
    let rows: Vec<ProgressRow> = reading.load(
        such.filter(programmes::id.gt(bind(page.after.unwrap_or(ProgrammeId::FIRST))))
            .order(programmes::id)
            .limit(page.rows_to_read())
            .select(progress_columns!(today, mine)),
    )?;
    Listed { rows, total }.try_map(progress)
}
