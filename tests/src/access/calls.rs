//! `tests/access/operations.csv` and `calls.json`: what is asked of each operation, by whom, and what they should get.

use std::collections::BTreeMap;

use api::contexts::operations;
use serde_json::{Value, json};

use super::bodies::{dossier, framework, template};
use super::small_college::SmallCollege;
use crate::harness::{Ask, World, findings};

const TABLE: &str = include_str!("../../access/operations.csv");
const CALLS: &str = include_str!("../../access/calls.json");

/// Whoever is meant by the columns that mean more than one.
const FORMER_STAFF: [&str; 6] =
    ["formerCoach", "refusedCoach", "formerScout", "formerTeacher", "formerTeamLeader", "formerManager"];
const FORMER_FAMILY: [&str; 2] = ["formerGuardian", "guardianWithoutConsent"];
const OTHER_STAFF: [&str; 8] = [
    "otherCoach",
    "otherScout",
    "otherTeacher",
    "otherTeamLeader",
    "otherLandscapeManager",
    "sabAdviser",
    "director",
    "privacyOfficer",
];
const OUTSIDERS: [&str; 7] = ["formerTrainer", "applicant", "nobody", "otherStudent", "student", "switcher", "settled"];

/// One row of the table with what is asked.
pub struct Call {
    pub operation: &'static str,
    /// Operation and case.
    pub name: String,
    pub method: String,
    pub path: &'static str,
    /// Names of the things that the path names.
    at: Vec<String>,
    sent: Value,
    /// Whose thing it is, and who is proposed as their coach.
    student: String,
    proposed: String,
    cells: Vec<(&'static str, &'static str)>,
    pub why: &'static str,
}

/// Every row of the table.
///
/// # Panics
/// Where table, calls and operations are not about the same.
pub fn calls() -> Vec<Call> {
    let sent: BTreeMap<String, Value> = serde_json::from_str(CALLS).expect("calls.json");
    let known = operations();
    let mut lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let head: Vec<_> = lines.next().expect("a head").split(',').collect();
    let columns = &head[2..head.len() - 1];
    let call = |line: &'static str| {
        let cells: Vec<_> = line.split(',').collect();
        assert_eq!(cells.len(), head.len(), "{line}");
        let (operation, name) = (cells[0], format!("{} {}", cells[0], cells[1]).trim().to_owned());
        let described = known.iter().find(|known| known.description.id == operation);
        let described = described.unwrap_or_else(|| panic!("{operation} is in the table and is no operation"));
        let sent = sent.get(&name).unwrap_or_else(|| panic!("{name} is not in calls.json")).clone();
        let word = |key: &str, unless: &str| sent[key].as_str().unwrap_or(unless).to_owned();
        let at = sent["at"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        Call {
            operation,
            method: described.method.to_string(),
            path: described.path,
            at,
            student: word("of", "student"),
            proposed: word("proposed", "secondCoach"),
            cells: columns.iter().copied().zip(cells[2..].iter().copied()).collect(),
            why: cells[cells.len() - 1],
            name,
            sent,
        }
    };
    lines.map(call).collect()
}

impl Call {
    /// Everyone who calls, each with the status that the table says; nobody's name is empty.
    pub fn callers(&self) -> Vec<(&str, Option<u16>)> {
        let named = self.cells.iter().flat_map(|(column, cell)| {
            let status = cell.parse().ok();
            assert!(status.is_some() || (*cell == "-" && !self.why.is_empty()), "{}: {column} is {cell:?}", self.name);
            self.behind(column).into_iter().map(move |subject| (subject, status))
        });
        named.collect()
    }

    fn behind(&self, column: &'static str) -> Vec<&str> {
        match column {
            "anonymous" => vec![""],
            "S" => vec![&self.student],
            "CC" => vec!["coach"],
            "IC" => vec![&self.proposed],
            "SC" => vec!["scout"],
            "TT" => vec!["teacher"],
            "TL" => vec!["teamLeader"],
            "LM" => vec!["landscapeManager"],
            "TH" => vec!["taskHolder"],
            "WT" => vec!["workplaceTrainer"],
            "RT" => vec!["invitedRater"],
            "G<16" => vec!["guardianUnder16"],
            "G16" => vec!["guardian16"],
            "G18" => vec!["guardian18"],
            "AD" => vec!["administrator"],
            "dashboard" | "elearning" => vec![column],
            "formerStaff" => FORMER_STAFF.to_vec(),
            "formerFamily" => FORMER_FAMILY.to_vec(),
            "otherStaff" => OTHER_STAFF.into_iter().filter(|subject| *subject != self.proposed).collect(),
            "outsiders" => OUTSIDERS.into_iter().filter(|subject| *subject != self.student).collect(),
            other => panic!("nobody stands behind {other}"),
        }
    }

    /// Does its path name a thing?
    pub fn names_a_thing(&self) -> bool {
        !self.at.is_empty()
    }

    pub fn changes(&self) -> bool {
        self.method != "GET"
    }

    /// Can it be done again, so that it need not be the first and only time?
    pub fn repeats(&self) -> bool {
        !self.path.ends_with("/decisions")
            && self.method != "DELETE"
            && !self.path.ends_with("/handovers")
            // Whom one asked, another asks no more.
            && !self.path.ends_with("/invitations")
            && !self.name.ends_with("by secret")
    }

    /// The body that it sends, if that is JSON.
    pub fn body(&self, world: &World, college: &SmallCollege, turn: usize) -> Option<Value> {
        let body = &self.sent["body"];
        (!body.is_null()).then(|| filled(body.clone(), world, college, turn))
    }

    /// The request for what is there, with this query.
    pub fn ask_for<'w>(&self, world: &'w World, college: &SmallCollege, query: &str) -> Ask<'w> {
        self.headed(world.ask(&self.method, &(self.place(college, false) + query)), world, college, 0)
    }

    /// Where the thing is, or where none is.
    fn place(&self, college: &SmallCollege, unknown: bool) -> String {
        let mut path = self.path.to_owned();
        for (place, name) in self.at.iter().enumerate() {
            let (Some(open), Some(close)) = (path.find('{'), path.find('}')) else { panic!("{} has too many things", self.name) };
            let nowhere = uuid::Uuid::now_v7().to_string();
            path.replace_range(open..=close, if unknown && place == 0 { &nowhere } else { college.thing(name) });
        }
        assert!(!path.contains('{'), "{} has too few things", self.name);
        path
    }

    /// A reading, asking this of its answer.
    pub fn ask_with<'w>(&self, world: &'w World, college: &SmallCollege, query: &str) -> Ask<'w> {
        self.headed(world.get(&format!("{}?{query}", self.place(college, false))), world, college, 0)
    }

    fn headed<'w>(&self, mut ask: Ask<'w>, world: &World, college: &SmallCollege, turn: usize) -> Ask<'w> {
        for (name, value) in self.sent["headers"].as_object().into_iter().flatten() {
            ask = ask.header(name, filled(value.clone(), world, college, turn).as_str().expect("a text"));
        }
        ask
    }

    /// The request, as yet by nobody; `turn` makes names that must be new new. With `unknown` the path names a
    /// thing that is not there.
    pub fn ask<'w>(&self, world: &'w World, college: &SmallCollege, turn: usize, unknown: bool) -> Ask<'w> {
        let mut ask = world.ask(&self.method, &self.place(college, unknown));
        if ["PUT", "PATCH", "DELETE"].contains(&self.method.as_str()) {
            ask = ask.header("If-Match", "*");
        }
        let ask = self.headed(ask, world, college, turn);
        if let Some(form) = self.sent["form"].as_object() {
            let fields: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str().expect("a text"))).collect();
            let (body, media_type) = dossier(&fields);
            return ask.bytes(&media_type, body);
        }
        if let Some(form) = self.sent["text"].as_object() {
            let fields: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str().expect("a text"))).collect();
            let (body, media_type) = crate::evidence::form("bewijs.txt", b"Bewijs.", &fields);
            return ask.bytes(&media_type, body);
        }
        if self.sent["body"].is_null() { ask } else { ask.json(filled(self.sent["body"].clone(), world, college, turn)) }
    }
}

/// With ids, names and moments where `<something>` stands.
fn filled(value: Value, world: &World, college: &SmallCollege, turn: usize) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, filled(value, world, college, turn)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.into_iter().map(|value| filled(value, world, college, turn)).collect(),
        Value::String(text) => match text.strip_prefix('<').and_then(|text| text.strip_suffix('>')) {
            None => Value::String(text),
            Some("unique") => json!(format!("nieuw-{turn}")),
            Some("today") => json!(world.now().date_naive()),
            Some("inAWeek") => json!((world.now() + chrono::TimeDelta::days(7)).date_naive()),
            Some("later") => json!(world.now() + chrono::TimeDelta::days(2)),
            Some("laterStill") => json!(world.now() + chrono::TimeDelta::days(3)),
            Some(decision @ ("recordInterview" | "correctInterview")) => {
                let mut interview = findings();
                interview["decision"] = decision.into();
                interview
            }
            Some("template") => {
                let mut template = template(college.thing("landscape"), college.thing("schoolYear"));
                template["title"] = json!(format!("nieuw-{turn}"));
                template
            }
            Some("framework") => framework(college.thing("landscape"), college.thing("qualification")),
            Some(name) => json!(college.thing(name)),
        },
        other => other,
    }
}
