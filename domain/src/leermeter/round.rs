//! A round of the leermeter (LM-3): from when until when a student is rated, and on what.

use chrono::{Days, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::LeermeterFault as F;
use crate::access::Action;
use crate::kernel::time::{date_at, is_near, start_of};
use crate::kernel::{
    Event, Findings, FrameworkId, Instant, KernelFault, Line, PublicationStateName, Refusal, RoundId, StudentId, Subject, TeamId,
    Told,
};

/// A round that is opened.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRound {
    /// What the student is rated on: a published framework of the student's landscape or qualification.
    pub framework_id: FrameworkId,
    /// What it is called.
    pub title: Line,
    /// The last day on which ratings are taken.
    pub closes_on: NaiveDate,
}

/// A decision on a round.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum RoundDecision {
    /// Takes ratings through another day than was said, or again after it was closed. Of a round that is open, without
    /// `closesOn`, nothing changes.
    #[serde(rename_all = "camelCase")]
    Open {
        /// The last day; as it is where absent.
        #[serde(default)]
        closes_on: Option<NaiveDate>,
    },
    /// Takes no more ratings from now on.
    Close {},
}

impl RoundDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::Open { .. } => Action::ReopenRound,
            Self::Close {} => Action::CloseRound,
        }
    }
}

crate::words! {
    /// Where a round is; its last day closes it by itself, and that the student is not here any more.
    pub enum RoundStateName {
        Open = "open",
        Closed = "closed",
    }
}

/// What is known around a round that is to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundFacts {
    pub student_id: StudentId,
    /// Where the student is now; none where not enrolled.
    pub team_id: Option<TeamId>,
    /// The framework's state; none where there is no such framework.
    pub framework: Option<PublicationStateName>,
    /// It is of the student's landscape or qualification.
    pub fits: bool,
}

/// A round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    pub id: RoundId,
    pub version: i64,
    pub student_id: StudentId,
    /// Where the student was when it was opened.
    pub team_id: TeamId,
    pub framework_id: FrameworkId,
    pub title: Line,
    pub opened_at: Instant,
    pub closes_on: NaiveDate,
    /// When someone closed it; none where it is left to its last day.
    pub closed_at: Option<Instant>,
    /// It was closed, by its date or by someone, and opened again.
    pub was_closed: bool,
    /// The student is enrolled now.
    pub student_is_here: bool,
}

impl Round {
    /// Opens a round at once.
    ///
    /// # Errors
    /// Everything that is wrong with it, otherwise [`F::NotEnrolled`].
    pub fn open(new: NewRound, facts: RoundFacts, now: Instant) -> Result<Told<Self>, Refusal> {
        let NewRound { framework_id, title, closes_on } = new;
        let is_published = facts.framework == Some(PublicationStateName::Published);
        // What is not published yet is not known to who may not read it.
        let is_known = matches!(facts.framework, Some(PublicationStateName::Published | PublicationStateName::Retired));
        let mut findings = Findings::default();
        findings
            .note(!is_known, "/frameworkId", KernelFault::UnknownReference)
            .note(is_known && !is_published, "/frameworkId", F::NotPublished)
            .note(is_published && !facts.fits, "/frameworkId", F::NotOfTheStudent)
            .add(last_day(closes_on, now));
        findings.settle()?;
        let team_id = facts.team_id.ok_or(F::NotEnrolled)?;
        let round = Self {
            id: RoundId::in_order(),
            version: 1,
            student_id: facts.student_id,
            team_id,
            framework_id,
            title,
            opened_at: now,
            closes_on,
            closed_at: None,
            was_closed: false,
            student_is_here: true,
        };
        Ok(round.told("opened", now))
    }

    /// From when on no ratings are taken, if the student stays.
    pub fn until_at(&self) -> Instant {
        let last = start_of(self.closes_on.checked_add_days(Days::new(1)).unwrap_or(self.closes_on));
        self.closed_at.map_or(last, |closed_at| last.min(closed_at))
    }

    pub fn state(&self, now: Instant) -> RoundStateName {
        if self.student_is_here && self.ended_at(now).is_none() { RoundStateName::Open } else { RoundStateName::Closed }
    }

    /// When it ended, by its last day or because someone closed it; none where it did not yet.
    pub fn ended_at(&self, now: Instant) -> Option<Instant> {
        Some(self.until_at()).filter(|until_at| *until_at <= now)
    }

    /// Did it never end yet? After its first end nothing that was said in it is held back any more, also where it is opened again (LM-3).
    pub fn is_before_its_first_end(&self, now: Instant) -> bool {
        !self.was_closed && self.ended_at(now).is_none()
    }

    /// What the state allows, whoever asks.
    pub fn open_actions(&self, now: Instant) -> &'static [Action] {
        match self.state(now) {
            RoundStateName::Open => &[Action::ReopenRound, Action::CloseRound],
            RoundStateName::Closed if self.student_is_here => &[Action::ReopenRound],
            RoundStateName::Closed => &[],
        }
    }

    /// Takes a decision; none where it changes nothing.
    ///
    /// # Errors
    /// [`F::NotOpen`] where the state does not allow it, [`F::NotEnrolled`] where the student is not here any more, otherwise what is
    /// wrong with the last day.
    pub fn decide(&self, decision: &RoundDecision, now: Instant) -> Result<Option<Told<Self>>, Refusal> {
        use {RoundDecision as D, RoundStateName as S};
        let next = |closes_on, closed_at, what| {
            let was_closed = self.was_closed || self.ended_at(now).is_some();
            let round = Self { closes_on, closed_at, was_closed, version: self.version + 1, ..self.clone() };
            Ok(Some(round.told(what, now)))
        };
        match (self.state(now), decision) {
            (S::Closed, D::Open { .. }) if !self.student_is_here => Err(self.refused(F::NotEnrolled, now)),
            (S::Open, D::Open { closes_on: None }) => Ok(None),
            (state @ (S::Open | S::Closed), D::Open { closes_on }) => {
                let closes_on = closes_on.unwrap_or(self.closes_on);
                let mut findings = Findings::default();
                findings.add(last_day(closes_on, now));
                findings.settle()?;
                next(closes_on, None, if state == S::Open { "extended" } else { "reopened" })
            }
            (S::Open, D::Close {}) => next(self.closes_on, Some(now), "closed"),
            (S::Closed, D::Close {}) => Err(self.refused(F::NotOpen, now)),
        }
    }

    /// That something asks for a round that takes ratings.
    ///
    /// # Errors
    /// [`F::RoundClosed`] where it takes none any more.
    pub fn takes_ratings(&self, now: Instant) -> Result<(), Refusal> {
        match self.state(now) {
            RoundStateName::Open => Ok(()),
            RoundStateName::Closed => Err(self.refused(F::RoundClosed, now)),
        }
    }

    fn refused(&self, fault: F, now: Instant) -> Refusal {
        Refusal::illegal(fault, self.state(now))
    }

    fn told(self, what: &'static str, now: Instant) -> Told<Self> {
        let event = Event::new(Subject::LeermeterRound, self.id, self.version, what)
            .of_student(self.student_id)
            .now(self.state(now))
            .naming("frameworkId", self.framework_id);
        Told { thing: self, event }
    }
}

/// What is wrong with a last day, if anything.
fn last_day(closes_on: NaiveDate, now: Instant) -> Option<crate::kernel::Finding> {
    if closes_on < date_at(now) {
        Some(F::ClosesInPast.at("/closesOn"))
    } else if is_near(closes_on, now) {
        None
    } else {
        Some(F::ClosesTooLate.at("/closesOn"))
    }
}
