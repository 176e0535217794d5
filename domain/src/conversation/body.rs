//! What is said about a conversation: who plans what, and the decisions on it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ConversationKind;
use crate::access::Action;
use crate::kernel::time::{deserialize_instant, deserialize_optional_instant};
use crate::kernel::{GoalId, Instant, LearningQuestionId, Line, PersonId, PlacementId, Prose, RoundId, StudentId};

const fn half_an_hour() -> u16 {
    30
}

/// A conversation to be planned, or asked for where `startsAt` is absent (CV-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewConversation {
    pub kind: ConversationKind,
    pub student_id: StudentId,
    /// Who takes part besides the student and whoever is the responsible coach, who always do: people who have to do with the
    /// student already.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub participant_ids: Vec<PersonId>,
    /// When it begins: ahead, within two years.
    #[serde(default, deserialize_with = "deserialize_optional_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub starts_at: Option<Instant>,
    /// How long it takes.
    #[serde(default = "half_an_hour")]
    #[schema(minimum = 5, maximum = 240, default = 30)]
    pub minutes: u16,
    #[serde(default)]
    pub place: Option<Line>,
    /// Goals of the student that it is about.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub goal_ids: Vec<GoalId>,
    /// Learning questions of the student that it is about.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub learning_question_ids: Vec<LearningQuestionId>,
    /// The placement that it is of: its workplace trainer sees when it is and what was agreed, while the placement runs.
    #[serde(default)]
    pub placement_id: Option<PlacementId>,
    /// The round of the student that it looks at (LM-5), where the kind is `leermeter`.
    #[serde(default)]
    pub round_id: Option<RoundId>,
}

/// A decision on a conversation (CV-2, CV-3).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum ConversationDecision {
    /// Names the moment, of one that was asked for or missed.
    #[serde(rename_all = "camelCase")]
    Plan {
        /// Ahead, within two years.
        #[serde(deserialize_with = "deserialize_instant")]
        #[schema(value_type = String, format = DateTime)]
        starts_at: Instant,
        /// As it was, unless said.
        #[serde(default)]
        #[schema(minimum = 5, maximum = 240)]
        minutes: Option<u16>,
        /// As it was, unless said.
        #[serde(default)]
        place: Option<Line>,
    },
    /// Names another moment; when it would have been stays visible.
    #[serde(rename_all = "camelCase")]
    Move {
        /// Ahead, within two years.
        #[serde(deserialize_with = "deserialize_instant")]
        #[schema(value_type = String, format = DateTime)]
        starts_at: Instant,
        /// As it was, unless said.
        #[serde(default)]
        #[schema(minimum = 5, maximum = 240)]
        minutes: Option<u16>,
        /// As it was, unless said.
        #[serde(default)]
        place: Option<Line>,
        /// Why.
        #[serde(default)]
        reason: Option<Prose>,
    },
    /// It took place, at the planned moment or otherwise.
    #[serde(rename_all = "camelCase")]
    MarkHeld {
        /// In one room; else at a distance.
        face_to_face: bool,
        /// When it began. Unless said as it was planned, or now where that is still to come or nothing was planned.
        #[serde(default, deserialize_with = "deserialize_optional_instant")]
        #[schema(value_type = Option<String>, format = DateTime)]
        starts_at: Option<Instant>,
    },
    /// Someone did not come.
    MarkMissed {
        /// Who or why, as far as it matters.
        #[serde(default)]
        reason: Option<Prose>,
    },
    /// Confirms this version of the outcome: it counts once student and responsible coach have confirmed the same.
    ConfirmOutcome {
        /// The newest, which one has read.
        version: i64,
    },
    /// It will not take place.
    Cancel {
        /// Why.
        #[serde(default)]
        reason: Option<Prose>,
    },
}

impl ConversationDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::Plan { .. } => Action::PlanConversation,
            Self::Move { .. } => Action::MoveConversation,
            Self::MarkHeld { .. } => Action::MarkConversationHeld,
            Self::MarkMissed { .. } => Action::MarkConversationMissed,
            Self::ConfirmOutcome { .. } => Action::ConfirmOutcome,
            Self::Cancel { .. } => Action::CancelConversation,
        }
    }
}
