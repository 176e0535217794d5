//! `tests/access/canaries.csv`: whatever is kept of someone bears a mark here that nothing else bears, and whoever gets to
//! see a mark must be someone to whom that table says it may be shown.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::small_college::SmallCollege;
use crate::evidence::archive::unpacked;
use crate::harness::Said;

const TABLE: &str = include_str!("../../access/canaries.csv");
/// Before the claims of a token, whichever.
const TOKEN: &str = ".eyJ";
const RELATIONS: [&str; 12] = ["S", "CC", "IC", "SC", "TT", "TL", "LM", "SB", "WT", "G<16", "G16", "G18"];

/// Who has which relation to whom, by hand. `otherStudent` has left; a former coach, scout or teacher is in none of them.
const RELATED: &[(&str, &[(&str, &str)])] = &[
    ("student", &[("S", "student"), ("CC", "coach"), ("IC", "secondCoach"), ("TT", "teacher"), ("WT", "workplaceTrainer")]),
    ("switcher", &[("S", "switcher"), ("CC", "coach"), ("IC", "otherCoach"), ("TT", "teacher"), ("WT", "workplaceTrainer")]),
    ("settled", &[("S", "settled"), ("CC", "coach"), ("IC", "secondCoach"), ("TT", "teacher"), ("WT", "workplaceTrainer")]),
    ("otherStudent", &[("S", "otherStudent")]),
    ("applicant", &[("S", "applicant"), ("SC", "scout")]),
];
/// To each of those who is or was a student here.
const RELATED_TO_ALL: &[(&str, &str)] = &[("SC", "scout"), ("TL", "teamLeader"), ("LM", "landscapeManager")];
/// To each of those who is a student here, see `SmallCollege`.
const GUARDIANS: &[(&str, &str)] = &[("G<16", "guardianUnder16"), ("G16", "guardian16"), ("G18", "guardian18")];
const WITH_GUARDIANS: [&str; 3] = ["student", "switcher", "settled"];
/// Who has a relation to nobody, and does not work here.
const OUTSIDERS: [&str; 4] = ["prospect", "guardian", "nobody", "formerTrainer"];
/// Who works here, with whatever role.
const WORKS_HERE: [&str; 23] = [
    "coach",
    "secondCoach",
    "otherCoach",
    "scout",
    "otherScout",
    "teacher",
    "otherTeacher",
    "teamLeader",
    "otherTeamLeader",
    "landscapeManager",
    "otherLandscapeManager",
    "sabAdviser",
    "director",
    "administrator",
    "privacyOfficer",
    "taskHolder",
    "formerCoach",
    "refusedCoach",
    "formerScout",
    "formerTeacher",
    "formerTeamLeader",
    "formerManager",
    "invitedRater",
];
/// Who trains students at a learning company, or did: to each student here.
const TRAINERS: [&str; 2] = ["workplaceTrainer", "formerTrainer"];
const FORMER_GUARDIANS: [&str; 2] = ["guardianWithoutConsent", "formerGuardian"];

/// A line of the table.
pub struct Rule {
    pub columns: Vec<&'static str>,
    pub of: Vec<&'static str>,
    through: Vec<&'static str>,
    relations: Vec<&'static str>,
    others: Vec<&'static str>,
    pub why: &'static str,
}

/// Every line of the table.
pub fn rules() -> Vec<Rule> {
    let mut lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let head: Vec<_> = lines.next().expect("a head").split(',').collect();
    assert_eq!(head[3..15], RELATIONS);
    let words = |cell: &'static str| cell.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>();
    let rule = |line: &'static str| {
        let cells: Vec<_> = line.split(',').collect();
        assert_eq!(cells.len(), head.len(), "{line}");
        assert!(cells[3..15].iter().all(|cell| ["", "x"].contains(cell)), "{line}");
        let related = RELATIONS.into_iter().zip(&cells[3..15]).filter(|(_, cell)| **cell == "x");
        Rule {
            columns: words(cells[0]),
            of: words(cells[1]),
            through: words(cells[2]),
            relations: related.map(|(relation, _)| relation).collect(),
            others: words(cells[15]),
            why: cells[16],
        }
    };
    lines.map(rule).collect()
}

/// A mark as it stands in a row, without hyphens in its ids: `canary-table-column-owner` or `canary-table-column-owner-row`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    column: String,
    /// The person whose it is, or the registration.
    owner: String,
    row: String,
}

/// The marks in a text, whatever the case.
fn marks(text: &str) -> BTreeSet<Mark> {
    let text = text.to_lowercase();
    let is_mark = |sign: char| sign.is_ascii_alphanumeric() || "-_.".contains(sign);
    let mark = |(at, _): (usize, &str)| {
        let rest = &text[at..];
        let word = &rest[..rest.find(|sign| !is_mark(sign)).unwrap_or(rest.len())];
        let parts: Vec<_> = word.split('-').collect();
        let part = |place: usize| parts.get(place).copied().unwrap_or_default().to_owned();
        Mark { column: format!("{}.{}", part(1), part(2)), owner: part(3), row: part(4) }
    };
    text.match_indices("canary-").filter(|(at, _)| !text[*at..].starts_with("canary-sent")).map(mark).collect()
}

/// What is asked for: the last word of a path that names things.
fn thing(path: &str) -> &str {
    if path.contains("start-programme") && !path.contains("template") {
        return "start-programmes";
    }
    let words = path.split('?').next().unwrap_or_default().split('/');
    let is_name =
        |word: &&str| !word.is_empty() && !word.starts_with('{') && *word != "decisions" && word.parse::<uuid::Uuid>().is_err();
    words.rev().find(is_name).unwrap_or_default()
}

/// Looks at what everyone is answered.
pub struct Watch {
    rules: Vec<Rule>,
    /// Whose an id is, without hyphens: the name of a person.
    people: BTreeMap<String, String>,
    /// Birth dates, which are marks too.
    dates: BTreeMap<String, Mark>,
    /// What opens something, and must never be told again.
    secrets: Vec<String>,
    /// Handovers that are answered: nobody is asked any more.
    answered: Vec<String>,
    /// Columns that were shown to who may see them, and through what.
    seen: RefCell<BTreeSet<(String, String)>>,
    wrong: RefCell<BTreeSet<String>>,
}

impl Watch {
    /// Knows the marks of a college that [`super::planted::plant`] marked.
    pub fn over(college: &SmallCollege) -> Self {
        let plain = |id: &String| id.replace('-', "");
        let people = college.things.iter().filter(|(name, _)| super::small_college::EVERYONE.contains(&name.as_str()));
        let people = people.map(|(name, id)| (plain(id), name.clone())).collect();
        let mut dates = BTreeMap::new();
        for table in ["people", "registrations"] {
            for row in super::planted::birth_dates(college, table) {
                let (date, owner) = row.split_once(' ').expect("a date and whose it is");
                let mark = Mark { column: format!("{table}.birth_date"), owner: owner.to_owned(), row: String::new() };
                assert!(dates.insert(date.to_owned(), mark).is_none(), "{date} is of two");
            }
        }
        let mut secrets: Vec<_> =
            ["secret", "secretOfAnother", "secretOfAThird", "invitationSecret"].map(|name| college.thing(name).to_owned()).into();
        secrets.extend(college.world.rows("SELECT secret_hash AS row FROM registrations"));
        secrets.extend(college.world.rows("SELECT secret_hash AS row FROM round_raters WHERE secret_hash IS NOT NULL"));
        let answered = ["refusedHandover", "acceptedHandover"].map(|name| college.thing(name).replace('-', "")).into();
        Self { rules: rules(), people, dates, secrets, answered, seen: RefCell::default(), wrong: RefCell::default() }
    }

    fn owner_is(&self, mark: &Mark) -> (&'static str, &str) {
        let table = mark.column.split('.').next().unwrap_or_default();
        match (table, self.people.get(&mark.owner).map(String::as_str)) {
            ("registrations", _) => ("registration", ""),
            ("central_applications" | "central_application_events", _) => ("central", ""),
            ("accounts", _) => ("secret", ""),
            (_, Some(name)) if RELATED.iter().any(|(student, _)| *student == name) => ("student", name),
            (_, Some(name)) if GUARDIANS.iter().any(|(_, guardian)| *guardian == name) => ("guardian", name),
            (_, Some(name)) if FORMER_GUARDIANS.contains(&name) => ("guardian", name),
            (_, Some(name)) if TRAINERS.contains(&name) => ("trainer", name),
            (_, Some(name)) if OUTSIDERS.contains(&name) => ("outsider", name),
            (_, Some(name)) => ("staff", name),
            (_, None) => ("unknown", ""),
        }
    }

    /// The relations that this caller has to whoever it is about.
    fn relations(&self, subject: &str, mark: &Mark, of: &str, owner: &str) -> Vec<&'static str> {
        let students: Vec<&str> = if ["guardian", "trainer"].contains(&of) { WITH_GUARDIANS.to_vec() } else { vec![owner] };
        let mut found = Vec::new();
        for student in students {
            let own = RELATED.iter().filter(|(name, _)| *name == student).flat_map(|(_, related)| *related);
            let all = RELATED_TO_ALL.iter().filter(|_| of != "student" || student != "applicant");
            let guardians = GUARDIANS.iter().filter(|_| WITH_GUARDIANS.contains(&student));
            let related = own.chain(all).chain(guardians).filter(|(_, name)| *name == subject).map(|(relation, _)| *relation);
            found.extend(related.filter(|relation| *relation != "IC" || !self.answered.contains(&mark.row)));
        }
        found
    }

    fn may(&self, subject: &str, thing: &str, mark: &Mark, by_secret: bool) -> bool {
        let (of, owner) = self.owner_is(mark);
        let relations = self.relations(subject, mark, of, owner);
        let other = |other: &&str| match *other {
            "self" => subject == owner,
            "signedIn" => !subject.is_empty(),
            "staff" => WORKS_HERE.contains(&subject),
            "secret" => by_secret,
            named => subject == named,
        };
        self.rules.iter().any(|rule| {
            rule.columns.contains(&mark.column.as_str())
                && rule.of.contains(&of)
                && (rule.through.contains(&thing) || rule.through == ["*"])
                && (rule.relations.iter().any(|relation| relations.contains(relation)) || rule.others.iter().any(other))
        })
    }

    /// Looks at one answer, its headers included. `name` tells which call it is of.
    pub fn look(&self, name: &str, path: &str, subject: &str, said: &Said) {
        let mut text = format!("{}\n", said.text);
        if said.bytes.starts_with(b"PK") {
            // What is packed is shown, too: the names of files, and all that is a text.
            let packed = unpacked(&said.bytes).into_iter();
            text.extend(packed.map(|(name, content)| format!("{name}\n{}\n", String::from_utf8_lossy(&content))));
        }
        for (name, value) in &said.headers {
            text += &format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()));
        }
        let mut found = marks(&text);
        found.extend(cursors(&text).iter().flat_map(|cursor| marks(cursor)));
        found.extend(self.dates.iter().filter(|(date, _)| text.contains(*date)).map(|(_, mark)| mark.clone()));
        let thing = thing(path);
        for mark in found {
            if self.may(subject, thing, &mark, name.ends_with("by secret")) {
                self.seen.borrow_mut().insert((mark.column.clone(), thing.to_owned()));
            } else {
                let whose = self.owner_is(&mark);
                self.note(format!("{name} by {subject:?} shows {} of {} {}, through {thing}", mark.column, whose.0, whose.1));
            }
        }
        if self.secrets.iter().any(|secret| text.contains(secret)) {
            self.note(format!("{name} by {subject:?} tells a secret"));
        }
        if text.contains(TOKEN) && !name.starts_with("createDevToken") {
            self.note(format!("{name} by {subject:?} tells a token"));
        }
        if text.to_lowercase().contains("canary-sent") && said.status >= 400 {
            self.note(format!("{name} by {subject:?} is told what it sent"));
        }
    }

    /// Looks at a text that is for nobody in particular: nothing of anyone may stand in it.
    pub fn look_at_what_is_for_nobody(&self, what: &str, text: &str) {
        let dates = self.dates.keys().filter(|date| text.contains(*date));
        let found: Vec<_> = marks(text).into_iter().map(|mark| mark.column).chain(dates.cloned()).collect();
        if !found.is_empty() || text.to_lowercase().contains("canary-") {
            self.note(format!("{what} tells of someone: {found:?}"));
        }
        if text.contains(TOKEN) || self.secrets.iter().any(|secret| text.contains(secret)) {
            self.note(format!("{what} tells a secret"));
        }
    }

    pub fn note(&self, wrong: String) {
        self.wrong.borrow_mut().insert(wrong);
    }

    /// What was shown to whom it may not be.
    pub fn wrong(&self) -> Vec<String> {
        self.wrong.borrow().iter().cloned().collect()
    }

    /// What may be shown to someone through these things, and was shown to nobody: then nobody looked where it is.
    pub fn unseen(&self, things: &[&str]) -> Vec<String> {
        let seen = self.seen.borrow();
        let mut unseen = Vec::new();
        for rule in &self.rules {
            for thing in rule.through.iter().filter(|thing| things.contains(thing)) {
                let shown = |column: &&str| seen.iter().any(|(one, through)| one == column && ["*", through].contains(thing));
                let missed = rule.columns.iter().filter(|column| !shown(column));
                unseen.extend(missed.map(|column| format!("{column} through {thing} was shown to nobody: this proves nothing")));
            }
        }
        unseen
    }
}

/// What the cursors in a text would say, were they not sealed: they are places, which may be names.
fn cursors(text: &str) -> Vec<String> {
    let words = text.split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '-' || sign == '_'));
    let decoded = words.filter(|word| word.len() > 20).filter_map(|word| URL_SAFE_NO_PAD.decode(word).ok());
    decoded.filter_map(|bytes| String::from_utf8(bytes).ok()).collect()
}
