//! Search in Dutch, within what one may read, the same on both databases to the last place (PF-5).

use serde_json::json;

use super::{kept, portfolio, shared, titles};
use crate::both;
use crate::enrolment::placed;
use crate::harness::World;

/// Title, body, tags.
const ENTRIES: [(&str, &str, &[&str]); 7] = [
    ("Mijn eerste stagedag", "Ik was zenuwachtig. Een oudere mevrouw maakte mij rustig.", &[]),
    ("Wat ik van de stages leerde", "Op stage werk je samen. Een stage is leren; mijn stage was in de ouderenzorg.", &["zorg"]),
    ("Gesprek met mijn mentor", "We spraken over de stage en over geïnteresseerd luisteren.", &[]),
    ("Stemmen", "Voor het eerst naar de stembus, en ideeën over de wijk opgeschreven.", &["Verkiezingen"]),
    ("Wondverzorging", "Stap voor stap; de opdrachten van B1-K1 afgerond.", &["B1-K1"]),
    ("Stage", "Kort.", &[]),
    ("Keukenhulp", "Uien, soep en 100% inzet op de stage.", &[]),
];

async fn keep_all(world: &World, visibility: &str) {
    for (title, body, tags) in ENTRIES {
        let entry = json!({ "area": "learning", "kind": "reflection", "title": title, "body": body, "visibility": visibility, "tags": tags });
        kept(world, entry).await;
    }
}

async fn asked(world: &World, path: &str, q: &str, who: &str) -> Vec<String> {
    let found = world.get(&format!(
        "{path}?count=true&q={}",
        q.replace('%', "%25").replace(' ', "%20").replace('ë', "%C3%AB").replace('ï', "%C3%AF")
    ));
    let found = found.by(who).send().await.ok();
    let titles = titles(&found);
    assert_eq!(found["total"], titles.len(), "{q}");
    titles
}

both! {
    /// Both databases are held to this one list: so they agree in what they find and in its order, to the last place.
    async fn pf_5_search_finds_dutch_words_in_any_form_the_best_first_then_the_newest(world: World) {
        placed(&world, "student", "coach").await;
        keep_all(&world, "private").await;
        for (q, found) in [
            // In the heading and often; in the heading, the newest first; anywhere, the newest first.
            ("stage", vec!["Wat ik van de stages leerde", "Stage", "Keukenhulp", "Gesprek met mijn mentor"]),
            ("STAGES", vec!["Wat ik van de stages leerde", "Stage", "Keukenhulp", "Gesprek met mijn mentor"]),
            ("de stage", vec!["Wat ik van de stages leerde", "Stage", "Keukenhulp", "Gesprek met mijn mentor"]),
            ("stage ouderenzorg", vec!["Wat ik van de stages leerde"]),
            ("opdracht", vec!["Wondverzorging"]),
            ("ideeen", vec!["Stemmen"]),
            ("ideeën", vec!["Stemmen"]),
            ("geinteresseerde", vec!["Gesprek met mijn mentor"]),
            ("verkiezing", vec!["Stemmen"]),
            ("b1-k1", vec!["Wondverzorging"]),
            ("zenuwachtige mevrouw", vec!["Mijn eerste stagedag"]),
            ("fiets", vec![]),
            ("stage fiets", vec![]),
            ("de het een", vec![]),
            ("%", vec![]),
            ("100%", vec!["Keukenhulp"]),
            ("stage OR fiets", vec![]),
        ] {
            assert_eq!(asked(&world, &portfolio(&world), q, "student").await, found, "{q}");
            assert_eq!(asked(&world, "/portfolio-entries", q, "student").await, found, "{q} among all");
        }
    }

    async fn pf_5_pages_of_what_was_found_follow_one_another_and_other_filters_hold_besides(world: World) {
        placed(&world, "student", "coach").await;
        keep_all(&world, "private").await;
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = world.get(&format!("{}?q=stage&limit=1{cursor}", portfolio(&world))).by("student").send().await.ok();
            found.extend(titles(&page));
            let Some(next) = page["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(found, ["Wat ik van de stages leerde", "Stage", "Keukenhulp", "Gesprek met mijn mentor"]);
        let tagged = world.get(&format!("{}?q=stage&tag=zorg", portfolio(&world))).by("student").send().await.ok();
        assert_eq!(titles(&tagged), ["Wat ik van de stages leerde"]);
        let none = world.get(&format!("{}?q=stage&area=ethics", portfolio(&world))).by("student").send().await.ok();
        assert_eq!(none["items"], json!([]));
    }

    async fn pf_5_search_follows_every_change_and_finds_nothing_that_is_not_there_any_more(world: World) {
        placed(&world, "student", "coach").await;
        let entry = kept(&world, json!({ "area": "meaning", "kind": "reflection", "title": "Vriendschap", "body": "Over samen fietsen.", "visibility": "private" })).await;
        let path = portfolio(&world);
        assert_eq!(asked(&world, &path, "fietsen", "student").await, ["Vriendschap"]);
        world.patch(&entry, json!({ "body": "Over samen wandelen." })).by("student").header("If-Match", "*").send().await.ok();
        assert_eq!(asked(&world, &path, "fietsen", "student").await, Vec::<String>::new(), "what it said before is no longer found");
        assert_eq!(asked(&world, &path, "wandelen", "student").await, ["Vriendschap"]);
        world.delete(&entry).by("student").header("If-Match", "*").send().await;
        assert_eq!(asked(&world, &path, "wandelen", "student").await, Vec::<String>::new());
    }

    async fn pf_2_nobody_finds_by_searching_what_they_may_not_read(world: World) {
        placed(&world, "student", "coach").await;
        placed(&world, "otherStudent", "secondCoach").await;
        keep_all(&world, "private").await;
        let open = kept(&world, json!({ "area": "career", "kind": "reflection", "title": "Stage voor mijn coach", "body": "Stage.", "visibility": "coach" })).await;
        let one = kept(&world, json!({ "area": "career", "kind": "product", "title": "Stageverslag", "body": "Mijn stage.", "visibility": "private" })).await;
        let share = shared(&world, &one, json!({ "personId": world.college.person("otherStudent") })).await;
        let none = Vec::<String>::new();
        for (who, found) in [
            ("coach", vec!["Stage voor mijn coach".to_owned()]), ("otherStudent", vec!["Stageverslag".to_owned()]), ("secondCoach", none.clone()),
            ("teacher", none.clone()), ("administrator", none.clone()), ("director", none.clone()), ("dashboard", none.clone()),
        ] {
            assert_eq!(asked(&world, "/portfolio-entries", "stage", who).await, found, "{who}");
        }
        world.delete(&share).by("student").header("If-Match", "*").send().await;
        assert_eq!(asked(&world, "/portfolio-entries", "stage", "otherStudent").await, none);
        world.patch(&open, json!({ "visibility": "private" })).by("student").header("If-Match", "*").send().await.ok();
        assert_eq!(asked(&world, "/portfolio-entries", "stage", "coach").await, none);
    }
}
