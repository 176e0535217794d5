//! A load over sixteen connections that stay open: as little of its own as the protocol allows.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Measured;

pub const CONNECTIONS: usize = 16;

/// One request, sent over and over.
#[derive(Clone)]
pub enum Request {
    Get(String),
    /// An application to this landscape, each with a key of its own.
    Application(String),
}

impl Request {
    pub fn get(path: &str, token: &str) -> Self {
        Self::Get(format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n"))
    }

    pub fn application(landscape: &str) -> Self {
        let body = format!(
            "{{\"landscapeId\":\"{landscape}\",\"givenName\":\"Noor\",\"familyName\":\"Vos\",\"birthDate\":\"2009-05-04\",\
             \"email\":\"noor@leerloopbaan.example\",\"motivation\":\"Ik wil met mensen werken.\"}}"
        );
        Self::Application(format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
    }

    fn text(&self) -> String {
        static SENT: AtomicU64 = AtomicU64::new(0);
        match self {
            Self::Get(text) => text.clone(),
            Self::Application(rest) => {
                let key = SENT.fetch_add(1, Ordering::Relaxed);
                format!("POST /v1/applications HTTP/1.1\r\nHost: bench\r\nIdempotency-Key: bench-{key}\r\n{rest}")
            }
        }
    }
}

/// How many requests were answered in this time.
///
/// # Errors
/// An answer that is no success.
pub async fn run((at, request): &(SocketAddr, Request), time: Duration) -> Measured<u64> {
    let until = Instant::now() + time;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (at, request) = (*at, request.clone());
        tasks.spawn(async move {
            let mut stream = TcpStream::connect(at).await.map_err(|error| error.to_string())?;
            stream.set_nodelay(true).map_err(|error| error.to_string())?;
            let mut done = 0_u64;
            while Instant::now() < until {
                let (status, body) = answer(&mut stream, &request.text()).await.map_err(|error| error.to_string())?;
                if !(200..300).contains(&status) {
                    return Err(format!("{status}: {}", String::from_utf8_lossy(&body)));
                }
                done += 1;
            }
            Ok(done)
        });
    }
    let mut all = 0;
    while let Some(done) = tasks.join_next().await {
        all += done??;
    }
    Ok(all)
}

/// Sends one request and reads its JSON.
///
/// # Errors
/// What the connection ends in.
pub async fn one(at: SocketAddr, request: &Request) -> Measured<Value> {
    let mut stream = TcpStream::connect(at).await?;
    let (status, body) = answer(&mut stream, &request.text()).await?;
    if !(200..300).contains(&status) {
        return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
    }
    Ok(serde_json::from_slice(&body)?)
}

/// Status and body of the answer, which tells its length.
async fn answer(stream: &mut TcpStream, request: &str) -> std::io::Result<(u16, Vec<u8>)> {
    stream.write_all(request.as_bytes()).await?;
    let mut read = Vec::with_capacity(4096);
    loop {
        if stream.read_buf(&mut read).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
        let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        if read.len() >= end + 4 + length {
            let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
            return Ok((status, read.split_off(end + 4)));
        }
    }
}
