//! What happened, in order, for whoever may know of it (AL-1).

use serde_json::{Value, json};

use crate::both;
use crate::harness::World;
use crate::imports::{ROSTER, upload};

/// Every change that someone may know of, read in pages of `limit`.
pub async fn all(world: &World, who: &str, limit: usize) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), None::<String>);
    loop {
        let path = match &after {
            None => format!("/changes?limit={limit}"),
            Some(after) => format!("/changes?limit={limit}&after={after}"),
        };
        let page = world.get(&path).by(who).send().await.ok();
        let next = page["nextCursor"].as_str().expect("there is always a next cursor").to_owned();
        found.extend(page["items"].as_array().unwrap().iter().cloned());
        if after.as_ref() == Some(&next) {
            return found;
        }
        after = Some(next);
    }
}

fn whats(changes: &[Value]) -> Vec<String> {
    changes.iter().map(|one| format!("{} {}", one["subject"].as_str().unwrap(), one["what"].as_str().unwrap())).collect()
}

both! {
    async fn al_1_who_may_read_a_thing_hears_of_it_and_nobody_else_does(world: World) {
        upload(&world, "roster", ROSTER.as_bytes(), false).send().await.created();
        for (who, placed) in [("coach", 1), ("secondCoach", 1), ("teacher", 2), ("teamLeader", 2), ("otherCoach", 0), ("director", 0), ("administrator", 0), ("dashboard", 0), ("student", 0)] {
            let changes = all(&world, who, 50).await;
            let of_students: Vec<_> = changes.iter().filter(|one| !one["studentId"].is_null()).collect();
            assert_eq!(of_students.len(), placed, "{who}");
            let told = whats(&changes);
            assert_eq!(told.contains(&"import run".to_owned()), who == "administrator", "{who}");
            assert_eq!(told.contains(&"person entered".to_owned()), who == "administrator", "{who}");
            assert!(told.contains(&"team founded".to_owned()), "{who}");
            assert!(changes.iter().all(|one| one.get("actor").is_none() && one.get("actorId").is_none()));
        }
        assert_eq!(world.get("/changes").send().await.problem(401), "access.token-missing");
    }

    async fn a_scout_hears_of_the_application_that_came_to_them_and_not_of_the_others(world: World) {
        for landscape in [&world.college.landscape, &world.college.other_landscape] {
            let new = json!({
                "landscapeId": landscape, "givenName": "Test", "familyName": "Prospect", "birthDate": "2009-05-05",
                "email": "prospect@voorbeeld.nl", "motivation": "Ik wil met mensen werken."
            });
            world.post("/applications", new).by("prospect").send().await.created();
        }
        let of = |changes: &[Value]| -> Vec<String> {
            changes.iter().filter(|one| one["subject"] == "application").map(|one| one["landscapeId"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(of(&all(&world, "scout", 50).await), [world.college.landscape.as_str()]);
        assert_eq!(of(&all(&world, "otherScout", 50).await), [world.college.other_landscape.as_str()]);
        assert_eq!(of(&all(&world, "prospect", 50).await).len(), 2);
        assert_eq!(of(&all(&world, "coach", 50).await).len(), 0);
    }

    async fn a_reduced_view_of_a_thing_hears_of_its_state_alone(world: World) {
        upload(&world, "roster", ROSTER.as_bytes(), false).send().await.created();
        let id = world.get("/students?q=noor").by("coach").send().await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        let proposal = json!({ "coachId": world.college.person("secondCoach"), "reason": "Andere richting." });
        world.post(&format!("/students/{id}/handovers"), proposal).by("coach").send().await.created();
        let handover = |changes: Vec<Value>| changes.into_iter().find(|one| one["subject"] == "handover").unwrap();
        let full = handover(all(&world, "secondCoach", 50).await);
        assert_eq!(full["facts"]["coachId"], world.college.person("secondCoach"));
        let reduced = handover(all(&world, "teacher", 50).await);
        assert_eq!(reduced["facts"], json!({ "state": "proposed" }));
        let link = full["link"].as_str().unwrap().strip_prefix("/v1").unwrap();
        world.get(link).by("secondCoach").send().await.ok();
    }

    async fn one_says_once_from_where_on(world: World) {
        let cursor = world.get("/changes").by("administrator").send().await.ok()["nextCursor"].as_str().unwrap().to_owned();
        for one in ["after", "cursor"] {
            world.get(&format!("/changes?{one}={cursor}")).by("administrator").send().await.ok();
        }
        let both = world.get(&format!("/changes?after={cursor}&cursor={cursor}")).by("administrator").send().await.faults();
        assert_eq!(both, ["?after", "?cursor"].map(|place| (place.to_owned(), "request.same-twice".to_owned())));
    }

    async fn changes_come_in_order_once_each_however_they_are_read(world: World) {
        upload(&world, "roster", ROSTER.as_bytes(), false).send().await.created();
        let at_once = all(&world, "administrator", 200).await;
        assert_eq!(at_once.len(), 8);
        for (place, change) in at_once.iter().enumerate() {
            let path = format!("/changes?after={}", change["cursor"].as_str().unwrap());
            let rest = world.get(&path).by("administrator").send().await.ok();
            assert_eq!(rest["items"].as_array().unwrap(), &at_once[place + 1..]);
        }
        for limit in [1, 3] {
            assert_eq!(all(&world, "administrator", limit).await, at_once);
        }
        let page = world.get("/changes").by("administrator").send().await.ok();
        let after = page["nextCursor"].as_str().unwrap();
        world.post("/landscapes", json!({ "name": "Horeca" })).by("administrator").send().await.created();
        let more = world.get(&format!("/changes?after={after}")).by("administrator").send().await.ok();
        assert_eq!(whats(more["items"].as_array().unwrap()), ["landscape founded"]);
        assert_eq!(world.get("/changes?after=eyJ9").by("administrator").send().await.faults(), [("?after".to_owned(), "request.bad-cursor".to_owned())]);
    }

    async fn no_change_is_skipped_while_many_are_written_at_once(world: World) {
        let names: Vec<String> = (0..40).map(|number| format!("Landschap {number}")).collect();
        let write = async {
            let asks = names.iter().map(|name| world.post("/landscapes", json!({ "name": name })).by("administrator").send());
            for said in join(asks.collect()).await {
                said.created();
            }
        };
        let read = async {
            let (mut found, mut after) = (Vec::new(), String::new());
            for _ in 0..400 {
                let path = if after.is_empty() { "/changes".to_owned() } else { format!("/changes?after={after}") };
                let page = world.get(&path).by("dashboard").send().await.ok();
                after = page["nextCursor"].as_str().unwrap().to_owned();
                found.extend(page["items"].as_array().unwrap().iter().map(|one| one["subjectId"].as_str().unwrap().replace('-', "")));
                if found.len() == names.len() {
                    break;
                }
            }
            found
        };
        let ((), found) = tokio::join!(write, read);
        let id = if world.location.file().is_some() { "lower(hex(subject_id))" } else { "replace(CAST(subject_id AS text), '-', '')" };
        assert_eq!(found, world.rows(&format!("SELECT {id} AS row FROM events ORDER BY position")));
    }

    async fn who_may_see_little_reads_on_past_what_is_not_for_them(world: World) {
        let rows: Vec<String> = (0..2500)
            .map(|n| format!("N-{n},Jan,,Student{n},,,Groen,Dier 1A,A. de Wit,25580,bbl,2026-08-01"))
            .collect();
        let header = ROSTER.lines().next().unwrap();
        let file = format!("{header}\n{}\n", rows.join("\n"));
        upload(&world, "roster", file.as_bytes(), false).send().await.created();
        let first = world.get("/changes?limit=200").by("dashboard").send().await.ok();
        let second = world.get(&format!("/changes?limit=200&after={}", first["nextCursor"].as_str().unwrap())).by("dashboard").send().await.ok();
        assert!(second["items"].as_array().unwrap().len() < 200);
        assert_ne!(first["nextCursor"], second["nextCursor"]);
        let changes = all(&world, "dashboard", 200).await;
        assert_eq!(whats(&changes), ["landscape founded", "team founded", "role granted"]);
    }
}

/// All of them at once.
async fn join<F: Future>(all: Vec<F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = all.into_iter().map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|context| {
        let mut ready = true;
        for (one, said) in &mut waiting {
            if said.is_none() {
                match one.as_mut().poll(context) {
                    std::task::Poll::Ready(answer) => *said = Some(answer),
                    std::task::Poll::Pending => ready = false,
                }
            }
        }
        if ready { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, said)| said).collect()
}
