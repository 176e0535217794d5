//! Qualification dossiers (kwalificatiedossiers): finding them, and the whole tree of one (CU-1).

use chrono::NaiveDate;
use domain::access::{Action, Unit};
use domain::curriculum::{CoreTask, Dossier, Qualification, WorkProcess};
use domain::kernel::{CoreTaskId, Crebo, DossierId, KernelFault, Line, QualificationId, WorkProcessId};
use persistence::curriculum::{self as rows, DossierLine, QualificationLine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::{Answer, At, Caller, List, Listing, Operation, Outcome, Problem, get};

pub const TAG: &str = "Curriculum";

pub fn operations() -> Vec<Operation> {
    vec![
        get("/qualification-dossiers", "listQualificationDossiers", "Qualification dossiers by title", list_dossiers)
            .text("For whoever has an account. One crebo can stand in several dossiers and editions: students finish by the edition of their cohort."),
        get("/qualification-dossiers/{id}", "getQualificationDossier", "One dossier with all that it asks", get_dossier)
            .text("For whoever has an account: the qualifications, the core tasks of the basis and of each qualification, and their work processes. Ids stay the same however often it is imported."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}

/// A dossier in a list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DossierLineView {
    id: DossierId,
    /// Which dossier it is; its editions share it.
    number: i64,
    /// Which edition it is: a date, and the name of its version where it has one.
    #[schema(max_length = 80)]
    edition: String,
    /// Of the dossier itself.
    #[schema(max_length = 5)]
    crebo: String,
    #[schema(max_length = 300)]
    title: String,
    #[schema(max_items = 200)]
    qualifications: Vec<QualificationLineView>,
    #[schema(max_length = 100)]
    link: String,
}

/// A qualification in a list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QualificationLineView {
    id: QualificationId,
    #[schema(max_length = 5)]
    crebo: String,
    #[schema(max_length = 300)]
    title: String,
    /// 1 (entry) to 4 (middle management).
    #[schema(minimum = 1, maximum = 4)]
    level: i32,
}

impl From<DossierLine> for DossierLineView {
    fn from(line: DossierLine) -> Self {
        let DossierLine { id, number, edition, crebo, title, qualifications } = line;
        let qualification = |QualificationLine { id, crebo, title, level, .. }| QualificationLineView { id, crebo, title, level };
        let qualifications = qualifications.into_iter().map(qualification).collect();
        Self { id, number, edition, crebo, title, qualifications, link: format!("/v1/qualification-dossiers/{id}") }
    }
}

/// One edition of a dossier, with all that it asks.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DossierView {
    id: DossierId,
    /// Which dossier it is; its editions share it.
    number: u32,
    #[schema(max_length = 80)]
    edition: String,
    /// The number of the dossier that it replaces.
    #[schema(required = true)]
    predecessor: Option<u32>,
    crebo: Crebo,
    #[schema(max_length = 300)]
    title: String,
    /// In the words of its keepers: `Vastgesteld`.
    #[schema(max_length = 60)]
    status: String,
    valid_from: NaiveDate,
    /// After this date nobody starts.
    #[schema(required = true)]
    inflow_ends_on: Option<NaiveDate>,
    /// Of the basis, and so of every qualification.
    #[schema(max_items = 200)]
    core_tasks: Vec<CoreTaskView>,
    #[schema(max_items = 200)]
    qualifications: Vec<QualificationView>,
}

/// A qualification (kwalificatie): one profile of the dossier.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QualificationView {
    id: QualificationId,
    crebo: Crebo,
    #[schema(max_length = 300)]
    title: String,
    /// 1 (entry) to 4 (middle management).
    #[schema(minimum = 1, maximum = 4)]
    level: u8,
    /// Its own, besides those of the basis.
    #[schema(max_items = 200)]
    core_tasks: Vec<CoreTaskView>,
}

/// A core task (kerntaak).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoreTaskView {
    id: CoreTaskId,
    /// `B1-K1`; null where the dossier does not number its chapters.
    #[schema(required = true, max_length = 20)]
    code: Option<String>,
    #[schema(max_length = 300)]
    title: String,
    #[schema(max_items = 200)]
    work_processes: Vec<WorkProcessView>,
}

/// A work process (werkproces).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkProcessView {
    id: WorkProcessId,
    /// `B1-K1-W1`; null where the dossier does not number its chapters.
    #[schema(required = true, max_length = 20)]
    code: Option<String>,
    #[schema(max_length = 300)]
    title: String,
    #[schema(required = true, max_length = 20000)]
    description: Option<String>,
    #[schema(required = true, max_length = 20000)]
    result: Option<String>,
}

impl DossierView {
    fn of(dossier: &Dossier) -> Self {
        Self {
            id: dossier.id(),
            number: dossier.number,
            edition: dossier.edition.as_str().to_owned(),
            predecessor: dossier.predecessor,
            crebo: dossier.registration.crebo,
            title: dossier.title.as_str().to_owned(),
            status: dossier.status.as_str().to_owned(),
            valid_from: dossier.registration.valid_from,
            inflow_ends_on: dossier.registration.inflow_ends_on,
            core_tasks: tasks(dossier, &dossier.core_tasks),
            qualifications: dossier.qualifications.iter().map(|one| qualification(dossier, one)).collect(),
        }
    }
}

fn qualification(dossier: &Dossier, one: &Qualification) -> QualificationView {
    QualificationView {
        id: dossier.qualification_id(one),
        crebo: one.registration.crebo,
        title: one.title.as_str().to_owned(),
        level: one.level,
        core_tasks: tasks(dossier, &one.core_tasks),
    }
}

fn tasks(dossier: &Dossier, tasks: &[CoreTask]) -> Vec<CoreTaskView> {
    let view = |task: &CoreTask| CoreTaskView {
        id: dossier.core_task_id(task),
        code: task.code.as_ref().map(|code| code.as_str().to_owned()),
        title: task.title.as_str().to_owned(),
        work_processes: task.work_processes.iter().map(|one| process(dossier, one)).collect(),
    };
    tasks.iter().map(view).collect()
}

fn process(dossier: &Dossier, one: &WorkProcess) -> WorkProcessView {
    WorkProcessView {
        id: dossier.work_process_id(one),
        code: one.code.as_ref().map(|code| code.as_str().to_owned()),
        title: one.title.as_str().to_owned(),
        description: one.description.as_ref().map(|text| text.as_str().to_owned()),
        result: one.result.as_ref().map(|text| text.as_str().to_owned()),
    }
}

/// Which dossiers.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DossierQuery {
    /// Parts of titles, codes and crebos of anything in it, in any order, with or without accents.
    #[serde(default)]
    q: Option<Line>,
    /// With this crebo, of its own or of a qualification.
    #[serde(default)]
    crebo: Option<Crebo>,
}

async fn list_dossiers(caller: Caller, list: List<DossierQuery>) -> Result<Listing<DossierLineView>, Problem> {
    let page = list.page()?;
    let DossierQuery { q, crebo } = list.filter;
    caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadDossier, Unit::Institution)?;
            let dossiers = rows::list(reading, permit, q.as_ref().map(Line::as_str), crebo, &page)?;
            Answer::page(dossiers, &page, |line| (line.title.clone(), line.id), |line| Ok(line.into())).map(Answer::revalidate)
        })
        .await
}

async fn get_dossier(caller: Caller, At(id): At<DossierId>) -> Outcome<DossierView> {
    caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadDossier, Unit::Institution)?;
            let dossier = rows::find(reading, permit, id)?.ok_or(KernelFault::Absent)?;
            Answer::ok(&DossierView::of(&dossier)).map(Answer::revalidate)
        })
        .await
}
