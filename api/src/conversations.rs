//! Conversations: planned, prepared, held, and what follows from them (CV-1 to CV-4).

mod agreements;
mod goals;
mod outcomes;
mod preparations;
mod questions;
mod steps;
mod talks;
mod view;

use domain::access::{Action, Permit};
use domain::kernel::{KernelFault, StudentId};
use persistence::{Reading, Trouble};

pub use talks::cancel_with_stay;

use crate::http::{Operation, get, post, put};

pub const TAG: &str = "Conversations";

pub fn operations() -> Vec<Operation> {
    let all = talk_operations().into_iter().chain(written_operations()).chain(follow_up_operations());
    all.map(|operation| operation.tag(TAG)).collect()
}

/// The student, for who may do this with what follows from conversations with them.
fn student(reading: &mut Reading<'_>, id: StudentId, action: Action) -> Result<Permit, Trouble> {
    let (_, permit) = persistence::conversations::find_student(reading, id)?.ok_or(KernelFault::Absent)?.permit(action)?;
    Ok(permit)
}

fn talk_operations() -> Vec<Operation> {
    vec![
        get("/conversations", "listConversations", "Conversations in the order in which they were made", talks::list)
            .text("Those that the caller may see: their own, with their students, in which they take part. A team leader finds those that were held and are no care, a workplace trainer those of the placement."),
        post("/conversations", "createConversation", "Plans a conversation, or asks for one", talks::create)
            .text("By the student or the responsible coach, who both always take part. Without `startsAt` it is `requested`. In the past none is planned: one that took place is asked for, and then `markHeld`."),
        get("/conversations/{id}", "getConversation", "One conversation", talks::get_one)
            .text("Extra support and SAB are care: who does not take part in them or help does not see that they are there."),
        post("/conversations/{id}/decisions", "decideOnConversation", "Plans, moves, marks, confirms or cancels", talks::decide)
            .text("`plan`, `move` and `cancel` by student or coach; `markHeld` and `markMissed` by the coach, not before it begins; `confirmOutcome` by both, each with the version that they read: with the second the outcome counts, and its agreements, goals, learning questions and career steps are the student's. An older version is refused with 409, which tells the newest in `currentVersion`."),
    ]
}

fn written_operations() -> Vec<Operation> {
    vec![
        get("/conversations/{id}/preparation", "getConversationPreparation", "What the caller prepared", preparations::get_own)
            .text("Each who takes part has their own, which nobody else sees; version 0 where there is none yet. With it comes what is open from earlier conversations, as it is now."),
        put("/conversations/{id}/preparation", "writeConversationPreparation", "Prepares a conversation", preparations::write)
            .text("One's own, as long as the conversation is ahead. `If-None-Match: *` the first time, `If-Match` from then on.")
            .creates(),
        get("/conversations/{id}/outcome", "getConversationOutcome", "What came out of a conversation", outcomes::get_newest)
            .text("For who takes part the newest version, with who confirmed it; for others what counts. A guardian of a student of 16 or older and the workplace trainer see the agreements alone."),
        put("/conversations/{id}/outcome", "writeConversationOutcome", "Writes down what came out", outcomes::write)
            .text("By the responsible coach, after it was held and until it counts. Each time is a new version, which both confirm anew: `If-None-Match: *` the first time, `If-Match` from then on.")
            .creates(),
        get("/conversations/{id}/outcome/versions", "listConversationOutcomeVersions", "Every version of an outcome", outcomes::list)
            .text("For who takes part, the first one first, each with who confirmed it."),
    ]
}

fn follow_up_operations() -> Vec<Operation> {
    vec![
        get("/students/{id}/goals", "listGoals", "A student's goals in the order in which they were set", goals::list)
            .text("For the student, the responsible coach, the adviser on the case, and guardians of a student under 16."),
        post("/students/{id}/goals", "createGoal", "Sets a goal without a conversation", goals::create)
            .text("By the student or the responsible coach."),
        get("/goals/{id}", "getGoal", "One goal", goals::get_one)
            .text("With the learning question that became it, and the conversation that it came from."),
        post("/goals/{id}/decisions", "decideOnGoal", "Reaches, drops or reopens a goal", goals::decide)
            .text("By the student or the responsible coach."),
        get(
            "/students/{id}/learning-questions",
            "listLearningQuestions",
            "A student's learning questions in the order in which they were asked",
            questions::list,
        )
        .text("For the student, the responsible coach, the adviser on the case, and guardians of a student under 16."),
        get("/learning-questions/{id}", "getLearningQuestion", "One learning question", questions::get_one)
            .text("With the conversation that it came from and what became of it."),
        post(
            "/learning-questions/{id}/decisions",
            "decideOnLearningQuestion",
            "Makes a goal or an LWP of a learning question, answers or drops it",
            questions::decide,
        )
        .text("By the student or the responsible coach. Only an open one is decided on."),
        get(
            "/students/{id}/agreements",
            "listAgreements",
            "Agreements with a student in the order in which they were made",
            agreements::list,
        )
        .text(
            "Those that the caller may see: who takes part in a conversation besides student and coach finds those of that one.",
        ),
        get("/agreements/{id}", "getAgreement", "One agreement", agreements::get_one)
            .text("With the conversation in which it was made."),
        post("/agreements/{id}/decisions", "decideOnAgreement", "Completes or drops an agreement", agreements::decide)
            .text("By its owner, the student or the responsible coach."),
        get(
            "/students/{id}/career-steps",
            "listCareerSteps",
            "A student's career steps in the order in which they were agreed on",
            steps::list,
        )
        .text("For the student, the responsible coach, the adviser on the case, and guardians of a student under 16."),
    ]
}
