//! What the law asks of every student besides the qualification: career and citizenship (loopbaan en burgerschap, CU-1), in
//! editions. It is reference data that comes with the program: `career_citizenship/requirements.json` says where it is from.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kernel::{Id, Line, Prose, RequirementId, SecureLink};

const FILE: &str = include_str!("career_citizenship/requirements.json");

/// What one edition asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Edition {
    /// From which date on students begin under it.
    pub valid_from: NaiveDate,
    pub title: Line,
    /// The regulation.
    pub source: Line,
    pub link: SecureLink,
    /// When it was taken over from there.
    pub taken_over_on: NaiveDate,
    pub requirements: Vec<Requirement>,
}

crate::words! {
    /// What a requirement is about.
    pub enum RequirementArea {
        /// Loopbaan.
        Career = "career",
        /// Burgerschap.
        Citizenship = "citizenship",
    }
}

/// One thing that it asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Requirement {
    pub area: RequirementArea,
    /// Unique within its edition: `B1`.
    pub code: Line,
    pub title: Line,
    /// What the student learns, in short.
    pub description: Prose,
}

impl Edition {
    /// The id of one of its requirements: the same everywhere (UUID version 5, RFC 9562 section 5.5).
    pub fn id_of(&self, requirement: &Requirement) -> RequirementId {
        let name = format!("requirement {} {}", self.valid_from, requirement.code.as_str());
        Id::from_uuid(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }

    /// Its requirements, each with its id.
    pub fn all(&self) -> impl Iterator<Item = (RequirementId, &Requirement)> {
        self.requirements.iter().map(|requirement| (self.id_of(requirement), requirement))
    }
}

/// The namespace of names of requirements.
const NAMESPACE: Uuid = Uuid::from_u128(0x2f6d_9b1e_74c3_4e58_9d0a_b1a7_53c8_e6f2);

/// Every edition, oldest first.
pub fn editions() -> &'static [Edition] {
    static EDITIONS: LazyLock<Vec<Edition>> = LazyLock::new(|| {
        // That the file is whole is held by a test.
        let mut editions: Vec<Edition> = serde_json::from_str(FILE).unwrap_or_default();
        editions.sort_by_key(|edition| edition.valid_from);
        editions
    });
    &EDITIONS
}

/// The edition under which someone begins on this date: the newest by then, or the first that there is.
pub fn in_force_on(date: NaiveDate) -> Option<&'static Edition> {
    let editions = editions();
    editions.iter().rfind(|edition| edition.valid_from <= date).or(editions.first())
}

/// A requirement, with the edition that it is in.
pub fn find(id: RequirementId) -> Option<(&'static Edition, &'static Requirement)> {
    let of = |edition: &'static Edition| {
        edition.requirements.iter().find(|one| edition.id_of(one) == id).map(|requirement| (edition, requirement))
    };
    editions().iter().find_map(of)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn cu_1_the_requirements_of_career_and_citizenship_are_read_whole_and_say_where_they_are_from() {
        let read: Vec<Edition> = serde_json::from_str(FILE).unwrap();
        assert_eq!(read.len(), editions().len());
        for edition in editions() {
            assert!(edition.requirements.iter().any(|one| one.area == RequirementArea::Career), "{}", edition.valid_from);
            assert!(edition.requirements.iter().any(|one| one.area == RequirementArea::Citizenship), "{}", edition.valid_from);
            let codes: BTreeSet<_> = edition.requirements.iter().map(|one| one.code.as_str()).collect();
            assert_eq!(codes.len(), edition.requirements.len(), "a code stands there twice");
        }
        let ids: BTreeSet<_> = editions().iter().flat_map(Edition::all).map(|(id, _)| id).collect();
        assert_eq!(ids.len(), editions().iter().map(|edition| edition.requirements.len()).sum::<usize>());
        assert!(ids.iter().all(|id| find(*id).is_some()));
    }

    #[test]
    fn cu_1_a_student_begins_under_the_edition_of_that_day() {
        let first = editions().first().unwrap();
        assert_eq!(in_force_on(first.valid_from), Some(first));
        assert_eq!(in_force_on("1999-01-01".parse().unwrap()), Some(first));
        assert_eq!(in_force_on("2999-01-01".parse().unwrap()), editions().last());
    }

    #[test]
    fn cu_1_the_id_of_a_requirement_stays_the_same() {
        let first = editions().first().unwrap();
        assert_eq!(first.id_of(&first.requirements[0]).to_string(), "a03a0480-d0cc-5a5c-b799-ddb8d1bfa795");
    }
}
