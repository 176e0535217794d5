//! Asking, and what was said.

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::World;

/// A request that is being put together.
pub struct Ask<'w> {
    world: &'w World,
    request: reqwest::RequestBuilder,
    about: String,
}

/// What was answered.
#[derive(Debug)]
pub struct Said {
    pub status: u16,
    pub headers: HeaderMap,
    /// The body as text, as far as it is.
    pub text: String,
    pub bytes: Vec<u8>,
    about: String,
}

impl<'w> Ask<'w> {
    pub fn new(world: &'w World, client: &reqwest::Client, method: &str, path: &str) -> Self {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", world.base) };
        Self { world, about: format!("{method} {path}"), request: client.request(method, url) }
    }

    pub fn json(mut self, body: Value) -> Self {
        self.about = format!("{} {body}", self.about);
        self.request = self.request.json(&body);
        self
    }

    /// As whoever has this account: a persona's word, or the subject that a test made.
    pub fn by(mut self, subject: &str) -> Self {
        self.request = self.request.bearer_auth(self.world.token(subject));
        self.about = format!("{} by {subject}", self.about);
        self
    }

    /// With this token, whoever's it is.
    pub fn with_token(mut self, token: &str) -> Self {
        self.request = self.request.bearer_auth(token);
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// With `If-Match`: the ETag of an answer.
    pub fn if_match(self, said: &Said) -> Self {
        let etag = said.header("etag").expect("an ETag");
        self.header("If-Match", &etag)
    }

    /// A body of bytes, as they are.
    pub fn bytes(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.request = self.request.header("Content-Type", media_type).body(body.into());
        self
    }

    pub async fn send(self) -> Said {
        let answer = self.request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.bytes().await.expect("a body").to_vec();
        Said { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes, about: self.about }
    }

    /// Says what it is going to send, and sends so many bytes of it.
    async fn begin_to_send(self, sent: usize) -> TcpStream {
        let request = self.request.build().expect("a request");
        let (url, body) = (request.url(), request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default());
        let place = format!("{}:{}", url.host_str().expect("a host"), url.port().expect("a port"));
        let mut head = format!("{} {} HTTP/1.1\r\nHost: {place}\r\n", request.method(), url.path());
        for (name, value) in request.headers() {
            head += &format!("{name}: {}\r\n", value.to_str().expect("a text"));
        }
        if !request.headers().contains_key("content-length") {
            head += &format!("content-length: {}\r\n", body.len());
        }
        let mut stream = TcpStream::connect(place).await.expect("a connection");
        stream.write_all(format!("{head}\r\n").as_bytes()).await.expect("sent");
        stream.write_all(&body[..sent]).await.expect("sent");
        stream
    }

    /// Hangs up after so many bytes of the body.
    pub async fn hang_up_after(self, sent: usize) {
        drop(self.begin_to_send(sent).await);
    }

    /// The status of what is answered before anything of the body is sent.
    pub async fn head_alone(self) -> u16 {
        let mut stream = self.begin_to_send(0).await;
        let mut line = [0; 12];
        stream.read_exact(&mut line).await.expect("an answer");
        String::from_utf8_lossy(&line[9..]).parse().expect("a status")
    }
}

impl Said {
    /// The body, after the status was this.
    #[track_caller]
    pub fn with(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.about, self.text);
        if self.text.is_empty() { Value::Null } else { serde_json::from_str(&self.text).expect("JSON") }
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        self.with(200)
    }

    #[track_caller]
    pub fn created(self) -> Value {
        assert!(self.header("location").is_some(), "{}: no Location", self.about);
        self.with(201)
    }

    /// The code of a problem with this status.
    #[track_caller]
    pub fn problem(self, status: u16) -> String {
        assert_eq!(self.header("content-type").as_deref(), Some("application/problem+json"), "{}: {}", self.about, self.text);
        let problem = self.with(status);
        problem["code"].as_str().expect("a code").to_owned()
    }

    /// Pointer and code of every fault of a 400.
    #[track_caller]
    pub fn faults(self) -> Vec<(String, String)> {
        self.faults_of(400)
    }

    /// The same of a problem with this status: 409 where each fault is that things stand otherwise.
    #[track_caller]
    pub fn faults_of(self, status: u16) -> Vec<(String, String)> {
        let problem = self.with(status);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let errors = problem["errors"].as_array().expect("errors");
        errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|value| value.to_str().expect("text").to_owned())
    }
}
