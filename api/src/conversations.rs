//! Conversations: planned, prepared, held, and what follows from them (CV-1 to CV-4).

mod agreements;
mod availability;
mod goals;
mod invitation;
mod kinds;
mod outcomes;
mod overview;
mod preparations;
mod questions;
mod sheets;
mod steps;
mod taking_along;
mod talks;
mod view;

use domain::access::{Action, Permit, Seen};
use domain::kernel::{KernelFault, StudentId};
use persistence::access::Name;
use persistence::{Reading, Trouble};

pub use kinds::called;
pub use questions::question_to_work_on;
pub use taking_along::{followed, newest_first, taken};
pub use talks::cancel_with_stay;

use crate::http::{Operation, get, post, put};

pub const TAG: &str = "Conversations";

pub fn operations() -> Vec<Operation> {
    let all =
        talk_operations().into_iter().chain(planning_operations()).chain(written_operations()).chain(follow_up_operations());
    all.map(|operation| operation.tag(TAG)).collect()
}

/// The student, for who may do this with what follows from conversations with them.
fn student(reading: &mut Reading<'_>, id: StudentId, action: Action) -> Result<Permit, Trouble> {
    Ok(student_seen(reading, id, action)?.permit)
}

/// The same, with all else that the caller may do.
fn student_seen(reading: &mut Reading<'_>, id: StudentId, action: Action) -> Result<Seen<Name>, Trouble> {
    Ok(persistence::students::find_name(reading, id)?.ok_or(KernelFault::Absent)?.read(action)?)
}

fn talk_operations() -> Vec<Operation> {
    vec![
        get("/conversations", "listConversations", "Conversations in the order in which they were made", talks::list)
            .text("Those that the caller may see: their own, with their students, in which they take part. A team leader finds those that were held and are no care, a workplace trainer those of the placement."),
        post("/conversations", "createConversation", "Plans a conversation, or asks for one", talks::create)
            .text("By the student or the responsible coach, who both always take part. One of kind `leermeter` can name the `roundId` that it looks at. Without `startsAt` it is `requested`. In the past none is planned: one that took place is asked for, and then `markHeld`."),
        get("/conversations/{id}", "getConversation", "One conversation", talks::get_one)
            .text("Extra support and SAB are care: who does not take part in them or help does not see that they are there."),
        post("/conversations/{id}/decisions", "decideOnConversation", "Plans, moves, marks, confirms or cancels", talks::decide)
            .text("`plan`, `move` and `cancel` by student or coach; `markHeld` and `markMissed` by the coach: what is held before its time, or without one, was held when that is said, and who can not come can be marked as missing it beforehand; `confirmOutcome` by both, each with the version that they read: with the second the outcome counts, and its agreements, goals, learning questions and career steps are the student's. An older version is refused with 409, which tells the newest in `currentVersion`."),
    ]
}

fn planning_operations() -> Vec<Operation> {
    vec![
        get("/people/{id}/availability", "getAvailability", "The hours that someone keeps for conversations", availability::get_one)
            .text("For the person, and for who plans conversations in which they could take part: a student, and the responsible coach of one. 404 also where the person did not say."),
        put("/people/{id}/availability", "replaceAvailability", "Says which hours one keeps for conversations", availability::replace)
            .text("One's own: every week in which there is school, in school time. `If-None-Match: *` the first time, `If-Match` from then on.")
            .creates(),
        get("/students/{id}/conversation-moments", "getConversationMoments", "Moments at which a conversation can be", availability::find_moments)
            .text("For the student and the responsible coach: ahead, on school days, inside the hours of those who said theirs and else within school hours, and at no conversation that any of them has. What anyone does at another moment is not told."),
        get("/conversations/{id}/invite.ics", "getConversationInvitation", "A conversation for one's own calendar", invitation::fetch)
            .text("iCalendar (RFC 5545), for who takes part: `METHOD:REQUEST`, newer by `SEQUENCE` with every move, and `METHOD:CANCEL` once it is cancelled or was missed; a missed one that is planned again is newer than that. Who was invited and sees nothing of it any more because the student's stay ended is told for 30 days that it is cancelled. People are named by id, not by address, and of care the title tells nothing. 404 as long as no moment was named."),
        get("/coaches/{id}/conversation-overview", "getConversationOverview", "With whom a coach talked, and what came of it", overview::list)
            .text("By the students' names, for the coach; their team leader sees when one was last held. `tickingIndex`: of the last five conversations that were held, the share that is absent of five signs that one talked (the student had prepared, a summary, an agreement, a goal or learning question, a career step), from 0 to 1; null where fewer than three were held. Of the agreements that are open, and the questions that led nowhere, up to 20 each are told with what they say."),
    ]
}

fn written_operations() -> Vec<Operation> {
    vec![
        get("/conversations/{id}/preparation", "getConversationPreparation", "What the caller prepared", preparations::get_own)
            .text("Each who takes part has their own, which nobody else sees; version 0 where there is none yet. With it comes what is open from earlier conversations, as it is now: the most urgent agreements first."),
        put("/conversations/{id}/preparation", "writeConversationPreparation", "Prepares a conversation", preparations::write)
            .text("One's own, as long as the conversation is ahead. `If-None-Match: *` the first time, `If-Match` from then on.")
            .creates(),
        get("/conversations/{id}/sheet.pdf", "getConversationSheet", "One page to talk over", sheets::get_sheet)
            .text("For who takes part: first the student's own words (for the student what they prepared; for the coach the goals and learning questions of the student that are open, since what the student prepared is the student's alone), then what whoever prints it prepared; then agreements that are open, the most urgent first, questions along the five career competences with lines to write on, and for student and coach the picture of the leermeter, up to the round that the conversation looks at where it names one. A4, tagged for accessibility (PDF/UA-1), the same bytes for the same conversation. What is care is titled as a conversation and no more."),
        get("/conversations/{id}/outcome", "getConversationOutcome", "What came out of a conversation", outcomes::get_newest)
            .text("For who takes part the newest version, with who confirmed it; for others what counts. Goals, learning questions and career steps are told to who may read the student's goals: of who takes part, to student and coach. A guardian of a student of 16 or older and the workplace trainer see the agreements alone."),
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
