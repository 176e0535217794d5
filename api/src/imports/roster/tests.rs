//! What of a roster is taken and what is refused.

use std::{collections::BTreeSet, time::Instant};

use super::*;
use crate::imports::tests::{real, told};

const COLLEGE_HEADER: &str = "Studentnummer,Naam,Klas,Mentor,Instelling,Opleiding,crebo,leerweg,cohort,StudentAge,Dropout";
const OWN_HEADER: &str =
    "studentNumber;givenName;familyNamePrefix;familyName;birthDate;email;landscape;team;coach;crebo;route;startsOn";

fn of(header: &str, rows: &[&str]) -> Read<RosterRow> {
    read(format!("{header}\n{}\n", rows.join("\n")).as_bytes())
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

#[test]
fn a_row_of_the_colleges_export_is_a_student_with_a_coach_in_a_team_of_a_landscape() {
    let roster = of(COLLEGE_HEADER, &["100002,Joris de Groot,3B,F. Dijkstra,Da Vinci,Software Developer,25998,BOL,2025,19,0"]);
    let expected = RosterRow {
        line: 2,
        student_number: Text::parse("100002").unwrap(),
        given_name: name("Joris"),
        prefix: Some(name("de")),
        family_name: name("Groot"),
        birth_date: None,
        email: None,
        age_said: Some(19),
        landscape: name("Da Vinci"),
        team: name("Software Developer 3B"),
        coach: name("F. Dijkstra"),
        programme: Some(name("Software Developer")),
        crebo: Crebo::parse("25998").unwrap(),
        route: Route::Bol,
        cohort_year: 2025,
        starts_on: "2025-08-01".parse().unwrap(),
    };
    assert_eq!(roster, Read { records: vec![expected], refused: vec![], of_its_kind: true });
}

#[test]
fn our_own_format_may_leave_out_prefix_birth_date_and_email() {
    let roster = of(
        OWN_HEADER,
        &[
            "S-1;Noor;van der;Berg;2008-02-29;noor@voorbeeld.nl;Techniek;Metaal;A. Bos;25736;bbl;2026-02-01",
            "S-2;Ömer;;Yılmaz;;;Techniek;Metaal;A. Bos;25736;BOL;2026-09-01",
        ],
    );
    assert_eq!(told(&roster), []);
    let [noor, omer] = roster.records.as_slice() else { panic!("two students") };
    assert_eq!((noor.birth_date, noor.email.as_ref().map(Email::as_str)), ("2008-02-29".parse().ok(), Some("noor@voorbeeld.nl")));
    assert_eq!((noor.route, noor.cohort_year, noor.prefix.as_ref()), (Route::Bbl, 2025, Some(&name("van der"))));
    assert_eq!((omer.birth_date, omer.email.as_ref(), omer.prefix.as_ref()), (None, None, None));
    assert_eq!((omer.route, omer.cohort_year, omer.family_name.as_str()), (Route::Bol, 2026, "Yılmaz"));
    let short =
        of("studentNumber,givenName,familyName,landscape,team,coach,crebo,route,startsOn", &["1,A,B,C,D,E,25736,bol,2026-08-01"]);
    assert_eq!((short.records.len(), told(&short)), (1, vec![]));
}

#[test]
fn every_fault_of_a_row_is_told_with_its_column_and_none_of_its_values() {
    let roster = of(
        OWN_HEADER,
        &[
            "S 1;;van;;29-02-2008;noor;;;;2573;ovo;01-08-2026",
            "S-2;Noor;;Berg;2026-08-01;;Techniek;Metaal;A. Bos;25736;bol;2026-08-01",
        ],
    );
    assert_eq!(roster.records, []);
    let expected = [
        (2, "studentNumber", "roster.student-number-invalid"),
        (2, "givenName", "import.field-missing"),
        (2, "familyName", "import.field-missing"),
        (2, "birthDate", "import.date-invalid"),
        (2, "email", "roster.email-invalid"),
        (2, "landscape", "import.field-missing"),
        (2, "team", "import.field-missing"),
        (2, "coach", "import.field-missing"),
        (2, "crebo", "import.crebo-invalid"),
        (2, "route", "roster.route-unknown"),
        (2, "startsOn", "import.date-invalid"),
        (3, "birthDate", "roster.born-too-late"),
    ];
    assert_eq!(told(&roster), expected);
}

#[test]
fn every_fault_of_a_row_of_the_colleges_export_is_told() {
    let long = "x".repeat(199);
    let roster =
        of(COLLEGE_HEADER, &[",Madonna,,,,,x,,25,19.5,0", &format!("7,Eva Bos,3B,C. Bos,Da Vinci,{long},25736,BOL,2025,,0")]);
    let expected = [
        (2, "Studentnummer", "import.field-missing"),
        (2, "Naam", "roster.name-not-split"),
        (2, "Klas", "import.field-missing"),
        (2, "Mentor", "import.field-missing"),
        (2, "Instelling", "import.field-missing"),
        (2, "Opleiding", "import.field-missing"),
        (2, "crebo", "import.crebo-invalid"),
        (2, "leerweg", "import.field-missing"),
        (2, "cohort", "import.number-invalid"),
        (2, "StudentAge", "import.number-invalid"),
        (3, "Klas", "import.field-too-long"),
    ];
    assert_eq!((roster.records.len(), told(&roster)), (0, expected.to_vec()));
}

#[test]
fn of_two_rows_with_one_student_number_the_later_is_refused_even_if_the_earlier_is_wrong() {
    let row = |number: &str, crebo: &str| format!("{number},Eva Bos,3B,C. Bos,Da Vinci,Kok,{crebo},BOL,2025,18,0");
    let rows = [row("a1", "25736"), row("A1", "25736"), row("b2", "x"), row("b2", "25736")];
    let roster = of(COLLEGE_HEADER, &rows.each_ref().map(String::as_str));
    let repeated = "roster.student-number-repeated";
    let expected = [(3, "Studentnummer", repeated), (4, "crebo", "import.crebo-invalid"), (5, "Studentnummer", repeated)];
    assert_eq!((roster.records.len(), told(&roster)), (1, expected.to_vec()));
}

#[test]
fn a_file_that_is_no_roster_is_refused_whole() {
    let code = |bytes: &[u8]| told(&read(bytes)).first().map(|(_, _, code)| *code);
    assert_eq!(code(b"naam,klas\nEva,3B\n"), Some("import.header-unknown"));
    assert_eq!(code(b"{\"students\": []}"), Some("import.header-unknown"));
    assert_eq!(code(b"<sbb/>"), Some("import.header-unknown"));
    assert_eq!(code(b"studentNumber;naam\n1;Zo\xEB\n"), Some("import.not-utf8"));
    assert_eq!(code(b"studentNumber\n1\n"), Some("import.column-missing"));
    let rows = "1\n".repeat(LIMITS.rows + 1);
    assert_eq!(code(format!("studentNumber\n{rows}").as_bytes()), Some("import.too-many-rows"));
}

#[test]
fn the_thousand_students_of_the_real_export_are_all_taken_and_quickly() {
    let Some(bytes) = real("students/studenten.csv") else { return };
    let started = Instant::now();
    let roster = read(&bytes);
    println!("read in {:?}", started.elapsed());
    assert_eq!((roster.records.len(), told(&roster)), (1000, vec![]));
    let distinct = |of: fn(&RosterRow) -> String| roster.records.iter().map(of).collect::<BTreeSet<_>>().len();
    assert_eq!(distinct(|row| row.landscape.as_str().to_owned()), 4);
    assert_eq!(distinct(|row| format!("{}/{}", row.landscape.as_str(), row.team.as_str())), 23);
    assert_eq!(distinct(|row| format!("{}/{}", row.landscape.as_str(), row.coach.as_str())), 50);
    assert_eq!(distinct(|row| row.crebo.to_string()), 16);
    assert_eq!(roster.records.iter().filter(|row| row.route == Route::Bbl).count(), 109);
    let prefixed = |prefix: &str| roster.records.iter().filter(|row| row.prefix.as_ref() == Some(&name(prefix))).count();
    assert_eq!((prefixed("de"), prefixed("van"), prefixed("van der")), (164, 89, 36));
}
