//! The five career competences as they come into every framework whose maker does not word them (LM-1):
//! `career_competences.json`.

use std::sync::LazyLock;

use super::NewCompetence;

const FILE: &str = include_str!("career_competences.json");

/// All five, in their order.
pub fn competences() -> &'static [NewCompetence] {
    // That the file is whole is held by a test.
    static COMPETENCES: LazyLock<Vec<NewCompetence>> = LazyLock::new(|| serde_json::from_str(FILE).unwrap_or_default());
    &COMPETENCES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{CareerCompetence, Word};

    #[test]
    fn lm_1_each_of_the_five_has_a_code_a_title_and_indicators() {
        let read: Vec<NewCompetence> = serde_json::from_str(FILE).unwrap();
        let which: Vec<_> = read.iter().filter_map(|one| one.career_competence).collect();
        assert_eq!(which, CareerCompetence::ALL);
        assert!(read.iter().all(|one| one.indicators.len() == 3));
        assert_eq!(competences(), read);
    }
}
