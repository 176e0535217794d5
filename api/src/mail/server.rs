//! The mail server: where it is, how it is spoken to, and what it says.

use std::fmt;
use std::time::Duration;

use aws_lc_rs::hmac::{self, HMAC_SHA256};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Mail, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use lettre::{Address, Message};
use percent_encoding::percent_decode_str;
use reqwest::Url;

use super::Outcome;
use crate::tokens::is_loopback;

/// How long the server may take to let a connection in.
const CONNECTS_WITHIN: Duration = Duration::from_secs(15);

/// The mail server: `smtps://` is TLS from the start, `smtp://` becomes TLS (STARTTLS) before anything is said, but for a server on
/// this very machine.
#[derive(Clone)]
pub struct Server {
    host: String,
    port: u16,
    secured: Secured,
    credentials: Option<Credentials>,
    /// What letters that wait are sealed with: whoever has the database alone can not read it.
    pub(super) key: hmac::Tag,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Secured {
    FromTheStart,
    BeforeAnythingIsSaid,
    OnThisMachine,
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
        let url = Url::parse(text).ok()?;
        let is_plain = text.chars().all(|sign| sign.is_ascii_graphic()) && url.query().is_none() && url.fragment().is_none();
        let is_whole = url.username().is_empty() == url.password().is_none_or(str::is_empty);
        let host = url.host_str()?.to_owned();
        if !(is_plain && is_whole && ["", "/"].contains(&url.path())) {
            return None;
        }
        let (secured, port) = match url.scheme() {
            "smtps" => (Secured::FromTheStart, SUBMISSIONS_PORT),
            "smtp" if is_loopback(&host) => (Secured::OnThisMachine, SMTP_PORT),
            "smtp" => (Secured::BeforeAnythingIsSaid, SUBMISSION_PORT),
            _ => return None,
        };
        let decoded = |text| percent_decode_str(text).decode_utf8().ok().map(String::from);
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(decoded(url.username())?, decoded(password)?)),
            None => None,
        };
        let key = hmac::sign(&hmac::Key::new(HMAC_SHA256, text.as_bytes()), b"letters");
        Some(Self { host, port: url.port().unwrap_or(port), secured, credentials, key })
    }

    /// Hands a letter over. The server is asked first whether it takes letters from this sender at all: what it says to that is
    /// about the service and not about the letter.
    pub(super) async fn take(&self, from: &Address, message: &Message) -> Outcome {
        let mut connection = match self.let_in(from).await {
            Ok(connection) => connection,
            Err(error) => return kept_out(&error),
        };
        match connection.send(message.envelope(), &message.formatted()).await {
            Ok(_) => {
                // It answers for the letter by now, whatever it says to a farewell.
                connection.quit().await.ok();
                Outcome::Taken
            }
            Err(error) => outcome(&error),
        }
    }

    /// A connection over which letters from this sender are taken.
    async fn let_in(&self, from: &Address) -> Result<AsyncSmtpConnection, Error> {
        let tls = || TlsParameters::new(self.host.clone());
        let wrapped = if self.secured == Secured::FromTheStart { Some(tls()?) } else { None };
        let name = ClientId::default();
        let to = (self.host.trim_matches(['[', ']']), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(to, Some(CONNECTS_WITHIN), &name, wrapped, None).await?;
        if self.secured == Secured::BeforeAnythingIsSaid {
            connection.starttls(tls()?, &name).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        connection.command(Mail::new(Some(from.clone()), Vec::new())).await?;
        connection.command(Rset).await?;
        Ok(connection)
    }
}

/// No letter is taken as things are, by no fault of any.
fn kept_out(error: &Error) -> Outcome {
    match error.status().map(u16::from) {
        Some(code) => Outcome::KeptOut(code),
        None => away(error),
    }
}

/// What it says to who a letter is for, or to the letter. The server's own words are not repeated: they can hold the address.
fn outcome(error: &Error) -> Outcome {
    match error.status().map(u16::from) {
        // It wants to know first who this is (RFC 4954 section 6): the letter is not to blame.
        Some(code) if (530..540).contains(&code) => Outcome::KeptOut(code),
        Some(code) if error.is_permanent() => Outcome::Refused(code),
        Some(code) => Outcome::Later(code),
        // The letter needs what this server can not do, as an address with letters beyond ASCII does.
        None if error.is_client() => Outcome::Refused(0),
        None => away(error),
    }
}

fn away(error: &Error) -> Outcome {
    Outcome::Away(match error {
        error if error.is_timeout() => "not in time",
        error if error.is_tls() => "no TLS that can be trusted",
        error if error.is_client() => "not as the settings say",
        _ => "no connection",
    })
}
