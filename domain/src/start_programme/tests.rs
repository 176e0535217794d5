use super::{StartProgrammeFault as F, *};
use crate::kernel::{PublicationState, PublicationStateName};
use crate::{
    kernel::{Id, Instant, KernelFault, Refusal, Text, Told, Word, time::date_at},
    state_table::cells,
};

/// SP-1, drawn.
const TEMPLATE: &str = "
           publish    retire
draft      published  -
published  -          retired
retired    -          -
";

/// SP-5, drawn: a close with each outcome.
const PROGRAMME: &str = "
           continue  switch  prolong    leave
running    closed    closed  prolonged  closed
prolonged  closed    closed  -          closed
closed     -         -       -          -
switched   -         -       -          -
graduated  -         -       -          -
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

fn week(number: u8) -> TemplateWeek {
    let activity = |title| TemplateActivity { title: text(title), description: None };
    TemplateWeek {
        week: number,
        theme: text("Wie ben ik"),
        activities: vec![activity("Kijken"), activity("Doen")],
        lwp_ids: Vec::new(),
    }
}

fn content() -> NewTemplate {
    NewTemplate {
        landscape_id: id(1),
        school_year: SchoolYear::parse("2026-2027").unwrap(),
        title: text("Startprogramma Groen"),
        weeks: (1..=WEEKS).map(week).collect(),
        previous_id: None,
    }
}

fn draft() -> Template {
    Template::draft(id(5), content(), None, true, &KnownLwps::default()).unwrap().thing
}

fn template(state: &str) -> Template {
    let decide =
        |template: Template, decision: TemplateDecision| template.decide(&decision, now(), &KnownLwps::default()).unwrap().thing;
    match state {
        "draft" => draft(),
        "published" => decide(draft(), TemplateDecision::Publish {}),
        "retired" => decide(template("published"), TemplateDecision::Retire {}),
        other => panic!("{other}"),
    }
}

fn new_programme() -> NewProgramme {
    NewProgramme {
        id: id(6),
        student_id: id(20),
        enrolment_id: id(30),
        starts_on: "2026-08-31".parse().unwrap(),
        credited_weeks: 0,
    }
}

fn start(credited_weeks: u8) -> Programme {
    let new = NewProgramme { credited_weeks, ..new_programme() };
    let mut ids = (100..).map(id);
    Programme::start(new, &template("published"), &autumn(), || ids.next().unwrap()).unwrap().thing
}

fn autumn() -> [Holiday; 1] {
    [Holiday { title: text("Herfstvakantie"), first_on: "2026-10-10".parse().unwrap(), last_on: "2026-10-18".parse().unwrap() }]
}

fn close(outcome: &str) -> ProgrammeDecision {
    let mut body = serde_json::json!({"decision": "close", "outcome": outcome, "motivation": "Samen besproken"});
    match outcome {
        "prolong" => body["extraWeeks"] = 3.into(),
        "switch" => body["landscapeId"] = uuid::Uuid::from_u128(2).to_string().into(),
        _ => {}
    }
    serde_json::from_value(body).unwrap()
}

fn decide(programme: &Programme, decision: ProgrammeDecision) -> Result<ProgrammeOutcome, Refusal> {
    let facts = CloseFacts { motivation_stated: true, landscape_known: true, holidays: &autumn() };
    programme.decide(decision, now(), facts)
}

fn in_state(state: &str) -> Programme {
    match state {
        "running" => start(0),
        "prolonged" => decide(&start(0), close("prolong")).unwrap().programme.thing,
        "closed" => decide(&start(0), close("continue")).unwrap().programme.thing,
        "switched" => start(0).stop_by_switch(now()).unwrap().thing,
        "graduated" => start(0).stop_by_graduating(now()).unwrap().thing,
        other => panic!("{other}"),
    }
}

/// The programme after the student did everything of these weeks.
fn done(programme: Programme, weeks: impl IntoIterator<Item = u8>) -> Programme {
    weeks.into_iter().fold(programme, |programme, number| {
        let week = programme.weeks.iter().find(|week| week.number == number).unwrap().clone();
        let marked = week.activities.iter().fold(programme, |programme, activity| {
            programme.mark(number, activity.id, ActivityMark { done: true }).unwrap().thing
        });
        marked.reflect(number, WeekReflection { text: text("Ik durfde meer dan ik dacht") }, now()).unwrap().thing
    })
}

#[test]
fn sp_1_a_template_goes_where_the_table_says_and_nowhere_else() {
    let cells = cells(TEMPLATE);
    assert_eq!(cells.len(), PublicationStateName::ALL.len() * 2);
    for cell in cells {
        let template = template(cell.state);
        let decision: TemplateDecision = serde_json::from_value(serde_json::json!({"decision": cell.decision})).unwrap();
        let place = format!("{} in {}", cell.decision, cell.state);
        assert_eq!(template.open_actions().contains(&decision.action()), cell.next.is_some(), "{place}");
        match (template.decide(&decision, now(), &KnownLwps::default()), cell.next) {
            (Ok(Told { thing, event }), Some(next)) => {
                assert_eq!((thing.state.name().word(), event.version), (next, template.version + 1), "{place}");
                let again =
                    PublicationState::from_parts(thing.state.name(), thing.state.published_at(), thing.state.retired_at());
                assert_eq!(again, Some(thing.state), "{place}");
            }
            (Err(Refusal::Illegal { fault, state, .. }), None) => {
                assert_eq!((fault, state), (F::NotOpen.fault(), cell.state), "{place}")
            }
            (taken, _) => panic!("{place}: {taken:?}"),
        }
    }
}

#[test]
fn sp_1_a_start_programme_has_ten_numbered_weeks_with_something_to_do_in_each() {
    let mut wrong = content();
    wrong.weeks.pop();
    wrong.weeks[2].week = 7;
    wrong.weeks[4].activities.clear();
    let found =
        vec![F::NotTenWeeks.at("/weeks"), F::NotTenWeeks.at("/weeks/2/week"), F::ActivitiesOutOfRange.at("/weeks/4/activities")];
    assert_eq!(Template::draft(id(5), wrong, None, true, &KnownLwps::default()), Err(Refusal::Findings(found)));
}

#[test]
fn sp_1_a_published_template_is_frozen_and_its_successor_is_a_draft_of_its_own() {
    for state in ["published", "retired"] {
        let refusal = template(state).change(content(), &KnownLwps::default()).unwrap_err();
        assert_eq!(refusal, Refusal::Illegal { fault: F::Frozen.fault(), state, open: Vec::new(), version: None });
        let next = NewTemplate { previous_id: Some(id(5)), ..content() };
        let successor = Template::draft(id(7), next, Some(&template(state)), true, &KnownLwps::default()).unwrap().thing;
        assert_eq!((successor.number, successor.state), (2, PublicationState::Draft));
    }
    let renamed = NewTemplate { title: text("Groene start"), ..content() };
    assert_eq!(draft().change(renamed.clone(), &KnownLwps::default()).unwrap().thing.content, renamed);
}

#[test]
fn sp_1_a_new_version_follows_a_published_template_of_the_same_landscape() {
    let next = NewTemplate { previous_id: Some(id(5)), landscape_id: id(2), ..content() };
    let found = Err(Refusal::Findings(vec![F::NotASuccessor.at("/previousId")]));
    assert_eq!(Template::draft(id(7), next.clone(), Some(&template("published")), true, &KnownLwps::default()), found);
    let of_a_draft = NewTemplate { landscape_id: id(1), ..next.clone() };
    assert_eq!(Template::draft(id(7), of_a_draft, Some(&draft()), true, &KnownLwps::default()), found);
    let found = Err(Refusal::Findings(vec![KernelFault::UnknownReference.at("/previousId")]));
    assert_eq!(Template::draft(id(7), next, None, true, &KnownLwps::default()), found);
}

#[test]
fn sp_2_students_begin_with_what_their_landscape_published_last_for_the_year() {
    let later = Template {
        id: id(7),
        state: PublicationState::Published { published_at: now() + chrono::Duration::days(1) },
        ..template("published")
    };
    let templates = [template("published"), later, template("retired"), draft()];
    let year = SchoolYear::parse("2026-2027").unwrap();
    assert_eq!(in_force(&templates, id(1), year).map(|template| template.id), Some(id(7)));
    assert_eq!(in_force(&templates, id(2), year), None);
    assert_eq!(in_force(&templates, id(1), SchoolYear::parse("2027-2028").unwrap()), None);
}

#[test]
fn sp_2_a_programme_takes_over_the_template_and_gets_its_dates_from_the_school_calendar() {
    let programme = start(0);
    assert_eq!(programme.weeks.iter().map(|week| week.number).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
    assert_eq!(
        programme.weeks.iter().map(|week| week.starts_on).collect::<Vec<_>>(),
        weeks_from("2026-08-31".parse().unwrap(), &autumn(), 10)
    );
    assert!(programme.weeks.iter().all(|week| week.activities.len() == 2 && week.theme == Some(text("Wie ben ik"))));
    assert_eq!(programme.template_id, id(5));

    let new = NewProgramme { id: id(6), student_id: id(20), enrolment_id: id(30), starts_on: date_at(now()), credited_weeks: 0 };
    assert_eq!(Programme::start(new, &draft(), &[], || id(1)), Err(F::NotPublished.into()));
}

#[test]
fn sp_2_a_programme_that_is_still_to_begin_follows_the_calendar_and_one_that_has_begun_does_not() {
    let (start_on, before, after) = ("2026-08-31".parse().unwrap(), "2026-08-30".parse().unwrap(), "2026-08-31".parse().unwrap());
    for credited in [0, 3] {
        let programme = start(credited);
        assert_eq!(programme.reschedule(start_on, &autumn(), before), None, "nothing changed");
        let Told { thing, event } = programme.reschedule(start_on, &[], before).unwrap();
        assert_eq!((event.what, thing.version, thing.weeks_done()), ("rescheduled", programme.version + 1, credited));
        let to_do: Vec<_> = thing.weeks.iter().filter(|week| !week.credited).map(|week| week.starts_on).collect();
        assert_eq!(to_do, weeks_from(start_on, &[], usize::from(10 - credited)));
        assert_eq!(programme.reschedule(start_on, &[], after), None, "it has begun");
    }
    assert_eq!(in_state("prolonged").reschedule(start_on, &[], before), None);
}

#[test]
fn sp_3_a_week_is_done_when_everything_in_it_is_and_the_student_reflected() {
    let programme = start(0);
    let activity = programme.weeks[0].activities[0].id;
    let marked = programme.mark(1, activity, ActivityMark { done: true }).unwrap();
    assert_eq!((marked.thing.weeks_done(), marked.event.what), (0, "activityMarked"));
    let all = done(programme, [1]);
    assert_eq!(all.weeks_done(), 1);
    assert_eq!(all.mark(1, activity, ActivityMark { done: false }).unwrap().thing.weeks_done(), 0);
    assert_eq!(all.last_reflected_at(), Some(now()));
}

#[test]
fn sp_3_who_lags_is_seen_by_the_week() {
    let programme = done(start(0), [1, 3]);
    for (today, week, behind) in [
        ("2026-08-30", None, 0),
        ("2026-08-31", Some(1), 0),
        ("2026-09-13", Some(2), 0),
        ("2026-09-14", Some(3), 1),
        ("2026-09-27", Some(4), 1),
        ("2026-09-28", Some(5), 2),
        // In the autumn holiday nobody falls behind further.
        ("2026-10-12", Some(6), 4),
        ("2026-10-18", Some(6), 4),
        ("2026-12-01", Some(10), 8),
    ] {
        let today = today.parse().unwrap();
        assert_eq!((programme.week_on(today), programme.behind_by(today)), (week, behind), "{today}");
    }
}

#[test]
fn sp_3_marks_reflections_and_notes_belong_to_a_programme_that_goes_on() {
    for state in ProgrammeStateName::ALL {
        let programme = in_state(state.word());
        let goes_on = matches!(state, ProgrammeStateName::Running | ProgrammeStateName::Prolonged);
        let activity = programme.weeks[0].activities[0].id;
        let taken = [
            programme.mark(1, activity, ActivityMark { done: true }),
            programme.reflect(1, WeekReflection { text: text("Rustig") }, now()),
            programme.note(1, WeekNote { text: text("Goed begonnen") }),
        ];
        for one in taken {
            match one {
                Ok(told) => assert_eq!((goes_on, told.event.version), (true, programme.version + 1), "{state:?}"),
                Err(refusal) => {
                    assert!(!goes_on, "{state:?}");
                    assert_eq!(
                        refusal,
                        Refusal::Illegal { fault: F::NotOpen.fault(), state: state.word(), open: Vec::new(), version: None }
                    );
                }
            }
        }
    }
    assert_eq!(start(0).mark(11, id(100), ActivityMark { done: true }), Err(KernelFault::Absent.into()));
    assert_eq!(start(0).mark(2, id(100), ActivityMark { done: true }), Err(KernelFault::Absent.into()));
}

#[test]
fn sp_4_credited_weeks_come_before_the_start_and_count_as_done() {
    for credited in 0..=10 {
        let programme = start(credited);
        assert_eq!((programme.weeks.len(), programme.weeks_done()), (10, credited));
        assert!(programme.weeks.iter().is_sorted_by(|earlier, later| earlier.starts_on < later.starts_on));
        let first_to_do = programme.weeks.iter().find(|week| !week.credited).map(|week| week.starts_on);
        assert_eq!(first_to_do, (credited < 10).then(|| "2026-08-31".parse().unwrap()));
        assert_eq!(programme.behind_by("2026-08-31".parse().unwrap()), 0);
    }
}

#[test]
fn sp_5_a_programme_goes_where_the_table_says_and_nowhere_else() {
    let cells = cells(PROGRAMME);
    assert_eq!(cells.len(), ProgrammeStateName::ALL.len() * CloseOutcome::ALL.len());
    for cell in cells {
        let programme = in_state(cell.state);
        let place = format!("{} in {}", cell.decision, cell.state);
        match (decide(&programme, close(cell.decision)), cell.next) {
            (Ok(outcome), Some(next)) => {
                let Told { thing, event } = outcome.programme;
                assert_eq!((thing.state.name().word(), thing.version), (next, programme.version + 1), "{place}");
                assert_eq!(event.facts()["outcome"], cell.decision, "{place}");
                assert_eq!(outcome.then.outcome().word(), cell.decision, "{place}");
                assert!(programme.open_actions().contains(&close(cell.decision).action()), "{place}");
                assert_eq!(thing.state.parts().state(), Some(thing.state), "{place}");
            }
            (Err(Refusal::Illegal { state, .. }), None) => assert_eq!(state, cell.state, "{place}"),
            (taken, _) => panic!("{place}: {taken:?}"),
        }
        assert_eq!(programme.open_actions().is_empty(), ["closed", "switched", "graduated"].contains(&cell.state), "{place}");
    }
}

#[test]
fn sp_5_a_programme_is_prolonged_once_by_school_weeks_after_its_last() {
    let prolonged = in_state("prolonged");
    let added: Vec<_> = prolonged.weeks.iter().skip(10).map(|week| (week.number, week.starts_on.to_string())).collect();
    assert_eq!(added, [(11, "2026-11-16".into()), (12, "2026-11-23".into()), (13, "2026-11-30".into())]);
    let refusal = decide(&prolonged, close("prolong")).unwrap_err();
    assert_eq!(
        refusal,
        Refusal::Illegal { fault: F::AlreadyProlonged.fault(), state: "prolonged", open: Vec::new(), version: None }
    );
}

#[test]
fn sp_5_nobody_continues_without_saying_why_they_want_it() {
    let facts = CloseFacts { motivation_stated: false, landscape_known: true, holidays: &[] };
    let refusal = start(0).decide(close("continue"), now(), facts).unwrap_err();
    assert_eq!(
        refusal,
        Refusal::Illegal { fault: F::MotivationMissing.fault(), state: "running", open: Vec::new(), version: None }
    );
}

#[test]
fn sp_5_no_close_without_decision_and_motivation() {
    for body in [r#"{"decision": "close", "outcome": "continue"}"#, r#"{"decision": "close", "motivation": "Ja"}"#] {
        assert!(serde_json::from_str::<ProgrammeDecision>(body).is_err(), "{body}");
    }
}

#[test]
fn sp_5_each_outcome_has_its_own_fields_and_every_misfit_is_said_at_once() {
    let read = |body: serde_json::Value| serde_json::from_value::<ProgrammeDecision>(body).unwrap();
    let bare = |outcome: &str| serde_json::json!({"decision": "close", "outcome": outcome, "motivation": "Besproken"});
    assert_eq!(decide(&start(0), read(bare("prolong"))), Err(Refusal::Findings(vec![F::OutcomeNeeds.at("/extraWeeks")])));
    assert_eq!(decide(&start(0), read(bare("switch"))), Err(Refusal::Findings(vec![F::OutcomeNeeds.at("/landscapeId")])));

    let mut misfit = bare("continue");
    misfit["extraWeeks"] = 3.into();
    misfit["landscapeId"] = uuid::Uuid::from_u128(2).to_string().into();
    misfit["destination"] = "Een baan".into();
    let found = ["/extraWeeks", "/landscapeId", "/destination"].map(|pointer| F::OutcomeRefuses.at(pointer)).to_vec();
    assert_eq!(decide(&start(0), read(misfit)), Err(Refusal::Findings(found)));

    let mut too_long = bare("prolong");
    too_long["extraWeeks"] = 11.into();
    assert_eq!(decide(&start(0), read(too_long)), Err(Refusal::Findings(vec![F::ExtraWeeksOutOfRange.at("/extraWeeks")])));
}

#[test]
fn sp_5_what_is_not_said_of_a_leaver_is_today_the_motivation_and_unknown() {
    let outcome = decide(&start(0), close("leave")).unwrap();
    let departure = Departure {
        left_on: "2026-11-16".parse().unwrap(),
        reason: text("Samen besproken"),
        destination: None,
        basic_qualification: None,
        further_education: false,
    };
    assert_eq!(outcome.then, AfterClose::Leave(departure));
}

#[test]
fn sp_4_a_close_with_switch_holds_only_if_the_switch_is_made() {
    for (before, state) in [("running", "running"), ("prolonged", "prolonged")] {
        let closed = decide(&in_state(before), close("switch")).unwrap().programme.thing;
        assert_eq!(closed.stop_by_switch(now()), None, "a switch that is made leaves it as it was decided");
        let Told { thing, event } = closed.resume().unwrap();
        assert_eq!((thing.state.name().word(), thing.version, event.what), (state, closed.version + 1, "resumed"));
        assert_eq!((&thing.state, &thing.weeks), (&in_state(before).state, &in_state(before).weeks));
        let left = closed.close_on_leaving(text("Verhuisd"), now()).unwrap().thing;
        assert_eq!(left.state.closing().map(|closing| closing.outcome), Some(CloseOutcome::Leave));
        assert_eq!(closed.stop_by_graduating(now()).unwrap().thing.state.name(), ProgrammeStateName::Graduated);
    }
    for other in ["running", "prolonged", "closed", "switched", "graduated"] {
        assert_eq!(in_state(other).resume(), None, "{other}");
    }
}

#[test]
fn sp_4_a_switch_a_leaving_and_a_diploma_stop_a_programme_that_goes_on_and_no_other() {
    for state in ProgrammeStateName::ALL {
        let (state, stops) = (state.word(), state.is_open());
        let programme = in_state(state);
        for stopped in [programme.stop_by_switch(now()), programme.stop_by_graduating(now())] {
            assert_eq!(stopped.is_some(), stops, "{state}");
            if let Some(Told { thing, event }) = stopped {
                assert_eq!(
                    (event.facts()["state"].as_str(), thing.state.stopped_at()),
                    (Some(thing.state.name().word()), Some(now()))
                );
                assert_eq!(thing.state.prolongation(), programme.state.prolongation());
                assert_eq!(thing.state.parts().state(), Some(thing.state));
            }
        }
        let closed = programme.close_on_leaving(text("Verhuisd"), now());
        assert_eq!(closed.is_some(), stops, "{state}");
        if let Some(closing) = closed.as_ref().and_then(|told| told.thing.state.closing()) {
            assert_eq!((closing.outcome, closing.motivation.as_str()), (CloseOutcome::Leave, "Verhuisd"));
        }
    }
}

#[test]
fn sp_2_the_weeks_that_are_still_to_do_bring_their_lwps_by_friday() {
    let published = KnownLwps { published: vec![id(50), id(51)], others: Vec::new() };
    let with_lwps = |week: TemplateWeek| match week.week {
        2 => TemplateWeek { lwp_ids: vec![id(50), id(51)], ..week },
        4 => TemplateWeek { lwp_ids: vec![id(50)], ..week },
        _ => week,
    };
    let planned = NewTemplate { weeks: content().weeks.into_iter().map(with_lwps).collect(), ..content() };
    let draft = Template::draft(id(5), planned, None, true, &published).unwrap().thing;
    assert_eq!(
        draft.decide(&TemplateDecision::Publish {}, now(), &KnownLwps::default()),
        Err(Refusal::illegal(F::LwpNotPublished, draft.state.name()))
    );
    let template = draft.decide(&TemplateDecision::Publish {}, now(), &published).unwrap().thing;
    let due = |credited| {
        let new = NewProgramme { credited_weeks: credited, ..new_programme() };
        let programme = Programme::start(new, &template, &[], || id(1)).unwrap().thing;
        programme.lwps_due(&template).iter().map(|due| (due.lwp_id, due.week, due.due_on.to_string())).collect::<Vec<_>>()
    };
    let day = str::to_owned;
    assert_eq!(due(0), [(id(50), 2, day("2026-09-11")), (id(51), 2, day("2026-09-11")), (id(50), 4, day("2026-09-25"))]);
    assert_eq!(due(3), [(id(50), 4, day("2026-09-04"))]);
}

#[test]
fn sp_1_a_week_brings_each_lwp_once_and_only_from_the_library() {
    let known = KnownLwps { published: vec![id(50)], others: vec![id(51)] };
    let mut wrong = content();
    wrong.weeks[2].lwp_ids = vec![id(50), id(50), id(51), id(52)];
    let found = vec![
        F::LwpRepeated.at("/weeks/2/lwpIds/1"),
        F::LwpNotInLibrary.at("/weeks/2/lwpIds/2"),
        KernelFault::UnknownReference.fault().at("/weeks/2/lwpIds/3"),
    ];
    assert_eq!(Template::draft(id(5), wrong, None, true, &known), Err(Refusal::Findings(found)));
}
