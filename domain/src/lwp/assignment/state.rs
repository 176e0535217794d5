//! Where an assignment is, each state with its own facts.

use crate::access::Action;
use crate::kernel::Instant;

crate::words! {
    /// Where an assignment is (CU-4).
    pub enum AssignmentStateName {
        Assigned = "assigned",
        InProgress = "inProgress",
        /// Handed in, and waiting for feedback.
        Submitted = "submitted",
        FeedbackGiven = "feedbackGiven",
        Completed = "completed",
    }
}

impl AssignmentStateName {
    /// Which decisions it allows, whoever asks.
    pub const fn open_actions(self) -> &'static [Action] {
        match self {
            Self::Assigned => &[Action::StartLwpAssignment],
            Self::InProgress => &[Action::SubmitLwpAssignment],
            Self::Submitted => &[Action::GiveLwpFeedback],
            Self::FeedbackGiven => &[Action::StartLwpAssignment, Action::CompleteLwpAssignment],
            Self::Completed => &[],
        }
    }
}

/// Where an assignment is, with what belongs to that (CU-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignmentState {
    Assigned,
    /// `started_at` is the first time.
    InProgress {
        started_at: Instant,
    },
    Submitted {
        started_at: Instant,
    },
    FeedbackGiven {
        started_at: Instant,
    },
    Completed {
        started_at: Instant,
        completed_at: Instant,
    },
}

impl AssignmentState {
    pub const fn name(self) -> AssignmentStateName {
        match self {
            Self::Assigned => AssignmentStateName::Assigned,
            Self::InProgress { .. } => AssignmentStateName::InProgress,
            Self::Submitted { .. } => AssignmentStateName::Submitted,
            Self::FeedbackGiven { .. } => AssignmentStateName::FeedbackGiven,
            Self::Completed { .. } => AssignmentStateName::Completed,
        }
    }

    pub const fn started_at(self) -> Option<Instant> {
        match self {
            Self::Assigned => None,
            Self::InProgress { started_at }
            | Self::Submitted { started_at }
            | Self::FeedbackGiven { started_at }
            | Self::Completed { started_at, .. } => Some(started_at),
        }
    }

    pub const fn completed_at(self) -> Option<Instant> {
        match self {
            Self::Completed { completed_at, .. } => Some(completed_at),
            Self::Assigned | Self::InProgress { .. } | Self::Submitted { .. } | Self::FeedbackGiven { .. } => None,
        }
    }

    /// The state out of its columns, or none where they do not fit together.
    pub const fn from_parts(
        name: AssignmentStateName,
        started_at: Option<Instant>,
        completed_at: Option<Instant>,
    ) -> Option<Self> {
        use AssignmentStateName as N;
        match (name, started_at, completed_at) {
            (N::Assigned, None, None) => Some(Self::Assigned),
            (N::InProgress, Some(started_at), None) => Some(Self::InProgress { started_at }),
            (N::Submitted, Some(started_at), None) => Some(Self::Submitted { started_at }),
            (N::FeedbackGiven, Some(started_at), None) => Some(Self::FeedbackGiven { started_at }),
            (N::Completed, Some(started_at), Some(completed_at)) => Some(Self::Completed { started_at, completed_at }),
            (N::Assigned | N::InProgress | N::Submitted | N::FeedbackGiven | N::Completed, ..) => None,
        }
    }
}
