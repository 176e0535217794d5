//! Which version the caller decided on (RFC 9110 section 13.1.1).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest};
use domain::kernel::KernelFault;
use persistence::{DecidedOn, Trouble};

use super::faults::HttpFault;
use super::problem::Problem;

/// The last segment of the paths at which decisions are taken.
pub const DECISIONS: &str = "decisions";

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

    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let lines: Vec<&[u8]> = headers.get_all(IF_MATCH).map(|line| line.as_bytes().trim_ascii()).collect();
        match lines.as_slice() {
            [] if headers.get(IF_NONE_MATCH).is_some_and(|line| line.as_bytes().trim_ascii() == b"*") => Ok(Self::NoneYet),
            [] => Err(HttpFault::VersionMissing.into()),
            [b"*"] => Ok(Self::Any),
            lines => versions(&lines.join(&b','))
                .map(Self::Versions)
                .ok_or_else(|| Problem::findings(vec![HttpFault::BadVersion.at("header:If-Match")])),
        }
    }
}

/// Which versions of the thing of this path were decided on, where that is said: a decision takes it, and does without.
///
/// # Errors
/// [`HttpFault::BadVersion`].
pub(super) fn decided_on(request: &HttpRequest) -> Result<Option<DecidedOn>, Problem> {
    let mut backwards = request.path().rsplit('/');
    let is_decision = request.method() == Method::POST && backwards.next() == Some(DECISIONS);
    if !is_decision || !request.headers().contains_key(IF_MATCH) {
        return Ok(None);
    }
    let thing = backwards.next().and_then(|id| id.parse().ok());
    Ok(match (IfMatch::of(request.headers())?, thing) {
        (IfMatch::Versions(versions), Some(thing)) => Some(DecidedOn { thing, versions }),
        _ => None,
    })
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
        ready(Self::of(request.headers()))
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
        IfMatch::of(&headers).map_err(|problem| problem.fault().code)
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
    fn any_tag_of_a_list_may_be_the_one_that_matches() {
        for lines in [&["\"1\", \"3-9c1185a5c5e9fc54\""][..], &["\"1\"", "\"3-zzz\""], &[", \"zzz\",\"3\" ,, \"1\""]] {
            let told = of(lines).unwrap();
            assert!(told.check(3).is_ok() && told.check(1).is_ok() && told.check(2).is_err(), "{lines:?}");
        }
    }

    #[test]
    fn what_is_no_entity_tag_at_all_is_no_version() {
        for line in ["", ",", "1", "zzz", "\"1", "1\"", "\"1\" \"2\"", "w/\"1\"", "\"1 2\"", "*, \"1\"", "'1'"] {
            assert_eq!(of(&[line]), Err("request.invalid"), "{line}");
        }
        assert_eq!(of(&[]), Err("request.if-match-missing"));
        assert_eq!(of(&["*"]), Ok(IfMatch::Any));
    }
}
