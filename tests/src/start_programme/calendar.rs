//! The school calendar, and how the weeks of a programme follow it.

use chrono::{Days, NaiveDate};
use domain::start_programme::SchoolYear;
use serde_json::{Value, json};

use super::{applied_and_placed, drafted, place, published, starts, template, until_september};
use crate::both;

fn holiday(title: &str, first_on: NaiveDate, days: u64) -> Value {
    json!({ "title": title, "firstOn": first_on, "lastOn": first_on + Days::new(days - 1) })
}

both! {
    async fn sp_2_the_weeks_of_a_programme_skip_holidays(world: World) {
        let monday = until_september(&world);
        let year = SchoolYear::of(monday);
        let week = |number: u64| monday + Days::new(7 * (number - 1));
        let holidays = json!({ "holidays": [holiday("Herfstvakantie", week(3), 7), holiday("Lang weekend", week(5) + Days::new(3), 2)] });
        let calendar = world.put(&format!("/school-calendars/{year}"), holidays).by("administrator").header("If-None-Match", "*");
        assert_eq!(calendar.send().await.created()["schoolYear"], year.to_string());
        published(&world, template(&world, year)).await;

        let (enrolment_id, _) = place(&world, monday + Days::new(2), 0).await;
        let programme = world.get(&format!("/enrolments/{enrolment_id}/start-programme")).by("student").send().await.ok();
        assert_eq!(starts(&programme), [1, 2, 4, 5, 6, 7, 8, 9, 10, 11].map(week));
        assert_eq!(programme["weeks"][2]["theme"], "Thema 3");
    }

    async fn sp_4_credited_weeks_lie_before_the_start_and_count_as_done(world: World) {
        let monday = until_september(&world);
        published(&world, template(&world, SchoolYear::of(monday))).await;
        let (enrolment_id, _) = place(&world, monday, 3).await;
        let programme = world.get(&format!("/enrolments/{enrolment_id}/start-programme")).by("coach").send().await.ok();
        assert_eq!(starts(&programme)[3], monday);
        assert_eq!((programme["week"].as_i64(), programme["behindBy"].as_i64()), (Some(4), Some(0)));
        let credited: Vec<_> = programme["weeks"].as_array().unwrap().iter().map(|week| week["credited"] == true).collect();
        assert_eq!(credited, [true, true, true, false, false, false, false, false, false, false]);
        assert_eq!(programme["weeks"][2]["activities"][0]["done"], true);
    }

    async fn sp_2_a_programme_begins_with_what_was_published_last_for_its_school_year(world: World) {
        let monday = until_september(&world);
        let year = SchoolYear::of(monday);
        let [_, _, next_year] = SchoolYear::around(monday);
        published(&world, template(&world, year)).await;
        let mut content = template(&world, year);
        content["title"] = json!("De nieuwste");
        let newest = published(&world, content.clone()).await;
        published(&world, template(&world, next_year)).await;
        world.post("/start-programme-templates", content).by("landscapeManager").send().await.created();

        let (enrolment_id, _) = place(&world, monday, 0).await;
        let path = format!("/enrolments/{enrolment_id}/start-programme");
        let programme = world.get(&path).by("student").send().await.ok();
        assert_eq!(programme["templateId"], newest.as_str());
        // A running programme keeps the version it began with (SP-1).
        world.decide("/start-programme-templates", &newest, "retire", json!({})).by("landscapeManager").send().await.ok();
        assert_eq!(world.get(&path).by("student").send().await.ok(), programme);
    }

    async fn sp_2_who_is_placed_before_there_is_a_template_begins_when_it_is_published(world: World) {
        let monday = until_september(&world);
        let [_, year, next_year] = SchoolYear::around(monday);
        published(&world, template(&world, year)).await;
        let next_monday = monday + Days::new(364);
        let ahead = applied_and_placed(&world, "sanne@example.org", next_monday).await;
        let left = applied_and_placed(&world, "tim@example.org", next_monday).await;
        let (imported, _) = place(&world, next_monday, 0).await;
        let of = |enrolment: &str| format!("/enrolments/{enrolment}/start-programme");
        assert_eq!(world.get(&of(&ahead)).by("coach").send().await.problem(404), "request.not-found");
        let leaving = json!({ "leftOn": domain::kernel::time::date_at(world.now()), "reason": "Verhuisd.", "destination": "Werk", "basicQualification": true });
        world.decide("/enrolments", &left, "leave", leaving).by("coach").send().await.ok();
        let newest = drafted(&world, template(&world, next_year)).await;
        assert_eq!(world.get(&of(&ahead)).by("coach").send().await.problem(404), "request.not-found", "a draft begins nothing");
        world.decide("/start-programme-templates", &newest, "publish", json!({})).by("landscapeManager").send().await.ok();
        let programme = world.get(&of(&ahead)).by("coach").send().await.ok();
        assert_eq!((&programme["templateId"], starts(&programme)[0]), (&json!(newest), next_monday));
        for nobody in [left, imported.to_string()] {
            assert_eq!(world.get(&of(&nobody)).by("teamLeader").send().await.problem(404), "request.not-found", "left, or from a roster");
        }
        published(&world, template(&world, next_year)).await;
        assert_eq!(world.get(&of(&ahead)).by("coach").send().await.ok(), programme, "it keeps what it began with");
    }

    async fn sp_2_a_template_that_is_late_begins_today(world: World) {
        let monday = until_september(&world);
        let placed = applied_and_placed(&world, "sanne@example.org", monday).await;
        world.wait(chrono::TimeDelta::days(15));
        published(&world, template(&world, SchoolYear::of(monday))).await;
        let programme = world.get(&format!("/enrolments/{placed}/start-programme")).by("coach").send().await.ok();
        assert_eq!((starts(&programme)[0], &programme["behindBy"]), (monday + Days::new(14), &json!(0)));
    }

    async fn sp_2_a_programme_that_is_still_to_begin_follows_the_calendar_that_is_laid_down_later(world: World) {
        let monday = until_september(&world);
        let year = SchoolYear::of(monday);
        published(&world, template(&world, year)).await;
        let (begun, _) = place(&world, monday, 0).await;
        let to_come = applied_and_placed(&world, "sanne@example.org", monday + Days::new(7)).await;
        let week = |number: u64| monday + Days::new(7 * (number - 1));
        let holidays = json!({ "holidays": [holiday("Herfstvakantie", week(3), 7)] });
        let put = world.put(&format!("/school-calendars/{year}"), holidays).by("administrator").header("If-None-Match", "*");
        put.send().await.created();
        let of = |enrolment: String| world.get(&format!("/enrolments/{enrolment}/start-programme")).by("coach").send();
        assert_eq!(starts(&of(to_come).await.ok())[..3], [week(2), week(4), week(5)]);
        assert_eq!(starts(&of(begun.to_string()).await.ok())[..3], [week(1), week(2), week(3)]);
    }

    async fn sp_2_lwps_that_were_not_begun_go_along_with_the_weeks_that_brought_them(world: World) {
        let processes = crate::lwp::work_processes(&world).await;
        let lwp = crate::lwp::published(&world, crate::lwp::meal(&world, &processes[0].1), "teacher").await;
        let monday = until_september(&world);
        let year = SchoolYear::of(monday);
        let mut content = template(&world, year);
        for week in [1, 2, 3] {
            content["weeks"][week]["lwpIds"] = json!([lwp]);
        }
        published(&world, content).await;
        let enrolment = applied_and_placed(&world, "sanne@example.org", monday + Days::new(7)).await;
        let path = format!("/enrolments/{enrolment}/start-programme");
        let lwps = |programme: Value| [1, 2, 3].map(|week: usize| programme["weeks"][week]["lwps"][0].clone());
        let before = lwps(world.get(&path).by("coach").send().await.ok());
        let [begun, moved, tailored] = before.each_ref().map(|lwp| lwp["assignmentId"].as_str().unwrap().to_owned());
        let start = format!("UPDATE lwp_assignments SET state = 'inProgress', started_at = <now> WHERE id = <{begun}>");
        world.sql(&start).expect("it is begun");
        let own_day = json!({ "dueOn": monday + Days::new(60) });
        world.patch(&format!("/lwp-assignments/{tailored}"), own_day).by("coach").header("If-Match", "*").send().await.ok();
        let holidays = json!({ "holidays": [holiday("Herfstvakantie", monday + Days::new(7), 7)] });
        let put = world.put(&format!("/school-calendars/{year}"), holidays).by("administrator").header("If-None-Match", "*");
        put.send().await.created();
        let after = lwps(world.get(&path).by("coach").send().await.ok());
        let due = |lwp: &Value| lwp["dueOn"].as_str().unwrap().parse::<NaiveDate>().unwrap();
        assert_eq!(due(&after[0]), due(&before[0]), "what was begun stays");
        assert_eq!(due(&after[1]), due(&before[1]) + Days::new(7));
        assert_eq!(due(&after[2]), monday + Days::new(60), "a day of its own stays");
        let told = world.get(&format!("/lwp-assignments/{moved}")).by("coach").send().await.ok();
        assert_eq!((&told["version"], &told["tailored"]), (&json!(2), &json!(false)));
    }

    async fn sp_2_without_a_published_template_no_programme_begins(world: World) {
        let monday = until_september(&world);
        let (enrolment_id, programme_id) = place(&world, monday, 0).await;
        assert_eq!(programme_id, None);
        let said = world.get(&format!("/enrolments/{enrolment_id}/start-programme")).by("student").send().await;
        assert_eq!(said.problem(404), "request.not-found");
    }

    async fn an_administrator_keeps_the_school_calendar_and_everyone_reads_it(world: World) {
        let path = "/school-calendars/2026-2027";
        let holidays = |first: &str, last: &str| json!({ "holidays": [{ "title": "Herfst", "firstOn": first, "lastOn": last }] });
        let autumn = holidays("2026-10-17", "2026-10-25");
        assert_eq!(world.get(path).by("student").send().await.problem(404), "request.not-found");
        assert_eq!(world.put(path, autumn.clone()).by("coach").header("If-None-Match", "*").send().await.problem(403), "request.forbidden");
        assert_eq!(world.put(path, autumn.clone()).by("administrator").send().await.problem(428), "request.if-match-missing");
        assert_eq!(world.put(path, autumn.clone()).by("administrator").header("If-Match", "*").send().await.problem(412), "request.stale");
        let made = world.put(path, autumn.clone()).by("administrator").header("If-None-Match", "*").send().await.created();
        assert_eq!(made["holidays"], autumn["holidays"]);
        let again = world.put(path, autumn.clone()).by("administrator").header("If-None-Match", "*").send().await;
        assert_eq!(again.problem(412), "request.stale");

        let seen = world.get(path).by("student").send().await;
        let later = holidays("2026-10-24", "2026-11-01");
        let put = || world.put(path, later.clone()).by("administrator").if_match(&seen);
        assert_eq!(put().send().await.ok()["version"], 2);
        assert_eq!(put().send().await.problem(412), "request.stale");
        world.put("/school-calendars/2025-2026", json!({ "holidays": [] })).by("administrator").header("If-None-Match", "*").send().await.created();
        let page = world.get("/school-calendars").by("dashboard").send().await.ok();
        let years: Vec<_> = page["items"].as_array().unwrap().iter().map(|item| item["schoolYear"].as_str().unwrap()).collect();
        assert_eq!(years, ["2025-2026", "2026-2027"]);
        assert_eq!(world.get("/school-calendars/2026").by("student").send().await.problem(404), "request.not-found");
        assert_eq!(world.rows("SELECT what AS row FROM events ORDER BY position"), ["laidDown", "changed", "laidDown"]);
    }

    async fn every_wrong_holiday_is_named_at_once(world: World) {
        let body = json!({ "holidays": [
            { "title": "Herfst", "firstOn": "2026-10-25", "lastOn": "2026-10-17" },
            { "title": "Zomer", "firstOn": "2027-07-20", "lastOn": "2027-08-20" },
            { "title": "Kermis", "firstOn": "2027-07-25", "lastOn": "2027-07-26" },
        ] });
        let put = |body| world.put("/school-calendars/2026-2027", body).by("administrator").header("If-None-Match", "*");
        let expected = [
            ("/holidays/0/lastOn", "start-programme.holiday-ends-before-start"),
            ("/holidays/1", "start-programme.holiday-outside-year"),
            ("/holidays/2", "start-programme.holidays-overlap"),
        ];
        assert_eq!(put(body).send().await.faults(), expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        let body = json!({ "holidays": [{ "title": "", "firstOn": "2026-13-01" }] });
        let expected = [
            ("/holidays/0/firstOn", "request.wrong-format"),
            ("/holidays/0/lastOn", "request.required"),
            ("/holidays/0/title", "request.too-short"),
        ];
        assert_eq!(put(body).send().await.faults(), expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    }
}
