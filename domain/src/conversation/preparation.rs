//! What someone prepares of a conversation, away from the screen (CV-1): each their own, and seen by nobody else.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Conversation, ConversationFault as F};
use crate::kernel::{ConversationId, Event, Instant, PersonId, Refusal, StudentId, Subject, Text, Told};

/// What one wants to talk about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreparationContent {
    /// What one brings along.
    #[schema(max_items = 20)]
    pub topics: Vec<Text<1000>>,
    /// What one wants to ask, or learn.
    #[schema(max_items = 20)]
    pub questions: Vec<Text<1000>>,
}

/// What one person prepared of one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preparation {
    pub conversation_id: ConversationId,
    pub person_id: PersonId,
    pub student_id: StudentId,
    pub version: i64,
    pub content: PreparationContent,
    pub changed_at: Instant,
}

impl Preparation {
    /// Writes it, the first time or again (CV-1).
    ///
    /// # Errors
    /// [`F::PreparationClosed`] once the conversation is not ahead any more.
    pub fn write(
        of: &Conversation,
        by: PersonId,
        before: Option<&Self>,
        content: PreparationContent,
        now: Instant,
    ) -> Result<Told<Self>, Refusal> {
        if !of.state.name().is_ahead() {
            return Err(Refusal::illegal(F::PreparationClosed, of.state.name()));
        }
        let version = before.map_or(1, |before| before.version + 1);
        let written =
            Self { conversation_id: of.id, person_id: by, student_id: of.student_id, version, content, changed_at: now };
        let event = Event::new(Subject::ConversationPreparation, of.id, version, "prepared")
            .of_part()
            .of_student(of.student_id)
            .naming("personId", by);
        Ok(Told { thing: written, event })
    }
}
