//! Where a switch is, each state with its own facts, and the same as columns.

use crate::kernel::{EnrolmentId, Instant, Text};

crate::words! {
    /// Where a switch is (EN-4).
    pub enum SwitchStateName {
        Requested = "requested",
        Accepted = "accepted",
        Refused = "refused",
        Withdrawn = "withdrawn",
    }
}

/// Where a switch is, with what belongs to that (EN-4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SwitchState {
    Requested,
    Accepted { at: Instant, enrolment_id: EnrolmentId, credited_weeks: u8 },
    Refused { at: Instant, reason: Text<4000> },
    Withdrawn { at: Instant },
}

impl SwitchState {
    pub const fn name(&self) -> SwitchStateName {
        match self {
            Self::Requested => SwitchStateName::Requested,
            Self::Accepted { .. } => SwitchStateName::Accepted,
            Self::Refused { .. } => SwitchStateName::Refused,
            Self::Withdrawn { .. } => SwitchStateName::Withdrawn,
        }
    }

    /// The same as columns.
    pub fn parts(&self) -> SwitchParts {
        let bare = SwitchParts { state: self.name(), answered_at: None, next_id: None, credited_weeks: None, refusal: None };
        match self.clone() {
            Self::Requested => bare,
            Self::Accepted { at, enrolment_id, credited_weeks } => {
                SwitchParts { answered_at: Some(at), next_id: Some(enrolment_id), credited_weeks: Some(credited_weeks), ..bare }
            }
            Self::Refused { at, reason } => SwitchParts { answered_at: Some(at), refusal: Some(reason), ..bare },
            Self::Withdrawn { at } => SwitchParts { answered_at: Some(at), ..bare },
        }
    }
}

/// A state as columns hold it: the word, and every fact that some state has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchParts {
    pub state: SwitchStateName,
    /// Of all but `requested`.
    pub answered_at: Option<Instant>,
    /// Of `accepted`: the enrolment that was made.
    pub next_id: Option<EnrolmentId>,
    /// Of `accepted`.
    pub credited_weeks: Option<u8>,
    /// Of `refused`: why.
    pub refusal: Option<Text<4000>>,
}

impl SwitchParts {
    /// The state that these make, or none where a fact is missing.
    pub fn state(self) -> Option<SwitchState> {
        Some(match self.state {
            SwitchStateName::Requested => SwitchState::Requested,
            SwitchStateName::Accepted => {
                SwitchState::Accepted { at: self.answered_at?, enrolment_id: self.next_id?, credited_weeks: self.credited_weeks? }
            }
            SwitchStateName::Refused => SwitchState::Refused { at: self.answered_at?, reason: self.refusal? },
            SwitchStateName::Withdrawn => SwitchState::Withdrawn { at: self.answered_at? },
        })
    }
}
