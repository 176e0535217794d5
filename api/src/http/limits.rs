//! How much one caller may ask, so that none takes what is for all.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

/// Requests a second by one caller: generous to people, enough to notice a loop that ran away.
const CALLER: NonZeroU32 = NonZeroU32::new(200).unwrap();
/// Writes a minute by one address without a token.
const PUBLIC_WRITES: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Requests in hand at once: beyond what two cores can answer in time, one is turned away at once.
const IN_HAND: usize = 512;

type Limiter = RateLimiter<u64, DashMapStateStore<u64>, DefaultClock, StateInformationMiddleware>;

/// The limits of one service.
pub struct Limits {
    callers: Limiter,
    public_writes: Limiter,
    in_hand: AtomicUsize,
    /// Off where a load is measured.
    on: bool,
}

/// What a request was told of its quota.
pub struct Allowed {
    pub policy: String,
    pub left: String,
}

/// One request in hand; gives its place back when it is dropped.
pub struct InHand<'l>(&'l AtomicUsize);

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Limits {
    pub fn new(on: bool) -> Self {
        let limiter = |quota| RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>();
        Self {
            callers: limiter(Quota::per_second(CALLER)),
            public_writes: limiter(Quota::per_minute(PUBLIC_WRITES)),
            in_hand: AtomicUsize::new(0),
            on,
        }
    }

    /// A place among the requests in hand, if there is one.
    pub fn enter(&self) -> Option<InHand<'_>> {
        let before = self.in_hand.fetch_add(1, Ordering::Relaxed);
        let place = InHand(&self.in_hand);
        (before < IN_HAND).then_some(place)
    }

    /// May this caller ask now? `Err` says how long to wait.
    pub fn ask(&self, caller: u64, public_write: bool) -> Result<Option<Allowed>, Duration> {
        if !self.on {
            return Ok(None);
        }
        let (limiter, name, quota, window) =
            if public_write { (&self.public_writes, "public", PUBLIC_WRITES, 60) } else { (&self.callers, "caller", CALLER, 1) };
        match limiter.check_key(&caller) {
            Ok(state) => Ok(Some(Allowed {
                policy: format!("\"{name}\";q={quota};w={window}"),
                left: format!("\"{name}\";r={};t={window}", state.remaining_burst_capacity()),
            })),
            Err(refused) => Err(refused.wait_time_from(DefaultClock::default().now())),
        }
    }

    /// Forgets callers who have been quiet.
    pub fn forget(&self) {
        self.callers.retain_recent();
        self.public_writes.retain_recent();
    }
}
