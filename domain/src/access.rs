//! Who may do what: pure and total. Relations in, answer out.
//!
//! *Roles never open a student's record; relations do.* A [`Relation`] binds a person to one student, with
//! dates, and is read from the database at every request. A [`Role`] opens only what belongs to the
//! organisation. [`policy`] is the whole table: it names, for every [`Action`], who may do it, and it has no
//! wildcard, so that a new action does not compile until someone has decided about it.
//!
//! A decision leaves a [`Permit`]. Nobody else can make one, and without one nothing is shown or written.

mod actions;
mod policy;

use crate::kernel::{KernelFault, LandscapeId, PersonId, Refusal, ServiceAccountId, TeamId, Word};

pub use actions::Action;
pub use policy::policy;

crate::words! {
    /// What binds a person to a student (`access.md`). The word is what the database's `relations` says.
    pub enum Relation {
        /// S: is the student, or the applicant who may become one.
        Student = "student",
        /// CC: the responsible coach now.
        ResponsibleCoach = "responsibleCoach",
        /// IC: proposed as the new coach, or a coach of the landscape that a requested switch names.
        ProposedCoach = "proposedCoach",
        /// SC: a scout of the landscape of the application, until 14 days after its decision.
        Scout = "scout",
        /// TT: teaches in the student's team.
        Teacher = "teacher",
        /// TL: leads the student's team.
        TeamLeader = "teamLeader",
        /// LM: manages the student's landscape.
        LandscapeManager = "landscapeManager",
        /// SB: adviser on the student's case.
        SabAdviser = "sabAdviser",
        /// WT: trains the student at a learning company.
        WorkplaceTrainer = "workplaceTrainer",
        /// G<16: guardian of a student under 16.
        GuardianUnder16 = "guardianUnder16",
        /// G16: guardian of a student of 16 or 17.
        Guardian16 = "guardian16",
        /// G18: guardian of an adult student who consented to it.
        Guardian18 = "guardian18",
        /// RT: invited to rate, in a round that is open.
        InvitedRater = "invitedRater",
        /// PT: takes part in the conversation besides student and coach.
        Participant = "participant",
        /// SH: a share of the portfolio entry holds for them now.
        Shared = "shared",
        /// SHC: one that lets them comment, too.
        SharedForComment = "sharedForComment",
    }

    /// What a person is to the college, within a reach and between dates.
    pub enum Role {
        Coach = "coach",
        Scout = "scout",
        Teacher = "teacher",
        TeamLeader = "teamLeader",
        LandscapeManager = "landscapeManager",
        SabAdviser = "sabAdviser",
        WorkplaceTrainer = "workplaceTrainer",
        TaskHolderStaff = "taskHolderStaff",
        TaskHolderEducation = "taskHolderEducation",
        Director = "director",
        Administrator = "administrator",
        PrivacyOfficer = "privacyOfficer",
    }

    /// How far a role reaches.
    pub enum Reach {
        Institution = "institution",
        Landscape = "landscape",
        Team = "team",
    }

    /// What a service account may do; it never opens a student's record.
    pub enum Scope {
        OrganisationRead = "organisation:read",
        OrientationRead = "orientation:read",
        CurriculumRead = "curriculum:read",
        StartProgrammeTemplatesRead = "startProgrammeTemplates:read",
        ChangesRead = "changes:read",
    }
}

impl Role {
    /// The unit that a holder of this role is appointed to.
    pub const fn reach(self) -> Reach {
        match self {
            Self::Teacher | Self::TeamLeader => Reach::Team,
            Self::Coach | Self::Scout | Self::LandscapeManager | Self::TaskHolderStaff | Self::TaskHolderEducation => {
                Reach::Landscape
            }
            Self::SabAdviser | Self::WorkplaceTrainer | Self::Director | Self::Administrator | Self::PrivacyOfficer => {
                Reach::Institution
            }
        }
    }

    /// Works for the college itself.
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::WorkplaceTrainer)
    }
}

/// How much of a thing its reader gets. Later is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// That it is there and in which state.
    State,
    /// What came out of it.
    Outcome,
    /// Who, and from when until when.
    NameAndPeriod,
    /// Who, and for which programme.
    NameAndProgramme,
    /// What is asked of them, and why.
    Proposal,
    /// How far it is, without what people wrote.
    Progress,
    /// Without what the staff wrote for one another.
    OwnWords,
    Full,
}

impl Sight {
    /// Is the thing there with all that was written in it? A proposal is, for who is asked: there is nothing else in it.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Proposal | Self::Full)
    }
}

/// The roles that a caller has now, each with its reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldRole {
    pub role: Role,
    pub landscape_id: Option<LandscapeId>,
    pub team_id: Option<TeamId>,
}

/// Who is asking, as the database knows it at this moment. Elsewhere nobody makes one up: only `persistence` asks for
/// one, of what it read.
#[derive(Clone, Debug, PartialEq)]
pub enum Actor {
    /// Nobody said who.
    Anonymous,
    #[non_exhaustive]
    Person { id: PersonId, roles: Vec<HeldRole> },
    #[non_exhaustive]
    Service { id: ServiceAccountId, scopes: Vec<Scope> },
    /// The system itself, for reactions and imports that a permitted action set off, and the demo.
    #[non_exhaustive]
    System,
}

/// The unit that an organisational thing belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Institution,
    Landscape(LandscapeId),
    Team { landscape_id: LandscapeId, team_id: TeamId },
}

/// Where someone may do something by the roles that they hold: what lists of things of teams are filtered by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// By a role that reaches all of the college.
    pub everywhere: bool,
    pub landscapes: Vec<LandscapeId>,
    pub teams: Vec<TeamId>,
}

impl Reached {
    /// Is the unit within it?
    pub fn covers(&self, unit: Unit) -> bool {
        self.everywhere
            || match unit {
                Unit::Institution => false,
                Unit::Landscape(landscape_id) => self.landscapes.contains(&landscape_id),
                Unit::Team { landscape_id, team_id } => self.landscapes.contains(&landscape_id) || self.teams.contains(&team_id),
            }
    }
}

/// Everyone whom an action is open to apart from relations and roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Nobody,
    /// Whoever works for the college.
    Staff,
    /// Whoever has an account.
    SignedIn,
    Public,
}

/// Who may do one action.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    pub relations: &'static [(Relation, Sight)],
    /// Roles that may, within the unit that they reach.
    pub roles: &'static [Role],
    pub scopes: &'static [Scope],
    pub audience: Audience,
}

/// On what ground something was permitted: the audit trail keeps it beside the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    Relation(Relation),
    Role(Role),
    Scope(Scope),
    /// Holds the secret link of the thing.
    Secret,
    Staff,
    SignedIn,
    Public,
    System,
}

impl Ground {
    pub fn word(self) -> &'static str {
        match self {
            Self::Relation(relation) => relation.word(),
            Self::Role(role) => role.word(),
            Self::Scope(scope) => scope.word(),
            Self::Secret => "secret",
            Self::Staff => "staff",
            Self::SignedIn => "signedIn",
            Self::Public => "public",
            Self::System => "system",
        }
    }
}

/// The proof that a decision was made. Only this module makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    action: Action,
    ground: Ground,
    sight: Sight,
}

impl Permit {
    pub const fn action(self) -> Action {
        self.action
    }

    pub const fn ground(self) -> Ground {
        self.ground
    }

    /// How much of the thing its holder gets.
    pub const fn sight(self) -> Sight {
        self.sight
    }

    /// For what the system does of itself: reactions to an event, the rows of a permitted import, the demo.
    pub const fn system(action: Action) -> Self {
        Self { action, ground: Ground::System, sight: Sight::Full }
    }

    /// For who holds the secret link of the very thing, after the secret was compared.
    pub const fn by_secret(action: Action) -> Self {
        Self { action, ground: Ground::Secret, sight: Sight::OwnWords }
    }
}

impl Actor {
    /// Someone, with the roles that count now.
    pub const fn person(id: PersonId, roles: Vec<HeldRole>) -> Self {
        Self::Person { id, roles }
    }

    /// A service account that is active.
    pub const fn service(id: ServiceAccountId, scopes: Vec<Scope>) -> Self {
        Self::Service { id, scopes }
    }

    pub const fn system() -> Self {
        Self::System
    }

    pub fn person_id(&self) -> Option<PersonId> {
        match self {
            Self::Person { id, .. } => Some(*id),
            Self::Anonymous | Self::Service { .. } | Self::System => None,
        }
    }

    /// May this caller do this within `unit`? For what belongs to the organisation, not to a student.
    ///
    /// # Errors
    /// [`KernelFault::Forbidden`] where the caller may see such a thing, [`KernelFault::Absent`] where not,
    /// [`KernelFault::Unauthenticated`] where nobody said who is asking and not everyone may.
    pub fn permit(&self, action: Action, unit: Unit) -> Result<Permit, Refusal> {
        if let Some(ground) = self.ground(action, unit) {
            return Ok(Permit { action, ground, sight: Sight::Full });
        }
        Err(match self {
            Self::Anonymous => KernelFault::Unauthenticated,
            _ if self.ground(action.sight(), unit).is_some() => KernelFault::Forbidden,
            _ => KernelFault::Absent,
        }
        .into())
    }

    /// May this caller do this somewhere, whatever the unit? For lists, which are filtered by unit.
    pub fn permit_somewhere(&self, action: Action) -> Result<Permit, Refusal> {
        if let Some(ground) = self.ground_somewhere(action) {
            return Ok(Permit { action, ground, sight: Sight::Full });
        }
        Err(match self {
            Self::Anonymous => KernelFault::Unauthenticated,
            _ if self.ground_somewhere(action.sight()).is_some() => KernelFault::Forbidden,
            _ => KernelFault::Absent,
        }
        .into())
    }

    fn ground_somewhere(&self, action: Action) -> Option<Ground> {
        let anywhere = |held: &&HeldRole| policy(action).roles.contains(&held.role);
        let held = match self {
            Self::Person { roles, .. } => roles.iter().find(anywhere),
            _ => None,
        };
        held.map(|held| Ground::Role(held.role)).or_else(|| self.ground(action, Unit::Institution))
    }

    fn ground(&self, action: Action, unit: Unit) -> Option<Ground> {
        let policy = policy(action);
        let by_role = match self {
            Self::System => Some(Ground::System),
            Self::Person { roles, .. } => roles
                .iter()
                .find(|held| policy.roles.contains(&held.role) && held.covers(unit))
                .map(|held| Ground::Role(held.role)),
            Self::Service { scopes, .. } => {
                scopes.iter().find(|scope| policy.scopes.contains(scope)).map(|scope| Ground::Scope(*scope))
            }
            Self::Anonymous => None,
        };
        by_role.or_else(|| match (policy.audience, self) {
            (Audience::Public, _) => Some(Ground::Public),
            (Audience::SignedIn, Self::Person { .. }) => Some(Ground::SignedIn),
            (Audience::Staff, Self::Person { roles, .. }) if roles.iter().any(|held| held.role.is_staff()) => Some(Ground::Staff),
            _ => None,
        })
    }

    /// Where this caller may do this by a role, whatever else opens it to them.
    pub fn reaches(&self, action: Action) -> Reached {
        let held = match self {
            Self::Person { roles, .. } => roles.as_slice(),
            Self::Anonymous | Self::Service { .. } | Self::System => &[],
        };
        let mut reached = Reached { everywhere: *self == Self::System, ..Reached::default() };
        for held in held.iter().filter(|held| policy(action).roles.contains(&held.role)) {
            match held.role.reach() {
                Reach::Institution => reached.everywhere = true,
                Reach::Landscape => reached.landscapes.extend(held.landscape_id),
                Reach::Team => reached.teams.extend(held.team_id),
            }
        }
        reached
    }

    /// Has this role now, for whichever unit?
    pub fn has_role(&self, role: Role) -> bool {
        matches!(self, Self::Person { roles, .. } if roles.iter().any(|held| held.role == role))
    }

    /// Has this role now, for this landscape?
    pub fn has_role_in(&self, role: Role, landscape: LandscapeId) -> bool {
        match self {
            Self::Person { roles, .. } => roles.iter().any(|held| held.role == role && held.covers(Unit::Landscape(landscape))),
            _ => false,
        }
    }
}

impl HeldRole {
    /// Does what this role reaches include the unit?
    pub fn covers(&self, unit: Unit) -> bool {
        match (self.role.reach(), unit) {
            (Reach::Institution, _) => true,
            (Reach::Landscape, Unit::Landscape(landscape_id) | Unit::Team { landscape_id, .. }) => {
                self.landscape_id == Some(landscape_id)
            }
            (Reach::Team, Unit::Team { team_id, .. }) => self.team_id == Some(team_id),
            (Reach::Landscape | Reach::Team, _) => false,
        }
    }
}

/// A row that concerns a student or applicant, with the caller's relations to them. Nothing of the row can be
/// had without a decision.
#[derive(Clone, Debug)]
pub struct Guarded<T> {
    thing: T,
    relations: Vec<Relation>,
}

impl<T> Guarded<T> {
    /// With the caller's relations as the database knows them now: for who reads the row.
    pub fn new(thing: T, relations: Vec<Relation>) -> Self {
        Self { thing, relations }
    }

    /// The row, for who may do `action` with it.
    ///
    /// # Errors
    /// [`KernelFault::Absent`] where the caller may not even see it, [`KernelFault::Forbidden`] where they may.
    pub fn permit(self, action: Action) -> Result<(T, Permit), Refusal> {
        let permit = permit_by(&self.relations, action)?;
        Ok((self.thing, permit))
    }

    /// The row, with all that its reader may do with it: for views that tell open decisions.
    ///
    /// # Errors
    /// As [`Guarded::permit`].
    pub fn read(self, action: Action) -> Result<Seen<T>, Refusal> {
        let permit = permit_by(&self.relations, action)?;
        Ok(Seen { thing: self.thing, permit, relations: self.relations })
    }
}

/// A row that its caller may read, and what else they may do with it.
#[derive(Clone, Debug)]
pub struct Seen<T> {
    pub thing: T,
    pub permit: Permit,
    relations: Vec<Relation>,
}

impl<T> Seen<T> {
    pub fn sight(&self) -> Sight {
        self.permit.sight
    }

    /// Is this the reader's relation to whoever it is about?
    pub fn is(&self, relation: Relation) -> bool {
        self.relations.contains(&relation)
    }

    /// May the reader do this too?
    pub fn may(&self, action: Action) -> bool {
        permit_by(&self.relations, action).is_ok()
    }

    /// # Errors
    /// [`KernelFault::Forbidden`]: it is visible, but this is not the caller's to do.
    pub fn permit(&self, action: Action) -> Result<Permit, Refusal> {
        permit_by(&self.relations, action)
    }

    /// Of the actions that the state allows, those that are the reader's, as their names on the wire.
    pub fn open(&self, allowed: &[Action]) -> Vec<&'static str> {
        allowed.iter().filter(|action| self.may(**action)).map(|action| action.word()).collect()
    }

    /// The same caller's sight of something else of the same student.
    pub fn with<U>(&self, thing: U) -> Seen<U> {
        Seen { thing, permit: self.permit, relations: self.relations.clone() }
    }
}

fn permit_by(relations: &[Relation], action: Action) -> Result<Permit, Refusal> {
    let best = |action: Action| {
        policy(action).relations.iter().filter(|(relation, _)| relations.contains(relation)).max_by_key(|(_, sight)| *sight)
    };
    match best(action) {
        Some((relation, sight)) => Ok(Permit { action, ground: Ground::Relation(*relation), sight: *sight }),
        None if best(action.sight()).is_some() => Err(KernelFault::Forbidden.into()),
        None => Err(KernelFault::Absent.into()),
    }
}

/// How much someone with these relations gets to see by this action, if anything.
pub fn sight_of(relations: &[Relation], action: Action) -> Option<Sight> {
    permit_by(relations, action).ok().map(Permit::sight)
}

/// The relations that may do this: what lists are filtered by.
pub fn relations_that_may(action: Action) -> Vec<Relation> {
    relations_that_see(action, Sight::State)
}

/// Those among them that get to see at least so much: who may not see something may not search by it either.
pub fn relations_that_see(action: Action, least: Sight) -> Vec<Relation> {
    policy(action).relations.iter().filter(|(_, sight)| *sight >= least).map(|(relation, _)| *relation).collect()
}
