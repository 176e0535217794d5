//! What must hold when things go wrong, as far as it can be tried at once; the rest is in `docs/reliability.md`.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::future::{join_all, join3};
use persistence::Location;
use serde_json::{Value, json};

use crate::both;
use crate::harness::World;

const EDITORS: usize = 16;
const TOGETHER: usize = 50;

/// Holds everyone else up at the landscapes until told that it is enough.
fn hold_up(location: &Location) -> impl FnOnce() + use<> {
    use diesel::connection::SimpleConnection;
    use diesel::{Connection, PgConnection, SqliteConnection};
    match location {
        Location::Sqlite(file) => {
            let mut conn = SqliteConnection::establish(&file.to_string_lossy()).expect("a connection");
            conn.batch_execute("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE").expect("the lock");
            Box::new(move || conn.batch_execute("ROLLBACK").expect("given back")) as Box<dyn FnOnce()>
        }
        Location::Postgres { url, .. } => {
            let mut conn = PgConnection::establish(url).expect("a connection");
            conn.batch_execute("BEGIN; LOCK TABLE landscapes").expect("the lock");
            Box::new(move || conn.batch_execute("ROLLBACK").expect("given back"))
        }
    }
}

async fn write(world: &World, number: usize) -> (u16, Duration) {
    let since = Instant::now();
    let said = world.post("/landscapes", json!({ "name": format!("Landschap {number}") })).by("administrator").send().await;
    if said.status == 503 {
        assert!(said.header("retry-after").is_some());
    }
    (said.status, since.elapsed())
}

both! {
    async fn who_waits_too_long_for_the_database_is_turned_away_and_nothing_of_it_is_done(world: World) {
        let let_go = hold_up(&world.location);
        let begun = Instant::now();
        let health = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let base = world.base.trim_end_matches("/v1");
            reqwest::get(format!("{base}/health/live")).await.expect("an answer").status().as_u16()
        };
        let let_go = async {
            tokio::time::sleep(Duration::from_millis(3600)).await;
            let_go();
        };
        let (answers, health, ()) = join3(join_all((0..12).map(|number| write(&world, number))), health, let_go).await;
        assert_eq!(health, 200);
        let made = answers.iter().filter(|(status, _)| *status == 201).count();
        let turned_away: Vec<_> = answers.iter().filter(|(status, _)| *status == 503).collect();
        // PostgreSQL's four connections are held up and come to their end; nobody else waited for as long.
        assert_eq!(made, if world.location.file().is_some() { 0 } else { 4 }, "{answers:?}");
        assert_eq!(made + turned_away.len(), 12, "{answers:?}");
        let patience = Duration::from_millis(if world.location.file().is_some() { 3000 } else { 500 });
        assert!(turned_away.iter().all(|(_, took)| *took >= patience && *took < patience * 2), "{answers:?}");
        assert!(begun.elapsed() < Duration::from_secs(8));
        write(&world, 99).await;
        assert_eq!(world.rows("SELECT what AS row FROM events").len(), made + 1);
    }

    async fn sixteen_who_edit_one_thing_lose_nobodys_edit(world: World) {
        let path = format!("/landscapes/{}", world.college.landscape);
        let edit = async |editor: usize| {
            loop {
                let seen = world.get(&path).by("landscapeManager").send().await;
                let version = seen.header("etag").expect("an ETag");
                let text = seen.ok()["description"].as_str().unwrap_or_default().to_owned();
                let patch = json!({ "description": format!("{text}[{editor}]") });
                let said = world.patch(&path, patch).by("landscapeManager").header("If-Match", &version).send().await;
                match said.status {
                    200 => return,
                    412 => {}
                    _ => panic!("{}: {}", said.status, said.text),
                }
            }
        };
        let before = world.get(&path).send().await.ok()["version"].as_i64().expect("a version");
        join_all((0..EDITORS).map(edit)).await;
        let after = world.get(&path).send().await.ok();
        assert_eq!(after["version"].as_i64(), Some(before + EDITORS as i64));
        let text = after["description"].as_str().expect("a text");
        assert!((0..EDITORS).all(|editor| text.matches(&format!("[{editor}]")).count() == 1), "{text}");
    }

    async fn the_same_request_fifty_times_at_once_has_one_effect_and_one_answer(world: World) {
        let ask = async |_| {
            loop {
                let new = world.post("/landscapes", json!({ "name": "Horeca" }));
                let said = new.by("administrator").header("Idempotency-Key", "one").send().await;
                // Where the machine has much to do, not all have their turn in time.
                if said.status != 503 {
                    return said.created();
                }
            }
        };
        let answers: Vec<Value> = join_all((0..TOGETHER).map(ask)).await;
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(world.rows("SELECT what AS row FROM events"), ["founded"]);
    }

    async fn a_clock_that_is_set_back_changes_no_order_and_deletes_nothing(world: World) {
        let mut made = Vec::new();
        for (number, hours) in [0, -1, -30, 40].into_iter().enumerate() {
            world.wait(TimeDelta::hours(hours));
            let new = json!({ "name": format!("Landschap {number}") });
            let ask = || world.post("/landscapes", new.clone()).by("administrator").header("Idempotency-Key", &format!("key-{number}")).send();
            let landscape = ask().await.created();
            assert_eq!(ask().await.created(), landscape);
            made.push(landscape["id"].as_str().expect("an id").to_owned());
        }
        let feed = world.get("/changes").by("administrator").send().await.ok();
        let told: Vec<_> = feed["items"].as_array().expect("items").iter().map(|event| event["subjectId"].as_str().expect("an id")).collect();
        assert_eq!(told, made);
        made.sort();
        made.dedup();
        assert_eq!(made.len(), 4);
    }
}
