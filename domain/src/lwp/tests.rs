use super::{LwpFault as F, *};
use crate::kernel::{CareerCompetence, Id, LwpReviewId, PersonId, SecureLink, Text, Word};
use crate::state_table::cells;

/// CU-2, drawn.
const LWP: &str = "
           publish    retire
draft      published  -
published  -          retired
retired    -          -
";

pub fn id<Of>(number: u128) -> Id<Of> {
    Id::from_uuid(uuid::Uuid::from_u128(number))
}

pub fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    Text::parse(text).unwrap()
}

pub fn now() -> Instant {
    "2026-11-16T09:00:00Z".parse().unwrap()
}

fn content() -> NewLwp {
    NewLwp {
        team_id: id(2),
        title: text("Een maaltijd voor tien"),
        situation: text("Op de dagopvang eten tien bewoners samen."),
        product: text("Een maaltijd."),
        criteria: vec![text("Iedereen kan meedoen.")],
        learning_activities: vec![LearningActivity {
            title: text("Hygiëne"),
            description: None,
            url: SecureLink::parse("https://e-to.voorbeeld.nl/"),
        }],
        work_process_ids: vec![id(11), id(12)],
        requirement_ids: vec![id(21)],
        career_competences: vec![CareerCompetence::Qualities],
        learning_preferences: vec![LearningPreference::Doing],
        level: 3,
        origin_id: None,
    }
}

fn facts() -> LwpFacts<'static> {
    LwpFacts { landscape_id: Some(id(1)), ..LwpFacts::default() }
}

fn draft() -> Lwp {
    Lwp::draft(id(5), content(), &facts()).unwrap().thing
}

pub fn lwp(state: &str) -> Lwp {
    let decide = |lwp: Lwp, decision: LwpDecision| lwp.decide(&decision, now()).unwrap().thing;
    match state {
        "draft" => draft(),
        "published" => decide(draft(), LwpDecision::Publish {}),
        "retired" => decide(lwp("published"), LwpDecision::Retire {}),
        other => panic!("{other}"),
    }
}

fn faults<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> Vec<(String, &'static str)> {
    match outcome.unwrap_err() {
        Refusal::Findings(found) => found.into_iter().map(|one| (one.pointer, one.fault.code)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn cu_2_an_lwp_goes_where_the_table_says_and_nowhere_else() {
    for cell in cells(LWP) {
        let before = lwp(cell.state);
        let (decision, action) = match cell.decision {
            "publish" => (LwpDecision::Publish {}, Action::PublishLwp),
            "retire" => (LwpDecision::Retire {}, Action::RetireLwp),
            other => panic!("{other}"),
        };
        assert_eq!(decision.action(), action);
        assert_eq!(before.open_actions().contains(&action), cell.next.is_some(), "{} {}", cell.state, cell.decision);
        match (before.decide(&decision, now()), cell.next) {
            (Ok(told), Some(next)) => {
                assert_eq!(told.thing.state.name().word(), next);
                assert_eq!((told.thing.version, told.event.version), (before.version + 1, before.version + 1));
            }
            (Err(refusal), None) => assert_eq!(refusal, Refusal::illegal(F::NotOpen, before.state.name())),
            (outcome, expected) => panic!("{} {}: {outcome:?}, not {expected:?}", cell.state, cell.decision),
        }
        assert!(before.open_actions().contains(&Action::CopyLwp), "whoever may read it may copy it");
    }
}

#[test]
fn cu_2_every_fault_of_an_lwp_is_named_at_once() {
    let wrong = NewLwp {
        criteria: Vec::new(),
        work_process_ids: vec![id(11), id(12), id(11)],
        requirement_ids: vec![id(22)],
        level: 5,
        origin_id: Some(id(9)),
        ..content()
    };
    let facts =
        LwpFacts { landscape_id: None, unknown_work_processes: vec![id(12)], unknown_requirements: vec![id(22)], origin: None };
    let expected = [
        ("/teamId", "request.unknown-reference"),
        ("/criteria", "lwp.criteria-out-of-range"),
        ("/level", "lwp.level-out-of-range"),
        ("/workProcessIds/2", "lwp.repeated"),
        ("/workProcessIds/1", "request.unknown-reference"),
        ("/requirementIds/0", "request.unknown-reference"),
        ("/originId", "request.unknown-reference"),
    ];
    assert_eq!(faults(Lwp::draft(id(5), wrong, &facts)), expected.map(|(at, code)| (at.to_owned(), code)));
    let about_nothing =
        NewLwp { work_process_ids: Vec::new(), requirement_ids: Vec::new(), career_competences: Vec::new(), ..content() };
    let found = faults(Lwp::draft(id(5), about_nothing, &self::facts()));
    assert_eq!(found, [("/workProcessIds".to_owned(), "lwp.covers-nothing")]);
}

#[test]
fn cu_2_a_published_lwp_is_frozen_and_a_draft_keeps_its_team() {
    for state in ["published", "retired"] {
        let before = lwp(state);
        assert_eq!(before.change(content(), &facts()), Err(Refusal::illegal(F::Frozen, before.state.name())));
    }
    let elsewhere = NewLwp { team_id: id(3), ..content() };
    assert_eq!(faults(draft().change(elsewhere, &facts())), [("/teamId".to_owned(), "lwp.team-fixed")]);
    let changed = draft().change(NewLwp { title: text("Voor twaalf"), ..content() }, &facts()).unwrap();
    assert_eq!((changed.thing.version, changed.thing.content.title.as_str()), (2, "Voor twaalf"));
}

#[test]
fn cu_2_a_copy_says_the_same_for_another_team_and_names_where_it_came_from() {
    let first = lwp("published");
    let second = first.copy(id(6), id(3), id(4)).thing;
    let third = second.copy(id(7), id(2), id(1)).thing;
    assert_eq!(second.content, NewLwp { team_id: id(3), origin_id: Some(first.id), ..first.content.clone() });
    assert_eq!((second.state, second.version, second.landscape_id), (PublicationState::Draft, 1, id(4)));
    assert_eq!((second.origin_version, third.origin_version), (Some(2), Some(1)));
    assert_eq!((second.origins, third.origins), (vec![first.id], vec![id(6), first.id]));
}

#[test]
fn cu_2_a_chain_of_copies_never_bites_its_own_tail() {
    let first = draft();
    let second = first.copy(id(6), id(2), id(1)).thing;
    let third = second.copy(id(7), id(2), id(1)).thing;
    let from = |origin: &Lwp| NewLwp { origin_id: Some(origin.id), ..content() };
    for origin in [&first, &second, &third] {
        let facts = LwpFacts { origin: Some(origin), ..facts() };
        assert_eq!(faults(first.change(from(origin), &facts)), [("/originId".to_owned(), "lwp.cyclic-copy")]);
    }
    let other = Lwp { id: id(8), ..draft() };
    let adapted = third.change(from(&other), &LwpFacts { origin: Some(&other), ..facts() }).unwrap().thing;
    assert_eq!(adapted.origins, [other.id]);
    assert_eq!(adapted.change(content(), &facts()).unwrap().thing.origins, []);
}

fn review(scores: &[(Criterion, u8)]) -> NewReview {
    let score = |(criterion, score): &(Criterion, u8)| Score { criterion: *criterion, score: *score, remark: None };
    NewReview { scores: scores.iter().map(score).collect(), remark: Some(text("Sterk.")) }
}

fn all_criteria() -> NewReview {
    review(&Criterion::ALL.iter().map(|criterion| (*criterion, 3)).collect::<Vec<_>>())
}

const OTHER: Reviewer = Reviewer { id: PersonId::FIRST, is_own_team: false, last_version: None };

#[test]
fn cu_3_teams_review_the_published_lwps_of_others_and_a_newer_review_follows_the_earlier() {
    let reviewed = |state: &str, by: Reviewer| lwp(state).review(LwpReviewId::FIRST, by, all_criteria(), now());
    assert_eq!(reviewed("published", OTHER).unwrap().thing.version, 1);
    assert_eq!(reviewed("published", Reviewer { last_version: Some(1), ..OTHER }).unwrap().thing.version, 2);
    assert_eq!(reviewed("published", Reviewer { is_own_team: true, ..OTHER }), Err(F::OwnTeam.into()));
    for state in ["draft", "retired"] {
        assert_eq!(reviewed(state, OTHER), Err(Refusal::illegal(F::NotPublished, lwp(state).state.name())));
    }
}

#[test]
fn cu_3_a_review_has_a_score_on_every_shared_criterion_and_instrumentality_is_one() {
    let wrong = review(&[(Criterion::OwnChoice, 5), (Criterion::OwnChoice, 1)]);
    let outcome = lwp("published").review(LwpReviewId::FIRST, OTHER, wrong, now());
    let Err(Refusal::Findings(found)) = outcome else { panic!("{outcome:?}") };
    let at: Vec<_> = found.iter().map(|one| (one.pointer.as_str(), one.fault.code)).collect();
    let expected = [
        ("/scores/0/score", "lwp.score-out-of-range"),
        ("/scores/1/criterion", "lwp.criterion-repeated"),
        ("/scores", "lwp.criterion-missing"),
    ];
    assert_eq!(at, expected);
    assert!(found[2].allowed.contains(&"instrumentality".to_owned()), "{found:?}");
}
