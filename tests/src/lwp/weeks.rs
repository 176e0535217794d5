//! The weeks of a start programme bring LWPs (SP-1, SP-2), and what the template covers is told (CU-5).

use chrono::{Days, NaiveDate};
use domain::kernel::time::date_at;
use domain::start_programme::SchoolYear;
use serde_json::{Value, json};

use super::{LWPS, drafted, meal, published, with, work_processes};
use crate::both;
use crate::enrolment::placed;
use crate::harness::World;

const TEMPLATES: &str = "/start-programme-templates";

/// A template of the landscape for this school year, whose weeks bring these LWPs.
fn template(world: &World, landscape: &str, lwps: &[(usize, &str)]) -> Value {
    let of = |week: usize| lwps.iter().filter(|(in_week, _)| *in_week == week).map(|(_, lwp)| *lwp).collect::<Vec<_>>();
    let week = |week| json!({ "week": week, "theme": format!("Thema {week}"), "activities": [{ "title": "Kijken" }], "lwpIds": of(week) });
    let weeks: Vec<_> = (1..=10).map(week).collect();
    let year = SchoolYear::of(date_at(world.now())).to_string();
    json!({ "landscapeId": landscape, "schoolYear": year, "title": "Startprogramma", "weeks": weeks })
}

async fn in_force(world: &World, content: Value, manager: &str) -> String {
    let id = world.post(TEMPLATES, content).by(manager).send().await.created()["id"].as_str().unwrap().to_owned();
    world.decide(TEMPLATES, &id, "publish", json!({})).by(manager).send().await.ok();
    id
}

fn day(value: &Value) -> NaiveDate {
    value.as_str().unwrap().parse().unwrap()
}

both! {
    async fn sp_2_with_the_programme_the_student_gets_the_lwps_of_its_weeks_by_the_friday_of_each(world: World) {
        let processes = work_processes(&world).await;
        let first = published(&world, meal(&world, &processes[0].1), "teacher").await;
        let second = published(&world, with(&meal(&world, &processes[1].1), "title", json!("Een wandeling")), "teacher").await;
        let id = in_force(&world, template(&world, &world.college.landscape, &[(1, &first), (3, &second), (3, &first)]), "landscapeManager").await;
        let seen = world.get(&format!("{TEMPLATES}/{id}")).by("teacher").send().await.ok();
        assert_eq!(seen["weeks"][2]["lwps"], json!([{ "lwpId": second, "title": "Een wandeling" }, { "lwpId": first, "title": "Een maaltijd voor tien" }]));
        // What was published with it stays in it.
        world.decide(LWPS, &second, "retire", json!({})).by("teacher").send().await.ok();

        let enrolment = placed(&world, "student", "coach").await;
        let programme = world.get(&format!("/enrolments/{enrolment}/start-programme")).by("student").send().await.ok();
        let lwps = &programme["weeks"][2]["lwps"];
        assert_eq!((&lwps[0]["lwpId"], &lwps[1]["lwpId"], &lwps[0]["state"]), (&json!(second), &json!(first), &json!("assigned")));
        assert_eq!(day(&lwps[0]["dueOn"]), day(&programme["weeks"][2]["startsOn"]) + Days::new(4));
        assert_eq!(programme["weeks"][1]["lwps"], json!([]));
        let page = world.get(&format!("/lwp-assignments?startProgrammeId={}", programme["id"].as_str().unwrap())).by("student").send().await.ok();
        let weeks: Vec<_> = page["items"].as_array().unwrap().iter().map(|one| one["week"].as_i64().unwrap()).collect();
        assert_eq!(weeks, [1, 3, 3]);

        let assignment = lwps[0]["assignmentId"].as_str().unwrap();
        world.decide("/lwp-assignments", assignment, "start", json!({})).by("student").send().await.ok();
        let programme = world.get(&format!("/start-programmes/{}", programme["id"].as_str().unwrap())).by("coach").send().await.ok();
        assert_eq!(programme["weeks"][2]["lwps"][0]["state"], "inProgress");
        let told = world.rows("SELECT what AS row FROM events WHERE subject IN ('startProgramme', 'lwpAssignment') ORDER BY position");
        assert_eq!(told, ["started", "assigned", "assigned", "assigned", "started"]);
    }

    async fn sp_1_a_week_brings_published_lwps_and_nothing_else(world: World) {
        let processes = work_processes(&world).await;
        let draft = drafted(&world, meal(&world, &processes[0].1), "coach").await;
        let library = published(&world, meal(&world, &processes[0].1), "teacher").await;
        let of = |lwps: &[(usize, &str)]| template(&world, &world.college.landscape, lwps);
        let wrong = of(&[(1, &library), (1, &library), (2, &draft), (2, &world.college.team)]);
        let faults = world.post(TEMPLATES, wrong).by("landscapeManager").send().await.faults();
        let expected = [
            ("/weeks/0/lwpIds/1", "start-programme.lwp-repeated"),
            ("/weeks/1/lwpIds/0", "request.unknown-reference"),
            ("/weeks/1/lwpIds/1", "request.unknown-reference"),
        ];
        assert_eq!(faults, expected.map(|(at, code)| (at.to_owned(), code.to_owned())), "who manages the landscape reads no drafts");

        let id = world.post(TEMPLATES, of(&[(1, &library)])).by("landscapeManager").send().await.created()["id"].as_str().unwrap().to_owned();
        world.decide(LWPS, &library, "retire", json!({})).by("teacher").send().await.ok();
        let refused = world.decide(TEMPLATES, &id, "publish", json!({})).by("landscapeManager").send().await;
        assert_eq!(refused.problem(409), "start-programme.lwp-not-published");
        let faults = world.post(TEMPLATES, of(&[(4, &library)])).by("landscapeManager").send().await.faults();
        assert_eq!(faults, [("/weeks/3/lwpIds/0".to_owned(), "start-programme.lwp-not-in-library".to_owned())]);
    }

    async fn sp_4_after_a_switch_the_student_keeps_what_they_had_and_gets_the_lwps_of_the_new_landscape(world: World) {
        let processes = work_processes(&world).await;
        let here = published(&world, meal(&world, &processes[0].1), "teacher").await;
        let there = published(&world, with(&meal(&world, &processes[1].1), "teamId", json!(world.college.other_team)), "otherTeacher").await;
        in_force(&world, template(&world, &world.college.landscape, &[(1, &here)]), "landscapeManager").await;
        in_force(&world, template(&world, &world.college.other_landscape, &[(1, &there), (2, &there)]), "otherLandscapeManager").await;
        let enrolment = placed(&world, "student", "coach").await;
        let wish = json!({ "landscapeId": world.college.other_landscape, "motivation": "Ik bouw liever." });
        let asked = world.decide("/enrolments", &enrolment, "requestSwitch", wish).by("student").send().await.ok();
        let accept = json!({ "teamId": world.college.other_team, "coachId": world.college.person("otherCoach"), "crebo": "25266", "creditedWeeks": 0 });
        world.decide("/switches", asked["switchId"].as_str().unwrap(), "accept", accept).by("otherCoach").send().await.ok();
        let page = world.get("/lwp-assignments").by("student").send().await.ok();
        let lwps: Vec<_> = page["items"].as_array().unwrap().iter().map(|one| (one["lwpId"].clone(), one["state"].clone())).collect();
        let assigned = json!("assigned");
        assert_eq!(lwps, [(json!(here), assigned.clone()), (json!(there), assigned.clone()), (json!(there), assigned)]);
        let first = page["items"][0]["id"].as_str().unwrap();
        assert_eq!(world.decide("/lwp-assignments", first, "start", json!({})).by("student").send().await.ok()["state"], "inProgress");
        assert_eq!(world.get("/lwp-assignments").by("coach").send().await.ok()["items"], json!([]));
        assert_eq!(world.get("/lwp-assignments?count=true").by("otherCoach").send().await.ok()["total"], 3);
    }

    async fn cu_5_a_programme_covers_what_the_lwps_of_its_weeks_cover(world: World) {
        let processes = work_processes(&world).await;
        let lwp = published(&world, meal(&world, &processes[0].1), "teacher").await;
        let id = in_force(&world, template(&world, &world.college.landscape, &[(2, &lwp), (5, &lwp)]), "landscapeManager").await;
        let seen = world.get(&format!("{TEMPLATES}/{id}/coverage")).by("otherTeacher").send().await.ok();
        let process = &seen["qualifications"][0]["coreTasks"][0]["workProcesses"][0];
        assert_eq!((&process["coverage"], process["by"].as_array().unwrap().len()), (&json!("planned"), 1));
        let counts = json!({ "completed": 0, "inProgress": 0, "planned": 1, "total": 5 });
        assert_eq!(seen["qualifications"][0]["workProcessCounts"], counts);
        assert_eq!(world.get(&format!("{TEMPLATES}/{id}/coverage")).by("student").send().await.problem(404), "request.not-found");
    }
}
