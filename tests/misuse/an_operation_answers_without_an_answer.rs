//! E0277: an operation answers an `Answer`, which knows its status, its ETag and who may keep it.

#[cfg(not(misuse))]
use api::http::Answer;
use api::http::operation::Operation;
use api::http::{Caller, Nothing, Problem, get};

pub fn operation() -> Operation {
    get("/nothing", "getNothing", "Nothing", handler)
}

#[cfg(misuse)]
async fn handler(_: Caller) -> Result<Nothing, Problem> {
    Ok(Nothing)
}

#[cfg(not(misuse))]
async fn handler(_: Caller) -> Result<Answer<Nothing>, Problem> {
    Ok(Answer::nothing())
}
