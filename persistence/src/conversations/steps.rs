//! Career steps of students: what they do next in their learning career.

use diesel::prelude::*;
use domain::access::Permit;
use domain::conversation::CareerStep;
use domain::kernel::{CareerStepId, ConversationId, Instant, StudentId, Told};

use crate::columns::{bind, text};
use crate::page::{Listed, Page};
use crate::schema::career_steps as s;
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

/// A student's career steps in the order in which they were agreed on.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
    page: &Page<CareerStepId>,
) -> Result<Listed<CareerStep>, Trouble> {
    type Row = (CareerStepId, StudentId, ConversationId, String, Instant);
    let such = s::table.filter(s::student_id.eq(bind(student)));
    let total = reading.total(page, &such)?;
    let rows: Vec<Row> =
        reading.load(
            such.filter(s::id.gt(bind(page.after.unwrap_or(CareerStepId::FIRST))))
                .order(s::id)
                .limit(page.rows_to_read())
                .select((s::id, s::student_id, s::conversation_id, s::step, s::created_at)),
        )?;
    Listed { rows, total }.try_map(|(id, student_id, conversation_id, step, created_at)| {
        Ok(CareerStep { id, student_id, conversation_id, text: text(&step)?, created_at })
    })
}

/// Writes new career steps.
///
/// # Errors
/// Only what the database ends in.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, new: &[Told<CareerStep>]) -> Result<(), Trouble> {
    if new.is_empty() {
        return Ok(());
    }
    let mut pen = writing.tell_all(permit, new.iter().map(|told| told.event.clone()));
    let row = |told: &Told<CareerStep>| {
        let step = &told.thing;
        (
            s::id.eq(bind(step.id)),
            s::student_id.eq(bind(step.student_id)),
            s::conversation_id.eq(bind(step.conversation_id)),
            s::step.eq(step.text.as_str().to_owned()),
            s::created_at.eq(bind(step.created_at)),
        )
    };
    let rows: Vec<_> = new.iter().map(row).collect();
    pen.insert_many(diesel::insert_into(s::table).values(rows)).map(drop)
}
