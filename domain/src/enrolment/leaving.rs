//! Leaving (EN-5): what is recorded of a leaver, and what is computed from it.

use chrono::NaiveDate;

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

/// The age from which no one counts as an early school leaver.
const EARLY_UNTIL: u32 = 23;

/// Is it early school leaving (voortijdig schoolverlaten, VSV; EN-5)? In the sense of title 3 of chapter 8 of the
/// Adult and Vocational Education Act (WEB): someone under 23 who leaves education without a basic
/// qualification. Who goes on elsewhere in education does not leave it, and a switch is no leaving (EN-4).
pub fn is_early_school_leaving(birth_date: NaiveDate, leaving: &Leaving) -> bool {
    age_on(birth_date, leaving.left_on) < EARLY_UNTIL && !leaving.basic_qualification && !leaving.further_education
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn en_5_early_is_who_leaves_education_under_23_without_a_basic_qualification() {
        let birth_date: NaiveDate = "2004-03-10".parse().unwrap();
        for (left_on, basic_qualification, further_education, early) in [
            ("2026-10-01", false, false, true),
            ("2027-03-09", false, false, true),
            ("2027-03-10", false, false, false),
            ("2026-10-01", true, false, false),
            ("2026-10-01", false, true, false),
            ("2026-10-01", true, true, false),
        ] {
            let leaving = Leaving {
                left_on: left_on.parse().unwrap(),
                reason: Text::parse("een baan").unwrap(),
                destination: None,
                basic_qualification,
                further_education,
            };
            assert_eq!(is_early_school_leaving(birth_date, &leaving), early, "{leaving:?}");
        }
    }
}
