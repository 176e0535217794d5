//! The list of error codes: complete, unique, in two languages, committed.

use std::collections::BTreeSet;

use serde_json::json;

/// Context and what is wrong, each in words with hyphens: `start-programme.template-frozen`.
fn is_code(code: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit());
    code.split_once('.').is_some_and(|(context, what)| context.split('-').chain(what.split('-')).all(is_word))
}

#[test]
fn the_committed_list_of_error_codes_is_what_the_service_answers() {
    let mut all = api::http::faults::all();
    all.sort_unstable_by_key(|fault| fault.code);
    let entry = |fault: &domain::kernel::Fault| {
        let status = api::http::problem::status(fault.kind).as_u16();
        json!({ "code": fault.code, "status": status, "en": fault.en, "nl": fault.nl })
    };
    let fresh = serde_json::to_string_pretty(&all.iter().map(entry).collect::<Vec<_>>()).expect("JSON") + "\n";
    let path = super::root().join("openapi/error-codes.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &fresh).expect("the list is written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == fresh,
        "openapi/error-codes.json is not what the code says: UPDATE=1 cargo test rewrites it, then read the diff"
    );
}

#[test]
fn an_error_code_means_one_thing_and_says_of_what() {
    let mut seen = BTreeSet::new();
    for fault in api::http::faults::all() {
        assert!(seen.insert(fault.code), "{} is there twice", fault.code);
        assert!(is_code(fault.code), "{}: a code is context.what-is-wrong", fault.code);
        assert!(!fault.en.trim().is_empty() && !fault.nl.trim().is_empty(), "{} says nothing", fault.code);
    }
}

#[test]
fn every_fault_that_is_declared_stands_in_the_list() {
    let list = super::text("api/src/http/faults.rs");
    let mut declared = BTreeSet::new();
    for (path, text) in ["api/src", "domain/src", "persistence/src"].into_iter().flat_map(super::sources) {
        let mut in_macro = false;
        for line in super::code_of(&text) {
            in_macro |= line.ends_with("faults! {");
            let Some(name) = line.strip_prefix("pub enum ").map(|rest| rest.trim_end_matches(" {")) else { continue };
            if std::mem::take(&mut in_macro) || name.ends_with("Fault") {
                assert!(list.contains(&format!("{name}::ALL")), "{name} of {path} is not in api::http::faults::all()");
                declared.insert(name.to_owned());
            }
        }
    }
    assert!(declared.len() >= 10, "the sources were not understood: {declared:?}");
    assert_eq!(list.matches("::ALL,").count(), declared.len(), "api::http::faults::all() names one twice, or one that is gone");
}
