//! What a landscape offers to whoever is looking round (IN-1): place, time, and how many can come.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::OrientationFault as F;
use crate::kernel::{
    ActivityId, Event, Findings, Instant, KernelFault, LandscapeId, Refusal, StudentId, Subject, Text, Told, Word, given,
    time::{date_at, deserialize_instant, is_near},
};

crate::words! {
    /// How one can look round.
    pub enum ActivityKind {
        /// A conversation in the infoshop (infoshopgesprek), for who has no idea yet.
        InfoshopConversation = "infoshopConversation",
        /// A day along with the students of a landscape (meeloopdag).
        ShadowDay = "shadowDay",
        /// Exploring a field beside a student (buddystage).
        BuddyPlacement = "buddyPlacement",
    }
}

/// An orientation activity as a landscape plans it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewActivity {
    /// What kind of looking round it is.
    pub kind: ActivityKind,
    /// What it is called.
    pub title: Text<200>,
    /// What a prospect should know beforehand.
    #[serde(default)]
    pub description: Option<Text<4000>>,
    /// The landscape that offers it.
    pub landscape_id: LandscapeId,
    /// When it begins: today or later, within two years.
    #[serde(deserialize_with = "deserialize_instant")]
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Instant,
    /// When it ends, later than it begins.
    #[serde(deserialize_with = "deserialize_instant")]
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Instant,
    /// Where it is.
    pub place: Text<200>,
    /// How many can come; who registers after that waits in line.
    #[schema(minimum = 1, maximum = 1000)]
    pub capacity: u16,
    /// The student beside whom a field is explored: of a buddy placement alone.
    #[serde(default)]
    pub buddy_id: Option<StudentId>,
    /// The field that is explored: of a buddy placement alone.
    #[serde(default)]
    pub field: Option<Text<200>>,
}

/// What is to change of an activity; what is absent stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActivityPatch {
    /// Stays as it is: only for clients that send the whole.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ActivityKind)]
    pub kind: Option<ActivityKind>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Text<200>)]
    pub title: Option<Text<200>>,
    /// Null takes the description away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Text<4000>>)]
    pub description: Option<Option<Text<4000>>>,
    /// Stays as it is: only for clients that send the whole.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LandscapeId)]
    pub landscape_id: Option<LandscapeId>,
    #[serde(default, deserialize_with = "moment")]
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Option<Instant>,
    #[serde(default, deserialize_with = "moment")]
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Option<Instant>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Text<200>)]
    pub place: Option<Text<200>>,
    /// More room promotes who waits; less than hold a place is refused.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = u16, minimum = 1, maximum = 1000)]
    pub capacity: Option<u16>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<StudentId>)]
    pub buddy_id: Option<Option<StudentId>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Text<200>>)]
    pub field: Option<Option<Text<200>>>,
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
    deserialize_instant(deserializer).map(Some)
}

/// What others know about the ids that a new or changed activity names.
#[derive(Clone, Copy, Debug)]
pub struct ActivityFacts {
    /// The landscape exists.
    pub landscape_known: bool,
    /// The buddy is a student who is enrolled; true where none is named.
    pub buddy_enrolled: bool,
}

/// An orientation activity.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    pub id: ActivityId,
    pub version: i64,
    pub content: NewActivity,
}

impl Activity {
    /// Offers an activity (IN-1), today or later.
    ///
    /// # Errors
    /// Everything that is wrong with its content.
    pub fn offer(id: ActivityId, content: NewActivity, facts: ActivityFacts, now: Instant) -> Result<Told<Self>, Refusal> {
        let mut findings = Findings::default();
        content.check(&mut findings, facts);
        content.check_start(&mut findings, now);
        content.check_end(&mut findings, now);
        findings.settle()?;
        Ok(Self { id, version: 1, content }.told("offered"))
    }

    /// Changes an activity; `taken` is how many people hold a place. A larger capacity promotes from the line:
    /// see [`promoted`](super::promoted). When it was may lie in the past as long as it stays as it is.
    ///
    /// # Errors
    /// Everything that is wrong with the new content.
    pub fn change(&self, content: NewActivity, taken: usize, facts: ActivityFacts, now: Instant) -> Result<Told<Self>, Refusal> {
        let mut findings = Findings::default();
        content.check(&mut findings, facts);
        if content.starts_at != self.content.starts_at {
            content.check_start(&mut findings, now);
        }
        if content.ends_at != self.content.ends_at {
            content.check_end(&mut findings, now);
        }
        findings
            .note(content.kind != self.content.kind, "/kind", F::Fixed)
            .note(content.landscape_id != self.content.landscape_id, "/landscapeId", F::Fixed)
            .note(usize::from(content.capacity) < taken, "/capacity", F::CapacityBelowTaken);
        findings.settle()?;
        Ok(Self { id: self.id, version: self.version + 1, content }.told("changed"))
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::OrientationActivity, self.id, self.version, what)
            .in_landscape(self.content.landscape_id)
            .with("kind", self.content.kind.word());
        Told { thing: self, event }
    }
}

impl NewActivity {
    /// The same with what the patch changes.
    #[must_use]
    pub fn patched(self, patch: ActivityPatch) -> Self {
        Self {
            kind: patch.kind.unwrap_or(self.kind),
            title: patch.title.unwrap_or(self.title),
            description: patch.description.unwrap_or(self.description),
            landscape_id: patch.landscape_id.unwrap_or(self.landscape_id),
            starts_at: patch.starts_at.unwrap_or(self.starts_at),
            ends_at: patch.ends_at.unwrap_or(self.ends_at),
            place: patch.place.unwrap_or(self.place),
            capacity: patch.capacity.unwrap_or(self.capacity),
            buddy_id: patch.buddy_id.unwrap_or(self.buddy_id),
            field: patch.field.unwrap_or(self.field),
        }
    }

    /// Is it over?
    pub fn is_over(&self, now: Instant) -> bool {
        self.ends_at <= now
    }

    fn check_start(&self, findings: &mut Findings, now: Instant) {
        let (day, today) = (date_at(self.starts_at), date_at(now));
        findings.note(day < today, "/startsAt", F::InThePast).note(
            day > today && !is_near(day, now),
            "/startsAt",
            F::StartImplausible,
        );
    }

    fn check_end(&self, findings: &mut Findings, now: Instant) {
        let day = date_at(self.ends_at);
        findings.note(day > date_at(now) && !is_near(day, now), "/endsAt", F::StartImplausible);
    }

    fn check(&self, findings: &mut Findings, facts: ActivityFacts) {
        let is_buddy_placement = self.kind == ActivityKind::BuddyPlacement;
        findings
            .note(!facts.landscape_known, "/landscapeId", KernelFault::UnknownReference)
            .note(self.ends_at <= self.starts_at, "/endsAt", F::EndsBeforeStart)
            .note(!(1..=1000).contains(&self.capacity), "/capacity", F::CapacityOutOfRange)
            .note(is_buddy_placement && self.buddy_id.is_none(), "/buddyId", F::BuddyMissing)
            .note(is_buddy_placement && self.field.is_none(), "/field", F::BuddyMissing)
            .note(!is_buddy_placement && self.buddy_id.is_some(), "/buddyId", F::BuddyUnwanted)
            .note(!is_buddy_placement && self.field.is_some(), "/field", F::BuddyUnwanted)
            .note(
                is_buddy_placement && self.buddy_id.is_some() && !facts.buddy_enrolled,
                "/buddyId",
                KernelFault::UnknownReference,
            );
    }
}
