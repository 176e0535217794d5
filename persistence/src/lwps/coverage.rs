//! Which work processes and requirements are covered, and by what (CU-5).

use chrono::NaiveDate;
use diesel::dsl::count;
use diesel::prelude::*;
use domain::access::{Action, Guarded, Permit};
use domain::curriculum::{CohortDays, EditionOf};
use domain::kernel::{
    CoreTaskId, Crebo, DossierId, LwpAssignmentId, LwpId, PortfolioEntryId, PublicationStateName, QualificationId, RequirementId,
    StudentId, TeamId, WorkProcessId,
};
use domain::lwp::{AssignmentStateName, Covered};
use domain::portfolio::LinkKind;

use crate::access::Name;
use crate::columns::bind;
use crate::events::AT_ONCE;
use crate::organisation::AfterName;
use crate::page::{Listed, Page};
use crate::relations::{self, Anywhere};
use crate::schema::{
    core_tasks, dossiers, enrolments, lwp_assignments as assignments, lwp_requirements, lwp_work_processes, lwps, people,
    portfolio_entries as entries, portfolio_entry_links as links, qualifications, students, work_processes,
};
use crate::session::Reading;
use crate::spelling::{among, given};
use crate::trouble::Trouble;

/// A qualification, in which edition of which dossier.
#[derive(Clone, Debug)]
pub struct Qualification {
    pub edition: EditionOf,
    pub dossier_id: DossierId,
    pub crebo: String,
    pub title: String,
    pub level: i32,
}

impl Qualification {
    pub const fn id(&self) -> QualificationId {
        self.edition.id
    }
}

type QualificationRow = ((QualificationId, DossierId, String, String, i32, NaiveDate), (i64, String));

fn qualification(
    ((id, dossier_id, crebo, title, level, valid_from), (dossier_number, edition)): QualificationRow,
) -> Qualification {
    Qualification { edition: EditionOf { id, dossier_number, edition, valid_from }, dossier_id, crebo, title, level }
}

macro_rules! qualification_rows {
    ($reading:expr, $such:expr) => {{
        let rows: Vec<QualificationRow> = $reading.load(
            qualifications::table
                .inner_join(dossiers::table.on(dossiers::id.eq(qualifications::dossier_id)))
                .filter($such)
                .order((qualifications::crebo, qualifications::id))
                .select((
                    (
                        qualifications::id,
                        qualifications::dossier_id,
                        qualifications::crebo,
                        qualifications::title,
                        qualifications::level,
                        qualifications::valid_from,
                    ),
                    (dossiers::number, dossiers::edition),
                )),
        )?;
        rows.into_iter().map(qualification).collect::<Vec<_>>()
    }};
}

/// The qualifications with a crebo, in every edition and dossier that has it.
///
/// # Errors
/// Only what the database ends in.
pub fn qualifications_of_crebo(reading: &mut Reading<'_>, _permit: Permit, crebo: Crebo) -> Result<Vec<Qualification>, Trouble> {
    Ok(qualification_rows!(reading, qualifications::crebo.eq(crebo.to_string())))
}

/// The qualifications with the same crebo as this one, in every edition and dossier that has it; none where it is not here.
///
/// # Errors
/// Only what the database ends in.
pub fn qualifications_beside(
    reading: &mut Reading<'_>,
    _permit: Permit,
    id: QualificationId,
) -> Result<Vec<Qualification>, Trouble> {
    let crebo: Option<String> = reading.first(qualifications::table.find(bind(id)).select(qualifications::crebo))?;
    match crebo {
        Some(crebo) => Ok(qualification_rows!(reading, qualifications::crebo.eq(crebo))),
        None => Ok(Vec::new()),
    }
}

/// The qualifications that the team's students are enrolled for now, in every edition, and those of whose work processes the
/// team's LWPs cover one.
///
/// # Errors
/// Only what the database ends in.
pub fn qualifications_of_team(
    reading: &mut Reading<'_>,
    _permit: Permit,
    team_id: TeamId,
) -> Result<Vec<Qualification>, Trouble> {
    let followed = enrolments::table
        .filter(enrolments::team_id.eq(bind(team_id)))
        .filter(enrolments::coached_student_id.is_not_null())
        .select(enrolments::crebo);
    let covered = lwp_work_processes::table
        .inner_join(lwps::table.on(lwps::id.eq(lwp_work_processes::lwp_id)))
        .inner_join(work_processes::table.on(work_processes::id.eq(lwp_work_processes::work_process_id)))
        .inner_join(core_tasks::table.on(core_tasks::id.eq(work_processes::core_task_id)))
        .filter(lwps::team_id.eq(bind(team_id)))
        .filter(lwps::state.eq(bind(PublicationStateName::Published)))
        .filter(core_tasks::dossier_id.eq(qualifications::dossier_id))
        .filter(core_tasks::qualification_id.is_null().or(core_tasks::qualification_id.assume_not_null().eq(qualifications::id)))
        .select(lwps::id);
    Ok(qualification_rows!(reading, qualifications::crebo.eq_any(followed).or(diesel::dsl::exists(covered))))
}

/// The qualifications of whose work processes these LWPs cover one.
///
/// # Errors
/// Only what the database ends in.
pub fn qualifications_of_lwps(
    reading: &mut Reading<'_>,
    _permit: Permit,
    ids: Vec<LwpId>,
) -> Result<Vec<Qualification>, Trouble> {
    let covered = lwp_work_processes::table
        .inner_join(work_processes::table.on(work_processes::id.eq(lwp_work_processes::work_process_id)))
        .inner_join(core_tasks::table.on(core_tasks::id.eq(work_processes::core_task_id)))
        .filter(among(lwp_work_processes::lwp_id, ids))
        .filter(core_tasks::dossier_id.eq(qualifications::dossier_id))
        .filter(core_tasks::qualification_id.is_null().or(core_tasks::qualification_id.assume_not_null().eq(qualifications::id)))
        .select(lwp_work_processes::lwp_id);
    Ok(qualification_rows!(reading, diesel::dsl::exists(covered)))
}

/// A core task that a qualification asks.
#[derive(Clone, Debug, Queryable)]
pub struct Task {
    pub id: CoreTaskId,
    pub dossier_id: DossierId,
    /// None of the basis, and so of every qualification of the dossier.
    pub qualification_id: Option<QualificationId>,
    pub code: Option<String>,
    pub title: String,
}

/// A work process of a core task.
#[derive(Clone, Debug, Queryable)]
pub struct Process {
    pub id: WorkProcessId,
    pub core_task_id: CoreTaskId,
    pub code: Option<String>,
    pub title: String,
}

/// The core tasks and work processes of these dossiers, in order: two statements.
///
/// # Errors
/// Only what the database ends in.
pub fn tasks_of(reading: &mut Reading<'_>, _permit: Permit, ids: Vec<DossierId>) -> Result<(Vec<Task>, Vec<Process>), Trouble> {
    let tasks = reading.load(
        core_tasks::table
            .filter(among(core_tasks::dossier_id, ids.clone()))
            .order((core_tasks::dossier_id, core_tasks::place))
            .select((core_tasks::id, core_tasks::dossier_id, core_tasks::qualification_id, core_tasks::code, core_tasks::title)),
    )?;
    let processes = reading.load(
        work_processes::table
            .filter(among(work_processes::dossier_id, ids))
            .order((work_processes::core_task_id, work_processes::place))
            .select((work_processes::id, work_processes::core_task_id, work_processes::code, work_processes::title)),
    )?;
    Ok((tasks, processes))
}

/// What covers something: an LWP, and for a student the assignment of it.
#[derive(Clone, Debug)]
pub struct Cover<Of> {
    pub of: Of,
    pub lwp_id: LwpId,
    pub title: String,
    pub assignment: Option<(LwpAssignmentId, AssignmentStateName)>,
}

/// What covers work processes, and what covers requirements.
pub type Covers = (Vec<Cover<WorkProcessId>>, Vec<Cover<RequirementId>>);

/// A student, and what they are or were last enrolled for, if anything.
#[derive(Clone, Debug)]
pub struct Learner {
    pub id: StudentId,
    pub course: Option<(String, NaiveDate)>,
}

/// A student whose coverage is asked for: two statements.
///
/// # Errors
/// Only what the database ends in.
pub fn find_learner(reading: &mut Reading<'_>, id: StudentId) -> Result<Option<Guarded<Learner>>, Trouble> {
    let mine = relations::of(reading, students::id, Anywhere);
    let found: Option<(StudentId, Option<String>)> =
        reading.first(students::table.filter(students::id.eq(bind(id))).select((students::id, mine)))?;
    let Some((id, mine)) = found else { return Ok(None) };
    let newest = enrolments::table
        .filter(enrolments::student_id.eq(bind(id)))
        .order(enrolments::id.desc())
        .limit(1)
        .select((enrolments::crebo, enrolments::starts_on));
    let course = reading.first(newest)?;
    Ok(Some(Guarded::new(Learner { id, course }, relations::read(mine))))
}

/// What a student's assignments cover: two statements.
///
/// # Errors
/// Only what the database ends in.
pub fn covers_of_student(reading: &mut Reading<'_>, _permit: Permit, id: StudentId) -> Result<Covers, Trouble> {
    type Row<Of> = (Of, LwpId, String, LwpAssignmentId, AssignmentStateName);
    fn cover<Of>((of, lwp_id, title, id, state): Row<Of>) -> Cover<Of> {
        Cover { of, lwp_id, title, assignment: Some((id, state)) }
    }
    let processes: Vec<Row<WorkProcessId>> = reading.load(
        assignments::table
            .inner_join(lwps::table.on(lwps::id.eq(assignments::lwp_id)))
            .inner_join(lwp_work_processes::table.on(lwp_work_processes::lwp_id.eq(assignments::lwp_id)))
            .filter(assignments::student_id.eq(bind(id)))
            .order(assignments::id)
            .select((lwp_work_processes::work_process_id, lwps::id, lwps::title, assignments::id, assignments::state)),
    )?;
    let requirements: Vec<Row<RequirementId>> = reading.load(
        assignments::table
            .inner_join(lwps::table.on(lwps::id.eq(assignments::lwp_id)))
            .inner_join(lwp_requirements::table.on(lwp_requirements::lwp_id.eq(assignments::lwp_id)))
            .filter(assignments::student_id.eq(bind(id)))
            .order(assignments::id)
            .select((lwp_requirements::requirement_id, lwps::id, lwps::title, assignments::id, assignments::state)),
    )?;
    Ok((processes.into_iter().map(cover).collect(), requirements.into_iter().map(cover).collect()))
}

macro_rules! covers_of_lwps {
    ($reading:expr, $such:expr) => {{
        type Row<Of> = (Of, LwpId, String);
        fn cover<Of>((of, lwp_id, title): Row<Of>) -> Cover<Of> {
            Cover { of, lwp_id, title, assignment: None }
        }
        let processes: Vec<Row<WorkProcessId>> = $reading.load(
            lwps::table
                .inner_join(lwp_work_processes::table.on(lwp_work_processes::lwp_id.eq(lwps::id)))
                .filter($such)
                .order(lwps::id)
                .select((lwp_work_processes::work_process_id, lwps::id, lwps::title)),
        )?;
        let requirements: Vec<Row<RequirementId>> = $reading.load(
            lwps::table
                .inner_join(lwp_requirements::table.on(lwp_requirements::lwp_id.eq(lwps::id)))
                .filter($such)
                .order(lwps::id)
                .select((lwp_requirements::requirement_id, lwps::id, lwps::title)),
        )?;
        Ok((processes.into_iter().map(cover).collect(), requirements.into_iter().map(cover).collect()))
    }};
}

/// What a team's published LWPs cover: two statements.
///
/// # Errors
/// Only what the database ends in.
pub fn covers_of_team(reading: &mut Reading<'_>, _permit: Permit, team_id: TeamId) -> Result<Covers, Trouble> {
    covers_of_lwps!(reading, lwps::team_id.eq(bind(team_id)).and(lwps::state.eq(bind(PublicationStateName::Published))))
}

/// What these LWPs cover, of which there are at most [`AT_ONCE`]: two statements.
///
/// # Errors
/// Only what the database ends in.
pub fn covers_of(reading: &mut Reading<'_>, _permit: Permit, ids: &[LwpId]) -> Result<Covers, Trouble> {
    let ids: Vec<_> = ids.iter().take(AT_ONCE).copied().collect();
    covers_of_lwps!(reading, among(lwps::id, ids.clone()))
}

/// How far one student is with what a qualification asks.
#[derive(Clone, Debug)]
pub struct StudentCovered {
    pub student: Name,
    pub sort_name: String,
    pub work_processes: Covered,
    pub requirements: Covered,
}

/// What is counted, and for whom: the students of one cohort of one qualification.
#[derive(Clone, Debug)]
pub struct Cohort {
    pub qualification: Qualification,
    pub days: CohortDays,
    pub team_id: Option<TeamId>,
    /// How many work processes it asks.
    pub work_processes: i64,
    /// The requirements of career and citizenship, in all editions.
    pub requirements: Vec<RequirementId>,
}

/// How many work processes a qualification asks.
///
/// # Errors
/// Only what the database ends in.
pub fn count_work_processes(reading: &mut Reading<'_>, _permit: Permit, of: &Qualification) -> Result<i64, Trouble> {
    let asked = work_processes::table
        .inner_join(core_tasks::table.on(core_tasks::id.eq(work_processes::core_task_id)))
        .filter(core_tasks::dossier_id.eq(bind(of.dossier_id)))
        .filter(core_tasks::qualification_id.is_null().or(core_tasks::qualification_id.assume_not_null().eq(bind(of.id()))))
        .select(work_processes::id);
    let ids: Vec<WorkProcessId> = reading.load(asked)?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}

/// How many work processes of the qualification the student's assignments in such a state cover.
macro_rules! processes {
    ($of:expr, $state:expr) => {
        assignments::table
            .inner_join(lwp_work_processes::table.on(lwp_work_processes::lwp_id.eq(assignments::lwp_id)))
            .inner_join(work_processes::table.on(work_processes::id.eq(lwp_work_processes::work_process_id)))
            .inner_join(core_tasks::table.on(core_tasks::id.eq(work_processes::core_task_id)))
            .filter(assignments::student_id.eq(students::id))
            .filter($state)
            .filter(core_tasks::dossier_id.eq(bind($of.dossier_id)))
            .filter(core_tasks::qualification_id.is_null().or(core_tasks::qualification_id.assume_not_null().eq(bind($of.id()))))
            .select(count(lwp_work_processes::work_process_id).aggregate_distinct())
            .single_value()
    };
}

/// How many of these requirements the student's assignments in such a state cover.
macro_rules! requirements {
    ($ids:expr, $state:expr) => {
        assignments::table
            .inner_join(lwp_requirements::table.on(lwp_requirements::lwp_id.eq(assignments::lwp_id)))
            .filter(assignments::student_id.eq(students::id))
            .filter($state)
            .filter(among(lwp_requirements::requirement_id, $ids.clone()))
            .select(count(lwp_requirements::requirement_id).aggregate_distinct())
            .single_value()
    };
}

/// How far each student of a cohort is, of those whose coverage the caller may see, by name: one statement, however many.
///
/// # Errors
/// Only what the database ends in.
pub fn list_coverage(
    reading: &mut Reading<'_>,
    of: &Cohort,
    page: &Page<AfterName<StudentId>>,
) -> Result<Listed<StudentCovered>, Trouble> {
    let (name, id) = page.after.clone().unwrap_or_else(|| (String::new(), StudentId::FIRST));
    let Cohort { qualification, days, team_id, work_processes: total, requirements: ids } = of;
    let may = relations::may(reading, Action::ReadCoverage, students::id, Anywhere);
    let completed = || assignments::state.eq(bind(AssignmentStateName::Completed));
    let begun = || assignments::state.ne(bind(AssignmentStateName::Assigned));
    let any = || given(true);
    let such = students::table
        .inner_join(people::table.on(people::id.eq(students::id)))
        .inner_join(enrolments::table.on(enrolments::coached_student_id.eq(students::id.nullable())))
        .filter(may)
        .filter(enrolments::crebo.eq(&qualification.crebo))
        .filter(given(days.from.is_none()).or(enrolments::starts_on.ge(days.from.unwrap_or_default())))
        .filter(given(days.before.is_none()).or(enrolments::starts_on.lt(days.before.unwrap_or_default())))
        .filter(given(team_id.is_none()).or(enrolments::team_id.eq(bind(team_id.unwrap_or(TeamId::FIRST)))));
    let counted = reading.total(page, &such)?;
    type Row = (Name, String, (Option<i64>, Option<i64>, Option<i64>), (Option<i64>, Option<i64>, Option<i64>));
    let rows: Vec<Row> = reading.load(
        such.filter(students::sort_name.gt(name.clone()).or(students::sort_name.eq(name).and(students::id.gt(bind(id)))))
            .order((students::sort_name, students::id))
            .limit(page.rows_to_read())
            .select((
                (people::id, people::given_name, people::family_name_prefix, people::family_name),
                students::sort_name,
                (processes!(qualification, completed()), processes!(qualification, begun()), processes!(qualification, any())),
                (requirements!(ids, completed()), requirements!(ids, begun()), requirements!(ids, any())),
            )),
    )?;
    let asked = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let counts = |(completed, begun, any): (Option<i64>, Option<i64>, Option<i64>), total| {
        Covered::of_at_least(completed.unwrap_or(0), begun.unwrap_or(0), any.unwrap_or(0), total)
    };
    let one = |(student, sort_name, processes, requirements)| StudentCovered {
        student,
        sort_name,
        work_processes: counts(processes, *total),
        requirements: counts(requirements, asked),
    };
    Ok(Listed { rows, total: counted }.map(one))
}

/// The entries of a student's portfolio that are linked to work processes, as far as the caller may read them.
///
/// # Errors
/// Only what the database ends in.
pub fn entries_of_student(
    reading: &mut Reading<'_>,
    _permit: Permit,
    id: StudentId,
) -> Result<Vec<(WorkProcessId, PortfolioEntryId)>, Trouble> {
    let may = relations::readable(reading, Some(id), entries::student_id, entries::id, entries::visibility);
    let such = links::table
        .inner_join(entries::table.on(entries::student_id.eq(links::student_id).and(entries::id.eq(links::entry_id))))
        .filter(links::student_id.eq(bind(id)))
        .filter(links::kind.eq(bind(LinkKind::WorkProcess)))
        .filter(entries::withdrawn_at.is_null())
        .filter(may);
    reading.load(such.order(links::entry_id).select((links::target_id, links::entry_id)))
}
