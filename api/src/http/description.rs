//! What the document says of one operation, as it follows from the types of its handler's arguments and answer.

use std::collections::BTreeMap;

use domain::kernel::Word;
use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::answer::{Answer, Nothing, Page};
use super::asked::{At, Body, Caller, Include, List, MERGE_PATCH, Number, PAGE_DEFAULT, PAGE_LIMIT, Query, Visitor};
use super::if_match::{IF_MATCH_LIMIT, IfMatch};
use super::portion::Portion;

/// What the document says of an operation.
#[derive(Default)]
pub struct Description {
    pub id: &'static str,
    pub tag: &'static str,
    pub summary: &'static str,
    pub text: &'static str,
    /// Schemas that this operation names.
    pub schemas: BTreeMap<String, Value>,
    /// All that types wrote under one name, before anything was made of it: two of one name that differ are two types.
    pub(super) written: BTreeMap<String, Vec<Value>>,
    /// The schemas that are received, and so are checked; those of queries are not in the document.
    pub received: BTreeMap<String, Value>,
    pub(super) parameters: Vec<Value>,
    pub(super) path_schemas: Vec<Value>,
    pub(super) body: Option<Value>,
    pub(super) answer: Value,
    /// The media types of an answer that is no JSON.
    pub(super) served: Vec<&'static str>,
    /// Whether a part of it can be asked for.
    pub(super) is_ranged: bool,
    pub(super) success: u16,
    pub(super) signed_in: bool,
    pub(super) problems: Vec<u16>,
    pub(super) extra_headers: Vec<&'static str>,
    /// Whether the answer has an ETag.
    pub(super) tagged: bool,
    /// Whether it may make the thing that it would replace.
    pub(super) creates: bool,
    /// What can be embedded in the answer.
    pub(super) includes: Vec<&'static str>,
}

/// An argument of a handler, as the document tells it.
pub trait Argument {
    fn describe(description: &mut Description);
}

/// What a handler answers, as the document tells it.
pub trait Answered: Sized {
    fn describe(description: &mut Description);

    /// The part of it that was asked for.
    fn only(self, portion: &Portion) -> Self;
}

/// Several arguments.
pub trait Arguments {
    fn describe(description: &mut Description);
}

macro_rules! arguments {
    ($($argument:ident),*) => {
        impl<$($argument: Argument),*> Arguments for ($($argument,)*) {
            fn describe(description: &mut Description) {
                $($argument::describe(description);)*
            }
        }
    };
}
arguments!(A);
arguments!(A, B);
arguments!(A, B, C);
arguments!(A, B, C, D);
arguments!(A, B, C, D, E);

impl Description {
    /// The schema of what is answered; null where there is none.
    pub(super) fn answered(&self) -> &Value {
        self.resolved(&self.answer)
    }

    /// A schema, or the one that it refers to.
    pub(super) fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let name = schema["$ref"].as_str().and_then(|named| named.strip_prefix("#/components/schemas/"));
        name.and_then(|name| self.schemas.get(name)).unwrap_or(schema)
    }

    pub(crate) fn problem(&mut self, status: u16) {
        self.problems.push(status);
    }

    /// A reference to the schema of `T`, which the document gets with all that it names.
    pub(super) fn refer<T: ToSchema>(&mut self) -> Value {
        self.keep::<T>();
        json!({ "$ref": format!("#/components/schemas/{}", T::name()) })
    }

    fn keep<T: ToSchema>(&mut self) {
        let mut found: Vec<(String, RefOr<Schema>)> = Vec::new();
        T::schemas(&mut found);
        found.push((T::name().into_owned(), T::schema()));
        self.write(found);
    }

    fn write(&mut self, found: Vec<(String, RefOr<Schema>)>) {
        for (name, schema) in found {
            let schema = serde_json::to_value(schema).unwrap_or_default();
            self.written.entry(name.clone()).or_default().push(schema.clone());
            self.schemas.insert(name, schema);
        }
    }

    /// The names under which types of these operations write schemas that differ: of two of them the document would have one.
    pub fn names_of_two<'d>(all: impl IntoIterator<Item = &'d Self>) -> Vec<String> {
        let mut first: BTreeMap<&str, &Value> = BTreeMap::new();
        let mut of_two = std::collections::BTreeSet::new();
        for (name, schemas) in all.into_iter().flat_map(|description| &description.written) {
            for schema in schemas {
                if *first.entry(name).or_insert(schema) != schema {
                    of_two.insert(name.clone());
                }
            }
        }
        of_two.into_iter().collect()
    }

    pub(super) fn receive<T: ToSchema>(&mut self) -> Value {
        let reference = self.refer::<T>();
        if let Some(schema) = self.schemas.get_mut(T::name().as_ref()) {
            close(schema);
            self.received.insert(T::name().into_owned(), schema.clone());
        }
        reference
    }

    /// The schema of what is received beside a file: it is no component, since the file is part of the same form.
    pub(super) fn receive_inline<T: ToSchema>(&mut self) -> Value {
        let mut found: Vec<(String, RefOr<Schema>)> = Vec::new();
        T::schemas(&mut found);
        self.write(found);
        let mut schema = serde_json::to_value(T::schema()).unwrap_or_default();
        close(&mut schema);
        self.received.insert(T::name().into_owned(), schema.clone());
        schema
    }

    pub fn parameter(&mut self, parameter: Value) {
        self.parameters.push(parameter);
    }

    /// It takes a version that was decided on.
    pub(super) fn if_match(&mut self, about: &str) {
        self.parameter(json!({
            "name": "If-Match", "in": "header", "required": false, "description": about,
            "schema": { "type": "string", "minLength": 1, "maxLength": IF_MATCH_LIMIT },
            "example": "*"
        }));
        self.problem(412);
    }

    pub(super) fn body(&mut self, body: Value) {
        self.body = Some(body);
    }

    /// The body is a merge patch.
    pub(super) fn merge_patch(&mut self) {
        if let Some(content) = self.body.as_mut().map(|body| &mut body["content"]) {
            content[MERGE_PATCH] = content["application/json"].clone();
        }
    }

    /// An answer of one of these media types.
    pub(super) fn serve(&mut self, media_types: Vec<&'static str>) {
        self.served = media_types;
        self.tagged = self.is_ranged;
        self.extra_headers.push("Content-Disposition");
    }

    pub(super) fn ranged(&mut self) {
        self.is_ranged = true;
        self.extra_headers.push("Accept-Ranges");
    }

    /// 204 without a body.
    fn no_content(&mut self) {
        self.success = 204;
        self.answer = Value::Null;
        self.tagged = false;
    }
}

impl Argument for Caller {
    fn describe(description: &mut Description) {
        description.signed_in = true;
    }
}
impl Argument for Visitor {
    fn describe(description: &mut Description) {
        // A token is not asked for, but one that is shown must be believed, and have an account.
        description.problem(401);
        description.problem(403);
    }
}

/// What stands in a path, in order.
pub trait PathPart {
    fn schemas() -> Vec<Value>;
}
impl<Of> PathPart for domain::kernel::Id<Of> {
    fn schemas() -> Vec<Value> {
        vec![serde_json::to_value(<Self as PartialSchema>::schema()).unwrap_or_default()]
    }
}
impl PathPart for Number {
    fn schemas() -> Vec<Value> {
        vec![json!({ "type": "integer", "format": "int32", "minimum": 1, "maximum": 30 })]
    }
}
impl PathPart for String {
    fn schemas() -> Vec<Value> {
        vec![json!({ "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[A-Za-z0-9._-]+$" })]
    }
}
macro_rules! path_parts {
    ($($part:ident),*) => {
        impl<$($part: PathPart),*> PathPart for ($($part,)*) {
            fn schemas() -> Vec<Value> {
                [$($part::schemas()),*].concat()
            }
        }
    };
}
path_parts!(A, B);
path_parts!(A, B, C);

impl<T: PathPart> Argument for At<T> {
    fn describe(description: &mut Description) {
        description.path_schemas = T::schemas();
    }
}

impl<T: ToSchema> Argument for Body<T> {
    fn describe(description: &mut Description) {
        let schema = description.receive::<T>();
        let mut content = json!({ "schema": schema });
        if let Some(example) = super::examples::of(&T::name()) {
            content["example"] = example;
        }
        description.body(json!({ "required": true, "content": { "application/json": content } }));
    }
}

impl Argument for IfMatch {
    fn describe(description: &mut Description) {
        description.if_match("The ETag of the version that was read and decided on; `*` for whichever it is. Without it (or `If-None-Match: *` where nothing is there yet) the answer is 428.");
        description.problem(428);
    }
}

impl<Q: ToSchema> Argument for Query<Q> {
    fn describe(description: &mut Description) {
        let mut found: Vec<(String, RefOr<Schema>)> = Vec::new();
        Q::schemas(&mut found);
        let mut schema = whole(serde_json::to_value(Q::schema()).unwrap_or_default(), &mut found);
        description.write(found);
        close(&mut schema);
        description.received.insert(Q::name().into_owned(), schema.clone());
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            description.parameter(query_parameter(name, property));
        }
    }
}

impl<Q: ToSchema> Argument for List<Q> {
    fn describe(description: &mut Description) {
        Query::<Q>::describe(description);
        description.parameter(json!({
            "name": "limit", "in": "query", "required": false, "description": "How many at most.",
            "schema": { "type": "integer", "format": "int32", "minimum": 1, "maximum": PAGE_LIMIT, "default": PAGE_DEFAULT }
        }));
        description.parameter(json!({
            "name": "cursor", "in": "query", "required": false,
            "description": "Where the page begins: `nextCursor` of the page before, with the same filters.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 1000, "pattern": "^[A-Za-z0-9_-]+$" }
        }));
        description.extra_headers.push("Link");
    }
}

impl<W: Word> Argument for Include<W> {
    fn describe(description: &mut Description) {
        description.includes = W::ALL.iter().map(|word| word.word()).collect();
    }
}

/// A schema with the members of those that it takes in (`serde(flatten)`), which are found among these and are no longer there.
fn whole(schema: Value, found: &mut Vec<(String, RefOr<Schema>)>) -> Value {
    let Some(parts) = schema["allOf"].as_array() else { return schema };
    let mut whole = json!({ "type": "object", "properties": {} });
    for part in parts {
        let name = part["$ref"].as_str().and_then(|named| named.strip_prefix("#/components/schemas/"));
        let place = name.and_then(|name| found.iter().position(|(of, _)| of == name));
        let taken = place.map(|place| serde_json::to_value(found.remove(place).1).unwrap_or_default());
        for (name, property) in taken.as_ref().unwrap_or(part)["properties"].as_object().into_iter().flatten() {
            whole["properties"][name] = property.clone();
        }
    }
    whole
}

/// What is received has no members but those that it names; the derive forgets it for the branches of a union. A
/// union of one is no union.
fn close(schema: &mut Value) {
    if let Some([only]) = schema.get("oneOf").and_then(Value::as_array).map(Vec::as_slice) {
        *schema = only.clone();
    }
    if schema["type"] == "object" {
        schema["additionalProperties"] = Value::Bool(false);
        // Without any, what is too much would not be named.
        if schema["properties"].is_null() {
            schema["properties"] = json!({});
        }
    }
    for branch in schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
        close(branch);
    }
}

/// A filter: what may be absent in the query is not null there.
fn query_parameter(name: &str, property: &Value) -> Value {
    let mut schema = property.clone();
    let mut description = Value::Null;
    if let Some(members) = schema.as_object_mut() {
        description = members.remove("description").unwrap_or_default();
        let one_of = members.remove("oneOf");
        let named = one_of.and_then(|branches| branches.as_array()?.iter().find(|branch| branch["type"] != "null").cloned());
        if let Some(named) = named {
            schema = named;
        } else if let Some(Value::Array(types)) = members.get("type").cloned() {
            members.insert("type".into(), types.into_iter().find(|kind| kind != "null").unwrap_or_default());
        }
    }
    if let (true, Some(members)) = (description.is_null(), schema.as_object_mut()) {
        description = members.remove("description").unwrap_or_default();
    }
    let about = description.as_str().map_or_else(|| format!("Only those of this `{name}`."), str::to_owned);
    json!({ "name": name, "in": "query", "required": false, "description": about, "schema": schema })
}

impl<V: ToSchema> Answered for Answer<V> {
    fn describe(description: &mut Description) {
        if V::name() == Nothing::name() {
            return description.no_content();
        }
        description.answer = description.refer::<V>();
        description.tagged = true;
    }

    fn only(self, portion: &Portion) -> Self {
        self.portion(portion)
    }
}

impl<V: ToSchema> Answered for Answer<Page<V>> {
    fn describe(description: &mut Description) {
        let items = description.refer::<V>();
        let name = format!("{}List", V::name().trim_end_matches("View"));
        let schema = json!({
            "type": "object",
            "description": "One page.",
            "required": ["items", "total", "nextCursor"],
            "properties": {
                "items": { "type": "array", "maxItems": PAGE_LIMIT, "items": items },
                "total": {
                    "type": ["integer", "null"], "format": "int64", "minimum": 0,
                    "description": "With `count=true`: how many there are on all pages, for this caller with these filters; null otherwise."
                },
                "nextCursor": {
                    "type": ["string", "null"], "maxLength": 1000,
                    "description": "The `cursor` of the next page; null on the last."
                }
            }
        });
        description.written.entry(name.clone()).or_default().push(schema.clone());
        description.schemas.insert(name.clone(), schema);
        description.answer = json!({ "$ref": format!("#/components/schemas/{name}") });
        description.tagged = true;
    }

    fn only(self, portion: &Portion) -> Self {
        self.portion(portion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    mod one {
        #[derive(utoipa::ToSchema)]
        pub struct Twin {
            _place: String,
        }
        #[derive(utoipa::ToSchema)]
        pub struct Alike {
            _place: String,
        }
    }
    mod other {
        #[derive(utoipa::ToSchema)]
        pub struct Twin {
            _place: u8,
        }
        #[derive(utoipa::ToSchema)]
        pub struct Alike {
            _place: String,
        }
        #[derive(utoipa::ToSchema)]
        pub struct Holder {
            _twin: Twin,
        }
    }

    #[test]
    fn two_types_of_one_name_that_write_different_schemas_are_noticed_also_within_another() {
        let [mut first, mut second] = [Description::default(), Description::default()];
        first.refer::<one::Twin>();
        first.refer::<one::Alike>();
        second.refer::<other::Alike>();
        assert_eq!(Description::names_of_two([&first, &second]), [""; 0]);
        second.refer::<other::Holder>();
        assert_eq!(Description::names_of_two([&first, &second]), ["Twin"]);
        first.refer::<other::Twin>();
        assert_eq!(Description::names_of_two([&first]), ["Twin"]);
    }
}
