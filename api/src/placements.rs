//! Work placements (BPV): where a student trains at a learning company, and with whom (BP-1, BP-2).

use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Permit, Seen, Sight};
use domain::kernel::{KernelFault, Line, PlacementId, Prose, StudentId};
use domain::placement::{NewPlacement, Placement, PlacementDecision, PlacementStateName};
use persistence::placements::{self as rows, WithTrainer};
use persistence::{Reading, Trouble, Writing};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::PersonName;
use crate::http::{Answer, At, Body, Caller, Everything, List, Listing, OpenDecisions, Operation, Outcome, Problem, get, post};

pub const TAG: &str = "placements";

pub fn operations() -> Vec<Operation> {
    vec![
        get("/students/{id}/placements", "listPlacements", "A student's work placements", list)
            .text("In the order in which they were planned. A workplace trainer finds the one at which they train, while it runs."),
        post("/students/{id}/placements", "createPlacement", "Plans a work placement", create)
            .text("By the responsible coach or the leader of the team. From the first day through the last the workplace trainer sees that placement, who the student is, and the LWPs that are done at it."),
        get("/placements/{id}", "getPlacement", "One work placement", get_one)
            .text("Guardians of a student of 16 or older, and the workplace trainer, are not told why it was ended."),
        post("/placements/{id}/decisions", "decideOnPlacement", "Ends a work placement before its last day", decide)
            .text("By the responsible coach or the leader of the team; from that moment on the workplace trainer sees nothing of the student. It ends by itself when the student leaves or graduates."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}

/// A student at a learning company.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlacementView {
    id: PlacementId,
    state: PlacementStateName,
    version: i64,
    open_decisions: OpenDecisions,
    student_id: StudentId,
    learning_company: Line,
    trainer: PersonName,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    /// When it was ended before its last day; null where it was not.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
    /// Why; null where it ended with the student's stay, and also for guardians of a student of 16 or older, and the workplace trainer.
    #[schema(required = true)]
    reason: Option<Prose>,
}

impl PlacementView {
    fn of(seen: Seen<WithTrainer>, now: DateTime<Utc>) -> Self {
        let open_decisions = OpenDecisions(seen.open(seen.thing.placement.open_actions(now)));
        let whole = seen.sight() >= Sight::Full;
        let WithTrainer { placement, trainer } = seen.thing;
        let state = placement.state(now);
        let Placement { id, version, student_id, learning_company, starts_on, ends_on, ended, .. } = placement;
        let ended_at = ended.as_ref().map(|ended| ended.at);
        let reason = ended.and_then(|ended| ended.reason).filter(|_| whole);
        let trainer = trainer.into();
        Self { id, state, version, open_decisions, student_id, learning_company, trainer, starts_on, ends_on, ended_at, reason }
    }
}

fn placement(reading: &mut Reading<'_>, id: PlacementId) -> Result<Seen<WithTrainer>, Trouble> {
    Ok(rows::find(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadPlacement)?)
}

async fn list(caller: Caller, At(id): At<StudentId>, list: List<Everything>) -> Result<Listing<PlacementView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let student = persistence::students::find(reading, id)?.ok_or(KernelFault::Absent)?;
            let (_, permit) = student.permit(Action::ReadPlacement)?;
            let found = rows::list(reading, permit, id, &page)?.try_map(|row| row.read(Action::ReadPlacement))?;
            let now = reading.now();
            Answer::page(found, &page, |seen| seen.thing.placement.id, |seen| Ok(PlacementView::of(seen, now)))
        })
        .await
}

async fn get_one(caller: Caller, At(id): At<PlacementId>) -> Outcome<PlacementView> {
    caller
        .read(move |reading| {
            let seen = placement(reading, id)?;
            let version = seen.thing.placement.version;
            Answer::at_version(&PlacementView::of(seen, reading.now()), version)
        })
        .await
}

async fn create(caller: Caller, At(id): At<StudentId>, Body(new): Body<NewPlacement>) -> Outcome<PlacementView> {
    caller
        .change(move |writing| {
            let student = persistence::students::find(writing, id)?.ok_or(KernelFault::Absent)?;
            let (_, permit) = student.permit(Action::PlanPlacement)?;
            let facts = rows::facts(writing, permit, id, new.trainer_id)?;
            let planned = Placement::plan(&new, facts, writing.now())?;
            rows::insert(writing, permit, &planned)?;
            let seen = placement(writing, planned.thing.id)?;
            let location = format!("/placements/{}", planned.thing.id);
            Answer::created(&location, &PlacementView::of(seen, writing.now()), planned.thing.version)
        })
        .await
}

async fn decide(caller: Caller, At(id): At<PlacementId>, Body(decision): Body<PlacementDecision>) -> Outcome<PlacementView> {
    caller
        .change(move |writing| {
            let seen = placement(writing, id)?;
            let permit = seen.permit(decision.action())?;
            let now = writing.now();
            let before = &seen.thing.placement;
            let decided =
                before.decide(&decision, now).map_err(|refusal| refusal.opening(seen.open(before.open_actions(now))))?;
            rows::update(writing, permit, &decided)?;
            let version = decided.thing.version;
            let after = WithTrainer { placement: decided.thing, trainer: seen.thing.trainer.clone() };
            Answer::at_version(&PlacementView::of(seen.with(after), now), version)
        })
        .await
}

/// Ends what is not over of a student whose stay ends, in the same transaction.
///
/// # Errors
/// [`Trouble::Overtaken`] where one of them changed meanwhile.
pub fn end_with_stay(writing: &mut Writing<'_>, permit: Permit, student: StudentId) -> Result<(), Trouble> {
    let now = writing.now();
    for placement in rows::not_over(writing, permit, student)? {
        if let Some(ended) = placement.end_with_stay(now) {
            rows::update(writing, permit, &ended)?;
        }
    }
    Ok(())
}
