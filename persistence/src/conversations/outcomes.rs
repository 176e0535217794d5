//! What came out of conversations: every version, and who confirmed which (CV-2).

use diesel::prelude::*;
use domain::access::Permit;
use domain::conversation::{Confirmation, Conversation, FollowUp, Outcome, OutcomeContent};
use domain::kernel::{ConversationId, Instant, PersonId, StudentId, Told};

use super::{agreements, goals, hold, questions, steps, update};
use crate::access::Name;
use crate::columns::{Json, bind};
use crate::page::{Listed, Page};
use crate::schema::{conversation_outcomes as o, people};
use crate::session::{Pen, Reading, Writing};
use crate::trouble::Trouble;

/// A version, with who wrote it.
#[derive(Clone, Debug)]
pub struct Written {
    pub outcome: Outcome,
    pub by: Name,
}

type Row = ((ConversationId, i64, StudentId, Json<OutcomeContent>, PersonId, Instant, Json<Vec<Confirmation>>), Name);

fn written((facts, by): Row) -> Written {
    let (conversation_id, version, student_id, Json(content), written_by, written_at, Json(confirmations)) = facts;
    let outcome = Outcome { conversation_id, student_id, version, content, written_by, written_at, confirmations };
    Written { outcome, by }
}

macro_rules! versions {
    ($id:expr) => {
        o::table.inner_join(people::table.on(people::id.eq(o::written_by_id))).filter(o::conversation_id.eq(bind($id))).select((
            (o::conversation_id, o::version, o::student_id, o::content, o::written_by_id, o::written_at, o::confirmations),
            (people::id, people::given_name, people::family_name_prefix, people::family_name),
        ))
    };
}

/// The newest version.
///
/// # Errors
/// Only what the database ends in.
pub fn newest(reading: &mut Reading<'_>, _permit: Permit, id: ConversationId) -> Result<Option<Written>, Trouble> {
    let found: Option<Row> = reading.first(versions!(id).order(o::version.desc()).limit(1))?;
    Ok(found.map(written))
}

/// Every version, the first one first.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    id: ConversationId,
    page: &Page<i64>,
) -> Result<Listed<Written>, Trouble> {
    let total = reading.total(page, o::table.filter(o::conversation_id.eq(bind(id))).select(o::version))?;
    let after = o::version.gt(page.after.unwrap_or(0));
    let rows: Vec<Row> = reading.load(versions!(id).filter(after).order(o::version).limit(page.rows_to_read()))?;
    Ok(Listed { rows, total }.map(written))
}

/// Writes a version of the outcome of this conversation.
///
/// # Errors
/// [`Trouble::Overtaken`] where someone wrote or confirmed it meanwhile.
pub fn write(writing: &mut Writing<'_>, permit: Permit, of: &Conversation, new: &Told<Outcome>) -> Result<(), Trouble> {
    let outcome = &new.thing;
    let mut pen = writing.tell(permit, new.event.clone());
    hold(&mut pen, of)?;
    let inserted = pen.execute(diesel::insert_into(o::table).values((
        o::conversation_id.eq(bind(outcome.conversation_id)),
        o::version.eq(outcome.version),
        o::student_id.eq(bind(outcome.student_id)),
        o::content.eq(bind(Json(outcome.content.clone()))),
        o::written_by_id.eq(bind(outcome.written_by)),
        o::written_at.eq(bind(outcome.written_at)),
        o::confirmations.eq(bind(Json(outcome.confirmations.clone()))),
    )));
    inserted.map(drop)
}

/// Writes that one of the two confirmed it.
///
/// # Errors
/// [`Trouble::Overtaken`] where someone wrote or confirmed it meanwhile.
pub fn confirm(writing: &mut Writing<'_>, permit: Permit, of: &Conversation, confirmed: &Told<Outcome>) -> Result<(), Trouble> {
    let mut pen = writing.tell(permit, confirmed.event.clone());
    hold(&mut pen, of)?;
    keep_confirmations(&mut pen, &confirmed.thing)
}

fn keep_confirmations(pen: &mut Pen<'_, '_>, outcome: &Outcome) -> Result<(), Trouble> {
    let row = o::table.find((bind(outcome.conversation_id), outcome.version));
    pen.change_one(diesel::update(row).set(o::confirmations.eq(bind(Json(outcome.confirmations.clone())))))
}

/// Writes that the second of the two confirmed it: it counts, and what follows from it becomes the student's (CV-2).
///
/// # Errors
/// [`Trouble::Overtaken`] where someone wrote or confirmed it meanwhile.
pub fn conclude(
    writing: &mut Writing<'_>,
    permit: Permit,
    before: &Conversation,
    concluded: &Told<Conversation>,
    confirmed: &Told<Outcome>,
    follow_up: &FollowUp,
) -> Result<(), Trouble> {
    update(writing, permit, before, concluded)?;
    keep_confirmations(&mut writing.tell(permit, confirmed.event.clone()), &confirmed.thing)?;
    agreements::insert(writing, permit, &follow_up.agreements)?;
    goals::insert(writing, permit, &follow_up.goals)?;
    questions::insert(writing, permit, &follow_up.learning_questions)?;
    steps::insert(writing, permit, &follow_up.career_steps)
}
