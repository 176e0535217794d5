//! What happens to a stay at one moment: enrolment, chain of coaches and the student's place together.

use diesel::prelude::*;
use domain::access::Permit;
use domain::enrolment::{Ending, Enrolment, Handed, Placed, Switched};
use domain::kernel::{ApplicationId, Instant, KernelFault, StudentId, Told};

use super::coaching::{end_link, insert_link, overtaken, update_handover};
use super::{switches, write_change};
use crate::columns::bind;
use crate::schema::{enrolments, people, students};
use crate::session::{Pen, Writing};
use crate::trouble::Trouble;

/// A stay begins: the student's place, the provisional enrolment and the first coach (EN-1).
///
/// # Errors
/// [`KernelFault::Absent`] where there is no such person; [`Trouble::Overtaken`] where a neighbour placed the same one.
pub fn begin(
    writing: &mut Writing<'_>,
    permit: Permit,
    placed: &Placed,
    application_id: Option<ApplicationId>,
) -> Result<(), Trouble> {
    let Told { thing: enrolment, event } = &placed.enrolment;
    let now = writing.now();
    let named = people::table.find(bind(enrolment.student_id.person())).select(people::sort_name);
    let sort_name: String = writing.first(named)?.ok_or(KernelFault::Absent)?;
    let mut pen = writing.tell(permit, event.clone());
    take_in(&mut pen, enrolment, &sort_name, now)?;
    insert_link(&mut pen, &placed.coach)?;
    insert_enrolment(&mut pen, enrolment, application_id, now)
}

/// Another coach is responsible from now on (EN-2).
///
/// # Errors
/// [`Trouble::Overtaken`] where the chain went on meanwhile.
pub fn hand_over(writing: &mut Writing<'_>, permit: Permit, enrolment: &Told<Enrolment>, handed: &Handed) -> Result<(), Trouble> {
    let mut pen = writing.tell(permit, enrolment.event.clone());
    end_link(&mut pen, &handed.ended)?;
    insert_link(&mut pen, &handed.begun)?;
    write_change(&mut pen, &enrolment.thing)
}

/// The student is in another team of the landscape from now on.
///
/// # Errors
/// [`Trouble::Overtaken`] where the enrolment changed meanwhile.
pub fn change_team(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Enrolment>) -> Result<(), Trouble> {
    let Told { thing: changed, event } = changed;
    let before = enrolments::table.find(bind(changed.id)).filter(enrolments::version.eq(changed.version - 1));
    let mut pen = writing.tell(permit, event.clone());
    let place = (enrolments::version.eq(changed.version), enrolments::team_id.eq(bind(changed.team_id)));
    pen.change_one(diesel::update(before).set(place))?;
    move_to(&mut pen, changed)
}

/// The stay goes on in another landscape, all at once (EN-4).
///
/// # Errors
/// [`Trouble::Overtaken`] where enrolment or chain changed meanwhile.
pub fn switch(writing: &mut Writing<'_>, permit: Permit, switched: &Switched) -> Result<(), Trouble> {
    if let Some(handover) = &switched.handover {
        update_handover(writing, permit, handover)?;
    }
    let now = writing.now();
    let mut pen = writing.tell(permit, switched.from.event.clone());
    write_change(&mut pen, &switched.from.thing)?;
    end_link(&mut pen, &switched.coaches.ended)?;
    let mut pen = writing.tell(permit, switched.to.event.clone());
    insert_link(&mut pen, &switched.coaches.begun)?;
    insert_enrolment(&mut pen, &switched.to.thing, None, now)?;
    move_to(&mut pen, &switched.to.thing)
}

/// The stay is over (EN-3, EN-5): the chain ends, what was still asked is withdrawn.
///
/// # Errors
/// [`Trouble::Overtaken`] where something of it changed meanwhile.
pub fn end(writing: &mut Writing<'_>, permit: Permit, enrolment: &Told<Enrolment>, ending: &Ending) -> Result<(), Trouble> {
    if let Some(handover) = &ending.handover {
        update_handover(writing, permit, handover)?;
    }
    if let Some(switch) = &ending.switch {
        switches::update_switch(writing, permit, switch)?;
    }
    let mut pen = writing.tell(permit, enrolment.event.clone());
    end_link(&mut pen, &ending.coach)?;
    write_change(&mut pen, &enrolment.thing)?;
    let of_student = students::table.find(bind(enrolment.thing.student_id));
    pen.change_one(diesel::update(of_student).set((students::active.eq(false), students::version.eq(students::version + 1))))
}

fn insert_enrolment(
    pen: &mut Pen<'_, '_>,
    new: &Enrolment,
    application_id: Option<ApplicationId>,
    now: Instant,
) -> Result<(), Trouble> {
    let inserted = pen.execute(diesel::insert_into(enrolments::table).values((
        enrolments::id.eq(bind(new.id)),
        enrolments::version.eq(new.version),
        enrolments::student_id.eq(bind(new.student_id)),
        enrolments::coached_student_id.eq(bind(Some(new.student_id))),
        enrolments::stay_id.eq(bind(new.stay_id)),
        enrolments::previous_id.eq(bind(new.previous_id)),
        enrolments::application_id.eq(bind(application_id)),
        enrolments::landscape_id.eq(bind(new.landscape_id)),
        enrolments::team_id.eq(bind(new.team_id)),
        enrolments::crebo.eq(new.crebo.to_string()),
        enrolments::route.eq(bind(new.route)),
        enrolments::state.eq(bind(new.state.name())),
        enrolments::starts_on.eq(new.starts_on),
        enrolments::created_at.eq(bind(now)),
    )));
    inserted.map(drop).map_err(overtaken)
}

/// Who was a student before keeps number and row.
fn take_in(pen: &mut Pen<'_, '_>, enrolment: &Enrolment, sort_name: &str, now: Instant) -> Result<(), Trouble> {
    let place = (
        students::landscape_id.eq(bind(enrolment.landscape_id)),
        students::team_id.eq(bind(enrolment.team_id)),
        students::active.eq(true),
    );
    let row = (
        students::id.eq(bind::<StudentId>(enrolment.student_id)),
        students::sort_name.eq(sort_name),
        place,
        students::version.eq(1),
        students::created_at.eq(bind(now)),
    );
    pen.execute(
        diesel::insert_into(students::table)
            .values(row)
            .on_conflict(students::id)
            .do_update()
            .set((place, students::version.eq(students::version + 1))),
    )
    .map(drop)
}

fn move_to(pen: &mut Pen<'_, '_>, enrolment: &Enrolment) -> Result<(), Trouble> {
    pen.change_one(diesel::update(students::table.find(bind(enrolment.student_id))).set((
        students::landscape_id.eq(bind(enrolment.landscape_id)),
        students::team_id.eq(bind(enrolment.team_id)),
        students::version.eq(students::version + 1),
    )))
}
