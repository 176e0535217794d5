//! Switches: asked from one landscape, answered by the other (EN-4).

use domain::access::{Action, Permit, Role, Seen, Unit};
use domain::enrolment::{Enrolment, Switch, SwitchDecision, SwitchFacts, SwitchOutcome, SwitchStateName, SwitchThen};
use domain::kernel::{CoachAssignmentId, EnrolmentId, LandscapeId, StudentId, SwitchId};
use persistence::enrolment::switches::{self as rows, Requested, SwitchFilter};
use persistence::enrolment::{coaching, enrolment};
use persistence::{Reading, Trouble, Writing};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::SwitchView;
use super::{Around, absent, at_arrival, decidable, overtaken};
use crate::http::{Answer, At, Body, Caller, List, Listing, Outcome, Problem};
use crate::{reactions, start_programme};

/// Which switches.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhichSwitches {
    #[serde(default)]
    state: Option<SwitchStateName>,
    #[serde(default)]
    student_id: Option<StudentId>,
    /// The receiving landscape.
    #[serde(default)]
    landscape_id: Option<LandscapeId>,
}

pub async fn list(caller: Caller, list: List<WhichSwitches>) -> Result<Listing<SwitchView>, Problem> {
    let page = list.page()?;
    let WhichSwitches { state, student_id, landscape_id } = list.filter;
    caller
        .read(move |reading| {
            let found = rows::list_switches(reading, SwitchFilter { state, student_id, landscape_id }, &page)?;
            let seen = found.try_map(|row| row.read(Action::ReadSwitch))?;
            Answer::page(seen, &page, |seen| seen.thing.switch.id, |seen| Ok(seen.into()))
        })
        .await
}

fn answer(seen: Seen<Requested>) -> Result<Answer<SwitchView>, Trouble> {
    let version = seen.thing.switch.version;
    Answer::at_version(&seen.into(), version)
}

pub async fn get(caller: Caller, At(id): At<SwitchId>) -> Outcome<SwitchView> {
    caller.read(move |reading| answer(rows::find_switch(reading, id)?.ok_or_else(absent)?.read(Action::ReadSwitch)?)).await
}

pub async fn decide(caller: Caller, At(id): At<SwitchId>, Body(decision): Body<SwitchDecision>) -> Outcome<SwitchView> {
    let action = decision.action();
    let arrived = caller
        .read(move |reading| match at_arrival(rows::find_switch(reading, id)?, action) {
            None => Ok(at_arrival(rows::switch_put_to_caller(reading, id)?, action)),
            some => Ok(some),
        })
        .await?;
    caller
        .change(move |writing| {
            let (seen, permit) = decidable_switch(writing, id, action, arrived)?;
            let before = &seen.thing.switch;
            let known = Known::gather(writing, permit, before, &decision)?;
            let decided = before
                .decide(decision.clone(), known.around.moment(writing.now()), known.facts())
                .map_err(|refusal| refusal.opening(seen.open(before.open_actions())))?;
            keep(writing, permit, &decided)?;
            answer(seen.with(Requested { switch: decided.switch.thing, student: seen.thing.student.clone() }))
        })
        .await
}

/// The switch and the permit to decide on it.
fn decidable_switch(
    reading: &mut Reading<'_>,
    id: SwitchId,
    action: Action,
    arrived: Option<Permit>,
) -> Result<(Seen<Requested>, Permit), Trouble> {
    let found = rows::find_switch(reading, id)?.ok_or_else(absent)?;
    let refusal = match decidable(found, Action::ReadSwitch, action) {
        Ok(both) => return Ok(both),
        Err(refusal) => refusal,
    };
    let switch = arrived.map(|permit| rows::switch(reading, permit, id)).transpose()?.flatten();
    let answered = switch.filter(|switch| switch.open_actions().is_empty());
    Err(overtaken(refusal, answered.map(|switch| switch.state.name())))
}

fn keep(writing: &mut Writing<'_>, permit: Permit, decided: &SwitchOutcome) -> Result<(), Trouble> {
    match &decided.then {
        SwitchThen::Accepted(switched) => reactions::switched(writing, permit, switched)?,
        SwitchThen::NotMade(enrolment) => reactions::switch_not_made(writing, permit, enrolment)?,
    }
    rows::update_switch(writing, permit, &decided.switch)
}

/// What is known around a switch when it is decided on.
struct Known {
    enrolment: Enrolment,
    around: Around,
    is_receiving: bool,
    is_coach_there: bool,
    team_landscape_id: Option<LandscapeId>,
    weeks_done: u8,
}

impl Known {
    /// Reads what the decision asks for, and no more. The start programme is stopped before the switch is decided
    /// on, because what was done in it limits what can be credited; a refusal undoes it.
    fn gather(writing: &mut Writing<'_>, permit: Permit, switch: &Switch, decision: &SwitchDecision) -> Result<Self, Trouble> {
        let enrolment = enrolment(writing, permit, switch.enrolment_id)?.ok_or_else(absent)?;
        let is_receiving = writing.actor().has_role_in(Role::Coach, switch.landscape_id);
        let around = Around::default();
        let mut known = Self { enrolment, around, is_receiving, is_coach_there: false, team_landscape_id: None, weeks_done: 0 };
        if let (SwitchDecision::Accept { team_id, coach_id, .. }, SwitchStateName::Requested) = (decision, switch.state.name()) {
            known.around = Around::of(writing, permit, &known.enrolment)?;
            known.is_coach_there = coaching::is_coach_in(writing, permit, *coach_id, switch.landscape_id)?;
            let read = writing.actor().permit(Action::ReadTeam, Unit::Institution)?;
            let team = persistence::organisation::find_team(writing, read, *team_id)?;
            known.team_landscape_id = team.map(|team| team.landscape_id);
            known.weeks_done = start_programme::stop_for_switch(writing, permit, switch.enrolment_id)?;
        }
        Ok(known)
    }

    fn facts(&self) -> SwitchFacts<'_> {
        let around = self.around.facts(true);
        SwitchFacts {
            enrolment: &self.enrolment,
            coach: around.coach,
            handover: around.handover,
            is_receiving: self.is_receiving,
            is_coach_there: self.is_coach_there,
            team_landscape_id: self.team_landscape_id,
            weeks_done: self.weeks_done,
            enrolment_id: EnrolmentId::in_order(),
            assignment_id: CoachAssignmentId::in_order(),
        }
    }
}
