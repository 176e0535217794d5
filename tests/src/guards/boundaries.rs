//! A context of the domain knows the kernel, access and itself; the domain knows no machinery.

use std::collections::{BTreeMap, BTreeSet};

/// Context by context, its source files: their paths and their texts.
fn contexts() -> BTreeMap<String, Vec<(String, String)>> {
    let mut contexts: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (path, text) in super::sources("domain/src") {
        let below = path.trim_start_matches("domain/src/").trim_end_matches(".rs");
        let context = below.split('/').next().expect("a name").to_owned();
        contexts.entry(context).or_default().push((path, text));
    }
    for no_context in ["lib", "state_table"] {
        contexts.remove(no_context);
    }
    contexts
}

/// The first segment of every path that begins with `root`, also of those in braces: `crate::{access::Action, kernel}`.
fn known_through<'a>(root: &str, text: &'a str) -> BTreeSet<&'a str> {
    let mut known = BTreeSet::new();
    let code = text.match_indices(root).filter(|(at, _)| !is_comment(text, *at));
    for (at, _) in code {
        let rest = &text[at + root.len()..];
        match rest.strip_prefix('{') {
            None => known.extend(first_word(rest)),
            Some(list) => {
                let mut depth = 0;
                let mut start = 0;
                for (at, sign) in list.char_indices() {
                    match sign {
                        '{' => depth += 1,
                        '}' if depth > 0 => depth -= 1,
                        ',' if depth > 0 => {}
                        ',' | '}' => {
                            known.extend(first_word(list[start..at].trim()));
                            start = at + 1;
                        }
                        _ => {}
                    }
                    if sign == '}' && start == at + 1 {
                        break;
                    }
                }
            }
        }
    }
    known
}

fn is_comment(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[line..].trim_start().starts_with("//")
}

fn first_word(path: &str) -> Option<&str> {
    let end = path.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').unwrap_or(path.len());
    Some(&path[..end]).filter(|word| !word.is_empty())
}

/// `one -> other`, and a file in which one knows the other.
fn pairs() -> BTreeMap<String, String> {
    let contexts = contexts();
    let mut pairs = BTreeMap::new();
    for (context, files) in &contexts {
        for (path, text) in files {
            let known = known_through("crate::", text).into_iter().chain(known_through("super::", text));
            for other in known.filter(|other| contexts.contains_key(*other) && other != context) {
                let is_open = other == "kernel" || (other == "access" && context != "kernel");
                if !is_open {
                    pairs.insert(format!("{context} -> {other}"), path.clone());
                }
            }
        }
    }
    pairs
}

#[test]
fn a_context_knows_the_kernel_and_access_and_none_of_its_neighbours() {
    let found = pairs();
    assert!(
        found.is_empty(),
        "a context knows its neighbour: {found:?}\n\
         Pass what it needs as a value, tell what happened as an event (api/src/reactions.rs), or move it to the kernel"
    );
}

#[test]
fn paths_are_found_also_where_they_are_braced() {
    let text = "use crate::{\n    access::{Action, Role},\n    kernel::Id, roster\n};\n// crate::imports\nfn f() { crate::orientation::g() }";
    assert_eq!(known_through("crate::", text), BTreeSet::from(["access", "kernel", "orientation", "roster"]));
}

fn dependencies(package: &str) -> Vec<String> {
    let manifest = super::text(&format!("{package}/Cargo.toml"));
    let mut dependencies = Vec::new();
    let mut within = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            within = line.contains("dependencies");
        } else if within {
            dependencies.extend(first_word_of_key(line));
        }
    }
    dependencies
}

fn first_word_of_key(line: &str) -> Option<String> {
    let end = line.find(['.', ' ', '=']).unwrap_or(line.len());
    Some(line[..end].to_owned()).filter(|name| !name.is_empty() && !name.starts_with('#'))
}

fn named(package: &str, machinery: &[&str]) -> Vec<String> {
    let is_machinery = |name: &String| machinery.iter().any(|one| name.replace('_', "-").starts_with(one));
    dependencies(package).into_iter().filter(is_machinery).collect()
}

const NONE: Vec<String> = Vec::new();

#[test]
fn the_rules_know_no_database_no_web_and_no_waiting() {
    let machinery = ["diesel", "libsqlite3", "pq-sys", "actix", "reqwest", "tokio", "futures", "figment", "clap"];
    assert_eq!(named("domain", &machinery), NONE);
    assert!(dependencies("domain").contains(&"chrono".to_owned()), "Cargo.toml was not understood");
}

#[test]
fn only_persistence_speaks_to_the_database() {
    assert_eq!(named("api", &["diesel", "libsqlite3", "pq-sys"]), NONE);
}

#[test]
fn persistence_knows_nothing_of_the_web() {
    assert_eq!(named("persistence", &["actix", "reqwest", "leerloopbaan", "api"]), NONE);
}
