//! E0423: who asks is what the token says, and nothing else makes a `Caller`.

use api::http::Caller;
#[cfg(misuse)]
use api::http::Visitor;

#[cfg(misuse)]
pub fn caller(visitor: Visitor) -> Caller {
    Caller(visitor.clone())
}

#[cfg(not(misuse))]
pub fn caller(caller: Caller) -> Caller {
    caller
}
