//! Where an LWP is, and the decisions on it.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::Action;
use crate::kernel::{Instant, TeamId};

/// A decision on an LWP (CU-2).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum LwpDecision {
    /// It goes into the library, and no longer changes.
    Publish {},
    /// Nobody gets it any more; who has it goes on with it.
    Retire {},
    /// A draft of one's own says the same, and names it as its origin.
    #[serde(rename_all = "camelCase")]
    Copy {
        /// The team that gets the draft: one's own where that is only one.
        #[serde(default)]
        team_id: Option<TeamId>,
    },
}

impl LwpDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::Publish {} => Action::PublishLwp,
            Self::Retire {} => Action::RetireLwp,
            Self::Copy { .. } => Action::CopyLwp,
        }
    }
}

crate::words! {
    /// Where an LWP is (CU-2).
    pub enum LwpStateName {
        /// The team's own.
        Draft = "draft",
        /// In the library.
        Published = "published",
        /// In the library, but assigned to nobody any more.
        Retired = "retired",
    }
}

/// Where an LWP is, with what belongs to that (CU-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LwpState {
    Draft,
    Published { published_at: Instant },
    Retired { published_at: Instant, retired_at: Instant },
}

impl LwpState {
    pub const fn name(self) -> LwpStateName {
        match self {
            Self::Draft => LwpStateName::Draft,
            Self::Published { .. } => LwpStateName::Published,
            Self::Retired { .. } => LwpStateName::Retired,
        }
    }

    pub const fn published_at(self) -> Option<Instant> {
        match self {
            Self::Draft => None,
            Self::Published { published_at } | Self::Retired { published_at, .. } => Some(published_at),
        }
    }

    pub const fn retired_at(self) -> Option<Instant> {
        match self {
            Self::Draft | Self::Published { .. } => None,
            Self::Retired { retired_at, .. } => Some(retired_at),
        }
    }

    /// The state out of its columns, or none where they do not fit together.
    pub const fn from_parts(name: LwpStateName, published_at: Option<Instant>, retired_at: Option<Instant>) -> Option<Self> {
        match (name, published_at, retired_at) {
            (LwpStateName::Draft, None, None) => Some(Self::Draft),
            (LwpStateName::Published, Some(published_at), None) => Some(Self::Published { published_at }),
            (LwpStateName::Retired, Some(published_at), Some(retired_at)) => Some(Self::Retired { published_at, retired_at }),
            (LwpStateName::Draft | LwpStateName::Published | LwpStateName::Retired, ..) => None,
        }
    }
}
