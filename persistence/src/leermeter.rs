//! The leermeter (LM-1 to LM-4): rounds, raters and ratings each in a file, and here competence frameworks. What the caller may read of them is part of every query for them: what is published or
//! retired for whoever has an account, drafts for who writes them.

pub mod growth;
pub mod raters;
pub mod ratings;
pub mod rounds;
pub mod team;

use diesel::prelude::*;
use domain::access::{Action, Permit};
use domain::kernel::{
    DossierId, FrameworkId, Instant, LandscapeId, PublicationState, PublicationStateName, QualificationId, Told, WorkProcessId,
};
use domain::leermeter::{Competence, Framework, KnownWorkProcess, ScaleLevel};

use crate::columns::{Json, bind, text};
use crate::page::{Listed, Page};
use crate::schema::{competence_frameworks as frameworks, core_tasks, qualifications, work_processes};
use crate::session::{Reading, Writing};
use crate::spelling::{among, given};
use crate::trouble::Trouble;

/// Which frameworks; what is absent does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameworkFilter {
    pub landscape_id: Option<LandscapeId>,
    pub qualification_id: Option<QualificationId>,
    pub state: Option<PublicationStateName>,
}

type FrameworkRow = (
    (FrameworkId, i64, i32, LandscapeId, Option<QualificationId>, Option<FrameworkId>),
    (String, Json<Vec<ScaleLevel>>, Json<Vec<Competence>>, bool),
    (PublicationStateName, Option<Instant>, Option<Instant>),
);

type Columns = (
    (
        frameworks::id,
        frameworks::version,
        frameworks::version_number,
        frameworks::landscape_id,
        frameworks::qualification_id,
        frameworks::previous_id,
    ),
    (frameworks::title, frameworks::scale, frameworks::competences, frameworks::own_view_first),
    (frameworks::state, frameworks::published_at, frameworks::retired_at),
);
const COLUMNS: Columns = (
    (
        frameworks::id,
        frameworks::version,
        frameworks::version_number,
        frameworks::landscape_id,
        frameworks::qualification_id,
        frameworks::previous_id,
    ),
    (frameworks::title, frameworks::scale, frameworks::competences, frameworks::own_view_first),
    (frameworks::state, frameworks::published_at, frameworks::retired_at),
);

fn framework(row: FrameworkRow) -> Result<Framework, Trouble> {
    let (
        (id, version, number, landscape_id, qualification_id, previous_id),
        (title, Json(scale), Json(competences), own_view_first),
        (state, published_at, retired_at),
    ) = row;
    let state = PublicationState::from_parts(state, published_at, retired_at)
        .ok_or_else(|| Trouble::Unreadable("the state of a framework".to_owned()))?;
    let title = text(&title)?;
    Ok(Framework {
        id,
        version,
        number,
        landscape_id,
        qualification_id,
        title,
        scale,
        competences,
        own_view_first,
        previous_id,
        state,
    })
}

/// Which frameworks who may read what is published may read.
macro_rules! readable {
    ($reading:expr) => {{
        let drafts = $reading.actor().reaches(Action::ReadFrameworkDraft);
        let own = given(drafts.everywhere).or(among(frameworks::landscape_id, drafts.landscapes));
        frameworks::state.ne(bind(PublicationStateName::Draft)).or(own)
    }};
}

/// A framework that the caller may read.
///
/// # Errors
/// Only what the database ends in.
pub fn find_framework(reading: &mut Reading<'_>, _permit: Permit, id: FrameworkId) -> Result<Option<Framework>, Trouble> {
    let readable = readable!(reading);
    let found = reading.first(frameworks::table.filter(frameworks::id.eq(bind(id))).filter(readable).select(COLUMNS))?;
    found.map(framework).transpose()
}

/// The frameworks that the caller may read, in the order in which they were drafted.
///
/// # Errors
/// Only what the database ends in.
pub fn list_frameworks(
    reading: &mut Reading<'_>,
    _permit: Permit,
    filter: FrameworkFilter,
    page: &Page<FrameworkId>,
) -> Result<Listed<Framework>, Trouble> {
    let FrameworkFilter { landscape_id, qualification_id, state } = filter;
    let of_landscape =
        given(landscape_id.is_none()).or(frameworks::landscape_id.eq(bind(landscape_id.unwrap_or(LandscapeId::FIRST))));
    let of_qualification = given(qualification_id.is_none())
        .or(frameworks::qualification_id.assume_not_null().eq(bind(qualification_id.unwrap_or(QualificationId::FIRST))));
    let in_state = given(state.is_none()).or(frameworks::state.eq(bind(state.unwrap_or(PublicationStateName::Draft))));
    let such = frameworks::table.filter(readable!(reading)).filter(of_landscape).filter(of_qualification).filter(in_state);
    let total = reading.total(page, &such)?;
    let rows: Vec<FrameworkRow> = reading.load(
        such.filter(frameworks::id.gt(bind(page.after.unwrap_or(FrameworkId::FIRST))))
            .order(frameworks::id)
            .limit(page.rows_to_read())
            .select(COLUMNS),
    )?;
    Listed { rows, total }.try_map(framework)
}

/// The work processes of a qualification, those of the basis first, in the order of the dossier; none where there is no such qualification.
///
/// # Errors
/// Only what the database ends in.
pub fn work_processes_of(
    reading: &mut Reading<'_>,
    _permit: Permit,
    id: QualificationId,
) -> Result<Option<Vec<KnownWorkProcess>>, Trouble> {
    let found: Option<DossierId> = reading.first(qualifications::table.find(bind(id)).select(qualifications::dossier_id))?;
    let Some(dossier) = found else { return Ok(None) };
    let rows: Vec<(WorkProcessId, i64, Option<String>, String)> = reading.load(
        work_processes::table
            .inner_join(core_tasks::table.on(core_tasks::id.eq(work_processes::core_task_id)))
            .filter(core_tasks::dossier_id.eq(bind(dossier)))
            .filter(core_tasks::qualification_id.is_null().or(core_tasks::qualification_id.assume_not_null().eq(bind(id))))
            .order((core_tasks::place, work_processes::place))
            .select((work_processes::id, work_processes::number, work_processes::code, work_processes::title)),
    )?;
    let process = |(id, number, code, title): (WorkProcessId, i64, Option<String>, String)| {
        Ok(KnownWorkProcess { id, code: text(&code.unwrap_or_else(|| number.to_string()))?, title: text(&title)? })
    };
    rows.into_iter().map(process).collect::<Result<_, _>>().map(Some)
}

/// # Errors
/// Only what the database ends in.
pub fn insert_framework(writing: &mut Writing<'_>, permit: Permit, new: &Told<Framework>) -> Result<(), Trouble> {
    let (now, framework) = (writing.now(), &new.thing);
    let inserted = writing.tell(permit, new.event.clone()).execute(diesel::insert_into(frameworks::table).values((
        frameworks::id.eq(bind(framework.id)),
        frameworks::landscape_id.eq(bind(framework.landscape_id)),
        frameworks::qualification_id.eq(bind(framework.qualification_id)),
        frameworks::title.eq(framework.title.as_str()),
        frameworks::state.eq(bind(framework.state.name())),
        frameworks::version_number.eq(framework.number),
        frameworks::previous_id.eq(bind(framework.previous_id)),
        frameworks::own_view_first.eq(framework.own_view_first),
        frameworks::scale.eq(bind(Json(framework.scale.clone()))),
        frameworks::competences.eq(bind(Json(framework.competences.clone()))),
        frameworks::version.eq(framework.version),
        frameworks::created_at.eq(bind(now)),
    )));
    inserted.map(drop)
}

/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_framework(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Framework>) -> Result<(), Trouble> {
    let framework = &changed.thing;
    let before = frameworks::table.find(bind(framework.id)).filter(frameworks::version.eq(framework.version - 1));
    writing.tell(permit, changed.event.clone()).change_one(diesel::update(before).set((
        frameworks::qualification_id.eq(bind(framework.qualification_id)),
        frameworks::title.eq(framework.title.as_str()),
        frameworks::own_view_first.eq(framework.own_view_first),
        frameworks::scale.eq(bind(Json(framework.scale.clone()))),
        frameworks::competences.eq(bind(Json(framework.competences.clone()))),
        frameworks::state.eq(bind(framework.state.name())),
        frameworks::published_at.eq(bind(framework.state.published_at())),
        frameworks::retired_at.eq(bind(framework.state.retired_at())),
        frameworks::version.eq(framework.version),
    )))
}
