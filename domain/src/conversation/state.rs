//! Where a conversation is, each state with its own facts.

use serde::{Deserialize, Serialize};

use crate::access::Action;
use crate::kernel::{Instant, Prose};

crate::words! {
    /// What a conversation is for.
    pub enum ConversationKind {
        /// Loopbaanreflectiegesprek.
        CareerReflection = "careerReflection",
        /// About the leermeter (LM-5).
        Leermeter = "leermeter",
        /// Extra support by the coach (RF-1): care.
        ExtraSupport = "extraSupport",
        /// With an adviser of the second line (SAB): care.
        Sab = "sab",
        /// Closes the start programme (SP-5).
        StartProgrammeClosing = "startProgrammeClosing",
    }

    /// Where a conversation is (CV-3).
    pub enum ConversationStateName {
        /// Asked for, without a moment.
        Requested = "requested",
        Planned = "planned",
        /// It took place; its outcome is written and confirmed.
        Held = "held",
        /// Someone did not come.
        Missed = "missed",
        /// Its outcome counts (CV-2).
        Concluded = "concluded",
        Cancelled = "cancelled",
    }
}

impl ConversationKind {
    /// That there is such a conversation is known to nobody but who takes part in it, or helps.
    pub const fn is_care(self) -> bool {
        match self {
            Self::ExtraSupport | Self::Sab => true,
            Self::CareerReflection | Self::Leermeter | Self::StartProgrammeClosing => false,
        }
    }
}

impl ConversationStateName {
    /// Which decisions it allows, whoever asks.
    pub const fn open_actions(self) -> &'static [Action] {
        match self {
            Self::Requested => &[Action::PlanConversation, Action::MarkConversationHeld, Action::CancelConversation],
            Self::Planned => &[
                Action::MoveConversation,
                Action::MarkConversationHeld,
                Action::MarkConversationMissed,
                Action::CancelConversation,
            ],
            Self::Missed => &[Action::PlanConversation, Action::CancelConversation],
            Self::Held => &[Action::ConfirmOutcome],
            Self::Concluded | Self::Cancelled => &[],
        }
    }

    /// It took place.
    pub const fn was_held(self) -> bool {
        match self {
            Self::Held | Self::Concluded => true,
            Self::Requested | Self::Planned | Self::Missed | Self::Cancelled => false,
        }
    }

    /// It is still to come, so that one can prepare it (CV-1).
    pub const fn is_ahead(self) -> bool {
        match self {
            Self::Requested | Self::Planned | Self::Missed => true,
            Self::Held | Self::Concluded | Self::Cancelled => false,
        }
    }
}

/// Where a conversation is, with what belongs to that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConversationState {
    Requested,
    Planned { starts_at: Instant },
    Held { starts_at: Instant, face_to_face: bool },
    Missed { starts_at: Instant, reason: Option<Prose> },
    Concluded { starts_at: Instant, face_to_face: bool, concluded_at: Instant },
    Cancelled { starts_at: Option<Instant>, reason: Option<Prose> },
}

/// When it would have been, before it was moved or missed (CV-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Move {
    /// When that was decided.
    pub at: Instant,
    pub starts_at: Instant,
    /// Someone did not come; else it was moved.
    pub missed: bool,
    pub reason: Option<Prose>,
}

impl ConversationState {
    pub const fn name(&self) -> ConversationStateName {
        match self {
            Self::Requested => ConversationStateName::Requested,
            Self::Planned { .. } => ConversationStateName::Planned,
            Self::Held { .. } => ConversationStateName::Held,
            Self::Missed { .. } => ConversationStateName::Missed,
            Self::Concluded { .. } => ConversationStateName::Concluded,
            Self::Cancelled { .. } => ConversationStateName::Cancelled,
        }
    }

    /// When it begins, began, or would have.
    pub const fn starts_at(&self) -> Option<Instant> {
        match self {
            Self::Requested => None,
            Self::Planned { starts_at }
            | Self::Held { starts_at, .. }
            | Self::Missed { starts_at, .. }
            | Self::Concluded { starts_at, .. } => Some(*starts_at),
            Self::Cancelled { starts_at, .. } => *starts_at,
        }
    }

    pub const fn face_to_face(&self) -> Option<bool> {
        match self {
            Self::Held { face_to_face, .. } | Self::Concluded { face_to_face, .. } => Some(*face_to_face),
            Self::Requested | Self::Planned { .. } | Self::Missed { .. } | Self::Cancelled { .. } => None,
        }
    }

    /// Why it was missed or cancelled, where someone said so.
    pub const fn reason(&self) -> Option<&Prose> {
        match self {
            Self::Missed { reason, .. } | Self::Cancelled { reason, .. } => reason.as_ref(),
            Self::Requested | Self::Planned { .. } | Self::Held { .. } | Self::Concluded { .. } => None,
        }
    }

    pub const fn concluded_at(&self) -> Option<Instant> {
        match self {
            Self::Concluded { concluded_at, .. } => Some(*concluded_at),
            Self::Requested | Self::Planned { .. } | Self::Held { .. } | Self::Missed { .. } | Self::Cancelled { .. } => None,
        }
    }

    /// The state out of its columns, or none where they do not fit together.
    pub fn from_parts(
        name: ConversationStateName,
        starts_at: Option<Instant>,
        face_to_face: Option<bool>,
        reason: Option<Prose>,
        concluded_at: Option<Instant>,
    ) -> Option<Self> {
        use ConversationStateName as N;
        match (name, starts_at, face_to_face, concluded_at) {
            (N::Requested, None, None, None) if reason.is_none() => Some(Self::Requested),
            (N::Planned, Some(starts_at), None, None) if reason.is_none() => Some(Self::Planned { starts_at }),
            (N::Held, Some(starts_at), Some(face_to_face), None) if reason.is_none() => {
                Some(Self::Held { starts_at, face_to_face })
            }
            (N::Missed, Some(starts_at), None, None) => Some(Self::Missed { starts_at, reason }),
            (N::Concluded, Some(starts_at), Some(face_to_face), Some(concluded_at)) if reason.is_none() => {
                Some(Self::Concluded { starts_at, face_to_face, concluded_at })
            }
            (N::Cancelled, starts_at, None, None) => Some(Self::Cancelled { starts_at, reason }),
            (N::Requested | N::Planned | N::Held | N::Missed | N::Concluded | N::Cancelled, ..) => None,
        }
    }
}
