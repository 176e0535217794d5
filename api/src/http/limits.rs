//! How much one caller may ask, so that none takes what is for all.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::caller::Proxies;

/// Requests a second by one caller: generous to people, enough to notice a loop that ran away.
const CALLER: NonZeroU32 = NonZeroU32::new(200).unwrap();
/// Writes a minute by one address without a token.
const PUBLIC_WRITES: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// The same in the demo, where all who try it out share one address.
const PUBLIC_WRITES_IN_DEMO: NonZeroU32 = NonZeroU32::new(600).unwrap();

type Limiter = RateLimiter<u64, DashMapStateStore<u64>, DefaultClock, StateInformationMiddleware>;

/// The limits of one service.
pub struct Limits {
    callers: Limiter,
    public_writes: Limiter,
    public_quota: NonZeroU32,
    /// Whose word is taken for who asks.
    pub proxies: Proxies,
    /// Off where a load is measured.
    on: bool,
}

/// What a request is told of its quota.
pub struct Told {
    pub policy: String,
    pub left: String,
    /// How long to wait, where there is nothing left.
    pub wait: Option<Duration>,
}

impl Limits {
    pub fn new(on: bool) -> Self {
        Self::with(PUBLIC_WRITES, Proxies::default(), on)
    }

    /// Those of a college's service behind these proxies.
    pub fn behind(proxies: Proxies) -> Self {
        Self::with(PUBLIC_WRITES, proxies, true)
    }

    /// Those of the demo.
    pub fn of_the_demo() -> Self {
        Self::with(PUBLIC_WRITES_IN_DEMO, Proxies::default(), true)
    }

    fn with(public_quota: NonZeroU32, proxies: Proxies, on: bool) -> Self {
        let limiter = |quota| RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>();
        let public_writes = limiter(Quota::per_minute(public_quota));
        Self { callers: limiter(Quota::per_second(CALLER)), public_writes, public_quota, proxies, on }
    }

    /// May this caller ask now? None where nothing is limited.
    pub fn ask(&self, caller: u64, public_write: bool) -> Option<Told> {
        if !self.on {
            return None;
        }
        let (limiter, name, quota, window) = if public_write {
            (&self.public_writes, "public", self.public_quota, 60)
        } else {
            (&self.callers, "caller", CALLER, 1)
        };
        let (left, reset, wait) = match limiter.check_key(&caller) {
            Ok(state) => (state.remaining_burst_capacity(), window, None),
            Err(refused) => {
                let wait = refused.wait_time_from(DefaultClock::default().now());
                (0, wait.as_secs() + 1, Some(wait))
            }
        };
        let (policy, left) = (format!("\"{name}\";q={quota};w={window}"), format!("\"{name}\";r={left};t={reset}"));
        Some(Told { policy, left, wait })
    }

    /// Forgets callers who have been quiet.
    pub fn forget(&self) {
        self.callers.retain_recent();
        self.public_writes.retain_recent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(limits: &Limits, public_write: bool) -> usize {
        (0..1000).take_while(|_| limits.ask(7, public_write).is_some_and(|told| told.wait.is_none())).count()
    }

    #[test]
    fn the_demo_takes_more_writes_from_those_without_a_token() {
        assert!((60..120).contains(&allowed(&Limits::new(true), true)));
        assert!((600..700).contains(&allowed(&Limits::of_the_demo(), true)));
    }

    #[test]
    fn who_has_nothing_left_is_told_the_quota_and_how_long_to_wait() {
        let limits = Limits::new(true);
        allowed(&limits, true);
        let told = limits.ask(7, true).unwrap();
        assert_eq!(told.policy, "\"public\";q=60;w=60");
        assert!(told.wait.is_some() && told.left.starts_with("\"public\";r=0;t="), "{}", told.left);
        assert!(limits.ask(8, true).unwrap().wait.is_none(), "another has a quota of their own");
        assert!(limits.ask(7, false).unwrap().wait.is_none(), "reading has another quota");
    }
}
