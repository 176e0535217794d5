//! School calendars, one for each school year.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{SchoolCalendarId, Told};
use domain::start_programme::{Holiday, SchoolCalendar, SchoolYear};

use super::school_year;
use crate::columns::{Json, bind};
use crate::page::{Listed, Page};
use crate::schema::school_calendars;
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

type CalendarRow = (SchoolCalendarId, i64, String, Json<Vec<Holiday>>);

fn calendar((id, version, year, Json(holidays)): CalendarRow) -> Result<SchoolCalendar, Trouble> {
    Ok(SchoolCalendar { id, version, year: school_year(&year)?, holidays })
}

/// The calendar of a school year.
///
/// # Errors
/// Only what the database ends in.
pub fn find_calendar(reading: &mut Reading<'_>, _permit: Permit, year: SchoolYear) -> Result<Option<SchoolCalendar>, Trouble> {
    let found = reading.first(school_calendars::table.filter(school_calendars::school_year.eq(year.to_string())).select((
        school_calendars::id,
        school_calendars::version,
        school_calendars::school_year,
        school_calendars::holidays,
    )))?;
    found.map(calendar).transpose()
}

/// Calendars by school year.
///
/// # Errors
/// Only what the database ends in.
pub fn list_calendars(
    reading: &mut Reading<'_>,
    _permit: Permit,
    page: &Page<SchoolYear>,
) -> Result<Listed<SchoolCalendar>, Trouble> {
    let after = page.after.map_or_else(String::new, |year| year.to_string());
    let total = reading.total(page, school_calendars::table.select(school_calendars::id))?;
    let rows: Vec<CalendarRow> = reading.load(
        school_calendars::table
            .filter(school_calendars::school_year.gt(after))
            .order(school_calendars::school_year)
            .limit(page.rows_to_read())
            .select((school_calendars::id, school_calendars::version, school_calendars::school_year, school_calendars::holidays)),
    )?;
    Listed { rows, total }.try_map(calendar)
}

/// The holidays of the school year that a date is in and of those beside it; none of a year without a calendar.
///
/// # Errors
/// Only what the database ends in.
pub fn holidays_around(reading: &mut Reading<'_>, _permit: Permit, date: NaiveDate) -> Result<Vec<Holiday>, Trouble> {
    let years = SchoolYear::around(date).map(|year| year.to_string());
    let [before, of_date, after] = years;
    let is_near = school_calendars::school_year
        .eq(before)
        .or(school_calendars::school_year.eq(of_date))
        .or(school_calendars::school_year.eq(after));
    let found: Vec<Json<Vec<Holiday>>> =
        reading.load(school_calendars::table.filter(is_near).select(school_calendars::holidays))?;
    Ok(found.into_iter().flat_map(|Json(holidays)| holidays).collect())
}

/// # Errors
/// [`Trouble::Overtaken`] where the year got a calendar meanwhile.
pub fn insert_calendar(writing: &mut Writing<'_>, permit: Permit, new: &Told<SchoolCalendar>) -> Result<(), Trouble> {
    let calendar = &new.thing;
    let inserted = writing.tell(permit, new.event.clone()).execute(diesel::insert_into(school_calendars::table).values((
        school_calendars::id.eq(bind(calendar.id)),
        school_calendars::school_year.eq(calendar.year.to_string()),
        school_calendars::holidays.eq(bind(Json(calendar.holidays.clone()))),
        school_calendars::version.eq(calendar.version),
    )));
    inserted.map(drop).map_err(|trouble| if trouble.is_duplicate() { Trouble::Overtaken } else { trouble })
}

/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_calendar(writing: &mut Writing<'_>, permit: Permit, changed: &Told<SchoolCalendar>) -> Result<(), Trouble> {
    let calendar = &changed.thing;
    let before = school_calendars::table.find(bind(calendar.id)).filter(school_calendars::version.eq(calendar.version - 1));
    writing.tell(permit, changed.event.clone()).change_one(diesel::update(before).set((
        school_calendars::holidays.eq(bind(Json(calendar.holidays.clone()))),
        school_calendars::version.eq(calendar.version),
    )))
}
