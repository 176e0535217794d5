//! Conversations (CV-1 to CV-4): planned, prepared by each who takes part, held face to face, and what comes of them once student
//! and coach have confirmed the same version.

mod availability;
mod body;
mod faults;
mod follow_up;
mod outcome;
mod preparation;
mod state;
#[cfg(test)]
mod tests;
mod ticking;

use chrono::TimeDelta;

use crate::access::Action;
use crate::kernel::time::{date_at, is_near};
use crate::kernel::{
    ConversationId, Event, Findings, GoalId, Instant, LearningQuestionId, Line, PersonId, PlacementId, Refusal, RoundId,
    StudentId, Subject, Told,
};

pub use availability::{Busy, ClockTime, Diary, MOMENTS_AT_MOST, NewAvailability, Slot, Weekday, Wish, moments};
pub use body::{ConversationDecision, NewConversation};
pub use faults::ConversationFault;
pub use follow_up::{
    Agreement, AgreementDecision, AgreementFacts, AgreementState, AgreementStateName, CareerStep, FollowUp, Goal, GoalDecision,
    GoalState, GoalStateName, LearningQuestion, NewGoal, QuestionDecision, QuestionFacts, QuestionOutcome, QuestionState,
    QuestionStateName,
};
pub use outcome::{
    AgreementDraft, CareerStepDraft, Confirmation, GoalDraft, Outcome, OutcomeContent, OutcomeFacts, QuestionDraft,
};
pub use preparation::{Preparation, PreparationContent};
pub use state::{ConversationKind, ConversationState, ConversationStateName, Move};
pub use ticking::{NOWHERE_AFTER_DAYS, Signs, TALKS_AT_LEAST, TALKS_LOOKED_AT, ticking_index};

use ConversationFault as F;

/// How long a conversation takes, in minutes.
pub const MINUTES: std::ops::RangeInclusive<u16> = 5..=240;
/// How many times one conversation can be moved or missed.
pub const MOVES_AT_MOST: usize = 50;

/// A conversation with a student. Student and responsible coach always take part in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    pub id: ConversationId,
    pub version: i64,
    /// How often its outcome was written or confirmed: of two who do so at once one is second.
    pub revision: i64,
    pub student_id: StudentId,
    pub kind: ConversationKind,
    /// The placement that it is of, whose workplace trainer sees what was agreed; none where it is of none.
    pub placement_id: Option<PlacementId>,
    /// The round of the leermeter that it looks at (LM-5); none where it looks at none.
    pub round_id: Option<RoundId>,
    /// What it is about.
    pub goal_ids: Vec<GoalId>,
    pub learning_question_ids: Vec<LearningQuestionId>,
    /// Who takes part besides student and coach.
    pub participant_ids: Vec<PersonId>,
    pub minutes: u16,
    pub place: Option<Line>,
    /// Of the calendar invitation (RFC 5545, section 3.8.7.4): goes up with whatever changes its time, place or state.
    pub sequence: i32,
    /// Where it was before, oldest first (CV-3).
    pub moves: Vec<Move>,
    pub state: ConversationState,
}

/// What is known of whom and what a new conversation names.
#[derive(Clone, Debug, Default)]
pub struct NewConversationFacts {
    /// The student learns here now.
    pub is_enrolled: bool,
    pub coach_id: Option<PersonId>,
    /// Those named as participants who have nothing to do with the student.
    pub strangers: Vec<PersonId>,
    /// Those that are none of the student's.
    pub unknown_goals: Vec<GoalId>,
    pub unknown_questions: Vec<LearningQuestionId>,
    /// The placement is the student's own and not over.
    pub at_placement: bool,
    /// The round is the student's own.
    pub is_round_known: bool,
}

/// Who decides, and what is known around it.
#[derive(Clone, Copy, Debug)]
pub struct ConversationFacts<'a> {
    pub by: PersonId,
    /// The responsible coach now.
    pub coach_id: Option<PersonId>,
    /// The newest.
    pub outcome: Option<&'a Outcome>,
}

/// A conversation whose outcome counts, with what follows from it.
#[derive(Clone, Debug)]
pub struct Concluded {
    pub conversation: Told<Conversation>,
    pub outcome: Told<Outcome>,
    pub follow_up: FollowUp,
}

/// What a decision makes of a conversation.
#[derive(Clone, Debug)]
pub enum Decided {
    /// It was confirmed already by the one who confirms.
    Unchanged,
    Conversation(Told<Conversation>),
    /// One has confirmed, the other has not.
    Confirmed(Told<Outcome>),
    /// Both have: it counts (CV-2).
    Concluded(Box<Concluded>),
}

impl Conversation {
    /// Plans a conversation, or asks for one where no moment is named (CV-3).
    ///
    /// # Errors
    /// Everything that is wrong with it, otherwise [`F::NotEnrolled`] for who does not learn here any more.
    pub fn begin(
        id: ConversationId,
        new: &NewConversation,
        facts: &NewConversationFacts,
        now: Instant,
    ) -> Result<Told<Self>, Refusal> {
        let mut findings = Findings::default();
        check_moment(&mut findings, new.starts_at, Some(new.minutes), now);
        for (place, person) in new.participant_ids.iter().enumerate() {
            let pointer = format!("/participantIds/{place}");
            findings.note(new.participant_ids.iter().take(place).any(|other| other == person), &pointer, F::Repeated).note(
                facts.strangers.contains(person),
                pointer,
                F::NotBound,
            );
        }
        let unknown = crate::kernel::KernelFault::UnknownReference;
        for (place, id) in new.goal_ids.iter().enumerate() {
            findings.note(facts.unknown_goals.contains(id), format!("/goalIds/{place}"), unknown);
        }
        for (place, id) in new.learning_question_ids.iter().enumerate() {
            findings.note(facts.unknown_questions.contains(id), format!("/learningQuestionIds/{place}"), unknown);
        }
        let of_leermeter = new.kind == ConversationKind::Leermeter;
        findings
            .note(new.placement_id.is_some() && !facts.at_placement, "/placementId", unknown)
            .note(new.round_id.is_some() && !facts.is_round_known, "/roundId", unknown)
            .note(new.round_id.is_some() && !of_leermeter, "/roundId", F::RoundOfAnotherKind);
        findings.settle()?;
        if !facts.is_enrolled {
            return Err(F::NotEnrolled.into());
        }
        let always = |person: &PersonId| *person == new.student_id.person() || Some(*person) == facts.coach_id;
        let state = new.starts_at.map_or(ConversationState::Requested, |starts_at| ConversationState::Planned { starts_at });
        let what = if new.starts_at.is_some() { "planned" } else { "requested" };
        let conversation = Self {
            id,
            version: 1,
            revision: 0,
            student_id: new.student_id,
            kind: new.kind,
            placement_id: new.placement_id,
            round_id: new.round_id,
            goal_ids: new.goal_ids.clone(),
            learning_question_ids: new.learning_question_ids.clone(),
            participant_ids: new.participant_ids.iter().filter(|person| !always(person)).copied().collect(),
            minutes: new.minutes,
            place: new.place.clone(),
            sequence: 0,
            moves: Vec::new(),
            state,
        };
        Ok(conversation.told(what))
    }

    /// Which decisions the state allows, whoever asks.
    pub const fn open_actions(&self) -> &'static [Action] {
        self.state.name().open_actions()
    }

    /// Takes part in it: the student, whoever is the responsible coach, or someone besides.
    pub fn has_participant(&self, person: PersonId, coach_id: Option<PersonId>) -> bool {
        person == self.student_id.person() || Some(person) == coach_id || self.participant_ids.contains(&person)
    }

    /// When it ends, where a moment was named.
    pub fn ends_at(&self) -> Option<Instant> {
        self.state.starts_at().map(|starts_at| starts_at + TimeDelta::minutes(i64::from(self.minutes)))
    }

    /// Takes a decision.
    ///
    /// # Errors
    /// [`F::NotOpen`] where the state does not allow it, otherwise everything that is wrong with it.
    pub fn decide(
        &self,
        decision: &ConversationDecision,
        now: Instant,
        facts: ConversationFacts<'_>,
    ) -> Result<Decided, Refusal> {
        use {ConversationDecision as D, ConversationState as S};
        let told = match (&self.state, decision) {
            (S::Requested | S::Missed { .. }, D::Plan { starts_at, minutes, place }) => {
                let next = self.moved_to(*starts_at, *minutes, place.as_ref(), now)?;
                next.told("planned")
            }
            (S::Planned { starts_at: from }, D::Move { starts_at, minutes, place, reason }) => {
                let mut next = self.moved_to(*starts_at, *minutes, place.as_ref(), now)?;
                next.note_move(Move { at: now, starts_at: *from, missed: false, reason: reason.clone() })?;
                next.told("moved")
            }
            (S::Requested, D::MarkHeld { face_to_face, starts_at }) => self.held(starts_at.unwrap_or(now), *face_to_face, now)?,
            (S::Planned { starts_at: planned }, D::MarkHeld { face_to_face, starts_at }) => {
                self.held(starts_at.unwrap_or_else(|| now.min(*planned)), *face_to_face, now)?
            }
            (S::Planned { starts_at }, D::MarkMissed { reason }) => {
                let mut next = self.next(S::Missed { starts_at: *starts_at, reason: reason.clone() });
                next.note_move(Move { at: now, starts_at: *starts_at, missed: true, reason: reason.clone() })?;
                next.told("missed")
            }
            (S::Requested | S::Planned { .. } | S::Missed { .. }, D::Cancel { reason }) => self.cancelled(reason.clone()),
            (S::Held { .. }, D::ConfirmOutcome { version }) => return self.confirm(*version, now, facts),
            (S::Requested, D::Move { .. } | D::MarkMissed { .. } | D::ConfirmOutcome { .. })
            | (S::Planned { .. }, D::Plan { .. } | D::ConfirmOutcome { .. })
            | (S::Missed { .. }, D::Move { .. } | D::MarkHeld { .. } | D::MarkMissed { .. } | D::ConfirmOutcome { .. })
            | (S::Held { .. }, D::Plan { .. } | D::Move { .. } | D::MarkHeld { .. } | D::MarkMissed { .. } | D::Cancel { .. })
            | (
                S::Concluded { .. } | S::Cancelled { .. },
                D::Plan { .. }
                | D::Move { .. }
                | D::MarkHeld { .. }
                | D::MarkMissed { .. }
                | D::ConfirmOutcome { .. }
                | D::Cancel { .. },
            ) => return Err(self.refused(F::NotOpen)),
        };
        Ok(Decided::Conversation(told))
    }

    /// Is cancelled because the student's stay ends; none where there is nothing ahead to cancel.
    pub fn end_with_stay(&self) -> Option<Told<Self>> {
        self.open_actions().contains(&Action::CancelConversation).then(|| self.cancelled(None))
    }

    fn cancelled(&self, reason: Option<crate::kernel::Prose>) -> Told<Self> {
        self.next(ConversationState::Cancelled { starts_at: self.state.starts_at(), reason }).told("cancelled")
    }

    fn moved_to(&self, starts_at: Instant, minutes: Option<u16>, place: Option<&Line>, now: Instant) -> Result<Self, Refusal> {
        let mut findings = Findings::default();
        check_moment(&mut findings, Some(starts_at), minutes, now);
        findings.settle()?;
        let next = self.next(ConversationState::Planned { starts_at });
        Ok(Self { minutes: minutes.unwrap_or(self.minutes), place: place.cloned().or_else(|| self.place.clone()), ..next })
    }

    fn held(&self, starts_at: Instant, face_to_face: bool, now: Instant) -> Result<Told<Self>, Refusal> {
        let mut findings = Findings::default();
        findings.note(starts_at > now, "/startsAt", F::StartsInFuture).note(
            !is_near(date_at(starts_at), now),
            "/startsAt",
            F::StartsOutOfRange,
        );
        findings.settle()?;
        Ok(self.next(ConversationState::Held { starts_at, face_to_face }).told("held"))
    }

    fn next(&self, state: ConversationState) -> Self {
        Self { version: self.version + 1, sequence: self.sequence + 1, state, ..self.clone() }
    }

    fn note_move(&mut self, moved: Move) -> Result<(), Refusal> {
        if self.moves.len() >= MOVES_AT_MOST {
            return Err(F::TooManyMoves.into());
        }
        self.moves.push(moved);
        Ok(())
    }

    fn refused(&self, fault: F) -> Refusal {
        Refusal::illegal(fault, self.state.name())
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::Conversation, self.id, self.version, what).of_student(self.student_id);
        let event = event.now(self.state.name());
        Told { thing: self, event }
    }
}

/// A conversation is planned ahead, within two years.
fn check_moment(findings: &mut Findings, starts_at: Option<Instant>, minutes: Option<u16>, now: Instant) {
    let far = |at: Instant| at > now && !is_near(date_at(at), now);
    findings
        .note(starts_at.is_some_and(|at| at <= now), "/startsAt", F::StartsInPast)
        .note(starts_at.is_some_and(far), "/startsAt", F::StartsOutOfRange)
        .note(minutes.is_some_and(|minutes| !MINUTES.contains(&minutes)), "/minutes", F::MinutesOutOfRange);
}
