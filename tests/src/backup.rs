//! A copy is made while the college works, and is one moment of it (AL-4).

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::rt;
use persistence::backup::{self, BackupTrouble};
use persistence::{Database, Location, migrations};
use serde_json::json;

use crate::both;
use crate::harness::texts;

/// How many landscapes there are, and how many events tell of one that was founded.
fn counted(location: &Location) -> [usize; 2] {
    let sql = "SELECT CAST(count(*) AS text) AS row FROM landscapes WHERE name LIKE 'Landschap %'
               UNION ALL SELECT CAST(count(*) AS text) FROM events WHERE subject = 'landscape' AND what = 'founded'";
    let counts: Vec<usize> = texts(location, sql).iter().map(|count| count.parse().expect("a number")).collect();
    counts.try_into().expect("two counts")
}

both! {
    async fn a_copy_made_while_landscapes_are_founded_has_all_that_was_acknowledged_and_nothing_half(world: World) {
        let founded = AtomicUsize::new(0);
        let found = async {
            for number in 0..60 {
                let body = json!({ "name": format!("Landschap {number}") });
                world.post("/landscapes", body).by("administrator").send().await.created();
                founded.fetch_add(1, Ordering::SeqCst);
            }
        };
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("copy");
        let write = async {
            while founded.load(Ordering::SeqCst) < 10 {
                rt::time::sleep(std::time::Duration::from_millis(1)).await;
            }
            let before = founded.load(Ordering::SeqCst);
            let (location, to) = (world.location.clone(), copy.clone());
            rt::task::spawn_blocking(move || backup::write(&location, &to)).await.expect("a thread").expect("a copy");
            before
        };
        let ((), before) = futures_util::future::join(found, write).await;

        let another = world.another_database();
        backup::restore(&another, &copy, false).expect("put in place");
        let [landscapes, events] = counted(&another);
        assert!((before..=60).contains(&landscapes), "{before} were acknowledged before, {landscapes} are in the copy");
        assert_eq!(landscapes, events, "each landscape with its event");
        assert!(migrations::run(&another).expect("migrations").is_empty(), "as far as the college itself");
        assert_eq!(counted(&world.location), [60, 60], "the college went on");
    }

    async fn a_copy_overwrites_a_college_only_when_it_is_asked_to(world: World) {
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("copy");
        backup::write(&world.location, &copy).expect("a copy");
        assert!(matches!(backup::write(&world.location, &copy), Err(BackupTrouble::FileThere(_))));

        let another = world.another_database();
        backup::restore(&another, &copy, false).expect("put in place");
        assert!(matches!(backup::restore(&another, &copy, false), Err(BackupTrouble::DatabaseThere)));
        world.post("/landscapes", json!({ "name": "Landschap 1" })).by("administrator").send().await.created();
        let later = folder.path().join("later");
        backup::write(&world.location, &later).expect("a copy");
        backup::restore(&another, &later, true).expect("put in place");
        assert_eq!(counted(&another), [1, 1]);
    }

    async fn a_cursor_goes_on_in_a_copy_that_was_put_in_place(world: World) {
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("copy");
        backup::write(&world.location, &copy).expect("a copy");
        let another = world.another_database();
        backup::restore(&another, &copy, false).expect("put in place");
        let key = |location: &Location| Database::open(location).expect("the database opens").cursor_key().to_owned();
        assert_eq!(key(&another), key(&world.location));
        assert_eq!(key(&world.location).len(), 64);
    }

    async fn what_is_no_copy_is_not_put_in_place(world: World) {
        let folder = tempfile::tempdir().expect("a folder");
        let text = folder.path().join("text");
        std::fs::write(&text, "no copy at all").expect("a file");
        let another = world.another_database();
        assert!(backup::restore(&another, &text, false).is_err());
    }
}
