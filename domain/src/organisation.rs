//! The college: landscapes, teams, people and what they may do, guardians, and the school calendar.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Reach, Role, Scope, Unit};
use crate::kernel::{
    Email, Event, Findings, Instant, LandscapeId, Line, PersonId, Prose, Refusal, RoleId, ServiceAccountId, Subject, TeamId,
    given, text::folded,
};

crate::words! {
    /// The language that someone is addressed in.
    pub enum Language {
        Dutch = "nl",
        English = "en",
    }
}

crate::faults! {
    /// What can be wrong with the organisation.
    pub enum OrganisationFault {
        NameTaken: Conflict "organisation.name-taken"
            en "There is one of this name already. Choose another name."
            nl "Er is al een met deze naam. Kies een andere naam.",
        AccountTaken: Conflict "organisation.account-taken"
            en "This account belongs to someone else already."
            nl "Dit account is al van iemand anders.",
        RoleNeedsTeam: Invalid "organisation.role-needs-team"
            en "This role is held within a team: name it in teamId, and no landscapeId."
            nl "Deze rol geldt binnen een team: noem het in teamId, en geen landscapeId.",
        RoleNeedsLandscape: Invalid "organisation.role-needs-landscape"
            en "This role is held within a landscape: name it in landscapeId, and no teamId."
            nl "Deze rol geldt binnen een landschap: noem het in landscapeId, en geen teamId.",
        RoleNeedsNoUnit: Invalid "organisation.role-needs-no-unit"
            en "This role is held for the whole institution: name neither landscapeId nor teamId."
            nl "Deze rol geldt voor de hele instelling: noem geen landscapeId en geen teamId.",
        EndsBeforeStart: Invalid "organisation.ends-before-start"
            en "The end is before the beginning."
            nl "Het einde ligt voor het begin.",
        BornInFuture: Invalid "organisation.born-in-future"
            en "The birth date is in the future."
            nl "De geboortedatum ligt in de toekomst.",
        RoleEnded: Conflict "organisation.role-ended"
            en "This role has ended already."
            nl "Deze rol is al beëindigd.",
        LastAdministrator: Conflict "organisation.last-administrator"
            en "A college is never without an administrator, and nobody else with an account holds this role without an end date. Give it to someone else first."
            nl "Een instelling is nooit zonder beheerder, en niemand anders met een account heeft deze rol zonder einddatum. Geef die eerst aan iemand anders.",
        StillResponsible: Conflict "organisation.still-responsible"
            en "This person is the responsible coach of students in this landscape. Hand them over to another coach first."
            nl "Deze persoon is de verantwoordelijke coach van studenten in dit landschap. Draag die eerst over aan een andere coach.",
    }
}

/// A landscape (landschap): a learning and working environment that decides for itself how it guides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landscape {
    pub id: LandscapeId,
    pub name: String,
    pub description: Option<String>,
    pub version: i64,
}

/// A landscape to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewLandscape {
    /// Unlike that of any other landscape.
    pub name: Line,
    /// What a prospect should know of it.
    #[serde(default)]
    pub description: Option<Prose>,
}

/// What is to change of a landscape; what is absent stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LandscapePatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Line)]
    pub name: Option<Line>,
    /// Null takes the description away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Prose>)]
    pub description: Option<Option<Prose>>,
}

impl Landscape {
    pub fn found(new: NewLandscape) -> Self {
        Self {
            id: LandscapeId::in_order(),
            name: new.name.into_string(),
            description: new.description.map(Into::into),
            version: 1,
        }
    }

    /// The same with what the patch changes; none where that is nothing.
    pub fn patched(&self, patch: LandscapePatch) -> Option<Self> {
        let mut after = self.clone();
        if let Some(name) = patch.name {
            after.name = name.into_string();
        }
        if let Some(description) = patch.description {
            after.description = description.map(Into::into);
        }
        (after != *self).then(|| Self { version: self.version + 1, ..after })
    }

    pub const fn unit(&self) -> Unit {
        Unit::Landscape(self.id)
    }

    pub fn event(&self, what: &'static str) -> Event {
        Event::new(Subject::Landscape, self.id, self.version, what).in_landscape(self.id)
    }
}

/// A team: the people who teach and coach one group of students.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    pub id: TeamId,
    pub landscape_id: LandscapeId,
    pub name: String,
    pub version: i64,
}

/// A team to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewTeam {
    pub landscape_id: LandscapeId,
    /// Unlike that of any other team of the landscape.
    pub name: Line,
}

/// What is to change of a team.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TeamPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Line)]
    pub name: Option<Line>,
}

impl Team {
    pub fn found(new: NewTeam) -> Self {
        Self { id: TeamId::in_order(), landscape_id: new.landscape_id, name: new.name.into_string(), version: 1 }
    }

    /// The same with what the patch changes; none where that is nothing.
    pub fn patched(&self, patch: TeamPatch) -> Option<Self> {
        let name = patch.name.map_or_else(|| self.name.clone(), Line::into_string);
        (name != self.name).then(|| Self { name, version: self.version + 1, ..self.clone() })
    }

    pub const fn unit(&self) -> Unit {
        Unit::Team { landscape_id: self.landscape_id, team_id: self.id }
    }

    pub fn event(&self, what: &'static str) -> Event {
        Event::new(Subject::Team, self.id, self.version, what).in_landscape(self.landscape_id)
    }
}

/// A person: student, applicant, guardian or member of staff. What they are to the college is told by roles and relations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub given_name: String,
    /// Tussenvoegsel: `van der`.
    pub family_name_prefix: Option<String>,
    pub family_name: String,
    pub birth_date: Option<NaiveDate>,
    pub email: Option<String>,
    pub language: Language,
    pub version: i64,
    pub created_at: Instant,
}

/// Where someone's tokens come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Account {
    /// `iss` of the tokens.
    pub issuer: Line,
    /// `sub` of the tokens.
    pub subject: Line,
}

/// A person to be entered.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPerson {
    pub given_name: Line,
    /// Tussenvoegsel: `van der`.
    #[serde(default)]
    pub family_name_prefix: Option<Line>,
    pub family_name: Line,
    #[serde(default)]
    pub birth_date: Option<NaiveDate>,
    #[serde(default)]
    pub email: Option<Email>,
    /// Dutch unless said otherwise.
    #[serde(default)]
    pub language: Option<Language>,
    #[serde(default)]
    pub account: Option<Account>,
}

/// What is to change of a person.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Line)]
    pub given_name: Option<Line>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Line>)]
    pub family_name_prefix: Option<Option<Line>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Line)]
    pub family_name: Option<Line>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    pub birth_date: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Email>)]
    pub email: Option<Option<Email>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Language)]
    pub language: Option<Language>,
    /// Links an account to the person, beside those they have.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Account)]
    pub account: Option<Account>,
}

/// How someone is called, in one line: `Jan van der Berg`.
pub fn called(given_name: &str, family_name_prefix: Option<&str>, family_name: &str) -> String {
    [Some(given_name), family_name_prefix, Some(family_name)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

impl Person {
    /// # Errors
    /// [`OrganisationFault::BornInFuture`].
    pub fn enter(new: NewPerson, now: Instant) -> Result<Self, Refusal> {
        born_by(new.birth_date, now)?;
        Ok(Self {
            id: PersonId::in_order(),
            given_name: new.given_name.into_string(),
            family_name_prefix: new.family_name_prefix.map(Into::into),
            family_name: new.family_name.into_string(),
            birth_date: new.birth_date,
            email: new.email.map(Email::into_string),
            language: new.language.unwrap_or(Language::Dutch),
            version: 1,
            created_at: now,
        })
    }

    /// Says what another version of this person said.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        Self { version: other.version, ..self.clone() } == *other
    }

    /// # Errors
    /// [`OrganisationFault::BornInFuture`].
    pub fn patched(mut self, patch: PersonPatch, now: Instant) -> Result<Self, Refusal> {
        born_by(patch.birth_date.flatten(), now)?;
        if let Some(name) = patch.given_name {
            self.given_name = name.into_string();
        }
        if let Some(prefix) = patch.family_name_prefix {
            self.family_name_prefix = prefix.map(Into::into);
        }
        if let Some(name) = patch.family_name {
            self.family_name = name.into_string();
        }
        if let Some(birth_date) = patch.birth_date {
            self.birth_date = birth_date;
        }
        if let Some(email) = patch.email {
            self.email = email.map(Email::into_string);
        }
        if let Some(language) = patch.language {
            self.language = language;
        }
        self.version += 1;
        Ok(self)
    }

    /// The order of lists, and what search compares: family name, given name, prefix, folded.
    pub fn sort_name(&self) -> String {
        let parts = [Some(self.family_name.as_str()), Some(self.given_name.as_str()), self.family_name_prefix.as_deref()];
        folded(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    pub fn event(&self, what: &'static str) -> Event {
        Event::new(Subject::Person, self.id, self.version, what)
    }
}

fn born_by(birth_date: Option<NaiveDate>, now: Instant) -> Result<(), Refusal> {
    let mut found = Findings::default();
    let future = birth_date.is_some_and(|date| date > crate::kernel::time::date_at(now));
    found.note(future, "/birthDate", OrganisationFault::BornInFuture);
    found.settle()
}

/// A role that someone holds, from a day until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    pub id: RoleId,
    pub person_id: PersonId,
    pub role: Role,
    pub landscape_id: Option<LandscapeId>,
    pub team_id: Option<TeamId>,
    pub from_at: Instant,
    /// No longer held from this moment on.
    pub until_at: Option<Instant>,
    pub version: i64,
}

/// A role to be given to someone.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRole {
    pub role: Role,
    /// For roles within a landscape.
    #[serde(default)]
    pub landscape_id: Option<LandscapeId>,
    /// For roles within a team.
    #[serde(default)]
    pub team_id: Option<TeamId>,
    /// The first day; today unless said otherwise.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// The last day.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

/// What is known around a role that is to end.
#[derive(Clone, Copy, Debug)]
pub struct RoleFacts {
    /// Someone keeps the college without this role, now and from now on.
    pub another_administrator: bool,
    /// The holder is the responsible coach of a student in the role's landscape, and no coach there without this role.
    pub still_responsible: bool,
}

impl HeldRole {
    /// # Errors
    /// Every way in which the role does not fit the unit, and a last day before the first.
    pub fn grant(person_id: PersonId, new: &NewRole, now: Instant) -> Result<Self, Refusal> {
        use crate::kernel::time::{date_at, start_of};
        let mut found = Findings::default();
        let units = (new.landscape_id.is_some(), new.team_id.is_some());
        match new.role.reach() {
            Reach::Team => found.note(units != (false, true), "/teamId", OrganisationFault::RoleNeedsTeam),
            Reach::Landscape => found.note(units != (true, false), "/landscapeId", OrganisationFault::RoleNeedsLandscape),
            Reach::Institution => found.note(units != (false, false), "/role", OrganisationFault::RoleNeedsNoUnit),
        };
        let from = new.from.unwrap_or_else(|| date_at(now));
        found.note(new.until.is_some_and(|until| until < from), "/until", OrganisationFault::EndsBeforeStart);
        found.settle()?;
        Ok(Self {
            id: RoleId::in_order(),
            person_id,
            role: new.role,
            landscape_id: new.landscape_id,
            team_id: new.team_id,
            from_at: if new.from.is_some() { start_of(from) } else { now },
            until_at: new.until.and_then(|until| until.succ_opt()).map(start_of),
            version: 1,
        })
    }

    /// Ends it at this moment.
    ///
    /// # Errors
    /// [`OrganisationFault::RoleEnded`]; [`OrganisationFault::LastAdministrator`], because nobody could appoint the next;
    /// [`OrganisationFault::StillResponsible`], because who is no coach cannot be the coach of a student (EN-1).
    pub fn end(mut self, now: Instant, facts: RoleFacts) -> Result<Self, Refusal> {
        if self.until_at.is_some_and(|until| until <= now) {
            return Err(OrganisationFault::RoleEnded.fault().into());
        }
        if self.role == Role::Administrator && !facts.another_administrator {
            return Err(OrganisationFault::LastAdministrator.fault().into());
        }
        if self.role == Role::Coach && facts.still_responsible {
            return Err(OrganisationFault::StillResponsible.fault().into());
        }
        self.until_at = Some(now.max(self.from_at));
        self.version += 1;
        Ok(self)
    }

    pub fn event(&self, what: &'static str) -> Event {
        Event::new(Subject::Role, self.id, self.version, what)
            .naming("personId", self.person_id)
            .with("role", crate::kernel::Word::word(self.role))
    }
}

/// A service account (a dashboard, an e-learning platform) to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewServiceAccount {
    pub name: Line,
    #[schema(min_items = 1, max_items = 20)]
    pub scopes: Vec<Scope>,
    pub account: Account,
}

/// A service account (a dashboard, an e-learning platform): no person, and never a student's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAccount {
    pub id: ServiceAccountId,
    pub name: String,
    pub scopes: Vec<Scope>,
    /// Its tokens are believed.
    pub active: bool,
    pub version: i64,
}

/// What is to change of a service account.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceAccountPatch {
    /// False shuts it out from the next request on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub active: Option<bool>,
    /// All that it may do from now on.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<Scope>, min_items = 1, max_items = 20)]
    pub scopes: Option<Vec<Scope>>,
}

impl ServiceAccount {
    pub fn open(new: NewServiceAccount) -> Self {
        let mut scopes = new.scopes;
        scopes.sort_unstable();
        scopes.dedup();
        Self { id: ServiceAccountId::in_order(), name: new.name.into_string(), scopes, active: true, version: 1 }
    }

    /// The same with what the patch changes; none where that is nothing.
    pub fn patched(&self, patch: ServiceAccountPatch) -> Option<Self> {
        let mut after = self.clone();
        if let Some(active) = patch.active {
            after.active = active;
        }
        if let Some(mut scopes) = patch.scopes {
            scopes.sort_unstable();
            scopes.dedup();
            after.scopes = scopes;
        }
        (after != *self).then(|| Self { version: self.version + 1, ..after })
    }

    pub fn event(&self, what: &'static str) -> Event {
        Event::new(Subject::ServiceAccount, self.id, self.version, what).with("active", self.active)
    }
}
