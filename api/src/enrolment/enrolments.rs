//! Enrolments, and the decisions on them (EN-3, EN-4, EN-5).

use domain::access::{Action, Permit, Seen, Unit};
use domain::enrolment::{EnrolmentDecision, EnrolmentStateName};
use domain::kernel::{EnrolmentId, LandscapeId, TeamId};
use persistence::enrolment::{self as rows, Enrolled, EnrolmentFilter};
use persistence::{Reading, Trouble, Writing};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::EnrolmentView;
use super::{Around, absent};
use crate::http::{Answer, At, Body, Caller, Include, List, Listing, Outcome, Problem};
use crate::including::{ForEnrolments, WithEnrolment};
use crate::reactions;

/// Which enrolments.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhichEnrolments {
    #[serde(default)]
    state: Option<EnrolmentStateName>,
    #[serde(default)]
    landscape_id: Option<LandscapeId>,
    #[serde(default)]
    team_id: Option<TeamId>,
}

pub async fn list(
    caller: Caller,
    list: List<WhichEnrolments>,
    include: Include<WithEnrolment>,
) -> Result<Listing<EnrolmentView>, Problem> {
    let page = list.page()?;
    let WhichEnrolments { state, landscape_id, team_id } = list.filter;
    caller
        .read(move |reading| {
            let found = rows::list_enrolments(reading, EnrolmentFilter { state, landscape_id, team_id }, &page)?;
            let seen = found.try_map(|row| row.read(Action::ReadEnrolment))?;
            let place = |seen: &Seen<Enrolled>| seen.thing.enrolment.id;
            let mut embedded = ForEnrolments::read(reading, &include, seen.rows.iter().map(place).collect())?;
            let view = |seen| {
                let included = embedded.of(place(&seen));
                Ok(EnrolmentView::from(seen).including(included))
            };
            Answer::page(seen, &page, place, view)
        })
        .await
}

fn enrolled(reading: &mut Reading<'_>, id: EnrolmentId) -> Result<Seen<Enrolled>, Trouble> {
    Ok(rows::find_enrolment(reading, id)?.ok_or_else(absent)?.read(Action::ReadEnrolment)?)
}

fn answer(seen: Seen<Enrolled>) -> Result<Answer<EnrolmentView>, Trouble> {
    let version = seen.thing.enrolment.version;
    Answer::at_version(&seen.into(), version)
}

pub async fn get(caller: Caller, At(id): At<EnrolmentId>, include: Include<WithEnrolment>) -> Outcome<EnrolmentView> {
    caller
        .read(move |reading| {
            let seen = enrolled(reading, id)?;
            let version = seen.thing.enrolment.version;
            let included = ForEnrolments::read(reading, &include, vec![id])?.of(id);
            Answer::at_version(&EnrolmentView::from(seen).including(included), version)
        })
        .await
}

pub async fn decide(caller: Caller, At(id): At<EnrolmentId>, Body(decision): Body<EnrolmentDecision>) -> Outcome<EnrolmentView> {
    caller
        .change(move |writing| {
            let seen = enrolled(writing, id)?;
            let permit = seen.permit(decision.action())?;
            let before = &seen.thing.enrolment;
            let (around, landscape_known) = known(writing, permit, &seen.thing, &decision)?;
            let (by, now) = (writing.person()?, around.moment(writing.now()));
            let decided = before
                .decide(decision.clone(), by, now, around.facts(landscape_known))
                .map_err(|refusal| refusal.opening(seen.open(&before.open_actions())))?;
            reactions::enrolment_decided(writing, permit, &decided)?;
            let enrolment = decided.enrolment.thing;
            let coach = seen.thing.coach.clone().filter(|_| enrolment.state.is_open());
            answer(seen.with(Enrolled { enrolment, coach, ..seen.thing.clone() }))
        })
        .await
}

/// Reads what the decision asks for, and no more: what surrounds the enrolment, and whether the landscape that is
/// named exists.
fn known(
    writing: &mut Writing<'_>,
    permit: Permit,
    enrolled: &Enrolled,
    decision: &EnrolmentDecision,
) -> Result<(Around, bool), Trouble> {
    Ok(match decision {
        EnrolmentDecision::StateMotivation { .. } | EnrolmentDecision::Confirm {} | EnrolmentDecision::CorrectLeaving { .. } => {
            (Around::default(), false)
        }
        EnrolmentDecision::RequestSwitch { landscape_id, .. } => {
            let permit = writing.actor().permit(Action::ReadLandscape, Unit::Landscape(*landscape_id))?;
            let landscape = persistence::organisation::find_landscape(writing, permit, *landscape_id)?;
            (Around::default(), landscape.is_some())
        }
        EnrolmentDecision::Leave { .. } | EnrolmentDecision::Graduate { .. } => {
            (Around::of(writing, permit, &enrolled.enrolment)?, false)
        }
    })
}
