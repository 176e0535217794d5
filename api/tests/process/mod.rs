//! The program as a process of its own, and requests to it.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// A test that held, or what broke.
pub type Proved = Result<(), Box<dyn Error>>;

/// The program, in a folder of its own and without the settings of whoever runs the tests.
pub fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leerloopbaan"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LEERLOOPBAAN_")) {
        command.env_remove(name);
    }
    command
}

/// What it said of what went wrong.
pub fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A running program, which ends with the test.
pub struct Running {
    pub child: Child,
    /// `127.0.0.1:40123`
    pub address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}

/// Begins a demo with this many students and waits until it answers.
pub fn begin_demo(folder: &Path, students: u32) -> Result<Running, Box<dyn Error>> {
    let students = students.to_string();
    let mut child = program(folder, &["demo", "--listen", "127.0.0.1:0", "--students", &students])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    let mut running = Running { child, address: String::new() };
    for line in lines.by_ref() {
        let line = line?;
        if let Some(address) = line.trim().strip_prefix("the interface     http://").and_then(|rest| rest.strip_suffix("/v1")) {
            running.address = address.to_owned();
        }
        if line.starts_with("Stop it") {
            return Ok(running);
        }
    }
    Err("the demo ended before it answered".into())
}

/// Sends one request on a connection of its own; answers the status and all that followed.
pub fn ask(address: &str, head: &str, body: &str) -> Result<(u16, String), Box<dyn Error>> {
    ask_as(address, head, None, body)
}

/// The same, as whoever this token is of.
pub fn ask_as(address: &str, head: &str, token: Option<&str>, body: &str) -> Result<(u16, String), Box<dyn Error>> {
    let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let length = body.len();
    write!(
        stream,
        "{head} HTTP/1.1\r\nHost: {address}\r\n{authorization}Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).ok_or("no status")?.parse()?;
    Ok((status, answer))
}
