//! A switch to another landscape (EN-4): requested from one side, completed by the other, never a leaving.

mod state;

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AssignmentCause, CoachAssignment, Enrolment, EnrolmentFault as F, EnrolmentState, Handed, Handover};
use crate::{
    access::Action,
    kernel::{
        CoachAssignmentId, Crebo, EnrolmentId, Event, Findings, Instant, KernelFault, LandscapeId, PersonId, Refusal, StudentId,
        Subject, SwitchId, TeamId, Text, Told,
        time::{date_at, is_near},
    },
};

pub use state::{SwitchParts, SwitchState, SwitchStateName};

/// The most weeks of a start programme that can be credited.
const WEEKS_CREDITED_AT_MOST: u8 = 10;

/// A decision on a switch (EN-4).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum SwitchDecision {
    /// A coach of the receiving landscape takes the student in, from this moment.
    #[serde(rename_all = "camelCase")]
    Accept {
        /// A team of the receiving landscape.
        team_id: TeamId,
        /// The coach from now on: one of the receiving landscape.
        coach_id: PersonId,
        /// The qualification from now on.
        crebo: Crebo,
        /// How many weeks of the start programme count as done: no more than were done.
        #[schema(minimum = 0, maximum = 10)]
        credited_weeks: u8,
        /// The first day in the new landscape; today unless said.
        #[serde(default)]
        starts_on: Option<NaiveDate>,
    },
    /// The receiving landscape does not take the student in.
    Refuse {
        /// Why not.
        reason: Text<4000>,
    },
    /// It is no longer asked.
    Withdraw {},
}

impl SwitchDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::Accept { .. } => Action::AcceptSwitch,
            Self::Refuse { .. } => Action::RefuseSwitch,
            Self::Withdraw {} => Action::WithdrawSwitch,
        }
    }
}

/// A request to go on in another landscape, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Switch {
    pub id: SwitchId,
    pub version: i64,
    pub student_id: StudentId,
    /// The enrolment that is switched.
    pub enrolment_id: EnrolmentId,
    pub from_landscape_id: LandscapeId,
    /// The receiving landscape.
    pub landscape_id: LandscapeId,
    pub motivation: Text<4000>,
    pub requested_by: PersonId,
    pub requested_at: Instant,
    pub state: SwitchState,
}

/// What is known around a switch, and the ids for what it makes.
#[derive(Clone, Copy, Debug)]
pub struct SwitchFacts<'a> {
    /// The enrolment that is switched.
    pub enrolment: &'a Enrolment,
    /// The link of the coach chain that is responsible now.
    pub coach: Option<&'a CoachAssignment>,
    /// The handover that is proposed and unanswered.
    pub handover: Option<&'a Handover>,
    /// Who decides is a coach of the receiving landscape now.
    pub is_receiving: bool,
    /// The coach of `accept` is a coach of the receiving landscape now.
    pub is_coach_there: bool,
    /// The landscape of the team of `accept`, if there is such a team.
    pub team_landscape_id: Option<LandscapeId>,
    /// The crebo number of `accept` is in a qualification dossier.
    pub crebo_known: bool,
    /// How many weeks of the start programme were done.
    pub weeks_done: u8,
    /// For the enrolment that `accept` makes.
    pub enrolment_id: EnrolmentId,
    /// For the link that `accept` adds.
    pub assignment_id: CoachAssignmentId,
}

/// The switch as it now is, and what else must happen in the same transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct SwitchOutcome {
    pub switch: Told<Switch>,
    pub then: SwitchThen,
}

/// What else a decision on a switch makes happen.
#[derive(Clone, Debug, PartialEq)]
pub enum SwitchThen {
    /// The stay goes on in the receiving landscape.
    Accepted(Box<Switched>),
    /// The enrolment stays what it was, and another switch may be requested.
    NotMade(Box<Told<Enrolment>>),
}

/// A stay that goes on elsewhere: all at one moment (EN-4).
#[derive(Clone, Debug, PartialEq)]
pub struct Switched {
    pub from: Told<Enrolment>,
    pub to: Told<Enrolment>,
    pub coaches: Handed,
    /// A handover that was still unanswered is withdrawn.
    pub handover: Option<Told<Handover>>,
    /// How many weeks of the start programme count as done in the new one.
    pub credited_weeks: u8,
}

impl Switch {
    pub(crate) fn request(
        id: SwitchId,
        enrolment: &Enrolment,
        landscape_id: LandscapeId,
        motivation: Text<4000>,
        by: PersonId,
        now: Instant,
    ) -> Told<Self> {
        let switch = Self {
            id,
            version: 1,
            student_id: enrolment.student_id,
            enrolment_id: enrolment.id,
            from_landscape_id: enrolment.landscape_id,
            landscape_id,
            motivation,
            requested_by: by,
            requested_at: now,
            state: SwitchState::Requested,
        };
        switch.told("requested")
    }

    /// What the state allows, whoever asks.
    pub const fn open_actions(&self) -> &'static [Action] {
        match self.state {
            SwitchState::Requested => &[Action::AcceptSwitch, Action::RefuseSwitch, Action::WithdrawSwitch],
            SwitchState::Accepted { .. } | SwitchState::Refused { .. } | SwitchState::Withdrawn { .. } => &[],
        }
    }

    /// Takes a decision (EN-4). Accepting and refusing is for coaches of the receiving landscape.
    ///
    /// # Errors
    /// [`F::NotOpen`] or [`F::NotYoursToAnswer`], otherwise everything that is wrong with it.
    pub fn decide(&self, decision: SwitchDecision, now: Instant, facts: SwitchFacts<'_>) -> Result<SwitchOutcome, Refusal> {
        use {SwitchDecision as D, SwitchState as S};
        let not_made = || SwitchThen::NotMade(Box::new(facts.enrolment.without_switch()));
        match (&self.state, decision) {
            (S::Requested, D::Accept { .. } | D::Refuse { .. }) if !facts.is_receiving => Err(F::NotYoursToAnswer.into()),
            (S::Requested, D::Accept { team_id, coach_id, crebo, credited_weeks, starts_on }) => {
                let starts_on = starts_on.unwrap_or_else(|| date_at(now));
                self.check(credited_weeks, starts_on, now, facts)?;
                let enrolment = facts.enrolment;
                let to = Enrolment {
                    id: facts.enrolment_id,
                    version: 1,
                    previous_id: Some(enrolment.id),
                    landscape_id: self.landscape_id,
                    team_id,
                    crebo,
                    starts_on,
                    // Another field asks for another motivation before it is definitive (EN-3).
                    motivation: None,
                    open_switch_id: None,
                    state: EnrolmentState::Provisional,
                    ..enrolment.clone()
                };
                let coach = facts.coach.ok_or(F::ChainBroken)?;
                let coaches = coach.hand_over(facts.assignment_id, coach_id, AssignmentCause::Switch, None, now)?;
                let state = S::Accepted { at: now, enrolment_id: to.id, credited_weeks };
                let switched = Switched {
                    from: enrolment.switched(to.id, now),
                    to: to.told("placed"),
                    coaches,
                    handover: facts.handover.map(|handover| handover.withdrawn(now)),
                    credited_weeks,
                };
                Ok(SwitchOutcome { switch: self.next(state, "accepted"), then: SwitchThen::Accepted(Box::new(switched)) })
            }
            (S::Requested, D::Refuse { reason }) => {
                Ok(SwitchOutcome { switch: self.next(S::Refused { at: now, reason }, "refused"), then: not_made() })
            }
            (S::Requested, D::Withdraw {}) => Ok(SwitchOutcome { switch: self.withdrawn(now), then: not_made() }),
            (state @ (S::Accepted { .. } | S::Refused { .. } | S::Withdrawn { .. }), _) => {
                Err(Refusal::illegal(F::NotOpen, state.name()))
            }
        }
    }

    fn check(&self, credited_weeks: u8, starts_on: NaiveDate, now: Instant, facts: SwitchFacts<'_>) -> Result<(), Refusal> {
        let team_elsewhere = facts.team_landscape_id.is_some_and(|landscape_id| landscape_id != self.landscape_id);
        let mut findings = Findings::default();
        findings
            .note(facts.team_landscape_id.is_none(), "/teamId", KernelFault::UnknownReference)
            .note(team_elsewhere, "/teamId", F::TeamElsewhere)
            .note(!facts.is_coach_there, "/coachId", F::NotACoachThere)
            .note(!facts.crebo_known, "/crebo", F::CreboUnknown)
            .note(credited_weeks > facts.weeks_done.min(WEEKS_CREDITED_AT_MOST), "/creditedWeeks", F::TooManyWeeksCredited)
            .note(!is_near(starts_on, now), "/startsOn", F::StartImplausible);
        findings.settle()
    }

    /// Withdraws an unanswered request because the stay ends.
    pub(crate) fn withdrawn(&self, now: Instant) -> Told<Self> {
        self.next(SwitchState::Withdrawn { at: now }, "withdrawn")
    }

    fn next(&self, state: SwitchState, what: &'static str) -> Told<Self> {
        Self { version: self.version + 1, state, ..self.clone() }.told(what)
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::Switch, self.id, self.version, what)
            .of_student(self.student_id)
            .in_landscape(self.landscape_id)
            .now(self.state.name())
            .naming("enrolmentId", self.enrolment_id);
        Told { thing: self, event }
    }
}
