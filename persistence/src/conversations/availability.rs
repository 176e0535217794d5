//! When people are free for conversations: the hours that they keep, and those at which they have one.

use diesel::prelude::*;
use domain::access::{Action, Guarded, Permit, sight_of};
use domain::conversation::{Busy, ConversationStateName, Diary, NewAvailability, Slot};
use domain::kernel::{Event, Instant, PersonId, StudentId};

use crate::columns::{Json, bind};
use crate::relations::{self, Anywhere};
use crate::schema::{
    availabilities as a, coach_assignments, conversation_participants as participants, conversations as c, students,
};
use crate::session::{Reading, Writing};
use crate::spelling::among;
use crate::trouble::Trouble;

/// The hours that someone keeps.
#[derive(Clone, Debug)]
pub struct Kept {
    pub slots: Vec<Slot>,
    pub version: i64,
    pub changed_at: Instant,
}

/// The hours that someone keeps; none of who did not say.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, _permit: Permit, person: PersonId) -> Result<Option<Kept>, Trouble> {
    type Row = (Json<Vec<Slot>>, i64, Instant);
    let found: Option<Row> = reading.first(a::table.find(bind(person)).select((a::slots, a::version, a::changed_at)))?;
    Ok(found.map(|(Json(slots), version, changed_at)| Kept { slots, version, changed_at }))
}

/// The caller's relations to a student with whom they plan conversations in which this person could take part; none where there
/// is no such student.
///
/// # Errors
/// Only what the database ends in, for who is a person.
pub fn planned_with(reading: &mut Reading<'_>, person: PersonId) -> Result<Option<Guarded<()>>, Trouble> {
    let me = reading.person()?;
    let coached = coach_assignments::table
        .filter(coach_assignments::open_student_id.eq(students::id.nullable()))
        .filter(coach_assignments::coach_id.eq(bind(me)))
        .select(coach_assignments::id);
    let theirs = relations::of_person(reading, person, students::id);
    let mine = relations::of(reading, students::id, Anywhere);
    let rows: Vec<(Option<String>, Option<String>)> = reading.load(
        students::table.filter(students::id.eq(bind(me.student())).or(diesel::dsl::exists(coached))).select((theirs, mine)),
    )?;
    let bound = |theirs: &Option<String>| sight_of(&relations::read(theirs.clone()), Action::ReadStudent).is_some();
    let common = rows.into_iter().find(|(theirs, _)| bound(theirs));
    Ok(common.map(|(_, mine)| Guarded::new((), relations::read(mine))))
}

/// Writes the hours that someone keeps, the first time or again.
///
/// # Errors
/// [`Trouble::Overtaken`] where they changed meanwhile.
pub fn write(
    writing: &mut Writing<'_>,
    permit: Permit,
    person: PersonId,
    hours: &NewAvailability,
    version: i64,
    event: Event,
) -> Result<(), Trouble> {
    let now = writing.now();
    let mut pen = writing.tell(permit, event);
    let content = (a::slots.eq(bind(Json(hours.slots.clone()))), a::version.eq(version), a::changed_at.eq(bind(now)));
    if version > 1 {
        let before = a::table.find(bind(person)).filter(a::version.eq(version - 1));
        return pen.change_one(diesel::update(before).set(content));
    }
    let inserted = pen.execute(diesel::insert_into(a::table).values((a::person_id.eq(bind(person)), content)));
    inserted.map(drop).map_err(|trouble| if trouble.is_duplicate() { Trouble::Overtaken } else { trouble })
}

/// When these people are free and when not, between these moments, for who may plan a conversation with them: four statements,
/// whatever they have. Whose a conversation is, or which, is not told.
///
/// # Errors
/// Only what the database ends in.
pub fn diaries(
    reading: &mut Reading<'_>,
    _permit: Permit,
    people: &[PersonId],
    from: Instant,
    until: Instant,
) -> Result<Vec<Diary>, Trouble> {
    let kept: Vec<Json<Vec<Slot>>> = reading.load(a::table.filter(among(a::person_id, people.to_vec())).select(a::slots))?;
    let mut diaries: Vec<Diary> = kept.into_iter().map(|Json(slots)| Diary { slots: Some(slots), busy: Vec::new() }).collect();
    let (starts_at, ends_at) = (c::starts_at.assume_not_null(), c::ends_at.assume_not_null());
    let planned = || {
        c::state
            .eq(bind(ConversationStateName::Planned))
            .and(c::starts_at.assume_not_null().lt(bind(until)))
            .and(c::ends_at.assume_not_null().gt(bind(from)))
    };
    let as_students: Vec<StudentId> = people.iter().map(|person| person.student()).collect();
    let mut busy: Vec<Busy> =
        reading.load(c::table.filter(among(c::student_id, as_students)).filter(planned()).select((starts_at, ends_at)))?;
    busy.extend(
        reading.load::<Busy, _>(
            coach_assignments::table
                .inner_join(c::table.on(c::student_id.nullable().eq(coach_assignments::open_student_id)))
                .filter(among(coach_assignments::coach_id, people.to_vec()))
                .filter(planned())
                .select((starts_at, ends_at)),
        )?,
    );
    busy.extend(
        reading.load::<Busy, _>(
            participants::table
                .inner_join(c::table.on(c::id.eq(participants::conversation_id)))
                .filter(among(participants::person_id, people.to_vec()))
                .filter(planned())
                .select((starts_at, ends_at)),
        )?,
    );
    diaries.push(Diary { slots: None, busy });
    Ok(diaries)
}
