//! Leaving (EN-5): what is recorded of a leaver, and what is computed from it.

use chrono::{Datelike, NaiveDate};

use crate::kernel::{Text, time::age_on};

/// What is recorded of who leaves (EN-5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The last day at school.
    pub left_on: NaiveDate,
    pub reason: Text<4000>,
    /// What the leaver goes on to, in words; none where nobody said.
    pub destination: Option<Text<200>>,
    /// Holds a basic qualification (startkwalificatie): havo, vwo, or mbo from level 2; none as long as it is unknown.
    pub basic_qualification: Option<bool>,
    /// Goes on in education elsewhere.
    pub further_education: bool,
}

/// The ages at which someone can count as an early school leaver: from 12 until the twenty-third birthday.
const EARLY: std::ops::Range<u32> = 12..23;

/// The day and month on which the national count is taken.
const COUNTED_ON: (u32, u32) = (1, 10);

/// What is corrected of a leaving; what is not said stays (EN-5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeavingCorrection {
    pub left_on: Option<NaiveDate>,
    pub reason: Option<Text<4000>>,
    pub destination: Option<Text<200>>,
    pub basic_qualification: Option<bool>,
    pub further_education: Option<bool>,
}

impl LeavingCorrection {
    /// Says nothing at all.
    pub const fn is_empty(&self) -> bool {
        let Self { left_on, reason, destination, basic_qualification, further_education } = self;
        left_on.is_none()
            && reason.is_none()
            && destination.is_none()
            && basic_qualification.is_none()
            && further_education.is_none()
    }
}

impl Leaving {
    /// The same, corrected.
    #[must_use]
    pub fn corrected(self, correction: LeavingCorrection) -> Self {
        Self {
            left_on: correction.left_on.unwrap_or(self.left_on),
            reason: correction.reason.unwrap_or(self.reason),
            destination: correction.destination.or(self.destination),
            basic_qualification: correction.basic_qualification.or(self.basic_qualification),
            further_education: correction.further_education.unwrap_or(self.further_education),
        }
    }
}

/// Is it early school leaving (voortijdig schoolverlaten, VSV; EN-5)? None as long as that is not known: the birth date or
/// the basic qualification is unknown, and nothing else says no.
///
/// As the ministry, DUO and Statistics Netherlands (CBS) count *new* early school leavers: who was in education on
/// 1 October, is not on the next, has no basic qualification by then, and is from 12 to 22 years old on that next
/// 1 October (which is being under 22 on the one before). So the birthday that matters is not the one before the last
/// day at school, and the day at school that is 1 October itself still counts for the next year. Who goes on elsewhere in
/// education does not leave it, and a switch is no leaving (EN-4).
///
/// Not to be taken for the age until which municipalities help: since the Act on school to lasting work (Wet van
/// school naar duurzaam werk, 1 January 2026) that is 27.
pub fn is_early_school_leaving(birth_date: Option<NaiveDate>, leaving: &Leaving) -> Option<bool> {
    let of_age = birth_date.map(|birth_date| EARLY.contains(&age_on(birth_date, counted_on(leaving.left_on))));
    let unqualified = leaving.basic_qualification.map(|held| !held);
    let conditions = [of_age, unqualified, Some(!leaving.further_education)];
    if conditions.contains(&Some(false)) { Some(false) } else { conditions.iter().all(Option::is_some).then_some(true) }
}

/// The first 1 October after the last day at school.
fn counted_on(left_on: NaiveDate) -> NaiveDate {
    let (day, month) = COUNTED_ON;
    let of = |year| NaiveDate::from_ymd_opt(year, month, day);
    let this_year = of(left_on.year()).filter(|counted_on| left_on < *counted_on);
    this_year.or_else(|| of(left_on.year() + 1)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaving(left_on: &str, basic_qualification: Option<bool>, further_education: bool) -> Leaving {
        let reason = Text::parse("een baan").unwrap();
        Leaving { left_on: left_on.parse().unwrap(), reason, destination: None, basic_qualification, further_education }
    }

    #[test]
    fn en_5_early_is_who_is_under_23_and_out_of_education_on_1_october_without_a_basic_qualification() {
        for (birth_date, left_on, basic_qualification, further_education, early) in [
            ("2004-03-10", "2026-09-30", false, false, true),
            // On 1 October itself still a student: the next one counts, and by then it is the twenty-third birthday.
            ("2004-03-10", "2026-10-01", false, false, false),
            ("2004-03-10", "2027-03-09", false, false, false),
            ("2003-10-01", "2025-11-01", false, false, false),
            ("2003-10-02", "2025-11-01", false, false, true),
            ("2003-10-02", "2026-09-30", false, false, true),
            ("2014-10-01", "2026-09-30", false, false, true),
            ("2014-10-02", "2026-09-30", false, false, false),
            ("2008-03-10", "2026-11-01", false, false, true),
            ("2008-03-10", "2026-11-01", true, false, false),
            ("2008-03-10", "2026-11-01", false, true, false),
            ("2008-03-10", "2026-11-01", true, true, false),
        ] {
            let leaving = leaving(left_on, Some(basic_qualification), further_education);
            let classed = is_early_school_leaving(birth_date.parse().ok(), &leaving);
            assert_eq!(classed, Some(early), "{birth_date} {leaving:?}");
        }
    }

    #[test]
    fn en_5_what_is_not_known_of_a_leaver_is_not_assumed() {
        let (young, old) = ("2008-03-10".parse().ok(), "1998-03-10".parse().ok());
        for (birth_date, basic_qualification, further_education, early) in [
            (young, None, false, None),
            (young, None, true, Some(false)),
            (old, None, false, Some(false)),
            (None, Some(false), false, None),
            (None, Some(true), false, Some(false)),
            (None, None, false, None),
        ] {
            let leaving = leaving("2026-11-01", basic_qualification, further_education);
            assert_eq!(is_early_school_leaving(birth_date, &leaving), early, "{birth_date:?} {leaving:?}");
        }
    }
}
