//! The student's conversations in an archive: what came of those that count, and what the student prepared.

use domain::conversation::ConversationKind;
use domain::kernel::time::{date_at, parse_instant};
use domain::kernel::{ConversationId, Word};
use domain::organisation::Language;
use serde_json::{Value, json};

use super::page::{escaped, in_words, paragraphs};
use super::{Making, Stopped};
use crate::conversations;
use crate::files::FileTrouble;
use crate::files::packing::{Item, Packing};
use crate::http::Problem;

/// The schema of each conversation's JSON, which goes along.
pub const SCHEMA: &str = include_str!("../../../../openapi/portfolio-archive-conversation.schema.json");
pub const SCHEMA_NAME: &str = "portfolio-archive-conversation.schema.json";

impl Making {
    pub(super) async fn all_conversations(&self) -> Result<Vec<ConversationId>, Problem> {
        let student = self.student;
        self.caller.read(move |reading| conversations::newest_first(reading, student)).await
    }

    /// Packs one conversation. What of it stands in the index is answered: its line in the contents, and its article.
    pub(super) async fn pack_conversation(
        &self,
        packing: &mut Packing,
        id: ConversationId,
        number: u32,
    ) -> Result<Option<(String, String)>, Stopped> {
        let told = match self.caller.read(move |reading| conversations::taken(reading, id)).await {
            Ok(told) => told,
            Err(problem) if problem.is_refusal() => return Ok(None),
            Err(problem) => return Err(problem.into()),
        };
        self.pack_json(packing, &format!("conversations/{number:04}.json"), &told).await?;
        let (title, day) = (title(&told), day(&told["startsAt"]));
        let line = format!("<li><a href=\"#gesprek-{number}\">{title}</a> <span>{day}</span></li>\n");
        Ok(Some((line, article(&told, number))))
    }

    /// Packs what followed from them: goals, learning questions, agreements, career steps.
    pub(super) async fn pack_what_followed(&self, packing: &mut Packing) -> Result<(), Stopped> {
        let student = self.student;
        let followed = self.caller.read(move |reading| conversations::followed(reading, student)).await?;
        for (name, items) in followed.into_iter().filter(|(_, items)| !items.is_empty()) {
            self.pack_json(packing, &format!("{name}.json"), &json!(items)).await?;
        }
        Ok(())
    }

    async fn pack_json(&self, packing: &mut Packing, name: &str, told: &Value) -> Result<(), Stopped> {
        let text = serde_json::to_vec_pretty(told).map_err(|error| FileTrouble::Away(error.to_string()))?;
        Ok(packing.add_text(&Item { name, changed_at: self.now }, &text).await?)
    }
}

fn title(told: &Value) -> &'static str {
    let kind = told["kind"].as_str().and_then(ConversationKind::from_word);
    kind.map_or("Gesprek", |kind| conversations::called(kind, Language::Dutch))
}

fn day(moment: &Value) -> String {
    moment.as_str().and_then(parse_instant).map_or_else(|| "zonder datum".to_owned(), |at| in_words(date_at(at)))
}

fn article(told: &Value, number: u32) -> String {
    let (heading, day) = (title(told), day(&told["startsAt"]));
    let mut article = format!("<article id=\"gesprek-{number}\">\n<h2>{heading}</h2>\n<p class=\"about\">{day}</p>\n");
    let own = &told["preparation"];
    article.push_str(&listed("Dit wilde ik bespreken", &own["topics"], |one| one.as_str()));
    article.push_str(&listed("Dit wilde ik vragen", &own["questions"], |one| one.as_str()));
    let outcome = &told["outcome"];
    if let Some(summary) = outcome["summary"].as_str() {
        article.push_str(&format!("<h3>Wat we bespraken</h3>\n{}", paragraphs(summary)));
    }
    article.push_str(&listed("Afspraken", &outcome["agreements"], |one| one["text"].as_str()));
    article.push_str(&listed("Doelen", &outcome["goals"], |one| one["title"].as_str()));
    article.push_str(&listed("Leervragen", &outcome["learningQuestions"], |one| one["text"].as_str()));
    article.push_str(&listed("Stappen in mijn loopbaan", &outcome["careerSteps"], |one| one["text"].as_str()));
    article + "</article>\n"
}

/// A list under its heading; nothing where it is empty.
fn listed(heading: &str, items: &Value, text: impl Fn(&Value) -> Option<&str>) -> String {
    let lines: String =
        items.as_array().into_iter().flatten().filter_map(text).map(|text| format!("<li>{}</li>\n", escaped(text))).collect();
    if lines.is_empty() { lines } else { format!("<h3>{heading}</h3>\n<ul>\n{lines}</ul>\n") }
}
