//! What is said about a programme: marks, reflections, notes, and the decision that closes it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Departure;
use crate::{
    access::Action,
    kernel::{LandscapeId, Text},
};

/// The student's mark on an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActivityMark {
    /// It is done.
    pub done: bool,
}

/// The student's reflection on a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WeekReflection {
    /// What the student says about it.
    pub text: Text<4000>,
}

/// The coach's note with a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WeekNote {
    /// What the coach says about it.
    pub text: Text<4000>,
}

crate::words! {
    /// What student and coach decide at the end (SP-5).
    pub enum CloseOutcome {
        /// The student goes on here: the enrolment becomes definitive.
        Continue = "continue",
        /// The student would rather go on in another landscape.
        Switch = "switch",
        /// The student needs more weeks to know.
        Prolong = "prolong",
        /// The student leaves the college.
        Leave = "leave",
    }
}

/// A decision on a start programme (SP-5).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum ProgrammeDecision {
    /// Student and coach have talked, and this is what they decided.
    #[serde(rename_all = "camelCase")]
    Close {
        /// What they decided.
        outcome: CloseOutcome,
        /// Why.
        motivation: Text<4000>,
        /// With `prolong`, and only with it: how many weeks more.
        #[serde(default)]
        #[schema(minimum = 1, maximum = 10)]
        extra_weeks: Option<u8>,
        /// With `switch`, and only with it: the landscape to go to.
        #[serde(default)]
        landscape_id: Option<LandscapeId>,
        /// With `leave` only: the last day at school; today unless said.
        #[serde(default)]
        left_on: Option<NaiveDate>,
        /// With `leave` only: why the student leaves; the motivation unless said.
        #[serde(default)]
        reason: Option<Text<4000>>,
        /// With `leave` only: what the student goes on to; unknown unless said.
        #[serde(default)]
        destination: Option<Text<200>>,
        /// With `leave` only: holds a basic qualification (startkwalificatie); false unless said.
        #[serde(default)]
        basic_qualification: Option<bool>,
        /// With `leave` only: goes on in education elsewhere; false unless said.
        #[serde(default)]
        further_education: Option<bool>,
    },
}

impl ProgrammeDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::Close { .. } => Action::CloseProgramme,
        }
    }

    /// The fields that go with `leave` only, and whether they were given.
    pub(super) const fn departure_fields(&self) -> [(&'static str, bool); 5] {
        let Self::Close { left_on, reason, destination, basic_qualification, further_education, .. } = self;
        [
            ("/leftOn", left_on.is_some()),
            ("/reason", reason.is_some()),
            ("/destination", destination.is_some()),
            ("/basicQualification", basic_qualification.is_some()),
            ("/furtherEducation", further_education.is_some()),
        ]
    }

    /// What is recorded of the leaver, with what was left unsaid filled in.
    pub(super) fn departure(self, today: NaiveDate) -> Departure {
        let Self::Close { motivation, left_on, reason, destination, basic_qualification, further_education, .. } = self;
        Departure {
            left_on: left_on.unwrap_or(today),
            reason: reason.unwrap_or(motivation),
            destination,
            basic_qualification: basic_qualification.unwrap_or(false),
            further_education: further_education.unwrap_or(false),
        }
    }
}
