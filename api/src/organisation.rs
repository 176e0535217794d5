//! Landscapes and teams.

use domain::access::{Action, Unit};
use domain::kernel::{KernelFault, LandscapeId, Refusal, TeamId};
use domain::organisation::{Landscape, LandscapePatch, NewLandscape, NewTeam, Team, TeamPatch};
use persistence::organisation as rows;
use persistence::{Reading, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::{
    Answer, At, Body, Caller, Everything, IfMatch, List, Listing, Operation, Outcome, Problem, Visitor, get, patch, post,
};

pub const TAG: &str = "Organisation";

pub fn operations() -> Vec<Operation> {
    vec![
        get("/landscapes", "listLandscapes", "Landscapes by name", list_landscapes).text("Public: where a prospect can apply."),
        post("/landscapes", "createLandscape", "A new landscape", create_landscape).text("By an administrator."),
        get("/landscapes/{id}", "getLandscape", "One landscape", get_landscape).text("Public."),
        patch("/landscapes/{id}", "updateLandscape", "Changes a landscape", update_landscape)
            .text("By an administrator or the landscape's manager. A merge patch (RFC 7396): null empties, absent leaves."),
        get("/teams", "listTeams", "Teams by name", list_teams).text("For whoever has an account."),
        post("/teams", "createTeam", "A new team", create_team).text("By an administrator or the landscape's manager."),
        get("/teams/{id}", "getTeam", "One team", get_team).text("For whoever has an account."),
        patch("/teams/{id}", "updateTeam", "Changes a team", update_team)
            .text("By an administrator or the landscape's manager. A merge patch (RFC 7396)."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}

/// A landscape (landschap): a learning and working environment that decides for itself how it guides.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LandscapeView {
    id: LandscapeId,
    #[schema(max_length = 200)]
    name: String,
    #[schema(required = true, max_length = 4000)]
    description: Option<String>,
    version: i64,
}

impl From<Landscape> for LandscapeView {
    fn from(landscape: Landscape) -> Self {
        let Landscape { id, name, description, version } = landscape;
        Self { id, name, description, version }
    }
}

async fn list_landscapes(visitor: Visitor, list: List<Everything>) -> Result<Listing<LandscapeView>, Problem> {
    let page = list.page()?;
    visitor
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadLandscape, Unit::Institution)?;
            let landscapes = rows::list_landscapes(reading, permit, &page)?;
            Answer::page(landscapes, &page, |l| (l.name.clone(), l.id), |l| Ok(l.into())).map(Answer::revalidate)
        })
        .await
}

async fn create_landscape(caller: Caller, Body(new): Body<NewLandscape>) -> Outcome<LandscapeView> {
    caller
        .change(move |writing| {
            let permit = writing.actor().permit(Action::CreateLandscape, Unit::Institution)?;
            let landscape = Landscape::found(new.clone());
            rows::insert_landscape(writing, permit, &landscape, landscape.event("founded"))?;
            let (location, version) = (format!("/landscapes/{}", landscape.id), landscape.version);
            Answer::created(&location, &LandscapeView::from(landscape), version)
        })
        .await
}

fn landscape(reading: &mut Reading<'_>, id: LandscapeId) -> Result<Landscape, Trouble> {
    let permit = reading.actor().permit(Action::ReadLandscape, Unit::Landscape(id))?;
    rows::find_landscape(reading, permit, id)?.ok_or_else(|| KernelFault::Absent.into())
}

async fn get_landscape(visitor: Visitor, At(id): At<LandscapeId>) -> Outcome<LandscapeView> {
    visitor
        .read(move |reading| {
            let landscape = landscape(reading, id)?;
            let version = landscape.version;
            Answer::at_version(&LandscapeView::from(landscape), version).map(Answer::revalidate)
        })
        .await
}

async fn update_landscape(
    caller: Caller,
    At(id): At<LandscapeId>,
    version: IfMatch,
    Body(patch): Body<LandscapePatch>,
) -> Outcome<LandscapeView> {
    caller
        .change(move |writing| {
            let before = landscape(writing, id)?;
            let permit = writing.actor().permit(Action::UpdateLandscape, before.unit())?;
            version.check(before.version)?;
            let changed = before.patched(patch.clone());
            if let Some(landscape) = &changed {
                rows::update_landscape(writing, permit, landscape, landscape.event("updated"))?;
            }
            let landscape = changed.unwrap_or(before);
            let version = landscape.version;
            Answer::at_version(&LandscapeView::from(landscape), version)
        })
        .await
}

/// A team: the people who teach and coach one group of students.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeamView {
    id: TeamId,
    landscape_id: LandscapeId,
    #[schema(max_length = 200)]
    name: String,
    version: i64,
}

impl From<Team> for TeamView {
    fn from(team: Team) -> Self {
        let Team { id, landscape_id, name, version } = team;
        Self { id, landscape_id, name, version }
    }
}

/// Which teams.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TeamFilter {
    /// Of this landscape.
    #[serde(default)]
    landscape_id: Option<LandscapeId>,
}

async fn list_teams(caller: Caller, list: List<TeamFilter>) -> Result<Listing<TeamView>, Problem> {
    let (page, landscape_id) = (list.page()?, list.filter.landscape_id);
    caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadTeam, Unit::Institution)?;
            let teams = rows::list_teams(reading, permit, landscape_id, &page)?;
            Answer::page(teams, &page, |t| (t.name.clone(), t.id), |t| Ok(t.into())).map(Answer::revalidate)
        })
        .await
}

async fn create_team(caller: Caller, Body(new): Body<NewTeam>) -> Outcome<TeamView> {
    caller
        .change(move |writing| {
            let permit = writing.actor().permit(Action::CreateTeam, Unit::Landscape(new.landscape_id))?;
            let read = writing.actor().permit(Action::ReadLandscape, Unit::Institution)?;
            if rows::find_landscape(writing, read, new.landscape_id)?.is_none() {
                return Err(Refusal::Findings(vec![KernelFault::UnknownReference.at("/landscapeId")]).into());
            }
            let team = Team::found(new.clone());
            rows::insert_team(writing, permit, &team, team.event("founded"))?;
            let (location, version) = (format!("/teams/{}", team.id), team.version);
            Answer::created(&location, &TeamView::from(team), version)
        })
        .await
}

fn team(reading: &mut Reading<'_>, id: TeamId) -> Result<Team, Trouble> {
    let permit = reading.actor().permit(Action::ReadTeam, Unit::Institution)?;
    rows::find_team(reading, permit, id)?.ok_or_else(|| KernelFault::Absent.into())
}

async fn get_team(caller: Caller, At(id): At<TeamId>) -> Outcome<TeamView> {
    caller
        .read(move |reading| {
            let team = team(reading, id)?;
            let version = team.version;
            Answer::at_version(&TeamView::from(team), version).map(Answer::revalidate)
        })
        .await
}

async fn update_team(caller: Caller, At(id): At<TeamId>, version: IfMatch, Body(patch): Body<TeamPatch>) -> Outcome<TeamView> {
    caller
        .change(move |writing| {
            let before = team(writing, id)?;
            let permit = writing.actor().permit(Action::UpdateTeam, before.unit())?;
            version.check(before.version)?;
            let changed = before.patched(patch.clone());
            if let Some(team) = &changed {
                rows::update_team(writing, permit, team, team.event("updated"))?;
            }
            let team = changed.unwrap_or(before);
            let version = team.version;
            Answer::at_version(&TeamView::from(team), version)
        })
        .await
}
