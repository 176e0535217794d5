//! A start programme as its reader may see it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Seen, Sight};
use domain::kernel::time::date_at;
use domain::kernel::{
    ConversationId, EnrolmentId, Instant, LandscapeId, Line, LwpAssignmentId, LwpId, ProgrammeId, Prose, StudentId, TemplateId,
    WeekActivityId,
};
use domain::lwp::AssignmentStateName;
use domain::start_programme::{CloseOutcome, Programme, ProgrammeActivity, ProgrammeState, ProgrammeStateName, ProgrammeWeek};
use persistence::lwps::{InWeek, weeks_of_programme};
use persistence::{Reading, Trouble};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{Answer, OpenDecisions};

/// One student's start programme. Who sees only how it ended gets no weeks, and null for what tells how far it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StartProgrammeView {
    id: ProgrammeId,
    state: ProgrammeStateName,
    version: i64,
    open_decisions: OpenDecisions,
    enrolment_id: EnrolmentId,
    student_id: StudentId,
    landscape_id: LandscapeId,
    /// The version of the template that it began with, and keeps.
    template_id: TemplateId,
    /// The week that it is; null before the first, and once the programme is over.
    #[schema(required = true, minimum = 1, maximum = 20)]
    week: Option<u8>,
    /// How many weeks are past and not done; null once the programme is over.
    #[schema(required = true, minimum = 0, maximum = 20)]
    behind_by: Option<u8>,
    /// When the student last wrote a reflection.
    #[schema(required = true)]
    last_reflection_at: Option<DateTime<Utc>>,
    /// In order.
    #[schema(max_items = 20)]
    weeks: Vec<StartProgrammeWeekView>,
    /// What was decided last; null where nothing was, and where a switch or the diploma stopped the programme.
    #[schema(required = true)]
    outcome: Option<CloseOutcome>,
    /// Why that was decided; null for who does not see texts.
    #[schema(required = true)]
    motivation: Option<Prose>,
    /// By how many weeks it was prolonged.
    #[schema(required = true, minimum = 1, maximum = 10)]
    extra_weeks: Option<u8>,
    /// The conversation in which student and coach decided last; null where none was named, and for who may see no conversations.
    #[schema(required = true)]
    conversation_id: Option<ConversationId>,
    /// When it was closed, or stopped by a switch or the diploma.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
}

/// One week of one student.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StartProgrammeWeekView {
    #[schema(minimum = 1, maximum = 20)]
    week: u8,
    /// Its Monday.
    starts_on: NaiveDate,
    /// Null in weeks that a prolongation added.
    #[schema(required = true)]
    theme: Option<Line>,
    #[schema(max_items = 20)]
    activities: Vec<StartProgrammeActivityView>,
    /// What the student got in it.
    #[schema(max_items = 20)]
    lwps: Vec<WeekLwpAssignmentView>,
    /// Every activity is done and the student has reflected, or the week was credited.
    done: bool,
    /// Counts as done because of what was done in another landscape.
    credited: bool,
    /// What the student wrote; null for who does not see texts.
    #[schema(required = true)]
    reflection: Option<Prose>,
    #[schema(required = true)]
    reflected_at: Option<DateTime<Utc>>,
    /// What the coach wrote; null for who does not see what staff write.
    #[schema(required = true)]
    coach_note: Option<Prose>,
}

/// A leerwerkprestatie of one student's week.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WeekLwpAssignmentView {
    assignment_id: LwpAssignmentId,
    lwp_id: LwpId,
    #[schema(max_length = 200)]
    title: String,
    state: AssignmentStateName,
    due_on: NaiveDate,
    #[schema(max_length = 100)]
    link: String,
}

impl From<&InWeek> for WeekLwpAssignmentView {
    fn from(of: &InWeek) -> Self {
        let link = format!("/v1/lwp-assignments/{}", of.id);
        Self { assignment_id: of.id, lwp_id: of.lwp_id, title: of.title.clone(), state: of.state, due_on: of.due_on, link }
    }
}

/// One activity of one student's week.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StartProgrammeActivityView {
    id: WeekActivityId,
    title: Line,
    #[schema(required = true)]
    description: Option<Prose>,
    done: bool,
}

impl From<ProgrammeActivity> for StartProgrammeActivityView {
    fn from(activity: ProgrammeActivity) -> Self {
        let ProgrammeActivity { id, title, description, done } = activity;
        Self { id, title, description, done }
    }
}

fn week(week: ProgrammeWeek, lwps: &[InWeek], sight: Sight) -> StartProgrammeWeekView {
    let done = week.is_done();
    let ProgrammeWeek { number, starts_on, theme, activities, credited, reflection, coach_note } = week;
    let reflected_at = reflection.as_ref().map(|reflection| reflection.reflected_at);
    StartProgrammeWeekView {
        week: number,
        starts_on,
        theme,
        activities: activities.into_iter().map(StartProgrammeActivityView::from).collect(),
        lwps: lwps.iter().filter(|lwp| lwp.week == i32::from(number)).map(WeekLwpAssignmentView::from).collect(),
        done,
        credited,
        reflection: reflection.map(|reflection| reflection.text).filter(|_| sight >= Sight::OwnWords),
        reflected_at,
        coach_note: coach_note.filter(|_| sight >= Sight::Full),
    }
}

/// What was decided last, and why.
fn decided(state: &ProgrammeState) -> (Option<CloseOutcome>, Option<&Prose>) {
    match state {
        ProgrammeState::Running | ProgrammeState::Switched { .. } | ProgrammeState::Graduated { .. } => (None, None),
        ProgrammeState::Prolonged(prolongation) => (Some(CloseOutcome::Prolong), Some(&prolongation.motivation)),
        ProgrammeState::Closed { closing, .. } => (Some(closing.outcome), Some(&closing.motivation)),
    }
}

fn ended_at(state: &ProgrammeState) -> Option<Instant> {
    state.closing().map(|closing| closing.at).or(state.stopped_at())
}

/// The programme as this caller may see it now.
///
/// # Errors
/// As [`Answer::ok`], and what the database ends in.
pub fn answer(reading: &mut Reading<'_>, seen: Seen<Programme>) -> Result<Answer<StartProgrammeView>, Trouble> {
    let (sight, today) = (seen.sight(), date_at(reading.now()));
    let open_decisions = OpenDecisions(seen.open(seen.thing.open_actions()));
    let progress = sight >= Sight::Progress;
    let sees_conversations = seen.may(Action::ReadConversation);
    let lwps = if progress { weeks_of_programme(reading, seen.permit, seen.thing.id)? } else { Vec::new() };
    let programme = seen.thing;
    let counts = progress && programme.state.is_open();
    let (outcome, motivation) = decided(&programme.state);
    let view = StartProgrammeView {
        id: programme.id,
        state: programme.state.name(),
        version: programme.version,
        open_decisions,
        enrolment_id: programme.enrolment_id,
        student_id: programme.student_id,
        landscape_id: programme.landscape_id,
        template_id: programme.template_id,
        week: programme.week_on(today).filter(|_| counts),
        behind_by: counts.then(|| programme.behind_by(today)),
        last_reflection_at: programme.last_reflected_at().filter(|_| progress),
        outcome,
        motivation: motivation.filter(|_| sight >= Sight::OwnWords).cloned(),
        extra_weeks: programme.state.prolongation().map(|prolongation| prolongation.extra_weeks).filter(|_| progress),
        conversation_id: programme.conversation_id.filter(|_| sees_conversations),
        ended_at: ended_at(&programme.state).filter(|_| progress),
        weeks: programme.weeks.into_iter().filter(|_| progress).map(|of| week(of, &lwps, sight)).collect(),
    };
    Answer::at_version(&view, view.version)
}
