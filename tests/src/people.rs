//! People: a directory of the staff for everyone, and everyone for the administrator.

use serde_json::{Value, json};

use crate::both;
use crate::harness::World;

/// The family names of a page.
fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|one| one["familyName"].as_str().unwrap()).collect()
}

/// The path of the administrator's role that someone has now.
async fn role_of(world: &World, subject: &str) -> String {
    let path = format!("/people/{}/roles", world.college.person(subject));
    let page = world.get(&path).by("teacher").send().await.ok();
    let held = page["items"].as_array().unwrap().iter().rfind(|held| held["role"] == "administrator").expect("such a role");
    format!("{path}/{}", held["id"].as_str().unwrap())
}

both! {
    async fn whoever_has_an_account_finds_the_staff_and_nobody_else(world: World) {
        for who in ["student", "coach", "dashboard"] {
            let page = world.get("/people?q=test&limit=200").by(who).send().await.ok();
            let found = names(&page);
            assert!(found.contains(&"Coach") && found.contains(&"Director"), "{who}");
            for hidden in ["Student", "Guardian", "Prospect", "WorkplaceTrainer"] {
                assert!(!found.contains(&hidden), "{who} finds {hidden}");
            }
            assert!(page["items"].as_array().unwrap().iter().all(|one| one["birthDate"].is_null() && one["email"].is_null()));
        }
        let everyone = world.get("/people?limit=200").by("administrator").send().await.ok();
        assert!(names(&everyone).contains(&"Prospect") && names(&everyone).contains(&"WorkplaceTrainer"));
        assert_eq!(world.get("/people").send().await.problem(401), "access.token-missing");
    }

    async fn what_the_list_shows_is_what_can_be_read_one_by_one(world: World) {
        let student = format!("/people/{}", world.college.person("student"));
        let coach = format!("/people/{}", world.college.person("coach"));
        assert_eq!(world.get(&coach).by("student").send().await.ok()["roles"][0]["role"], "coach");
        assert_eq!(world.get(&student).by("coach").send().await.problem(404), "request.not-found");
        assert_eq!(world.get(&format!("{student}/roles")).by("coach").send().await.problem(404), "request.not-found");
        world.get(&student).by("administrator").send().await.ok();
    }

    async fn people_are_found_by_parts_of_the_name_role_and_unit(world: World) {
        let (landscape, team) = (world.college.landscape.clone(), world.college.team.clone());
        for (query, expected) in [
            ("q=COACH%20test".to_owned(), vec!["Coach", "OtherCoach", "SecondCoach"]),
            ("q=%25".to_owned(), vec![]),
            ("role=scout".to_owned(), vec!["OtherScout", "Scout"]),
            (format!("teamId={team}"), vec!["Teacher", "TeamLeader"]),
            (format!("landscapeId={landscape}&role=teacher"), vec!["Teacher"]),
            (format!("landscapeId={landscape}&q=coach"), vec!["Coach", "SecondCoach"]),
        ] {
            let page = world.get(&format!("/people?{query}")).by("student").send().await.ok();
            let mut found = names(&page);
            found.sort_unstable();
            let mut expected = expected;
            expected.sort_unstable();
            assert_eq!(found, expected, "{query}");
        }
        let mut all = Vec::new();
        let mut path = "/people?limit=3".to_owned();
        loop {
            let page = world.get(&path).by("student").send().await.ok();
            all.extend(names(&page).into_iter().map(str::to_owned));
            let Some(cursor) = page["nextCursor"].as_str() else { break };
            path = format!("/people?limit=3&cursor={cursor}");
        }
        let whole = world.get("/people?limit=200").by("student").send().await.ok();
        assert_eq!(all, names(&whole));
    }

    async fn an_administrator_enters_a_person_whose_account_is_theirs_alone(world: World) {
        let account = json!({ "issuer": "https://issuer.test/", "subject": "joris" });
        let new = json!({ "givenName": "Joris", "familyNamePrefix": "de", "familyName": "Groot", "account": account });
        assert_eq!(world.post("/people", new.clone()).by("coach").send().await.problem(403), "request.forbidden");
        let joris = world.post("/people", new.clone()).by("administrator").send().await.created();
        assert_eq!(world.get("/me").by("joris").send().await.ok()["person"]["id"], joris["id"]);
        assert_eq!(world.post("/people", new).by("administrator").send().await.problem(409), "organisation.account-taken");
        let path = format!("/people/{}", joris["id"].as_str().unwrap());
        let seen = world.get(&path).by("administrator").send().await;
        let patch = json!({ "familyNamePrefix": null, "email": "joris@voorbeeld.nl", "account": account });
        let changed = world.patch(&path, patch).by("administrator").if_match(&seen).send().await.ok();
        assert_eq!((changed["familyNamePrefix"].is_null(), changed["email"].as_str()), (true, Some("joris@voorbeeld.nl")));
        let future = world.patch(&path, json!({ "birthDate": "2190-01-01" })).by("administrator").header("If-Match", "*");
        assert_eq!(future.send().await.faults(), [("/birthDate".to_owned(), "organisation.born-in-future".to_owned())]);
        let other = format!("/people/{}", world.college.person("coach"));
        let refused = world.patch(&other, json!({ "givenName": "X" })).by("teamLeader").header("If-Match", "*").send().await;
        assert_eq!(refused.problem(403), "request.forbidden");
    }

    async fn a_role_counts_from_the_moment_it_is_given_until_the_moment_it_ends(world: World) {
        let path = format!("/people/{}/roles", world.college.person("nobody"));
        let new = json!({ "role": "scout", "landscapeId": world.college.landscape });
        assert_eq!(world.post(&path, new.clone()).by("coach").send().await.problem(404), "request.not-found");
        let own = format!("/people/{}/roles", world.college.person("coach"));
        assert_eq!(world.post(&own, new.clone()).by("coach").send().await.problem(403), "request.forbidden");
        let role = world.post(&path, new).by("administrator").send().await.created();
        let me = world.get("/me").by("nobody").send().await.ok();
        assert_eq!(me["roles"][0]["id"], role["id"]);
        assert_eq!(world.get(&path).by("student").send().await.ok()["items"][0]["role"], "scout");
        let one = format!("{path}/{}", role["id"].as_str().unwrap());
        assert_eq!(world.delete(&one).by("administrator").send().await.problem(428), "request.if-match-missing");
        assert_eq!(world.delete(&one).by("administrator").header("If-Match", "\"7\"").send().await.problem(412), "request.stale");
        for tag in ["\"zzz\"", "W/\"1\"", "\"7\", \"8\""] {
            let stale = world.delete(&one).by("administrator").header("If-Match", tag).send().await;
            assert_eq!(stale.problem(412), "request.stale", "{tag}");
        }
        let no_tag = world.delete(&one).by("administrator").header("If-Match", "zzz").send().await.faults();
        assert_eq!(no_tag, [("header:If-Match".to_owned(), "request.bad-if-match".to_owned())]);
        assert_eq!(world.delete(&one).by("teacher").header("If-Match", "*").send().await.problem(403), "request.forbidden");
        world.wait(chrono::TimeDelta::seconds(1));
        let ended = world.delete(&one).by("administrator").header("If-Match", "\"1\"").send().await;
        assert_eq!((ended.status, ended.text.as_str()), (204, ""));
        assert_eq!(world.get("/me").by("nobody").send().await.ok()["roles"], json!([]));
        let again = world.delete(&one).by("administrator").header("If-Match", "*").send().await;
        assert_eq!(again.problem(409), "organisation.role-ended");
        assert_eq!(world.get(&path).by("administrator").send().await.ok()["items"].as_array().unwrap().len(), 1);
        let whats = world.rows("SELECT what AS row FROM events WHERE subject = 'role' ORDER BY position");
        assert_eq!(whats, ["granted", "ended"]);
    }

    async fn a_college_is_never_without_an_administrator_who_stays_and_can_sign_in(world: World) {
        let roles = |who: &str| format!("/people/{}/roles", world.college.person(who));
        let first = role_of(&world, "administrator").await;
        let end = |role: String, by: &'static str| world.delete(&role).by(by).header("If-Match", "*");
        assert_eq!(end(first.clone(), "administrator").send().await.problem(409), "organisation.last-administrator");
        let today = domain::kernel::time::date_at(world.now());
        for not_enough in [
            json!({ "role": "administrator", "until": today + chrono::Days::new(30) }),
            json!({ "role": "administrator", "from": today + chrono::Days::new(2) }),
        ] {
            world.post(&roles("director"), not_enough).by("administrator").send().await.created();
            assert_eq!(end(first.clone(), "administrator").send().await.problem(409), "organisation.last-administrator");
        }
        let new = json!({ "givenName": "Zonder", "familyName": "Account" });
        let stranger = world.post("/people", new).by("administrator").send().await.created();
        let theirs = format!("/people/{}/roles", stranger["id"].as_str().unwrap());
        world.post(&theirs, json!({ "role": "administrator" })).by("administrator").send().await.created();
        assert_eq!(end(first.clone(), "administrator").send().await.problem(409), "organisation.last-administrator");
        assert_eq!(world.rows("SELECT what AS row FROM events WHERE subject = 'role' AND what = 'ended'").len(), 0);

        world.post(&roles("privacyOfficer"), json!({ "role": "administrator" })).by("administrator").send().await.created();
        assert_eq!(end(first, "administrator").send().await.status, 204);
        let second = role_of(&world, "privacyOfficer").await;
        assert_eq!(end(second, "privacyOfficer").send().await.problem(409), "organisation.last-administrator");
    }

    async fn of_two_administrators_who_end_one_another_or_themselves_at_once_one_stays(world: World) {
        for round in 0..6 {
            let (one, other) = ("administrator", "director");
            let path = format!("/people/{}/roles", world.college.person(other));
            world.post(&path, json!({ "role": "administrator" })).by(one).send().await.created();
            let mine = [role_of(&world, one).await, role_of(&world, other).await];
            let [of_one, of_other] = &mine;
            let (by_one, by_other) = if round % 2 == 0 { (of_other, of_one) } else { (of_one, of_other) };
            let end = |role: &str, by: &'static str| world.delete(role).by(by).header("If-Match", "*").send();
            let (first, second) = tokio::join!(end(by_one, one), end(by_other, other));
            let (done, refused) = if first.status == 204 { (first, second) } else { (second, first) };
            assert_eq!(done.status, 204, "round {round}: {}", done.text);
            // Who lost the role to the other before they asked is no administrator any more: 403.
            if refused.status != 403 || round % 2 == 1 {
                assert_eq!(refused.problem(409), "organisation.last-administrator", "round {round}");
            }
            let left = world.rows("SELECT role AS row FROM roles WHERE role = 'administrator' AND until_at IS NULL");
            assert_eq!(left.len(), 1, "round {round}");
            // The one who stays gives the first one the role back, and theirs goes if that is the other.
            if world.get("/imports").by(one).send().await.status != 200 {
                let back = format!("/people/{}/roles", world.college.person(one));
                world.post(&back, json!({ "role": "administrator" })).by(other).send().await.created();
                let theirs = role_of(&world, other).await;
                assert_eq!(end(&theirs, one).await.status, 204);
            }
        }
    }

    async fn a_role_is_held_for_the_unit_that_it_reaches_and_for_one_that_is_there(world: World) {
        let path = format!("/people/{}/roles", world.college.person("nobody"));
        let nowhere = "00000000-0000-7000-8000-000000000000";
        for (role, pointer, code) in [
            (json!({ "role": "teacher", "landscapeId": world.college.landscape }), "/teamId", "organisation.role-needs-team"),
            (json!({ "role": "coach" }), "/landscapeId", "organisation.role-needs-landscape"),
            (json!({ "role": "director", "teamId": world.college.team }), "/role", "organisation.role-needs-no-unit"),
            (json!({ "role": "coach", "landscapeId": nowhere }), "/landscapeId", "request.unknown-reference"),
            (json!({ "role": "teacher", "teamId": nowhere }), "/teamId", "request.unknown-reference"),
        ] {
            let faults = world.post(&path, role).by("administrator").send().await.faults();
            assert_eq!(faults, [(pointer.to_owned(), code.to_owned())]);
        }
    }

    async fn a_service_account_may_do_what_its_scopes_say_until_it_is_shut_out(world: World) {
        let account = json!({ "issuer": "https://issuer.test/", "subject": "rooster" });
        let new = json!({ "name": "Rooster", "scopes": ["organisation:read"], "account": account });
        assert_eq!(world.post("/service-accounts", new.clone()).by("director").send().await.problem(404), "request.not-found");
        assert_eq!(world.get("/service-accounts").by("coach").send().await.problem(404), "request.not-found");
        let made = world.post("/service-accounts", new).by("administrator").send().await;
        let path = format!("/service-accounts/{}", made.json()["id"].as_str().unwrap());
        world.get("/teams").by("rooster").send().await.ok();
        assert_eq!(world.get("/changes").by("rooster").send().await.problem(404), "request.not-found");
        let more = world.patch(&path, json!({ "scopes": ["changes:read"] })).by("administrator").if_match(&made).send().await;
        world.get("/changes").by("rooster").send().await.ok();
        let out = world.patch(&path, json!({ "active": false })).by("administrator").if_match(&more).send().await.ok();
        assert_eq!(out["active"], false);
        assert_eq!(world.get("/changes").by("rooster").send().await.problem(403), "access.no-account");
        let names = world.get("/service-accounts").by("administrator").send().await.ok();
        assert_eq!(names["items"].as_array().unwrap().len(), 3);
    }

    async fn a_name_that_nobody_can_see_a_field_told_twice_and_words_that_are_no_text_are_refused(world: World) {
        let names = |given: &str| format!(r#"{{"givenName": "{given}", "familyName": "Vos", "familyNamePrefix": null, "familyName": "Vos"}}"#);
        let twice = world.ask("POST", "/people").by("administrator").bytes("application/json", names("Anna"));
        assert_eq!(twice.send().await.faults(), [("/familyName".to_owned(), "request.member-twice".to_owned())]);
        for unseen in ["\u{200B}\u{200B}", " \u{FEFF}\u{2060}"] {
            let faults = world.post("/people", json!({ "givenName": unseen, "familyName": "Vos" })).by("administrator").send().await;
            assert!(faults.faults().contains(&("/givenName".to_owned(), "request.blank".to_owned())), "{unseen:?}");
        }
        for control in ["\0", "\n", "\r\n", "\u{7F}", "\u{202E}"] {
            let faults = world.post("/people", json!({ "givenName": format!("Anna{control}"), "familyName": "Vos" }));
            let faults = faults.by("administrator").send().await.faults();
            assert_eq!(faults, [("/givenName".to_owned(), "request.control-character".to_owned())], "{control:?}");
        }
        for query in ["q=%ff", "q=a%C3", "limit=1&q=%ff"] {
            let faults = world.get(&format!("/people?{query}")).by("administrator").send().await.faults();
            assert_eq!(faults, [("?q".to_owned(), "request.wrong-format".to_owned())], "{query}");
        }
        world.get("/people?q=%C3%A9%EF%BF%BD").by("administrator").send().await.ok();
    }
}
