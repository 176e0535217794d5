//! Ten weeks of one student, and who sees how far they are.

use chrono::TimeDelta;
use persistence::{Asking, Database, Identity};
use serde_json::{Value, json};

use super::{begun, do_week, id, put};
use crate::both;
use crate::harness::{ISSUER, World};

/// The overview as `subject` has it, for these filters.
async fn overview(world: &World, query: &str, subject: &str) -> Vec<Value> {
    let page = world.get(&format!("/start-programmes?{query}")).by(subject).send().await.ok();
    page["items"].as_array().unwrap().clone()
}

/// Makes `guardian` the guardian of the student, who turns 16 or 18 so many days from now.
fn guardian(world: &World, sixteen_in: i64, eighteen_in: i64) {
    let at = |days: i64| {
        let moment = world.now() + TimeDelta::days(days);
        if world.location.file().is_some() { moment.timestamp_micros().to_string() } else { format!("'{}'", moment.to_rfc3339()) }
    };
    let sql = format!(
        "INSERT INTO guardianships (id, guardian_id, student_id, sixteen_at, eighteen_at, from_at, version)
         VALUES (<{}>, <{}>, <{}>, {}, {}, <long ago>, 1)",
        uuid::Uuid::new_v4(),
        world.college.person("guardian"),
        world.college.person("student"),
        at(sixteen_in),
        at(eighteen_in)
    );
    world.sql(&sql).expect("a guardian");
}

both! {
    async fn sp_3_a_student_marks_activities_and_reflects_week_by_week(world: World) {
        let (monday, enrolment_id, path) = begun(&world).await;
        let programme = world.get(&path).by("student").send().await.ok();
        assert_eq!(programme["state"], "running");
        assert_eq!(programme["enrolmentId"], enrolment_id.to_string());
        assert_eq!(programme["studentId"], world.college.person("student"));
        assert_eq!(programme["openDecisions"], json!([]));
        assert_eq!(programme["weeks"].as_array().unwrap().len(), 10);
        let first = &programme["weeks"][0];
        assert_eq!((first["week"].as_i64(), first["startsOn"].as_str()), (Some(1), Some(monday.to_string().as_str())));
        assert_eq!((&first["lwps"], &first["reflection"], &first["done"]), (&json!([]), &Value::Null, &json!(false)));

        do_week(&world, &path, 1).await;
        let programme = put(&world, &path, "weeks/1/coach-note", json!({ "text": "Vraag door." }), "coach").await;
        let first = &programme["weeks"][0];
        assert_eq!((first["done"].as_bool(), first["reflection"].as_str()), (Some(true), Some("Dit ging goed.")));
        assert_eq!(first["coachNote"], "Vraag door.");
        assert_eq!(programme["lastReflectionAt"], first["reflectedAt"]);
        let activity = first["activities"][1]["id"].as_str().unwrap();
        let undone = put(&world, &path, &format!("weeks/1/activities/{activity}"), json!({ "done": false }), "student").await;
        assert_eq!((&undone["weeks"][0]["done"], &undone["weeks"][0]["activities"][1]["done"]), (&json!(false), &json!(false)));
        assert_eq!(undone["weeks"][0]["activities"][0]["done"], true);
        world.wait(TimeDelta::hours(1));
        for (what, body, by) in [
            (format!("weeks/1/activities/{activity}"), json!({ "done": false }), "student"),
            ("weeks/1/reflection".to_owned(), json!({ "text": "Dit ging goed." }), "student"),
            ("weeks/1/coach-note".to_owned(), json!({ "text": "Vraag door." }), "coach"),
        ] {
            let same = put(&world, &path, &what, body, by).await;
            assert_eq!((&same["version"], &same["lastReflectionAt"]), (&undone["version"], &undone["lastReflectionAt"]), "{what}");
        }
        let told = world.rows("SELECT what AS row FROM events WHERE subject = 'startProgramme' ORDER BY position");
        assert_eq!(told, ["started", "activityMarked", "activityMarked", "reflected", "weekNoted", "activityMarked"], "and the same again is nothing new");
    }

    async fn sp_3_the_student_writes_for_themself_and_the_coach_the_notes(world: World) {
        let (_, _, path) = begun(&world).await;
        let programme = world.get(&path).by("student").send().await.ok();
        let activity = programme["weeks"][0]["activities"][0]["id"].as_str().unwrap().to_owned();
        let mark = format!("{path}/weeks/1/activities/{activity}");
        let text = json!({ "text": "Zo was het." });
        let any = |path: &str, body: &Value, subject: &str| world.put(path, body.clone()).by(subject).header("If-Match", "*");
        for subject in ["coach", "teacher", "teamLeader"] {
            assert_eq!(any(&mark, &json!({ "done": true }), subject).send().await.problem(403), "request.forbidden", "{subject}");
            assert_eq!(any(&format!("{path}/weeks/1/reflection"), &text, subject).send().await.problem(403), "request.forbidden");
        }
        for subject in ["student", "teacher"] {
            assert_eq!(any(&format!("{path}/weeks/1/coach-note"), &text, subject).send().await.problem(403), "request.forbidden");
        }
        for subject in ["otherStudent", "otherCoach", "otherTeacher", "administrator", "director", "dashboard", "guardian"] {
            assert_eq!(world.get(&path).by(subject).send().await.problem(404), "request.not-found", "{subject}");
            assert_eq!(any(&mark, &json!({ "done": true }), subject).send().await.problem(404), "request.not-found", "{subject}");
        }
        for nowhere in ["weeks/11/reflection", "weeks/0/reflection", "weeks/-1/reflection", "weeks/300/reflection", "weeks/x/reflection"] {
            assert_eq!(any(&format!("{path}/{nowhere}"), &text, "student").send().await.problem(404), "request.not-found", "{nowhere}");
        }
        let elsewhere = format!("{path}/weeks/2/activities/{activity}");
        assert_eq!(any(&elsewhere, &json!({ "done": true }), "student").send().await.problem(404), "request.not-found");
        assert_eq!(world.get(&path).by("student").send().await.ok(), programme);
    }

    async fn sp_3_nobody_overwrites_what_they_have_not_read(world: World) {
        let (_, _, path) = begun(&world).await;
        let reflection = format!("{path}/weeks/1/reflection");
        let write = |text: &str| world.put(&reflection, json!({ "text": text })).by("student");
        assert_eq!(write("Zonder versie.").send().await.problem(428), "request.if-match-missing");
        let seen = world.get(&path).by("student").send().await;
        write("De eerste.").if_match(&seen).send().await.ok();
        assert_eq!(write("De tweede.").if_match(&seen).send().await.problem(412), "request.stale");
        let faults = world.put(&reflection, json!({ "text": " ", "done": true })).by("student").header("If-Match", "*").send().await.faults();
        assert_eq!(faults, [("/done", "request.unknown-field"), ("/text", "request.blank")].map(|(place, code)| (place.to_owned(), code.to_owned())));
        let kept = world.get(&path).by("student").send().await.ok();
        assert_eq!(kept["weeks"][0]["reflection"], "De eerste.");
    }

    async fn sp_3_the_coach_sees_at_a_glance_who_lags(world: World) {
        let (_, _, path) = begun(&world).await;
        do_week(&world, &path, 1).await;
        let at_first = overview(&world, "", "coach").await;
        assert_eq!(at_first.len(), 1);
        let one = &at_first[0];
        assert_eq!((one["week"].as_i64(), one["behindBy"].as_i64()), (Some(1), Some(0)));
        assert_eq!(one["student"]["familyName"], "Student");
        assert_eq!((&one["coachId"], &one["teamId"]), (&json!(world.college.person("coach")), &json!(world.college.team)));
        assert_eq!(one["openDecisions"], json!(["close"]));

        world.wait(TimeDelta::days(21));
        let later = overview(&world, "behindAtLeast=2", "coach").await;
        assert_eq!((later[0]["week"].as_i64(), later[0]["behindBy"].as_i64()), (Some(4), Some(2)));
        assert_eq!(later[0]["lastReflectionAt"], one["lastReflectionAt"]);
        let seen = world.get(&path).by("coach").send().await.ok();
        assert_eq!((&seen["week"], &seen["behindBy"], &seen["lastReflectionAt"]), (&json!(4), &json!(2), &one["lastReflectionAt"]));
        assert!(overview(&world, "behindAtLeast=3", "coach").await.is_empty());
    }

    async fn sp_3_the_overview_shows_to_each_what_they_may_read(world: World) {
        let (_, _, path) = begun(&world).await;
        for subject in ["coach", "teacher", "teamLeader", "student"] {
            assert_eq!(overview(&world, "", subject).await.len(), 1, "{subject}");
        }
        for subject in ["otherCoach", "secondCoach", "otherTeamLeader", "landscapeManager", "director", "administrator", "otherStudent"] {
            assert!(overview(&world, "", subject).await.is_empty(), "{subject}");
            assert_eq!(world.get(&path).by(subject).send().await.problem(404), "request.not-found", "{subject}");
        }
        let college = &world.college;
        let (coach, second) = (college.person("coach"), college.person("secondCoach"));
        for (query, count) in [
            (format!("landscapeId={}&teamId={}&coachId={coach}&state=running", college.landscape, college.team), 1),
            (format!("landscapeId={}", college.other_landscape), 0),
            (format!("teamId={}", college.other_team), 0),
            (format!("coachId={second}"), 0),
            ("state=closed".to_owned(), 0),
        ] {
            assert_eq!(overview(&world, &query, "teamLeader").await.len(), count, "{query}");
        }
        let faults = world.get("/start-programmes?state=lost&behindAtLeast=many&teamId=1").by("coach").send().await.faults();
        let pointers: std::collections::BTreeSet<_> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers.into_iter().collect::<Vec<_>>(), ["?behindAtLeast", "?state", "?teamId"]);
    }

    async fn sp_3_a_guardian_sees_less_as_the_student_grows_up(world: World) {
        let (_, _, path) = begun(&world).await;
        do_week(&world, &path, 1).await;
        put(&world, &path, "weeks/1/coach-note", json!({ "text": "Vraag door." }), "coach").await;
        guardian(&world, 10, 700);
        let week = async || world.get(&path).by("guardian").send().await.ok()["weeks"][0].clone();
        let under_16 = week().await;
        assert_eq!((&under_16["reflection"], &under_16["coachNote"]), (&json!("Dit ging goed."), &Value::Null));
        world.wait(TimeDelta::days(11));
        let from_16 = week().await;
        assert_eq!((&from_16["reflection"], &from_16["coachNote"]), (&Value::Null, &Value::Null));
        assert_eq!((&from_16["done"], &from_16["activities"][0]["done"]), (&json!(true), &json!(true)));
        world.wait(TimeDelta::days(700));
        assert_eq!(world.get(&path).by("guardian").send().await.problem(404), "request.not-found");
    }

    async fn a_programme_is_read_in_three_statements_and_the_overview_in_one(world: World) {
        let (_, _, path) = begun(&world).await;
        let programme_id = id(path.rsplit('/').next().unwrap());
        let identity = Identity::Account { issuer: ISSUER.to_owned(), subject: "coach".to_owned() };
        let database = Database::open(&world.location).expect("the database opens");
        let counts = database.read(Asking { identity, now: world.now() }, move |reading| {
            let before = reading.statements();
            persistence::start_programme::find_programme(reading, programme_id)?;
            let between = reading.statements();
            let page = persistence::Page::first(50);
            let found = persistence::start_programme::list_programmes(reading, Default::default(), &page)?;
            Ok((between - before, reading.statements() - between, found.rows.len()))
        });
        assert_eq!(counts.await.expect("counts"), (3, 1, 1));
    }
}
