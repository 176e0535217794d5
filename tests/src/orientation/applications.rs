//! Who applies, the scout's interview, and what is decided (IN-3, IN-4).

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{UP_TO_INTERVIEW, application, apply, decided, facts, offer, register, shadow_day, text, with, words};
use crate::both;
use crate::harness::{World, findings};

const DECISIONS: [&str; 8] =
    ["assignScout", "planInterview", "recordInterview", "correctInterview", "place", "redirect", "adviseOrientation", "withdraw"];

/// IN-3, drawn: what each decision leads to, in the order of [`DECISIONS`].
const TABLE: [(&str, [&str; 8]); 8] = [
    ("submitted", ["scoutAssigned", "-", "-", "-", "-", "-", "-", "withdrawn"]),
    ("scoutAssigned", ["-", "interviewPlanned", "-", "-", "-", "-", "-", "withdrawn"]),
    ("interviewPlanned", ["-", "-", "interviewed", "-", "-", "-", "-", "withdrawn"]),
    ("interviewed", ["-", "-", "-", "interviewed", "placed", "redirected", "orienting", "withdrawn"]),
    ("placed", ["-", "-", "-", "-", "-", "-", "-", "-"]),
    ("redirected", ["-", "-", "-", "-", "-", "-", "-", "-"]),
    ("orienting", ["-", "-", "-", "-", "-", "-", "-", "-"]),
    ("withdrawn", ["-", "-", "-", "-", "-", "-", "-", "-"]),
];

/// A new application that was brought to this state.
async fn in_state(world: &World, state: &str) -> String {
    let id = apply(world).await;
    let last: &[&str] = match state {
        "submitted" => return id,
        "scoutAssigned" => &UP_TO_INTERVIEW[..1],
        "interviewPlanned" => &UP_TO_INTERVIEW[..2],
        "interviewed" => &UP_TO_INTERVIEW,
        "placed" => &["place"],
        "redirected" => &["redirect"],
        "orienting" => &["adviseOrientation"],
        "withdrawn" => &["withdraw"],
        other => panic!("{other}"),
    };
    if ["placed", "redirected", "orienting"].contains(&state) {
        decided(world, &id, &UP_TO_INTERVIEW).await;
    }
    assert_eq!(decided(world, &id, last).await["state"], state);
    id
}

both! {
    async fn in_3_no_state_is_skipped_and_an_illegal_step_tells_the_state_and_what_is_open(world: World) {
        for (state, row) in TABLE {
            let open: Vec<_> = DECISIONS.iter().zip(row).filter(|(_, next)| *next != "-").map(|(decision, _)| *decision).collect();
            for (decision, next) in DECISIONS.iter().zip(row) {
                let id = in_state(&world, state).await;
                let before = world.get(&format!("/applications/{id}")).by("scout").send().await.ok();
                assert_eq!(words(&before["openDecisions"]), open, "{state}");
                let said = world.decide("/applications", &id, decision, facts(&world, decision)).by("scout").send().await;
                let place = format!("{decision} in {state}: {}", said.text);
                if next == "-" {
                    let problem = said.with(409);
                    assert_eq!((&problem["code"], &problem["state"]), (&json!("orientation.decision-not-open"), &json!(state)), "{place}");
                    assert_eq!(words(&problem["openDecisions"]), open, "{place}");
                    let after = world.get(&format!("/applications/{id}")).by("scout").send().await.ok();
                    assert_eq!(after, before, "a refusal changes nothing: {place}");
                } else {
                    let after = said.ok();
                    assert_eq!((after["state"].as_str(), after["version"].as_i64()), (Some(next), before["version"].as_i64().map(|v| v + 1)), "{place}");
                    assert_eq!(after["openDecisions"], world.get(&format!("/applications/{id}")).by("scout").send().await.ok()["openDecisions"]);
                }
            }
        }
    }

    async fn who_says_on_which_version_they_decided_is_refused_on_another(world: World) {
        let id = in_state(&world, "submitted").await;
        let path = format!("/applications/{id}");
        let seen = world.get(&path).by("scout").send().await;
        let assign = || world.decide("/applications", &id, "assignScout", facts(&world, "assignScout")).by("scout");
        for wrong in ["1", "\"1"] {
            let faults = assign().header("If-Match", wrong).send().await.faults();
            assert_eq!(faults, [("header:If-Match".to_owned(), "request.bad-if-match".to_owned())], "{wrong}");
        }
        assert_eq!(assign().header("If-Match", "\"2\"").send().await.problem(412), "request.stale");
        assert_eq!(world.get(&path).by("scout").send().await.text, seen.text, "nothing is changed");
        let decide = || assign().if_match(&seen).header("Idempotency-Key", "assign-1");
        let first = decide().send().await.ok();
        assert_eq!(decide().send().await.ok(), first, "a retry gets the answer of the first time");
        // Beside a refusal by the state the version is not looked at (RFC 9110 section 13.2.1).
        assert_eq!(assign().if_match(&seen).send().await.problem(409), "orientation.decision-not-open");
        let plan = |tag: &str| world.decide("/applications", &id, "planInterview", facts(&world, "planInterview")).by("scout").header("If-Match", tag);
        assert_eq!(plan(&seen.header("etag").unwrap()).send().await.problem(412), "request.stale");
        assert_eq!(plan("*").send().await.ok()["state"], "interviewPlanned");
    }

    async fn in_3_an_interview_is_not_planned_years_away(world: World) {
        let id = in_state(&world, "scoutAssigned").await;
        let plan = with(facts(&world, "planInterview"), json!({"startsAt": "1990-01-01T10:00:00Z"}));
        let faults = world.decide("/applications", &id, "planInterview", plan).by("scout").send().await.faults();
        assert_eq!(faults, [("/startsAt".to_owned(), "orientation.start-implausible".to_owned())]);
    }

    async fn en_1_placing_tells_the_enrolment_and_the_student(world: World) {
        let id = in_state(&world, "interviewed").await;
        let placed = decided(&world, &id, &["place"]).await;
        assert!(placed["enrolmentId"].is_string());
        assert_eq!(placed["studentId"], placed["applicant"]["id"]);
        let last = world.rows("SELECT what AS row FROM events WHERE subject = 'application' ORDER BY position");
        assert_eq!(last.last().unwrap(), "placed");
    }

    async fn in_3_a_redirect_makes_an_application_elsewhere_that_carries_the_interview(world: World) {
        let id = in_state(&world, "interviewed").await;
        let redirected = decided(&world, &id, &["correctInterview", "redirect"]).await;
        let onward = world.get(&format!("/applications/{}", text(&redirected["redirectedToId"]))).by("otherScout").send().await.ok();
        assert_eq!((onward["state"].as_str(), onward["redirectedFromId"].as_str()), (Some("submitted"), Some(id.as_str())));
        assert_eq!(onward["landscapeId"], world.college.other_landscape.as_str());
        assert_eq!(onward["carriedInterview"]["number"], 2, "as it was last corrected");
        assert_eq!(onward["carriedInterview"]["advice"], findings()["advice"]);
        assert!(onward["interview"].is_null());
        assert_eq!(onward["applicant"], redirected["applicant"]);
        assert_eq!(world.get(&format!("/applications/{id}")).by("otherScout").send().await.problem(404), "request.not-found");
        let theirs = format!("/applications/{}", text(&onward["id"]));
        assert_eq!(world.get(&theirs).by("scout").send().await.problem(404), "request.not-found", "a scout sees no application elsewhere");
    }

    async fn in_3_who_is_to_orient_first_reads_the_advice_and_finds_the_infoshop(world: World) {
        let mine = text(&world.post("/applications", application(&world)).by("prospect").send().await.created()["id"]);
        decided(&world, &mine, &UP_TO_INTERVIEW).await;
        decided(&world, &mine, &["adviseOrientation"]).await;
        let seen = world.get(&format!("/applications/{mine}")).by("prospect").send().await.ok();
        assert_eq!((&seen["state"], &seen["advice"]), (&json!("orienting"), &json!("Loop een dag mee")));
        assert_eq!(words(&seen["openDecisions"]), Vec::<&str>::new());
        let talk = with(shadow_day(&world, 3), json!({"kind": "infoshopConversation"}));
        let talk = offer(&world, talk).await;
        let found = world.get("/orientation-activities?kind=infoshopConversation").by("prospect").send().await.ok();
        assert_eq!(found["items"][0]["id"], json!(talk));
        assert_eq!(register(&world, &talk, "Noor").await["state"], "registered");
        let again = world.post("/applications", application(&world)).by("prospect").send().await.created();
        assert_eq!(again["state"], "submitted", "who knows by then applies again");
    }

    async fn in_4_an_interview_is_corrected_by_its_author_alone_and_every_version_is_kept(world: World) {
        world.sql(&format!(
            "INSERT INTO roles (id, person_id, role, landscape_id, from_at, version, created_at) VALUES (<{}>, <{}>, 'scout', <{}>, <long ago>, 1, <now>)",
            world.college.person("nobody"), world.college.person("nobody"), world.college.landscape
        )).unwrap();
        let id = in_state(&world, "interviewed").await;
        let colleague = world.get(&format!("/applications/{id}")).by("nobody").send().await.ok();
        assert_eq!(words(&colleague["openDecisions"]), ["place", "redirect", "adviseOrientation", "withdraw"]);
        let correction = with(facts(&world, "correctInterview"), json!({"strengths": "Geduld en humor"}));
        let refused = world.decide("/applications", &id, "correctInterview", correction.clone()).by("nobody").send().await;
        assert_eq!(refused.problem(403), "orientation.not-the-author");
        let corrected = world.decide("/applications", &id, "correctInterview", correction).by("scout").send().await.ok();
        assert_eq!((corrected["interview"]["number"].as_i64(), corrected["interview"]["strengths"].as_str()), (Some(2), Some("Geduld en humor")));
        let versions = world.get(&format!("/applications/{id}/interviews")).by("nobody").send().await.ok();
        let kept: Vec<_> = versions["items"].as_array().unwrap().iter().map(|v| (v["number"].as_i64().unwrap(), text(&v["strengths"]))).collect();
        assert_eq!(kept, [(1, text(&findings()["strengths"])), (2, "Geduld en humor".to_owned())]);
        let page = world.get(&format!("/applications/{id}/interviews?limit=1")).by("scout").send().await.ok();
        let next = world.get(&format!("/applications/{id}/interviews?limit=1&cursor={}", text(&page["nextCursor"]))).by("scout").send().await.ok();
        assert_eq!(next["items"][0]["number"], 2);
    }

    async fn in_3_whom_a_decision_names_must_be_of_the_landscape_and_every_fault_is_told(world: World) {
        let id = apply(&world).await;
        let coach = json!({"scoutId": world.college.person("coach")});
        let faults = world.decide("/applications", &id, "assignScout", coach).by("scout").send().await.faults();
        assert_eq!(faults, [("/scoutId".to_owned(), "orientation.not-a-scout-here".to_owned())]);
        decided(&world, &id, &UP_TO_INTERVIEW).await;
        let elsewhere = json!({
            "teamId": world.college.other_team, "coachId": world.college.person("otherCoach"), "crebo": "25656", "route": "bol", "startsOn": "2090-01-01"
        });
        let faults = world.decide("/applications", &id, "place", elsewhere).by("scout").send().await.faults();
        let expected = [
            ("/teamId", "orientation.team-elsewhere"), ("/coachId", "orientation.not-a-coach-here"), ("/startsOn", "orientation.start-implausible"),
        ];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        let nowhere = json!({"landscapeId": world.college.team, "reason": "Elders"});
        let faults = world.decide("/applications", &id, "redirect", nowhere).by("scout").send().await.faults();
        assert_eq!(faults, [("/landscapeId".to_owned(), "request.unknown-reference".to_owned())]);
        assert!(world.rows("SELECT state AS row FROM enrolments").is_empty(), "nothing half");
        let shape = json!({"teamId": 7, "coachId": "x", "crebo": "1", "route": "evening", "startsOn": "2026-02-30", "shoe": 1});
        let mut pointers: Vec<_> = world.decide("/applications", &id, "place", shape).by("scout").send().await.faults().into_iter().map(|(p, _)| p).collect();
        pointers.dedup();
        assert_eq!(pointers, ["/coachId", "/crebo", "/route", "/shoe", "/startsOn", "/teamId"]);
        let unknown = world.decide("/applications", &id, "promote", json!({})).by("scout").send().await.faults();
        assert_eq!(unknown, [("/decision".to_owned(), "request.not-one-of".to_owned())]);
    }

    async fn in_3_an_application_with_faults_is_refused_whole_with_all_of_them(world: World) {
        let body = with(application(&world), json!({"landscapeId": world.college.team, "birthDate": "2031-01-01"}));
        let faults = world.post("/applications", body).send().await.faults();
        let expected = [("/landscapeId", "request.unknown-reference"), ("/birthDate", "orientation.birth-date-implausible")];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        let mut body = with(application(&world), json!({"email": "x", "crebo": "123", "colour": "red"}));
        body.as_object_mut().unwrap().remove("motivation");
        let mut pointers: Vec<_> = world.post("/applications", body).send().await.faults().into_iter().map(|(pointer, _)| pointer).collect();
        pointers.dedup();
        assert_eq!(pointers, ["/colour", "/crebo", "/email", "/motivation"]);
        assert!(world.rows("SELECT what AS row FROM events").is_empty(), "nothing half");
    }

    async fn who_applies_without_a_role_applies_for_themself_and_staff_for_someone_new(world: World) {
        let mine = world.post("/applications", application(&world)).by("prospect").send().await.created();
        assert_eq!(mine["applicant"]["id"], world.college.person("prospect"));
        assert_eq!(words(&mine["openDecisions"]), ["withdraw"]);
        let people = || world.rows("SELECT what AS row FROM events WHERE subject = 'person'").len();
        assert_eq!(people(), 0);
        let by_scout = world.post("/applications", application(&world)).by("scout").send().await.created();
        assert_eq!((people(), words(&by_scout["openDecisions"])), (1, vec!["assignScout", "withdraw"]));
        let public = world.post("/applications", application(&world)).send().await.created();
        assert_eq!(people(), 2, "the same address is not the same person");
        assert_eq!((public["motivation"].as_str(), words(&public["openDecisions"])), (Some("Ik wil mensen helpen."), vec![]));
        let by_coach = world.post("/applications", application(&world)).by("coach").send().await.created();
        assert_eq!(world.get(&format!("/applications/{}", text(&by_coach["id"]))).by("coach").send().await.problem(404), "request.not-found");
    }

    async fn applications_are_listed_by_state_scout_landscape_and_age_of_the_last_step(world: World) {
        let (old, young) = (apply(&world).await, apply(&world).await);
        let cutoff = (world.now() + TimeDelta::hours(1)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
        world.wait(TimeDelta::hours(2));
        decided(&world, &young, &["assignScout"]).await;
        let listed = async |query: String, by: &str| {
            let page = world.get(&format!("/applications{query}")).by(by).send().await.ok();
            page["items"].as_array().unwrap().iter().map(|item| text(&item["id"])).collect::<Vec<_>>()
        };
        assert_eq!(listed(String::new(), "scout").await, [old.clone(), young.clone()]);
        assert_eq!(listed("?state=submitted".into(), "scout").await, [old.clone()]);
        assert_eq!(listed(format!("?scoutId={}", world.college.person("scout")), "scout").await, [young.clone()]);
        assert_eq!(listed(format!("?steppedBefore={cutoff}"), "scout").await, [old.clone()]);
        assert_eq!(listed(format!("?landscapeId={}", world.college.other_landscape), "scout").await, Vec::<String>::new());
        assert_eq!(listed(String::new(), "otherScout").await, Vec::<String>::new());
        let first = world.get("/applications?limit=1").by("scout").send().await.ok();
        assert_eq!(listed(format!("?limit=1&cursor={}", text(&first["nextCursor"])), "scout").await, [young]);
        let faults = world.get("/applications?state=lost&steppedBefore=yesterday&scoutId=x").by("scout").send().await.faults();
        let mut pointers: Vec<_> = faults.into_iter().map(|(pointer, _)| pointer).collect();
        pointers.dedup();
        assert_eq!(pointers, ["?scoutId", "?state", "?steppedBefore"]);
    }

    async fn of_two_decisions_at_once_one_is_taken_and_the_other_is_told_the_new_state(world: World) {
        let id = in_state(&world, "interviewed").await;
        let decide = |decision| world.decide("/applications", &id, decision, facts(&world, decision)).by("scout").send();
        let (one, other) = tokio::join!(decide("redirect"), decide("adviseOrientation"));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let refused: Value = if one.status == 409 { one.json() } else { other.json() };
        assert_eq!(refused["openDecisions"], json!([]));
    }
}
