//! Answers that are no JSON: a file, whole or in part (RFC 9110 sections 13 and 14), or one that is made while it is sent.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Range;

use actix_web::body::{BodyStream, BoxBody, SizedStream};
use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, Responder};
use domain::evidence::EvidenceFault;
use futures_util::stream::{self, BoxStream};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::description::{Answered, Argument, Description};
use super::portion::Portion;
use super::problem::Problem;
use crate::files::FileTrouble;
use crate::files::arriving::hex;

/// That a request only asks about what it would get: left by the envelope, which asks on as if to get it.
#[derive(Clone, Copy)]
pub(super) struct AsksHead;

/// What of a file is wanted, by the headers of the request.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    none_match: Option<String>,
    range: Option<String>,
    if_range: Option<String>,
    /// Only to be told about it.
    pub head: bool,
}

/// What of it is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Nothing: the caller has it.
    Unchanged,
    Whole,
    Range(Range<u64>),
}

impl FromRequest for Wanted {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request.headers(), asks_head(request))))
    }
}

/// Is it only asked about what one would get? The document says that everything that can be read can be asked about so.
pub struct HeadAlone(pub bool);

impl FromRequest for HeadAlone {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(asks_head(request))))
    }
}

impl Argument for HeadAlone {
    fn describe(_: &mut Description) {}
}

fn asks_head(request: &HttpRequest) -> bool {
    request.method() == Method::HEAD || request.extensions().get::<AsksHead>().is_some()
}

impl Wanted {
    fn of(headers: &HeaderMap, head: bool) -> Self {
        let said = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok()).map(str::to_owned);
        // Ranges are defined for GET alone (section 14.2).
        let range = said(header::RANGE).filter(|_| !head);
        Self { none_match: said(header::IF_NONE_MATCH), range, if_range: said(header::IF_RANGE), head }
    }

    /// What of a file of so many bytes with this ETag is to be sent.
    ///
    /// # Errors
    /// 416 where the range begins after its end.
    pub fn part(&self, size: u64, etag: &str) -> Result<Part, Problem> {
        let known = self.none_match.iter().flat_map(|tags| tags.split(','));
        if known.map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag) {
            return Ok(Part::Unchanged);
        }
        // A part of another file than the caller has the rest of is of no use to them (section 13.1.5).
        let range = self.range.as_deref().filter(|_| self.if_range.as_deref().is_none_or(|tag| tag == etag));
        match range.and_then(Asked::parse) {
            None => Ok(Part::Whole),
            Some(asked) => asked
                .within(size)
                .map(Part::Range)
                .ok_or_else(|| Problem::from(EvidenceFault::OutOfRange.fault()).of_length(size)),
        }
    }
}

/// One range of bytes (section 14.1.2). Of several the whole is sent, which one may always do.
enum Asked {
    Between(u64, Option<u64>),
    Last(u64),
}

impl Asked {
    /// None for what is no single range of bytes: it is as if it were not asked.
    fn parse(text: &str) -> Option<Self> {
        let (unit, range) = text.split_once('=')?;
        let (first, last) = range.trim().split_once('-')?;
        let number = |text: &str| if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse::<u64>().ok() } else { None };
        let asked = match (first, last) {
            ("", last) => Self::Last(number(last)?),
            (first, "") => Self::Between(number(first)?, None),
            (first, last) => Self::Between(number(first)?, Some(number(last)?)),
        };
        let in_order = !matches!(asked, Self::Between(first, Some(last)) if last < first);
        (unit.trim().eq_ignore_ascii_case("bytes") && in_order).then_some(asked)
    }

    fn within(self, size: u64) -> Option<Range<u64>> {
        match self {
            Self::Between(first, last) => {
                let end = last.map_or(size, |last| size.min(last.saturating_add(1)));
                (first < size).then_some(first..end)
            }
            Self::Last(0) => None,
            Self::Last(length) => (size > 0).then(|| size.saturating_sub(length)..size),
        }
    }
}

impl Argument for Wanted {
    fn describe(description: &mut Description) {
        let headers = [
            (
                "Range",
                "Which bytes are wanted, one range: what was not received of a download that was cut off. What is no single range of \
                 bytes is as if it were not asked (RFC 9110 section 14.2).",
                "bytes=1048576-",
            ),
            ("If-Range", "The ETag of the part that one has: where the file is another by now, all of it is sent.", "\"1-2cf2\""),
        ];
        for (name, about, example) in headers {
            description.parameter(json!({
                "name": name, "in": "header", "required": false, "description": about,
                "schema": { "type": "string" }, "example": example
            }));
        }
        description.ranged();
        description.problem(416);
    }
}

/// What a [`Content`] can be.
pub trait Served {
    /// Its media types, as the document tells them.
    fn media_types() -> Vec<&'static str>;
}

/// A file as the answer.
pub struct Content<S> {
    answer: HttpResponse,
    of: PhantomData<fn() -> S>,
}

/// What a file is and is called, for its headers.
pub struct Labelled<'l> {
    pub media_type: &'l str,
    pub name: &'l str,
}

type Sent = BoxStream<'static, Result<Bytes, FileTrouble>>;

impl<S> Content<S> {
    fn with(
        status: StatusCode,
        label: &Labelled<'_>,
        etag: Option<&str>,
        finish: impl FnOnce(actix_web::HttpResponseBuilder) -> HttpResponse,
    ) -> Self {
        let mut answer = HttpResponse::build(status);
        answer.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(etag) = etag {
            answer.insert_header((header::ETAG, etag)).insert_header((header::ACCEPT_RANGES, "bytes"));
        }
        if status != StatusCode::NOT_MODIFIED {
            answer.insert_header((header::CONTENT_TYPE, label.media_type));
            answer.insert_header((header::CONTENT_DISPOSITION, attachment(label.name)));
        }
        Self { answer: finish(answer), of: PhantomData }
    }

    /// 304.
    pub fn unchanged(label: &Labelled<'_>, etag: &str) -> Self {
        Self::with(StatusCode::NOT_MODIFIED, label, Some(etag), |mut answer| answer.finish())
    }

    /// 200 with all `size` bytes of a file.
    pub fn whole(label: &Labelled<'_>, etag: &str, size: u64, sent: Sent) -> Self {
        Self::with(StatusCode::OK, label, Some(etag), |mut answer| answer.body(SizedStream::new(size, sent)))
    }

    /// 206 with these bytes of a file of `size`.
    pub fn range(label: &Labelled<'_>, etag: &str, size: u64, range: &Range<u64>, sent: Sent) -> Self {
        Self::with(StatusCode::PARTIAL_CONTENT, label, Some(etag), |mut answer| {
            answer.insert_header((header::CONTENT_RANGE, format!("bytes {}-{}/{size}", range.start, range.end - 1)));
            answer.body(SizedStream::new(range.end - range.start, sent))
        })
    }

    /// What was made for this answer alone, to be shown where it is asked for.
    ///
    /// # Errors
    /// As [`Wanted::part`].
    pub fn rendered(label: &Labelled<'_>, wanted: &Wanted, bytes: Vec<u8>) -> Result<Self, Problem> {
        let bytes = Bytes::from(bytes);
        let size = bytes.len() as u64;
        let etag = format!("\"{}\"", hex(&Sha256::digest(&bytes)[..16]));
        let sent = |part: Bytes| -> Sent { if wanted.head { nothing() } else { Box::pin(stream::once(ready(Ok(part)))) } };
        let mut content = match wanted.part(size, &etag)? {
            Part::Unchanged => Self::unchanged(label, &etag),
            Part::Whole => Self::whole(label, &etag, size, sent(bytes)),
            Part::Range(range) => {
                let part =
                    bytes.slice(usize::try_from(range.start).unwrap_or(0)..usize::try_from(range.end).unwrap_or(bytes.len()));
                Self::range(label, &etag, size, &range, sent(part))
            }
        };
        if content.answer.status() != StatusCode::NOT_MODIFIED
            && let Ok(shown) = header::HeaderValue::from_str(&disposed("inline", label.name))
        {
            content.answer.headers_mut().insert(header::CONTENT_DISPOSITION, shown);
        }
        Ok(content)
    }

    /// 200 with what is made while it is sent: how long it is nobody knows yet.
    pub fn made(label: &Labelled<'_>, sent: Sent) -> Self {
        Self::with(StatusCode::OK, label, None, |mut answer| answer.body(BodyStream::new(sent)))
    }
}

/// No bytes, for who only asks about them.
pub fn nothing() -> Sent {
    Box::pin(stream::empty())
}

impl<S> Responder for Content<S> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.answer
    }
}

impl<S: Served> Answered for Content<S> {
    fn describe(description: &mut Description) {
        description.serve(S::media_types());
    }

    fn only(self, _: &Portion) -> Self {
        self
    }
}

/// To be saved under this name, never shown.
fn attachment(name: &str) -> String {
    disposed("attachment", name)
}

/// What to do with a file of this name (RFC 6266, with RFC 8187 for what is not ASCII).
fn disposed(how: &str, name: &str) -> String {
    const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' }).collect();
    format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, PLAIN))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    const TAG: &str = "\"1-abc\"";

    fn part(size: u64, headers: &[(&'static str, &str)]) -> Result<Part, u16> {
        let mut sent = HeaderMap::new();
        for (name, value) in headers {
            sent.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        Wanted::of(&sent, false).part(size, TAG).map_err(|problem| super::super::problem::status(problem.fault().kind).as_u16())
    }

    #[test]
    fn pf_4_a_range_is_as_the_standard_says() {
        let range = |text| part(100, &[("range", text)]);
        assert_eq!(range("bytes=0-0"), Ok(Part::Range(0..1)));
        assert_eq!(range("bytes=10-"), Ok(Part::Range(10..100)));
        assert_eq!(range("bytes=-10"), Ok(Part::Range(90..100)));
        assert_eq!(range("bytes=-1000"), Ok(Part::Range(0..100)));
        assert_eq!(range("bytes=90-1000"), Ok(Part::Range(90..100)));
        assert_eq!(range("bytes=0-18446744073709551615"), Ok(Part::Range(0..100)));
        for beyond in ["bytes=100-", "bytes=100-200", "bytes=-0"] {
            assert_eq!(range(beyond), Err(416), "{beyond}");
        }
        for ignored in ["bytes=2-1", "bytes=a-b", "bytes=--1", "lines=1-2", "bytes", "bytes=0-1,4-5", "bytes=+1-2", "bytes=-"] {
            assert_eq!(range(ignored), Ok(Part::Whole), "{ignored}");
        }
        assert_eq!(part(0, &[("range", "bytes=-5")]), Err(416));
    }

    #[test]
    fn pf_4_a_download_goes_on_only_with_the_file_that_it_began_with() {
        let asked = |tag| part(100, &[("range", "bytes=50-"), ("if-range", tag)]);
        assert_eq!(asked(TAG), Ok(Part::Range(50..100)));
        assert_eq!(asked("\"1-abd\""), Ok(Part::Whole));
        assert_eq!(asked("W/\"1-abc\""), Ok(Part::Whole), "a weak tag tells nothing of bytes");
        assert_eq!(asked("Sat, 29 Oct 1994 19:43:31 GMT"), Ok(Part::Whole));
        assert_eq!(part(100, &[("if-none-match", "\"x\", W/\"1-abc\""), ("range", "bytes=50-")]), Ok(Part::Unchanged));
    }

    #[test]
    fn pf_4_a_name_in_any_script_is_the_name_that_it_is_saved_under() {
        assert_eq!(attachment("foto 1.jpg"), "attachment; filename=\"foto 1.jpg\"; filename*=UTF-8''foto%201.jpg");
        assert_eq!(attachment("café%.pdf"), "attachment; filename=\"caf__.pdf\"; filename*=UTF-8''caf%C3%A9%25.pdf");
    }
}
