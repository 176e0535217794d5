//! `health`: asks a running service whether it is ready, where there is no other program to ask with.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use super::{Failure, say};

const PATIENCE: Duration = Duration::from_secs(3);

pub fn run(listen: SocketAddr) -> Result<(), Failure> {
    let address = reachable(listen);
    let status = ask(address).map_err(Failure::io(address.to_string()))?;
    if status.contains(" 200 ") {
        say("ready");
        Ok(())
    } else {
        Err(Failure::Refused(format!("{address} is not ready: {status}")))
    }
}

/// Who listens on every address is asked on the loopback interface.
fn reachable(mut listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() {
        listen.set_ip(if listen.is_ipv4() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { IpAddr::V6(Ipv6Addr::LOCALHOST) });
    }
    listen
}

/// The status line of the answer.
fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = [0; 64];
    let read = stream.read(&mut answer)?;
    let answer = String::from_utf8_lossy(answer.get(..read).unwrap_or_default());
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}
