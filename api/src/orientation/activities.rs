//! What a landscape offers to who looks round (IN-1).

use chrono::NaiveDate;
use domain::access::{Action, Actor, Permit, Unit};
use domain::kernel::time::start_of;
use domain::kernel::{ActivityId, KernelFault, LandscapeId};
use domain::orientation::{Activity, ActivityFacts, ActivityKind, ActivityPatch, NewActivity};
use persistence::orientation::activity::{self as rows, ActivityFilter, AfterStart, Offered};
use persistence::{Reading, Trouble, organisation};
use serde::Deserialize;
use utoipa::ToSchema;

use super::registrations::fill_places;
use super::views::ActivityView;
use crate::http::{Answer, At, Body, Caller, IfMatch, List, Listing, Outcome, Problem, Visitor};

/// Which activities.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrientationActivityFilter {
    /// Of this kind.
    #[serde(default)]
    kind: Option<ActivityKind>,
    /// Offered by this landscape.
    #[serde(default)]
    landscape_id: Option<LandscapeId>,
    /// Beginning on this date or later.
    #[serde(default)]
    from: Option<NaiveDate>,
}

fn view(actor: &Actor, offered: Offered) -> ActivityView {
    let keeps = actor.permit(Action::UpdateActivity, Unit::Landscape(offered.activity.content.landscape_id)).is_ok();
    ActivityView::of(offered, keeps)
}

pub async fn list_activities(visitor: Visitor, list: List<OrientationActivityFilter>) -> Result<Listing<ActivityView>, Problem> {
    let page = list.page::<AfterStart>()?;
    let OrientationActivityFilter { kind, landscape_id, from } = list.filter;
    let filter = ActivityFilter { kind, landscape_id, from: from.map(start_of) };
    visitor
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadActivity, Unit::Institution)?;
            let activities = rows::list_activities(reading, permit, &filter, &page)?;
            let place = |offered: &Offered| (offered.activity.content.starts_at, offered.activity.id);
            Answer::page(activities, &page, place, |offered| Ok(view(reading.actor(), offered))).map(Answer::revalidate)
        })
        .await
}

/// The activity, with the permit to read it: everyone has one.
pub fn activity(reading: &mut Reading<'_>, id: ActivityId) -> Result<Offered, Trouble> {
    let permit = reading.actor().permit(Action::ReadActivity, Unit::Institution)?;
    rows::find_activity(reading, permit, id)?.ok_or_else(|| KernelFault::Absent.into())
}

pub async fn get_activity(visitor: Visitor, At(id): At<ActivityId>) -> Outcome<ActivityView> {
    visitor
        .read(move |reading| {
            let offered = activity(reading, id)?;
            let version = offered.activity.version;
            Answer::at_version(&view(reading.actor(), offered), version).map(Answer::revalidate)
        })
        .await
}

fn facts(reading: &mut Reading<'_>, permit: Permit, content: &NewActivity) -> Result<ActivityFacts, Trouble> {
    let landscape_known = organisation::find_landscape(reading, permit, content.landscape_id)?.is_some();
    let buddy_enrolled = match content.buddy_id {
        Some(buddy) => rows::is_enrolled(reading, permit, buddy)?,
        None => true,
    };
    Ok(ActivityFacts { landscape_known, buddy_enrolled })
}

pub async fn offer_activity(caller: Caller, Body(new): Body<NewActivity>) -> Outcome<ActivityView> {
    caller
        .change(move |writing| {
            // Who may offer activities somewhere learns that a landscape does not exist; who may not, nothing.
            let somewhere = writing.actor().permit_somewhere(Action::CreateActivity)?;
            let facts = facts(writing, somewhere, &new)?;
            let permit = if facts.landscape_known {
                writing.actor().permit(Action::CreateActivity, Unit::Landscape(new.landscape_id))?
            } else {
                somewhere
            };
            let told = Activity::offer(ActivityId::in_order(), new.clone(), facts, writing.now())?;
            let offered = Offered { activity: told.thing.clone(), places_taken: 0 };
            rows::insert_activity(writing, permit, told)?;
            let (location, version) = (format!("/orientation-activities/{}", offered.activity.id), offered.activity.version);
            Answer::created(&location, &view(writing.actor(), offered), version)
        })
        .await
}

pub async fn change_activity(
    caller: Caller,
    At(id): At<ActivityId>,
    version: IfMatch,
    Body(patch): Body<ActivityPatch>,
) -> Outcome<ActivityView> {
    caller
        .change(move |writing| {
            let unit = Unit::Landscape(activity(writing, id)?.activity.content.landscape_id);
            let permit = writing.actor().permit(Action::UpdateActivity, unit)?;
            let Offered { activity: before, places_taken } =
                rows::hold_activity(writing, permit, id)?.ok_or(KernelFault::Absent)?;
            version.check(before.version)?;
            let content = before.content.clone().patched(patch.clone());
            if content == before.content {
                let version = before.version;
                return Answer::at_version(&view(writing.actor(), Offered { activity: before, places_taken }), version);
            }
            let facts = facts(writing, permit, &content)?;
            let told = before.change(content, places_taken, facts, writing.now())?;
            rows::update_activity(writing, permit, &told)?;
            fill_places(writing, permit, &told.thing)?;
            let offered = activity(writing, id)?;
            let version = offered.activity.version;
            Answer::at_version(&view(writing.actor(), offered), version)
        })
        .await
}
