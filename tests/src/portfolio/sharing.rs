//! With whom a student shares, until when; and what stops at once (PF-2).

use chrono::TimeDelta;
use serde_json::json;

use super::{kept, portfolio, reflection, seers, sees, shared};
use crate::both;
use crate::enrolment::{handovers::proposed, placed};

both! {
    async fn pf_2_an_entry_is_seen_by_the_owner_by_the_coach_where_it_is_open_to_the_coach_and_by_whom_it_is_shared_with(world: World) {
        placed(&world, "student", "coach").await;
        placed(&world, "otherStudent", "secondCoach").await;
        let person = |who: &str| world.college.person(who).to_owned();
        let private = kept(&world, reflection("private")).await;
        assert_eq!(seers(&world, &private).await, ["student"]);
        let coach = kept(&world, reflection("coach")).await;
        assert_eq!(seers(&world, &coach).await, ["student", "coach"]);
        for (share, who) in [
            (json!({ "personId": person("teacher") }), "teacher"),
            (json!({ "personId": person("otherStudent") }), "otherStudent"),
            (json!({ "personId": person("secondCoach") }), "secondCoach"),
            (json!({ "role": "teamLeader" }), "teamLeader"),
            (json!({ "role": "coach" }), "coach"),
            (json!({ "role": "teacher", "mayComment": true }), "teacher"),
        ] {
            let entry = kept(&world, reflection("private")).await;
            let share = shared(&world, &entry, share).await;
            assert_eq!(world.get(&entry).by("student").send().await.ok()["visibility"], "shared");
            let mut expected = vec!["student", who];
            assert_eq!(seers(&world, &entry).await, expected, "{who}");
            assert_eq!(world.delete(&share).by("student").header("If-Match", "\"1\"").send().await.status, 204);
            expected.pop();
            assert_eq!(seers(&world, &entry).await, expected, "{who} no more");
        }
        let entry = kept(&world, reflection("private")).await;
        shared(&world, &entry, json!({ "teamId": world.college.team })).await;
        assert_eq!(seers(&world, &entry).await, ["student", "teacher", "teamLeader"], "who holds a role in the team");
    }

    async fn pf_2_a_share_stops_at_its_time_and_when_the_entry_becomes_private(world: World) {
        placed(&world, "student", "coach").await;
        let entry = kept(&world, reflection("coach")).await;
        let until = world.now() + TimeDelta::hours(2);
        shared(&world, &entry, json!({ "role": "teacher", "until": until })).await;
        shared(&world, &entry, json!({ "role": "teamLeader", "until": world.now().date_naive() + TimeDelta::days(1) })).await;
        assert_eq!(seers(&world, &entry).await, ["student", "coach", "teacher", "teamLeader"]);
        world.wait(TimeDelta::hours(2));
        assert_eq!(seers(&world, &entry).await, ["student", "coach", "teamLeader"]);
        let shares = world.get(&format!("{entry}/shares?count=true")).by("student").send().await.ok();
        let holds: Vec<_> = shares["items"].as_array().unwrap().iter().map(|one| (one["role"].clone(), one["holds"].clone())).collect();
        assert_eq!((holds.len(), &shares["total"]), (2, &json!(2)));
        assert!(holds.contains(&(json!("teacher"), json!(false))) && holds.contains(&(json!("teamLeader"), json!(true))), "{holds:?}");
        let private = world.patch(&entry, json!({ "visibility": "private" })).by("student").header("If-Match", "*").send().await.ok();
        assert_eq!(private["visibility"], "private");
        assert_eq!(seers(&world, &entry).await, ["student"]);
        let again = world.patch(&entry, json!({ "visibility": "shared" })).by("student").header("If-Match", "*").send().await.ok();
        assert_eq!(again["visibility"], "shared");
        assert_eq!(seers(&world, &entry).await, ["student"], "what was ended does not come back");
        assert_eq!(world.get(&format!("{entry}/shares")).by("student").send().await.ok()["items"], json!([]));
    }

    async fn pf_2_from_the_instant_of_a_handover_the_coach_before_sees_nothing(world: World) {
        placed(&world, "student", "coach").await;
        let entry = kept(&world, reflection("coach")).await;
        let by_role = kept(&world, reflection("private")).await;
        shared(&world, &by_role, json!({ "role": "coach", "mayComment": true })).await;
        let handover = proposed(&world).await;
        for one in [&entry, &by_role] {
            assert_eq!(seers(&world, one).await, ["student", "coach"], "who is asked sees the proposal alone");
        }
        let comments = format!("{entry}/comments");
        world.post(&comments, json!({ "text": "Goed bezig." })).by("coach").send().await.created();
        world.decide("/handovers", &handover, "accept", json!({})).by("secondCoach").send().await.ok();
        for one in [&entry, &by_role] {
            assert_eq!(seers(&world, one).await, ["student", "secondCoach"]);
        }
        assert_eq!(world.post(&comments, json!({ "text": "Nog iets." })).by("coach").send().await.problem(404), "request.not-found");
        let said = world.get(&comments).by("secondCoach").send().await.ok();
        assert_eq!(said["items"][0]["author"]["familyName"], "Coach", "what was said stays");
    }

    async fn pf_2_a_teacher_who_leaves_the_team_and_a_student_who_moves_take_nothing_with_them(world: World) {
        placed(&world, "student", "coach").await;
        let (by_role, by_team) = (kept(&world, reflection("coach")).await, kept(&world, reflection("coach")).await);
        shared(&world, &by_role, json!({ "role": "teacher" })).await;
        shared(&world, &by_team, json!({ "teamId": world.college.team })).await;
        assert!(sees(&world, &by_role, "teacher").await && sees(&world, &by_team, "teacher").await);
        let end = format!("UPDATE roles SET until_at = <long ago> WHERE person_id = <{}>", world.college.person("teacher"));
        world.sql(&end).expect("the role ends");
        assert!(!sees(&world, &by_role, "teacher").await && !sees(&world, &by_team, "teacher").await);
    }

    async fn comments_are_for_who_may_and_read_by_who_reads_the_entry(world: World) {
        placed(&world, "student", "coach").await;
        let entry = kept(&world, reflection("coach")).await;
        let comments = format!("{entry}/comments");
        shared(&world, &entry, json!({ "personId": world.college.person("teacher") })).await;
        shared(&world, &entry, json!({ "role": "teamLeader", "mayComment": true })).await;
        for (who, status) in [("student", 201), ("coach", 201), ("teacher", 403), ("teamLeader", 201), ("secondCoach", 404), ("administrator", 404)] {
            let said = world.post(&comments, json!({ "text": format!("Van {who}.") })).by(who).send().await;
            assert_eq!(said.status, status, "{who}: {}", said.text);
        }
        for who in ["student", "coach", "teacher", "teamLeader"] {
            let read = world.get(&comments).by(who).send().await.ok();
            let texts: Vec<_> = read["items"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect();
            assert_eq!(texts, ["Van student.", "Van coach.", "Van teamLeader."], "{who}");
            let may = world.get(&entry).by(who).send().await.ok()["mayComment"].clone();
            assert_eq!(may, json!(who != "teacher"), "{who}");
        }
        // Sharing anew with the same takes the place of what was.
        shared(&world, &entry, json!({ "personId": world.college.person("teacher"), "mayComment": true })).await;
        world.post(&comments, json!({ "text": "Nu wel." })).by("teacher").send().await.created();
        let shares = world.get(&format!("{entry}/shares")).by("student").send().await.ok();
        assert_eq!(shares["items"].as_array().unwrap().len(), 2);
    }

    async fn a_comment_is_withdrawn_by_who_wrote_it_and_by_the_owner_of_the_entry(world: World) {
        placed(&world, "student", "coach").await;
        let entry = kept(&world, reflection("coach")).await;
        shared(&world, &entry, json!({ "role": "teacher", "mayComment": true })).await;
        let mut said = Vec::new();
        for who in ["coach", "teacher", "student"] {
            let one = world.post(&format!("{entry}/comments"), json!({ "text": format!("Van {who}.") })).by(who).send().await.created();
            said.push(format!("{entry}/comments/{}", one["id"].as_str().unwrap()));
        }
        let elsewhere = format!("{}/comments/{}", kept(&world, reflection("coach")).await, said[0].rsplit('/').next().unwrap());
        assert_eq!(world.delete(&elsewhere).by("student").send().await.status, 404);
        for (one, who, status) in [(0, "teacher", 403), (0, "coach", 204), (0, "coach", 404), (1, "student", 204), (2, "coach", 403)] {
            assert_eq!(world.delete(&said[one]).by(who).send().await.status, status, "{one} by {who}");
        }
        let left = world.get(&format!("{entry}/comments?count=true")).by("teacher").send().await.ok();
        assert_eq!((&left["items"][0]["text"], &left["total"]), (&json!("Van student."), &json!(1)));
        let told = world.rows("SELECT what AS row FROM events WHERE what LIKE 'comment%' ORDER BY position");
        assert_eq!(told[told.len() - 2..], ["commentWithdrawn", "commentWithdrawn"]);
    }

    async fn pf_2_a_share_with_a_person_ends_for_who_has_nothing_to_do_with_the_college_or_the_student_any_more(world: World) {
        placed(&world, "student", "coach").await;
        let entry = kept(&world, reflection("coach")).await;
        let placement = crate::placements::placement(&world, 30).await;
        let people = ["teacher", "workplaceTrainer"];
        for who in people {
            shared(&world, &entry, json!({ "personId": world.college.person(who) })).await;
        }
        assert_eq!(seers(&world, &entry).await, ["student", "coach", "teacher", "workplaceTrainer"]);
        let end = |who: &str, role: &str| {
            format!("UPDATE roles SET until_at = <long ago> WHERE person_id = <{}> AND role = '{role}'", world.college.person(who))
        };
        world.sql(&end("teacher", "teacher")).expect("the role ends");
        let ended = json!({ "reason": "Het bedrijf sluit." });
        world.decide("/placements", placement.as_str(), "end", ended).by("coach").send().await.ok();
        assert_eq!(seers(&world, &entry).await, ["student", "coach"]);
        let shares = world.get(&format!("{entry}/shares")).by("student").send().await.ok();
        let holds: Vec<_> = shares["items"].as_array().unwrap().iter().map(|share| share["holds"].clone()).collect();
        assert_eq!(holds, [json!(false), json!(false)]);
    }

    async fn pf_2_one_shares_with_one_who_has_to_do_with_it_and_every_fault_is_named(world: World) {
        placed(&world, "student", "coach").await;
        let entry = kept(&world, reflection("coach")).await;
        let shares = format!("{entry}/shares");
        let person = |who: &str| world.college.person(who).to_owned();
        for (share, faults) in [
            (json!({}), vec![("", "portfolio.share-with-one")]),
            (json!({ "role": "teacher", "teamId": world.college.team }), vec![("", "portfolio.share-with-one")]),
            (json!({ "personId": person("student") }), vec![("/personId", "portfolio.share-with-oneself")]),
            (json!({ "personId": person("nobody") }), vec![("/personId", "portfolio.no-relation")]),
            (json!({ "personId": uuid::Uuid::now_v7() }), vec![("/personId", "portfolio.no-relation")]),
            (json!({ "personId": person("otherTeacher") }), vec![("/personId", "portfolio.no-relation")]),
            (json!({ "teamId": world.college.other_team }), vec![("/teamId", "portfolio.no-relation")]),
            (json!({ "teamId": uuid::Uuid::now_v7() }), vec![("/teamId", "request.unknown-reference")]),
            (json!({ "role": "teacher", "until": "2020-01-01" }), vec![("/until", "portfolio.until-past")]),
            (
                json!({ "personId": person("nobody"), "role": "teacher", "until": "2026-02-31" }),
                vec![("", "portfolio.share-with-one"), ("/until", "portfolio.until-unclear"), ("/personId", "portfolio.no-relation")],
            ),
        ] {
            let found = world.post(&shares, share.clone()).by("student").send().await.faults();
            let expected: Vec<_> = faults.into_iter().map(|(pointer, code)| (pointer.to_owned(), code.to_owned())).collect();
            assert_eq!(found, expected, "{share}");
        }
        assert_eq!(world.get(&shares).by("student").send().await.ok()["items"], json!([]));
        assert_eq!(world.post(&shares, json!({ "role": "teacher" })).by("coach").send().await.problem(403), "request.forbidden");
        assert_eq!(world.get(&shares).by("coach").send().await.problem(404), "request.not-found");
        let end = world.delete(&format!("{shares}/{}", uuid::Uuid::new_v4())).by("student").header("If-Match", "*").send().await;
        assert_eq!(end.problem(404), "request.not-found");
    }

    async fn a_classmate_with_whom_one_entry_is_shared_sees_that_one_and_no_more_of_the_student(world: World) {
        placed(&world, "student", "coach").await;
        placed(&world, "otherStudent", "secondCoach").await;
        let one = kept(&world, reflection("private")).await;
        kept(&world, reflection("private")).await;
        assert_eq!(world.get(&portfolio(&world)).by("otherStudent").send().await.problem(404), "request.not-found");
        let share = shared(&world, &one, json!({ "personId": world.college.person("otherStudent") })).await;
        let list = world.get(&format!("{}?count=true", portfolio(&world))).by("otherStudent").send().await.ok();
        assert_eq!((list["items"].as_array().unwrap().len(), &list["total"]), (1, &json!(1)));
        let card = format!("/students/{}", world.college.person("student"));
        assert_eq!(world.get(&card).by("otherStudent").send().await.problem(404), "request.not-found");
        world.delete(&share).by("student").header("If-Match", "*").send().await;
        let none = world.get(&portfolio(&world)).by("otherStudent").send().await;
        let unknown = world.get(&format!("/students/{}/portfolio-entries", uuid::Uuid::now_v7())).by("otherStudent").send().await;
        assert_eq!(none.problem(404), unknown.problem(404));
    }
}
