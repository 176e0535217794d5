//! Reads who studies where, with which coach: the college's own export of students, or our documented format.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};
use domain::kernel::{Crebo, Email, Route, Text, Word};

use super::{
    ImportFault, Read, Refused,
    table::{Columns, Limits, Row, Table},
};

mod names;
#[cfg(test)]
mod tests;

pub use names::{FullName, split};

const LIMITS: Limits = Limits { bytes: 8 * 1024 * 1024, rows: 20_000 };

/// A name of a person, place or programme.
pub type Name = Text<200>;

/// One student as a roster has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterRow {
    /// Where it stands in the file, from 1.
    pub line: u32,
    /// Unique within a file, letters in whichever case.
    pub student_number: Text<32>,
    pub given_name: Name,
    pub prefix: Option<Name>,
    pub family_name: Name,
    pub birth_date: Option<NaiveDate>,
    pub email: Option<Email>,
    /// Whole years, as the college's export says them of a moment that it does not tell; no birth date follows from it.
    pub age_said: Option<u32>,
    /// The name of the landscape; in the college's export the institution.
    pub landscape: Name,
    /// The name of the team, unique within its landscape; in the college's export the programme and the class.
    pub team: Name,
    /// The name of the coach (mentor): together with the landscape it says who that is.
    pub coach: Name,
    /// The name of what is learned; only the college's export has it.
    pub programme: Option<Name>,
    pub crebo: Crebo,
    pub route: Route,
    /// The calendar year in which the student's first school year begins, on the first of August.
    pub cohort_year: i32,
    pub starts_on: NaiveDate,
}

domain::faults! {
    /// What can be wrong with a student in a roster.
    pub enum RosterFault {
        StudentNumberInvalid: Invalid "roster.student-number-invalid"
            en "A student number has 1 to 32 letters, digits and hyphens."
            nl "Een studentnummer heeft 1 tot 32 letters, cijfers en koppeltekens.",
        StudentNumberRepeated: Invalid "roster.student-number-repeated"
            en "An earlier row has the same student number; this row is not taken."
            nl "Een eerdere rij heeft hetzelfde studentnummer; deze rij is niet ingelezen.",
        NameNotSplit: Invalid "roster.name-not-split"
            en "Given name and family name cannot be told apart here. Write the given name first, or use the format with a column for each."
            nl "Voornaam en achternaam zijn hier niet te onderscheiden. Schrijf eerst de voornaam, of gebruik het formaat met een kolom voor elk.",
        EmailInvalid: Invalid "roster.email-invalid"
            en "This is no e-mail address."
            nl "Dit is geen e-mailadres.",
        RouteUnknown: Invalid "roster.route-unknown"
            en "The route is bol or bbl."
            nl "De leerweg is bol of bbl.",
        BornTooLate: Invalid "roster.born-too-late"
            en "The birth date does not lie before the start."
            nl "De geboortedatum ligt niet voor de start.",
    }
}

/// The columns of the college's export; others that it has are not looked at.
const COLLEGE: [&str; 9] = ["Studentnummer", "Naam", "Klas", "Mentor", "Instelling", "Opleiding", "crebo", "leerweg", "cohort"];
const COLLEGE_OPTIONAL: [&str; 1] = ["StudentAge"];

/// The columns of our own format.
const OWN: [&str; 9] = ["studentNumber", "givenName", "familyName", "landscape", "team", "coach", "crebo", "route", "startsOn"];
const OWN_OPTIONAL: [&str; 3] = ["familyNamePrefix", "birthDate", "email"];

/// The students in a file; which of the two formats it has, its header tells.
pub fn read(bytes: &[u8]) -> Read<RosterRow> {
    let table = match Table::read(bytes, LIMITS) {
        Ok(table) => table,
        Err(refused) => return Read::nothing(vec![refused]),
    };
    if table.has("studentNumber") {
        once_each(&table, table.columns(&OWN, &OWN_OPTIONAL), "studentNumber", own)
    } else if table.has("Studentnummer") {
        once_each(&table, table.columns(&COLLEGE, &COLLEGE_OPTIONAL), "Studentnummer", college)
    } else {
        Read::nothing(vec![Refused::new(1, "", ImportFault::HeaderUnknown)])
    }
}

/// Reads every row, and refuses those whose student number an earlier row has, right or wrong as that may be.
fn once_each(
    table: &Table,
    columns: Result<Columns, Vec<Refused>>,
    number_column: &'static str,
    student: fn(&mut Row, Text<32>) -> Option<RosterRow>,
) -> Read<RosterRow> {
    let mut seen = HashSet::new();
    match columns {
        Err(refused) => Read::nothing(refused),
        Ok(columns) => table.each(&columns, |row| {
            let number = row.required(number_column, RosterFault::StudentNumberInvalid, student_number);
            if number.as_ref().is_some_and(|number| !seen.insert(number.as_str().to_lowercase())) {
                row.refuse(number_column, RosterFault::StudentNumberRepeated);
            }
            // A row without a number is read for its other faults alone.
            student(row, number.or_else(|| Text::parse("-"))?)
        }),
    }
}

fn college(row: &mut Row, student_number: Text<32>) -> Option<RosterRow> {
    let name = row.required("Naam", RosterFault::NameNotSplit, names::split);
    let class = row.text::<200>("Klas");
    let coach = row.text("Mentor");
    let landscape = row.text("Instelling");
    let programme = row.text::<200>("Opleiding");
    let crebo = row.required("crebo", ImportFault::CreboInvalid, Crebo::parse);
    let route = row.required("leerweg", RosterFault::RouteUnknown, route);
    let cohort_year = row.required("cohort", ImportFault::NumberInvalid, year);
    let age_said = row.optional("StudentAge", ImportFault::NumberInvalid, age);
    let team = programme.as_ref().zip(class).map(|(programme, class)| format!("{} {}", programme.as_str(), class.as_str()));
    let team = team.and_then(|team| {
        let fits = Name::parse(&team);
        if fits.is_none() {
            row.refuse("Klas", ImportFault::FieldTooLong);
        }
        fits
    });
    let name = name?;
    Some(RosterRow {
        line: row.line,
        student_number,
        given_name: Name::parse(&name.given)?,
        prefix: name.prefix.as_deref().and_then(Name::parse),
        family_name: Name::parse(&name.family)?,
        birth_date: None,
        email: None,
        age_said,
        landscape: landscape?,
        team: team?,
        coach: coach?,
        programme,
        crebo: crebo?,
        route: route?,
        cohort_year: cohort_year?,
        starts_on: NaiveDate::from_ymd_opt(cohort_year?, 8, 1)?,
    })
}

fn own(row: &mut Row, student_number: Text<32>) -> Option<RosterRow> {
    let given_name = row.text("givenName");
    let prefix = row.optional_text("familyNamePrefix");
    let family_name = row.text("familyName");
    let birth_date = row.optional("birthDate", ImportFault::DateInvalid, |field| date(field, 1900));
    let email = row.optional("email", RosterFault::EmailInvalid, Email::parse);
    let landscape = row.text("landscape");
    let team = row.text("team");
    let coach = row.text("coach");
    let crebo = row.required("crebo", ImportFault::CreboInvalid, Crebo::parse);
    let route = row.required("route", RosterFault::RouteUnknown, route);
    let starts_on = row.required("startsOn", ImportFault::DateInvalid, |field| date(field, 2000));
    if birth_date.zip(starts_on).is_some_and(|(born, starts)| born >= starts) {
        row.refuse("birthDate", RosterFault::BornTooLate);
    }
    Some(RosterRow {
        line: row.line,
        student_number,
        given_name: given_name?,
        prefix,
        family_name: family_name?,
        birth_date,
        email,
        age_said: None,
        landscape: landscape?,
        team: team?,
        coach: coach?,
        programme: None,
        crebo: crebo?,
        route: route?,
        cohort_year: cohort_of(starts_on?),
        starts_on: starts_on?,
    })
}

/// The school year that a date falls in begins on the first of August before or on it.
fn cohort_of(date: NaiveDate) -> i32 {
    if date.month() >= 8 { date.year() } else { date.year() - 1 }
}

fn student_number(field: &str) -> Option<Text<32>> {
    let fits = field.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    fits.then(|| Text::parse(field)).flatten()
}

fn route(field: &str) -> Option<Route> {
    Route::from_word(&field.to_lowercase())
}

fn date(field: &str, earliest: i32) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(field, "%Y-%m-%d").ok()?;
    (field.len() == 10 && (earliest..=2100).contains(&date.year())).then_some(date)
}

fn year(field: &str) -> Option<i32> {
    field.parse().ok().filter(|year| field.len() == 4 && (2000..=2100).contains(year))
}

fn age(field: &str) -> Option<u32> {
    field.parse().ok().filter(|age| *age <= 120)
}
