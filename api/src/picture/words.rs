//! What stands in a picture, in Dutch and in English.

use chrono::{Datelike, NaiveDate};
use domain::leermeter::RaterKind;
use domain::organisation::Language;

use super::Figure;

/// The words of one language.
pub struct Words {
    growth: &'static str,
    radar: &'static str,
    pub scale: &'static str,
    pub own: &'static str,
    pub others: &'static str,
    pub others_together: &'static str,
    pub most_grown: &'static str,
    pub others_see_more: &'static str,
    pub over_time: &'static str,
    pub not_rated: &'static str,
    pub not_seen: &'static str,
    pub nothing_yet: &'static str,
    /// Before how many.
    more: &'static str,
    between: [&'static str; 2],
    months: [&'static str; 12],
    kinds: [&'static str; 5],
}

static NL: Words = Words {
    growth: "Mijn groei",
    radar: "Waar ik nu sta",
    scale: "Schaal",
    own: "Ik",
    others: "Anderen",
    others_together: "anderen samen",
    most_grown: "Het meest gegroeid",
    others_see_more: "Anderen zien meer dan ik",
    over_time: "Zelf gezien",
    not_rated: "Nog niet beoordeeld",
    not_seen: "nog niet gezien",
    nothing_yet: "Er is nog niets beoordeeld.",
    more: "Andere competenties in de leermeter:",
    between: ["tussen", "en"],
    months: ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    kinds: ["coach", "praktijkopleider", "docent", "medestudent", "buddy"],
};

static EN: Words = Words {
    growth: "My growth",
    radar: "Where I am now",
    scale: "Scale",
    own: "Me",
    others: "Others",
    others_together: "others together",
    most_grown: "Grown the most",
    others_see_more: "Others see more than I do",
    over_time: "As I saw it",
    not_rated: "Not rated yet",
    not_seen: "not seen yet",
    nothing_yet: "Nothing has been rated yet.",
    more: "Other competences in the leermeter:",
    between: ["between", "and"],
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    kinds: ["coach", "workplace trainer", "teacher", "peer", "buddy"],
};

impl Words {
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::Dutch => &NL,
            Language::English => &EN,
        }
    }

    pub const fn title(&self, figure: Figure) -> &'static str {
        match figure {
            Figure::Growth => self.growth,
            Figure::Radar => self.radar,
        }
    }

    pub const fn kind(&self, kind: RaterKind) -> &'static str {
        match kind {
            RaterKind::Student => self.own,
            RaterKind::Coach => self.kinds[0],
            RaterKind::WorkplaceTrainer => self.kinds[1],
            RaterKind::Teacher => self.kinds[2],
            RaterKind::Peer => self.kinds[3],
            RaterKind::Buddy => self.kinds[4],
        }
    }

    /// That so many more are left out.
    pub fn and_more(&self, many: usize) -> String {
        format!("{} {many}", self.more)
    }

    /// Between two levels.
    pub fn between(&self, lower: &str, higher: &str) -> String {
        format!("{} {lower} {} {higher}", self.between[0], self.between[1])
    }

    /// A month and its year, short.
    pub fn month(&self, day: NaiveDate) -> String {
        format!("{} {}", self.months[day.month0() as usize % 12], day.year())
    }

    /// A day without its year.
    pub fn short_day(&self, day: NaiveDate) -> String {
        format!("{} {}", day.day(), self.months[day.month0() as usize % 12])
    }

    /// A day, short.
    pub fn day(&self, day: NaiveDate) -> String {
        format!("{} {}", day.day(), self.month(day))
    }
}
