//! Reads the events of the central application facility (Centraal Aanmelden), one a row, every one kept.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    central_applications::{CentralEvent, CentralState},
    kernel::time::to_the_microsecond,
};

use super::{
    ImportFault, Read,
    table::{Limits, Row, Table},
};

const LIMITS: Limits = Limits { bytes: 16 * 1024 * 1024, rows: 100_000 };

/// The columns of which something is kept. `postcodecijfers` is not among them: nothing needs to know where people live.
const NEEDED: [&str; 13] = [
    "id",
    "createdat",
    "aanmelding_key",
    "startmoment",
    "status",
    "schooljaar",
    "statussource",
    "onderwijsaanbiedercode",
    "instellingserkenningscode",
    "onderwijslocatiecode",
    "opleidingcode",
    "leertrajectmbo",
    "leeftijdscategorie",
];

/// The events in a file, in its order, repeats included.
pub fn read(bytes: &[u8]) -> Read<CentralEvent> {
    let table = match Table::read(bytes, LIMITS) {
        Ok(table) => table,
        Err(refused) => return Read::nothing(vec![refused]),
    };
    if !table.has("aanmelding_key") {
        return Read::nothing(vec![super::Refused::new(1, "", ImportFault::HeaderUnknown)]);
    }
    match table.columns(&NEEDED, &[]) {
        Ok(columns) => table.each(&columns, event),
        Err(refused) => Read::nothing(refused),
    }
}

fn event(row: &mut Row) -> Option<CentralEvent> {
    let id = row.text("id");
    let created_at = row.required("createdat", ImportFault::MomentInvalid, moment);
    let key = row.text("aanmelding_key");
    let state = row.required("status", ImportFault::WordUnknown, state);
    let starts_on =
        row.optional("startmoment", ImportFault::DateInvalid, |field| NaiveDate::parse_from_str(field, "%Y-%m-%d").ok());
    let school_year = row.optional("schooljaar", ImportFault::NumberInvalid, year);
    let mut told = |column| row.optional_text(column);
    let source = told("statussource");
    let provider = told("onderwijsaanbiedercode");
    let institution = told("instellingserkenningscode");
    let location = told("onderwijslocatiecode");
    let programme = told("opleidingcode");
    let track = told("leertrajectmbo");
    let age_told = told("leeftijdscategorie");
    Some(CentralEvent {
        created_at: created_at?,
        state: state?,
        id: id?,
        key: key?,
        starts_on,
        school_year,
        source,
        provider,
        institution,
        location,
        programme,
        track,
        age_told,
    })
}

fn moment(field: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(field).ok().map(|moment| to_the_microsecond(moment.with_timezone(&Utc)))
}

fn state(field: &str) -> Option<CentralState> {
    match field {
        "SUBMITTED" => Some(CentralState::Submitted),
        "RECEIVED" => Some(CentralState::Received),
        "OFFERED" => Some(CentralState::Offered),
        "ENROLLED" => Some(CentralState::Enrolled),
        "WITHDRAWN" => Some(CentralState::Withdrawn),
        _ => None,
    }
}

fn year(field: &str) -> Option<u16> {
    field.parse().ok().filter(|year| (2000..=2100).contains(year))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::{
        central_applications::derive,
        kernel::{Text, Word},
    };

    use super::*;
    use crate::imports::tests::{real, told};

    fn of(rows: &[&str]) -> Read<CentralEvent> {
        read(format!("{},postcodecijfers\n{}\n", NEEDED.join(","), rows.join("\n")).as_bytes())
    }

    #[test]
    fn an_event_is_kept_as_it_was_told_also_what_we_do_not_know() {
        let events = of(&[
            "7,2023-08-17T14:47:52+02:00,A01,2023-08-01,SUBMITTED,2023,CAMBO,100A428,25PN,101X008,25636,BOL,ONDER_16,6544",
            "8,2023-08-17T13:00:00Z,A02,,RECEIVED,,,,,,1002O2425,VAVO,ONBEKEND,",
        ]);
        assert_eq!(told(&events), []);
        let [known, strange] = events.records.as_slice() else { panic!("two events") };
        assert_eq!(known.created_at.to_rfc3339(), "2023-08-17T12:47:52+00:00");
        assert_eq!(known.provider, Text::parse("100A428"));
        assert!(known.vocational() && !strange.vocational());
        assert_eq!((strange.starts_on, strange.school_year, strange.age_told.clone()), (None, None, Text::parse("ONBEKEND")));
    }

    #[test]
    fn an_event_that_cannot_be_placed_in_time_or_rank_is_refused() {
        let events = of(&[",gisteren,,1-8-2023,LOST,23,CAMBO,,,,,,,"]);
        let expected = [
            (2, "id", "import.field-missing"),
            (2, "createdat", "import.moment-invalid"),
            (2, "aanmelding_key", "import.field-missing"),
            (2, "status", "import.word-unknown"),
            (2, "startmoment", "import.date-invalid"),
            (2, "schooljaar", "import.number-invalid"),
        ];
        assert_eq!((events.records.len(), told(&events)), (0, expected.to_vec()));
    }

    #[test]
    fn a_file_of_something_else_is_refused_whole() {
        assert_eq!(told(&read(b"naam\nEva\n")), [(1, "", "import.header-unknown")]);
        assert_eq!(told(&read(b"aanmelding_key\nA01\n")).len(), NEEDED.len() - 1);
    }

    #[test]
    fn the_real_events_are_all_kept_and_amount_to_sixteen_applications() {
        let Some(bytes) = real("cambo/aanmeldingen-sample.csv") else { return };
        let events = read(&bytes);
        assert_eq!((events.records.len(), told(&events)), (25, vec![]));
        let applications = derive(&events.records);
        let mut counted = BTreeMap::new();
        for application in &applications {
            *counted.entry(application.state.word()).or_insert(0) += 1;
        }
        let expected = [("enrolled", 5), ("received", 5), ("submitted", 2), ("withdrawn", 4)];
        assert_eq!((applications.len(), counted.into_iter().collect::<Vec<_>>()), (16, expected.to_vec()));
        let elsewhere: Vec<_> = applications.iter().filter(|application| !application.vocational).collect();
        assert_eq!(elsewhere.len(), 1);
        assert_eq!(elsewhere[0].key.as_str(), "A13");
        let twice: Vec<_> = events.records.iter().rev().chain(&events.records).collect();
        assert_eq!(derive(twice), applications);
    }
}
