//! Students as one card: who, enrolled where, with which coach, how far in the start programme.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::access::{Action, Guarded, Sight};
use domain::enrolment::EnrolmentStateName;
use domain::kernel::{EnrolmentId, LandscapeId, PersonId, Route, StudentId, TeamId};

use crate::access::Name;
use crate::columns::bind;
use crate::organisation::AfterName;
use crate::page::{Listed, Page};
use crate::schema::{coach_assignments, enrolments, people, students};
use crate::session::Reading;
use crate::spelling::{self, Anywhere, given, patterns};
use crate::trouble::Trouble;

diesel::alias! {
    const LATER: Alias<Later> = enrolments as later;
    const COACHES: Alias<Coaches> = people as coaches;
}

/// A student, as far as the college knows who they are and where.
#[derive(Clone, Debug)]
pub struct Student {
    pub id: StudentId,
    pub name: Name,
    pub sort_name: String,
    pub student_number: Option<String>,
    pub birth_date: Option<NaiveDate>,
    /// The newest; none only of who was never placed.
    pub enrolment: Option<StudentEnrolment>,
    /// The responsible coach now.
    pub coach: Option<Name>,
}

/// What a student is or was enrolled for.
#[derive(Clone, Debug, Queryable)]
pub struct StudentEnrolment {
    pub id: EnrolmentId,
    pub state: EnrolmentStateName,
    pub crebo: String,
    pub route: Route,
    pub landscape_id: LandscapeId,
    pub team_id: TeamId,
    pub starts_on: NaiveDate,
}

type Row = (
    (StudentId, Option<String>, String, PersonId, String, Option<String>, String, Option<NaiveDate>),
    Option<StudentEnrolment>,
    Option<Name>,
    Option<String>,
);

fn student((who, enrolment, coach, mine): Row) -> Guarded<Student> {
    let (id, student_number, sort_name, person_id, given_name, family_name_prefix, family_name, birth_date) = who;
    let name = Name { id: person_id, given_name, family_name_prefix, family_name };
    Guarded::new(Student { id, name, sort_name, student_number, birth_date, enrolment, coach }, spelling::relations(mine))
}

/// Students with the newest enrolment and the coach of now.
macro_rules! student_rows {
    () => {{
        let newer = LATER
            .filter(LATER.field(enrolments::student_id).eq(enrolments::student_id))
            .filter(LATER.field(enrolments::id).gt(enrolments::id))
            .select(LATER.field(enrolments::id));
        let newest = enrolments::student_id.eq(students::id).and(diesel::dsl::not(diesel::dsl::exists(newer)));
        students::table
            .inner_join(people::table.on(people::id.eq(students::id)))
            .left_join(enrolments::table.on(newest))
            .left_join(coach_assignments::table.on(coach_assignments::open_student_id.eq(students::id.nullable())))
            .left_join(COACHES.on(COACHES.field(people::id).nullable().eq(coach_assignments::coach_id.nullable())))
    }};
}

/// What the list and the card read of these rows.
macro_rules! students_of {
    ($reading:expr, $rows:expr, $limit:expr) => {{
        let mine = spelling::relations_of($reading, students::id, Anywhere);
        let rows: Vec<Row> = $reading.load(
            $rows.order((students::sort_name, students::id)).limit($limit).select((
                (
                    students::id,
                    students::student_number,
                    students::sort_name,
                    people::id,
                    people::given_name,
                    people::family_name_prefix,
                    people::family_name,
                    people::birth_date,
                ),
                (
                    enrolments::id,
                    enrolments::state,
                    enrolments::crebo,
                    enrolments::route,
                    enrolments::landscape_id,
                    enrolments::team_id,
                    enrolments::starts_on,
                )
                    .nullable(),
                COACHES.fields((people::id, people::given_name, people::family_name_prefix, people::family_name)).nullable(),
                mine,
            )),
        )?;
        rows
    }};
}

/// A student.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, id: StudentId) -> Result<Option<Guarded<Student>>, Trouble> {
    let rows = students_of!(reading, student_rows!().filter(students::id.eq(bind(id))), 1);
    Ok(rows.into_iter().next().map(student))
}

/// Which students.
#[derive(Clone, Debug, Default)]
pub struct StudentFilter {
    /// Parts of the name, in any order.
    pub q: Option<String>,
    pub team_id: Option<TeamId>,
    /// Whose responsible coach this is now.
    pub coach_id: Option<PersonId>,
    /// Of the newest enrolment.
    pub state: Option<EnrolmentStateName>,
}

/// The students whom the caller may see, by name. Nobody finds a student by what they may not see of them.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    filter: &StudentFilter,
    page: &Page<AfterName<StudentId>>,
) -> Result<Listed<Guarded<Student>>, Trouble> {
    let (name, id) = page.after.clone().unwrap_or_else(|| (String::new(), StudentId::FIRST));
    let [first, second, third, fourth] = patterns(filter.q.as_deref());
    let named = students::sort_name
        .like(first)
        .escape('\\')
        .and(students::sort_name.like(second).escape('\\'))
        .and(students::sort_name.like(third).escape('\\'))
        .and(students::sort_name.like(fourth).escape('\\'));
    let of_coach = coach_assignments::coach_id.nullable().eq(bind(filter.coach_id));
    let in_state = enrolments::state.nullable().eq(bind(filter.state));
    let least = match filter {
        StudentFilter { coach_id: Some(_), .. } => Sight::Progress,
        StudentFilter { team_id: Some(_), .. } | StudentFilter { state: Some(_), .. } => Sight::NameAndProgramme,
        StudentFilter { .. } => Sight::State,
    };
    let such = named
        .and(given(filter.team_id.is_none()).or(students::team_id.eq(bind(filter.team_id.unwrap_or(TeamId::FIRST)))))
        .and(given(filter.coach_id.is_none()).or(of_coach))
        .and(given(filter.state.is_none()).or(in_state))
        .and(spelling::may_see(reading, Action::ReadStudent, least, students::id, Anywhere));
    let after = students::sort_name.gt(name.clone()).or(students::sort_name.eq(name).and(students::id.gt(bind(id))));
    let such = student_rows!().filter(such);
    let total = reading.total(page, &such)?;
    let rows = students_of!(reading, such.filter(after), page.rows_to_read());
    Ok(Listed { rows, total }.map(student))
}
