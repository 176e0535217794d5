//! Leerwerkprestaties (CU-2 to CU-5). What the caller may read of them is part of every query for them: the library for who
//! works here, the drafts of their own teams, and for a student what is assigned to them.

mod assignments;
pub mod coverage;
mod reviews;

use diesel::IntoSql;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Text as SqlText;
use domain::access::{Action, Permit, Unit};
use domain::kernel::{
    CareerCompetence, Instant, LandscapeId, LwpId, PublicationState, PublicationStateName, RequirementId, TeamId, Told,
    WorkProcessId,
};
use domain::lwp::{Lwp, NewLwp};

pub use assignments::{
    Assigned, AssignmentFilter, InWeek, ReadableEntry, find_assignment, insert_assignments, list_assignments, readable_entries,
    student_to_assign_to, unbegun_of_programme, unknown_entries, update_assignment, weeks_of_programme,
};
pub use reviews::{Reviewed, insert_review, last_review, list_reviews};

use crate::columns::{Json, bind, text};
use crate::events::AT_ONCE;
use crate::page::{Listed, Page};
use crate::relations::{self, Anywhere};
use crate::schema::{
    lwp_assignments, lwp_career_competences, lwp_requirements, lwp_search as words, lwp_search_rows as numbers,
    lwp_work_processes, lwps, work_processes,
};
use crate::search::{self, Index, Question};
use crate::session::{Pen, Reading, Writing};
use crate::spelling::{among, given};
use crate::trouble::Trouble;

/// Which LWPs; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct LwpFilter {
    pub team_id: Option<TeamId>,
    pub state: Option<PublicationStateName>,
    pub level: Option<u8>,
    /// Which it covers.
    pub work_process: Option<WorkProcessId>,
    pub requirement: Option<RequirementId>,
    /// Which it works on.
    pub career_competence: Option<CareerCompetence>,
    /// With all of these words, in whatever form.
    pub q: Option<String>,
}

/// Where a list goes on: how well the last LWP fits what was asked, and its id.
pub type AfterLwp = (i64, LwpId);

/// An LWP in a list, with how well it fits what was asked; 0 where nothing was.
#[derive(Clone, Debug)]
pub struct Listing {
    pub lwp: Lwp,
    pub fit: i64,
}

type LwpRow = (
    (LwpId, i64, LandscapeId, Json<NewLwp>),
    (Json<Vec<LwpId>>, Option<i64>),
    (PublicationStateName, Option<Instant>, Option<Instant>),
);

type Columns = (
    (lwps::id, lwps::version, lwps::landscape_id, lwps::content),
    (lwps::origins, lwps::origin_version),
    (lwps::state, lwps::published_at, lwps::retired_at),
);
const COLUMNS: Columns = (
    (lwps::id, lwps::version, lwps::landscape_id, lwps::content),
    (lwps::origins, lwps::origin_version),
    (lwps::state, lwps::published_at, lwps::retired_at),
);

fn lwp(row: LwpRow) -> Result<Lwp, Trouble> {
    let ((id, version, landscape_id, Json(content)), (Json(origins), origin_version), (state, published_at, retired_at)) = row;
    let state = PublicationState::from_parts(state, published_at, retired_at)
        .ok_or_else(|| Trouble::Unreadable("the state of an LWP".to_owned()))?;
    Ok(Lwp { id, version, landscape_id, content, origins, origin_version, state })
}

/// Which LWPs the caller may read.
macro_rules! readable {
    ($reading:expr) => {{
        let actor = $reading.actor();
        let library = actor.permit(Action::ReadLwp, Unit::Institution).is_ok();
        let drafts = actor.reaches(Action::ReadLwpDraft);
        let own =
            given(drafts.everywhere).or(among(lwps::team_id, drafts.teams)).or(among(lwps::landscape_id, drafts.landscapes));
        let mine = relations::may($reading, Action::ReadLwp, lwp_assignments::student_id, Anywhere);
        let assigned =
            lwp_assignments::table.filter(lwp_assignments::lwp_id.eq(lwps::id)).filter(mine).select(lwp_assignments::id);
        given(library).and(lwps::state.ne(bind(PublicationStateName::Draft)).or(own)).or(given(!library).and(exists(assigned)))
    }};
}

/// An LWP that the caller may read.
///
/// # Errors
/// Only what the database ends in.
pub fn find_lwp(reading: &mut Reading<'_>, id: LwpId) -> Result<Option<Lwp>, Trouble> {
    let readable = readable!(reading);
    let found = reading.first(lwps::table.filter(lwps::id.eq(bind(id))).filter(readable).select(COLUMNS))?;
    found.map(lwp).transpose()
}

/// The LWPs that the caller may read, in the order in which they were drafted; of those that are searched the best first, then
/// the newest.
///
/// # Errors
/// Only what the database ends in.
pub fn list_lwps(reading: &mut Reading<'_>, filter: &LwpFilter, page: &Page<AfterLwp>) -> Result<Listed<Listing>, Trouble> {
    let LwpFilter { team_id, state, level, work_process, requirement, career_competence, ref q } = *filter;
    let question = q.as_deref().map(Question::of);
    let fit = search::fit(INDEX, lwps::id, question.as_ref());
    let processes = lwp_work_processes::table
        .filter(lwp_work_processes::lwp_id.eq(lwps::id))
        .filter(lwp_work_processes::work_process_id.eq(bind(work_process.unwrap_or(WorkProcessId::FIRST))))
        .select(lwp_work_processes::lwp_id);
    let requirements = lwp_requirements::table
        .filter(lwp_requirements::lwp_id.eq(lwps::id))
        .filter(lwp_requirements::requirement_id.eq(bind(requirement.unwrap_or(RequirementId::FIRST))))
        .select(lwp_requirements::lwp_id);
    let competences = lwp_career_competences::table
        .filter(lwp_career_competences::lwp_id.eq(lwps::id))
        .filter(lwp_career_competences::competence.eq(bind(career_competence.unwrap_or(CareerCompetence::Qualities))))
        .select(lwp_career_competences::lwp_id);
    let such = lwps::table
        .filter(readable!(reading))
        .filter(search::found(INDEX, lwps::id, question.as_ref()))
        .filter(given(team_id.is_none()).or(lwps::team_id.eq(bind(team_id.unwrap_or(TeamId::FIRST)))))
        .filter(given(state.is_none()).or(lwps::state.eq(bind(state.unwrap_or(PublicationStateName::Draft)))))
        .filter(given(level.is_none()).or(lwps::level.eq(i32::from(level.unwrap_or_default()))))
        .filter(given(work_process.is_none()).or(exists(processes)))
        .filter(given(requirement.is_none()).or(exists(requirements)))
        .filter(given(career_competence.is_none()).or(exists(competences)));
    let total = reading.total(page, &such)?;
    let (fitting, id) = page.after.unwrap_or((0, LwpId::FIRST));
    let rows: Vec<(LwpRow, i64)> = if question.is_some() {
        let worse = fit.clone().lt(fitting).or(fit.clone().eq(fitting).and(lwps::id.lt(bind(id))));
        let shown = such
            .filter(given(page.after.is_none()).or(worse))
            .order((fit.clone().desc(), lwps::id.desc()))
            .limit(page.rows_to_read());
        reading.load(shown.select((COLUMNS, fit)))?
    } else {
        let shown = such.filter(lwps::id.gt(bind(id))).order(lwps::id).limit(page.rows_to_read());
        reading.load(shown.select((COLUMNS, fit)))?
    };
    Listed { rows, total }.try_map(|(row, fit)| Ok(Listing { lwp: lwp(row)?, fit }))
}

/// Those of these work processes that are in no dossier.
///
/// # Errors
/// Only what the database ends in.
pub fn unknown_work_processes(
    reading: &mut Reading<'_>,
    _permit: Permit,
    ids: &[WorkProcessId],
) -> Result<Vec<WorkProcessId>, Trouble> {
    let mut unknown = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let known: Vec<WorkProcessId> =
            reading.load(work_processes::table.filter(among(work_processes::id, some.to_vec())).select(work_processes::id))?;
        unknown.extend(some.iter().filter(|id| !known.contains(id)));
    }
    Ok(unknown)
}

/// # Errors
/// Only what the database ends in.
pub fn insert_lwp(writing: &mut Writing<'_>, permit: Permit, new: &Told<Lwp>) -> Result<(), Trouble> {
    let (now, lwp, content) = (writing.now(), &new.thing, &new.thing.content);
    let mut pen = writing.tell(permit, new.event.clone());
    pen.execute(diesel::insert_into(lwps::table).values((
        lwps::id.eq(bind(lwp.id)),
        lwps::team_id.eq(bind(content.team_id)),
        lwps::landscape_id.eq(bind(lwp.landscape_id)),
        lwps::state.eq(bind(lwp.state.name())),
        lwps::title.eq(content.title.as_str()),
        lwps::level.eq(i32::from(content.level)),
        lwps::content.eq(bind(Json(content.clone()))),
        lwps::origin_id.eq(bind(content.origin_id)),
        lwps::origin_version.eq(lwp.origin_version),
        lwps::origins.eq(bind(Json(lwp.origins.clone()))),
        lwps::version.eq(lwp.version),
        lwps::created_at.eq(bind(now)),
    )))?;
    insert_words(&mut pen, lwp)?;
    insert_covered(&mut pen, lwp)
}

/// Writes an LWP that was changed, published or retired.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_lwp(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Lwp>) -> Result<(), Trouble> {
    let (lwp, content) = (&changed.thing, &changed.thing.content);
    let before = lwps::table.find(bind(lwp.id)).filter(lwps::version.eq(lwp.version - 1));
    let mut pen = writing.tell(permit, changed.event.clone());
    pen.change_one(diesel::update(before).set((
        lwps::state.eq(bind(lwp.state.name())),
        lwps::title.eq(content.title.as_str()),
        lwps::level.eq(i32::from(content.level)),
        lwps::content.eq(bind(Json(content.clone()))),
        lwps::origin_id.eq(bind(content.origin_id)),
        lwps::origin_version.eq(lwp.origin_version),
        lwps::origins.eq(bind(Json(lwp.origins.clone()))),
        lwps::published_at.eq(bind(lwp.state.published_at())),
        lwps::retired_at.eq(bind(lwp.state.retired_at())),
        lwps::version.eq(lwp.version),
    )))?;
    // What is no draft any more says and covers what it did.
    if lwp.state != PublicationState::Draft {
        return Ok(());
    }
    let numbered = numbers::table.filter(numbers::lwp_id.eq(bind(lwp.id))).select(numbers::number);
    let compared = words::table.filter(words::rowid.eq_any(numbered));
    pen.execute(diesel::update(compared).set(words::words.eq(words_of(lwp))))?;
    pen.execute(diesel::delete(lwp_work_processes::table.filter(lwp_work_processes::lwp_id.eq(bind(lwp.id)))))?;
    pen.execute(diesel::delete(lwp_requirements::table.filter(lwp_requirements::lwp_id.eq(bind(lwp.id)))))?;
    pen.execute(diesel::delete(lwp_career_competences::table.filter(lwp_career_competences::lwp_id.eq(bind(lwp.id)))))?;
    insert_covered(&mut pen, lwp)
}

/// Where an LWP's words are searched.
const INDEX: Index = Index { words: "lwp_search", rows: "lwp_search_rows", id: "lwp_id" };

/// What search compares of an LWP.
fn words_of(lwp: &Lwp) -> String {
    let said = &lwp.content;
    let texts = [said.situation.as_str(), said.product.as_str()].into_iter();
    let criteria = said.criteria.iter().map(|criterion| criterion.as_str());
    let activities = said.learning_activities.iter().flat_map(|activity| {
        std::iter::once(activity.title.as_str()).chain(activity.description.as_ref().map(|description| description.as_str()))
    });
    search::kept(None, [said.title.as_str()], texts.chain(criteria).chain(activities))
}

fn insert_words(pen: &mut Pen<'_, '_>, lwp: &Lwp) -> Result<(), Trouble> {
    pen.execute(diesel::insert_into(numbers::table).values(numbers::lwp_id.eq(bind(lwp.id))))?;
    let numbered = numbers::table.filter(numbers::lwp_id.eq(bind(lwp.id)));
    let row = numbered.select((numbers::number, words_of(lwp).into_sql::<SqlText>()));
    pen.execute(row.insert_into(words::table).into_columns((words::rowid, words::words))).map(drop)
}

/// What an LWP covers, by which it is found.
fn insert_covered(pen: &mut Pen<'_, '_>, lwp: &Lwp) -> Result<(), Trouble> {
    let content = &lwp.content;
    let process =
        |id: &WorkProcessId| (lwp_work_processes::lwp_id.eq(bind(lwp.id)), lwp_work_processes::work_process_id.eq(bind(*id)));
    let requirement =
        |id: &RequirementId| (lwp_requirements::lwp_id.eq(bind(lwp.id)), lwp_requirements::requirement_id.eq(bind(*id)));
    let competence = |one: &CareerCompetence| {
        (lwp_career_competences::lwp_id.eq(bind(lwp.id)), lwp_career_competences::competence.eq(bind(*one)))
    };
    if !content.work_process_ids.is_empty() {
        let rows: Vec<_> = content.work_process_ids.iter().map(process).collect();
        pen.insert_many(diesel::insert_into(lwp_work_processes::table).values(rows))?;
    }
    if !content.requirement_ids.is_empty() {
        let rows: Vec<_> = content.requirement_ids.iter().map(requirement).collect();
        pen.insert_many(diesel::insert_into(lwp_requirements::table).values(rows))?;
    }
    if !content.career_competences.is_empty() {
        let rows: Vec<_> = content.career_competences.iter().map(competence).collect();
        pen.insert_many(diesel::insert_into(lwp_career_competences::table).values(rows))?;
    }
    Ok(())
}

/// Those of these LWPs that the caller may read, and in which state each is.
///
/// # Errors
/// Only what the database ends in.
pub fn states_of(reading: &mut Reading<'_>, ids: &[LwpId]) -> Result<Vec<(LwpId, PublicationStateName)>, Trouble> {
    let mut states = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let such = lwps::table.filter(among(lwps::id, some.to_vec())).filter(readable!(reading));
        states.extend(reading.load::<(LwpId, PublicationStateName), _>(such.select((lwps::id, lwps::state)))?);
    }
    Ok(states)
}

/// How these LWPs are called, for who was permitted to read where they stand.
///
/// # Errors
/// Only what the database ends in.
pub fn titles_of(reading: &mut Reading<'_>, _permit: Permit, ids: &[LwpId]) -> Result<Vec<(LwpId, String)>, Trouble> {
    let mut titles = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let such = lwps::table.filter(among(lwps::id, some.to_vec()));
        titles.extend(reading.load::<(LwpId, String), _>(such.select((lwps::id, lwps::title)))?);
    }
    Ok(titles)
}
