//! The document is what the service obeys, is committed as served, and takes nothing back.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::both;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi")
}

fn document() -> Value {
    api::http::server::whole_document()
}

#[test]
fn the_committed_document_is_the_one_that_is_served() {
    let fresh = serde_json::to_string_pretty(&document()).expect("JSON") + "\n";
    let path = folder().join("openapi.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &fresh).expect("the document is written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == fresh,
        "openapi/openapi.json is not what the code says: UPDATE=1 cargo test rewrites it, then read the diff"
    );
}

#[test]
fn no_two_operations_share_an_id_and_each_has_one_known_tag_and_says_what_it_does() {
    let document = document();
    let tags: BTreeSet<&str> = document["tags"].as_array().unwrap().iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut ids = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{method} {path}: {id} is there twice");
            assert!(tags.contains(operation["tags"][0].as_str().unwrap_or_default()), "{id} has no known tag");
            for told in ["summary", "description"] {
                assert!(!operation[told].as_str().unwrap_or_default().is_empty(), "{id} has no {told}");
            }
        }
    }
}

#[test]
fn no_two_types_write_a_schema_of_one_name_that_differs() {
    let twice = api::http::server::names_of_two_schemas();
    assert!(twice.is_empty(), "of these the document has one and lacks the other, so name them apart: {twice:?}");
}

/// What `/v1` promised in a release is kept: operations, received fields, sent fields, enum values.
#[test]
fn nothing_that_was_released_is_taken_back() {
    let now = document();
    let mut promises = 0;
    for entry in std::fs::read_dir(folder().join("released")).expect("openapi/released") {
        let path = entry.expect("a file").path();
        let released: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let missing = taken_back(&released, &now);
        let name = path.file_name().unwrap_or_default().display().to_string();
        assert!(missing.is_empty(), "openapi/released/{name} promised what is gone:\n{}", missing.join("\n"));
        promises += 1;
    }
    assert!(promises > 0, "openapi/released/ is empty: nothing would be noticed");
}

#[test]
fn a_breaking_change_is_noticed() {
    let released = document();
    for break_it in [
        (|document: &mut Value| drop(document["paths"].as_object_mut().unwrap().remove("/me"))) as fn(&mut Value),
        |document| drop(document["components"]["schemas"]["MeView"]["properties"].as_object_mut().unwrap().remove("coach")),
        |document| drop(document["components"]["schemas"]["Role"]["enum"].as_array_mut().unwrap().pop()),
        |document| {
            document["components"]["schemas"]["NewLandscape"]["required"].as_array_mut().unwrap().push("description".into())
        },
        |document| document["components"]["schemas"]["MeView"]["required"] = Value::Array(Vec::new()),
        |document| document["components"]["schemas"]["Text200"]["maxLength"] = 10.into(),
        |document| document["components"]["schemas"]["Text200"]["minLength"] = 10.into(),
        |document| document["components"]["schemas"]["Text200"]["type"] = "integer".into(),
        |document| {
            document["components"]["schemas"]["MeView"]["properties"]["language"]["$ref"] = "#/components/schemas/Role".into()
        },
        |document| document["components"]["schemas"]["EntryPatch"]["properties"]["occurredOn"]["type"] = "string".into(),
        |document| {
            document["components"]["schemas"]["StudentView"]["properties"]["studentNumber"]["type"] =
                serde_json::json!(["string", "null", "integer"])
        },
        |document| drop(document["paths"]["/me"]["get"]["responses"].as_object_mut().unwrap().remove("200")),
        |document| {
            let parameters = document["paths"]["/students"]["get"]["parameters"].as_array_mut().unwrap();
            parameters.push(serde_json::json!({ "name": "teamId2", "in": "query", "required": true }));
        },
    ] {
        let mut broken = released.clone();
        break_it(&mut broken);
        assert_eq!(taken_back(&released, &broken).len(), 1);
    }
}

/// Everything that a client of `old` may rely on and does not find in `new`.
fn taken_back(old: &Value, new: &Value) -> Vec<String> {
    let mut missing = Vec::new();
    let schemas = |document: &Value| document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    for (path, operations) in old["paths"].as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let there = &new["paths"][path][method];
            if there.is_null() {
                missing.push(format!("{method} {path}"));
                continue;
            }
            if there["operationId"] != operation["operationId"] {
                missing.push(format!("{method} {path}: its operationId"));
            }
            for status in operation["responses"].as_object().into_iter().flatten().map(|(status, _)| status) {
                if there["responses"][status].is_null() {
                    missing.push(format!("{method} {path}: the answer {status}"));
                }
            }
            let known =
                |name: &Value| operation["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["name"] == *name));
            for parameter in there["parameters"].as_array().into_iter().flatten() {
                if parameter["required"] == true && !known(&parameter["name"]) {
                    missing.push(format!("{method} {path}: parameter {} became required", parameter["name"]));
                }
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let kept = there["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["name"] == parameter["name"]));
                if !kept {
                    missing.push(format!("{method} {path}: parameter {}", parameter["name"]));
                }
            }
        }
    }
    for (name, schema) in schemas(old) {
        let received = schema["additionalProperties"] == Value::Bool(false)
            || schema["oneOf"][0]["additionalProperties"] == Value::Bool(false);
        compare(&format!("schema {name}"), &schema, &new["components"]["schemas"][&name], received, &mut missing);
    }
    missing
}

/// What is received may come to take more, and what is sent to say less: never the other way round.
fn compare(at: &str, old: &Value, new: &Value, received: bool, missing: &mut Vec<String>) {
    if new.is_null() {
        return missing.push(at.to_owned());
    }
    let texts = |value: &Value| -> BTreeSet<String> { value.as_array().into_iter().flatten().map(ToString::to_string).collect() };
    let types =
        |value: &Value| -> BTreeSet<String> { if value.is_array() { texts(value) } else { BTreeSet::from([value.to_string()]) } };
    let (said, says) = (types(&old["type"]), types(&new["type"]));
    if !(if received { says.is_superset(&said) } else { says.is_subset(&said) }) {
        missing.push(format!("{at}: another type"));
    }
    missing.extend(
        ["format", "pattern", "$ref"]
            .iter()
            .filter(|what| old[**what] != new[**what])
            .map(|what| format!("{at}: another {what}")),
    );
    let (was, is) = (texts(&old["required"]), texts(&new["required"]));
    if received {
        missing.extend(is.difference(&was).map(|field| format!("{at}: {field} became required")));
    } else if was.difference(&is).next().is_some() {
        missing.push(format!("{at}: some fields are no longer always there"));
    }
    missing.extend(texts(&old["enum"]).difference(&texts(&new["enum"])).map(|word| format!("{at}: the word {word}")));
    for limit in ["maxLength", "maxItems", "maximum"] {
        if let (Some(was), Some(is)) = (old[limit].as_i64(), new[limit].as_i64())
            && is < was
        {
            missing.push(format!("{at}: a lower {limit}"));
        }
    }
    for limit in ["minLength", "minItems", "minimum"] {
        let (was, is) = (old[limit].as_i64(), new[limit].as_i64());
        if is.is_some_and(|is| was.is_none_or(|was| is > was)) {
            missing.push(format!("{at}: a higher {limit}"));
        }
    }
    for (name, property) in old["properties"].as_object().into_iter().flatten() {
        compare(&format!("{at}.{name}"), property, &new["properties"][name], received, missing);
    }
    if !old["items"].is_null() {
        compare(&format!("{at}[]"), &old["items"], &new["items"], received, missing);
    }
    for branch in old["oneOf"].as_array().into_iter().flatten() {
        let same = |other: &&Value| {
            let word = |value: &Value| value["properties"]["decision"]["enum"].clone();
            // What is said of it may change, as everywhere.
            let leads_to = |value: &Value| value["$ref"].clone();
            let alike = |of: &dyn Fn(&Value) -> Value| !of(branch).is_null() && of(branch) == of(other);
            other == &branch || alike(&word) || alike(&leads_to)
        };
        match new["oneOf"].as_array().and_then(|all| all.iter().find(same)) {
            Some(kept) if kept != branch => {
                compare(&format!("{at} {}", branch["properties"]["decision"]["enum"]), branch, kept, received, missing)
            }
            Some(_) => {}
            None => missing.push(format!("{at}: a branch {branch}")),
        }
    }
}

/// Every example in the document succeeds against its own schema.
#[test]
fn every_example_of_a_body_fits_its_schema() {
    let examples: Value = serde_json::from_str(include_str!("../../api/src/http/examples.json")).expect("JSON");
    let operations = api::contexts::operations();
    let document = document();
    let mut schemas = document["components"]["schemas"].as_object().cloned().unwrap();
    let mut received = BTreeSet::new();
    for operation in &operations {
        schemas.extend(operation.description.received.clone());
        received.extend(operation.description.received.keys().cloned());
    }
    let shapes = api::http::shape::Shapes::of(&schemas, received.iter().cloned()).expect("shapes");
    for (name, example) in examples.as_object().unwrap() {
        assert!(received.contains(name), "{name} is received by no operation");
        assert_eq!(shapes.check(name, example), [], "the example of {name}");
    }
}

/// Null empties (RFC 7396) what the thing itself shows as null, or as a list that can be empty, and nothing else. Of an
/// assignment it says that the LWP's own words hold again.
#[test]
fn a_patch_takes_null_for_what_can_be_empty_alone() {
    let document = document();
    let resolved = |schema: &Value| match schema["$ref"].as_str() {
        Some(named) => document.pointer(named.trim_start_matches('#')).expect("a schema").clone(),
        None => schema.clone(),
    };
    let takes_null = |schema: &Value| schema["type"].to_string().contains("null") || schema["oneOf"].to_string().contains("null");
    for (path, operations) in document["paths"].as_object().unwrap() {
        let Some(patch) = operations.get("patch") else { continue };
        let sent = &patch["requestBody"]["content"];
        assert_eq!(sent["application/json"], sent["application/merge-patch+json"], "{path}");
        let body = resolved(&sent["application/json"]["schema"]);
        let view = resolved(&patch["responses"]["200"]["content"]["application/json"]["schema"]);
        for (name, property) in body["properties"].as_object().unwrap() {
            let shown = &view["properties"][name];
            let is_list = shown["type"] == "array" && property.get("minItems").is_none();
            let of_the_lwp = path == "/lwp-assignments/{id}" && name != "dueOn";
            assert_eq!(takes_null(property), takes_null(shown) || is_list || of_the_lwp, "{path} {name}");
        }
    }
}

both! {
    async fn the_document_is_served_to_everyone(world: World) {
        let served = world.get("/openapi.json").header("Origin", "https://elsewhere.example").send().await;
        assert_eq!(served.header("access-control-allow-origin").as_deref(), Some("https://elsewhere.example"));
        let exposed = served.header("access-control-expose-headers").expect("headers that a page may read");
        let names: Vec<_> = exposed.split(", ").map(str::to_owned).collect();
        assert!(names.is_sorted() && names.iter().any(|name| name == "etag"), "{exposed}");
        assert_eq!(served.ok(), document());
        let wish = serde_json::json!({ "persona": "coach" });
        let token = world.post("/dev/tokens", wish).send().await.ok();
        assert_eq!(token["tokenType"], "Bearer");
    }

    async fn whatever_goes_wrong_beside_the_interface_is_told_as_a_problem_too(world: World) {
        let host = world.base.trim_end_matches("/v1").to_owned();
        for path in ["/docs/x", "/docs/problems", "/docs/problems/x", "/docs/problems/", "/health", "/x", "/"] {
            let said = world.get(&format!("{host}{path}")).send().await;
            assert_eq!(said.problem(404), "request.no-such-path", "{path}");
        }
        for path in ["/health/live", "/health/ready", "/metrics", "/docs", "/docs/", "/docs/openapi.json", "/docs/problems/request.stale"] {
            for method in ["POST", "DELETE"] {
                let said = world.ask(method, &format!("{host}{path}")).send().await;
                assert_eq!(said.header("allow").as_deref(), Some("GET, HEAD, OPTIONS"), "{method} {path}");
                assert_eq!(said.problem(405), "request.method-not-allowed", "{method} {path}");
            }
        }
    }
}
