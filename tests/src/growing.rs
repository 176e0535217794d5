//! A student grows: three rounds with every kind of rater, a conversation about the first of them that ends in a disagreement, what came of
//! it, and the one that closes the start programme (LM-2 to LM-5, CV-1 to CV-4, SP-5).

use chrono::{Datelike, NaiveDate, TimeDelta};
use domain::kernel::time::date_at;
use serde_json::{Value, json};

use crate::both;
use crate::conversations::sheets::printed;
use crate::conversations::{CONVERSATIONS, decided, in_days, made, talk};
use crate::enrolment::placed;
use crate::harness::{Said, World};
use crate::leermeter::{Round, framework, level, published};
use crate::lwp::{meal, published as published_lwp, work_processes};
use crate::placements::placement;
use crate::start_programme::begun;

const MONTHS: [&str; 12] = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
const SCALE: [(u8, &str); 3] = [(1, "Beginnend"), (2, "Gevorderd"), (4, "Vakbekwaam")];
/// Who never has anything to do with the student.
const STRANGERS: [&str; 4] = ["otherCoach", "otherTeacher", "nobody", "administrator"];

struct Growing {
    world: World,
    enrolment: String,
    programme: String,
    framework: String,
    rounds: Vec<(Round, NaiveDate)>,
}

fn id(made: &Value) -> String {
    made["id"].as_str().expect("an id").to_owned()
}

fn texts(list: &Value, field: &str) -> Vec<String> {
    list["items"].as_array().expect("items").iter().map(|one| one[field].as_str().expect("a text").to_owned()).collect()
}

/// What is said of the picture to who does not see it, and how many shapes are drawn.
fn drawn(svg: &str) -> (String, usize) {
    let document = roxmltree::Document::parse(svg).expect("an SVG document");
    let described = document.descendants().find(|node| node.has_tag_name("desc") || node.tag_name().name() == "desc");
    let is_shape = |node: &roxmltree::Node<'_, '_>| ["circle", "polygon", "polyline", "rect"].contains(&node.tag_name().name());
    let shapes = document.descendants().filter(is_shape).count();
    (described.and_then(|node| node.text()).expect("a description").to_owned(), shapes)
}

impl Growing {
    async fn begin(world: World) -> Self {
        let (_, enrolment, programme) = begun(&world).await;
        placed(&world, "otherStudent", "secondCoach").await;
        placement(&world, 70).await;
        let framework = published(&world, framework(&world)).await;
        Self { world, enrolment: enrolment.to_string(), programme, framework, rounds: Vec::new() }
    }

    fn student(&self, rest: &str) -> String {
        format!("/students/{}{rest}", self.world.college.person("student"))
    }

    async fn seen(&self, path: &str, by: &str) -> Value {
        self.world.get(path).by(by).send().await.ok()
    }

    /// Nobody who has nothing to do with the student finds any of these.
    async fn is_hidden_from_strangers(&self, paths: &[String]) {
        for path in paths {
            for by in STRANGERS {
                assert_eq!(self.world.get(path).by(by).send().await.status, 404, "{path} by {by}");
            }
            assert_eq!(self.world.get(path).send().await.status, 401, "{path} by who says not who they are");
        }
    }

    fn of_round(&self) -> &Round {
        &self.rounds.last().expect("a round").0
    }

    /// A round is opened; the others answer first, and reach the student by no way before the own view (LM-3).
    async fn others_rate(&mut self, others: u8) {
        let round = Round::again(&self.world, self.framework.clone()).await;
        self.rounds.push((round, date_at(self.world.now())));
        let before = self.seen(&self.student("/leermeter"), "student").await["competences"][0]["others"].clone();
        let (world, round) = (&self.world, self.of_round());
        let both = json!([level(round, 0, others), level(round, 1, others)]);
        for by in ["coach", "teacher", "workplaceTrainer"] {
            round.rate(world, by, both.clone()).await.created();
        }
        self.peer_rates(round, &both).await;
        self.friend_rates(round, &both).await;
        let open = self.seen(&self.student("/leermeter"), "student").await;
        assert_eq!(
            open["competences"][0]["others"], before,
            "what counted keeps counting, and nothing is told before the own view"
        );
        assert_eq!(round.ratings(world, "student").await, Vec::<Value>::new());
        assert_eq!(round.ratings(world, "coach").await.len(), 10);
        for by in ["teacher", "workplaceTrainer", "otherStudent"] {
            assert_eq!(round.ratings(world, by).await.len(), 2, "{by} finds what they said themselves");
            assert_eq!(world.get(&self.student("/leermeter")).by(by).send().await.status, 404, "{by}");
        }
    }

    /// A fellow student who has an account is invited, and finds the round and nothing else of the student.
    async fn peer_rates(&self, round: &Round, ratings: &Value) {
        let path = format!("/leermeter-rounds/{}/invitations", round.id);
        let who = json!({ "raterKind": "peer", "personId": self.world.college.person("otherStudent") });
        self.world.post(&path, who).by("student").send().await.created();
        assert_eq!(round.rate(&self.world, "otherStudent", ratings.clone()).await.created()["raterKind"], "peer");
        for rest in ["", "/goals", "/agreements", "/portfolio-entries"] {
            assert_eq!(self.world.get(&self.student(rest)).by("otherStudent").send().await.status, 404, "{rest}");
        }
    }

    /// A friend without an account rates by the link alone, which works once.
    async fn friend_rates(&self, round: &Round, ratings: &Value) {
        let path = format!("/leermeter-rounds/{}", round.id);
        let who = json!({ "raterKind": "buddy", "email": "kim@voorbeeld.nl", "name": "Kim Bos" });
        let invited = self.world.post(&format!("{path}/invitations"), who).by("student").send().await.created();
        let secret = invited["secret"].as_str().expect("a secret").to_owned();
        let asked = self.world.get("/leermeter-invitation").header("Invitation-Secret", &secret).send().await.ok();
        assert_eq!((&asked["roundId"], &asked["raterKind"]), (&json!(round.id), &json!("buddy")));
        let rate =
            || -> _ { self.world.post(&format!("{path}/ratings"), json!({ "ratings": ratings, "secret": secret })).send() };
        rate().await.created();
        assert_eq!(rate().await.problem(404), "request.not-found", "it works once");
        assert_eq!(self.world.get(&path).header("Invitation-Secret", &secret).send().await.status, 401, "and opens nothing else");
    }

    /// The student rates as well, sees what the others said, and the round is over.
    async fn student_rates(&self, own: u8) {
        let (world, round) = (&self.world, self.of_round());
        round.rate(world, "student", json!([level(round, 0, own), level(round, 1, own)])).await.created();
        assert_eq!(round.ratings(world, "student").await.len(), 12);
        let now = self.seen(&self.student("/leermeter"), "student").await;
        let kinds: Vec<_> =
            now["competences"][0]["raters"].as_array().expect("raters").iter().map(|one| one["raterKind"].clone()).collect();
        assert_eq!(kinds, ["self", "coach", "workplaceTrainer", "teacher", "peer", "buddy"]);
        assert_eq!(now["competences"][2]["raters"], json!([]), "what nobody rated has nothing in it");
        world.decide("/leermeter-rounds", &round.id, "close", json!({})).by("student").send().await.ok();
        let late = round.rate(world, "coach", json!([level(round, 0, own)])).await;
        assert_eq!(late.problem(409), "leermeter.round-is-closed");
        assert_eq!(
            world.get(&format!("/leermeter-rounds/{}", round.id)).by("otherStudent").send().await.status,
            404,
            "the peer is done"
        );
    }

    /// The picture shows every round so far, of what was rated and of what was not; how many shapes are drawn.
    async fn shows(&self) -> usize {
        let path = self.student("/leermeter.svg?language=nl");
        let (said, shapes) = drawn(&self.world.get(&path).by("student").send().await.text);
        let of = |rounds: usize| {
            let rated = self.rounds.iter().zip(SCALE).take(rounds);
            let one = |((_, day), (_, label)): (&(Round, NaiveDate), (u8, &str))| {
                format!("{} {} {} {label}", day.day(), MONTHS[day.month0() as usize], day.year())
            };
            rated.map(one).collect::<Vec<_>>().join(", ")
        };
        let (count, now) = (self.rounds.len(), SCALE[self.rounds.len() - 1].1);
        assert!(said.contains(&format!("Werkt samen. Ik: {now}, Anderen:")), "{said}");
        assert!(said.contains("Nog niet beoordeeld."), "{said}");
        if count > 1 {
            assert!(said.contains(&format!("Zelf gezien: {}.", of(count))), "{said}");
        }
        let coachs = drawn(&self.world.get(&path).by("coach").send().await.text);
        assert_eq!(coachs, (said, shapes), "once the round is over the coach sees what the student sees");
        self.is_hidden_from_strangers(&[path]).await;
        shapes
    }

    async fn prepares(&self, id: &str, by: &str, topic: &str) {
        let path = format!("{CONVERSATIONS}/{id}/preparation");
        let own = json!({ "topics": [topic], "questions": ["Hoe nu verder?"] });
        self.world.put(&path, own).by(by).header("If-None-Match", "*").send().await.created();
    }

    /// They talk about the first round, each prepared, and do not agree on what was said (CV-1, CV-2, LM-5).
    async fn talk_about_the_round(&self) -> String {
        let (world, round) = (&self.world, self.of_round());
        let mut new = talk(world, &["teacher"], 3);
        (new["kind"], new["roundId"]) = (json!("leermeter"), json!(round.id));
        let id = made(world, new, "student").await;
        for (by, topic) in
            [("student", "Waarom ik mij laag inschat"), ("coach", "Wat de anderen zien"), ("teacher", "De les van dinsdag")]
        {
            self.prepares(&id, by, topic).await;
            let own = self.seen(&format!("{CONVERSATIONS}/{id}/preparation"), by).await;
            assert_eq!((&own["topics"], &own["openAgreements"]), (&json!([topic]), &json!([])));
        }
        let path = format!("{CONVERSATIONS}/{id}");
        for (by, named) in [("student", json!(round.id)), ("coach", json!(round.id)), ("teacher", Value::Null)] {
            assert_eq!(self.seen(&path, by).await["roundId"], named, "{by}");
        }
        let (pages, paper) = printed(&self.world.get(&format!("{path}/sheet.pdf?language=nl")).by("student").send().await.bytes);
        assert!(pages == 1 && paper.contains("Waaromikmijlaaginschat") && !paper.contains("Watdeanderenzien"), "{paper}");
        world.wait(TimeDelta::days(4));
        for by in ["workplaceTrainer", "teamLeader"] {
            assert_eq!(world.get(&path).by(by).send().await.status, 404, "{by}");
        }
        decided(world, &id, "coach", "markHeld", json!({ "faceToFace": true })).await;
        self.is_hidden_from_strangers(&[path.clone(), format!("{path}/outcome"), format!("{path}/preparation")]).await;
        assert_eq!(self.seen(&path, "teamLeader").await["participants"], json!([]), "that it was held, and no more");
        id
    }

    fn outcome(&self, summary: &str) -> Value {
        json!({
            "summary": summary, "goals": [{ "title": "Zelf hulp vragen" }], "careerSteps": [{ "text": "Een dag meelopen in de keuken." }],
            "agreements": [{ "text": "Ik bel de kok.", "ownerId": self.world.college.person("student"), "dueOn": in_days(&self.world, 7).date_naive() }],
            "learningQuestions": [{ "text": "Hoe kook ik voor tien mensen?" }, { "text": "Hoe zeg ik dat ik iets niet weet?" }]
        })
    }

    async fn confirms(&self, id: &str, by: &str, version: i64) -> Said {
        self.world.decide(CONVERSATIONS, id, "confirmOutcome", json!({ "version": version })).by(by).send().await
    }

    /// What the coach wrote is not what the student said; the second version is, and counts once both confirmed that one.
    async fn they_agree_on_the_second_version(&self, id: &str) {
        let (world, path) = (&self.world, format!("{CONVERSATIONS}/{id}/outcome"));
        let first = world.put(&path, self.outcome("Je wilt stoppen met de keuken.")).by("coach").header("If-None-Match", "*");
        first.send().await.created();
        assert_eq!(self.confirms(id, "coach", 1).await.ok()["state"], "held");
        let read = world.get(&path).by("student").send().await;
        assert_eq!(
            world.put(&path, self.outcome("Zelf.")).by("student").if_match(&read).send().await.status,
            403,
            "the coach writes it"
        );
        let second = world.put(&path, self.outcome("Je wilt juist meer koken.")).by("coach").if_match(&read).send().await.ok();
        assert_eq!((&second["version"], &second["confirmations"]), (&json!(2), &json!([])));
        let older = self.confirms(id, "student", 1).await.with(409);
        assert_eq!((&older["code"], &older["currentVersion"]), (&json!("conversation.outcome-outdated"), &json!(2)));
        for list in ["/goals", "/learning-questions", "/agreements", "/career-steps"] {
            assert_eq!(self.seen(&self.student(list), "student").await["items"], json!([]), "{list}: nothing counts yet");
        }
        assert_eq!(self.confirms(id, "student", 2).await.ok()["state"], "held");
        assert_eq!(self.confirms(id, "coach", 2).await.ok()["state"], "concluded");
        let versions = self.seen(&format!("{path}/versions"), "student").await;
        assert_eq!(texts(&versions, "summary"), ["Je wilt stoppen met de keuken.", "Je wilt juist meer koken."]);
        for (list, count) in [("/goals", 1), ("/learning-questions", 2), ("/agreements", 1), ("/career-steps", 1)] {
            let made = self.seen(&self.student(list), "coach").await;
            let of: Vec<_> = made["items"].as_array().expect("items").iter().map(|one| one["conversationId"].clone()).collect();
            assert_eq!(of, vec![json!(id); count], "{list}");
        }
        let of_teacher = self.seen(&path, "teacher").await;
        assert_eq!(
            (of_teacher["agreements"].as_array().map(Vec::len), &of_teacher["goals"]),
            (Some(1), &json!([])),
            "what takes part"
        );
        assert_eq!(world.get(&self.student("/goals")).by("teacher").send().await.status, 404);
        assert_eq!(world.get(&path).by("teamLeader").send().await.status, 404);
    }

    /// One question becomes an LWP and the other a goal, and each is traced back to the conversation (CV-4).
    async fn questions_lead_somewhere(&self, conversation: &str) {
        let world = &self.world;
        let asked = self.seen(&self.student("/learning-questions"), "student").await["items"].clone();
        let processes = work_processes(world).await;
        let lwp = published_lwp(world, meal(world, &processes[0].1), "teacher").await;
        let new = json!({
            "studentId": world.college.person("student"), "lwpId": lwp, "dueOn": in_days(world, 20).date_naive(), "learningQuestionId": asked[0]["id"]
        });
        let assigned = world.post("/lwp-assignments", new).by("coach").send().await.created();
        let facts = json!({ "title": "Zeggen wat ik niet weet" });
        let question = world.decide("/learning-questions", &id(&asked[1]), "makeGoal", facts).by("student").send().await.ok();
        let first = self.seen(&format!("/learning-questions/{}", id(&asked[0])), "coach").await;
        assert_eq!((&first["state"], &first["lwpAssignmentId"]), (&json!("becameLwp"), &assigned["id"]));
        let goal = self.seen(&format!("/goals/{}", question["goalId"].as_str().expect("a goal")), "coach").await;
        assert_eq!((&goal["learningQuestionId"], &goal["conversationId"]), (&asked[1]["id"], &json!(conversation)));
        let links = json!([{ "kind": "conversation", "id": conversation }, { "kind": "goal", "id": goal["id"] }, { "kind": "lwpAssignment", "id": assigned["id"] }]);
        let entry = json!({ "area": "career", "kind": "reflection", "title": "Na het gesprek", "body": "Ik durf meer.", "visibility": "coach", "links": links });
        world.post(&self.student("/portfolio-entries"), entry).by("student").send().await.created();
        let query = format!("/portfolio-entries?linkKind=conversation&linkId={conversation}");
        assert_eq!(texts(&self.seen(&self.student(&query), "coach").await, "title"), ["Na het gesprek"]);
    }

    /// The conversation that closes the start programme begins with what was agreed and is still open (CV-1, SP-5).
    async fn close_the_programme(&self) {
        let world = &self.world;
        let mut new = talk(world, &[], 3);
        new["kind"] = json!("startProgrammeClosing");
        let id = made(world, new, "coach").await;
        for by in ["student", "coach"] {
            let open = self.seen(&format!("{CONVERSATIONS}/{id}/preparation"), by).await;
            assert_eq!(
                (&open["openAgreements"][0]["text"], &open["openAgreements"][0]["overdue"]),
                (&json!("Ik bel de kok."), &json!(true)),
                "{by}"
            );
            assert_eq!(open["openLearningQuestions"], json!([]), "both led somewhere");
        }
        self.prepares(&id, "student", "Ik blijf").await;
        for (by, first) in [("student", "Ditwilikbespreken"), ("coach", "Watdestudentwilbereiken")] {
            let (pages, paper) =
                printed(&world.get(&format!("{CONVERSATIONS}/{id}/sheet.pdf?language=nl")).by(by).send().await.bytes);
            assert_eq!((pages, paper.contains("Ikbeldekok."), paper.contains(first)), (1, true, true), "{by}: {paper}");
            assert_eq!(paper.contains("Ikblijf"), by == "student", "what the student prepared is the student's alone: {paper}");
        }
        let overview = format!("/coaches/{}/conversation-overview", world.college.person("coach"));
        let own = self.seen(&overview, "coach").await["items"][0].clone();
        assert_eq!(
            (&own["agreements"][0]["text"], &own["overdueAgreements"], &own["tickingIndex"]),
            (&json!("Ik bel de kok."), &json!(1), &Value::Null)
        );
        world.wait(TimeDelta::days(4));
        decided(world, &id, "coach", "markHeld", json!({ "faceToFace": true })).await;
        world
            .decide("/enrolments", &self.enrolment, "stateMotivation", json!({ "motivation": "Ik wil koken." }))
            .by("student")
            .send()
            .await
            .ok();
        let facts = json!({ "outcome": "continue", "motivation": "Het past.", "conversationId": id });
        let programme = self.programme.rsplit('/').next().expect("an id");
        let closed = world.decide("/start-programmes", programme, "close", facts).by("coach").send().await.ok();
        assert_eq!(closed["conversationId"], json!(id));
        let agreement = texts(&self.seen(&self.student("/agreements"), "student").await, "id").remove(0);
        world.decide("/agreements", &agreement, "complete", json!({})).by("student").send().await.ok();
        let card = self.seen(&self.student(""), "student").await;
        assert_eq!((&card["nextConversation"], card["openGoals"].as_array().map(Vec::len)), (&Value::Null, Some(2)));
    }
}

both! {
    async fn lm_5_a_student_grows_through_three_rounds_and_two_conversations_and_the_picture_shows_it(world: World) {
        let mut growing = Growing::begin(world).await;
        growing.others_rate(1).await;
        growing.student_rates(1).await;
        let first = growing.shows().await;
        let conversation = growing.talk_about_the_round().await;
        growing.they_agree_on_the_second_version(&conversation).await;
        growing.questions_lead_somewhere(&conversation).await;
        growing.world.wait(TimeDelta::days(14));

        growing.others_rate(4).await;
        growing.student_rates(2).await;
        let second = growing.shows().await;
        growing.world.wait(TimeDelta::days(14));
        growing.others_rate(4).await;
        growing.student_rates(4).await;
        let third = growing.shows().await;
        assert!(first < second && second < third, "every round adds to the picture: {first}, {second}, {third}");
        growing.close_the_programme().await;
    }
}
