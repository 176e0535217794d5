//! Mail: by which server, from whom, and what comes of a letter. What stands in one is for the context that sends it.

mod server;

use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime};

use domain::kernel::{Email, Instant, Secret};
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};

use crate::sealing;
use crate::tokens::is_secure;

pub use server::Server;

/// How long all of one letter may take: less than [`persistence::leermeter::outbox::HELD_FOR`].
const SENDS_WITHIN: Duration = Duration::from_secs(60);

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
    /// No letter is taken as things are, whoever it is for: this service, its password or its sender is not welcome.
    KeptOut(u16),
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
        let taking = self.server.take(&self.from.0.email, &message);
        tokio::time::timeout(SENDS_WITHIN, taking).await.unwrap_or(Outcome::Away("not in time"))
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

/// Whether there is mail, shared by all who send it.
pub type Post = Option<Arc<Mail>>;

#[cfg(test)]
mod tests;
