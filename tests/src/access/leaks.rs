//! Where something could come out that no answer was made for: illegal requests, cursors, the log, the metrics, reports.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::calls::calls;
use super::canaries::{Watch, rules};
use super::planted::plant;
use super::small_college::{EVERYONE, SmallCollege};
use crate::both;
use crate::harness::log;

/// Personal columns that hold what can bear a mark are in the table, and the table has no others.
#[test]
fn whatever_is_kept_of_someone_says_who_may_see_it() {
    let listed: BTreeSet<String> = rules().iter().flat_map(|rule| rule.columns.clone()).map(str::to_owned).collect();
    let kept = crate::guards::what_tells_of_someone();
    assert!(kept.len() > 40, "the classification was not understood: {kept:?}");
    let missing: Vec<_> = kept.difference(&listed).collect();
    assert!(missing.is_empty(), "tests/access/canaries.csv: say by hand who may see {missing:?}");
    // Part of a document may be for others than the rest of it.
    let whole = |column: &&String| column.matches('.').count() == 1;
    let stale: Vec<_> = listed.difference(&kept).filter(whole).collect();
    assert!(stale.is_empty(), "tests/access/canaries.csv: {stale:?} is kept of nobody");
    for rule in rules().iter().filter(|rule| rule.of == ["none"]) {
        assert!(!rule.why.is_empty(), "{:?} is no canary: say why", rule.columns);
    }
}

/// Its body with a mark for every text, and a member that no body has.
fn illegal(body: &Value) -> Value {
    let mut marked = match body {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), illegal_member(name, value))).collect(),
        _ => serde_json::Map::new(),
    };
    marked.insert("noSuchMember".to_owned(), json!("canary-sent"));
    Value::Object(marked)
}

fn illegal_member(name: &str, value: &Value) -> Value {
    match value {
        Value::String(_) if name != "decision" => json!("canary-sent@"),
        Value::Object(_) => illegal(value),
        other => other.clone(),
    }
}

both! {
    async fn who_asks_wrongly_is_told_what_is_wrong_and_nothing_of_anyone(world: World) {
        log::keep();
        let mut college = SmallCollege::build(world).await;
        plant(&mut college).await;
        let watch = Watch::over(&college);
        let world = &college.world;
        for call in calls() {
            for (turn, (subject, _)) in call.callers().into_iter().enumerate() {
                let mut asks = vec![];
                if let Some(body) = call.body(world, &college, turn) {
                    asks.push(call.ask(world, &college, turn, false).json(illegal(&body)));
                    asks.push(call.ask(world, &college, turn, false).bytes("application/json", "{\"canary-sent\": canary-sent"));
                }
                if !call.changes() {
                    asks.push(call.ask_for(world, &college, "?limit=1"));
                    asks.push(call.ask_for(world, &college, "?q=canary-sent&cursor=canary-sent&limit=canary-sent"));
                }
                for ask in asks {
                    let ask = ask.header("Idempotency-Key", "canary-sent-key");
                    let said = if subject.is_empty() { ask.send().await } else { ask.by(subject).send().await };
                    watch.look(&call.name, call.path, subject, &said);
                    if said.status >= 500 {
                        watch.note(format!("{} by {subject:?}: {} {}", call.name, said.status, said.text));
                    }
                }
            }
        }
        assert_eq!([watch.wrong(), watch.unseen(&["caseload"])].concat().join("\n"), "");
    }

    async fn the_log_the_metrics_and_the_feed_tell_of_nobody(world: World) {
        log::keep();
        let mut college = SmallCollege::build(world).await;
        plant(&mut college).await;
        let watch = Watch::over(&college);
        let world = &college.world;
        for call in calls().iter().filter(|call| !call.changes()) {
            for subject in ["coach", "student", "administrator"] {
                let said = call.ask_for(world, &college, "?q=canary-sent").by(subject).send().await;
                watch.look(&call.name, call.path, subject, &said);
            }
        }
        let roster = "studentNumber,givenName,familyName,landscape,team,coach,crebo,route,startsOn\n\
                      canary-sent-1,canary-sent,canary-sent,canary-sent,canary-sent,canary-sent,canary-sent,canary-sent,canary-sent\n";
        for dry_run in ["true", "false"] {
            let part = |name: &str, value: &str| format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            let file = format!("--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"canary-sent.csv\"\r\n\r\n{roster}\r\n--part--\r\n");
            let body = part("kind", "roster") + &part("dryRun", dry_run) + &file;
            let ask = world.ask("POST", "/imports").bytes("multipart/form-data; boundary=part", body);
            let report = ask.by("administrator").send().await;
            assert_eq!(report.status, 201, "{}", report.text);
            watch.look_at_what_is_for_nobody("a report of an import", &report.text);
        }
        for subject in EVERYONE {
            let mut after = String::new();
            loop {
                let page = world.get(&format!("/changes?limit=200{after}")).by(subject).send().await;
                watch.look_at_what_is_for_nobody("the feed", &page.text);
                let page = page.ok();
                if page["items"].as_array().is_none_or(Vec::is_empty) {
                    break;
                }
                after = format!("&cursor={}", page["nextCursor"].as_str().expect("a cursor"));
            }
        }
        for row in world.rows("SELECT CAST(facts AS text) AS row FROM events") {
            watch.look_at_what_is_for_nobody("an event", &row);
        }
        let metrics = world.get(&world.base.replace("/v1", "/metrics")).send().await;
        assert!(metrics.text.contains("leerloopbaan_requests"), "{}", metrics.text);
        watch.look_at_what_is_for_nobody("the metrics", &metrics.text);
        let log = log::kept();
        assert!(log.contains("\"message\":\"answered\""), "nothing was logged");
        watch.look_at_what_is_for_nobody("the log", &log);
        assert_eq!(watch.wrong().join("\n"), "");
    }
}
