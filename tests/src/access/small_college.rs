//! A college in which every relation to a student is someone's, now or formerly: three students in week three of their
//! start programme, one with a handover unanswered, one with a switch, one definitive; and someone who left.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use domain::start_programme::SchoolYear;
use serde_json::{Value, json};

use super::bodies::{dossier, framework, template};
use crate::harness::{Snapshot, World, findings};

/// Who comes besides those of every college: with which roles, where, and whether the role is over.
const MORE: &[(&str, &[(&str, Option<&str>, bool)])] = &[
    ("switcher", &[]),
    ("settled", &[]),
    ("applicant", &[]),
    ("taskHolder", &[("taskHolderEducation", Some("here"), false)]),
    ("guardianUnder16", &[]),
    ("guardian16", &[]),
    ("guardian18", &[]),
    ("guardianWithoutConsent", &[]),
    ("formerGuardian", &[]),
    ("formerCoach", &[("coach", Some("here"), false)]),
    ("refusedCoach", &[("coach", Some("here"), false)]),
    ("formerScout", &[("scout", Some("here"), true), ("teacher", Some("there"), false)]),
    ("formerTeacher", &[("teacher", Some("here"), true), ("teacher", Some("there"), false)]),
    ("formerTeamLeader", &[("teamLeader", Some("here"), true), ("teacher", Some("there"), false)]),
    ("formerManager", &[("landscapeManager", Some("here"), true), ("teacher", Some("there"), false)]),
    ("formerTrainer", &[("workplaceTrainer", None, false)]),
    ("invitedRater", &[("teacher", Some("there"), false)]),
];

const STUDENTS: [&str; 3] = ["student", "switcher", "settled"];

/// Everyone who has an account in it.
pub const EVERYONE: &[&str] = &[
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
    "prospect",
    "student",
    "otherStudent",
    "guardian",
    "nobody",
    "switcher",
    "settled",
    "applicant",
    "taskHolder",
    "guardianUnder16",
    "guardian16",
    "guardian18",
    "guardianWithoutConsent",
    "formerGuardian",
    "formerCoach",
    "refusedCoach",
    "formerScout",
    "formerTeacher",
    "formerTeamLeader",
    "formerManager",
    "formerTrainer",
    "invitedRater",
    "dashboard",
    "elearning",
];

/// The college, and what things in it are called: `enrolment`, `handover`, `scout`, ...
pub struct SmallCollege {
    pub world: World,
    pub things: BTreeMap<String, String>,
    monday: NaiveDate,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

impl SmallCollege {
    pub async fn build(mut world: World) -> Self {
        for (subject, roles) in MORE {
            world.college.enter(&world.location, subject, roles);
        }
        let monday = world.first_monday();
        let mut college = Self { world, things: BTreeMap::new(), monday };
        college.name_what_is_there();
        college.prepare_the_year().await;
        college.write_lwps().await;
        college.lay_down_frameworks().await;
        college.world.wait_until(monday + TimeDelta::days(1));
        for student in STUDENTS {
            college.place(student).await;
        }
        college.hand_over_from_the_former_coach().await;
        college.world.wait_until(monday + TimeDelta::days(14));
        college.come_to_week_three().await;
        college.plan_placements().await;
        college.assign_lwps().await;
        college.keep_portfolios().await;
        college.hold_rounds().await;
        college.hold_conversations().await;
        college.leave().await;
        college.apply_again().await;
        college.let_prospects_look_round().await;
        college.record_guardians();
        college
    }

    /// The same college in a copy, and what further copies are made of.
    pub async fn keep(self) -> (Self, Snapshot) {
        let Self { world, things, monday } = self;
        let kept = world.keep().await;
        (Self { world: kept.world(), things, monday }, kept)
    }

    pub fn thing(&self, name: &str) -> &str {
        self.things.get(name).unwrap_or_else(|| panic!("there is no {name}"))
    }

    fn name(&mut self, name: &str, id: &Value) {
        self.things.insert(name.to_owned(), text(id));
    }

    fn name_what_is_there(&mut self) {
        let college = &self.world.college;
        let people = EVERYONE.iter().filter(|subject| !["dashboard", "elearning"].contains(subject));
        let people = people.map(|subject| ((*subject).to_owned(), college.person(subject).to_owned()));
        let units = [
            ("landscape", &college.landscape),
            ("otherLandscape", &college.other_landscape),
            ("team", &college.team),
            ("otherTeam", &college.other_team),
        ];
        let units = units.map(|(name, id)| (name.to_owned(), id.clone()));
        self.things = people.chain(units).collect();
        self.things.insert("schoolYear".to_owned(), SchoolYear::of(self.monday).to_string());
        self.things.insert("week".to_owned(), "3".to_owned());
        self.things.insert("indicator".to_owned(), "start-programmes".to_owned());
    }

    async fn post(&self, path: &str, body: Value, subject: &str) -> Value {
        self.world.post(path, body).by(subject).send().await.created()
    }

    pub(super) async fn decide(&self, things: &str, id: &str, decision: &str, facts: Value, subject: &str) -> Value {
        self.world.decide(things, id, decision, facts).by(subject).send().await.ok()
    }

    pub(super) async fn get(&self, path: &str, subject: &str) -> Value {
        self.world.get(path).by(subject).send().await.ok()
    }

    async fn prepare_the_year(&mut self) {
        let year = self.thing("schoolYear").to_owned();
        let calendar = self.world.put(&format!("/school-calendars/{year}"), json!({ "holidays": [] }));
        calendar.by("administrator").header("If-None-Match", "*").send().await.created();
        for (name, landscape, manager) in
            [("published", "landscape", "landscapeManager"), ("publishedThere", "otherLandscape", "otherLandscapeManager")]
        {
            let draft = self.post("/start-programme-templates", template(self.thing(landscape), &year), manager).await;
            self.name(name, &draft["id"]);
            self.decide("/start-programme-templates", self.thing(name), "publish", json!({}), manager).await;
        }
        let mut sketch = template(self.thing("landscape"), &year);
        sketch["title"] = json!("Schets");
        let draft = self.post("/start-programme-templates", sketch, "landscapeManager").await;
        self.name("draft", &draft["id"]);
        let (body, media_type) = dossier(&[("kind", "dossier")]);
        let import = self.world.ask("POST", "/imports").bytes(&media_type, body).by("administrator").send().await.created();
        assert_eq!(import["taken"], 1, "{import}");
        self.name("import", &import["id"]);
        let dossiers = self.get("/qualification-dossiers", "coach").await;
        self.name("dossier", &dossiers["items"][0]["id"]);
        let roles = self.get(&format!("/people/{}/roles", self.thing("otherTeacher")), "administrator").await;
        self.name("role", &roles["items"][0]["id"]);
        let services = self.get("/service-accounts", "administrator").await;
        self.name("serviceAccount", &services["items"][0]["id"]);
    }

    /// LWPs of the team: in the library, and still a draft; and one of the other team.
    async fn write_lwps(&mut self) {
        let dossier = self.get(&format!("/qualification-dossiers/{}", self.thing("dossier")), "coach").await;
        self.name("workProcess", &dossier["coreTasks"][0]["workProcesses"][0]["id"]);
        self.name("qualification", &dossier["qualifications"][0]["id"]);
        let of = |team: &str, process: &str| {
            json!({
                "teamId": team, "title": "Een maaltijd", "situation": "Tien bewoners eten samen.", "product": "Een maaltijd.",
                "criteria": ["Iedereen kan meedoen."], "workProcessIds": [process], "careerCompetences": ["qualities"], "level": 3
            })
        };
        for (name, team, teacher) in
            [("lwp", "team", "teacher"), ("lwpDraft", "team", "teacher"), ("lwpThere", "otherTeam", "otherTeacher")]
        {
            let drafted = self.post("/lwps", of(self.thing(team), self.thing("workProcess")), teacher).await;
            self.name(name, &drafted["id"]);
            if name != "lwpDraft" {
                self.decide("/lwps", self.thing(name), "publish", json!({}), teacher).await;
            }
        }
        let score = |criterion| json!({ "criterion": criterion, "score": 3, "remark": "Goed." });
        let criteria =
            ["instrumentality", "realSituation", "clearProduct", "usableCriteria", "ownChoice", "careerAndCitizenship"];
        let review = json!({ "scores": criteria.map(score), "remark": "Sterk." });
        self.post(&format!("/lwps/{}/reviews", self.thing("lwp")), review, "otherTeacher").await;
    }

    /// Published, and still a draft.
    async fn lay_down_frameworks(&mut self) {
        let framework = framework(self.thing("landscape"), self.thing("qualification"));
        for name in ["framework", "frameworkDraft"] {
            let drafted = self.post("/competence-frameworks", framework.clone(), "landscapeManager").await;
            self.name(name, &drafted["id"]);
        }
        self.decide("/competence-frameworks", self.thing("framework"), "publish", json!({}), "landscapeManager").await;
    }

    async fn let_prospects_look_round(&mut self) {
        let starts_at = self.world.now();
        let day = json!({
            "kind": "shadowDay", "title": "Meeloopdag", "landscapeId": self.thing("landscape"), "startsAt": starts_at,
            "endsAt": starts_at + TimeDelta::hours(6), "place": "A1", "capacity": 5
        });
        let day = self.post("/orientation-activities", day, "scout").await;
        self.name("activity", &day["id"]);
        let path = format!("/orientation-activities/{}/registrations", self.thing("activity"));
        for (name, secret) in [("registration", "secret"), ("attended", "secretOfAnother"), ("experienced", "secretOfAThird")] {
            let body = json!({ "givenName": name, "familyName": "Bos", "birthDate": "2010-02-03", "email": "bos@voorbeeld.nl" });
            let registered = self.world.post(&path, body).send().await.created();
            self.name(name, &registered["id"]);
            self.name(secret, &registered["secret"]);
        }
        for name in ["attended", "experienced"] {
            self.decide("/registrations", self.thing(name), "markAttended", json!({}), "scout").await;
        }
        let told = json!({ "seen": "Samenwerken.", "learned": "Dat.", "secret": self.thing("secretOfAThird") });
        self.world.decide("/registrations", self.thing("experienced"), "addExperience", told).send().await.ok();
    }

    /// An application of this student, brought so far.
    pub(super) async fn apply(&self, student: &str, decisions: &[&str]) -> String {
        let body = json!({
            "landscapeId": self.thing("landscape"), "givenName": "Noor", "familyName": "de Wit", "birthDate": "2010-05-04",
            "email": "noor@voorbeeld.nl", "motivation": "Ik wil mensen helpen."
        });
        let id = text(&self.post("/applications", body, student).await["id"]);
        for decision in decisions {
            let facts = match *decision {
                "assignScout" => json!({ "scoutId": self.thing("scout") }),
                "planInterview" => json!({ "startsAt": self.world.now() + TimeDelta::days(1), "place": "A1" }),
                _ => findings(),
            };
            self.decide("/applications", &id, decision, facts, "scout").await;
        }
        id
    }

    pub(super) async fn place(&mut self, student: &str) {
        let application = self.apply(student, &["assignScout", "planInterview", "recordInterview"]).await;
        let coach = self.thing(if student == "student" { "formerCoach" } else { "coach" });
        let place = json!({
            "teamId": self.thing("team"), "coachId": coach, "crebo": "25901", "route": "bol", "startsOn": self.monday
        });
        let placed = self.decide("/applications", &application, "place", place, "scout").await;
        let name = if student == "student" { "enrolment".to_owned() } else { format!("{student}Enrolment") };
        self.name(&name, &placed["enrolmentId"]);
    }

    async fn propose(&mut self, student: &str, by: &str, coach: &str) -> String {
        let body = json!({ "coachId": self.thing(coach), "reason": "Een andere groep." });
        text(&self.post(&format!("/students/{}/handovers", self.thing(student)), body, by).await["id"])
    }

    async fn hand_over_from_the_former_coach(&mut self) {
        let refused = self.propose("student", "formerCoach", "refusedCoach").await;
        self.name("refusedHandover", &json!(refused));
        self.decide("/handovers", &refused, "refuse", json!({ "reason": "Te vol." }), "refusedCoach").await;
        let accepted = self.propose("student", "formerCoach", "coach").await;
        self.name("acceptedHandover", &json!(accepted));
        self.decide("/handovers", &accepted, "accept", json!({}), "coach").await;
    }

    /// One that runs for every student, and one that was ended for the first.
    async fn plan_placements(&mut self) {
        let today = self.world.now().date_naive();
        for (name, student, trainer) in [
            ("placement", "student", "workplaceTrainer"),
            ("switcherPlacement", "switcher", "workplaceTrainer"),
            ("settledPlacement", "settled", "workplaceTrainer"),
            ("endedPlacement", "student", "formerTrainer"),
        ] {
            let body = json!({
                "learningCompany": "De Lindehof", "trainerId": self.thing(trainer), "startsOn": today,
                "endsOn": today + TimeDelta::days(60)
            });
            let planned = self.post(&format!("/students/{}/placements", self.thing(student)), body, "coach").await;
            self.name(name, &planned["id"]);
        }
        self.decide("/placements", self.thing("endedPlacement"), "end", json!({ "reason": "Het bedrijf sluit." }), "coach").await;
    }

    /// One that is closed, and one that is open in which the student rated one competence and others more, by the own view first.
    async fn hold_rounds(&mut self) {
        let framework = self.get(&format!("/competence-frameworks/{}", self.thing("framework")), "student").await;
        self.name("ratedBy", &framework["id"]);
        self.name("competence", &framework["competences"][0]["id"]);
        self.name("otherCompetence", &framework["competences"][1]["id"]);
        let rating =
            |competence: &str| json!({ "competenceId": self.thing(competence), "level": 2, "motivation": "Dat zag ik." });
        let (one, both) = (json!([rating("competence")]), json!([rating("competence"), rating("otherCompetence")]));
        for name in ["closedRound", "round"] {
            let rounds = format!("/students/{}/leermeter-rounds", self.thing("student"));
            let closes_on = self.world.now().date_naive() + TimeDelta::days(30);
            let new = json!({ "frameworkId": self.thing("ratedBy"), "title": "Eerste ronde", "closesOn": closes_on });
            let opened = self.post(&rounds, new, "coach").await;
            self.name(name, &opened["id"]);
        }
        self.decide("/leermeter-rounds", self.thing("closedRound"), "close", json!({}), "coach").await;
        let round = format!("/leermeter-rounds/{}", self.thing("round"));
        let invite = |who: Value| self.post_by_student(format!("{round}/invitations"), who);
        let buddy = json!({ "raterKind": "buddy", "personId": self.thing("invitedRater") });
        let teacher = json!({ "raterKind": "teacher", "email": "docent@voorbeeld.nl", "name": "Jo Vos" });
        let guest = json!({ "raterKind": "peer", "email": "vriend@voorbeeld.nl", "name": "Kim Bos" });
        invite(buddy).await;
        let friend = json!({ "raterKind": "peer", "email": "buur@voorbeeld.nl", "name": "Lot Mos" });
        let by_link = json!({ "ratings": one, "secret": invite(friend).await["secret"] });
        let (teacher, guest) = (invite(teacher).await, invite(guest).await);
        self.name("invitation", &teacher["id"]);
        self.name("invitationSecret", &guest["secret"]);
        for (who, said) in
            [("student", &one), ("coach", &both), ("teacher", &one), ("workplaceTrainer", &one), ("invitedRater", &one)]
        {
            self.post(&format!("{round}/ratings"), json!({ "ratings": said }), who).await;
        }
        self.world.post(&format!("{round}/ratings"), by_link).send().await.created();
    }

    async fn post_by_student(&self, path: String, body: Value) -> Value {
        self.post(&path, body, "student").await
    }

    /// The LWP of the team, for one student in every state but the last.
    async fn assign_lwps(&mut self) {
        let steps = [
            ("start", json!({}), "student"),
            ("submit", json!({ "entryIds": [] }), "student"),
            ("giveFeedback", json!({ "text": "Laat zien waarom.", "completed": false }), "coach"),
        ];
        for (name, taken) in [("lwpAssignment", 0), ("lwpInProgress", 1), ("lwpSubmitted", 2), ("lwpFeedbackGiven", 3)] {
            let due_on = self.world.now().date_naive() + TimeDelta::days(30);
            let body = json!({ "studentId": self.thing("student"), "lwpId": self.thing("lwp"), "dueOn": due_on, "placementId": self.thing("placement") });
            let assigned = self.post("/lwp-assignments", body, "coach").await;
            self.name(name, &assigned["id"]);
            for (decision, facts, by) in &steps[..taken] {
                self.decide("/lwp-assignments", self.thing(name), decision, facts.clone(), by).await;
            }
        }
    }

    async fn come_to_week_three(&mut self) {
        let motivation = || json!({ "motivation": "Ik wil mensen helpen." });
        self.decide("/enrolments", self.thing("enrolment"), "stateMotivation", motivation(), "student").await;
        self.decide("/enrolments", self.thing("settledEnrolment"), "stateMotivation", motivation(), "settled").await;
        self.decide("/enrolments", self.thing("settledEnrolment"), "confirm", json!({}), "coach").await;
        let handover = self.propose("student", "coach", "secondCoach").await;
        self.propose("settled", "coach", "secondCoach").await;
        self.name("handover", &json!(handover));
        let wish = json!({ "landscapeId": self.thing("otherLandscape"), "motivation": "Ik bouw liever." });
        let asked = self.decide("/enrolments", self.thing("switcherEnrolment"), "requestSwitch", wish, "switcher").await;
        self.name("switch", &asked["switchId"]);
        let programme = self.get(&format!("/enrolments/{}/start-programme", self.thing("enrolment")), "student").await;
        assert_eq!(programme["week"], 3);
        self.name("programme", &programme["id"]);
        self.name("weekActivity", &programme["weeks"][2]["activities"][0]["id"]);
    }

    /// Someone who was here and left.
    async fn leave(&mut self) {
        self.place("otherStudent").await;
        let enrolment = self.thing("otherStudentEnrolment").to_owned();
        self.decide("/enrolments", &enrolment, "stateMotivation", json!({ "motivation": "Ik wil het." }), "otherStudent").await;
        let left = json!({ "leftOn": self.world.now().date_naive(), "reason": "Een baan.", "destination": "Werk", "basicQualification": false });
        self.decide("/enrolments", &enrolment, "leave", left, "coach").await;
        self.name("leftEnrolment", &json!(enrolment));
    }

    /// Entries of every visibility, some of them shared; the former coach and who shared before see none of them.
    async fn keep_portfolios(&mut self) {
        for student in STUDENTS {
            for (name, visibility) in
                [("privateEntry", "private"), ("coachEntry", "coach"), ("sharedEntry", "private"), ("entryForComment", "coach")]
            {
                let entry = json!({
                    "area": "career", "kind": "reflection", "title": "Meegelopen", "body": "Ik wil dit worden.",
                    "visibility": visibility, "tags": ["stage"]
                });
                let path = format!("/students/{}/portfolio-entries", self.thing(student));
                let id = text(&self.post(&path, entry, student).await["id"]);
                let shares = format!("/portfolio-entries/{id}/shares");
                match name {
                    "sharedEntry" => {
                        let share = self.post(&shares, json!({ "personId": self.thing("teacher") }), student).await;
                        if student == "student" {
                            self.name("share", &share["id"]);
                        }
                    }
                    "entryForComment" => {
                        let shared = json!({ "role": "teacher", "mayComment": true });
                        self.post(&shares, shared, student).await;
                        let private = self.world.patch(&format!("/portfolio-entries/{id}"), json!({ "visibility": "shared" }));
                        private.by(student).header("If-Match", "*").send().await.ok();
                    }
                    _ => {
                        let again =
                            self.world.patch(&format!("/portfolio-entries/{id}"), json!({ "title": "Meegelopen in de zorg" }));
                        again.by(student).header("If-Match", "*").send().await.ok();
                    }
                }
                let comment = json!({ "text": "Daar dacht ik later anders over." });
                let comment = text(&self.post(&format!("/portfolio-entries/{id}/comments"), comment, student).await["id"]);
                let (body, media_type) = crate::evidence::form("bewijs.txt", b"Bewijs.", &[("caption", "Wat ik deed")]);
                let add = self.world.ask("POST", &format!("/portfolio-entries/{id}/evidence")).bytes(&media_type, body);
                let evidence = text(&add.by(student).send().await.created()["id"]);
                if student == "student" {
                    self.things.insert(name.replace("Entry", "Evidence"), evidence);
                    self.things.insert(format!("{name}Comment"), comment);
                    self.things.insert(name.to_owned(), id);
                }
            }
        }
    }

    /// Applications in every state: of the student, and of someone who is no student.
    async fn apply_again(&mut self) {
        let steps = ["assignScout", "planInterview", "recordInterview"];
        for (name, taken) in [("submitted", 0), ("scoutAssigned", 1), ("interviewPlanned", 2), ("interviewed", 3)] {
            let id = self.apply("student", &steps[..taken]).await;
            self.things.insert(name.to_owned(), id);
        }
        let id = self.apply("applicant", &steps).await;
        self.things.insert("interviewedElsewhere".to_owned(), id);
    }

    /// Every student gets every guardian, with the dates of a student of the age that their name says.
    fn record_guardians(&mut self) {
        let (before, after, none) = ("<long ago>", "<far ahead>", "NULL");
        for (guardian, sixteen, eighteen, consented, until) in [
            ("guardianUnder16", after, after, none, none),
            ("guardian16", before, after, none, none),
            ("guardian18", before, before, before, none),
            ("guardianWithoutConsent", before, before, none, none),
            ("formerGuardian", after, after, none, before),
        ] {
            for student in STUDENTS {
                let id = uuid::Uuid::now_v7().to_string();
                let insert = format!(
                    "INSERT INTO guardianships (id, guardian_id, student_id, sixteen_at, eighteen_at, consented_at, from_at, until_at, version)
                     VALUES (<{id}>, <{}>, <{}>, {sixteen}, {eighteen}, {consented}, <long ago>, {until}, 1)",
                    self.thing(guardian),
                    self.thing(student)
                );
                self.world.sql(&insert).expect("a guardian");
                if student == "student" && guardian == "guardianUnder16" {
                    self.things.insert("guardianship".to_owned(), id);
                } else if student == "student" && guardian == "guardianWithoutConsent" {
                    self.things.insert("guardianshipWithoutConsent".to_owned(), id);
                } else if student == "student" && guardian == "guardian18" {
                    self.things.insert("guardianshipWithConsent".to_owned(), id);
                }
            }
        }
        self.world.sql("UPDATE people SET birth_date = '2009-03-10'").expect("birth dates");
    }
}
