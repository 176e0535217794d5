//! Every rule is proved by a test that names it, and `docs/rules.md` speaks of files and tests that exist.

use std::collections::{BTreeMap, BTreeSet};

/// The rules of the contexts that there are; a context that comes brings its own.
const RULES: [&str; 41] = [
    "IN-1", "IN-2", "IN-3", "IN-4", "EN-1", "EN-2", "EN-3", "EN-4", "EN-5", "EN-6", "SP-1", "SP-2", "SP-3", "SP-4", "SP-5",
    "CU-1", "CU-2", "CU-3", "CU-4", "CU-5", "PF-1", "PF-2", "PF-3", "PF-4", "PF-5", "PF-6", "LM-1", "LM-2", "LM-3", "LM-4",
    "LM-5", "CV-1", "CV-2", "CV-3", "CV-4", "BP-1", "BP-2", "RP-1", "AL-1", "AL-3", "AL-4",
];

/// What a cell says that has nothing to say yet.
const NOT_YET: &str = "-";

/// The name of every test: of a function marked as one, or of a story that is told on both databases.
fn tests() -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for (_, text) in ["api/src", "api/tests", "domain/src", "persistence/src", "tests/src"].into_iter().flat_map(super::sources) {
        let mut marked = false;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
            let function =
                line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn ")).and_then(|rest| rest.split_once('('));
            if let Some((name, _)) = function.filter(|(_, arguments)| marked || arguments.starts_with("world: World)")) {
                tests.insert(name.to_owned());
            }
            marked = line.starts_with("#[") && (line.ends_with("test]") || marked);
        }
    }
    assert!(tests.len() > 300, "the tests were not found: {}", tests.len());
    tests
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The rows of the table: rule, where, tests.
fn rows(table: &str) -> Vec<(&str, Vec<&str>, Vec<&str>)> {
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|line| {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [rule, says, places, tests] = cells[..] else { panic!("four cells: {line}") };
        assert!(!says.is_empty(), "{line}");
        for cell in [places, tests] {
            assert!(cell == NOT_YET || !quoted(cell).is_empty(), "{rule}: neither names nor `{NOT_YET}`: {cell}");
        }
        (rule, quoted(places), quoted(tests))
    })
    .collect()
}

#[test]
fn every_rule_is_named_by_a_test_that_proves_it() {
    let tests = tests();
    for rule in RULES {
        let id = rule.to_lowercase().replace('-', "_");
        let names_it = |test: &&String| format!("_{test}_").contains(&format!("_{id}_"));
        assert!(tests.iter().any(|test| names_it(&test)), "no test is named after {rule}: {id}_...");
    }
}

#[test]
fn the_table_of_rules_has_every_rule_and_names_only_files_and_tests_that_exist() {
    let (tests, table) = (tests(), super::text("docs/rules.md"));
    let mut proved: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (rule, places, named) in rows(&table) {
        if !RULES.contains(&rule) {
            wrong.push(format!("{rule} is no rule of a context that exists"));
        }
        let nowhere = |place: &&&str| !["", "domain/src/"].iter().any(|below| super::root().join(below).join(place).is_file());
        wrong.extend(places.iter().filter(nowhere).map(|place| format!("{rule}: there is no file {place}")));
        wrong.extend(named.iter().filter(|test| !tests.contains(**test)).map(|test| format!("{rule}: there is no test {test}")));
        *proved.entry(rule).or_default() += named.len();
    }
    wrong.extend(RULES.iter().filter(|rule| !proved.contains_key(*rule)).map(|rule| format!("{rule} is not in the table")));
    wrong.extend(proved.iter().filter(|(_, tests)| **tests == 0).map(|(rule, _)| format!("nothing proves {rule}")));
    assert!(wrong.is_empty(), "docs/rules.md:\n{}", wrong.join("\n"));
}
