//! One student, from a shadow day to a definitive enrolment in another landscape, and what everyone sees on the way.
//!
//! The account `prospect` is the student of this story. After every step everyone is asked what they see: those who
//! are named see the thing in this state with these decisions open to them, everyone else does not see it at all.

mod arriving;
mod starting;
mod switching;

use chrono::{NaiveDate, TimeDelta};
use domain::start_programme::SchoolYear;
use serde_json::{Value, json};

use crate::both;
use crate::harness::World;

/// Who is asked after every step.
const EVERYONE: [&str; 20] = [
    "prospect",
    "coach",
    "secondCoach",
    "otherCoach",
    "scout",
    "otherScout",
    "teacher",
    "otherTeacher",
    "teamLeader",
    "otherTeamLeader",
    "landscapeManager",
    "otherLandscapeManager",
    "sabAdviser",
    "workplaceTrainer",
    "director",
    "administrator",
    "privacyOfficer",
    "otherStudent",
    "nobody",
    "dashboard",
];

/// Someone who sees a thing: in which state, and which decisions they may take.
type Reader = (&'static str, &'static str, &'static str);

/// What an application leads to, for those who are told all of it, and for a teacher and who is asked to take over.
/// The portfolio is the student's own.
const OWN: &[&str] = &["application", "enrolment", "switch", "startProgramme", "portfolioEntry"];
const ALL: &[&str] = &["application", "enrolment", "switch", "startProgramme"];
const OF_SCHOOL: &[&str] = &["enrolment", "switch", "startProgramme"];
const OF_THE_PROPOSAL: &[&str] = &["application", "enrolment", "switch"];

/// What there is by now; empty until it is.
#[derive(Default)]
struct Ids {
    application: String,
    enrolment: String,
    programme: String,
    switch: String,
    new_enrolment: String,
    new_programme: String,
}

struct Story {
    world: World,
    /// The first day of the start programme.
    monday: NaiveDate,
    ids: Ids,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn words(value: &Value) -> String {
    let words: Vec<_> = value.as_array().expect("a list").iter().map(|word| word.as_str().expect("a word")).collect();
    words.join(" ")
}

impl Story {
    fn begin(world: World) -> Self {
        let monday = world.first_monday();
        let story = Self { world, monday, ids: Ids::default() };
        story.until(-60);
        story
    }

    fn day(&self, from_monday: i64) -> NaiveDate {
        self.monday + TimeDelta::days(from_monday)
    }

    /// Lets time pass until the morning of so many days from the first Monday.
    fn until(&self, day: i64) {
        self.world.wait_until(self.day(day));
    }

    fn student(&self) -> &str {
        self.world.college.person("prospect")
    }

    /// These see the thing as it is said here, and nobody else sees that there is one.
    async fn seen(&self, path: &str, readers: &[Reader]) {
        for subject in EVERYONE {
            let said = self.world.get(path).by(subject).send().await;
            let Some((_, state, open)) = readers.iter().find(|(reader, ..)| *reader == subject) else {
                assert_eq!(said.status, 404, "{subject} on {path}: {}", said.text);
                assert_eq!(said.problem(404), "request.not-found");
                continue;
            };
            let thing = said.ok();
            assert_eq!(
                (thing["state"].as_str(), words(&thing["openDecisions"]).as_str()),
                (Some(*state), *open),
                "{subject} on {path}"
            );
        }
    }

    /// These get an answer there, and nobody else.
    async fn open_to(&self, path: &str, readers: &[&str]) {
        for subject in EVERYONE {
            let status = self.world.get(path).by(subject).send().await.status;
            assert_eq!(status, if readers.contains(&subject) { 200 } else { 404 }, "{subject} on {path}");
        }
    }

    /// For these the list is not empty, for everyone else it is.
    async fn listed(&self, path: &str, readers: &[&str]) {
        for subject in EVERYONE {
            let page = self.world.get(path).by(subject).send().await;
            let filled = page.status == 200 && page.json()["items"].as_array().is_some_and(|items| !items.is_empty());
            assert_eq!(filled, readers.contains(&subject), "{subject} on {path}: {}", page.text);
        }
    }

    async fn get(&self, path: &str, subject: &str) -> Value {
        self.world.get(path).by(subject).send().await.ok()
    }

    async fn decide(&self, things: &str, id: &str, decision: &str, facts: Value, subject: &str) -> Value {
        self.world.decide(things, id, decision, facts).by(subject).send().await.ok()
    }

    fn application(&self) -> String {
        format!("/applications/{}", self.ids.application)
    }

    fn enrolment(&self) -> String {
        format!("/enrolments/{}", self.ids.enrolment)
    }

    fn programme(&self) -> String {
        format!("/start-programmes/{}", self.ids.programme)
    }

    fn card(&self) -> String {
        format!("/students/{}", self.student())
    }

    /// What of this student is told to someone who follows the changes from the very first, page by page.
    async fn told_to(&self, subject: &str) -> Vec<String> {
        let (mut told, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("/changes?limit=3{after}"), subject).await;
            let items = page["items"].as_array().expect("items");
            let own = items.iter().filter(|item| item["studentId"] == self.student());
            told.extend(own.map(|item| format!("{} {}", text(&item["subject"]), text(&item["what"]))));
            let next = format!("&after={}", text(&page["nextCursor"]));
            if next == after {
                return told;
            }
            after = next;
        }
    }

    /// Of what happened these are told what is about these subjects, all of it in order; nobody else is told anything.
    async fn heard(&self, listeners: &[(&str, &[&str])]) {
        let events = self.events();
        for subject in EVERYONE {
            let heard = listeners.iter().find(|(listener, _)| *listener == subject).map_or(&[][..], |(_, heard)| heard);
            let expected: Vec<_> = events.iter().filter(|event| heard.iter().any(|of| event.starts_with(of))).cloned().collect();
            assert_eq!(self.told_to(subject).await, expected, "{subject}");
        }
    }

    /// Everything that was told of this student, in order.
    fn events(&self) -> Vec<String> {
        self.world.rows(&format!(
            "SELECT subject || ' ' || what AS row FROM events WHERE student_id = <{}> ORDER BY position",
            self.student()
        ))
    }
}

fn template(landscape: &str, year: SchoolYear, title: &str) -> Value {
    let activities = json!([{ "title": "Kennismaken" }, { "title": "Langs de werkplaatsen" }]);
    let week = |week| json!({ "week": week, "theme": format!("Thema {week}"), "activities": activities });
    let weeks: Vec<_> = (1..=10).map(week).collect();
    json!({ "landscapeId": landscape, "schoolYear": year.to_string(), "title": title, "weeks": weeks })
}

both! {
    async fn a_student_comes_to_look_starts_switches_in_week_four_and_becomes_definitive_elsewhere(world: World) {
        let mut story = Story::begin(world);
        let secret = story.looks_round().await;
        story.the_college_prepares_the_year().await;
        story.applies(&secret).await;
        story.is_interviewed().await;
        story.is_placed().await;
        story.everyone_sees_the_placement().await;
        story.starts_school().await;
        story.lags_after_the_holiday().await;
        story.asks_to_switch().await;
        story.is_taken_in_and_not_with_too_much_credit().await;
        story.the_rights_moved_at_one_moment().await;
        story.goes_on_in_the_new_programme().await;
        story.becomes_definitive().await;
        story.the_chain_of_coaches_has_no_gap().await;
        story.everything_was_told_in_order().await;
    }
}
