//! The close of a programme: one decision of student and coach, and what it makes happen (SP-5).

use domain::access::{Action, Permit, Unit};
use domain::enrolment::{EnrolmentStateName, Leaving};
use domain::kernel::time::date_at;
use domain::kernel::{EnrolmentId, ProgrammeId};
use domain::start_programme::{AfterClose, CloseFacts, CloseOutcome, Departure, Holiday, Programme, ProgrammeDecision};
use persistence::start_programme::{self as rows, Standing};
use persistence::{Reading, Trouble, Writing};

use super::programmes::programme;
use super::view::{StartProgrammeView, answer};
use crate::http::{At, Body, Caller, Outcome};
use crate::reactions;

pub async fn decide(
    caller: Caller,
    At(id): At<ProgrammeId>,
    Body(decision): Body<ProgrammeDecision>,
) -> Outcome<StartProgrammeView> {
    caller
        .change(move |writing| {
            let seen = programme(writing, id)?;
            let permit = seen.permit(decision.action())?;
            let before = &seen.thing;
            let known = Known::gather(writing, permit, before, &decision)?;
            let decided = before
                .decide(decision.clone(), writing.now(), known.facts())
                .map_err(|refusal| refusal.opening(seen.open(before.open_actions())))?;
            rows::update_state(writing, permit, &decided.programme, before.weeks.len())?;
            react(writing, permit, before.enrolment_id, decided.then, known.standing)?;
            answer(seen.with(decided.programme.thing), date_at(writing.now()))
        })
        .await
}

/// What is known when a programme closes.
struct Known {
    standing: Option<Standing>,
    landscape_known: bool,
    holidays: Vec<Holiday>,
}

impl Known {
    /// Reads what the outcome asks for, and no more.
    fn gather(
        reading: &mut Reading<'_>,
        permit: Permit,
        programme: &Programme,
        decision: &ProgrammeDecision,
    ) -> Result<Self, Trouble> {
        let ProgrammeDecision::Close { outcome, landscape_id, .. } = decision;
        let mut known = Self { standing: None, landscape_known: false, holidays: Vec::new() };
        match (outcome, landscape_id, programme.weeks.last()) {
            (CloseOutcome::Continue, _, _) => {
                known.standing = rows::standing_of_enrolment(reading, permit, programme.enrolment_id)?;
            }
            (CloseOutcome::Switch, Some(landscape_id), _) => {
                let permit = reading.actor().permit(Action::ReadLandscape, Unit::Landscape(*landscape_id))?;
                known.landscape_known = persistence::organisation::find_landscape(reading, permit, *landscape_id)?.is_some();
            }
            (CloseOutcome::Prolong, _, Some(last)) => {
                known.holidays = rows::holidays_around(reading, permit, last.starts_on)?;
            }
            (CloseOutcome::Switch | CloseOutcome::Prolong | CloseOutcome::Leave, _, _) => {}
        }
        Ok(known)
    }

    fn facts(&self) -> CloseFacts<'_> {
        CloseFacts {
            motivation_stated: self.standing.is_some_and(|standing| standing.motivated),
            landscape_known: self.landscape_known,
            holidays: &self.holidays,
        }
    }
}

fn react(
    writing: &mut Writing<'_>,
    permit: Permit,
    enrolment_id: EnrolmentId,
    then: AfterClose,
    standing: Option<Standing>,
) -> Result<(), Trouble> {
    match then {
        AfterClose::Continue => match standing {
            Some(Standing { state: EnrolmentStateName::Definitive, .. }) => Ok(()),
            _ => reactions::confirm_by_closing(writing, permit, enrolment_id),
        },
        AfterClose::Switch { landscape_id, motivation } => {
            reactions::request_switch_by_closing(writing, permit, enrolment_id, landscape_id, motivation)
        }
        AfterClose::Prolong { .. } => Ok(()),
        AfterClose::Leave(departure) => reactions::leave_by_closing(writing, permit, enrolment_id, leaving(departure)),
    }
}

fn leaving(departure: Departure) -> Leaving {
    let Departure { left_on, reason, destination, basic_qualification, further_education } = departure;
    Leaving { left_on, reason, destination, basic_qualification, further_education }
}
