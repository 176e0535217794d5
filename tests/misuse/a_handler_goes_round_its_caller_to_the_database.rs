//! E0616: a handler gets to the database as its caller.

use api::http::{Caller, Problem};

pub async fn actor(caller: Caller) -> Result<bool, Problem> {
    #[cfg(misuse)]
    return {
        let asking = persistence::Asking { identity: persistence::Identity::System, now: caller.service.now() };
        Ok(caller.service.database.read(asking, |reading| Ok(reading.actor().person_id().is_some())).await?)
    };
    #[cfg(not(misuse))]
    return caller.read(|reading| Ok(reading.actor().person_id().is_some())).await;
}
