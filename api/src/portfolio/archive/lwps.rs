//! The student's LWPs in an archive: as they were made to fit, what was handed in for them, and what was said of it.

use std::collections::HashMap;

use domain::kernel::time::date_at;
use domain::kernel::{Line, LwpAssignmentId, PortfolioEntryId};
use domain::lwp::AssignmentStateName;
use serde_json::json;

use super::page::{escaped, in_words, paragraphs};
use super::{Making, Stopped};
use crate::files::FileTrouble;
use crate::files::packing::{Item, Packing};
use crate::http::Problem;
use crate::lwps::{self, LwpAssignmentView, LwpRoundView};

/// The schema of each LWP's JSON, which goes along.
pub const SCHEMA: &str = include_str!("../../../../openapi/portfolio-archive-lwp.schema.json");
pub const SCHEMA_NAME: &str = "portfolio-archive-lwp.schema.json";

/// The entries that are in the archive, each with its number and title.
type Packed = HashMap<PortfolioEntryId, (u32, Line)>;

impl Making {
    pub(super) async fn all_lwps(&self) -> Result<Vec<LwpAssignmentId>, Problem> {
        let student = self.student;
        self.caller.read(move |reading| lwps::newest_first(reading, student)).await
    }

    /// An LWP as this moment shows it; none where it is not shown any more.
    pub(super) async fn lwp(&self, id: LwpAssignmentId) -> Result<Option<LwpAssignmentView>, Problem> {
        match self.caller.read(move |reading| lwps::as_seen(reading, id)).await {
            Ok(lwp) => Ok(Some(lwp)),
            Err(problem) if problem.is_refusal() => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// Packs one LWP. What of it stands in the index is answered.
    pub(super) async fn pack_lwp(
        &self,
        packing: &mut Packing,
        lwp: &LwpAssignmentView,
        number: u32,
        packed: &Packed,
    ) -> Result<String, Stopped> {
        let mut told = json!(lwp);
        if let Some(members) = told.as_object_mut() {
            // Whose it is says the archive, and what one may do with it there nobody can say here.
            members.retain(|name, _| !matches!(name.as_str(), "student" | "openDecisions"));
        }
        let text = serde_json::to_vec_pretty(&told).map_err(|error| FileTrouble::Away(error.to_string()))?;
        packing.add_text(&Item { name: &format!("lwps/{number:04}.json"), changed_at: self.now }, &text).await?;
        Ok(article(lwp, number, packed))
    }
}

fn article(lwp: &LwpAssignmentView, number: u32, packed: &Packed) -> String {
    let (title, state, due_on) = (escaped(lwp.title.as_str()), state_in_words(lwp.state), in_words(lwp.due_on));
    let mut article = format!(
        "<article id=\"lwp-{number}\">\n<h2>{title}</h2>\n<p class=\"about\">leerwerkprestatie &middot; {state} &middot; in te leveren tot en met {due_on}</p>\n"
    );
    for (heading, text) in [("Situatie", &lwp.situation), ("Product", &lwp.product)] {
        if let Some(text) = text {
            article.push_str(&format!("<h3>{heading}</h3>\n{}", paragraphs(text.as_str())));
        }
    }
    if !lwp.criteria.is_empty() {
        let criteria = lwp.criteria.iter().map(|criterion| format!("<li>{}</li>\n", escaped(criterion.as_str())));
        article.push_str(&format!("<h3>Criteria</h3>\n<ul>\n{}</ul>\n", criteria.collect::<String>()));
    }
    lwp.rounds.iter().for_each(|round| article.push_str(&shown_round(round, packed)));
    article + "</article>\n"
}

fn shown_round(round: &LwpRoundView, packed: &Packed) -> String {
    let mut shown = format!("<section>\n<h3>Ingeleverd op {}</h3>\n", in_words(date_at(round.submitted_at)));
    let evidence = round.entry_ids.iter().filter_map(|id| packed.get(id));
    let evidence: String = evidence
        .map(|(number, title)| format!("<li><a href=\"#item-{number}\">{}</a></li>\n", escaped(title.as_str())))
        .collect();
    if !evidence.is_empty() {
        shown.push_str(&format!("<p>Bewijs:</p>\n<ul>\n{evidence}</ul>\n"));
    }
    if let Some(feedback) = &round.feedback {
        let who = feedback.by.as_ref().map(|by| format!("{}, ", escaped(&by.called()))).unwrap_or_default();
        let (text, day) = (paragraphs(feedback.text.as_str()), in_words(date_at(feedback.given_at)));
        shown.push_str(&format!("<blockquote>\n{text}<footer>{who}{day}</footer>\n</blockquote>\n"));
    }
    shown + "</section>\n"
}

const fn state_in_words(state: AssignmentStateName) -> &'static str {
    match state {
        AssignmentStateName::Assigned => "gekregen",
        AssignmentStateName::InProgress => "begonnen",
        AssignmentStateName::Submitted => "ingeleverd",
        AssignmentStateName::FeedbackGiven => "feedback gekregen",
        AssignmentStateName::Completed => "afgerond",
    }
}
