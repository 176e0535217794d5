//! Work placements: what a workplace trainer sees of a student, and from when until when (BP-1, BP-2).

use chrono::{Days, NaiveDate, TimeDelta};
use domain::kernel::time::date_at;
use serde_json::{Value, json};

use crate::both;
use crate::enrolment::placed;
use crate::harness::World;
use crate::lwp::{meal, published, work_processes};

fn in_days(world: &World, days: u64) -> NaiveDate {
    date_at(world.now()) + Days::new(days)
}

fn at_company(world: &World, trainer: &str, starts_on: NaiveDate, ends_on: NaiveDate) -> Value {
    json!({
        "learningCompany": "De Lindehof", "trainerId": world.college.person(trainer), "startsOn": starts_on, "endsOn": ends_on
    })
}

fn of_student(world: &World) -> String {
    format!("/students/{}/placements", world.college.person("student"))
}

/// A placement of the student with the workplace trainer, from today for so many days; its id.
pub async fn placement(world: &World, days: u64) -> String {
    let new = at_company(world, "workplaceTrainer", in_days(world, 0), in_days(world, days));
    let planned = world.post(&of_student(world), new).by("coach").send().await.created();
    planned["id"].as_str().expect("an id").to_owned()
}

async fn statuses(world: &World, by: &str, paths: &[&str]) -> Vec<u16> {
    let mut found = Vec::new();
    for path in paths {
        found.push(world.get(path).by(by).send().await.status);
    }
    found
}

both! {
    async fn bp_1_a_placement_is_planned_runs_and_is_over_by_its_dates(world: World) {
        placed(&world, "student", "coach").await;
        let new = at_company(&world, "workplaceTrainer", in_days(&world, 2), in_days(&world, 3));
        let planned = world.post(&of_student(&world), new).by("teamLeader").send().await;
        let location = planned.headers["location"].to_str().unwrap().to_owned();
        let planned = planned.created();
        let path = format!("/placements/{}", planned["id"].as_str().unwrap());
        assert!(location.ends_with(&path), "{location}");
        assert_eq!((&planned["state"], &planned["openDecisions"]), (&json!("planned"), &json!(["end"])));
        assert_eq!(planned["trainer"]["familyName"], "WorkplaceTrainer");
        for (days, state, open, trainer) in
            [(2, "running", json!(["end"]), 200), (1, "running", json!(["end"]), 200), (1, "completed", json!([]), 404)]
        {
            assert_eq!(world.get(&path).by("student").send().await.ok()["openDecisions"], json!([]));
            world.wait(TimeDelta::days(days));
            let seen = world.get(&path).by("coach").send().await.ok();
            assert_eq!((&seen["state"], &seen["openDecisions"], &seen["endedAt"]), (&json!(state), &open, &Value::Null));
            assert_eq!(statuses(&world, "workplaceTrainer", &[&path]).await, [trainer], "{state}");
        }
        let end = json!({ "reason": "Te laat." });
        let refused = world.decide("/placements", planned["id"].as_str().unwrap(), "end", end).by("coach").send().await.with(409);
        assert_eq!((&refused["code"], &refused["state"]), (&json!("placement.decision-not-open"), &json!("completed")));
    }

    async fn bp_2_a_trainer_sees_of_the_student_what_is_of_the_placement_and_no_more(world: World) {
        let processes = work_processes(&world).await;
        let lwp = published(&world, meal(&world, &processes[0].1), "teacher").await;
        placed(&world, "student", "coach").await;
        let student = world.college.person("student").to_owned();
        let card = format!("/students/{student}");
        assert_eq!(statuses(&world, "workplaceTrainer", &[&card, &of_student(&world)]).await, [404, 404]);
        let id = placement(&world, 30).await;
        let mut assigned = Vec::new();
        for placement in [Some(&id), None] {
            let new = json!({ "studentId": student, "lwpId": lwp, "dueOn": in_days(&world, 9), "placementId": placement });
            let one = world.post("/lwp-assignments", new).by("coach").send().await.created();
            assert_eq!(one["placementId"], json!(placement));
            assigned.push(one["id"].as_str().unwrap().to_owned());
        }
        let [at_work, at_school] = assigned.try_into().unwrap();
        let work = format!("/lwp-assignments/{at_work}");
        let (list, one) = (of_student(&world), format!("/placements/{id}"));
        let paths = [&card, &list, &one, &work].map(String::as_str);
        assert_eq!(statuses(&world, "workplaceTrainer", &paths).await, [200; 4]);
        let hidden = [
            format!("/lwp-assignments/{at_school}"), format!("{card}/coaches"), format!("{card}/guardians"),
            format!("{card}/coverage"), format!("{card}/portfolio-archive"),
        ];
        assert_eq!(statuses(&world, "workplaceTrainer", &hidden.each_ref().map(String::as_str)).await, [404; 5]);
        let seen = world.get(&card).by("workplaceTrainer").send().await.ok();
        assert_eq!((&seen["birthDate"], &seen["enrolment"]), (&Value::Null, &Value::Null), "who, and no more: {seen}");
        let listed = world.get("/lwp-assignments").by("workplaceTrainer").send().await.ok();
        assert_eq!((&listed["items"][0]["id"], listed["items"].as_array().unwrap().len()), (&json!(at_work), 1));

        world.decide("/lwp-assignments", &at_work, "start", json!({})).by("student").send().await.ok();
        world.decide("/lwp-assignments", &at_work, "submit", json!({ "entryIds": [] })).by("student").send().await.ok();
        let text = json!({ "text": "De bewoners waren blij.", "completed": false });
        let judged = world.decide("/lwp-assignments", &at_work, "giveFeedback", text).by("workplaceTrainer").send().await.ok();
        assert_eq!(judged["rounds"][0]["feedback"]["by"]["familyName"], "WorkplaceTrainer");
        assert_eq!(judged["openDecisions"], json!([]), "whether it is complete the school says");
        let told = world.get("/changes").by("workplaceTrainer").send().await.ok();
        let about: Vec<_> = told["items"].as_array().unwrap().iter().filter(|told| told["studentId"].is_string()).collect();
        let of_placement = |told: &&&Value| [&json!(id), &json!(at_work)].contains(&&told["subjectId"]);
        assert_eq!((about.len(), about.iter().filter(of_placement).count()), (5, 5), "{about:?}");

        let end = json!({ "reason": "Het bedrijf sluit." });
        let ended = world.decide("/placements", &id, "end", end).by("coach").send().await.ok();
        assert_eq!((&ended["state"], &ended["reason"]), (&json!("ended"), &json!("Het bedrijf sluit.")));
        assert_eq!(statuses(&world, "workplaceTrainer", &paths).await, [404; 4], "from that moment on");
        let told = world.get("/changes").by("workplaceTrainer").send().await.ok();
        assert!(told["items"].as_array().unwrap().iter().all(|told| told["studentId"].is_null()));
    }

    async fn bp_2_a_placement_ends_with_the_stay_of_the_student_and_the_trainer_sees_nothing_from_then_on(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let running = format!("/placements/{}", placement(&world, 30).await);
        let later = at_company(&world, "workplaceTrainer", in_days(&world, 40), in_days(&world, 60));
        world.post(&of_student(&world), later).by("coach").send().await.created();
        assert_eq!(statuses(&world, "workplaceTrainer", &[&running]).await, [200]);
        let leave = json!({ "leftOn": in_days(&world, 0), "reason": "Werk.", "destination": "Werk", "basicQualification": true });
        world.decide("/enrolments", &enrolment, "leave", leave).by("coach").send().await.ok();
        assert_eq!(statuses(&world, "workplaceTrainer", &[&running]).await, [404]);
        let seen = world.get(&of_student(&world)).by("student").send().await.ok();
        for placement in seen["items"].as_array().unwrap() {
            assert_eq!((&placement["state"], &placement["reason"]), (&json!("ended"), &Value::Null));
        }
        let told = world.rows("SELECT what AS row FROM events WHERE subject = 'placement' ORDER BY position");
        assert_eq!(told, ["planned", "planned", "ended", "ended"]);
    }

    async fn bp_1_everything_that_is_wrong_with_a_placement_is_told_at_once_and_nothing_is_kept(world: World) {
        placed(&world, "student", "coach").await;
        let wrong = at_company(&world, "teacher", in_days(&world, 9), in_days(&world, 8));
        let faults = world.post(&of_student(&world), wrong).by("coach").send().await.faults();
        let found = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(
            faults,
            [found("/endsOn", "placement.ends-before-start"), found("/trainerId", "placement.no-trainer")]
        );
        let gone = format!("/students/{}/placements", world.college.person("otherStudent"));
        let new = at_company(&world, "workplaceTrainer", in_days(&world, 0), in_days(&world, 8));
        assert_eq!(world.post(&gone, new).by("coach").send().await.status, 404);
        let id = placement(&world, 1).await;
        let lwp = json!({
            "studentId": world.college.person("student"), "lwpId": id, "dueOn": in_days(&world, 9), "placementId": uuid::Uuid::nil()
        });
        let faults = world.post("/lwp-assignments", lwp).by("coach").send().await.faults();
        let unknown = "request.unknown-reference";
        assert!(faults.contains(&found("/placementId", unknown)) && faults.contains(&found("/lwpId", unknown)), "{faults:?}");
        let counted = world.rows("SELECT CAST(count(*) AS text) AS row FROM placements");
        assert_eq!(counted, ["1"]);
    }
}
