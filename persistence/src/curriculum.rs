//! Qualification dossiers as they were imported (CU-1): whole, and never edited.

use diesel::prelude::*;
use domain::access::Permit;
use domain::curriculum::Dossier;
use domain::kernel::{CoreTaskId, Crebo, DossierId, QualificationId};

use crate::columns::{Json, bind};
use crate::events::AT_ONCE;
use crate::page::{Listed, Page};
use crate::schema::{core_tasks, dossiers, qualifications, work_processes};
use crate::session::{Pen, Reading, Writing};
use crate::spelling::{among, given, patterns};
use crate::trouble::Trouble;

/// A dossier in a list.
#[derive(Clone, Debug)]
pub struct DossierLine {
    pub id: DossierId,
    pub number: i64,
    pub edition: String,
    pub crebo: String,
    pub title: String,
    pub qualifications: Vec<QualificationLine>,
}

/// A qualification in a list.
#[derive(Clone, Debug, Queryable)]
pub struct QualificationLine {
    pub id: QualificationId,
    pub dossier_id: DossierId,
    pub crebo: String,
    pub title: String,
    pub level: i32,
}

/// Dossiers by title, then edition. `q` is words of titles, codes and crebos, in any order.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    q: Option<&str>,
    crebo: Option<Crebo>,
    page: &Page<(String, DossierId)>,
) -> Result<Listed<DossierLine>, Trouble> {
    let (title, id) = page.after.clone().unwrap_or_else(|| (String::new(), DossierId::FIRST));
    let [first, second, third, fourth] = patterns(q);
    let wanted = crebo.map(|crebo| crebo.to_string()).unwrap_or_default();
    let in_it = qualifications::table
        .filter(qualifications::dossier_id.eq(dossiers::id))
        .filter(qualifications::crebo.eq(wanted.clone()))
        .select(qualifications::id);
    let such = dossiers::table
        .filter(dossiers::search_text.like(first).escape('\\'))
        .filter(dossiers::search_text.like(second).escape('\\'))
        .filter(dossiers::search_text.like(third).escape('\\'))
        .filter(dossiers::search_text.like(fourth).escape('\\'))
        .filter(given(crebo.is_none()).or(dossiers::crebo.eq(wanted)).or(diesel::dsl::exists(in_it)));
    let total = reading.total(page, &such)?;
    let rows: Vec<(DossierId, i64, String, String, String)> = reading.load(
        such.filter(dossiers::title.gt(title.clone()).or(dossiers::title.eq(title).and(dossiers::id.gt(bind(id)))))
            .order((dossiers::title, dossiers::id))
            .limit(page.rows_to_read())
            .select((dossiers::id, dossiers::number, dossiers::edition, dossiers::crebo, dossiers::title)),
    )?;
    let all: Vec<QualificationLine> = reading.load(
        qualifications::table
            .filter(among(qualifications::dossier_id, rows.iter().map(|(id, ..)| *id).collect()))
            .order((qualifications::crebo, qualifications::id))
            .select((
                qualifications::id,
                qualifications::dossier_id,
                qualifications::crebo,
                qualifications::title,
                qualifications::level,
            )),
    )?;
    let line = |(id, number, edition, crebo, title)| {
        let qualifications = all.iter().filter(|one| one.dossier_id == id).cloned().collect();
        DossierLine { id, number, edition, crebo, title, qualifications }
    };
    Ok(Listed { rows, total }.map(line))
}

/// A dossier, all of it.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, _permit: Permit, id: DossierId) -> Result<Option<Dossier>, Trouble> {
    let found: Option<Json<Dossier>> = reading.first(dossiers::table.find(bind(id)).select(dossiers::content))?;
    Ok(found.map(|Json(dossier)| dossier))
}

/// Takes up a dossier with all that is in it. Its import tells of the file that it came in.
///
/// # Errors
/// Only what the database ends in.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, new: &Dossier, sha256: &str) -> Result<(), Trouble> {
    let now = writing.now();
    let mut pen = writing.tell(permit, new.event("imported"));
    pen.execute(diesel::insert_into(dossiers::table).values((
        dossiers::id.eq(bind(new.id())),
        dossiers::number.eq(i64::from(new.number)),
        dossiers::edition.eq(new.edition.as_str()),
        dossiers::crebo.eq(new.registration.crebo.to_string()),
        dossiers::title.eq(new.title.as_str()),
        dossiers::search_text.eq(new.search_text()),
        dossiers::content.eq(bind(Json(new.clone()))),
        dossiers::sha256.eq(sha256),
        dossiers::created_at.eq(bind(now)),
    )))?;
    let rows: Vec<_> = new
        .qualifications
        .iter()
        .map(|one| {
            (
                qualifications::id.eq(bind(new.qualification_id(one))),
                qualifications::dossier_id.eq(bind(new.id())),
                qualifications::number.eq(i64::from(one.number)),
                qualifications::crebo.eq(one.registration.crebo.to_string()),
                qualifications::title.eq(one.title.as_str()),
                qualifications::level.eq(i32::from(one.level)),
                qualifications::valid_from.eq(one.registration.valid_from),
            )
        })
        .collect();
    pen.insert_many(diesel::insert_into(qualifications::table).values(rows))?;
    insert_tasks(&mut pen, new)
}

fn insert_tasks(pen: &mut Pen<'_, '_>, new: &Dossier) -> Result<(), Trouble> {
    let (mut tasks, mut processes) = (Vec::new(), Vec::new());
    for (place, (of, task)) in (0_i32..).zip(new.all_core_tasks()) {
        let id: CoreTaskId = new.core_task_id(task);
        tasks.push((
            core_tasks::id.eq(bind(id)),
            core_tasks::dossier_id.eq(bind(new.id())),
            core_tasks::qualification_id.eq(bind(of.map(|one| new.qualification_id(one)))),
            core_tasks::number.eq(i64::from(task.number)),
            core_tasks::code.eq(task.code.as_ref().map(|code| code.as_str())),
            core_tasks::title.eq(task.title.as_str()),
            core_tasks::place.eq(place),
        ));
        processes.extend((0_i32..).zip(&task.work_processes).map(|(place, process)| {
            (
                work_processes::id.eq(bind(new.work_process_id(process))),
                work_processes::core_task_id.eq(bind(id)),
                work_processes::dossier_id.eq(bind(new.id())),
                work_processes::number.eq(i64::from(process.number)),
                work_processes::code.eq(process.code.as_ref().map(|code| code.as_str())),
                work_processes::title.eq(process.title.as_str()),
                work_processes::place.eq(place),
            )
        }));
    }
    while !tasks.is_empty() {
        let rest = tasks.split_off(tasks.len().min(AT_ONCE));
        pen.insert_many(diesel::insert_into(core_tasks::table).values(std::mem::replace(&mut tasks, rest)))?;
    }
    while !processes.is_empty() {
        let rest = processes.split_off(processes.len().min(AT_ONCE));
        pen.insert_many(diesel::insert_into(work_processes::table).values(std::mem::replace(&mut processes, rest)))?;
    }
    Ok(())
}
