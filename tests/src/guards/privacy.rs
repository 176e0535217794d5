//! Every column is classified by someone who thought about it: what it tells, who takes it along, how it is forgotten.

use std::collections::{BTreeMap, BTreeSet};

const FILE: &str = "persistence/privacy.csv";
const CLASSES: [&str; 5] = ["none", "personal", "sensitive", "care", "secret"];
const EXPORTS: [&str; 3] = ["no", "own", "all"];
/// How long: as long as there is a college, the person is here, the student's file is kept, a prospect may still come,
/// the log is kept, or a day.
const RETENTIONS: [&str; 6] = ["always", "person", "file", "prospect", "log", "day"];
const ERASURES: [&str; 3] = ["keep", "blank", "delete"];

struct Rule {
    class: String,
    export: String,
    retention: String,
    erasure: String,
}

fn rules() -> BTreeMap<String, Rule> {
    let text = super::text(FILE);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("column,class,export,retention,erasure"));
    let mut rules = BTreeMap::new();
    for line in lines {
        let words: Vec<&str> = line.split(',').collect();
        let [column, class, export, retention, erasure] = words[..] else {
            panic!("{FILE}: five words in a line, not {line:?}");
        };
        let [class, export, retention, erasure] = [class, export, retention, erasure].map(str::to_owned);
        let twice = rules.insert(column.to_owned(), Rule { class, export, retention, erasure });
        assert!(twice.is_none(), "{FILE}: {column} is there twice");
    }
    rules
}

/// The class of every column.
pub fn classes() -> BTreeMap<String, String> {
    rules().into_iter().map(|(column, rule)| (column, rule.class)).collect()
}

/// The lines at which `wrong` holds.
fn where_it_is(wrong: impl Fn(&Rule) -> bool) -> Vec<String> {
    rules().into_iter().filter(|(_, rule)| wrong(rule)).map(|(column, _)| column).collect()
}

const NOWHERE: Vec<String> = Vec::new();

#[test]
fn nothing_is_kept_of_anyone_that_nobody_has_classified() {
    let columns: BTreeSet<String> =
        super::columns().into_iter().map(|column| format!("{}.{}", column.table, column.name)).collect();
    let classified: BTreeSet<String> = rules().into_keys().collect();
    let missing: Vec<_> = columns.difference(&classified).collect();
    let stale: Vec<_> = classified.difference(&columns).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "{FILE}\n  columns without a line: {missing:?}\n  lines without a column: {stale:?}\n\
         A line is: table.column,class,export,retention,erasure\n  class {CLASSES:?}\n  export {EXPORTS:?}\n  \
         retention {RETENTIONS:?}\n  erasure {ERASURES:?}"
    );
}

#[test]
fn a_classification_uses_words_that_everyone_knows() {
    for (column, rule) in rules() {
        let Rule { class, export, retention, erasure } = &rule;
        assert!(CLASSES.contains(&class.as_str()), "{column}: class {class} is none of {CLASSES:?}");
        assert!(EXPORTS.contains(&export.as_str()), "{column}: export {export} is none of {EXPORTS:?}");
        assert!(RETENTIONS.contains(&retention.as_str()), "{column}: retention {retention} is none of {RETENTIONS:?}");
        assert!(ERASURES.contains(&erasure.as_str()), "{column}: erasure {erasure} is none of {ERASURES:?}");
    }
}

/// Care content comes with a separate decision on where it may be kept at all.
#[test]
fn no_care_content_is_kept_yet() {
    assert_eq!(where_it_is(|rule| rule.class == "care"), NOWHERE);
}

#[test]
fn a_secret_is_never_exported() {
    assert_eq!(where_it_is(|rule| rule.class == "secret" && rule.export != "no"), NOWHERE);
}

#[test]
fn what_is_about_someone_is_exported_to_nobody_else() {
    assert_eq!(where_it_is(|rule| rule.class != "none" && rule.export == "all"), NOWHERE);
}

#[test]
fn what_is_about_someone_is_not_kept_for_ever() {
    assert_eq!(where_it_is(|rule| rule.class != "none" && rule.retention == "always"), NOWHERE);
}

#[test]
fn of_who_is_forgotten_no_confidence_and_no_secret_is_left() {
    let confided = |rule: &Rule| matches!(rule.class.as_str(), "sensitive" | "care" | "secret");
    assert_eq!(where_it_is(|rule| confided(rule) && rule.erasure == "keep"), NOWHERE);
}
