//! A mail server on this machine that does as a test tells it to (RFC 5321, as much of it as there is to do).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::mail::{From, LinkTo, Mail, Server};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What it does with a letter.
#[derive(Clone, Copy, Debug)]
pub enum Manner {
    Takes,
    /// Answers so when it is told who the letter is for.
    Says(&'static str),
    /// Answers so to this command, or to who connects where that is `220`.
    SaysTo(&'static str, &'static str),
    /// Keeps the letter and does not answer for so long.
    TakesAndIsSilent(Duration),
    /// Keeps the letter and hangs up.
    TakesAndHangsUp,
}

#[derive(Clone)]
pub struct Postman {
    address: String,
    manner: Arc<Mutex<Manner>>,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Postman {
    /// One who takes letters from now on, until the test is over.
    pub async fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("smtp://{}", listener.local_addr().expect("an address"));
        let postman = Self { address, manner: Arc::new(Mutex::new(Manner::Takes)), taken: Arc::default() };
        let serving = postman.clone();
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                // Who hangs up does so.
                actix_web::rt::spawn(async move { serving.serve(stream).await.ok() });
            }
        });
        postman
    }

    /// Mail by this server.
    pub fn mail(&self) -> Mail {
        mail(&self.address)
    }

    pub fn henceforth(&self, manner: Manner) {
        *self.manner.lock().expect("a manner") = manner;
    }

    /// The letters that were taken, as they stand on the wire but for lines that were broken on the way.
    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().expect("letters").iter().map(|letter| letter.replace("=\r\n", "")).collect()
    }

    async fn serve(self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let manner = *self.manner.lock().expect("a manner");
        if let Manner::SaysTo("220", answer) = manner {
            return stream.write_all(format!("{answer}\r\n").as_bytes()).await;
        }
        stream.write_all(b"220 here\r\n").await?;
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let manner = *self.manner.lock().expect("a manner");
            let answer = match (line.get(..4).unwrap_or_default(), manner) {
                ("RCPT", Manner::Says(answer)) => answer,
                (command, Manner::SaysTo(to, answer)) if command == to => answer,
                ("EHLO" | "MAIL" | "RCPT" | "RSET" | "NOOP", _) => "250 fine",
                ("DATA", _) => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let mut letter = String::new();
                    while !letter.ends_with("\r\n.\r\n") && stream.read_line(&mut letter).await? > 0 {}
                    self.taken.lock().expect("letters").push(letter);
                    match manner {
                        Manner::TakesAndIsSilent(time) => tokio::time::sleep(time).await,
                        Manner::TakesAndHangsUp => return Ok(()),
                        Manner::Takes | Manner::Says(_) | Manner::SaysTo(..) => {}
                    }
                    "250 taken"
                }
                ("QUIT", _) => "221 until next time",
                _ => "502 not here",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }
}

/// Mail by the server at this address.
pub fn mail(address: &str) -> Mail {
    Mail {
        server: Server::parse(address).expect("a mail server"),
        from: From::parse("Het college <lob@college.example>").expect("a sender"),
        link: LinkTo::parse("https://app.college.example/rate#").expect("a link"),
    }
}
