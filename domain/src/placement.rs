//! Work placements (BPV): where a student trains at a learning company, with whom, and from when until when (BP-1). What a
//! workplace trainer sees of a student follows from the placement that is running (BP-2).

use chrono::{Days, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::Action;
use crate::kernel::time::{is_near, start_of};
use crate::kernel::{Event, Findings, Instant, Line, PersonId, PlacementId, Prose, Refusal, StudentId, Subject, Told};

crate::faults! {
    /// What can be wrong with a placement.
    pub enum PlacementFault {
        DatesOutOfRange: Invalid "placement.dates-out-of-range"
            en "A placement begins and ends within two years of today."
            nl "Een stage begint en eindigt binnen twee jaar van vandaag.",
        EndsBeforeStart: Invalid "placement.ends-before-start"
            en "A placement ends on the day on which it begins, or later."
            nl "Een stage eindigt op de dag waarop zij begint, of later.",
        EndsInPast: Invalid "placement.ends-in-past"
            en "This placement would be over already."
            nl "Deze stage zou al voorbij zijn.",
        OwnTrainer: Invalid "placement.own-trainer"
            en "Nobody is their own workplace trainer."
            nl "Niemand is de eigen praktijkopleider.",
        NoTrainer: Invalid "placement.no-trainer"
            en "Nobody with this id has the role workplaceTrainer now."
            nl "Niemand met deze id heeft nu de rol workplaceTrainer.",
        NotEnrolled: Conflict "placement.not-enrolled"
            en "This student is not enrolled now."
            nl "Deze student is nu niet ingeschreven.",
        NotOpen: Conflict "placement.decision-not-open"
            en "This placement is over."
            nl "Deze stage is voorbij.",
    }
}

crate::words! {
    /// Where a placement is; time alone moves it on from the first day to the last.
    pub enum PlacementStateName {
        Planned = "planned",
        /// From the first day through the last: the trainer sees what is of the placement.
        Running = "running",
        Completed = "completed",
        /// It was ended before its last day.
        Ended = "ended",
    }
}

/// A student at a learning company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    pub id: PlacementId,
    pub version: i64,
    pub student_id: StudentId,
    pub trainer_id: PersonId,
    pub learning_company: Line,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub ended: Option<Ended>,
}

/// That it was ended before its last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub at: Instant,
    /// Of who ended it; none where it ended with the student's stay.
    pub reason: Option<Prose>,
}

/// A placement to be planned.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPlacement {
    /// The recognised learning company (leerbedrijf).
    pub learning_company: Line,
    /// Who trains the student there; has the role `workplaceTrainer`.
    pub trainer_id: PersonId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
}

/// A decision on a placement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum PlacementDecision {
    /// Ends it before its last day: from this moment on the trainer sees nothing.
    End { reason: Prose },
}

impl PlacementDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::End { .. } => Action::EndPlacement,
        }
    }
}

/// What is known around a placement that is to be planned.
#[derive(Clone, Copy, Debug)]
pub struct PlacementFacts {
    pub student_id: StudentId,
    /// The student has an enrolment that runs.
    pub enrolled: bool,
    /// There is such a person, who has the role now.
    pub is_trainer: bool,
}

impl Placement {
    /// # Errors
    /// Everything that is wrong with it, otherwise [`PlacementFault::NotEnrolled`].
    pub fn plan(new: &NewPlacement, facts: PlacementFacts, now: Instant) -> Result<Told<Self>, Refusal> {
        use PlacementFault as F;
        let planned = Self {
            id: PlacementId::in_order(),
            version: 1,
            student_id: facts.student_id,
            trainer_id: new.trainer_id,
            learning_company: new.learning_company.clone(),
            starts_on: new.starts_on,
            ends_on: new.ends_on,
            ended: None,
        };
        let mut found = Findings::default();
        found
            .note(!is_near(new.starts_on, now), "/startsOn", F::DatesOutOfRange)
            .note(!is_near(new.ends_on, now), "/endsOn", F::DatesOutOfRange)
            .note(new.ends_on < new.starts_on, "/endsOn", F::EndsBeforeStart)
            .note(new.ends_on >= new.starts_on && planned.until_at() <= now, "/endsOn", F::EndsInPast)
            .note(planned.trainer_id == facts.student_id.person(), "/trainerId", F::OwnTrainer)
            .note(!facts.is_trainer, "/trainerId", F::NoTrainer);
        found.settle()?;
        if !facts.enrolled {
            return Err(F::NotEnrolled.into());
        }
        Ok(planned.told("planned", now))
    }

    /// From when on the trainer is bound to the student.
    pub fn from_at(&self) -> Instant {
        start_of(self.starts_on)
    }

    /// From when on the trainer is not bound any more.
    pub fn until_at(&self) -> Instant {
        let last = start_of(self.ends_on.checked_add_days(Days::new(1)).unwrap_or(self.ends_on));
        self.ended.as_ref().map_or(last, |ended| last.min(ended.at))
    }

    pub fn state(&self, now: Instant) -> PlacementStateName {
        match &self.ended {
            Some(_) => PlacementStateName::Ended,
            None if now < self.from_at() => PlacementStateName::Planned,
            None if now < self.until_at() => PlacementStateName::Running,
            None => PlacementStateName::Completed,
        }
    }

    /// What the state allows, whoever asks.
    pub fn open_actions(&self, now: Instant) -> &'static [Action] {
        match self.state(now) {
            PlacementStateName::Planned | PlacementStateName::Running => &[Action::EndPlacement],
            PlacementStateName::Completed | PlacementStateName::Ended => &[],
        }
    }

    /// # Errors
    /// [`PlacementFault::NotOpen`] where it is over.
    pub fn decide(&self, decision: &PlacementDecision, now: Instant) -> Result<Told<Self>, Refusal> {
        use {PlacementDecision as D, PlacementStateName as S};
        match (self.state(now), decision) {
            (S::Planned | S::Running, D::End { reason }) => Ok(self.ended(Some(reason.clone()), now)),
            (state @ (S::Completed | S::Ended), D::End { .. }) => Err(Refusal::illegal(PlacementFault::NotOpen, state)),
        }
    }

    /// Ends with the student's stay; none where it is over already.
    pub fn end_with_stay(&self, now: Instant) -> Option<Told<Self>> {
        (!self.open_actions(now).is_empty()).then(|| self.ended(None, now))
    }

    fn ended(&self, reason: Option<Prose>, now: Instant) -> Told<Self> {
        let ended = Some(Ended { at: now, reason });
        Self { ended, version: self.version + 1, ..self.clone() }.told("ended", now)
    }

    fn told(self, what: &'static str, now: Instant) -> Told<Self> {
        let event = Event::new(Subject::Placement, self.id, self.version, what)
            .of_student(self.student_id)
            .now(self.state(now))
            .naming("trainerId", self.trainer_id);
        Told { thing: self, event }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Word;
    use crate::state_table::cells;

    const PLACEMENT: &str = "
               end
    planned    ended
    running    ended
    completed  -
    ended      -
    ";

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        start_of(date(text))
    }

    fn new() -> NewPlacement {
        serde_json::from_value(serde_json::json!({
            "learningCompany": "De Lindehof", "trainerId": PersonId::in_order(), "startsOn": "2026-11-02", "endsOn": "2027-01-29"
        }))
        .unwrap()
    }

    fn facts() -> PlacementFacts {
        PlacementFacts { student_id: StudentId::in_order(), enrolled: true, is_trainer: true }
    }

    fn planned() -> Placement {
        Placement::plan(&new(), facts(), at("2026-10-01")).unwrap().thing
    }

    #[test]
    fn bp_1_a_placement_goes_where_the_table_says_and_nowhere_else() {
        let end: PlacementDecision =
            serde_json::from_value(serde_json::json!({ "decision": "end", "reason": "Het bedrijf sluit." })).unwrap();
        let cells = cells(PLACEMENT);
        assert_eq!(cells.len(), PlacementStateName::ALL.len());
        for cell in cells {
            let (placement, now) = match cell.state {
                "planned" => (planned(), at("2026-11-01")),
                "running" => (planned(), at("2027-01-29")),
                "completed" => (planned(), at("2027-01-30")),
                _ => (planned().decide(&end, at("2026-11-03")).unwrap().thing, at("2026-11-03")),
            };
            assert_eq!(placement.state(now).word(), cell.state);
            assert_eq!(placement.open_actions(now).contains(&end.action()), cell.next.is_some());
            assert_eq!(placement.end_with_stay(now).is_some(), cell.next.is_some());
            match (placement.decide(&end, now), cell.next) {
                (Ok(Told { thing, event }), Some(next)) => {
                    assert_eq!((thing.state(now).word(), thing.version, thing.until_at()), (next, 2, now));
                    assert_eq!(event.facts()["state"], next);
                }
                (Err(refusal), None) => {
                    assert_eq!(refusal, Refusal::illegal(PlacementFault::NotOpen, placement.state(now)));
                }
                (taken, _) => panic!("{}: {taken:?}", cell.state),
            }
        }
    }

    #[test]
    fn bp_2_a_trainer_is_bound_from_the_first_day_through_the_last() {
        assert_eq!((planned().from_at(), planned().until_at()), (at("2026-11-02"), at("2027-01-30")));
    }

    #[test]
    fn everything_that_is_wrong_with_a_placement_is_told_at_once() {
        let refused = |new: &NewPlacement, facts| match Placement::plan(new, facts, at("2027-03-01")) {
            Err(Refusal::Findings(found)) => found,
            other => panic!("{other:?}"),
        };
        let unknown = PlacementFacts { is_trainer: false, enrolled: false, ..facts() };
        let past = refused(&new(), unknown);
        assert_eq!(past, [PlacementFault::EndsInPast.at("/endsOn"), PlacementFault::NoTrainer.at("/trainerId")]);
        let backwards = NewPlacement { starts_on: date("2037-06-01"), ends_on: date("2027-05-01"), ..new() };
        let student = StudentId::in_order();
        let backwards = NewPlacement { trainer_id: student.person(), ..backwards };
        let own = PlacementFacts { student_id: student, ..facts() };
        assert_eq!(
            refused(&backwards, own),
            [
                PlacementFault::DatesOutOfRange.at("/startsOn"),
                PlacementFault::EndsBeforeStart.at("/endsOn"),
                PlacementFault::OwnTrainer.at("/trainerId")
            ]
        );
        let gone = PlacementFacts { enrolled: false, ..facts() };
        assert_eq!(Placement::plan(&new(), gone, at("2026-10-01")).unwrap_err(), PlacementFault::NotEnrolled.into());
    }
}
