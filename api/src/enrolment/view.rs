//! What is shown of enrolments, switches and handovers, as far as each reader may see it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Seen, Sight};
use domain::enrolment::{EnrolmentStateName, HandoverStateName, Leaving, SwitchStateName, is_early_school_leaving};
use domain::kernel::{Crebo, EnrolmentId, HandoverId, LandscapeId, Line, PersonId, Prose, Route, StudentId, SwitchId, TeamId};
use persistence::enrolment::{Enrolled, coaching::Proposed, switches::Requested};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::PersonName;
use crate::http::OpenDecisions;
use crate::including::EnrolmentIncluded;

/// An enrolment (inschrijving): one student, one qualification, one team, with a coach from the first moment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentView {
    id: EnrolmentId,
    state: EnrolmentStateName,
    version: i64,
    open_decisions: OpenDecisions,
    student_id: StudentId,
    student: PersonName,
    landscape_id: LandscapeId,
    team_id: TeamId,
    /// Null for a workplace trainer.
    #[schema(required = true)]
    crebo: Option<Crebo>,
    /// What the crebo stands for, after the newest dossier that was imported; null where none has it, and for a workplace trainer.
    #[schema(required = true, max_length = 300)]
    qualification: Option<String>,
    /// Null for a workplace trainer.
    #[schema(required = true)]
    route: Option<Route>,
    /// The first day; null for a proposed coach.
    #[schema(required = true)]
    starts_on: Option<NaiveDate>,
    /// The responsible coach now; null once the stay is over, and for who sees name and programme or period alone.
    #[schema(required = true)]
    coach: Option<PersonName>,
    /// The enrolment that was switched to this one.
    #[schema(required = true)]
    previous_enrolment_id: Option<EnrolmentId>,
    /// The enrolment that this one was switched to.
    #[schema(required = true)]
    next_enrolment_id: Option<EnrolmentId>,
    /// The switch that is requested and unanswered.
    #[schema(required = true)]
    switch_id: Option<SwitchId>,
    /// What the student wants and why; null as long as it is not stated, and for who sees no texts.
    #[schema(required = true)]
    motivation: Option<Prose>,
    #[schema(required = true)]
    motivated_at: Option<DateTime<Utc>>,
    /// When the coach made it definitive.
    #[schema(required = true)]
    confirmed_at: Option<DateTime<Utc>>,
    /// When it ended, whichever way.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
    #[schema(required = true)]
    graduated_on: Option<NaiveDate>,
    /// What is recorded of who left.
    #[schema(required = true)]
    leaving: Option<LeavingView>,
    /// What `include` asks for; null where it asks for nothing.
    #[schema(required = true)]
    included: Option<EnrolmentIncluded>,
}

impl EnrolmentView {
    /// The same with this embedded.
    #[must_use]
    pub fn including(self, included: Option<EnrolmentIncluded>) -> Self {
        Self { included, ..self }
    }
}

/// What is recorded of who left, and what follows from it (EN-5).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeavingView {
    /// The last day at school.
    left_on: NaiveDate,
    /// Null for who sees no texts.
    #[schema(required = true)]
    reason: Option<Prose>,
    /// Null where nobody said, and for who sees no texts.
    #[schema(required = true)]
    destination: Option<Line>,
    /// Held a basic qualification (startkwalificatie); null as long as it is unknown.
    #[schema(required = true)]
    basic_qualification: Option<bool>,
    /// Went on in education elsewhere.
    further_education: bool,
    /// Early school leaving (voortijdig schoolverlaten, VSV), computed as of the first 1 October after the last day; null as long as
    /// it is not known, because the birth date or the basic qualification is not.
    #[schema(required = true)]
    early_school_leaver: Option<bool>,
}

impl LeavingView {
    fn of(leaving: Leaving, birth_date: Option<NaiveDate>, texts: bool) -> Self {
        let early_school_leaver = is_early_school_leaving(birth_date, &leaving);
        Self {
            left_on: leaving.left_on,
            reason: Some(leaving.reason).filter(|_| texts),
            destination: leaving.destination.filter(|_| texts),
            basic_qualification: leaving.basic_qualification,
            further_education: leaving.further_education,
            early_school_leaver,
        }
    }
}

impl From<Seen<Enrolled>> for EnrolmentView {
    fn from(seen: Seen<Enrolled>) -> Self {
        let open_decisions = OpenDecisions(seen.open(&seen.thing.enrolment.open_actions()));
        let sight = seen.sight();
        let (texts, course) = (sight == Sight::Full, sight >= Sight::Progress);
        let Enrolled { enrolment, student, birth_date, coach, qualification } = seen.thing;
        let parts = enrolment.state.parts();
        let motivated_at = enrolment.motivation.as_ref().map(|motivation| motivation.stated_at);
        Self {
            id: enrolment.id,
            state: parts.state,
            version: enrolment.version,
            open_decisions,
            student_id: enrolment.student_id,
            student: student.into(),
            landscape_id: enrolment.landscape_id,
            team_id: enrolment.team_id,
            crebo: Some(enrolment.crebo).filter(|_| sight >= Sight::NameAndProgramme),
            qualification: qualification.filter(|_| sight >= Sight::NameAndProgramme),
            route: Some(enrolment.route).filter(|_| sight >= Sight::NameAndProgramme),
            starts_on: Some(enrolment.starts_on).filter(|_| course || sight == Sight::NameAndPeriod),
            coach: coach.map(PersonName::from).filter(|_| course),
            previous_enrolment_id: enrolment.previous_id.filter(|_| course),
            next_enrolment_id: parts.next_id.filter(|_| course),
            switch_id: enrolment.open_switch_id.filter(|_| course),
            motivation: enrolment.motivation.map(|motivation| motivation.text).filter(|_| texts),
            motivated_at: motivated_at.filter(|_| course),
            confirmed_at: parts.confirmed_at.filter(|_| course),
            ended_at: parts.ended_at.filter(|_| course || sight == Sight::NameAndPeriod),
            graduated_on: parts.graduated_on.filter(|_| course),
            leaving: parts.leaving.filter(|_| course).map(|leaving| LeavingView::of(leaving, birth_date, texts)),
            included: None,
        }
    }
}

/// A switch: the request to go on in another landscape, and what became of it (EN-4).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SwitchView {
    id: SwitchId,
    state: SwitchStateName,
    version: i64,
    open_decisions: OpenDecisions,
    student_id: StudentId,
    student: PersonName,
    /// The enrolment that is switched.
    enrolment_id: EnrolmentId,
    from_landscape_id: LandscapeId,
    /// The receiving landscape.
    landscape_id: LandscapeId,
    /// Why, in the words of who asked; null for who sees no texts, such as the coaches of the receiving landscape until
    /// one of them is the student's.
    #[schema(required = true)]
    motivation: Option<Prose>,
    requested_by_id: PersonId,
    requested_at: DateTime<Utc>,
    #[schema(required = true)]
    answered_at: Option<DateTime<Utc>>,
    /// The provisional enrolment that it became; null unless accepted.
    #[schema(required = true)]
    new_enrolment_id: Option<EnrolmentId>,
    /// How many weeks of the start programme count as done; null unless accepted.
    #[schema(required = true, minimum = 0, maximum = 10)]
    credited_weeks: Option<u8>,
    /// Why it was refused; null unless it was, and for who sees no texts.
    #[schema(required = true)]
    refusal: Option<Prose>,
}

impl From<Seen<Requested>> for SwitchView {
    fn from(seen: Seen<Requested>) -> Self {
        let open_decisions = OpenDecisions(seen.open(seen.thing.switch.open_actions()));
        let texts = seen.sight() == Sight::Full;
        let Requested { switch, student } = seen.thing;
        let parts = switch.state.parts();
        Self {
            id: switch.id,
            state: parts.state,
            version: switch.version,
            open_decisions,
            student_id: switch.student_id,
            student: student.into(),
            enrolment_id: switch.enrolment_id,
            from_landscape_id: switch.from_landscape_id,
            landscape_id: switch.landscape_id,
            motivation: Some(switch.motivation).filter(|_| texts),
            requested_by_id: switch.requested_by,
            requested_at: switch.requested_at,
            answered_at: parts.answered_at,
            new_enrolment_id: parts.next_id,
            credited_weeks: parts.credited_weeks,
            refusal: parts.refusal.filter(|_| texts),
        }
    }
}

/// A handover: the proposal that another coach takes over, and what became of it (EN-2).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HandoverView {
    id: HandoverId,
    state: HandoverStateName,
    version: i64,
    open_decisions: OpenDecisions,
    student_id: StudentId,
    student: PersonName,
    /// The enrolment at the time of the proposal.
    enrolment_id: EnrolmentId,
    landscape_id: LandscapeId,
    /// The coach who stays responsible until it is accepted.
    from_coach_id: PersonId,
    /// The coach who is asked.
    coach_id: PersonId,
    /// Null for who sees no texts.
    #[schema(required = true)]
    reason: Option<Prose>,
    proposed_by_id: PersonId,
    proposed_at: DateTime<Utc>,
    #[schema(required = true)]
    answered_at: Option<DateTime<Utc>>,
    /// Why it was refused; null unless it was, and for who sees no texts.
    #[schema(required = true)]
    refusal: Option<Prose>,
}

impl From<Seen<Proposed>> for HandoverView {
    fn from(seen: Seen<Proposed>) -> Self {
        let open_decisions = OpenDecisions(seen.open(seen.thing.handover.open_actions()));
        let texts = seen.sight().is_whole();
        let Proposed { handover, enrolment_id, student } = seen.thing;
        Self {
            id: handover.id,
            state: handover.state.name(),
            version: handover.version,
            open_decisions,
            student_id: handover.student_id,
            student: student.into(),
            enrolment_id,
            landscape_id: handover.landscape_id,
            from_coach_id: handover.from_coach_id,
            coach_id: handover.coach_id,
            reason: Some(handover.reason).filter(|_| texts),
            proposed_by_id: handover.proposed_by,
            proposed_at: handover.proposed_at,
            answered_at: handover.state.answered_at(),
            refusal: handover.state.refusal().cloned().filter(|_| texts),
        }
    }
}
