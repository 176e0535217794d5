//! Requests over one connection that stays open: as little of its own as the protocol allows.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Tried;

/// No answer that takes longer is waited for: longer than the service takes for anything.
const PATIENCE: Duration = Duration::from_secs(40);

/// One request as it is sent.
#[derive(Clone, Debug)]
pub struct Request {
    head: String,
    body: String,
}

impl Request {
    pub fn get(path: &str) -> Self {
        Self { head: format!("GET {path} HTTP/1.1\r\nHost: trouble\r\n"), body: String::new() }
    }

    pub fn delete(path: &str) -> Self {
        Self { head: format!("DELETE {path} HTTP/1.1\r\nHost: trouble\r\n"), body: String::new() }
    }

    pub fn post(path: &str, body: &Value) -> Self {
        Self::with_body("POST", path, body)
    }

    pub fn patch(path: &str, body: &Value) -> Self {
        Self::with_body("PATCH", path, body)
    }

    fn with_body(method: &str, path: &str, body: &Value) -> Self {
        let body = body.to_string();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: trouble\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        );
        Self { head, body }
    }

    #[must_use]
    pub fn by(self, token: &str) -> Self {
        self.with("Authorization", &format!("Bearer {token}"))
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    pub fn text(&self) -> String {
        format!("{}\r\n{}", self.head, self.body)
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub fn json(&self) -> Tried<Value> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// Turned away for now, in the form that says so: 503 or 507, a problem, and when to come again.
    pub fn is_turned_away(&self) -> bool {
        matches!(self.status, 503 | 507)
            && self.header("retry-after").is_some()
            && self.header("content-type") == Some("application/problem+json")
    }

    /// Fails unless the status is this one.
    ///
    /// # Errors
    /// Another status, with what came with it.
    pub fn must_be(self, status: u16) -> Tried<Self> {
        if self.status == status {
            Ok(self)
        } else {
            Err(format!("{status} was to be the answer, and it is {}: {}", self.status, String::from_utf8_lossy(&self.body))
                .into())
        }
    }
}

/// One connection.
pub struct Client {
    stream: TcpStream,
    read: Vec<u8>,
    /// The head of the answer that is coming in, once it is there, and how long head and body are.
    coming: Option<(Answer, usize, usize)>,
}

impl Client {
    /// # Errors
    /// Nobody listens there.
    pub async fn connect(at: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(at).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(4096), coming: None })
    }

    /// Sends one request and waits for its answer.
    ///
    /// # Errors
    /// The connection ended before the answer did, or it took too long.
    pub async fn ask(&mut self, request: &Request) -> std::io::Result<Answer> {
        self.send(request.text().as_bytes()).await?;
        self.answer().await
    }

    /// # Errors
    /// The connection has ended.
    pub async fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// # Errors
    /// The connection ended before the answer did, or it took too long.
    pub async fn answer(&mut self) -> std::io::Result<Answer> {
        tokio::time::timeout(PATIENCE, self.whole_answer()).await.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
    }

    async fn whole_answer(&mut self) -> std::io::Result<Answer> {
        loop {
            if let Some(answer) = self.take() {
                return Ok(answer);
            }
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// The first answer among what was read, if all of it is there.
    fn take(&mut self) -> Option<Answer> {
        if self.coming.is_none() {
            let end = self.read.windows(4).position(|four| four == b"\r\n\r\n")?;
            let head = String::from_utf8_lossy(&self.read[..end]).into_owned();
            let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
            let answer = Answer { status, head, body: Vec::new() };
            let length: usize = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            self.coming = Some((answer, end + 4, end + 4 + length));
        }
        let (mut answer, begins, ends) = self.coming.take_if(|(_, _, ends)| self.read.len() >= *ends)?;
        answer.body = self.read[begins..ends].to_vec();
        self.read.drain(..ends);
        Some(answer)
    }
}

/// One request on a connection of its own.
///
/// # Errors
/// No answer came.
pub async fn once(at: SocketAddr, request: &Request) -> std::io::Result<Answer> {
    Client::connect(at).await?.ask(request).await
}
