use super::*;
use crate::kernel::Word;
use crate::{
    kernel::{HandoverId, Id, of},
    state_table::cells,
};

/// EN-3, drawn; `provisional` is with the student's motivation, `provisional!` without.
const ENROLMENT: &str = "
              stateMotivation  confirm     requestSwitch  leave  graduate   correctLeaving
provisional!  provisional      -           provisional    left   -          -
provisional   provisional      definitive  provisional    left   -          -
definitive    -                -           definitive     left   graduated  -
graduated     -                -           -              -      -          -
switched      -                -           -              -      -          -
left          -                -           -              -      -          left
";

/// EN-4, drawn.
const SWITCH: &str = "
           accept    refuse   withdraw
requested  accepted  refused  withdrawn
accepted   -         -        -
refused    -         -        -
withdrawn  -         -        -
";

/// EN-2, drawn.
const HANDOVER: &str = "
           accept    refuse   withdraw
proposed   accepted  refused  withdrawn
accepted   -         -        -
refused    -         -        -
withdrawn  -         -        -
";

const COACH: u128 = 60;
const NEXT_COACH: u128 = 61;

fn id<Of>(number: u128) -> Id<Of> {
    Id::from_uuid(uuid::Uuid::from_u128(number))
}

fn hour(hour: i64) -> Instant {
    "2026-11-02T09:00:00Z".parse::<Instant>().unwrap() + chrono::Duration::hours(hour)
}

fn placed() -> (Enrolment, CoachAssignment) {
    let new = NewEnrolment {
        id: id(30),
        student_id: id(20),
        landscape_id: id(1),
        team_id: id(50),
        coach_id: id(COACH),
        crebo: Crebo::parse("25743").unwrap(),
        route: Route::Bol,
        starts_on: "2026-11-02".parse().unwrap(),
    };
    let placed = Enrolment::place(new, id(80), hour(0));
    (placed.enrolment.thing, placed.coach)
}

fn facts(coach: &CoachAssignment) -> EnrolmentFacts<'_> {
    EnrolmentFacts { coach: Some(coach), handover: None, switch: None, landscape_known: true, switch_id: id(90) }
}

fn body<T: serde::de::DeserializeOwned>(decision: &str, facts: serde_json::Value) -> T {
    let mut body = facts;
    body["decision"] = decision.into();
    serde_json::from_value(body).unwrap()
}

fn decision(name: &str) -> EnrolmentDecision {
    let facts = match name {
        "stateMotivation" => serde_json::json!({"motivation": "Ik wil dieren helpen."}),
        "confirm" => serde_json::json!({}),
        "requestSwitch" => serde_json::json!({"landscapeId": uuid::Uuid::from_u128(2), "motivation": "Liever techniek"}),
        "leave" => serde_json::json!({
            "leftOn": "2026-11-02", "reason": "Verhuisd", "destination": "Een baan", "basicQualification": false
        }),
        "correctLeaving" => serde_json::json!({"basicQualification": true}),
        "graduate" => serde_json::json!({"graduatedOn": "2026-11-02"}),
        other => panic!("{other}"),
    };
    body(name, facts)
}

fn decide(enrolment: &Enrolment, name: &str) -> Result<EnrolmentOutcome, Refusal> {
    enrolment.decide(decision(name), id(20), hour(1), facts(&placed().1))
}

fn after(decisions: &[&str]) -> Enrolment {
    decisions.iter().fold(placed().0, |enrolment, name| decide(&enrolment, name).unwrap().enrolment.thing)
}

fn in_state(name: &str) -> Enrolment {
    match name {
        "provisional!" => after(&[]),
        "provisional" => after(&["stateMotivation"]),
        "definitive" => after(&["stateMotivation", "confirm"]),
        "graduated" => after(&["stateMotivation", "confirm", "graduate"]),
        "left" => after(&["leave"]),
        "switched" => accepted().from.thing,
        other => panic!("{other}"),
    }
}

/// A requested switch, with the enrolment that it is of.
fn requested() -> (Enrolment, Switch) {
    let outcome = decide(&in_state("provisional"), "requestSwitch").unwrap();
    let EnrolmentThen::SwitchRequested(switch) = outcome.then else { panic!("{:?}", outcome.then) };
    (outcome.enrolment.thing, switch.thing)
}

fn switch_facts<'a>(enrolment: &'a Enrolment, coach: &'a CoachAssignment) -> SwitchFacts<'a> {
    SwitchFacts {
        enrolment,
        coach: Some(coach),
        handover: None,
        is_receiving: true,
        is_coach_there: true,
        team_landscape_id: Some(id(2)),
        weeks_done: 4,
        enrolment_id: id(31),
        assignment_id: id(81),
    }
}

fn switch_decision(name: &str) -> SwitchDecision {
    let facts = match name {
        "accept" => serde_json::json!({
            "teamId": uuid::Uuid::from_u128(51), "coachId": uuid::Uuid::from_u128(NEXT_COACH), "crebo": "25297", "creditedWeeks": 4
        }),
        "refuse" => serde_json::json!({"reason": "Vol"}),
        "withdraw" => serde_json::json!({}),
        other => panic!("{other}"),
    };
    body(name, facts)
}

fn decide_switch(switch: &Switch, name: &str, facts: SwitchFacts<'_>) -> Result<SwitchOutcome, Refusal> {
    switch.decide(switch_decision(name), hour(2), facts)
}

fn accepted() -> Switched {
    let (enrolment, switch) = requested();
    let outcome = decide_switch(&switch, "accept", switch_facts(&enrolment, &placed().1)).unwrap();
    let SwitchThen::Accepted(switched) = outcome.then else { panic!("{:?}", outcome.then) };
    *switched
}

fn handover_facts(current: &CoachAssignment) -> HandoverFacts<'_> {
    HandoverFacts {
        current: Some(current),
        landscape_id: id(1),
        is_coach_here: true,
        handover_open: false,
        assignment_id: id(82),
    }
}

fn propose(to: u128, facts: HandoverFacts<'_>) -> Result<Told<Handover>, Refusal> {
    let id: HandoverId = id(70);
    let proposal = HandoverProposal {
        coach_id: crate::kernel::Id::from_uuid(uuid::Uuid::from_u128(to)),
        reason: Text::parse("Ander rooster").unwrap(),
    };
    Handover::propose(id, proposal, placed().1.coach_id, hour(1), facts)
}

fn proposed() -> Handover {
    propose(NEXT_COACH, handover_facts(&placed().1)).unwrap().thing
}

fn decide_handover(handover: &Handover, name: &str, by: u128, facts: HandoverFacts<'_>) -> Result<HandoverOutcome, Refusal> {
    let more = if name == "refuse" { serde_json::json!({"reason": "Geen plek"}) } else { serde_json::json!({}) };
    handover.decide(body(name, more), id(by), hour(2), facts)
}

#[test]
fn en_3_an_enrolment_goes_where_the_table_says_and_nowhere_else() {
    let cells = cells(ENROLMENT);
    assert_eq!(cells.len(), (EnrolmentStateName::ALL.len() + 1) * 6);
    for cell in cells {
        let enrolment = in_state(cell.state);
        let place = format!("{} in {}", cell.decision, cell.state);
        let action = decision(cell.decision).action();
        assert_eq!(enrolment.open_actions().contains(&action), cell.next.is_some(), "{place}");
        match (decide(&enrolment, cell.decision), cell.next) {
            (Ok(outcome), Some(next)) => {
                let Told { thing, event } = outcome.enrolment;
                assert_eq!((thing.state.name().word(), thing.version), (next, enrolment.version + 1), "{place}");
                assert_eq!((event.version, event.facts()["state"].as_str()), (thing.version, Some(next)), "{place}");
                assert_eq!(thing.state.parts().state(), Some(thing.state), "{place}");
            }
            (Err(Refusal::Illegal { state, .. }), None) => assert_eq!(state, enrolment.state.name().word(), "{place}"),
            (taken, _) => panic!("{place}: {taken:?}"),
        }
    }
}

#[test]
fn en_4_a_switch_goes_where_the_table_says_and_nowhere_else() {
    let (enrolment, switch) = requested();
    let coach = placed().1;
    let facts = switch_facts(&enrolment, &coach);
    let cells = cells(SWITCH);
    assert_eq!(cells.len(), SwitchStateName::ALL.len() * 3);
    for cell in cells {
        let name = SWITCH_TO.iter().find(|(state, _)| *state == cell.state).map(|(_, name)| *name);
        let switch = name.map_or(switch.clone(), |name| decide_switch(&switch, name, facts).unwrap().switch.thing);
        let place = format!("{} in {}", cell.decision, cell.state);
        assert_eq!(switch.open_actions().contains(&switch_decision(cell.decision).action()), cell.next.is_some(), "{place}");
        match (decide_switch(&switch, cell.decision, facts), cell.next) {
            (Ok(outcome), Some(next)) => {
                let state = outcome.switch.thing.state;
                assert_eq!(state.name().word(), next, "{place}");
                assert_eq!(state.parts().state(), Some(state), "{place}");
            }
            (Err(Refusal::Illegal { state, .. }), None) => assert_eq!(state, cell.state, "{place}"),
            (taken, _) => panic!("{place}: {taken:?}"),
        }
    }
}

/// How an answered state is reached.
const SWITCH_TO: [(&str, &str); 3] = [("accepted", "accept"), ("refused", "refuse"), ("withdrawn", "withdraw")];

#[test]
fn en_2_a_handover_goes_where_the_table_says_and_nowhere_else() {
    let coach = placed().1;
    let facts = handover_facts(&coach);
    let cells = cells(HANDOVER);
    assert_eq!(cells.len(), HandoverStateName::ALL.len() * 3);
    for cell in cells {
        let name = SWITCH_TO.iter().find(|(state, _)| *state == cell.state).map(|(_, name)| *name);
        let handover =
            name.map_or(proposed(), |name| decide_handover(&proposed(), name, NEXT_COACH, facts).unwrap().handover.thing);
        let place = format!("{} in {}", cell.decision, cell.state);
        assert_eq!(handover.open_actions().iter().any(|action| action.word() == cell.decision), cell.next.is_some(), "{place}");
        match (decide_handover(&handover, cell.decision, NEXT_COACH, facts), cell.next) {
            (Ok(outcome), Some(next)) => {
                let state = outcome.handover.thing.state;
                assert_eq!(state.name().word(), next, "{place}");
                let again = HandoverState::from_parts(state.name(), state.answered_at(), state.refusal().cloned());
                assert_eq!(again, Some(state), "{place}");
            }
            (Err(Refusal::Illegal { state, .. }), None) => assert_eq!(state, cell.state, "{place}"),
            (taken, _) => panic!("{place}: {taken:?}"),
        }
    }
}

#[test]
fn en_1_a_placed_student_has_a_coach_from_the_same_moment() {
    let (enrolment, coach) = placed();
    assert_eq!((coach.coach_id, coach.from_at, coach.until_at), (id(COACH), hour(0), None));
    assert_eq!((coach.student_id, coach.stay_id), (enrolment.student_id, enrolment.id));
    assert_eq!(enrolment.state, EnrolmentState::Provisional);
}

#[test]
fn en_3_nobody_becomes_definitive_without_saying_why_they_want_it() {
    let refusal = decide(&in_state("provisional!"), "confirm").unwrap_err();
    assert_eq!(
        refusal,
        Refusal::Illegal { fault: F::MotivationMissing.fault(), state: "provisional", open: Vec::new(), version: None }
    );
}

#[test]
fn en_4_one_switch_is_asked_at_a_time() {
    let (enrolment, switch) = requested();
    assert_eq!(enrolment.open_switch_id, Some(switch.id));
    assert!(!enrolment.open_actions().contains(&Action::RequestSwitch));
    let refusal = decide(&enrolment, "requestSwitch").unwrap_err();
    assert_eq!(refusal, Refusal::Illegal { fault: F::SwitchOpen.fault(), state: "provisional", open: Vec::new(), version: None });

    for answer in ["refuse", "withdraw"] {
        let outcome = decide_switch(&switch, answer, switch_facts(&enrolment, &placed().1)).unwrap();
        let SwitchThen::NotMade(again) = outcome.then else { panic!("{:?}", outcome.then) };
        assert_eq!((again.thing.open_switch_id, again.thing.version), (None, enrolment.version + 1));
        assert!(again.thing.open_actions().contains(&Action::RequestSwitch));
    }
}

#[test]
fn en_4_a_switch_goes_to_another_landscape() {
    let mut decision = decision("requestSwitch");
    if let EnrolmentDecision::RequestSwitch { landscape_id, .. } = &mut decision {
        *landscape_id = id::<of::Landscape>(1);
    }
    let refusal = placed().0.decide(decision, id(20), hour(1), facts(&placed().1)).unwrap_err();
    assert_eq!(refusal, Refusal::Findings(vec![F::SameLandscape.at("/landscapeId")]));
}

#[test]
fn en_4_an_accepted_switch_moves_the_stay_in_one_moment_and_is_no_leaving() {
    let Switched { from, to, coaches, handover, credited_weeks } = accepted();
    assert_eq!(from.thing.state, EnrolmentState::Switched { at: hour(2), enrolment_id: to.thing.id });
    assert_eq!((to.thing.state, to.thing.previous_id), (EnrolmentState::Provisional, Some(from.thing.id)));
    assert_eq!((to.thing.student_id, to.thing.stay_id), (from.thing.student_id, from.thing.stay_id));
    assert_eq!((to.thing.landscape_id, to.thing.team_id, to.thing.motivation), (id(2), id(51), None));
    assert_eq!((to.thing.version, to.thing.open_switch_id, from.thing.open_switch_id), (1, None, None));
    assert_eq!((coaches.ended.until_at, coaches.begun.from_at, coaches.begun.until_at), (Some(hour(2)), hour(2), None));
    assert_eq!((coaches.begun.coach_id, coaches.begun.cause), (id(NEXT_COACH), AssignmentCause::Switch));
    assert_eq!((handover, credited_weeks), (None, 4));
}

#[test]
fn en_4_only_coaches_of_the_receiving_landscape_answer_a_switch() {
    let (enrolment, switch) = requested();
    let coach = placed().1;
    let facts = SwitchFacts { is_receiving: false, ..switch_facts(&enrolment, &coach) };
    for answer in ["accept", "refuse"] {
        assert_eq!(decide_switch(&switch, answer, facts).unwrap_err(), F::NotYoursToAnswer.into());
    }
    assert!(decide_switch(&switch, "withdraw", facts).is_ok());
}

#[test]
fn everything_that_is_wrong_with_accepting_a_switch_is_said_at_once() {
    let (enrolment, switch) = requested();
    let coach = placed().1;
    let facts =
        SwitchFacts { is_coach_there: false, team_landscape_id: Some(id(1)), weeks_done: 3, ..switch_facts(&enrolment, &coach) };
    let found =
        vec![F::TeamElsewhere.at("/teamId"), F::NotACoachThere.at("/coachId"), F::TooManyWeeksCredited.at("/creditedWeeks")];
    assert_eq!(decide_switch(&switch, "accept", facts).unwrap_err(), Refusal::Findings(found));
}

#[test]
fn en_2_until_acceptance_the_old_coach_is_responsible_and_the_moment_after_the_new_one() {
    let coach = placed().1;
    let refused = decide_handover(&proposed(), "refuse", NEXT_COACH, handover_facts(&coach)).unwrap();
    assert_eq!(refused.handed, None);
    let accepted = decide_handover(&proposed(), "accept", NEXT_COACH, handover_facts(&coach)).unwrap();
    let Handed { ended, begun } = accepted.handed.unwrap();
    assert_eq!((ended.id, ended.until_at), (coach.id, Some(hour(2))));
    assert_eq!((begun.coach_id, begun.from_at, begun.previous_until_at), (id(NEXT_COACH), hour(2), Some(hour(2))));
    assert_eq!(begun.reason, Some(proposed().reason));
}

#[test]
fn en_2_only_the_coach_who_is_asked_answers_a_handover() {
    let coach = placed().1;
    for answer in ["accept", "refuse"] {
        let refusal = decide_handover(&proposed(), answer, COACH, handover_facts(&coach)).unwrap_err();
        assert_eq!(refusal, F::NotYoursToAnswer.into());
    }
    assert!(decide_handover(&proposed(), "withdraw", COACH, handover_facts(&coach)).is_ok());
}

#[test]
fn en_2_a_handover_is_proposed_to_another_coach_of_the_landscape_and_one_at_a_time() {
    let coach = placed().1;
    let refusal = propose(COACH, HandoverFacts { is_coach_here: false, ..handover_facts(&coach) }).unwrap_err();
    assert_eq!(refusal, Refusal::Findings(vec![F::NotACoachThere.at("/coachId"), F::CoachAlready.at("/coachId")]));
    let refusal = propose(NEXT_COACH, HandoverFacts { handover_open: true, ..handover_facts(&coach) }).unwrap_err();
    assert_eq!(refusal, F::HandoverOpen.into());
    let refusal = propose(NEXT_COACH, HandoverFacts { current: None, ..handover_facts(&coach) }).unwrap_err();
    assert_eq!(refusal, F::NoCoachNow.into());
}

#[test]
fn en_2_a_proposal_by_a_coach_who_has_gone_since_is_not_accepted() {
    let handed = decide_handover(&proposed(), "accept", NEXT_COACH, handover_facts(&placed().1)).unwrap().handed.unwrap();
    let refusal = decide_handover(&proposed(), "accept", NEXT_COACH, handover_facts(&handed.begun)).unwrap_err();
    assert_eq!(refusal, F::HandoverOutdated.into());
}

#[test]
fn en_5_leaving_ends_the_chain_and_withdraws_what_was_still_asked() {
    let (enrolment, switch) = requested();
    let (coach, handover) = (placed().1, proposed());
    let around = EnrolmentFacts { handover: Some(&handover), switch: Some(&switch), ..facts(&coach) };
    let outcome = enrolment.decide(decision("leave"), id(COACH), hour(3), around).unwrap();
    let EnrolmentThen::Ended(ending) = outcome.then else { panic!("{:?}", outcome.then) };
    assert_eq!(ending.coach.until_at, Some(hour(3)));
    assert_eq!(ending.handover.unwrap().thing.state, HandoverState::Withdrawn { at: hour(3) });
    assert_eq!(ending.switch.unwrap().thing.state, SwitchState::Withdrawn { at: hour(3) });
    assert_eq!(outcome.enrolment.thing.open_switch_id, None);
}

#[test]
fn en_5_what_is_recorded_of_a_leaver_is_corrected_and_what_is_not_said_stays() {
    let left = in_state("left");
    let coach = placed().1;
    let correct = |said| left.decide(body("correctLeaving", said), id(20), hour(5), facts(&coach));
    let EnrolmentState::Left { at, leaving } = left.state.clone() else { panic!("{:?}", left.state) };
    let corrected = correct(serde_json::json!({"basicQualification": true, "destination": "Een hbo"})).unwrap().enrolment.thing;
    let expected = Leaving { basic_qualification: Some(true), destination: Text::parse("Een hbo"), ..leaving };
    assert_eq!(corrected.state, EnrolmentState::Left { at, leaving: expected });
    let refused = |said| correct(said).unwrap_err();
    assert_eq!(refused(serde_json::json!({})), Refusal::Findings(vec![F::NothingToCorrect.at("")]));
    let late = serde_json::json!({"leftOn": "2026-11-03"});
    assert_eq!(refused(late), Refusal::Findings(vec![F::LeftImplausible.at("/leftOn")]));
}

#[test]
fn en_1_a_chain_of_coaches_has_no_gap_and_no_overlap_however_long_it_gets() {
    let mut chain = vec![placed().1];
    for number in 1..=50 {
        let last = chain.pop().unwrap();
        let (id, coach) = (id(1000 + u128::try_from(number).unwrap()), id(60 + u128::try_from(number % 3).unwrap()));
        let Handed { ended, begun } = last.hand_over(id, coach, AssignmentCause::Handover, None, hour(number)).unwrap();
        chain.extend([ended, begun]);
    }
    for pair in chain.windows(2) {
        assert_eq!(pair[0].until_at, Some(pair[1].from_at));
        assert_eq!(pair[0].until_at, pair[1].previous_until_at);
    }
    assert_eq!(chain.iter().filter(|link| link.until_at.is_none()).count(), 1);
    assert_eq!(coaches_of(&chain), 3, "EN-6: fifty-one links, three coaches");
}

#[test]
fn en_1_a_chain_is_never_mended_afterwards() {
    let coach = placed().1;
    let ended = coach.end(hour(1)).unwrap();
    assert_eq!(ended.end(hour(2)).unwrap_err(), F::ChainBroken.into());
    assert_eq!(coach.end(hour(0)).unwrap_err(), F::ChainBroken.into());
    assert_eq!(coach.hand_over(id(81), id(61), AssignmentCause::Handover, None, hour(-1)).unwrap_err(), F::ChainBroken.into());
}
