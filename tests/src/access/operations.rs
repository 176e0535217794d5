//! Every operation, called by everyone: the status is the table's, what one may not see is like what is not there, and a
//! refusal changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use api::contexts::operations;
use api::http::Operation;
use domain::access::Action;
use serde_json::Value;

use super::calls::{Call, calls};
use super::canaries::Watch;
use super::planted::plant;
use super::small_college::SmallCollege;
use crate::both;
use crate::harness::{Said, Snapshot, World};

/// Operations that are called by nobody here. It may only become shorter.
const NOT_CALLED: [&str; 0] = [];

/// Operations whose path names what everyone with an account may know not to be there: school years are no secret.
const NO_SECRET: [&str; 2] = ["getSchoolCalendar", "replaceSchoolCalendar"];

/// Operations that change nothing in the database although they are no reading.
const CHANGES_NOTHING: [&str; 1] = ["createDevToken"];

#[test]
fn every_operation_is_called_or_on_a_list_that_only_becomes_shorter() {
    let called: BTreeSet<_> = calls().iter().map(|call| call.operation).collect();
    for operation in operations() {
        let id = operation.description.id;
        assert!(
            called.contains(id) || NOT_CALLED.contains(&id),
            "{id} is not in tests/access/operations.csv: say by hand who gets what"
        );
        assert!(!(called.contains(id) && NOT_CALLED.contains(&id)), "{id} is called by now: take it off the list");
    }
}

#[test]
fn what_one_may_not_read_is_absent_a_list_like_a_thing() {
    for call in calls().into_iter().filter(|call| !call.changes()) {
        let forbidden: Vec<_> = call.callers().into_iter().filter(|(_, status)| *status == Some(403)).collect();
        assert!(forbidden.is_empty(), "{}: reading is 404 where it may not be, for {forbidden:?}", call.name);
    }
    for action in Action::ALL.iter().filter(|action| action.word() == "read") {
        assert_eq!(action.sight(), *action, "{}: who may not read it may not see that it is there", action.name());
    }
}

/// Operations that answer without looking into the database who it is that asks.
const WITHOUT_THE_DATABASE: [&str; 3] = ["getDocument", "listPersonas", "createDevToken"];

/// How many rows every table has, and the sum of their versions.
fn digest(world: &World) -> Vec<String> {
    let tables = if world.location.file().is_some() {
        "SELECT m.name || CASE WHEN EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'version') THEN ' version' ELSE '' END
           AS row FROM sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1"
    } else {
        "SELECT t.table_name || CASE WHEN EXISTS (SELECT 1 FROM information_schema.columns c WHERE c.table_schema = 'public'
           AND c.table_name = t.table_name AND c.column_name = 'version' AND c.data_type = 'bigint') THEN ' version' ELSE '' END AS row
           FROM information_schema.tables t WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' ORDER BY 1"
    };
    let count = |table: String| {
        let (name, version) = table.split_once(' ').map_or((table.as_str(), "0"), |(name, _)| (name, "version"));
        format!("SELECT '{name} ' || count(*) || ' ' || coalesce(sum({version}), 0) AS row FROM {name}")
    };
    let counts: Vec<_> = world.rows(tables).into_iter().map(count).collect();
    world.rows(&counts.join(" UNION ALL "))
}

/// One world in which everyone calls, and who looks at what they are answered.
struct Stage<'a> {
    college: &'a SmallCollege,
    watch: &'a Watch,
}

impl Stage<'_> {
    /// Whoever is turned away because the machine is busy asks again, as the answer says.
    async fn send(&self, call: &Call, world: &World, turn: usize, subject: &str, unknown: bool) -> Said {
        let mut said = self.ask(call, world, turn, subject, unknown).await;
        for _ in 0..5 {
            if said.status != 503 {
                break;
            }
            said = self.ask(call, world, turn, subject, unknown).await;
        }
        said
    }

    async fn ask(&self, call: &Call, world: &World, turn: usize, subject: &str, unknown: bool) -> Said {
        let ask = call.ask(world, self.college, turn, unknown);
        let said = if subject.is_empty() { ask.send().await } else { ask.by(subject).send().await };
        self.watch.look(&call.name, call.path, subject, &said);
        said
    }
}

/// An answer byte for byte, apart from what differs between any two: when it was given, and which request it was.
fn told(said: &Said) -> (String, BTreeMap<String, String>) {
    let instance = said.json()["instance"].as_str().unwrap_or_default().to_owned();
    let text = if instance.is_empty() { said.text.clone() } else { said.text.replace(&instance, "") };
    let same = said.headers.iter().filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()));
    (text, same.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned())).collect())
}

/// What is wrong, collected so that one run tells all of it.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    fn note(&mut self, wrong: bool, what: impl FnOnce() -> String) {
        if wrong {
            self.0.push(what());
        }
    }
}

/// The answers of every operation, as the document has them.
static ANSWERS: LazyLock<BTreeMap<&str, Value>> = LazyLock::new(|| {
    let answers = |told: &Operation| (told.description.id, told.document()["responses"].clone());
    operations().iter().map(answers).collect()
});

/// The document says that this status is possible.
fn documented(call: &Call, status: u16) -> bool {
    ANSWERS.get(call.operation).expect("an operation").get(status.to_string()).is_some()
}

/// Calls that must not change anything: refusals, and readings.
async fn call_without_effect(call: &Call, stage: &Stage<'_>, findings: &mut Findings) {
    let world = &stage.college.world;
    let before = digest(world);
    for (turn, (subject, expected)) in call.callers().into_iter().enumerate() {
        let Some(expected) = expected else { continue };
        let hides = expected == 404;
        let unknown = if call.names_a_thing() && !NO_SECRET.contains(&call.operation) && !subject.is_empty() {
            let said = stage.send(call, world, turn, subject, true).await;
            findings.note(said.status != 404, || {
                format!("{} by {subject}: {} for an unknown id: {}", call.name, said.status, said.text)
            });
            Some(said)
        } else {
            None
        };
        if expected < 400 && call.changes() && !CHANGES_NOTHING.contains(&call.operation) {
            continue;
        }
        let said = stage.send(call, world, turn, subject, false).await;
        findings.note(said.status != expected, || {
            format!("{} by {subject}: {} and not {expected}: {}", call.name, said.status, said.text)
        });
        findings.note(!documented(call, said.status), || format!("{} answers {}, undocumented", call.name, said.status));
        if let (true, Some(unknown)) = (hides && said.status == 404, &unknown) {
            let (hidden, absent) = (told(&said), told(unknown));
            findings.note(hidden != absent, || format!("{} by {subject}: {hidden:?} differs from {absent:?}", call.name));
        }
    }
    let after = digest(world);
    findings.note(before != after, || {
        let changed: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
        format!("{}: who was refused, or only read, changed something: {changed:?}", call.name)
    });
}

/// Calls that change something, each of which is told of: in a world of their own, or of the operation's where one does
/// not spoil the next.
async fn call_with_effect(call: &Call, stage: &Stage<'_>, kept: &Snapshot, findings: &mut Findings) {
    let callers: Vec<_> =
        call.callers().into_iter().filter(|(_, expected)| expected.is_some_and(|status| status < 400)).collect();
    let mut shared = None;
    for (turn, (subject, expected)) in callers.into_iter().enumerate() {
        let world = match shared.take() {
            Some(world) => world,
            None => kept.world(),
        };
        let events = || world.rows("SELECT CAST(count(*) AS text) AS row FROM events");
        let before = events();
        if call.path.ends_with("/decisions") {
            let ask = call.ask(&world, stage.college, turn, false).header("If-Match", "\"999999\"");
            let said = if subject.is_empty() { ask.send().await } else { ask.by(subject).send().await };
            findings.note(said.status != 412 || events() != before, || {
                format!("{} by {subject} on another version: {}: {}", call.name, said.status, said.text)
            });
            findings.note(!documented(call, 412), || format!("{} answers 412, undocumented", call.name));
        }
        let said = stage.send(call, &world, turn, subject, false).await;
        findings.note(Some(said.status) != expected, || {
            format!("{} by {subject}: {} and not {expected:?}: {}", call.name, said.status, said.text)
        });
        findings.note(!documented(call, said.status), || format!("{} answers {}, undocumented", call.name, said.status));
        findings.note(said.status < 400 && events() == before, || format!("{} by {subject}: nothing tells of it", call.name));
        if call.repeats() {
            shared = Some(world);
        } else {
            world.end().await;
        }
    }
    if let Some(world) = shared {
        world.end().await;
    }
}

both! {
    /// And what anyone keeps of anyone is shown to those alone to whom `tests/access/canaries.csv` says that it may be.
    async fn everyone_gets_of_every_operation_what_the_table_says_and_a_refusal_changes_nothing(world: World) {
        let mut college = SmallCollege::build(world).await;
        plant(&mut college).await;
        let (college, kept) = college.keep().await;
        let watch = Watch::over(&college);
        let stage = Stage { college: &college, watch: &watch };
        let mut findings = Findings::default();
        for call in calls() {
            call_without_effect(&call, &stage, &mut findings).await;
            if call.changes() && !CHANGES_NOTHING.contains(&call.operation) {
                call_with_effect(&call, &stage, &kept, &mut findings).await;
            }
        }
        findings.0.extend(watch.wrong());
        let others = [
            "me", "guardians", "coaches", "interviews", "reviews", "versions", "comments", "coverage", "leermeter", "leermeter-invitation",
            "ratings", "preparation", "outcome", "career-steps",
            "conversation-overview", "invite.ics",
        ];
        findings.0.extend(watch.unseen(&others));
        assert!(findings.0.is_empty(), "{} cells are wrong:\n{}", findings.0.len(), findings.0.join("\n"));
    }

    async fn who_has_a_token_and_no_account_is_told_so_wherever_it_is_looked_at_as_the_document_says(world: World) {
        let college = SmallCollege::build(world).await;
        let mut findings = Findings::default();
        let before = digest(&college.world);
        for (turn, call) in calls().iter().enumerate() {
            let said = call.ask(&college.world, &college, turn, false).by("stranger").send().await;
            let looked_at = !WITHOUT_THE_DATABASE.contains(&call.operation);
            findings.note(looked_at != (said.status == 403), || format!("{}: {}: {}", call.name, said.status, said.text));
            findings.note(looked_at && said.json()["code"] != "access.no-account", || format!("{}: {}", call.name, said.text));
            findings.note(!documented(call, said.status), || format!("{} answers {}, undocumented", call.name, said.status));
        }
        assert!(findings.0.is_empty(), "{}", findings.0.join("\n"));
        assert_eq!(digest(&college.world), before);
    }
}
