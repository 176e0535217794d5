//! What a landscape lays down: competences and a scale (LM-1).

use chrono::{DateTime, Utc};
use domain::access::{Action, Actor, Permit, Unit};
use domain::kernel::{
    CareerCompetence, CompetenceId, FrameworkId, KernelFault, LandscapeId, Line, PublicationStateName, QualificationId, Text,
    WorkProcessId,
};
use domain::leermeter::{Competence, Framework, FrameworkDecision, FrameworkFacts, NewFramework, ScaleLevel};
use persistence::leermeter as rows;
use persistence::{Reading, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::{Answer, At, Body, Caller, IfMatch, List, Listing, OpenDecisions, Outcome, Problem};

/// One version of a competence framework: what students are rated on, and by which scale.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompetenceFrameworkView {
    id: FrameworkId,
    state: PublicationStateName,
    version: i64,
    open_decisions: OpenDecisions,
    landscape_id: LandscapeId,
    /// For whose students it is; null where for all of the landscape.
    #[schema(required = true)]
    qualification_id: Option<QualificationId>,
    title: Line,
    /// 1 for the first, and one more with every new version.
    #[schema(minimum = 1)]
    number: i32,
    /// The framework that this is a new version of.
    #[schema(required = true)]
    previous_id: Option<FrameworkId>,
    #[schema(required = true)]
    published_at: Option<DateTime<Utc>>,
    #[schema(required = true)]
    retired_at: Option<DateTime<Utc>>,
    /// Whether what others said is shown to students once they rated themselves, and not before.
    own_view_first: bool,
    /// From low to high.
    #[schema(min_items = 2, max_items = 10)]
    scale: Vec<ScaleLevelView>,
    /// With all five career competences.
    #[schema(min_items = 5, max_items = 45)]
    competences: Vec<FrameworkCompetenceView>,
}

/// A level of the scale.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScaleLevelView {
    #[schema(minimum = 0, maximum = 100)]
    pub level: u8,
    pub label: Text<60>,
    /// What one sees of someone who is there.
    description: Text<1000>,
}

/// A competence of a framework.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FrameworkCompetenceView {
    pub id: CompetenceId,
    /// Unique within the framework.
    code: Text<20>,
    pub title: Text<300>,
    /// What one sees of someone who has it.
    #[schema(max_items = 20)]
    indicators: Vec<Text<500>>,
    /// The career competence that it is.
    #[schema(required = true)]
    career_competence: Option<CareerCompetence>,
    /// The work process that it was made of.
    #[schema(required = true)]
    work_process_id: Option<WorkProcessId>,
}

impl From<ScaleLevel> for ScaleLevelView {
    fn from(level: ScaleLevel) -> Self {
        let ScaleLevel { level, label, description } = level;
        Self { level, label, description }
    }
}

impl From<Competence> for FrameworkCompetenceView {
    fn from(competence: Competence) -> Self {
        let Competence { id, code, title, indicators, career_competence, work_process_id } = competence;
        Self { id, code, title, indicators, career_competence, work_process_id }
    }
}

fn open(actor: &Actor, framework: &Framework) -> Vec<&'static str> {
    let is_open = |action: &&Action| actor.permit(**action, framework.unit()).is_ok();
    framework.open_actions().iter().filter(is_open).map(|action| action.word()).collect()
}

impl CompetenceFrameworkView {
    fn of(actor: &Actor, framework: Framework) -> Self {
        let open_decisions = OpenDecisions(open(actor, &framework));
        let Framework { id, version, number, landscape_id, qualification_id, title, scale, competences, .. } = framework;
        Self {
            id,
            state: framework.state.name(),
            version,
            open_decisions,
            landscape_id,
            qualification_id,
            title,
            number,
            previous_id: framework.previous_id,
            published_at: framework.state.published_at(),
            retired_at: framework.state.retired_at(),
            own_view_first: framework.own_view_first,
            scale: scale.into_iter().map(ScaleLevelView::from).collect(),
            competences: competences.into_iter().map(FrameworkCompetenceView::from).collect(),
        }
    }
}

fn answer(actor: &Actor, framework: Framework) -> Result<Answer<CompetenceFrameworkView>, Trouble> {
    let version = framework.version;
    Answer::at_version(&CompetenceFrameworkView::of(actor, framework), version)
}

/// A framework that the caller may read.
fn framework(reading: &mut Reading<'_>, id: FrameworkId) -> Result<Framework, Trouble> {
    let permit = reading.actor().permit(Action::ReadFramework, Unit::Institution)?;
    rows::find_framework(reading, permit, id)?.ok_or_else(|| KernelFault::Absent.into())
}

/// Which frameworks.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompetenceFrameworkFilter {
    /// Of this landscape.
    #[serde(default)]
    landscape_id: Option<LandscapeId>,
    /// For the students of this qualification.
    #[serde(default)]
    qualification_id: Option<QualificationId>,
    /// In this state.
    #[serde(default)]
    state: Option<PublicationStateName>,
}

pub async fn list(caller: Caller, list: List<CompetenceFrameworkFilter>) -> Result<Listing<CompetenceFrameworkView>, Problem> {
    let page = list.page()?;
    let CompetenceFrameworkFilter { landscape_id, qualification_id, state } = list.filter;
    let filter = rows::FrameworkFilter { landscape_id, qualification_id, state };
    caller
        .read(move |reading| {
            let permit = reading.actor().permit_somewhere(Action::ReadFramework)?;
            let frameworks = rows::list_frameworks(reading, permit, filter, &page)?;
            let view = |framework| Ok(CompetenceFrameworkView::of(reading.actor(), framework));
            Answer::page(frameworks, &page, |framework| framework.id, view).map(Answer::revalidate)
        })
        .await
}

fn facts(reading: &mut Reading<'_>, permit: Permit, content: &NewFramework) -> Result<FrameworkFacts, Trouble> {
    let work_processes = match content.qualification_id {
        Some(id) => rows::work_processes_of(reading, permit, id)?,
        None => None,
    };
    Ok(FrameworkFacts { work_processes })
}

pub async fn create(caller: Caller, Body(new): Body<NewFramework>) -> Outcome<CompetenceFrameworkView> {
    caller
        .change(move |writing| {
            writing.actor().permit_somewhere(Action::CreateFramework)?;
            // Only who has a role in a landscape gets here, so it is there.
            let permit = writing.actor().permit(Action::CreateFramework, Unit::Landscape(new.landscape_id))?;
            let previous = match new.previous_id {
                Some(id) => rows::find_framework(writing, permit, id)?,
                None => None,
            };
            let facts = facts(writing, permit, &new)?;
            let drafted = Framework::draft(FrameworkId::in_order(), new.clone(), previous.as_ref(), &facts)?;
            rows::insert_framework(writing, permit, &drafted)?;
            let (location, version) = (format!("/competence-frameworks/{}", drafted.thing.id), drafted.thing.version);
            Answer::created(&location, &CompetenceFrameworkView::of(writing.actor(), drafted.thing), version)
        })
        .await
}

pub async fn get_one(caller: Caller, At(id): At<FrameworkId>) -> Outcome<CompetenceFrameworkView> {
    caller
        .read(move |reading| {
            let framework = framework(reading, id)?;
            answer(reading.actor(), framework).map(Answer::revalidate)
        })
        .await
}

pub async fn replace(
    caller: Caller,
    At(id): At<FrameworkId>,
    version: IfMatch,
    Body(content): Body<NewFramework>,
) -> Outcome<CompetenceFrameworkView> {
    caller
        .change(move |writing| {
            let before = framework(writing, id)?;
            let permit = writing.actor().permit(Action::UpdateFramework, before.unit())?;
            version.check(before.version)?;
            let opened = open(writing.actor(), &before);
            let facts = facts(writing, permit, &content)?;
            let changed = before.change(content.clone(), &facts).map_err(|refusal| refusal.opening(opened))?;
            rows::update_framework(writing, permit, &changed)?;
            answer(writing.actor(), changed.thing)
        })
        .await
}

pub async fn decide(
    caller: Caller,
    At(id): At<FrameworkId>,
    Body(decision): Body<FrameworkDecision>,
) -> Outcome<CompetenceFrameworkView> {
    caller
        .change(move |writing| {
            let before = framework(writing, id)?;
            let permit = writing.actor().permit(decision.action(), before.unit())?;
            let opened = open(writing.actor(), &before);
            let decided = before.decide(&decision, writing.now()).map_err(|refusal| refusal.opening(opened))?;
            rows::update_framework(writing, permit, &decided)?;
            answer(writing.actor(), decided.thing)
        })
        .await
}
