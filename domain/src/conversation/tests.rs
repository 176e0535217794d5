use super::*;
use crate::kernel::{Id, KernelFault, Prose, Text, Word};
use crate::state_table::cells;

/// CV-3, drawn. `confirm` is that of the second of the two.
const CONVERSATION: &str = "
           plan     move     markHeld  markMissed  confirm    cancel
requested  planned  -        held      -           -          cancelled
planned    -        planned  held      missed      -          cancelled
missed     planned  -        -         -           -          cancelled
held       -        -        -         -           concluded  -
concluded  -        -        -         -           -          -
cancelled  -        -        -         -           -          -
";

fn id<Of>(number: u128) -> Id<Of> {
    Id::from_uuid(uuid::Uuid::from_u128(number))
}

fn at(text: &str) -> Instant {
    crate::kernel::time::parse_instant(text).unwrap()
}

fn now() -> Instant {
    at("2026-11-16T09:00:00Z")
}

fn text<const MAX: usize>(said: &str) -> Text<MAX> {
    Text::parse(said).unwrap()
}

const STUDENT: u128 = 20;
const COACH: u128 = 30;
const TEACHER: u128 = 31;

fn new() -> NewConversation {
    NewConversation {
        kind: ConversationKind::CareerReflection,
        student_id: id(STUDENT),
        participant_ids: vec![id(TEACHER), id(COACH)],
        starts_at: Some(at("2026-11-20T13:00:00Z")),
        minutes: 30,
        place: None,
        goal_ids: Vec::new(),
        learning_question_ids: Vec::new(),
        placement_id: None,
        round_id: None,
    }
}

fn known() -> NewConversationFacts {
    NewConversationFacts { is_enrolled: true, coach_id: Some(id(COACH)), ..Default::default() }
}

fn content() -> OutcomeContent {
    OutcomeContent {
        summary: text("Je weet wat je wilt."),
        agreements: vec![AgreementDraft { text: text("Ik bel het bedrijf."), owner_id: id(STUDENT), due_on: None }],
        goals: vec![GoalDraft { title: text("Zelf plannen") }],
        learning_questions: vec![QuestionDraft { text: text("Wat kan ik met talen?") }],
        career_steps: vec![CareerStepDraft { text: text("Een dag meelopen.") }],
    }
}

fn outcome(of: &Conversation, newest: i64) -> Outcome {
    let facts = OutcomeFacts { by: id(COACH), coach_id: Some(id(COACH)), newest };
    of.write_outcome(content(), now(), facts).unwrap().thing
}

fn facts(by: u128, outcome: Option<&Outcome>) -> ConversationFacts<'_> {
    ConversationFacts { by: id(by), coach_id: Some(id(COACH)), outcome }
}

fn decision(word: &str) -> ConversationDecision {
    use ConversationDecision as D;
    let starts_at = at("2026-11-23T13:00:00Z");
    match word {
        "plan" => D::Plan { starts_at, minutes: None, place: None },
        "move" => D::Move { starts_at, minutes: Some(45), place: None, reason: Some(text("Ziek.")) },
        "markHeld" => D::MarkHeld { face_to_face: true, starts_at: Some(at("2026-11-16T08:00:00Z")) },
        "markMissed" => D::MarkMissed { reason: None },
        "confirm" => D::ConfirmOutcome { version: 1 },
        "cancel" => D::Cancel { reason: None },
        other => panic!("{other}"),
    }
}

/// Later than every moment that is planned here.
fn later() -> Instant {
    at("2026-11-20T14:00:00Z")
}

fn decided(of: &Conversation, decision: &ConversationDecision, by: u128, now: Instant, newest: Option<&Outcome>) -> Conversation {
    match of.decide(decision, now, facts(by, newest)).unwrap() {
        Decided::Conversation(told) => told.thing,
        Decided::Concluded(concluded) => concluded.conversation.thing,
        Decided::Confirmed(_) | Decided::Unchanged => of.clone(),
    }
}

fn conversation(state: &str) -> Conversation {
    let planned = Conversation::begin(id(1), &new(), &known(), now()).unwrap().thing;
    match state {
        "requested" => {
            let asked = NewConversation { starts_at: None, ..new() };
            Conversation::begin(id(1), &asked, &known(), now()).unwrap().thing
        }
        "planned" => planned,
        "missed" => decided(&planned, &decision("markMissed"), COACH, later(), None),
        "held" => decided(&planned, &decision("markHeld"), COACH, now(), None),
        "cancelled" => decided(&planned, &decision("cancel"), COACH, now(), None),
        "concluded" => {
            let held = conversation("held");
            let confirmed = confirmed_by(STUDENT, &held);
            decided(&held, &decision("confirm"), COACH, now(), Some(&confirmed))
        }
        other => panic!("{other}"),
    }
}

fn confirmed_by(person: u128, held: &Conversation) -> Outcome {
    let written = outcome(held, 0);
    match held.decide(&decision("confirm"), now(), facts(person, Some(&written))).unwrap() {
        Decided::Confirmed(told) => told.thing,
        other => panic!("{other:?}"),
    }
}

#[test]
fn cv_3_a_conversation_goes_where_the_table_says_and_nowhere_else() {
    for cell in cells(CONVERSATION) {
        let (before, decision) = (conversation(cell.state), decision(cell.decision));
        let confirmed = (cell.state == "held").then(|| confirmed_by(STUDENT, &before));
        assert_eq!(before.open_actions().contains(&decision.action()), cell.next.is_some(), "{} {}", cell.state, cell.decision);
        match (before.decide(&decision, later(), facts(COACH, confirmed.as_ref())), cell.next) {
            (Ok(outcome @ (Decided::Conversation(_) | Decided::Concluded(_))), Some(next)) => {
                let told = match outcome {
                    Decided::Conversation(told) => told,
                    Decided::Concluded(concluded) => concluded.conversation,
                    other => panic!("{other:?}"),
                };
                assert_eq!(told.thing.state.name().word(), next, "{} {}", cell.state, cell.decision);
                assert_eq!((told.thing.version, told.event.version), (before.version + 1, before.version + 1));
            }
            (Err(refusal), None) => assert_eq!(refusal, Refusal::illegal(F::NotOpen, before.state.name())),
            (outcome, expected) => panic!("{} {}: {outcome:?}, not {expected:?}", cell.state, cell.decision),
        }
    }
}

#[test]
fn cv_3_every_state_is_the_same_after_it_was_kept() {
    for name in ConversationStateName::ALL {
        let state = conversation(name.word()).state;
        let kept = ConversationState::from_parts(
            *name,
            state.starts_at(),
            state.face_to_face(),
            state.reason().cloned(),
            state.concluded_at(),
        );
        assert_eq!(kept, Some(state));
    }
    assert_eq!(ConversationState::from_parts(ConversationStateName::Planned, None, None, None, None), None);
}

#[test]
fn cv_3_no_conversation_is_planned_in_the_past_and_all_that_is_wrong_is_told_at_once() {
    let wrong = NewConversation {
        participant_ids: vec![id(TEACHER), id(TEACHER)],
        starts_at: Some(now()),
        minutes: 4,
        goal_ids: vec![id(9)],
        placement_id: Some(id(8)),
        round_id: Some(id(7)),
        ..new()
    };
    let facts = NewConversationFacts { strangers: vec![id(TEACHER)], unknown_goals: vec![id(9)], ..known() };
    let unknown = KernelFault::UnknownReference.fault();
    let found = vec![
        F::StartsInPast.at("/startsAt"),
        F::MinutesOutOfRange.at("/minutes"),
        F::NotBound.at("/participantIds/0"),
        F::Repeated.at("/participantIds/1"),
        F::NotBound.at("/participantIds/1"),
        unknown.at("/goalIds/0"),
        unknown.at("/placementId"),
        unknown.at("/roundId"),
        F::RoundOfAnotherKind.at("/roundId"),
    ];
    assert_eq!(Conversation::begin(id(1), &wrong, &facts, now()), Err(Refusal::Findings(found)));
    let far = NewConversation { starts_at: Some(at("2029-11-16T09:00:00Z")), ..new() };
    let refused = Conversation::begin(id(1), &far, &known(), now());
    assert_eq!(refused, Err(Refusal::Findings(vec![F::StartsOutOfRange.at("/startsAt")])));
}

#[test]
fn cv_3_with_who_left_no_conversation_is_asked_for_or_planned() {
    let left = NewConversationFacts { is_enrolled: false, ..known() };
    for starts_at in [None, new().starts_at] {
        let refused = Conversation::begin(id(1), &NewConversation { starts_at, ..new() }, &left, now());
        assert_eq!(refused, Err(F::NotEnrolled.into()));
    }
}

#[test]
fn lm_5_a_conversation_about_the_leermeter_looks_at_a_round_of_the_student_and_no_other_does() {
    let facts = NewConversationFacts { is_round_known: true, ..known() };
    let of_round = |kind| NewConversation { kind, round_id: Some(id(7)), ..new() };
    let begun = Conversation::begin(id(1), &of_round(ConversationKind::Leermeter), &facts, now()).unwrap();
    assert_eq!(begun.thing.round_id, Some(id(7)));
    let refused = Conversation::begin(id(1), &of_round(ConversationKind::Sab), &facts, now());
    assert_eq!(refused, Err(Refusal::Findings(vec![F::RoundOfAnotherKind.at("/roundId")])));
}

#[test]
fn cv_3_a_conversation_that_is_held_before_its_time_or_without_one_was_held_when_that_is_said() {
    let plain = ConversationDecision::MarkHeld { face_to_face: false, starts_at: None };
    for (state, moment) in [("planned", now()), ("requested", now()), ("requested", later())] {
        let held = decided(&conversation(state), &plain, COACH, moment, None);
        assert_eq!((held.state.starts_at(), held.state.face_to_face()), (Some(moment), Some(false)), "{state}");
    }
    let planned = conversation("planned");
    assert_eq!(decided(&planned, &plain, COACH, later(), None).state.starts_at(), planned.state.starts_at(), "in its time");
    let ahead = ConversationDecision::MarkHeld { face_to_face: true, starts_at: Some(later()) };
    for state in ["requested", "planned"] {
        let refused = conversation(state).decide(&ahead, now(), facts(COACH, None)).unwrap_err();
        assert_eq!(refused, Refusal::Findings(vec![F::StartsInFuture.at("/startsAt")]), "{state}");
    }
    assert!(
        planned.decide(&decision("markMissed"), now(), facts(COACH, None)).is_ok(),
        "who says beforehand that they do not come"
    );
}

#[test]
fn cv_3_what_was_moved_or_missed_stays_visible_and_each_time_the_invitation_is_a_newer_one() {
    let moved = decided(&conversation("planned"), &decision("move"), STUDENT, now(), None);
    let missed = decided(&moved, &decision("markMissed"), COACH, at("2026-11-23T14:00:00Z"), None);
    let moves: Vec<_> = missed.moves.iter().map(|one| (one.starts_at, one.missed)).collect();
    assert_eq!(moves, [(at("2026-11-20T13:00:00Z"), false), (at("2026-11-23T13:00:00Z"), true)]);
    assert_eq!((moved.minutes, moved.sequence, missed.sequence), (45, 1, 2));
    let often = Conversation { moves: vec![missed.moves[0].clone(); MOVES_AT_MOST], ..conversation("planned") };
    assert_eq!(often.decide(&decision("move"), now(), facts(COACH, None)).unwrap_err(), F::TooManyMoves.into());
}

#[test]
fn cv_2_an_outcome_counts_once_student_and_coach_confirmed_the_same_version() {
    let held = conversation("held");
    let first = confirmed_by(STUDENT, &held);
    assert!(matches!(held.decide(&decision("confirm"), now(), facts(STUDENT, Some(&first))), Ok(Decided::Unchanged)));
    let second = outcome(&held, 1);
    assert_eq!((second.version, second.confirmations.len()), (2, 0), "what was confirmed of the first does not carry over");
    let outdated = held.decide(&decision("confirm"), now(), facts(COACH, Some(&second))).unwrap_err();
    assert_eq!(outdated, Refusal::outdated(F::OutcomeOutdated, ConversationStateName::Held, 2));
    let missing = held.decide(&decision("confirm"), now(), facts(COACH, None)).unwrap_err();
    assert_eq!(missing, Refusal::illegal(F::OutcomeMissing, ConversationStateName::Held));
    let Ok(Decided::Concluded(concluded)) = held.decide(&decision("confirm"), now(), facts(COACH, Some(&first))) else {
        panic!()
    };
    let Concluded { conversation, outcome, follow_up } = *concluded;
    assert_eq!((conversation.thing.state.name().word(), outcome.thing.confirmations.len()), ("concluded", 2));
    let FollowUp { agreements, goals, learning_questions, career_steps } = follow_up;
    assert_eq!((agreements.len(), goals.len(), learning_questions.len(), career_steps.len()), (1, 1, 1, 1));
    assert_eq!(goals[0].thing.conversation_id, Some(held.id));
    assert_eq!((agreements[0].thing.conversation_id, agreements[0].thing.care), (held.id, false));
}

#[test]
fn cv_2_what_a_former_coach_confirmed_their_successor_confirms_anew() {
    let held = conversation("held");
    let by_coach = confirmed_by(COACH, &held);
    let successor = ConversationFacts { coach_id: Some(id(99)), ..facts(STUDENT, Some(&by_coach)) };
    let Ok(Decided::Confirmed(by_student)) = held.decide(&decision("confirm"), now(), successor) else { panic!() };
    let theirs = ConversationFacts { by: id(99), coach_id: Some(id(99)), outcome: Some(&by_student.thing) };
    assert!(matches!(held.decide(&decision("confirm"), now(), theirs), Ok(Decided::Concluded(_))));
    for again in [COACH, STUDENT] {
        let returned = held.decide(&decision("confirm"), now(), facts(again, Some(&by_student.thing)));
        assert!(matches!(returned, Ok(Decided::Concluded(_))), "who is coach again had confirmed this version");
    }
}

#[test]
fn cv_2_an_outcome_is_written_after_the_conversation_was_held_and_until_it_counts() {
    let facts = OutcomeFacts { by: id(COACH), coach_id: Some(id(COACH)), newest: 0 };
    for state in ["requested", "planned", "missed", "concluded", "cancelled"] {
        let before = conversation(state);
        let refused = before.write_outcome(content(), now(), facts).unwrap_err();
        assert_eq!(refused, Refusal::illegal(F::OutcomeClosed, before.state.name()));
    }
    let owners = [(STUDENT, None), (99, Some("2036-01-01"))];
    let agreement = |(owner, due): (u128, Option<&str>)| AgreementDraft {
        text: text("Doen."),
        owner_id: id(owner),
        due_on: due.map(|due| due.parse().unwrap()),
    };
    let wrong = OutcomeContent { agreements: owners.map(agreement).to_vec(), ..content() };
    let found = vec![F::OwnerNotPresent.at("/agreements/1/ownerId"), F::DueOutOfRange.at("/agreements/1/dueOn")];
    assert_eq!(conversation("held").write_outcome(wrong, now(), facts).unwrap_err(), Refusal::Findings(found));
}

#[test]
fn cv_1_a_conversation_is_prepared_while_it_is_ahead() {
    let prepared = PreparationContent { topics: vec![text("Mijn stage")], questions: Vec::new() };
    for name in ConversationStateName::ALL {
        let of = conversation(name.word());
        let written = Preparation::write(&of, id(STUDENT), None, prepared.clone(), now());
        assert_eq!(written.is_ok(), name.is_ahead(), "{name:?}");
        if let Ok(told) = written {
            let again = Preparation::write(&of, id(STUDENT), Some(&told.thing), prepared.clone(), now()).unwrap();
            assert_eq!((told.thing.version, again.thing.version), (1, 2));
        }
    }
}

#[test]
fn cv_4_a_learning_question_becomes_a_goal_or_an_lwp_and_both_know_where_they_came_from() {
    let question = FollowUp::of(&conversation("held"), &content(), now()).learning_questions.remove(0).thing;
    let make = QuestionDecision::MakeGoal { title: text("Talen inzetten") };
    let made = question.decide(&make, now(), QuestionFacts::default()).unwrap();
    let goal = made.goal.unwrap().thing;
    assert_eq!((goal.learning_question_id, goal.conversation_id), (Some(question.id), Some(question.conversation_id)));
    assert_eq!(made.question.thing.state.goal_id(), Some(goal.id));
    let again = made.question.thing.decide(&make, now(), QuestionFacts::default()).unwrap_err();
    assert_eq!(again, Refusal::illegal(F::NotOpen, QuestionStateName::BecameGoal));
    let lwp = QuestionDecision::MakeLwp { lwp_assignment_id: id(70) };
    let unknown = question.decide(&lwp, now(), QuestionFacts::default()).unwrap_err();
    assert_eq!(unknown, Refusal::Findings(vec![KernelFault::UnknownReference.fault().at("/lwpAssignmentId")]));
    let made = question.decide(&lwp, now(), QuestionFacts { is_lwp_known: true }).unwrap().question.thing;
    assert_eq!(made.state.lwp_assignment_id(), Some(id(70)));
    for state in [&made.state, &QuestionState::Answered { answer: Prose::parse("Zo.").unwrap(), at: now() }] {
        let kept = QuestionState::from_parts(
            state.name(),
            state.decided_at(),
            state.goal_id(),
            state.lwp_assignment_id(),
            state.answer().cloned(),
        );
        assert_eq!(kept.as_ref(), Some(state));
    }
}

#[test]
fn cv_2_a_goal_is_reached_or_dropped_and_can_be_one_again() {
    let goal = Goal::set(id(5), id(STUDENT), text("Zelf plannen"), None, None, now()).thing;
    let reached = goal.decide(GoalDecision::Reach {}, now()).unwrap().thing;
    assert_eq!(reached.decide(GoalDecision::Drop {}, now()).unwrap_err(), Refusal::illegal(F::NotOpen, GoalStateName::Reached));
    let again = reached.decide(GoalDecision::Reopen {}, now()).unwrap().thing;
    assert_eq!((again.state, again.version), (GoalState::Open, 3));
    assert_eq!(again.decide(GoalDecision::Reopen {}, now()).unwrap_err(), Refusal::illegal(F::NotOpen, GoalStateName::Open));
    let dropped = again.decide(GoalDecision::Drop {}, now()).unwrap().thing;
    assert_eq!(GoalState::from_parts(dropped.state.name(), dropped.state.decided_at()), Some(dropped.state));
}

#[test]
fn cv_2_an_agreement_is_kept_by_its_owner_the_student_or_the_coach() {
    let made = FollowUp::of(&conversation("held"), &content(), now()).agreements.remove(0).thing;
    let agreement = Agreement { owner_id: id(TEACHER), ..made };
    let by = |by: u128| AgreementFacts { by: id(by), coach_id: Some(id(COACH)) };
    for person in [TEACHER, STUDENT, COACH] {
        let kept = agreement.decide(AgreementDecision::Complete {}, now(), by(person)).unwrap().thing;
        let refused = kept.decide(AgreementDecision::Drop {}, now(), by(person)).unwrap_err();
        assert_eq!(refused, Refusal::illegal(F::NotOpen, AgreementStateName::Completed));
        assert_eq!(AgreementState::from_parts(kept.state.name(), kept.state.decided_at()), Some(kept.state));
    }
    assert_eq!(agreement.decide(AgreementDecision::Drop {}, now(), by(99)).unwrap_err(), F::NotYoursToKeep.into());
}

#[test]
fn cv_3_a_moment_is_one_at_which_all_are_free() {
    let slot =
        |weekday, from, until| Slot { weekday, from: ClockTime::parse(from).unwrap(), until: ClockTime::parse(until).unwrap() };
    let date = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let coach = Diary {
        slots: Some(vec![slot(Weekday::Monday, "09:00", "11:00"), slot(Weekday::Thursday, "13:10", "14:00")]),
        busy: vec![(at("2026-11-23T08:30:00Z"), at("2026-11-23T09:00:00Z"))],
    };
    let wish = Wish { minutes: 30, from: date("2026-11-22"), until: date("2026-11-29") };
    let found = moments(wish, &[Diary::default(), coach.clone()], |_| true, now()).unwrap();
    // School time is an hour ahead: half past nine until ten is taken, and a conversation begins at a quarter.
    let expected = [
        "2026-11-23T08:00:00Z",
        "2026-11-23T09:00:00Z",
        "2026-11-23T09:15:00Z",
        "2026-11-23T09:30:00Z",
        "2026-11-26T12:15:00Z",
        "2026-11-26T12:30:00Z",
    ];
    assert_eq!(found, expected.map(at));
    let holiday = moments(wish, std::slice::from_ref(&coach), |day| day != date("2026-11-23"), now()).unwrap();
    assert_eq!(holiday, expected[4..].iter().map(|text| at(text)).collect::<Vec<_>>());
    assert_eq!(moments(wish, &[coach], |_| true, at("2026-11-26T12:20:00Z")).unwrap(), [at("2026-11-26T12:30:00Z")]);
    let nobody_said =
        moments(Wish { from: date("2026-11-23"), until: date("2026-11-23"), ..wish }, &[], |_| true, now()).unwrap();
    assert_eq!((nobody_said.len(), nobody_said[0]), (33, at("2026-11-23T07:30:00Z")), "school hours, a moment each quarter");
    let backwards = moments(Wish { minutes: 4, until: date("2026-11-21"), ..wish }, &[], |_| true, now());
    let found = vec![F::PeriodOutOfRange.at("?until"), F::MinutesOutOfRange.at("?minutes")];
    assert_eq!(backwards, Err(Refusal::Findings(found)));
}

#[test]
fn cv_3_hours_end_after_they_begin_and_do_not_overlap() {
    let slot = |from, until| Slot {
        weekday: Weekday::Friday,
        from: ClockTime::parse(from).unwrap(),
        until: ClockTime::parse(until).unwrap(),
    };
    let wrong = NewAvailability { slots: vec![slot("09:00", "11:00"), slot("10:30", "12:00"), slot("15:00", "15:00")] };
    let found = vec![F::SlotsOverlap.at("/slots/1"), F::SlotsWrong.at("/slots/2/until")];
    assert_eq!(wrong.check(), Err(Refusal::Findings(found)));
    for text in ["9:00", "24:00", "12:60", "12:5", "+1:00", "12:000"] {
        assert_eq!(ClockTime::parse(text), None, "{text}");
    }
}
