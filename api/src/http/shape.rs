//! What is sent must be what the document says: every body and query is held against our own published schema.

use std::collections::{BTreeMap, HashMap};

use domain::kernel::text::{self, is_blank};
use domain::kernel::time::parse_instant;
use domain::kernel::{Fault, Finding};
use domain::start_programme::SchoolYear;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value, json};

use super::faults::HttpFault;

/// The schemas of all that can be sent, ready to check with.
#[derive(Debug)]
pub struct Shapes {
    by_name: HashMap<String, Shape>,
    /// Of each name the properties that are no text, by what they are.
    kinds: HashMap<String, HashMap<String, Kind>>,
}

/// What a property is whose value stands in a query, where everything is spelled as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Integer,
    Boolean,
}

#[derive(Debug)]
enum Shape {
    One(Validator),
    /// A union that a tag tells apart: only the branch that was meant is checked, so that its faults are named.
    Tagged {
        tag: String,
        branches: BTreeMap<String, Validator>,
    },
}

impl Shapes {
    /// Readies the schemas with these names out of a document's `components.schemas`.
    ///
    /// # Errors
    /// The name of a schema that is missing or is no schema: a fault in the program, found at its start.
    pub fn of(schemas: &Map<String, Value>, names: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let (mut by_name, mut kinds) = (HashMap::new(), HashMap::new());
        for name in names {
            let schema = schemas.get(&name).ok_or_else(|| format!("no schema {name}"))?;
            let shape = match tagged(schema) {
                Some((tag, branches)) => {
                    let ready = |(word, branch): (String, &Value)| Ok((word, validator(branch, schemas)?));
                    Shape::Tagged { tag, branches: branches.into_iter().map(ready).collect::<Result<_, String>>()? }
                }
                None => Shape::One(validator(schema, schemas)?),
            };
            let properties = schema["properties"].as_object().into_iter().flatten();
            let of_name = properties.filter_map(|(name, property)| Some((name.clone(), kind(property)?))).collect();
            kinds.insert(name.clone(), of_name);
            by_name.insert(name, shape);
        }
        Ok(Self { by_name, kinds })
    }

    /// What this property of a `name` is, if it is no text.
    pub fn kind(&self, name: &str, property: &str) -> Option<Kind> {
        self.kinds.get(name)?.get(property).copied()
    }

    /// Everything that is wrong with `value` as a `name`.
    pub fn check(&self, name: &str, value: &Value) -> Vec<Finding> {
        match self.by_name.get(name) {
            None => vec![HttpFault::WrongShape.at("")],
            Some(Shape::One(validator)) => findings(validator, value),
            Some(Shape::Tagged { tag, branches }) => match value.get(tag) {
                None if value.is_object() => vec![HttpFault::Required.at(format!("/{tag}"))],
                None => vec![HttpFault::WrongType.at("")],
                Some(word) => match word.as_str().and_then(|word| branches.get(word)) {
                    Some(validator) => findings(validator, value),
                    None => vec![HttpFault::NotAllowed.at(format!("/{tag}")).instead(branches.keys().cloned())],
                },
            },
        }
    }
}

fn kind(property: &Value) -> Option<Kind> {
    let kinds = property["type"].to_string();
    let is = |word: &str| kinds.contains(word);
    if is("integer") { Some(Kind::Integer) } else { is("boolean").then_some(Kind::Boolean) }
}

/// A union whose every branch is an object with one property of one value: the tag, and the branches by its word.
fn tagged(schema: &Value) -> Option<(String, BTreeMap<String, &Value>)> {
    let word = |branch: &Value, tag: &str| -> Option<String> {
        match branch["properties"][tag]["enum"].as_array()?.as_slice() {
            [Value::String(word)] => Some(word.clone()),
            _ => None,
        }
    };
    let branches = schema.get("oneOf")?.as_array()?;
    let tag = branches.first()?["properties"]
        .as_object()?
        .keys()
        .find(|key| branches.iter().all(|branch| word(branch, key).is_some()))?;
    let branches = branches.iter().filter_map(|branch| Some((word(branch, tag)?, branch))).collect();
    Some((tag.clone(), branches))
}

fn validator(schema: &Value, schemas: &Map<String, Value>) -> Result<Validator, String> {
    let mut needed = Map::new();
    gather(schema, schemas, &mut needed);
    let mut whole = schema.clone();
    whole["components"] = json!({ "schemas": needed });
    let options = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .with_format("date-time", |text: &str| parse_instant(text).is_some())
        .with_format("school-year", |text: &str| SchoolYear::parse(text).is_some());
    options.build(&whole).map_err(|error| error.to_string())
}

/// The schemas that `schema` refers to, and those that they refer to.
fn gather(schema: &Value, schemas: &Map<String, Value>, needed: &mut Map<String, Value>) {
    match schema {
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/components/schemas/"));
            if let Some((name, found)) = name.and_then(|name| Some((name, schemas.get(name)?)))
                && !needed.contains_key(name)
            {
                needed.insert(name.to_owned(), found.clone());
                gather(found, schemas, needed);
            }
            members.values().for_each(|member| gather(member, schemas, needed));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, schemas, needed)),
        _ => {}
    }
}

fn findings(validator: &Validator, value: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    for error in validator.iter_errors(value) {
        note(&error, &mut found);
    }
    // What does not have its form does not have its length either: one mistake is told once.
    let lengths = [HttpFault::TooShort, HttpFault::TooLong].map(HttpFault::fault);
    let formless: Vec<_> = found.iter().filter(|one| one.fault == HttpFault::WrongFormat.fault()).cloned().collect();
    found.retain(|one| !lengths.contains(&one.fault) || formless.iter().all(|other| other.pointer != one.pointer));
    let is_told = |blank: &Finding| {
        let within = |told: &Finding| blank.pointer.strip_prefix(&told.pointer).is_some_and(|rest| rest.starts_with('/'));
        found.iter().any(|told| told.pointer == blank.pointer || (within(told) && !lengths.contains(&told.fault)))
    };
    let blanks: Vec<_> = blank(value, String::new()).into_iter().filter(|blank| !is_told(blank)).collect();
    found.extend(blanks);
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer).then(a.fault.code.cmp(b.fault.code)));
    found.dedup();
    found
}

/// Texts in which there is nothing to see: what no schema can say legibly.
fn blank(value: &Value, pointer: String) -> Vec<Finding> {
    match value {
        Value::String(text) if is_blank(text) => vec![HttpFault::Blank.at(pointer)],
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(place, item)| blank(item, format!("{pointer}/{place}"))).collect()
        }
        Value::Object(members) => {
            members.iter().flat_map(|(name, member)| blank(member, format!("{pointer}/{}", escape(name)))).collect()
        }
        _ => Vec::new(),
    }
}

/// Turns one error of the validator into findings of ours; its own words echo values and are not used.
fn note(error: &ValidationError<'_>, found: &mut Vec<Finding>) {
    let pointer = error.instance_path().as_str().to_owned();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            found.push(HttpFault::Required.at(format!("{pointer}/{}", escape(property.as_str().unwrap_or_default()))));
        }
        ValidationErrorKind::AdditionalProperties { unexpected } | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            found.extend(unexpected.iter().map(|name| HttpFault::Unknown.at(format!("{pointer}/{}", escape(name)))));
        }
        // Nullable: what is wrong is what the branch that is not null says.
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let wrong_type = |errors: &&Vec<ValidationError<'_>>| {
                errors.iter().any(
                    |e| matches!(e.kind(), ValidationErrorKind::Type { kind: TypeKind::Single(t) } if t.to_string() == "null"),
                )
            };
            let meant: Vec<_> = context.iter().filter(|errors| !wrong_type(errors)).collect();
            match meant.as_slice() {
                [errors] => errors.iter().for_each(|error| note(error, found)),
                _ => found.push(HttpFault::WrongShape.at(pointer)),
            }
        }
        ValidationErrorKind::Enum { options } => {
            let words = options.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
            found.push(HttpFault::NotAllowed.at(pointer).instead(words));
        }
        kind => found.push(fault(kind).at(pointer)),
    }
}

fn fault(kind: &ValidationErrorKind) -> Fault {
    use ValidationErrorKind as K;
    match kind {
        K::Type { .. } => HttpFault::WrongType,
        K::Constant { .. } => HttpFault::NotAllowed,
        K::MinLength { .. } | K::MinItems { .. } => HttpFault::TooShort,
        K::MaxLength { .. } | K::MaxItems { .. } => HttpFault::TooLong,
        K::Minimum { .. } | K::Maximum { .. } | K::ExclusiveMinimum { .. } | K::ExclusiveMaximum { .. } => HttpFault::OutOfRange,
        K::Pattern { pattern } if text::is_pattern(pattern) => HttpFault::ControlCharacter,
        K::Format { .. } | K::Pattern { .. } => HttpFault::WrongFormat,
        _ => HttpFault::WrongShape,
    }
    .fault()
}

/// A member's name within a JSON Pointer (RFC 6901 section 3).
pub(super) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
