//! Leerwerkprestaties (CU-2 to CU-5): what a team makes out of core tasks or of career and citizenship, the library of those
//! that are published, what other teams think of them, what students do with them, and what that covers.

mod assignment;
mod content;
mod coverage;
mod faults;
mod review;
mod state;
#[cfg(test)]
mod tests;

use crate::access::{Action, Unit};
use crate::kernel::{
    Event, Findings, Instant, KernelFault, LandscapeId, LwpId, PublicationState, Refusal, RequirementId, Subject, TeamId, Told,
    WorkProcessId,
};

pub use assignment::{
    Assignment, AssignmentDecision, AssignmentFacts, AssignmentPatch, AssignmentState, AssignmentStateName, Feedback,
    NewAssignment, NewAssignmentFacts, ProgrammeWeek, ROUNDS_AT_MOST, Round, Tailoring,
};
pub use content::{LearningActivity, LearningPreference, LwpPatch, NewLwp};
pub use coverage::{Coverage, Covered};
pub use faults::LwpFault;
pub use review::{Criterion, NewReview, Review, Reviewer, Score};
pub use state::LwpDecision;

use LwpFault as F;

/// How long a chain of copies is kept: the origins that come before it are too far away to be an origin.
pub const ORIGINS_AT_MOST: usize = 100;

/// A leerwerkprestatie.
#[derive(Clone, Debug, PartialEq)]
pub struct Lwp {
    pub id: LwpId,
    pub version: i64,
    /// The landscape of its team.
    pub landscape_id: LandscapeId,
    pub content: NewLwp,
    /// What it was copied or adapted from, what that came from, and so on: the nearest first.
    pub origins: Vec<LwpId>,
    /// The version of its origin at that moment.
    pub origin_version: Option<i64>,
    pub state: PublicationState,
}

/// What others know about the ids that an LWP names.
#[derive(Clone, Debug, Default)]
pub struct LwpFacts<'a> {
    /// Of the team; none where there is no such team.
    pub landscape_id: Option<LandscapeId>,
    /// Those of its work processes that are in no dossier.
    pub unknown_work_processes: Vec<WorkProcessId>,
    /// Those of its requirements that no edition has.
    pub unknown_requirements: Vec<RequirementId>,
    /// What it says to be made from, if that is there for its maker to read.
    pub origin: Option<&'a Lwp>,
}

impl Lwp {
    /// Drafts an LWP of a team, of its own or made from another (CU-2).
    ///
    /// # Errors
    /// Everything that is wrong with its content.
    pub fn draft(id: LwpId, content: NewLwp, facts: &LwpFacts<'_>) -> Result<Told<Self>, Refusal> {
        content.check(id, facts)?;
        let landscape_id = facts.landscape_id.ok_or(KernelFault::UnknownReference)?;
        let draft = Self {
            id,
            version: 1,
            landscape_id,
            origins: chain(facts.origin),
            origin_version: facts.origin.map(|origin| origin.version),
            content,
            state: PublicationState::Draft,
        };
        Ok(draft.told("drafted"))
    }

    /// Changes a draft; its team stays as it is.
    ///
    /// # Errors
    /// [`F::Frozen`] once published, otherwise everything that is wrong with the new content.
    pub fn change(&self, content: NewLwp, facts: &LwpFacts<'_>) -> Result<Told<Self>, Refusal> {
        if self.state != PublicationState::Draft {
            return Err(self.refused(F::Frozen));
        }
        let mut fixed = Findings::default();
        fixed.note(content.team_id != self.content.team_id, "/teamId", F::Fixed);
        fixed.settle()?;
        content.check(self.id, facts)?;
        let same_origin = content.origin_id == self.content.origin_id;
        let (origins, origin_version) = if same_origin {
            (self.origins.clone(), self.origin_version)
        } else {
            (chain(facts.origin), facts.origin.map(|origin| origin.version))
        };
        Ok(Self { version: self.version + 1, content, origins, origin_version, ..self.clone() }.told("changed"))
    }

    /// Publishes or retires it (CU-2); a copy is made by [`copy`](Self::copy).
    ///
    /// # Errors
    /// [`F::NotOpen`] where the state does not allow it.
    pub fn decide(&self, decision: &LwpDecision, now: Instant) -> Result<Told<Self>, Refusal> {
        use {LwpDecision as D, PublicationState as S};
        let (state, what) = match (self.state, decision) {
            (S::Draft, D::Publish {}) => (S::Published { published_at: now }, "published"),
            (S::Published { published_at }, D::Retire {}) => (S::Retired { published_at, retired_at: now }, "retired"),
            // Nothing changes of what is copied.
            (S::Draft | S::Published { .. } | S::Retired { .. }, D::Copy { .. }) => return Err(self.refused(F::NotOpen)),
            (S::Draft, D::Retire {})
            | (S::Published { .. } | S::Retired { .. }, D::Publish {})
            | (S::Retired { .. }, D::Retire {}) => {
                return Err(self.refused(F::NotOpen));
            }
        };
        Ok(Self { version: self.version + 1, state, ..self.clone() }.told(what))
    }

    /// A draft for `team_id` that says the same and names this one as its origin (CU-2). Whoever may read it may copy it, in
    /// whichever state.
    pub fn copy(&self, id: LwpId, team_id: TeamId, landscape_id: LandscapeId) -> Told<Self> {
        let content = NewLwp { team_id, origin_id: Some(self.id), ..self.content.clone() };
        let (origins, origin_version) = (chain(Some(self)), Some(self.version));
        Self { id, version: 1, landscape_id, content, origins, origin_version, state: PublicationState::Draft }.told("drafted")
    }

    /// What the state allows, whoever asks.
    pub const fn open_actions(&self) -> &'static [Action] {
        match self.state {
            PublicationState::Draft => &[Action::PublishLwp, Action::CopyLwp],
            PublicationState::Published { .. } => &[Action::RetireLwp, Action::CopyLwp],
            PublicationState::Retired { .. } => &[Action::CopyLwp],
        }
    }

    /// The team whose it is.
    pub const fn unit(&self) -> Unit {
        Unit::Team { landscape_id: self.landscape_id, team_id: self.content.team_id }
    }

    fn refused(&self, fault: F) -> Refusal {
        Refusal::illegal(fault, self.state.name())
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::Lwp, self.id, self.version, what)
            .in_landscape(self.landscape_id)
            .now(self.state.name())
            .naming("teamId", self.content.team_id);
        let event = match self.content.origin_id {
            Some(origin_id) if what == "drafted" => event.naming("originId", origin_id),
            _ => event,
        };
        Told { thing: self, event }
    }
}

/// The origins of what is made from `origin`.
fn chain(origin: Option<&Lwp>) -> Vec<LwpId> {
    let ids = origin.into_iter().flat_map(|origin| [origin.id].into_iter().chain(origin.origins.iter().copied()));
    ids.take(ORIGINS_AT_MOST).collect()
}
