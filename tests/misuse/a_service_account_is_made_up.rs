//! E0639: what a service account may do is what the database knows of it.

use domain::access::Actor;
use persistence::Reading;

pub fn actor(reading: &Reading<'_>) -> Actor {
    #[cfg(misuse)]
    return {
        let _ = reading;
        Actor::Service { id: domain::kernel::ServiceAccountId::in_order(), scopes: Vec::new() }
    };
    #[cfg(not(misuse))]
    return reading.actor().clone();
}
