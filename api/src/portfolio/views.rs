//! How an entry, its versions, shares and comments are shown.

use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Seen};
use domain::kernel::{Line, PersonId, PortfolioCommentId, PortfolioEntryId, PortfolioShareId, Prose, StudentId, TeamId, Text};
use domain::portfolio::{EntryArea, EntryContent, EntryKind, EntryVisibility, Link, ShareRole, ShareWith, Tag};
use persistence::portfolio::comments::Commented;
use persistence::portfolio::entries::{EarlierVersion, Kept};
use persistence::portfolio::shares::SharedWith;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::PersonName;

/// An entry of a student's portfolio.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PortfolioEntryView {
    id: PortfolioEntryId,
    version: i64,
    student_id: StudentId,
    /// Whose it is.
    student: PersonName,
    area: EntryArea,
    kind: EntryKind,
    title: Line,
    /// In the student's own words.
    body: Text<10000>,
    visibility: EntryVisibility,
    /// The day on which it happened.
    #[schema(required = true)]
    occurred_on: Option<NaiveDate>,
    #[schema(max_items = 20)]
    tags: Vec<Tag>,
    #[schema(max_items = 50)]
    links: Vec<Link>,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    /// May the caller comment on it now?
    may_comment: bool,
}

impl From<Seen<Kept>> for PortfolioEntryView {
    fn from(seen: Seen<Kept>) -> Self {
        let may_comment = seen.may(Action::CommentOnEntry);
        let Kept { entry, student } = seen.thing;
        let EntryContent { area, kind, title, body, visibility, occurred_on, tags, links } = entry.content;
        Self {
            id: entry.id,
            version: entry.version,
            student_id: entry.student_id,
            student: student.into(),
            area,
            kind,
            title,
            body,
            visibility,
            occurred_on,
            tags,
            links,
            created_at: entry.created_at,
            changed_at: entry.changed_at,
            may_comment,
        }
    }
}

/// An entry as it was, or is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PortfolioEntryVersionView {
    version: i64,
    area: EntryArea,
    kind: EntryKind,
    title: Line,
    body: Text<10000>,
    visibility: EntryVisibility,
    #[schema(required = true)]
    occurred_on: Option<NaiveDate>,
    #[schema(max_items = 20)]
    tags: Vec<Tag>,
    #[schema(max_items = 50)]
    links: Vec<Link>,
    /// When it became this.
    changed_at: DateTime<Utc>,
}

impl From<EarlierVersion> for PortfolioEntryVersionView {
    fn from(version: EarlierVersion) -> Self {
        let EarlierVersion { version, content, changed_at } = version;
        let EntryContent { area, kind, title, body, visibility, occurred_on, tags, links } = content;
        Self { version, area, kind, title, body, visibility, occurred_on, tags, links, changed_at }
    }
}

/// With whom an entry is shared: one of the three is not null.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PortfolioShareView {
    id: PortfolioShareId,
    version: i64,
    entry_id: PortfolioEntryId,
    #[schema(required = true)]
    person_id: Option<PersonId>,
    /// Who that is.
    #[schema(required = true)]
    person: Option<PersonName>,
    #[schema(required = true)]
    role: Option<ShareRole>,
    #[schema(required = true)]
    team_id: Option<TeamId>,
    may_comment: bool,
    /// From this moment on it holds no longer; null where it holds until it is ended.
    #[schema(required = true)]
    until_at: Option<DateTime<Utc>>,
    /// Does it hold now? Not after its time, nor with a person who has nothing to do with the college or the student any more.
    holds: bool,
    created_at: DateTime<Utc>,
}

impl PortfolioShareView {
    pub fn of(shared: SharedWith, now: DateTime<Utc>) -> Self {
        let SharedWith { share, person, still_here } = shared;
        let (person_id, role, team_id) = match share.with {
            ShareWith::Person(id) => (Some(id), None, None),
            ShareWith::Role(role) => (None, Some(role), None),
            ShareWith::Team(id) => (None, None, Some(id)),
        };
        Self {
            id: share.id,
            version: share.version,
            entry_id: share.entry_id,
            person_id,
            person: person.map(PersonName::from),
            role,
            team_id,
            may_comment: share.may_comment,
            until_at: share.until_at,
            holds: still_here && share.until_at.is_none_or(|until| until > now),
            created_at: share.created_at,
        }
    }
}

/// What someone said of an entry.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PortfolioCommentView {
    id: PortfolioCommentId,
    /// Who said it.
    author: PersonName,
    text: Prose,
    created_at: DateTime<Utc>,
}

impl From<Commented> for PortfolioCommentView {
    fn from(commented: Commented) -> Self {
        let Commented { comment, author } = commented;
        Self { id: comment.id, author: author.into(), text: comment.text, created_at: comment.created_at }
    }
}
