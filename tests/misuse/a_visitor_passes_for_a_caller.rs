//! E0308: who need not show a token can not stand where one was shown.

#[cfg(misuse)]
use api::http::Visitor;
use api::http::{Answer, Caller, Nothing, Outcome};

#[cfg(misuse)]
pub async fn handler(visitor: Visitor) -> Outcome<Nothing> {
    signed_in(visitor).await
}

#[cfg(not(misuse))]
pub async fn handler(caller: Caller) -> Outcome<Nothing> {
    signed_in(caller).await
}

async fn signed_in(_: Caller) -> Outcome<Nothing> {
    Ok(Answer::nothing())
}
