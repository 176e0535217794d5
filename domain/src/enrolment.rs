//! Enrolment and coaching (EN-1 to EN-6): from placement to diploma or leaving, never without exactly one coach.
//!
//! Here stands the enrolment of a student and the decisions on it. Beside it:
//! - [`coaching`]: the chain of responsible coaches, and handing a student over.
//! - [`switch`]: going on in another landscape, in one step.
//! - [`leaving`]: what is recorded of a leaver, and what is computed from it.
//!
//! A *stay* is what a student calls being at school: one enrolment, or several that switches tie together. It
//! is named by its first enrolment, and it has one chain of coaches.

pub mod coaching;
mod faults;
pub mod leaving;
mod state;
pub mod switch;
#[cfg(test)]
mod tests;

use chrono::{Duration, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    access::Action,
    kernel::{
        CoachAssignmentId, Crebo, EnrolmentId, Event, Findings, Instant, KernelFault, LandscapeId, PersonId, Refusal, Route,
        StudentId, Subject, SwitchId, TeamId, Text, Told,
        time::{date_at, is_near},
    },
};

pub use coaching::{
    AssignmentCause, CoachAssignment, Handed, Handover, HandoverDecision, HandoverFacts, HandoverOutcome, HandoverProposal,
    HandoverState, HandoverStateName, coaches_of,
};
pub use faults::EnrolmentFault;
pub use leaving::{Leaving, LeavingCorrection, is_early_school_leaving};
pub use state::{EnrolmentParts, EnrolmentState, EnrolmentStateName, StatedMotivation};
pub use switch::{
    Switch, SwitchDecision, SwitchFacts, SwitchOutcome, SwitchParts, SwitchState, SwitchStateName, SwitchThen, Switched,
};

use EnrolmentFault as F;

/// For how long after a handover or switch was answered those whom it was put to are told so, when they answer again.
/// They see nothing of it any more (EN-2).
pub const ANSWER_IS_TOLD_FOR: Duration = Duration::days(14);

/// A decision on an enrolment (EN-3, EN-4, EN-5).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum EnrolmentDecision {
    /// The student says what they want and why; until the enrolment is definitive they may say it anew.
    StateMotivation {
        /// What I want and why.
        motivation: Text<4000>,
    },
    /// The coach makes the enrolment definitive, on the student's motivation.
    Confirm {},
    /// The student would rather go on in another landscape, in another field.
    #[serde(rename_all = "camelCase")]
    RequestSwitch {
        /// The landscape to go to.
        landscape_id: LandscapeId,
        /// Why.
        motivation: Text<4000>,
    },
    /// The student leaves the college without a diploma of this enrolment.
    #[serde(rename_all = "camelCase")]
    Leave {
        /// The last day at school.
        left_on: NaiveDate,
        /// Why.
        reason: Text<4000>,
        /// What the student goes on to.
        destination: Text<200>,
        /// Holds a basic qualification (startkwalificatie): havo, vwo, or mbo from level 2.
        basic_qualification: bool,
        /// Goes on in education elsewhere; false unless said.
        #[serde(default)]
        further_education: Option<bool>,
    },
    /// What is recorded of who left is corrected, or what was unknown then is filled in; what is absent stays (EN-5).
    #[serde(rename_all = "camelCase")]
    CorrectLeaving {
        /// The last day at school.
        #[serde(default)]
        left_on: Option<NaiveDate>,
        /// Why.
        #[serde(default)]
        reason: Option<Text<4000>>,
        /// What the student goes on to.
        #[serde(default)]
        destination: Option<Text<200>>,
        /// Holds a basic qualification (startkwalificatie): havo, vwo, or mbo from level 2.
        #[serde(default)]
        basic_qualification: Option<bool>,
        /// Goes on in education elsewhere.
        #[serde(default)]
        further_education: Option<bool>,
    },
    /// The student has the diploma.
    #[serde(rename_all = "camelCase")]
    Graduate {
        /// The day of the diploma.
        graduated_on: NaiveDate,
    },
}

impl EnrolmentDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::StateMotivation { .. } => Action::StateMotivation,
            Self::Confirm {} => Action::ConfirmEnrolment,
            Self::RequestSwitch { .. } => Action::RequestSwitch,
            Self::Leave { .. } => Action::Leave,
            Self::CorrectLeaving { .. } => Action::CorrectLeaving,
            Self::Graduate { .. } => Action::Graduate,
        }
    }
}

/// One enrolment of one student.
#[derive(Clone, Debug, PartialEq)]
pub struct Enrolment {
    pub id: EnrolmentId,
    pub version: i64,
    pub student_id: StudentId,
    /// The first enrolment of the stay: this one, or where the first of its switches began.
    pub stay_id: EnrolmentId,
    /// The enrolment that was switched to this one.
    pub previous_id: Option<EnrolmentId>,
    pub landscape_id: LandscapeId,
    pub team_id: TeamId,
    pub crebo: Crebo,
    pub route: Route,
    pub starts_on: NaiveDate,
    /// What the student wants and why (EN-3).
    pub motivation: Option<StatedMotivation>,
    /// The switch that was requested and is unanswered: one at a time.
    pub open_switch_id: Option<SwitchId>,
    pub state: EnrolmentState,
}

/// What an enrolment begins with (EN-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewEnrolment {
    pub id: EnrolmentId,
    pub student_id: StudentId,
    pub landscape_id: LandscapeId,
    pub team_id: TeamId,
    pub coach_id: PersonId,
    pub crebo: Crebo,
    pub route: Route,
    pub starts_on: NaiveDate,
}

/// A student with a coach, at once (EN-1).
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub enrolment: Told<Enrolment>,
    pub coach: CoachAssignment,
}

/// What surrounds an enrolment at this moment.
#[derive(Clone, Copy, Debug)]
pub struct EnrolmentFacts<'a> {
    /// The link of the coach chain that is responsible now; none only where the stay is over.
    pub coach: Option<&'a CoachAssignment>,
    /// The handover that is proposed and unanswered.
    pub handover: Option<&'a Handover>,
    /// The switch of `open_switch_id`.
    pub switch: Option<&'a Switch>,
    /// The landscape of `requestSwitch` exists.
    pub landscape_known: bool,
    /// For the switch that `requestSwitch` makes.
    pub switch_id: SwitchId,
}

/// The enrolment as it now is, and what else must happen in the same transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct EnrolmentOutcome {
    pub enrolment: Told<Enrolment>,
    pub then: EnrolmentThen,
}

/// What else a decision on an enrolment makes happen.
#[derive(Clone, Debug, PartialEq)]
pub enum EnrolmentThen {
    Nothing,
    SwitchRequested(Box<Told<Switch>>),
    /// The stay is over: its chain ends, and what was still asked is withdrawn.
    Ended(Box<Ending>),
}

/// What ends along with a stay.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    pub coach: CoachAssignment,
    pub handover: Option<Told<Handover>>,
    pub switch: Option<Told<Switch>>,
}

impl Enrolment {
    /// Enrols a student provisionally, with a coach from the same moment (EN-1). Whether team, coach and
    /// qualification fit was decided on placement.
    pub fn place(new: NewEnrolment, assignment_id: CoachAssignmentId, now: Instant) -> Placed {
        let coach = CoachAssignment::begin(assignment_id, new.student_id, new.id, new.coach_id, now);
        let enrolment = Self {
            id: new.id,
            version: 1,
            student_id: new.student_id,
            stay_id: new.id,
            previous_id: None,
            landscape_id: new.landscape_id,
            team_id: new.team_id,
            crebo: new.crebo,
            route: new.route,
            starts_on: new.starts_on,
            motivation: None,
            open_switch_id: None,
            state: EnrolmentState::Provisional,
        };
        Placed { enrolment: enrolment.told("placed"), coach }
    }

    /// What the state allows, whoever asks (EN-3).
    pub fn open_actions(&self) -> Vec<Action> {
        let by_state: &[Action] = match self.state {
            EnrolmentState::Provisional => {
                &[Action::StateMotivation, Action::ConfirmEnrolment, Action::RequestSwitch, Action::Leave]
            }
            EnrolmentState::Definitive { .. } => &[Action::RequestSwitch, Action::Leave, Action::Graduate],
            EnrolmentState::Left { .. } => &[Action::CorrectLeaving],
            EnrolmentState::Graduated { .. } | EnrolmentState::Switched { .. } => &[],
        };
        let is_open = |action: &Action| match action {
            Action::ConfirmEnrolment => self.motivation.is_some(),
            Action::RequestSwitch => self.open_switch_id.is_none(),
            _ => true,
        };
        by_state.iter().copied().filter(is_open).collect()
    }

    /// Takes a decision (EN-3, EN-4, EN-5).
    ///
    /// # Errors
    /// [`F::NotOpen`], [`F::MotivationMissing`] or [`F::SwitchOpen`] where the state does not allow it, otherwise
    /// everything that is wrong with it.
    pub fn decide(
        &self,
        decision: EnrolmentDecision,
        by: PersonId,
        now: Instant,
        facts: EnrolmentFacts<'_>,
    ) -> Result<EnrolmentOutcome, Refusal> {
        use {EnrolmentDecision as D, EnrolmentState as S};
        match (&self.state, decision) {
            (S::Provisional, D::StateMotivation { motivation: text }) => {
                let motivation = Some(StatedMotivation { text, stated_at: now });
                Ok(Self { motivation, ..self.clone() }.next("motivationStated"))
            }
            (S::Provisional, D::Confirm {}) if self.motivation.is_none() => Err(self.refused(F::MotivationMissing)),
            (S::Provisional, D::Confirm {}) => {
                Ok(Self { state: S::Definitive { confirmed_at: now }, ..self.clone() }.next("confirmed"))
            }
            (S::Provisional | S::Definitive { .. }, D::RequestSwitch { .. }) if self.open_switch_id.is_some() => {
                Err(self.refused(F::SwitchOpen))
            }
            (S::Provisional | S::Definitive { .. }, D::RequestSwitch { landscape_id, motivation }) => {
                self.request_switch(landscape_id, motivation, by, now, facts)
            }
            (
                S::Provisional | S::Definitive { .. },
                D::Leave { left_on, reason, destination, basic_qualification, further_education },
            ) => {
                let (destination, further_education) = (Some(destination), further_education.unwrap_or(false));
                let basic_qualification = Some(basic_qualification);
                self.leave(Leaving { left_on, reason, destination, basic_qualification, further_education }, now, facts)
            }
            (
                S::Left { at, leaving },
                D::CorrectLeaving { left_on, reason, destination, basic_qualification, further_education },
            ) => {
                let correction = LeavingCorrection { left_on, reason, destination, basic_qualification, further_education };
                self.correct_leaving(*at, leaving, correction)
            }
            (S::Definitive { confirmed_at }, D::Graduate { graduated_on }) => {
                let state = S::Graduated { confirmed_at: *confirmed_at, at: now, graduated_on };
                self.end(state, (graduated_on, "/graduatedOn", F::GraduatedImplausible), "graduated", now, facts)
            }
            (S::Provisional, D::Graduate { .. } | D::CorrectLeaving { .. })
            | (S::Definitive { .. }, D::StateMotivation { .. } | D::Confirm {} | D::CorrectLeaving { .. })
            | (S::Graduated { .. } | S::Switched { .. } | S::Left { .. }, _) => Err(self.refused(F::NotOpen)),
        }
    }

    /// The student leaves (EN-5): by decision, or at the close of the start programme (SP-5), where less may be known.
    ///
    /// # Errors
    /// As [`Enrolment::decide`].
    pub fn leave(&self, leaving: Leaving, now: Instant, facts: EnrolmentFacts<'_>) -> Result<EnrolmentOutcome, Refusal> {
        if !self.state.is_open() {
            return Err(self.refused(F::NotOpen));
        }
        let date = (leaving.left_on, "/leftOn", F::LeftImplausible);
        self.end(EnrolmentState::Left { at: now, leaving }, date, "left", now, facts)
    }

    /// What was recorded of who left is said better; the stay ended when it did.
    fn correct_leaving(
        &self,
        at: Instant,
        leaving: &Leaving,
        correction: LeavingCorrection,
    ) -> Result<EnrolmentOutcome, Refusal> {
        let plausible = correction.left_on.is_none_or(|left_on| self.could_end_on(left_on, at));
        let mut findings = Findings::default();
        findings.note(correction.is_empty(), "", F::NothingToCorrect).note(!plausible, "/leftOn", F::LeftImplausible);
        findings.settle()?;
        let leaving = leaving.clone().corrected(correction);
        Ok(Self { state: EnrolmentState::Left { at, leaving }, ..self.clone() }.next("leavingCorrected"))
    }

    /// Can a stay that ends at `now` have this last day? Who leaves before the start leaves today.
    fn could_end_on(&self, date: NaiveDate, now: Instant) -> bool {
        let today = date_at(now);
        is_near(date, now) && (self.starts_on.min(today)..=today).contains(&date)
    }

    fn request_switch(
        &self,
        landscape_id: LandscapeId,
        motivation: Text<4000>,
        by: PersonId,
        now: Instant,
        facts: EnrolmentFacts<'_>,
    ) -> Result<EnrolmentOutcome, Refusal> {
        let mut findings = Findings::default();
        findings.note(!facts.landscape_known, "/landscapeId", KernelFault::UnknownReference).note(
            landscape_id == self.landscape_id,
            "/landscapeId",
            F::SameLandscape,
        );
        findings.settle()?;
        let switch = Switch::request(facts.switch_id, self, landscape_id, motivation, by, now);
        let mut outcome = Self { open_switch_id: Some(facts.switch_id), ..self.clone() }.next("switchRequested");
        outcome.enrolment.event = outcome.enrolment.event.naming("switchId", facts.switch_id);
        Ok(EnrolmentOutcome { then: EnrolmentThen::SwitchRequested(Box::new(switch)), ..outcome })
    }

    /// Ends the stay at this moment: the date is what registers report, the decision is what ends it.
    fn end(
        &self,
        state: EnrolmentState,
        (date, pointer, fault): (NaiveDate, &str, F),
        what: &'static str,
        now: Instant,
        facts: EnrolmentFacts<'_>,
    ) -> Result<EnrolmentOutcome, Refusal> {
        let mut findings = Findings::default();
        findings.note(!self.could_end_on(date, now), pointer, fault);
        findings.settle()?;
        let coach = facts.coach.ok_or(F::ChainBroken)?.end(now)?;
        let handover = facts.handover.map(|handover| handover.withdrawn(now));
        let switch = facts.switch.map(|switch| switch.withdrawn(now));
        let outcome = Self { state, open_switch_id: None, ..self.clone() }.next(what);
        Ok(EnrolmentOutcome { then: EnrolmentThen::Ended(Box::new(Ending { coach, handover, switch })), ..outcome })
    }

    fn refused(&self, fault: F) -> Refusal {
        Refusal::illegal(fault, self.state.name())
    }

    fn next(self, what: &'static str) -> EnrolmentOutcome {
        let enrolment = Self { version: self.version + 1, ..self };
        EnrolmentOutcome { enrolment: enrolment.told(what), then: EnrolmentThen::Nothing }
    }

    /// The student is in another team of the same landscape from now on.
    pub fn in_team(&self, team_id: TeamId) -> Told<Self> {
        let mut told = Self { team_id, ..self.clone() }.next("teamChanged").enrolment;
        told.event = told.event.naming("teamId", team_id);
        told
    }

    /// Another coach is responsible from now on (EN-2): who reads the enrolment hears of it.
    pub fn coached_by(&self, coach_id: PersonId) -> Told<Self> {
        let mut told = self.clone().next("coachChanged").enrolment;
        told.event = told.event.naming("coachId", coach_id);
        told
    }

    /// The switch was answered with no, or withdrawn: another may be requested.
    pub(crate) fn without_switch(&self) -> Told<Self> {
        Self { open_switch_id: None, ..self.clone() }.next("switchNotMade").enrolment
    }

    /// The switch was accepted: this enrolment is over, and the stay goes on in `to` (EN-4).
    pub(crate) fn switched(&self, to: EnrolmentId, now: Instant) -> Told<Self> {
        let state = EnrolmentState::Switched { at: now, enrolment_id: to };
        Self { state, open_switch_id: None, ..self.clone() }.next("switched").enrolment
    }

    pub(crate) fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::Enrolment, self.id, self.version, what)
            .of_student(self.student_id)
            .in_landscape(self.landscape_id)
            .now(self.state.name());
        Told { thing: self, event }
    }
}
