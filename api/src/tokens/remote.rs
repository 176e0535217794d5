//! The issuer's keys as this service knows them: used while they are young, asked for again when they are not.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::TimeDelta;
use domain::kernel::Instant;
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    task::JoinHandle,
};

use super::{TokenFault, keys::KeySet, source::Source};

/// From this age on keys are asked for again, while they go on being used.
const SOFT: TimeDelta = TimeDelta::minutes(10);

/// From this age on keys are not used any more.
const HARD: TimeDelta = TimeDelta::hours(24);

/// The issuer is asked at most once in this time, whatever tokens come.
const PAUSE: TimeDelta = TimeDelta::seconds(30);

pub(super) struct RemoteKeys {
    source: Source,
    state: RwLock<State>,
    /// Held by whoever is asking the issuer: the others wait for the answer instead of asking too.
    asking: Arc<Mutex<()>>,
}

#[derive(Default)]
struct State {
    keys: Option<(Arc<KeySet>, Instant)>,
    asked_at: Option<Instant>,
    /// Whether the issuer answered when it was last asked.
    answered: bool,
}

impl State {
    /// The keys of an age less than this.
    fn younger_than(&self, age: TimeDelta, now: Instant) -> Option<&Arc<KeySet>> {
        self.keys.as_ref().filter(|(_, fetched_at)| apart(now, *fetched_at) < age).map(|(keys, _)| keys)
    }

    fn may_ask(&self, now: Instant) -> bool {
        self.asked_at.is_none_or(|asked_at| apart(now, asked_at) >= PAUSE)
    }

    /// Takes these keys for the issuer's. Keys that did not change remain the same set, with all that they proved;
    /// others begin without anything proved, so that nothing outlives the key that it was signed with.
    fn learn(&mut self, fetched: KeySet, now: Instant) {
        let same = self.keys.take().map(|(known, _)| known).filter(|known| **known == fetched);
        self.keys = Some((same.unwrap_or_else(|| Arc::new(fetched)), now));
        self.answered = true;
    }
}

/// The time between two moments, in either order: after a clock was set back, what seems to come from
/// the future is as old as what comes from the past.
fn apart(one: Instant, other: Instant) -> TimeDelta {
    (one - other).abs()
}

impl RemoteKeys {
    pub fn new(source: Source) -> Self {
        Self { source, state: RwLock::default(), asking: Arc::default() }
    }

    /// The keys at hand, if they are not too old; when they are no longer young, others are asked for meanwhile.
    pub fn known(self: &Arc<Self>, now: Instant) -> Option<Arc<KeySet>> {
        let (keys, due) = {
            let state = self.state();
            let due = state.younger_than(SOFT, now).is_none() && state.may_ask(now);
            (state.younger_than(HARD, now).cloned(), due)
        };
        if keys.is_some()
            && due
            && let Ok(turn) = Arc::clone(&self.asking).try_lock_owned()
        {
            drop(self.ask(now, turn));
        }
        keys
    }

    /// The keys at hand, or else those that the issuer publishes now.
    pub async fn keys(self: &Arc<Self>, now: Instant) -> Result<Arc<KeySet>, TokenFault> {
        if let Some(keys) = self.known(now) {
            return Ok(keys);
        }
        self.wait_for_answer(now).await;
        self.state().younger_than(HARD, now).cloned().ok_or(TokenFault::IssuerUnreachable)
    }

    /// The keys after the issuer was asked again, because those at hand lack one. Where it was asked and gave no answer,
    /// nobody can say whether a token is right.
    pub async fn newer(self: &Arc<Self>, now: Instant) -> Result<Arc<KeySet>, TokenFault> {
        self.wait_for_answer(now).await;
        let state = self.state();
        let keys = state.younger_than(HARD, now).filter(|_| state.answered);
        keys.cloned().ok_or(TokenFault::IssuerUnreachable)
    }

    /// Returns once the issuer has been asked, by us or by another, or may not be asked yet.
    async fn wait_for_answer(self: &Arc<Self>, now: Instant) {
        let turn = Arc::clone(&self.asking).lock_owned().await;
        if let Some(asked) = self.ask(now, turn)
            && let Err(error) = asked.await
        {
            tracing::error!(%error, "asking for the issuer's keys broke off");
        }
    }

    /// Asks the issuer, unless that was done a moment ago. In a task of its own: a client that goes away must not
    /// take the answer away from the others.
    fn ask(self: &Arc<Self>, now: Instant, turn: OwnedMutexGuard<()>) -> Option<JoinHandle<()>> {
        let mut state = self.state_to_change();
        if !state.may_ask(now) {
            return None;
        }
        state.asked_at = Some(now);
        state.answered = false;
        let keys = Arc::clone(self);
        Some(tokio::spawn(async move {
            match keys.source.fetch().await {
                Ok(fetched) => keys.state_to_change().learn(fetched, now),
                Err(error) => tracing::warn!(%error, "the issuer's keys could not be read; known ones serve for a day at most"),
            }
            drop(turn);
        }))
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_to_change(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}
