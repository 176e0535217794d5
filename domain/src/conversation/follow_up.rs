//! What follows from a conversation (CV-2, CV-4): agreements, goals, learning questions and career steps, each of which knows the
//! conversation that it came from.

mod agreement;
mod goal;
mod question;

use crate::kernel::{
    AgreementId, CareerStepId, ConversationId, Event, GoalId, Instant, LearningQuestionId, StudentId, Subject, Text, Told,
};

use super::{Conversation, OutcomeContent};

pub use agreement::{Agreement, AgreementDecision, AgreementFacts, AgreementState, AgreementStateName};
pub use goal::{Goal, GoalDecision, GoalState, GoalStateName, NewGoal};
pub use question::{LearningQuestion, QuestionDecision, QuestionFacts, QuestionOutcome, QuestionState, QuestionStateName};

/// What the student does next in the learning career (loopbaansturing).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CareerStep {
    pub id: CareerStepId,
    pub student_id: StudentId,
    pub conversation_id: ConversationId,
    pub text: Text<1000>,
    pub created_at: Instant,
}

/// All that an outcome makes once it counts.
#[derive(Clone, Debug, Default)]
pub struct FollowUp {
    pub agreements: Vec<Told<Agreement>>,
    pub goals: Vec<Told<Goal>>,
    pub learning_questions: Vec<Told<LearningQuestion>>,
    pub career_steps: Vec<Told<CareerStep>>,
}

impl FollowUp {
    pub(super) fn of(conversation: &Conversation, content: &OutcomeContent, now: Instant) -> Self {
        let (id, student_id) = (conversation.id, conversation.student_id);
        let care = conversation.kind.is_care();
        let agreement = |draft: &super::AgreementDraft| {
            let agreement = Agreement {
                id: AgreementId::in_order(),
                version: 1,
                student_id,
                conversation_id: id,
                care,
                text: draft.text.clone(),
                owner_id: draft.owner_id,
                due_on: draft.due_on,
                state: AgreementState::Open,
                created_at: now,
            };
            agreement.told("made")
        };
        let question = |draft: &super::QuestionDraft| {
            let question = LearningQuestion {
                id: LearningQuestionId::in_order(),
                version: 1,
                student_id,
                conversation_id: id,
                text: draft.text.clone(),
                state: QuestionState::Open,
                created_at: now,
            };
            question.told("asked")
        };
        let goal = |draft: &super::GoalDraft| Goal::set(GoalId::in_order(), student_id, draft.title.clone(), Some(id), None, now);
        let step = |draft: &super::CareerStepDraft| {
            let step = CareerStep {
                id: CareerStepId::in_order(),
                student_id,
                conversation_id: id,
                text: draft.text.clone(),
                created_at: now,
            };
            let event = Event::new(Subject::CareerStep, step.id, 1, "taken").of_student(student_id);
            Told { thing: step, event: event.naming("conversationId", id) }
        };
        Self {
            agreements: content.agreements.iter().map(agreement).collect(),
            goals: content.goals.iter().map(goal).collect(),
            learning_questions: content.learning_questions.iter().map(question).collect(),
            career_steps: content.career_steps.iter().map(step).collect(),
        }
    }
}
