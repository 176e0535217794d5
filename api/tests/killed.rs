//! What is left when the power fails: the program is killed in the middle of something large, and begun again.

mod process;

use std::error::Error;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use process::{Proved, Running, ask, ask_as, begin_demo, program, told};
use serde_json::Value;

const SIGKILL: i32 = 9;
const STUDENTS: u32 = 40;
const ROWS: u32 = 1_000;

/// Begins the program and kills it after this time; answers what it printed, unless it had ended by itself.
fn kill_after(folder: &Path, arguments: &[&str], time: Duration) -> Result<Option<String>, Box<dyn Error>> {
    let mut child = program(folder, arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    std::thread::sleep(time);
    child.kill()?;
    let killed = child.wait()?.signal() == Some(SIGKILL);
    let mut printed = String::new();
    child.stdout.take().ok_or("no output")?.read_to_string(&mut printed)?;
    Ok(killed.then_some(printed))
}

/// What an answer with this status says.
fn body((status, answer): (u16, String)) -> Result<Value, Box<dyn Error>> {
    assert_eq!(status, 200, "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("no body")?;
    Ok(serde_json::from_str(body)?)
}

/// Who is in a demo and how far they are, as they and those who manage them are shown.
fn everyone(demo: &Running) -> Result<Vec<Value>, Box<dyn Error>> {
    let shown = |(persona, path): (&str, &str)| {
        let issued = body(ask(&demo.address, "POST /v1/dev/tokens", &format!("{{\"persona\": \"{persona}\"}}"))?)?;
        body(ask_as(&demo.address, &format!("GET /v1/{path}"), issued["accessToken"].as_str(), "")?)
    };
    let looks = [
        ("student", "me"),
        ("coach", "me"),
        ("administrator", "people?limit=200&fields=id,givenName,familyName"),
        ("landscapeManager", "students?limit=200&fields=id,person,coach"),
        ("landscapeManager", "applications?limit=200&fields=id,state"),
        ("landscapeManager", "enrolments?limit=200&fields=id,state,crebo,coach"),
    ];
    looks.into_iter().map(shown).collect()
}

#[test]
fn a_demo_killed_in_its_making_is_made_whole_with_the_ids_that_every_demo_has() -> Proved {
    let (calm, rough) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let since = Instant::now();
    let undisturbed = everyone(&begin_demo(calm.path(), STUDENTS)?)?;
    let making = since.elapsed();

    let students = STUDENTS.to_string();
    let demo = ["demo", "--listen", "127.0.0.1:0", "--students", &students];
    let mut broken_off = 0;
    for hundredths in [15, 30, 50, 75] {
        let printed = kill_after(rough.path(), &demo, making * hundredths / 100)?.ok_or("it ended by itself")?;
        broken_off += u32::from(printed.contains("Making a college") && !printed.contains("Stop it"));
    }
    // A machine that has less to do by now may have come to the end before the last of them.
    assert!(broken_off > 0, "it was never in the middle");
    let again = begin_demo(rough.path(), STUDENTS)?;
    assert_eq!(ask(&again.address, "GET /health/ready", "")?.0, 200);
    assert_eq!(everyone(&again)?, undisturbed);
    Ok(())
}

/// A roster of our own format: students of several landscapes, teams and coaches.
fn roster() -> String {
    let mut csv = "studentNumber,givenName,familyName,birthDate,email,landscape,team,coach,crebo,route,startsOn\n".to_owned();
    for row in 0..ROWS {
        let (landscape, team, coach) = (row % 4, row % 20, row % 40);
        let (day, route) = (row % 28 + 1, if row % 3 == 0 { "bbl" } else { "bol" });
        csv.push_str(&format!(
            "S-{row},Noor,Student{row},2008-02-{day:02},s{row}@voorbeeld.nl,Landschap {landscape},Team {team},\
             Coach {coach},25736,{route},2026-08-01\n"
        ));
    }
    csv
}

/// A folder with a college without students in it, and the roster.
fn college() -> Result<tempfile::TempDir, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    std::fs::write(
        folder.path().join("leerloopbaan.toml"),
        "database = \"college.sqlite\"\nissuer = \"https://login.college.example\"\n",
    )?;
    std::fs::write(folder.path().join("roster.csv"), roster())?;
    let made = program(folder.path(), &["migrate"]).output()?;
    assert!(made.status.success(), "{}", told(&made));
    Ok(folder)
}

const IMPORT: [&str; 3] = ["import", "roster", "roster.csv"];

/// How many rows an import took, or would take, and how many were there already: it took all that it was given.
fn tally(imported: &Output) -> String {
    assert!(imported.status.success(), "{}", told(imported));
    let printed = String::from_utf8_lossy(&imported.stdout);
    printed.trim().trim_start_matches("Nothing was kept; it would be: ").to_owned()
}

#[test]
fn a_roster_whose_import_is_killed_is_there_whole_or_not_at_all_and_can_be_imported_again() -> Proved {
    let (none, all) = (format!("{ROWS} taken, 0 unchanged, 0 refused."), format!("0 taken, {ROWS} unchanged, 0 refused."));
    let calm = college()?;
    let since = Instant::now();
    assert_eq!(tally(&program(calm.path(), &IMPORT).output()?), none);
    let importing = since.elapsed();

    let rough = college()?;
    let mut killed = 0;
    for tenths in 1..=10 {
        let before_its_end = kill_after(rough.path(), &IMPORT, importing * tenths / 10)?.is_some();
        killed += u32::from(before_its_end);
        let left = tally(&program(rough.path(), &["import", "roster", "roster.csv", "--dry-run"]).output()?);
        assert!([&none, &all].contains(&&left), "killed at {tenths} tenths: {left}");
    }
    assert!(killed > 0, "it was never in the middle");
    let again = tally(&program(rough.path(), &IMPORT).output()?);
    assert!([&none, &all].contains(&&again), "{again}");
    assert_eq!(tally(&program(rough.path(), &IMPORT).output()?), all);
    Ok(())
}
