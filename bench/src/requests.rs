//! What a request costs: answers a second against a bare endpoint, against the same work without HTTP and against
//! pgbench, processors busy for each, and statements run for each.

use std::time::Duration;

use persistence::Database;

use crate::bulk::ENTRIES;
use crate::cpu::Busy;
use crate::load;
use crate::pgbench::{Log, Script};
use crate::place::{College, Place};
use crate::seen;
use crate::served::Served;
use crate::table::{Goal, Row, heading, say};
use crate::{Measured, median};

const ROUNDS: usize = 5;

/// One kind of request, and its goals on the database at hand.
struct Kind {
    what: &'static str,
    goals: Goals,
    /// Of each round: answers a second, microseconds of processors for each, without HTTP, by pgbench.
    rates: Vec<f64>,
    busy: Vec<f64>,
    alone: Vec<f64>,
    pgbench: Vec<f64>,
}

#[derive(Clone, Copy)]
struct Goals {
    of_bare: Option<f64>,
    of_alone: f64,
    of_pgbench: f64,
    busy: f64,
    statements: f64,
}

fn kinds(sqlite: bool) -> [Kind; 6] {
    let kind = |what, goals| Kind { what, goals, rates: vec![], busy: vec![], alone: vec![], pgbench: vec![] };
    let goals = |of_bare, of_alone, of_pgbench, statements, (on_sqlite, on_postgres)| {
        let busy = if sqlite { on_sqlite } else { on_postgres };
        Goals { of_bare, of_alone, of_pgbench, statements, busy }
    };
    let of_bare = if sqlite { 0.5 } else { 0.3 };
    [
        kind("one enrolment by id", goals(Some(of_bare), 0.35, 0.6, 2.0, (35.0, 80.0))),
        kind("a page of 50 students", goals(None, 0.6, 0.7, 2.0, (110.0, 300.0))),
        kind("create an application", goals(None, 0.6, 0.6, 5.0, (130.0, 400.0))),
        kind("one portfolio entry by id", goals(Some(of_bare), 0.35, 0.6, 2.0, (35.0, 80.0))),
        kind("a page of 50 portfolio entries", goals(None, 0.6, 0.7, 2.0, (110.0, 300.0))),
        kind("create a portfolio entry", goals(None, 0.6, 0.6, 5.0, (130.0, 400.0))),
    ]
}

/// Measures and tells.
///
/// # Errors
/// What could not be measured.
pub async fn measure(place: &Place, seconds: u64, tell_statements: bool) -> Measured<()> {
    let college = place.college("requests.sqlite").await?;
    let served = Served::begin(&college.database, &college.files)?;
    let coach = crate::served::text(&served.one("/v1/me", "coach").await?["person"]["id"])?;
    college.enter_students(&coach, 0, 1000)?;
    college.enter_entries(0, 50, ENTRIES, 50)?;
    let owner = college.let_owner_in()?;
    let asked = served.asked(&owner).await?;
    let counted = statements(&college, &owner, tell_statements).await?;
    let scripts = scripts(place, &college, &owner).await?;

    let time = Duration::from_secs(seconds);
    let mut kinds = kinds(matches!(place, Place::Sqlite(_)));
    let (mut bare, processes) = (Vec::new(), college.processes()?);
    for _ in 0..ROUNDS {
        bare.push(load::run(&asked.bare, time).await? as f64 / time.as_secs_f64());
        for (number, kind) in kinds.iter_mut().enumerate() {
            let before = Busy::until_now(&processes)?;
            let answered = load::run(&asked.requests[number], time).await? as f64;
            let busy = Busy::until_now(&processes)?.since(before);
            kind.rates.push(answered / time.as_secs_f64());
            kind.busy.push((busy.service + busy.database) / answered);
            kind.alone.push(asked.work[number].run(&college.database, time)?);
            if let (Some(script), Some(cluster)) = (scripts.get(number), place.cluster()) {
                kind.pgbench.push(script.run(cluster, &college, time)?);
            }
        }
    }
    served.end().await;
    tell(place, median(&bare), &kinds, counted);
    Ok(())
}

fn tell(place: &Place, bare: f64, kinds: &[Kind; 6], counted: [usize; 6]) {
    heading(&format!("{}, requests: median of {ROUNDS} interleaved rounds, 16 connections", place.name()));
    say(&Row::alone("token check alone", bare, "/s"));
    for (kind, counted) in kinds.iter().zip(counted) {
        let (what, rate, goals) = (kind.what, median(&kind.rates), kind.goals);
        match goals.of_bare {
            Some(goal) => say(&Row::ratio(&format!("{what}, of the token check"), rate, "/s", rate / bare, Goal::AtLeast(goal))),
            None => say(&Row::alone(what, rate, "/s")),
        }
        let alone = median(&kind.alone);
        let of_alone = "  the same without HTTP; with it, of this";
        say(&Row::ratio(of_alone, alone, "/s", rate / alone, Goal::AtLeast(goals.of_alone)));
        if !kind.pgbench.is_empty() {
            let pgbench = median(&kind.pgbench);
            let of_pgbench = "  the same statements by pgbench; the request, of this";
            say(&Row::ratio(of_pgbench, pgbench, "/s", rate / pgbench, Goal::AtLeast(goals.of_pgbench)));
        }
        let busy = "  processors for each, service and database";
        say(&Row::figure(busy, median(&kind.busy), "us", Goal::AtMost(goals.busy)));
        say(&Row::figure("  statements for each", counted as f64, "", Goal::AtMost(goals.statements)));
    }
}

/// How many statements each of them runs, once it has been run before.
async fn statements(college: &College, owner: &str, tell: bool) -> Measured<[usize; 6]> {
    seen::watch(true)?;
    let served = Served::begin(&Database::open(&college.location)?, &college.files)?;
    let asked = served.asked(owner).await?;
    let mut counted = [0; 6];
    for ((at, request), counted) in asked.requests.iter().zip(&mut counted) {
        load::one(*at, request).await?;
        seen::statements();
        load::one(*at, request).await?;
        let seen = seen::statements();
        *counted = seen.len();
        if tell {
            seen.iter().for_each(|text| println!("{text}\n"));
        }
    }
    seen::watch(false)?;
    served.end().await;
    Ok(counted)
}

/// All of them as scripts for pgbench; none on SQLite.
async fn scripts(place: &Place, college: &College, owner: &str) -> Measured<Vec<Script>> {
    let Some(cluster) = place.cluster() else { return Ok(Vec::new()) };
    let name = &college.name;
    college.sql(&format!("ALTER DATABASE {name} SET log_statement = 'all'"))?;
    let served = Served::begin(&Database::open(&college.location)?, &college.files)?;
    let asked = served.asked(owner).await?;
    let mut scripts = Vec::new();
    for (at, request) in &asked.requests {
        load::one(*at, request).await?;
        let mut logged = Vec::new();
        for _ in 0..2 {
            let log = Log::here(cluster)?;
            load::one(*at, request).await?;
            logged.push(log.statements()?);
        }
        scripts.push(Script::of(&logged[0], &logged[1])?);
    }
    served.end().await;
    college.sql(&format!("ALTER DATABASE {name} RESET log_statement"))?;
    Ok(scripts)
}
