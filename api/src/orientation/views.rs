//! Activities, registrations, applications and interviews as they are shown.

use crate::http::OpenDecisions;
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Seen, Sight};
use domain::kernel::{ActivityId, ApplicationId, EnrolmentId, LandscapeId, PersonId, Prose, RegistrationId, Secret, StudentId};
use domain::orientation::{
    ActivityKind, ApplicationState, ApplicationStateName, Experience, InterviewFindings, InterviewRecord, Registration,
    RegistrationStateName,
};
use persistence::orientation::activity::Offered;
use persistence::orientation::application::{Applicant, Applied};
use serde::Serialize;
use utoipa::ToSchema;

/// An orientation activity.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActivityView {
    id: ActivityId,
    kind: ActivityKind,
    #[schema(max_length = 200)]
    title: String,
    #[schema(required = true, max_length = 4000)]
    description: Option<String>,
    landscape_id: LandscapeId,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    #[schema(max_length = 200)]
    place: String,
    /// How many can come.
    #[schema(minimum = 1, maximum = 1000)]
    capacity: u16,
    /// How many places are free; who registers when none is waits in line.
    #[schema(minimum = 0, maximum = 1000)]
    places_left: usize,
    /// The student who is the buddy; null but for who may change the activity.
    #[schema(required = true)]
    buddy_id: Option<StudentId>,
    /// The field that a buddy placement explores; null for other kinds.
    #[schema(required = true, max_length = 200)]
    field: Option<String>,
    version: i64,
}

impl ActivityView {
    /// `keeps`: its reader may change it, and so may know which student is the buddy.
    pub fn of(offered: Offered, keeps: bool) -> Self {
        let Offered { activity, places_taken } = offered;
        let content = activity.content;
        Self {
            id: activity.id,
            kind: content.kind,
            title: content.title.into_string(),
            description: content.description.map(Into::into),
            landscape_id: content.landscape_id,
            starts_at: content.starts_at,
            ends_at: content.ends_at,
            place: content.place.into_string(),
            capacity: content.capacity,
            places_left: usize::from(content.capacity).saturating_sub(places_taken),
            buddy_id: content.buddy_id.filter(|_| keeps),
            field: content.field.map(Into::into),
            version: activity.version,
        }
    }
}

/// A prospect at an activity.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationView {
    id: RegistrationId,
    state: RegistrationStateName,
    version: i64,
    /// The decisions that this caller may take now.
    open_decisions: OpenDecisions,
    activity_id: ActivityId,
    landscape_id: LandscapeId,
    #[schema(max_length = 200)]
    given_name: String,
    #[schema(max_length = 200)]
    family_name: String,
    birth_date: NaiveDate,
    #[schema(max_length = 254)]
    email: String,
    /// The school that the prospect comes from.
    #[schema(required = true, max_length = 200)]
    school: Option<String>,
    /// What the prospect saw; null until told.
    #[schema(required = true)]
    experience: Option<Experience>,
    /// The turn in line.
    registered_at: DateTime<Utc>,
}

impl RegistrationView {
    pub fn of(registration: Registration, open_decisions: Vec<&'static str>) -> Self {
        let Registration { id, version, activity_id, landscape_id, prospect, registered_at, state } = registration;
        Self {
            id,
            state: state.name(),
            version,
            open_decisions: OpenDecisions(open_decisions),
            activity_id,
            landscape_id,
            given_name: prospect.given_name.into_string(),
            family_name: prospect.family_name.into_string(),
            birth_date: prospect.birth_date,
            email: prospect.email.into_string(),
            school: prospect.school.map(Into::into),
            experience: state.experience().cloned(),
            registered_at,
        }
    }
}

/// A registration that was just made, with the secret of the prospect's link.
#[derive(Serialize, ToSchema)]
pub struct NewRegistrationView {
    #[serde(flatten)]
    pub registration: RegistrationView,
    /// Shown this once: with it the prospect cancels, adds the experience, and applies.
    pub secret: Secret,
}

/// Who applied.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplicantView {
    id: PersonId,
    #[schema(max_length = 200)]
    given_name: String,
    /// Tussenvoegsel: `van der`.
    #[schema(required = true, max_length = 200)]
    family_name_prefix: Option<String>,
    #[schema(max_length = 200)]
    family_name: String,
    /// Null for who sees the name alone.
    #[schema(required = true)]
    birth_date: Option<NaiveDate>,
    /// Null for who sees the name alone.
    #[schema(required = true, max_length = 254)]
    email: Option<String>,
}

/// One version of what came out of a scout interview (scoutgesprek).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InterviewView {
    /// 1 for the first, and one more for every correction.
    #[schema(minimum = 1)]
    number: i32,
    author_id: PersonId,
    recorded_at: DateTime<Utc>,
    /// The applicant's picture of the profession (beroepsbeeld).
    career_picture: Prose,
    /// The perspective that the applicant sees (loopbaanperspectief).
    career_perspective: Prose,
    /// What the applicant brings already.
    strengths: Prose,
    /// What the applicant needs support with.
    support_needs: Prose,
    /// The scout's advice.
    advice: Prose,
}

impl From<InterviewRecord> for InterviewView {
    fn from(record: InterviewRecord) -> Self {
        let InterviewRecord { number, author_id, recorded_at, findings } = record;
        let InterviewFindings { career_picture, career_perspective, strengths, support_needs, advice } = findings;
        Self { number, author_id, recorded_at, career_picture, career_perspective, strengths, support_needs, advice }
    }
}

/// An application (aanmelding). Of some readers it shows less: what they may not see is null.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationView {
    id: ApplicationId,
    state: ApplicationStateName,
    version: i64,
    /// The decisions that this caller may take now.
    open_decisions: OpenDecisions,
    landscape_id: LandscapeId,
    submitted_at: DateTime<Utc>,
    /// When the last step was taken; corrections are no steps.
    stepped_at: DateTime<Utc>,
    /// Null for who sees the state alone.
    #[schema(required = true)]
    applicant: Option<ApplicantView>,
    /// The qualification that the applicant wishes for.
    #[schema(required = true, max_length = 5)]
    crebo: Option<String>,
    #[schema(required = true, max_length = 4000)]
    motivation: Option<String>,
    #[schema(required = true)]
    scout_id: Option<PersonId>,
    #[schema(required = true)]
    interview_starts_at: Option<DateTime<Utc>>,
    #[schema(required = true, max_length = 200)]
    interview_place: Option<String>,
    /// What the scout advises: of the decision to look round some more, else of the interview.
    #[schema(required = true, max_length = 4000)]
    advice: Option<String>,
    /// The newest version of the interview; for who may read the whole.
    #[schema(required = true)]
    interview: Option<InterviewView>,
    /// The interview at the landscape that redirected it here; for who may read the whole.
    #[schema(required = true)]
    carried_interview: Option<InterviewView>,
    /// Why it was withdrawn; for who may read the whole also why it was redirected.
    #[schema(required = true, max_length = 4000)]
    reason: Option<String>,
    /// The application that was redirected here.
    #[schema(required = true)]
    redirected_from_id: Option<ApplicationId>,
    /// The application that this one became at another landscape.
    #[schema(required = true)]
    redirected_to_id: Option<ApplicationId>,
    /// Of who was placed.
    #[schema(required = true)]
    enrolment_id: Option<EnrolmentId>,
    /// Of who was placed.
    #[schema(required = true)]
    student_id: Option<StudentId>,
}

impl ApplicationView {
    /// As much of it as its reader may see.
    pub fn of(seen: &Seen<Applied>, open_decisions: Vec<&'static str>) -> Self {
        let Applied { application, applicant } = &seen.thing;
        let names = seen.sight() >= Sight::NameAndProgramme;
        let (own, whole) = (seen.sight() >= Sight::OwnWords, seen.sight() >= Sight::Full);
        let state = &application.state;
        let parts = Some(state.parts()).filter(|_| own);
        let withdrawn = matches!(state, ApplicationState::Withdrawn { .. });
        let orienting = matches!(state, ApplicationState::Orienting { .. });
        let words = parts.as_ref().and_then(|parts| parts.words.clone());
        let held = state.interview().map(|interview| &interview.record).filter(|_| own);
        let interview_advice = held.map(|record| record.findings.advice.clone());
        let plan = parts.as_ref().and_then(|parts| parts.plan.clone());
        let enrolment_id = parts.as_ref().and_then(|parts| parts.enrolment_id);
        Self {
            id: application.id,
            state: state.name(),
            version: application.version,
            open_decisions: OpenDecisions(open_decisions),
            landscape_id: application.landscape_id,
            submitted_at: application.submitted_at,
            stepped_at: application.stepped_at,
            applicant: names.then(|| applicant_view(applicant, own)),
            crebo: application.crebo.filter(|_| names).map(|crebo| crebo.to_string()),
            motivation: own.then(|| application.motivation.clone().into_string()),
            scout_id: state.scout_id().filter(|_| own),
            interview_starts_at: plan.as_ref().map(|plan| plan.starts_at),
            interview_place: plan.map(|plan| plan.place.into_string()),
            advice: words.clone().filter(|_| orienting).or(interview_advice).map(Into::into),
            interview: held.filter(|_| whole).cloned().map(Into::into),
            carried_interview: application.carried.clone().filter(|_| whole).map(Into::into),
            reason: words.filter(|_| withdrawn || (whole && !orienting)).map(Into::into),
            redirected_from_id: application.redirected_from.filter(|_| own),
            redirected_to_id: parts.and_then(|parts| parts.onward_id),
            enrolment_id,
            student_id: enrolment_id.map(|_| application.applicant_id.student()),
        }
    }
}

fn applicant_view(applicant: &Applicant, own: bool) -> ApplicantView {
    ApplicantView {
        id: applicant.id,
        given_name: applicant.given_name.clone(),
        family_name_prefix: applicant.family_name_prefix.clone(),
        family_name: applicant.family_name.clone(),
        birth_date: applicant.birth_date.filter(|_| own),
        email: applicant.email.clone().filter(|_| own),
    }
}
