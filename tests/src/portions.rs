//! Reading less or more: what is asked of an answer is what one gets of it, for every operation that reads.

use api::contexts::operations;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::kernel::EnrolmentId;
use persistence::{Asking, Database, Identity};
use serde_json::{Map, Value, json};

use crate::access::calls::{Call, calls};
use crate::access::small_college::SmallCollege;
use crate::both;
use crate::harness::{ISSUER, World};

/// Operations that read and whose answer is no thing with known fields.
const NO_FIELDS: [&str; 6] = [
    "getDocument",
    "getEvidence",
    "getPortfolioArchive",
    "getLeermeterPicture",
    "getConversationSheet",
    "getConversationInvitation",
];

/// The names that a parameter of an operation takes, as the document tells; none where it has no such parameter.
fn names(operation: &str, parameter: &str) -> Vec<String> {
    let operations = operations();
    let told = operations.iter().find(|told| told.description.id == operation).expect("an operation").document();
    let parameters = told["parameters"].as_array().into_iter().flatten();
    let names = parameters.filter(|told| told["name"] == parameter).flat_map(|told| told["schema"]["items"]["enum"].as_array());
    names.flatten().map(|name| name.as_str().expect("a name").to_owned()).collect()
}

fn takes(operation: &str, parameter: &str) -> bool {
    let operations = operations();
    let told = operations.iter().find(|told| told.description.id == operation).expect("an operation").document();
    told["parameters"].as_array().into_iter().flatten().any(|told| told["name"] == parameter)
}

#[test]
fn what_can_be_embedded_is_at_most_two_deep_and_never_care() {
    for operation in operations() {
        for path in names(operation.description.id, "include") {
            assert!(path.split('.').count() <= 2, "{path}");
            assert!(path.split('.').all(|name| ["enrolment", "startProgramme"].contains(&name)), "{path}: is it care content?");
        }
    }
}

/// Every list but the feed, which has no end.
#[test]
fn everything_that_is_listed_can_be_counted() {
    for operation in operations() {
        let id = operation.description.id;
        assert_eq!(takes(id, "count"), takes(id, "limit") && id != "listChanges", "{id}");
    }
}

#[test]
fn everything_that_is_read_can_be_read_in_part() {
    for operation in operations().into_iter().filter(|operation| operation.method == "GET") {
        let id = operation.description.id;
        assert_eq!(names(id, "fields").is_empty(), NO_FIELDS.contains(&id), "{id}");
    }
}

/// Calls that read, each with someone who gets an answer.
fn readings() -> Vec<(Call, String)> {
    let who = |call: &Call| {
        let found = call.callers().into_iter().find(|(subject, expected)| !subject.is_empty() && *expected == Some(200));
        found.map(|(subject, _)| subject.to_owned())
    };
    let reading = calls().into_iter().filter(|call| call.method == "GET" && !NO_FIELDS.contains(&call.operation));
    reading.filter_map(|call| who(&call).map(|subject| (call, subject))).collect()
}

/// The things in an answer: its items, or itself.
fn things(answer: &Value) -> Vec<&Map<String, Value>> {
    let items = answer["items"].as_array().filter(|_| answer.get("nextCursor").is_some());
    let things = items.map_or_else(|| vec![answer], |items| items.iter().collect());
    things.into_iter().map(|thing| thing.as_object().expect("a thing")).collect()
}

/// `?fields=` is what everything that is read can be asked for, field by field.
async fn hold(world: &World, college: &SmallCollege, call: &Call, subject: &str) {
    let ask = |query: &str| call.ask_with(world, college, query).by(subject).send();
    let said = ask("").await;
    let etag = said.header("etag").expect("an ETag");
    let whole = said.ok();
    let names = names(call.operation, "fields");
    for thing in things(&whole) {
        let published: Vec<_> = thing.keys().filter(|name| !names.contains(name)).collect();
        assert!(published.is_empty(), "{} answers what its schema does not have: {published:?}", call.name);
    }
    for name in &names {
        let said = ask(&format!("fields={name}")).await;
        let part_etag = said.header("etag").expect("an ETag");
        let part = said.ok();
        assert_eq!(things(&part).len(), things(&whole).len(), "{}", call.name);
        for (part, whole) in things(&part).into_iter().zip(things(&whole)) {
            if *name == "computedAt" {
                assert!(part.contains_key("computedAt"), "{}: counted anew at every request", call.name);
                continue;
            }
            let kept = whole.iter().filter(|(field, _)| *field == "id" || *field == name);
            assert_eq!(*part, kept.map(|(field, value)| (field.clone(), value.clone())).collect(), "{} {name}", call.name);
        }
        assert!(part == whole || part_etag != etag, "{} {name}: another representation has another ETag", call.name);
        let version = |etag: &str| etag.split_once('-').map(|(version, _)| version.to_owned());
        assert_eq!(version(&part_etag), version(&etag), "{} {name}: If-Match holds as well", call.name);
    }
    let refused = ask("fields=klas,id,id").await.with(400);
    assert_eq!(refused["errors"][0]["pointer"], "?fields/klas", "{}", call.name);
    assert_eq!(refused["errors"][0]["allowed"], json!(names), "{}", call.name);
    let unknown = ask("kleur=blauw").await.faults();
    assert_eq!(unknown, [("?kleur".to_owned(), "request.unknown-field".to_owned())], "{}", call.name);
}

/// How many enrolments were embedded, and in how many of them a start programme.
#[derive(Debug, Default)]
struct Embedded {
    shown: usize,
    programmes: usize,
}

impl Embedded {
    /// `?include=` of all that one operation embeds, for one caller.
    async fn hold(&mut self, college: &SmallCollege, call: &Call, subject: &str) {
        let read = async |path: &str| college.world.get(path).by(subject).send().await;
        let overview = read("/start-programmes").await.ok();
        let programme = |id: &Value| {
            let found = overview["items"].as_array().expect("items").iter().find(|one| one["enrolmentId"] == *id);
            found.cloned().unwrap_or_default()
        };
        let all = names(call.operation, "include").join(",");
        let whole = call.ask_with(&college.world, college, &format!("include={all}")).by(subject).send().await.ok();
        let bare = call.ask_with(&college.world, college, "").by(subject).send().await.ok();
        for (thing, bare) in things(&whole).into_iter().zip(things(&bare)) {
            assert_eq!(bare["included"], Value::Null, "{} by {subject}: nothing was asked for", call.name);
            let mut without = thing.clone();
            let included = without.insert("included".to_owned(), Value::Null).expect("what is embedded");
            assert_eq!(&without, bare, "{} by {subject}", call.name);
            let inside = if call.name.contains("nrolment") {
                assert_eq!(included["startProgramme"], programme(&thing["id"]), "{} by {subject}", call.name);
                included
            } else {
                let id = thing.get("enrolmentId").or_else(|| thing.get("enrolment")?.get("id")).unwrap_or(&Value::Null);
                let own = if id.is_null() { None } else { Some(read(&format!("/enrolments/{}", id.as_str().unwrap())).await) };
                let Some(own) = own.filter(|own| own.status == 200) else {
                    assert_eq!(included, json!({ "enrolment": null }), "{} by {subject}", call.name);
                    continue;
                };
                let mut enrolment = included["enrolment"].clone();
                let inside = enrolment["included"].take();
                assert_eq!(enrolment, own.ok(), "{} by {subject}", call.name);
                assert_eq!(inside["startProgramme"], programme(id), "{} by {subject}", call.name);
                inside
            };
            self.shown += 1;
            self.programmes += usize::from(!inside["startProgramme"].is_null());
        }
    }
}

both! {
    async fn of_everything_that_is_read_one_gets_the_fields_that_one_asks_for(world: World) {
        let college = SmallCollege::build(world).await;
        for (call, subject) in readings() {
            hold(&college.world, &college, &call, &subject).await;
        }
    }

    async fn every_fault_of_a_query_is_named_at_once(world: World) {
        let said = world.get("/students?limit=0&fields=klas&state=onbekend").by("coach").send().await;
        let pointers: Vec<_> = said.faults().into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, ["?limit", "?state", "?fields/klas"]);
        let twice = world.get("/me?fields=person&fields=roles").by("coach").send().await;
        assert_eq!(twice.faults(), [("?fields".to_owned(), "request.wrong-shape".to_owned())]);
        let no_year = world.get("/start-programme-templates?schoolYear=2026-2028").by("coach").send().await;
        assert_eq!(no_year.faults(), [("?schoolYear".to_owned(), "request.wrong-format".to_owned())]);
        let none = world.get("/openapi.json?fields=paths").send().await;
        assert_eq!(none.faults(), [("?fields".to_owned(), "request.unknown-field".to_owned())]);
        let all = world.get("/openapi.json?kleur=rood&q").send().await.faults();
        assert_eq!(all, ["?kleur", "?q"].map(|name| (name.to_owned(), "request.unknown-field".to_owned())));
    }

    async fn the_next_page_of_a_part_is_the_next_page_of_that_part(world: World) {
        let said = world.get("/people?limit=1&fields=familyName").by("coach").send().await;
        let link = said.header("link").expect("a next page");
        assert!(link.starts_with("</v1/people?limit=1&fields=familyName&cursor="), "{link}");
        let etag = said.header("etag").expect("an ETag");
        let again = world.get("/people?limit=1&fields=familyName").header("If-None-Match", &etag).by("coach").send().await;
        again.with(304);
    }

    async fn a_cursor_opens_for_the_list_that_gave_it_alone(world: World) {
        let first = world.get("/people?limit=1").by("coach").send().await.ok();
        let cursor = first["nextCursor"].as_str().expect("a next page").to_owned();
        let again = world.get("/people?limit=1").by("coach").send().await.ok();
        assert_eq!(again["nextCursor"], cursor.as_str());
        world.get(&format!("/people?limit=2&cursor={cursor}")).by("coach").send().await.ok();
        for path in ["/landscapes?", "/teams?limit=1&", "/enrolments?"] {
            let refused = world.get(&format!("{path}cursor={cursor}")).by("coach").send().await.faults();
            assert_eq!(refused, [("?cursor".to_owned(), "request.bad-cursor".to_owned())], "{path}");
        }
        let family_name = first["items"][0]["familyName"].as_str().expect("a name").to_lowercase();
        let inside = URL_SAFE_NO_PAD.decode(&cursor).expect("base64url");
        assert!(!String::from_utf8_lossy(&inside).contains(&family_name), "a cursor tells no name");
    }

    async fn a_total_is_how_many_one_finds_by_turning_the_pages(world: World) {
        let college = SmallCollege::build(world).await;
        let counted = |call: &Call| call.method == "GET" && takes(call.operation, "count");
        for call in calls().into_iter().filter(counted) {
            for (subject, _) in call.callers().into_iter().filter(|(_, expected)| *expected == Some(200)) {
                let (mut found, mut cursor) = (0, String::new());
                let totals = loop {
                    let asked = call.ask_with(&college.world, &college, &format!("limit=3&count=true{cursor}"));
                    let page = if subject.is_empty() { asked } else { asked.by(subject) }.send().await.ok();
                    found += page["items"].as_array().expect("items").len();
                    match page["nextCursor"].as_str() {
                        Some(next) => cursor = format!("&cursor={next}"),
                        None => break page["total"].clone(),
                    }
                };
                assert_eq!(totals, found, "{} by {subject:?}", call.name);
            }
        }
    }

    async fn a_total_is_of_what_was_asked_for_and_is_not_counted_unasked(world: World) {
        let college = SmallCollege::build(world).await;
        let ask = |path: &'static str| college.world.get(path).by("coach").send();
        assert_eq!(ask("/enrolments").await.ok()["total"], Value::Null);
        assert_eq!(ask("/enrolments?count=false").await.ok()["total"], Value::Null);
        let all = ask("/enrolments?count=true").await.ok()["total"].clone();
        let definitive = ask("/enrolments?count=true&state=definitive").await.ok();
        assert_eq!(definitive["total"], definitive["items"].as_array().expect("items").len());
        assert!(definitive["total"].as_i64() > Some(0) && definitive["total"].as_i64() < all.as_i64());
        let wrong = ("?count".to_owned(), "request.wrong-type".to_owned());
        assert_eq!(ask("/enrolments?count=1").await.faults(), [wrong]);
        for path in ["/changes?count=true", "/me?count=true"] {
            assert_eq!(ask(path).await.faults(), [("?count".to_owned(), "request.unknown-field".to_owned())], "{path}");
        }
    }

    async fn what_is_embedded_is_what_its_own_address_answers_this_caller(world: World) {
        let college = SmallCollege::build(world).await;
        let mut embedded = Embedded::default();
        for call in calls().into_iter().filter(|call| call.method == "GET" && takes(call.operation, "include")) {
            for (subject, _) in call.callers().into_iter().filter(|(_, expected)| *expected == Some(200)) {
                embedded.hold(&college, &call, subject).await;
            }
        }
        // A proposed coach and a workplace trainer see an enrolment, and not how far its start programme is.
        assert!(0 < embedded.programmes && embedded.programmes < embedded.shown, "{embedded:?}");
    }

    async fn what_can_not_be_embedded_is_refused_by_name(world: World) {
        let said = world.get("/students?include=coaches,enrolment&fields=klas").by("coach").send().await.with(400);
        assert_eq!(said["errors"][0]["pointer"], "?include/coaches");
        assert_eq!(said["errors"][0]["allowed"], json!(["enrolment", "enrolment.startProgramme"]));
        assert_eq!(said["errors"][1]["pointer"], "?fields/klas");
        let nothing = world.get("/people?include=roles").by("coach").send().await;
        assert_eq!(nothing.faults(), [("?include".to_owned(), "request.unknown-field".to_owned())]);
    }

    async fn what_is_embedded_costs_a_statement_for_a_page_and_not_one_for_each_row(world: World) {
        let college = SmallCollege::build(world).await;
        let enrolments = ["enrolment", "switcherEnrolment", "settledEnrolment"];
        let ids: Vec<EnrolmentId> = enrolments.map(|name| college.thing(name).parse().expect("an id")).into();
        let identity = Identity::Account { issuer: ISSUER.to_owned(), subject: "teamLeader".to_owned() };
        let database = Database::open(&college.world.location).expect("the database opens");
        let counts = database.read(Asking { identity, now: college.world.now() }, move |reading| {
            let before = reading.statements();
            let found = persistence::enrolment::list_enrolments_by_id(reading, ids.clone())?.len();
            let programmes = persistence::start_programme::list_programmes_of_enrolments(reading, ids.clone())?.len();
            Ok((reading.statements() - before, found, programmes))
        });
        assert_eq!(counts.await.expect("counts"), (2, 3, 3));
    }
}
