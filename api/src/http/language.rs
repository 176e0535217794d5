//! The two languages that people are answered in.

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use actix_web::{FromRequest, HttpRequest};

use super::description::{Argument, Description};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Nl,
    En,
}

impl Language {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    /// The better liked of the two in `Accept-Language` (RFC 9110 section 12.5.4); English where it names neither.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let liking = |code: &str| {
            text.split(',')
                .filter_map(|range| {
                    let mut parts = range.trim().split(';');
                    let tag = parts.next()?.trim().to_ascii_lowercase();
                    let named = tag == code || tag.strip_prefix(code).is_some_and(|rest| rest.starts_with('-'));
                    let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
                    named.then_some((weight * 1000.0) as u32)
                })
                .max()
                .unwrap_or(0)
        };
        if liking("nl") > liking("en") { Self::Nl } else { Self::En }
    }
}

impl FromRequest for Language {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request.headers())))
    }
}

impl From<Language> for domain::organisation::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Nl => Self::Dutch,
            Language::En => Self::English,
        }
    }
}

/// Every operation speaks both languages: the document says so once.
impl Argument for Language {
    fn describe(_: &mut Description) {}
}
