//! What each prepares of a conversation (CV-1), with what is open from earlier ones.

use chrono::{DateTime, Utc};
use domain::access::{Action, Permit, Seen};
use domain::conversation::{Preparation, PreparationContent, QuestionStateName};
use domain::kernel::{ConversationId, KernelFault, PersonId, StudentId, Text};
use persistence::conversations::{Talk, agreements, preparations as rows, questions};
use persistence::{Page, Reading, Trouble};
use serde::Serialize;
use utoipa::ToSchema;

use super::agreements::AgreementView;
use super::questions::LearningQuestionView;
use super::talks::talk;
use crate::http::{Answer, At, Body, Caller, IfMatch, Outcome};

/// What comes back of earlier conversations, at most.
const OPEN_AT_MOST: i64 = 100;

/// What the caller prepared of a conversation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreparationView {
    conversation_id: ConversationId,
    /// Whose it is: the caller's.
    person_id: PersonId,
    /// 0 as long as there is none.
    #[schema(minimum = 0)]
    version: i64,
    /// What one brings along.
    #[schema(max_items = 20)]
    topics: Vec<Text<1000>>,
    /// What one wants to ask, or learn.
    #[schema(max_items = 20)]
    questions: Vec<Text<1000>>,
    #[schema(required = true)]
    changed_at: Option<DateTime<Utc>>,
    /// What was agreed earlier and is open now, as far as the caller may see it: the most urgent first, by the day until which.
    #[schema(max_items = 100)]
    open_agreements: Vec<AgreementView>,
    /// What the student wanted to find out and is open now; empty for who may not see it.
    #[schema(max_items = 100)]
    open_learning_questions: Vec<LearningQuestionView>,
}

/// A conversation in which the caller takes part.
pub fn taking_part(reading: &mut Reading<'_>, id: ConversationId, action: Action) -> Result<(Seen<Talk>, Permit), Trouble> {
    let seen = talk(reading, id)?;
    // Who reads the conversation and does not take part has nothing here, and is not told that others have.
    let permit = seen.permit(Action::ReadPreparation).map_err(|_| KernelFault::Absent)?;
    let permit = if action == Action::ReadPreparation { permit } else { seen.permit(action)? };
    Ok((seen, permit))
}

/// What is open from earlier conversations with this student, as the caller sees it.
fn still_open(
    reading: &mut Reading<'_>,
    seen: &Seen<Talk>,
    permit: Permit,
    student: StudentId,
) -> Result<(Vec<AgreementView>, Vec<LearningQuestionView>), Trouble> {
    let agreed = agreements::most_urgent(reading, permit, student, true, OPEN_AT_MOST)?;
    let person = reading.person()?;
    let today = domain::kernel::time::date_at(reading.now());
    let agreed = agreed.into_iter().map(|row| Ok(AgreementView::of(row.read(Action::ReadAgreement)?, person, today)));
    let agreed = agreed.collect::<Result<Vec<_>, Trouble>>()?;
    let Ok(permit) = seen.permit(Action::ReadGoal) else { return Ok((agreed, Vec::new())) };
    let asked = questions::list(reading, permit, student, Some(QuestionStateName::Open), &Page::first(OPEN_AT_MOST))?.rows;
    let shown = usize::try_from(OPEN_AT_MOST).unwrap_or_default();
    let asked = asked.into_iter().take(shown).map(|question| LearningQuestionView::from(seen.with(question)));
    Ok((agreed, asked.collect()))
}

fn view(
    reading: &mut Reading<'_>,
    seen: &Seen<Talk>,
    permit: Permit,
    own: Option<Preparation>,
) -> Result<PreparationView, Trouble> {
    let conversation = &seen.thing.conversation;
    let (open_agreements, open_learning_questions) = still_open(reading, seen, permit, conversation.student_id)?;
    let (version, changed_at) = own.as_ref().map_or((0, None), |own| (own.version, Some(own.changed_at)));
    let PreparationContent { topics, questions } = own.map(|own| own.content).unwrap_or_default();
    let (conversation_id, person_id) = (conversation.id, reading.person()?);
    Ok(PreparationView {
        conversation_id,
        person_id,
        version,
        topics,
        questions,
        changed_at,
        open_agreements,
        open_learning_questions,
    })
}

pub async fn get_own(caller: Caller, At(id): At<ConversationId>) -> Outcome<PreparationView> {
    caller
        .read(move |reading| {
            let (seen, permit) = taking_part(reading, id, Action::ReadPreparation)?;
            let own = rows::own(reading, permit, id)?;
            let view = view(reading, &seen, permit, own)?;
            Answer::at_version(&view, view.version)
        })
        .await
}

pub async fn write(
    caller: Caller,
    At(id): At<ConversationId>,
    version: IfMatch,
    Body(content): Body<PreparationContent>,
) -> Outcome<PreparationView> {
    caller
        .change(move |writing| {
            let (seen, permit) = taking_part(writing, id, Action::WritePreparation)?;
            let before = rows::own(writing, permit, id)?;
            version.check_or_first(before.as_ref().map(|before| before.version))?;
            let (by, now) = (writing.person()?, writing.now());
            let written = Preparation::write(&seen.thing.conversation, by, before.as_ref(), content.clone(), now)?;
            rows::write(writing, permit, &written)?;
            let first = before.is_none();
            let view = view(writing, &seen, permit, Some(written.thing))?;
            if first {
                return Answer::created(&format!("/conversations/{id}/preparation"), &view, view.version);
            }
            Answer::at_version(&view, view.version)
        })
        .await
}
