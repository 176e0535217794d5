//! Ten times what it can answer is asked: it goes on answering what it can, as quickly as ever, and turns the rest
//! away at once.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::Tried;
use crate::college::{College, Place};
use crate::http::{Client, Request, once};

const PEOPLE: usize = 300;
/// What it is to answer at once where its capacity is measured.
const AT_CAPACITY: usize = 32;
/// Connections over which ten times as much comes.
const CROWD: usize = 1024;
/// Callers on each connection: one alone asks no more than its share.
const TOKENS: usize = 4;
const TIMES: f64 = 10.0;
const MEASURED: Duration = Duration::from_secs(2);
const ROUNDS: u32 = 5;
/// One request in so many writes; the others read a page of fifty people.
const WRITES: usize = 10;

/// What was answered, and how soon.
#[derive(Default)]
struct Answered {
    done: Vec<Duration>,
    turned_away: Vec<Duration>,
}

impl Answered {
    fn add(&mut self, other: Self) {
        self.done.extend(other.done);
        self.turned_away.extend(other.turned_away);
    }

    fn a_second(&self) -> f64 {
        self.done.len() as f64 / (MEASURED * ROUNDS).as_secs_f64()
    }
}

fn at(mut times: Vec<Duration>, part: f64) -> f64 {
    times.sort();
    let place = ((times.len() as f64 * part) as usize).min(times.len().saturating_sub(1));
    times.get(place).copied().unwrap_or_default().as_secs_f64() * 1000.0
}

/// This process on the second core, so that the load takes nothing from what it is put on; back when it is dropped.
struct Aside(String);

impl Aside {
    fn step() -> Option<Self> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let all = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?.trim().to_owned();
        (std::thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) && pin("1")).then_some(Self(all))
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        pin(&self.0);
    }
}

fn pin(cores: &str) -> bool {
    let done = Command::new("taskset").args(["-a", "-c", "-p", cores, &std::process::id().to_string()]).output();
    done.is_ok_and(|done| done.status.success())
}

pub async fn run(program: &Path, place: &Place) -> Tried<()> {
    let college = College::found(program, place).await?;
    let aside = Aside::step();
    let under: &[&str] = if aside.is_some() { &["taskset", "-c", "0"] } else { &[] };
    let mut process = college.serve_under(under).await?;
    for person in 0..PEOPLE {
        let new = json!({ "givenName": "Noor", "familyName": format!("Vos {person:03}") });
        let request = Request::post("/v1/people", &new).by(&college.token()?);
        once(college.at(), &request).await?.must_be(201)?;
    }
    let tokens: Vec<Vec<String>> = (0..CROWD).map(|_| (0..TOKENS).map(|_| college.token()).collect()).collect::<Tried<_>>()?;
    let tokens = Arc::new(tokens);
    load(&college, &tokens, AT_CAPACITY, None).await?;
    // The machine may have others to serve too: what it can and what it does beyond that are measured in turns.
    let (mut normal, mut ten) = (Answered::default(), Answered::default());
    for _ in 0..ROUNDS {
        let usual = load(&college, &tokens, AT_CAPACITY, None).await?;
        let asked = usual.done.len() as f64 / MEASURED.as_secs_f64() * TIMES;
        normal.add(usual);
        ten.add(load(&college, &tokens, CROWD, Some(asked)).await?);
    }
    process.must_live()?;
    let (capacity, answered) = (normal.a_second(), ten.a_second());
    let offered = (ten.done.len() + ten.turned_away.len()) as f64 / (MEASURED * ROUNDS).as_secs_f64();
    let goodput = answered / capacity;
    let (usual, slow) = (at(normal.done, 0.99), at(ten.done, 0.99));
    println!(
        "overload, {}: capacity {capacity:.0} requests a second with {AT_CAPACITY} at once, 99 % within {usual:.0} ms; offered \
         {offered:.0} a second over {CROWD} connections: {:.0} % of capacity answered, 99 % within {slow:.0} ms; the rest turned \
         away, half within {:.1} ms, 99 % within {:.1} ms{}",
        place.name(),
        goodput * 100.0,
        at(ten.turned_away.clone(), 0.5),
        at(ten.turned_away, 0.99),
        if aside.is_some() { "" } else { " (the load shared the service's cores)" },
    );
    if goodput < 0.9 { Err(format!("{:.0} % of capacity is less than 90 %", goodput * 100.0).into()) } else { Ok(()) }
}

/// Asks over so many connections: each as soon as it has its answer, or so many a second in all whatever the answers.
async fn load(college: &College, tokens: &Arc<Vec<Vec<String>>>, connections: usize, a_second: Option<f64>) -> Tried<Answered> {
    let (count, begun) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut tasks = JoinSet::new();
    for connection in 0..connections {
        let (to, count, tokens) = (college.at(), Arc::clone(&count), Arc::clone(tokens));
        tasks.spawn(async move { ask(to, &tokens[connection], &count, begun, a_second).await });
    }
    let mut all = Answered::default();
    while let Some(one) = tasks.join_next().await {
        all.add(one??);
    }
    Ok(all)
}

async fn ask(to: SocketAddr, tokens: &[String], count: &AtomicUsize, begun: Instant, a_second: Option<f64>) -> Tried<Answered> {
    let mut client = Client::connect(to).await?;
    let mut answered = Answered::default();
    while begun.elapsed() < MEASURED {
        let number = count.fetch_add(1, Ordering::Relaxed);
        if let Some(a_second) = a_second {
            tokio::time::sleep_until((begun + Duration::from_secs_f64(number as f64 / a_second)).into()).await;
        }
        let since = Instant::now();
        let token = &tokens[answered.done.len() % tokens.len()];
        let answer = if number.is_multiple_of(WRITES) {
            let key = Uuid::new_v4();
            let new = json!({ "givenName": "Noor", "familyName": format!("Vos {key}") });
            client.ask(&Request::post("/v1/people", &new).by(token).with("Idempotency-Key", &key.to_string())).await?
        } else {
            client.ask(&Request::get("/v1/people?limit=50").by(token)).await?
        };
        if answer.header("connection") == Some("close") {
            client = Client::connect(to).await?;
        }
        match answer.status {
            200 | 201 => answered.done.push(since.elapsed()),
            _ if answer.is_turned_away() => answered.turned_away.push(since.elapsed()),
            status => return Err(format!("a request was answered {status}: {}", String::from_utf8_lossy(&answer.body)).into()),
        }
    }
    Ok(answered)
}
