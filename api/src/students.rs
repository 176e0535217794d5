//! Students: finding those within reach, and one card of each with links to the rest.

use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Seen, Sight};
use domain::conversation::{Goal, GoalStateName};
use domain::enrolment::EnrolmentStateName;
use domain::kernel::time::date_at;
use domain::kernel::{EnrolmentId, KernelFault, LandscapeId, Line, PersonId, ProgrammeId, Route, StudentId, TeamId};
use persistence::conversations;
use persistence::students::{self as rows, Student, StudentEnrolment, StudentFilter};
use persistence::{Page, Reading, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonName;
use crate::http::{Answer, At, Caller, Include, List, Listing, Operation, Outcome, Problem, get};
use crate::including::{ForStudents, StudentIncluded, WithStudent};

pub const TAG: &str = "Students";

pub fn operations() -> Vec<Operation> {
    vec![
        get("/students", "listStudents", "Students within the caller's reach, by name", list_students)
            .text("Those to whom the caller has a relation: the own students of a coach, the team of a teacher, the children of a guardian. A reduced view leaves fields null; nobody finds a student by what they may not see of them."),
        get("/students/{id}", "getStudent", "One student on one card", get_student)
            .text("Enrolment, coach, start programme, next conversation and open goals, each with a link to the whole. What the caller may not see is null."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}

/// A student in a list. Who may see less of them finds null: see each field.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudentView {
    id: StudentId,
    person: PersonName,
    /// Null for a proposed coach, a scout and a workplace trainer.
    #[schema(required = true, max_length = 32)]
    student_number: Option<String>,
    /// The newest; null for a workplace trainer.
    #[schema(required = true)]
    enrolment: Option<StudentEnrolmentView>,
    /// The responsible coach now; null where nobody is, and for a proposed coach, a scout and a workplace trainer.
    #[schema(required = true)]
    coach: Option<PersonName>,
    /// The whole card.
    #[schema(max_length = 100)]
    link: String,
    /// What `include` asks for; null where it asks for nothing.
    #[schema(required = true)]
    included: Option<StudentIncluded>,
}

/// What a student is or was enrolled for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudentEnrolmentView {
    id: EnrolmentId,
    state: EnrolmentStateName,
    #[schema(max_length = 5)]
    crebo: String,
    route: Route,
    landscape_id: LandscapeId,
    team_id: TeamId,
    starts_on: NaiveDate,
    #[schema(max_length = 100)]
    link: String,
}

impl From<StudentEnrolment> for StudentEnrolmentView {
    fn from(enrolment: StudentEnrolment) -> Self {
        let StudentEnrolment { id, state, crebo, route, landscape_id, team_id, starts_on } = enrolment;
        Self { id, state, crebo, route, landscape_id, team_id, starts_on, link: format!("/v1/enrolments/{id}") }
    }
}

/// A student on one card. Who may see less of them finds null: see each field.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudentCardView {
    id: StudentId,
    person: PersonName,
    /// Null for a proposed coach, a scout and a workplace trainer.
    #[schema(required = true, max_length = 32)]
    student_number: Option<String>,
    /// Null where it is not known, and for guardians of a student of 16 or older, a proposed coach, a scout and a workplace trainer.
    #[schema(required = true)]
    birth_date: Option<NaiveDate>,
    /// The newest; null for a workplace trainer.
    #[schema(required = true)]
    enrolment: Option<StudentEnrolmentView>,
    /// The responsible coach now; null where nobody is, and for a proposed coach, a scout and a workplace trainer.
    #[schema(required = true)]
    coach: Option<PersonName>,
    /// How far the student is; null where there is none, and for who may not follow it.
    #[schema(required = true)]
    start_programme: Option<CardProgrammeView>,
    /// The next that is planned and that the caller may see; null where there is none.
    #[schema(required = true)]
    next_conversation: Option<CardConversationView>,
    /// Empty for who may not see goals.
    #[schema(max_items = 200)]
    open_goals: Vec<CardGoalView>,
    links: CardLinks,
    /// What `include` asks for; null where it asks for nothing.
    #[schema(required = true)]
    included: Option<StudentIncluded>,
}

/// How far a start programme is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CardProgrammeView {
    id: ProgrammeId,
    /// The week that it is, or was last; null before the first.
    #[schema(required = true, minimum = 1, maximum = 30)]
    week: Option<u8>,
    /// How many weeks are past and not done.
    #[schema(minimum = 0, maximum = 30)]
    behind_by: u8,
    #[schema(max_length = 100)]
    link: String,
}

/// A conversation that is planned.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CardConversationView {
    pub starts_at: DateTime<Utc>,
    #[schema(max_length = 100)]
    pub link: String,
}

/// A goal that the student works on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CardGoalView {
    #[schema(max_length = 200)]
    pub title: String,
    #[schema(max_length = 100)]
    pub link: String,
}

/// Where the rest is; null where the caller may not go.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CardLinks {
    /// The chain of responsible coaches.
    #[schema(required = true, max_length = 100)]
    coaches: Option<String>,
    #[schema(required = true, max_length = 100)]
    guardians: Option<String>,
}

/// What of a student is left at this sight.
fn reduced(student: Student, sight: Sight) -> Student {
    let (programme, progress, person) = (sight >= Sight::NameAndProgramme, sight >= Sight::Progress, sight >= Sight::OwnWords);
    Student {
        student_number: student.student_number.filter(|_| progress),
        birth_date: student.birth_date.filter(|_| person),
        enrolment: student.enrolment.filter(|_| programme),
        coach: student.coach.filter(|_| progress),
        ..student
    }
}

fn view(student: Student) -> StudentView {
    StudentView {
        id: student.id,
        person: student.name.into(),
        student_number: student.student_number,
        enrolment: student.enrolment.map(StudentEnrolmentView::from),
        coach: student.coach.map(PersonName::from),
        link: format!("/v1/students/{}", student.id),
        included: None,
    }
}

/// Which students.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StudentQuery {
    /// Parts of the name, in any order, with or without accents.
    #[serde(default)]
    q: Option<Line>,
    /// In this team now, or last.
    #[serde(default)]
    team_id: Option<TeamId>,
    /// Whose responsible coach this is now.
    #[serde(default)]
    coach_id: Option<PersonId>,
    /// The state of the newest enrolment.
    #[serde(default)]
    state: Option<EnrolmentStateName>,
}

async fn list_students(
    caller: Caller,
    list: List<StudentQuery>,
    include: Include<WithStudent>,
) -> Result<Listing<StudentView>, Problem> {
    let page = list.page()?;
    let StudentQuery { q, team_id, coach_id, state } = list.filter;
    let filter = StudentFilter { q: q.map(Line::into_string), team_id, coach_id, state };
    caller
        .read(move |reading| {
            let students = rows::list(reading, &filter, &page)?;
            let students = students.try_map(|found| {
                let seen = found.read(Action::ReadStudent)?;
                let sight = seen.sight();
                Ok::<_, Trouble>(reduced(seen.thing, sight))
            })?;
            let enrolment = |student: &Student| student.enrolment.as_ref().map(|enrolment| enrolment.id);
            let mut embedded = ForStudents::read(reading, &include, students.rows.iter().filter_map(enrolment))?;
            let place = |student: &Student| (student.sort_name.clone(), student.id);
            Answer::page(students, &page, place, |student| {
                let included = embedded.of(enrolment(&student));
                Ok(StudentView { included, ..view(student) })
            })
        })
        .await
}

async fn get_student(caller: Caller, At(id): At<StudentId>, include: Include<WithStudent>) -> Outcome<StudentCardView> {
    caller
        .read(move |reading| {
            let seen = rows::find(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadStudent)?;
            let links = CardLinks {
                coaches: seen.may(Action::ReadCoachChain).then(|| format!("/v1/students/{id}/coaches")),
                guardians: seen.may(Action::ReadGuardians).then(|| format!("/v1/students/{id}/guardians")),
            };
            let sight = seen.sight();
            let open_goals = if seen.may(Action::ReadGoal) { goals(reading, &seen, id)? } else { Vec::new() };
            let next_conversation = next_conversation(reading, id)?;
            let student = reduced(seen.thing, sight);
            let start_programme = match &student.enrolment {
                Some(enrolment) => programme(reading, enrolment.id)?,
                None => None,
            };
            let enrolment_id = student.enrolment.as_ref().map(|enrolment| enrolment.id);
            let included = ForStudents::read(reading, &include, enrolment_id.into_iter())?.of(enrolment_id);
            let birth_date = student.birth_date;
            let StudentView { id, person, student_number, enrolment, coach, .. } = view(student);
            Answer::ok(&StudentCardView {
                id,
                person,
                student_number,
                birth_date,
                enrolment,
                coach,
                start_programme,
                next_conversation,
                open_goals,
                links,
                included,
            })
        })
        .await
}

/// What the student works on now.
fn goals<T>(reading: &mut Reading<'_>, seen: &Seen<T>, id: StudentId) -> Result<Vec<CardGoalView>, Trouble> {
    const SHOWN: usize = 200;
    let open = Some(GoalStateName::Open);
    let found = conversations::goals::list(reading, seen.permit(Action::ReadGoal)?, id, open, &Page::first(200))?.rows;
    let view = |goal: Goal| CardGoalView { title: goal.title.into_string(), link: format!("/v1/goals/{}", goal.id) };
    Ok(found.into_iter().take(SHOWN).map(view).collect())
}

/// The next conversation that is planned, as far as the caller may see it.
fn next_conversation(reading: &mut Reading<'_>, id: StudentId) -> Result<Option<CardConversationView>, Trouble> {
    let next = conversations::next_planned(reading, id)?;
    Ok(next.map(|(id, starts_at)| CardConversationView { starts_at, link: format!("/v1/conversations/{id}") }))
}

/// How far the start programme of this enrolment is, for who may follow it.
fn programme(reading: &mut Reading<'_>, enrolment_id: EnrolmentId) -> Result<Option<CardProgrammeView>, Trouble> {
    let Some(found) = persistence::start_programme::find_programme_of_enrolment(reading, enrolment_id)? else {
        return Ok(None);
    };
    let today = date_at(reading.now());
    let seen = found.read(Action::ReadProgramme).ok().filter(|seen| seen.sight() >= Sight::Progress);
    Ok(seen.map(|seen| CardProgrammeView {
        id: seen.thing.id,
        week: seen.thing.week_on(today),
        behind_by: seen.thing.behind_by(today),
        link: format!("/v1/enrolments/{enrolment_id}/start-programme"),
    }))
}
