//! Days in words, in Dutch and in English, as papers and letters say them.

use chrono::{Datelike, NaiveDate};
use domain::organisation::Language;

const MONTHS: [[&str; 2]; 12] = [
    ["januari", "January"],
    ["februari", "February"],
    ["maart", "March"],
    ["april", "April"],
    ["mei", "May"],
    ["juni", "June"],
    ["juli", "July"],
    ["augustus", "August"],
    ["september", "September"],
    ["oktober", "October"],
    ["november", "November"],
    ["december", "December"],
];

/// A day with its month in words and its year: `4 maart 2026`.
pub fn in_words(day: NaiveDate, language: Language) -> String {
    let [dutch, english] = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
    let month = match language {
        Language::Dutch => dutch,
        Language::English => english,
    };
    format!("{} {month} {}", day.day(), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_told_as_people_say_it() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        assert_eq!(in_words(day(3, 4), Language::Dutch), "4 maart 2026");
        assert_eq!(in_words(day(3, 4), Language::English), "4 March 2026");
        assert_eq!(in_words(day(12, 31), Language::Dutch), "31 december 2026");
    }
}
