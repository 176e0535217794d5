//! Guardians (ouders, verzorgers): whom a student has, and what their sight follows from: the student's age and consent.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::Action;
use crate::kernel::{
    Email, Event, Findings, GuardianshipId, Instant, KernelFault, Line, PersonId, Refusal, StudentId, Subject, Told,
    time::birthday,
};

crate::faults! {
    /// What can be wrong with a guardianship.
    pub enum GuardianshipFault {
        BirthDateUnknown: Conflict "guardianship.birth-date-unknown"
            en "What a guardian may see follows the student's age, and the birth date is not known. Have an administrator enter it first."
            nl "Wat een ouder of verzorger mag zien volgt uit de leeftijd van de student, en de geboortedatum is niet bekend. Laat een beheerder die eerst invoeren.",
        WhoUnclear: Invalid "guardianship.who-unclear"
            en "Name either a person by personId, or someone new by givenName, familyName and email."
            nl "Noem een persoon met personId, of iemand nieuw met givenName, familyName en email.",
        OwnGuardian: Invalid "guardianship.own-guardian"
            en "Nobody is their own guardian."
            nl "Niemand is de eigen ouder of verzorger.",
        Already: Conflict "guardianship.already"
            en "This person is a guardian of the student already."
            nl "Deze persoon is al ouder of verzorger van de student.",
        NotOpen: Conflict "guardianship.decision-not-open"
            en "The state does not allow this decision: from the eighteenth birthday on a student consents, and takes back a consent that was given."
            nl "De toestand laat dit besluit niet toe: vanaf de achttiende verjaardag stemt een student toe, en trekt die een gegeven toestemming in.",
        Ended: Conflict "guardianship.ended"
            en "This guardianship has ended already."
            nl "Dit ouder- of verzorgerschap is al beëindigd.",
    }
}

crate::words! {
    /// Where a guardianship is; time alone moves it on at the eighteenth birthday.
    pub enum GuardianshipStateName {
        /// The student is under 18.
        Minor = "minor",
        /// The student is of age and has not consented, or not any more: the guardian sees nothing.
        AwaitingConsent = "awaitingConsent",
        /// The student is of age and lets the guardian see on.
        Consented = "consented",
        Ended = "ended",
    }
}

/// Someone who is a student's guardian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guardianship {
    pub id: GuardianshipId,
    pub guardian_id: PersonId,
    pub student_id: StudentId,
    pub sixteen_at: Instant,
    pub eighteen_at: Instant,
    /// None without consent, and where it was withdrawn: the events keep what was.
    pub consented_at: Option<Instant>,
    pub from_at: Instant,
    pub until_at: Option<Instant>,
    pub version: i64,
}

/// A guardian to be recorded: someone known by `personId`, or someone new by name and e-mail address.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewGuardianship {
    #[serde(default)]
    pub person_id: Option<PersonId>,
    #[serde(default)]
    pub given_name: Option<Line>,
    /// Tussenvoegsel: `van der`.
    #[serde(default)]
    pub family_name_prefix: Option<Line>,
    #[serde(default)]
    pub family_name: Option<Line>,
    #[serde(default)]
    pub email: Option<Email>,
}

/// Who a guardian is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Known(PersonId),
    New { given_name: Line, family_name_prefix: Option<Line>, family_name: Line, email: Email },
}

impl NewGuardianship {
    /// # Errors
    /// [`GuardianshipFault::WhoUnclear`] where it is neither of the two, or both.
    pub fn who(self) -> Result<Who, Refusal> {
        match self {
            Self { person_id: Some(id), given_name: None, family_name_prefix: None, family_name: None, email: None } => {
                Ok(Who::Known(id))
            }
            Self {
                person_id: None,
                given_name: Some(given_name),
                family_name_prefix,
                family_name: Some(family_name),
                email: Some(email),
            } => Ok(Who::New { given_name, family_name_prefix, family_name, email }),
            _ => Err(Refusal::Findings(vec![GuardianshipFault::WhoUnclear.at("")])),
        }
    }
}

/// A decision on a guardianship.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum GuardianshipDecision {
    /// The student of 18 or older lets the guardian see on.
    Consent {},
    /// The student takes the consent back (AL-3): from this moment on the guardian sees nothing.
    WithdrawConsent {},
}

impl GuardianshipDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::Consent {} => Action::ConsentToGuardian,
            Self::WithdrawConsent {} => Action::WithdrawConsentToGuardian,
        }
    }
}

/// What is known around a guardianship that is to begin.
#[derive(Clone, Copy, Debug)]
pub struct GuardianshipFacts {
    pub student_id: StudentId,
    pub birth_date: Option<NaiveDate>,
    /// The person of `personId` exists; so does who was just entered.
    pub guardian_known: bool,
    pub already: bool,
}

impl Guardianship {
    /// Records a guardian.
    ///
    /// # Errors
    /// [`GuardianshipFault::BirthDateUnknown`] or [`GuardianshipFault::Already`], otherwise what is wrong with who it is.
    pub fn begin(guardian_id: PersonId, now: Instant, facts: GuardianshipFacts) -> Result<Told<Self>, Refusal> {
        let birth_date = facts.birth_date.ok_or(GuardianshipFault::BirthDateUnknown)?;
        let mut found = Findings::default();
        found.note(!facts.guardian_known, "/personId", KernelFault::UnknownReference).note(
            guardian_id == facts.student_id.person(),
            "/personId",
            GuardianshipFault::OwnGuardian,
        );
        found.settle()?;
        if facts.already {
            return Err(GuardianshipFault::Already.into());
        }
        let guardianship = Self {
            id: GuardianshipId::in_order(),
            guardian_id,
            student_id: facts.student_id,
            sixteen_at: birthday(birth_date, 16),
            eighteen_at: birthday(birth_date, 18),
            consented_at: None,
            from_at: now,
            until_at: None,
            version: 1,
        };
        Ok(guardianship.told("recorded", now))
    }

    pub fn state(&self, now: Instant) -> GuardianshipStateName {
        match (self.until_at, self.consented_at) {
            (Some(until), _) if until <= now => GuardianshipStateName::Ended,
            _ if now < self.eighteen_at => GuardianshipStateName::Minor,
            (_, None) => GuardianshipStateName::AwaitingConsent,
            (_, Some(_)) => GuardianshipStateName::Consented,
        }
    }

    /// What the state allows, whoever asks.
    pub fn open_actions(&self, now: Instant) -> &'static [Action] {
        match self.state(now) {
            GuardianshipStateName::AwaitingConsent => &[Action::ConsentToGuardian],
            GuardianshipStateName::Consented => &[Action::WithdrawConsentToGuardian],
            GuardianshipStateName::Minor | GuardianshipStateName::Ended => &[],
        }
    }

    /// # Errors
    /// [`GuardianshipFault::NotOpen`] where the student is under 18, the guardianship is over, or consent is already
    /// what it would become.
    pub fn decide(self, decision: &GuardianshipDecision, now: Instant) -> Result<Told<Self>, Refusal> {
        use {GuardianshipDecision as D, GuardianshipStateName as S};
        match (self.state(now), decision) {
            (S::AwaitingConsent, D::Consent {}) => {
                Ok(Self { consented_at: Some(now), version: self.version + 1, ..self }.told("consentGiven", now))
            }
            (S::Consented, D::WithdrawConsent {}) => {
                Ok(Self { consented_at: None, version: self.version + 1, ..self }.told("consentWithdrawn", now))
            }
            (state @ (S::Minor | S::Consented | S::Ended), D::Consent {})
            | (state @ (S::Minor | S::AwaitingConsent | S::Ended), D::WithdrawConsent {}) => {
                Err(Refusal::illegal(GuardianshipFault::NotOpen, state))
            }
        }
    }

    /// Ends it at this moment: from then on the guardian sees nothing.
    ///
    /// # Errors
    /// [`GuardianshipFault::Ended`].
    pub fn end(self, now: Instant) -> Result<Told<Self>, Refusal> {
        if self.state(now) == GuardianshipStateName::Ended {
            return Err(GuardianshipFault::Ended.into());
        }
        Ok(Self { until_at: Some(now), version: self.version + 1, ..self }.told("ended", now))
    }

    fn told(self, what: &'static str, now: Instant) -> Told<Self> {
        let event = Event::new(Subject::Guardianship, self.id, self.version, what)
            .of_student(self.student_id)
            .now(self.state(now))
            .naming("guardianId", self.guardian_id);
        Told { thing: self, event }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Word, time::start_of};
    use crate::state_table::cells;

    /// Drawn as of the day after the student's eighteenth birthday, and of the day before for `minor`.
    const GUARDIANSHIP: &str = "
                     consent    withdrawConsent
    minor            -          -
    awaitingConsent  consented  -
    consented        -          awaitingConsent
    ended            -          -
    ";

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn facts() -> GuardianshipFacts {
        GuardianshipFacts {
            student_id: StudentId::in_order(),
            birth_date: Some(date("2008-09-15")),
            guardian_known: true,
            already: false,
        }
    }

    fn begun() -> Guardianship {
        Guardianship::begin(PersonId::in_order(), start_of(date("2025-01-01")), facts()).unwrap().thing
    }

    #[test]
    fn what_a_guardian_sees_follows_the_students_birthdays() {
        let guardianship = begun();
        assert_eq!(guardianship.sixteen_at, start_of(date("2024-09-15")));
        assert_eq!(guardianship.eighteen_at, start_of(date("2026-09-15")));
        assert_eq!(guardianship.state(start_of(date("2026-09-14"))), GuardianshipStateName::Minor);
        assert_eq!(guardianship.state(start_of(date("2026-09-15"))), GuardianshipStateName::AwaitingConsent);
    }

    #[test]
    fn al_3_a_guardianship_goes_where_the_table_says_and_nowhere_else() {
        let (before, after) = (start_of(date("2026-09-14")), start_of(date("2026-09-16")));
        let consented = || begun().decide(&GuardianshipDecision::Consent {}, after).unwrap().thing;
        let cells = cells(GUARDIANSHIP);
        assert_eq!(cells.len(), GuardianshipStateName::ALL.len() * 2);
        for cell in cells {
            let place = format!("{} in {}", cell.decision, cell.state);
            let (guardianship, now) = match cell.state {
                "minor" => (begun(), before),
                "awaitingConsent" => (begun(), after),
                "consented" => (consented(), after),
                _ => (consented().end(after).unwrap().thing, after),
            };
            assert_eq!(guardianship.state(now).word(), cell.state, "{place}");
            let decision: GuardianshipDecision = serde_json::from_value(serde_json::json!({"decision": cell.decision})).unwrap();
            assert_eq!(guardianship.open_actions(now).contains(&decision.action()), cell.next.is_some(), "{place}");
            match (guardianship.clone().decide(&decision, now), cell.next) {
                (Ok(Told { thing, event }), Some(next)) => {
                    assert_eq!((thing.state(now).word(), thing.version), (next, guardianship.version + 1), "{place}");
                    assert_eq!((event.version, event.facts()["state"].as_str()), (thing.version, Some(next)), "{place}");
                }
                (Err(refusal), None) => {
                    assert_eq!(refusal, Refusal::illegal(GuardianshipFault::NotOpen, guardianship.state(now)), "{place}");
                }
                (taken, _) => panic!("{place}: {taken:?}"),
            }
        }
    }

    #[test]
    fn a_guardianship_ends_once() {
        let after = start_of(date("2026-09-16"));
        let ended = begun().end(after).unwrap().thing;
        assert_eq!(ended.end(after).unwrap_err(), GuardianshipFault::Ended.into());
    }

    #[test]
    fn without_a_birth_date_nobody_knows_what_a_guardian_may_see() {
        let unknown = GuardianshipFacts { birth_date: None, ..facts() };
        let refused = Guardianship::begin(PersonId::in_order(), start_of(date("2025-01-01")), unknown).unwrap_err();
        assert_eq!(refused, GuardianshipFault::BirthDateUnknown.into());
    }

    #[test]
    fn a_guardian_is_someone_known_or_someone_new_and_not_both() {
        let neither =
            NewGuardianship { person_id: None, given_name: None, family_name_prefix: None, family_name: None, email: None };
        assert!(neither.clone().who().is_err());
        let known = NewGuardianship { person_id: Some(PersonId::in_order()), ..neither.clone() };
        assert!(matches!(known.clone().who(), Ok(Who::Known(_))));
        assert!(NewGuardianship { email: Email::parse("a@b.nl"), ..known }.who().is_err());
        let new = NewGuardianship {
            given_name: Line::parse("Eva"),
            family_name: Line::parse("Bos"),
            email: Email::parse("a@b.nl"),
            ..neither
        };
        assert!(matches!(new.who(), Ok(Who::New { .. })));
    }
}
