//! From the switch in week four to a definitive enrolment in the other landscape (EN-4, SP-4, SP-5).

use serde_json::{Value, json};

use super::{ALL, OF_SCHOOL, OF_THE_PROPOSAL, OWN, Story, text};
use crate::harness::findings;

impl Story {
    pub async fn asks_to_switch(&mut self) {
        let facts = json!({ "landscapeId": self.world.college.other_landscape, "motivation": "Ik bouw liever." });
        let asked = self.decide("/enrolments", &self.ids.enrolment, "requestSwitch", facts, "prospect").await;
        self.ids.switch = text(&asked["switchId"]);
        let readers = [
            ("prospect", "requested", "withdraw"),
            ("coach", "requested", "withdraw"),
            ("otherCoach", "requested", "accept refuse"),
            ("teacher", "requested", ""),
            ("teamLeader", "requested", "withdraw"),
        ];
        self.seen(&format!("/switches/{}", self.ids.switch), &readers).await;
        self.listed("/switches", &["prospect", "coach", "otherCoach", "teacher", "teamLeader"]).await;
        // The coach stays responsible; who is asked sees name and programme, and nothing of what was written.
        let readers = [
            ("prospect", "provisional", "stateMotivation"),
            ("coach", "provisional", "confirm leave"),
            ("otherCoach", "provisional", ""),
            ("teacher", "provisional", ""),
            ("teamLeader", "provisional", "leave"),
        ];
        self.seen(&self.enrolment(), &readers).await;
        let reduced = self.get(&self.enrolment(), "otherCoach").await;
        assert_eq!((&reduced["crebo"], &reduced["student"]["familyName"]), (&json!("25655"), &json!("Prospect")));
        assert_eq!((&reduced["motivation"], &reduced["coach"], &reduced["startsOn"]), (&Value::Null, &Value::Null, &Value::Null));
        let application = self.get(&self.application(), "otherCoach").await;
        assert_eq!((&application["interview"], &application["motivation"]), (&Value::Null, &Value::Null));
        let related = ["prospect", "coach", "teacher", "teamLeader"];
        self.open_to(&self.programme(), &related).await;
        self.open_to(&format!("{}/coaches", self.card()), &related).await;
        self.open_to(&self.card(), &["prospect", "coach", "otherCoach", "teacher", "teamLeader"]).await;
        let listeners =
            [("prospect", OWN), ("coach", ALL), ("teamLeader", ALL), ("teacher", OF_SCHOOL), ("otherCoach", OF_THE_PROPOSAL)];
        self.heard(&listeners).await;
    }

    /// Only a coach of the receiving landscape takes a student in, and no more is credited than was done (SP-4).
    pub async fn is_taken_in_and_not_with_too_much_credit(&mut self) {
        let college = &self.world.college;
        let accept = |weeks: u8| {
            json!({
                "decision": "accept", "teamId": college.other_team, "coachId": college.person("otherCoach"), "crebo": "25266",
                "creditedWeeks": weeks
            })
        };
        let path = format!("/switches/{}/decisions", self.ids.switch);
        for (subject, status) in [("coach", 403), ("teamLeader", 403), ("prospect", 403), ("teacher", 403), ("secondCoach", 404)]
        {
            assert_eq!(self.world.post(&path, accept(2)).by(subject).send().await.status, status, "{subject}");
        }
        let faults = self.world.post(&path, accept(3)).by("otherCoach").send().await.faults();
        assert_eq!(faults[0].0, "/creditedWeeks");
        assert_eq!(self.get(&self.programme(), "coach").await["state"], "running", "a refusal stops nothing");

        let accepted = self.world.post(&path, accept(2)).by("otherCoach").send().await.ok();
        assert_eq!((&accepted["state"], &accepted["creditedWeeks"]), (&json!("accepted"), &json!(2)));
        self.ids.new_enrolment = text(&accepted["newEnrolmentId"]);
        let programme = self.get(&format!("/enrolments/{}/start-programme", self.ids.new_enrolment), "otherCoach").await;
        self.ids.new_programme = text(&programme["id"]);
    }

    /// From one moment on the old side sees nothing of anything any more, and the new side sees all of it (EN-2, EN-4).
    pub async fn the_rights_moved_at_one_moment(&self) {
        let now = ["prospect", "otherCoach", "otherTeacher", "otherTeamLeader"];
        self.open_to(&self.card(), &now).await;
        self.open_to(&format!("{}/coaches", self.card()), &now).await;
        self.listed("/students", &now).await;
        for list in ["/enrolments", "/switches", "/start-programmes"] {
            self.listed(list, &now).await;
        }
        self.listed("/applications", &["prospect", "otherCoach", "otherTeamLeader"]).await;
        self.listed(&format!("/coaches/{}/caseload", self.world.college.person("coach")), &[]).await;
        let others = format!("/coaches/{}/caseload", self.world.college.person("otherCoach"));
        self.listed(&others, &["otherCoach", "otherTeamLeader"]).await;

        let all = |state: &'static str| now.map(|subject| (subject, state, ""));
        self.seen(&format!("/switches/{}", self.ids.switch), &all("accepted")).await;
        self.seen(&self.enrolment(), &all("switched")).await;
        self.seen(&self.programme(), &all("switched")).await;
        let readers = [
            ("prospect", "provisional", "stateMotivation requestSwitch"),
            ("otherCoach", "provisional", "requestSwitch leave"),
            ("otherTeacher", "provisional", ""),
            ("otherTeamLeader", "provisional", "requestSwitch leave"),
        ];
        self.seen(&format!("/enrolments/{}", self.ids.new_enrolment), &readers).await;
        let application = self.get(&self.application(), "otherCoach").await;
        assert_eq!(application["interview"]["supportNeeds"], findings()["supportNeeds"], "the new coach reads the interview");
        let old = self.get(&self.programme(), "otherCoach").await;
        assert_eq!(old["weeks"][0]["reflection"], "Week 1 ging goed.");

        let new = self.get(&format!("/enrolments/{}", self.ids.new_enrolment), "prospect").await;
        assert_eq!((&new["previousEnrolmentId"], &new["motivation"]), (&json!(self.ids.enrolment), &Value::Null));
        assert_eq!((&new["coach"]["id"], &new["crebo"]), (&json!(self.world.college.person("otherCoach")), &json!("25266")));
        let me = self.get("/me", "prospect").await;
        assert_eq!((&me["enrolment"]["id"], &me["coach"]["id"]), (&new["id"], &new["coach"]["id"]));
        let listeners = [("prospect", OWN), ("otherCoach", ALL), ("otherTeamLeader", ALL), ("otherTeacher", OF_SCHOOL)];
        self.heard(&listeners).await;
    }

    /// The new programme goes on in week three, this very Monday (SP-4).
    pub async fn goes_on_in_the_new_programme(&self) {
        let path = format!("/start-programmes/{}", self.ids.new_programme);
        let programme = self.get(&path, "otherCoach").await;
        let credited: Vec<_> =
            programme["weeks"].as_array().expect("weeks").iter().map(|week| week["credited"] == true).collect();
        assert_eq!(credited, [true, true, false, false, false, false, false, false, false, false]);
        assert_eq!((&programme["week"], &programme["behindBy"]), (&json!(3), &json!(0)));
        assert_eq!(programme["weeks"][2]["startsOn"], self.day(28).to_string());
        self.does_week(&path, 3).await;
        let readers = [
            ("prospect", "running", ""),
            ("otherCoach", "running", "close"),
            ("otherTeacher", "running", ""),
            ("otherTeamLeader", "running", ""),
        ];
        self.seen(&path, &readers).await;
    }

    /// Definitive needs the student's own motivation for the new field, and comes with the closing conversation (EN-3, SP-5).
    pub async fn becomes_definitive(&self) {
        self.until(28 + 56);
        let (enrolment, programme) = (&self.ids.new_enrolment, &self.ids.new_programme);
        let close = json!({ "outcome": "continue", "motivation": "Sem bouwt, en het past." });
        let early =
            self.world.decide("/start-programmes", programme, "close", close.clone()).by("otherCoach").send().await.with(409);
        assert_eq!((&early["code"], &early["state"]), (&json!("start-programme.motivation-missing"), &json!("running")));
        let motivation = json!({ "motivation": "Ik wil timmerman worden." });
        let stated = self.decide("/enrolments", enrolment, "stateMotivation", motivation, "prospect").await;
        assert_eq!(stated["state"], "provisional");
        let closed = self.decide("/start-programmes", programme, "close", close, "otherCoach").await;
        assert_eq!(
            (&closed["state"], &closed["outcome"], &closed["openDecisions"]),
            (&json!("closed"), &json!("continue"), &json!([]))
        );
        let readers = [
            ("prospect", "definitive", "requestSwitch"),
            ("otherCoach", "definitive", "requestSwitch leave graduate"),
            ("otherTeacher", "definitive", ""),
            ("otherTeamLeader", "definitive", "requestSwitch leave graduate"),
        ];
        self.seen(&format!("/enrolments/{enrolment}"), &readers).await;
        assert_eq!(self.get("/me", "prospect").await["enrolment"]["state"], "definitive");
    }

    /// Until of the one is from of the other, to the microsecond, and everything else of the switch says that moment too (EN-1).
    pub async fn the_chain_of_coaches_has_no_gap(&self) {
        let chain = self.get(&format!("{}/coaches", self.card()), "prospect").await;
        assert_eq!(chain["numberOfCoaches"], 2);
        let links = chain["items"].as_array().expect("links");
        let coaches: Vec<_> = links.iter().map(|link| text(&link["coachId"])).collect();
        assert_eq!(coaches, ["coach", "otherCoach"].map(|subject| self.world.college.person(subject).to_owned()));
        assert_eq!((&links[0]["cause"], &links[1]["cause"]), (&json!("placement"), &json!("switch")));
        let moment = &links[1]["from"];
        assert_eq!((&links[0]["until"], &links[1]["until"]), (moment, &Value::Null));
        assert_eq!(&self.get(&self.enrolment(), "prospect").await["endedAt"], moment);
        assert_eq!(&self.get(&format!("/switches/{}", self.ids.switch), "prospect").await["answeredAt"], moment);
        assert_eq!(&self.get(&self.programme(), "prospect").await["endedAt"], moment);
    }

    pub async fn everything_was_told_in_order(&self) {
        let week = ["startProgramme activityMarked", "startProgramme activityMarked", "startProgramme reflected"];
        let mut expected = vec![
            "application submitted",
            "application scoutAssigned",
            "application interviewPlanned",
            "application interviewRecorded",
            "application interviewCorrected",
            "application placed",
            "enrolment placed",
            "portfolioEntry created",
            "startProgramme started",
        ];
        expected.extend(week);
        expected.extend(["startProgramme weekNoted", "enrolment motivationStated"]);
        expected.extend(week);
        expected.extend([
            "enrolment switchRequested",
            "switch requested",
            "startProgramme switched",
            "enrolment switched",
            "enrolment placed",
            "startProgramme started",
            "switch accepted",
        ]);
        expected.extend(week);
        expected.extend(["enrolment motivationStated", "startProgramme closed", "enrolment confirmed"]);
        assert_eq!(self.events(), expected);
        let listeners = [("prospect", OWN), ("otherCoach", ALL), ("otherTeamLeader", ALL), ("otherTeacher", OF_SCHOOL)];
        self.heard(&listeners).await;
    }
}
