//! Where an enrolment is, each state with its own facts, and the same as columns.

use chrono::NaiveDate;

use crate::{
    enrolment::Leaving,
    kernel::{EnrolmentId, Instant, Text},
};

crate::words! {
    /// Where an enrolment is (EN-3).
    pub enum EnrolmentStateName {
        Provisional = "provisional",
        Definitive = "definitive",
        Graduated = "graduated",
        Switched = "switched",
        Left = "left",
    }
}

/// What a student wants and why, in their own words (EN-3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedMotivation {
    pub text: Text<4000>,
    pub stated_at: Instant,
}

/// Where an enrolment is, with what belongs to that (EN-3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolmentState {
    Provisional,
    Definitive { confirmed_at: Instant },
    Graduated { confirmed_at: Instant, at: Instant, graduated_on: NaiveDate },
    Switched { at: Instant, enrolment_id: EnrolmentId },
    Left { at: Instant, leaving: Leaving },
}

impl EnrolmentState {
    pub const fn name(&self) -> EnrolmentStateName {
        match self {
            Self::Provisional => EnrolmentStateName::Provisional,
            Self::Definitive { .. } => EnrolmentStateName::Definitive,
            Self::Graduated { .. } => EnrolmentStateName::Graduated,
            Self::Switched { .. } => EnrolmentStateName::Switched,
            Self::Left { .. } => EnrolmentStateName::Left,
        }
    }

    /// Is the student enrolled?
    pub const fn is_open(&self) -> bool {
        match self {
            Self::Provisional | Self::Definitive { .. } => true,
            Self::Graduated { .. } | Self::Switched { .. } | Self::Left { .. } => false,
        }
    }

    /// The same as columns.
    pub fn parts(&self) -> EnrolmentParts {
        let bare = EnrolmentParts {
            state: self.name(),
            confirmed_at: None,
            ended_at: None,
            graduated_on: None,
            next_id: None,
            leaving: None,
        };
        match self.clone() {
            Self::Provisional => bare,
            Self::Definitive { confirmed_at } => EnrolmentParts { confirmed_at: Some(confirmed_at), ..bare },
            Self::Graduated { confirmed_at, at, graduated_on } => {
                EnrolmentParts { confirmed_at: Some(confirmed_at), ended_at: Some(at), graduated_on: Some(graduated_on), ..bare }
            }
            Self::Switched { at, enrolment_id } => EnrolmentParts { ended_at: Some(at), next_id: Some(enrolment_id), ..bare },
            Self::Left { at, leaving } => EnrolmentParts { ended_at: Some(at), leaving: Some(leaving), ..bare },
        }
    }
}

/// A state as columns hold it: the word, and every fact that some state has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentParts {
    pub state: EnrolmentStateName,
    /// Of `definitive` and `graduated`.
    pub confirmed_at: Option<Instant>,
    /// Of `graduated`, `switched` and `left`.
    pub ended_at: Option<Instant>,
    /// Of `graduated`.
    pub graduated_on: Option<NaiveDate>,
    /// Of `switched`: the enrolment that it became.
    pub next_id: Option<EnrolmentId>,
    /// Of `left`.
    pub leaving: Option<Leaving>,
}

impl EnrolmentParts {
    /// The state that these make, or none where a fact is missing.
    pub fn state(self) -> Option<EnrolmentState> {
        Some(match self.state {
            EnrolmentStateName::Provisional => EnrolmentState::Provisional,
            EnrolmentStateName::Definitive => EnrolmentState::Definitive { confirmed_at: self.confirmed_at? },
            EnrolmentStateName::Graduated => EnrolmentState::Graduated {
                confirmed_at: self.confirmed_at?,
                at: self.ended_at?,
                graduated_on: self.graduated_on?,
            },
            EnrolmentStateName::Switched => EnrolmentState::Switched { at: self.ended_at?, enrolment_id: self.next_id? },
            EnrolmentStateName::Left => EnrolmentState::Left { at: self.ended_at?, leaving: self.leaving? },
        })
    }
}
