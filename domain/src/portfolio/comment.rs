//! What someone says of an entry: seen by whoever sees the entry.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::kernel::{Event, Instant, PersonId, PortfolioCommentId, Prose, Subject, Told};

use super::Entry;

/// What one sends to comment on an entry.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewComment {
    pub text: Prose,
}

/// A comment on an entry: it stays as it was written.
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
        let event = Event::new(Subject::PortfolioEntry, entry.id, entry.version, "commented")
            .of_student(entry.student_id)
            .naming("commentId", comment.id);
        Told { thing: comment, event }
    }
}
