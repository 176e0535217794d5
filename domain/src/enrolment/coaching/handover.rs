//! Handing a student over (EN-2): proposed, and answered by the new coach; until then nothing changes.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{AssignmentCause, CoachAssignment, Handed};
use crate::{
    access::Action,
    enrolment::EnrolmentFault as F,
    kernel::{
        CoachAssignmentId, Event, Findings, HandoverId, Instant, LandscapeId, PersonId, Refusal, StudentId, Subject, Text, Told,
    },
};

/// The proposal that another coach takes over (EN-2).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HandoverProposal {
    /// Who should take over: a coach of the student's landscape.
    pub coach_id: PersonId,
    /// Why.
    pub reason: Text<4000>,
}

/// A decision on a handover (EN-2).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum HandoverDecision {
    /// The proposed coach takes over, from this moment.
    Accept {},
    /// The proposed coach does not take over.
    Refuse {
        /// Why not.
        reason: Text<4000>,
    },
    /// It is no longer asked.
    Withdraw {},
}

impl HandoverDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::Accept {} => Action::AcceptHandover,
            Self::Refuse { .. } => Action::RefuseHandover,
            Self::Withdraw {} => Action::WithdrawHandover,
        }
    }
}

crate::words! {
    /// Where a handover is.
    pub enum HandoverStateName {
        Proposed = "proposed",
        Accepted = "accepted",
        Refused = "refused",
        Withdrawn = "withdrawn",
    }
}

/// Where a handover is, with what belongs to that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandoverState {
    Proposed,
    Accepted { at: Instant },
    Refused { at: Instant, reason: Text<4000> },
    Withdrawn { at: Instant },
}

impl HandoverState {
    pub const fn name(&self) -> HandoverStateName {
        match self {
            Self::Proposed => HandoverStateName::Proposed,
            Self::Accepted { .. } => HandoverStateName::Accepted,
            Self::Refused { .. } => HandoverStateName::Refused,
            Self::Withdrawn { .. } => HandoverStateName::Withdrawn,
        }
    }

    /// When it was answered or withdrawn.
    pub const fn answered_at(&self) -> Option<Instant> {
        match self {
            Self::Proposed => None,
            Self::Accepted { at } | Self::Refused { at, .. } | Self::Withdrawn { at } => Some(*at),
        }
    }

    /// Why it was refused.
    pub const fn refusal(&self) -> Option<&Text<4000>> {
        match self {
            Self::Refused { reason, .. } => Some(reason),
            Self::Proposed | Self::Accepted { .. } | Self::Withdrawn { .. } => None,
        }
    }

    /// The state out of its columns, or none where they do not fit together.
    pub fn from_parts(name: HandoverStateName, answered_at: Option<Instant>, refusal: Option<Text<4000>>) -> Option<Self> {
        match (name, answered_at, refusal) {
            (HandoverStateName::Proposed, None, None) => Some(Self::Proposed),
            (HandoverStateName::Accepted, Some(at), None) => Some(Self::Accepted { at }),
            (HandoverStateName::Refused, Some(at), Some(reason)) => Some(Self::Refused { at, reason }),
            (HandoverStateName::Withdrawn, Some(at), None) => Some(Self::Withdrawn { at }),
            (
                HandoverStateName::Proposed
                | HandoverStateName::Accepted
                | HandoverStateName::Refused
                | HandoverStateName::Withdrawn,
                ..,
            ) => None,
        }
    }
}

/// A proposal that another coach takes over, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Handover {
    pub id: HandoverId,
    pub version: i64,
    pub student_id: StudentId,
    pub landscape_id: LandscapeId,
    /// The coach who stays responsible until it is accepted.
    pub from_coach_id: PersonId,
    /// The coach who is asked.
    pub coach_id: PersonId,
    pub reason: Text<4000>,
    pub proposed_by: PersonId,
    pub proposed_at: Instant,
    pub state: HandoverState,
}

/// What is known around a handover.
#[derive(Clone, Copy, Debug)]
pub struct HandoverFacts<'a> {
    /// The link of the chain that is responsible now, if the stay is not over.
    pub current: Option<&'a CoachAssignment>,
    /// The landscape of the student's enrolment.
    pub landscape_id: LandscapeId,
    /// The proposed coach is a coach of that landscape now.
    pub is_coach_here: bool,
    /// Another handover of this student is proposed and unanswered.
    pub handover_open: bool,
    /// For the link that `accept` adds.
    pub assignment_id: CoachAssignmentId,
}

/// The handover as it now is, and the chain's new link once it is accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct HandoverOutcome {
    pub handover: Told<Handover>,
    pub handed: Option<Handed>,
}

impl Handover {
    /// Proposes that another coach takes over (EN-2).
    ///
    /// # Errors
    /// [`F::NoCoachNow`] or [`F::HandoverOpen`], otherwise everything that is wrong with the proposal.
    pub fn propose(
        id: HandoverId,
        proposal: HandoverProposal,
        by: PersonId,
        now: Instant,
        facts: HandoverFacts<'_>,
    ) -> Result<Told<Self>, Refusal> {
        let current = facts.current.ok_or(F::NoCoachNow)?;
        if facts.handover_open {
            return Err(F::HandoverOpen.into());
        }
        let mut findings = Findings::default();
        findings.note(!facts.is_coach_here, "/coachId", F::NotACoachThere).note(
            proposal.coach_id == current.coach_id,
            "/coachId",
            F::CoachAlready,
        );
        findings.settle()?;
        let handover = Self {
            id,
            version: 1,
            student_id: current.student_id,
            landscape_id: facts.landscape_id,
            from_coach_id: current.coach_id,
            coach_id: proposal.coach_id,
            reason: proposal.reason,
            proposed_by: by,
            proposed_at: now,
            state: HandoverState::Proposed,
        };
        Ok(handover.told("proposed"))
    }

    /// What the state allows, whoever asks.
    pub const fn open_actions(&self) -> &'static [Action] {
        match self.state {
            HandoverState::Proposed => &[Action::AcceptHandover, Action::RefuseHandover, Action::WithdrawHandover],
            HandoverState::Accepted { .. } | HandoverState::Refused { .. } | HandoverState::Withdrawn { .. } => &[],
        }
    }

    /// Takes a decision (EN-2). Accepting and refusing is for the coach who was asked, and for nobody else.
    ///
    /// # Errors
    /// [`F::NotOpen`], [`F::NotYoursToAnswer`], or that the chain went on meanwhile.
    pub fn decide(
        &self,
        decision: HandoverDecision,
        by: PersonId,
        now: Instant,
        facts: HandoverFacts<'_>,
    ) -> Result<HandoverOutcome, Refusal> {
        use {HandoverDecision as D, HandoverState as S};
        match (&self.state, decision) {
            (S::Proposed, D::Accept {} | D::Refuse { .. }) if by != self.coach_id => Err(F::NotYoursToAnswer.into()),
            (S::Proposed, D::Accept {}) => {
                let handed = self.hand_over(now, facts)?;
                Ok(HandoverOutcome { handover: self.next(S::Accepted { at: now }, "accepted"), handed: Some(handed) })
            }
            (S::Proposed, D::Refuse { reason }) => {
                Ok(HandoverOutcome { handover: self.next(S::Refused { at: now, reason }, "refused"), handed: None })
            }
            (S::Proposed, D::Withdraw {}) => Ok(HandoverOutcome { handover: self.withdrawn(now), handed: None }),
            (state @ (S::Accepted { .. } | S::Refused { .. } | S::Withdrawn { .. }), _) => {
                Err(Refusal::illegal(F::NotOpen, state.name()))
            }
        }
    }

    /// Withdraws an unanswered proposal because the chain ends or goes on without it.
    pub(crate) fn withdrawn(&self, now: Instant) -> Told<Self> {
        self.next(HandoverState::Withdrawn { at: now }, "withdrawn")
    }

    fn hand_over(&self, now: Instant, facts: HandoverFacts<'_>) -> Result<Handed, Refusal> {
        let current = facts.current.ok_or(F::NoCoachNow)?;
        if current.coach_id != self.from_coach_id {
            return Err(F::HandoverOutdated.into());
        }
        if !facts.is_coach_here {
            return Err(F::NotYoursToAnswer.into());
        }
        current.hand_over(facts.assignment_id, self.coach_id, AssignmentCause::Handover, Some(self.reason.clone()), now)
    }

    fn next(&self, state: HandoverState, what: &'static str) -> Told<Self> {
        Self { version: self.version + 1, state, ..self.clone() }.told(what)
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::Handover, self.id, self.version, what)
            .of_student(self.student_id)
            .in_landscape(self.landscape_id)
            .now(self.state.name())
            .naming("coachId", self.coach_id);
        Told { thing: self, event }
    }
}
