//! E0603: nobody is the system by saying so.

use domain::access::Actor;
use persistence::Reading;

pub fn actor(reading: &Reading<'_>) -> Actor {
    #[cfg(misuse)]
    return {
        let _ = reading;
        Actor::System
    };
    #[cfg(not(misuse))]
    return reading.actor().clone();
}
