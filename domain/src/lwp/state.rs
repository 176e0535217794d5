//! The decisions on an LWP.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::Action;
use crate::kernel::TeamId;

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
