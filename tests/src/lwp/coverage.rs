//! Which work processes and requirements are covered, and which not (CU-5).

use std::time::Instant;

use chrono::Days;
use domain::curriculum::CohortDays;
use domain::kernel::time::date_at;
use domain::kernel::{Crebo, Id};
use persistence::lwps::coverage::{Cohort, list_coverage, qualifications_of_crebo};
use persistence::{Asking, Database, Identity, Page};
use serde_json::{Value, json};

use super::{meal, published, with, work_processes};
use crate::both;
use crate::enrolment::placed_for;
use crate::harness::World;
use crate::imports::upload;

const ASSIGNMENTS: &str = "/lwp-assignments";
/// Of the first qualification in the invented dossier of care.
const CREBO: &str = "25901";

async fn assign(world: &World, student: &str, lwp: &str) -> String {
    let due_on = date_at(world.now()) + Days::new(14);
    let new = json!({ "studentId": world.college.person(student), "lwpId": lwp, "dueOn": due_on });
    world.post(ASSIGNMENTS, new).by("coach").send().await.created()["id"].as_str().unwrap().to_owned()
}

async fn complete(world: &World, student: &str, id: &str) {
    let steps = [
        ("start", student, json!({})),
        ("submit", student, json!({ "entryIds": [] })),
        ("giveFeedback", "coach", json!({ "text": "Goed.", "completed": true })),
    ];
    for (decision, by, facts) in steps {
        world.decide(ASSIGNMENTS, id, decision, facts).by(by).send().await.ok();
    }
}

/// Code, coverage and by how many of every work process of a qualification.
fn covered(coverage: &Value) -> Vec<(String, String, usize)> {
    let tasks = coverage["qualifications"][0]["coreTasks"].as_array().unwrap();
    let processes = tasks.iter().flat_map(|task| task["workProcesses"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    processes.map(|one| (text(&one["code"]), text(&one["coverage"]), one["by"].as_array().unwrap().len())).collect()
}

fn requirement_covered(coverage: &Value, id: &str) -> Value {
    let all = coverage["requirements"].as_array().unwrap();
    all.iter().find(|one| one["id"] == id).expect("the requirement")["coverage"].clone()
}

async fn requirement(world: &World) -> String {
    let page = world.get("/career-and-citizenship-requirements?area=citizenship").by("coach").send().await.ok();
    page["items"][0]["id"].as_str().unwrap().to_owned()
}

both! {
    async fn cu_5_a_students_coverage_tells_what_is_completed_begun_planned_and_not_there_at_all(world: World) {
        let processes = work_processes(&world).await;
        let requirement = requirement(&world).await;
        let of = |place: usize| processes[place].1.clone();
        let mut both = with(&meal(&world, &of(0)), "workProcessIds", json!([of(0), of(1)]));
        both["requirementIds"] = json!([requirement]);
        let lwps = [published(&world, both, "teacher").await, published(&world, meal(&world, &of(1)), "teacher").await, published(&world, meal(&world, &of(3)), "teacher").await];
        placed_for(&world, "student", "coach", CREBO).await;
        let first = assign(&world, "student", &lwps[0]).await;
        complete(&world, "student", &first).await;
        let second = assign(&world, "student", &lwps[1]).await;
        world.decide(ASSIGNMENTS, &second, "start", json!({})).by("student").send().await.ok();
        assign(&world, "student", &lwps[2]).await;
        let path = format!("/students/{}/coverage", world.college.person("student"));
        let seen = world.get(&path).by("student").send().await.ok();
        assert_eq!((&seen["ambiguous"], &seen["qualifications"][0]["crebo"]), (&json!(false), &json!(CREBO)));
        let expected = [("B1-K1-W1", "completed", 1), ("B1-K1-W2", "completed", 2), ("B1-K1-W3", "none", 0), ("P1-K1-W1", "planned", 1), ("P1-K1-W2", "none", 0)];
        assert_eq!(covered(&seen), expected.map(|(code, coverage, by)| (code.to_owned(), coverage.to_owned(), by)));
        let counts = json!({ "completed": 2, "inProgress": 0, "planned": 1, "total": 5 });
        assert_eq!(seen["qualifications"][0]["workProcessCounts"], counts);
        assert_eq!(requirement_covered(&seen, &requirement), "completed");
        assert_eq!(seen["requirementCounts"]["completed"], 1);
        let of_all = format!("/qualifications/{}/coverage", seen["qualifications"][0]["id"].as_str().unwrap());
        let listed = world.get(&of_all).by("coach").send().await.ok();
        assert_eq!(listed["items"][0]["workProcessCounts"], counts);
        assert_eq!(listed["items"][0]["requirementCounts"], seen["requirementCounts"]);
        for reader in ["coach", "teacher", "teamLeader"] {
            assert_eq!(world.get(&path).by(reader).send().await.ok(), seen, "{reader}");
        }
        for stranger in ["secondCoach", "otherTeacher", "otherStudent", "landscapeManager", "director", "elearning"] {
            assert_eq!(world.get(&path).by(stranger).send().await.problem(404), "request.not-found", "{stranger}");
        }
    }

    async fn cu_5_entries_that_are_linked_are_told_to_who_may_read_them(world: World) {
        let processes = work_processes(&world).await;
        placed_for(&world, "student", "coach", CREBO).await;
        let entries = format!("/students/{}/portfolio-entries", world.college.person("student"));
        let entry = async |visibility: &str| {
            let body = json!({
                "area": "learning", "kind": "experience", "title": "Kennisgemaakt", "body": "Met mevrouw Bos.", "visibility": visibility,
                "links": [{ "kind": "workProcess", "id": processes[0].1 }]
            });
            world.post(&entries, body).by("student").send().await.created()["id"].clone()
        };
        let (private, coach) = (entry("private").await, entry("coach").await);
        let path = format!("/students/{}/coverage", world.college.person("student"));
        for (by, shown) in [("student", json!([private, coach])), ("coach", json!([coach])), ("teacher", json!([]))] {
            let seen = world.get(&path).by(by).send().await.ok();
            assert_eq!(seen["qualifications"][0]["coreTasks"][0]["workProcesses"][0]["entryIds"], shown, "{by}");
            assert_eq!(seen["qualifications"][0]["coreTasks"][0]["workProcesses"][0]["coverage"], "none", "an entry is no assessment");
        }
    }

    async fn cu_5_where_a_crebo_stands_in_two_dossiers_all_are_told_and_none_is_chosen(world: World) {
        work_processes(&world).await;
        let file = include_str!("../../../api/src/demo/dossiers/zorg.xml").replace("nr=\"9001\"", "nr=\"9099\"");
        upload(&world, "dossier", file.as_bytes(), false).send().await.created();
        placed_for(&world, "student", "coach", CREBO).await;
        let seen = world.get(&format!("/students/{}/coverage", world.college.person("student"))).by("coach").send().await.ok();
        assert_eq!((&seen["ambiguous"], seen["qualifications"].as_array().unwrap().len()), (&json!(true), 2));
        let told: Vec<_> = seen["qualifications"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        for id in told {
            let listed = world.get(&format!("/qualifications/{id}/coverage?count=true")).by("coach").send().await.ok();
            assert_eq!((&listed["total"], &listed["items"][0]["qualificationId"]), (&json!(1), &json!(id)));
        }
        let nowhere = world.get(&format!("/qualifications/{}/coverage", world.college.team)).by("coach").send().await;
        assert_eq!(nowhere.problem(404), "request.not-found");
        placed_for(&world, "otherStudent", "coach", "25999").await;
        let none = world.get(&format!("/students/{}/coverage", world.college.person("otherStudent"))).by("coach").send().await.ok();
        assert_eq!((&none["ambiguous"], &none["qualifications"]), (&json!(false), &json!([])));
    }

    async fn cu_5_a_teams_published_lwps_cover_work_processes_and_its_drafts_do_not(world: World) {
        let processes = work_processes(&world).await;
        let requirement = requirement(&world).await;
        published(&world, with(&meal(&world, &processes[0].1), "requirementIds", json!([requirement])), "teacher").await;
        super::drafted(&world, meal(&world, &processes[1].1), "teacher").await;
        let path = format!("/teams/{}/coverage", world.college.team);
        let seen = world.get(&path).by("otherTeacher").send().await.ok();
        let crebos: Vec<_> = seen["qualifications"].as_array().unwrap().iter().map(|one| one["crebo"].clone()).collect();
        assert_eq!(crebos, ["25901", "25902"], "what is of the basis is of every qualification in the dossier");
        assert_eq!(covered(&seen)[..2], [("B1-K1-W1".to_owned(), "planned".to_owned(), 1), ("B1-K1-W2".to_owned(), "none".to_owned(), 0)]);
        assert_eq!(requirement_covered(&seen, &requirement), "planned");
        assert_eq!(world.get(&path).by("elearning").send().await.ok(), seen);
        assert_eq!(world.get(&path).by("student").send().await.problem(404), "request.not-found");
        let none = world.get(&format!("/teams/{}/coverage", world.college.other_team)).by("coach").send().await.ok();
        assert_eq!(none["qualifications"], json!([]));
        let nowhere = world.get(&format!("/teams/{}/coverage", world.college.landscape)).by("coach").send().await;
        assert_eq!(nowhere.problem(404), "request.not-found");
    }

    /// Of 1,000 students of one qualification, with ten LWPs each: how far each of them is, in one statement.
    async fn cu_5_the_coverage_of_a_thousand_students_is_one_statement(world: World) {
        let processes = work_processes(&world).await;
        let mut lwps = Vec::new();
        for (_, process) in processes.iter().take(5) {
            lwps.push(published(&world, meal(&world, process), "teacher").await);
        }
        let (team, landscape) = (&world.college.team, &world.college.landscape);
        let coach = world.college.person("coach");
        let mut sql = Vec::new();
        for number in 0..1000 {
            let [person, enrolment, link] = [(); 3].map(|()| uuid::Uuid::now_v7().to_string());
            sql.push(format!(
                "INSERT INTO people (id, given_name, family_name, sort_name, language, version, created_at) VALUES (<{person}>, 'S', 'N{number}', 'n{number:04}', 'nl', 1, <now>);
                 INSERT INTO students (id, sort_name, landscape_id, team_id, active, version, created_at) VALUES (<{person}>, 'n{number:04}', <{landscape}>, <{team}>, TRUE, 1, <now>);
                 INSERT INTO enrolments (id, student_id, landscape_id, team_id, crebo, route, state, starts_on, stay_id, coached_student_id, version, created_at)
                 VALUES (<{enrolment}>, <{person}>, <{landscape}>, <{team}>, '{CREBO}', 'bol', 'provisional', '2025-09-01', <{enrolment}>, <{person}>, 1, <now>);
                 INSERT INTO coach_assignments (id, student_id, stay_id, coach_id, from_at, open_student_id, cause, version)
                 VALUES (<{link}>, <{person}>, <{enrolment}>, <{coach}>, <long ago>, <{person}>, 'placement', 1)"
            ));
            for place in 0..10 {
                let (id, lwp) = (uuid::Uuid::now_v7(), &lwps[place % lwps.len()]);
                let (state, started, completed) = match (number + place) % 3 {
                    0 => ("assigned", "NULL", "NULL"),
                    1 => ("inProgress", "<long ago>", "NULL"),
                    _ => ("completed", "<long ago>", "<now>"),
                };
                sql.push(format!(
                    "INSERT INTO lwp_assignments (id, student_id, lwp_id, due_on, tailoring, state, started_at, completed_at, version, created_at)
                     VALUES (<{id}>, <{person}>, <{lwp}>, '2026-12-01', '{{}}', '{state}', {started}, {completed}, 1, <now>)"
                ));
            }
        }
        world.sql(&sql.join(";\n")).expect("a thousand students");
        let database = Database::open(&world.location).expect("the database opens");
        let identity = Identity::Account { issuer: crate::harness::ISSUER.to_owned(), subject: "teacher".to_owned() };
        let asking = Asking { identity, now: domain::kernel::time::to_the_microsecond(world.now()) };
        let work = move |reading: &mut persistence::Reading<'_>| {
            let permit = reading.actor().permit(domain::access::Action::ReadDossier, domain::access::Unit::Institution)?;
            let qualification = qualifications_of_crebo(reading, permit, Crebo::parse(CREBO).unwrap())?.remove(0);
            let days = CohortDays { from: None, before: None };
            let cohort = Cohort { qualification, days, team_id: None, work_processes: 5, requirements: vec![Id::FIRST] };
            let (before, begun) = (reading.statements(), Instant::now());
            let rows = list_coverage(reading, &cohort, &Page::first(1000))?.rows;
            Ok((rows.len(), reading.statements() - before, begun.elapsed(), rows[0].work_processes))
        };
        let (students, statements, time, first) = database.read(asking, work).await.expect("coverage");
        eprintln!("the coverage of {students} students took {time:?} in {statements} statement");
        assert_eq!((students, statements), (1000, 1));
        assert_eq!((first.completed + first.in_progress + first.planned, first.total), (5, 5));
    }
}
