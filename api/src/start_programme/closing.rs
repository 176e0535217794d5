//! The close of a programme: one decision of student and coach, and what it makes happen (SP-5).

use domain::access::{Action, Permit, Unit};
use domain::conversation::ConversationKind;
use domain::enrolment::Leaving;
use domain::kernel::{EnrolmentId, ProgrammeId, Refusal};
use domain::start_programme::{AfterClose, CloseFacts, CloseOutcome, Departure, Holiday, Programme, ProgrammeDecision};
use persistence::start_programme as rows;
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
            let open = || seen.open(before.open_actions());
            let known = Known::gather(writing, permit, before, &decision)?;
            let decided =
                before.decide(decision.clone(), writing.now(), known.facts()).map_err(|refusal| refusal.opening(open()))?;
            rows::update_state(writing, permit, &decided.programme, before.weeks.len())?;
            react(writing, permit, before.enrolment_id, decided.then).map_err(|trouble| match trouble {
                // The caller decided on the programme: that is what the answer speaks of.
                Trouble::Refused(Refusal::Illegal { fault, .. }) => {
                    Refusal::illegal(fault, before.state.name()).opening(open()).into()
                }
                other => other,
            })?;
            answer(writing, seen.with(decided.programme.thing))
        })
        .await
}

/// What is known when a programme closes.
struct Known {
    motivation_stated: bool,
    landscape_known: bool,
    conversation_held: bool,
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
        let ProgrammeDecision::Close { outcome, landscape_id, conversation_id, .. } = decision;
        let mut known = Self { motivation_stated: false, landscape_known: false, conversation_held: false, holidays: Vec::new() };
        if let Some(conversation) = conversation_id {
            let found = persistence::conversations::held_of(reading, permit, programme.student_id, *conversation)?;
            known.conversation_held =
                found.is_some_and(|(kind, state)| kind == ConversationKind::StartProgrammeClosing && state.was_held());
        }
        match (outcome, landscape_id, programme.weeks.last()) {
            (CloseOutcome::Continue, _, _) => {
                let enrolment = persistence::enrolment::enrolment(reading, permit, programme.enrolment_id)?;
                known.motivation_stated = enrolment.is_some_and(|enrolment| enrolment.motivation.is_some());
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
            motivation_stated: self.motivation_stated,
            landscape_known: self.landscape_known,
            conversation_held: self.conversation_held,
            holidays: &self.holidays,
        }
    }
}

fn react(writing: &mut Writing<'_>, permit: Permit, enrolment_id: EnrolmentId, then: AfterClose) -> Result<(), Trouble> {
    match then {
        AfterClose::Continue => reactions::confirm_by_closing(writing, permit, enrolment_id),
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
