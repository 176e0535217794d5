//! When people are free for conversations (CV-3): the hours that someone keeps for them every week, and the moments at which all
//! who take part in one are free. A moment tells nothing of what anyone does at another.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

use super::ConversationFault as F;
use crate::kernel::time::minutes_into;
use crate::kernel::{Findings, Instant, Refusal};

/// How many moments are told at once.
pub const MOMENTS_AT_MOST: usize = 200;
/// How many days are looked through at once.
const DAYS_AT_MOST: i64 = 31;
/// A conversation begins at a quarter of an hour.
const STEP: u32 = 15;
/// When conversations are held where nobody says when: from half past eight until five.
const SCHOOL_HOURS: (u32, u32) = (8 * 60 + 30, 17 * 60);

crate::words! {
    /// A day of the week on which there is school.
    pub enum Weekday {
        Monday = "monday",
        Tuesday = "tuesday",
        Wednesday = "wednesday",
        Thursday = "thursday",
        Friday = "friday",
    }
}

impl Weekday {
    /// The school day that this date is; none at the weekend.
    fn of(date: NaiveDate) -> Option<Self> {
        match date.weekday() {
            chrono::Weekday::Mon => Some(Self::Monday),
            chrono::Weekday::Tue => Some(Self::Tuesday),
            chrono::Weekday::Wed => Some(Self::Wednesday),
            chrono::Weekday::Thu => Some(Self::Thursday),
            chrono::Weekday::Fri => Some(Self::Friday),
            chrono::Weekday::Sat | chrono::Weekday::Sun => None,
        }
    }
}

/// A time of the day at school, to the minute: `09:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockTime(u16);

impl ClockTime {
    /// The time that this text says, or none.
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let (hours, minutes): (u16, u16) = match digits(hours) && digits(minutes) {
            true => (hours.parse().ok()?, minutes.parse().ok()?),
            false => return None,
        };
        (hours < 24 && minutes < 60).then_some(Self(hours * 60 + minutes))
    }

    const fn minutes(self) -> u32 {
        self.0 as u32
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("time"))
    }
}

impl utoipa::PartialSchema for ClockTime {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(5))
            .max_length(Some(5))
            .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$"))
            .into()
    }
}
impl ToSchema for ClockTime {}

/// Hours that someone keeps for conversations, every week in which there is school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Slot {
    pub weekday: Weekday,
    /// School time (Europe/Amsterdam).
    pub from: ClockTime,
    /// The same; later than `from`.
    pub until: ClockTime,
}

/// When someone is free for conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAvailability {
    /// Empty: never.
    #[schema(max_items = 50)]
    pub slots: Vec<Slot>,
}

impl NewAvailability {
    /// # Errors
    /// Every slot that ends before it begins, or overlaps an earlier one.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut findings = Findings::default();
        for (place, slot) in self.slots.iter().enumerate() {
            let overlaps = |other: &Slot| other.weekday == slot.weekday && other.from < slot.until && slot.from < other.until;
            findings.note(slot.until <= slot.from, format!("/slots/{place}/until"), F::SlotsWrong).note(
                self.slots.iter().take(place).any(overlaps),
                format!("/slots/{place}"),
                F::SlotsOverlap,
            );
        }
        findings.settle()
    }
}

/// From the first moment until just before the second someone is not free.
pub type Busy = (Instant, Instant);

/// When someone is free and when not.
#[derive(Clone, Debug, Default)]
pub struct Diary {
    /// None of who did not say.
    pub slots: Option<Vec<Slot>>,
    pub busy: Vec<Busy>,
}

/// What is looked for: moments for so many minutes on these days, the last included.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub minutes: u16,
    pub from: NaiveDate,
    pub until: NaiveDate,
}

/// The moments at which all of these are free, the earliest first, at most [`MOMENTS_AT_MOST`]: ahead, on school days, inside the
/// hours of those who said theirs and else within school hours, and at no conversation that any of them has.
///
/// # Errors
/// Everything that is wrong with what is looked for.
pub fn moments(
    wish: Wish,
    diaries: &[Diary],
    is_school_day: impl Fn(NaiveDate) -> bool,
    now: Instant,
) -> Result<Vec<Instant>, Refusal> {
    let days = (wish.until - wish.from).num_days();
    let mut findings = Findings::default();
    findings.note(!(0..=DAYS_AT_MOST).contains(&days), "?until", F::PeriodOutOfRange).note(
        !super::MINUTES.contains(&wish.minutes),
        "?minutes",
        F::MinutesOutOfRange,
    );
    findings.settle()?;
    let length = TimeDelta::minutes(i64::from(wish.minutes));
    let free = |begins: &Instant| {
        let ends = *begins + length;
        *begins > now && diaries.iter().flat_map(|diary| &diary.busy).all(|(from, until)| *until <= *begins || *from >= ends)
    };
    let dates = (0..=days.unsigned_abs()).filter_map(|days| wish.from.checked_add_days(Days::new(days)));
    let found = dates.filter(|date| is_school_day(*date)).flat_map(|date| {
        let hours = hours_on(date, diaries).into_iter();
        let begins = hours.flat_map(|(from, until)| {
            let last = until.saturating_sub(u32::from(wish.minutes));
            let first = from.next_multiple_of(STEP);
            (first..=last).step_by(STEP as usize).filter(move |minute| *minute + u32::from(wish.minutes) <= until)
        });
        begins.map(|minute| minutes_into(date, minute)).collect::<Vec<_>>()
    });
    Ok(found.filter(free).take(MOMENTS_AT_MOST).collect())
}

/// The hours of a day, in minutes since midnight, that all keep who said which they keep.
fn hours_on(date: NaiveDate, diaries: &[Diary]) -> Vec<(u32, u32)> {
    let Some(weekday) = Weekday::of(date) else { return Vec::new() };
    let kept = diaries.iter().filter_map(|diary| diary.slots.as_ref()).map(|slots| {
        let of_day = slots.iter().filter(|slot| slot.weekday == weekday);
        of_day.map(|slot| (slot.from.minutes(), slot.until.minutes())).collect::<Vec<_>>()
    });
    let in_all = |one: Vec<(u32, u32)>, other: Vec<(u32, u32)>| -> Vec<(u32, u32)> {
        let both = one.iter().flat_map(|(from, until)| other.iter().map(move |(a, b)| (*from.max(a), *until.min(b))));
        both.filter(|(from, until)| from < until).collect()
    };
    let mut hours = kept.reduce(in_all).unwrap_or_else(|| vec![SCHOOL_HOURS]);
    hours.sort_unstable();
    hours
}
