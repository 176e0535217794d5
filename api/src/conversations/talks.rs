//! Planning conversations, and what becomes of them (CV-3).

use domain::access::{Action, Permit, Seen};
use domain::conversation::{
    Concluded, Conversation, ConversationDecision, ConversationFacts, ConversationKind, ConversationStateName, Decided,
    NewConversation,
};
use domain::kernel::time::start_of;
use domain::kernel::{ConversationId, KernelFault, StudentId};
use persistence::conversations::{self as rows, Talk, TalkFilter, outcomes};
use persistence::{Reading, Trouble, Writing};
use serde::Deserialize;
use utoipa::ToSchema;

use chrono::{Days, NaiveDate};

use super::view::{ConversationView, open};
use crate::http::{Answer, At, Body, Caller, List, Listing, Outcome, Problem};

/// Which conversations.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhichConversations {
    #[serde(default)]
    student_id: Option<StudentId>,
    #[serde(default)]
    kind: Option<ConversationKind>,
    #[serde(default)]
    state: Option<ConversationStateName>,
    /// Beginning on this day or later.
    #[serde(default)]
    from: Option<NaiveDate>,
    /// Beginning on this day or before.
    #[serde(default)]
    until: Option<NaiveDate>,
}

pub async fn list(caller: Caller, list: List<WhichConversations>) -> Result<Listing<ConversationView>, Problem> {
    let page = list.page()?;
    let WhichConversations { student_id, kind, state, from, until } = list.filter;
    let day_after = |date: NaiveDate| date.checked_add_days(Days::new(1)).unwrap_or(date);
    let until = until.map(|until| start_of(day_after(until)));
    let filter = TalkFilter { student_id, kind, state, from: from.map(start_of), until };
    caller
        .read(move |reading| {
            let found = rows::list(reading, filter, &page)?.try_map(|row| row.read(Action::ReadConversation))?;
            Answer::page(found, &page, |seen| seen.thing.conversation.id, |seen| Ok(seen.into()))
        })
        .await
}

/// A conversation, for who may see it.
///
/// # Errors
/// [`KernelFault::Absent`].
pub fn talk(reading: &mut Reading<'_>, id: ConversationId) -> Result<Seen<Talk>, Trouble> {
    Ok(rows::find(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadConversation)?)
}

fn answer(seen: Seen<Talk>) -> Result<Answer<ConversationView>, Trouble> {
    let version = seen.thing.conversation.version;
    Answer::at_version(&seen.into(), version)
}

pub async fn get_one(caller: Caller, At(id): At<ConversationId>) -> Outcome<ConversationView> {
    caller.read(move |reading| answer(talk(reading, id)?)).await
}

pub async fn create(caller: Caller, Body(new): Body<NewConversation>) -> Outcome<ConversationView> {
    caller
        .change(move |writing| {
            let permit = super::student(writing, new.student_id, Action::CreateConversation)?;
            let facts = rows::facts(writing, permit, &new)?;
            let begun = Conversation::begin(ConversationId::in_order(), &new, &facts, writing.now())?;
            let (id, version) = (begun.thing.id, begun.thing.version);
            rows::insert(writing, permit, &begun)?;
            let seen = talk(writing, id)?;
            Answer::created(&format!("/conversations/{id}"), &seen.into(), version)
        })
        .await
}

pub async fn decide(
    caller: Caller,
    At(id): At<ConversationId>,
    Body(decision): Body<ConversationDecision>,
) -> Outcome<ConversationView> {
    caller
        .change(move |writing| {
            let seen = talk(writing, id)?;
            let permit = seen.permit(decision.action())?;
            let before = &seen.thing.conversation;
            let newest = match decision {
                ConversationDecision::ConfirmOutcome { .. } => outcomes::newest(writing, permit, id)?,
                _ => None,
            };
            let facts = ConversationFacts {
                by: writing.person()?,
                coach_id: seen.thing.coach.as_ref().map(|coach| coach.id),
                outcome: newest.as_ref().map(|written| &written.outcome),
            };
            let decided = before.decide(&decision, writing.now(), facts).map_err(|refusal| refusal.opening(open(&seen)))?;
            let after = keep(writing, permit, before, decided)?;
            let after = Talk { conversation: after, ..seen.thing.clone() };
            answer(seen.with(after))
        })
        .await
}

/// Writes what a decision made of it; the conversation as it then is.
fn keep(writing: &mut Writing<'_>, permit: Permit, before: &Conversation, decided: Decided) -> Result<Conversation, Trouble> {
    match decided {
        Decided::Unchanged => {
            writing.looked_at(before.id, before.version)?;
            Ok(before.clone())
        }
        Decided::Conversation(changed) => {
            rows::update(writing, permit, before, &changed)?;
            Ok(changed.thing)
        }
        Decided::Confirmed(outcome) => {
            writing.looked_at(before.id, before.version)?;
            outcomes::confirm(writing, permit, before, &outcome)?;
            Ok(before.clone())
        }
        Decided::Concluded(concluded) => {
            let Concluded { conversation, outcome, follow_up } = *concluded;
            outcomes::conclude(writing, permit, before, &conversation, &outcome, &follow_up)?;
            Ok(conversation.thing)
        }
    }
}

/// Cancels what is ahead of a student whose stay ends, in the same transaction, and before anyone loses sight of the student by that.
///
/// # Errors
/// [`Trouble::Overtaken`] where one of them changed meanwhile.
pub fn cancel_with_stay(writing: &mut Writing<'_>, permit: Permit, student: StudentId) -> Result<(), Trouble> {
    for conversation in rows::not_over(writing, permit, student)? {
        if let Some(cancelled) = conversation.end_with_stay() {
            rows::withdrawals::cancel_with_stay(writing, permit, &conversation, &cancelled)?;
        }
    }
    Ok(())
}
