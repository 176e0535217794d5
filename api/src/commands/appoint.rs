//! `appoint`: the first administrator of a college, without whom nobody could enter anyone.

use domain::kernel::Line;
use domain::kernel::time::to_the_microsecond;
use domain::organisation::{Account, NewPerson};
use persistence::{Database, Kind, Trouble};

use super::{ConfigArgs, Failure, opening, say};
use crate::settings;

#[derive(Debug, clap::Args)]
pub struct Appoint {
    /// Who they are to the OpenID provider: `sub` in their tokens
    #[arg(long, value_parser = line)]
    subject: Line,
    /// Roepnaam, such as `Anna`
    #[arg(long, value_parser = line)]
    given_name: Line,
    /// Tussenvoegsel, such as `van der`
    #[arg(long, value_parser = line)]
    family_name_prefix: Option<Line>,
    /// Achternaam, without the tussenvoegsel
    #[arg(long, value_parser = line)]
    family_name: Line,
    #[command(flatten)]
    config: ConfigArgs,
}

fn line(text: &str) -> Result<Line, String> {
    Line::parse(text).ok_or_else(|| "one line of text, without control characters".to_owned())
}

impl Appoint {
    pub fn run(self) -> Result<(), Failure> {
        let settings = settings::read(self.config.config.as_deref())?;
        opening::prepare(&settings.database, Kind::Real)?;
        let issuer = line(&settings.expected.issuer).map_err(Failure::Refused)?;
        let person = NewPerson {
            given_name: self.given_name,
            family_name_prefix: self.family_name_prefix,
            family_name: self.family_name,
            birth_date: None,
            email: None,
            language: None,
            account: Some(Account { issuer, subject: self.subject }),
        };
        let database = Database::open(&settings.database)?;
        let now = to_the_microsecond(chrono::Utc::now());
        let appointed = persistence::people::appoint_first_administrator(&database, person, now);
        let id = actix_web::rt::System::new().block_on(appointed).map_err(|trouble| match trouble {
            Trouble::Refused(domain::kernel::Refusal::Fault(fault)) => Failure::Refused(fault.en.to_owned()),
            other => other.into(),
        })?;
        say(format_args!("Entered as administrator, with the id {id}."));
        Ok(())
    }
}
