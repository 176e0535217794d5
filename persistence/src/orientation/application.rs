//! Applications, who applied, and every version of the scout interview.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::access::{Action, Guarded, Permit, Relation, Role};
use domain::kernel::{ApplicationId, Crebo, EnrolmentId, Instant, LandscapeId, PersonId, StudentId, TeamId, Told};
use domain::orientation::{
    Application, ApplicationDecision, ApplicationFacts, ApplicationParts, ApplicationState, ApplicationStateName,
    InterviewFindings, InterviewPlan, InterviewRecord,
};

use super::{columns, text};
use crate::columns::{Json, bind};
use crate::page::{Listed, Page};
use crate::relations::{self, OnlyFor};
use crate::schema::{applications, enrolments, landscapes, people, roles, scout_interviews, teams};
use crate::session::{Pen, Reading, Writing};
use crate::spelling::given;
use crate::trouble::Trouble;

/// An application with who applied.
#[derive(Clone, Debug)]
pub struct Applied {
    pub application: Application,
    pub applicant: Applicant,
}

/// Who applied.
#[derive(Clone, Debug, Queryable)]
pub struct Applicant {
    pub id: PersonId,
    pub given_name: String,
    pub family_name_prefix: Option<String>,
    pub family_name: String,
    pub birth_date: Option<NaiveDate>,
    pub email: Option<String>,
}

/// Which applications: those that fit all that is given.
#[derive(Clone, Debug, Default)]
pub struct ApplicationFilter {
    pub state: Option<ApplicationStateName>,
    /// Assigned to this scout, for who handles applications.
    pub scout_id: Option<PersonId>,
    pub landscape_id: Option<LandscapeId>,
    /// With the last step before this moment.
    pub stepped_before: Option<Instant>,
}

columns!(
    APPLICATION = applications::id,
    applications::version,
    applications::landscape_id,
    applications::applicant_id,
    applications::motivation,
    applications::crebo,
    applications::previous_id,
    applications::created_at,
    applications::stepped_at,
    applications::state,
    applications::scout_id,
    applications::interview_starts_at,
    applications::interview_place,
    applications::enrolment_id,
    applications::next_id,
    applications::next_landscape_id,
    applications::advice,
    applications::reason,
);
columns!(
    APPLICANT = people::id,
    people::given_name,
    people::family_name_prefix,
    people::family_name,
    people::birth_date,
    people::email,
);
columns!(
    INTERVIEW = scout_interviews::number,
    scout_interviews::author_id,
    scout_interviews::recorded_at,
    scout_interviews::findings,
);
diesel::alias!(scout_interviews as carried_interviews: CarriedInterviews);

#[derive(Queryable)]
struct Row {
    id: ApplicationId,
    version: i64,
    landscape_id: LandscapeId,
    applicant_id: PersonId,
    motivation: String,
    crebo: Option<String>,
    redirected_from: Option<ApplicationId>,
    submitted_at: Instant,
    stepped_at: Instant,
    state: ApplicationStateName,
    scout_id: Option<PersonId>,
    interview_starts_at: Option<Instant>,
    interview_place: Option<String>,
    enrolment_id: Option<EnrolmentId>,
    onward_id: Option<ApplicationId>,
    onward_landscape_id: Option<LandscapeId>,
    advice: Option<String>,
    reason: Option<String>,
}

type InterviewRow = (i32, PersonId, Instant, Json<InterviewFindings>);
type Found = (Row, Applicant, Option<InterviewRow>, Option<InterviewRow>, Option<String>);

fn record((number, author_id, recorded_at, Json(findings)): InterviewRow) -> InterviewRecord {
    InterviewRecord { number, author_id, recorded_at, findings }
}

fn guarded((row, applicant, held, carried, relations): Found) -> Result<Guarded<Applied>, Trouble> {
    let application = row.application(held.map(record), carried.map(record))?;
    Ok(Guarded::new(Applied { application, applicant }, relations::read(relations)))
}

impl Row {
    fn application(self, record: Option<InterviewRecord>, carried: Option<InterviewRecord>) -> Result<Application, Trouble> {
        let unreadable = || Trouble::Unreadable("application".to_owned());
        let plan = match (self.interview_starts_at, self.interview_place) {
            (Some(starts_at), Some(place)) => Some(InterviewPlan { starts_at, place: text(&place)? }),
            _ => None,
        };
        let parts = ApplicationParts {
            state: self.state,
            scout_id: self.scout_id,
            plan,
            record,
            enrolment_id: self.enrolment_id,
            onward_id: self.onward_id,
            onward_landscape_id: self.onward_landscape_id,
            words: self.advice.or(self.reason).as_deref().map(text).transpose()?,
        };
        let crebo = |stored: String| Crebo::parse(&stored).ok_or_else(unreadable);
        Ok(Application {
            id: self.id,
            version: self.version,
            landscape_id: self.landscape_id,
            applicant_id: self.applicant_id,
            motivation: text(&self.motivation)?,
            crebo: self.crebo.map(crebo).transpose()?,
            redirected_from: self.redirected_from,
            carried,
            submitted_at: self.submitted_at,
            stepped_at: self.stepped_at,
            state: parts.state().ok_or_else(unreadable)?,
        })
    }
}

/// Applications with who applied, the newest interview and the one that was carried along.
#[diesel::dsl::auto_type]
fn applied() -> _ {
    let carried = carried_interviews
        .field(scout_interviews::application_id)
        .nullable()
        .eq(applications::previous_id)
        .and(carried_interviews.field(scout_interviews::number).nullable().eq(applications::carried_number));
    let held = scout_interviews::application_id
        .eq(applications::id)
        .and(scout_interviews::number.nullable().eq(applications::interview_number));
    applications::table
        .inner_join(people::table.on(people::id.eq(applications::applicant_id)))
        .left_join(scout_interviews::table.on(held))
        .left_join(carried_interviews.on(carried))
}

/// An application, for who the caller's relations let see it.
///
/// # Errors
/// Only what the database ends in.
pub fn find_application(reading: &mut Reading<'_>, id: ApplicationId) -> Result<Option<Guarded<Applied>>, Trouble> {
    let mine = relations::of(reading, applications::applicant_id, OnlyFor(Relation::Scout, applications::id));
    let found: Option<Found> = reading.first(applied().filter(applications::id.eq(bind(id))).select((
        APPLICATION,
        APPLICANT,
        INTERVIEW.nullable(),
        carried_interviews.fields(INTERVIEW).nullable(),
        mine,
    )))?;
    found.map(guarded).transpose()
}

/// Applications that the caller may see, oldest first. By scout one asks only for those that the caller handles.
///
/// # Errors
/// Only what the database ends in.
pub fn list_applications(
    reading: &mut Reading<'_>,
    filter: &ApplicationFilter,
    page: &Page<ApplicationId>,
) -> Result<Listed<Guarded<Applied>>, Trouble> {
    use applications as a;
    // Who may not know the scout must not find out by asking for each.
    let action = if filter.scout_id.is_some() { Action::AssignScout } else { Action::ReadApplication };
    let visible = relations::may(reading, action, a::applicant_id, OnlyFor(Relation::Scout, a::id));
    let mine = relations::of(reading, a::applicant_id, OnlyFor(Relation::Scout, a::id));
    let state = filter.state.unwrap_or(ApplicationStateName::Submitted);
    let landscape_id = filter.landscape_id.unwrap_or(LandscapeId::FIRST);
    let such = applied()
        .filter(visible)
        .filter(given(filter.state.is_none()).or(a::state.eq(bind(state))))
        .filter(given(filter.scout_id.is_none()).or(a::scout_id.eq(bind(filter.scout_id)).assume_not_null()))
        .filter(given(filter.landscape_id.is_none()).or(a::landscape_id.eq(bind(landscape_id))))
        .filter(given(filter.stepped_before.is_none()).or(a::stepped_at.lt(bind(filter.stepped_before.unwrap_or_default()))));
    let total = reading.total(page, &such)?;
    let rows: Vec<Found> =
        reading.load(
            such.filter(a::id.gt(bind(page.after.unwrap_or(ApplicationId::FIRST))))
                .order(a::id)
                .limit(page.rows_to_read())
                .select((APPLICATION, APPLICANT, INTERVIEW.nullable(), carried_interviews.fields(INTERVIEW).nullable(), mine)),
        )?;
    Listed { rows, total }.try_map(guarded)
}

/// Every version of an application's interview, the first first (IN-4).
///
/// # Errors
/// Only what the database ends in.
pub fn list_interviews(
    reading: &mut Reading<'_>,
    _permit: Permit,
    application: ApplicationId,
    page: &Page<i32>,
) -> Result<Listed<InterviewRecord>, Trouble> {
    let such = scout_interviews::table.filter(scout_interviews::application_id.eq(bind(application)));
    let total = reading.total(page, &such)?;
    let rows: Vec<InterviewRow> = reading.load(
        such.filter(scout_interviews::number.gt(page.after.unwrap_or(0)))
            .order(scout_interviews::number)
            .limit(page.rows_to_read())
            .select(INTERVIEW),
    )?;
    Ok(Listed { rows, total }.map(record))
}

/// What is known of the ids that a decision names, and ids for what it makes.
///
/// # Errors
/// Only what the database ends in.
pub fn facts(
    reading: &mut Reading<'_>,
    _permit: Permit,
    application: &Application,
    decision: &ApplicationDecision,
) -> Result<ApplicationFacts, Trouble> {
    let mut facts = ApplicationFacts {
        is_scout_here: false,
        is_coach_here: false,
        team_landscape_id: None,
        enrolled_already: false,
        landscape_known: false,
        enrolment_id: EnrolmentId::in_order(),
        application_id: ApplicationId::in_order(),
    };
    match decision {
        ApplicationDecision::AssignScout { scout_id } => {
            facts.is_scout_here = has_role(reading, *scout_id, Role::Scout, application.landscape_id)?;
        }
        ApplicationDecision::Place { team_id, coach_id, .. } => {
            facts.is_coach_here = has_role(reading, *coach_id, Role::Coach, application.landscape_id)?;
            facts.team_landscape_id = team_landscape(reading, *team_id)?;
            facts.enrolled_already = has_enrolment(reading, application.applicant_id.student())?;
        }
        ApplicationDecision::Redirect { landscape_id, .. } => facts.landscape_known = is_landscape(reading, *landscape_id)?,
        ApplicationDecision::PlanInterview { .. }
        | ApplicationDecision::RecordInterview { .. }
        | ApplicationDecision::CorrectInterview { .. }
        | ApplicationDecision::AdviseOrientation { .. }
        | ApplicationDecision::Withdraw { .. } => {}
    }
    Ok(facts)
}

fn has_role(reading: &mut Reading<'_>, person: PersonId, role: Role, landscape: LandscapeId) -> Result<bool, Trouble> {
    let now = reading.now();
    let held: Option<i64> = reading.first(
        roles::table
            .filter(roles::person_id.eq(bind(person)))
            .filter(roles::role.eq(bind(role)))
            .filter(roles::landscape_id.eq(bind(Some(landscape))))
            .filter(roles::from_at.le(bind(now)))
            .filter(roles::until_at.is_null().or(roles::until_at.gt(bind(Some(now))).assume_not_null()))
            .select(roles::version),
    )?;
    Ok(held.is_some())
}

fn team_landscape(reading: &mut Reading<'_>, team: TeamId) -> Result<Option<LandscapeId>, Trouble> {
    reading.first(teams::table.find(bind(team)).select(teams::landscape_id))
}

fn has_enrolment(reading: &mut Reading<'_>, student: StudentId) -> Result<bool, Trouble> {
    let coached = enrolments::coached_student_id.eq(bind(Some(student)));
    let found: Option<EnrolmentId> = reading.first(enrolments::table.filter(coached).select(enrolments::id))?;
    Ok(found.is_some())
}

fn is_landscape(reading: &mut Reading<'_>, landscape: LandscapeId) -> Result<bool, Trouble> {
    let found: Option<LandscapeId> = reading.first(landscapes::table.find(bind(landscape)).select(landscapes::id))?;
    Ok(found.is_some())
}

/// A new application: nothing has been decided about it.
///
/// # Errors
/// Only what the database ends in.
pub fn insert_application(writing: &mut Writing<'_>, permit: Permit, new: &Told<Application>) -> Result<(), Trouble> {
    use applications as a;
    let application = &new.thing;
    let mut pen = writing.tell(permit, new.event.clone());
    pen.execute(diesel::insert_into(a::table).values((
        a::id.eq(bind(application.id)),
        a::landscape_id.eq(bind(application.landscape_id)),
        a::applicant_id.eq(bind(application.applicant_id)),
        a::crebo.eq(application.crebo.map(|crebo| crebo.to_string())),
        a::motivation.eq(application.motivation.as_str()),
        a::state.eq(bind(application.state.name())),
        a::previous_id.eq(bind(application.redirected_from)),
        a::carried_number.eq(application.carried.as_ref().map(|record| record.number)),
        a::stepped_at.eq(bind(application.stepped_at)),
        a::version.eq(application.version),
        a::created_at.eq(bind(application.submitted_at)),
    )))?;
    Ok(())
}

/// An application after a decision.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_application(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Application>) -> Result<(), Trouble> {
    change(writing, permit, changed).map(drop)
}

fn change<'t, 'c>(writing: &'t mut Writing<'c>, permit: Permit, changed: &Told<Application>) -> Result<Pen<'t, 'c>, Trouble> {
    use applications as a;
    let application = &changed.thing;
    let parts = application.state.parts();
    let orienting = matches!(application.state, ApplicationState::Orienting { .. });
    let words = |meant: bool| parts.words.as_ref().filter(|_| meant).map(AsRef::<str>::as_ref);
    let before = a::table.find(bind(application.id)).filter(a::version.eq(application.version - 1));
    let mut pen = writing.tell(permit, changed.event.clone());
    pen.change_one(diesel::update(before).set((
        a::state.eq(bind(parts.state)),
        a::scout_id.eq(bind(parts.scout_id)),
        a::interview_starts_at.eq(bind(parts.plan.as_ref().map(|plan| plan.starts_at))),
        a::interview_place.eq(parts.plan.as_ref().map(|plan| plan.place.as_str())),
        a::interview_number.eq(parts.record.as_ref().map(|record| record.number)),
        a::next_id.eq(bind(parts.onward_id)),
        a::next_landscape_id.eq(bind(parts.onward_landscape_id)),
        a::enrolment_id.eq(bind(parts.enrolment_id)),
        a::advice.eq(words(orienting)),
        a::reason.eq(words(!orienting)),
        a::decided_at.eq(bind(application.state.is_final().then_some(application.stepped_at))),
        a::scout_until_at.eq(bind(application.scout_until())),
        a::stepped_at.eq(bind(application.stepped_at)),
        a::version.eq(application.version),
    )))?;
    Ok(pen)
}

/// An application after its interview was recorded or corrected, and that version of the interview (IN-4).
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn keep_interview(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Application>) -> Result<(), Trouble> {
    use scout_interviews as i;
    let mut pen = change(writing, permit, changed)?;
    let Some(interview) = changed.thing.state.interview() else { return Ok(()) };
    let InterviewRecord { number, author_id, recorded_at, findings } = &interview.record;
    pen.execute(diesel::insert_into(i::table).values((
        i::application_id.eq(bind(changed.thing.id)),
        i::number.eq(number),
        i::findings.eq(bind(Json(findings.clone()))),
        i::author_id.eq(bind(*author_id)),
        i::recorded_at.eq(bind(*recorded_at)),
    )))?;
    Ok(())
}
