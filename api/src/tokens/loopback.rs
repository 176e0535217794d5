//! An issuer on the loopback interface that answers as a test tells it to, and counts how often it was asked.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use super::{Expected, Verifier, specimens};

/// What the issuer answers to whoever asks for its keys.
#[derive(Clone)]
pub struct Answer {
    pub status: &'static str,
    /// Further lines of the head, each with its line end.
    pub head: String,
    pub body: Vec<u8>,
    /// How long it thinks about it first.
    pub after: Duration,
}

pub struct LoopbackIssuer {
    address: SocketAddr,
    asked: AtomicUsize,
    answer: Mutex<Answer>,
    configuration: Mutex<Value>,
}

impl LoopbackIssuer {
    /// An issuer that publishes the Ed25519 key under this name.
    pub fn publishing(kid: &str) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let configuration = json!({"issuer": specimens::ISSUER, "jwks_uri": format!("http://{address}/keys")});
        let issuer = Arc::new(Self {
            address,
            asked: AtomicUsize::new(0),
            answer: Mutex::new(keys_named(&[kid])),
            configuration: Mutex::new(configuration),
        });
        let answering = Arc::clone(&issuer);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let issuer = Arc::clone(&answering);
                // A client that has hung up meanwhile is no matter of the test's.
                thread::spawn(move || issuer.answer_to(&stream.unwrap()).ok());
            }
        });
        issuer
    }

    fn answer_to(&self, mut stream: &TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream).lines();
        let request = lines.next().transpose()?.unwrap_or_default();
        lines.take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty())).for_each(drop);
        let answer = match request.split(' ').nth(1) {
            Some("/keys") => {
                self.asked.fetch_add(1, Ordering::SeqCst);
                self.answer.lock().unwrap().clone()
            }
            Some("/.well-known/openid-configuration") => ok(self.configuration.lock().unwrap().to_string()),
            _ => Answer { status: "404 Not Found", ..ok("") },
        };
        thread::sleep(answer.after);
        let Answer { status, head, body, .. } = answer;
        write!(stream, "HTTP/1.1 {status}\r\n{head}content-length: {}\r\nconnection: close\r\n\r\n", body.len())?;
        stream.write_all(&body)
    }

    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn now_answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    pub fn is_configured_as(&self, configuration: Value) {
        *self.configuration.lock().unwrap() = configuration;
    }

    /// How often the keys were asked for.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// A verifier that has this issuer's keys to fetch, and has not yet.
    pub fn verifier(&self) -> Arc<Verifier> {
        let expected = Expected { jwks_uri: Some(self.at("/keys")), ..specimens::expected() };
        Arc::new(Verifier::remote(expected).unwrap())
    }
}

pub fn ok(body: impl Into<Vec<u8>>) -> Answer {
    Answer { status: "200 OK", head: String::new(), body: body.into(), after: Duration::ZERO }
}

pub fn failing() -> Answer {
    Answer { status: "500 Internal Server Error", ..ok("{}") }
}

/// The Ed25519 key under each of these names.
pub fn keys_named(kids: &[&str]) -> Answer {
    let keys: Vec<Value> = kids.iter().map(|kid| specimens::ed_jwk(kid)).collect();
    ok(json!({ "keys": keys }).to_string())
}
