//! The coach's and the team's overview: who is how far, and who lags (SP-3).

use chrono::{DateTime, Utc};
use domain::access::{Action, Guarded, Seen, Sight};
use domain::kernel::{EnrolmentId, LandscapeId, PersonId, ProgrammeId, StudentId, TeamId};
use domain::start_programme::{CloseOutcome, ProgrammeStateName};
use persistence::start_programme::{self as rows, ProgrammeProgress};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonName;
use crate::http::{Answer, Caller, List, Listing, OpenDecisions, Problem};

/// How far one student is. Who sees only how it ended gets null for what tells how far it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StartProgrammeProgressView {
    id: ProgrammeId,
    state: ProgrammeStateName,
    version: i64,
    open_decisions: OpenDecisions,
    enrolment_id: EnrolmentId,
    student_id: StudentId,
    student: PersonName,
    landscape_id: LandscapeId,
    team_id: TeamId,
    /// The student's responsible coach now; null where the student has left.
    #[schema(required = true)]
    coach_id: Option<PersonId>,
    /// The week that it is; null before the first, and once the programme is over.
    #[schema(required = true, minimum = 1, maximum = 20)]
    week: Option<u8>,
    /// How many weeks are past and not done; null once the programme is over.
    #[schema(required = true, minimum = 0, maximum = 20)]
    behind_by: Option<i64>,
    /// When the student last wrote a reflection.
    #[schema(required = true)]
    last_reflection_at: Option<DateTime<Utc>>,
    /// What was decided last; null where nothing was, and where a switch stopped the programme.
    #[schema(required = true)]
    outcome: Option<CloseOutcome>,
}

impl From<Seen<ProgrammeProgress>> for StartProgrammeProgressView {
    fn from(seen: Seen<ProgrammeProgress>) -> Self {
        let (state, progress) = (seen.thing.state, seen.sight() >= Sight::Progress);
        let open_decisions = OpenDecisions(seen.open(state.open_actions()));
        let counts = progress && state.is_open();
        let of = seen.thing;
        Self {
            id: of.id,
            state,
            version: of.version,
            open_decisions,
            enrolment_id: of.enrolment_id,
            student_id: of.student.id.student(),
            student: of.student.into(),
            landscape_id: of.landscape_id,
            team_id: of.team_id,
            coach_id: of.coach_id.filter(|_| progress),
            week: of.week.filter(|_| counts),
            behind_by: Some(of.behind_by).filter(|_| counts),
            last_reflection_at: of.last_reflected_at.filter(|_| progress),
            outcome: of.outcome.or((state == ProgrammeStateName::Prolonged).then_some(CloseOutcome::Prolong)),
        }
    }
}

/// Which programmes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartProgrammeFilter {
    /// Of this landscape.
    #[serde(default)]
    landscape_id: Option<LandscapeId>,
    /// Of enrolments in this team.
    #[serde(default)]
    team_id: Option<TeamId>,
    /// Of students whose responsible coach this is now.
    #[serde(default)]
    coach_id: Option<PersonId>,
    /// In this state.
    #[serde(default)]
    state: Option<ProgrammeStateName>,
    /// Not over, and with at least so many weeks past and not done.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 20)]
    behind_at_least: Option<u8>,
}

pub async fn list(caller: Caller, list: List<StartProgrammeFilter>) -> Result<Listing<StartProgrammeProgressView>, Problem> {
    let page = list.page()?;
    let StartProgrammeFilter { landscape_id, team_id, coach_id, state, behind_at_least } = list.filter;
    let filter = rows::OverviewFilter { landscape_id, team_id, coach_id, state, behind_at_least };
    caller
        .read(move |reading| {
            let read = |found: Guarded<ProgrammeProgress>| found.read(Action::ReadProgramme);
            let seen = rows::list_programmes(reading, filter, &page)?.try_map(read)?;
            Answer::page(seen, &page, |seen| seen.thing.id, |seen| Ok(seen.into()))
        })
        .await
}
