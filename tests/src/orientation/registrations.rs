//! The line before an activity, the secret of who stands in it, and the experience afterwards (IN-1, IN-2).

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{application, offer, prospect, register, shadow_day, shadow_day_on, text, with, words};
use crate::both;
use crate::harness::World;

/// IN-1 and IN-2, drawn: who can do it beside the state that follows, `p` for who holds the secret, `s` for a scout.
const TABLE: &[(&str, &str, &str, Option<&str>)] = &[
    ("registered", "cancel", "ps", Some("cancelled")),
    ("registered", "markAttended", "s", Some("attended")),
    ("registered", "markAbsent", "s", Some("absent")),
    ("registered", "addExperience", "p", None),
    ("waitlisted", "cancel", "ps", Some("cancelled")),
    ("waitlisted", "markAttended", "s", None),
    ("waitlisted", "markAbsent", "s", None),
    ("waitlisted", "addExperience", "p", None),
    ("cancelled", "cancel", "ps", None),
    ("cancelled", "markAttended", "s", None),
    ("cancelled", "markAbsent", "s", None),
    ("cancelled", "addExperience", "p", None),
    ("attended", "cancel", "ps", None),
    ("attended", "markAttended", "s", None),
    ("attended", "markAbsent", "s", None),
    ("attended", "addExperience", "p", Some("attended")),
    ("absent", "cancel", "ps", None),
    ("absent", "markAttended", "s", None),
    ("absent", "markAbsent", "s", None),
    ("absent", "addExperience", "p", None),
];

fn facts(decision: &str) -> Value {
    if decision == "addExperience" {
        json!({"seen": "Een zorghotel", "learned": "Ik praat makkelijk met ouderen"})
    } else {
        json!({})
    }
}

async fn in_state(world: &World, state: &str) -> Value {
    let id = offer(world, shadow_day_on(world, world.now(), 1)).await;
    let registration = register(world, &id, "Sem").await;
    let decision = match state {
        "registered" => return registration,
        "waitlisted" => return register(world, &id, "Bo").await,
        "cancelled" => "cancel",
        "attended" => "markAttended",
        _ => "markAbsent",
    };
    world.decide("/registrations", &text(&registration["id"]), decision, json!({})).by("scout").send().await.ok();
    registration
}

both! {
    async fn in_1_in_2_a_registration_goes_where_the_table_says_and_by_whom_it_says(world: World) {
        for (state, decision, whose, next) in TABLE {
            for who in ["p", "s"] {
                let registration = in_state(&world, state).await;
                let (id, secret) = (text(&registration["id"]), &registration["secret"]);
                let by_prospect = who == "p" && ["cancel", "addExperience"].contains(decision);
                let facts = if by_prospect { with(facts(decision), json!({"secret": secret})) } else { facts(decision) };
                let ask = world.decide("/registrations", &id, decision, facts);
                let said = if who == "s" { ask.by("scout") } else { ask }.send().await;
                let place = format!("{decision} in {state} by {who}: {}", said.text);
                match (whose.contains(who), next) {
                    (false, _) if who == "s" => assert_eq!(said.problem(403), "request.forbidden", "{place}"),
                    (false, _) => assert_eq!(said.problem(401), "request.unauthenticated", "{place}"),
                    (true, Some(next)) => {
                        let after = said.ok();
                        assert_eq!((text(&after["state"]).as_str(), after["id"].as_str()), (*next, Some(id.as_str())), "{place}");
                    }
                    (true, None) => {
                        let problem = said.with(409);
                        assert_eq!((&problem["code"], &problem["state"]), (&json!("orientation.decision-not-open"), &json!(state)), "{place}");
                        let open: Vec<_> = TABLE.iter()
                            .filter(|(from, _, whose, next)| from == state && whose.contains(who) && next.is_some())
                            .map(|(_, decision, ..)| *decision).collect();
                        assert_eq!(words(&problem["openDecisions"]), open, "{place}");
                    }
                }
            }
        }
    }

    async fn in_1_fifty_prospects_at_once_for_ten_places_get_ten_places_and_forty_turns_in_line(world: World) {
        let id = offer(&world, shadow_day(&world, 10)).await;
        let path = format!("/orientation-activities/{id}/registrations");
        let asked: Vec<_> = (0..50).map(|number| world.post(&path, prospect(&format!("Prospect {number}"))).send()).collect();
        let mut states = BTreeMap::new();
        for said in all(asked).await {
            *states.entry(text(&said.created()["state"])).or_insert(0) += 1;
        }
        assert_eq!(states, BTreeMap::from([("registered".to_owned(), 10), ("waitlisted".to_owned(), 40)]));
        assert_eq!(world.get(&format!("/orientation-activities/{id}")).send().await.ok()["placesLeft"], 0);
    }

    async fn in_1_every_cancellation_promotes_exactly_the_first_in_line_also_of_many_at_once(world: World) {
        let id = offer(&world, shadow_day(&world, 5)).await;
        let mut registrations = Vec::new();
        for number in 0..9 {
            registrations.push(register(&world, &id, &format!("Prospect {number}")).await);
        }
        let cancel = |registration: &Value| {
            world.decide("/registrations", &text(&registration["id"]), "cancel", json!({"secret": registration["secret"]})).send()
        };
        assert_eq!(cancel(&registrations[0]).await.ok()["state"], "cancelled");
        let states = async || {
            let page = world.get(&format!("/orientation-activities/{id}/registrations")).by("scout").send().await.ok();
            page["items"].as_array().unwrap().iter().map(|item| text(&item["state"])).collect::<Vec<_>>()
        };
        assert_eq!(states().await[5..], ["registered", "waitlisted", "waitlisted", "waitlisted"]);
        let told = world.rows("SELECT what AS row FROM events WHERE subject = 'registration' ORDER BY position");
        assert_eq!(told[9..], ["cancelled", "promoted"]);
        for said in all(registrations[1..4].iter().map(cancel).collect()).await {
            said.ok();
        }
        let (cancelled, registered) = (vec!["cancelled"; 4], vec!["registered"; 5]);
        assert_eq!(states().await, [cancelled, registered].concat());
        assert_eq!(world.get(&format!("/orientation-activities/{id}")).send().await.ok()["placesLeft"], 0);
        cancel(&registrations[8]).await.ok();
        assert_eq!(world.get(&format!("/orientation-activities/{id}")).send().await.ok()["placesLeft"], 1, "nobody waits");
    }

    async fn in_1_a_registration_opens_for_its_secret_and_for_scouts_and_the_manager_of_the_landscape_alone(world: World) {
        let activity = offer(&world, shadow_day(&world, 3)).await;
        let (mine, other) = (register(&world, &activity, "Sem").await, register(&world, &activity, "Bo").await);
        assert_eq!(words(&mine["openDecisions"]), ["cancel"]);
        let path = format!("/registrations/{}", text(&mine["id"]));
        let seen = world.get(&path).header("Registration-Secret", &text(&mine["secret"])).send().await.ok();
        assert_eq!((&seen["givenName"], seen.get("secret")), (&json!("Sem"), None), "the secret is told once");
        assert_eq!(words(&world.get(&path).by("scout").send().await.ok()["openDecisions"]), ["cancel", "markAttended", "markAbsent"]);
        let by_manager = world.get(&path).by("landscapeManager").send().await.ok();
        assert_eq!(words(&by_manager["openDecisions"]), ["markAttended", "markAbsent"], "who may publish it sees who comes");

        let unknown = format!("/registrations/{activity}");
        for path in [&path, &unknown] {
            assert_eq!(world.get(path).send().await.problem(401), "request.unauthenticated");
            assert_eq!(world.get(path).header("Registration-Secret", &text(&other["secret"])).send().await.problem(404), "request.not-found");
            for subject in ["otherScout", "coach", "otherLandscapeManager", "administrator", "prospect", "dashboard"] {
                assert_eq!(world.get(path).by(subject).send().await.problem(404), "request.not-found", "{subject}");
            }
            let wrong = world.post(&format!("{path}/decisions"), json!({"decision": "cancel", "secret": other["secret"]})).send().await;
            assert_eq!(wrong.problem(404), "request.not-found");
        }
        assert_eq!(world.get(&path).header("Registration-Secret", "short").send().await.faults()[0].0, "header:Registration-Secret");
        let list = format!("/orientation-activities/{activity}/registrations");
        assert_eq!(world.get(&list).send().await.problem(401), "access.token-missing");
        assert_eq!(world.get(&list).by("otherScout").send().await.problem(404), "request.not-found");
        assert_eq!(world.get(&format!("{list}?state=waitlisted")).by("scout").send().await.ok()["items"], json!([]));
    }

    async fn in_1_who_registers_twice_has_two_places_and_no_stranger_is_told_who_comes(world: World) {
        let activity = offer(&world, shadow_day(&world, 1)).await;
        let (first, again) = (register(&world, &activity, "Sem").await, register(&world, &activity, "Sem").await);
        assert_eq!((&first["state"], &again["state"]), (&json!("registered"), &json!("waitlisted")));
        let list = format!("/orientation-activities/{activity}/registrations");
        let seen = world.get(&list).by("scout").send().await.ok();
        assert_eq!(seen["items"].as_array().map(Vec::len), Some(2), "the scout sees both, and can cancel one");
    }

    async fn in_1_nobody_registers_for_what_is_over(world: World) {
        let activity = offer(&world, shadow_day(&world, 3)).await;
        world.wait(TimeDelta::days(8));
        let late = world.post(&format!("/orientation-activities/{activity}/registrations"), prospect("Sem")).send().await;
        assert_eq!(late.problem(409), "orientation.activity-over");
    }

    async fn in_1_nobody_gets_a_place_at_what_is_over(world: World) {
        let activity = offer(&world, shadow_day(&world, 1)).await;
        let (first, second) = (register(&world, &activity, "Sem").await, register(&world, &activity, "Bo").await);
        assert_eq!(second["state"], "waitlisted");
        world.wait(TimeDelta::days(8));
        let cancel = json!({"decision": "cancel", "secret": first["secret"]});
        world.post(&format!("/registrations/{}/decisions", text(&first["id"])), cancel).send().await.ok();
        let path = format!("/orientation-activities/{activity}");
        world.patch(&path, json!({"capacity": 5})).by("scout").header("If-Match", "*").send().await.ok();
        let waiting = world.get(&format!("/registrations/{}", text(&second["id"])));
        assert_eq!(waiting.header("Registration-Secret", &text(&second["secret"])).send().await.ok()["state"], "waitlisted");
    }

    async fn the_database_keeps_no_secret(world: World) {
        let activity = offer(&world, shadow_day(&world, 3)).await;
        let secret = text(&register(&world, &activity, "Sem").await["secret"]);
        assert_eq!(secret.len(), 43);
        let kept = world.rows("SELECT secret_hash AS row FROM registrations");
        assert!(!kept[0].contains(&secret) && kept[0] != secret);
        assert_eq!(world.rows(&format!("SELECT what AS row FROM events WHERE CAST(facts AS text) LIKE '%{secret}%'")).len(), 0);
    }

    async fn in_2_who_applies_with_the_secrets_brings_earlier_registrations_along_and_nobody_else_does(world: World) {
        let activity = offer(&world, shadow_day(&world, 3)).await;
        let (mine, other) = (register(&world, &activity, "Sem").await, register(&world, &activity, "Bo").await);
        let linked = || world.rows("SELECT what AS row FROM events WHERE what = 'linked'").len();
        world.post("/applications", application(&world)).send().await.created();
        assert_eq!(linked(), 0, "the same address says nothing");

        let unknown = "A".repeat(43);
        let body = with(application(&world), json!({"registrationSecrets": [mine["secret"], unknown], "birthDate": "2031-01-01"}));
        let faults = world.post("/applications", body).send().await.faults();
        let expected = [("/birthDate", "orientation.birth-date-implausible"), ("/registrationSecrets/1", "request.unknown-reference")];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        assert_eq!(linked(), 0, "nothing half");

        let body = with(application(&world), json!({"registrationSecrets": [mine["secret"]]}));
        world.post("/applications", body.clone()).send().await.created();
        assert_eq!(linked(), 1);
        let again = world.post("/applications", body).send().await.faults();
        assert_eq!(again, [("/registrationSecrets/0".to_owned(), "request.unknown-reference".to_owned())], "it is someone's now");
        let seen = world.get(&format!("/registrations/{}", text(&other["id"]))).header("Registration-Secret", &text(&other["secret"]));
        assert_eq!(seen.send().await.ok()["version"], 1);
    }

    /// The secret is stored as a hash alone; the kept answer to the registration must not undo that.
    async fn a_kept_answer_gives_nothing_away_and_the_retry_all_of_it(world: World) {
        let path = format!("/orientation-activities/{}/registrations", offer(&world, shadow_day(&world, 5)).await);
        let key = "8c1f5c0e-2f7e-4a57-9a55-2f1a3a6d0c11";
        let ask = || world.post(&path, prospect("Sem")).header("Idempotency-Key", key);
        let first = ask().send().await.created();
        let again = ask().send().await;
        assert_eq!(again.header("idempotency-replayed").as_deref(), Some("true"));
        assert_eq!(first, again.created());
        let kept = world.rows("SELECT caller || ' ' || key || ' ' || fingerprint || ' ' || CAST(answer AS text) AS row FROM idempotency_records");
        assert_eq!(kept.len(), 1);
        let open = [text(&first["secret"]), text(&first["id"]), key.to_owned(), "Sem".to_owned()];
        assert!(!open.iter().any(|word| kept[0].contains(word)), "{}", kept[0]);
    }
}

/// All answers, to requests that were on their way at once.
async fn all<F: Future<Output = crate::harness::Said>>(asked: Vec<F>) -> Vec<crate::harness::Said> {
    let mut asked: Vec<_> = asked.into_iter().map(|ask| (Box::pin(ask), None)).collect();
    std::future::poll_fn(|context| {
        let mut waiting = false;
        for (ask, said) in &mut asked {
            if said.is_none() {
                match ask.as_mut().poll(context) {
                    std::task::Poll::Ready(answer) => *said = Some(answer),
                    std::task::Poll::Pending => waiting = true,
                }
            }
        }
        if waiting { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    asked.into_iter().filter_map(|(_, said)| said).collect()
}
