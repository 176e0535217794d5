//! The page by which an archive is read: Dutch, of itself, without anything from elsewhere, on a phone and on paper.

use chrono::NaiveDate;
use domain::evidence::Evidence;
use domain::kernel::Instant;
use domain::kernel::time::date_at;
use domain::organisation::{Language, Team};
use domain::portfolio::{Entry, EntryArea, EntryKind, EntryVisibility, ShareRole, ShareWith};
use persistence::portfolio::comments::Commented;
use persistence::portfolio::shares::SharedWith;

use crate::days;
use crate::leermeter::along::RoundAlong;
use crate::lwps::LwpAssignmentView;

/// What stands below all entries.
pub const FOOT: &str = "</main>\n</body>\n</html>\n";

const STYLE: &str = include_str!("page.css");

/// What someone said of an entry: who, when, what.
pub fn said(commented: &Commented) -> (String, NaiveDate, String) {
    let Commented { comment, author } = commented;
    (author.called(), date_at(comment.created_at), comment.text.as_str().to_owned())
}

/// An entry as the page shows it.
pub struct Shown {
    pub number: u32,
    pub entry: Entry,
    /// With whom, and until when.
    pub shared: Vec<String>,
    pub said: Vec<(String, NaiveDate, String)>,
    /// Each with where it lies; nowhere where it was lost.
    pub files: Vec<(Option<String>, Evidence)>,
}

/// What there is, by area.
#[derive(Default)]
pub struct Contents {
    areas: Vec<(EntryArea, Vec<String>)>,
    lwps: Vec<String>,
    rounds: Vec<String>,
    conversations: Vec<String>,
    count: usize,
}

impl Contents {
    pub fn note(&mut self, shown: &Shown) {
        let content = &shown.entry.content;
        let line = format!(
            "<li><a href=\"#item-{}\">{}</a> <span>{}</span></li>\n",
            shown.number,
            escaped(content.title.as_str()),
            in_words(shown.entry.dated_on())
        );
        self.count += 1;
        match self.areas.iter_mut().find(|(area, _)| *area == content.area) {
            Some((_, lines)) => lines.push(line),
            None => self.areas.push((content.area, vec![line])),
        }
    }

    pub fn note_lwp(&mut self, number: u32, lwp: &LwpAssignmentView) {
        let (title, due_on) = (escaped(lwp.title.as_str()), in_words(lwp.due_on));
        self.lwps.push(format!("<li><a href=\"#lwp-{number}\">{title}</a> <span>{due_on}</span></li>\n"));
    }

    pub fn note_round(&mut self, number: u32, along: &RoundAlong) {
        let (title, day) = (escaped(along.round.title.as_str()), in_words(date_at(along.round.opened_at)));
        self.rounds.push(format!("<li><a href=\"#round-{number}\">{title}</a> <span>{day}</span></li>\n"));
    }

    pub fn note_conversation(&mut self, line: String) {
        self.conversations.push(line);
    }

    /// All that stands above the entries.
    pub fn head(mut self, owner: &str, now: Instant) -> String {
        let (owner, day) = (escaped(owner), in_words(date_at(now)));
        let count = match self.count {
            0 => "Er staat nog niets in.".to_owned(),
            1 => "Eén item.".to_owned(),
            count => format!("{count} items, het nieuwste eerst."),
        };
        let mut head = format!(
            "<!DOCTYPE html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'\">\n\
             <title>Portfolio van {owner}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n\
             <h1>Portfolio van {owner}</h1>\n<p>Meegenomen op {day}. {count}</p>\n</header>\n"
        );
        self.areas.sort_by_key(|(area, _)| *area);
        if !self.areas.is_empty() || !self.lwps.is_empty() || !self.rounds.is_empty() || !self.conversations.is_empty() {
            head.push_str("<nav aria-label=\"Inhoud\">\n<h2>Inhoud</h2>\n");
            for (area, lines) in &self.areas {
                head.push_str(&format!("<h3>{}</h3>\n<ul>\n{}</ul>\n", area_in_words(*area), lines.concat()));
            }
            if !self.lwps.is_empty() {
                head.push_str(&format!("<h3>Leerwerkprestaties</h3>\n<ul>\n{}</ul>\n", self.lwps.concat()));
            }
            if !self.rounds.is_empty() {
                head.push_str(&format!("<h3>Leermeter</h3>\n<ul>\n{}</ul>\n", self.rounds.concat()));
            }
            if !self.conversations.is_empty() {
                head.push_str(&format!("<h3>Gesprekken</h3>\n<ul>\n{}</ul>\n", self.conversations.concat()));
            }
            head.push_str("</nav>\n");
        }
        head + "<main>\n"
    }
}

impl Shown {
    pub fn article(&self) -> String {
        let content = &self.entry.content;
        let mut article = format!(
            "<article id=\"item-{}\">\n<h2>{}</h2>\n<p class=\"about\">{} &middot; {} &middot; {} &middot; {}</p>\n",
            self.number,
            escaped(content.title.as_str()),
            in_words(self.entry.dated_on()),
            area_in_words(content.area),
            kind_in_words(content.kind),
            self.visibility_in_words(),
        );
        if !content.tags.is_empty() {
            let tags = content.tags.iter().map(|tag| format!("<li>{}</li>", escaped(tag.as_str())));
            article.push_str(&format!("<ul class=\"tags\" aria-label=\"Labels\">{}</ul>\n", tags.collect::<String>()));
        }
        article.push_str(&paragraphs(content.body.as_str()));
        self.files.iter().for_each(|(path, file)| article.push_str(&shown_file(path.as_deref(), file)));
        if !self.said.is_empty() {
            article.push_str("<section>\n<h3>Reacties</h3>\n");
            for (who, day, text) in &self.said {
                let (who, day) = (escaped(who), in_words(*day));
                article.push_str(&format!("<blockquote>\n{}<footer>{who}, {day}</footer>\n</blockquote>\n", paragraphs(text)));
            }
            article.push_str("</section>\n");
        }
        article + "</article>\n"
    }

    fn visibility_in_words(&self) -> String {
        let seen_by = match self.entry.content.visibility {
            EntryVisibility::Private => return "alleen voor mij".to_owned(),
            EntryVisibility::Coach if self.shared.is_empty() => return "voor mijn coach".to_owned(),
            EntryVisibility::Coach => "voor mijn coach en ",
            EntryVisibility::Shared if self.shared.is_empty() => return "nu met niemand gedeeld".to_owned(),
            EntryVisibility::Shared => "",
        };
        format!("{seen_by}gedeeld met {}", self.shared.join(", "))
    }
}

/// With whom a share is, and until when, as a page.
pub fn shared_with(shared: &SharedWith, team: Option<&Team>) -> String {
    let with = match (&shared.share.with, &shared.person) {
        (ShareWith::Person(_), Some(person)) => escaped(&person.called()),
        (ShareWith::Person(_), None) => "iemand".to_owned(),
        (ShareWith::Team(_), _) => {
            team.map_or_else(|| "een team".to_owned(), |team| format!("team {}", escaped(team.name.as_str())))
        }
        (ShareWith::Role(role), _) => role_in_words(*role).to_owned(),
    };
    // What holds until midnight holds through the day before.
    let until = shared.share.until_at.map(|until| in_words(date_at(until - chrono::TimeDelta::microseconds(1))));
    until.map_or_else(|| with.clone(), |day| format!("{with} (tot en met {day})"))
}

const fn role_in_words(role: ShareRole) -> &'static str {
    match role {
        ShareRole::Coach => "mijn coach",
        ShareRole::Teacher => "mijn docenten",
        ShareRole::TeamLeader => "mijn teamleider",
        ShareRole::SabAdviser => "mijn SAB-adviseur",
        ShareRole::WorkplaceTrainer => "mijn praktijkopleider",
        ShareRole::Guardian => "mijn ouders of verzorgers",
    }
}

fn shown_file(path: Option<&str>, evidence: &Evidence) -> String {
    let name = escaped(evidence.file.name.as_str());
    let caption = evidence.caption.as_ref().map(|caption| escaped(caption.as_str()));
    let about = caption.clone().unwrap_or_else(|| name.clone());
    match path {
        None => format!("<p class=\"file\">{about} (dit bestand was niet te vinden)</p>\n"),
        Some(path) if evidence.file.kind.is_picture() => format!(
            "<figure>\n<a href=\"{path}\"><img src=\"{path}\" alt=\"{about}\" loading=\"lazy\"></a>\n<figcaption>{about}</figcaption>\n</figure>\n"
        ),
        Some(path) => {
            let size = size_in_words(evidence.file.size);
            let caption = caption.map(|caption| format!("{caption}: ")).unwrap_or_default();
            format!("<p class=\"file\">{caption}<a href=\"{path}\" download=\"{name}\">{name}</a> ({size})</p>\n")
        }
    }
}

/// What someone wrote, in paragraphs as they were.
pub fn paragraphs(text: &str) -> String {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| format!("<p>{}</p>\n", escaped(part).replace('\n', "<br>\n"))).collect()
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

pub fn in_words(day: NaiveDate) -> String {
    days::in_words(day, Language::Dutch)
}

fn size_in_words(bytes: i64) -> String {
    match bytes {
        ..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} kB", (bytes + 512) / 1024),
        _ => format!("{},{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

const fn area_in_words(area: EntryArea) -> &'static str {
    match area {
        EntryArea::Learning => "Leren",
        EntryArea::Career => "Loopbaan",
        EntryArea::Citizenship => "Burgerschap",
        EntryArea::Meaning => "Zingeving",
        EntryArea::Ethics => "Ethiek",
        EntryArea::Dialogue => "Dialoog",
    }
}

const fn kind_in_words(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Reflection => "reflectie",
        EntryKind::Product => "product",
        EntryKind::Experience => "ervaring",
        EntryKind::FeedbackReceived => "ontvangen feedback",
        EntryKind::Achievement => "prestatie",
        EntryKind::Agreement => "afspraak",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pf_6_what_someone_wrote_is_shown_as_text_and_never_as_a_page() {
        assert_eq!(escaped("<script>\"&\""), "&lt;script&gt;&quot;&amp;&quot;");
        assert_eq!(paragraphs("een\ntwee\n\n<b>drie"), "<p>een<br>\ntwee</p>\n<p>&lt;b&gt;drie</p>\n");
    }

    #[test]
    fn pf_6_dates_and_sizes_are_told_in_dutch() {
        assert_eq!(in_words(NaiveDate::from_ymd_opt(2026, 10, 3).unwrap()), "3 oktober 2026");
        assert_eq!(
            (size_in_words(999), size_in_words(2048), size_in_words(26_214_400)),
            ("999 bytes".into(), "2 kB".into(), "25,0 MB".into())
        );
    }
}
