//! The sheet of a conversation (CV-1), over the wire.

use serde_json::json;

use super::{CONVERSATIONS, made, prepare, talk};
use crate::both;
use crate::enrolment::placed;

both! {
    async fn cv_1_each_who_takes_part_prints_a_sheet_of_their_own_and_nobody_elses_preparation_moves_it(world: World) {
        placed(&world, "student", "coach").await;
        let id = made(&world, talk(&world, &["teacher"], 3), "coach").await;
        let path = format!("{CONVERSATIONS}/{id}/sheet.pdf?language=nl");
        let print = async |by: &str| {
            let said = world.get(&path).by(by).send().await;
            assert_eq!((said.status, said.header("content-type")), (200, Some("application/pdf".to_owned())), "{by}");
            said.header("etag").unwrap()
        };
        let (student, coach, teacher) = (print("student").await, print("coach").await, print("teacher").await);
        assert_eq!(print("student").await, student, "the same conversation gives the same bytes");
        prepare(&world, &id, "student", "Ik twijfel 🤔").await;
        let own = print("student").await;
        assert_ne!(own, student);
        assert_eq!((print("coach").await, print("teacher").await), (coach, teacher));
        let unchanged = world.get(&path).by("student").header("If-None-Match", &own).send().await;
        assert_eq!(unchanged.status, 304);
        world.decide(CONVERSATIONS, &id, "cancel", json!({"reason": "Ziek."})).by("coach").send().await.ok();
        print("student").await;
        for who in ["otherCoach", "teamLeader", "administrator"] {
            assert_eq!(world.get(&path).by(who).send().await.problem(404), "request.not-found", "{who}");
        }
    }
}
