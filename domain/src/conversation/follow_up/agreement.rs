//! Agreements (afspraken): who does what, by when.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::ConversationFault as F;
use crate::access::Action;
use crate::kernel::{AgreementId, ConversationId, Event, Instant, PersonId, Refusal, StudentId, Subject, Text, Told};

crate::words! {
    /// Where an agreement is.
    pub enum AgreementStateName {
        Open = "open",
        Completed = "completed",
        Dropped = "dropped",
    }
}

impl AgreementStateName {
    /// Which decisions it allows, whoever asks.
    pub const fn open_actions(self) -> &'static [Action] {
        match self {
            Self::Open => &[Action::CompleteAgreement, Action::DropAgreement],
            Self::Completed | Self::Dropped => &[],
        }
    }
}

/// Where an agreement is, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgreementState {
    Open,
    Completed { at: Instant },
    Dropped { at: Instant },
}

impl AgreementState {
    pub const fn name(self) -> AgreementStateName {
        match self {
            Self::Open => AgreementStateName::Open,
            Self::Completed { .. } => AgreementStateName::Completed,
            Self::Dropped { .. } => AgreementStateName::Dropped,
        }
    }

    pub const fn decided_at(self) -> Option<Instant> {
        match self {
            Self::Open => None,
            Self::Completed { at } | Self::Dropped { at } => Some(at),
        }
    }

    /// The state out of its columns, or none where they do not fit together.
    pub const fn from_parts(name: AgreementStateName, decided_at: Option<Instant>) -> Option<Self> {
        match (name, decided_at) {
            (AgreementStateName::Open, None) => Some(Self::Open),
            (AgreementStateName::Completed, Some(at)) => Some(Self::Completed { at }),
            (AgreementStateName::Dropped, Some(at)) => Some(Self::Dropped { at }),
            (AgreementStateName::Open | AgreementStateName::Completed | AgreementStateName::Dropped, ..) => None,
        }
    }
}

/// What someone will do, as agreed in a conversation whose outcome counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub id: AgreementId,
    pub version: i64,
    pub student_id: StudentId,
    pub conversation_id: ConversationId,
    /// Of a conversation that is care: shown to nobody but who may know of that.
    pub care: bool,
    pub text: Text<1000>,
    /// Who keeps it.
    pub owner_id: PersonId,
    pub due_on: Option<NaiveDate>,
    pub state: AgreementState,
    pub created_at: Instant,
}

/// A decision on an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum AgreementDecision {
    /// It was kept.
    Complete {},
    /// It holds no longer.
    Drop {},
}

impl AgreementDecision {
    /// What its caller must be allowed to do.
    pub const fn action(self) -> Action {
        match self {
            Self::Complete {} => Action::CompleteAgreement,
            Self::Drop {} => Action::DropAgreement,
        }
    }
}

/// Who decides on an agreement.
#[derive(Clone, Copy, Debug)]
pub struct AgreementFacts {
    pub by: PersonId,
    /// The responsible coach now.
    pub coach_id: Option<PersonId>,
}

impl Agreement {
    /// Which decisions the state allows, whoever asks.
    pub const fn open_actions(&self) -> &'static [Action] {
        self.state.name().open_actions()
    }

    /// Decides on it: its owner, the student or the responsible coach.
    pub fn is_for(&self, facts: AgreementFacts) -> bool {
        let AgreementFacts { by, coach_id } = facts;
        by == self.owner_id || by == self.student_id.person() || Some(by) == coach_id
    }

    /// # Errors
    /// [`F::NotYoursToKeep`], or [`F::NotOpen`] where the state does not allow it.
    pub fn decide(&self, decision: AgreementDecision, now: Instant, facts: AgreementFacts) -> Result<Told<Self>, Refusal> {
        use {AgreementDecision as D, AgreementState as S};
        if !self.is_for(facts) {
            return Err(F::NotYoursToKeep.into());
        }
        let (state, what) = match (self.state, decision) {
            (S::Open, D::Complete {}) => (S::Completed { at: now }, "completed"),
            (S::Open, D::Drop {}) => (S::Dropped { at: now }, "dropped"),
            (S::Completed { .. } | S::Dropped { .. }, D::Complete {} | D::Drop {}) => {
                return Err(Refusal::illegal(F::NotOpen, self.state.name()));
            }
        };
        Ok(Self { version: self.version + 1, state, ..self.clone() }.told(what))
    }

    pub(super) fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::Agreement, self.id, self.version, what)
            .of_student(self.student_id)
            .now(self.state.name())
            .naming("conversationId", self.conversation_id);
        Told { thing: self, event }
    }
}
