//! One applicant at one landscape (IN-3, IN-4): the scout, the interview, and what was decided.
//!
//! A redirect makes a new application that starts `submitted` at the other landscape, like any other: its
//! scouts have met nobody yet, and no state is skipped. It carries the interview along as the earlier scout
//! left it ([`Application::carried`]), for them to read before their own.

mod body;
mod state;
#[cfg(test)]
mod tests;

use chrono::Duration;

use super::OrientationFault as F;
use crate::{
    access::Action,
    kernel::{
        ApplicationId, Crebo, EnrolmentId, Event, Findings, Instant, KernelFault, LandscapeId, PersonId, Refusal, Route,
        StudentId, Subject, TeamId, Text, Told,
        time::{date_at, is_birth_date, is_near},
    },
};

pub use body::{ApplicationDecision, NewApplication};
pub use state::{
    ApplicationParts, ApplicationState, ApplicationStateName, Interview, InterviewFindings, InterviewPlan, InterviewRecord,
};

/// How long the scouts of a landscape still see an application after its decision (`access.md`, SC).
const SCOUT_SEES_FOR: Duration = Duration::days(14);

/// One applicant at one landscape.
#[derive(Clone, Debug, PartialEq)]
pub struct Application {
    pub id: ApplicationId,
    pub version: i64,
    pub landscape_id: LandscapeId,
    pub applicant_id: PersonId,
    /// What the applicant wants here and why.
    pub motivation: Text<4000>,
    /// The qualification that the applicant wishes for, if there is one yet.
    pub crebo: Option<Crebo>,
    /// The application at another landscape that was redirected here.
    pub redirected_from: Option<ApplicationId>,
    /// The interview that was held there: the newest record of `redirected_from`, which no longer changes.
    pub carried: Option<InterviewRecord>,
    pub submitted_at: Instant,
    /// When the last step was taken; corrections are no steps.
    pub stepped_at: Instant,
    pub state: ApplicationState,
}

/// What others know about the ids that a decision names, and the ids for what it makes.
#[derive(Clone, Copy, Debug)]
pub struct ApplicationFacts {
    /// The person of `assignScout` is a scout of the application's landscape now.
    pub is_scout_here: bool,
    /// The person of `place` is a coach of the application's landscape now.
    pub is_coach_here: bool,
    /// The landscape of the team of `place`, if there is such a team.
    pub team_landscape_id: Option<LandscapeId>,
    /// The applicant has an enrolment that is provisional or definitive.
    pub enrolled_already: bool,
    /// The landscape of `redirect` exists.
    pub landscape_known: bool,
    /// For the enrolment that `place` makes.
    pub enrolment_id: EnrolmentId,
    /// For the application that `redirect` makes.
    pub application_id: ApplicationId,
}

/// The application as it now is, and what else must happen in the same transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplicationOutcome {
    pub application: Told<Application>,
    pub then: ApplicationThen,
}

/// What else a decision on an application makes happen.
#[derive(Clone, Debug, PartialEq)]
pub enum ApplicationThen {
    Nothing,
    /// A version of the interview is kept (IN-4): the record of [`ApplicationState::Interviewed`].
    InterviewKept,
    /// A provisional enrolment with its coach begins (EN-1), and a start programme (SP-2).
    Placed(Placement),
    /// The other landscape gets an application (IN-3).
    Redirected(Box<Told<Application>>),
}

/// Where an applicant was placed: all that an enrolment begins with (EN-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    pub enrolment_id: EnrolmentId,
    /// None of who came otherwise, such as with an import.
    pub application_id: Option<ApplicationId>,
    pub student_id: StudentId,
    pub landscape_id: LandscapeId,
    pub team_id: TeamId,
    pub coach_id: PersonId,
    pub crebo: Crebo,
    pub route: Route,
    pub starts_on: chrono::NaiveDate,
}

impl Application {
    /// Takes in an application (IN-3); the applicant is known or made beforehand.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn submit(
        id: ApplicationId,
        new: NewApplication,
        applicant_id: PersonId,
        now: Instant,
        landscape_known: bool,
    ) -> Result<Told<Self>, Refusal> {
        let mut findings = Findings::default();
        findings.note(!landscape_known, "/landscapeId", KernelFault::UnknownReference).note(
            !is_birth_date(new.birth_date, now),
            "/birthDate",
            F::BirthDateImplausible,
        );
        findings.settle()?;
        let application = Self {
            id,
            version: 1,
            landscape_id: new.landscape_id,
            applicant_id,
            motivation: new.motivation,
            crebo: new.crebo,
            redirected_from: None,
            carried: None,
            submitted_at: now,
            stepped_at: now,
            state: ApplicationState::Submitted,
        };
        Ok(application.told("submitted"))
    }

    /// What the state allows, whoever asks (IN-3).
    pub fn open_actions(&self) -> &'static [Action] {
        match &self.state {
            ApplicationState::Submitted => &[Action::AssignScout, Action::WithdrawApplication],
            ApplicationState::ScoutAssigned { .. } => &[Action::PlanInterview, Action::WithdrawApplication],
            ApplicationState::InterviewPlanned { .. } => &[Action::RecordInterview, Action::WithdrawApplication],
            ApplicationState::Interviewed(_) => &[
                Action::CorrectInterview,
                Action::Place,
                Action::Redirect,
                Action::AdviseOrientation,
                Action::WithdrawApplication,
            ],
            ApplicationState::Placed { .. }
            | ApplicationState::Redirected { .. }
            | ApplicationState::Orienting { .. }
            | ApplicationState::Withdrawn { .. } => &[],
        }
    }

    /// What the state allows this person: an interview is corrected by its author alone (IN-4).
    pub fn open_to(&self, by: Option<PersonId>) -> Vec<Action> {
        let author = self.state.interview().map(|interview| interview.record.author_id);
        let theirs = |action: &Action| *action != Action::CorrectInterview || author == by;
        self.open_actions().iter().copied().filter(theirs).collect()
    }

    /// Until when the scouts of the landscape see it: none while it is undecided.
    pub fn scout_until(&self) -> Option<Instant> {
        self.state.is_final().then(|| self.stepped_at + SCOUT_SEES_FOR)
    }

    /// Takes a decision (IN-3, IN-4).
    ///
    /// # Errors
    /// [`F::NotOpen`] where the state does not allow it, otherwise everything that is wrong with it.
    pub fn decide(
        &self,
        decision: ApplicationDecision,
        by: PersonId,
        now: Instant,
        facts: &ApplicationFacts,
    ) -> Result<ApplicationOutcome, Refusal> {
        use {ApplicationDecision as D, ApplicationState as S};
        match (self.state.clone(), decision) {
            (S::Submitted, D::AssignScout { scout_id }) => {
                let mut findings = Findings::default();
                findings.note(!facts.is_scout_here, "/scoutId", F::NotAScoutHere);
                findings.settle()?;
                Ok(self.step(S::ScoutAssigned { scout_id }, now, "scoutAssigned"))
            }
            (S::ScoutAssigned { scout_id }, D::PlanInterview { starts_at, place }) => {
                self.plan(scout_id, InterviewPlan { starts_at, place }, now)
            }
            (
                S::InterviewPlanned { scout_id, plan },
                D::RecordInterview { career_picture, career_perspective, strengths, support_needs, advice },
            ) => {
                let findings = InterviewFindings { career_picture, career_perspective, strengths, support_needs, advice };
                let record = InterviewRecord { number: 1, author_id: by, recorded_at: now, findings };
                Ok(self.step(S::Interviewed(Interview { scout_id, plan, record }), now, "interviewRecorded").keeping_interview())
            }
            (
                S::Interviewed(interview),
                D::CorrectInterview { career_picture, career_perspective, strengths, support_needs, advice },
            ) => {
                let findings = InterviewFindings { career_picture, career_perspective, strengths, support_needs, advice };
                self.correct(interview, findings, by, now)
            }
            (S::Interviewed(interview), D::Place { team_id, coach_id, crebo, route, starts_on }) => {
                let enrolment_id = facts.enrolment_id;
                let (student_id, landscape_id) = (self.applicant_id.student(), self.landscape_id);
                let application_id = Some(self.id);
                let placement = Placement {
                    enrolment_id,
                    application_id,
                    student_id,
                    landscape_id,
                    team_id,
                    coach_id,
                    crebo,
                    route,
                    starts_on,
                };
                self.place(interview, placement, now, facts)
            }
            (S::Interviewed(interview), D::Redirect { landscape_id, reason }) => {
                self.redirect(interview, landscape_id, reason, now, facts)
            }
            (S::Interviewed(interview), D::AdviseOrientation { advice }) => {
                Ok(self.step(S::Orienting { interview, advice }, now, "orientationAdvised"))
            }
            (
                from @ (S::Submitted | S::ScoutAssigned { .. } | S::InterviewPlanned { .. } | S::Interviewed(_)),
                D::Withdraw { reason },
            ) => Ok(self.step(S::Withdrawn { from: Box::new(from), reason }, now, "withdrawn")),
            (S::ScoutAssigned { .. } | S::InterviewPlanned { .. } | S::Interviewed(_), D::AssignScout { .. })
            | (S::Submitted | S::InterviewPlanned { .. } | S::Interviewed(_), D::PlanInterview { .. })
            | (S::Submitted | S::ScoutAssigned { .. } | S::Interviewed(_), D::RecordInterview { .. })
            | (
                S::Submitted | S::ScoutAssigned { .. } | S::InterviewPlanned { .. },
                D::CorrectInterview { .. } | D::Place { .. } | D::Redirect { .. } | D::AdviseOrientation { .. },
            )
            | (S::Placed { .. } | S::Redirected { .. } | S::Orienting { .. } | S::Withdrawn { .. }, _) => {
                Err(Refusal::illegal(F::NotOpen, self.state.name()))
            }
        }
    }

    /// A talk that nobody planned here is planned afterwards, since no state is skipped; it is only not to be years away.
    fn plan(&self, scout_id: PersonId, plan: InterviewPlan, now: Instant) -> Result<ApplicationOutcome, Refusal> {
        let mut findings = Findings::default();
        findings.note(!is_near(date_at(plan.starts_at), now), "/startsAt", F::StartImplausible);
        findings.settle()?;
        Ok(self.step(ApplicationState::InterviewPlanned { scout_id, plan }, now, "interviewPlanned"))
    }

    fn correct(
        &self,
        interview: Interview,
        findings: InterviewFindings,
        by: PersonId,
        now: Instant,
    ) -> Result<ApplicationOutcome, Refusal> {
        if interview.record.author_id != by {
            return Err(F::NotTheAuthor.into());
        }
        let record = InterviewRecord { number: interview.record.number + 1, author_id: by, recorded_at: now, findings };
        let state = ApplicationState::Interviewed(Interview { record, ..interview });
        Ok(self.step(state, self.stepped_at, "interviewCorrected").keeping_interview())
    }

    fn place(
        &self,
        interview: Interview,
        placement: Placement,
        now: Instant,
        facts: &ApplicationFacts,
    ) -> Result<ApplicationOutcome, Refusal> {
        if facts.enrolled_already {
            return Err(F::AlreadyEnrolled.into());
        }
        let team_elsewhere = facts.team_landscape_id.is_some_and(|landscape_id| landscape_id != self.landscape_id);
        let mut findings = Findings::default();
        findings
            .note(facts.team_landscape_id.is_none(), "/teamId", KernelFault::UnknownReference)
            .note(team_elsewhere, "/teamId", F::TeamElsewhere)
            .note(!facts.is_coach_here, "/coachId", F::NotACoachHere)
            .note(!is_near(placement.starts_on, now), "/startsOn", F::StartImplausible);
        findings.settle()?;
        let enrolment_id = placement.enrolment_id;
        let mut outcome = self.step(ApplicationState::Placed { interview, enrolment_id }, now, "placed");
        outcome.application.event = outcome.application.event.naming("enrolmentId", enrolment_id);
        Ok(ApplicationOutcome { then: ApplicationThen::Placed(placement), ..outcome })
    }

    fn redirect(
        &self,
        interview: Interview,
        landscape_id: LandscapeId,
        reason: Text<4000>,
        now: Instant,
        facts: &ApplicationFacts,
    ) -> Result<ApplicationOutcome, Refusal> {
        let mut findings = Findings::default();
        findings.note(!facts.landscape_known, "/landscapeId", KernelFault::UnknownReference).note(
            landscape_id == self.landscape_id,
            "/landscapeId",
            F::SameLandscape,
        );
        findings.settle()?;
        let onward = Self {
            id: facts.application_id,
            version: 1,
            landscape_id,
            applicant_id: self.applicant_id,
            motivation: self.motivation.clone(),
            crebo: self.crebo,
            redirected_from: Some(self.id),
            carried: Some(interview.record.clone()),
            submitted_at: now,
            stepped_at: now,
            state: ApplicationState::Submitted,
        };
        let state = ApplicationState::Redirected { interview, application_id: onward.id, landscape_id, reason };
        let mut outcome = self.step(state, now, "redirected");
        outcome.application.event = outcome.application.event.naming("applicationId", onward.id);
        Ok(ApplicationOutcome { then: ApplicationThen::Redirected(Box::new(onward.told("submitted"))), ..outcome })
    }

    fn step(&self, state: ApplicationState, stepped_at: Instant, what: &'static str) -> ApplicationOutcome {
        let application = Self { version: self.version + 1, stepped_at, state, ..self.clone() };
        ApplicationOutcome { application: application.told(what), then: ApplicationThen::Nothing }
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::Application, self.id, self.version, what)
            .of_student(self.applicant_id.student())
            .in_landscape(self.landscape_id)
            .now(self.state.name());
        Told { thing: self, event }
    }
}

impl ApplicationOutcome {
    fn keeping_interview(self) -> Self {
        Self { then: ApplicationThen::InterviewKept, ..self }
    }
}
