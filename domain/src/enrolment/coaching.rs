//! The responsible coach (EN-1, EN-2, EN-6): a chain without gaps or overlaps, and handing over along it.

mod handover;

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::EnrolmentFault as F;
use crate::kernel::{CoachAssignmentId, EnrolmentId, Instant, PersonId, Refusal, StudentId, Text};

pub use handover::{
    Handover, HandoverDecision, HandoverFacts, HandoverOutcome, HandoverProposal, HandoverState, HandoverStateName,
};

crate::words! {
    /// How someone came to be a student's coach.
    pub enum AssignmentCause {
        /// The student was placed.
        Placement = "placement",
        /// The coach before handed the student over.
        Handover = "handover",
        /// The student went on in another landscape.
        Switch = "switch",
    }
}

/// One link of a stay's chain: this coach is responsible from `from_at`, that moment included, until
/// `until_at`, that moment excluded. Only [`CoachAssignment::begin`] starts a chain, and only
/// [`CoachAssignment::hand_over`] adds to it, so at every moment of a stay there is exactly one (EN-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoachAssignment {
    pub id: CoachAssignmentId,
    pub version: i64,
    pub student_id: StudentId,
    /// The first enrolment of the stay.
    pub stay_id: EnrolmentId,
    pub coach_id: PersonId,
    pub from_at: Instant,
    /// None while responsible.
    pub until_at: Option<Instant>,
    /// The `until_at` of the link before, equal to `from_at`: what lets a database refuse gaps. None of the first.
    pub previous_until_at: Option<Instant>,
    pub cause: AssignmentCause,
    /// What was said about the change, if anything.
    pub reason: Option<Text<4000>>,
}

/// A handing over: two links that touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// The coach before, who has nothing the moment after.
    pub ended: CoachAssignment,
    pub begun: CoachAssignment,
}

impl CoachAssignment {
    /// Begins the chain of a stay (EN-1).
    pub const fn begin(
        id: CoachAssignmentId,
        student_id: StudentId,
        stay_id: EnrolmentId,
        coach_id: PersonId,
        at: Instant,
    ) -> Self {
        Self {
            id,
            version: 1,
            student_id,
            stay_id,
            coach_id,
            from_at: at,
            until_at: None,
            previous_until_at: None,
            cause: AssignmentCause::Placement,
            reason: None,
        }
    }

    /// Goes on with the next coach from the very moment at which this one stops (EN-2).
    ///
    /// # Errors
    /// [`F::ChainBroken`] where this link ended already or has not lasted: a chain is never mended afterwards.
    pub fn hand_over(
        &self,
        id: CoachAssignmentId,
        coach_id: PersonId,
        cause: AssignmentCause,
        reason: Option<Text<4000>>,
        at: Instant,
    ) -> Result<Handed, Refusal> {
        let ended = self.end(at)?;
        let (student_id, stay_id) = (self.student_id, self.stay_id);
        let begun =
            Self { previous_until_at: ended.until_at, cause, reason, ..Self::begin(id, student_id, stay_id, coach_id, at) };
        Ok(Handed { ended, begun })
    }

    /// When this link can end at the earliest: now, or right after it began where that was a moment later than
    /// `now`, because of two requests the one that was asked first came second.
    pub fn moment(&self, now: Instant) -> Instant {
        now.max(self.from_at + TimeDelta::microseconds(1))
    }

    /// Ends the chain: the stay is over.
    ///
    /// # Errors
    /// As [`CoachAssignment::hand_over`].
    pub fn end(&self, at: Instant) -> Result<Self, Refusal> {
        if self.until_at.is_some() || at <= self.from_at {
            return Err(F::ChainBroken.into());
        }
        Ok(Self { version: self.version + 1, until_at: Some(at), ..self.clone() })
    }
}

/// How many different coaches a student has had (EN-6).
pub fn coaches_of(chain: &[CoachAssignment]) -> usize {
    chain.iter().map(|link| link.coach_id).collect::<BTreeSet<_>>().len()
}
