//! What someone says of an entry: seen by whoever sees the entry.

use serde::Deserialize;
use utoipa::ToSchema;

use super::Entry;
use crate::kernel::{Event, Instant, KernelFault, PersonId, PortfolioCommentId, Prose, Refusal, Subject, Told};

/// What one sends to comment on an entry.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewComment {
    pub text: Prose,
}

/// A comment on an entry: it stays as it was written, until it is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: PortfolioCommentId,
    pub author_id: PersonId,
    pub text: Prose,
    pub created_at: Instant,
}

impl Comment {
    /// Says something of an entry.
    pub fn on(entry: &Entry, author_id: PersonId, new: NewComment, now: Instant) -> Told<Self> {
        let comment = Self { id: PortfolioCommentId::in_order(), author_id, text: new.text, created_at: now };
        comment.told(entry, "commented")
    }

    /// Withdraws it: by who wrote it, or by the owner of the entry.
    ///
    /// # Errors
    /// [`KernelFault::Forbidden`] for anyone else who reads it.
    pub fn withdraw(self, entry: &Entry, by: PersonId) -> Result<Told<Self>, Refusal> {
        if by != self.author_id && by != entry.student_id.person() {
            return Err(KernelFault::Forbidden.into());
        }
        Ok(self.told(entry, "commentWithdrawn"))
    }

    fn told(self, entry: &Entry, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::PortfolioEntry, entry.id, entry.version, what)
            .of_student(entry.student_id)
            .naming("commentId", self.id);
        Told { thing: self, event }
    }
}
