//! One term of a student: LWPs out of a dossier, reflections, a photo as evidence, feedback, a share that ends, another
//! coach, and the portfolio taken along (CU-2 to CU-5, PF-1 to PF-6).

use chrono::{Days, TimeDelta};
use domain::kernel::time::date_at;
use serde_json::{Value, json};

use crate::both;
use crate::enrolment::{handovers::proposed, placed_for};
use crate::evidence::archive::{lwps, unpacked};
use crate::evidence::{form, photo};
use crate::harness::World;
use crate::lwp::{meal, published, qualification};
use crate::placements::placement;

struct Term {
    world: World,
    /// The qualification that the student is placed for, and the codes of its work processes.
    crebo: String,
    codes: Vec<String>,
    enrolment: String,
    assignment: String,
    reflection: String,
    product: String,
}

fn id(made: &Value) -> String {
    made["id"].as_str().expect("an id").to_owned()
}

impl Term {
    async fn begin(world: World) -> Self {
        let (crebo, processes) = qualification(&world).await;
        let lwp = published(&world, meal(&world, &processes[0].1), "teacher").await;
        let enrolment = placed_for(&world, "student", "coach", &crebo).await;
        let due_on = date_at(world.now()) + Days::new(14);
        let placement = placement(&world, 60).await;
        let new = json!({
            "studentId": world.college.person("student"), "lwpId": lwp, "dueOn": due_on, "placementId": placement
        });
        let assignment = id(&world.post("/lwp-assignments", new).by("coach").send().await.created());
        world.decide("/lwp-assignments", &assignment, "start", json!({})).by("student").send().await.ok();
        let codes = processes.into_iter().map(|(code, _)| code).collect();
        let mut term = Self { world, crebo, codes, enrolment, assignment, reflection: String::new(), product: String::new() };
        term.reflection = term.keeps("reflection", "Wat ik spannend vond", "private").await;
        term.product = term.keeps("product", "De maaltijd die ik kookte", "coach").await;
        term
    }

    fn portfolio(&self) -> String {
        format!("/students/{}/portfolio-entries", self.world.college.person("student"))
    }

    async fn keeps(&self, kind: &str, title: &str, visibility: &str) -> String {
        let links = json!([{ "kind": "lwpAssignment", "id": self.assignment }]);
        let entry = json!({
            "area": "learning", "kind": kind, "title": title, "body": "De bewoners aten mee.", "visibility": visibility, "links": links
        });
        format!("/portfolio-entries/{}", id(&self.world.post(&self.portfolio(), entry).by("student").send().await.created()))
    }

    async fn decides(&self, by: &str, decision: &str, facts: Value) -> Value {
        self.world.decide("/lwp-assignments", &self.assignment, decision, facts).by(by).send().await.ok()
    }

    /// Which of these are open to this caller at this moment.
    async fn open_to(&self, by: &str, paths: &[&str]) -> Vec<bool> {
        let mut open = Vec::new();
        for path in paths {
            open.push(self.world.get(path).by(by).send().await.status == 200);
        }
        open
    }

    /// The student hands in what they made, with a photo; the teacher sees of it what is open to the teacher (CU-4).
    async fn hands_in(&self) -> String {
        let (body, media_type) = form("maaltijd.jpg", &photo(), &[("caption", "De tafel")]);
        let put = self.world.ask("POST", &format!("{}/evidence", self.product)).bytes(&media_type, body);
        let photo = put.by("student").send().await.created();
        assert_eq!(photo["mediaType"], "image/jpeg");
        let entry = |path: &str| path.rsplit('/').next().expect("an id").to_owned();
        let entries = json!({ "entryIds": [entry(&self.product), entry(&self.reflection)] });
        let submitted = self.decides("student", "submit", entries).await;
        assert_eq!((&submitted["state"], submitted["entryIds"].as_array().map(Vec::len)), (&json!("submitted"), Some(2)));
        assert_eq!(
            submitted["privateEntryIds"],
            json!([entry(&self.reflection)]),
            "the student is told what nobody else will see"
        );
        let seen = self.world.get(&format!("/lwp-assignments/{}", self.assignment)).by("coach").send().await.ok();
        assert_eq!(seen["entryIds"], json!([entry(&self.product)]), "an entry is shown by its own visibility alone");
        format!("/evidence/{}", id(&photo))
    }

    /// Who trains the student at work sees the LWP and none of the evidence, and lets the student go on (BP-2).
    async fn hears_from_the_workplace(&self) {
        let seen = self.world.get(&format!("/lwp-assignments/{}", self.assignment)).by("workplaceTrainer").send().await.ok();
        assert_eq!((&seen["state"], &seen["entryIds"]), (&json!("submitted"), &json!([])));
        assert_eq!(self.open_to("workplaceTrainer", &[&self.product, &self.reflection]).await, [false, false]);
        let text = json!({ "text": "Vraag de bewoners wat zij ervan vonden.", "completed": false });
        let judged = self.decides("workplaceTrainer", "giveFeedback", text).await;
        assert_eq!(judged["state"], "feedbackGiven");
        self.decides("student", "start", json!({})).await;
        let again = json!({ "entryIds": [self.product.rsplit('/').next()] });
        assert_eq!(self.decides("student", "submit", again).await["rounds"].as_array().map(Vec::len), Some(2));
    }

    /// What is shared with the teacher is seen, commented on, and gone at its hour (PF-2).
    async fn shares_for_a_day(&self, photo: &str) {
        let paths = [self.product.as_str(), photo];
        assert_eq!(self.open_to("teacher", &paths).await, [false, false]);
        let until = self.world.now() + TimeDelta::days(1);
        let share = json!({ "role": "teacher", "mayComment": true, "until": until });
        self.world.post(&format!("{}/shares", self.product), share).by("student").send().await.created();
        assert_eq!(self.open_to("teacher", &paths).await, [true, true]);
        let comment = json!({ "text": "De tafel is mooi gedekt." });
        self.world.post(&format!("{}/comments", self.product), comment).by("teacher").send().await.created();
        let found = self.world.get(&format!("{}?q=maaltijden", self.portfolio())).by("teacher").send().await.ok();
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "search finds what is shared, in another form of the word");
        let judged =
            self.decides("teacher", "giveFeedback", json!({ "text": "Je keek goed om je heen.", "completed": true })).await;
        assert_eq!(judged["state"], "completed");

        self.world.wait(TimeDelta::days(1));
        assert_eq!(self.open_to("teacher", &paths).await, [false, false]);
        assert_eq!(self.open_to("coach", &paths).await, [true, true]);
    }

    /// From the moment of acceptance the next coach sees what the one before saw, who sees nothing (EN-2, PF-2).
    async fn gets_another_coach(&self, photo: &str) {
        let paths = [self.product.as_str(), photo, &format!("/lwp-assignments/{}", self.assignment)];
        let handover = proposed(&self.world).await;
        assert_eq!(self.open_to("secondCoach", &paths).await, [false; 3], "who is asked sees the proposal alone");
        self.world.decide("/handovers", &handover, "accept", json!({})).by("secondCoach").send().await.ok();
        assert_eq!(self.open_to("coach", &paths).await, [false; 3]);
        assert_eq!(self.open_to("secondCoach", &paths).await, [true; 3]);
        for who in ["coach", "secondCoach", "teacher", "administrator"] {
            assert_eq!(self.open_to(who, &[&self.reflection]).await, [false], "{who}");
        }
    }

    /// The work process of the LWP is covered by what was completed, the others are not: of the student, among all students of
    /// the qualification, and of what the team published (CU-5).
    async fn has_covered_a_work_process(&self) {
        let (world, college) = (&self.world, &self.world.college);
        let seen = world.get(&format!("/students/{}/coverage", college.person("student"))).by("secondCoach").send().await.ok();
        let of_crebo = &seen["qualifications"][0];
        assert_eq!((&of_crebo["crebo"], &seen["ambiguous"]), (&json!(self.crebo), &json!(false)));
        let counts = json!({ "completed": 1, "inProgress": 0, "planned": 0, "total": self.codes.len() });
        assert_eq!(of_crebo["workProcessCounts"], counts, "{seen}");
        let tasks = of_crebo["coreTasks"].as_array().expect("core tasks").iter();
        let processes: Vec<_> = tasks.flat_map(|task| task["workProcesses"].as_array().expect("work processes")).collect();
        let codes: Vec<_> = processes.iter().map(|process| process["code"].as_str().expect("a code")).collect();
        assert_eq!(codes, self.codes, "every one of the basis and of the profile");
        let covered: Vec<_> = processes.iter().map(|process| process["coverage"].as_str().expect("a word")).collect();
        assert!(covered[0] == "completed" && covered[1..].iter().all(|word| *word == "none"), "{covered:?}");

        let id = of_crebo["id"].as_str().expect("an id");
        let listed = world.get(&format!("/qualifications/{id}/coverage?count=true")).by("secondCoach").send().await.ok();
        assert_eq!((&listed["total"], &listed["items"][0]["workProcessCounts"]), (&json!(1), &counts));
        let team = world.get(&format!("/teams/{}/coverage", college.team)).by("teacher").send().await.ok();
        let own =
            team["qualifications"].as_array().expect("qualifications").iter().find(|one| one["crebo"] == self.crebo.as_str());
        assert_eq!(own.expect("the qualification")["workProcessCounts"]["planned"], 1, "published, and nobody's yet");
    }

    /// The student leaves; what was kept stays the student's own (EN-5, PF-6).
    async fn leaves(&self) {
        let today = date_at(self.world.now());
        let left = json!({ "leftOn": today, "reason": "Gaat werken.", "destination": "werk", "basicQualification": false });
        let left = self.world.decide("/enrolments", &self.enrolment, "leave", left).by("secondCoach").send().await.ok();
        assert_eq!(left["state"], "left");
        self.world.wait(TimeDelta::days(30));
        for who in ["secondCoach", "coach", "teacher"] {
            assert_eq!(self.open_to(who, &[&self.product]).await, [false], "{who}");
        }
    }

    /// The student takes all of it along, photo and private words included (PF-6).
    async fn takes_it_along(&self) {
        let path = format!("/students/{}/portfolio-archive", self.world.college.person("student"));
        let files = unpacked(&self.world.get(&path).by("student").send().await.bytes);
        let page = String::from_utf8(files["index.html"].clone()).expect("text");
        for shown in ["De maaltijd die ik kookte", "Wat ik spannend vond", "De tafel is mooi gedekt."] {
            assert!(page.contains(shown), "{shown}");
        }
        assert!(files.keys().any(|name| name.ends_with(".jpg")), "{:?}", files.keys());
        let lwps = lwps(&files);
        let entry = |path: &str| path.rsplit('/').next().expect("an id").to_owned();
        assert_eq!((lwps.len(), &lwps[0]["id"], &lwps[0]["state"]), (1, &json!(self.assignment), &json!("completed")));
        assert_eq!(lwps[0]["rounds"][0]["entryIds"], json!([entry(&self.product), entry(&self.reflection)]));
        let said = [0, 1].map(|round: usize| lwps[0]["rounds"][round]["feedback"]["text"].clone());
        assert_eq!(said, ["Vraag de bewoners wat zij ervan vonden.", "Je keek goed om je heen."]);
        for shown in ["Leerwerkprestaties", "Je keek goed om je heen.", "<p>Bewijs:</p>\n<ul>\n<li><a href=\"#item-"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert_eq!(self.world.get(&path).by("secondCoach").send().await.status, 404);
    }
}

both! {
    async fn pf_6_a_student_works_on_an_lwp_shows_it_for_a_day_gets_another_coach_and_takes_it_all_along_also_after_leaving(world: World) {
        let term = Term::begin(world).await;
        let photo = term.hands_in().await;
        term.hears_from_the_workplace().await;
        term.shares_for_a_day(&photo).await;
        term.gets_another_coach(&photo).await;
        term.has_covered_a_work_process().await;
        term.takes_it_along().await;
        term.leaves().await;
        term.takes_it_along().await;
    }
}
