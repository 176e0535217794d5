//! Ids that cannot be mistaken for one another: a coach's id is no application's id.

use std::borrow::Cow;
use std::cell::Cell;
use std::{fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::SchemaFormat, schema::Type};
use uuid::Uuid;

/// The id of one `Of`: a UUID, opaque to clients.
pub struct Id<Of> {
    uuid: Uuid,
    of: PhantomData<fn() -> Of>,
}

impl<Of> Id<Of> {
    /// The id with this UUID, from a place that is trusted to mean an `Of`: a column, a path, a body.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, of: PhantomData }
    }

    /// Before every id: where a list begins.
    pub const FIRST: Self = Self::from_uuid(Uuid::nil());

    /// A new id whose order is the order of making (UUID version 7). Not for what must not tell its age.
    pub fn in_order() -> Self {
        Self::from_uuid(counted().unwrap_or_else(Uuid::now_v7))
    }

    /// A new id that tells nothing (UUID version 4): for care, invitations and shares.
    pub fn unguessable() -> Self {
        Self::from_uuid(Uuid::new_v4())
    }

    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

thread_local! {
    /// The number of this thread's next id; 0 while ids are drawn.
    static NEXT: Cell<u64> = const { Cell::new(0) };
}

/// How far ids are counted. While they are, they are numbered instead of drawn: the invented college has the same ids each
/// time it is made. A count is of one thread, and goes along with work that is handed to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(u64);

/// While it lives, this thread counts its ids.
pub struct Counting {
    before: u64,
}

impl Count {
    /// How many ids there are in a series.
    const SERIES: u64 = 1024;

    /// The beginning of one of the series into which the numbers are divided, so that several can count at once.
    pub const fn of_series(series: u64) -> Self {
        Self(1 + series * Self::SERIES)
    }

    /// How far this thread is; it may be that it does not count.
    pub fn here() -> Self {
        Self(NEXT.get())
    }

    /// Counts on from here on this thread, or does not count there either.
    pub fn begin(self) -> Counting {
        Counting { before: NEXT.replace(self.0) }
    }

    /// Takes over how far work came that was handed away.
    pub fn go_on(self) {
        NEXT.set(self.0);
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        NEXT.set(self.before);
    }
}

/// The next numbered id, dated before any that is drawn, so that the order of making goes on to hold.
fn counted() -> Option<Uuid> {
    const FIRST_OF_AUGUST_2026: u64 = 1_785_542_400_000;
    let number = NEXT.get();
    if number == 0 {
        return None;
    }
    NEXT.set(number + 1);
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
    let mut random = [0; 10];
    random[..8].copy_from_slice(&mixed);
    Some(uuid::Builder::from_unix_timestamp_millis(FIRST_OF_AUGUST_2026 + number, &random).into_uuid())
}

impl<Of> Clone for Id<Of> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<Of> Copy for Id<Of> {}
impl<Of> PartialEq for Id<Of> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<Of> Eq for Id<Of> {}
impl<Of> PartialOrd for Id<Of> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<Of> Ord for Id<Of> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<Of> hash::Hash for Id<Of> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<Of> fmt::Debug for Id<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.fmt(f)
    }
}
impl<Of> fmt::Display for Id<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.fmt(f)
    }
}
impl<Of> FromStr for Id<Of> {
    type Err = uuid::Error;

    /// Hyphenated form only: one thing has one address.
    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        let uuid = Uuid::try_parse(text)?;
        if text.len() == 36 { Ok(Self::from_uuid(uuid)) } else { Uuid::try_parse("").map(Self::from_uuid) }
    }
}
impl<Of> Serialize for Id<Of> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.uuid.serialize(serializer)
    }
}
impl<'de, Of> Deserialize<'de> for Id<Of> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
impl<Of> utoipa::PartialSchema for Id<Of> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("uuid".into())))
            .min_length(Some(36))
            .max_length(Some(36))
            .into()
    }
}
impl<Of> utoipa::ToSchema for Id<Of> {
    fn name() -> Cow<'static, str> {
        "Id".into()
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident of $of:ident;)*) => {
        /// What ids are of; never made, only named.
        pub mod of { $(pub enum $of {})* }
        $($(#[$doc])* pub type $name = Id<of::$of>;)*
    };
}

ids! {
    LandscapeId of Landscape;
    TeamId of Team;
    PersonId of Person;
    /// A student is a person: the same UUID names both.
    StudentId of Student;
    RoleId of Role;
    GuardianshipId of Guardianship;
    ServiceAccountId of ServiceAccount;
    SchoolCalendarId of SchoolCalendar;
    ActivityId of Activity;
    RegistrationId of Registration;
    ApplicationId of Application;
    EnrolmentId of Enrolment;
    CoachAssignmentId of CoachAssignment;
    HandoverId of Handover;
    SwitchId of Switch;
    TemplateId of Template;
    ProgrammeId of Programme;
    /// One activity within a week of a start programme.
    WeekActivityId of WeekActivity;
    DossierId of Dossier;
    QualificationId of Qualification;
    CoreTaskId of CoreTask;
    WorkProcessId of WorkProcess;
    /// A requirement of career and citizenship (loopbaan en burgerschap).
    RequirementId of Requirement;
    LwpId of Lwp;
    PortfolioEntryId of PortfolioEntry;
    PortfolioShareId of PortfolioShare;
    PortfolioCommentId of PortfolioComment;
    LwpReviewId of LwpReview;
    LwpAssignmentId of LwpAssignment;
    ImportId of Import;
    EvidenceId of Evidence;
    PlacementId of Placement;
    FrameworkId of Framework;
    /// One competence of a framework: what ratings are of.
    CompetenceId of Competence;
    RoundId of Round;
    /// Someone who is asked to rate in one round.
    RaterId of Rater;
    RatingId of Rating;
    ConversationId of Conversation;
    GoalId of Goal;
    LearningQuestionId of LearningQuestion;
    AgreementId of Agreement;
    CareerStepId of CareerStep;
}

impl StudentId {
    /// The person who is this student.
    pub const fn person(self) -> PersonId {
        Id::from_uuid(self.uuid)
    }
}

impl PersonId {
    /// This person as a student.
    pub const fn student(self) -> StudentId {
        Id::from_uuid(self.uuid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> [PersonId; 3] {
        [(); 3].map(|()| Id::in_order())
    }

    #[test]
    fn ids_that_are_counted_are_the_same_each_time_and_in_order_and_drawn_again_afterwards() {
        let [first, again] = [(); 2].map(|()| {
            let _counting = Count::of_series(7).begin();
            three()
        });
        assert_eq!(first, again);
        assert!(first.is_sorted());
        assert!(first[2] < three()[0], "counted ids are older than any that is drawn");
    }

    #[test]
    fn an_id_is_written_in_one_way_with_hyphens_in_upper_or_lower_case() {
        let written = "0198c1de-7a3e-7c0a-b7f0-0d8c3f0f7c11";
        let read = |text: &str| serde_json::from_value::<PersonId>(text.into()).map(|id| id.to_string());
        assert_eq!(read(written).ok().as_deref(), Some(written));
        assert_eq!(read(&written.to_uppercase()).ok().as_deref(), Some(written));
        for other in [format!("{{{written}}}"), format!("urn:uuid:{written}"), written.replace('-', ""), String::new()] {
            assert!(read(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_count_goes_along_with_work_that_another_thread_does() {
        let _counting = Count::of_series(7).begin();
        let alone = three();
        let _anew = Count::of_series(7).begin();
        let (here, count) = (PersonId::in_order(), Count::here());
        let work = move || {
            let _counting = count.begin();
            (PersonId::in_order(), Count::here())
        };
        let (there, count) = std::thread::spawn(work).join().unwrap();
        count.go_on();
        assert_eq!([here, there, Id::in_order()], alone);
    }
}
