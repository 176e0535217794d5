//! What students and coaches of the demo talked about: a conversation in every state, and of the persona of the student one whose
//! outcome counts, and one about the leermeter that both have prepared.

use chrono::{Days, TimeDelta};
use domain::kernel::{Instant, Word};
use persistence::Trouble;
use serde_json::{Value, json};

use super::maker::{Maker, text};
use crate::personas::Persona;

/// A student, and the coach whom they talk with.
pub struct Talking<'m> {
    pub maker: &'m Maker,
    /// The id of the student.
    pub id: &'m str,
    pub student: &'m str,
    pub coach: &'m str,
}

/// How many stories all have one; of the others every tenth has.
const FIRST_STORIES: usize = 60;

impl Talking<'_> {
    /// The persona's: one that counts, and one that is ahead.
    ///
    /// # Errors
    /// A request that was not answered as the story wants it.
    pub async fn tell_of_persona(maker: &Maker, id: &str) -> Result<(), Trouble> {
        let talking = Talking { maker, id, student: Persona::Student.word(), coach: Persona::Coach.word() };
        maker.days_ago(9);
        let first = talking.begin("careerReflection", Some(maker.now - TimeDelta::days(6))).await?;
        talking.prepare(&first).await?;
        talking.hold(&first, TimeDelta::days(6)).await?;
        talking.confirm(&first, &[talking.student, talking.coach]).await?;
        maker.days_ago(1);
        let next = talking.begin("leermeter", Some(maker.now + TimeDelta::days(8))).await?;
        talking.prepare(&next).await?;
        for (person, weekday) in [(talking.student, "thursday"), (talking.coach, "tuesday")] {
            let me = text(&maker.get("/me", person).await?["person"], "id")?;
            let slots = json!({ "slots": [
                { "weekday": "monday", "from": "10:00", "until": "12:00" }, { "weekday": weekday, "from": "13:00", "until": "15:30" }
            ] });
            maker.put_first(&format!("/people/{me}/availability"), person, &slots).await?;
        }
        maker.days_ago(0);
        Ok(())
    }

    /// Some story's: in another state each.
    ///
    /// # Errors
    /// A request that was not answered as the story wants it.
    pub async fn tell(&self, story: usize) -> Result<(), Trouble> {
        if story >= FIRST_STORIES && !story.is_multiple_of(10) {
            return Ok(());
        }
        let maker = self.maker;
        maker.days_ago(5);
        let held_at = Some(maker.now - TimeDelta::days(3));
        match story % 6 {
            0 => {
                let id = self.begin("careerReflection", held_at).await?;
                self.hold(&id, TimeDelta::days(3)).await?;
                self.confirm(&id, &[self.student, self.coach]).await?;
            }
            1 => drop(self.begin("careerReflection", Some(maker.now + TimeDelta::days(6))).await?),
            2 => {
                let id = self.begin("leermeter", held_at).await?;
                self.hold(&id, TimeDelta::days(3)).await?;
                self.confirm(&id, &[self.student]).await?;
            }
            3 => {
                let id = self.begin("careerReflection", held_at).await?;
                maker.days_ago(2);
                self.decide(&id, self.coach, json!({ "decision": "markMissed", "reason": "De trein reed niet." })).await?;
            }
            4 => drop(self.begin("extraSupport", None).await?),
            _ => {
                let id = self.begin("leermeter", Some(maker.now + TimeDelta::days(4))).await?;
                let again =
                    json!({ "decision": "move", "startsAt": maker.now + TimeDelta::days(7), "reason": "Een toets op die dag." });
                self.decide(&id, self.student, again).await?;
                self.decide(&id, self.coach, json!({ "decision": "cancel", "reason": "We spraken elkaar al." })).await?;
            }
        }
        maker.days_ago(0);
        Ok(())
    }

    /// One about the leermeter looks at the newest round, where there is one.
    async fn begin(&self, kind: &str, starts_at: Option<Instant>) -> Result<String, Trouble> {
        let mut talk = json!({
            "kind": kind, "studentId": self.id, "participantIds": [], "startsAt": starts_at, "minutes": 30, "place": "Spreekkamer 2"
        });
        if kind == "leermeter" {
            let rounds = self.maker.get(&format!("/students/{}/leermeter-rounds", self.id), self.coach).await?;
            talk["roundId"] =
                rounds["items"].as_array().and_then(|rounds| rounds.last()).map_or(Value::Null, |round| round["id"].clone());
        }
        text(&self.maker.post("/conversations", self.coach, talk).await?, "id")
    }

    async fn decide(&self, id: &str, by: &str, decision: Value) -> Result<(), Trouble> {
        self.maker.post(&format!("/conversations/{id}/decisions"), by, decision).await.map(drop)
    }

    async fn prepare(&self, id: &str) -> Result<(), Trouble> {
        let own = json!({
            "topics": ["Mijn eerste dagen op stage", "Waar ik energie van krijg"],
            "questions": ["Hoe weet ik of dit echt bij mij past?", "Kan ik ook op een andere afdeling kijken?"]
        });
        let coachs = json!({
            "topics": ["Wat je in week drie schreef over hulp vragen"],
            "questions": ["Wanneer merkte je dat je het kon?", "Wie kan je hierbij helpen?"]
        });
        let path = format!("/conversations/{id}/preparation");
        self.maker.put_first(&path, self.student, &own).await?;
        self.maker.put_first(&path, self.coach, &coachs).await
    }

    /// It is held so long ago, and the coach writes down what came out.
    async fn hold(&self, id: &str, ago: TimeDelta) -> Result<(), Trouble> {
        self.maker.at(self.maker.now - ago + TimeDelta::hours(1));
        self.decide(id, self.coach, json!({ "decision": "markHeld", "faceToFace": true })).await?;
        let in_days = |days| self.maker.today().checked_add_days(Days::new(days)).unwrap_or_else(|| self.maker.today());
        let coach = text(&self.maker.get("/me", self.coach).await?["person"], "id")?;
        let outcome = json!({
            "summary": "Je merkt dat je het liefst met mensen werkt en dat je eerder om hulp wilt vragen. Je twijfelt nog tussen twee afdelingen.",
            "agreements": [
                { "text": "Ik vraag op mijn stage of ik een dag op een andere afdeling mag meelopen.", "ownerId": self.id, "dueOn": in_days(10) },
                { "text": "Ik breng je in contact met een oud-student die daar werkt.", "ownerId": coach, "dueOn": in_days(5) }
            ],
            "goals": [{ "title": "Eerder om hulp vragen als ik vastloop" }],
            "learningQuestions": [{ "text": "Wat vraagt het werk op een andere afdeling van mij?" }],
            "careerSteps": [{ "text": "Een dag meelopen en er een verslag van maken in mijn portfolio." }]
        });
        self.maker.put_first(&format!("/conversations/{id}/outcome"), self.coach, &outcome).await
    }

    async fn confirm(&self, id: &str, people: &[&str]) -> Result<(), Trouble> {
        for person in people {
            self.decide(id, person, json!({ "decision": "confirmOutcome", "version": 1 })).await?;
        }
        Ok(())
    }
}
