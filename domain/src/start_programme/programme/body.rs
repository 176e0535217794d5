//! What is said about a programme: marks, reflections, notes, and the decision that closes it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AfterClose, Departure};
use crate::{
    access::Action,
    kernel::{ConversationId, Findings, KernelFault, LandscapeId, Refusal, Text},
    start_programme::StartProgrammeFault as F,
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
        /// The conversation of student and coach in which they decided: of kind `startProgrammeClosing`, and held.
        #[serde(default)]
        conversation_id: Option<ConversationId>,
        /// With `leave` only: the last day at school; today unless said.
        #[serde(default)]
        left_on: Option<NaiveDate>,
        /// With `leave` only: why the student leaves; the motivation unless said.
        #[serde(default)]
        reason: Option<Text<4000>>,
        /// With `leave` only: what the student goes on to; unknown unless said.
        #[serde(default)]
        destination: Option<Text<200>>,
        /// With `leave` only: holds a basic qualification (startkwalificatie); unknown unless said.
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

    /// What was decided and why, once the fields fit the outcome.
    ///
    /// # Errors
    /// Every field that the outcome misses or has nothing to do with.
    pub(super) fn parse(
        self,
        today: NaiveDate,
        landscape_known: bool,
        conversation_held: bool,
    ) -> Result<(AfterClose, Text<4000>), Refusal> {
        let findings = self.check(landscape_known, conversation_held);
        let Self::Close { outcome, motivation, extra_weeks, landscape_id, .. } = &self;
        let motivation = motivation.clone();
        let then = match (outcome, extra_weeks, landscape_id) {
            (CloseOutcome::Continue, _, _) => Some(AfterClose::Continue),
            (CloseOutcome::Switch, _, landscape_id) => {
                landscape_id.map(|landscape_id| AfterClose::Switch { landscape_id, motivation: motivation.clone() })
            }
            (CloseOutcome::Prolong, extra_weeks, _) => extra_weeks.map(|extra_weeks| AfterClose::Prolong { extra_weeks }),
            (CloseOutcome::Leave, _, _) => Some(AfterClose::Leave(self.departure(today))),
        };
        findings.settle()?;
        Ok((then.ok_or(F::OutcomeNeeds)?, motivation))
    }

    fn check(&self, landscape_known: bool, conversation_held: bool) -> Findings {
        let Self::Close { outcome, extra_weeks, landscape_id, conversation_id, .. } = self;
        let prolongs = *outcome == CloseOutcome::Prolong;
        let switches = *outcome == CloseOutcome::Switch;
        let in_range = extra_weeks.is_none_or(|weeks| (1..=10).contains(&weeks));
        let mut findings = Findings::default();
        findings
            .note(prolongs && extra_weeks.is_none(), "/extraWeeks", F::OutcomeNeeds)
            .note(!prolongs && extra_weeks.is_some(), "/extraWeeks", F::OutcomeRefuses)
            .note(prolongs && !in_range, "/extraWeeks", F::ExtraWeeksOutOfRange)
            .note(switches && landscape_id.is_none(), "/landscapeId", F::OutcomeNeeds)
            .note(!switches && landscape_id.is_some(), "/landscapeId", F::OutcomeRefuses)
            .note(switches && landscape_id.is_some() && !landscape_known, "/landscapeId", KernelFault::UnknownReference)
            .note(conversation_id.is_some() && !conversation_held, "/conversationId", F::NotItsConversation);
        for (pointer, given) in self.departure_fields() {
            findings.note(given && *outcome != CloseOutcome::Leave, pointer, F::OutcomeRefuses);
        }
        findings
    }

    /// The fields that go with `leave` only, and whether they were given.
    const fn departure_fields(&self) -> [(&'static str, bool); 5] {
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
    fn departure(&self, today: NaiveDate) -> Departure {
        let Self::Close { motivation, left_on, reason, destination, basic_qualification, further_education, .. } = self;
        Departure {
            left_on: left_on.unwrap_or(today),
            reason: reason.as_ref().unwrap_or(motivation).clone(),
            destination: destination.clone(),
            basic_qualification: *basic_qualification,
            further_education: further_education.unwrap_or(false),
        }
    }
}
