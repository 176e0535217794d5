use super::{LeermeterFault as F, *};
use crate::access::Action;
use crate::kernel::{CareerCompetence, Id, Instant, Refusal, Text, Word};
use crate::state_table::cells;

/// LM-1, drawn.
const FRAMEWORK: &str = "
           publish    retire
draft      published  -
published  -          retired
retired    -          -
";

fn id<Of>(number: u128) -> Id<Of> {
    Id::from_uuid(uuid::Uuid::from_u128(number))
}

fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    Text::parse(text).unwrap()
}

fn now() -> Instant {
    "2026-11-16T09:00:00Z".parse().unwrap()
}

fn level(level: u8) -> ScaleLevel {
    ScaleLevel { level, label: text("Beginnend"), description: text("Ik doe het met hulp.") }
}

fn competence(code: &str) -> NewCompetence {
    NewCompetence {
        code: text(code),
        title: text("Inventariseert"),
        indicators: vec![text("Stelt open vragen.")],
        career_competence: None,
        work_process_id: None,
    }
}

fn content() -> NewFramework {
    NewFramework {
        landscape_id: id(1),
        qualification_id: None,
        title: text("Leermeter"),
        scale: vec![level(1), level(2)],
        competences: Some(vec![competence("A"), competence("B")]),
        own_view_first: true,
        previous_id: None,
    }
}

fn process(number: u128) -> KnownWorkProcess {
    KnownWorkProcess { id: id(number), code: text(&format!("W{number}")), title: text("Stelt een plan op") }
}

fn facts() -> FrameworkFacts {
    FrameworkFacts { work_processes: None }
}

fn of_a_qualification(processes: u128) -> (NewFramework, FrameworkFacts) {
    let work_processes = Some((1..=processes).map(process).collect());
    (NewFramework { qualification_id: Some(id(3)), competences: None, ..content() }, FrameworkFacts { work_processes })
}

fn draft() -> Framework {
    Framework::draft(id(5), content(), None, &facts()).unwrap().thing
}

fn framework(state: &str) -> Framework {
    let decide = |framework: Framework, decision: FrameworkDecision| framework.decide(&decision, now()).unwrap().thing;
    match state {
        "draft" => draft(),
        "published" => decide(draft(), FrameworkDecision::Publish {}),
        "retired" => decide(framework("published"), FrameworkDecision::Retire {}),
        other => panic!("{other}"),
    }
}

fn faults<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> Vec<(String, &'static str)> {
    match outcome.unwrap_err() {
        Refusal::Findings(found) => found.into_iter().map(|one| (one.pointer, one.fault.code)).collect(),
        other => panic!("{other:?}"),
    }
}

fn codes(framework: &Framework) -> Vec<&str> {
    framework.competences.iter().map(|one| one.code.as_str()).collect()
}

#[test]
fn lm_1_a_framework_goes_where_the_table_says_and_nowhere_else() {
    for cell in cells(FRAMEWORK) {
        let before = framework(cell.state);
        let (decision, action) = match cell.decision {
            "publish" => (FrameworkDecision::Publish {}, Action::PublishFramework),
            "retire" => (FrameworkDecision::Retire {}, Action::RetireFramework),
            other => panic!("{other}"),
        };
        assert_eq!(decision.action(), action);
        assert_eq!(before.open_actions().contains(&action), cell.next.is_some(), "{} {}", cell.state, cell.decision);
        match (before.decide(&decision, now()), cell.next) {
            (Ok(told), Some(next)) => {
                assert_eq!(told.thing.state.name().word(), next);
                assert_eq!((told.thing.version, told.event.version), (before.version + 1, before.version + 1));
                assert_eq!(told.thing.competences, before.competences);
            }
            (Err(refusal), None) => assert_eq!(refusal, Refusal::illegal(F::NotOpen, before.state.name())),
            (outcome, expected) => panic!("{} {}: {outcome:?}, not {expected:?}", cell.state, cell.decision),
        }
    }
}

#[test]
fn lm_1_the_five_career_competences_are_always_in() {
    assert_eq!(codes(&draft()), ["A", "B", "LC-1", "LC-2", "LC-3", "LC-4", "LC-5"]);
    let own = NewCompetence { career_competence: Some(CareerCompetence::Motives), ..competence("M") };
    let worded = NewFramework { competences: Some(vec![own]), ..content() };
    let worded = Framework::draft(id(5), worded, None, &facts()).unwrap().thing;
    assert_eq!(codes(&worded), ["M", "LC-1", "LC-3", "LC-4", "LC-5"]);
    let mut which: Vec<_> = worded.competences.iter().filter_map(|one| one.career_competence).collect();
    which.sort_unstable();
    assert_eq!(which, CareerCompetence::ALL);
    let alone = Framework::draft(id(5), NewFramework { competences: None, ..content() }, None, &facts()).unwrap().thing;
    assert_eq!(alone.competences.len(), 5);
}

#[test]
fn lm_1_without_competences_there_is_one_for_every_work_process() {
    let (content, facts) = of_a_qualification(40);
    let made = Framework::draft(id(5), content, None, &facts).unwrap().thing;
    assert_eq!(made.competences.len(), 45);
    assert_eq!((made.competences[0].work_process_id, made.competences[0].title.as_str()), (Some(id(1)), "Stelt een plan op"));
    let again = made.competences.iter().map(|one| NewCompetence {
        code: one.code.clone(),
        title: one.title.clone(),
        indicators: one.indicators.clone(),
        career_competence: one.career_competence,
        work_process_id: one.work_process_id,
    });
    let again = NewFramework { competences: Some(again.collect()), ..of_a_qualification(40).0 };
    assert_eq!(made.change(again, &facts).unwrap().thing.competences, made.competences, "what is read can be sent");
    let (content, facts) = of_a_qualification(41);
    let expected = [("/qualificationId".to_owned(), "leermeter.competences-out-of-range")];
    assert_eq!(faults(Framework::draft(id(5), content, None, &facts)), expected);
}

#[test]
fn lm_1_a_competence_keeps_its_id_as_long_as_it_keeps_its_code() {
    let before = draft();
    let content = NewFramework { competences: Some(vec![competence("B"), competence("C")]), ..content() };
    let after = before.change(content, &facts()).unwrap().thing;
    let id_of =
        |framework: &Framework, code: &str| framework.competences.iter().find(|one| one.code.as_str() == code).unwrap().id;
    for code in ["B", "LC-1", "LC-5"] {
        assert_eq!(id_of(&before, code), id_of(&after, code), "{code}");
    }
    assert!(before.competences.iter().all(|one| one.id != id_of(&after, "C")));
    assert_eq!((after.version, after.number), (2, 1));
}

#[test]
fn lm_1_every_fault_of_a_framework_is_named_at_once() {
    let (_, facts) = of_a_qualification(2);
    let career = |code| NewCompetence { career_competence: Some(CareerCompetence::Motives), ..competence(code) };
    let of_process = |code, number| NewCompetence { work_process_id: Some(id(number)), ..competence(code) };
    let many = NewCompetence { indicators: vec![text("Vraagt."); 21], ..competence("A") };
    let wrong = NewFramework {
        scale: vec![level(2), level(2), level(101)],
        qualification_id: Some(id(3)),
        competences: Some(vec![
            competence("A"),
            many,
            career("M"),
            career("LC-1"),
            of_process("C", 2),
            of_process("D", 2),
            of_process("E", 9),
        ]),
        previous_id: Some(id(9)),
        ..content()
    };
    let expected = [
        ("/previousId", "request.unknown-reference"),
        ("/scale/1/level", "leermeter.level-not-ascending"),
        ("/scale/2/level", "leermeter.level-not-ascending"),
        ("/competences/1/code", "leermeter.code-repeated"),
        ("/competences/1/indicators", "leermeter.indicators-out-of-range"),
        ("/competences/3/code", "leermeter.code-repeated"),
        ("/competences/3/careerCompetence", "leermeter.career-competence-repeated"),
        ("/competences/5/workProcessId", "leermeter.work-process-repeated"),
        ("/competences/6/workProcessId", "request.unknown-reference"),
    ];
    assert_eq!(faults(Framework::draft(id(5), wrong, None, &facts)), expected.map(|(at, code)| (at.to_owned(), code)));

    let wrong = NewFramework {
        landscape_id: id(2),
        qualification_id: Some(id(4)),
        scale: vec![level(1)],
        competences: Some(Vec::new()),
        previous_id: Some(id(9)),
        ..content()
    };
    let expected = [
        ("/landscapeId", "leermeter.framework-fixed"),
        ("/previousId", "leermeter.framework-fixed"),
        ("/scale", "leermeter.scale-out-of-range"),
        ("/qualificationId", "request.unknown-reference"),
        ("/competences", "leermeter.competences-out-of-range"),
    ];
    let unknown = FrameworkFacts { work_processes: None };
    assert_eq!(faults(draft().change(wrong, &unknown)), expected.map(|(at, code)| (at.to_owned(), code)));
}

#[test]
fn lm_1_a_published_framework_is_frozen_and_a_new_version_follows_it() {
    for state in ["published", "retired"] {
        let before = framework(state);
        assert_eq!(before.change(content(), &facts()), Err(Refusal::illegal(F::Frozen, before.state.name())));
        let next = NewFramework { previous_id: Some(before.id), ..content() };
        let next = Framework::draft(id(6), next, Some(&before), &facts()).unwrap().thing;
        assert_eq!((next.number, next.previous_id), (2, Some(before.id)));
    }
    let not = [("/previousId".to_owned(), "leermeter.not-a-successor")];
    let next = NewFramework { previous_id: Some(id(5)), ..content() };
    assert_eq!(faults(Framework::draft(id(6), next.clone(), Some(&draft()), &facts())), not);
    let elsewhere = NewFramework { landscape_id: id(2), ..next };
    assert_eq!(faults(Framework::draft(id(6), elsewhere, Some(&framework("published")), &facts())), not);
}
