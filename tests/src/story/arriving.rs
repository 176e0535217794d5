//! From the shadow day to the scout's decision (IN-1 to IN-4).

use chrono::TimeDelta;
use domain::start_programme::SchoolYear;
use serde_json::{Value, json};

use super::{ALL, Story, template, text, words};
use crate::harness::findings;

fn interview(career_perspective: &str) -> Value {
    let mut interview = findings();
    interview["careerPerspective"] = career_perspective.into();
    interview
}

impl Story {
    /// A shadow day with one place: our prospect waits in line until the other one cancels, comes, and tells of it.
    pub async fn looks_round(&self) -> String {
        let world = &self.world;
        let starts_at = world.now() + TimeDelta::days(7);
        let day = json!({
            "kind": "shadowDay", "title": "Meeloopdag Zorg", "landscapeId": world.college.landscape, "startsAt": starts_at,
            "endsAt": starts_at + TimeDelta::hours(6), "place": "Praktijklokaal 3", "capacity": 1
        });
        let day = text(&world.post("/orientation-activities", day).by("scout").send().await.created()["id"]);
        let path = format!("/orientation-activities/{day}/registrations");
        let register = async |name: &str| {
            let body = json!({"givenName": name, "familyName": "Bos", "birthDate": "2010-02-03", "email": "bos@voorbeeld.nl"});
            world.post(&path, body).send().await.created()
        };
        let (other, mine) = (register("Eerste").await, register("Sem").await);
        assert_eq!((other["state"].as_str(), mine["state"].as_str()), (Some("registered"), Some("waitlisted")));
        let secret = text(&mine["secret"]);
        let gone =
            world.decide("/registrations", &text(&other["id"]), "cancel", json!({"secret": other["secret"]})).send().await.ok();
        assert_eq!(gone["state"], "cancelled");
        let registration = text(&mine["id"]);
        let own = world.get(&format!("/registrations/{registration}")).header("Registration-Secret", &secret).send().await.ok();
        assert_eq!((own["state"].as_str(), words(&own["openDecisions"]).as_str()), (Some("registered"), "cancel"));
        let readers = [
            ("scout", "registered", "cancel markAttended markAbsent"),
            ("landscapeManager", "registered", "markAttended markAbsent"),
        ];
        self.seen(&format!("/registrations/{registration}"), &readers).await;

        self.until(-52);
        self.decide("/registrations", &registration, "markAttended", json!({}), "scout").await;
        let told = json!({"secret": secret, "seen": "Er wordt veel samengewerkt.", "learned": "Dat ik dat graag doe."});
        let told = world.decide("/registrations", &registration, "addExperience", told).send().await.ok();
        assert_eq!((told["state"].as_str(), &told["experience"]["learned"]), (Some("attended"), &json!("Dat ik dat graag doe.")));
        self.seen(&format!("/registrations/{registration}"), &[("scout", "attended", ""), ("landscapeManager", "attended", "")])
            .await;
        secret
    }

    /// Both landscapes publish their start programme, and the administrator lays down a week of holiday (SP-1, SP-2).
    pub async fn the_college_prepares_the_year(&self) {
        let (world, year) = (&self.world, SchoolYear::of(self.monday));
        let holiday = json!({ "holidays": [{ "title": "Oogstweek", "firstOn": self.day(12), "lastOn": self.day(20) }] });
        let calendar = world.put(&format!("/school-calendars/{year}"), holiday).by("administrator").header("If-None-Match", "*");
        calendar.send().await.created();
        let college = &world.college;
        for (landscape, manager) in
            [(&college.landscape, "landscapeManager"), (&college.other_landscape, "otherLandscapeManager")]
        {
            let body = template(landscape, year, manager);
            let draft = world.post("/start-programme-templates", body).by(manager).send().await.created();
            assert_eq!(words(&draft["openDecisions"]), "publish");
            let id = text(&draft["id"]);
            let published = self.decide("/start-programme-templates", &id, "publish", json!({}), manager).await;
            assert_eq!((published["state"].as_str(), words(&published["openDecisions"]).as_str()), (Some("published"), "retire"));
            let read = self.get(&format!("/start-programme-templates/{id}"), "coach").await;
            assert_eq!((read["title"].as_str(), words(&read["openDecisions"]).as_str()), (Some(manager), ""));
        }
    }

    /// The secret of the shadow day brings the experience along (IN-2).
    pub async fn applies(&mut self, secret: &str) {
        let body = json!({
            "landscapeId": self.world.college.landscape, "givenName": "Sem", "familyName": "Bos", "birthDate": "2010-02-03",
            "email": "sem@voorbeeld.nl", "motivation": "Ik wil mensen helpen.", "crebo": "25655", "registrationSecrets": [secret]
        });
        let new = self.world.post("/applications", body).by("prospect").send().await.created();
        self.ids.application = text(&new["id"]);
        assert_eq!(new["applicant"]["id"], self.student());
        assert_eq!(self.world.rows("SELECT what AS row FROM events WHERE what = 'linked'").len(), 1);
        let readers = [("prospect", "submitted", "withdraw"), ("scout", "submitted", "assignScout withdraw")];
        self.seen(&self.application(), &readers).await;
        self.listed("/applications", &["prospect", "scout"]).await;
        assert!(self.get("/me", "prospect").await["enrolment"].is_null());
    }

    /// The interview is corrected once; both versions are kept (IN-3, IN-4).
    pub async fn is_interviewed(&self) {
        let step = async |decision: &str, facts: Value, state: &'static str, open: &'static str| {
            let after = self.decide("/applications", &self.ids.application, decision, facts, "scout").await;
            assert_eq!((after["state"].as_str(), words(&after["openDecisions"]).as_str()), (Some(state), open));
            self.seen(&self.application(), &[("prospect", state, "withdraw"), ("scout", state, open)]).await;
        };
        let scout = self.world.college.person("scout");
        step("assignScout", json!({ "scoutId": scout }), "scoutAssigned", "planInterview withdraw").await;
        let plan = json!({ "startsAt": self.world.now() + TimeDelta::days(5), "place": "A1.04" });
        step("planInterview", plan, "interviewPlanned", "recordInterview withdraw").await;
        assert_eq!(self.get(&self.application(), "prospect").await["interviewPlace"], "A1.04");
        self.until(-30);
        let open = "correctInterview place redirect adviseOrientation withdraw";
        step("recordInterview", interview("Verzorgende"), "interviewed", open).await;
        step("correctInterview", interview("Verpleegkundige"), "interviewed", open).await;

        let versions = format!("{}/interviews", self.application());
        self.open_to(&versions, &["scout"]).await;
        let kept = self.get(&versions, "scout").await;
        let perspectives = kept["items"].as_array().expect("versions").iter().map(|version| text(&version["careerPerspective"]));
        assert_eq!(perspectives.collect::<Vec<_>>(), ["Verzorgende", "Verpleegkundige"]);
        let own = self.get(&self.application(), "prospect").await;
        assert_eq!((&own["advice"], &own["interview"]), (&findings()["advice"], &Value::Null));
        let whole = self.get(&self.application(), "scout").await;
        assert_eq!(
            (&whole["interview"]["number"], &whole["interview"]["careerPerspective"]),
            (&json!(2), &json!("Verpleegkundige"))
        );
        self.heard(&[("prospect", ALL), ("scout", ALL)]).await;
    }
}
