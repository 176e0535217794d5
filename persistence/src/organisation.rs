//! Landscapes, teams, people and their roles.

use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{Event, LandscapeId, TeamId};
use domain::organisation::{Landscape, OrganisationFault, Team};

use crate::columns::bind;
use crate::page::{Listed, Page};
use crate::schema::{landscapes, teams};
use crate::session::{Reading, Writing};
use crate::spelling::given;
use crate::trouble::Trouble;

/// Where a list by name goes on: after this name, and of equal names after this id.
pub type AfterName<Id> = (String, Id);

type LandscapeRow = (LandscapeId, String, Option<String>, i64);

fn landscape((id, name, description, version): LandscapeRow) -> Landscape {
    Landscape { id, name, description, version }
}

/// A landscape, for who may `permit` it.
///
/// # Errors
/// Only what the database ends in.
pub fn find_landscape(reading: &mut Reading<'_>, _permit: Permit, id: LandscapeId) -> Result<Option<Landscape>, Trouble> {
    let found = reading.first(landscapes::table.find(bind(id)).select((
        landscapes::id,
        landscapes::name,
        landscapes::description,
        landscapes::version,
    )))?;
    Ok(found.map(landscape))
}

/// Landscapes by name.
///
/// # Errors
/// Only what the database ends in.
pub fn list_landscapes(
    reading: &mut Reading<'_>,
    _permit: Permit,
    page: &Page<AfterName<LandscapeId>>,
) -> Result<Listed<Landscape>, Trouble> {
    let (name, id) = page.after.clone().unwrap_or_else(|| (String::new(), LandscapeId::FIRST));
    let total = reading.total(page, landscapes::table.select(landscapes::id))?;
    let rows: Vec<LandscapeRow> = reading.load(
        landscapes::table
            .filter(landscapes::name.gt(name.clone()).or(landscapes::name.eq(name).and(landscapes::id.gt(bind(id)))))
            .order((landscapes::name, landscapes::id))
            .limit(page.rows_to_read())
            .select((landscapes::id, landscapes::name, landscapes::description, landscapes::version)),
    )?;
    Ok(Listed { rows, total }.map(landscape))
}

/// # Errors
/// [`OrganisationFault::NameTaken`].
pub fn insert_landscape(writing: &mut Writing<'_>, permit: Permit, new: &Landscape, event: Event) -> Result<(), Trouble> {
    let now = writing.now();
    let inserted = writing.tell(permit, event).execute(diesel::insert_into(landscapes::table).values((
        landscapes::id.eq(bind(new.id)),
        landscapes::name.eq(&new.name),
        landscapes::description.eq(&new.description),
        landscapes::version.eq(new.version),
        landscapes::created_at.eq(bind(now)),
    )));
    inserted.map(drop).map_err(name_taken)
}

/// # Errors
/// [`OrganisationFault::NameTaken`]; [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_landscape(writing: &mut Writing<'_>, permit: Permit, changed: &Landscape, event: Event) -> Result<(), Trouble> {
    let before = landscapes::table.find(bind(changed.id)).filter(landscapes::version.eq(changed.version - 1));
    let updated = writing.tell(permit, event).change_one(diesel::update(before).set((
        landscapes::name.eq(&changed.name),
        landscapes::description.eq(&changed.description),
        landscapes::version.eq(changed.version),
    )));
    updated.map_err(name_taken)
}

fn name_taken(trouble: Trouble) -> Trouble {
    if trouble.is_duplicate() { OrganisationFault::NameTaken.fault().into() } else { trouble }
}

type TeamRow = (TeamId, LandscapeId, String, i64);

fn team((id, landscape_id, name, version): TeamRow) -> Team {
    Team { id, landscape_id, name, version }
}

/// A team.
///
/// # Errors
/// Only what the database ends in.
pub fn find_team(reading: &mut Reading<'_>, _permit: Permit, id: TeamId) -> Result<Option<Team>, Trouble> {
    let found =
        reading.first(teams::table.find(bind(id)).select((teams::id, teams::landscape_id, teams::name, teams::version)))?;
    Ok(found.map(team))
}

/// Teams by name, of one landscape or of all.
///
/// # Errors
/// Only what the database ends in.
pub fn list_teams(
    reading: &mut Reading<'_>,
    _permit: Permit,
    landscape_id: Option<LandscapeId>,
    page: &Page<AfterName<TeamId>>,
) -> Result<Listed<Team>, Trouble> {
    let (name, id) = page.after.clone().unwrap_or_else(|| (String::new(), TeamId::FIRST));
    let of_landscape = given(landscape_id.is_none()).or(teams::landscape_id.eq(bind(landscape_id.unwrap_or(LandscapeId::FIRST))));
    let such = teams::table.filter(of_landscape);
    let total = reading.total(page, &such)?;
    let rows: Vec<TeamRow> = reading.load(
        such.filter(teams::name.gt(name.clone()).or(teams::name.eq(name).and(teams::id.gt(bind(id)))))
            .order((teams::name, teams::id))
            .limit(page.rows_to_read())
            .select((teams::id, teams::landscape_id, teams::name, teams::version)),
    )?;
    Ok(Listed { rows, total }.map(team))
}

/// # Errors
/// [`OrganisationFault::NameTaken`].
pub fn insert_team(writing: &mut Writing<'_>, permit: Permit, new: &Team, event: Event) -> Result<(), Trouble> {
    let now = writing.now();
    let inserted = writing.tell(permit, event).execute(diesel::insert_into(teams::table).values((
        teams::id.eq(bind(new.id)),
        teams::landscape_id.eq(bind(new.landscape_id)),
        teams::name.eq(&new.name),
        teams::version.eq(new.version),
        teams::created_at.eq(bind(now)),
    )));
    inserted.map(drop).map_err(name_taken)
}

/// # Errors
/// [`OrganisationFault::NameTaken`]; [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_team(writing: &mut Writing<'_>, permit: Permit, changed: &Team, event: Event) -> Result<(), Trouble> {
    let before = teams::table.find(bind(changed.id)).filter(teams::version.eq(changed.version - 1));
    let updated = writing
        .tell(permit, event)
        .change_one(diesel::update(before).set((teams::name.eq(&changed.name), teams::version.eq(changed.version))));
    updated.map_err(name_taken)
}
