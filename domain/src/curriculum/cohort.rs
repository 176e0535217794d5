//! By which edition someone finishes (CU-1, CU-5): that of the cohort they began in. One crebo can stand in several dossiers; then
//! which one is meant cannot be known, and none of them is taken for it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::kernel::QualificationId;

/// A qualification as one edition of one dossier has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionOf {
    pub id: QualificationId,
    /// Which dossier it is; its editions share it.
    pub dossier_number: i64,
    /// Tells editions of one dossier apart, in order.
    pub edition: String,
    /// From when on its crebo is valid.
    pub valid_from: NaiveDate,
}

/// The days on which those begin who finish by one edition: from the first, and before the last; none where there is no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CohortDays {
    pub from: Option<NaiveDate>,
    pub before: Option<NaiveDate>,
}

impl CohortDays {
    /// Does someone who begins on this day finish by that edition?
    pub fn has(self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.before.is_none_or(|before| day < before)
    }
}

/// The editions with one crebo, each with the days on which its students begin: of every dossier each edition from when it is
/// valid until the next one is, and the first also before that.
pub fn cohorts(editions: &[EditionOf]) -> Vec<(QualificationId, CohortDays)> {
    let mut of_dossier: BTreeMap<i64, Vec<&EditionOf>> = BTreeMap::new();
    for edition in editions {
        of_dossier.entry(edition.dossier_number).or_default().push(edition);
    }
    let mut cohorts = Vec::new();
    for mut editions in of_dossier.into_values() {
        editions.sort_by_key(|edition| (edition.valid_from, &edition.edition));
        for (place, edition) in editions.iter().enumerate() {
            let from = (place > 0).then_some(edition.valid_from);
            let before = editions.get(place + 1).map(|next| next.valid_from);
            cohorts.push((edition.id, CohortDays { from, before }));
        }
    }
    cohorts
}

/// The editions by which someone who begins on this day may finish: one, none where no dossier is here, or several where
/// the crebo stands in several dossiers.
pub fn of_cohort(editions: &[EditionOf], begins_on: NaiveDate) -> Vec<QualificationId> {
    cohorts(editions).into_iter().filter(|(_, days)| days.has(begins_on)).map(|(id, _)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Id;

    fn edition(id: u128, dossier_number: i64, edition: &str, valid_from: &str) -> EditionOf {
        let id = Id::from_uuid(uuid::Uuid::from_u128(id));
        EditionOf { id, dossier_number, edition: edition.to_owned(), valid_from: valid_from.parse().unwrap() }
    }

    fn begins(editions: &[EditionOf], day: &str) -> Vec<u128> {
        of_cohort(editions, day.parse().unwrap()).into_iter().map(|id| id.uuid().as_u128()).collect()
    }

    #[test]
    fn cu_5_students_finish_by_the_edition_of_their_cohort() {
        let editions = [
            edition(2, 7, "2020-02-01", "2020-08-01"),
            edition(1, 7, "2015-11-26", "2015-08-01"),
            edition(3, 7, "2023", "2023-08-01"),
        ];
        for (day, expected) in [("2014-09-01", 1), ("2019-09-01", 1), ("2020-08-01", 2), ("2023-07-31", 2), ("2026-09-01", 3)] {
            assert_eq!(begins(&editions, day), [expected], "{day}");
        }
        assert_eq!(begins(&[], "2026-09-01"), [0; 0]);
    }

    #[test]
    fn cu_5_of_two_editions_from_the_same_day_the_revised_one_counts() {
        let editions = [edition(2, 7, "2015-11-26 Gewijzigd 2016", "2015-08-01"), edition(1, 7, "2015-11-26", "2015-08-01")];
        assert_eq!(begins(&editions, "2016-09-01"), [2]);
    }

    #[test]
    fn cu_5_where_a_crebo_stands_in_two_dossiers_both_are_told_and_neither_is_chosen() {
        let editions = [edition(1, 7, "2015", "2015-08-01"), edition(2, 8, "2016", "2016-08-01")];
        assert_eq!(begins(&editions, "2026-09-01"), [1, 2]);
    }
}
