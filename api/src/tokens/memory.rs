//! Tokens that were found right a moment ago, so that a signature is proved once and not at every request.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::kernel::Instant;
use sha2::{Digest, Sha256};

use super::{Verified, claims::Believed};

/// How many tokens one generation holds; two of them are remembered.
const GENERATION: usize = 2048;

/// What a token is known by, so that no token that would open anything lies in memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }
}

/// At most 4096 tokens: those in use, and some that were lately.
///
/// When the young generation is full it becomes the old one, and the old one is forgotten; whoever is
/// recalled is young again. Nothing ever has to be searched for what could go.
#[derive(Default)]
pub(super) struct Memory(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    young: HashMap<Fingerprint, Believed>,
    old: HashMap<Fingerprint, Believed>,
}

impl Memory {
    /// Whom a token names, if it was found right before and would be again now.
    pub fn recall(&self, fingerprint: &Fingerprint, now: Instant) -> Option<Verified> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(believed) = generations.old.remove(fingerprint) {
            generations.keep(*fingerprint, believed);
        }
        let believed = generations.young.get(fingerprint)?;
        let valid = believed.from <= now && now < believed.verified.expires_at;
        valid.then(|| believed.verified.clone())
    }

    /// Remembers what a token was found to say, and says so.
    pub fn keep(&self, fingerprint: Fingerprint, believed: Believed) -> Verified {
        let verified = believed.verified.clone();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keep(fingerprint, believed);
        verified
    }
}

impl Generations {
    fn keep(&mut self, fingerprint: Fingerprint, believed: Believed) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(fingerprint, believed);
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::tokens::specimens::NOW;

    fn believed(subject: &str) -> Believed {
        let verified = Verified { issuer: "i".into(), subject: subject.into(), expires_at: NOW + TimeDelta::hours(1) };
        Believed { verified, from: NOW }
    }

    #[test]
    fn a_token_in_use_is_remembered_while_ten_thousand_others_pass_and_never_more_than_4096_are() {
        let memory = Memory::default();
        let in_use = Fingerprint::of("in use");
        memory.keep(in_use, believed("in use"));
        for passing in 0..10_000 {
            memory.keep(Fingerprint::of(&passing.to_string()), believed("passing"));
            assert_eq!(memory.recall(&in_use, NOW).map(|verified| verified.subject).as_deref(), Some("in use"));
        }
        let generations = memory.0.lock().unwrap();
        assert!(generations.young.len() <= GENERATION && generations.old.len() <= GENERATION);
        assert!(!generations.old.contains_key(&Fingerprint::of("0")), "what passed first is forgotten");
    }

    #[test]
    fn a_remembered_token_is_not_believed_before_its_time_or_after_it() {
        let memory = Memory::default();
        let token = Fingerprint::of("token");
        memory.keep(token, believed("someone"));
        assert!(memory.recall(&token, NOW).is_some());
        assert!(memory.recall(&token, NOW - TimeDelta::seconds(1)).is_none());
        assert!(memory.recall(&token, NOW + TimeDelta::hours(1)).is_none());
        assert!(memory.recall(&Fingerprint::of("another"), NOW).is_none());
    }
}
