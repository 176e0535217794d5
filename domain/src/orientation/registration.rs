//! One prospect at one activity (IN-1, IN-2): a place or a turn in line, and the experience afterwards.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Activity, NewActivity, OrientationFault as F};
use crate::{
    access::Action,
    kernel::{
        ActivityId, Email, Event, Findings, Instant, LandscapeId, PersonId, Refusal, RegistrationId, Secret, Subject, Text, Told,
        Word, time::is_birth_date,
    },
};

/// A prospect who registers, without an account (IN-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRegistration {
    /// How the prospect is called.
    pub given_name: Text<200>,
    /// The prospect's family name, with what goes before it.
    pub family_name: Text<200>,
    /// The day on which the prospect was born.
    pub birth_date: NaiveDate,
    /// Where the prospect can be reached.
    pub email: Email,
    /// The school that the prospect comes from.
    #[serde(default)]
    pub school: Option<Text<200>>,
}

/// What a prospect saw, and what it says about them (IN-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Experience {
    /// What did I see?
    pub seen: Text<4000>,
    /// What does it say about me?
    pub learned: Text<4000>,
}

/// A decision on a registration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum RegistrationDecision {
    /// The prospect does not come; who is first in line gets the place.
    Cancel {
        /// Of the prospect's link; a scout needs none.
        #[serde(default)]
        secret: Option<Secret>,
    },
    /// The prospect was there.
    MarkAttended {},
    /// The prospect was not there.
    MarkAbsent {},
    /// The prospect, having been there, tells of it; once.
    AddExperience {
        /// What did I see?
        seen: Text<4000>,
        /// What does it say about me?
        learned: Text<4000>,
        /// Of the prospect's link.
        #[serde(default)]
        secret: Option<Secret>,
    },
}

impl RegistrationDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::Cancel { .. } => Action::CancelRegistration,
            Self::MarkAttended {} => Action::MarkAttended,
            Self::MarkAbsent {} => Action::MarkAbsent,
            Self::AddExperience { .. } => Action::AddExperience,
        }
    }

    /// What its caller shows to be the prospect.
    pub const fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Cancel { secret } | Self::AddExperience { secret, .. } => secret.as_ref(),
            Self::MarkAttended {} | Self::MarkAbsent {} => None,
        }
    }
}

crate::words! {
    /// Where a registration is.
    pub enum RegistrationStateName {
        Registered = "registered",
        Waitlisted = "waitlisted",
        Cancelled = "cancelled",
        Attended = "attended",
        Absent = "absent",
    }
}

/// Where a registration is, with what belongs to that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrationState {
    Registered,
    Waitlisted,
    Cancelled,
    Attended { experience: Option<Experience> },
    Absent,
}

impl RegistrationState {
    pub const fn name(&self) -> RegistrationStateName {
        match self {
            Self::Registered => RegistrationStateName::Registered,
            Self::Waitlisted => RegistrationStateName::Waitlisted,
            Self::Cancelled => RegistrationStateName::Cancelled,
            Self::Attended { .. } => RegistrationStateName::Attended,
            Self::Absent => RegistrationStateName::Absent,
        }
    }

    /// The state out of its columns; none where an experience stands with a state that has none.
    pub fn from_parts(name: RegistrationStateName, experience: Option<Experience>) -> Option<Self> {
        Some(match (name, experience) {
            (RegistrationStateName::Attended, experience) => Self::Attended { experience },
            (_, Some(_)) => return None,
            (RegistrationStateName::Registered, None) => Self::Registered,
            (RegistrationStateName::Waitlisted, None) => Self::Waitlisted,
            (RegistrationStateName::Cancelled, None) => Self::Cancelled,
            (RegistrationStateName::Absent, None) => Self::Absent,
        })
    }

    pub const fn experience(&self) -> Option<&Experience> {
        match self {
            Self::Attended { experience } => experience.as_ref(),
            Self::Registered | Self::Waitlisted | Self::Cancelled | Self::Absent => None,
        }
    }
}

impl RegistrationStateName {
    /// Does it keep a place from others?
    pub const fn takes_a_place(self) -> bool {
        match self {
            Self::Registered | Self::Attended | Self::Absent => true,
            Self::Waitlisted | Self::Cancelled => false,
        }
    }
}

/// One prospect at one activity.
#[derive(Clone, Debug, PartialEq)]
pub struct Registration {
    pub id: RegistrationId,
    pub version: i64,
    pub activity_id: ActivityId,
    /// The landscape of the activity.
    pub landscape_id: LandscapeId,
    pub prospect: NewRegistration,
    /// The turn in line.
    pub registered_at: Instant,
    pub state: RegistrationState,
}

/// A registration as the line knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InLine {
    pub id: RegistrationId,
    pub state: RegistrationStateName,
    pub registered_at: Instant,
}

/// Who gets a place now, first in line first (IN-1): as many as wait and fit, and nobody once it is over. `all` is everyone
/// who ever registered for the activity, in any order.
pub fn promoted(activity: &NewActivity, all: &[InLine], now: Instant) -> Vec<RegistrationId> {
    if activity.is_over(now) {
        return Vec::new();
    }
    let taken = all.iter().filter(|one| one.state.takes_a_place()).count();
    let mut line: Vec<_> = all.iter().filter(|one| one.state == RegistrationStateName::Waitlisted).collect();
    line.sort_by_key(|one| (one.registered_at, one.id));
    line.into_iter().take(usize::from(activity.capacity).saturating_sub(taken)).map(|one| one.id).collect()
}

impl Registration {
    /// Registers a prospect (IN-1): with a place while there is one and nobody waits, in line after that.
    ///
    /// # Errors
    /// [`F::ActivityOver`], otherwise everything that is wrong with what the prospect gave.
    pub fn register(
        id: RegistrationId,
        prospect: NewRegistration,
        activity: &Activity,
        others: &[InLine],
        now: Instant,
    ) -> Result<Told<Self>, Refusal> {
        if activity.content.is_over(now) {
            return Err(F::ActivityOver.into());
        }
        let mut findings = Findings::default();
        findings.note(!is_birth_date(prospect.birth_date, now), "/birthDate", F::BirthDateImplausible);
        findings.settle()?;
        let held = others.iter().filter(|other| other.state != RegistrationStateName::Cancelled).count();
        let state = if held < usize::from(activity.content.capacity) {
            RegistrationState::Registered
        } else {
            RegistrationState::Waitlisted
        };
        let landscape_id = activity.content.landscape_id;
        let registration = Self { id, version: 1, activity_id: activity.id, landscape_id, prospect, registered_at: now, state };
        let what = registration.state.name().word();
        Ok(registration.told(what))
    }

    /// What the state allows, whoever asks.
    pub const fn open_actions(&self) -> &'static [Action] {
        match &self.state {
            RegistrationState::Registered => &[Action::CancelRegistration, Action::MarkAttended, Action::MarkAbsent],
            RegistrationState::Waitlisted => &[Action::CancelRegistration],
            RegistrationState::Attended { experience: None } => &[Action::AddExperience],
            RegistrationState::Attended { experience: Some(_) } | RegistrationState::Cancelled | RegistrationState::Absent => &[],
        }
    }

    /// Takes a decision. After a cancellation [`promoted`] says who gets the place.
    ///
    /// # Errors
    /// [`F::NotOpen`] where the state does not allow it.
    pub fn decide(&self, decision: RegistrationDecision) -> Result<Told<Self>, Refusal> {
        use {RegistrationDecision as D, RegistrationState as S};
        let (state, what) = match (&self.state, decision) {
            (S::Registered | S::Waitlisted, D::Cancel { .. }) => (S::Cancelled, "cancelled"),
            (S::Registered, D::MarkAttended {}) => (S::Attended { experience: None }, "attended"),
            (S::Registered, D::MarkAbsent {}) => (S::Absent, "absent"),
            (S::Attended { experience: None }, D::AddExperience { seen, learned, .. }) => {
                (S::Attended { experience: Some(Experience { seen, learned }) }, "experienceAdded")
            }
            (S::Waitlisted, D::MarkAttended {} | D::MarkAbsent {})
            | (S::Registered | S::Waitlisted, D::AddExperience { .. })
            | (S::Attended { .. }, D::Cancel { .. } | D::MarkAttended {} | D::MarkAbsent {})
            | (S::Attended { experience: Some(_) }, D::AddExperience { .. })
            | (S::Cancelled | S::Absent, _) => return Err(self.not_open()),
        };
        Ok(self.next(state, what))
    }

    /// Gives a place to one who waited (IN-1).
    ///
    /// # Errors
    /// [`F::NotOpen`] where the prospect does not wait in line.
    pub fn promote(&self) -> Result<Told<Self>, Refusal> {
        match self.state {
            RegistrationState::Waitlisted => Ok(self.next(RegistrationState::Registered, "promoted")),
            RegistrationState::Registered
            | RegistrationState::Cancelled
            | RegistrationState::Attended { .. }
            | RegistrationState::Absent => Err(self.not_open()),
        }
    }

    /// The prospect turned out to be this person, who applied with the secret (IN-2).
    pub fn link(&self, person: PersonId) -> Told<Self> {
        let told = self.next(self.state.clone(), "linked");
        Told { event: told.event.naming("personId", person), ..told }
    }

    /// This registration as the line knows it.
    pub const fn in_line(&self) -> InLine {
        InLine { id: self.id, state: self.state.name(), registered_at: self.registered_at }
    }

    fn next(&self, state: RegistrationState, what: &'static str) -> Told<Self> {
        Self { version: self.version + 1, state, ..self.clone() }.told(what)
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::Registration, self.id, self.version, what)
            .in_landscape(self.landscape_id)
            .now(self.state.name())
            .naming("activityId", self.activity_id);
        Told { thing: self, event }
    }

    fn not_open(&self) -> Refusal {
        Refusal::illegal(F::NotOpen, self.state.name())
    }
}
