//! LWPs of students (CU-4): assigning, tailoring, working on them, and what comes of it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Permit, Seen, Sight};
use domain::kernel::{
    CareerCompetence, KernelFault, LearningQuestionId, Line, LwpAssignmentId, LwpId, PlacementId, PortfolioEntryId, ProgrammeId,
    Prose, RequirementId, StudentId, Text, WorkProcessId,
};
use domain::lwp::{
    Assignment, AssignmentDecision, AssignmentFacts, AssignmentPatch, AssignmentStateName, NewAssignment, NewAssignmentFacts,
    ProgrammeWeek, Round,
};
use domain::start_programme::DueLwp;
use persistence::lwps::{self as rows, Assigned, AssignmentFilter, ReadableEntry};
use persistence::placements;
use persistence::{Page, Reading, Trouble, Writing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::LearningActivityView;
use crate::access::PersonName;
use crate::http::{Answer, At, Body, Caller, IfMatch, List, Listing, OpenDecisions, Outcome, Problem};
use crate::start_programme::Begun;
use crate::{conversations, reactions};

/// An LWP of one student. Who sees only how far it is gets the title that the LWP itself has, and no other texts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LwpAssignmentView {
    id: LwpAssignmentId,
    pub state: AssignmentStateName,
    version: i64,
    open_decisions: OpenDecisions,
    student_id: StudentId,
    student: PersonName,
    lwp_id: LwpId,
    pub title: Line,
    /// Null for who sees no texts; so is `product`, and `criteria` and `learningActivities` are empty.
    #[schema(required = true)]
    pub situation: Option<Prose>,
    #[schema(required = true)]
    pub product: Option<Prose>,
    #[schema(max_items = 20)]
    pub criteria: Vec<Text<1000>>,
    #[schema(max_items = 30)]
    learning_activities: Vec<LearningActivityView>,
    #[schema(max_items = 50)]
    work_process_ids: Vec<WorkProcessId>,
    #[schema(max_items = 50)]
    requirement_ids: Vec<RequirementId>,
    #[schema(max_items = 5)]
    career_competences: Vec<CareerCompetence>,
    /// Something is otherwise than in the LWP itself (op maat).
    tailored: bool,
    /// The start programme that brought it; null where it was assigned by hand.
    #[schema(required = true)]
    start_programme_id: Option<ProgrammeId>,
    /// The week of that programme.
    #[schema(required = true, minimum = 1, maximum = 20)]
    week: Option<u8>,
    /// The placement at which it is done; null where it is not done at one.
    #[schema(required = true)]
    placement_id: Option<PlacementId>,
    /// The learning question of the student that it works on; null where there is none, and for who may not see it.
    #[schema(required = true)]
    learning_question_id: Option<LearningQuestionId>,
    /// The last day on which to hand it in.
    pub due_on: NaiveDate,
    #[schema(required = true)]
    started_at: Option<DateTime<Utc>>,
    /// When it was last handed in.
    #[schema(required = true)]
    submitted_at: Option<DateTime<Utc>>,
    #[schema(required = true)]
    completed_at: Option<DateTime<Utc>>,
    /// The evidence that was last handed in: those entries of the portfolio that this caller may read.
    #[schema(max_items = 20)]
    entry_ids: Vec<PortfolioEntryId>,
    /// Those of `entryIds` that are `private`, so that nobody but their owner, who alone is told, sees them: who hands something in
    /// for others to see shares it.
    #[schema(max_items = 20)]
    private_entry_ids: Vec<PortfolioEntryId>,
    /// Each time that it was handed in, in order; empty for who sees no texts.
    #[schema(max_items = 50)]
    pub rounds: Vec<LwpRoundView>,
}

/// One time that it was handed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LwpRoundView {
    pub submitted_at: DateTime<Utc>,
    /// The evidence: those entries of the portfolio that this caller may read.
    #[schema(max_items = 20)]
    pub entry_ids: Vec<PortfolioEntryId>,
    /// Null as long as it waits for it.
    #[schema(required = true)]
    pub feedback: Option<LwpFeedbackView>,
}

/// What was said of what was handed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LwpFeedbackView {
    pub text: Prose,
    /// Who said it.
    #[schema(required = true)]
    pub by: Option<PersonName>,
    pub given_at: DateTime<Utc>,
}

impl LwpAssignmentView {
    /// As this caller sees it, who may read these entries of those that are its evidence.
    fn of(seen: Seen<Assigned>, readable: &[ReadableEntry]) -> Self {
        let whole = seen.sight() >= Sight::Full;
        let open_decisions = OpenDecisions(seen.open(seen.thing.assignment.open_actions()));
        let sees_questions = seen.may(Action::ReadGoal);
        let Assigned { assignment, lwp, student, people, learning_question_id } = seen.thing;
        let Assignment { id, version, student_id, lwp_id, week, placement_id, due_on, tailoring, state, rounds } = assignment;
        let tailored = tailoring.is_any();
        let among = |ids: &[PortfolioEntryId], such: fn(&ReadableEntry) -> bool| {
            let is_such = |id: &&PortfolioEntryId| readable.iter().any(|entry| entry.id == **id && such(entry));
            ids.iter().filter(is_such).copied().collect::<Vec<_>>()
        };
        let shown = |round: &Round| among(&round.entry_ids, |_| true);
        let submitted_at = rounds.last().map(|round| round.submitted_at);
        let entry_ids = rounds.last().filter(|_| whole).map(shown).unwrap_or_default();
        let private_entry_ids = among(&entry_ids, |entry| entry.private);
        let round = |round: Round| LwpRoundView {
            submitted_at: round.submitted_at,
            entry_ids: shown(&round),
            feedback: round.feedback.map(|feedback| LwpFeedbackView {
                text: feedback.text,
                by: people.iter().find(|person| person.id == feedback.by).cloned().map(PersonName::from),
                given_at: feedback.given_at,
            }),
        };
        Self {
            id,
            state: state.name(),
            version,
            open_decisions,
            student_id,
            student: student.into(),
            lwp_id,
            title: tailoring.title.filter(|_| whole).unwrap_or(lwp.title),
            situation: whole.then(|| tailoring.situation.unwrap_or(lwp.situation)),
            product: whole.then(|| tailoring.product.unwrap_or(lwp.product)),
            criteria: if whole { tailoring.criteria.unwrap_or(lwp.criteria) } else { Vec::new() },
            learning_activities: lwp.learning_activities.into_iter().filter(|_| whole).map(LearningActivityView::from).collect(),
            work_process_ids: lwp.work_process_ids,
            requirement_ids: lwp.requirement_ids,
            career_competences: lwp.career_competences,
            tailored,
            start_programme_id: week.map(|week| week.programme_id),
            week: week.map(|week| week.week),
            placement_id,
            learning_question_id: learning_question_id.filter(|_| sees_questions),
            due_on,
            started_at: state.started_at(),
            submitted_at,
            completed_at: state.completed_at(),
            entry_ids,
            private_entry_ids,
            rounds: rounds.into_iter().filter(|_| whole).map(round).collect(),
        }
    }
}

/// The entries that are evidence in these, as far as the caller may read them.
fn readable<'a>(
    reading: &mut Reading<'_>,
    seen: impl Iterator<Item = &'a Seen<Assigned>>,
) -> Result<Vec<ReadableEntry>, Trouble> {
    let rounds = seen.filter(|seen| seen.sight() >= Sight::Full).flat_map(|seen| &seen.thing.assignment.rounds);
    let ids: Vec<_> = rounds.flat_map(|round| round.entry_ids.iter().copied()).collect();
    rows::readable_entries(reading, ids)
}

fn answer(reading: &mut Reading<'_>, seen: Seen<Assigned>) -> Result<Answer<LwpAssignmentView>, Trouble> {
    let readable = readable(reading, std::iter::once(&seen))?;
    let version = seen.thing.assignment.version;
    Answer::at_version(&LwpAssignmentView::of(seen, &readable), version)
}

/// Which assignments.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhichAssignments {
    #[serde(default)]
    student_id: Option<StudentId>,
    #[serde(default)]
    lwp_id: Option<LwpId>,
    /// Brought by this start programme.
    #[serde(default)]
    start_programme_id: Option<ProgrammeId>,
    #[serde(default)]
    state: Option<AssignmentStateName>,
    /// Of whose LWP covers this work process.
    #[serde(default)]
    work_process: Option<WorkProcessId>,
    /// To be handed in on this day or before.
    #[serde(default)]
    due_until: Option<NaiveDate>,
}

pub async fn list(caller: Caller, list: List<WhichAssignments>) -> Result<Listing<LwpAssignmentView>, Problem> {
    let page = list.page()?;
    let WhichAssignments { student_id, lwp_id, start_programme_id, state, work_process, due_until } = list.filter;
    let filter = AssignmentFilter { student_id, lwp_id, programme_id: start_programme_id, state, work_process, due_until };
    caller
        .read(move |reading| {
            let found = rows::list_assignments(reading, filter, &page)?;
            let seen = found.try_map(|row| row.read(Action::ReadLwpAssignment))?;
            let readable = readable(reading, seen.rows.iter())?;
            let view = |seen| Ok(LwpAssignmentView::of(seen, &readable));
            Answer::page(seen, &page, |seen| seen.thing.assignment.id, view)
        })
        .await
}

fn assignment(reading: &mut Reading<'_>, id: LwpAssignmentId) -> Result<Seen<Assigned>, Trouble> {
    Ok(rows::find_assignment(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadLwpAssignment)?)
}

pub async fn get_one(caller: Caller, At(id): At<LwpAssignmentId>) -> Outcome<LwpAssignmentView> {
    caller
        .read(move |reading| {
            let seen = assignment(reading, id)?;
            answer(reading, seen)
        })
        .await
}

pub async fn create(caller: Caller, Body(new): Body<NewAssignment>) -> Outcome<LwpAssignmentView> {
    caller
        .change(move |writing| {
            let student = rows::student_to_assign_to(writing, new.student_id)?.ok_or(KernelFault::Absent)?;
            let (_, permit) = student.permit(Action::AssignLwp)?;
            let at_placement = match new.placement_id {
                Some(placement) => placements::goes_on(writing, permit, new.student_id, placement)?,
                None => false,
            };
            let question = match new.learning_question_id {
                Some(question) => conversations::question_to_work_on(writing, question, new.student_id)?,
                None => None,
            };
            let lwp = rows::find_lwp(writing, new.lwp_id)?;
            let facts = NewAssignmentFacts { lwp, at_placement, is_question_open: question.is_some() };
            let assigned = Assignment::assign(LwpAssignmentId::in_order(), &new, &facts, writing.now())?;
            let id = assigned.thing.id;
            rows::insert_assignments(writing, permit, &[assigned])?;
            if let Some(question) = &question {
                reactions::lwp_works_on(writing, question, id)?;
            }
            let seen = assignment(writing, id)?;
            let version = seen.thing.assignment.version;
            Answer::created(&format!("/lwp-assignments/{id}"), &LwpAssignmentView::of(seen, &[]), version)
        })
        .await
}

pub async fn tailor(
    caller: Caller,
    At(id): At<LwpAssignmentId>,
    version: IfMatch,
    Body(patch): Body<AssignmentPatch>,
) -> Outcome<LwpAssignmentView> {
    caller
        .change(move |writing| {
            let seen = assignment(writing, id)?;
            let permit = seen.permit(Action::TailorLwpAssignment)?;
            let before = &seen.thing.assignment;
            version.check(before.version)?;
            let tailored = before
                .tailor(patch.clone(), &seen.thing.lwp, writing.now())
                .map_err(|refusal| refusal.opening(seen.open(before.open_actions())))?;
            let Some(tailored) = tailored else { return answer(writing, seen) };
            rows::update_assignment(writing, permit, before, &tailored)?;
            let after = Assigned { assignment: tailored.thing, ..seen.thing.clone() };
            answer(writing, seen.with(after))
        })
        .await
}

pub async fn decide(
    caller: Caller,
    At(id): At<LwpAssignmentId>,
    Body(decision): Body<AssignmentDecision>,
) -> Outcome<LwpAssignmentView> {
    caller
        .change(move |writing| {
            let seen = assignment(writing, id)?;
            let permit = seen.permit(decision.action())?;
            let before = &seen.thing.assignment;
            let facts = facts(writing, before.student_id, &decision)?;
            let decided = before
                .decide(&decision, writing.now(), &facts)
                .map_err(|refusal| refusal.opening(seen.open(before.open_actions())))?;
            rows::update_assignment(writing, permit, before, &decided)?;
            let mut people = seen.thing.people.clone();
            people.push(persistence::access::my_name(writing)?);
            let after = Assigned { assignment: decided.thing, people, ..seen.thing.clone() };
            answer(writing, seen.with(after))
        })
        .await
}

/// Reads what the decision asks for, and no more.
fn facts(writing: &mut Writing<'_>, student_id: StudentId, decision: &AssignmentDecision) -> Result<AssignmentFacts, Trouble> {
    let unknown_entries = match decision {
        AssignmentDecision::Submit { entry_ids } => rows::unknown_entries(writing, student_id, entry_ids)?,
        AssignmentDecision::Start {} | AssignmentDecision::GiveFeedback { .. } | AssignmentDecision::Complete {} => Vec::new(),
    };
    Ok(AssignmentFacts { by: writing.person()?, unknown_entries })
}

/// The LWPs of a student that the caller may see, the newest first by the last day on which to hand them in.
///
/// # Errors
/// Only what the database ends in.
pub fn newest_first(reading: &mut Reading<'_>, student: StudentId) -> Result<Vec<LwpAssignmentId>, Trouble> {
    const AT_ONCE: i64 = 100;
    let (mut ids, mut page) = (Vec::new(), Page::first(AT_ONCE));
    loop {
        let filter = AssignmentFilter { student_id: Some(student), ..AssignmentFilter::default() };
        let found = rows::list_assignments(reading, filter, &page)?.try_map(|row| row.read(Action::ReadLwpAssignment))?.rows;
        let some = found.iter().map(|seen| &seen.thing.assignment).take(usize::try_from(AT_ONCE).unwrap_or(usize::MAX));
        ids.extend(some.map(|assignment| (assignment.due_on, assignment.id)));
        page.after = ids.last().map(|(_, id)| *id);
        if i64::try_from(found.len()).is_ok_and(|found| found <= AT_ONCE) {
            ids.sort_unstable_by(|one, other| other.cmp(one));
            return Ok(ids.into_iter().map(|(_, id)| id).collect());
        }
    }
}

/// An LWP of a student as the caller sees it at this moment.
///
/// # Errors
/// [`KernelFault::Absent`] where the caller may not see it.
pub fn as_seen(reading: &mut Reading<'_>, id: LwpAssignmentId) -> Result<LwpAssignmentView, Trouble> {
    let seen = assignment(reading, id)?;
    let readable = readable(reading, std::iter::once(&seen))?;
    Ok(LwpAssignmentView::of(seen, &readable))
}

/// Assigns what the weeks of a programme bring that began (SP-2), in the same transaction.
///
/// # Errors
/// Only what the database ends in.
pub fn assign_by_programme(writing: &mut Writing<'_>, permit: Permit, begun: &Begun) -> Result<(), Trouble> {
    let assigned = |due: &DueLwp| {
        let week = ProgrammeWeek { programme_id: begun.id, week: due.week };
        Assignment::by_programme(LwpAssignmentId::in_order(), begun.student_id, week, due.lwp_id, due.due_on)
    };
    let new: Vec<_> = begun.lwps.iter().map(assigned).collect();
    if new.is_empty() { Ok(()) } else { rows::insert_assignments(writing, permit, &new) }
}

/// Lets what was not begun go along with the weeks that brought it: each from one Friday to another.
///
/// # Errors
/// [`Trouble::Overtaken`] where one of them changed meanwhile.
pub fn move_with_programme(
    writing: &mut Writing<'_>,
    permit: Permit,
    id: ProgrammeId,
    fridays: &[(NaiveDate, NaiveDate)],
) -> Result<(), Trouble> {
    for before in rows::unbegun_of_programme(writing, permit, id)? {
        let place = before.week.map_or(usize::MAX, |week| usize::from(week.week).saturating_sub(1));
        let moved = fridays.get(place).and_then(|(from, to)| before.moved_with_week(*from, *to));
        if let Some(moved) = moved {
            rows::update_assignment(writing, permit, &before, &moved)?;
        }
    }
    Ok(())
}
