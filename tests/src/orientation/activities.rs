//! What a landscape offers to who looks round (IN-1).

use chrono::TimeDelta;
use serde_json::json;

use super::{offer, prospect, register, shadow_day, text, with};
use crate::both;

both! {
    async fn in_1_everyone_sees_the_activities_in_order_and_of_a_kind_place_or_time(world: World) {
        let later = world.now() + TimeDelta::days(30);
        let talk = json!({"kind": "infoshopConversation", "startsAt": later, "endsAt": later + TimeDelta::hours(1)});
        let talk = offer(&world, with(shadow_day(&world, 5), talk)).await;
        let day = offer(&world, shadow_day(&world, 12)).await;
        let there = json!({"landscapeId": world.college.other_landscape});
        let there = world.post("/orientation-activities", with(shadow_day(&world, 3), there)).by("otherScout").send().await.created();
        let listed = async |query: String| {
            let page = world.get(&format!("/orientation-activities{query}")).send().await.ok();
            page["items"].as_array().unwrap().iter().map(|item| text(&item["id"])).collect::<Vec<_>>()
        };
        assert_eq!(listed(String::new()).await, [day.clone(), text(&there["id"]), talk.clone()]);
        assert_eq!(listed("?kind=infoshopConversation".into()).await, [talk.clone()]);
        assert_eq!(listed(format!("?landscapeId={}", world.college.other_landscape)).await, [text(&there["id"])]);
        assert_eq!(listed(format!("?from={}", (later - TimeDelta::days(1)).date_naive())).await, [talk.clone()]);
        let first = world.get("/orientation-activities?limit=2").send().await.ok();
        let cursor = text(&first["nextCursor"]);
        assert_eq!(listed(format!("?limit=2&cursor={cursor}")).await, [talk]);
        let detail = world.get(&format!("/orientation-activities/{day}")).send().await.ok();
        assert_eq!((detail["placesLeft"].as_i64(), detail["capacity"].as_i64()), (Some(12), Some(12)));
        let unknown = world.get(&format!("/orientation-activities/{}", world.college.team)).send().await;
        assert_eq!(unknown.problem(404), "request.not-found");
    }

    async fn in_1_scout_and_manager_offer_activities_for_their_own_landscape_alone(world: World) {
        let new = shadow_day(&world, 8);
        assert_eq!(world.post("/orientation-activities", new.clone()).send().await.problem(401), "access.token-missing");
        for subject in ["coach", "otherScout", "otherLandscapeManager", "administrator", "nobody"] {
            assert_eq!(world.post("/orientation-activities", new.clone()).by(subject).send().await.problem(403), "request.forbidden", "{subject}");
        }
        world.post("/orientation-activities", new.clone()).by("landscapeManager").send().await.created();
        world.post("/orientation-activities", new).by("scout").send().await.created();
        assert_eq!(world.rows("SELECT what AS row FROM events"), ["offered", "offered"]);
    }

    async fn in_1_a_buddy_placement_names_a_buddy_who_is_enrolled_and_a_field(world: World) {
        let student = world.college.person("student");
        let placement = with(shadow_day(&world, 1), json!({"kind": "buddyPlacement", "buddyId": student, "field": "Kraamzorg"}));
        let said = world.post("/orientation-activities", placement.clone()).by("scout").send().await;
        assert_eq!(said.faults(), [("/buddyId".to_owned(), "request.unknown-reference".to_owned())]);
        world.sql(&format!(
            "INSERT INTO students (id, sort_name, landscape_id, team_id, active, version, created_at) VALUES (<{student}>, 'x', <{}>, <{}>, TRUE, 1, <now>)",
            world.college.landscape, world.college.team
        )).unwrap();
        let id = offer(&world, placement).await;
        let path = format!("/orientation-activities/{id}");
        assert_eq!(world.get(&path).by("scout").send().await.ok()["buddyId"], student);
        let seen = world.get(&path).send().await.ok();
        assert!(seen["buddyId"].is_null(), "who the buddy is concerns nobody who looks round");
        assert_eq!(seen["field"], "Kraamzorg");
    }

    async fn everything_that_is_wrong_with_an_activity_is_told_at_once(world: World) {
        let wrong = json!({"endsAt": world.now(), "field": "Kraamzorg", "landscapeId": world.college.team});
        let faults = world.post("/orientation-activities", with(shadow_day(&world, 8), wrong)).by("scout").send().await.faults();
        let expected = [
            ("/landscapeId", "request.unknown-reference"), ("/endsAt", "orientation.ends-before-start"),
            ("/field", "orientation.buddy-unwanted"),
        ];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        let wrong = json!({"capacity": 0, "kind": "party", "startsAt": "tomorrow", "title": " "});
        let faults = world.post("/orientation-activities", with(shadow_day(&world, 8), wrong)).by("scout").send().await.faults();
        let pointers: Vec<_> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers, ["/capacity", "/kind", "/startsAt", "/title"], "{faults:?}");
    }

    async fn in_1_an_activity_begins_today_or_later(world: World) {
        let past = json!({"startsAt": "1000-01-01T09:00:00Z", "endsAt": world.now()});
        let faults = world.post("/orientation-activities", with(shadow_day(&world, 8), past)).by("scout").send().await.faults();
        assert_eq!(faults, [("/startsAt".to_owned(), "orientation.in-the-past".to_owned())]);
    }

    async fn in_1_more_room_promotes_who_waits_and_less_than_is_taken_is_refused(world: World) {
        let id = offer(&world, shadow_day(&world, 1)).await;
        for name in ["Eerste", "Tweede", "Derde"] {
            register(&world, &id, name).await;
        }
        let path = format!("/orientation-activities/{id}");
        let seen = world.get(&path).by("scout").send().await;
        assert_eq!(world.patch(&path, json!({"capacity": 2})).by("otherScout").if_match(&seen).send().await.problem(403), "request.forbidden");
        for same in [json!({}), json!({"capacity": 1, "description": null})] {
            assert_eq!(world.patch(&path, same).by("scout").if_match(&seen).send().await.ok()["version"], 1, "nothing changed");
        }
        let wider = world.patch(&path, json!({"capacity": 2, "description": "Neem gymschoenen mee."})).by("scout").if_match(&seen).send().await.ok();
        assert_eq!((wider["capacity"].as_i64(), wider["placesLeft"].as_i64(), wider["version"].as_i64()), (Some(2), Some(0), Some(2)));
        let line = world.get(&format!("{path}/registrations")).by("scout").send().await.ok();
        let states: Vec<_> = line["items"].as_array().unwrap().iter().map(|item| text(&item["state"])).collect();
        assert_eq!(states, ["registered", "registered", "waitlisted"]);
        let faults = world.patch(&path, json!({"capacity": 1, "kind": "infoshopConversation"})).by("scout").header("If-Match", "*").send().await.faults_of(409);
        let expected = [("/kind", "orientation.activity-fixed"), ("/capacity", "orientation.capacity-below-taken")];
        assert_eq!(faults, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        assert_eq!(world.patch(&path, json!({"capacity": 3})).by("scout").if_match(&seen).send().await.problem(412), "request.stale");
    }

    async fn a_prospect_is_told_everything_that_is_wrong_at_once(world: World) {
        let id = offer(&world, shadow_day(&world, 2)).await;
        let path = format!("/orientation-activities/{id}/registrations");
        let wrong = json!({"birthDate": "soon", "email": "sem", "givenName": "\u{0}", "shoeSize": 44});
        let faults = world.post(&path, with(prospect("Sem"), wrong)).send().await.faults();
        let mut pointers: Vec<_> = faults.into_iter().map(|(pointer, _)| pointer).collect();
        pointers.dedup();
        assert_eq!(pointers, ["/birthDate", "/email", "/givenName", "/shoeSize"]);
        let unborn = world.post(&path, with(prospect("Sem"), json!({"birthDate": "2031-01-01"}))).send().await.faults();
        assert_eq!(unborn, [("/birthDate".to_owned(), "orientation.birth-date-implausible".to_owned())]);
        assert_eq!(world.rows("SELECT what AS row FROM events"), ["offered"], "nothing half");
    }
}
