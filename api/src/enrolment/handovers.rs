//! Handing a student over: proposed, and answered by the new coach (EN-2).

use domain::access::{Action, Permit, Seen};
use domain::enrolment::{Handover, HandoverDecision, HandoverFacts, HandoverProposal, HandoverStateName};
use domain::kernel::{CoachAssignmentId, HandoverId, PersonId, StudentId};
use persistence::enrolment::coaching::{self as rows, HandoverFilter, Proposed};
use persistence::enrolment::{enrolment, find_newest_enrolment, stay};
use persistence::{Reading, Trouble};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::HandoverView;
use super::{absent, at_arrival, decidable, overtaken};
use crate::http::{Answer, At, Body, Caller, List, Listing, Outcome, Problem};

/// Which handovers.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhichHandovers {
    #[serde(default)]
    state: Option<HandoverStateName>,
    #[serde(default)]
    student_id: Option<StudentId>,
    /// The coach who is asked.
    #[serde(default)]
    coach_id: Option<PersonId>,
}

pub async fn list(caller: Caller, list: List<WhichHandovers>) -> Result<Listing<HandoverView>, Problem> {
    let page = list.page()?;
    let WhichHandovers { state, student_id, coach_id } = list.filter;
    caller
        .read(move |reading| {
            let found = rows::list_handovers(reading, HandoverFilter { state, student_id, coach_id }, &page)?;
            let seen = found.try_map(|row| row.read(Action::ReadHandover))?;
            Answer::page(seen, &page, |seen| seen.thing.handover.id, |seen| Ok(seen.into()))
        })
        .await
}

fn answer(seen: Seen<Proposed>) -> Result<Answer<HandoverView>, Trouble> {
    let version = seen.thing.handover.version;
    Answer::at_version(&seen.into(), version)
}

pub async fn get(caller: Caller, At(id): At<HandoverId>) -> Outcome<HandoverView> {
    caller.read(move |reading| answer(rows::find_handover(reading, id)?.ok_or_else(absent)?.read(Action::ReadHandover)?)).await
}

pub async fn propose(
    caller: Caller,
    At(student): At<StudentId>,
    Body(proposal): Body<HandoverProposal>,
) -> Outcome<HandoverView> {
    caller
        .change(move |writing| {
            let found = find_newest_enrolment(writing, student)?.ok_or_else(absent)?;
            let seen = found.read(Action::ReadEnrolment)?;
            let permit = seen.permit(Action::ProposeHandover)?;
            let enrolment = &seen.thing.enrolment;
            let current = rows::current_link(writing, permit, student)?;
            let facts = HandoverFacts {
                current: current.as_ref(),
                landscape_id: enrolment.landscape_id,
                is_coach_here: rows::is_coach_in(writing, permit, proposal.coach_id, enrolment.landscape_id)?,
                handover_open: rows::open_handover(writing, permit, student)?.is_some(),
                assignment_id: CoachAssignmentId::in_order(),
            };
            let (by, now) = (writing.person()?, writing.now());
            let told = Handover::propose(HandoverId::in_order(), proposal.clone(), by, now, facts)?;
            rows::insert_handover(writing, permit, &told, enrolment.id)?;
            let (enrolment_id, student) = (enrolment.id, seen.thing.student.clone());
            let proposed = seen.with(Proposed { handover: told.thing, enrolment_id, student });
            let (location, version) = (format!("/handovers/{}", proposed.thing.handover.id), proposed.thing.handover.version);
            Answer::created(&location, &proposed.into(), version)
        })
        .await
}

pub async fn decide(caller: Caller, At(id): At<HandoverId>, Body(decision): Body<HandoverDecision>) -> Outcome<HandoverView> {
    let action = decision.action();
    let arrived = caller
        .read(move |reading| match at_arrival(rows::find_handover(reading, id)?, action) {
            None => Ok(at_arrival(rows::handover_put_to_caller(reading, id)?, action)),
            some => Ok(some),
        })
        .await?;
    caller
        .change(move |writing| {
            let (seen, permit) = decidable_handover(writing, id, action, arrived)?;
            let before = &seen.thing.handover;
            let current = rows::current_link(writing, permit, before.student_id)?;
            let facts = HandoverFacts {
                current: current.as_ref(),
                landscape_id: before.landscape_id,
                is_coach_here: rows::is_coach_in(writing, permit, before.coach_id, before.landscape_id)?,
                handover_open: false,
                assignment_id: CoachAssignmentId::in_order(),
            };
            let now = current.as_ref().map_or(writing.now(), |current| current.moment(writing.now()));
            let decided = before
                .decide(decision.clone(), writing.person()?, now, facts)
                .map_err(|refusal| refusal.opening(seen.open(before.open_actions())))?;
            rows::update_handover(writing, permit, &decided.handover)?;
            if let Some(handed) = &decided.handed {
                let enrolment = enrolment(writing, permit, seen.thing.enrolment_id)?.ok_or_else(absent)?;
                stay::hand_over(writing, permit, &enrolment.coached_by(before.coach_id), handed)?;
            }
            answer(seen.with(Proposed { handover: decided.handover.thing, ..seen.thing.clone() }))
        })
        .await
}

/// The handover and the permit to decide on it.
fn decidable_handover(
    reading: &mut Reading<'_>,
    id: HandoverId,
    action: Action,
    arrived: Option<Permit>,
) -> Result<(Seen<Proposed>, Permit), Trouble> {
    let found = rows::find_handover(reading, id)?.ok_or_else(absent)?;
    let refusal = match decidable(found, Action::ReadHandover, action) {
        Ok(both) => return Ok(both),
        Err(refusal) => refusal,
    };
    let handover = arrived.map(|permit| rows::handover(reading, permit, id)).transpose()?.flatten();
    let answered = handover.filter(|handover| handover.open_actions().is_empty());
    Err(overtaken(refusal, answered.map(|handover| handover.state.name())))
}
