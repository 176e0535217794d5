use chrono::NaiveDate;

use super::*;
use crate::kernel::Word as _;
use crate::{
    kernel::{Finding, Kind},
    state_table::cells,
};

/// IN-3, drawn.
const TABLE: &str = "
                  assignScout    planInterview     recordInterview  correctInterview  place   redirect    adviseOrientation  withdraw
submitted         scoutAssigned  -                 -                -                 -       -           -                  withdrawn
scoutAssigned     -              interviewPlanned  -                -                 -       -           -                  withdrawn
interviewPlanned  -              -                 interviewed      -                 -       -           -                  withdrawn
interviewed       -              -                 -                interviewed       placed  redirected  orienting          withdrawn
placed            -              -                 -                -                 -       -           -                  -
redirected        -              -                 -                -                 -       -           -                  -
orienting         -              -                 -                -                 -       -           -                  -
withdrawn         -              -                 -                -                 -       -           -                  -
";

fn id<Of>(number: u128) -> crate::kernel::Id<Of> {
    crate::kernel::Id::from_uuid(uuid::Uuid::from_u128(number))
}

fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    Text::parse(text).unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn now() -> Instant {
    at("2026-11-02T09:00:00Z")
}

fn scout() -> PersonId {
    id(10)
}

fn facts() -> ApplicationFacts {
    ApplicationFacts {
        is_scout_here: true,
        is_coach_here: true,
        team_landscape_id: Some(id(1)),
        enrolled_already: false,
        landscape_known: true,
        enrolment_id: id(30),
        application_id: id(41),
    }
}

fn body() -> NewApplication {
    serde_json::from_value(serde_json::json!({
        "landscapeId": id::<crate::kernel::of::Landscape>(1), "givenName": "Noor", "familyName": "de Wit",
        "birthDate": "2010-05-04", "email": "noor@example.nl", "motivation": "Ik wil met dieren werken."
    }))
    .unwrap()
}

fn submitted() -> Application {
    Application::submit(id(40), body(), id(20), now(), true).unwrap().thing
}

fn decision(name: &str) -> ApplicationDecision {
    let mut body = match name {
        "assignScout" => serde_json::json!({"scoutId": scout()}),
        "planInterview" => serde_json::json!({"startsAt": "2026-11-05T10:00:00+01:00", "place": "A1.04"}),
        "recordInterview" | "correctInterview" => serde_json::from_str(InterviewFindings::EXAMPLE).unwrap(),
        "place" => serde_json::json!({
            "teamId": uuid::Uuid::from_u128(50), "coachId": uuid::Uuid::from_u128(60), "crebo": "25743", "route": "bol",
            "startsOn": "2026-11-09"
        }),
        "redirect" => serde_json::json!({"landscapeId": uuid::Uuid::from_u128(2), "reason": "Techniek past beter"}),
        "adviseOrientation" => serde_json::json!({"advice": "Loop een dag mee"}),
        "withdraw" => serde_json::json!({"reason": "Toch naar een andere school"}),
        other => panic!("{other}"),
    };
    body["decision"] = name.into();
    serde_json::from_value(body).unwrap()
}

/// The application after these decisions, all of them taken by its scout.
fn after(decisions: &[&str]) -> Application {
    decisions.iter().fold(submitted(), |application, name| {
        application.decide(decision(name), scout(), now(), &facts()).unwrap().application.thing
    })
}

const UP_TO_INTERVIEW: [&str; 3] = ["assignScout", "planInterview", "recordInterview"];

fn in_state(name: &str) -> Application {
    match name {
        "submitted" => after(&[]),
        "scoutAssigned" => after(&UP_TO_INTERVIEW[..1]),
        "interviewPlanned" => after(&UP_TO_INTERVIEW[..2]),
        "interviewed" => after(&UP_TO_INTERVIEW),
        "placed" => after(&[UP_TO_INTERVIEW.as_slice(), &["place"]].concat()),
        "redirected" => after(&[UP_TO_INTERVIEW.as_slice(), &["redirect"]].concat()),
        "orienting" => after(&[UP_TO_INTERVIEW.as_slice(), &["adviseOrientation"]].concat()),
        "withdrawn" => after(&["withdraw"]),
        other => panic!("{other}"),
    }
}

#[test]
fn in_3_no_state_is_skipped_and_what_is_open_is_what_is_taken() {
    let cells = cells(TABLE);
    assert_eq!(cells.len(), ApplicationStateName::ALL.len() * 8);
    for cell in cells {
        let application = in_state(cell.state);
        let decision = decision(cell.decision);
        let place = format!("{} in {}", cell.decision, cell.state);
        assert_eq!(application.open_actions().contains(&decision.action()), cell.next.is_some(), "{place}");
        match (application.decide(decision, scout(), now(), &facts()), cell.next) {
            (Ok(outcome), Some(next)) => {
                let Told { thing, event } = outcome.application;
                assert_eq!((thing.state.name().word(), thing.version), (next, application.version + 1), "{place}");
                assert_eq!((event.version, event.facts()["state"].as_str()), (thing.version, Some(next)), "{place}");
            }
            (Err(refusal), None) => {
                assert_eq!(
                    refusal,
                    Refusal::Illegal {
                        fault: F::NotOpen.fault(),
                        state: application.state.name().word(),
                        open: Vec::new(),
                        version: None
                    },
                    "{place}"
                );
            }
            (taken, _) => panic!("{place}: {taken:?}"),
        }
    }
}

#[test]
fn in_3_an_interview_is_planned_within_two_years_and_also_afterwards_where_it_was_not_planned_here() {
    let plan = |starts_at: &str| {
        let body = serde_json::json!({"decision": "planInterview", "startsAt": starts_at, "place": "A1.04"});
        in_state("scoutAssigned").decide(serde_json::from_value(body).unwrap(), scout(), now(), &facts()).map(drop)
    };
    assert_eq!(plan("2026-11-01T10:00:00Z"), Ok(()), "the talk was yesterday");
    for years_away in ["1990-01-01T10:00:00Z", "2036-11-02T10:00:00Z"] {
        assert_eq!(plan(years_away), Err(Refusal::Findings(vec![F::StartImplausible.at("/startsAt")])), "{years_away}");
    }
}

#[test]
fn a_state_comes_back_from_its_columns_as_it_went() {
    let withdrawn_later = [
        after(&["assignScout", "withdraw"]),
        after(&["assignScout", "planInterview", "withdraw"]),
        after(&[UP_TO_INTERVIEW.as_slice(), &["withdraw"]].concat()),
    ];
    for application in ApplicationStateName::ALL.iter().map(|name| in_state(name.word())).chain(withdrawn_later) {
        assert_eq!(application.state.parts().state(), Some(application.state));
    }
}

#[test]
fn columns_that_miss_a_fact_make_no_state() {
    for name in ApplicationStateName::ALL.iter().filter(|name| **name != ApplicationStateName::Submitted) {
        let bare = ApplicationParts { state: *name, ..submitted().state.parts() };
        assert_eq!(bare.state(), None, "{name:?}");
    }
}

#[test]
fn in_3_a_redirect_starts_anew_at_the_other_landscape_and_carries_the_interview_along() {
    let interviewed = in_state("interviewed");
    let outcome = interviewed.decide(decision("redirect"), scout(), now(), &facts()).unwrap();
    let ApplicationThen::Redirected(onward) = outcome.then else { panic!("{:?}", outcome.then) };
    let onward = onward.thing;
    assert_eq!((onward.id, onward.landscape_id, onward.applicant_id), (id(41), id(2), id(20)));
    assert_eq!(onward.state, ApplicationState::Submitted);
    assert_eq!(onward.redirected_from, Some(interviewed.id));
    assert_eq!(onward.carried.as_ref(), interviewed.state.interview().map(|interview| &interview.record));
    let refusal = onward.decide(decision("place"), scout(), now(), &facts());
    assert!(matches!(refusal, Err(Refusal::Illegal { state: "submitted", .. })), "{refusal:?}");
}

#[test]
fn in_3_an_application_is_not_redirected_to_where_it_is() {
    let here = ApplicationDecision::Redirect { landscape_id: id(1), reason: text("Zo maar") };
    let refusal = in_state("interviewed").decide(here, scout(), now(), &facts()).unwrap_err();
    assert_eq!(refusal, Refusal::Findings(vec![F::SameLandscape.at("/landscapeId")]));
}

#[test]
fn in_4_only_its_author_corrects_an_interview_and_every_version_has_a_number() {
    let interviewed = in_state("interviewed");
    let refusal = interviewed.decide(decision("correctInterview"), id(11), now(), &facts()).unwrap_err();
    assert_eq!(refusal, F::NotTheAuthor.into());
    assert_eq!(F::NotTheAuthor.fault().kind, Kind::Forbidden);
    let corrected = after(&["assignScout", "planInterview", "recordInterview", "correctInterview", "correctInterview"]);
    assert_eq!(corrected.state.interview().map(|interview| interview.record.number), Some(3));
    assert_eq!(corrected.stepped_at, interviewed.stepped_at);
}

#[test]
fn en_1_placing_tells_all_that_a_provisional_enrolment_begins_with() {
    let outcome = in_state("interviewed").decide(decision("place"), scout(), now(), &facts()).unwrap();
    let placement = Placement {
        enrolment_id: id(30),
        application_id: Some(in_state("interviewed").id),
        student_id: id(20),
        landscape_id: id(1),
        team_id: id(50),
        coach_id: id(60),
        crebo: Crebo::parse("25743").unwrap(),
        route: Route::Bol,
        starts_on: date("2026-11-09"),
    };
    assert_eq!(outcome.then, ApplicationThen::Placed(placement));
}

#[test]
fn everything_that_is_wrong_with_a_placement_is_said_at_once() {
    let facts = ApplicationFacts { is_coach_here: false, team_landscape_id: Some(id(2)), ..facts() };
    let mut place = decision("place");
    if let ApplicationDecision::Place { starts_on, .. } = &mut place {
        *starts_on = date("2206-11-09");
    }
    let refusal = in_state("interviewed").decide(place, scout(), now(), &facts).unwrap_err();
    let found: Vec<Finding> =
        vec![F::TeamElsewhere.at("/teamId"), F::NotACoachHere.at("/coachId"), F::StartImplausible.at("/startsOn")];
    assert_eq!(refusal, Refusal::Findings(found));
}

#[test]
fn who_is_enrolled_already_is_not_placed_again() {
    let facts = ApplicationFacts { enrolled_already: true, ..facts() };
    let refusal = in_state("interviewed").decide(decision("place"), scout(), now(), &facts).unwrap_err();
    assert_eq!(refusal, F::AlreadyEnrolled.into());
}

#[test]
fn a_scout_is_one_of_the_landscape_that_was_applied_to() {
    let facts = ApplicationFacts { is_scout_here: false, ..facts() };
    let refusal = submitted().decide(decision("assignScout"), scout(), now(), &facts).unwrap_err();
    assert_eq!(refusal, Refusal::Findings(vec![F::NotAScoutHere.at("/scoutId")]));
}

#[test]
fn scouts_see_an_application_until_fourteen_days_after_its_decision() {
    assert_eq!(in_state("interviewed").scout_until(), None);
    assert_eq!(in_state("placed").scout_until(), Some(at("2026-11-16T09:00:00Z")));
    assert_eq!(in_state("withdrawn").scout_until(), Some(at("2026-11-16T09:00:00Z")));
}

#[test]
fn everything_that_is_wrong_with_an_application_is_said_at_once() {
    let born_tomorrow = NewApplication { birth_date: date("2026-11-03"), ..body() };
    let refusal = Application::submit(id(40), born_tomorrow, id(20), now(), false).unwrap_err();
    let found = vec![KernelFault::UnknownReference.at("/landscapeId"), F::BirthDateImplausible.at("/birthDate")];
    assert_eq!(refusal, Refusal::Findings(found));
}

#[test]
fn a_decision_with_a_field_that_is_none_of_its_own_is_not_read() {
    let body = r#"{"decision": "withdraw", "reason": "nee", "advice": "ja"}"#;
    assert!(serde_json::from_str::<ApplicationDecision>(body).is_err());
}
