//! Counts for those who see no single student: managers of landscapes and directors (RP-1).
//!
//! A count of few people tells of them. Groups under [`SMALLEST_GROUP`] are not told, together with what would let one
//! subtract them out.

crate::words! {
    /// What is counted.
    pub enum Indicator {
        /// Applications by state: the intake.
        Applications = "applications",
        /// Enrolments by state.
        Enrolments = "enrolments",
        /// Start programmes: who is on track, who lags, and how they ended.
        StartProgrammes = "start-programmes",
    }
}

/// Fewer than these are told by no count.
pub const SMALLEST_GROUP: u32 = 5;

/// One count of a whole that is divided into groups; none where it is not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosed {
    pub total: Option<u32>,
    pub groups: Vec<Option<u32>>,
}

/// What may be told of a whole that is divided into groups of these sizes.
///
/// A group of nobody is told as 0: it tells of nobody. Groups under [`SMALLEST_GROUP`] are not, and since the total is
/// told, neither is so much else that those who are hidden are at least two groups and at least [`SMALLEST_GROUP`]
/// people: the other groups from the last on, whatever their sizes, for to choose by size would tell of it. Where that takes
/// more than there is, nothing is told at all.
pub fn disclose(sizes: &[u32]) -> Disclosed {
    let is_small = |size: u32| (1..SMALLEST_GROUP).contains(&size);
    let mut hidden: Vec<bool> = sizes.iter().map(|size| is_small(*size)).collect();
    if hidden.contains(&true) {
        let mut others = (0..sizes.len()).rev().filter(|at| sizes.get(*at).is_some_and(|size| *size >= SMALLEST_GROUP));
        while !enough(sizes, &hidden) {
            match others.next().and_then(|at| hidden.get_mut(at)) {
                Some(next) => *next = true,
                None => return Disclosed { total: None, groups: vec![None; sizes.len()] },
            }
        }
    }
    let group = |(size, hidden): (&u32, bool)| (!hidden).then_some(*size);
    Disclosed { total: Some(sizes.iter().sum()), groups: sizes.iter().zip(hidden).map(group).collect() }
}

/// Are those who are hidden enough that none of them is told apart? Two groups at least; so many people that they are a
/// group that may be told; and not so many that each of them can only be as large as a small group can be.
fn enough(sizes: &[u32], hidden: &[bool]) -> bool {
    let those: Vec<u32> = sizes.iter().zip(hidden).filter(|(_, hidden)| **hidden).map(|(size, _)| *size).collect();
    let (people, groups) = (those.iter().sum::<u32>(), u32::try_from(those.len()).unwrap_or(u32::MAX));
    let all_small = those.iter().all(|size| *size < SMALLEST_GROUP);
    let most = groups.saturating_mul(SMALLEST_GROUP - 1);
    groups >= 2 && people >= SMALLEST_GROUP && !(all_small && people == most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rp_1_a_group_under_five_is_not_told_nor_what_it_could_be_subtracted_from() {
        for (sizes, total, groups) in [
            (vec![20, 7, 0], Some(27), vec![Some(20), Some(7), Some(0)]),
            (vec![20, 7, 3], Some(30), vec![Some(20), None, None]),
            (vec![20, 3, 2], Some(25), vec![Some(20), None, None]),
            // Two of one each: they would be a group of two by subtraction.
            (vec![20, 1, 1], Some(22), vec![None, None, None]),
            (vec![20, 9, 1, 1], Some(31), vec![Some(20), None, None, None]),
            // Eight in two small groups can only be four and four.
            (vec![20, 4, 4], Some(28), vec![None, None, None]),
            (vec![3, 0, 0], None, vec![None, None, None]),
            (vec![0, 0], Some(0), vec![Some(0), Some(0)]),
        ] {
            assert_eq!(disclose(&sizes), Disclosed { total, groups }, "{sizes:?}");
        }
    }

    #[test]
    fn rp_1_whatever_the_groups_are_nobody_subtracts_a_small_one_out() {
        let all = |most: u32| (0..most.pow(3)).map(move |code| [code / most / most, code / most % most, code % most]);
        for sizes in all(7) {
            let Disclosed { total, groups } = disclose(&sizes);
            let shown: u32 = groups.iter().flatten().sum();
            assert!(groups.iter().flatten().all(|size| *size == 0 || *size >= SMALLEST_GROUP), "{sizes:?}");
            let Some(total) = total else { continue };
            let hidden: Vec<usize> = (0..3).filter(|at| groups[*at].is_none()).collect();
            assert!(hidden.is_empty() || (hidden.len() >= 2 && total - shown >= SMALLEST_GROUP), "{sizes:?}");
            // Someone who knows the rule finds more than one way in which it can be.
            let told = Disclosed { total: Some(total), groups };
            let same = |other: &[u32; 3]| other.iter().sum::<u32>() == total && disclose(other) == told;
            let possible: Vec<[u32; 3]> = all(19).filter(same).collect();
            for at in hidden.into_iter().filter(|at| sizes[*at] < SMALLEST_GROUP) {
                assert!(possible.iter().any(|other| other[at] != sizes[at]), "{sizes:?}: {possible:?}");
            }
        }
    }
}
