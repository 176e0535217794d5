//! Enrolment and coaching (EN-1 to EN-6): enrolments, switches, handovers, the chain of coaches, caseloads.

mod coaches;
mod enrolments;
mod handovers;
mod switches;
mod view;

pub use view::EnrolmentView;

use domain::access::{Action, Guarded, Permit, Seen};
use domain::enrolment::{CoachAssignment, Enrolment, EnrolmentFacts, EnrolmentFault, Handover, Switch};
use domain::kernel::{Instant, KernelFault, Refusal, SwitchId, Word};
use persistence::enrolment::{coaching, switches as switch_rows};
use persistence::{Reading, Trouble};

use crate::http::{Operation, get, post};

pub const TAG: &str = "Enrolment and coaching";

pub fn operations() -> Vec<Operation> {
    vec![
        get("/enrolments", "listEnrolments", "Enrolments, oldest first", enrolments::list)
            .text("The enrolments that the caller may see, of students to whom they have a relation now."),
        get("/enrolments/{id}", "getEnrolment", "One enrolment", enrolments::get)
            .text("What is shown depends on who asks: a proposed coach sees name and programme, a teacher nothing that people wrote. Who left is classed as an early school leaver or not by age, on the next 1 October, and qualification; nobody types it in."),
        post("/enrolments/{id}/decisions", "decideOnEnrolment", "Takes a decision on an enrolment", enrolments::decide)
            .text("`stateMotivation` by the student, `confirm` by the coach, `requestSwitch` by the student, the coach or the team leader, `leave` and `graduate` by the coach or the team leader, `correctLeaving` by the team leader once the student has left. The answer to `requestSwitch` has `switchId`."),
        get("/switches", "listSwitches", "Switches, oldest first", switches::list)
            .text("The switches that the caller may see; a coach of the receiving landscape those that are unanswered, without the motivation."),
        get("/switches/{id}", "getSwitch", "One switch", switches::get)
            .text("A switch to another landscape is never counted as leaving."),
        post("/switches/{id}/decisions", "decideOnSwitch", "Answers a switch, or withdraws it", switches::decide)
            .text("`accept` and `refuse` by a coach of the receiving landscape, `withdraw` by the student, the coach or the team leader. With `accept` the enrolment is switched, a provisional one begins, and the new coach is responsible, all at one moment."),
        get("/students/{id}/coaches", "listCoachesOfStudent", "The chain of a student's responsible coaches", coaches::chain)
            .text("Without gap or overlap: each is responsible until the very instant at which the next one is."),
        post("/students/{id}/handovers", "proposeHandover", "Proposes that another coach takes over", handovers::propose)
            .text("By the coach or the team leader. Until it is accepted the coach of now stays responsible, and the new one sees nothing but the proposal."),
        get("/handovers", "listHandovers", "Handovers, oldest first", handovers::list)
            .text("The handovers that the caller may see; a proposed coach those that are unanswered."),
        get("/handovers/{id}", "getHandover", "One handover", handovers::get).text("For those concerned."),
        post("/handovers/{id}/decisions", "decideOnHandover", "Answers a handover, or withdraws it", handovers::decide)
            .text("`accept` and `refuse` by the proposed coach, `withdraw` by the coach of now or the team leader. From `accept` on the new coach is responsible, and the coach before sees nothing any more."),
        get("/coaches/{id}/caseload", "getCaseload", "Whom a coach has, those first who ask for attention", coaches::caseload)
            .text("For the coach; a team leader sees those of the own team. First whose coach or landscape is about to change, then who waits for a confirmation, then who lags in the start programme, then the others, each by name."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}

/// What surrounds an enrolment at this moment, as far as a decision needs it.
#[derive(Default)]
pub struct Around {
    coach: Option<CoachAssignment>,
    handover: Option<Handover>,
    switch: Option<Switch>,
}

impl Around {
    /// The open end of the chain, and what was asked and is unanswered.
    ///
    /// # Errors
    /// Only what the database ends in.
    pub fn of(reading: &mut Reading<'_>, permit: Permit, enrolment: &Enrolment) -> Result<Self, Trouble> {
        let coach = coaching::current_link(reading, permit, enrolment.student_id)?;
        let handover = coaching::open_handover(reading, permit, enrolment.student_id)?;
        let switch = match enrolment.open_switch_id {
            Some(id) => switch_rows::switch(reading, permit, id)?,
            None => None,
        };
        Ok(Self { coach, handover, switch })
    }

    /// The moment at which the chain can go on or end.
    pub fn moment(&self, now: Instant) -> Instant {
        self.coach.as_ref().map_or(now, |coach| coach.moment(now))
    }

    pub fn facts(&self, landscape_known: bool) -> EnrolmentFacts<'_> {
        EnrolmentFacts {
            coach: self.coach.as_ref(),
            handover: self.handover.as_ref(),
            switch: self.switch.as_ref(),
            landscape_known,
            switch_id: SwitchId::in_order(),
        }
    }
}

/// On what ground the caller might take a decision when the request arrived; none where they might not. Who was asked
/// and whose answer was given before might too, to be told so.
fn at_arrival<T>(found: Option<Guarded<T>>, action: Action) -> Option<Permit> {
    found.and_then(|guarded| guarded.permit(action).ok()).map(|(_, permit)| permit)
}

/// What is to be decided on, and the permit to do so.
fn decidable<T>(found: Guarded<T>, read: Action, action: Action) -> Result<(Seen<T>, Permit), Refusal> {
    let seen = found.read(read)?;
    let permit = seen.permit(action)?;
    Ok((seen, permit))
}

/// Who might decide when the request arrived, and was overtaken by an answer, which took that right away, is
/// told that it is answered; anyone else what they were refused for.
fn overtaken(refusal: Refusal, answered: Option<impl Word>) -> Trouble {
    answered.map_or(refusal, |state| Refusal::illegal(EnrolmentFault::NotOpen, state)).into()
}

fn absent() -> Trouble {
    KernelFault::Absent.into()
}
