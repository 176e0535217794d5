//! Writing LWPs, and finding those of others (CU-2).

use domain::access::{Action, Actor, Permit, Unit};
use domain::career_citizenship;
use domain::kernel::{
    CareerCompetence, KernelFault, LandscapeId, Line, LwpId, PublicationStateName, Refusal, RequirementId, TeamId, WorkProcessId,
};
use domain::lwp::{Lwp, LwpDecision, LwpFacts, LwpFault, LwpPatch, NewLwp};
use persistence::lwps::{self as rows, Listing as Listed, LwpFilter};
use persistence::{Reading, Trouble, Writing, organisation};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::{LwpView, open};
use crate::http::{Answer, At, Body, Caller, IfMatch, List, Listing, Outcome, Problem};

/// Which LWPs.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhichLwps {
    /// Of this team.
    #[serde(default)]
    team: Option<TeamId>,
    /// In this state.
    #[serde(default)]
    state: Option<PublicationStateName>,
    /// For this level of mbo.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 4)]
    level: Option<u8>,
    /// Covering this work process.
    #[serde(default)]
    work_process: Option<WorkProcessId>,
    /// Covering this requirement of career and citizenship.
    #[serde(default)]
    requirement: Option<RequirementId>,
    /// Working on this career competence.
    #[serde(default)]
    career_competence: Option<CareerCompetence>,
    /// Saying all of these words (the first eight that count), in whatever form: the best first, then the newest. Words of little meaning (de, het, een) do not count.
    #[serde(default)]
    q: Option<Line>,
}

pub async fn list(caller: Caller, list: List<WhichLwps>) -> Result<Listing<LwpView>, Problem> {
    let page = list.page()?;
    let WhichLwps { team, state, level, work_process, requirement, career_competence, q } = list.filter;
    let q = q.map(Line::into_string);
    let filter = LwpFilter { team_id: team, state, level, work_process, requirement, career_competence, q };
    caller
        .read(move |reading| {
            let lwps = rows::list_lwps(reading, &filter, &page)?;
            let after = |listing: &Listed| (listing.fit, listing.lwp.id);
            Answer::page(lwps, &page, after, |listing| Ok(LwpView::of(reading.actor(), listing.lwp))).map(Answer::revalidate)
        })
        .await
}

/// An LWP that the caller may read.
///
/// # Errors
/// [`KernelFault::Absent`].
pub fn lwp(reading: &mut Reading<'_>, id: LwpId) -> Result<Lwp, Trouble> {
    rows::find_lwp(reading, id)?.ok_or_else(|| KernelFault::Absent.into())
}

pub async fn get_one(caller: Caller, At(id): At<LwpId>) -> Outcome<LwpView> {
    caller
        .read(move |reading| {
            let lwp = lwp(reading, id)?;
            answer(reading.actor(), lwp, None).map(Answer::revalidate)
        })
        .await
}

fn answer(actor: &Actor, lwp: Lwp, copy_id: Option<LwpId>) -> Result<Answer<LwpView>, Trouble> {
    let version = lwp.version;
    Answer::at_version(&LwpView::of(actor, lwp).copied_to(copy_id), version)
}

/// May the caller do this with an LWP that they may read? What is seen is never absent.
///
/// # Errors
/// [`KernelFault::Forbidden`].
fn permit(actor: &Actor, action: Action, lwp: &Lwp) -> Result<Permit, Trouble> {
    let asked = match action {
        // For a team of one's own, whosever it is.
        Action::CopyLwp => actor.permit_somewhere(action),
        other => actor.permit(other, lwp.unit()),
    };
    asked.map_err(|_| KernelFault::Forbidden.into())
}

/// What others know about the ids that an LWP names; its origin apart.
struct Known {
    landscape_id: Option<LandscapeId>,
    unknown_work_processes: Vec<WorkProcessId>,
    unknown_requirements: Vec<RequirementId>,
    origin: Option<Lwp>,
}

impl Known {
    fn gather(reading: &mut Reading<'_>, permit: Permit, content: &NewLwp) -> Result<Self, Trouble> {
        let origin = match content.origin_id {
            Some(id) => rows::find_lwp(reading, id)?,
            None => None,
        };
        let is_unknown = |id: &&RequirementId| career_citizenship::find(**id).is_none();
        Ok(Self {
            landscape_id: landscape_of(reading, permit, content.team_id)?,
            unknown_work_processes: rows::unknown_work_processes(reading, permit, &content.work_process_ids)?,
            unknown_requirements: content.requirement_ids.iter().filter(is_unknown).copied().collect(),
            origin,
        })
    }

    fn facts(&self) -> LwpFacts<'_> {
        LwpFacts {
            landscape_id: self.landscape_id,
            unknown_work_processes: self.unknown_work_processes.clone(),
            unknown_requirements: self.unknown_requirements.clone(),
            origin: self.origin.as_ref(),
        }
    }
}

fn landscape_of(reading: &mut Reading<'_>, permit: Permit, team_id: TeamId) -> Result<Option<LandscapeId>, Trouble> {
    Ok(organisation::find_team(reading, permit, team_id)?.map(|team| team.landscape_id))
}

pub async fn create(caller: Caller, Body(new): Body<NewLwp>) -> Outcome<LwpView> {
    caller
        .change(move |writing| {
            // Who may draft LWPs somewhere learns that a team does not exist; who may not, nothing.
            let somewhere = writing.actor().permit_somewhere(Action::CreateLwp)?;
            let known = Known::gather(writing, somewhere, &new)?;
            let permit = match known.landscape_id {
                Some(landscape_id) => {
                    writing.actor().permit(Action::CreateLwp, Unit::Team { landscape_id, team_id: new.team_id })?
                }
                None => somewhere,
            };
            let drafted = Lwp::draft(LwpId::in_order(), new.clone(), &known.facts())?;
            rows::insert_lwp(writing, permit, &drafted)?;
            let (location, version) = (format!("/lwps/{}", drafted.thing.id), drafted.thing.version);
            Answer::created(&location, &LwpView::of(writing.actor(), drafted.thing), version)
        })
        .await
}

pub async fn change(caller: Caller, At(id): At<LwpId>, version: IfMatch, Body(patch): Body<LwpPatch>) -> Outcome<LwpView> {
    caller
        .change(move |writing| {
            let before = lwp(writing, id)?;
            let permit = permit(writing.actor(), Action::UpdateLwp, &before)?;
            version.check(before.version)?;
            let opened = open(writing.actor(), &before);
            let content = before.content.clone().patched(patch.clone());
            let known = Known::gather(writing, permit, &content)?;
            let changed = before.change(content, &known.facts()).map_err(|refusal| refusal.opening(opened))?;
            if changed.thing.content == before.content {
                return answer(writing.actor(), before, None);
            }
            rows::update_lwp(writing, permit, &changed)?;
            answer(writing.actor(), changed.thing, None)
        })
        .await
}

pub async fn decide(caller: Caller, At(id): At<LwpId>, Body(decision): Body<LwpDecision>) -> Outcome<LwpView> {
    caller
        .change(move |writing| {
            let before = lwp(writing, id)?;
            if let LwpDecision::Copy { team_id } = decision {
                let copy_id = copy(writing, &before, team_id)?;
                writing.looked_at(id, before.version)?;
                return answer(writing.actor(), before, Some(copy_id));
            }
            let permit = permit(writing.actor(), decision.action(), &before)?;
            let opened = open(writing.actor(), &before);
            let decided = before.decide(&decision, writing.now()).map_err(|refusal| refusal.opening(opened))?;
            rows::update_lwp(writing, permit, &decided)?;
            answer(writing.actor(), decided.thing, None)
        })
        .await
}

/// Drafts a copy for a team of the caller's.
fn copy(writing: &mut Writing<'_>, of: &Lwp, team_id: Option<TeamId>) -> Result<LwpId, Trouble> {
    let somewhere = permit(writing.actor(), Action::CopyLwp, of)?;
    let at_team = |finding| Trouble::from(Refusal::Findings(vec![finding]));
    let team_id = team_id.or_else(|| only_team(writing.actor())).ok_or_else(|| at_team(LwpFault::TeamNeeded.at("/teamId")))?;
    let landscape_id = landscape_of(writing, somewhere, team_id)?;
    let landscape_id = landscape_id.ok_or_else(|| at_team(KernelFault::UnknownReference.at("/teamId")))?;
    let permit = writing.actor().permit(Action::CopyLwp, Unit::Team { landscape_id, team_id })?;
    let drafted = of.copy(LwpId::in_order(), team_id, landscape_id);
    rows::insert_lwp(writing, permit, &drafted)?;
    Ok(drafted.thing.id)
}

/// The team that the caller works for, where that is one and no landscape.
fn only_team(actor: &Actor) -> Option<TeamId> {
    let reached = actor.reaches(Action::CopyLwp);
    let [first, others @ ..] = reached.teams.as_slice() else { return None };
    let only = others.iter().all(|other| other == first) && reached.landscapes.is_empty();
    only.then_some(*first)
}
