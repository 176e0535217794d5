//! E0616: the account's subject is a secret: handlers know persons.

use api::http::{Caller, Problem};

pub async fn who(caller: Caller) -> Result<String, Problem> {
    #[cfg(misuse)]
    return Ok(format!("{:?}", caller.identity));
    #[cfg(not(misuse))]
    return caller.read(|reading| Ok(format!("{:?}", reading.person()?))).await;
}
