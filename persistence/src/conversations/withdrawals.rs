//! Who is told that a conversation will not take place, though they see nothing of it any more: whoever was invited until the student's
//! stay ended.

use chrono::TimeDelta;
use diesel::prelude::*;
use domain::access::Permit;
use domain::conversation::Conversation;
use domain::kernel::{ConversationId, PersonId, Told};

use super::{Around, around, save};
use crate::access::Name;
use crate::columns::bind;
use crate::schema::{conversation_withdrawals as w, people};
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

/// For how many days they are.
const TOLD_FOR_DAYS: i64 = 30;

/// Writes that a conversation is cancelled because the student's stay ends. Who is invited as long as that is not written is told so.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn cancel_with_stay(
    writing: &mut Writing<'_>,
    permit: Permit,
    before: &Conversation,
    cancelled: &Told<Conversation>,
) -> Result<(), Trouble> {
    let talk = &cancelled.thing;
    let Around { coach_id, strangers } = around(writing, permit, talk.student_id, &talk.participant_ids)?;
    let is_invited = |person: &&PersonId| !strangers.contains(person) && Some(**person) != coach_id;
    let invited = coach_id.iter().chain(talk.participant_ids.iter().filter(is_invited));
    let until_at = writing.now() + TimeDelta::days(TOLD_FOR_DAYS);
    let row = |person: &PersonId| {
        (
            w::conversation_id.eq(bind(talk.id)),
            w::person_id.eq(bind(*person)),
            w::student_id.eq(bind(talk.student_id)),
            w::as_coach.eq(Some(*person) == coach_id),
            w::until_at.eq(bind(until_at)),
        )
    };
    let rows: Vec<_> = invited.map(row).collect();
    let mut pen = writing.tell(permit, cancelled.event.clone());
    save(&mut pen, before, talk)?;
    // Of one without a moment no calendar knows.
    if rows.is_empty() || talk.state.starts_at().is_none() {
        return Ok(());
    }
    pen.insert_many(diesel::insert_into(w::table).values(rows)).map(drop)
}

/// Who was the coach when a conversation was cancelled because the student's stay ended.
///
/// # Errors
/// Only what the database ends in.
pub fn coach_then(reading: &mut Reading<'_>, _permit: Permit, id: ConversationId) -> Result<Option<Name>, Trouble> {
    reading.first(
        w::table
            .inner_join(people::table.on(people::id.eq(w::person_id)))
            .filter(w::conversation_id.eq(bind(id)).and(w::as_coach))
            .select((people::id, people::given_name, people::family_name_prefix, people::family_name)),
    )
}
