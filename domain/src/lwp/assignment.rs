//! An LWP of one student (CU-4): assigned, tailored, worked on, handed in with evidence from the portfolio, and judged.

mod body;
mod state;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::{Lwp, LwpFault as F, NewLwp};
use crate::access::Action;
use crate::kernel::time::date_at;
use crate::kernel::{
    Event, Findings, Instant, KernelFault, LwpAssignmentId, LwpId, PersonId, PlacementId, PortfolioEntryId, ProgrammeId, Prose,
    PublicationState, Refusal, StudentId, Subject, Told,
};

pub use body::{AssignmentDecision, AssignmentPatch, NewAssignment, Tailoring};
pub use state::{AssignmentState, AssignmentStateName};

/// How many times an LWP can be handed in, and how many entries with it.
pub const ROUNDS_AT_MOST: usize = 50;

/// An LWP of one student.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    pub id: LwpAssignmentId,
    pub version: i64,
    pub student_id: StudentId,
    pub lwp_id: LwpId,
    /// The week of the start programme that brought it; none where someone assigned it by hand.
    pub week: Option<ProgrammeWeek>,
    /// The placement whose workplace trainer sees it and gives feedback; none where it is not done at one.
    pub placement_id: Option<PlacementId>,
    pub due_on: NaiveDate,
    /// What is otherwise than in the LWP itself.
    pub tailoring: Tailoring,
    pub state: AssignmentState,
    /// Each time that it was handed in, with what was said of it, in order.
    pub rounds: Vec<Round>,
}

/// A week of a student's start programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgrammeWeek {
    pub programme_id: ProgrammeId,
    /// Its number.
    pub week: u8,
}

/// One time that it was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The evidence: entries of the student's portfolio. Each is shown by its own visibility alone.
    pub entry_ids: Vec<PortfolioEntryId>,
    pub submitted_at: Instant,
    /// None as long as it waits for it.
    pub feedback: Option<Feedback>,
}

/// What was said of what was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    pub by: PersonId,
    pub text: Prose,
    pub given_at: Instant,
}

/// What is known of what a new assignment names.
#[derive(Clone, Debug, Default)]
pub struct NewAssignmentFacts {
    /// None where there is no such LWP in the library.
    pub lwp: Option<Lwp>,
    /// The placement is the student's own and not over.
    pub at_placement: bool,
    /// The learning question is the student's own, open, and the caller's to decide on.
    pub is_question_open: bool,
}

/// Who decides, and what is known of the entries that a decision names.
#[derive(Clone, Debug)]
pub struct AssignmentFacts {
    pub by: PersonId,
    /// Those that are no entries of the student's own portfolio.
    pub unknown_entries: Vec<PortfolioEntryId>,
}

impl Assignment {
    /// Assigns an LWP from the library to a student (CU-4).
    ///
    /// # Errors
    /// Everything that is wrong with it, otherwise [`F::NotPublished`] where the LWP's state does not allow it.
    pub fn assign(
        id: LwpAssignmentId,
        new: &NewAssignment,
        facts: &NewAssignmentFacts,
        now: Instant,
    ) -> Result<Told<Self>, Refusal> {
        let NewAssignmentFacts { lwp, at_placement, is_question_open } = facts;
        let mut findings = Findings::default();
        findings
            .note(lwp.is_none(), "/lwpId", KernelFault::UnknownReference)
            .note(new.placement_id.is_some() && !at_placement, "/placementId", KernelFault::UnknownReference)
            .note(new.learning_question_id.is_some() && !is_question_open, "/learningQuestionId", KernelFault::UnknownReference)
            .note(!is_ahead(new.due_on, now), "/dueOn", F::DueOutOfRange);
        findings.settle()?;
        match lwp.as_ref().map(|lwp| lwp.state) {
            Some(PublicationState::Published { .. }) => {}
            Some(state) => return Err(Refusal::illegal(F::NotPublished, state.name())),
            None => return Err(KernelFault::UnknownReference.into()),
        }
        let assigned = Self {
            id,
            version: 1,
            student_id: new.student_id,
            lwp_id: new.lwp_id,
            week: None,
            placement_id: new.placement_id,
            due_on: new.due_on,
            tailoring: Tailoring::default(),
            state: AssignmentState::Assigned,
            rounds: Vec::new(),
        };
        Ok(assigned.told("assigned"))
    }

    /// Assigns what a week of the start programme brings (SP-2). The template was published with it, so it is assigned also
    /// where it was retired since.
    pub fn by_programme(
        id: LwpAssignmentId,
        student_id: StudentId,
        week: ProgrammeWeek,
        lwp_id: LwpId,
        due_on: NaiveDate,
    ) -> Told<Self> {
        let assigned = Self {
            id,
            version: 1,
            student_id,
            lwp_id,
            week: Some(week),
            placement_id: None,
            due_on,
            tailoring: Tailoring::default(),
            state: AssignmentState::Assigned,
            rounds: Vec::new(),
        };
        assigned.told("assigned")
    }

    /// Goes along with the week that brought it (SP-2); none where it was begun, or is due on a day of its own.
    pub fn moved_with_week(&self, from: NaiveDate, to: NaiveDate) -> Option<Told<Self>> {
        let goes_along = self.state == AssignmentState::Assigned && self.due_on == from && from != to;
        goes_along.then(|| Self { version: self.version + 1, due_on: to, ..self.clone() }.told("rescheduled"))
    }

    /// Makes it fit the student (op maat, CU-4); none where the patch changes nothing of what `lwp` and it say by now.
    ///
    /// # Errors
    /// [`F::NotOpen`] once completed, otherwise everything that is wrong with it.
    pub fn tailor(&self, patch: AssignmentPatch, lwp: &NewLwp, now: Instant) -> Result<Option<Told<Self>>, Refusal> {
        if matches!(self.state, AssignmentState::Completed { .. }) {
            return Err(self.refused(F::NotOpen));
        }
        let due_on = patch.due_on.unwrap_or(self.due_on);
        let tailoring = self.tailoring.clone().patched(patch).beside(lwp);
        let mut findings = Findings::default();
        let criteria_fit = tailoring.criteria.as_ref().is_none_or(|criteria| (1..=20).contains(&criteria.len()));
        findings.note(due_on != self.due_on && !is_ahead(due_on, now), "/dueOn", F::DueOutOfRange).note(
            !criteria_fit,
            "/criteria",
            F::CriteriaOutOfRange,
        );
        findings.settle()?;
        let changes = due_on != self.due_on || tailoring != self.tailoring;
        Ok(changes.then(|| Self { version: self.version + 1, due_on, tailoring, ..self.clone() }.told("tailored")))
    }

    /// Which decisions the state allows, whoever asks.
    pub const fn open_actions(&self) -> &'static [Action] {
        self.state.name().open_actions()
    }

    /// Takes a decision (CU-4).
    ///
    /// # Errors
    /// [`F::NotOpen`] where the state does not allow it, otherwise everything that is wrong with it.
    pub fn decide(&self, decision: &AssignmentDecision, now: Instant, facts: &AssignmentFacts) -> Result<Told<Self>, Refusal> {
        use {AssignmentDecision as D, AssignmentState as S};
        let mut next = Self { version: self.version + 1, ..self.clone() };
        let what = match (self.state, decision) {
            (S::Assigned, D::Start {}) => {
                next.state = S::InProgress { started_at: now };
                "started"
            }
            (S::FeedbackGiven { started_at }, D::Start {}) => {
                next.state = S::InProgress { started_at };
                "started"
            }
            (S::InProgress { started_at }, D::Submit { entry_ids }) => {
                self.check_entries(entry_ids, facts)?;
                next.rounds.push(Round { entry_ids: entry_ids.clone(), submitted_at: now, feedback: None });
                next.state = S::Submitted { started_at };
                "submitted"
            }
            (S::Submitted { started_at }, D::GiveFeedback { text, completed }) => {
                let feedback = Feedback { by: facts.by, text: text.clone(), given_at: now };
                next.rounds.iter_mut().rev().take(1).for_each(|round| round.feedback = Some(feedback.clone()));
                next.state =
                    if *completed { S::Completed { started_at, completed_at: now } } else { S::FeedbackGiven { started_at } };
                "feedbackGiven"
            }
            (S::FeedbackGiven { started_at }, D::Complete {}) => {
                next.state = S::Completed { started_at, completed_at: now };
                "completed"
            }
            (S::Assigned, D::Submit { .. } | D::GiveFeedback { .. } | D::Complete {})
            | (S::InProgress { .. }, D::Start {} | D::GiveFeedback { .. } | D::Complete {})
            | (S::Submitted { .. }, D::Start {} | D::Submit { .. } | D::Complete {})
            | (S::FeedbackGiven { .. }, D::Submit { .. } | D::GiveFeedback { .. })
            | (S::Completed { .. }, D::Start {} | D::Submit { .. } | D::GiveFeedback { .. } | D::Complete {}) => {
                return Err(self.refused(F::NotOpen));
            }
        };
        Ok(next.told(what))
    }

    fn check_entries(&self, entry_ids: &[PortfolioEntryId], facts: &AssignmentFacts) -> Result<(), Refusal> {
        if self.rounds.len() >= ROUNDS_AT_MOST {
            return Err(self.refused(F::TooManyRounds));
        }
        let mut findings = Findings::default();
        for (place, id) in entry_ids.iter().enumerate() {
            let before = entry_ids.iter().take(place).any(|other| other == id);
            findings.note(before, format!("/entryIds/{place}"), F::Repeated).note(
                facts.unknown_entries.contains(id),
                format!("/entryIds/{place}"),
                KernelFault::UnknownReference,
            );
        }
        findings.settle()
    }

    fn refused(&self, fault: F) -> Refusal {
        Refusal::illegal(fault, self.state.name())
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::LwpAssignment, self.id, self.version, what)
            .of_student(self.student_id)
            .now(self.state.name())
            .naming("lwpId", self.lwp_id);
        let event = match self.week {
            Some(week) if what == "assigned" => event.naming("startProgrammeId", week.programme_id).with("week", week.week),
            _ => event,
        };
        Told { thing: self, event }
    }
}

/// From today on, and within two years.
fn is_ahead(due_on: NaiveDate, now: Instant) -> bool {
    due_on >= date_at(now) && crate::kernel::time::is_near(due_on, now)
}
