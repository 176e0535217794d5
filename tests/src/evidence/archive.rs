//! All of a portfolio to take along.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::{Value, json};

use super::{add, enrolled, entry, photo, put, sum};
use crate::both;
use crate::harness::World;

const SCHEMA: &str = include_str!("../../../openapi/portfolio-archive-entry.schema.json");
const LWP_SCHEMA: &str = include_str!("../../../openapi/portfolio-archive-lwp.schema.json");

fn path(world: &World) -> String {
    format!("/students/{}/portfolio-archive", world.college.person("student"))
}

/// The LWPs in an archive, in their order, each as its schema says.
pub fn lwps(files: &BTreeMap<String, Vec<u8>>) -> Vec<Value> {
    assert_eq!(files["portfolio-archive-lwp.schema.json"], LWP_SCHEMA.as_bytes());
    let schema = jsonschema::validator_for(&serde_json::from_str(LWP_SCHEMA).expect("JSON")).expect("a schema");
    let mut lwps = Vec::new();
    for (_, text) in files.iter().filter(|(name, _)| name.starts_with("lwps/")) {
        let lwp = serde_json::from_slice(text).expect("JSON");
        let wrong: Vec<_> = schema.iter_errors(&lwp).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}: {lwp}");
        lwps.push(lwp);
    }
    lwps
}

/// The conversations in an archive, in their order, each as its schema says.
pub fn conversations(files: &BTreeMap<String, Vec<u8>>) -> Vec<Value> {
    let schema = &files["portfolio-archive-conversation.schema.json"];
    let schema = jsonschema::validator_for(&serde_json::from_slice(schema).expect("JSON")).expect("a schema");
    let named = files.iter().filter(|(name, _)| name.starts_with("conversations/"));
    let read = named.map(|(_, text)| {
        let told: Value = serde_json::from_slice(text).expect("JSON");
        let wrong: Vec<_> = schema.iter_errors(&told).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}: {told}");
        told
    });
    read.collect()
}

/// What an unpacker by others finds in it: names and contents, after each sum was right.
pub fn unpacked(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("archive.zip");
    std::fs::write(&file, archive).expect("a file");
    let script = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2]); print(*z.namelist(), sep='\\n')";
    let into = folder.path().join("unpacked");
    let run = Command::new("python3").args(["-c", script]).arg(&file).arg(&into).output().expect("python3");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let names = String::from_utf8(run.stdout).expect("names");
    names.lines().map(|name| (name.to_owned(), std::fs::read(into.join(name)).expect("a file"))).collect()
}

both! {
    async fn pf_6_the_owner_takes_everything_along_and_it_opens_elsewhere(world: World) {
        let one = entry(&world, "coach").await;
        let two = entry(&world, "private").await;
        let gone = entry(&world, "private").await;
        let photo = photo();
        let fields = [("caption", "De \"lasnaad\"")];
        put(&world, &one, "../foto één.jpg", &photo, &fields).by("student").send().await.created();
        let note = add(&world, &two, "notitie.txt", b"tekst").await;
        add(&world, &gone, "weg.txt", b"weg").await;
        world.delete(&gone).by("student").header("If-Match", "*").send().await.with(204);
        world.post(&format!("{one}/comments"), json!({ "text": "Mooi <gedaan>!" })).by("coach").send().await.created();
        world.post(&format!("{one}/shares"), json!({ "role": "teacher" })).by("student").send().await.created();
        let title = world.patch(&two, json!({ "title": "Toch anders" })).by("student").header("If-Match", "*").send().await;
        assert_eq!(title.status, 200, "{}", title.text);

        let said = world.get(&path(&world)).by("student").send().await;
        assert_eq!((said.status, said.header("content-type").as_deref()), (200, Some("application/zip")));
        let disposition = said.header("content-disposition").expect("a name");
        assert!(disposition.starts_with("attachment; filename=\"portfolio-20"), "{disposition}");
        let files = unpacked(&said.bytes);
        assert_eq!(files["portfolio-archive-entry.schema.json"], SCHEMA.as_bytes());
        assert_eq!(files["bestanden/0001-01.txt"], b"tekst");
        assert!(files.contains_key("bestanden/0002-01.jpg"), "{:?}", files.keys());
        assert!(!files.keys().any(|name| name.contains("weg")), "what was withdrawn is gone from here, too");

        let schema = jsonschema::validator_for(&serde_json::from_str(SCHEMA).expect("JSON")).expect("a schema");
        let items: Vec<Value> = files.iter().filter(|(name, _)| name.starts_with("items/")).map(|(_, json)| serde_json::from_slice(json).expect("JSON")).collect();
        assert_eq!(items.len(), 2);
        for item in &items {
            let wrong: Vec<_> = schema.iter_errors(item).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{wrong:?}: {item}");
            for file in item["files"].as_array().expect("files") {
                assert_eq!(sum(&files[file["path"].as_str().expect("a path")]), file["sha256"]);
            }
        }
        assert_eq!((&items[0]["title"], items[0]["versions"].as_array().map(Vec::len)), (&json!("Toch anders"), Some(1)));
        assert_eq!(items[0]["files"][0]["id"], note["id"]);
        assert_eq!((&items[1]["comments"][0]["text"], &items[1]["shares"][0]["role"]), (&json!("Mooi <gedaan>!"), &json!("teacher")));

        let page = String::from_utf8(files["index.html"].clone()).expect("text");
        for shown in ["Portfolio van Test Student", "<html lang=\"nl\">", "Toch anders", "Mijn eerste &lt;b&gt;lasnaad", "Mooi &lt;gedaan&gt;!", "src=\"bestanden/0002-01.jpg\" alt=\"De &quot;lasnaad&quot;\"", "Leren", "3 oktober 2026"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        for none in ["<script", "http://", "https://", "<b>"] {
            assert!(!page.contains(none), "{none}");
        }
    }

    async fn pf_6_the_newest_by_its_day_comes_first_and_it_says_with_whom_it_is_shared_and_until_when(world: World) {
        let (first, second) = (entry(&world, "private").await, entry(&world, "private").await);
        let older = world.patch(&second, json!({ "title": "Van de zomer", "occurredOn": "2026-06-01" })).by("student");
        older.header("If-Match", "*").send().await.ok();
        let until = domain::kernel::time::date_at(world.now() + chrono::TimeDelta::days(3));
        for share in [
            json!({ "role": "guardian", "until": until }),
            json!({ "personId": world.college.person("teacher") }),
            json!({ "teamId": world.college.team }),
        ] {
            world.post(&format!("{first}/shares"), share).by("student").send().await.created();
        }
        let files = unpacked(&world.get(&path(&world)).by("student").send().await.bytes);
        let title = |name: &str| serde_json::from_slice::<Value>(&files[name]).expect("JSON")["title"].clone();
        assert_eq!((title("items/0001.json"), title("items/0002.json")), (json!("Mijn eerste <b>lasnaad</b>"), json!("Van de zomer")));
        let page = String::from_utf8(files["index.html"].clone()).expect("text");
        for shown in ["gedeeld met ", "mijn ouders of verzorgers (tot en met ", "Test Teacher", "team "] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert!(lwps(&files).is_empty());
    }

    async fn pf_6_nobody_takes_along_what_is_not_theirs(world: World) {
        entry(&world, "coach").await;
        for who in ["coach", "teacher", "teamLeader", "otherStudent", "administrator", "privacyOfficer", "dashboard"] {
            world.get(&path(&world)).by(who).send().await.with(404);
        }
        world.get(&path(&world)).send().await.with(401);
        let head = world.ask("HEAD", &path(&world)).by("student").send().await;
        assert_eq!((head.status, head.bytes.len()), (200, 0));
    }

    async fn pf_6_an_archive_of_many_entries_is_whole_and_one_of_none_says_so(world: World) {
        enrolled(&world).await;
        let empty = unpacked(&world.get(&path(&world)).by("student").send().await.bytes);
        assert!(String::from_utf8_lossy(&empty["index.html"]).contains("Er staat nog niets in."));
        for _ in 0..25 {
            entry(&world, "private").await;
        }
        let files = unpacked(&world.get(&path(&world)).by("student").send().await.bytes);
        assert_eq!(files.keys().filter(|name| name.starts_with("items/")).count(), 25);
        assert!(String::from_utf8_lossy(&files["index.html"]).contains("25 items"));
    }

    async fn pf_6_a_file_that_was_lost_does_not_keep_the_rest(world: World) {
        let entry = entry(&world, "private").await;
        add(&world, &entry, "a.txt", b"een").await;
        std::fs::remove_dir_all(world.files().join("evidence")).expect("lost");
        let files = unpacked(&world.get(&path(&world)).by("student").send().await.bytes);
        let item: Value = serde_json::from_slice(files.iter().find(|(name, _)| name.starts_with("items/")).expect("an item").1).expect("JSON");
        assert_eq!(item["files"][0]["path"], Value::Null);
        assert!(String::from_utf8_lossy(&files["index.html"]).contains("niet te vinden"));
    }
}
