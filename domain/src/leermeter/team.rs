//! What may be told of a team's growth to who sees no single student.
//!
//! An average of few tells of them, and so does the difference between two averages of nearly the same students. So it is told only of
//! five students or more; only of rounds that are over, in months that are over, of who was in the team then; how many they were in
//! fives; and the average to a tenth of a step. Each rating stands in one cell, and no sum over cells is told: there is nothing
//! to subtract from.

use chrono::NaiveDate;

use super::RaterKind;
use super::growth::Scale;
use crate::kernel::CompetenceId;

/// So many students stand behind what is told.
pub const FEWEST: u32 = 5;

/// What one kind of rater said of a competence in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub competence_id: CompetenceId,
    /// Its first day.
    pub month: NaiveDate,
    pub rater_kind: RaterKind,
    /// How many students were given a level.
    pub students: u32,
    /// How often each level was given.
    pub levels: Vec<(u8, u32)>,
}

/// What is told of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// At least so many, a multiple of five.
    pub students: u32,
    /// In steps above the lowest level, to a tenth.
    pub mean: Option<f64>,
}

/// What is told of a cell; none where too few students stand behind it.
pub fn told(counted: &Counted, scale: &Scale) -> Option<Told> {
    let students = counted.students / FEWEST * FEWEST;
    if students == 0 {
        return None;
    }
    let given = counted.levels.iter().filter_map(|(level, times)| scale.step(*level).map(|step| (step, *times)));
    let (sum, times) = given
        .fold((0.0, 0.0), |(sum, all), (step, times)| (f64::from(step).mul_add(f64::from(times), sum), all + f64::from(times)));
    let mean = (times > 0.0).then(|| (sum / times * 10.0).round() / 10.0);
    Some(Told { students, mean })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leermeter::ScaleLevel;

    fn told_of(students: u32, levels: &[(u8, u32)]) -> Option<(u32, Option<f64>)> {
        let level = |level: u8| -> ScaleLevel {
            serde_json::from_value(serde_json::json!({ "level": level, "label": "x", "description": "y" })).unwrap()
        };
        let scale = Scale::of(&[level(1), level(2), level(4)]);
        let counted = Counted {
            competence_id: CompetenceId::in_order(),
            month: NaiveDate::default(),
            rater_kind: RaterKind::Coach,
            students,
            levels: levels.to_vec(),
        };
        told(&counted, &scale).map(|told| (told.students, told.mean))
    }

    #[test]
    fn lm_4_of_a_team_nothing_is_told_behind_which_fewer_than_five_students_stand() {
        assert_eq!(told_of(4, &[(1, 4)]), None);
        assert_eq!(told_of(0, &[]), None);
        assert_eq!(told_of(5, &[(1, 4), (4, 1)]), Some((5, Some(0.4))), "in steps, whatever the numbers");
    }

    #[test]
    fn lm_4_one_student_more_does_not_tell_what_that_student_was_given() {
        let before = told_of(21, &[(1, 10), (2, 11)]);
        assert_eq!(before, Some((20, Some(0.5))));
        for level in [1, 2] {
            assert_eq!(told_of(22, &[(1, 10 + u32::from(level == 1)), (2, 11 + u32::from(level == 2))]), before);
        }
    }
}
