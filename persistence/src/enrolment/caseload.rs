//! Whom a coach has, those first who ask for attention (EN-6).

use chrono::Days;
use diesel::dsl::{case_when, count_star};
use diesel::prelude::*;
use domain::access::{Action, Guarded};
use domain::enrolment::EnrolmentStateName;
use domain::kernel::time::date_at;
use domain::kernel::{EnrolmentId, HandoverId, PersonId, SwitchId, TeamId};
use domain::start_programme::ProgrammeStateName;

use crate::access::Name;
use crate::columns::bind;
use crate::page::{Listed, Page};
use crate::relations::{self, Anywhere};
use crate::schema::{coach_assignments, enrolments, handovers, people, start_programme_weeks, start_programmes, switches};
use crate::session::Reading;
use crate::spelling::given;
use crate::trouble::Trouble;

/// A student whom a coach has, and what of them asks for attention.
#[derive(Clone, Debug)]
pub struct Coached {
    pub enrolment_id: EnrolmentId,
    pub state: EnrolmentStateName,
    pub team_id: TeamId,
    pub crebo: String,
    pub student: Name,
    /// A handover that is unanswered.
    pub handover_id: Option<HandoverId>,
    /// A switch that is unanswered.
    pub switch_id: Option<SwitchId>,
    /// The student stated a motivation, and the coach has not confirmed it yet.
    pub awaits_confirmation: bool,
    /// Weeks of a running start programme that are past and not done.
    pub behind_by: i64,
    place: Place,
}

/// Where a student stands in the caseload: how urgent (0 first), then by name.
pub type Place = (i32, String, EnrolmentId);

impl Coached {
    pub fn place(&self) -> Place {
        self.place.clone()
    }
}

type Row = (
    (EnrolmentId, EnrolmentStateName, TeamId, String, Name),
    (Option<HandoverId>, Option<SwitchId>, Option<i64>, bool),
    (i32, String),
    Option<String>,
);

/// The caseload of a coach, as far as the caller may see it, in one statement: first whose coach or landscape is
/// about to change, then who waits for a confirmation, then who lags, then the others.
///
/// # Errors
/// Only what the database ends in.
pub fn list_caseload(
    reading: &mut Reading<'_>,
    coach: PersonId,
    page: &Page<Place>,
) -> Result<Listed<Guarded<Coached>>, Trouble> {
    let today = date_at(reading.now());
    let last_monday_past = today.checked_sub_days(Days::new(7)).unwrap_or(today);
    let mine = relations::of(reading, enrolments::student_id, Anywhere);
    let may = relations::may(reading, Action::ReadCaseload, enrolments::student_id, Anywhere);
    let (rank, name, id) = page.after.clone().unwrap_or_else(|| (-1, String::new(), EnrolmentId::FIRST));
    let behind = || {
        start_programmes::table
            .inner_join(start_programme_weeks::table.on(start_programme_weeks::programme_id.eq(start_programmes::id)))
            .filter(start_programmes::enrolment_id.eq(enrolments::id))
            .filter(
                start_programmes::state
                    .eq(bind(ProgrammeStateName::Running))
                    .or(start_programmes::state.eq(bind(ProgrammeStateName::Prolonged))),
            )
            .filter(start_programme_weeks::starts_on.le(last_monday_past))
            .filter(start_programme_weeks::done.eq(false))
            .select(count_star())
            .single_value()
    };
    let waits = || enrolments::state.eq(bind(EnrolmentStateName::Provisional)).and(enrolments::motivated_at.is_not_null());
    let urgency = || {
        case_when(
            handovers::id.nullable().is_not_null().or(switches::id.nullable().is_not_null()),
            0_i32.into_sql::<diesel::sql_types::Integer>(),
        )
        .when(waits(), 1_i32.into_sql::<diesel::sql_types::Integer>())
        .when(behind().gt(0_i64).assume_not_null(), 2_i32.into_sql::<diesel::sql_types::Integer>())
        .otherwise(3_i32.into_sql::<diesel::sql_types::Integer>())
    };
    let after_name = people::sort_name.gt(name.clone()).or(people::sort_name.eq(name).and(enrolments::id.gt(bind(id))));
    let such = coach_assignments::table
        .inner_join(enrolments::table.on(enrolments::coached_student_id.eq(coach_assignments::open_student_id)))
        .inner_join(people::table.on(people::id.eq(enrolments::student_id)))
        .left_join(handovers::table.on(handovers::open_student_id.eq(enrolments::coached_student_id)))
        .left_join(switches::table.on(switches::open_enrolment_id.eq(enrolments::id.nullable())))
        .filter(coach_assignments::coach_id.eq(bind(coach)))
        .filter(coach_assignments::until_at.is_null())
        .filter(may);
    let total = reading.total(page, &such)?;
    let rows: Vec<Row> = reading.load(
        such.filter(given(rank < 0).or(urgency().gt(rank)).or(urgency().eq(rank).and(after_name)))
            .order((urgency(), people::sort_name, enrolments::id))
            .limit(page.rows_to_read())
            .select((
                (
                    enrolments::id,
                    enrolments::state,
                    enrolments::team_id,
                    enrolments::crebo,
                    (people::id, people::given_name, people::family_name_prefix, people::family_name),
                ),
                (handovers::id.nullable(), switches::id.nullable(), behind(), waits()),
                (urgency(), people::sort_name),
                mine,
            )),
    )?;
    Ok(Listed { rows, total }.map(coached))
}

fn coached(((enrolment_id, state, team_id, crebo, student), asks, (rank, name), mine): Row) -> Guarded<Coached> {
    let (handover_id, switch_id, behind_by, awaits_confirmation) = asks;
    let place = (rank, name, enrolment_id);
    let behind_by = behind_by.unwrap_or(0);
    let coached =
        Coached { enrolment_id, state, team_id, crebo, student, handover_id, switch_id, awaits_confirmation, behind_by, place };
    Guarded::new(coached, relations::read(mine))
}
