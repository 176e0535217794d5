//! LWPs of students (CU-4).

use chrono::{Days, NaiveDate};
use domain::kernel::time::date_at;
use serde_json::{Value, json};

use super::{LWPS, meal, published, work_processes};
use crate::both;
use crate::enrolment::placed;
use crate::harness::World;

const ASSIGNMENTS: &str = "/lwp-assignments";

fn in_days(world: &World, days: u64) -> NaiveDate {
    date_at(world.now()) + Days::new(days)
}

fn new(world: &World, student: &str, lwp: &str) -> Value {
    json!({ "studentId": world.college.person(student), "lwpId": lwp, "dueOn": in_days(world, 14) })
}

/// A student of the team who has an LWP of the library; the ids of the LWP and of the assignment.
async fn assigned(world: &World) -> (String, String) {
    let processes = work_processes(world).await;
    let lwp = published(world, meal(world, &processes[0].1), "teacher").await;
    placed(world, "student", "coach").await;
    let assigned = world.post(ASSIGNMENTS, new(world, "student", &lwp)).by("coach").send().await.created();
    (lwp, assigned["id"].as_str().unwrap().to_owned())
}

/// An entry of the student's portfolio with this visibility.
async fn entry(world: &World, visibility: &str) -> String {
    let body =
        json!({ "area": "learning", "kind": "product", "title": "Foto", "body": "Zo zag het eruit.", "visibility": visibility });
    let path = format!("/students/{}/portfolio-entries", world.college.person("student"));
    world.post(&path, body).by("student").send().await.created()["id"].as_str().unwrap().to_owned()
}

async fn decided(world: &World, id: &str, by: &str, decision: &str, facts: Value) -> Value {
    world.decide(ASSIGNMENTS, id, decision, facts).by(by).send().await.ok()
}

fn feedback(completed: bool) -> Value {
    json!({ "text": "Laat zien waarom je dit koos.", "completed": completed })
}

both! {
    async fn cu_4_a_student_works_on_an_lwp_hands_it_in_and_goes_on_after_feedback_until_it_is_completed(world: World) {
        let (lwp, id) = assigned(&world).await;
        let path = format!("{ASSIGNMENTS}/{id}");
        let seen = world.get(&path).by("student").send().await.ok();
        assert_eq!((&seen["state"], &seen["version"], &seen["lwpId"]), (&json!("assigned"), &json!(1), &json!(lwp)));
        assert_eq!((&seen["openDecisions"], &seen["tailored"]), (&json!(["start"]), &json!(false)));
        assert_eq!((&seen["title"], &seen["criteria"]), (&json!("Een maaltijd voor tien"), &json!(["Iedereen kan meedoen."])));
        assert_eq!(world.get(&path).by("coach").send().await.ok()["openDecisions"], json!([]));

        decided(&world, &id, "student", "start", json!({})).await;
        let first = entry(&world, "coach").await;
        let submitted = decided(&world, &id, "student", "submit", json!({ "entryIds": [first] })).await;
        assert_eq!((&submitted["state"], &submitted["entryIds"]), (&json!("submitted"), &json!([first])));
        let judged = decided(&world, &id, "teacher", "giveFeedback", feedback(false)).await;
        assert_eq!((&judged["state"], &judged["rounds"][0]["feedback"]["by"]["familyName"]), (&json!("feedbackGiven"), &json!("Teacher")));
        assert_eq!(judged["openDecisions"], json!(["complete"]));
        let seen = world.get(&path).by("student").send().await.ok();
        assert_eq!((&seen["openDecisions"], &seen["rounds"][0]["feedback"]["text"]), (&json!(["start"]), &feedback(false)["text"]));

        decided(&world, &id, "student", "start", json!({})).await;
        let second = entry(&world, "coach").await;
        decided(&world, &id, "student", "submit", json!({ "entryIds": [first, second] })).await;
        let done = decided(&world, &id, "coach", "giveFeedback", feedback(true)).await;
        assert_eq!((&done["state"], &done["entryIds"], &done["openDecisions"]), (&json!("completed"), &json!([first, second]), &json!([])));
        assert!(done["completedAt"].is_string() && done["startedAt"].is_string());
        assert_eq!(done["rounds"].as_array().unwrap().len(), 2);
        let refused = world.decide(ASSIGNMENTS, &id, "start", json!({})).by("student").send().await.with(409);
        assert_eq!((&refused["code"], &refused["state"]), (&json!("lwp.decision-not-open"), &json!("completed")));
        let told = world.rows("SELECT what AS row FROM events WHERE subject = 'lwpAssignment' ORDER BY position");
        assert_eq!(told, ["assigned", "started", "submitted", "feedbackGiven", "started", "submitted", "feedbackGiven"]);
    }

    async fn cu_4_an_illegal_step_tells_the_state_and_what_is_open_to_the_one_who_takes_it(world: World) {
        let (_, id) = assigned(&world).await;
        let early = world.decide(ASSIGNMENTS, &id, "submit", json!({ "entryIds": [] })).by("student").send().await.with(409);
        assert_eq!((&early["code"], &early["state"]), (&json!("lwp.decision-not-open"), &json!("assigned")));
        assert_eq!(early["openDecisions"], json!(["start"]));
        for (decision, by, facts) in [
            ("start", "coach", json!({})),
            ("submit", "teacher", json!({ "entryIds": [] })),
            ("giveFeedback", "student", feedback(true)),
            ("complete", "student", json!({})),
            ("complete", "teamLeader", json!({})),
        ] {
            let refused = world.decide(ASSIGNMENTS, &id, decision, facts).by(by).send().await;
            assert_eq!(refused.problem(403), "request.forbidden", "{decision} by {by}");
        }
        assert_eq!(world.get(&format!("{ASSIGNMENTS}/{id}")).by("coach").send().await.ok()["version"], 1);
    }

    async fn cu_4_an_assignment_is_tailored_by_coach_or_teacher_and_the_lwp_itself_stays_as_it_is(world: World) {
        let (lwp, id) = assigned(&world).await;
        let path = format!("{ASSIGNMENTS}/{id}");
        let seen = world.get(&path).by("coach").send().await;
        let fit = json!({ "title": "Een maaltijd voor vier", "criteria": ["Je vertelt wat je koos."], "dueOn": in_days(&world, 21) });
        let tailored = world.patch(&path, fit.clone()).by("coach").if_match(&seen).send().await.ok();
        assert_eq!((&tailored["title"], &tailored["tailored"]), (&fit["title"], &json!(true)));
        assert_eq!((&tailored["situation"], &tailored["dueOn"]), (&seen.json()["situation"], &fit["dueOn"]));
        let stale = world.patch(&path, json!({ "title": "Voor zes" })).by("teacher").if_match(&seen).send().await;
        assert_eq!(stale.problem(412), "request.stale");
        let without = world.patch(&path, json!({ "title": "Voor zes" })).by("teacher").send().await;
        assert_eq!(without.problem(428), "request.if-match-missing");
        let by_student = world.patch(&path, fit).by("student").header("If-Match", "*").send().await;
        assert_eq!(by_student.problem(403), "request.forbidden");
        assert_eq!(world.get(&format!("{LWPS}/{lwp}")).by("coach").send().await.ok()["title"], "Een maaltijd voor tien");
        let again = world.patch(&path, json!({ "title": null, "criteria": null })).by("teacher").header("If-Match", "*").send().await.ok();
        assert_eq!((&again["title"], &again["tailored"]), (&json!("Een maaltijd voor tien"), &json!(false)));
        let wrong = json!({ "dueOn": "2020-01-01", "criteria": [] });
        let faults = world.patch(&path, wrong).by("coach").header("If-Match", "*").send().await.faults();
        assert_eq!(faults[0].0, "/criteria");
    }

    async fn cu_4_only_what_is_in_the_library_is_assigned_and_only_by_coach_or_teacher(world: World) {
        let (lwp, _) = assigned(&world).await;
        let retired = world.decide(LWPS, &lwp, "retire", json!({})).by("teacher").send().await;
        assert_eq!(retired.status, 200);
        let refused = world.post(ASSIGNMENTS, new(&world, "student", &lwp)).by("coach").send().await.with(409);
        assert_eq!((&refused["code"], &refused["state"]), (&json!("lwp.not-published"), &json!("retired")));
        let mut wrong = new(&world, "student", &world.college.team);
        wrong["dueOn"] = json!("2020-01-01");
        let faults = world.post(ASSIGNMENTS, wrong).by("coach").send().await.faults();
        let expected = [("/lwpId", "request.unknown-reference"), ("/dueOn", "lwp.due-out-of-range")];
        assert_eq!(faults, expected.map(|(at, code)| (at.to_owned(), code.to_owned())));
        for visible in ["student", "teamLeader"] {
            let refused = world.post(ASSIGNMENTS, new(&world, "student", &lwp)).by(visible).send().await;
            assert_eq!(refused.problem(403), "request.forbidden", "{visible}");
        }
        for stranger in ["otherCoach", "otherTeacher", "scout", "director", "secondCoach", "landscapeManager"] {
            let refused = world.post(ASSIGNMENTS, new(&world, "student", &lwp)).by(stranger).send().await;
            assert_eq!(refused.problem(404), "request.not-found", "{stranger}");
        }
        let nobody = world.post(ASSIGNMENTS, json!({ "studentId": lwp, "lwpId": lwp, "dueOn": in_days(&world, 3) }));
        assert_eq!(nobody.by("coach").send().await.problem(404), "request.not-found");
    }

    async fn cu_4_a_student_sees_nothing_of_the_library_but_what_is_assigned(world: World) {
        let (lwp, _) = assigned(&world).await;
        let other = published(&world, meal(&world, &work_processes(&world).await[1].1), "teacher").await;
        let shown = world.get(&format!("{LWPS}?count=true")).by("student").send().await.ok();
        assert_eq!((&shown["items"][0]["id"], &shown["total"]), (&json!(lwp), &json!(1)));
        assert_eq!(shown["items"][0]["openDecisions"], json!([]));
        assert_eq!(world.get(&format!("{LWPS}/{lwp}")).by("student").send().await.ok()["id"], lwp.as_str());
        assert_eq!(world.get(&format!("{LWPS}/{other}")).by("student").send().await.problem(404), "request.not-found");
        assert_eq!(world.get(LWPS).by("otherStudent").send().await.ok()["items"], json!([]));
        for path in [format!("{LWPS}/{lwp}/reviews"), format!("{LWPS}/{other}/reviews")] {
            assert_eq!(world.get(&path).by("student").send().await.problem(404), "request.not-found");
            let reviewed = world.post(&path, super::reviews::review(3)).by("student").send().await;
            assert_eq!(reviewed.problem(404), "request.not-found", "what teams think of it is absent, and so is saying it");
        }
    }

    async fn cu_4_evidence_stays_visible_to_whom_it_was_and_to_nobody_else(world: World) {
        let (_, id) = assigned(&world).await;
        decided(&world, &id, "student", "start", json!({})).await;
        let (private, coach) = (entry(&world, "private").await, entry(&world, "coach").await);
        let submitted = decided(&world, &id, "student", "submit", json!({ "entryIds": [private, coach] })).await;
        assert_eq!(submitted["entryIds"], json!([private, coach]));
        let path = format!("{ASSIGNMENTS}/{id}");
        for (by, shown) in [("student", json!([private, coach])), ("coach", json!([coach])), ("teacher", json!([]))] {
            let seen = world.get(&path).by(by).send().await.ok();
            assert_eq!((&seen["entryIds"], &seen["rounds"][0]["entryIds"]), (&shown, &shown), "{by}");
            let list = world.get(ASSIGNMENTS).by(by).send().await.ok();
            assert_eq!(list["items"][0]["entryIds"], shown, "{by}");
        }
        assert_eq!(world.get(&format!("/portfolio-entries/{private}")).by("coach").send().await.problem(404), "request.not-found");
        let withdrawn = world.delete(&format!("/portfolio-entries/{coach}")).by("student").header("If-Match", "*").send().await;
        assert_eq!(withdrawn.status, 204);
        assert_eq!(world.get(&path).by("coach").send().await.ok()["entryIds"], json!([]));
        assert_eq!(world.get(&path).by("student").send().await.ok()["entryIds"], json!([private]));
    }

    async fn cu_4_evidence_comes_from_the_students_own_portfolio(world: World) {
        let (lwp, id) = assigned(&world).await;
        decided(&world, &id, "student", "start", json!({})).await;
        let own = entry(&world, "private").await;
        let body = json!({ "area": "learning", "kind": "product", "title": "Van mij", "body": "Niet van jou.", "visibility": "shared" });
        placed(&world, "otherStudent", "coach").await;
        let others = format!("/students/{}/portfolio-entries", world.college.person("otherStudent"));
        let other = world.post(&others, body).by("otherStudent").send().await.created();
        let hand_in = json!({ "entryIds": [own, other["id"], lwp, own] });
        let faults = world.decide(ASSIGNMENTS, &id, "submit", hand_in).by("student").send().await.faults();
        let expected = [
            ("/entryIds/1", "request.unknown-reference"),
            ("/entryIds/2", "request.unknown-reference"),
            ("/entryIds/3", "lwp.repeated"),
        ];
        assert_eq!(faults, expected.map(|(at, code)| (at.to_owned(), code.to_owned())));
    }

    async fn pf_5_an_entry_is_linked_to_an_lwp_that_the_student_has_and_to_no_others(world: World) {
        let (lwp, id) = assigned(&world).await;
        placed(&world, "otherStudent", "coach").await;
        let others = world.post(ASSIGNMENTS, new(&world, "otherStudent", &lwp)).by("coach").send().await.created();
        let path = format!("/students/{}/portfolio-entries", world.college.person("student"));
        let linked = |id: &str| json!({
            "area": "learning", "kind": "reflection", "title": "Terugkijken", "body": "Het ging goed.", "visibility": "private",
            "links": [{ "kind": "lwpAssignment", "id": id }]
        });
        world.post(&path, linked(&id)).by("student").send().await.created();
        let faults = world.post(&path, linked(others["id"].as_str().unwrap())).by("student").send().await.faults();
        assert_eq!(faults, [("/links/0/id".to_owned(), "request.unknown-reference".to_owned())]);
    }

    async fn cu_4_who_sees_how_far_it_is_sees_nothing_that_was_written(world: World) {
        let (_, id) = assigned(&world).await;
        let path = format!("{ASSIGNMENTS}/{id}");
        world.patch(&path, json!({ "title": "Voor vier" })).by("coach").header("If-Match", "*").send().await.ok();
        decided(&world, &id, "student", "start", json!({})).await;
        decided(&world, &id, "student", "submit", json!({ "entryIds": [entry(&world, "coach").await] })).await;
        decided(&world, &id, "coach", "giveFeedback", feedback(false)).await;
        let seen = world.get(&path).by("teamLeader").send().await.ok();
        assert_eq!((&seen["state"], &seen["tailored"]), (&json!("feedbackGiven"), &json!(true)));
        assert_eq!((&seen["title"], &seen["situation"], &seen["product"]), (&json!("Een maaltijd voor tien"), &Value::Null, &Value::Null));
        assert_eq!((&seen["rounds"], &seen["entryIds"], &seen["criteria"]), (&json!([]), &json!([]), &json!([])));
        for stranger in ["secondCoach", "otherTeacher", "otherStudent", "director", "landscapeManager", "dashboard"] {
            assert_eq!(world.get(&path).by(stranger).send().await.problem(404), "request.not-found", "{stranger}");
            assert_eq!(world.get(ASSIGNMENTS).by(stranger).send().await.ok()["items"], json!([]), "{stranger}");
        }
    }

    async fn cu_4_from_the_moment_of_a_handover_the_new_coach_gives_feedback_and_the_one_before_sees_nothing(world: World) {
        let (_, id) = assigned(&world).await;
        let proposal = json!({ "coachId": world.college.person("secondCoach"), "reason": "Een andere groep." });
        let path = format!("/students/{}/handovers", world.college.person("student"));
        let proposed = world.post(&path, proposal).by("coach").send().await.created();
        let path = format!("{ASSIGNMENTS}/{id}");
        assert_eq!(world.get(&path).by("secondCoach").send().await.problem(404), "request.not-found");
        world.decide("/handovers", proposed["id"].as_str().unwrap(), "accept", json!({})).by("secondCoach").send().await.ok();
        assert_eq!(world.get(&path).by("coach").send().await.problem(404), "request.not-found");
        decided(&world, &id, "student", "start", json!({})).await;
        decided(&world, &id, "student", "submit", json!({ "entryIds": [] })).await;
        assert_eq!(decided(&world, &id, "secondCoach", "giveFeedback", feedback(true)).await["state"], "completed");
    }

    async fn cu_4_of_two_answers_to_one_submission_at_the_same_moment_one_counts(world: World) {
        let (_, id) = assigned(&world).await;
        decided(&world, &id, "student", "start", json!({})).await;
        decided(&world, &id, "student", "submit", json!({ "entryIds": [] })).await;
        let give = |by: &str| world.decide(ASSIGNMENTS, &id, "giveFeedback", feedback(true)).by(by).send();
        let (one, other) = futures_util::future::join(give("coach"), give("teacher")).await;
        let mut answers = [one.status, other.status];
        answers.sort_unstable();
        assert_eq!(answers, [200, 409]);
        assert_eq!(world.rows("SELECT 'x' AS row FROM lwp_assignment_rounds WHERE feedback IS NOT NULL"), ["x"]);
    }

    async fn cu_4_assignments_are_found_by_student_lwp_state_due_date_and_what_they_cover(world: World) {
        let (lwp, first) = assigned(&world).await;
        let processes = work_processes(&world).await;
        placed(&world, "otherStudent", "coach").await;
        let other_lwp = published(&world, meal(&world, &processes[1].1), "teacher").await;
        let mut later = new(&world, "otherStudent", &other_lwp);
        later["dueOn"] = json!(in_days(&world, 40));
        let second = world.post(ASSIGNMENTS, later).by("teacher").send().await.created()["id"].as_str().unwrap().to_owned();
        decided(&world, &second, "otherStudent", "start", json!({})).await;
        for (query, expected) in [
            (String::new(), vec![&first, &second]),
            (format!("studentId={}", world.college.person("student")), vec![&first]),
            (format!("lwpId={lwp}"), vec![&first]),
            ("state=inProgress".to_owned(), vec![&second]),
            (format!("dueUntil={}", in_days(&world, 14)), vec![&first]),
            (format!("workProcess={}", processes[1].1), vec![&second]),
            (format!("lwpId={lwp}&state=completed"), vec![]),
        ] {
            let page = world.get(&format!("{ASSIGNMENTS}?{query}")).by("teacher").send().await.ok();
            let found: Vec<_> = page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
        }
        let mine = world.get(&format!("{ASSIGNMENTS}?limit=1&count=true")).by("student").send().await.ok();
        assert_eq!((&mine["total"], &mine["nextCursor"]), (&json!(1), &Value::Null));
    }
}
