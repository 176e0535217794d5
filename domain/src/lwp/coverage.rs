//! How far something that is asked is covered (CU-5).

use super::AssignmentStateName;

crate::words! {
    /// How far a work process or requirement is covered. Later is further.
    pub enum Coverage {
        /// By nothing.
        None = "none",
        /// An LWP for it is there, and for a student is assigned, but not begun.
        Planned = "planned",
        /// The student works on an LWP for it.
        InProgress = "inProgress",
        /// An LWP for it is completed.
        Completed = "completed",
    }
}

impl Coverage {
    /// How far an assignment in this state covers what its LWP covers; an LWP that is no one's in particular, none.
    pub const fn by(state: Option<AssignmentStateName>) -> Self {
        match state {
            None | Some(AssignmentStateName::Assigned) => Self::Planned,
            Some(AssignmentStateName::InProgress | AssignmentStateName::Submitted | AssignmentStateName::FeedbackGiven) => {
                Self::InProgress
            }
            Some(AssignmentStateName::Completed) => Self::Completed,
        }
    }

    /// As far as the one that got furthest.
    pub fn best(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().max().unwrap_or(Self::None)
    }
}

/// Of how many things how many are covered, and how far: each thing counts once, as far as it got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    pub completed: i64,
    pub in_progress: i64,
    pub planned: i64,
    pub total: i64,
}

impl Covered {
    pub fn count(all: impl IntoIterator<Item = Coverage>) -> Self {
        let mut covered = Self::default();
        for one in all {
            covered.total += 1;
            match one {
                Coverage::None => {}
                Coverage::Planned => covered.planned += 1,
                Coverage::InProgress => covered.in_progress += 1,
                Coverage::Completed => covered.completed += 1,
            }
        }
        covered
    }

    /// Out of how many got at least so far.
    pub fn of_at_least(completed: i64, begun: i64, assigned: i64, total: i64) -> Self {
        Self { completed, in_progress: (begun - completed).max(0), planned: (assigned - begun).max(0), total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cu_5_what_is_covered_twice_counts_once_as_far_as_it_got() {
        use AssignmentStateName as S;
        let by = |states: &[S]| Coverage::best(states.iter().map(|state| Coverage::by(Some(*state))));
        assert_eq!(by(&[]), Coverage::None);
        assert_eq!(by(&[S::Assigned]), Coverage::Planned);
        assert_eq!(by(&[S::Assigned, S::FeedbackGiven, S::InProgress, S::Submitted]), Coverage::InProgress);
        assert_eq!(by(&[S::Completed, S::Assigned]), Coverage::Completed);
        assert_eq!(Coverage::by(None), Coverage::Planned);
        let all = [Coverage::None, Coverage::Planned, Coverage::Completed, Coverage::Completed, Coverage::InProgress];
        let counted = Covered { completed: 2, in_progress: 1, planned: 1, total: 5 };
        assert_eq!(Covered::count(all), counted);
        assert_eq!(Covered::of_at_least(2, 3, 4, 5), counted);
    }
}
