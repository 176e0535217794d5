//! Who coached a student, and whom a coach has (EN-6).

use chrono::{DateTime, Utc};
use domain::access::{Action, Permit, Role, Sight};
use domain::enrolment::{AssignmentCause, EnrolmentStateName};
use domain::kernel::{CoachAssignmentId, EnrolmentId, HandoverId, KernelFault, PersonId, Prose, StudentId, SwitchId, TeamId};
use persistence::Listed;
use persistence::enrolment::caseload::{self, Coached};
use persistence::enrolment::coaching::{self, Link};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::PersonName;
use crate::http::{Answer, At, Caller, Everything, Include, List, Listing, Outcome, Problem};
use crate::including::{ForStudents, StudentIncluded, WithStudent};

/// The chain of a student's responsible coaches, oldest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoachChainView {
    /// How many different coaches the student has had: the fewer, the more continuity (EN-6).
    #[schema(minimum = 1)]
    number_of_coaches: usize,
    #[schema(max_items = 200)]
    items: Vec<CoachAssignmentView>,
    /// With `count=true`: how many there are on all pages, for this caller; null otherwise.
    #[schema(required = true, minimum = 0)]
    total: Option<i64>,
    /// The `cursor` of the next page; null on the last.
    #[schema(required = true, max_length = 1000)]
    next_cursor: Option<String>,
}

/// One coach's time: responsible from the first instant until just before the second.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoachAssignmentView {
    id: CoachAssignmentId,
    coach_id: PersonId,
    coach: PersonName,
    from: DateTime<Utc>,
    /// Null while responsible.
    #[schema(required = true)]
    until: Option<DateTime<Utc>>,
    /// How this coach came to be responsible.
    cause: AssignmentCause,
    /// What was said about it.
    #[schema(required = true)]
    reason: Option<Prose>,
}

impl From<Link> for CoachAssignmentView {
    fn from(Link { assignment, coach }: Link) -> Self {
        Self {
            id: assignment.id,
            coach_id: assignment.coach_id,
            coach: coach.into(),
            from: assignment.from_at,
            until: assignment.until_at,
            cause: assignment.cause,
            reason: assignment.reason,
        }
    }
}

pub async fn chain(caller: Caller, At(student): At<StudentId>, list: List<Everything>) -> Outcome<CoachChainView> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let found = coaching::list_links(reading, student, &page)?;
            if found.rows.is_empty() && page.after.is_none() {
                return Err(KernelFault::Absent.into());
            }
            let number_of_coaches = coaching::count_coaches(reading, student)?;
            let Listed { rows, total } = found;
            let links = rows.into_iter().map(|link| {
                let (link, permit) = link.permit(Action::ReadCoachChain)?;
                let view = CoachAssignmentView::from(link);
                // Who was coach when is for whoever teaches the student; why that changed is not.
                Ok(if permit.sight() == Sight::Full { view } else { CoachAssignmentView { reason: None, ..view } })
            });
            let mut items: Vec<CoachAssignmentView> = links.collect::<Result<_, persistence::Trouble>>()?;
            let shown = usize::try_from(page.limit).unwrap_or(usize::MAX);
            let more = items.len() > shown;
            items.truncate(shown);
            let next_cursor = items.last().filter(|_| more).map(|last| page.cursors.seal(&last.id)).transpose()?;
            Answer::ok(&CoachChainView { number_of_coaches, items, total, next_cursor })
        })
        .await
}

domain::words! {
    /// What of a student asks for the coach's attention.
    pub enum Asks {
        /// A handover is unanswered.
        Handover = "handover",
        /// A switch is unanswered.
        Switch = "switch",
        /// The student stated a motivation and waits for the enrolment to become definitive.
        Confirmation = "confirmation",
        /// The student lags in the start programme.
        StartProgramme = "startProgramme",
    }
}

/// A student whom a coach has.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseloadEntryView {
    student_id: StudentId,
    student: PersonName,
    enrolment_id: EnrolmentId,
    state: EnrolmentStateName,
    team_id: TeamId,
    #[schema(max_length = 5)]
    crebo: String,
    /// Empty where nothing does.
    #[schema(max_items = 4)]
    asks_for: Vec<Asks>,
    /// The handover that is unanswered.
    #[schema(required = true)]
    handover_id: Option<HandoverId>,
    /// The switch that is unanswered.
    #[schema(required = true)]
    switch_id: Option<SwitchId>,
    /// How many weeks of the start programme are past and not done.
    #[schema(minimum = 0, maximum = 30)]
    behind_by: i64,
    /// What `include` asks for; null where it asks for nothing.
    #[schema(required = true)]
    included: Option<StudentIncluded>,
}

impl From<Coached> for CaseloadEntryView {
    fn from(coached: Coached) -> Self {
        let asks = [
            (coached.handover_id.is_some(), Asks::Handover),
            (coached.switch_id.is_some(), Asks::Switch),
            (coached.awaits_confirmation, Asks::Confirmation),
            (coached.behind_by > 0, Asks::StartProgramme),
        ];
        Self {
            student_id: coached.student.id.student(),
            student: coached.student.into(),
            enrolment_id: coached.enrolment_id,
            state: coached.state,
            team_id: coached.team_id,
            crebo: coached.crebo,
            asks_for: asks.into_iter().filter(|(asked, _)| *asked).map(|(_, asks)| asks).collect(),
            handover_id: coached.handover_id,
            switch_id: coached.switch_id,
            behind_by: coached.behind_by,
            included: None,
        }
    }
}

pub async fn caseload(
    caller: Caller,
    At(coach): At<PersonId>,
    list: List<Everything>,
    include: Include<WithStudent>,
) -> Result<Listing<CaseloadEntryView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let found = caseload::list_caseload(reading, coach, &page)?;
            let own = reading.actor().person_id() == Some(coach) && reading.actor().has_role(Role::Coach);
            if found.rows.is_empty() && page.after.is_none() && !own {
                return Err(KernelFault::Absent.into());
            }
            let seen = found.try_map(|row| row.permit(Action::ReadCaseload))?;
            let ids = seen.rows.iter().map(|(coached, _)| coached.enrolment_id);
            let mut embedded = ForStudents::read(reading, &include, ids)?;
            let view = |(coached, _): (Coached, Permit)| {
                let included = embedded.of(Some(coached.enrolment_id));
                Ok(CaseloadEntryView { included, ..coached.into() })
            };
            Answer::page(seen, &page, |(coached, _)| coached.place(), view)
        })
        .await
}
