//! Career steps of students: what they do next in their learning career.

use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::conversation::CareerStep;
use domain::kernel::{CareerStepId, ConversationId, StudentId, Text};
use persistence::conversations::steps as rows;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{Answer, At, Caller, Everything, List, Listing, Problem};

/// What a student does next in the learning career (loopbaansturing).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CareerStepView {
    id: CareerStepId,
    student_id: StudentId,
    text: Text<1000>,
    /// The conversation in which it was agreed on.
    conversation_id: ConversationId,
    created_at: DateTime<Utc>,
}

impl From<CareerStep> for CareerStepView {
    fn from(step: CareerStep) -> Self {
        let CareerStep { id, student_id, conversation_id, text, created_at } = step;
        Self { id, student_id, text, conversation_id, created_at }
    }
}

pub async fn list(caller: Caller, At(id): At<StudentId>, list: List<Everything>) -> Result<Listing<CareerStepView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let permit = super::student(reading, id, Action::ReadGoal)?;
            let found = rows::list(reading, permit, id, &page)?;
            Answer::page(found, &page, |step| step.id, |step| Ok(step.into()))
        })
        .await
}
