//! The secret of a registration: made once, told once, kept as a hash.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::orientation::Secret;
use persistence::Trouble;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::http::Problem;
use crate::http::description::{Argument, Description};
use crate::http::faults::HttpFault;

const HEADER: &str = "Registration-Secret";

/// 256 bits that nobody can guess, in base64url.
pub fn new_secret() -> Result<Secret, Trouble> {
    let bits: [u8; 32] = rand::random();
    Secret::parse(&URL_SAFE_NO_PAD.encode(bits)).ok_or_else(|| Trouble::Unreadable("secret".to_owned()))
}

/// What is kept of it.
pub fn hash(secret: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_str()))
}

/// The secret that comes with a request to read, which has no body; and in a URL it would be written down on the way.
pub struct Shown(pub Option<Secret>);

impl FromRequest for Shown {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shown = request.headers().get(HEADER).map(|value| value.to_str().ok().and_then(Secret::parse));
        ready(match shown {
            None => Ok(Self(None)),
            Some(Some(secret)) => Ok(Self(Some(secret))),
            Some(None) => Err(Problem::findings(vec![HttpFault::WrongFormat.at(format!("header:{HEADER}"))])),
        })
    }
}

impl Argument for Shown {
    fn describe(description: &mut Description) {
        description.parameter(json!({
            "name": HEADER, "in": "header", "required": false,
            "description": "The secret of the prospect's link.",
            "schema": { "type": "string", "minLength": 43, "maxLength": 43, "pattern": "^[A-Za-z0-9_-]{43}$" },
            "example": "u5Rn7mM2xGJH0xq3n0b1c8kQxkE4mYtq2Yw9fL6sVdA"
        }));
    }
}
