//! When people are free for conversations, and at which moments all who take part in one are (CV-3).

use std::borrow::Cow;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::access::{Action, Permit, Unit};
use domain::conversation::{ConversationFault, MOMENTS_AT_MOST, NewAvailability, Slot, Wish, moments};
use domain::kernel::time::{date_at, start_of};
use domain::kernel::{Event, Findings, KernelFault, PersonId, StudentId, Subject};
use persistence::conversations::{self as talks, availability as rows};
use persistence::{Reading, Trouble};
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};
use utoipa::{PartialSchema, ToSchema};

use crate::http::{Answer, At, Body, Caller, IfMatch, Outcome, Query};

/// The hours that someone keeps for conversations every week in which there is school.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AvailabilityView {
    person_id: PersonId,
    version: i64,
    /// Empty: never.
    #[schema(max_items = 50)]
    slots: Vec<Slot>,
    changed_at: DateTime<Utc>,
}

/// May the caller see when this person is free: they themself, and who plans conversations in which the person could take part.
fn permit(reading: &mut Reading<'_>, person: PersonId, action: Action) -> Result<Permit, Trouble> {
    if reading.actor().person_id() == Some(person) {
        return Ok(reading.actor().permit(Action::UpdateAvailability, Unit::Institution)?);
    }
    if reading.actor().person_id().is_none() {
        return Err(KernelFault::Absent.into());
    }
    let ((), permit) = rows::planned_with(reading, person)?.ok_or(KernelFault::Absent)?.permit(action)?;
    Ok(permit)
}

pub async fn get_one(caller: Caller, At(id): At<PersonId>) -> Outcome<AvailabilityView> {
    caller
        .read(move |reading| {
            let permit = permit(reading, id, Action::ReadAvailability)?;
            let rows::Kept { slots, version, changed_at } = rows::find(reading, permit, id)?.ok_or(KernelFault::Absent)?;
            Answer::at_version(&AvailabilityView { person_id: id, version, slots, changed_at }, version)
        })
        .await
}

pub async fn replace(
    caller: Caller,
    At(id): At<PersonId>,
    version: IfMatch,
    Body(hours): Body<NewAvailability>,
) -> Outcome<AvailabilityView> {
    caller
        .change(move |writing| {
            let permit = permit(writing, id, Action::UpdateAvailability)?;
            let before = rows::find(writing, permit, id)?.map(|kept| kept.version);
            version.check_or_first(before)?;
            hours.check()?;
            let next = before.unwrap_or(0) + 1;
            let event = Event::new(Subject::Availability, id, next, "set").naming("personId", id);
            rows::write(writing, permit, id, &hours, next, event)?;
            let view = AvailabilityView { person_id: id, version: next, slots: hours.slots.clone(), changed_at: writing.now() };
            if before.is_none() {
                return Answer::created(&format!("/people/{id}/availability"), &view, next);
            }
            Answer::at_version(&view, next)
        })
        .await
}

/// Ids, with commas between them.
#[derive(Clone, Debug, Default)]
pub struct PersonIds(Vec<PersonId>);

impl<'de> Deserialize<'de> for PersonIds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let ids = text.split(',').map(str::parse).collect::<Result<_, _>>();
        ids.map(Self).map_err(|_| de::Error::custom("ids"))
    }
}

impl PartialSchema for PersonIds {
    fn schema() -> RefOr<Schema> {
        const ID: &str = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(36))
            .max_length(Some(739))
            .pattern(Some(format!("^{ID}(,{ID}){{0,19}}$")))
            .into()
    }
}
impl ToSchema for PersonIds {
    fn name() -> Cow<'static, str> {
        "PersonIds".into()
    }
}

const fn half_an_hour() -> u16 {
    30
}

/// What is looked for.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MomentsQuery {
    /// How long the conversation takes.
    #[serde(default = "half_an_hour")]
    #[schema(minimum = 5, maximum = 240, default = 30)]
    minutes: u16,
    /// From this day on; from today unless said.
    #[serde(default)]
    from: Option<NaiveDate>,
    /// Until this day, which is the same or later, within 31 days; two weeks unless said.
    #[serde(default)]
    until: Option<NaiveDate>,
    /// Who takes part besides student and responsible coach: ids with commas between them.
    #[serde(default)]
    participant_ids: Option<PersonIds>,
}

/// Moments at which a conversation can be.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MomentsView {
    /// The earliest first: the first 200 of them.
    #[schema(max_items = 200)]
    moments: Vec<MomentView>,
}

/// A moment at which all who take part are free.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MomentView {
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

const _: () = assert!(MOMENTS_AT_MOST == 200, "the schema of moments says so");

pub async fn find_moments(caller: Caller, At(id): At<StudentId>, Query(query): Query<MomentsQuery>) -> Outcome<MomentsView> {
    caller
        .read(move |reading| {
            let permit = super::student(reading, id, Action::ReadMoments)?;
            let named = query.participant_ids.clone().unwrap_or_default().0;
            let talks::Around { coach_id, strangers } = talks::around(reading, permit, id, &named)?;
            let mut findings = Findings::default();
            findings.note(!strangers.is_empty(), "?participantIds", ConversationFault::NotBound);
            findings.settle()?;
            let now = reading.now();
            let from = query.from.unwrap_or_else(|| date_at(now));
            let days = |date: NaiveDate, days| date.checked_add_days(Days::new(days)).unwrap_or(date);
            let until = query.until.unwrap_or_else(|| days(from, 13));
            let wish = Wish { minutes: query.minutes, from, until };
            let everyone: Vec<PersonId> = std::iter::once(id.person()).chain(coach_id).chain(named).collect();
            let diaries = rows::diaries(reading, permit, &everyone, start_of(from), start_of(days(until, 1)))?;
            let holidays = persistence::start_programme::holidays_around(reading, permit, from)?;
            let is_school_day = |date: NaiveDate| !holidays.iter().any(|holiday| holiday.contains(date));
            let found = moments(wish, &diaries, is_school_day, now)?;
            let length = TimeDelta::minutes(i64::from(query.minutes));
            let moment = |starts_at: DateTime<Utc>| MomentView { starts_at, ends_at: starts_at + length };
            Answer::ok(&MomentsView { moments: found.into_iter().map(moment).collect() })
        })
        .await
}
