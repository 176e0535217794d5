//! How much one caller may ask, so that none takes what is for all.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

/// Requests a second by one caller: generous to people, enough to notice a loop that ran away.
const CALLER: NonZeroU32 = NonZeroU32::new(200).unwrap();
/// Writes a minute by one address without a token.
const PUBLIC_WRITES: NonZeroU32 = NonZeroU32::new(60).unwrap();

type Limiter = RateLimiter<u64, DashMapStateStore<u64>, DefaultClock, StateInformationMiddleware>;

/// The limits of one service.
pub struct Limits {
    callers: Limiter,
    public_writes: Limiter,
    /// Off where a load is measured.
    on: bool,
}

/// What a request was told of its quota.
pub struct Allowed {
    pub policy: String,
    pub left: String,
}

impl Limits {
    pub fn new(on: bool) -> Self {
        let limiter = |quota| RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>();
        Self { callers: limiter(Quota::per_second(CALLER)), public_writes: limiter(Quota::per_minute(PUBLIC_WRITES)), on }
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
