use super::{OrientationFault as F, *};
use crate::{
    kernel::{Id, Instant, KernelFault, Refusal, Text, Told, Word},
    state_table::cells,
};

/// IN-1 and IN-2, drawn.
const TABLE: &str = "
            cancel     markAttended  markAbsent  addExperience
registered  cancelled  attended      absent      -
waitlisted  cancelled  -             -           -
cancelled   -          -             -           -
attended    -          -             -           attended
absent      -          -             -           -
";

fn id<Of>(number: u128) -> Id<Of> {
    Id::from_uuid(uuid::Uuid::from_u128(number))
}

fn minute(minute: i64) -> Instant {
    "2026-11-02T09:00:00Z".parse::<Instant>().unwrap() + chrono::Duration::minutes(minute)
}

/// The morning of the activity.
fn that_day() -> Instant {
    "2026-11-20T07:00:00Z".parse().unwrap()
}

fn content(more: serde_json::Value) -> NewActivity {
    let mut body = serde_json::json!({
        "kind": "shadowDay", "title": "Meeloopdag Groen", "landscapeId": uuid::Uuid::from_u128(1),
        "startsAt": "2026-11-20T09:00:00+01:00", "endsAt": "2026-11-20T15:00:00+01:00", "place": "Dierverblijven", "capacity": 2
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(body).unwrap()
}

const KNOWN: ActivityFacts = ActivityFacts { landscape_known: true, buddy_enrolled: true };

fn activity() -> Activity {
    Activity::offer(id(5), content(serde_json::json!({})), KNOWN, minute(0)).unwrap().thing
}

fn prospect() -> NewRegistration {
    let body = serde_json::json!({"givenName": "Sem", "familyName": "Bos", "birthDate": "2011-02-03", "email": "sem@example.nl"});
    serde_json::from_value(body).unwrap()
}

fn register(number: u128, others: &[InLine]) -> Registration {
    let minute = minute(i64::try_from(number).unwrap());
    Registration::register(id(number), prospect(), &activity(), others, minute).unwrap().thing
}

fn decision(name: &str) -> RegistrationDecision {
    let mut body = match name {
        "addExperience" => serde_json::json!({"seen": "Een stal", "learned": "Ik word rustig van dieren"}),
        _ => serde_json::json!({}),
    };
    body["decision"] = name.into();
    serde_json::from_value(body).unwrap()
}

fn in_state(name: &str) -> Registration {
    let decided = |name: &str| register(1, &[]).decide(decision(name)).unwrap().thing;
    match name {
        "registered" => register(1, &[]),
        "waitlisted" => register(3, &[register(1, &[]).in_line(), register(2, &[]).in_line()]),
        "cancelled" => decided("cancel"),
        "attended" => decided("markAttended"),
        "absent" => decided("markAbsent"),
        other => panic!("{other}"),
    }
}

#[test]
fn in_1_in_2_a_registration_goes_where_the_table_says_and_nowhere_else() {
    let cells = cells(TABLE);
    assert_eq!(cells.len(), RegistrationStateName::ALL.len() * 4);
    for cell in cells {
        let registration = in_state(cell.state);
        let decision = decision(cell.decision);
        let place = format!("{} in {}", cell.decision, cell.state);
        assert_eq!(registration.open_actions().contains(&decision.action()), cell.next.is_some(), "{place}");
        match (registration.decide(decision), cell.next) {
            (Ok(Told { thing, event }), Some(next)) => {
                assert_eq!((thing.state.name().word(), thing.version), (next, registration.version + 1), "{place}");
                assert_eq!(event.facts()["state"].as_str(), Some(next), "{place}");
                let parts = (thing.state.name(), thing.state.experience().cloned());
                assert_eq!(RegistrationState::from_parts(parts.0, parts.1), Some(thing.state), "{place}");
            }
            (Err(Refusal::Illegal { fault, state, .. }), None) => {
                assert_eq!((fault, state), (F::NotOpen.fault(), cell.state), "{place}")
            }
            (taken, _) => panic!("{place}: {taken:?}"),
        }
    }
}

#[test]
fn in_2_an_experience_is_left_once_and_only_after_attending() {
    let told = in_state("attended").decide(decision("addExperience")).unwrap().thing;
    assert_eq!(told.open_actions(), []);
    assert!(told.decide(decision("addExperience")).is_err());
    assert_eq!(RegistrationState::from_parts(RegistrationStateName::Absent, told.state.experience().cloned()), None);
}

#[test]
fn in_1_over_capacity_one_waits_and_a_cancellation_promotes_the_first_in_line() {
    let room = |capacity: u16| content(serde_json::json!({ "capacity": capacity }));
    let mut line: Vec<InLine> = Vec::new();
    for number in 1..=4 {
        line.push(register(number, &line).in_line());
    }
    let words: Vec<_> = line.iter().map(|one| one.state.word()).collect();
    assert_eq!(words, ["registered", "registered", "waitlisted", "waitlisted"]);
    assert_eq!(promoted(&room(2), &line, that_day()), []);

    line[0].state = RegistrationStateName::Cancelled;
    line.reverse();
    assert_eq!(promoted(&room(2), &line, that_day()), [id(3)]);
    assert_eq!(promoted(&room(9), &line, that_day()), [id(3), id(4)], "more room promotes more people");
    assert_eq!(promoted(&room(9), &line, room(9).ends_at), [], "nobody gets a place at what is over");

    let promoted = in_state("waitlisted").promote().unwrap();
    assert_eq!(promoted.thing.state, RegistrationState::Registered);
    assert_eq!(promoted.event.what, "promoted");
    assert!(in_state("registered").promote().is_err());
}

#[test]
fn in_1_nobody_passes_those_who_wait() {
    let waiting = InLine { id: id(2), state: RegistrationStateName::Waitlisted, registered_at: minute(2) };
    let gone = InLine { id: id(1), state: RegistrationStateName::Cancelled, registered_at: minute(1) };
    let also_waiting = InLine { id: id(3), ..waiting };
    assert_eq!(register(4, &[gone, waiting, also_waiting]).state, RegistrationState::Waitlisted);
    assert_eq!(register(4, &[gone, waiting]).state, RegistrationState::Registered, "there is room for both");
}

#[test]
fn in_1_a_buddy_placement_names_buddy_and_field_and_nothing_else_does() {
    let buddy = serde_json::json!({"kind": "buddyPlacement", "buddyId": uuid::Uuid::from_u128(7), "field": "Dierverzorging"});
    let offer = |content, facts| Activity::offer(id(5), content, facts, minute(0));
    assert!(offer(content(buddy.clone()), KNOWN).is_ok());

    let unnamed = offer(content(serde_json::json!({"kind": "buddyPlacement"})), KNOWN);
    let found = vec![F::BuddyMissing.at("/buddyId"), F::BuddyMissing.at("/field")];
    assert_eq!(unnamed, Err(Refusal::Findings(found)));

    let named = content(serde_json::json!({"buddyId": uuid::Uuid::from_u128(7), "field": "Dierverzorging"}));
    let found = vec![F::BuddyUnwanted.at("/buddyId"), F::BuddyUnwanted.at("/field")];
    assert_eq!(offer(named, KNOWN), Err(Refusal::Findings(found)));

    let stranger = offer(content(buddy), ActivityFacts { buddy_enrolled: false, ..KNOWN });
    assert_eq!(stranger, Err(Refusal::Findings(vec![KernelFault::UnknownReference.at("/buddyId")])));
}

#[test]
fn everything_that_is_wrong_with_an_activity_is_said_at_once() {
    let wrong = content(serde_json::json!({"endsAt": "2026-11-20T09:00:00+01:00", "capacity": 1001}));
    let refusal = Activity::offer(id(5), wrong, ActivityFacts { landscape_known: false, ..KNOWN }, minute(0));
    let found = vec![
        KernelFault::UnknownReference.at("/landscapeId"),
        F::EndsBeforeStart.at("/endsAt"),
        F::CapacityOutOfRange.at("/capacity"),
    ];
    assert_eq!(refusal, Err(Refusal::Findings(found)));
}

#[test]
fn an_activity_keeps_its_kind_and_landscape_and_a_place_for_everyone_who_has_one() {
    let moved =
        content(serde_json::json!({"kind": "infoshopConversation", "landscapeId": uuid::Uuid::from_u128(2), "capacity": 1}));
    let found = vec![F::Fixed.at("/kind"), F::Fixed.at("/landscapeId"), F::CapacityBelowTaken.at("/capacity")];
    assert_eq!(activity().change(moved, 2, KNOWN, minute(0)), Err(Refusal::Findings(found)));
    let larger = activity().change(content(serde_json::json!({"capacity": 12})), 2, KNOWN, minute(0)).unwrap();
    assert_eq!((larger.thing.version, larger.thing.content.capacity), (2, 12));
}

#[test]
fn in_1_an_activity_begins_today_or_later_and_within_two_years() {
    let starting = |day: &str, ends: &str| {
        content(serde_json::json!({"startsAt": format!("{day}T09:00:00+01:00"), "endsAt": format!("{ends}T15:00:00+01:00")}))
    };
    let offer = |content| Activity::offer(id(5), content, KNOWN, that_day() + chrono::Duration::hours(12)).map(drop);
    assert_eq!(offer(starting("2026-11-20", "2026-11-20")), Ok(()), "also this morning's");
    for day in ["2026-11-19", "1000-01-01"] {
        let refused = Refusal::Findings(vec![F::InThePast.at("/startsAt")]);
        assert_eq!(offer(starting(day, "2026-11-21")), Err(refused), "{day}");
    }
    let far = Refusal::Findings(vec![F::StartImplausible.at("/startsAt"), F::StartImplausible.at("/endsAt")]);
    assert_eq!(offer(starting("2036-11-20", "2036-11-20")), Err(far));

    let later = that_day() + chrono::Duration::days(30);
    let past = activity();
    let described = NewActivity { description: Text::parse("Het was druk."), ..past.content.clone() };
    assert!(past.change(described, 0, KNOWN, later).is_ok(), "when it was stays as it is");
    let moved = past.change(starting("2026-11-21", "2026-11-21"), 0, KNOWN, later);
    assert_eq!(moved, Err(Refusal::Findings(vec![F::InThePast.at("/startsAt")])));
}

#[test]
fn in_1_nobody_registers_for_what_is_over() {
    let register = |moment: &str| {
        let moment = moment.parse().unwrap();
        Registration::register(id(1), prospect(), &activity(), &[], moment).map(drop)
    };
    assert_eq!(register("2026-11-20T13:59:00Z"), Ok(()), "as long as it goes on one can come in");
    assert_eq!(register("2026-11-20T14:00:00Z"), Err(F::ActivityOver.into()));
}

#[test]
fn who_is_not_born_yet_does_not_register() {
    let unborn = NewRegistration { birth_date: "2027-01-01".parse().unwrap(), ..prospect() };
    let refusal = Registration::register(id(1), unborn, &activity(), &[], minute(0));
    assert_eq!(refusal, Err(Refusal::Findings(vec![F::BirthDateImplausible.at("/birthDate")])));
}
