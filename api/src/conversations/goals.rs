//! Goals of students: what they want to reach, and whether they did.

use chrono::{DateTime, Utc};
use domain::access::{Action, Seen};
use domain::conversation::{Goal, GoalDecision, GoalStateName, NewGoal};
use domain::kernel::{ConversationId, GoalId, KernelFault, LearningQuestionId, Line, StudentId};
use persistence::conversations::goals as rows;
use persistence::{Reading, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::{Answer, At, Body, Caller, List, Listing, OpenDecisions, Outcome, Problem};

/// What a student wants to reach.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GoalView {
    pub id: GoalId,
    pub state: GoalStateName,
    version: i64,
    open_decisions: OpenDecisions,
    student_id: StudentId,
    pub title: Line,
    /// The conversation that it came from; null where student or coach set it by themselves.
    #[schema(required = true)]
    conversation_id: Option<ConversationId>,
    /// The learning question that became it.
    #[schema(required = true)]
    learning_question_id: Option<LearningQuestionId>,
    created_at: DateTime<Utc>,
    /// Since when it is reached or dropped.
    #[schema(required = true)]
    decided_at: Option<DateTime<Utc>>,
}

impl From<Seen<Goal>> for GoalView {
    fn from(seen: Seen<Goal>) -> Self {
        let open_decisions = OpenDecisions(seen.open(seen.thing.open_actions()));
        let Goal { id, version, student_id, title, conversation_id, learning_question_id, state, created_at } = seen.thing;
        let (state, decided_at) = (state.name(), state.decided_at());
        Self {
            id,
            state,
            version,
            open_decisions,
            student_id,
            title,
            conversation_id,
            learning_question_id,
            created_at,
            decided_at,
        }
    }
}

/// Which goals.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhichGoals {
    #[serde(default)]
    state: Option<GoalStateName>,
}

pub async fn list(caller: Caller, At(id): At<StudentId>, list: List<WhichGoals>) -> Result<Listing<GoalView>, Problem> {
    let page = list.page()?;
    let state = list.filter.state;
    caller
        .read(move |reading| {
            let seen = super::student_seen(reading, id, Action::ReadGoal)?;
            let found = rows::list(reading, seen.permit, id, state, &page)?;
            Answer::page(found, &page, |goal| goal.id, |goal| Ok(seen.with(goal).into()))
        })
        .await
}

fn goal(reading: &mut Reading<'_>, id: GoalId) -> Result<Seen<Goal>, Trouble> {
    Ok(rows::find(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadGoal)?)
}

fn answer(seen: Seen<Goal>) -> Result<Answer<GoalView>, Trouble> {
    let version = seen.thing.version;
    Answer::at_version(&seen.into(), version)
}

pub async fn get_one(caller: Caller, At(id): At<GoalId>) -> Outcome<GoalView> {
    caller.read(move |reading| answer(goal(reading, id)?)).await
}

pub async fn create(caller: Caller, At(id): At<StudentId>, Body(new): Body<NewGoal>) -> Outcome<GoalView> {
    caller
        .change(move |writing| {
            let seen = super::student_seen(writing, id, Action::ReadGoal)?;
            let permit = seen.permit(Action::SetGoal)?;
            let set = Goal::set(GoalId::in_order(), id, new.title.clone(), None, None, writing.now());
            let goal = set.thing.clone();
            rows::insert(writing, permit, &[set])?;
            let (location, version) = (format!("/goals/{}", goal.id), goal.version);
            Answer::created(&location, &seen.with(goal).into(), version)
        })
        .await
}

pub async fn decide(caller: Caller, At(id): At<GoalId>, Body(decision): Body<GoalDecision>) -> Outcome<GoalView> {
    caller
        .change(move |writing| {
            let seen = goal(writing, id)?;
            let permit = seen.permit(decision.action())?;
            let before = &seen.thing;
            let decided =
                before.decide(decision, writing.now()).map_err(|refusal| refusal.opening(seen.open(before.open_actions())))?;
            rows::update(writing, permit, &decided)?;
            answer(seen.with(decided.thing))
        })
        .await
}
