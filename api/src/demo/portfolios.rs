//! What students keep: a little every week, in their own words, of which the coach or a teacher sees some.

use chrono::TimeDelta;
use domain::kernel::time::date_at;
use persistence::Trouble;
use serde_json::{Value, json};

use super::maker::{Maker, text};

/// Area, kind, who sees it, title, text, tags.
type Sample = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

/// What someone in a start programme may write, told over and over from another place on.
const SAMPLES: [Sample; 14] = [
    (
        "learning",
        "reflection",
        "coach",
        "Plannen met een weekstaat",
        "Ik schrijf nu op zondag op wat af moet. Drie van de vijf opdrachten waren op tijd; vorige week was dat er één. Wat hielp: kleine stappen en een vast moment.",
        &["plannen"],
    ),
    (
        "career",
        "experience",
        "coach",
        "Een ochtend meelopen op de afdeling",
        "Ik dacht dat het vooral druk zou zijn. Wat ik zag was hoe rustig iemand wordt als je gaat zitten en luistert. Dat wil ik leren.",
        &["meelopen", "beroepsbeeld"],
    ),
    (
        "dialogue",
        "feedbackReceived",
        "private",
        "Wat mijn groep tegen mij zei",
        "Dat ik goed luister maar lang wacht met mijn mening. Ik vond het lastig om te horen en het klopt wel. Volgende keer zeg ik als tweede iets, niet als laatste.",
        &["feedback"],
    ),
    (
        "citizenship",
        "achievement",
        "coach",
        "Voor het eerst naar de stembus",
        "Met de klas partijen vergeleken en daarna echt gestemd. Ik snap nu waarom het over de wijk gaat en niet alleen over Den Haag.",
        &["verkiezingen"],
    ),
    (
        "meaning",
        "reflection",
        "private",
        "Waarom ik dit wil",
        "Mijn oma vroeg waarom ik voor deze opleiding kies. Omdat ik aan het eind van de dag wil weten dat het voor iemand uitmaakte dat ik er was.",
        &["motivatie"],
    ),
    (
        "ethics",
        "reflection",
        "private",
        "Mag je iets verzwijgen om iemand te sparen?",
        "Bij de casus was ik eerst zeker. Na het gesprek twijfel ik: eerlijk zijn kan ook zacht. Ik wil er met mijn coach over praten.",
        &["casus", "eerlijkheid"],
    ),
    (
        "learning",
        "product",
        "coach",
        "Werkplan voor de eerste opdracht",
        "Doel, stappen, wie helpt mij en wanneer is het goed. De tweede versie is korter en beter, dankzij de opmerkingen van mijn docent.",
        &["werkplan", "opdracht"],
    ),
    (
        "career",
        "reflection",
        "coach",
        "Waar ik energie van krijg",
        "Van samen iets afmaken. Minder van lang alleen achter een scherm. Dat neem ik mee als ik een stage kies.",
        &["kwaliteiten"],
    ),
    (
        "career",
        "experience",
        "private",
        "Mijn bijbaan telt ook mee",
        "In de winkel los ik klachten op. Ik blijf rustig, ook als iemand boos is. Dat had ik nooit als kwaliteit gezien.",
        &["bijbaan", "kwaliteiten"],
    ),
    (
        "dialogue",
        "agreement",
        "coach",
        "Afspraak met mijn coach",
        "Ik vraag voortaan op woensdag hulp als een opdracht vastloopt, en niet pas op vrijdagmiddag.",
        &["afspraak", "plannen"],
    ),
    (
        "learning",
        "achievement",
        "coach",
        "Eerste toets in één keer gehaald",
        "Samen geleerd met twee klasgenoten. Uitleggen aan een ander blijkt de beste manier om het zelf te snappen.",
        &["toets"],
    ),
    (
        "citizenship",
        "experience",
        "private",
        "Helpen bij de buurtmaaltijd",
        "Veertig mensen aan tafel, waarvan de helft ik normaal nooit spreek. Ik heb meer vragen gesteld dan ik van mezelf gewend ben.",
        &["vrijwilligerswerk"],
    ),
    (
        "ethics",
        "experience",
        "private",
        "Een foto die ik niet heb geplaatst",
        "Van de meeloopdag had ik een mooie foto, met iemand herkenbaar in beeld. Ik heb toestemming gevraagd, het antwoord was nee, en dat is goed.",
        &["privacy"],
    ),
    (
        "meaning",
        "reflection",
        "coach",
        "Trots op iets kleins",
        "Ik heb het woord gedaan voor de groep. Twee minuten, met een rood hoofd. Niemand lachte en ik kreeg een vraag waar ik het antwoord op wist.",
        &["presenteren"],
    ),
];

/// Someone who keeps a portfolio.
pub struct Keeper<'m> {
    pub maker: &'m Maker,
    /// The account, and the id.
    pub subject: &'m str,
    pub id: &'m str,
    /// Where in the samples this one begins.
    pub story: usize,
}

impl Keeper<'_> {
    /// Keeps what this week brought: in the first more than in the others. The first thing is about the week's LWP, if it has one.
    /// What of it the coach sees is answered.
    ///
    /// # Errors
    /// A request that was not answered as the story wants it.
    pub async fn week(&self, week: usize, lwps: &Value) -> Result<Vec<String>, Trouble> {
        let first = if week == 1 { 0 } else { week + 1 };
        let mut seen = Vec::new();
        for place in first..week + 2 {
            let (area, kind, visibility, title, body, tags) = SAMPLES[(self.story * 5 + place) % SAMPLES.len()];
            let about = lwps.as_array().into_iter().flatten().take(usize::from(place == first));
            let links: Vec<_> = about.map(|lwp| json!({ "kind": "lwpAssignment", "id": lwp["assignmentId"] })).collect();
            let entry = json!({
                "area": area, "kind": kind, "visibility": visibility, "title": title, "body": body, "tags": tags, "links": links,
                "occurredOn": date_at(self.maker.moment())
            });
            let id = self.keep(entry).await?;
            seen.extend((visibility == "coach").then_some(id));
        }
        Ok(seen)
    }

    /// Lets the teachers see an entry, some for a month.
    ///
    /// # Errors
    /// A request that was not answered as wanted.
    pub async fn show_teachers(&self, entry: &str) -> Result<(), Trouble> {
        let path = format!("/portfolio-entries/{entry}/shares");
        let until = self.story.is_multiple_of(3).then(|| self.maker.now + TimeDelta::days(30));
        self.maker.post(&path, self.subject, json!({ "role": "teacher", "mayComment": true, "until": until })).await.map(drop)
    }

    async fn keep(&self, entry: Value) -> Result<String, Trouble> {
        text(&self.maker.post(&format!("/students/{}/portfolio-entries", self.id), self.subject, entry).await?, "id")
    }

    /// Changes one's mind, shares with the teacher and for a while with the team, and hears what coach and teacher say of it: for
    /// who lets all be seen.
    ///
    /// # Errors
    /// A request that was not answered as the story wants it.
    pub async fn share(&self, coach: &str, teacher: (&str, &str), team: &str) -> Result<(), Trouble> {
        let (maker, (teacher, teacher_id)) = (self.maker, teacher);
        let first = self
            .keep(json!({
                "area": "career", "kind": "experience", "visibility": "coach", "title": "Mijn eerste gesprek met een bewoner",
                "body": "Ik wist niet wat ik moest zeggen en heb toen gevraagd naar de foto's aan de muur.", "tags": ["gesprek"]
            }))
            .await?;
        let path = format!("/portfolio-entries/{first}");
        let rewritten = json!({
            "body": "Ik wist niet wat ik moest zeggen en heb toen gevraagd naar de foto's aan de muur. Mevrouw vertelde een half uur. Wat ik leerde: kijken waar iemand zelf over begint."
        });
        maker.patch(&path, self.subject, rewritten).await?;
        let for_a_while = json!({ "teamId": team, "until": maker.now + TimeDelta::days(14) });
        maker.post(&format!("{path}/shares"), self.subject, for_a_while).await?;
        maker
            .post(
                &format!("{path}/comments"),
                coach,
                json!({ "text": "Mooi dat je keek in plaats van te vullen. Waar merkte je aan dat het goed ging?" }),
            )
            .await?;
        let verdict = self
            .keep(json!({
                "area": "learning", "kind": "product", "visibility": "private", "title": "Verslag van mijn observatie",
                "body": "Ik heb een uur geobserveerd tijdens de lunch en beschreven wat ik zag, zonder oordeel. De conclusie is nog mager.",
                "tags": ["verslag", "observeren"]
            }))
            .await?;
        let path = format!("/portfolio-entries/{verdict}");
        maker.post(&format!("{path}/shares"), self.subject, json!({ "personId": teacher_id, "mayComment": true })).await?;
        let advice = "Je beschrijft precies. Zet bij elke conclusie de zin uit je observatie waar zij op rust.";
        maker.post(&format!("{path}/comments"), teacher, json!({ "text": advice })).await?;
        maker.post(&format!("{path}/comments"), self.subject, json!({ "text": "Dank u, dat ga ik doen." })).await.map(drop)
    }
}
