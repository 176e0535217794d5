//! How much of an answer is asked for: which of its fields, by the names of its published schema; what is embedded; a total.

use actix_web::web;
use domain::kernel::Finding;
use serde_json::{Value, json};

use super::description::Description;
use super::faults::HttpFault;

/// What can be asked of one operation's answer, read off the schema of that answer.
#[derive(Clone, Debug, Default)]
pub struct Portions {
    /// Of the thing, or of each item of a list; none where the answer is no thing with known fields.
    fields: Vec<String>,
    is_list: bool,
    /// What can be embedded, as paths with dots.
    includes: Vec<String>,
    /// Whether the answer has a place for how many there are.
    counts: bool,
    /// What else can be asked, which whoever answers looks at.
    others: Vec<String>,
}

/// What is asked of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Portion {
    /// All of them where nothing is said.
    fields: Option<Vec<String>>,
    of_items: bool,
}

impl Portions {
    /// What can be asked of an operation that reads.
    pub fn of(description: &Description) -> Self {
        let answer = description.answered();
        let names = |schema: &Value| -> Vec<String> {
            schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
        };
        let item = &answer["properties"]["items"]["items"];
        let is_list = !item.is_null() && answer["properties"].get("nextCursor").is_some();
        let includes = description.includes.iter().map(|name| (*name).to_owned()).collect();
        let counts = is_list && answer["properties"].get("total").is_some();
        let others = description.parameters.iter().filter(|parameter| parameter["in"] == "query");
        let others = others.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect();
        Self { fields: names(if is_list { description.resolved(item) } else { answer }), is_list, includes, counts, others }
    }

    /// As parameters in the document.
    pub fn parameters(&self) -> Vec<Value> {
        if self.fields.is_empty() {
            return Vec::new();
        }
        let whose = if self.is_list { "each item" } else { "the thing" };
        let some_of = |name: &str, about: String, names: &[String]| {
            json!({
                "name": name, "in": "query", "required": false, "style": "form", "explode": false, "description": about,
                "schema": {
                    "type": "array", "minItems": 1, "maxItems": names.len(), "uniqueItems": true,
                    "items": { "type": "string", "enum": names }
                }
            })
        };
        let fields = format!(
            "Only these fields of {whose}, with commas between; `id` always stays. What is not asked for is left out of the answer, also where the schema requires it."
        );
        let include = format!(
            "What to embed in `included` of {whose}, with commas between, as its own GET shows it to this caller. A name with a dot embeds what is before the dot, too."
        );
        let count = json!({
            "name": "count", "in": "query", "required": false,
            "description": "Whether to count what is on all pages: `total`. It costs a look at all of it, so it is not done unasked.",
            "schema": { "type": "boolean", "default": false }
        });
        let mut parameters = vec![some_of("fields", fields, &self.fields)];
        parameters.extend((!self.includes.is_empty()).then(|| some_of("include", include, &self.includes)));
        parameters.extend(self.counts.then_some(count));
        parameters
    }

    /// What this query asks.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn asked(&self, query: &str) -> Result<Portion, Vec<Finding>> {
        // A query that can not be read is refused by whoever reads the rest of it.
        let pairs = web::Query::<Vec<(String, String)>>::from_query(query).map(web::Query::into_inner).unwrap_or_default();
        let (mut portion, mut found) = (Portion { of_items: self.is_list, fields: None }, Vec::new());
        let mut before: Vec<String> = Vec::new();
        for (name, value) in pairs {
            let known = match name.as_str() {
                "fields" => &self.fields,
                "include" => &self.includes,
                "count" if self.counts => continue,
                other if self.others.iter().any(|known| known == other) => continue,
                _ => &Vec::new(),
            };
            if known.is_empty() {
                found.push(HttpFault::Unknown.at(format!("?{name}")));
                continue;
            }
            if before.contains(&name) {
                found.push(HttpFault::WrongShape.at(format!("?{name}")));
            }
            let names = named(&name, &value, known, &mut found);
            if name == "fields" {
                portion.fields = Some(names);
            }
            before.push(name);
        }
        if found.is_empty() { Ok(portion) } else { Err(found) }
    }
}

/// Names with commas between, each once, each one of those that are `known`.
fn named(parameter: &str, value: &str, known: &[String], found: &mut Vec<Finding>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in value.split(',') {
        let pointer = || format!("?{parameter}/{}", super::shape::escape(name));
        if names.iter().any(|other| other == name) {
            found.push(HttpFault::WrongShape.at(pointer()));
        } else if !known.iter().any(|other| other == name) {
            found.push(HttpFault::NotAllowed.at(pointer()).instead(known.iter().cloned()));
        }
        names.push(name.to_owned());
    }
    names
}

impl Portion {
    /// The part of a body that was asked for; none where all of it was.
    pub fn of(&self, body: &str) -> Option<String> {
        let fields = self.fields.as_ref()?;
        let mut whole: Value = serde_json::from_str(body).ok()?;
        let keep = |thing: &mut Value| {
            if let Some(members) = thing.as_object_mut() {
                members.retain(|name, _| name == "id" || fields.contains(name));
            }
        };
        match whole.get_mut("items").filter(|_| self.of_items).and_then(Value::as_array_mut) {
            Some(items) => items.iter_mut().for_each(keep),
            None => keep(&mut whole),
        }
        Some(whole.to_string())
    }
}
