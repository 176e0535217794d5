//! Where a programme is, each state with its own facts, and the same as columns.

use super::CloseOutcome;
use crate::access::Action;
use crate::kernel::{Instant, Text};

crate::words! {
    /// Where a programme is (SP-4, SP-5).
    pub enum ProgrammeStateName {
        Running = "running",
        Prolonged = "prolonged",
        /// One decision closed it.
        Closed = "closed",
        /// An accepted switch stopped it.
        Switched = "switched",
        /// The diploma came before its end.
        Graduated = "graduated",
    }
}

impl ProgrammeStateName {
    /// Is the student still in it?
    pub const fn is_open(self) -> bool {
        match self {
            Self::Running | Self::Prolonged => true,
            Self::Closed | Self::Switched | Self::Graduated => false,
        }
    }

    /// Which decisions it allows, whoever asks.
    pub const fn open_actions(self) -> &'static [Action] {
        if self.is_open() { &[Action::CloseProgramme] } else { &[] }
    }
}

/// Where a programme is, with what belongs to that (SP-4, SP-5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgrammeState {
    Running,
    Prolonged(Prolongation),
    Closed {
        prolonged: Option<Prolongation>,
        closing: Closing,
    },
    /// Stopped by an accepted switch.
    Switched {
        prolonged: Option<Prolongation>,
        at: Instant,
    },
    /// Stopped by the diploma: there is nothing left to decide at its end.
    Graduated {
        prolonged: Option<Prolongation>,
        at: Instant,
    },
}

/// More weeks, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prolongation {
    /// From 1 to 10.
    pub extra_weeks: u8,
    pub motivation: Text<4000>,
    pub at: Instant,
}

/// What student and coach decided at the end, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Never `prolong`.
    pub outcome: CloseOutcome,
    pub motivation: Text<4000>,
    pub at: Instant,
}

impl ProgrammeState {
    pub const fn name(&self) -> ProgrammeStateName {
        match self {
            Self::Running => ProgrammeStateName::Running,
            Self::Prolonged(_) => ProgrammeStateName::Prolonged,
            Self::Closed { .. } => ProgrammeStateName::Closed,
            Self::Switched { .. } => ProgrammeStateName::Switched,
            Self::Graduated { .. } => ProgrammeStateName::Graduated,
        }
    }

    /// Is the student still in it?
    pub const fn is_open(&self) -> bool {
        self.name().is_open()
    }

    pub const fn prolongation(&self) -> Option<&Prolongation> {
        match self {
            Self::Running => None,
            Self::Prolonged(prolongation) => Some(prolongation),
            Self::Closed { prolonged, .. } | Self::Switched { prolonged, .. } | Self::Graduated { prolonged, .. } => {
                prolonged.as_ref()
            }
        }
    }

    /// What was decided at the end.
    pub const fn closing(&self) -> Option<&Closing> {
        match self {
            Self::Closed { closing, .. } => Some(closing),
            Self::Running | Self::Prolonged(_) | Self::Switched { .. } | Self::Graduated { .. } => None,
        }
    }

    /// When something else than a decision of its own ended it.
    pub const fn stopped_at(&self) -> Option<Instant> {
        match self {
            Self::Switched { at, .. } | Self::Graduated { at, .. } => Some(*at),
            Self::Running | Self::Prolonged(_) | Self::Closed { .. } => None,
        }
    }

    /// The same as columns.
    pub fn parts(&self) -> ProgrammeParts {
        let (prolonged, closing) = (self.prolongation().cloned(), self.closing().cloned());
        ProgrammeParts { state: self.name(), prolonged, closing, stopped_at: self.stopped_at() }
    }
}

/// A state as columns hold it: the word, and every fact that some state has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeParts {
    pub state: ProgrammeStateName,
    /// Of `prolonged`, and of what came after it.
    pub prolonged: Option<Prolongation>,
    /// Of `closed`.
    pub closing: Option<Closing>,
    /// Of `switched` and `graduated`.
    pub stopped_at: Option<Instant>,
}

impl ProgrammeParts {
    /// The state that these make, or none where they do not fit together.
    pub fn state(self) -> Option<ProgrammeState> {
        match (self.state, self.prolonged, self.closing, self.stopped_at) {
            (ProgrammeStateName::Running, None, None, None) => Some(ProgrammeState::Running),
            (ProgrammeStateName::Prolonged, Some(prolongation), None, None) => Some(ProgrammeState::Prolonged(prolongation)),
            (ProgrammeStateName::Closed, prolonged, Some(closing), None) => Some(ProgrammeState::Closed { prolonged, closing }),
            (ProgrammeStateName::Switched, prolonged, None, Some(at)) => Some(ProgrammeState::Switched { prolonged, at }),
            (ProgrammeStateName::Graduated, prolonged, None, Some(at)) => Some(ProgrammeState::Graduated { prolonged, at }),
            (
                ProgrammeStateName::Running
                | ProgrammeStateName::Prolonged
                | ProgrammeStateName::Closed
                | ProgrammeStateName::Switched
                | ProgrammeStateName::Graduated,
                ..,
            ) => None,
        }
    }
}
