//! What was found wrong with a request before all of it was read: told together with whatever else is wrong about what was sent.
//!
//! The arguments of a handler are made side by side, and the first that fails ends the others. What is wrong in a header is
//! therefore noted here, at once, and the argument goes on; the handler is not called where anything was noted.

use actix_web::{HttpMessage, HttpRequest};
use domain::kernel::Finding;

#[derive(Default)]
struct Noted(Vec<Finding>);

/// Notes it once, however many arguments find it.
pub(super) fn note(request: &HttpRequest, finding: Finding) {
    let mut extensions = request.extensions_mut();
    let mut found = extensions.remove::<Noted>().unwrap_or_default();
    if !found.0.contains(&finding) {
        found.0.push(finding);
    }
    extensions.insert(found);
}

/// All that was noted of this request.
pub(super) fn noted(request: &HttpRequest) -> Vec<Finding> {
    request.extensions().get::<Noted>().map(|noted| noted.0.clone()).unwrap_or_default()
}
