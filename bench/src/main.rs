//! Measures the goals of `docs/performance.md` and prints them beside what was measured, on SQLite and on a private
//! PostgreSQL. It measures, and holds nothing against anyone: it fails only where something could not be measured.

mod alone;
mod archive;
mod bulk;
mod cpu;
mod growth;
mod imports;
mod leermeter;
mod load;
mod pgbench;
mod place;
mod program;
mod requests;
mod seen;
mod served;
mod table;

use std::time::Duration;

use clap::{Parser, ValueEnum};

use growth::Size;
use place::Place;

type Measured<T> = Result<T, Box<dyn std::error::Error>>;

/// Measures what requests, growth and imports cost, and prints it beside what it should.
#[derive(Parser)]
struct Arguments {
    /// Only this
    #[arg(value_enum)]
    only: Option<Part>,
    /// Only on this database
    #[arg(long, value_enum)]
    on: Option<Engine>,
    /// How many students the large college has, in fifties; up to 500,000 is sensible
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(2000..=1_000_000))]
    students: u32,
    /// How many events the long log has; up to 10,000,000 is sensible
    #[arg(long, default_value_t = 500_000, value_parser = clap::value_parser!(u32).range(20_000..=50_000_000))]
    events: u32,
    /// How many portfolio entries there are in the large college, of 200 for each student; up to 2,200,000 is sensible
    #[arg(long, default_value_t = 220_000, value_parser = clap::value_parser!(u32).range(20_000..=10_000_000))]
    entries: u32,
    /// How many ratings of the leermeter there are in the large college, of 120 for each student; up to 1,300,000 is sensible
    #[arg(long, default_value_t = 130_000, value_parser = clap::value_parser!(u32).range(90_000..=10_000_000))]
    ratings: u32,
    /// Also make a demo of 11,000 students
    #[arg(long)]
    whole_college: bool,
    /// How long each round of each request takes, in seconds
    #[arg(long, default_value_t = 1)]
    seconds: u64,
    /// Print the statements that are counted
    #[arg(long)]
    statements: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Requests,
    Growth,
    Leermeter,
    Archive,
    Imports,
    Program,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    Sqlite,
    Postgres,
}

fn main() -> Measured<()> {
    let arguments = Arguments::parse();
    actix_web::rt::System::new().block_on(run(&arguments))
}

async fn run(arguments: &Arguments) -> Measured<()> {
    if arguments.on != Some(Engine::Postgres) {
        measure(&Place::sqlite()?, arguments).await?;
    }
    if arguments.on != Some(Engine::Sqlite) {
        match Place::postgres()? {
            Some(place) => measure(&place, arguments).await?,
            None if arguments.on.is_some() => return Err("there are no programs of PostgreSQL's server".into()),
            None => println!("\nNothing is measured on PostgreSQL: there are no programs of its server."),
        }
    }
    Ok(())
}

async fn measure(place: &Place, arguments: &Arguments) -> Measured<()> {
    let wanted = |part| arguments.only.is_none_or(|only| only == part);
    let Arguments { students, events, entries, ratings, whole_college, seconds, statements, .. } = *arguments;
    if wanted(Part::Requests) {
        requests::measure(place, seconds, statements).await?;
    }
    if wanted(Part::Growth) {
        growth::measure(place, seconds, Size { students: students / 50 * 50, events, entries }).await?;
    }
    if wanted(Part::Leermeter) {
        leermeter::measure(place, seconds, ratings).await?;
    }
    if wanted(Part::Archive) {
        archive::measure(place).await?;
    }
    if wanted(Part::Imports) {
        imports::measure(place).await?;
    }
    if wanted(Part::Program) {
        program::measure(place, whole_college, Duration::from_secs(5)).await?;
    }
    Ok(())
}

fn median(figures: &[f64]) -> f64 {
    let mut figures = figures.to_vec();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
