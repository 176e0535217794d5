//! Goals (ontwikkeldoelen) of a student.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::ConversationFault as F;
use crate::access::Action;
use crate::kernel::{ConversationId, Event, GoalId, Instant, LearningQuestionId, Line, Refusal, StudentId, Subject, Told};

crate::words! {
    /// Where a goal is.
    pub enum GoalStateName {
        Open = "open",
        Reached = "reached",
        Dropped = "dropped",
    }
}

impl GoalStateName {
    /// Which decisions it allows, whoever asks.
    pub const fn open_actions(self) -> &'static [Action] {
        match self {
            Self::Open => &[Action::ReachGoal, Action::DropGoal],
            Self::Reached | Self::Dropped => &[Action::ReopenGoal],
        }
    }
}

/// Where a goal is, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoalState {
    Open,
    Reached { at: Instant },
    Dropped { at: Instant },
}

impl GoalState {
    pub const fn name(self) -> GoalStateName {
        match self {
            Self::Open => GoalStateName::Open,
            Self::Reached { .. } => GoalStateName::Reached,
            Self::Dropped { .. } => GoalStateName::Dropped,
        }
    }

    pub const fn decided_at(self) -> Option<Instant> {
        match self {
            Self::Open => None,
            Self::Reached { at } | Self::Dropped { at } => Some(at),
        }
    }

    /// The state out of its columns, or none where they do not fit together.
    pub const fn from_parts(name: GoalStateName, decided_at: Option<Instant>) -> Option<Self> {
        match (name, decided_at) {
            (GoalStateName::Open, None) => Some(Self::Open),
            (GoalStateName::Reached, Some(at)) => Some(Self::Reached { at }),
            (GoalStateName::Dropped, Some(at)) => Some(Self::Dropped { at }),
            (GoalStateName::Open | GoalStateName::Reached | GoalStateName::Dropped, ..) => None,
        }
    }
}

/// What a student wants to reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    pub id: GoalId,
    pub version: i64,
    pub student_id: StudentId,
    pub title: Line,
    /// The conversation that it came from; none where student or coach set it by themselves.
    pub conversation_id: Option<ConversationId>,
    /// The learning question that became it (CV-4).
    pub learning_question_id: Option<LearningQuestionId>,
    pub state: GoalState,
    pub created_at: Instant,
}

/// A goal that is set without a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewGoal {
    pub title: Line,
}

/// A decision on a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum GoalDecision {
    /// It was reached.
    Reach {},
    /// It is no goal any more.
    Drop {},
    /// It is a goal again.
    Reopen {},
}

impl GoalDecision {
    /// What its caller must be allowed to do.
    pub const fn action(self) -> Action {
        match self {
            Self::Reach {} => Action::ReachGoal,
            Self::Drop {} => Action::DropGoal,
            Self::Reopen {} => Action::ReopenGoal,
        }
    }
}

impl Goal {
    /// Sets a goal (CV-2, CV-4).
    pub fn set(
        id: GoalId,
        student_id: StudentId,
        title: Line,
        conversation_id: Option<ConversationId>,
        learning_question_id: Option<LearningQuestionId>,
        now: Instant,
    ) -> Told<Self> {
        let state = GoalState::Open;
        Self { id, version: 1, student_id, title, conversation_id, learning_question_id, state, created_at: now }.told("set")
    }

    /// Which decisions the state allows, whoever asks.
    pub const fn open_actions(&self) -> &'static [Action] {
        self.state.name().open_actions()
    }

    /// # Errors
    /// [`F::NotOpen`] where the state does not allow it.
    pub fn decide(&self, decision: GoalDecision, now: Instant) -> Result<Told<Self>, Refusal> {
        use {GoalDecision as D, GoalState as S};
        let (state, what) = match (self.state, decision) {
            (S::Open, D::Reach {}) => (S::Reached { at: now }, "reached"),
            (S::Open, D::Drop {}) => (S::Dropped { at: now }, "dropped"),
            (S::Reached { .. } | S::Dropped { .. }, D::Reopen {}) => (S::Open, "reopened"),
            (S::Open, D::Reopen {}) | (S::Reached { .. } | S::Dropped { .. }, D::Reach {} | D::Drop {}) => {
                return Err(Refusal::illegal(F::NotOpen, self.state.name()));
            }
        };
        Ok(Self { version: self.version + 1, state, ..self.clone() }.told(what))
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::Goal, self.id, self.version, what).of_student(self.student_id).now(self.state.name());
        let event = match self.conversation_id {
            Some(conversation_id) => event.naming("conversationId", conversation_id),
            None => event,
        };
        Told { thing: self, event }
    }
}
