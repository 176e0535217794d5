//! E0624: only a retry gets an answer that was kept.

use api::http::{Answer, Nothing};

pub fn answer() -> Answer<Nothing> {
    #[cfg(misuse)]
    return Answer::replay(api::http::answer::Rendered { status: 200, headers: Vec::new(), body: String::new() });
    #[cfg(not(misuse))]
    return Answer::nothing();
}
