//! The student's leermeter in an archive: each round with what is rated, and what was said that the student may see.

use domain::kernel::RoundId;
use domain::kernel::time::date_at;
use serde_json::json;

use super::page::{escaped, in_words, paragraphs};
use super::{Making, Stopped};
use crate::files::FileTrouble;
use crate::files::packing::{Item, Packing};
use crate::http::Problem;
use crate::leermeter::along::{RoundAlong, rounds_of, taken_along};

/// The schema of each round's JSON, which goes along.
pub const SCHEMA: &str = include_str!("../../../../openapi/portfolio-archive-leermeter.schema.json");
pub const SCHEMA_NAME: &str = "portfolio-archive-leermeter.schema.json";

impl Making {
    pub(super) async fn all_rounds(&self) -> Result<Vec<RoundId>, Problem> {
        let student = self.student;
        match self.caller.read(move |reading| rounds_of(reading, student)).await {
            Err(problem) if problem.is_refusal() => Ok(Vec::new()),
            found => found,
        }
    }

    /// A round as this moment shows it; none where it is not shown any more.
    pub(super) async fn round(&self, id: RoundId) -> Result<Option<RoundAlong>, Problem> {
        match self.caller.read(move |reading| taken_along(reading, id)).await {
            Ok(round) => Ok(Some(round)),
            Err(problem) if problem.is_refusal() => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// Packs one round. What of it stands in the index is answered.
    pub(super) async fn pack_round(&self, packing: &mut Packing, round: &RoundAlong, number: u32) -> Result<String, Stopped> {
        let mut told = json!(round);
        if let Some(members) = told.as_object_mut() {
            // Whose it is says the archive, and what one may do with it there nobody can say here.
            members.retain(|name, _| !matches!(name.as_str(), "student" | "openDecisions"));
        }
        let text = serde_json::to_vec_pretty(&told).map_err(|error| FileTrouble::Away(error.to_string()))?;
        packing.add_text(&Item { name: &format!("leermeter/{number:04}.json"), changed_at: self.now }, &text).await?;
        Ok(article(round, number))
    }
}

fn article(along: &RoundAlong, number: u32) -> String {
    let (title, day) = (escaped(along.round.title.as_str()), in_words(date_at(along.round.opened_at)));
    let mut article = format!(
        "<article id=\"round-{number}\">\n<h2>{title}</h2>\n<p class=\"about\">leermeter &middot; begonnen op {day}</p>\n"
    );
    for competence in &along.competences {
        let said: String = along
            .ratings
            .iter()
            .filter(|rating| rating.competence_id == competence.id)
            .map(|rating| {
                let label = along.scale.iter().find(|level| Some(level.level) == rating.level).map(|level| level.label.as_str());
                let words = rating.motivation.as_ref().map(|words| paragraphs(words.as_str())).unwrap_or_default();
                let (level, who) = (escaped(label.unwrap_or("niet gezien")), escaped(&rating.name));
                format!(
                    "<blockquote>\n<p>{level}</p>\n{words}<footer>{who}, {}</footer>\n</blockquote>\n",
                    in_words(date_at(rating.rated_at))
                )
            })
            .collect();
        if !said.is_empty() {
            article.push_str(&format!("<section>\n<h3>{}</h3>\n{said}</section>\n", escaped(competence.title.as_str())));
        }
    }
    article + "</article>\n"
}
