//! The secret of a link: made once, told once, kept as a hash.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::kernel::Secret;
use persistence::Trouble;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::http::Problem;
use crate::http::description::{Argument, Description};
use crate::http::faults::HttpFault;

/// What a link is of.
pub trait Link: 'static {
    /// The header that its secret comes in.
    const HEADER: &'static str;
    const ABOUT: &'static str;
}

/// Of a prospect's registration.
pub struct OfRegistration;
impl Link for OfRegistration {
    const HEADER: &'static str = "Registration-Secret";
    const ABOUT: &'static str = "The secret of the prospect's link.";
}

/// Of an invitation to rate.
pub struct OfInvitation;
impl Link for OfInvitation {
    const HEADER: &'static str = "Invitation-Secret";
    const ABOUT: &'static str = "The secret of the rater's link.";
}

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
pub struct Shown<L> {
    pub secret: Option<Secret>,
    of: PhantomData<fn() -> L>,
}

impl<L: Link> FromRequest for Shown<L> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shown = request.headers().get(L::HEADER).map(|value| value.to_str().ok().and_then(Secret::parse));
        ready(match shown {
            None => Ok(Self { secret: None, of: PhantomData }),
            Some(Some(secret)) => Ok(Self { secret: Some(secret), of: PhantomData }),
            Some(None) => Err(Problem::findings(vec![HttpFault::WrongFormat.at(format!("header:{}", L::HEADER))])),
        })
    }
}

impl<L: Link> Argument for Shown<L> {
    fn describe(description: &mut Description) {
        // A secret that opens nothing.
        description.problem(404);
        description.parameter(json!({
            "name": L::HEADER, "in": "header", "required": false,
            "description": L::ABOUT,
            "schema": { "type": "string", "minLength": 43, "maxLength": 43, "pattern": "^[A-Za-z0-9_-]{43}$" },
            "example": "u5Rn7mM2xGJH0xq3n0b1c8kQxkE4mYtq2Yw9fL6sVdA"
        }));
    }
}
