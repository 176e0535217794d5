//! From the placement to the fourth week of the start programme (EN-1, SP-2, SP-3).

use serde_json::{Value, json};

use super::{ALL, OF_SCHOOL, OWN, Story, text};
use crate::harness::findings;

impl Story {
    /// Student, provisional enrolment, coach and start programme begin at once (EN-1, SP-2).
    pub async fn is_placed(&mut self) {
        self.until(-10);
        let college = &self.world.college;
        let place = json!({
            "teamId": college.team, "coachId": college.person("coach"), "crebo": "25655", "route": "bol", "startsOn": self.monday
        });
        let placed = self.decide("/applications", &self.ids.application, "place", place, "scout").await;
        assert_eq!((placed["state"].as_str(), placed["studentId"].as_str()), (Some("placed"), Some(self.student())));
        self.ids.enrolment = text(&placed["enrolmentId"]);
        let programme = self.get(&format!("{}/start-programme", self.enrolment()), "prospect").await;
        self.ids.programme = text(&programme["id"]);
        let starts: Vec<_> = programme["weeks"].as_array().expect("weeks").iter().map(|week| text(&week["startsOn"])).collect();
        let expected = [0, 7, 21, 28, 35, 42, 49, 56, 63, 70].map(|day| self.day(day).to_string());
        assert_eq!(starts, expected, "the week of holiday is skipped");
    }

    pub async fn everyone_sees_the_placement(&self) {
        let readers =
            [("prospect", "placed", ""), ("scout", "placed", ""), ("coach", "placed", ""), ("teamLeader", "placed", "")];
        self.seen(&self.application(), &readers).await;
        assert_eq!(self.get(&self.application(), "coach").await["interview"]["supportNeeds"], findings()["supportNeeds"]);
        assert!(self.get(&self.application(), "teamLeader").await["applicant"].is_null(), "a team leader sees the state alone");

        let readers = [
            ("prospect", "provisional", "stateMotivation requestSwitch"),
            ("coach", "provisional", "requestSwitch leave"),
            ("scout", "provisional", ""),
            ("teacher", "provisional", ""),
            ("teamLeader", "provisional", "requestSwitch leave"),
        ];
        self.seen(&self.enrolment(), &readers).await;
        let readers = [
            ("prospect", "running", ""),
            ("coach", "running", "close"),
            ("scout", "running", ""),
            ("teacher", "running", ""),
            ("teamLeader", "running", ""),
        ];
        self.seen(&self.programme(), &readers).await;
        assert_eq!(self.get(&self.programme(), "scout").await["weeks"], json!([]), "a scout sees the outcome alone");

        let related = ["prospect", "coach", "scout", "teacher", "teamLeader"];
        self.open_to(&self.card(), &related).await;
        self.listed("/students", &related).await;
        self.open_to(&format!("{}/coaches", self.card()), &related).await;
        self.listed(&format!("/coaches/{}/caseload", self.world.college.person("coach")), &["coach", "teamLeader"]).await;
        let me = self.get("/me", "prospect").await;
        assert_eq!((&me["enrolment"]["id"], &me["enrolment"]["state"]), (&json!(self.ids.enrolment), &json!("provisional")));
        assert_eq!(me["coach"]["id"], self.world.college.person("coach"));
    }

    /// The student does a week: both activities and a reflection.
    pub async fn does_week(&self, programme: &str, week: usize) {
        let put = async |rest: String, body: Value| {
            let seen = self.world.get(programme).by("prospect").send().await;
            self.world.put(&format!("{programme}/weeks/{week}/{rest}"), body).by("prospect").if_match(&seen).send().await.ok()
        };
        let seen = self.get(programme, "prospect").await;
        for activity in seen["weeks"][week - 1]["activities"].as_array().expect("activities") {
            put(format!("activities/{}", text(&activity["id"])), json!({ "done": true })).await;
        }
        let after = put("reflection".to_owned(), json!({ "text": format!("Week {week} ging goed.") })).await;
        assert_eq!(after["weeks"][week - 1]["done"], true);
    }

    /// Two weeks of marks and reflections, with a note of the coach and the student's own motivation.
    pub async fn starts_school(&self) {
        self.until(0);
        self.does_week(&self.programme(), 1).await;
        let note = self.world.put(&format!("{}/weeks/1/coach-note", self.programme()), json!({ "text": "Vraag naar thuis." }));
        note.by("coach").header("If-Match", "*").send().await.ok();
        for (subject, reflection) in
            [("coach", true), ("teacher", true), ("teamLeader", true), ("prospect", true), ("scout", false)]
        {
            let shown = self.get(&self.programme(), subject).await;
            assert_eq!(shown["weeks"][0]["reflection"].is_string(), reflection, "{subject}");
        }
        self.until(7);
        let motivation = json!({ "motivation": "Ik wil verpleegkundige worden, om mijn oma." });
        self.decide("/enrolments", &self.ids.enrolment, "stateMotivation", motivation, "prospect").await;
        self.does_week(&self.programme(), 2).await;
        // The scout's fourteen days after the decision are over.
        let readers = [
            ("prospect", "provisional", "stateMotivation requestSwitch"),
            ("coach", "provisional", "confirm requestSwitch leave"),
            ("teacher", "provisional", ""),
            ("teamLeader", "provisional", "requestSwitch leave"),
        ];
        self.seen(&self.enrolment(), &readers).await;
        assert!(self.get(&self.enrolment(), "teacher").await["motivation"].is_null(), "a teacher reads no texts");
        self.seen(&self.application(), &[("prospect", "placed", ""), ("coach", "placed", ""), ("teamLeader", "placed", "")])
            .await;
        let caseload = self.get(&format!("/coaches/{}/caseload", self.world.college.person("coach")), "coach").await;
        assert_eq!(caseload["items"][0]["asksFor"], json!(["confirmation"]));
    }

    /// Week three was not done: in week four coach and team see it at a glance (SP-3).
    pub async fn lags_after_the_holiday(&self) {
        self.until(28);
        self.listed("/start-programmes?behindAtLeast=1", &["prospect", "coach", "teacher", "teamLeader"]).await;
        self.listed("/start-programmes?behindAtLeast=2", &[]).await;
        let overview = self.get("/start-programmes", "coach").await;
        let one = &overview["items"][0];
        assert_eq!((&one["week"], &one["behindBy"], &one["id"]), (&json!(4), &json!(1), &json!(self.ids.programme)));
        self.heard(&[("prospect", OWN), ("coach", ALL), ("teamLeader", ALL), ("teacher", OF_SCHOOL)]).await;
    }
}
