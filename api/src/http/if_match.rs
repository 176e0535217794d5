//! Which version the caller decided on (RFC 9110 section 13.1.1).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest};
use domain::kernel::{Id, KernelFault};
use percent_encoding::percent_decode_str;
use persistence::{DecidedOn, Trouble};
use uuid::Uuid;

use super::faults::HttpFault;
use super::noted::note;
use super::problem::Problem;

/// Where it stands, in what is told of its faults.
const HEADER: &str = "header:If-Match";

/// The last segment of the paths at which decisions are taken.
pub const DECISIONS: &str = "decisions";

/// All entity tags together are at most this long, in bytes.
pub const IF_MATCH_LIMIT: usize = 100;

/// Which version the caller decided on; 428 where they do not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// `If-Match: *`: whichever it is.
    Any,
    /// Any of these: none at all where the tags are not such as were ever given.
    Versions(Vec<i64>),
    /// `If-None-Match: *`: there must be none yet.
    NoneYet,
}

impl IfMatch {
    /// # Errors
    /// [`KernelFault::Stale`] where it has another version by now.
    pub fn check(&self, version: i64) -> Result<(), Trouble> {
        match self {
            Self::Any => Ok(()),
            Self::Versions(wanted) if wanted.contains(&version) => Ok(()),
            Self::Versions(_) | Self::NoneYet => Err(KernelFault::Stale.into()),
        }
    }

    /// For what one says the first time or again: `If-None-Match: *` where there is none yet, a version from then on.
    ///
    /// # Errors
    /// [`KernelFault::Stale`] where there is one after all, none at all, or another by now.
    pub fn check_or_first(&self, version: Option<i64>) -> Result<(), Trouble> {
        match (version, self) {
            (Some(version), _) => self.check(version),
            (None, Self::NoneYet) => Ok(()),
            (None, Self::Any | Self::Versions(_)) => Err(KernelFault::Stale.into()),
        }
    }

    /// # Errors
    /// [`HttpFault::VersionMissing`], [`HttpFault::BadVersion`].
    fn of(headers: &HeaderMap) -> Result<Self, HttpFault> {
        let lines: Vec<&[u8]> = headers.get_all(IF_MATCH).map(|line| line.as_bytes().trim_ascii()).collect();
        match lines.as_slice() {
            [] if headers.get(IF_NONE_MATCH).is_some_and(|line| line.as_bytes().trim_ascii() == b"*") => Ok(Self::NoneYet),
            [] => Err(HttpFault::VersionMissing),
            [b"*"] => Ok(Self::Any),
            lines => {
                let list = Some(lines.join(&b',')).filter(|list| list.len() <= IF_MATCH_LIMIT);
                list.and_then(|list| versions(&list)).map(Self::Versions).ok_or(HttpFault::BadVersion)
            }
        }
    }
}

/// Which versions of the thing of this path were decided on, where that is said: a decision takes it, and does without.
/// What is no `If-Match` is noted.
///
/// # Errors
/// [`KernelFault::Absent`] where the path names no thing that could have a version: a tag is never passed over.
pub(super) fn decided_on(request: &HttpRequest) -> Result<Option<DecidedOn>, Problem> {
    if request.method() != Method::POST || !request.headers().contains_key(IF_MATCH) {
        return Ok(None);
    }
    let path = request.match_pattern().unwrap_or_default();
    if path.rsplit('/').next() != Some(DECISIONS) {
        return Ok(None);
    }
    match IfMatch::of(request.headers()) {
        Ok(IfMatch::Versions(versions)) => {
            let thing = thing(request).ok_or(KernelFault::Absent.fault())?;
            Ok(Some(DecidedOn { thing, versions }))
        }
        Ok(IfMatch::Any | IfMatch::NoneYet) => Ok(None),
        Err(fault) => {
            note(request, fault.at(HEADER));
            Ok(None)
        }
    }
}

/// What the last parameter of the path names, read as the handler reads it: out of the path without its percent signs.
fn thing(request: &HttpRequest) -> Option<Uuid> {
    let (_, named) = request.match_info().iter().last()?;
    let named = percent_decode_str(named).decode_utf8().ok()?;
    named.parse::<Id<()>>().ok().map(Id::uuid)
}

/// The versions in a list of entity tags; none where it is no such list. A weak tag matches nothing, nor does one that
/// holds no version (RFC 9110 section 8.8.3.2).
fn versions(list: &[u8]) -> Option<Vec<i64>> {
    let (mut versions, mut rest, mut tags) = (Vec::new(), list, 0);
    loop {
        rest = rest.trim_ascii_start();
        if let [b',', after @ ..] = rest {
            rest = after;
            continue;
        }
        if rest.is_empty() {
            return (tags > 0).then_some(versions);
        }
        let (strong, quoted) = rest.strip_prefix(b"W/").map_or((true, rest), |quoted| (false, quoted));
        let inside = quoted.strip_prefix(b"\"")?;
        let end = inside.iter().position(|byte| *byte == b'"')?;
        let (tag, after) = inside.split_at(end);
        if tag.iter().any(|byte| *byte <= b' ' || *byte == 0x7f) {
            return None;
        }
        tags += 1;
        versions.extend(version(tag).filter(|_| strong));
        rest = after[1..].trim_ascii_start();
        if !rest.is_empty() && rest[0] != b',' {
            return None;
        }
    }
}

/// What comes before the hyphen: see `docs/decisions/0002-etag-carries-version-and-bytes.md`.
fn version(tag: &[u8]) -> Option<i64> {
    let tag = std::str::from_utf8(tag).ok()?;
    tag.split_once('-').map_or(tag, |(version, _)| version).parse().ok()
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match Self::of(request.headers()) {
            Err(HttpFault::BadVersion) => {
                note(request, HttpFault::BadVersion.at(HEADER));
                Ok(Self::Versions(Vec::new()))
            }
            told => told.map_err(Problem::from),
        })
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn of(lines: &[&str]) -> Result<IfMatch, &'static str> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(IF_MATCH, HeaderValue::from_str(line).unwrap());
        }
        IfMatch::of(&headers).map_err(|fault| fault.fault().code)
    }

    #[test]
    fn an_entity_tag_that_nobody_was_given_matches_no_version() {
        for tag in ["\"zzz\"", "\"\"", "W/\"1-0000000000000000\"", "W/\"x\"", "\"zzz\", W/\"1\"", "\"a,b\""] {
            let told = of(&[tag]).unwrap();
            assert_eq!(told, IfMatch::Versions(Vec::new()), "{tag}");
            assert!(told.check(1).is_err(), "{tag}");
        }
    }

    #[test]
    fn what_is_said_the_first_time_must_not_be_there_and_from_then_on_has_a_version() {
        let nothing = IfMatch::NoneYet;
        assert!(nothing.check_or_first(None).is_ok() && nothing.check_or_first(Some(1)).is_err());
        for told in [IfMatch::Any, IfMatch::Versions(vec![1])] {
            assert!(told.check_or_first(None).is_err() && told.check_or_first(Some(1)).is_ok(), "{told:?}");
        }
    }

    #[test]
    fn any_tag_of_a_list_may_be_the_one_that_matches() {
        for lines in [&["\"1\", \"3-9c1185a5c5e9fc54\""][..], &["\"1\"", "\"3-zzz\""], &[", \"zzz\",\"3\" ,, \"1\""]] {
            let told = of(lines).unwrap();
            assert!(told.check(3).is_ok() && told.check(1).is_ok() && told.check(2).is_err(), "{lines:?}");
        }
    }

    #[test]
    fn what_is_no_entity_tag_at_all_is_no_version() {
        for line in ["", ",", "1", "zzz", "\"1", "1\"", "\"1\" \"2\"", "w/\"1\"", "\"1 2\"", "*, \"1\"", "'1'"] {
            assert_eq!(of(&[line]), Err("request.bad-if-match"), "{line}");
        }
        let long = |length: usize| format!("\"{}\"", "1".repeat(length - 2));
        assert!(of(&[&long(IF_MATCH_LIMIT)]).is_ok());
        assert_eq!(of(&[&long(IF_MATCH_LIMIT + 1)]), Err("request.bad-if-match"), "longer than the document says");
        assert_eq!(of(&[]), Err("request.if-match-missing"));
        assert_eq!(of(&["*"]), Ok(IfMatch::Any));
    }
}
