//! One entry of a portfolio (PF-1, PF-3, PF-5): what the student keeps, how private it is, and what it is linked to.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::PortfolioFault as F;
use crate::kernel::{
    Event, Findings, Id, Instant, KernelFault, Line, PortfolioEntryId, Prose, Refusal, StudentId, Subject, Text, Told, given,
    given_list, time::date_at,
};

crate::words! {
    /// The six areas of a portfolio (PF-1).
    pub enum EntryArea {
        /// Leren.
        Learning = "learning",
        /// Loopbaan.
        Career = "career",
        /// Burgerschap.
        Citizenship = "citizenship",
        /// Zingeving.
        Meaning = "meaning",
        /// Ethiek.
        Ethics = "ethics",
        /// Dialoog.
        Dialogue = "dialogue",
    }

    /// What an entry is (PF-1).
    pub enum EntryKind {
        Reflection = "reflection",
        Product = "product",
        Experience = "experience",
        FeedbackReceived = "feedbackReceived",
        Achievement = "achievement",
        Agreement = "agreement",
    }

    /// Who but the owner sees an entry (PF-2).
    pub enum EntryVisibility {
        /// Nobody.
        Private = "private",
        /// Whoever is the responsible coach now, and with whom it is shared besides.
        Coach = "coach",
        /// With whom it is shared.
        Shared = "shared",
    }

    /// What an entry can be linked to (PF-5).
    pub enum LinkKind {
        Lwp = "lwp",
        LwpAssignment = "lwpAssignment",
        WorkProcess = "workProcess",
        Competence = "competence",
        Conversation = "conversation",
        Goal = "goal",
    }
}

/// A word by which the student finds an entry again.
pub type Tag = Text<50>;

/// A tag as tags are compared: without accents, in lower case.
pub fn folded_tag(tag: &str) -> String {
    crate::kernel::text::folded(tag)
}

const TAGS_AT_MOST: usize = 20;
const LINKS_AT_MOST: usize = 50;
const YEARS_AGO_AT_MOST: u32 = 100;

/// Something that an entry is linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Link {
    pub kind: LinkKind,
    /// The id of that thing.
    #[schema(value_type = PortfolioEntryId)]
    pub id: Uuid,
}

impl Link {
    /// The id as one of this kind of thing.
    pub const fn target<Of>(&self) -> Id<Of> {
        Id::from_uuid(self.id)
    }
}

/// What is known of a link's target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Known,
    /// There is none, or none that the student may refer to.
    Unknown,
    /// Nothing of this kind is kept yet.
    NotYet,
}

/// What an entry says. Also what one sends to make it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryContent {
    pub area: EntryArea,
    pub kind: EntryKind,
    pub title: Line,
    /// In the student's own words.
    pub body: Text<10000>,
    pub visibility: EntryVisibility,
    /// The day on which it happened.
    #[serde(default)]
    pub occurred_on: Option<NaiveDate>,
    /// Words by which it is found again; capitals and accents do not tell two apart.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub tags: Vec<Tag>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub links: Vec<Link>,
}

/// What is to change of an entry; what is absent stays as it is.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = EntryArea)]
    pub area: Option<EntryArea>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = EntryKind)]
    pub kind: Option<EntryKind>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Line)]
    pub title: Option<Line>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Text<10000>)]
    pub body: Option<Text<10000>>,
    /// `private` ends all its shares at once.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = EntryVisibility)]
    pub visibility: Option<EntryVisibility>,
    /// Null takes the day away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    pub occurred_on: Option<Option<NaiveDate>>,
    /// All of them anew.
    #[serde(default, deserialize_with = "given_list")]
    #[schema(max_items = 20)]
    pub tags: Option<Vec<Tag>>,
    /// All of them anew.
    #[serde(default, deserialize_with = "given_list")]
    #[schema(max_items = 50)]
    pub links: Option<Vec<Link>>,
}

/// An entry of a student's portfolio as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: PortfolioEntryId,
    pub student_id: StudentId,
    pub version: i64,
    pub content: EntryContent,
    pub created_at: Instant,
    /// When it became what it is.
    pub changed_at: Instant,
}

/// What a prospect saw at orientation and what it said about them, which opens the portfolio (IN-2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Experienced {
    /// What it was: the title of the activity.
    pub title: Line,
    pub on: NaiveDate,
    pub seen: Prose,
    pub learned: Prose,
}

impl Experienced {
    /// As an entry says it: an experience of the area career that nobody else sees. None where it does not fit.
    pub fn content(&self, now: Instant) -> Option<EntryContent> {
        let (seen, learned) = (self.seen.as_str(), self.learned.as_str());
        Some(EntryContent {
            area: EntryArea::Career,
            kind: EntryKind::Experience,
            title: self.title.clone(),
            body: Text::parse(&format!("Wat zag ik?\n{seen}\n\nWat zegt het over mij?\n{learned}"))?,
            visibility: EntryVisibility::Private,
            // Who was there early was not there in the future.
            occurred_on: Some(self.on.min(date_at(now))),
            tags: Vec::new(),
            links: Vec::new(),
        })
    }
}

/// An entry after an edit.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub entry: Told<Entry>,
    /// It is private from now on: nobody keeps what was shared.
    pub ends_shares: bool,
}

impl Entry {
    /// Puts something into the portfolio. `targets` tells of each link, in their order, what is known of it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn keep(student_id: StudentId, content: EntryContent, targets: &[Target], now: Instant) -> Result<Told<Self>, Refusal> {
        content.check(targets, now)?;
        let id = PortfolioEntryId::in_order();
        let entry = Self { id, student_id, version: 1, content, created_at: now, changed_at: now };
        Ok(entry.told("created", None))
    }

    /// What it would say after this patch.
    pub fn patched(&self, patch: EntryPatch) -> EntryContent {
        let before = self.content.clone();
        EntryContent {
            area: patch.area.unwrap_or(before.area),
            kind: patch.kind.unwrap_or(before.kind),
            title: patch.title.unwrap_or(before.title),
            body: patch.body.unwrap_or(before.body),
            visibility: patch.visibility.unwrap_or(before.visibility),
            occurred_on: patch.occurred_on.unwrap_or(before.occurred_on),
            tags: patch.tags.unwrap_or(before.tags),
            links: patch.links.unwrap_or(before.links),
        }
    }

    /// Changes what it says; `targets` as for [`Entry::keep`]. What it said before stays readable for the owner (PF-3).
    ///
    /// # Errors
    /// Everything that is wrong with the new content.
    pub fn change(&self, content: EntryContent, targets: &[Target], now: Instant) -> Result<Change, Refusal> {
        content.check(targets, now)?;
        let ends_shares = content.visibility == EntryVisibility::Private && self.content.visibility != EntryVisibility::Private;
        Ok(Change { entry: self.after(content, now).told("changed", Some(&self.content)), ends_shares })
    }

    /// Takes it back: it is gone for everyone (PF-2).
    pub fn withdraw(&self, now: Instant) -> Told<Self> {
        self.after(self.content.clone(), now).told("withdrawn", None)
    }

    /// The entry as one that can be shared: what was private is not so any more, by the owner's own act (PF-2).
    pub(super) fn opened(&self, now: Instant) -> Option<Told<Self>> {
        let private = self.content.visibility == EntryVisibility::Private;
        let content = EntryContent { visibility: EntryVisibility::Shared, ..self.content.clone() };
        private.then(|| self.after(content, now).told("changed", Some(&self.content)))
    }

    /// The day that it is of: on which it happened, else on which it was made.
    pub fn dated_on(&self) -> NaiveDate {
        self.content.occurred_on.unwrap_or_else(|| date_at(self.created_at))
    }

    fn after(&self, content: EntryContent, now: Instant) -> Self {
        Self { version: self.version + 1, content, changed_at: now.max(self.changed_at), ..self.clone() }
    }

    fn told(self, what: &'static str, before: Option<&EntryContent>) -> Told<Self> {
        let mut event = Event::new(Subject::PortfolioEntry, self.id, self.version, what).of_student(self.student_id);
        if let Some(before) = before {
            event = event.with("fields", self.content.unlike(before));
        }
        Told { thing: self, event }
    }
}

impl EntryContent {
    fn check(&self, targets: &[Target], now: Instant) -> Result<(), Refusal> {
        let mut found = Findings::default();
        let today = date_at(now);
        let earliest = today.checked_sub_months(Months::new(12 * YEARS_AGO_AT_MOST)).unwrap_or(today);
        let happened = self.occurred_on.is_none_or(|day| (earliest..=today).contains(&day));
        found
            .note(!happened, "/occurredOn", F::OccurredOutOfRange)
            .note(self.tags.len() > TAGS_AT_MOST, "/tags", F::TooMany)
            .note(self.links.len() > LINKS_AT_MOST, "/links", F::TooMany);
        let mut seen = BTreeSet::new();
        for (place, tag) in self.tags.iter().enumerate() {
            found.note(!seen.insert(folded_tag(tag.as_str())), format!("/tags/{place}"), F::Twice);
        }
        let mut seen = BTreeSet::new();
        for (place, link) in self.links.iter().enumerate() {
            let target = targets.get(place).copied().unwrap_or(Target::Unknown);
            found
                .note(!seen.insert(*link), format!("/links/{place}"), F::Twice)
                .note(target == Target::Unknown, format!("/links/{place}/id"), KernelFault::UnknownReference)
                .note(target == Target::NotYet, format!("/links/{place}/kind"), F::LinkKindNotYet);
        }
        found.settle()
    }

    /// The names of the fields that differ.
    fn unlike(&self, other: &Self) -> Vec<&'static str> {
        let fields = [
            ("area", self.area != other.area),
            ("kind", self.kind != other.kind),
            ("title", self.title != other.title),
            ("body", self.body != other.body),
            ("visibility", self.visibility != other.visibility),
            ("occurredOn", self.occurred_on != other.occurred_on),
            ("tags", self.tags != other.tags),
            ("links", self.links != other.links),
        ];
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}
