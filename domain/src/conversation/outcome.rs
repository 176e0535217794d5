//! What comes out of a conversation (CV-2): written in versions, and counting once student and responsible coach have confirmed
//! the same one.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Concluded, Conversation, ConversationFacts, ConversationFault as F, ConversationState, Decided, FollowUp};
use crate::kernel::time::is_near;
use crate::kernel::{ConversationId, Event, Findings, Instant, Line, PersonId, Prose, Refusal, StudentId, Subject, Text, Told};

/// What was said, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OutcomeContent {
    /// What was said, in short.
    pub summary: Prose,
    /// Who does what, by when.
    #[schema(max_items = 20)]
    pub agreements: Vec<AgreementDraft>,
    /// What the student wants to reach.
    #[schema(max_items = 20)]
    pub goals: Vec<GoalDraft>,
    /// What the student wants to find out.
    #[schema(max_items = 20)]
    pub learning_questions: Vec<QuestionDraft>,
    /// What the student does next in the learning career (loopbaansturing).
    #[schema(max_items = 20)]
    pub career_steps: Vec<CareerStepDraft>,
}

/// An agreement as it stands in an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgreementDraft {
    pub text: Text<1000>,
    /// Who keeps it: someone who takes part in the conversation.
    pub owner_id: PersonId,
    /// By when, where that was said.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
}

/// A goal as it stands in an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoalDraft {
    pub title: Line,
}

/// A learning question as it stands in an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuestionDraft {
    pub text: Text<1000>,
}

/// A career step as it stands in an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CareerStepDraft {
    pub text: Text<1000>,
}

/// One version of what came out of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub conversation_id: ConversationId,
    pub student_id: StudentId,
    pub version: i64,
    pub content: OutcomeContent,
    pub written_by: PersonId,
    pub written_at: Instant,
    /// Who confirmed this very version.
    pub confirmations: Vec<Confirmation>,
}

/// That someone confirmed a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    pub by: PersonId,
    pub at: Instant,
}

/// Who writes an outcome, and what is known around it.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeFacts {
    pub by: PersonId,
    pub coach_id: Option<PersonId>,
    /// The newest there is; 0 where there is none.
    pub newest: i64,
}

impl Outcome {
    pub fn is_confirmed_by(&self, person: PersonId) -> bool {
        self.confirmations.iter().any(|confirmation| confirmation.by == person)
    }
}

impl Conversation {
    /// Writes the outcome, or the next version of it, which nobody has confirmed yet (CV-2).
    ///
    /// # Errors
    /// [`F::OutcomeClosed`] unless it was held and does not count yet, otherwise everything that is wrong with it.
    pub fn write_outcome(&self, content: OutcomeContent, now: Instant, facts: OutcomeFacts) -> Result<Told<Outcome>, Refusal> {
        let ConversationState::Held { .. } = self.state else {
            return Err(Refusal::illegal(F::OutcomeClosed, self.state.name()));
        };
        let mut findings = Findings::default();
        for (place, agreement) in content.agreements.iter().enumerate() {
            let is_near = agreement.due_on.is_none_or(|due_on| is_near(due_on, now));
            findings
                .note(
                    !self.has_participant(agreement.owner_id, facts.coach_id),
                    format!("/agreements/{place}/ownerId"),
                    F::OwnerNotPresent,
                )
                .note(!is_near, format!("/agreements/{place}/dueOn"), F::DueOutOfRange);
        }
        findings.settle()?;
        let outcome = Outcome {
            conversation_id: self.id,
            student_id: self.student_id,
            version: facts.newest + 1,
            content,
            written_by: facts.by,
            written_at: now,
            confirmations: Vec::new(),
        };
        Ok(outcome.told("written"))
    }

    /// Confirms a version of the outcome; with the second of the two it counts. What a coach confirmed who is not responsible any
    /// more, their successor confirms anew.
    pub(super) fn confirm(&self, version: i64, now: Instant, facts: ConversationFacts<'_>) -> Result<Decided, Refusal> {
        let newest = facts.outcome.ok_or_else(|| Refusal::illegal(F::OutcomeMissing, self.state.name()))?;
        if version != newest.version {
            return Err(Refusal::outdated(F::OutcomeOutdated, self.state.name(), newest.version));
        }
        let mut confirmed = newest.clone();
        let again = newest.is_confirmed_by(facts.by);
        if !again {
            confirmed.confirmations.push(Confirmation { by: facts.by, at: now });
        }
        let by_both = confirmed.is_confirmed_by(self.student_id.person())
            && facts.coach_id.is_some_and(|coach_id| confirmed.is_confirmed_by(coach_id));
        let (ConversationState::Held { starts_at, face_to_face }, true) = (&self.state, by_both) else {
            return Ok(if again { Decided::Unchanged } else { Decided::Confirmed(confirmed.told("confirmed")) });
        };
        let state = ConversationState::Concluded { starts_at: *starts_at, face_to_face: *face_to_face, concluded_at: now };
        let conversation = Self { version: self.version + 1, state, ..self.clone() };
        let follow_up = FollowUp::of(self, &confirmed.content, now);
        let (conversation, outcome) = (conversation.told("concluded"), confirmed.told("confirmed"));
        Ok(Decided::Concluded(Box::new(Concluded { conversation, outcome, follow_up })))
    }
}

impl Outcome {
    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::ConversationOutcome, self.conversation_id, self.version, what)
            .of_part()
            .of_student(self.student_id)
            .naming("conversationId", self.conversation_id);
        Told { thing: self, event }
    }
}
