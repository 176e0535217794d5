//! E0277: an operation gets to the database as whoever calls it, or not at all.

#[cfg(misuse)]
use actix_web::web;
#[cfg(not(misuse))]
use api::http::Caller;
#[cfg(misuse)]
use api::http::Service;
use api::http::operation::Operation;
use api::http::{Answer, Nothing, Outcome, get};

pub fn operation() -> Operation {
    get("/nothing", "getNothing", "Nothing", handler)
}

#[cfg(misuse)]
async fn handler(_: web::Data<Service>) -> Outcome<Nothing> {
    Ok(Answer::nothing())
}

#[cfg(not(misuse))]
async fn handler(_: Caller) -> Outcome<Nothing> {
    Ok(Answer::nothing())
}
