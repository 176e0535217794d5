//! How far conversations were only ticking levels: what a coach can see of their own conversations.

/// How many of a student's last conversations are looked at.
pub const TALKS_LOOKED_AT: usize = 5;
/// Of fewer conversations nothing is told: of one or two the index says whether the student had prepared, which is nobody else's.
pub const TALKS_AT_LEAST: usize = 3;
/// A learning question that is open for longer than so many days led nowhere.
pub const NOWHERE_AFTER_DAYS: i64 = 42;

/// Five signs of a conversation that was one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// The student had prepared it.
    pub prepared: bool,
    /// What was said was written down.
    pub summary: bool,
    pub agreement: bool,
    /// A goal or a learning question.
    pub goal: bool,
    pub career_step: bool,
}

impl Signs {
    fn absent(self) -> u32 {
        let signs = [self.prepared, self.summary, self.agreement, self.goal, self.career_step];
        signs.into_iter().map(|sign| u32::from(!sign)).sum()
    }
}

/// The ticking index (afvinkindex): which share of the five signs is absent in these conversations, from 0 (all are there)
/// to 1 (none is), in hundredths; none for fewer than [`TALKS_AT_LEAST`].
pub fn ticking_index(talks: &[Signs]) -> Option<f64> {
    let talks_looked_at = u32::try_from(talks.len()).ok().filter(|_| talks.len() >= TALKS_AT_LEAST)?;
    let absent: u32 = talks.iter().map(|signs| signs.absent()).sum();
    let hundredths = f64::from(absent * 100) / f64::from(talks_looked_at * 5);
    Some(hundredths.round() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cv_2_a_conversation_without_any_sign_was_only_ticking_and_one_with_all_was_none() {
        let all = Signs { prepared: true, summary: true, agreement: true, goal: true, career_step: true };
        assert_eq!(ticking_index(&[]), None, "who did not talk did not tick");
        assert_eq!(ticking_index(&[all; 3]), Some(0.0));
        assert_eq!(ticking_index(&[Signs::default(); 5]), Some(1.0));
        assert_eq!(ticking_index(&[all, all, Signs { prepared: false, career_step: false, ..all }]), Some(0.13));
        assert_eq!(ticking_index(&[all, all, Signs { goal: false, ..all }]), Some(0.07));
    }

    #[test]
    fn cv_1_whether_a_student_prepared_the_one_or_two_conversations_there_were_is_not_told() {
        let prepared = Signs { prepared: true, ..Signs::default() };
        for talks in [&[prepared][..], &[Signs::default()], &[prepared; 2]] {
            assert_eq!(ticking_index(talks), None, "{talks:?}");
        }
    }
}
