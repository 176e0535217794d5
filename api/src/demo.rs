//! The demo's college: invented people who belong together, made by the very requests that users send.
//!
//! - [`maker`]: sends requests to the service in this process, as whoever, at whatever moment.
//! - [`names`]: what people are called.
//! - [`college`]: landscapes, teams, staff, calendars, dossiers, templates, activities.
//! - [`conversations`]: what students and coaches talked about.
//! - [`evidence`]: what the student shows of a first week.
//! - [`frameworks`]: what students of a landscape are rated on.
//! - [`leermeters`]: what some students are rated.
//! - [`lwps`]: what teams made of their dossiers.
//! - [`portfolios`]: what students keep, week by week.
//! - [`students`]: one story for each student, told up to where it stands.

mod college;
mod conversations;
mod endings;
mod evidence;
mod frameworks;
mod leermeters;
mod lwps;
mod maker;
mod names;
mod placements;
mod portfolios;
mod students;

use std::num::NonZero;
use std::thread;

use actix_web::rt::System;
use chrono::TimeDelta;
use domain::kernel::ids::Count;
use domain::kernel::{Instant, Line, Word};
use domain::organisation::{Account, NewPerson};
use persistence::{Database, Trouble};

use crate::files::Files;
use crate::personas::Persona;
use college::College;
use maker::Maker;

/// The issuer of the demo's tokens; the accounts of its people are of this issuer.
pub const ISSUER: &str = "https://demo.leerloopbaan.example/";

/// Which college is wanted.
#[derive(Clone, Debug)]
pub struct Wish {
    pub students: u32,
    /// The moment at which the stories in it have come where they are.
    pub now: Instant,
}

/// Makes the college in an empty database: with the same ids each time, and the same stories, told up to `now`.
///
/// # Errors
/// What the database ends in, or a request that was not answered as the story wants it.
pub async fn make(database: &Database, files: &Files, wish: &Wish) -> Result<(), Trouble> {
    let _counting = Count::of_series(0).begin();
    let line = |text: &str| Line::parse(text).ok_or_else(|| Trouble::Unreadable(text.to_owned()));
    let account = Account { issuer: line(ISSUER)?, subject: line(Persona::Administrator.word())? };
    let administrator = NewPerson {
        given_name: line("Anouk")?,
        family_name_prefix: None,
        family_name: line("Beekman")?,
        birth_date: None,
        email: None,
        language: None,
        account: Some(account),
    };
    persistence::people::appoint_first_administrator(database, administrator, wish.now - TimeDelta::days(401)).await?;
    let maker = Maker::begin(database.clone(), files.clone(), wish.now).await?;
    let college = college::found(&maker).await?;
    students::personas(&maker, &college).await?;
    evidence::tell(&maker).await?;
    tell_together(database, files, wish, &college)
}

/// Has the other stories told, by as many at once as there are cores: each is of someone else.
fn tell_together(database: &Database, files: &Files, wish: &Wish, college: &College) -> Result<(), Trouble> {
    let students = usize::try_from(wish.students).unwrap_or(usize::MAX);
    let tellers = thread::available_parallelism().map_or(1, NonZero::get);
    let tell = |teller: usize| {
        System::new().block_on(async {
            let maker = Maker::begin(database.clone(), files.clone(), wish.now).await?;
            students::tell(&maker, college, (students::FIRST + teller..students).step_by(tellers)).await
        })
    };
    thread::scope(|scope| {
        let telling: Vec<_> = (0..tellers).map(|teller| scope.spawn(move || tell(teller))).collect();
        telling.into_iter().try_for_each(|told| told.join().unwrap_or(Err(Trouble::Panicked)))
    })
}
