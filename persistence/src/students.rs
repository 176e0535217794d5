//! Students as one card: who, enrolled where, with which coach, how far in the start programme.

use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::access::{Action, Guarded, Sight};
use domain::enrolment::EnrolmentStateName;
use domain::kernel::{EnrolmentId, LandscapeId, PersonId, Route, StudentId, TeamId};

use crate::access::Name;
use crate::columns::bind;
use crate::organisation::AfterName;
use crate::page::{Listed, Page};
use crate::relations::{self, AnyEntry, Anywhere};
use crate::schema::{coach_assignments, enrolments, people, students};
use crate::session::Reading;
use crate::spelling::{given, patterns};
use crate::trouble::Trouble;

diesel::alias! {
    const LATER: Alias<Later> = enrolments as later;
    const COACHES: Alias<Coaches> = people as coaches;
    const SOUGHT: Alias<Sought> = students as sought;
    const OWN: Alias<Own> = enrolments as own;
    const COACHING: Alias<Coaching> = coach_assignments as coaching;
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
    Guarded::new(Student { id, name, sort_name, student_number, birth_date, enrolment, coach }, relations::read(mine))
}

/// No later enrolment of the student is there.
macro_rules! is_newest {
    ($student_id:expr, $id:expr) => {
        not(exists(
            LATER
                .filter(LATER.field(enrolments::student_id).eq($student_id))
                .filter(LATER.field(enrolments::id).gt($id))
                .select(LATER.field(enrolments::id)),
        ))
    };
}

/// Students, each with the newest enrolment and the coach of now: what the list and the card read.
macro_rules! students_with {
    ($reading:expr, $which:expr) => {{
        let mine = relations::of($reading, students::id, Anywhere);
        let newest = enrolments::student_id.eq(students::id).and(is_newest!(enrolments::student_id, enrolments::id));
        let rows: Vec<Row> = $reading.load(
            students::table
                .inner_join(people::table.on(people::id.eq(students::id)))
                .left_join(enrolments::table.on(newest))
                .left_join(coach_assignments::table.on(coach_assignments::open_student_id.eq(students::id.nullable())))
                .left_join(COACHES.on(COACHES.field(people::id).nullable().eq(coach_assignments::coach_id.nullable())))
                .filter($which)
                .order((students::sort_name, students::id))
                .select((
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
    let rows = students_with!(reading, students::id.eq(bind(id)));
    Ok(rows.into_iter().next().map(student))
}

/// A student by name alone, to whom one has a relation also where one entry is shared, or where one takes part in one conversation.
///
/// # Errors
/// Only what the database ends in.
pub fn find_name(reading: &mut Reading<'_>, id: StudentId) -> Result<Option<Guarded<Name>>, Trouble> {
    let mine = relations::of(reading, students::id, AnyEntry);
    let found: Option<(Name, Option<String>)> = reading.first(
        students::table
            .inner_join(people::table.on(people::id.eq(students::id)))
            .filter(students::id.eq(bind(id)))
            .select(((people::id, people::given_name, people::family_name_prefix, people::family_name), mine)),
    )?;
    Ok(found.map(|(name, mine)| Guarded::new(name, relations::read(mine))))
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
    let sort_name = SOUGHT.field(students::sort_name);
    let named = sort_name
        .like(first)
        .escape('\\')
        .and(sort_name.like(second).escape('\\'))
        .and(sort_name.like(third).escape('\\'))
        .and(sort_name.like(fourth).escape('\\'));
    let of_coach = exists(
        COACHING
            .filter(COACHING.field(coach_assignments::open_student_id).eq(SOUGHT.field(students::id).nullable()))
            .filter(COACHING.field(coach_assignments::coach_id).nullable().eq(bind(filter.coach_id))),
    );
    let in_state = exists(
        OWN.filter(OWN.field(enrolments::student_id).eq(SOUGHT.field(students::id)))
            .filter(OWN.field(enrolments::state).nullable().eq(bind(filter.state)))
            .filter(is_newest!(OWN.field(enrolments::student_id), OWN.field(enrolments::id))),
    );
    let least = match filter {
        StudentFilter { coach_id: Some(_), .. } => Sight::Progress,
        StudentFilter { team_id: Some(_), .. } | StudentFilter { state: Some(_), .. } => Sight::NameAndProgramme,
        StudentFilter { .. } => Sight::State,
    };
    let in_team = SOUGHT.field(students::team_id).eq(bind(filter.team_id.unwrap_or(TeamId::FIRST)));
    let sought_id = SOUGHT.field(students::id);
    // Which students comes first, so that only those who are shown cost more than a look at their name.
    let such = SOUGHT
        .filter(named)
        .filter(given(filter.team_id.is_none()).or(in_team))
        .filter(given(filter.coach_id.is_none()).or(of_coach))
        .filter(given(filter.state.is_none()).or(in_state))
        .filter(relations::may_see(reading, Action::ReadStudent, least, sought_id, Anywhere));
    let total = reading.total(page, &such)?;
    let shown = such
        .filter(sort_name.gt(name.clone()).or(sort_name.eq(name).and(sought_id.gt(bind(id)))))
        .order((sort_name, sought_id))
        .limit(page.rows_to_read())
        .select(sought_id);
    let rows = students_with!(reading, students::id.eq_any(shown));
    Ok(Listed { rows, total }.map(student))
}
