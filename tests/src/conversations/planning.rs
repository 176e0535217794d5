//! When people are free, the calendar, and what a coach sees of what they talked about (CV-3, SP-5).

use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty};
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use domain::kernel::time::date_at;
use serde_json::{Value, json};

use super::{CONVERSATIONS, concluded, decided, held, held_again, in_days, made, outcome, talk, written};
use crate::both;
use crate::enrolment::placed;
use crate::harness::World;

async fn keep_hours(world: &World, person: &str, slots: Value) {
    let path = format!("/people/{}/availability", world.college.person(person));
    let put = world.put(&path, json!({ "slots": slots })).by(person).header("If-None-Match", "*");
    put.send().await.created();
}

async fn moments(world: &World, query: &str) -> Vec<DateTime<Utc>> {
    let path = format!("/students/{}/conversation-moments?{query}", world.college.person("student"));
    let found = world.get(&path).by("student").send().await.ok();
    found["moments"].as_array().unwrap().iter().map(|one| one["startsAt"].as_str().unwrap().parse().unwrap()).collect()
}

/// The first day from tomorrow on that is this day of the week.
fn next(world: &World, weekday: Weekday) -> chrono::NaiveDate {
    let tomorrow = date_at(world.now()) + TimeDelta::days(1);
    (0..7).map(|days| tomorrow + TimeDelta::days(days)).find(|date| date.weekday() == weekday).unwrap()
}

/// The invitation, which another library than wrote it reads without a fault; and the texts of its event.
pub async fn invitation(world: &World, id: &str, by: &str) -> (String, Vec<(ICalendarProperty, String)>) {
    let said = world.get(&format!("{CONVERSATIONS}/{id}/invite.ics")).by(by).send().await;
    assert_eq!((said.status, said.header("content-type").as_deref()), (200, Some("text/calendar")), "{}", said.text);
    let calendar = ICalendar::parse(&said.text).expect("a calendar");
    let types: Vec<_> = calendar.components.iter().map(|component| component.component_type.clone()).collect();
    use ICalendarComponentType as T;
    assert_eq!(types, [T::VCalendar, T::VTimezone, T::Daylight, T::Standard, T::VEvent]);
    let entries = &calendar.components[4].entries;
    let texts = entries.iter().filter_map(|entry| Some((entry.name.clone(), entry.values.first()?.as_text()?.to_owned())));
    (said.text.clone(), texts.collect())
}

pub fn line<'a>(text: &'a str, name: &str) -> &'a str {
    text.split("\r\n").find(|line| line.starts_with(name)).unwrap_or_default()
}

both! {
    async fn cv_3_moments_are_those_at_which_all_are_free_and_tell_nothing_of_what_anyone_does(world: World) {
        placed(&world, "student", "coach").await;
        let monday = next(&world, Weekday::Mon);
        keep_hours(&world, "coach", json!([{ "weekday": "monday", "from": "09:00", "until": "11:00" }])).await;
        let query = format!("minutes=60&from={monday}&until={monday}");
        let free = moments(&world, &query).await;
        assert_eq!(free.len(), 5, "a moment each quarter from nine until ten: {free:?}");
        let mut taken = talk(&world, &[], 1);
        (taken["startsAt"], taken["minutes"]) = (json!(free[0]), json!(30));
        made(&world, taken, "coach").await;
        let left = moments(&world, &query).await;
        assert_eq!(left, free[2..], "half an hour is taken");
        let said = world.get(&format!("/students/{}/conversation-moments?{query}", world.college.person("student"))).by("coach").send().await;
        assert!(!said.text.contains(world.college.person("student")) && !said.text.contains("careerReflection"));
        let teacher = world.college.person("teacher");
        keep_hours(&world, "teacher", json!([{ "weekday": "monday", "from": "10:00", "until": "12:00" }])).await;
        assert_eq!(moments(&world, &format!("{query}&participantIds={teacher}")).await, [free[4]]);
        let stranger = world.college.person("otherTeacher");
        let path = format!("/students/{}/conversation-moments?minutes=3&participantIds={stranger}", world.college.person("student"));
        assert_eq!(world.get(&path).by("coach").send().await.faults(), [("?minutes".to_owned(), "request.out-of-range".to_owned())]);
        let path = format!("/students/{}/conversation-moments?participantIds={stranger}", world.college.person("student"));
        assert_eq!(world.get(&path).by("coach").send().await.faults(), [("?participantIds".to_owned(), "conversation.not-bound".to_owned())]);
    }

    async fn cv_3_ones_hours_are_ones_own_to_say_and_seen_by_who_plans_with_one(world: World) {
        placed(&world, "student", "coach").await;
        let path = format!("/people/{}/availability", world.college.person("teacher"));
        assert_eq!(world.get(&path).by("teacher").send().await.status, 404, "not said yet");
        keep_hours(&world, "teacher", json!([])).await;
        for (by, status) in [("teacher", 200), ("student", 200), ("coach", 200), ("teamLeader", 404), ("otherCoach", 404), ("otherStudent", 404)] {
            assert_eq!(world.get(&path).by(by).send().await.status, status, "{by}");
        }
        let slots = json!({ "slots": [{ "weekday": "friday", "from": "11:00", "until": "10:00" }] });
        let wrong = world.put(&path, slots.clone()).by("teacher").header("If-Match", "*").send().await.faults();
        assert_eq!(wrong, [("/slots/0/until".to_owned(), "conversation.slot-out-of-order".to_owned())]);
        assert_eq!(world.put(&path, slots).by("coach").header("If-Match", "*").send().await.status, 403);
        let told = world.get("/changes?limit=200").by("coach").send().await.ok();
        assert!(told["items"].as_array().unwrap().iter().all(|one| one["subject"] != "availability"), "that is the teacher's");
    }

    async fn cv_3_an_invitation_is_newer_with_every_move_and_withdrawn_when_it_is_cancelled(world: World) {
        placed(&world, "student", "coach").await;
        let mut asked = talk(&world, &[], 1);
        asked.as_object_mut().unwrap().remove("startsAt");
        asked["kind"] = json!("extraSupport");
        let id = made(&world, asked, "coach").await;
        let path = format!("{CONVERSATIONS}/{id}/invite.ics");
        assert_eq!(world.get(&path).by("coach").send().await.status, 404, "there is no moment yet");
        let starts_at: DateTime<Utc> = "2027-07-01T11:00:00Z".parse().unwrap();
        decided(&world, &id, "coach", "plan", json!({ "startsAt": starts_at })).await;
        let (text, told) = invitation(&world, &id, "student").await;
        let has = |name: ICalendarProperty, value: &str| told.contains(&(name, value.to_owned()));
        assert!(has(ICalendarProperty::Summary, "Gesprek") && has(ICalendarProperty::Location, "Spreekkamer 2"), "{told:?}");
        assert_eq!(line(&text, "METHOD"), "METHOD:REQUEST");
        assert_eq!(line(&text, "DTSTART;TZID=Europe/Amsterdam"), "DTSTART;TZID=Europe/Amsterdam:20270701T130000", "{text}");
        assert_eq!(line(&text, "DTEND;TZID=Europe/Amsterdam"), "DTEND;TZID=Europe/Amsterdam:20270701T133000");
        assert_eq!((line(&text, "SEQUENCE"), line(&text, "UID").to_owned()), ("SEQUENCE:1", format!("UID:{id}@leerloopbaan")));
        assert_eq!(text.matches("\r\nATTENDEE").count(), 2);
        assert!(text.lines().all(|line| line.len() <= 75), "lines are folded: {text}");
        decided(&world, &id, "student", "move", json!({ "startsAt": in_days(&world, 5) })).await;
        assert_eq!(line(&invitation(&world, &id, "coach").await.0, "SEQUENCE"), "SEQUENCE:2");
        decided(&world, &id, "student", "cancel", json!({})).await;
        let (text, _) = invitation(&world, &id, "coach").await;
        assert!(line(&text, "METHOD") == "METHOD:CANCEL" && line(&text, "STATUS") == "STATUS:CANCELLED" && line(&text, "SEQUENCE") == "SEQUENCE:3", "{text}");
        assert_eq!(line(&text, "UID"), format!("UID:{id}@leerloopbaan"), "it is the same one");
        for by in ["teamLeader", "teacher", "otherCoach"] {
            assert_eq!(world.get(&path).by(by).send().await.status, 404, "{by}");
        }
    }

    async fn cv_3_a_coach_sees_whom_they_did_not_speak_for_how_long_and_what_came_of_it(world: World) {
        let first = held(&world, &[]).await;
        concluded(&world, &first).await;
        let bare = held_again(&world, &[]).await;
        let mut nothing = outcome(&world, "Even bijgepraat.");
        for list in ["agreements", "goals", "learningQuestions", "careerSteps"] {
            nothing[list] = json!([]);
        }
        written(&world, &bare, nothing).await;
        let mut care = talk(&world, &[], 60);
        care["kind"] = json!("sab");
        made(&world, care, "coach").await;
        world.wait(TimeDelta::days(50));
        let path = format!("/coaches/{}/conversation-overview", world.college.person("coach"));
        let seen = world.get(&path).by("coach").send().await.ok();
        let one = &seen["items"][0];
        assert_eq!((&one["studentId"], &one["daysSince"]), (&json!(world.college.person("student")), &json!(50)));
        assert_eq!((&one["openAgreements"], &one["overdueAgreements"], &one["questionsNowhere"]), (&json!(1), &json!(1), &json!(1)));
        let (agreed, asked) = (&one["agreements"][0], &one["questions"][0]);
        assert_eq!((&agreed["text"], &agreed["overdue"]), (&json!("Ik bel het bedrijf."), &json!(true)));
        assert_eq!((&asked["text"], world.get(&format!("/learning-questions/{}", asked["id"].as_str().unwrap())).by("coach").send().await.status), (&json!("Wat kan ik met talen?"), 200));
        assert_eq!(one["tickingIndex"], Value::Null, "of two it would tell whether the student had prepared");
        assert!(one["nextPlannedAt"].is_string());
        let led = world.get(&path).by("teamLeader").send().await.ok();
        let one = &led["items"][0];
        assert_eq!((&one["daysSince"], &one["tickingIndex"], &one["nextPlannedAt"], &one["openAgreements"]), (&json!(50), &Value::Null, &Value::Null, &Value::Null));
        assert_eq!((&one["agreements"], &one["questions"]), (&json!([]), &json!([])));
        assert_eq!(world.get(&path).by("otherCoach").send().await.status, 404);
        held_again(&world, &[]).await;
        // Nobody prepared; the first has all other signs, the second a summary alone, the third nothing: ten of fifteen are absent.
        assert_eq!(world.get(&path).by("coach").send().await.ok()["items"][0]["tickingIndex"], json!(0.67));
    }

    async fn cv_3_a_students_card_shows_the_next_conversation_and_the_open_goals_to_who_may_see_them(world: World) {
        let talked = held(&world, &[]).await;
        concluded(&world, &talked).await;
        let later = made(&world, talk(&world, &[], 9), "coach").await;
        let sooner = made(&world, talk(&world, &["teacher"], 4), "coach").await;
        let path = format!("/students/{}", world.college.person("student"));
        let card = world.get(&path).by("student").send().await.ok();
        assert_eq!(card["nextConversation"]["link"], json!(format!("/v1/conversations/{sooner}")));
        assert_eq!(card["openGoals"][0]["title"], "Zelf plannen");
        let of_teacher = world.get(&path).by("teacher").send().await.ok();
        assert_eq!((&of_teacher["nextConversation"]["link"], &of_teacher["openGoals"]), (&json!(format!("/v1/conversations/{sooner}")), &json!([])));
        decided(&world, &sooner, "coach", "cancel", json!({})).await;
        assert_eq!(world.get(&path).by("teacher").send().await.ok()["nextConversation"], Value::Null);
        assert_eq!(world.get(&path).by("coach").send().await.ok()["nextConversation"]["link"], json!(format!("/v1/conversations/{later}")));
    }

    async fn sp_5_a_programme_closes_with_the_conversation_in_which_they_decided(world: World) {
        let (_, enrolment, programme) = crate::start_programme::begun(&world).await;
        let (enrolment, id) = (enrolment.to_string(), programme.rsplit('/').next().unwrap().to_owned());
        world.decide("/enrolments", &enrolment, "stateMotivation", json!({ "motivation": "Ik wil het." })).by("student").send().await.ok();
        let close = |conversation: String| {
            let facts = json!({ "outcome": "continue", "motivation": "Het past.", "conversationId": conversation });
            world.decide("/start-programmes", &id, "close", facts).by("coach").send()
        };
        let other = held_again(&world, &[]).await;
        let mut closing = talk(&world, &[], 2);
        closing["kind"] = json!("startProgrammeClosing");
        let closing = made(&world, closing, "coach").await;
        for wrong in [other, closing.clone()] {
            let faults = close(wrong).await.faults();
            assert_eq!(faults, [("/conversationId".to_owned(), "start-programme.not-its-conversation".to_owned())]);
        }
        world.wait(TimeDelta::days(3));
        decided(&world, &closing, "coach", "markHeld", json!({ "faceToFace": true })).await;
        assert_eq!(close(closing.clone()).await.ok()["conversationId"], json!(closing));
        let of_teacher = world.get(&format!("/start-programmes/{id}")).by("teacher").send().await.ok();
        assert_eq!(of_teacher["conversationId"], Value::Null, "a teacher sees no conversations");
    }

    async fn cv_4_an_lwp_is_assigned_for_a_learning_question_and_entries_link_to_conversations_and_goals(world: World) {
        let talked = held(&world, &[]).await;
        concluded(&world, &talked).await;
        let of_student = format!("/students/{}", world.college.person("student"));
        let list = |what: &'static str| world.get(&format!("{of_student}/{what}")).by("student").send();
        let (question, goal) = (list("learning-questions").await.ok()["items"][0]["id"].clone(), list("goals").await.ok()["items"][0]["id"].clone());
        let processes = crate::lwp::work_processes(&world).await;
        let lwp = crate::lwp::published(&world, crate::lwp::meal(&world, &processes[0].1), "teacher").await;
        let new = json!({
            "studentId": world.college.person("student"), "lwpId": lwp, "dueOn": in_days(&world, 9).date_naive(), "learningQuestionId": question
        });
        let unknown = [("/learningQuestionId".to_owned(), "request.unknown-reference".to_owned())];
        assert_eq!(world.post("/lwp-assignments", new.clone()).by("teacher").send().await.faults(), unknown, "who sees no questions names none");
        let assigned = world.post("/lwp-assignments", new.clone()).by("coach").send().await.created();
        assert_eq!(assigned["learningQuestionId"], question);
        assert_eq!(world.post("/lwp-assignments", new).by("coach").send().await.faults(), unknown, "it is worked on already");
        let path = format!("/lwp-assignments/{}", assigned["id"].as_str().unwrap());
        assert_eq!(world.get(&path).by("student").send().await.ok()["learningQuestionId"], question);
        assert_eq!(world.get(&path).by("teacher").send().await.ok()["learningQuestionId"], Value::Null);
        let seen = world.get(&format!("/learning-questions/{}", question.as_str().unwrap())).by("coach").send().await.ok();
        assert_eq!((&seen["state"], &seen["lwpAssignmentId"], &seen["conversationId"]), (&json!("becameLwp"), &assigned["id"], &json!(talked)));
        let entry = json!({
            "area": "career", "kind": "agreement", "title": "Mijn gesprek", "body": "Dit neem ik mee.", "visibility": "coach",
            "links": [{ "kind": "conversation", "id": talked }, { "kind": "goal", "id": goal }]
        });
        let kept = world.post(&format!("{of_student}/portfolio-entries"), entry).by("student").send().await.created();
        let found = list("portfolio-entries").await.ok();
        assert_eq!((&found["items"][0]["id"], &found["items"][0]["links"]), (&kept["id"], &kept["links"]));
        let by_link = world.get(&format!("{of_student}/portfolio-entries?linkKind=conversation&linkId={talked}")).by("coach").send().await.ok();
        assert_eq!(by_link["items"].as_array().unwrap().len(), 1);
    }

    async fn pf_6_the_student_takes_along_what_came_of_conversations_and_what_they_prepared_and_nothing_that_another_did(world: World) {
        placed(&world, "student", "coach").await;
        let id = made(&world, talk(&world, &[], 1), "coach").await;
        super::prepare(&world, &id, "student", "Mijn eigen onderwerp").await;
        super::prepare(&world, &id, "coach", "geheim-van-de-coach").await;
        world.wait(TimeDelta::days(2));
        decided(&world, &id, "coach", "markHeld", json!({ "faceToFace": true })).await;
        concluded(&world, &id).await;
        let draft = held_again(&world, &[]).await;
        written(&world, &draft, outcome(&world, "nog-niet-bevestigd")).await;
        let path = format!("/students/{}/portfolio-archive", world.college.person("student"));
        let files = crate::evidence::archive::unpacked(&world.get(&path).by("student").send().await.bytes);
        let taken = crate::evidence::archive::conversations(&files);
        assert_eq!((taken.len(), &taken[0]["outcome"]), (2, &Value::Null), "the newest first, which does not count yet");
        assert_eq!((&taken[1]["preparation"]["topics"], &taken[1]["outcome"]["summary"]), (&json!(["Mijn eigen onderwerp"]), &json!("Je weet wat je wilt.")));
        let page = String::from_utf8_lossy(&files["index.html"]).into_owned();
        for shown in ["Loopbaangesprek", "Mijn eigen onderwerp", "Je weet wat je wilt.", "Ik bel het bedrijf.", "Zelf plannen", "Een dag meelopen."] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        for (name, content) in &files {
            let text = String::from_utf8_lossy(content);
            assert!(!text.contains("geheim-van-de-coach") && !text.contains("nog-niet-bevestigd"), "{name}");
        }
        for name in ["goals.json", "learning-questions.json", "agreements.json", "career-steps.json"] {
            let items: Vec<Value> = serde_json::from_slice(&files[name]).expect("JSON");
            assert_eq!((items.len(), &items[0]["conversationId"]), (1, &json!(id)), "{name}");
        }
    }
}
