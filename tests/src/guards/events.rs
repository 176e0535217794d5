//! Nothing is changed untold, and nothing is permitted on nobody's ground: who may go round it stands here, with why.

use std::collections::BTreeSet;

/// Where a connection is used without a pen.
const BARE_CONNECTION: &[(&str, &str)] = &[
    ("persistence/src/backup", "copies whole databases, rows are not its business"),
    ("persistence/src/claim.rs", "holds a lock, changes no rows"),
    ("persistence/src/events.rs", "writes the events themselves"),
    ("persistence/src/idempotency.rs", "keeps the answer of a change that was told"),
    ("persistence/src/installation.rs", "marks a database before there is anyone to tell"),
    ("persistence/src/migrations.rs", "makes the tables"),
    ("persistence/src/orientation/activity.rs", "holds a row until the transaction ends, and changes nothing"),
    (
        "persistence/src/orientation/central.rs",
        "told by the event of the one import that may call it, which counts them: see CENTRAL",
    ),
    ("persistence/src/session.rs", "is where pens come from"),
];

/// Who brings what the central facility told, and tells of it.
const CENTRAL: &[(&str, &str)] = &[("api/src/importing.rs", "the import's own event says how many events were taken")];

/// Where something is permitted without asking the table who may.
const SYSTEM: &[(&str, &str)] = &[("persistence/src/people.rs", "the first administrator, whom nobody could appoint")];
const BY_SECRET: &[(&str, &str)] = &[
    ("api/src/leermeter/link.rs", "a rater without an account: the secret of the link was found"),
    ("api/src/orientation/registrations.rs", "a prospect has no account: the secret of the link was compared"),
];

/// Where the caller's relations are put to a row.
const GUARDED: &[(&str, &str)] = &[
    ("persistence/src/", "relations are read with the row that they are to"),
    ("api/src/orientation/applications.rs", "who applied for another is answered what they sent, as the applicant would be"),
];
/// Where it is said who asks.
const ACTOR: &[(&str, &str)] = &[
    ("persistence/src/access.rs", "as the database knows the account at this moment"),
    ("persistence/src/session.rs", "the system, where nobody asks"),
];
/// Where nobody asks.
const NOBODY_ASKS: &[(&str, &str)] = &[
    ("api/src/commands/import.rs", "who gives the command holds the database itself"),
    ("api/src/http/retries.rs", "tells it apart from who calls"),
    ("api/src/http/panicking.rs", "a test, in which nobody in particular asks"),
    ("api/src/http/service.rs", "clears away answers that are kept for retries"),
    ("persistence/src/people.rs", "the first administrator, whom nobody could appoint"),
    ("persistence/src/session.rs", "makes it the actor"),
];

/// Fails for every file with one of these words that is not listed, and for every listed one without any of them.
fn only(listed: &[(&str, &str)], words: &[&str], advice: &str) {
    let code = |text: &str| words.iter().any(|word| super::code_of(text).any(|line| line.contains(word)));
    let sources = ["api/src", "domain/src", "persistence/src"].into_iter().flat_map(super::sources);
    let found: BTreeSet<String> = sources.filter(|(_, text)| code(text)).map(|(path, _)| path).collect();
    let is_listed = |path: &&String| listed.iter().any(|(known, _)| path.starts_with(known));
    let new: Vec<_> = found.iter().filter(|path| !is_listed(path)).collect();
    assert!(new.is_empty(), "{words:?} in {new:?}: {advice}");
    let stale: Vec<_> = listed.iter().filter(|(known, _)| !found.iter().any(|path| path.starts_with(known))).collect();
    assert!(stale.is_empty(), "no more {words:?} in {stale:?}: take it off the list");
}

#[test]
fn every_change_of_a_row_is_told() {
    let advice = "change rows with the pen that `writing.tell(permit, event)` gives, read with `reading.load`";
    only(BARE_CONNECTION, &[".conn()", ".connect()"], advice);
}

#[test]
fn what_the_central_facility_told_comes_by_an_import_that_tells_of_it() {
    only(CENTRAL, &["central::take("], "only an import brings such events: its own event tells of them");
}

#[test]
fn the_system_permits_itself_only_what_is_listed() {
    let advice = "ask `actor.permit(..)` or `guarded.permit(..)`, or list it in tests/src/guards/events.rs with why";
    only(SYSTEM, &["Permit::system("], advice);
}

#[test]
fn a_secret_opens_only_what_is_listed() {
    let advice = "compare the secret first, then list it in tests/src/guards/events.rs with why";
    only(BY_SECRET, &["Permit::by_secret("], advice);
}

#[test]
fn relations_to_a_student_are_those_that_the_database_tells() {
    let advice = "take the row as persistence guards it, or list it in tests/src/guards/events.rs with why";
    only(GUARDED, &["Guarded::new("], advice);
}

#[test]
fn who_asks_is_who_the_database_knows() {
    let advice = "ask `reading.actor()`, or list it in tests/src/guards/events.rs with why";
    only(ACTOR, &["Actor::person(", "Actor::service(", "Actor::system("], advice);
    only(NOBODY_ASKS, &["Identity::System"], advice);
}
