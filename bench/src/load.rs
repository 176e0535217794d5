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
    Once(String),
    /// With a key of its own each time, between these two.
    Keyed(String, String),
}

impl Request {
    pub fn get(path: &str, token: &str) -> Self {
        Self::Once(format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n"))
    }

    /// Of someone with this token, or of nobody.
    pub fn post(path: &str, token: Option<&str>, body: &Value) -> Self {
        let (body, by) = (body.to_string(), token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default());
        Self::Keyed(
            format!("POST {path} HTTP/1.1\r\nHost: bench\r\n{by}Idempotency-Key: bench-"),
            format!("\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()),
        )
    }

    /// A text as a file.
    pub fn file(path: &str, token: &str, text: &str) -> Self {
        let part = "--bench\r\nContent-Disposition: form-data; name=\"file\"; filename=\"bijlage.txt\"\r\n\r\n";
        let body = format!("{part}{text}\r\n--bench--\r\n");
        Self::Once(format!(
            "POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=bench\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    fn text(&self) -> String {
        static SENT: AtomicU64 = AtomicU64::new(0);
        match self {
            Self::Once(text) => text.clone(),
            Self::Keyed(before, after) => format!("{before}{}{after}", SENT.fetch_add(1, Ordering::Relaxed)),
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

/// What came of one request of which the answer does not tell its length.
pub struct Taken {
    /// Seconds until the first of it was there, and until all was.
    pub first: f64,
    pub whole: f64,
    pub bytes: usize,
}

/// Sends a request and lets go of the answer as it comes.
///
/// # Errors
/// An answer that is no success, or not whole.
pub async fn take(at: SocketAddr, request: &Request) -> Measured<Taken> {
    let mut stream = TcpStream::connect(at).await?;
    let begun = Instant::now();
    stream.write_all(request.text().replacen("\r\n", "\r\nConnection: close\r\n", 1).as_bytes()).await?;
    let (mut buffer, mut first, mut bytes, mut last) = (vec![0; 64 * 1024], None, 0, Vec::new());
    loop {
        let read = stream.read(&mut buffer).await?;
        if first.is_none() && !buffer.starts_with(b"HTTP/1.1 200") {
            return Err(String::from_utf8_lossy(&buffer[..read]).into_owned().into());
        }
        first.get_or_insert_with(|| begun.elapsed().as_secs_f64());
        if read == 0 {
            break;
        }
        bytes += read;
        last = buffer[read.saturating_sub(5)..read].to_vec();
    }
    let whole = begun.elapsed().as_secs_f64();
    if last != b"0\r\n\r\n" {
        return Err("it broke off".into());
    }
    Ok(Taken { first: first.unwrap_or(whole), whole, bytes })
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
