//! E0277: what an operation takes stands in the document; a bare request does not.

#[cfg(misuse)]
use actix_web::HttpRequest;
use api::http::operation::Operation;
use api::http::{Answer, Nothing, Outcome, get};
#[cfg(not(misuse))]
use api::http::{At, Visitor};

pub fn operation() -> Operation {
    get("/nothing/{id}", "getNothing", "Nothing", handler)
}

#[cfg(misuse)]
async fn handler(_: HttpRequest) -> Outcome<Nothing> {
    Ok(Answer::nothing())
}

#[cfg(not(misuse))]
async fn handler(_: Visitor, _: At<domain::kernel::TeamId>) -> Outcome<Nothing> {
    Ok(Answer::nothing())
}
