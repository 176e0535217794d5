//! What is kept and never told of, and what happens while the store is away.

use api::files::sweeping::{Looking, sweep};
use chrono::TimeDelta;

use super::{add, entry, kept, path, put};
use crate::both;

both! {
    async fn pf_4_a_file_that_was_kept_before_anyone_was_told_is_seen_by_nobody_and_taken_away_after_a_day(world: World) {
        let entry = entry(&world, "private").await;
        let told = add(&world, &entry, "a.txt", b"verteld").await;
        // As if the process had been killed between the file and its row.
        let file = world.files().join("evidence");
        let group = std::fs::read_dir(&file).expect("groups").next().expect("a group").expect("a group").path();
        let untold = uuid::Uuid::now_v7().to_string();
        std::fs::write(group.join(&untold), "nooit verteld").expect("a file");
        world.get(&format!("/evidence/{untold}")).by("student").send().await.with(404);
        assert_eq!(sweep(&world.service, Looking::Everywhere).await.expect("swept"), 0, "its row may still come");
        world.wait(TimeDelta::hours(25));
        assert_eq!(sweep(&world.service, Looking::Lately).await.expect("swept"), 1);
        assert_eq!(kept(&world), 1);
        assert_eq!(world.get(&path(&told)).by("student").send().await.bytes, b"verteld");
    }

    async fn pf_4_what_was_withdrawn_is_taken_away_after_a_day(world: World) {
        let entry = entry(&world, "private").await;
        let (first, _) = (add(&world, &entry, "a.txt", b"een").await, add(&world, &entry, "b.txt", b"twee").await);
        world.delete(&path(&first)).by("student").header("If-Match", "*").send().await.with(204);
        world.wait(TimeDelta::hours(25));
        assert_eq!(sweep(&world.service, Looking::Everywhere).await.expect("swept"), 1);
        world.delete(&entry).by("student").header("If-Match", "*").send().await.with(204);
        assert_eq!(sweep(&world.service, Looking::Everywhere).await.expect("swept"), 1);
        assert_eq!(kept(&world), 0);
    }

    async fn pf_4_while_files_cannot_be_kept_nothing_is_told_and_the_rest_goes_on(world: World) {
        let entry = entry(&world, "private").await;
        let told = add(&world, &entry, "a.txt", b"verteld").await;
        let away = world.files().with_file_name("elders");
        std::fs::rename(world.files(), &away).expect("moved");
        let put = || put(&world, &entry, "b.txt", b"nog een", &[]).by("student").header("Idempotency-Key", "k-2").send();
        let refused = put().await;
        assert!(refused.header("retry-after").is_some());
        assert_eq!(refused.problem(503), "service.busy");
        assert_eq!(world.get(&path(&told)).by("student").send().await.problem(503), "service.busy");
        assert_eq!(super::files_of(&world, &entry).await, 1);
        std::fs::rename(&away, world.files()).expect("moved back");
        assert_eq!(world.get(&path(&told)).by("student").send().await.bytes, b"verteld");
        put().await.created();
    }
}
