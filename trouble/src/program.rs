//! The program itself, as a process of its own that can be killed.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::Tried;
use crate::http::{Request, once};

/// The program that is tried: built when `cargo run` began this one, and else the one that lies beside it.
///
/// # Errors
/// It could not be built, or is not there.
pub fn find() -> Tried<PathBuf> {
    if let Some(cargo) = std::env::var_os("CARGO") {
        let release: &[&str] = if cfg!(debug_assertions) { &[] } else { &["--release"] };
        let built =
            Command::new(cargo).args(["build", "--quiet", "--locked", "--package", "leerloopbaan"]).args(release).status()?;
        if !built.success() {
            return Err("the program was not built".into());
        }
    }
    let program = std::env::current_exe()?.with_file_name("leerloopbaan");
    if program.is_file() { Ok(program) } else { Err(format!("{} is not there: build it first", program.display()).into()) }
}

/// A command of the program in a folder, with these settings and none of whoever runs this; run by `under`, if any.
pub fn command(program: &Path, under: &[&str], folder: &Path, settings: &[(&str, String)]) -> Command {
    let mut command = match under {
        [] => Command::new(program),
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        }
    };
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LEERLOOPBAAN_")) {
        command.env_remove(name);
    }
    command.envs(settings.iter().map(|(name, value)| (format!("LEERLOOPBAAN_{}", name.to_uppercase()), value)));
    command
}

/// One running service; killed when it is dropped.
pub struct Process {
    child: Child,
    at: SocketAddr,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}

impl Process {
    /// Begins to serve and waits until it is ready.
    ///
    /// # Errors
    /// It ended, or was not ready within a minute.
    pub async fn begin(mut command: Command, at: SocketAddr) -> Tried<Self> {
        let mut process = Self { child: command.arg("serve").spawn()?, at };
        let since = Instant::now();
        let ready = Request::get("/health/ready");
        while since.elapsed() < Duration::from_secs(60) {
            if once(at, &ready).await.is_ok_and(|answer| answer.status == 200) {
                return Ok(process);
            }
            if let Some(status) = process.child.try_wait()? {
                return Err(format!("the service ended with {status}").into());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Err("the service was not ready within a minute".into())
    }

    pub fn at(&self) -> SocketAddr {
        self.at
    }

    /// Kills it where it stands.
    ///
    /// # Errors
    /// It had ended by itself before.
    pub fn kill(mut self) -> Tried<()> {
        if let Some(status) = self.child.try_wait()? {
            return Err(format!("the service had ended with {status} before it was killed").into());
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Tells it to stop, as those who run it do.
    ///
    /// # Errors
    /// The signal could not be sent.
    pub fn tell_to_stop(&self) -> Tried<()> {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        if sent.success() { Ok(()) } else { Err("the signal was not sent".into()) }
    }

    /// Tells it to stop and waits until it has ended well.
    ///
    /// # Errors
    /// It ended otherwise, or goes on for longer than `limit`.
    pub async fn end_when_told(self, limit: Duration) -> Tried<()> {
        self.tell_to_stop()?;
        match self.end(limit).await? {
            status if status.success() => Ok(()),
            status => Err(format!("it ended with {status}").into()),
        }
    }

    /// Waits until it has ended by itself.
    ///
    /// # Errors
    /// It goes on for longer than `limit`.
    pub async fn end(mut self, limit: Duration) -> Tried<ExitStatus> {
        let since = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if since.elapsed() > limit {
                return Err(format!("it had not ended after {} s", limit.as_secs()).into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// # Errors
    /// It has ended.
    pub fn must_live(&mut self) -> Tried<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(format!("the service ended with {status}").into()),
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}
