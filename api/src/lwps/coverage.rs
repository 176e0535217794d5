//! Which work processes and requirements a student, a team's LWPs or a programme cover, and which not (CU-5).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::access::{Action, Permit, Unit};
use domain::career_citizenship::{self, Edition, RequirementArea};
use domain::curriculum::{cohorts, of_cohort};
use domain::kernel::time::date_at;
use domain::kernel::{
    CoreTaskId, Crebo, DossierId, KernelFault, Line, LwpAssignmentId, LwpId, PortfolioEntryId, QualificationId, RequirementId,
    StudentId, TeamId, TemplateId, WorkProcessId,
};
use domain::lwp::{AssignmentStateName, Coverage, Covered};
use persistence::lwps::coverage::{self as rows, Cohort, Cover, Covers, Process, Qualification, StudentCovered, Task};
use persistence::{Reading, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonName;
use crate::http::{Answer, At, Caller, List, Listing, Outcome, Problem};

/// What is covered of what is asked, and by what.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoverageView {
    /// The crebo stands in several dossiers, so which one is meant cannot be known: each of them is in `qualifications`.
    ambiguous: bool,
    /// What each qualification asks. A student has one; none where no dossier with the crebo is here.
    #[schema(max_items = 200)]
    qualifications: Vec<QualificationCoverageView>,
    /// The requirements of career and citizenship, of the edition that holds.
    #[schema(max_items = 200)]
    requirements: Vec<RequirementCoverageView>,
    requirement_counts: CoverageCounts,
}

/// What is covered of one qualification.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QualificationCoverageView {
    id: QualificationId,
    dossier_id: DossierId,
    #[schema(max_length = 80)]
    edition: String,
    #[schema(max_length = 5)]
    crebo: String,
    #[schema(max_length = 300)]
    title: String,
    #[schema(minimum = 1, maximum = 4)]
    level: i32,
    #[schema(max_items = 400)]
    core_tasks: Vec<CoreTaskCoverageView>,
    work_process_counts: CoverageCounts,
}

/// What is covered of one core task.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoreTaskCoverageView {
    id: CoreTaskId,
    #[schema(required = true, max_length = 20)]
    code: Option<String>,
    #[schema(max_length = 300)]
    title: String,
    #[schema(max_items = 200)]
    work_processes: Vec<WorkProcessCoverageView>,
}

/// Whether one work process is covered, and by what.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkProcessCoverageView {
    id: WorkProcessId,
    #[schema(required = true, max_length = 20)]
    code: Option<String>,
    #[schema(max_length = 300)]
    title: String,
    coverage: Coverage,
    #[schema(max_items = 1000)]
    by: Vec<CoveredByView>,
    /// Entries of the student's portfolio that are linked to it, as far as the caller may read them.
    #[schema(max_items = 1000)]
    entry_ids: Vec<PortfolioEntryId>,
}

/// Whether one requirement is covered, and by what.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequirementCoverageView {
    id: RequirementId,
    area: RequirementArea,
    code: Line,
    title: Line,
    coverage: Coverage,
    #[schema(max_items = 1000)]
    by: Vec<CoveredByView>,
}

/// What covers something.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoveredByView {
    lwp_id: LwpId,
    #[schema(max_length = 200)]
    title: String,
    /// The student's; null of a team and a programme.
    #[schema(required = true)]
    assignment_id: Option<LwpAssignmentId>,
    /// Of that assignment.
    #[schema(required = true)]
    state: Option<AssignmentStateName>,
}

/// Of how many how many are covered, each counted once, as far as it got.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoverageCounts {
    #[schema(minimum = 0)]
    completed: i64,
    #[schema(minimum = 0)]
    in_progress: i64,
    #[schema(minimum = 0)]
    planned: i64,
    #[schema(minimum = 0)]
    total: i64,
}

impl From<Covered> for CoverageCounts {
    fn from(covered: Covered) -> Self {
        let Covered { completed, in_progress, planned, total } = covered;
        Self { completed, in_progress, planned, total }
    }
}

/// What covers this one, how far.
fn by<Of: PartialEq>(covers: &[Cover<Of>], of: &Of) -> (Coverage, Vec<CoveredByView>) {
    let those = || covers.iter().filter(|cover| cover.of == *of);
    let coverage = Coverage::best(those().map(|cover| Coverage::by(cover.assignment.map(|(_, state)| state))));
    let view = |cover: &Cover<Of>| CoveredByView {
        lwp_id: cover.lwp_id,
        title: cover.title.clone(),
        assignment_id: cover.assignment.map(|(id, _)| id),
        state: cover.assignment.map(|(_, state)| state),
    };
    (coverage, those().take(1000).map(view).collect())
}

/// What is asked, and what there is to cover it.
struct Found {
    qualifications: Vec<Qualification>,
    tasks: Vec<Task>,
    processes: Vec<Process>,
    covers: Covers,
    /// Entries that are linked to work processes.
    entries: Vec<(WorkProcessId, PortfolioEntryId)>,
    edition: Option<&'static Edition>,
}

impl Found {
    fn view(&self, ambiguous: bool) -> CoverageView {
        let requirement = |(id, one): (RequirementId, &career_citizenship::Requirement)| {
            let (coverage, by) = by(&self.covers.1, &id);
            RequirementCoverageView { id, area: one.area, code: one.code.clone(), title: one.title.clone(), coverage, by }
        };
        let requirements: Vec<_> = self.edition.into_iter().flat_map(Edition::all).map(requirement).collect();
        let requirement_counts = Covered::count(requirements.iter().map(|one| one.coverage)).into();
        let qualifications = self.qualifications.iter().take(200).map(|one| self.qualification(one)).collect();
        CoverageView { ambiguous, qualifications, requirements, requirement_counts }
    }

    fn qualification(&self, of: &Qualification) -> QualificationCoverageView {
        let is_asked = |task: &&Task| task.dossier_id == of.dossier_id && task.qualification_id.is_none_or(|id| id == of.id());
        // The basis first, then its own: as the dossier has them.
        let core_tasks: Vec<_> = self.tasks.iter().filter(is_asked).map(|task| self.task(task)).collect();
        let all = core_tasks.iter().flat_map(|task| &task.work_processes);
        let work_process_counts = Covered::count(all.map(|process| process.coverage)).into();
        QualificationCoverageView {
            id: of.id(),
            dossier_id: of.dossier_id,
            edition: of.edition.edition.clone(),
            crebo: of.crebo.clone(),
            title: of.title.clone(),
            level: of.level,
            core_tasks,
            work_process_counts,
        }
    }

    fn task(&self, task: &Task) -> CoreTaskCoverageView {
        let process = |process: &Process| {
            let (coverage, by) = by(&self.covers.0, &process.id);
            let linked = self.entries.iter().filter(|(of, _)| *of == process.id).map(|(_, entry)| *entry);
            WorkProcessCoverageView {
                id: process.id,
                code: process.code.clone(),
                title: process.title.clone(),
                coverage,
                by,
                entry_ids: linked.take(1000).collect(),
            }
        };
        let own = self.processes.iter().filter(|process| process.core_task_id == task.id);
        CoreTaskCoverageView {
            id: task.id,
            code: task.code.clone(),
            title: task.title.clone(),
            work_processes: own.map(process).collect(),
        }
    }
}

/// The core tasks and work processes of the dossiers that these qualifications are in.
fn asked(reading: &mut Reading<'_>, permit: Permit, of: &[Qualification]) -> Result<(Vec<Task>, Vec<Process>), Trouble> {
    let dossiers: BTreeSet<DossierId> = of.iter().map(|one| one.dossier_id).collect();
    rows::tasks_of(reading, permit, dossiers.into_iter().collect())
}

pub async fn of_student(caller: Caller, At(id): At<StudentId>) -> Outcome<CoverageView> {
    caller
        .read(move |reading| {
            let learner = rows::find_learner(reading, id)?.ok_or(KernelFault::Absent)?;
            let (learner, permit) = learner.permit(Action::ReadCoverage)?;
            let qualifications = match learner.course.as_ref().and_then(|(crebo, on)| Some((Crebo::parse(crebo)?, *on))) {
                Some((crebo, begins_on)) => of_learner(reading, permit, crebo, begins_on)?,
                None => Vec::new(),
            };
            let (tasks, processes) = asked(reading, permit, &qualifications)?;
            let begins_on = learner.course.map_or_else(|| date_at(reading.now()), |(_, begins_on)| begins_on);
            let covers = rows::covers_of_student(reading, permit, id)?;
            let entries = rows::entries_of_student(reading, permit, id)?;
            let edition = career_citizenship::in_force_on(begins_on);
            let ambiguous = qualifications.len() > 1;
            Answer::ok(&Found { qualifications, tasks, processes, covers, entries, edition }.view(ambiguous))
        })
        .await
}

/// What someone who began on this day for this crebo finishes by: one, or all that it can be.
fn of_learner(
    reading: &mut Reading<'_>,
    permit: Permit,
    crebo: Crebo,
    begins_on: NaiveDate,
) -> Result<Vec<Qualification>, Trouble> {
    let all = rows::qualifications_of_crebo(reading, permit, crebo)?;
    let editions: Vec<_> = all.iter().map(|one| one.edition.clone()).collect();
    let ids = of_cohort(&editions, begins_on);
    Ok(all.into_iter().filter(|one| ids.contains(&one.id())).collect())
}

pub async fn of_team(caller: Caller, At(id): At<TeamId>) -> Outcome<CoverageView> {
    caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadLwp, Unit::Institution)?;
            persistence::organisation::find_team(reading, permit, id)?.ok_or(KernelFault::Absent)?;
            let qualifications = rows::qualifications_of_team(reading, permit, id)?;
            let (tasks, processes) = asked(reading, permit, &qualifications)?;
            let covers = rows::covers_of_team(reading, permit, id)?;
            let edition = career_citizenship::in_force_on(date_at(reading.now()));
            Answer::ok(&Found { qualifications, tasks, processes, covers, entries: Vec::new(), edition }.view(false))
        })
        .await
}

pub async fn of_template(caller: Caller, At(id): At<TemplateId>) -> Outcome<CoverageView> {
    caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadTemplate, Unit::Institution)?;
            let template = persistence::start_programme::find_template(reading, permit, id)?.ok_or(KernelFault::Absent)?;
            let lwps: BTreeSet<LwpId> = template.content.weeks.iter().flat_map(|week| week.lwp_ids.iter().copied()).collect();
            let lwps: Vec<_> = lwps.into_iter().collect();
            let qualifications = rows::qualifications_of_lwps(reading, permit, lwps.clone())?;
            let (tasks, processes) = asked(reading, permit, &qualifications)?;
            let covers = rows::covers_of(reading, permit, &lwps)?;
            let edition = career_citizenship::in_force_on(template.content.school_year.days().0);
            Answer::ok(&Found { qualifications, tasks, processes, covers, entries: Vec::new(), edition }.view(false))
        })
        .await
}

/// Whose coverage.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhoseCoverage {
    /// In this team.
    #[serde(default)]
    team_id: Option<TeamId>,
}

/// How far one student is with what the qualification asks.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudentCoverageView {
    student_id: StudentId,
    student: PersonName,
    qualification_id: QualificationId,
    work_process_counts: CoverageCounts,
    requirement_counts: CoverageCounts,
    #[schema(max_length = 100)]
    link: String,
}

impl StudentCoverageView {
    fn of(qualification_id: QualificationId, covered: StudentCovered) -> Self {
        let StudentCovered { student, work_processes, requirements, .. } = covered;
        let student_id = student.id.student();
        Self {
            student_id,
            student: student.into(),
            qualification_id,
            work_process_counts: work_processes.into(),
            requirement_counts: requirements.into(),
            link: format!("/v1/students/{student_id}/coverage"),
        }
    }
}

pub async fn list(
    caller: Caller,
    At(id): At<QualificationId>,
    list: List<WhoseCoverage>,
) -> Result<Listing<StudentCoverageView>, Problem> {
    let (page, team_id) = (list.page()?, list.filter.team_id);
    caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadDossier, Unit::Institution)?;
            let cohort = cohort(reading, permit, id, team_id)?;
            let covered = rows::list_coverage(reading, &cohort, &page)?;
            let place = |one: &StudentCovered| (one.sort_name.clone(), one.student.id.student());
            Answer::page(covered, &page, place, |one| Ok(StudentCoverageView::of(id, one)))
        })
        .await
}

/// The students who finish by one edition of a qualification, of those with its crebo.
fn cohort(reading: &mut Reading<'_>, permit: Permit, id: QualificationId, team_id: Option<TeamId>) -> Result<Cohort, Trouble> {
    let all = rows::qualifications_beside(reading, permit, id)?;
    let editions: Vec<_> = all.iter().map(|one| one.edition.clone()).collect();
    let days = cohorts(&editions).into_iter().find(|(of, _)| *of == id).map(|(_, days)| days).ok_or(KernelFault::Absent)?;
    let qualification = all.into_iter().find(|one| one.id() == id).ok_or(KernelFault::Absent)?;
    let work_processes = rows::count_work_processes(reading, permit, &qualification)?;
    let edition = career_citizenship::in_force_on(days.from.unwrap_or(qualification.edition.valid_from));
    let requirements = edition.into_iter().flat_map(Edition::all).map(|(id, _)| id).collect();
    Ok(Cohort { qualification, days, team_id, work_processes, requirements })
}
