//! E0639: who asks is what the database knows of them.

use domain::access::Actor;
use persistence::Reading;

pub fn actor(reading: &Reading<'_>) -> Actor {
    #[cfg(misuse)]
    return Actor::Person {
        id: domain::kernel::PersonId::in_order(),
        roles: reading.actor().person_id().into_iter().flat_map(|_| None).collect(),
    };
    #[cfg(not(misuse))]
    return reading.actor().clone();
}
