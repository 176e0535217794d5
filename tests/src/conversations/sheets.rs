//! The sheet of a conversation (CV-1), over the wire.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{CONVERSATIONS, concluded, decided, held, in_days, made, outcome, prepare, talk, written};
use crate::both;
use crate::enrolment::placed;
use crate::harness::World;
use crate::leermeter::{Round, level};

/// How many pages a PDF has, and the letters on them without what is between words: as a reader without eyes finds them.
pub fn printed(pdf: &[u8]) -> (usize, String) {
    let document = lopdf::Document::load_mem(pdf).expect("a PDF");
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).expect("text that can be taken out");
    (pages.len(), text.split_whitespace().collect())
}

/// What stands on the one page that someone prints.
async fn paper(world: &World, id: &str, by: &str) -> String {
    let said = world.get(&format!("{CONVERSATIONS}/{id}/sheet.pdf?language=nl")).by(by).send().await;
    assert_eq!(said.status, 200, "{}", said.text);
    let (pages, text) = printed(&said.bytes);
    assert_eq!(pages, 1);
    text
}

/// That these stand there, in this order.
fn in_order(text: &str, parts: &[&str]) {
    let places: Vec<_> =
        parts.iter().map(|part| text.find(part).unwrap_or_else(|| panic!("{part} does not stand in {text}"))).collect();
    assert!(places.is_sorted(), "{parts:?} stand at {places:?} of {text}");
}

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

    async fn cv_1_the_sheet_of_the_coach_begins_with_what_the_student_wants_in_the_students_words(world: World) {
        let talked = held(&world, &[]).await;
        concluded(&world, &talked).await;
        let mut care = talk(&world, &[], 1);
        care["kind"] = json!("extraSupport");
        let care = made(&world, care, "coach").await;
        decided(&world, &care, "coach", "markHeld", json!({ "faceToFace": true })).await;
        let mut confided = outcome(&world, "Onder vier ogen.");
        (confided["goals"], confided["learningQuestions"]) = (json!([{ "title": "Geheimdoel" }]), json!([{ "text": "Geheimvraag" }]));
        written(&world, &care, confided).await;
        for by in ["student", "coach"] {
            decided(&world, &care, by, "confirmOutcome", json!({ "version": 1 })).await;
        }
        let id = made(&world, talk(&world, &["teacher"], 3), "coach").await;
        for (by, topic) in [("student", "Alleen van mij"), ("coach", "Hoe het thuis gaat"), ("teacher", "De les")] {
            prepare(&world, &id, by, topic).await;
        }
        let of_coach = paper(&world, &id, "coach").await;
        in_order(&of_coach, &["Loopbaangesprek", "Zelfplannen", "Watkanikmettalen?", "Hoehetthuisgaat", "Ikbelhetbedrijf."]);
        assert!(!of_coach.contains("Alleenvanmij") && !of_coach.contains("Geheim"), "{of_coach}");
        in_order(&paper(&world, &id, "student").await, &["Loopbaangesprek", "Alleenvanmij", "Ikbelhetbedrijf."]);
        let of_teacher = paper(&world, &id, "teacher").await;
        assert!(of_teacher.contains("Deles") && !of_teacher.contains("Zelfplannen"), "{of_teacher}");
    }

    async fn cv_1_however_much_was_prepared_there_is_room_to_write_on_the_sheet(world: World) {
        placed(&world, "student", "coach").await;
        let id = made(&world, talk(&world, &[], 3), "coach").await;
        let long = "Waarom ben ik op school altijd moe en op mijn stage nooit? ".repeat(16);
        let preparation = json!({ "topics": ["Mijn stage"], "questions": vec![long; 20] });
        let put = world.put(&format!("{CONVERSATIONS}/{id}/preparation"), preparation);
        put.by("student").header("If-None-Match", "*").send().await.created();
        in_order(&paper(&world, &id, "student").await, &["Mijnstage", "Waarombenik", "enmeer", "Omoverdoortepraten", "Watweafspreken"]);
    }

    async fn cv_1_what_is_most_urgent_comes_back_first_in_a_preparation_and_on_the_sheet(world: World) {
        let talked = held(&world, &[]).await;
        let agreement = |text: &str, due: Option<i64>| {
            json!({ "text": text, "ownerId": world.college.person("student"), "dueOn": due.map(|days| in_days(&world, days).date_naive()) })
        };
        let mut many = outcome(&world, "Veel afgesproken.");
        many["agreements"] = json!([agreement("Ooit", None), agreement("Straks", Some(40)), agreement("Verlopen", Some(-3)), agreement("Morgen", Some(1))]);
        written(&world, &talked, many).await;
        for by in ["student", "coach"] {
            decided(&world, &talked, by, "confirmOutcome", json!({ "version": 1 })).await;
        }
        let id = made(&world, talk(&world, &[], 3), "coach").await;
        for by in ["student", "coach"] {
            let open = world.get(&format!("{CONVERSATIONS}/{id}/preparation")).by(by).send().await.ok()["openAgreements"].clone();
            let told: Vec<_> = open.as_array().unwrap().iter().map(|one| (one["text"].as_str().unwrap(), one["overdue"].as_bool().unwrap())).collect();
            assert_eq!(told, [("Verlopen", true), ("Morgen", false), ("Straks", false), ("Ooit", false)], "{by}");
            in_order(&paper(&world, &id, by).await, &["Verlopen", "Morgen", "Straks", "Ooit"]);
        }
    }

    async fn lm_5_a_conversation_names_the_round_that_it_looks_at_and_its_sheet_pictures_that_round(world: World) {
        let first = Round::open(&world).await;
        let rated = |round: &Round, by: u8| json!([level(round, 0, by)]);
        first.rate(&world, "student", rated(&first, 1)).await.created();
        world.decide("/leermeter-rounds", &first.id, "close", json!({})).by("student").send().await.ok();
        let about = |round: Value| {
            let mut new = talk(&world, &["teacher"], 30);
            (new["kind"], new["roundId"]) = (json!("leermeter"), round);
            new
        };
        let id = made(&world, about(json!(first.id)), "coach").await;
        let now = made(&world, about(Value::Null), "coach").await;
        for (by, named) in [("student", json!(first.id)), ("coach", json!(first.id)), ("teacher", Value::Null)] {
            assert_eq!(world.get(&format!("{CONVERSATIONS}/{id}")).by(by).send().await.ok()["roundId"], named, "{by}");
        }
        let etag = async |id: &str| {
            let said = world.get(&format!("{CONVERSATIONS}/{id}/sheet.pdf?language=nl")).by("student").send().await;
            assert_eq!(printed(&said.bytes).0, 1);
            said.header("etag").unwrap()
        };
        let before = [etag(&id).await, etag(&now).await];
        world.wait(TimeDelta::days(2));
        let second = first.next(&world).await;
        second.rate(&world, "student", rated(&second, 4)).await.created();
        assert_eq!(etag(&id).await, before[0], "it pictures the round that they talk about");
        assert_ne!(etag(&now).await, before[1], "and one that names none pictures what is now");

        placed(&world, "otherStudent", "coach").await;
        let mut of_another = about(json!(first.id));
        of_another["studentId"] = json!(world.college.person("otherStudent"));
        of_another["participantIds"] = json!([]);
        let unknown = [("/roundId".to_owned(), "request.unknown-reference".to_owned())];
        assert_eq!(world.post(CONVERSATIONS, of_another).by("coach").send().await.faults(), unknown);
        let mut of_another_kind = about(json!(first.id));
        of_another_kind["kind"] = json!("careerReflection");
        let wrong = [("/roundId".to_owned(), "conversation.round-of-another-kind".to_owned())];
        assert_eq!(world.post(CONVERSATIONS, of_another_kind).by("coach").send().await.faults(), wrong);
    }
}
