//! Mail: by which server, from whom, and what comes of a letter. What stands in one is for the context that sends it.

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime};

use aws_lc_rs::hmac::{self, HMAC_SHA256};
use domain::kernel::{Email, Instant, Secret};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use reqwest::Url;

use crate::sealing;
use crate::tokens::{is_loopback, is_secure};

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// How long the server may take to let a connection in.
const CONNECTS_WITHIN: Duration = Duration::from_secs(15);
/// How long all of one letter may take: less than [`persistence::leermeter::outbox::HELD_FOR`].
const SENDS_WITHIN: Duration = Duration::from_secs(60);

/// The mail server: `smtps://` is TLS from the start, `smtp://` becomes TLS (STARTTLS) before anything is said, but for a server on
/// this very machine.
#[derive(Clone)]
pub struct Server {
    transport: Transport,
    /// What letters that wait are sealed with: whoever has the database alone can not read it.
    key: hmac::Tag,
}

/// It has a password.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}

impl Server {
    /// The server at this address; none where it is no address, or would be spoken to in the open.
    pub fn parse(text: &str) -> Option<Self> {
        let mut url = Url::parse(text).ok()?;
        let is_plain = text.chars().all(|sign| sign.is_ascii_graphic()) && url.query().is_none() && url.fragment().is_none();
        let is_whole = url.username().is_empty() == url.password().is_none_or(str::is_empty);
        let host = url.host_str()?.to_owned();
        if !(is_plain && is_whole && ["", "/"].contains(&url.path())) {
            return None;
        }
        match url.scheme() {
            "smtps" => {}
            "smtp" if is_loopback(&host) => {}
            "smtp" => url.set_query(Some("tls=required")),
            _ => return None,
        }
        let built: AsyncSmtpTransportBuilder = Transport::from_url(url.as_str()).ok()?;
        let key = hmac::sign(&hmac::Key::new(HMAC_SHA256, text.as_bytes()), b"letters");
        Some(Self { transport: built.timeout(Some(CONNECTS_WITHIN)).build(), key })
    }
}

/// Whom letters are from, as `college <lob@college.example>` or an address alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct From(Mailbox);

impl From {
    pub fn parse(text: &str) -> Option<Self> {
        let mailbox: Mailbox = text.parse().ok()?;
        let fits = !text.chars().any(char::is_control) && Email::parse(mailbox.email.as_ref()).is_some();
        fits.then_some(Self(mailbox))
    }
}

/// The address of a front end that ends in a fragment, to which the secret is added: what stands after `#` is sent to no server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTo(String);

impl LinkTo {
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() <= 300 && text.chars().all(|sign| sign.is_ascii_graphic()) && text.contains('#');
        (fits && is_secure(text)).then(|| Self(text.to_owned()))
    }

    /// The link with this secret.
    pub fn with(&self, secret: &Secret) -> String {
        format!("{}{}", self.0, secret.as_str())
    }
}

/// All that it takes to send letters.
#[derive(Clone, Debug)]
pub struct Mail {
    pub server: Server,
    pub from: From,
    pub link: LinkTo,
}

/// A letter as it is sent: plain text to one person.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The same whenever this letter is sent again, so that who gets it twice can tell.
    pub id: String,
    pub to: Email,
    pub name: String,
    pub subject: String,
    pub text: String,
}

/// What came of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server took it, and answers for it from now on (RFC 5321 section 6.1).
    Taken,
    /// It can be tried again later: the server said so, with its reply code.
    Later(u16),
    /// Nobody knows whether it was taken: no server, no answer, or not in time.
    Away(&'static str),
    /// The same letter will never be taken (RFC 5321 section 4.2.1).
    Refused(u16),
}

static AUTO_SUBMITTED: LazyLock<HeaderName> = LazyLock::new(|| HeaderName::new_from_ascii_str("Auto-Submitted"));

impl Mail {
    /// Sends a letter, dated `now`.
    pub async fn send(&self, letter: &Letter, now: Instant) -> Outcome {
        let Some(message) = self.message(letter, now) else { return Outcome::Refused(0) };
        match tokio::time::timeout(SENDS_WITHIN, self.server.transport.send(message)).await {
            Ok(Ok(_)) => Outcome::Taken,
            Ok(Err(error)) => outcome(&error),
            Err(_) => Outcome::Away("not in time"),
        }
    }

    /// The letter as it goes over the wire (RFC 5322); none where it is no letter.
    ///
    /// What people wrote stands in values that are encoded where they hold anything but letters (RFC 2047), never in a header as
    /// it is.
    fn message(&self, letter: &Letter, now: Instant) -> Option<Message> {
        let to = Mailbox::new(Some(one_line(&letter.name)), letter.to.as_str().parse().ok()?);
        let domain = self.from.0.email.domain();
        let at = Duration::from_secs(u64::try_from(now.timestamp()).ok()?);
        let builder: MessageBuilder = Message::builder()
            .from(self.from.0.clone())
            .to(to)
            .subject(one_line(&letter.subject))
            .date(SystemTime::UNIX_EPOCH + at)
            .message_id(Some(format!("<{}@{domain}>", letter.id)))
            .raw_header(HeaderValue::new(AUTO_SUBMITTED.clone(), "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN);
        builder.body(letter.text.clone()).ok()
    }

    /// The secret of a link as it waits in the outbox, for whoever has these settings.
    pub fn seal(&self, about: uuid::Uuid, secret: &Secret) -> Option<String> {
        sealing::seal(&self.server.key, about.as_bytes(), secret.as_str().as_bytes().to_vec())
    }

    /// The secret that was sealed so; none under other settings.
    pub fn open(&self, about: uuid::Uuid, sealed: &str) -> Option<Secret> {
        let secret = sealing::open(&self.server.key, about.as_bytes(), sealed)?;
        Secret::parse(std::str::from_utf8(&secret).ok()?)
    }
}

/// In one line, whatever it was: a header ends where a line does.
fn one_line(text: &str) -> String {
    text.split(|sign: char| sign.is_control() || ['\u{2028}', '\u{2029}'].contains(&sign)).collect::<Vec<_>>().join(" ")
}

/// The server's own words are not repeated: they can hold the address.
fn outcome(error: &lettre::transport::smtp::Error) -> Outcome {
    match error.status().map(u16::from) {
        // It does not let this service in (RFC 4954 section 6): the letter is not to blame.
        Some(code) if (530..540).contains(&code) => Outcome::Later(code),
        Some(code) if error.is_permanent() => Outcome::Refused(code),
        Some(code) => Outcome::Later(code),
        None if error.is_timeout() => Outcome::Away("not in time"),
        None if error.is_tls() => Outcome::Away("no TLS that can be trusted"),
        None => Outcome::Away("no connection"),
    }
}

/// Whether there is mail, shared by all who send it.
pub type Post = Option<Arc<Mail>>;

#[cfg(test)]
mod tests;
