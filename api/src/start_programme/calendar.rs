//! School calendars: the days without school, by which the weeks of start programmes are laid down (SP-2).

use domain::access::{Action, Unit};
use domain::kernel::{KernelFault, SchoolCalendarId};
use domain::start_programme::{Holiday, NewSchoolCalendar, SchoolCalendar, SchoolYear};
use persistence::start_programme as rows;
use serde::Serialize;
use serde_json::Value;
use utoipa::{PartialSchema, ToSchema};

use crate::http::description::PathPart;
use crate::http::{Answer, At, Body, Caller, Everything, IfMatch, List, Listing, Outcome, Problem};

impl PathPart for SchoolYear {
    fn schemas() -> Vec<Value> {
        vec![serde_json::to_value(<Self as PartialSchema>::schema()).unwrap_or_default()]
    }
}

/// The school calendar of one school year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchoolCalendarView {
    id: SchoolCalendarId,
    school_year: SchoolYear,
    version: i64,
    /// Weeks of which they take at least three school days are skipped.
    #[schema(max_items = 60)]
    holidays: Vec<Holiday>,
}

impl From<SchoolCalendar> for SchoolCalendarView {
    fn from(calendar: SchoolCalendar) -> Self {
        let SchoolCalendar { id, version, year, holidays } = calendar;
        Self { id, school_year: year, version, holidays }
    }
}

pub async fn list(caller: Caller, list: List<Everything>) -> Result<Listing<SchoolCalendarView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadSchoolCalendar, Unit::Institution)?;
            let calendars = rows::list_calendars(reading, permit, &page)?;
            Answer::page(calendars, &page, |calendar| calendar.year, |calendar| Ok(calendar.into())).map(Answer::revalidate)
        })
        .await
}

pub async fn get(caller: Caller, At(year): At<SchoolYear>) -> Outcome<SchoolCalendarView> {
    caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadSchoolCalendar, Unit::Institution)?;
            let calendar = rows::find_calendar(reading, permit, year)?.ok_or(KernelFault::Absent)?;
            let version = calendar.version;
            Answer::at_version(&SchoolCalendarView::from(calendar), version).map(Answer::revalidate)
        })
        .await
}

pub async fn replace(
    caller: Caller,
    At(year): At<SchoolYear>,
    version: IfMatch,
    Body(new): Body<NewSchoolCalendar>,
) -> Outcome<SchoolCalendarView> {
    caller
        .change(move |writing| {
            let permit = writing.actor().permit(Action::UpdateSchoolCalendar, Unit::Institution)?;
            let before = rows::find_calendar(writing, permit, year)?;
            version.check_or_first(before.as_ref().map(|before| before.version))?;
            match before {
                Some(before) => {
                    let changed = before.change(new.clone())?;
                    if changed.thing.holidays == before.holidays {
                        let version = before.version;
                        return Answer::at_version(&SchoolCalendarView::from(before), version);
                    }
                    rows::update_calendar(writing, permit, &changed)?;
                    super::reschedule(writing, permit)?;
                    let version = changed.thing.version;
                    Answer::at_version(&SchoolCalendarView::from(changed.thing), version)
                }
                None => {
                    let made = SchoolCalendar::lay_down(SchoolCalendarId::in_order(), year, new.clone())?;
                    rows::insert_calendar(writing, permit, &made)?;
                    super::reschedule(writing, permit)?;
                    let version = made.thing.version;
                    Answer::created(&format!("/school-calendars/{year}"), &SchoolCalendarView::from(made.thing), version)
                }
            }
        })
        .await
}
