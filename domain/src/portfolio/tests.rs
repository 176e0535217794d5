//! The rules of a portfolio, one by one.

use chrono::{DateTime, NaiveDate, TimeDelta};

use super::*;
use crate::kernel::{Instant, PersonId, Refusal, StudentId, TeamId, Text};

fn now() -> Instant {
    DateTime::parse_from_rfc3339("2026-11-02T09:00:00Z").unwrap().to_utc()
}

fn content(visibility: EntryVisibility) -> EntryContent {
    EntryContent {
        area: EntryArea::Career,
        kind: EntryKind::Reflection,
        title: Text::parse("Mijn eerste dienst").unwrap(),
        body: Text::parse("Ik was zenuwachtig en het ging goed.").unwrap(),
        visibility,
        occurred_on: None,
        tags: Vec::new(),
        links: Vec::new(),
    }
}

fn kept(visibility: EntryVisibility) -> Entry {
    Entry::keep(StudentId::in_order(), content(visibility), &[], now()).unwrap().thing
}

fn pointers(refusal: Refusal) -> Vec<(String, &'static str)> {
    let Refusal::Findings(found) = refusal else { panic!("{refusal:?}") };
    found.into_iter().map(|finding| (finding.pointer, finding.fault.code)).collect()
}

#[test]
fn pf_1_a_portfolio_has_six_areas_and_six_kinds_of_entries() {
    use crate::kernel::Word;
    let words = |all: &[EntryArea]| all.iter().map(|area| area.word()).collect::<Vec<_>>();
    assert_eq!(words(EntryArea::ALL), ["learning", "career", "citizenship", "meaning", "ethics", "dialogue"]);
    assert_eq!(EntryKind::ALL.len(), 6);
}

#[test]
fn pf_1_all_that_is_wrong_with_an_entry_is_said_at_once() {
    let tag = |text: &str| Tag::parse(text).unwrap();
    let id = uuid::Uuid::now_v7();
    let wrong = EntryContent {
        occurred_on: NaiveDate::from_ymd_opt(2026, 11, 3),
        tags: vec![tag("Stage"), tag("stáge")],
        links: vec![
            Link { kind: LinkKind::WorkProcess, id },
            Link { kind: LinkKind::WorkProcess, id },
            Link { kind: LinkKind::Goal, id },
        ],
        ..content(EntryVisibility::Private)
    };
    let targets = [Target::Known, Target::Unknown, Target::NotYet];
    let refusal = Entry::keep(StudentId::in_order(), wrong, &targets, now()).unwrap_err();
    assert_eq!(
        pointers(refusal),
        [
            ("/occurredOn".to_owned(), "portfolio.occurred-out-of-range"),
            ("/tags/1".to_owned(), "portfolio.twice"),
            ("/links/1".to_owned(), "portfolio.twice"),
            ("/links/1/id".to_owned(), "request.unknown-reference"),
            ("/links/2/kind".to_owned(), "portfolio.link-kind-not-yet"),
        ]
    );
}

#[test]
fn pf_2_sharing_what_is_private_is_the_owners_act_and_makes_it_shared_and_what_the_coach_sees_stays_so() {
    let with_teachers = NewShare { role: Some(ShareRole::Teacher), ..NewShare::default() };
    let opened = |visibility| {
        let shared = kept(visibility).share(&with_teachers, ShareFacts::default(), now()).unwrap();
        shared.opened.map(|entry| (entry.thing.version, entry.thing.content.visibility))
    };
    assert_eq!(opened(EntryVisibility::Private), Some((2, EntryVisibility::Shared)));
    assert_eq!(opened(EntryVisibility::Coach), None);
    assert_eq!(opened(EntryVisibility::Shared), None);
}

#[test]
fn pf_2_only_becoming_private_ends_what_was_shared() {
    use EntryVisibility::{Coach, Private, Shared};
    for (before, after, ends) in [
        (Private, Private, false),
        (Private, Coach, false),
        (Private, Shared, false),
        (Coach, Private, true),
        (Coach, Coach, false),
        (Coach, Shared, false),
        (Shared, Private, true),
        (Shared, Coach, false),
        (Shared, Shared, false),
    ] {
        let entry = kept(before);
        let change = entry.change(content(after), &[], now()).unwrap();
        assert_eq!((change.ends_shares, change.entry.thing.version), (ends, 2), "{before:?} {after:?}");
    }
}

#[test]
fn pf_2_all_that_is_wrong_with_a_share_is_said_at_once() {
    let entry = kept(EntryVisibility::Coach);
    let until = |text: &str| serde_json::from_value(serde_json::json!(text)).unwrap();
    let wrong = NewShare {
        person_id: Some(entry.student_id.person()),
        team_id: Some(TeamId::in_order()),
        until: Some(until("2026-11-01")),
        ..NewShare::default()
    };
    let found = pointers(entry.share(&wrong, ShareFacts::default(), now()).unwrap_err());
    assert_eq!(
        found,
        [
            (String::new(), "portfolio.share-with-one"),
            ("/until".to_owned(), "portfolio.until-past"),
            ("/personId".to_owned(), "portfolio.share-with-oneself"),
            ("/teamId".to_owned(), "request.unknown-reference"),
        ]
    );
    let stranger = NewShare { person_id: Some(PersonId::in_order()), until: Some(until("2026-02-30")), ..NewShare::default() };
    let found = pointers(entry.share(&stranger, ShareFacts::default(), now()).unwrap_err());
    assert_eq!(found, [("/until".to_owned(), "portfolio.until-unclear"), ("/personId".to_owned(), "portfolio.no-relation")]);
    let elsewhere = NewShare { team_id: Some(TeamId::in_order()), ..NewShare::default() };
    let facts = ShareFacts { team_is_known: true, ..ShareFacts::default() };
    let found = pointers(entry.share(&elsewhere, facts, now()).unwrap_err());
    assert_eq!(found, [("/teamId".to_owned(), "portfolio.no-relation")]);
    assert_eq!(pointers(entry.share(&NewShare::default(), facts, now()).unwrap_err()).len(), 1);
}

#[test]
fn pf_2_a_date_lasts_through_the_end_of_that_day_at_school() {
    let moment = |text: &str| ShareUntil::parse(text).map(|until| until.moment().to_rfc3339());
    assert_eq!(moment("2026-11-02").as_deref(), Some("2026-11-02T23:00:00+00:00"));
    assert_eq!(moment("2026-07-01").as_deref(), Some("2026-07-01T22:00:00+00:00"));
    assert_eq!(moment("2026-11-02T12:00:00+01:00").as_deref(), Some("2026-11-02T11:00:00+00:00"));
    for none in ["2026-02-30", "2026-11-02T12:00:00", "morgen", "+12026-01-01"] {
        assert_eq!(moment(none), None, "{none}");
    }
    let today: UntilText = serde_json::from_value(serde_json::json!("2026-11-02")).unwrap();
    let share = NewShare { role: Some(ShareRole::Guardian), until: Some(today), ..NewShare::default() };
    let shared = kept(EntryVisibility::Coach).share(&share, ShareFacts::default(), now()).unwrap();
    assert!(shared.share.thing.until_at.is_some_and(|until| until > now() + TimeDelta::hours(13)));
}

#[test]
fn pf_3_an_edit_is_told_by_the_names_of_the_fields_and_not_by_what_they_say() {
    let entry = kept(EntryVisibility::Private);
    let patch = EntryPatch {
        title: Some(Text::parse("Mijn tweede dienst").unwrap()),
        occurred_on: Some(NaiveDate::from_ymd_opt(2026, 10, 30)),
        ..EntryPatch::default()
    };
    let change = entry.change(entry.patched(patch), &[], now()).unwrap();
    assert_eq!(change.entry.event.facts(), serde_json::json!({ "fields": ["title", "occurredOn"] }));
    assert_eq!(change.entry.thing.dated_on().to_string(), "2026-10-30");
    let undated = EntryPatch { occurred_on: Some(None), ..EntryPatch::default() };
    assert_eq!(change.entry.thing.patched(undated).occurred_on, None);
}
