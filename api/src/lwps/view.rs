//! LWPs as their readers see them.

use chrono::{DateTime, Utc};
use domain::access::{Action, Actor};
use domain::kernel::{
    CareerCompetence, LandscapeId, Line, LwpId, Prose, PublicationStateName, RequirementId, SecureLink, TeamId, Text,
    WorkProcessId,
};
use domain::lwp::{LearningActivity, LearningPreference, Lwp, NewLwp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::OpenDecisions;

/// A leerwerkprestatie: an assignment that a team made out of core tasks or of career and citizenship.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LwpView {
    id: LwpId,
    state: PublicationStateName,
    version: i64,
    open_decisions: OpenDecisions,
    team_id: TeamId,
    landscape_id: LandscapeId,
    title: Line,
    /// The situation from work or life that it takes place in.
    situation: Prose,
    /// What the student makes or does.
    product: Prose,
    /// By what that is judged.
    #[schema(max_items = 20)]
    criteria: Vec<Text<1000>>,
    #[schema(max_items = 30)]
    learning_activities: Vec<LearningActivityView>,
    #[schema(max_items = 50)]
    work_process_ids: Vec<WorkProcessId>,
    #[schema(max_items = 50)]
    requirement_ids: Vec<RequirementId>,
    #[schema(max_items = 5)]
    career_competences: Vec<CareerCompetence>,
    #[schema(max_items = 4)]
    learning_preferences: Vec<LearningPreference>,
    #[schema(minimum = 1, maximum = 4)]
    level: u8,
    /// What it was made from.
    #[schema(required = true)]
    origin_id: Option<LwpId>,
    /// The version that its origin then had.
    #[schema(required = true)]
    origin_version: Option<i64>,
    /// Its origin, the origin of that, and so on; one that is still another team's draft cannot be read.
    #[schema(max_items = 100)]
    origin_ids: Vec<LwpId>,
    #[schema(required = true)]
    published_at: Option<DateTime<Utc>>,
    #[schema(required = true)]
    retired_at: Option<DateTime<Utc>>,
    /// The draft that was made, in the answer to `copy`; null elsewhere.
    #[schema(required = true)]
    copy_id: Option<LwpId>,
}

/// Something that one can do to learn.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LearningActivityView {
    title: Line,
    #[schema(required = true)]
    description: Option<Prose>,
    #[schema(required = true)]
    url: Option<SecureLink>,
}

impl From<LearningActivity> for LearningActivityView {
    fn from(activity: LearningActivity) -> Self {
        let LearningActivity { title, description, url } = activity;
        Self { title, description, url }
    }
}

/// The decisions that this caller may take.
pub fn open(actor: &Actor, lwp: &Lwp) -> Vec<&'static str> {
    let is_open = |action: &&Action| match action {
        // For a team of one's own, whosever it is.
        Action::CopyLwp => actor.permit_somewhere(Action::CopyLwp).is_ok(),
        other => actor.permit(**other, lwp.unit()).is_ok(),
    };
    lwp.open_actions().iter().filter(is_open).map(|action| action.word()).collect()
}

impl LwpView {
    pub fn of(actor: &Actor, lwp: Lwp) -> Self {
        let open_decisions = OpenDecisions(open(actor, &lwp));
        let Lwp { id, version, landscape_id, content, origins, origin_version, state } = lwp;
        let NewLwp { team_id, title, situation, product, criteria, learning_activities, work_process_ids, .. } = content;
        Self {
            id,
            state: state.name(),
            version,
            open_decisions,
            team_id,
            landscape_id,
            title,
            situation,
            product,
            criteria,
            learning_activities: learning_activities.into_iter().map(LearningActivityView::from).collect(),
            work_process_ids,
            requirement_ids: content.requirement_ids,
            career_competences: content.career_competences,
            learning_preferences: content.learning_preferences,
            level: content.level,
            origin_id: content.origin_id,
            origin_version,
            origin_ids: origins,
            published_at: state.published_at(),
            retired_at: state.retired_at(),
            copy_id: None,
        }
    }

    /// The same, in the answer to who copied it.
    #[must_use]
    pub fn copied_to(self, copy_id: Option<LwpId>) -> Self {
        Self { copy_id, ..self }
    }
}
