//! Measures what a request costs, as ratios within one run: against a bare endpoint that only checks the token, and
//! against the same work on the database without HTTP.
//!
//! `cargo run --release -p leerloopbaan-bench [-- postgres://...]`: SQLite unless an empty database is named.

mod load;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use api::http::limits::Limits;
use api::http::server::{Origins, serve};
use api::http::service::{Service, Trust};
use api::http::{At, Caller};
use api::tokens::BuiltInIssuer;
use domain::kernel::EnrolmentId;
use persistence::{Asking, Database, Identity, Location, migrations};
use serde_json::Value;

use load::{Load, Request};

type Measured<T> = Result<T, Box<dyn std::error::Error>>;

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const STUDENTS: u32 = 300;

fn main() -> Measured<()> {
    actix_web::rt::System::new().block_on(measure())
}

async fn measure() -> Measured<()> {
    let folder = tempfile::tempdir()?;
    let location = match std::env::args().nth(1) {
        Some(url) => Location::Postgres { url, connections: 4 },
        None => Location::Sqlite(folder.path().join("bench.sqlite")),
    };
    migrations::run(&location)?;
    let database = Database::open(&location)?;
    let begun = Instant::now();
    api::demo::make(&database, &api::demo::Wish { students: STUDENTS, now: chrono::Utc::now() }).await?;
    println!("{} students made in {:.1} s on {}", STUDENTS, begun.elapsed().as_secs_f64(), name(&location));

    let issuer = Arc::new(BuiltInIssuer::new(api::demo::ISSUER.to_owned(), "leerloopbaan".to_owned())?);
    let trust = || Trust::BuiltIn(Arc::clone(&issuer));
    let service = Service::new(database.clone(), Arc::new(chrono::Utc::now), trust(), Limits::new(false))?;
    let (served, at) = socket()?;
    let running = serve(web::Data::new(service), served, Origins::Any, 2)?;
    let handle = running.handle();
    actix_web::rt::spawn(running);
    let bare_service = web::Data::new(Service::new(database.clone(), Arc::new(chrono::Utc::now), trust(), Limits::new(false))?);
    let (bare_socket, bare_at) = socket()?;
    let bare = HttpServer::new(move || App::new().app_data(bare_service.clone()).route("/bare/{id}", web::get().to(checked)));
    actix_web::rt::spawn(bare.workers(2).listen(bare_socket)?.run());

    let token = issuer.issue("coach", chrono::Utc::now(), Duration::from_secs(3600))?;
    let enrolments = load::one(at, &Request::get("/v1/enrolments?limit=1", &token)).await?;
    let id: EnrolmentId = text(&enrolments["items"][0]["id"])?.parse()?;
    let landscapes = load::one(at, &Request::get("/v1/landscapes", &token)).await?;
    let landscape = text(&landscapes["items"][0]["id"])?;

    let bare = Load::new(bare_at, Request::get(&format!("/bare/{id}"), &token));
    let by_id = Load::new(at, Request::get(&format!("/v1/enrolments/{id}"), &token));
    let page = Load::new(at, Request::get("/v1/students?limit=50", &token));
    let create = Load::new(at, Request::application(&landscape));
    let mut figures: [Vec<f64>; 5] = Default::default();
    for _ in 0..ROUNDS {
        for (load, figures) in [&bare, &by_id, &page, &create].into_iter().zip(&mut figures) {
            figures.push(load.run(ROUND).await?);
        }
        figures[4].push(statements(&database, id).await?);
    }
    let [bare, by_id, page, create, direct] = figures.map(median);
    println!("requests a second, median of {ROUNDS} interleaved rounds of {} s, 16 connections:", ROUND.as_secs());
    println!("  token check alone        {bare:>9.0}");
    println!("  one enrolment by id      {by_id:>9.0}   {:.2} of the token check", by_id / bare);
    println!("                                       {:.2} of the same read without HTTP ({direct:.0}/s)", by_id / direct);
    println!("  page of 50 students      {page:>9.0}   {:.2} of the token check", page / bare);
    println!(
        "  create an application    {create:>9.0}   {:.2} of the token check; durable, with event and idempotency record",
        create / bare
    );
    handle.stop(false).await;
    Ok(())
}

/// The bare endpoint: who asks is checked, and nothing else happens.
async fn checked(_caller: Caller, _id: At<EnrolmentId>) -> HttpResponse {
    HttpResponse::Ok().json(true)
}

/// The same read as the request by id, on as many tasks as there are connections, without HTTP.
async fn statements(database: &Database, id: EnrolmentId) -> Measured<f64> {
    let until = Instant::now() + ROUND;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let database = database.clone();
        tasks.spawn(async move {
            let mut done = 0_u64;
            while Instant::now() < until {
                let identity = Identity::Account { issuer: api::demo::ISSUER.to_owned(), subject: "coach".to_owned() };
                let asking = Asking { identity, now: chrono::Utc::now() };
                if database
                    .read(asking, move |reading| persistence::enrolment::find_enrolment(reading, id).map(drop))
                    .await
                    .is_ok()
                {
                    done += 1;
                }
                tokio::task::yield_now().await;
            }
            done
        });
    }
    let mut all = 0;
    while let Some(done) = tasks.join_next().await {
        all += done?;
    }
    Ok(all as f64 / ROUND.as_secs_f64())
}

fn socket() -> Measured<(TcpListener, SocketAddr)> {
    let socket = TcpListener::bind("127.0.0.1:0")?;
    let at = socket.local_addr()?;
    Ok((socket, at))
}

fn text(value: &Value) -> Measured<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("not a text: {value}").into())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

fn name(location: &Location) -> &'static str {
    if location.file().is_some() { "SQLite" } else { "PostgreSQL" }
}
