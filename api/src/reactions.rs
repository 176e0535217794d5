//! What else happens when something happened: the one place where a decision in one context reaches into another.

use domain::access::{Action, Permit, Seen};
use domain::conversation::{LearningQuestion, QuestionDecision, QuestionFacts};
use domain::enrolment::{
    Enrolment, EnrolmentDecision, EnrolmentOutcome, EnrolmentState, EnrolmentThen, Leaving, NewEnrolment, Switched,
};
use domain::kernel::{CoachAssignmentId, EnrolmentId, KernelFault, LandscapeId, LwpAssignmentId, Prose, RegistrationId, Told};
use domain::orientation::Placement;
use domain::start_programme::Programme;
use persistence::enrolment::{self as rows, stay, switches};
use persistence::{Trouble, Writing};

use crate::enrolment::Around;
use crate::start_programme::{self, Begun};
use crate::{conversations, lwps, placements, portfolio};

/// An applicant was placed: the student, the provisional enrolment, the first coach, and the start programme begin
/// in the same transaction (EN-1, SP-2), and what they left at orientation opens the portfolio (IN-2).
///
/// # Errors
/// What one of them is refused for; then nothing of it happens.
pub fn placed(writing: &mut Writing<'_>, permit: Permit, placement: &Placement) -> Result<(), Trouble> {
    let new = NewEnrolment {
        id: placement.enrolment_id,
        student_id: placement.student_id,
        landscape_id: placement.landscape_id,
        team_id: placement.team_id,
        coach_id: placement.coach_id,
        crebo: placement.crebo,
        route: placement.route,
        starts_on: placement.starts_on,
    };
    let placed = Enrolment::place(new, CoachAssignmentId::in_order(), writing.now());
    stay::begin(writing, permit, &placed, placement.application_id)?;
    portfolio::open(writing, permit, placement.student_id)?;
    start_programme::begin(writing, permit, &placed.enrolment.thing, 0).map(drop)
}

/// A prospect left an experience: of who became a student meanwhile it goes into the portfolio at once (IN-2).
///
/// # Errors
/// Only what the database ends in.
pub fn experience_added(writing: &mut Writing<'_>, permit: Permit, registration: RegistrationId) -> Result<(), Trouble> {
    match persistence::portfolio::opening::student_of(writing, permit, registration)? {
        Some(student) => portfolio::open(writing, permit, student),
        None => Ok(()),
    }
}

/// A decision was taken on an enrolment: what it makes happen is kept with it, and whose stay ends has no
/// start programme to follow, no placement and no conversation ahead any more (EN-3, EN-4, EN-5, SP-5, BP-2, CV-3).
///
/// # Errors
/// [`Trouble::Overtaken`] where something of it changed meanwhile.
pub fn enrolment_decided(writing: &mut Writing<'_>, permit: Permit, outcome: &EnrolmentOutcome) -> Result<(), Trouble> {
    let enrolment = &outcome.enrolment;
    match &outcome.then {
        EnrolmentThen::Nothing => rows::update_enrolment(writing, permit, enrolment),
        EnrolmentThen::SwitchRequested(switch) => {
            rows::update_enrolment(writing, permit, enrolment)?;
            switches::insert_switch(writing, permit, switch)
        }
        EnrolmentThen::Ended(ending) => {
            conversations::cancel_with_stay(writing, permit, enrolment.thing.student_id)?;
            stay::end(writing, permit, enrolment, ending)?;
            placements::end_with_stay(writing, permit, enrolment.thing.student_id)?;
            match &enrolment.thing.state {
                EnrolmentState::Left { leaving, .. } => {
                    start_programme::close_for_leaving(writing, permit, enrolment.thing.id, leaving.reason.clone())
                }
                EnrolmentState::Graduated { .. } => start_programme::stop_for_graduation(writing, permit, enrolment.thing.id),
                EnrolmentState::Provisional | EnrolmentState::Definitive { .. } | EnrolmentState::Switched { .. } => Ok(()),
            }
        }
    }
}

/// A switch was accepted: the stay goes on in the receiving landscape, and so does the start programme, with the
/// weeks that its coach credits (EN-4, SP-4). The programme before was stopped by then.
///
/// # Errors
/// [`Trouble::Overtaken`] where something of it changed meanwhile.
pub fn switched(writing: &mut Writing<'_>, permit: Permit, switched: &Switched) -> Result<(), Trouble> {
    stay::switch(writing, permit, switched)?;
    start_programme::begin(writing, permit, &switched.to.thing, switched.credited_weeks).map(drop)
}

/// A start programme began: the student gets the LWPs of its weeks (SP-2).
///
/// # Errors
/// Only what the database ends in.
pub fn programme_began(writing: &mut Writing<'_>, permit: Permit, begun: &Begun) -> Result<(), Trouble> {
    lwps::assign_by_programme(writing, permit, begun)
}

/// An LWP was assigned that works on a learning question: that is what became of the question (CV-4).
///
/// # Errors
/// [`Trouble::Overtaken`] where the question changed meanwhile.
pub fn lwp_works_on(
    writing: &mut Writing<'_>,
    question: &Seen<LearningQuestion>,
    assignment: LwpAssignmentId,
) -> Result<(), Trouble> {
    let permit = question.permit(Action::MakeLwpOfQuestion)?;
    let decision = QuestionDecision::MakeLwp { lwp_assignment_id: assignment };
    let made = question.thing.decide(&decision, writing.now(), QuestionFacts { is_lwp_known: true })?;
    persistence::conversations::questions::update(writing, permit, &made.question)
}

/// The weeks of a programme that is still to begin are others now: so are the days on which its LWPs are due (SP-2).
///
/// # Errors
/// [`Trouble::Overtaken`] where one of them changed meanwhile.
pub fn programme_rescheduled(
    writing: &mut Writing<'_>,
    permit: Permit,
    before: &Programme,
    after: &Programme,
) -> Result<(), Trouble> {
    let fridays = before.weeks.iter().zip(&after.weeks).map(|(before, after)| (before.friday(), after.friday()));
    lwps::move_with_programme(writing, permit, after.id, &fridays.collect::<Vec<_>>())
}

/// A switch was refused or withdrawn: the enrolment stays, and so does a start programme that had closed with that switch
/// (EN-4, SP-4).
///
/// # Errors
/// [`Trouble::Overtaken`] where something of it changed meanwhile.
pub fn switch_not_made(writing: &mut Writing<'_>, permit: Permit, enrolment: &Told<Enrolment>) -> Result<(), Trouble> {
    rows::update_enrolment(writing, permit, enrolment)?;
    start_programme::resume(writing, permit, enrolment.thing.id)
}

/// A start programme closed with `continue`: the enrolment becomes definitive, if it is not so yet (SP-5).
///
/// # Errors
/// What the enrolment refuses it for, such as a motivation that the student has not stated (EN-3).
pub fn confirm_by_closing(writing: &mut Writing<'_>, permit: Permit, enrolment_id: EnrolmentId) -> Result<(), Trouble> {
    let enrolment = rows::enrolment(writing, permit, enrolment_id)?.ok_or(KernelFault::Absent)?;
    match enrolment.state {
        EnrolmentState::Definitive { .. } => Ok(()),
        _ => decide(writing, permit, &enrolment, EnrolmentDecision::Confirm {}, false),
    }
}

/// A start programme closed with `leave`: the enrolment ends (SP-5, EN-5).
///
/// # Errors
/// What the enrolment refuses it for.
pub fn leave_by_closing(
    writing: &mut Writing<'_>,
    permit: Permit,
    enrolment_id: EnrolmentId,
    leaving: Leaving,
) -> Result<(), Trouble> {
    let enrolment = rows::enrolment(writing, permit, enrolment_id)?.ok_or(KernelFault::Absent)?;
    let around = Around::of(writing, permit, &enrolment)?;
    let outcome = enrolment.leave(leaving, around.moment(writing.now()), around.facts(false))?;
    enrolment_decided(writing, permit, &outcome)
}

/// A start programme closed with `switch`: the switch is requested (SP-5, EN-4).
///
/// # Errors
/// What the enrolment refuses it for, such as a switch that was requested already.
pub fn request_switch_by_closing(
    writing: &mut Writing<'_>,
    permit: Permit,
    enrolment_id: EnrolmentId,
    landscape_id: LandscapeId,
    motivation: Prose,
) -> Result<(), Trouble> {
    let enrolment = rows::enrolment(writing, permit, enrolment_id)?.ok_or(KernelFault::Absent)?;
    // Whether there is such a landscape was decided with the closing.
    decide(writing, permit, &enrolment, EnrolmentDecision::RequestSwitch { landscape_id, motivation }, true)
}

fn decide(
    writing: &mut Writing<'_>,
    permit: Permit,
    enrolment: &Enrolment,
    decision: EnrolmentDecision,
    landscape_known: bool,
) -> Result<(), Trouble> {
    let around = Around::default();
    let (by, now) = (writing.person()?, writing.now());
    let outcome = enrolment.decide(decision, by, now, around.facts(landscape_known))?;
    enrolment_decided(writing, permit, &outcome)
}
