//! What a landscape lays down for a school year (SP-1).

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::access::{Action, Actor, Permit, Unit};
use domain::kernel::{KernelFault, LandscapeId, Line, LwpId, Prose, PublicationStateName, TemplateId};
use domain::start_programme::{KnownLwps, NewTemplate, SchoolYear, Template, TemplateDecision, TemplateWeek};
use persistence::start_programme as rows;
use persistence::{Reading, Trouble, lwps};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::{Answer, At, Body, Caller, IfMatch, List, Listing, OpenDecisions, Outcome, Problem};

/// One version of a landscape's start programme.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StartProgrammeTemplateView {
    id: TemplateId,
    state: PublicationStateName,
    version: i64,
    open_decisions: OpenDecisions,
    landscape_id: LandscapeId,
    school_year: SchoolYear,
    title: Line,
    /// 1 for the first, and one more with every new version.
    #[schema(minimum = 1)]
    number: i32,
    /// The template that this is a new version of.
    #[schema(required = true)]
    previous_id: Option<TemplateId>,
    #[schema(required = true)]
    published_at: Option<DateTime<Utc>>,
    #[schema(required = true)]
    retired_at: Option<DateTime<Utc>>,
    #[schema(min_items = 10, max_items = 10)]
    weeks: Vec<StartProgrammeTemplateWeekView>,
}

/// One week of a template.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StartProgrammeTemplateWeekView {
    #[schema(minimum = 1, maximum = 10)]
    week: u8,
    theme: Line,
    #[schema(max_items = 20)]
    activities: Vec<StartProgrammeTemplateActivityView>,
    /// What a student gets in it, to hand in by its Friday.
    #[schema(max_items = 10)]
    lwps: Vec<WeekLwp>,
}

/// A leerwerkprestatie of a week.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WeekLwp {
    lwp_id: LwpId,
    #[schema(max_length = 200)]
    title: String,
}

/// One activity of a week of a template.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StartProgrammeTemplateActivityView {
    title: Line,
    #[schema(required = true)]
    description: Option<Prose>,
}

/// How LWPs are called.
type Titles = HashMap<LwpId, String>;

fn titles<'a>(reading: &mut Reading<'_>, permit: Permit, of: impl Iterator<Item = &'a Template>) -> Result<Titles, Trouble> {
    let ids: BTreeSet<LwpId> = of.flat_map(|template| template.content.lwp_ids()).collect();
    Ok(lwps::titles_of(reading, permit, &ids.into_iter().collect::<Vec<_>>())?.into_iter().collect())
}

impl StartProgrammeTemplateWeekView {
    fn of(week: TemplateWeek, titles: &Titles) -> Self {
        let activities = week
            .activities
            .into_iter()
            .map(|activity| StartProgrammeTemplateActivityView { title: activity.title, description: activity.description });
        let lwp = |id: LwpId| WeekLwp { lwp_id: id, title: titles.get(&id).cloned().unwrap_or_default() };
        let lwps = week.lwp_ids.into_iter().map(lwp).collect();
        Self { week: week.week, theme: week.theme, activities: activities.collect(), lwps }
    }
}

fn unit(template: &Template) -> Unit {
    Unit::Landscape(template.content.landscape_id)
}

fn open(actor: &Actor, template: &Template) -> Vec<&'static str> {
    let is_open = |action: &&Action| actor.permit(**action, unit(template)).is_ok();
    template.open_actions().iter().filter(is_open).map(|action| action.word()).collect()
}

fn view(actor: &Actor, template: Template, titles: &Titles) -> StartProgrammeTemplateView {
    let open_decisions = OpenDecisions(open(actor, &template));
    let Template { id, version, number, content, state } = template;
    let NewTemplate { landscape_id, school_year, title, weeks, previous_id } = content;
    StartProgrammeTemplateView {
        id,
        state: state.name(),
        version,
        open_decisions,
        landscape_id,
        school_year,
        title,
        number,
        previous_id,
        published_at: state.published_at(),
        retired_at: state.retired_at(),
        weeks: weeks.into_iter().map(|week| StartProgrammeTemplateWeekView::of(week, titles)).collect(),
    }
}

fn answer(reading: &mut Reading<'_>, template: Template) -> Result<Answer<StartProgrammeTemplateView>, Trouble> {
    let permit = reading.actor().permit(Action::ReadTemplate, Unit::Institution)?;
    let (version, titles) = (template.version, titles(reading, permit, std::iter::once(&template))?);
    Answer::at_version(&view(reading.actor(), template, &titles), version)
}

fn template(reading: &mut Reading<'_>, id: TemplateId) -> Result<Template, Trouble> {
    let permit = reading.actor().permit(Action::ReadTemplate, Unit::Institution)?;
    rows::find_template(reading, permit, id)?.ok_or_else(|| KernelFault::Absent.into())
}

/// Which templates.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartProgrammeTemplateFilter {
    /// Of this landscape.
    #[serde(default)]
    landscape_id: Option<LandscapeId>,
    /// Of this school year.
    #[serde(default)]
    school_year: Option<SchoolYear>,
    /// In this state.
    #[serde(default)]
    state: Option<PublicationStateName>,
}

pub async fn list(
    caller: Caller,
    list: List<StartProgrammeTemplateFilter>,
) -> Result<Listing<StartProgrammeTemplateView>, Problem> {
    let page = list.page()?;
    let StartProgrammeTemplateFilter { landscape_id, school_year, state } = list.filter;
    let filter = rows::TemplateFilter { landscape_id, school_year, state };
    caller
        .read(move |reading| {
            let permit = reading.actor().permit_somewhere(Action::ReadTemplate)?;
            let templates = rows::list_templates(reading, permit, filter, &page)?;
            let titles = titles(reading, permit, templates.rows.iter())?;
            let view = |template| Ok(view(reading.actor(), template, &titles));
            Answer::page(templates, &page, |template| template.id, view).map(Answer::revalidate)
        })
        .await
}

/// What there is of the LWPs that a template names.
fn known_lwps(reading: &mut Reading<'_>, content: &NewTemplate) -> Result<KnownLwps, Trouble> {
    let ids: BTreeSet<LwpId> = content.lwp_ids().collect();
    let states = lwps::states_of(reading, &ids.into_iter().collect::<Vec<_>>())?;
    let (published, others): (Vec<_>, Vec<_>) =
        states.into_iter().partition(|(_, state)| *state == PublicationStateName::Published);
    let ids = |states: Vec<(LwpId, PublicationStateName)>| states.into_iter().map(|(id, _)| id).collect();
    Ok(KnownLwps { published: ids(published), others: ids(others) })
}

pub async fn create(caller: Caller, Body(new): Body<NewTemplate>) -> Outcome<StartProgrammeTemplateView> {
    caller
        .change(move |writing| {
            writing.actor().permit_somewhere(Action::CreateTemplate)?;
            let permit = writing.actor().permit(Action::CreateTemplate, Unit::Landscape(new.landscape_id))?;
            let previous = match new.previous_id {
                Some(id) => rows::find_template(writing, permit, id)?,
                None => None,
            };
            // Only who has a role in a landscape gets here, so it is there.
            let landscape_known = true;
            let known = known_lwps(writing, &new)?;
            let drafted = Template::draft(TemplateId::in_order(), new.clone(), previous.as_ref(), landscape_known, &known)?;
            rows::insert_template(writing, permit, &drafted)?;
            let (location, version) = (format!("/start-programme-templates/{}", drafted.thing.id), drafted.thing.version);
            let titles = titles(writing, permit, std::iter::once(&drafted.thing))?;
            Answer::created(&location, &view(writing.actor(), drafted.thing, &titles), version)
        })
        .await
}

pub async fn get(caller: Caller, At(id): At<TemplateId>) -> Outcome<StartProgrammeTemplateView> {
    caller
        .read(move |reading| {
            let template = template(reading, id)?;
            answer(reading, template).map(Answer::revalidate)
        })
        .await
}

pub async fn replace(
    caller: Caller,
    At(id): At<TemplateId>,
    version: IfMatch,
    Body(content): Body<NewTemplate>,
) -> Outcome<StartProgrammeTemplateView> {
    caller
        .change(move |writing| {
            let before = template(writing, id)?;
            let permit = writing.actor().permit(Action::UpdateTemplate, unit(&before))?;
            version.check(before.version)?;
            let opened = open(writing.actor(), &before);
            let known = known_lwps(writing, &content)?;
            let changed = before.change(content.clone(), &known).map_err(|refusal| refusal.opening(opened))?;
            if changed.thing.content == before.content {
                return answer(writing, before);
            }
            rows::update_template(writing, permit, &changed)?;
            answer(writing, changed.thing)
        })
        .await
}

pub async fn decide(
    caller: Caller,
    At(id): At<TemplateId>,
    Body(decision): Body<TemplateDecision>,
) -> Outcome<StartProgrammeTemplateView> {
    caller
        .change(move |writing| {
            let before = template(writing, id)?;
            let permit = writing.actor().permit(decision.action(), unit(&before))?;
            let opened = open(writing.actor(), &before);
            let known = known_lwps(writing, &before.content)?;
            let decided = before.decide(&decision, writing.now(), &known).map_err(|refusal| refusal.opening(opened))?;
            rows::update_template(writing, permit, &decided)?;
            if decided.thing.state.name() == PublicationStateName::Published {
                super::begin_those_who_wait(writing, permit, &decided.thing)?;
            }
            answer(writing, decided.thing)
        })
        .await
}
