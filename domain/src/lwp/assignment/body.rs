//! What is said about an assignment: who gets what, how it is made to fit, and the decisions on it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Action;
use crate::kernel::{LearningQuestionId, Line, LwpId, PlacementId, PortfolioEntryId, Prose, StudentId, Text, given};
use crate::lwp::NewLwp;

/// An LWP for a student (CU-4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAssignment {
    /// Who gets it.
    pub student_id: StudentId,
    /// What: published in the library.
    pub lwp_id: LwpId,
    /// By when it is to be handed in: from today on.
    pub due_on: NaiveDate,
    /// The placement at which it is done: its workplace trainer sees it while the placement runs, and gives feedback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement_id: Option<PlacementId>,
    /// The open learning question of the student that it works on (CV-4); named by who may decide on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning_question_id: Option<LearningQuestionId>,
}

/// How it is made to fit the student; what is absent stays as it is, null is again as the LWP itself says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssignmentPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Line>)]
    pub title: Option<Option<Line>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Prose>)]
    pub situation: Option<Option<Prose>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Prose>)]
    pub product: Option<Option<Prose>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<Text<1000>>>, min_items = 1, max_items = 20)]
    pub criteria: Option<Option<Vec<Text<1000>>>>,
    /// From today on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = NaiveDate)]
    pub due_on: Option<NaiveDate>,
}

/// What is otherwise for this student than in the LWP itself (op maat).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tailoring {
    pub title: Option<Line>,
    pub situation: Option<Prose>,
    pub product: Option<Prose>,
    pub criteria: Option<Vec<Text<1000>>>,
}

impl Tailoring {
    /// Is anything otherwise?
    pub fn is_any(&self) -> bool {
        *self != Self::default()
    }

    /// The same without what the LWP says just so.
    #[must_use]
    pub fn beside(self, lwp: &NewLwp) -> Self {
        Self {
            title: self.title.filter(|title| *title != lwp.title),
            situation: self.situation.filter(|situation| *situation != lwp.situation),
            product: self.product.filter(|product| *product != lwp.product),
            criteria: self.criteria.filter(|criteria| *criteria != lwp.criteria),
        }
    }

    /// The same with what the patch changes.
    #[must_use]
    pub fn patched(self, patch: AssignmentPatch) -> Self {
        Self {
            title: patch.title.unwrap_or(self.title),
            situation: patch.situation.unwrap_or(self.situation),
            product: patch.product.unwrap_or(self.product),
            criteria: patch.criteria.unwrap_or(self.criteria),
        }
    }
}

/// A decision on an assignment (CU-4).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum AssignmentDecision {
    /// The student begins, or goes on after feedback.
    Start {},
    /// The student hands it in.
    #[serde(rename_all = "camelCase")]
    Submit {
        /// The evidence: entries of the student's own portfolio. Each stays visible to whom it was, and to nobody else.
        #[schema(max_items = 20)]
        entry_ids: Vec<PortfolioEntryId>,
    },
    /// What was handed in is judged.
    GiveFeedback {
        /// What is good, and what could be better.
        text: Prose,
        /// Whether it is done; else the student can go on with it.
        completed: bool,
    },
    /// After feedback it is done after all.
    Complete {},
}

impl AssignmentDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::Start {} => Action::StartLwpAssignment,
            Self::Submit { .. } => Action::SubmitLwpAssignment,
            Self::GiveFeedback { .. } => Action::GiveLwpFeedback,
            Self::Complete {} => Action::CompleteLwpAssignment,
        }
    }
}
