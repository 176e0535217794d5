//! Learning questions of students, and what becomes of them: a goal, an LWP, an answer (CV-4).

use chrono::{DateTime, Utc};
use domain::access::{Action, Seen};
use domain::conversation::{LearningQuestion, QuestionDecision, QuestionFacts, QuestionStateName};
use domain::kernel::{ConversationId, GoalId, KernelFault, LearningQuestionId, LwpAssignmentId, Prose, StudentId, Text};
use persistence::conversations::{goals, questions as rows};
use persistence::{Reading, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::{Answer, At, Body, Caller, List, Listing, OpenDecisions, Outcome, Problem};

/// What a student wants to find out.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LearningQuestionView {
    id: LearningQuestionId,
    state: QuestionStateName,
    version: i64,
    open_decisions: OpenDecisions,
    student_id: StudentId,
    text: Text<1000>,
    /// The conversation that it came from.
    conversation_id: ConversationId,
    /// The goal that it became.
    #[schema(required = true)]
    goal_id: Option<GoalId>,
    /// The LWP of the student that works on it.
    #[schema(required = true)]
    lwp_assignment_id: Option<LwpAssignmentId>,
    /// What the answer is.
    #[schema(required = true)]
    answer: Option<Prose>,
    created_at: DateTime<Utc>,
    /// Since when it is open no more.
    #[schema(required = true)]
    decided_at: Option<DateTime<Utc>>,
}

impl From<Seen<LearningQuestion>> for LearningQuestionView {
    fn from(seen: Seen<LearningQuestion>) -> Self {
        let open_decisions = OpenDecisions(seen.open(seen.thing.open_actions()));
        let LearningQuestion { id, version, student_id, conversation_id, text, state, created_at } = seen.thing;
        Self {
            id,
            state: state.name(),
            version,
            open_decisions,
            student_id,
            text,
            conversation_id,
            goal_id: state.goal_id(),
            lwp_assignment_id: state.lwp_assignment_id(),
            answer: state.answer().cloned(),
            created_at,
            decided_at: state.decided_at(),
        }
    }
}

/// Which learning questions.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhichQuestions {
    #[serde(default)]
    state: Option<QuestionStateName>,
}

pub async fn list(
    caller: Caller,
    At(id): At<StudentId>,
    list: List<WhichQuestions>,
) -> Result<Listing<LearningQuestionView>, Problem> {
    let page = list.page()?;
    let state = list.filter.state;
    caller
        .read(move |reading| {
            let seen = super::student_seen(reading, id, Action::ReadGoal)?;
            let found = rows::list(reading, seen.permit, id, state, &page)?;
            Answer::page(found, &page, |question| question.id, |question| Ok(seen.with(question).into()))
        })
        .await
}

fn question(reading: &mut Reading<'_>, id: LearningQuestionId) -> Result<Seen<LearningQuestion>, Trouble> {
    Ok(rows::find(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadGoal)?)
}

/// An open learning question of this student that the caller may make an LWP of; none where it is anything else.
///
/// # Errors
/// Only what the database ends in.
pub fn question_to_work_on(
    reading: &mut Reading<'_>,
    id: LearningQuestionId,
    student: StudentId,
) -> Result<Option<Seen<LearningQuestion>>, Trouble> {
    let seen = rows::find(reading, id)?.and_then(|found| found.read(Action::MakeLwpOfQuestion).ok());
    let is_open = |seen: &Seen<LearningQuestion>| {
        seen.thing.student_id == student && seen.thing.open_actions().contains(&Action::MakeLwpOfQuestion)
    };
    Ok(seen.filter(is_open))
}

fn answer(seen: Seen<LearningQuestion>) -> Result<Answer<LearningQuestionView>, Trouble> {
    let version = seen.thing.version;
    Answer::at_version(&seen.into(), version)
}

pub async fn get_one(caller: Caller, At(id): At<LearningQuestionId>) -> Outcome<LearningQuestionView> {
    caller.read(move |reading| answer(question(reading, id)?)).await
}

pub async fn decide(
    caller: Caller,
    At(id): At<LearningQuestionId>,
    Body(decision): Body<QuestionDecision>,
) -> Outcome<LearningQuestionView> {
    caller
        .change(move |writing| {
            let seen = question(writing, id)?;
            let permit = seen.permit(decision.action())?;
            let before = &seen.thing;
            let is_lwp_known = match decision {
                QuestionDecision::MakeLwp { lwp_assignment_id } => {
                    rows::is_lwp_known(writing, permit, before.student_id, lwp_assignment_id)?
                }
                QuestionDecision::MakeGoal { .. } | QuestionDecision::Answer { .. } | QuestionDecision::Drop {} => false,
            };
            let outcome = before
                .decide(&decision, writing.now(), QuestionFacts { is_lwp_known })
                .map_err(|refusal| refusal.opening(seen.open(before.open_actions())))?;
            goals::insert(writing, permit, outcome.goal.as_slice())?;
            rows::update(writing, permit, &outcome.question)?;
            answer(seen.with(outcome.question.thing))
        })
        .await
}
