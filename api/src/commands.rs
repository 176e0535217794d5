//! What one can have the program do: play a demo, serve a college, and look after its database.

mod appoint;
mod backup;
mod demo;
mod document;
mod health;
mod import;
pub mod logging;
mod opening;
mod running;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use domain::imports::ImportKind;
use persistence::Trouble;
use persistence::backup::BackupTrouble;

use crate::settings::{self, Wrongs};

/// Career orientation and guidance (LOB) at a vocational college, as a JSON interface.
///
/// Try it with `leerloopbaan demo`: a college of invented people, its documentation, and a token for each role.
#[derive(Debug, Parser)]
#[command(name = "leerloopbaan", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a college of invented people and serve it on this machine, with a token for each role
    Demo(demo::Demo),
    /// Serve a college
    ///
    /// Reads its settings from a file and from the environment, brings the database up to date, and runs until
    /// SIGTERM or SIGINT; then it stops being ready at once, finishes what it has in hand, and ends.
    Serve(ConfigArgs),
    /// Make the database, or bring it up to date
    Migrate(DatabaseArgs),
    /// Enter the first administrator of a college, who then enters everyone else
    Appoint(appoint::Appoint),
    /// Take in a file of another system, and tell what came of every row
    ///
    /// The writes of a service that runs on SQLite wait meanwhile: send it large files with `POST /v1/imports` instead.
    Import {
        /// What sort of file it is: roster, dossier or applications
        #[arg(value_parser = import::kind)]
        kind: ImportKind,
        /// The file to take in: `docs/imports.md` describes what each sort holds
        file: PathBuf,
        /// Only tell what would come of it
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Write a copy of the database to a new file, while it is in use
    Backup {
        /// The file to write; it must not be there yet
        path: PathBuf,
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Put a copy that `backup` wrote in place
    Restore {
        /// The file that `backup` wrote
        path: PathBuf,
        /// Put it in the place of what is there
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Print the OpenAPI document of the interface
    Openapi {
        /// Write it to a file instead
        #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "openapi/openapi.json")]
        write: Option<PathBuf>,
    },
    /// Ask a running service whether it is ready; for health checks
    Health {
        /// Where it listens
        #[arg(long, default_value = "127.0.0.1:8080", env = "LEERLOOPBAAN_LISTEN", value_name = "ADDRESS")]
        listen: std::net::SocketAddr,
    },
}

#[derive(Args, Debug)]
struct ConfigArgs {
    /// The file with settings [default: leerloopbaan.toml, if it is there]
    #[arg(long, env = "LEERLOOPBAAN_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Args, Debug)]
struct DatabaseArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The database, instead of the one in the settings: a file for SQLite, or postgres://user@host/name
    #[arg(long, value_name = "DATABASE")]
    database: Option<String>,
}

impl DatabaseArgs {
    fn location(&self) -> Result<persistence::Location, Wrongs> {
        settings::read_database(self.config.config.as_deref(), self.database.as_deref())
    }
}

/// Why a command did not do what it is for: one message for who gave it.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Settings(#[from] Wrongs),
    #[error("{0}")]
    Refused(String),
    #[error("the database: {0}")]
    Database(#[from] Trouble),
    #[error(transparent)]
    Backup(#[from] BackupTrouble),
    #[error("{about}: {error}")]
    Io { about: String, error: std::io::Error },
    /// Found at the start, before anything is served.
    #[error("this program was built wrongly: {0}")]
    Broken(String),
}

impl Failure {
    /// For `map_err`: what was being done when it failed.
    fn io(about: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let about = about.into();
        move |error| Self::Io { about, error }
    }
}

/// Runs the program: 0 where it did what was asked, 1 where it could not, 2 where it was asked or set up wrongly.
pub fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("leerloopbaan: {failure}");
            ExitCode::from(if matches!(failure, Failure::Settings(_)) { 2 } else { 1 })
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(demo) => demo.run(),
        Command::Serve(ConfigArgs { config }) => serve::run(&settings::read(config.as_deref())?),
        Command::Migrate(database) => opening::migrate(&database.location()?),
        Command::Appoint(appoint) => appoint.run(),
        Command::Import { kind, file, dry_run, database } => import::run(&database.location()?, kind, &file, dry_run),
        Command::Backup { path, database } => backup::write(&database.location()?, &path),
        Command::Restore { path, force, database } => backup::restore(&database.location()?, &path, force),
        Command::Openapi { write } => document::run(write.as_deref()),
        Command::Health { listen } => health::run(listen),
    }
}

/// A line for who gave the command. What is told to nobody, as where the output was closed, is no failure.
fn say(line: impl std::fmt::Display) {
    use std::io::Write;
    writeln!(std::io::stdout(), "{line}").ok();
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_argument_of_every_command_is_explained() {
        for command in Cli::command().get_subcommands() {
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
            }
        }
    }

    #[test]
    fn the_commands_hang_together() {
        Cli::command().debug_assert();
    }
}
