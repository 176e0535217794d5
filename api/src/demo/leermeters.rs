//! What students are rated: of the persona of the student three rounds by five kinds of raters, of some others one.

use chrono::Days;
use domain::kernel::Word;
use domain::kernel::time::date_at;
use persistence::Trouble;
use serde_json::{Value, json};

use super::maker::{Maker, text};
use crate::personas::Persona;

/// What raters say with a level, from the lowest on.
const SAID: [&str; 4] = [
    "Je kijkt nog vooral mee, en stelt goede vragen. De volgende keer mag jij beginnen.",
    "Met een beetje hulp kwam je er. Je vroeg op tijd, dat scheelde.",
    "Je deed dit zelf, ook toen het druk werd. Vertel een volgende keer ook waarom je het zo doet.",
    "Je deed dit zelf, stuurde bij toen het anders liep, en legde het een ander uit.",
];
/// How many competences someone rates at a time.
const RATED: usize = 8;

/// A student whose rounds are told.
pub struct Rounds<'m> {
    maker: &'m Maker,
    /// The accounts of student and coach.
    student: &'m str,
    coach: &'m str,
    /// The student's id.
    id: &'m str,
    framework: Value,
}

impl<'m> Rounds<'m> {
    /// By the framework of the landscape.
    ///
    /// # Errors
    /// A request that was not answered as wanted.
    pub async fn begin(
        maker: &'m Maker,
        landscape: &str,
        (student, id): (&'m str, &'m str),
        coach: &'m str,
    ) -> Result<Self, Trouble> {
        let published = maker.get(&format!("/competence-frameworks?landscapeId={landscape}&state=published"), student).await?;
        Ok(Self { maker, student, coach, id, framework: published["items"][0].clone() })
    }

    /// Opens a round so many days ago that goes on for so many; answers its path.
    async fn open(&self, title: &str, days_ago: i64, lasts: u64) -> Result<String, Trouble> {
        self.maker.days_ago(days_ago);
        let day = date_at(self.maker.moment());
        let closes_on = day.checked_add_days(Days::new(lasts)).unwrap_or(day);
        let new = json!({ "frameworkId": self.framework["id"], "title": title, "closesOn": closes_on });
        let round = self.maker.post(&format!("/students/{}/leermeter-rounds", self.id), self.coach, new).await?;
        Ok(format!("/leermeter-rounds/{}", text(&round, "id")?))
    }

    /// What someone says who sees so much more or less than the round would have it; nobody saw everything.
    fn said(&self, round: usize, more: usize, unseen: Option<usize>) -> Vec<Value> {
        let competences = self.framework["competences"].as_array().into_iter().flatten().enumerate();
        let rating = |(place, competence): (usize, &Value)| {
            let level = (1 + round + (place * 5 + more) % 3 - usize::from(place % 4 == 3).min(round)).clamp(1, SAID.len());
            let is_unseen = unseen.is_some_and(|of| place % of == of - 1);
            let (level, words) = if is_unseen { (Value::Null, Value::Null) } else { (level.into(), SAID[level - 1].into()) };
            json!({ "competenceId": competence["id"], "level": level, "motivation": words })
        };
        competences.take(RATED).map(rating).collect()
    }

    /// One round by student and coach, opened so many days ago for so many.
    ///
    /// # Errors
    /// A request that was not answered as wanted.
    pub async fn tell_one(&self, story: usize, days_ago: i64, lasts: u64) -> Result<(), Trouble> {
        let round = self.open("Nulmeting", days_ago, lasts).await?;
        for (who, more) in [(self.student, story % 3), (self.coach, (story + 1) % 3)] {
            let said = json!({ "ratings": self.said(0, more, None) });
            self.maker.post(&format!("{round}/ratings"), who, said).await?;
        }
        Ok(())
    }

    /// Three rounds, the last of which is open: by the student, the coach, a teacher, the workplace trainer, and a friend who has no
    /// account.
    ///
    /// # Errors
    /// A request that was not answered as wanted.
    pub async fn tell_all(&self) -> Result<(), Trouble> {
        let trainer = text(&self.maker.get("/me", Persona::WorkplaceTrainer.word()).await?["person"], "id")?;
        let rounds = [("Nulmeting", 13, 3), ("Na de eerste week", 8, 3), ("Halverwege", 3, 14)];
        for (number, (title, days_ago, lasts)) in rounds.into_iter().enumerate() {
            let round = self.open(title, days_ago, lasts).await?;
            let (invitations, ratings) = (format!("{round}/invitations"), format!("{round}/ratings"));
            let asked = json!({ "raterKind": "workplaceTrainer", "personId": trainer });
            self.maker.post(&invitations, self.student, asked).await?;
            let friend = json!({ "raterKind": "peer", "email": "amina@leerloopbaan.example", "name": "Amina Yildiz" });
            let friend = self.maker.post(&invitations, self.student, friend).await?;
            let by_link = json!({ "ratings": self.said(number, 2, None), "secret": friend["secret"] });
            for (who, more, unseen) in [
                (self.student, number % 2, None),
                (self.coach, 1, None),
                (Persona::Teacher.word(), 0, Some(4)),
                (Persona::WorkplaceTrainer.word(), 2, Some(3)),
            ] {
                self.maker.post(&ratings, who, json!({ "ratings": self.said(number, more, unseen) })).await?;
            }
            self.maker.post(&ratings, "", by_link).await?;
        }
        self.maker.days_ago(0);
        Ok(())
    }
}
