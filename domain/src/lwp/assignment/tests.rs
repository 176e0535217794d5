use super::*;
use crate::kernel::{Id, Text, Word};
use crate::lwp::tests::{id, lwp, now, text};
use crate::state_table::cells;

/// CU-4, drawn. `revise` and `accept` are feedback that leaves it open and that completes it.
const ASSIGNMENT: &str = "
               start       submit     revise         accept     complete
assigned       inProgress  -          -              -          -
inProgress     -           submitted  -              -          -
submitted      -           -          feedbackGiven  completed  -
feedbackGiven  inProgress  -          -              -          completed
completed      -           -          -              -          -
";

fn facts() -> AssignmentFacts {
    AssignmentFacts { by: id(40), unknown_entries: Vec::new() }
}

fn new(due_on: &str) -> NewAssignment {
    NewAssignment {
        student_id: id(20),
        lwp_id: id(5),
        due_on: due_on.parse().unwrap(),
        placement_id: None,
        learning_question_id: None,
    }
}

fn naming(lwp: Option<Lwp>) -> NewAssignmentFacts {
    NewAssignmentFacts { lwp, ..Default::default() }
}

fn assigned() -> Assignment {
    Assignment::assign(id(30), &new("2026-12-11"), &naming(Some(lwp("published"))), now()).unwrap().thing
}

fn decision(word: &str) -> AssignmentDecision {
    let feedback = |completed| AssignmentDecision::GiveFeedback { text: text("Laat zien waarom."), completed };
    match word {
        "start" => AssignmentDecision::Start {},
        "submit" => AssignmentDecision::Submit { entry_ids: vec![id(50)] },
        "revise" => feedback(false),
        "accept" => feedback(true),
        "complete" => AssignmentDecision::Complete {},
        other => panic!("{other}"),
    }
}

fn assignment(state: &str) -> Assignment {
    let after = |before: &str, word: &str| assignment(before).decide(&decision(word), now(), &facts()).unwrap().thing;
    match state {
        "assigned" => assigned(),
        "inProgress" => after("assigned", "start"),
        "submitted" => after("inProgress", "submit"),
        "feedbackGiven" => after("submitted", "revise"),
        "completed" => after("submitted", "accept"),
        other => panic!("{other}"),
    }
}

#[test]
fn cu_4_an_assignment_goes_where_the_table_says_and_nowhere_else() {
    for cell in cells(ASSIGNMENT) {
        let (before, decision) = (assignment(cell.state), decision(cell.decision));
        assert_eq!(before.open_actions().contains(&decision.action()), cell.next.is_some(), "{} {}", cell.state, cell.decision);
        match (before.decide(&decision, now(), &facts()), cell.next) {
            (Ok(told), Some(next)) => {
                assert_eq!(told.thing.state.name().word(), next, "{} {}", cell.state, cell.decision);
                assert_eq!((told.thing.version, told.event.version), (before.version + 1, before.version + 1));
            }
            (Err(refusal), None) => assert_eq!(refusal, Refusal::illegal(F::NotOpen, before.state.name())),
            (outcome, expected) => panic!("{} {}: {outcome:?}, not {expected:?}", cell.state, cell.decision),
        }
    }
}

#[test]
fn cu_4_every_state_is_the_same_after_it_was_kept() {
    for name in AssignmentStateName::ALL {
        let state = assignment(name.word()).state;
        assert_eq!(AssignmentState::from_parts(*name, state.started_at(), state.completed_at()), Some(state));
    }
    assert_eq!(AssignmentState::from_parts(AssignmentStateName::Completed, Some(now()), None), None);
}

#[test]
fn cu_4_what_was_handed_in_each_time_and_what_was_said_of_it_stay_together() {
    let again = ["start", "submit", "accept"];
    let done = again
        .iter()
        .fold(assignment("feedbackGiven"), |before, word| before.decide(&decision(word), now(), &facts()).unwrap().thing);
    assert_eq!(done.rounds.len(), 2);
    assert!(done.rounds.iter().all(|round| round.entry_ids == [id(50)] && round.feedback.as_ref().unwrap().by == id(40)));
    let first = assignment("feedbackGiven").decide(&decision("complete"), now(), &facts()).unwrap().thing;
    assert_eq!((first.rounds.len(), first.state.completed_at()), (1, Some(now())));
}

#[test]
fn cu_4_evidence_is_of_the_students_own_portfolio_and_each_entry_once() {
    let hand_in = AssignmentDecision::Submit { entry_ids: vec![id(50), id(51), id(50)] };
    let facts = AssignmentFacts { unknown_entries: vec![id(51)], ..facts() };
    let found = vec![F::Repeated.at("/entryIds/2"), KernelFault::UnknownReference.fault().at("/entryIds/1")];
    let Err(Refusal::Findings(mut noted)) = assignment("inProgress").decide(&hand_in, now(), &facts) else { panic!() };
    noted.sort_by_key(|one| std::cmp::Reverse(one.pointer.clone()));
    assert_eq!(noted, found);
    let round = assignment("submitted").rounds.remove(0);
    let often = Assignment { rounds: vec![round; ROUNDS_AT_MOST], ..assignment("inProgress") };
    let refused = often.decide(&decision("submit"), now(), &self::facts());
    assert_eq!(refused, Err(Refusal::illegal(F::TooManyRounds, AssignmentStateName::InProgress)));
}

#[test]
fn cu_4_what_is_in_the_library_and_not_retired_is_assigned_and_nothing_else() {
    for state in ["draft", "retired"] {
        let refused = Assignment::assign(id(30), &new("2026-12-11"), &naming(Some(lwp(state))), now());
        assert_eq!(refused, Err(Refusal::illegal(F::NotPublished, lwp(state).state.name())));
    }
    let found = vec![KernelFault::UnknownReference.fault().at("/lwpId"), F::DueOutOfRange.at("/dueOn")];
    assert_eq!(Assignment::assign(id(30), &new("2026-11-15"), &naming(None), now()), Err(Refusal::Findings(found)));
    assert!(Assignment::assign(id(30), &new("2026-11-16"), &naming(Some(lwp("published"))), now()).is_ok());
    let too_far = Assignment::assign(id(30), &new("2029-11-16"), &naming(Some(lwp("published"))), now());
    assert_eq!(too_far, Err(Refusal::Findings(vec![F::DueOutOfRange.at("/dueOn")])));
}

#[test]
fn cu_4_an_assignment_is_tailored_until_it_is_completed_and_can_be_as_the_lwp_says_again() {
    let (title, said): (Text<200>, _) = (text("Een maaltijd voor vier"), lwp("published").content);
    let same = AssignmentPatch {
        title: Some(Some(said.title.clone())),
        criteria: Some(Some(said.criteria.clone())),
        ..Default::default()
    };
    assert_eq!(assigned().tailor(same, &said, now()), Ok(None), "what the LWP says just so is not tailored");
    let patch =
        AssignmentPatch { title: Some(Some(title.clone())), due_on: Some("2026-12-18".parse().unwrap()), ..Default::default() };
    for state in ["assigned", "inProgress", "submitted", "feedbackGiven"] {
        let tailored = assignment(state).tailor(patch.clone(), &said, now()).unwrap().unwrap().thing;
        assert_eq!((tailored.tailoring.title.as_ref(), tailored.tailoring.is_any()), (Some(&title), true));
        let back =
            tailored.tailor(AssignmentPatch { title: Some(None), ..Default::default() }, &said, now()).unwrap().unwrap().thing;
        assert_eq!((back.tailoring.is_any(), back.due_on.to_string().as_str()), (false, "2026-12-18"));
    }
    assert_eq!(assigned().tailor(AssignmentPatch::default(), &said, now()), Ok(None), "what changes nothing is no version");
    let refused = assignment("completed").tailor(patch, &said, now());
    assert_eq!(refused, Err(Refusal::illegal(F::NotOpen, AssignmentStateName::Completed)));
    let wrong =
        AssignmentPatch { criteria: Some(Some(Vec::new())), due_on: Some("2026-01-01".parse().unwrap()), ..Default::default() };
    let found = vec![F::DueOutOfRange.at("/dueOn"), F::CriteriaOutOfRange.at("/criteria")];
    assert_eq!(assigned().tailor(wrong, &said, now()), Err(Refusal::Findings(found)));
}

#[test]
fn sp_2_what_a_week_brings_is_assigned_with_that_week() {
    let week = ProgrammeWeek { programme_id: Id::FIRST, week: 3 };
    let told = Assignment::by_programme(id(30), id(20), week, id(5), "2026-09-18".parse().unwrap());
    assert_eq!((told.thing.week, told.thing.state), (Some(week), AssignmentState::Assigned));
    assert_eq!(told.event.facts()["week"], 3);
}
