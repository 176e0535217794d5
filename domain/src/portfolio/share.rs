//! With whom the owner shares an entry, until when, and whether they may comment (PF-2).

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Deserializer, de};
use utoipa::ToSchema;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

use super::{Entry, PortfolioFault as F};
use crate::kernel::{
    Event, Finding, Findings, Instant, KernelFault, PersonId, PortfolioEntryId, PortfolioShareId, Refusal, StudentId, Subject,
    TeamId, Told,
    time::{parse_instant, start_of},
};

crate::words! {
    /// Whoever has this relation to the student, at every moment anew.
    pub enum ShareRole {
        /// The responsible coach.
        Coach = "coach",
        /// Who teaches in the student's team.
        Teacher = "teacher",
        /// Who leads the student's team.
        TeamLeader = "teamLeader",
        /// An adviser on the student's case.
        SabAdviser = "sabAdviser",
        /// Who trains the student at a learning company.
        WorkplaceTrainer = "workplaceTrainer",
        /// A guardian who may see anything of the student at all.
        Guardian = "guardian",
    }
}

/// Until when a share holds: a moment, or a date, through the end of that day at school.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareUntil(Instant);

impl ShareUntil {
    /// The moment that this text says, or none.
    pub fn parse(text: &str) -> Option<Self> {
        let day = |date: NaiveDate| date.checked_add_days(Days::new(1)).map(start_of);
        let moment = match text.parse::<NaiveDate>() {
            Ok(date) => day(date)?,
            Err(_) => parse_instant(text)?,
        };
        let year_fits = (1000..=9999).contains(&chrono::Datelike::year(&moment));
        year_fits.then_some(Self(moment))
    }

    pub const fn moment(self) -> Instant {
        self.0
    }
}

/// What stands in `until`: looked at with the rest of the share, so that all faults are told at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UntilText(String);

impl<'de> Deserialize<'de> for UntilText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.len() <= 40 { Ok(Self(text)) } else { Err(de::Error::custom("until")) }
    }
}
impl utoipa::PartialSchema for UntilText {
    fn schema() -> RefOr<Schema> {
        let about = "A date (`2026-12-24`, through the end of that day at school) or a moment (RFC 3339).";
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(10))
            .max_length(Some(40))
            .pattern(Some(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2}))?$"))
            .description(Some(about))
            .into()
    }
}
impl ToSchema for UntilText {
    fn name() -> std::borrow::Cow<'static, str> {
        "ShareUntil".into()
    }
}

/// What one sends to share an entry: with exactly one of `personId`, `role` and `teamId`.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewShare {
    #[serde(default)]
    pub person_id: Option<PersonId>,
    /// Whoever has this relation to the student then.
    #[serde(default)]
    pub role: Option<ShareRole>,
    /// Whoever holds a role in this team then.
    #[serde(default)]
    pub team_id: Option<TeamId>,
    /// Until then; until it is withdrawn where absent.
    #[serde(default)]
    pub until: Option<UntilText>,
    /// Whether they may comment, too.
    #[serde(default)]
    pub may_comment: bool,
}

/// With whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareWith {
    Person(PersonId),
    Role(ShareRole),
    Team(TeamId),
}

/// An entry shared with someone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub id: PortfolioShareId,
    pub entry_id: PortfolioEntryId,
    pub student_id: StudentId,
    pub with: ShareWith,
    pub may_comment: bool,
    pub until_at: Option<Instant>,
    pub version: i64,
    pub created_at: Instant,
}

/// What is known of whom an entry is to be shared with.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShareFacts {
    /// The person has a relation to the student now, works in the student's landscape, or learns in the same team.
    pub person_is_near: bool,
    pub team_is_known: bool,
    /// The team is one of the student's landscape.
    pub team_is_near: bool,
}

/// A share, and the entry where sharing changed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    pub share: Told<Share>,
    /// It was private, and is shared from now on.
    pub opened: Option<Told<Entry>>,
}

impl NewShare {
    /// With whom, where it is exactly one.
    pub const fn with(&self) -> Option<ShareWith> {
        match (self.person_id, self.role, self.team_id) {
            (Some(id), None, None) => Some(ShareWith::Person(id)),
            (None, Some(role), None) => Some(ShareWith::Role(role)),
            (None, None, Some(id)) => Some(ShareWith::Team(id)),
            _ => None,
        }
    }
}

impl Entry {
    /// Shares it; what was private is not so any more, for sharing is the owner's explicit act (PF-2).
    ///
    /// # Errors
    /// Everything that is wrong with the share.
    pub fn share(&self, new: &NewShare, facts: ShareFacts, now: Instant) -> Result<Shared, Refusal> {
        let until = new.until.as_ref().map(|UntilText(text)| ShareUntil::parse(text));
        let past = matches!(until, Some(Some(until)) if until.moment() <= now);
        let mut found = Findings::default();
        found.note(new.with().is_none(), "", F::NotWithOne).note(until == Some(None), "/until", F::UntilUnclear).note(
            past,
            "/until",
            F::UntilPast,
        );
        match new.person_id {
            Some(id) if id == self.student_id.person() => found.note(true, "/personId", F::WithOneself),
            person => found.note(person.is_some() && !facts.person_is_near, "/personId", F::NoRelation),
        };
        found.note(new.team_id.is_some() && !facts.team_is_known, "/teamId", KernelFault::UnknownReference).note(
            new.team_id.is_some() && facts.team_is_known && !facts.team_is_near,
            "/teamId",
            F::NoRelation,
        );
        found.settle()?;
        let none: Finding = F::NotWithOne.at("");
        let share = Share {
            id: PortfolioShareId::unguessable(),
            entry_id: self.id,
            student_id: self.student_id,
            with: new.with().ok_or(Refusal::Findings(vec![none]))?,
            may_comment: new.may_comment,
            until_at: until.flatten().map(ShareUntil::moment),
            version: 1,
            created_at: now,
        };
        Ok(Shared { share: share.told("shared"), opened: self.opened(now) })
    }
}

impl Share {
    /// Ends it at once.
    pub fn end(&self) -> Told<Self> {
        Self { version: self.version + 1, ..self.clone() }.told("ended")
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::PortfolioShare, self.id, self.version, what)
            .of_student(self.student_id)
            .naming("entryId", self.entry_id);
        Told { thing: self, event }
    }
}
