//! What each prepares of a conversation: read by the one who wrote it, and by nobody else.

use diesel::prelude::*;
use domain::access::Permit;
use domain::conversation::{Preparation, PreparationContent};
use domain::kernel::{ConversationId, Instant, StudentId, Text, Told};

use crate::columns::{Json, bind};
use crate::schema::conversation_preparations as p;
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

/// What the caller prepared of this conversation: there is no way to what another did.
///
/// # Errors
/// Only what the database ends in, for who is a person.
pub fn own(reading: &mut Reading<'_>, _permit: Permit, id: ConversationId) -> Result<Option<Preparation>, Trouble> {
    type Row = (StudentId, Json<Vec<Text<1000>>>, Json<Vec<Text<1000>>>, i64, Instant);
    let person_id = reading.person()?;
    let found: Option<Row> = reading.first(p::table.find((bind(id), bind(person_id))).select((
        p::student_id,
        p::topics,
        p::questions,
        p::version,
        p::changed_at,
    )))?;
    Ok(found.map(|(student_id, Json(topics), Json(questions), version, changed_at)| {
        let content = PreparationContent { topics, questions };
        Preparation { conversation_id: id, person_id, student_id, version, content, changed_at }
    }))
}

/// Writes what someone prepared, the first time or again.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn write(writing: &mut Writing<'_>, permit: Permit, written: &Told<Preparation>) -> Result<(), Trouble> {
    let own = &written.thing;
    let mut pen = writing.tell(permit, written.event.clone());
    let content = (
        p::topics.eq(bind(Json(own.content.topics.clone()))),
        p::questions.eq(bind(Json(own.content.questions.clone()))),
        p::version.eq(own.version),
        p::changed_at.eq(bind(own.changed_at)),
    );
    if own.version > 1 {
        let before = p::table.find((bind(own.conversation_id), bind(own.person_id))).filter(p::version.eq(own.version - 1));
        return pen.change_one(diesel::update(before).set(content));
    }
    let whose = (
        p::conversation_id.eq(bind(own.conversation_id)),
        p::person_id.eq(bind(own.person_id)),
        p::student_id.eq(bind(own.student_id)),
    );
    let inserted = pen.execute(diesel::insert_into(p::table).values((whose, content)));
    inserted.map(drop).map_err(|trouble| if trouble.is_duplicate() { Trouble::Overtaken } else { trouble })
}
