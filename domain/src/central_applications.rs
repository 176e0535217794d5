//! What the central application facility (Centraal Aanmelden) tells of applications: events, and the state they amount to.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::kernel::{Crebo, Instant, Route, Text, Word};

/// A code or key in an event, as it was told.
pub type Told = Text<64>;

crate::words! {
    /// How far an application has come, from least to furthest; this order decides between events of one moment.
    pub enum CentralState {
        /// The applicant sent it.
        Submitted = "submitted",
        /// The school has it.
        Received = "received",
        /// The school offers a place.
        Offered = "offered",
        /// The place was taken.
        Enrolled = "enrolled",
        /// It was taken back, by whichever side.
        Withdrawn = "withdrawn",
    }

    /// The age of the applicant, as coarse as it is told.
    pub enum AgeCategory {
        Under16 = "under16",
        From16To18 = "from16To18",
        From18To23 = "from18To23",
        Over23 = "over23",
    }
}

/// One thing that was told of one application. Every event is kept as it was told; what it means is asked of it.
///
/// The fields stand in the order in which events are ordered: the moment, then the state, and then whatever else
/// tells two events apart, so that there is one order of any set of events.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CentralEvent {
    /// When it was told (`createdat`).
    pub created_at: Instant,
    pub state: CentralState,
    pub id: Told,
    /// Which application it is about (`aanmelding_key`).
    pub key: Told,
    /// When the course is to start (`startmoment`).
    pub starts_on: Option<NaiveDate>,
    /// The year in which the school year begins (`schooljaar`).
    pub school_year: Option<u16>,
    /// Who told it: `CAMBO`, the central facility, or `SIS`, a school (`statussource`).
    pub source: Option<Told>,
    /// `onderwijsaanbiedercode`.
    pub provider: Option<Told>,
    /// `instellingserkenningscode`.
    pub institution: Option<Told>,
    /// `onderwijslocatiecode`.
    pub location: Option<Told>,
    /// `opleidingcode`: a crebo, or a code of a course that is no vocational one.
    pub programme: Option<Told>,
    /// `leertrajectmbo`: `BOL`, `BBL`, or what is no vocational route.
    pub track: Option<Told>,
    /// `leeftijdscategorie`.
    pub age_told: Option<Told>,
}

impl CentralEvent {
    /// The qualification, if it is one that has a crebo.
    pub fn crebo(&self) -> Option<Crebo> {
        self.programme.as_ref().and_then(|code| Crebo::parse(code.as_str()))
    }

    /// The route, if it is one by which vocational qualifications are learned.
    pub fn route(&self) -> Option<Route> {
        self.track.as_ref().and_then(|track| Route::from_word(&track.as_str().to_lowercase()))
    }

    /// The age, if it was told in a word that we know.
    pub fn age(&self) -> Option<AgeCategory> {
        match self.age_told.as_ref()?.as_str() {
            "ONDER_16" => Some(AgeCategory::Under16),
            "TUSSEN_16_18" => Some(AgeCategory::From16To18),
            "TUSSEN_18_23" => Some(AgeCategory::From18To23),
            "BOVEN_23" => Some(AgeCategory::Over23),
            _ => None,
        }
    }

    /// Whether it is about a vocational qualification at all, and not about secondary education for adults (VAVO).
    pub fn vocational(&self) -> bool {
        let for_adults = self.track.as_ref().is_some_and(|track| track.as_str().eq_ignore_ascii_case("VAVO"));
        self.crebo().is_some() && !for_adults
    }
}

/// What the events of one application amount to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CentralApplication {
    pub key: Told,
    pub state: CentralState,
    /// When anything was first told of it.
    pub first_seen: Instant,
    /// Since when it has been in this state; saying the same again changes nothing.
    pub last_change: Instant,
    /// When anything was last told of it.
    pub last_seen: Instant,
    pub starts_on: Option<NaiveDate>,
    pub school_year: Option<u16>,
    pub provider: Option<Told>,
    pub institution: Option<Told>,
    pub location: Option<Told>,
    pub programme: Option<Told>,
    pub crebo: Option<Crebo>,
    pub route: Option<Route>,
    pub age: Option<AgeCategory>,
    /// See [`CentralEvent::vocational`].
    pub vocational: bool,
}

/// The applications that these events amount to, by key.
///
/// The event that was told last decides, also when it says less than an earlier one: a school that corrects an
/// enrolment back to an offer means it. Of events of one moment the furthest state decides. So a withdrawal is
/// final until something is told strictly later, and whatever is told then opens the application again. In which
/// order the events come, and how often each, makes no difference.
pub fn derive<'a>(events: impl IntoIterator<Item = &'a CentralEvent>) -> Vec<CentralApplication> {
    let mut by_key: BTreeMap<&Told, Vec<&CentralEvent>> = BTreeMap::new();
    for event in events {
        by_key.entry(&event.key).or_default().push(event);
    }
    by_key.into_values().filter_map(application).collect()
}

fn application(mut events: Vec<&CentralEvent>) -> Option<CentralApplication> {
    events.sort_unstable();
    let (first, last) = (events.first()?, events.last()?);
    let since = events.iter().rev().take_while(|event| event.state == last.state).last()?;
    Some(CentralApplication {
        key: last.key.clone(),
        state: last.state,
        first_seen: first.created_at,
        last_change: since.created_at,
        last_seen: last.created_at,
        starts_on: last.starts_on,
        school_year: last.school_year,
        provider: last.provider.clone(),
        institution: last.institution.clone(),
        location: last.location.clone(),
        programme: last.programme.clone(),
        crebo: last.crebo(),
        route: last.route(),
        age: last.age(),
        vocational: last.vocational(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Told {
        Told::parse(text).unwrap()
    }

    fn event(id: &str, key: &str, minute: u32, state: CentralState) -> CentralEvent {
        CentralEvent {
            created_at: format!("2023-08-17T12:{minute:02}:00Z").parse().unwrap(),
            state,
            id: told(id),
            key: told(key),
            starts_on: "2023-08-01".parse().ok(),
            school_year: Some(2023),
            source: Some(told("SIS")),
            provider: None,
            institution: None,
            location: None,
            programme: Some(told("25606")),
            track: Some(told("BBL")),
            age_told: Some(told("ONDER_16")),
        }
    }

    fn state_of(events: &[CentralEvent]) -> CentralState {
        let applications = derive(events);
        assert_eq!(applications.len(), 1);
        applications[0].state
    }

    /// A small linear congruential generator: the same shuffles on every machine.
    fn shuffle<T>(things: &mut [T], seed: &mut u64) {
        for end in (1..things.len()).rev() {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            things.swap(end, usize::try_from(*seed >> 33).unwrap() % (end + 1));
        }
    }

    #[test]
    fn what_was_told_last_decides_and_of_one_moment_the_furthest_state() {
        use CentralState::{Enrolled, Offered, Received, Submitted};
        assert_eq!(state_of(&[event("1", "A", 1, Submitted), event("2", "A", 2, Received)]), Received);
        assert_eq!(state_of(&[event("1", "A", 3, Enrolled), event("2", "A", 3, Offered)]), Enrolled);
        assert_eq!(state_of(&[event("1", "A", 3, Enrolled), event("2", "A", 4, Offered)]), Offered);
    }

    #[test]
    fn a_withdrawal_is_final_until_something_is_told_later() {
        use CentralState::{Enrolled, Submitted, Withdrawn};
        assert_eq!(state_of(&[event("1", "A", 5, Withdrawn), event("2", "A", 4, Enrolled)]), Withdrawn);
        assert_eq!(state_of(&[event("1", "A", 5, Withdrawn), event("2", "A", 5, Enrolled)]), Withdrawn);
        assert_eq!(state_of(&[event("1", "A", 5, Withdrawn), event("2", "A", 6, Submitted)]), Submitted);
    }

    #[test]
    fn saying_the_same_again_is_no_change() {
        use CentralState::{Received, Submitted};
        let events = [
            event("1", "A", 1, Submitted),
            event("2", "A", 2, Received),
            event("3", "A", 7, Received),
            event("3", "A", 7, Received),
        ];
        let application = derive(&events).remove(0);
        let at = |minute: u32| event("0", "A", minute, Submitted).created_at;
        assert_eq!((application.first_seen, application.last_change, application.last_seen), (at(1), at(2), at(7)));
    }

    #[test]
    fn neither_the_order_nor_the_repetition_of_events_makes_a_difference() {
        let mut seed = 2635;
        for round in 0..300u64 {
            let mut events: Vec<_> = (0..24u64)
                .map(|n| {
                    let picked = usize::try_from((n * 7 + round) % 5).unwrap();
                    let key = ["A", "B", "C"][usize::try_from((n + round) % 3).unwrap()];
                    let minute = u32::try_from((n * round) % 9).unwrap();
                    event(&n.to_string(), key, minute, CentralState::ALL[picked])
                })
                .collect();
            let told_in_order = derive(&events);
            assert_eq!(told_in_order.len(), 3);
            for _ in 0..10 {
                let again: Vec<_> = events.iter().take(7).cloned().collect();
                events.extend(again);
                shuffle(&mut events, &mut seed);
                assert_eq!(derive(&events), told_in_order);
            }
        }
    }

    #[test]
    fn an_application_for_secondary_education_is_kept_and_told_apart() {
        let mut adult = event("1", "A", 1, CentralState::Received);
        adult.programme = Some(told("1002O2425"));
        adult.track = Some(told("VAVO"));
        adult.age_told = Some(told("ONBEKEND"));
        let application = derive([&adult]).remove(0);
        assert!(!application.vocational);
        assert_eq!((application.crebo, application.route, application.age), (None, None, None));
        assert_eq!(application.programme, Some(told("1002O2425")));
        assert!(derive([&event("2", "B", 1, CentralState::Received)]).remove(0).vocational);
    }
}
