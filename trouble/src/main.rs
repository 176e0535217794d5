//! `cargo run --release -p leerloopbaan-trouble -- [TRIAL]`: one kind of trouble, or all, with the figures measured.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, ValueEnum};
use leerloopbaan_trouble::cluster::{self, Cluster};
use leerloopbaan_trouble::college::Place;
use leerloopbaan_trouble::{Tried, files, full_disk, kill, lock, migrate, overload, program, restart, slow, stop};

/// Tries what must hold when things go wrong, on SQLite and on a private PostgreSQL.
#[derive(Parser)]
struct Arguments {
    #[arg(default_value = "all")]
    trial: Trial,
    /// How often, for what is tried at moments of chance
    #[arg(long)]
    rounds: Option<usize>,
    /// An empty PostgreSQL database for kill, stop or overload, instead of SQLite and a private server
    #[arg(long)]
    database_url: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Trial {
    All,
    Kill,
    Stop,
    Lock,
    FullDisk,
    Files,
    Overload,
    Restart,
    Migrate,
    Slow,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match tokio::runtime::Runtime::new().map_err(Into::into).and_then(|runtime| runtime.block_on(run(&arguments))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("did not hold: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Tried<()> {
    if arguments.database_url.is_some() && !matches!(arguments.trial, Trial::Kill | Trial::Stop | Trial::Overload) {
        return Err("a database is named for kill, stop or overload; the others make their own".into());
    }
    let program = program::find()?;
    let places = places(arguments.database_url.as_deref())?;
    let rounds = |usual| arguments.rounds.unwrap_or(usual);
    let trials = [
        Trial::Kill,
        Trial::Stop,
        Trial::Lock,
        Trial::FullDisk,
        Trial::Files,
        Trial::Overload,
        Trial::Restart,
        Trial::Migrate,
        Trial::Slow,
    ];
    for trial in trials {
        // What is known not to hold yet is tried by its name alone.
        if arguments.trial != trial && (arguments.trial != Trial::All || trial == Trial::Overload) {
            continue;
        }
        for place in &places {
            one(trial, &program, place, &rounds).await?;
        }
    }
    Ok(())
}

async fn one(trial: Trial, program: &Path, place: &Place, rounds: &impl Fn(usize) -> usize) -> Tried<()> {
    match trial {
        Trial::All => Ok(()),
        Trial::Migrate => migrate::run(program, place, rounds(20)).await,
        Trial::Restart => match place {
            Place::Cluster(cluster) => restart::run(program, cluster, rounds(3)).await,
            _ => Ok(()),
        },
        Trial::Overload => overload::run(program, place).await,
        Trial::Lock | Trial::FullDisk | Trial::Slow if !matches!(place, Place::Sqlite) => Ok(()),
        Trial::Slow => slow::run(program).await,
        Trial::Lock => lock::run(program).await,
        Trial::FullDisk => full_disk::run(program, rounds(3)).await,
        Trial::Files => files::run(program, place, rounds(20)).await,
        Trial::Kill => kill::run(program, place, rounds(50)).await,
        Trial::Stop => stop::run(program, place, rounds(5)).await,
    }
}

/// Where to try: both databases, unless one is named or there is no PostgreSQL.
fn places(named: Option<&str>) -> Tried<Vec<Place>> {
    if let Some(url) = named {
        return Ok(vec![Place::Named(url.to_owned())]);
    }
    let mut places = vec![Place::Sqlite];
    match cluster::programs() {
        Some(programs) => places.push(Place::Cluster(Arc::new(Cluster::start(&programs, "")?))),
        None => eprintln!("no PostgreSQL server programs (initdb, pg_ctl) were found: SQLite alone is tried"),
    }
    Ok(places)
}
