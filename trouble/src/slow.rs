//! Clients that are slow, silent or too much, while others just want to be served.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::Tried;
use crate::college::{College, Place};
use crate::http::{Client, Request, once};

/// Sockets on which nothing is ever said.
const IDLE: usize = 2000;
/// Requests of which the body never comes.
const SILENT: usize = 600;
/// How long a body may take, and a little more.
const BODY: Duration = Duration::from_secs(20);

pub async fn run(program: &Path) -> Tried<()> {
    let college = College::found(program, &Place::Sqlite).await?;
    let mut process = college.serve().await?;
    refused(&college).await?;
    let mut idle = Vec::new();
    for _ in 0..IDLE {
        idle.push(Client::connect(college.at()).await?);
    }
    let silent_body = |token: &str| Request::post("/v1/people", &json!({ "givenName": "Noor" })).by(token).text();
    let mut silent = JoinSet::new();
    for _ in 0..SILENT {
        let (at, text) = (college.at(), silent_body(&college.token()?));
        silent.spawn(async move {
            let mut client = Client::connect(at).await?;
            let since = Instant::now();
            // All but the last byte.
            client.send(&text.as_bytes()[..text.len() - 1]).await?;
            client.answer().await?.must_be(408)?;
            Tried::Ok(since.elapsed())
        });
    }
    let good = good_clients(&college).await?;
    let mut longest = Duration::ZERO;
    while let Some(took) = silent.join_next().await {
        longest = longest.max(took??);
    }
    process.must_live()?;
    if longest > BODY {
        return Err(format!("a body that never came was waited for during {} s", longest.as_secs()).into());
    }
    println!(
        "slow, SQLite: with {} idle sockets and {SILENT} bodies that never came, 500 requests of others were answered, the slowest \
         after {} ms; who sent no body got 408 after {:.1} s at most; 413 for too much, 400 for too deep",
        idle.len(),
        good.as_millis(),
        longest.as_secs_f64(),
    );
    Ok(())
}

/// What is too much is refused as such.
async fn refused(college: &College) -> Tried<()> {
    let token = college.token()?;
    let large = json!({ "name": "x".repeat(70_000) });
    let (mut deep, depth) = (json!("x"), 200);
    for _ in 0..depth {
        deep = json!([deep]);
    }
    let path = format!("/v1/people?q={}", "x".repeat(5000));
    for (request, status) in [
        (Request::post("/v1/landscapes", &large), 413),
        (Request::post("/v1/landscapes", &deep), 400),
        (Request::get(&path), 413),
    ] {
        once(college.at(), &request.by(&token)).await?.must_be(status)?;
    }
    Ok(())
}

/// Those who only want to be served; answers how long the slowest answer took.
async fn good_clients(college: &College) -> Tried<Duration> {
    let mut slowest = Duration::ZERO;
    for _ in 0..5 {
        let request = Request::get("/v1/people?limit=50").by(&college.token()?);
        let mut client = Client::connect(college.at()).await?;
        for _ in 0..100 {
            let since = Instant::now();
            client.ask(&request).await?.must_be(200)?;
            slowest = slowest.max(since.elapsed());
        }
    }
    Ok(slowest)
}
