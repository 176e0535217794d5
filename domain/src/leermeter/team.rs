//! What may be told of a team's growth to who sees no single student in it.
//!
//! An average of few tells of them, and so does the difference between two averages of nearly the same students. So it is told only of
//! five students or more; how many they were in fives; and the average to a tenth of a step. And what is told of a month never changes
//! again: a rating counts in the month in which its round first ended after it was given, and only months that are over are told. So
//! nobody reads the same month twice and sees one student come in between. Each rating stands in one cell, and no sum over cells is told:
//! there is nothing to subtract from.

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::RaterKind;
use super::growth::Scale;
use crate::kernel::time::date_at;
use crate::kernel::{CompetenceId, Instant, StudentId};

/// So many students stand behind what is told.
pub const FEWEST: u32 = 5;

/// A rating as a team's growth reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRated {
    pub competence_id: CompetenceId,
    /// In which it counts: see [`month_of`].
    pub month: NaiveDate,
    pub rater_kind: RaterKind,
    pub student_id: StudentId,
    /// Who it was: the same in every round of the student.
    pub rater: Uuid,
    /// None where it was not seen.
    pub level: Option<u8>,
    pub at: Instant,
    /// Of the ratings of one rater on one competence in one round, the highest is the newest.
    pub number: i32,
}

/// What is told of one competence, month and kind of rater.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub competence_id: CompetenceId,
    /// Its first day.
    pub month: NaiveDate,
    pub rater_kind: RaterKind,
    /// At least so many students were given a level: a multiple of five.
    pub students: u32,
    /// In steps above the lowest level, to a tenth.
    pub mean: f64,
}

/// An end of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    at: Instant,
    /// The first day of the month at school.
    month: NaiveDate,
}

impl End {
    pub fn at(at: Instant) -> Self {
        let day = date_at(at);
        Self { at, month: day.with_day(1).unwrap_or(day) }
    }
}

/// The month in which a rating counts: that of the first end of its round at which it was there. None where the round did not end
/// since. `ends` are all ends that the round had, in any order.
pub fn month_of(rated_at: Instant, ends: &[End]) -> Option<NaiveDate> {
    ends.iter().filter(|end| rated_at <= end.at).min_by_key(|end| end.at).map(|end| end.month)
}

/// What is told of these ratings, by competence, month and kind of rater. Of each rater the newest on a student counts, where it is a
/// level; each student counts once, by the mean of their raters; and where fewer than five students were given a level, nothing is told.
pub fn told(mut rated: Vec<TeamRated>, scale: &Scale) -> Vec<Cell> {
    let cell = |one: &TeamRated| (one.competence_id, one.month, one.rater_kind);
    rated.sort_by_key(|one| (cell(one), one.student_id, one.rater, one.at, one.number));
    rated.chunk_by(|one, next| cell(one) == cell(next)).filter_map(|of_cell| told_of(of_cell, scale)).collect()
}

/// `rated` is of one cell, in the order of [`told`].
fn told_of(rated: &[TeamRated], scale: &Scale) -> Option<Cell> {
    let newest = |of_rater: &[TeamRated]| of_rater.last().and_then(|one| one.level).and_then(|level| scale.step(level));
    let of_student = |of_student: &[TeamRated]| {
        mean(of_student.chunk_by(|one, next| one.rater == next.rater).filter_map(newest).map(f64::from))
    };
    let students: Vec<f64> = rated.chunk_by(|one, next| one.student_id == next.student_id).filter_map(of_student).collect();
    let many = u32::try_from(students.len()).unwrap_or(u32::MAX) / FEWEST * FEWEST;
    let mean = mean(students.into_iter()).filter(|_| many > 0)?;
    let TeamRated { competence_id, month, rater_kind, .. } = *rated.first()?;
    Some(Cell { competence_id, month, rater_kind, students: many, mean: (mean * 10.0).round() / 10.0 })
}

fn mean(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, many) = numbers.fold((0.0, 0.0), |(sum, many), number| (sum + number, many + 1.0));
    (many > 0.0).then(|| sum / many)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::leermeter::ScaleLevel;

    fn moment(text: &str) -> Instant {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    /// What this rater said of this student, in this order.
    fn rated(student: u128, rater: u128, number: i32, level: Option<u8>) -> TeamRated {
        TeamRated {
            competence_id: CompetenceId::from_uuid(Uuid::from_u128(7)),
            month: NaiveDate::default(),
            rater_kind: RaterKind::Teacher,
            student_id: StudentId::from_uuid(Uuid::from_u128(student)),
            rater: Uuid::from_u128(rater),
            level,
            at: DateTime::default(),
            number,
        }
    }

    fn told_of(rated: Vec<TeamRated>) -> Vec<(u32, f64)> {
        let level = |level: u8| -> ScaleLevel {
            serde_json::from_value(serde_json::json!({ "level": level, "label": "x", "description": "y" })).unwrap()
        };
        let scale = Scale::of(&[level(1), level(2), level(4)]);
        told(rated, &scale).into_iter().map(|cell| (cell.students, cell.mean)).collect()
    }

    #[test]
    fn lm_4_of_a_team_nothing_is_told_behind_which_fewer_than_five_students_stand() {
        let four = || (1..=4).map(|student| rated(student, 1, 1, Some(1)));
        assert_eq!(told_of(Vec::new()), []);
        assert_eq!(told_of(four().chain([rated(4, 2, 1, Some(2)), rated(5, 1, 1, None)]).collect()), []);
        let five = four().chain([rated(5, 1, 1, Some(4))]).collect();
        assert_eq!(told_of(five), [(5, 0.4)], "in steps, whatever the numbers");
    }

    #[test]
    fn lm_4_in_the_average_of_a_team_each_student_weighs_the_same_and_each_rater_counts_by_the_newest() {
        let four = || (1..=4).map(|student| rated(student, 1, 1, Some(1)));
        let by_many = (1..=20).map(|rater| rated(5, rater, 1, Some(4)));
        assert_eq!(told_of(four().chain(by_many).collect()), [(5, 0.4)], "twenty raters of one student are one student");
        let by_two = four().chain([rated(5, 1, 1, Some(4)), rated(5, 2, 1, Some(1))]).collect();
        assert_eq!(told_of(by_two), [(5, 0.2)], "of whom the mean counts");
        let newer = four().chain([rated(5, 1, 2, Some(1)), rated(5, 1, 1, Some(4))]).collect();
        assert_eq!(told_of(newer), [(5, 0.0)]);
        let unseen = four().chain([rated(5, 1, 1, Some(4)), rated(5, 1, 2, None)]).collect();
        assert_eq!(told_of(unseen), []);
    }

    #[test]
    fn lm_4_one_student_more_does_not_tell_what_that_student_was_given() {
        let team = |more: Option<u8>| {
            let of = |student: u128, level| rated(student, 1, 1, Some(level));
            (1..=10).map(|n| of(n, 1)).chain((11..=21).map(|n| of(n, 2))).chain(more.map(|level| of(22, level))).collect()
        };
        let before = told_of(team(None));
        assert_eq!(before, [(20, 0.5)]);
        for level in [1, 2] {
            assert_eq!(told_of(team(Some(level))), before);
        }
    }

    #[test]
    fn lm_4_a_rating_counts_in_the_month_in_which_its_round_first_ended_after_it() {
        let [march, june] = ["2026-03-31T21:59:59Z", "2026-06-10T10:00:00Z"].map(moment);
        let month = |text: &str| month_of(moment(text), &[june, march].map(End::at)).map(|day| day.to_string());
        assert_eq!(month("2026-03-01T08:00:00Z").as_deref(), Some("2026-03-01"));
        assert_eq!(month("2026-05-01T08:00:00Z").as_deref(), Some("2026-06-01"), "given after it was opened again");
        assert_eq!(month("2026-07-01T08:00:00Z"), None, "the round did not end since");
        let at_school = month_of(march, &[End::at(moment("2026-03-31T22:00:00Z"))]).map(|day| day.to_string());
        assert_eq!(at_school.as_deref(), Some("2026-04-01"), "by the date at school");
    }
}
