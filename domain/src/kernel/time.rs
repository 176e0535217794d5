//! Instants are UTC to the microsecond; dates are civil dates in Europe/Amsterdam, where the school stands.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Amsterdam;
use serde::{Deserialize, Deserializer, de};

/// A moment, in UTC, to the microsecond: what both databases can hold.
pub type Instant = DateTime<Utc>;

/// This moment without what no database keeps; a leap second is the first of the next minute.
pub fn to_the_microsecond(moment: Instant) -> Instant {
    DateTime::from_timestamp_micros(moment.timestamp_micros()).unwrap_or(moment)
}

/// The moment that this text says (RFC 3339) as we keep it: to the microsecond, in a year of four digits. None where it says
/// none.
pub fn parse_instant(text: &str) -> Option<Instant> {
    let has_mark = text.as_bytes().get(10).is_some_and(|mark| mark.eq_ignore_ascii_case(&b'T'));
    let moment = DateTime::parse_from_rfc3339(text).ok().filter(|_| has_mark)?;
    Some(to_the_microsecond(moment.to_utc())).filter(|moment| (1000..=9999).contains(&moment.year()))
}

/// Reads a moment from a body as [`parse_instant`] does. For serde's `deserialize_with`, since a moment has no type of its own.
///
/// # Errors
/// Text that is no RFC 3339 date-time, or one of another year.
pub fn deserialize_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
    parse_instant(&String::deserialize(deserializer)?).ok_or_else(|| de::Error::custom("date-time"))
}

/// The same of a member that may be absent or null.
///
/// # Errors
/// As [`deserialize_instant`].
pub fn deserialize_optional_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    text.map(|text| parse_instant(&text).ok_or_else(|| de::Error::custom("date-time"))).transpose()
}

/// The moment at which this date begins at school.
pub fn start_of(date: NaiveDate) -> Instant {
    let midnight = date.and_time(NaiveTime::MIN);
    // The Netherlands changes its clocks at two and three in the morning: midnight always exists, once.
    Amsterdam.from_local_datetime(&midnight).earliest().map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
}

/// The moment at school so many minutes after midnight on this date. One that the clocks skip, or have twice, is the first
/// that there is.
pub fn minutes_into(date: NaiveDate, minutes: u32) -> Instant {
    let time = NaiveTime::from_num_seconds_from_midnight_opt(minutes * 60, 0).unwrap_or(NaiveTime::MIN);
    let local = date.and_time(time);
    Amsterdam.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |local| local.with_timezone(&Utc))
}

/// The date at school at this moment.
pub fn date_at(moment: Instant) -> NaiveDate {
    moment.with_timezone(&Amsterdam).date_naive()
}

/// What calendar and clock say at school at this moment.
pub fn clock_at(moment: Instant) -> NaiveDateTime {
    moment.with_timezone(&Amsterdam).naive_local()
}

/// The moment at which someone born on `birth_date` becomes `years` old. Who is born on 29 February has
/// a birthday on 1 March in other years (article 1:2 BW counts the day after).
pub fn birthday(birth_date: NaiveDate, years: u32) -> Instant {
    start_of(birthday_date(birth_date, years))
}

fn birthday_date(birth_date: NaiveDate, years: u32) -> NaiveDate {
    let year = birth_date.year() + i32::try_from(years).unwrap_or(i32::MAX / 4);
    birth_date
        .with_year(year)
        .or_else(|| {
            birth_date
                .checked_sub_days(Days::new(1))
                .and_then(|d| d.with_year(year))
                .and_then(|d| d.checked_add_days(Days::new(1)))
        })
        .unwrap_or(NaiveDate::MAX)
}

/// Whole years of age on a date; 0 before birth.
pub fn age_on(birth_date: NaiveDate, date: NaiveDate) -> u32 {
    (1..=150).take_while(|years| birthday_date(birth_date, *years) <= date).last().unwrap_or(0)
}

/// Is this date within two years of today at school, either way? Outside it someone mistyped a year.
pub fn is_near(date: NaiveDate, now: Instant) -> bool {
    const TWO_YEARS_IN_DAYS: i64 = 731;
    (date - date_at(now)).num_days().abs() <= TWO_YEARS_IN_DAYS
}

/// Can someone who orients on, applies to or attends this college have been born on this date? From 10 to
/// 120 years old: school visits begin in primary school, and there is no age at which one is too old to learn.
pub fn is_birth_date(birth_date: NaiveDate, now: Instant) -> bool {
    (10..=120).contains(&age_on(birth_date, date_at(now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_leap_day_child_has_its_birthday_on_the_first_of_march() {
        assert_eq!(age_on(date("2008-02-29"), date("2026-02-28")), 17);
        assert_eq!(age_on(date("2008-02-29"), date("2026-03-01")), 18);
        assert_eq!(age_on(date("2008-02-29"), date("2024-02-29")), 16);
    }

    #[test]
    fn a_leap_second_is_the_first_of_the_next_minute_and_no_year_has_five_digits() {
        let kept = parse_instant("2016-12-31T23:59:60.25Z").map(|moment| moment.to_rfc3339());
        assert_eq!(kept.as_deref(), Some("2017-01-01T00:00:00.250+00:00"));
        for none in
            ["9999-12-31T23:59:60Z", "9999-12-31T23:59:59-23:59", "0999-12-31T23:59:59Z", "2026-12-31 10:00:00Z", "2026-12-31"]
        {
            assert_eq!(parse_instant(none), None, "{none}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_in_amsterdam() {
        assert_eq!(start_of(date("2026-07-01")).to_rfc3339(), "2026-06-30T22:00:00+00:00");
        assert_eq!(start_of(date("2026-12-01")).to_rfc3339(), "2026-11-30T23:00:00+00:00");
        assert_eq!(date_at(start_of(date("2026-07-01"))), date("2026-07-01"));
    }
}
