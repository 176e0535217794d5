//! The school calendar: school years, holidays, and on which Mondays school weeks begin (SP-2).

use std::{fmt, iter::successors, str::FromStr};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::{
    ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::SchemaFormat, schema::Type},
};

use super::{StartProgrammeFault as F, WEEKS};
use crate::kernel::{Event, Findings, Refusal, SchoolCalendarId, Subject, Text, Told};

/// A school year, written `2026-2027`: from 1 August to 31 July.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchoolYear {
    begins: i32,
}

impl SchoolYear {
    /// The school year that is written so, or none: two years from 2000 up that follow one another.
    pub fn parse(text: &str) -> Option<Self> {
        let (begins, ends) = text.split_once('-')?;
        let year = |text: &str| {
            let written = text.len() == 4 && text.starts_with("20") && text.bytes().all(|byte| byte.is_ascii_digit());
            if written { text.parse::<i32>().ok() } else { None }
        };
        let (begins, ends) = (year(begins)?, year(ends)?);
        (begins + 1 == ends).then_some(Self { begins })
    }

    /// The school year that a date is in.
    pub fn of(date: NaiveDate) -> Self {
        Self { begins: if date.month() >= 8 { date.year() } else { date.year() - 1 } }
    }

    /// The school year that a date is in, with those before and after it: where school weeks around it can be.
    pub fn around(date: NaiveDate) -> [Self; 3] {
        let Self { begins } = Self::of(date);
        [begins - 1, begins, begins + 1].map(|begins| Self { begins })
    }

    /// Its first and its last day.
    pub fn days(self) -> (NaiveDate, NaiveDate) {
        let first_of_august = |year| NaiveDate::from_ymd_opt(year, 8, 1).unwrap_or(NaiveDate::MAX);
        (first_of_august(self.begins), first_of_august(self.begins + 1).pred_opt().unwrap_or(NaiveDate::MAX))
    }

    /// Is the date in this school year?
    pub fn contains(self, date: NaiveDate) -> bool {
        Self::of(date) == self
    }
}

impl fmt::Display for SchoolYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.begins, self.begins + 1)
    }
}
impl fmt::Debug for SchoolYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
/// The text is not a school year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASchoolYear;

impl FromStr for SchoolYear {
    type Err = NotASchoolYear;

    fn from_str(text: &str) -> Result<Self, NotASchoolYear> {
        Self::parse(text).ok_or(NotASchoolYear)
    }
}
impl Serialize for SchoolYear {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for SchoolYear {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("school year"))
    }
}
impl utoipa::PartialSchema for SchoolYear {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(9))
            .max_length(Some(9))
            .format(Some(SchemaFormat::Custom("school-year".to_owned())))
            .pattern(Some("^20[0-9]{2}-20[0-9]{2}$"))
            .description(Some("A school year, from 1 August to 31 July: 2026-2027."))
            .into()
    }
}
impl ToSchema for SchoolYear {}

/// Days on which there is no school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Holiday {
    /// What it is called.
    pub title: Text<200>,
    /// The first day without school.
    pub first_on: NaiveDate,
    /// The last day without school.
    pub last_on: NaiveDate,
}

impl Holiday {
    /// Is there no school on this date?
    pub fn contains(&self, date: NaiveDate) -> bool {
        (self.first_on..=self.last_on).contains(&date)
    }
}

/// The holidays of a school year, as they are laid down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSchoolCalendar {
    /// Within the school year, no two on the same day. One that runs over 31 July stands half in each year.
    #[schema(max_items = 60)]
    pub holidays: Vec<Holiday>,
}

/// The school calendar of one school year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolCalendar {
    pub id: SchoolCalendarId,
    pub version: i64,
    pub year: SchoolYear,
    pub holidays: Vec<Holiday>,
}

impl SchoolCalendar {
    /// Lays down the calendar of a school year.
    ///
    /// # Errors
    /// Everything that is wrong with its holidays.
    pub fn lay_down(id: SchoolCalendarId, year: SchoolYear, new: NewSchoolCalendar) -> Result<Told<Self>, Refusal> {
        check_holidays(year, &new.holidays)?;
        Ok(Self { id, version: 1, year, holidays: new.holidays }.told("laidDown"))
    }

    /// Replaces its holidays. Programmes that run keep the weeks that they began with.
    ///
    /// # Errors
    /// As [`SchoolCalendar::lay_down`].
    pub fn change(&self, new: NewSchoolCalendar) -> Result<Told<Self>, Refusal> {
        check_holidays(self.year, &new.holidays)?;
        Ok(Self { version: self.version + 1, holidays: new.holidays, ..self.clone() }.told("changed"))
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::SchoolCalendar, self.id, self.version, what).with("schoolYear", self.year.to_string());
        Told { thing: self, event }
    }
}

/// Every holiday that ends before it starts, is outside the year, or overlaps an earlier one in the list; and whether all of
/// them leave room for a start programme.
fn check_holidays(year: SchoolYear, holidays: &[Holiday]) -> Result<(), Refusal> {
    let mut findings = Findings::default();
    for (index, holiday) in holidays.iter().enumerate() {
        let outside = !year.contains(holiday.first_on) || !year.contains(holiday.last_on);
        let overlaps =
            holidays.iter().take(index).any(|other| other.first_on <= holiday.last_on && holiday.first_on <= other.last_on);
        findings
            .note(holiday.last_on < holiday.first_on, format!("/holidays/{index}/lastOn"), F::HolidayEndsBeforeStart)
            .note(outside, format!("/holidays/{index}"), F::HolidayOutsideYear)
            .note(overlaps, format!("/holidays/{index}"), F::HolidaysOverlap);
    }
    findings.note(school_weeks(year, holidays) < usize::from(WEEKS), "/holidays", F::TooFewSchoolWeeks);
    findings.settle()
}

/// From this many of the five school days on, a week is a holiday week: most of it is lost.
const HOLIDAY_WEEK_FROM: usize = 3;

/// How many school weeks the holidays leave of a school year.
fn school_weeks(year: SchoolYear, holidays: &[Holiday]) -> usize {
    let (first, last) = year.days();
    let mondays = first.iter_days().take_while(|date| *date <= last).filter(|date| date.weekday() == Weekday::Mon);
    mondays.filter(|monday| !is_holiday_week(*monday, holidays)).count()
}

/// The Mondays of the first `count` school weeks from `start` on (SP-2). The first is the week that `start` is
/// in, or the next one where that is a Saturday or Sunday; weeks of which at least three school days are
/// holidays are skipped.
pub fn weeks_from(start: NaiveDate, holidays: &[Holiday], count: usize) -> Vec<NaiveDate> {
    let mondays = successors(first_monday(start), |monday| monday.checked_add_days(Days::new(7)));
    mondays.filter(|monday| !is_holiday_week(*monday, holidays)).take(count).collect()
}

/// The Mondays of the last `count` school weeks before those of [`weeks_from`], earliest first.
pub fn weeks_before(start: NaiveDate, holidays: &[Holiday], count: usize) -> Vec<NaiveDate> {
    let mondays = successors(first_monday(start), |monday| monday.checked_sub_days(Days::new(7))).skip(1);
    let mut weeks: Vec<_> = mondays.filter(|monday| !is_holiday_week(*monday, holidays)).take(count).collect();
    weeks.reverse();
    weeks
}

fn first_monday(start: NaiveDate) -> Option<NaiveDate> {
    let monday = start.checked_sub_days(Days::new(start.weekday().num_days_from_monday().into()))?;
    match start.weekday() {
        Weekday::Sat | Weekday::Sun => monday.checked_add_days(Days::new(7)),
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => Some(monday),
    }
}

fn is_holiday_week(monday: NaiveDate, holidays: &[Holiday]) -> bool {
    let free = |day: &NaiveDate| holidays.iter().any(|holiday| holiday.contains(*day));
    monday.iter_days().take(5).filter(free).count() >= HOLIDAY_WEEK_FROM
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn holiday(first_on: &str, last_on: &str) -> Holiday {
        Holiday { title: Text::parse("vakantie").unwrap(), first_on: date(first_on), last_on: date(last_on) }
    }

    #[test]
    fn a_school_year_is_two_years_that_follow_one_another() {
        assert_eq!(SchoolYear::parse("2026-2027").map(|year| year.to_string()), Some("2026-2027".to_owned()));
        for wrong in ["2026-2028", "2027-2026", "2026-27", "2026/2027", "1926-1927", " 2026-2027", "+026-+027", ""] {
            assert_eq!(SchoolYear::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_school_year_begins_on_the_first_of_august() {
        assert_eq!(SchoolYear::of(date("2026-07-31")).to_string(), "2025-2026");
        let year = SchoolYear::of(date("2026-08-01"));
        assert_eq!((year.to_string().as_str(), year.days()), ("2026-2027", (date("2026-08-01"), date("2027-07-31"))));
    }

    #[test]
    fn sp_2_ten_weeks_from_the_end_of_august_skip_the_autumn_holiday() {
        let autumn = [holiday("2026-10-10", "2026-10-18")];
        let weeks = weeks_from(date("2026-08-31"), &autumn, 10);
        let expected = [
            "2026-08-31",
            "2026-09-07",
            "2026-09-14",
            "2026-09-21",
            "2026-09-28",
            "2026-10-05",
            "2026-10-19",
            "2026-10-26",
            "2026-11-02",
            "2026-11-09",
        ];
        assert_eq!(weeks, expected.map(date));
    }

    #[test]
    fn sp_2_a_student_who_starts_midweek_starts_in_that_week_and_one_who_starts_in_the_weekend_in_the_next() {
        for (start, monday) in [
            ("2026-08-31", "2026-08-31"),
            ("2026-09-02", "2026-08-31"),
            ("2026-09-04", "2026-08-31"),
            ("2026-09-05", "2026-09-07"),
            ("2026-09-06", "2026-09-07"),
        ] {
            assert_eq!(weeks_from(date(start), &[], 1), [date(monday)], "{start}");
        }
    }

    #[test]
    fn sp_2_a_week_with_two_days_off_is_a_school_week_and_one_with_three_is_not() {
        // Ascension Day and the Friday after it.
        assert_eq!(weeks_from(date("2027-05-03"), &[holiday("2027-05-06", "2027-05-07")], 1), [date("2027-05-03")]);
        assert_eq!(weeks_from(date("2027-05-03"), &[holiday("2027-05-05", "2027-05-07")], 1), [date("2027-05-10")]);
        let scattered = [holiday("2027-05-03", "2027-05-03"), holiday("2027-05-05", "2027-05-06")];
        assert_eq!(weeks_from(date("2027-05-03"), &scattered, 1), [date("2027-05-10")]);
    }

    #[test]
    fn sp_2_school_weeks_are_mondays_in_order_that_no_holiday_takes_whatever_the_start() {
        let holidays =
            [holiday("2026-10-10", "2026-10-18"), holiday("2026-12-19", "2027-01-03"), holiday("2027-02-20", "2027-02-28")];
        for start in date("2026-08-01").iter_days().take(365) {
            let weeks = weeks_from(start, &holidays, 10);
            let before = weeks_before(start, &holidays, 10);
            assert_eq!((weeks.len(), before.len()), (10, 10), "{start}");
            let all: Vec<_> = before.into_iter().chain(weeks).collect();
            assert!(all.iter().is_sorted_by(|earlier, later| earlier < later), "{start}");
            for monday in all {
                assert_eq!(monday.weekday(), Weekday::Mon, "{start}");
                assert!(!is_holiday_week(monday, &holidays), "{start}");
            }
        }
    }

    #[test]
    fn sp_2_a_school_year_has_room_for_a_start_programme_beside_its_holidays() {
        let year = SchoolYear::parse("2026-2027").unwrap();
        let refused = Err(Refusal::Findings(vec![F::TooFewSchoolWeeks.at("/holidays")]));
        assert_eq!(check_holidays(year, &[holiday("2026-08-01", "2027-07-31")]), refused);
        // The tenth school week begins on 5 October.
        assert_eq!(check_holidays(year, &[holiday("2026-10-05", "2027-07-31")]), refused);
        assert_eq!(check_holidays(year, &[holiday("2026-10-12", "2027-07-31")]), Ok(()));
    }

    #[test]
    fn every_wrong_holiday_is_found_at_once() {
        let year = SchoolYear::parse("2026-2027").unwrap();
        let right = [holiday("2026-10-10", "2026-10-18"), holiday("2026-12-19", "2027-01-03")];
        assert_eq!(check_holidays(year, &right), Ok(()));
        let wrong =
            [holiday("2026-10-18", "2026-10-10"), holiday("2027-07-20", "2027-08-20"), holiday("2027-07-25", "2027-07-26")];
        let found = vec![
            F::HolidayEndsBeforeStart.at("/holidays/0/lastOn"),
            F::HolidayOutsideYear.at("/holidays/1"),
            F::HolidaysOverlap.at("/holidays/2"),
        ];
        assert_eq!(check_holidays(year, &wrong), Err(Refusal::Findings(found)));
    }
}
