//! What an LWP says: the situation, the product, by what it is judged, and what it covers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LwpFacts, LwpFault as F};
use crate::kernel::{
    CareerCompetence, Findings, KernelFault, Line, LwpId, Prose, Refusal, RequirementId, SecureLink, TeamId, Text, WorkProcessId,
    given, given_list,
};

/// An LWP as a team writes it (CU-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewLwp {
    /// The team whose it is.
    pub team_id: TeamId,
    /// What it is called.
    pub title: Line,
    /// The situation from work or life that it takes place in.
    pub situation: Prose,
    /// What the student makes or does.
    pub product: Prose,
    /// By what that is judged.
    #[schema(min_items = 1, max_items = 20)]
    pub criteria: Vec<Text<1000>>,
    /// What the student can do to learn it.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub learning_activities: Vec<LearningActivity>,
    /// The work processes that it covers.
    #[schema(max_items = 50)]
    pub work_process_ids: Vec<WorkProcessId>,
    /// The requirements of career and citizenship that it covers.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub requirement_ids: Vec<RequirementId>,
    /// The career competences that it works on.
    #[schema(max_items = 5)]
    pub career_competences: Vec<CareerCompetence>,
    /// For whom it is made, of those who learn in different ways.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub learning_preferences: Vec<LearningPreference>,
    /// The level of mbo that it is meant for.
    #[schema(minimum = 1, maximum = 4)]
    pub level: u8,
    /// The LWP that it is made from.
    #[serde(default)]
    pub origin_id: Option<LwpId>,
}

/// Something that one can do to learn, perhaps in the electronic learning environment (e-TO).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LearningActivity {
    /// What it is called.
    pub title: Line,
    /// How it goes.
    #[serde(default)]
    pub description: Option<Prose>,
    /// Where it is, over https.
    #[serde(default)]
    pub url: Option<SecureLink>,
}

crate::words! {
    /// How someone likes to begin with what is new (leervoorkeur, after Kolb).
    pub enum LearningPreference {
        /// Doener: tries it.
        Doing = "doing",
        /// Bezinner: looks at it from all sides.
        Reflecting = "reflecting",
        /// Denker: wants to understand it.
        Thinking = "thinking",
        /// Beslisser: wants to know what it is good for.
        Deciding = "deciding",
    }
}

/// What is to change of a draft; what is absent stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LwpPatch {
    /// Stays as it is: only for clients that send the whole.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = TeamId)]
    pub team_id: Option<TeamId>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Line)]
    pub title: Option<Line>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Prose)]
    pub situation: Option<Prose>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Prose)]
    pub product: Option<Prose>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<Text<1000>>, min_items = 1, max_items = 20)]
    pub criteria: Option<Vec<Text<1000>>>,
    #[serde(default, deserialize_with = "given_list")]
    #[schema(max_items = 30)]
    pub learning_activities: Option<Vec<LearningActivity>>,
    #[serde(default, deserialize_with = "given_list")]
    #[schema(max_items = 50)]
    pub work_process_ids: Option<Vec<WorkProcessId>>,
    #[serde(default, deserialize_with = "given_list")]
    #[schema(max_items = 50)]
    pub requirement_ids: Option<Vec<RequirementId>>,
    #[serde(default, deserialize_with = "given_list")]
    #[schema(max_items = 5)]
    pub career_competences: Option<Vec<CareerCompetence>>,
    #[serde(default, deserialize_with = "given_list")]
    #[schema(max_items = 4)]
    pub learning_preferences: Option<Vec<LearningPreference>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = u8, minimum = 1, maximum = 4)]
    pub level: Option<u8>,
    /// Null says that it is made from nothing.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<LwpId>)]
    pub origin_id: Option<Option<LwpId>>,
}

impl NewLwp {
    /// The same with what the patch changes.
    #[must_use]
    pub fn patched(self, patch: LwpPatch) -> Self {
        Self {
            team_id: patch.team_id.unwrap_or(self.team_id),
            title: patch.title.unwrap_or(self.title),
            situation: patch.situation.unwrap_or(self.situation),
            product: patch.product.unwrap_or(self.product),
            criteria: patch.criteria.unwrap_or(self.criteria),
            learning_activities: patch.learning_activities.unwrap_or(self.learning_activities),
            work_process_ids: patch.work_process_ids.unwrap_or(self.work_process_ids),
            requirement_ids: patch.requirement_ids.unwrap_or(self.requirement_ids),
            career_competences: patch.career_competences.unwrap_or(self.career_competences),
            learning_preferences: patch.learning_preferences.unwrap_or(self.learning_preferences),
            level: patch.level.unwrap_or(self.level),
            origin_id: patch.origin_id.unwrap_or(self.origin_id),
        }
    }

    /// Of the LWP with this id.
    pub(super) fn check(&self, id: LwpId, facts: &LwpFacts<'_>) -> Result<(), Refusal> {
        let mut findings = Findings::default();
        let covers = !(self.work_process_ids.is_empty() && self.requirement_ids.is_empty() && self.career_competences.is_empty());
        findings
            .note(facts.landscape_id.is_none(), "/teamId", KernelFault::UnknownReference)
            .note(!(1..=20).contains(&self.criteria.len()), "/criteria", F::CriteriaOutOfRange)
            .note(!(1..=4).contains(&self.level), "/level", F::LevelOutOfRange)
            .note(!covers, "/workProcessIds", F::CoversNothing);
        repeated(&self.work_process_ids, "/workProcessIds", &mut findings);
        repeated(&self.requirement_ids, "/requirementIds", &mut findings);
        repeated(&self.career_competences, "/careerCompetences", &mut findings);
        repeated(&self.learning_preferences, "/learningPreferences", &mut findings);
        for (place, process) in self.work_process_ids.iter().enumerate() {
            let unknown = facts.unknown_work_processes.contains(process);
            findings.note(unknown, format!("/workProcessIds/{place}"), KernelFault::UnknownReference);
        }
        for (place, requirement) in self.requirement_ids.iter().enumerate() {
            let unknown = facts.unknown_requirements.contains(requirement);
            findings.note(unknown, format!("/requirementIds/{place}"), KernelFault::UnknownReference);
        }
        let is_cycle = self.origin_id == Some(id) || facts.origin.is_some_and(|origin| origin.origins.contains(&id));
        findings.note(is_cycle, "/originId", F::CyclicCopy).note(
            self.origin_id.is_some() && facts.origin.is_none() && !is_cycle,
            "/originId",
            KernelFault::UnknownReference,
        );
        findings.settle()
    }
}

fn repeated<T: Ord>(values: &[T], pointer: &str, findings: &mut Findings) {
    let mut before = BTreeSet::new();
    for (place, value) in values.iter().enumerate() {
        findings.note(!before.insert(value), format!("{pointer}/{place}"), F::Repeated);
    }
}
