//! What the central application facility told, event by event, and the applications that it amounts to.

use std::collections::BTreeMap;

use diesel::prelude::*;
use domain::access::Permit;
use domain::central_applications::{CentralApplication, CentralEvent, Told, derive};
use domain::kernel::Word;

use crate::columns::{Json, bind};
use crate::schema::{central_application_events as events, central_applications as applications};
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

/// Keeps what was told; answers how many events were new and how many were known already. In which order events
/// come, and how often, makes no difference.
///
/// Writes without a pen: what the facility calls an event has no id of ours that the feed could name, and how many are
/// new is known only once they are written. The import that brings them tells of that, in this same transaction; a
/// test lets nobody else call this.
///
/// # Errors
/// Only what the database ends in.
pub fn take(writing: &mut Writing<'_>, _permit: Permit, told: &[CentralEvent]) -> Result<(usize, usize), Trouble> {
    let mut by_key: BTreeMap<&Told, Vec<&CentralEvent>> = BTreeMap::new();
    for event in told {
        by_key.entry(&event.key).or_default().push(event);
    }
    let mut taken = 0;
    for (key, mut new) in by_key {
        let known = stored(writing, key)?;
        new.retain(|event| known.iter().all(|one| one.id != event.id));
        new.sort_unstable();
        new.dedup_by(|a, b| a.id == b.id);
        if let Some(application) = derive(known.iter().chain(new.iter().copied())).pop().filter(|_| !new.is_empty()) {
            store(writing, &application, &new)?;
            taken += new.len();
        }
    }
    Ok((taken, told.len() - taken))
}

fn stored(reading: &mut Reading<'_>, key: &Told) -> Result<Vec<CentralEvent>, Trouble> {
    let rows: Vec<Json<CentralEvent>> =
        reading.load(events::table.filter(events::application_key.eq(key.as_str())).select(events::event))?;
    Ok(rows.into_iter().map(|Json(event)| event).collect())
}

fn store(writing: &mut Writing<'_>, application: &CentralApplication, new: &[&CentralEvent]) -> Result<(), Trouble> {
    let facts = (
        applications::state.eq(application.state.word()),
        applications::crebo.eq(application.crebo.map(|crebo| crebo.to_string())),
        applications::first_seen_at.eq(bind(application.first_seen)),
        applications::last_change_at.eq(bind(application.last_change)),
    );
    let conn = writing.conn();
    let known = applications::table.find(application.key.as_str());
    if conn.execute(diesel::update(known).set(facts.clone()))? == 0 {
        conn.execute(diesel::insert_into(applications::table).values((applications::key.eq(application.key.as_str()), facts)))?;
    }
    for event in new {
        conn.execute(diesel::insert_into(events::table).values((
            events::event_id.eq(event.id.as_str()),
            events::application_key.eq(event.key.as_str()),
            events::at.eq(bind(event.created_at)),
            events::status.eq(event.state.word()),
            events::event.eq(bind(Json((*event).clone()))),
        )))?;
    }
    Ok(())
}
