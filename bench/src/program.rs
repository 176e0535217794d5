//! The program itself as a process of its own: how long the demo takes to be ready, and how much memory it takes.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use trouble::http::{Request, once};

use crate::Measured;
use crate::place::Place;
use crate::table::{Goal, Row, heading, say};

/// Asked each second by each of the personas below: less than what one caller may.
const PACE: Duration = Duration::from_millis(10);
const PERSONAS: [&str; 8] =
    ["student", "guardian", "coach", "scout", "teacher", "teamLeader", "landscapeManager", "administrator"];

/// The process, and the folder that it keeps its data in.
struct Demo {
    process: Child,
    /// Gone when the process is.
    _folder: tempfile::TempDir,
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.process.kill().and_then(|()| self.process.wait()).ok();
    }
}

/// Measures and tells.
///
/// # Errors
/// What could not be measured.
pub async fn measure(place: &Place, whole_college: bool, time: Duration) -> Measured<()> {
    let program = trouble::program::find().map_err(|error| error.to_string())?;
    heading(&format!("{}, the program", place.name()));
    let (demo, ready, at) = begin(place, &program, 300)?;
    say(&Row::figure("the demo is ready, 300 students", ready, "s", Goal::AtMost(10.0)));
    let asked = ask(at, time).await?;
    let memory = format!("memory at its highest, {:.0} requests a second by {} people", asked, PERSONAS.len());
    say(&Row::figure(&memory, peak(&demo)?, "MiB", Goal::AtMost(256.0)));
    drop(demo);
    if whole_college {
        let (_demo, ready, _) = begin(place, &program, 11_000)?;
        say(&Row::figure("the demo is ready, 11,000 students", ready, "s", Goal::AtMost(180.0)));
    }
    Ok(())
}

/// The demo, the seconds until it was ready, and where it listens.
fn begin(place: &Place, program: &Path, students: u32) -> Measured<(Demo, f64, std::net::SocketAddr)> {
    let folder = tempfile::tempdir()?;
    let begun = Instant::now();
    let mut command = trouble::program::command(program, &[], folder.path(), &[]);
    command.args(["demo", "--listen", "127.0.0.1:0", "--students", &students.to_string(), "--data"]).arg(folder.path());
    if let Some(cluster) = place.cluster() {
        let name = cluster.database(None).map_err(|error| error.to_string())?;
        command.args(["--database-url", &cluster.url(&name)]);
    }
    let process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut demo = Demo { process, _folder: folder };
    let told = demo.process.stdout.take().ok_or("the demo says nothing")?;
    let at = welcome(told)?;
    let ready = begun.elapsed().as_secs_f64();
    Ok((demo, ready, at))
}

/// Reads up to the end of what it says once it is ready.
fn welcome(told: ChildStdout) -> Measured<std::net::SocketAddr> {
    let mut at = None;
    for line in BufReader::new(told).lines() {
        let line = line?;
        if let Some((_, rest)) = line.split_once("http://") {
            at = at.or_else(|| rest.split('/').next()?.parse().ok());
        }
        if line.starts_with("Stop it") {
            return at.ok_or_else(|| "the demo did not say where it listens".into());
        }
    }
    Err("the demo ended before it was ready".into())
}

/// Everyone asks in turn for themself, pages of what they may see, and lets an application be made; how often in a second.
async fn ask(at: std::net::SocketAddr, time: Duration) -> Measured<f64> {
    let mut tasks = tokio::task::JoinSet::new();
    let until = Instant::now() + time;
    for persona in PERSONAS {
        let token = once(at, &Request::post("/v1/dev/tokens", &json!({ "persona": persona }))).await?;
        let token: Value = token.json().map_err(|error| error.to_string())?;
        let token = crate::served::text(&token["accessToken"])?;
        tasks.spawn(async move {
            let paths = [
                "/v1/me",
                "/v1/students?limit=50",
                "/v1/enrolments?limit=50",
                "/v1/applications?limit=50",
                "/v1/changes?limit=50",
            ];
            let mut done = 0_u64;
            for path in paths.iter().cycle() {
                if Instant::now() >= until {
                    break;
                }
                let answer = once(at, &Request::get(path).by(&token)).await.map_err(|error| error.to_string())?;
                if answer.status >= 500 {
                    return Err(format!("{path} by {persona}: {}", answer.status));
                }
                done += 1;
                tokio::time::sleep(PACE).await;
            }
            Ok(done)
        });
    }
    let mut all = 0;
    while let Some(done) = tasks.join_next().await {
        all += done??;
    }
    Ok(all as f64 / time.as_secs_f64())
}

/// Mebibytes that it had at its most.
fn peak(demo: &Demo) -> Measured<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", demo.process.id()))?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    Ok(most.ok_or("/proc tells nothing of memory")? / 1024.0)
}
