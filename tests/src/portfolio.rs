//! The student's own portfolio: what a student, a coach and a teacher would agree with (PF-1 to PF-5).

mod demo;
mod entries;
mod opening;
mod search;
mod sharing;

use serde_json::{Value, json};

use crate::harness::World;

/// Something that a student keeps.
fn reflection(visibility: &str) -> Value {
    json!({
        "area": "career", "kind": "reflection", "title": "Mijn eerste dienst",
        "body": "Ik was zenuwachtig en het ging goed.", "visibility": visibility
    })
}

/// Where the portfolio of the student is.
fn portfolio(world: &World) -> String {
    format!("/students/{}/portfolio-entries", world.college.person("student"))
}

/// Puts something into the student's portfolio; answers its path.
async fn kept(world: &World, entry: Value) -> String {
    let made = world.post(&portfolio(world), entry).by("student").send().await.created();
    format!("/portfolio-entries/{}", made["id"].as_str().expect("an id"))
}

/// Shares an entry; answers the path of the share.
async fn shared(world: &World, entry: &str, share: Value) -> String {
    let made = world.post(&format!("{entry}/shares"), share).by("student").send().await.created();
    format!("{entry}/shares/{}", made["id"].as_str().expect("an id"))
}

/// The titles in a list, in its order.
fn titles(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().expect("items").iter();
    items.map(|item| item["title"].as_str().expect("a title").to_owned()).collect()
}

/// Does this caller find the entry everywhere, or nowhere at all: by itself, in every list, in counts and in the feed?
async fn sees(world: &World, entry: &str, who: &str) -> bool {
    let id = entry.rsplit('/').next().expect("an id").to_owned();
    let opened = world.get(entry).by(who).send().await.status == 200;
    let mut found = vec![("by itself", opened)];
    for list in ["/portfolio-entries".to_owned(), portfolio(world)] {
        let page = world.get(&format!("{list}?count=true")).by(who).send().await;
        let (items, total) = match page.status {
            200 => (page.json()["items"].clone(), page.json()["total"].clone()),
            404 => (json!([]), json!(0)),
            other => panic!("{list} by {who}: {other}"),
        };
        let items = items.as_array().expect("items").clone();
        assert_eq!(total, items.len(), "{list} counts for {who} what it shows");
        found.push(("in a list", items.iter().any(|item| item["id"] == id.as_str())));
        let searched = world.get(&format!("{list}?q=eerste+dienst")).by(who).send().await.json();
        let searched = searched["items"].as_array().cloned().unwrap_or_default();
        found.push(("by searching", searched.iter().any(|item| item["id"] == id.as_str())));
    }
    let said = world.get(&format!("{entry}/comments")).by(who).send().await.status == 200;
    found.push(("what is said of it", said));
    let told = crate::changes::all(world, who, 200).await.iter().any(|change| change["subjectId"] == id.as_str());
    found.push(("in the feed", told));
    assert!(found.iter().all(|(_, seen)| *seen == opened), "{who} sees it in some places only: {found:?}");
    opened
}

/// Who of them sees the entry.
async fn seers(world: &World, entry: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for who in [
        "student",
        "coach",
        "secondCoach",
        "teacher",
        "otherTeacher",
        "teamLeader",
        "workplaceTrainer",
        "otherStudent",
        "administrator",
        "director",
        "dashboard",
    ] {
        if sees(world, entry, who).await {
            found.push(who);
        }
    }
    found
}
