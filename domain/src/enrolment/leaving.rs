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
    /// Holds a basic qualification (startkwalificatie): havo, vwo, or mbo from level 2.
    pub basic_qualification: bool,
    /// Goes on in education elsewhere.
    pub further_education: bool,
}

/// The ages at which someone can count as an early school leaver: from 12 until the twenty-third birthday.
const EARLY: std::ops::Range<u32> = 12..23;

/// The day and month on which the national count is taken.
const COUNTED_ON: (u32, u32) = (1, 10);

/// Is it early school leaving (voortijdig schoolverlaten, VSV; EN-5)?
///
/// As the ministry, DUO and Statistics Netherlands (CBS) count *new* early school leavers: who was in education on
/// 1 October, is not on the next, has no basic qualification by then, and is from 12 to 22 years old on that next
/// 1 October (which is being under 22 on the one before). So the birthday that matters is not the one before the last
/// day at school, and the day at school that is 1 October itself still counts for the next year. Who goes on elsewhere in
/// education does not leave it, and a switch is no leaving (EN-4).
///
/// Not to be taken for the age until which municipalities help: since the Act on school to lasting work (Wet van
/// school naar duurzaam werk, 1 January 2026) that is 27.
pub fn is_early_school_leaving(birth_date: NaiveDate, leaving: &Leaving) -> bool {
    EARLY.contains(&age_on(birth_date, counted_on(leaving.left_on))) && !leaving.basic_qualification && !leaving.further_education
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
            let birth_date: NaiveDate = birth_date.parse().unwrap();
            let leaving = Leaving {
                left_on: left_on.parse().unwrap(),
                reason: Text::parse("een baan").unwrap(),
                destination: None,
                basic_qualification,
                further_education,
            };
            assert_eq!(is_early_school_leaving(birth_date, &leaving), early, "{birth_date} {leaving:?}");
        }
    }
}
