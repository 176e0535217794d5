//! Importing: rosters, dossiers and applications out of files, with a report of every row.

use serde_json::{Value, json};

use crate::both;
use crate::harness::{Ask, World};

/// A file for `POST /imports`, by the administrator.
pub fn upload<'w>(world: &'w World, kind: &str, file: &[u8], dry_run: bool) -> Ask<'w> {
    form(world, kind, file, dry_run).by("administrator")
}

fn form<'w>(world: &'w World, kind: &str, file: &[u8], dry_run: bool) -> Ask<'w> {
    const BOUNDARY: &str = "a-line-that-is-in-no-file";
    let mut body = Vec::new();
    for (name, value) in [("kind", kind), ("dryRun", if dry_run { "true" } else { "false" })] {
        let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"file\"\r\nContent-Type: application/octet-stream";
    body.extend_from_slice(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    world.ask("POST", "/imports").bytes(&format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

/// How many rows of a report were taken, unchanged and refused.
fn tally(report: &Value) -> [i64; 3] {
    ["taken", "unchanged", "refused"].map(|field| report[field].as_i64().unwrap())
}

/// Line, field and code of every refusal.
fn refusals(report: &Value) -> Vec<(i64, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let refusal = |one: &Value| (one["line"].as_i64().unwrap(), text(&one["field"]), text(&one["code"]));
    report["refusals"].as_array().unwrap().iter().map(refusal).collect()
}

const HEADER: &str =
    "studentNumber,givenName,familyNamePrefix,familyName,birthDate,email,landscape,team,coach,crebo,route,startsOn";

/// Three students in the landscape that is there from the start, two of them of its coaches.
pub const ROSTER: &str =
    "studentNumber,givenName,familyNamePrefix,familyName,birthDate,email,landscape,team,coach,crebo,route,startsOn
S-1,Noor,van der,Berg,2010-02-28,noor@voorbeeld.nl,Zorg en Welzijn,Zorg en Welzijn 1,Test Coach,25655,bol,2026-08-01
S-2,Ömer,,Yılmaz,2005-05-05,,Zorg en Welzijn,Zorg en Welzijn 1,Test SecondCoach,25655,bol,2026-08-01
S-3,Eva,,Bos,,,Groen,Dier 1A,A. de Wit,25580,bbl,2026-08-01
";

fn roster(rows: &[&str]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

/// How many rows every table has: what an import that keeps nothing leaves as it was.
fn counts(world: &World) -> Vec<String> {
    let tables = ["landscapes", "teams", "people", "roles", "students", "enrolments", "coach_assignments", "dossiers"];
    let count = |table: &str| world.rows(&format!("SELECT CAST(count(*) AS text) AS row FROM {table}")).join("");
    tables.iter().map(|table| format!("{table} {}", count(table))).collect()
}

both! {
    async fn a_roster_places_students_with_team_and_coach_and_again_changes_nothing(world: World) {
        let report = upload(&world, "roster", ROSTER.as_bytes(), false).send().await.created();
        assert_eq!((tally(&report), refusals(&report)), ([3, 0, 0], vec![]));
        let states = world.rows("SELECT state AS row FROM enrolments");
        assert_eq!(states, ["provisional"; 3]);
        let coaches = world.rows("SELECT p.family_name AS row FROM coach_assignments c JOIN people p ON p.id = c.coach_id ORDER BY 1");
        assert_eq!(coaches, ["Coach", "SecondCoach", "Wit"]);
        let events = world.rows("SELECT what AS row FROM events WHERE subject = 'enrolment' AND student_id IS NOT NULL");
        assert_eq!(events, ["placed"; 3]);
        let before = counts(&world);
        let again = upload(&world, "roster", ROSTER.as_bytes(), false).send().await.created();
        assert_eq!(tally(&again), [0, 3, 0]);
        assert_eq!(counts(&world), before);
        let told = world.rows("SELECT what AS row FROM events WHERE subject = 'import'");
        assert_eq!(told, ["run", "run"]);
    }

    async fn a_roster_goes_nowhere_where_two_names_differ_in_capitals_alone_unless_it_is_spelled_exactly(world: World) {
        world.post("/landscapes", json!({ "name": "zorg en welzijn" })).by("administrator").send().await.created();
        let team = json!({ "landscapeId": world.college.landscape, "name": "zorg en welzijn 1" });
        world.post("/teams", team).by("administrator").send().await.created();
        let row = |number: &str, landscape: &str, team: &str| {
            format!("{number},Noor,,{number},2010-02-28,,{landscape},{team},Test Coach,25655,bol,2026-08-01")
        };
        let rows = [
            row("S-1", "ZORG EN WELZIJN", "Zorg en Welzijn 1"),
            row("S-2", "Zorg en Welzijn", "ZORG EN WELZIJN 1"),
            row("S-3", "Zorg en Welzijn", "Zorg en Welzijn 1"),
        ];
        let before = counts(&world);
        let file = roster(&rows.each_ref().map(String::as_str));
        let report = upload(&world, "roster", &file, false).send().await.created();
        let refused = [(2, "roster.landscape-ambiguous"), (3, "roster.team-ambiguous")];
        assert_eq!(refusals(&report), refused.map(|(line, code)| (line, String::new(), code.to_owned())));
        let landscapes = world.rows("SELECT l.name AS row FROM enrolments e JOIN landscapes l ON l.id = e.landscape_id");
        assert_eq!(landscapes, ["Zorg en Welzijn"], "the one that is spelled so");
        let made = counts(&world).into_iter().zip(before).filter(|(now, before)| now != before).count();
        assert_eq!(made, 4, "one student with an enrolment and a coach, and no team, landscape or coach more");
    }

    async fn a_dry_run_tells_what_would_come_of_it_and_keeps_nothing(world: World) {
        let before = counts(&world);
        let report = upload(&world, "roster", ROSTER.as_bytes(), true).send().await.created();
        assert_eq!((tally(&report), report["dryRun"].as_bool()), ([3, 0, 0], Some(true)));
        assert_eq!(counts(&world), before);
        assert_eq!(world.rows("SELECT what AS row FROM events"), ["rehearsed"]);
        let found = world.get(&format!("/imports/{}", report["id"].as_str().unwrap())).by("administrator").send().await.ok();
        assert_eq!(found, report);
    }

    async fn another_class_moves_the_student_and_another_mentor_goes_on_in_the_chain(world: World) {
        upload(&world, "roster", ROSTER.as_bytes(), false).send().await.created();
        world.wait(chrono::TimeDelta::days(1));
        let moved = roster(&[
            "S-1,Noor,van der,Berg,2010-02-28,noor@voorbeeld.nl,Zorg en Welzijn,Zorg en Welzijn 1,Test SecondCoach,25655,bol,2026-08-01",
            "S-2,Ömer,,Yılmaz,2005-05-05,,Zorg en Welzijn,Verzorgende 2B,Test SecondCoach,25655,bol,2026-08-01",
            "S-3,Eva,,Bos-de Vries,,eva@voorbeeld.nl,Groen,Dier 1A,A. de Wit,25580,bbl,2026-08-01",
        ]);
        let report = upload(&world, "roster", &moved, false).send().await.created();
        assert_eq!((tally(&report), refusals(&report)), ([3, 0, 0], vec![]));
        let links = world.rows("SELECT cause AS row FROM coach_assignments ORDER BY from_at, cause");
        assert_eq!(links, ["placement", "placement", "placement", "handover"]);
        let broken = "SELECT 'broken' AS row FROM coach_assignments n JOIN coach_assignments p ON p.stay_id = n.stay_id
            AND p.until_at = n.previous_until_at WHERE n.from_at <> p.until_at";
        assert!(world.rows(broken).is_empty());
        let whats = world.rows("SELECT what AS row FROM events WHERE subject = 'enrolment' ORDER BY position");
        assert_eq!(whats, ["placed", "placed", "placed", "coachChanged", "teamChanged"]);
        let names = world.rows("SELECT sort_name AS row FROM students ORDER BY sort_name");
        assert_eq!(names[1], "bos-de vries eva");
        assert_eq!(tally(&upload(&world, "roster", &moved, false).send().await.created()), [0, 3, 0]);
    }

    async fn en_4_what_a_roster_may_not_do_is_refused_row_by_row_and_the_rest_is_taken(world: World) {
        upload(&world, "roster", ROSTER.as_bytes(), false).send().await.created();
        let rows = roster(&[
            "S-1,Noor,van der,Berg,2010-02-28,,Techniek,Techniek 1,Test OtherCoach,25655,bol,2026-08-01",
            "S-2,Ömer,,Yılmaz,2005-05-05,,Zorg en Welzijn,Zorg en Welzijn 1,Test SecondCoach,25655,bbl,2026-08-01",
            "S-4,Jan,,Nieuw,,,Zorg en Welzijn,Zorg en Welzijn 1,Madonna,25655,bol,2026-08-01",
            "S-5,Piet,,Nieuw,,,Zorg en Welzijn,Zorg en Welzijn 1,Test Coach,256,bol,2026-08-01",
            "S-6,Klaas,,Nieuw,,,Zorg en Welzijn,Zorg en Welzijn 1,Test Coach,25655,bol,2026-08-01",
        ]);
        let report = upload(&world, "roster", &rows, false).send().await.created();
        let expected = [
            (2, "", "roster.elsewhere-now"),
            (3, "", "roster.other-qualification"),
            (4, "", "roster.coach-not-split"),
            (5, "crebo", "import.crebo-invalid"),
        ];
        assert_eq!(refusals(&report), expected.map(|(line, field, code)| (line, field.to_owned(), code.to_owned())));
        assert_eq!(tally(&report), [1, 0, 4]);
    }

    async fn who_was_placed_is_known_again_by_birth_date_and_gets_the_student_number(world: World) {
        upload(&world, "roster", ROSTER.as_bytes(), false).send().await.created();
        world.sql("UPDATE students SET student_number = NULL").unwrap();
        let row = |number: &str, birth: &str| {
            format!("{number},Noor,van der,Berg,{birth},,Zorg en Welzijn,Zorg en Welzijn 1,Test Coach,25655,bol,2026-08-01")
        };
        let uncertain = upload(&world, "roster", &roster(&[&row("S-9", "")]), false).send().await.created();
        assert_eq!(refusals(&uncertain), [(2, String::new(), "roster.student-uncertain".to_owned())]);
        let same = upload(&world, "roster", &roster(&[&row("S-9", "2010-02-28")]), false).send().await.created();
        assert_eq!(tally(&same), [1, 0, 0]);
        assert_eq!(world.rows("SELECT student_number AS row FROM students WHERE student_number IS NOT NULL"), ["S-9"]);
        assert_eq!(tally(&upload(&world, "roster", &roster(&[&row("S-9", "2010-02-28")]), false).send().await.created()), [0, 1, 0]);
        let another = upload(&world, "roster", &roster(&[&row("S-10", "2009-01-01")]), false).send().await.created();
        assert_eq!(tally(&another), [1, 0, 0]);
        assert_eq!(world.rows("SELECT student_number AS row FROM students WHERE student_number IS NOT NULL ORDER BY 1"), ["S-10", "S-9"]);
    }

    async fn nobody_is_made_for_a_row_that_is_refused(world: World) {
        let before = counts(&world);
        let rows = roster(&["S-1,Noor,,Berg,2098-01-01,,Nieuw,Team 1,B. Nieuw,25655,bol,2099-08-01"]);
        let report = upload(&world, "roster", &rows, false).send().await.created();
        assert_eq!(refusals(&report), [(2, "birthDate".to_owned(), "organisation.born-in-future".to_owned())]);
        assert_eq!(counts(&world), before);
    }

    async fn the_words_of_a_refusal_are_in_the_language_of_who_asks(world: World) {
        let rows = roster(&["S-5,Piet,,Nieuw,,,Groen,Dier 1A,A. de Wit,256,bol,2026-08-01"]);
        let dutch = upload(&world, "roster", &rows, true).header("Accept-Language", "nl").send().await.created();
        assert_eq!(dutch["refusals"][0]["detail"], "Een crebo heeft vijf cijfers.");
        assert!(!dutch.to_string().contains("Piet"));
    }

    async fn a_retry_with_the_same_key_imports_once(world: World) {
        let ask = || upload(&world, "roster", ROSTER.as_bytes(), false).header("Idempotency-Key", "roster-1");
        let first = ask().send().await;
        let again = ask().send().await;
        assert_eq!(again.header("idempotency-replayed").as_deref(), Some("true"));
        assert_eq!(first.created(), again.created());
        let other = upload(&world, "roster", &roster(&[]), false).header("Idempotency-Key", "roster-1").send().await;
        assert_eq!(other.problem(422), "request.idempotency-key-reused");
        let no_roster = upload(&world, "roster", b"no roster at all", false).header("Idempotency-Key", "roster-1").send().await;
        assert_eq!(no_roster.problem(422), "request.idempotency-key-reused");
        let list = world.get("/imports").by("administrator").send().await.ok();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
    }

    async fn imports_are_an_administrators_alone(world: World) {
        for who in ["coach", "director", "landscapeManager", "dashboard", "student"] {
            assert_eq!(form(&world, "roster", ROSTER.as_bytes(), false).by(who).send().await.problem(404), "request.not-found", "{who}");
            assert_eq!(world.get("/imports").by(who).send().await.problem(404), "request.not-found", "{who}");
        }
        assert!(world.rows("SELECT what AS row FROM events").is_empty());
    }

    async fn a_form_that_is_not_as_the_document_says_is_refused_with_every_fault(world: World) {
        let faults = upload(&world, "list", b"", false).send().await.faults();
        assert_eq!(faults, [("/kind".to_owned(), "request.not-one-of".to_owned())]);
        let form = "--x\r\nContent-Disposition: form-data; name=\"colour\"\r\n\r\nred\r\n--x--\r\n";
        let sent = world.ask("POST", "/imports").by("administrator").bytes("multipart/form-data; boundary=x", form);
        let codes: Vec<_> = sent.send().await.faults().into_iter().collect();
        let expected = [("/colour", "request.unknown-field"), ("/kind", "request.required"), ("/file", "request.required")];
        assert_eq!(codes, expected.map(|(at, code)| (at.to_owned(), code.to_owned())));
        let twice = form.replace("colour", "kind").replacen("--x\r\n", "--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nx\r\n--x\r\n", 1);
        let sent = world.ask("POST", "/imports").by("administrator").bytes("multipart/form-data; boundary=x", twice);
        assert_eq!(sent.send().await.faults(), [("/kind".to_owned(), "request.member-twice".to_owned())]);
        let json = world.post("/imports", json!({ "kind": "roster" })).by("administrator").send().await;
        assert_eq!(json.problem(415), "request.unsupported-media-type");
        let cut = world.ask("POST", "/imports").by("administrator").bytes("multipart/form-data; boundary=x", "--x\r\nContent-");
        assert_eq!(cut.send().await.problem(400), "request.not-multipart");
    }

    async fn a_file_that_is_none_of_its_kind_is_refused_with_what_is_wrong_and_leaves_nothing(world: World) {
        let dossier = include_str!("../../api/src/demo/dossiers/zorg.xml");
        let wrong_dossier = dossier.replacen(">23901<", ">2390x<", 1);
        let cut = &dossier[..dossier.len() / 2];
        let doctype = format!("<!DOCTYPE sbb [<!ENTITY x \"y\">]>{dossier}");
        let two_missing = HEADER.replace(",team", "").replace(",crebo", "");
        let header = HEADER.replace("studentNumber", "number");
        for (kind, file, expected) in [
            ("roster", "%PDF-1.7", vec![("/file/1", "import.header-unknown")]),
            ("roster", "", vec![("/file/1", "import.empty")]),
            ("roster", dossier, vec![("/file/1", "import.header-unknown")]),
            ("roster", &header, vec![("/file/1", "import.header-unknown")]),
            ("roster", &two_missing, vec![("/file/1/team", "import.column-missing"), ("/file/1/crebo", "import.column-missing")]),
            ("dossier", ROSTER, vec![("/file/1", "import.not-xml")]),
            ("dossier", &doctype, vec![("/file/1", "import.doctype")]),
            ("dossier", "<html></html>", vec![("/file/1", "curriculum.not-a-dossier")]),
            ("applications", ROSTER, vec![("/file/1", "import.header-unknown")]),
        ] {
            for dry_run in [true, false] {
                let expected: Vec<_> = expected.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect();
                assert_eq!(upload(&world, kind, file.as_bytes(), dry_run).send().await.faults(), expected, "{kind}");
            }
        }
        let faults = upload(&world, "dossier", cut.as_bytes(), false).send().await.faults();
        assert_eq!(faults[0].1, "import.truncated");
        let faults = upload(&world, "dossier", wrong_dossier.as_bytes(), false).send().await.faults();
        assert!(!faults.is_empty() && faults.iter().all(|(at, _)| at.starts_with("/file/")), "{faults:?}");
        let many = [HEADER.as_bytes(), &b"\n,,,,,,,,,,,".repeat(700_000)[..]].concat();
        assert_eq!(upload(&world, "roster", &many, true).send().await.problem(413), "import.too-large");
        assert!(world.rows("SELECT what AS row FROM events").is_empty());
        assert_eq!(world.get("/imports").by("administrator").send().await.ok()["items"], json!([]));
    }

    async fn a_file_over_the_limit_is_refused(world: World) {
        let large = vec![b'x'; 16 * 1024 * 1024 + 1];
        assert_eq!(upload(&world, "dossier", &large, true).send().await.problem(413), "request.too-large");
    }

    async fn what_the_central_facility_told_is_kept_once(world: World) {
        let file = "id,createdat,aanmelding_key,startmoment,status,schooljaar,statussource,onderwijsaanbiedercode,instellingserkenningscode,onderwijslocatiecode,opleidingcode,leertrajectmbo,leeftijdscategorie
1,2026-01-17T12:47:52Z,A01,2026-08-01,SUBMITTED,2026,CAMBO,100A428,25PN,101X008,25636,BOL,ONDER_16
2,2026-01-18T12:47:52Z,A01,2026-08-01,RECEIVED,2026,SIS,100A428,25PN,101X008,25636,BOL,ONDER_16
3,2026-01-18T12:47:52Z,A02,2026-08-01,LOST,2026,SIS,100A428,25PN,101X008,25636,BOL,ONDER_16
";
        let report = upload(&world, "applications", file.as_bytes(), false).send().await.created();
        assert_eq!((tally(&report), refusals(&report).len()), ([2, 0, 1], 1));
        assert_eq!(world.rows("SELECT state AS row FROM central_applications"), ["received"]);
        assert_eq!(tally(&upload(&world, "applications", file.as_bytes(), false).send().await.created()), [0, 2, 1]);
        let told = world.get("/changes?limit=200").by("administrator").send().await.ok();
        let of_imports = told["items"].as_array().unwrap().iter().filter(|item| item["subject"] == "import");
        let taken: Vec<_> = of_imports.map(|item| item["facts"]["taken"].as_i64().unwrap()).collect();
        assert_eq!(taken, [2, 0], "AL-1: the feed tells how many events each import brought");
    }

    async fn the_real_files_are_taken_whole_and_again_change_nothing(world: World) {
        let Some(folder) = std::env::var_os("LEERLOOPBAAN_SHARED").map(std::path::PathBuf::from) else {
            eprintln!("skipped: LEERLOOPBAAN_SHARED names no folder with real data");
            return;
        };
        for (kind, path, rows) in [
            ("roster", "students/studenten.csv", 1000),
            ("dossier", "sbb/2635-pedagogisch-werk.xml", 1),
            ("dossier", "sbb/2755-dienstverlening.xml", 1),
            ("applications", "cambo/aanmeldingen-sample.csv", 25),
        ] {
            let bytes = std::fs::read(folder.join("data").join(path)).expect("the file");
            let rehearsed = upload(&world, kind, &bytes, true).send().await.created();
            assert_eq!((tally(&rehearsed), refusals(&rehearsed)), ([rows, 0, 0], vec![]), "{kind}");
            let begun = std::time::Instant::now();
            let report = upload(&world, kind, &bytes, false).send().await.created();
            eprintln!("{kind}: {rows} in {:?}", begun.elapsed());
            assert_eq!((tally(&report), refusals(&report)), ([rows, 0, 0], vec![]), "{kind}");
            let (before, begun) = (counts(&world), std::time::Instant::now());
            let again = upload(&world, kind, &bytes, false).send().await.created();
            eprintln!("{kind} again in {:?}", begun.elapsed());
            assert_eq!(tally(&again), [0, rows, 0], "{kind}");
            assert_eq!(counts(&world), before, "{kind}");
        }
        assert_eq!(world.rows("SELECT CAST(count(*) AS text) AS row FROM students WHERE active"), ["1000"]);
        let placed = world.rows("SELECT CAST(count(*) AS text) AS row FROM events WHERE subject = 'enrolment' AND what = 'placed'");
        assert_eq!(placed, ["1000"]);
    }
}
