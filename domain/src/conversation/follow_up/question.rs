//! Learning questions (leervragen), and what becomes of them (CV-4).

use serde::Deserialize;
use utoipa::ToSchema;

use super::super::ConversationFault as F;
use super::Goal;
use crate::access::Action;
use crate::kernel::{
    ConversationId, Event, GoalId, Instant, KernelFault, LearningQuestionId, Line, LwpAssignmentId, Prose, Refusal, StudentId,
    Subject, Text, Told,
};

crate::words! {
    /// Where a learning question is.
    pub enum QuestionStateName {
        Open = "open",
        BecameGoal = "becameGoal",
        BecameLwp = "becameLwp",
        Answered = "answered",
        Dropped = "dropped",
    }
}

impl QuestionStateName {
    /// Which decisions it allows, whoever asks.
    pub const fn open_actions(self) -> &'static [Action] {
        match self {
            Self::Open => &[Action::MakeGoalOfQuestion, Action::MakeLwpOfQuestion, Action::AnswerQuestion, Action::DropQuestion],
            Self::BecameGoal | Self::BecameLwp | Self::Answered | Self::Dropped => &[],
        }
    }
}

/// Where a learning question is, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuestionState {
    Open,
    BecameGoal { goal_id: GoalId, at: Instant },
    BecameLwp { assignment_id: LwpAssignmentId, at: Instant },
    Answered { answer: Prose, at: Instant },
    Dropped { at: Instant },
}

impl QuestionState {
    pub const fn name(&self) -> QuestionStateName {
        match self {
            Self::Open => QuestionStateName::Open,
            Self::BecameGoal { .. } => QuestionStateName::BecameGoal,
            Self::BecameLwp { .. } => QuestionStateName::BecameLwp,
            Self::Answered { .. } => QuestionStateName::Answered,
            Self::Dropped { .. } => QuestionStateName::Dropped,
        }
    }

    pub const fn decided_at(&self) -> Option<Instant> {
        match self {
            Self::Open => None,
            Self::BecameGoal { at, .. } | Self::BecameLwp { at, .. } | Self::Answered { at, .. } | Self::Dropped { at } => {
                Some(*at)
            }
        }
    }

    pub const fn goal_id(&self) -> Option<GoalId> {
        match self {
            Self::BecameGoal { goal_id, .. } => Some(*goal_id),
            Self::Open | Self::BecameLwp { .. } | Self::Answered { .. } | Self::Dropped { .. } => None,
        }
    }

    pub const fn lwp_assignment_id(&self) -> Option<LwpAssignmentId> {
        match self {
            Self::BecameLwp { assignment_id, .. } => Some(*assignment_id),
            Self::Open | Self::BecameGoal { .. } | Self::Answered { .. } | Self::Dropped { .. } => None,
        }
    }

    pub const fn answer(&self) -> Option<&Prose> {
        match self {
            Self::Answered { answer, .. } => Some(answer),
            Self::Open | Self::BecameGoal { .. } | Self::BecameLwp { .. } | Self::Dropped { .. } => None,
        }
    }

    /// The state out of its columns, or none where they do not fit together.
    pub fn from_parts(
        name: QuestionStateName,
        decided_at: Option<Instant>,
        goal_id: Option<GoalId>,
        assignment_id: Option<LwpAssignmentId>,
        answer: Option<Prose>,
    ) -> Option<Self> {
        use QuestionStateName as N;
        match (name, decided_at, goal_id, assignment_id, answer) {
            (N::Open, None, None, None, None) => Some(Self::Open),
            (N::BecameGoal, Some(at), Some(goal_id), None, None) => Some(Self::BecameGoal { goal_id, at }),
            (N::BecameLwp, Some(at), None, Some(assignment_id), None) => Some(Self::BecameLwp { assignment_id, at }),
            (N::Answered, Some(at), None, None, Some(answer)) => Some(Self::Answered { answer, at }),
            (N::Dropped, Some(at), None, None, None) => Some(Self::Dropped { at }),
            (N::Open | N::BecameGoal | N::BecameLwp | N::Answered | N::Dropped, ..) => None,
        }
    }
}

/// What a student wants to find out, as said in a conversation whose outcome counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearningQuestion {
    pub id: LearningQuestionId,
    pub version: i64,
    pub student_id: StudentId,
    pub conversation_id: ConversationId,
    pub text: Text<1000>,
    pub state: QuestionState,
    pub created_at: Instant,
}

/// A decision on a learning question (CV-4).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum QuestionDecision {
    /// It becomes a goal of the student.
    MakeGoal {
        /// What the goal is called.
        title: Line,
    },
    /// An LWP of the student works on it.
    #[serde(rename_all = "camelCase")]
    MakeLwp {
        /// Which: of this student, and of no other learning question.
        lwp_assignment_id: LwpAssignmentId,
    },
    /// It is answered.
    Answer {
        /// What the answer is.
        text: Prose,
    },
    /// It is no question any more.
    Drop {},
}

impl QuestionDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::MakeGoal { .. } => Action::MakeGoalOfQuestion,
            Self::MakeLwp { .. } => Action::MakeLwpOfQuestion,
            Self::Answer { .. } => Action::AnswerQuestion,
            Self::Drop {} => Action::DropQuestion,
        }
    }
}

/// What is known of what a decision names.
#[derive(Clone, Copy, Debug, Default)]
pub struct QuestionFacts {
    /// The LWP is the student's, and of no other learning question.
    pub is_lwp_known: bool,
}

/// What a decision makes of a learning question, and the goal that it became.
#[derive(Clone, Debug)]
pub struct QuestionOutcome {
    pub question: Told<LearningQuestion>,
    pub goal: Option<Told<Goal>>,
}

impl LearningQuestion {
    /// Which decisions the state allows, whoever asks.
    pub const fn open_actions(&self) -> &'static [Action] {
        self.state.name().open_actions()
    }

    /// # Errors
    /// [`F::NotOpen`] where the state does not allow it, otherwise what is wrong with it.
    pub fn decide(&self, decision: &QuestionDecision, now: Instant, facts: QuestionFacts) -> Result<QuestionOutcome, Refusal> {
        use {QuestionDecision as D, QuestionState as S};
        let (state, what, goal) = match (&self.state, decision) {
            (S::Open, D::MakeGoal { title }) => {
                let goal_id = GoalId::in_order();
                let of = (Some(self.conversation_id), Some(self.id));
                let goal = Goal::set(goal_id, self.student_id, title.clone(), of.0, of.1, now);
                (S::BecameGoal { goal_id, at: now }, "becameGoal", Some(goal))
            }
            (S::Open, D::MakeLwp { lwp_assignment_id }) => {
                if !facts.is_lwp_known {
                    return Err(Refusal::Findings(vec![KernelFault::UnknownReference.at("/lwpAssignmentId")]));
                }
                (S::BecameLwp { assignment_id: *lwp_assignment_id, at: now }, "becameLwp", None)
            }
            (S::Open, D::Answer { text }) => (S::Answered { answer: text.clone(), at: now }, "answered", None),
            (S::Open, D::Drop {}) => (S::Dropped { at: now }, "dropped", None),
            (
                S::BecameGoal { .. } | S::BecameLwp { .. } | S::Answered { .. } | S::Dropped { .. },
                D::MakeGoal { .. } | D::MakeLwp { .. } | D::Answer { .. } | D::Drop {},
            ) => return Err(Refusal::illegal(F::NotOpen, self.state.name())),
        };
        let question = Self { version: self.version + 1, state, ..self.clone() }.told(what);
        Ok(QuestionOutcome { question, goal })
    }

    pub(super) fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::LearningQuestion, self.id, self.version, what)
            .of_student(self.student_id)
            .now(self.state.name())
            .naming("conversationId", self.conversation_id);
        Told { thing: self, event }
    }
}
