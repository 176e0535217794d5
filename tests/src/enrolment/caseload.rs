//! Whom a coach has, and who asks for attention (EN-6).

use serde_json::{Value, json};

use super::{decided, motivation, placed};
use crate::both;

fn names(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["student"]["familyName"].as_str().unwrap().to_owned()).collect()
}

both! {
    async fn en_6_in_a_caseload_those_come_first_who_ask_for_attention(world: World) {
        let calm = placed(&world, "guardian", "coach").await;
        let motivated = placed(&world, "student", "coach").await;
        let switching = placed(&world, "prospect", "coach").await;
        placed(&world, "nobody", "coach").await;
        placed(&world, "otherStudent", "secondCoach").await;
        decided(&world, &motivated, "student", "stateMotivation", motivation()).await;
        let facts = json!({ "landscapeId": world.college.other_landscape, "motivation": "Techniek." });
        decided(&world, &switching, "coach", "requestSwitch", facts).await;
        let path = format!("/coaches/{}/caseload", world.college.person("coach"));
        let page = world.get(&path).by("coach").send().await.ok();
        assert_eq!(names(&page), ["Prospect", "Student", "Guardian", "Nobody"]);
        let asks: Vec<_> = page["items"].as_array().unwrap().iter().map(|item| item["asksFor"].clone()).collect();
        assert_eq!(asks, [json!(["switch"]), json!(["confirmation"]), json!([]), json!([])]);
        assert_eq!(page["items"][2]["enrolmentId"], json!(calm));
        let mut paged = Vec::new();
        let mut next = format!("{path}?limit=1");
        loop {
            let page = world.get(&next).by("coach").send().await.ok();
            paged.extend(names(&page));
            let Some(cursor) = page["nextCursor"].as_str() else { break };
            next = format!("{path}?limit=1&cursor={cursor}");
        }
        assert_eq!(paged, names(&page));
    }

    async fn en_6_a_caseload_is_for_the_coach_and_the_team_leader_of_these_students(world: World) {
        placed(&world, "student", "coach").await;
        let path = format!("/coaches/{}/caseload", world.college.person("coach"));
        assert_eq!(names(&world.get(&path).by("teamLeader").send().await.ok()), ["Student"]);
        for stranger in ["secondCoach", "teacher", "otherTeamLeader", "landscapeManager", "director", "administrator", "student"] {
            assert_eq!(world.get(&path).by(stranger).send().await.problem(404), "request.not-found", "{stranger}");
        }
        let own = format!("/coaches/{}/caseload", world.college.person("secondCoach"));
        assert_eq!(world.get(&own).by("secondCoach").send().await.ok()["items"], json!([]));
        assert_eq!(world.get(&own).by("teamLeader").send().await.problem(404), "request.not-found");
        let student = format!("/coaches/{}/caseload", world.college.person("student"));
        assert_eq!(world.get(&student).by("student").send().await.problem(404), "request.not-found");
    }
}
