//! The picture of a leermeter (LM-4): growth lines or a radar, as SVG that is the same to the byte for the same leermeter.
//!
//! It is drawn 320 units wide, so that it can be read on the narrowest screen as it is. Own view and that of others differ in
//! line and mark besides colour, so that it can be printed in grey; all that it shows stands in words in its description, for
//! screen readers. It has no script, no style sheet, and nothing that is fetched.

pub mod drawing;
mod growth;
mod radar;
mod svg;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub use tests::sample;
mod words;

use chrono::NaiveDate;
use domain::kernel::{RoundId, Word};
use domain::leermeter::growth::{CompetenceGrowth, Point, Scale};
use domain::leermeter::{Framework, RaterKind};
use domain::organisation::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use drawing::Drawing;
use words::Words;

/// What is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Figure {
    /// Each competence over time.
    #[default]
    Growth,
    /// All competences as they are now.
    Radar,
}

/// For which ground.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    #[default]
    Light,
    Dark,
}

/// A leermeter as it is drawn.
#[derive(Clone, Debug)]
pub struct Picture {
    pub figure: Figure,
    pub theme: Theme,
    pub language: Language,
    /// What the framework is called.
    pub framework: String,
    /// The numbers and labels of the levels, from low to high: a place is an index into them, or lies between two.
    pub scale: Vec<(u8, String)>,
    /// The days on which the rounds began, in order.
    pub rounds: Vec<NaiveDate>,
    pub competences: Vec<Drawn>,
    /// How many others there are besides, which are left out.
    pub more: usize,
}

/// A competence as it is drawn.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub title: String,
    pub marks: Vec<Mark>,
    /// Where the student and the others see it now; none where nobody saw it.
    pub own: Option<f64>,
    pub others: Option<f64>,
}

/// Where raters of one kind saw a competence in a round, on average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Which of the picture's rounds.
    pub round: usize,
    pub kind: RaterKind,
    /// On the scale, from 0.
    pub place: f64,
    /// How many raters of this kind saw it.
    pub raters: u32,
}

impl Drawn {
    /// What it is called in short: the title up to a colon.
    fn name(&self) -> &str {
        self.title.split_once(':').map_or(self.title.as_str(), |(name, _)| name)
    }

    /// What the title says after its colon.
    fn question(&self) -> Option<&str> {
        self.title.split_once(':').map(|(_, question)| question.trim())
    }

    /// By the student, or by all others together, in each round in which they saw it.
    fn line(&self, own: bool) -> Vec<(usize, f64)> {
        let mut rounds: Vec<(usize, f64, u32)> = Vec::new();
        for mark in self.marks.iter().filter(|mark| (mark.kind == RaterKind::Student) == own) {
            let weight = mark.place * f64::from(mark.raters);
            match rounds.iter_mut().find(|(round, ..)| *round == mark.round) {
                Some((_, sum, raters)) => (*sum, *raters) = (*sum + weight, *raters + mark.raters),
                None => rounds.push((mark.round, weight, mark.raters)),
            }
        }
        rounds.sort_by_key(|(round, ..)| *round);
        rounds
            .into_iter()
            .filter(|(.., raters)| *raters > 0)
            .map(|(round, sum, raters)| (round, sum / f64::from(raters)))
            .collect()
    }

    /// How far the student came, as they see it themselves, from first to last.
    fn grown(&self) -> Option<f64> {
        match self.line(true).as_slice() {
            [first, .., last] => Some(last.1 - first.1),
            _ => None,
        }
    }
}

impl Picture {
    /// Of what the ratings say. `rounds` are those of the growth by time, each with the day on which it began.
    pub fn of(
        (figure, theme, language): (Figure, Theme, Language),
        framework: &Framework,
        rounds: &[(RoundId, NaiveDate)],
        growth: &[CompetenceGrowth],
    ) -> Self {
        let scale = Scale::of(&framework.scale);
        let mark = |kind, point: &Point| {
            let round = rounds.iter().position(|(round, _)| *round == point.round_id)?;
            Some(Mark { round, kind, place: point.mean?, raters: point.raters })
        };
        let drawn = |growth: &CompetenceGrowth| {
            let competence = framework.competences.iter().find(|competence| competence.id == growth.competence_id)?;
            let marks =
                growth.series.iter().flat_map(|series| series.points.iter().filter_map(|point| mark(series.rater_kind, point)));
            let own = growth.own.and_then(|level| scale.step(level)).map(f64::from);
            Some(Drawn { title: competence.title.as_str().to_owned(), marks: marks.collect(), own, others: growth.others })
        };
        Self {
            figure,
            theme,
            language,
            framework: framework.title.as_str().to_owned(),
            scale: framework.scale.iter().map(|level| (level.level, level.label.as_str().to_owned())).collect(),
            rounds: rounds.iter().map(|(_, day)| *day).collect(),
            competences: growth.iter().filter_map(drawn).collect(),
            more: 0,
        }
    }

    /// Of who has no round yet.
    pub fn of_nothing((figure, theme, language): (Figure, Theme, Language)) -> Self {
        let (framework, scale, rounds, competences) = (String::new(), Vec::new(), Vec::new(), Vec::new());
        Self { figure, theme, language, framework, scale, rounds, competences, more: 0 }
    }

    /// There is nothing to see yet.
    pub fn is_empty(&self) -> bool {
        self.competences.iter().all(|drawn| drawn.marks.is_empty())
    }

    /// The picture as an SVG document.
    pub fn svg(&self) -> String {
        let called = [Words::of(self.language).title(self.figure), &self.framework];
        let title = called.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
        svg::document(&self.drawn(), self.language.word(), &title, &self.in_words())
    }

    /// The picture as shapes.
    pub fn drawn(&self) -> Drawing {
        let words = Words::of(self.language);
        let mut drawing = Drawing::new(self.theme);
        self.head(&mut drawing, words);
        if self.is_empty() {
            drawing.paragraph(words.nothing_yet, 14.0);
        }
        match self.figure {
            Figure::Growth => growth::draw(self, &mut drawing, words),
            Figure::Radar => radar::draw(self, &mut drawing, words),
        }
        if self.more > 0 {
            drawing.paragraph(&words.and_more(self.more), 13.0);
        }
        drawing
    }

    /// What a place on the scale is called, in words.
    fn level(&self, place: f64, words: &Words) -> String {
        let last = self.scale.len().saturating_sub(1);
        let label = |place: f64| self.scale.get((place.max(0.0) as usize).min(last)).map_or("", |(_, label)| label.as_str());
        let above = place - place.floor();
        if (0.25..0.75).contains(&above) {
            return words.between(label(place.floor()), label(place.ceil()));
        }
        label(place.round()).to_owned()
    }

    /// The kinds of raters that are in it, in the order of [`RaterKind`].
    fn kinds(&self) -> Vec<RaterKind> {
        let seen = |kind: &RaterKind| self.competences.iter().any(|drawn| drawn.marks.iter().any(|mark| mark.kind == *kind));
        RaterKind::ALL.iter().copied().filter(seen).collect()
    }

    /// What is worth being proud of, in a line each: the most of a step or more that the student grew, and of where others see
    /// [`clearly`](Scale::clearly) more.
    fn highlights(&self, words: &Words) -> Vec<String> {
        let most = |least: f64, figure: &dyn Fn(&Drawn) -> Option<f64>| {
            let mut best: Option<(&Drawn, f64)> = None;
            for drawn in &self.competences {
                if let Some(value) = figure(drawn).filter(|value| *value >= least && best.is_none_or(|(_, most)| *value > most)) {
                    best = Some((drawn, value));
                }
            }
            best.map(|(drawn, _)| drawn.name())
        };
        let grown = most(1.0, &Drawn::grown).map(|title| format!("{}: {title}", words.most_grown));
        let clearly = Scale::clearly_among(self.scale.len());
        let hidden =
            most(clearly, &|drawn| Some(drawn.others? - drawn.own?)).map(|title| format!("{}: {title}", words.others_see_more));
        grown.into_iter().chain(hidden).collect()
    }

    fn head(&self, drawing: &mut Drawing, words: &Words) {
        drawing.heading(words.title(self.figure), 18.0);
        drawing.paragraph(&self.framework, 13.0);
        let scale: Vec<_> = self.scale.iter().map(|(level, label)| format!("{level}\u{a0}{label}")).collect();
        if !scale.is_empty() {
            drawing.paragraph(&format!("{}: {}", words.scale, scale.join(" · ")), 12.0);
        }
        drawing.space(4.0);
        let highlights = self.highlights(words);
        if !highlights.is_empty() {
            drawing.highlights(&highlights);
        }
    }

    /// All that is in the picture, in words.
    pub fn in_words(&self) -> String {
        let words = Words::of(self.language);
        let mut said: Vec<String> = self.highlights(words).into_iter().map(|highlight| format!("{highlight}.")).collect();
        for drawn in &self.competences {
            let view = self.seen(drawn, words).join(", ");
            let over_time: Vec<_> = drawn
                .line(true)
                .into_iter()
                .filter_map(|(round, place)| {
                    Some(format!("{} {}", words.day(*self.rounds.get(round)?), self.level(place, words)))
                })
                .collect();
            let history = match self.figure {
                Figure::Growth if over_time.len() > 1 => format!(" {}: {}.", words.over_time, over_time.join(", ")),
                _ => String::new(),
            };
            said.push(format!("{}. {view}.{history}", drawn.title.trim_end_matches(['.', '?'])));
        }
        if self.is_empty() {
            said.push(words.nothing_yet.to_owned());
        }
        if self.more > 0 {
            said.push(format!("{}.", words.and_more(self.more)));
        }
        said.join(" ")
    }

    /// How it is seen now, in words: by the student, and by others.
    fn seen(&self, drawn: &Drawn, words: &Words) -> Vec<String> {
        let of = |place: Option<f64>| place.map_or_else(|| words.not_seen.to_owned(), |place| self.level(place, words));
        match (drawn.own, drawn.others) {
            (None, None) => vec![words.not_rated.to_owned()],
            (own, others) => vec![format!("{}: {}", words.own, of(own)), format!("{}: {}", words.others, of(others))],
        }
    }
}
