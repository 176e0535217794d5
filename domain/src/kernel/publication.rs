//! What the college lays down is drafted, published and at last retired: templates, LWPs, frameworks.

use super::Instant;

crate::words! {
    /// Where something is that the college lays down.
    pub enum PublicationStateName {
        /// It is still written, by those whose it is.
        Draft = "draft",
        /// It is in use, and no longer changes.
        Published = "published",
        /// Nobody gets it any more; who has it goes on with it.
        Retired = "retired",
    }
}

/// Where it is, with what belongs to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicationState {
    Draft,
    Published { published_at: Instant },
    Retired { published_at: Instant, retired_at: Instant },
}

impl PublicationState {
    pub const fn name(self) -> PublicationStateName {
        match self {
            Self::Draft => PublicationStateName::Draft,
            Self::Published { .. } => PublicationStateName::Published,
            Self::Retired { .. } => PublicationStateName::Retired,
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

    /// Out of its columns, or none where they do not fit together.
    pub const fn from_parts(
        name: PublicationStateName,
        published_at: Option<Instant>,
        retired_at: Option<Instant>,
    ) -> Option<Self> {
        match (name, published_at, retired_at) {
            (PublicationStateName::Draft, None, None) => Some(Self::Draft),
            (PublicationStateName::Published, Some(published_at), None) => Some(Self::Published { published_at }),
            (PublicationStateName::Retired, Some(published_at), Some(retired_at)) => {
                Some(Self::Retired { published_at, retired_at })
            }
            (PublicationStateName::Draft | PublicationStateName::Published | PublicationStateName::Retired, ..) => None,
        }
    }
}
