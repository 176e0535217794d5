//! What came out of a conversation, version by version, and who confirmed which (CV-2).

use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Seen, Sight};
use domain::conversation::{Confirmation, ConversationStateName, OutcomeContent, OutcomeFacts};
use domain::kernel::{ConversationId, KernelFault, Line, PersonId, Prose, Text};
use persistence::conversations::Talk;
use persistence::conversations::outcomes::{self as rows, Written};
use persistence::{Reading, Trouble};
use serde::Serialize;
use utoipa::ToSchema;

use super::talks::talk;
use super::view::open;
use crate::access::PersonName;
use crate::http::{Answer, At, Body, Caller, Everything, IfMatch, List, Listing, Outcome, Problem};

/// A version of what came out of a conversation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeView {
    conversation_id: ConversationId,
    version: i64,
    /// Does it count: have student and responsible coach confirmed this version?
    counts: bool,
    /// Null for who sees the agreements alone.
    #[schema(required = true)]
    summary: Option<Prose>,
    #[schema(max_items = 20)]
    agreements: Vec<AgreedView>,
    /// Empty for who may not see the student's goals, also where they take part; so are the two below.
    #[schema(max_items = 20)]
    goals: Vec<AimedView>,
    #[schema(max_items = 20)]
    learning_questions: Vec<AskedView>,
    #[schema(max_items = 20)]
    career_steps: Vec<SteppedView>,
    /// Null for who sees the agreements alone.
    #[schema(required = true)]
    written_by: Option<PersonName>,
    written_at: DateTime<Utc>,
    /// Who confirmed this very version, in that order; empty for who sees the agreements alone.
    #[schema(max_items = 20)]
    confirmations: Vec<ConfirmationView>,
}

/// An agreement as it stands in an outcome.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgreedView {
    text: Text<1000>,
    owner_id: PersonId,
    #[schema(required = true)]
    due_on: Option<NaiveDate>,
}

/// A goal as it stands in an outcome.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AimedView {
    title: Line,
}

/// A learning question as it stands in an outcome.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AskedView {
    text: Text<1000>,
}

/// A career step as it stands in an outcome.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SteppedView {
    text: Text<1000>,
}

/// That someone confirmed a version.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmationView {
    person_id: PersonId,
    confirmed_at: DateTime<Utc>,
}

/// How much of an outcome its reader is told: by one rule with the lists of what follows from it.
#[derive(Clone, Copy)]
pub struct Told {
    /// More than the agreements.
    whole: bool,
    /// Goals, learning questions and career steps.
    goals: bool,
}

impl Told {
    pub fn to(seen: &Seen<Talk>) -> Self {
        let whole = seen.sight().is_whole();
        Self { whole, goals: whole && seen.may(Action::ReadGoal) }
    }
}

impl OutcomeView {
    pub fn of(written: Written, counts: bool, Told { whole, goals: sees_goals }: Told) -> Self {
        let Written { outcome, by } = written;
        let OutcomeContent { summary, agreements, goals, learning_questions, career_steps } = outcome.content;
        let agreed = agreements.into_iter().map(|one| AgreedView { text: one.text, owner_id: one.owner_id, due_on: one.due_on });
        let confirmed = outcome.confirmations.into_iter().filter(|_| whole);
        Self {
            conversation_id: outcome.conversation_id,
            version: outcome.version,
            counts,
            summary: Some(summary).filter(|_| whole),
            agreements: agreed.collect(),
            goals: goals.into_iter().filter(|_| sees_goals).map(|one| AimedView { title: one.title }).collect(),
            learning_questions: learning_questions
                .into_iter()
                .filter(|_| sees_goals)
                .map(|one| AskedView { text: one.text })
                .collect(),
            career_steps: career_steps.into_iter().filter(|_| sees_goals).map(|one| SteppedView { text: one.text }).collect(),
            written_by: Some(by).filter(|_| whole).map(PersonName::from),
            written_at: outcome.written_at,
            confirmations: confirmed
                .map(|Confirmation { by, at }| ConfirmationView { person_id: by, confirmed_at: at })
                .collect(),
        }
    }
}

/// Does the newest version count?
pub fn counts(seen: &Seen<Talk>) -> bool {
    seen.thing.conversation.state.name() == ConversationStateName::Concluded
}

/// The newest version, for who takes part; for others only what counts.
fn shown(reading: &mut Reading<'_>, seen: &Seen<Talk>) -> Result<Written, Trouble> {
    // Who is told no more than that it was held is told nothing of what came of it.
    let told = seen.sight() >= Sight::Progress;
    let there = seen.may(Action::ReadOutcomeVersions) || (told && counts(seen));
    let newest = if there { rows::newest(reading, seen.permit, seen.thing.conversation.id)? } else { None };
    Ok(newest.ok_or(KernelFault::Absent)?)
}

pub async fn get_newest(caller: Caller, At(id): At<ConversationId>) -> Outcome<OutcomeView> {
    caller
        .read(move |reading| {
            let seen = talk(reading, id)?;
            let written = shown(reading, &seen)?;
            let version = written.outcome.version;
            Answer::at_version(&OutcomeView::of(written, counts(&seen), Told::to(&seen)), version)
        })
        .await
}

pub async fn list(caller: Caller, At(id): At<ConversationId>, list: List<Everything>) -> Result<Listing<OutcomeView>, Problem> {
    let page = list.page::<i64>()?;
    caller
        .read(move |reading| {
            let seen = talk(reading, id)?;
            let permit = seen.permit(Action::ReadOutcomeVersions).map_err(|_| KernelFault::Absent)?;
            let found = rows::list(reading, permit, id, &page)?;
            let counted = seen.thing.outcome_version.filter(|_| counts(&seen));
            let told = Told::to(&seen);
            let view = |written: Written| {
                let counts = Some(written.outcome.version) == counted;
                Ok(OutcomeView::of(written, counts, told))
            };
            Answer::page(found, &page, |written| written.outcome.version, view)
        })
        .await
}

pub async fn write(
    caller: Caller,
    At(id): At<ConversationId>,
    version: IfMatch,
    Body(content): Body<OutcomeContent>,
) -> Outcome<OutcomeView> {
    caller
        .change(move |writing| {
            let seen = talk(writing, id)?;
            let permit = seen.permit(Action::WriteOutcome)?;
            version.check_or_first(seen.thing.outcome_version)?;
            let newest = seen.thing.outcome_version.unwrap_or(0);
            let coach_id = seen.thing.coach.as_ref().map(|coach| coach.id);
            let facts = OutcomeFacts { by: writing.person()?, coach_id, newest };
            let before = &seen.thing.conversation;
            let written =
                before.write_outcome(content.clone(), writing.now(), facts).map_err(|refusal| refusal.opening(open(&seen)))?;
            rows::write(writing, permit, before, &written)?;
            let by = persistence::access::my_name(writing)?;
            let version = written.thing.version;
            let view = OutcomeView::of(Written { outcome: written.thing, by }, false, Told::to(&seen));
            if newest == 0 {
                return Answer::created(&format!("/conversations/{id}/outcome"), &view, version);
            }
            Answer::at_version(&view, version)
        })
        .await
}
