//! Learning questions of students, and what became of them (CV-4).

use diesel::prelude::*;
use domain::access::{Guarded, Permit};
use domain::conversation::{LearningQuestion, QuestionState, QuestionStateName};
use domain::kernel::{ConversationId, GoalId, Instant, LearningQuestionId, LwpAssignmentId, Prose, StudentId, Told};

use crate::columns::{bind, text};
use crate::page::{Listed, Page};
use crate::relations::{self, Anywhere};
use crate::schema::{conversations, learning_questions as q, lwp_assignments};
use crate::session::{Reading, Writing};
use crate::spelling::given;
use crate::trouble::Trouble;

type Row = (
    (LearningQuestionId, i64, StudentId, ConversationId, String),
    (QuestionStateName, Option<Instant>, Option<GoalId>, Option<LwpAssignmentId>, Option<String>),
    Instant,
);

macro_rules! columns {
    () => {
        (
            (q::id, q::version, q::student_id, q::conversation_id, q::question),
            (q::state, q::decided_at, q::goal_id, q::lwp_assignment_id, q::answer),
            q::created_at,
        )
    };
}

fn question((facts, state, created_at): Row) -> Result<LearningQuestion, Trouble> {
    let (id, version, student_id, conversation_id, said) = facts;
    let (name, decided_at, goal_id, assignment_id, answer) = state;
    let answer: Option<Prose> = answer.as_deref().map(text).transpose()?;
    let state = QuestionState::from_parts(name, decided_at, goal_id, assignment_id, answer)
        .ok_or_else(|| Trouble::Unreadable("a learning question".to_owned()))?;
    Ok(LearningQuestion { id, version, student_id, conversation_id, text: text(&said)?, state, created_at })
}

/// A learning question, for whoever may see it.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, id: LearningQuestionId) -> Result<Option<Guarded<LearningQuestion>>, Trouble> {
    let mine = relations::of(reading, q::student_id, Anywhere);
    let found: Option<(Row, Option<String>)> = reading.first(q::table.find(bind(id)).select((columns!(), mine)))?;
    found.map(|(row, mine)| Ok(Guarded::new(question(row)?, relations::read(mine)))).transpose()
}

/// A student's learning questions in the order in which they were asked.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
    state: Option<QuestionStateName>,
    page: &Page<LearningQuestionId>,
) -> Result<Listed<LearningQuestion>, Trouble> {
    let such = q::table
        .filter(q::student_id.eq(bind(student)))
        .filter(given(state.is_none()).or(q::state.eq(bind(state.unwrap_or(QuestionStateName::Open)))));
    let total = reading.total(page, &such)?;
    let after = q::id.gt(bind(page.after.unwrap_or(LearningQuestionId::FIRST)));
    let rows: Vec<Row> = reading.load(such.filter(after).order(q::id).limit(page.rows_to_read()).select(columns!()))?;
    Listed { rows, total }.try_map(question)
}

/// The open learning questions of a student in the order in which they were asked, those out of conversations that are care only where these
/// count: what a sheet has room for.
///
/// # Errors
/// Only what the database ends in.
pub fn open_for_sheet(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
    care: bool,
    at_most: i64,
) -> Result<Vec<LearningQuestion>, Trouble> {
    let of_care = conversations::table.filter(conversations::id.eq(q::conversation_id)).filter(conversations::care);
    let rows: Vec<Row> = reading.load(
        q::table
            .filter(q::student_id.eq(bind(student)))
            .filter(q::state.eq(bind(QuestionStateName::Open)))
            .filter(given(care).or(diesel::dsl::not(diesel::dsl::exists(of_care))))
            .order(q::id)
            .limit(at_most)
            .select(columns!()),
    )?;
    rows.into_iter().map(question).collect()
}

/// Is this an LWP of this student that works on no learning question yet? For who was permitted to decide on one.
///
/// # Errors
/// Only what the database ends in.
pub fn is_lwp_known(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
    assignment: LwpAssignmentId,
) -> Result<bool, Trouble> {
    let taken = q::table.filter(q::lwp_assignment_id.eq(lwp_assignments::id.nullable())).select(q::id);
    let found: Option<LwpAssignmentId> = reading.first(
        lwp_assignments::table
            .find(bind(assignment))
            .filter(lwp_assignments::student_id.eq(bind(student)))
            .filter(diesel::dsl::not(diesel::dsl::exists(taken)))
            .select(lwp_assignments::id),
    )?;
    Ok(found.is_some())
}

/// Writes new learning questions.
///
/// # Errors
/// Only what the database ends in.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, new: &[Told<LearningQuestion>]) -> Result<(), Trouble> {
    if new.is_empty() {
        return Ok(());
    }
    let mut pen = writing.tell_all(permit, new.iter().map(|told| told.event.clone()));
    let row = |told: &Told<LearningQuestion>| {
        let question = &told.thing;
        (
            q::id.eq(bind(question.id)),
            q::student_id.eq(bind(question.student_id)),
            q::conversation_id.eq(bind(question.conversation_id)),
            q::question.eq(question.text.as_str().to_owned()),
            q::state.eq(bind(question.state.name())),
            q::version.eq(question.version),
            q::created_at.eq(bind(question.created_at)),
        )
    };
    let rows: Vec<_> = new.iter().map(row).collect();
    pen.insert_many(diesel::insert_into(q::table).values(rows)).map(drop)
}

/// Writes a learning question that was decided on.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile, or the LWP got another learning question.
pub fn update(writing: &mut Writing<'_>, permit: Permit, changed: &Told<LearningQuestion>) -> Result<(), Trouble> {
    let question = &changed.thing;
    let row = q::table.find(bind(question.id)).filter(q::version.eq(question.version - 1));
    let updated = writing.tell(permit, changed.event.clone()).change_one(diesel::update(row).set((
        q::state.eq(bind(question.state.name())),
        q::decided_at.eq(bind(question.state.decided_at())),
        q::goal_id.eq(bind(question.state.goal_id())),
        q::lwp_assignment_id.eq(bind(question.state.lwp_assignment_id())),
        q::answer.eq(question.state.answer().map(Prose::as_str)),
        q::version.eq(question.version),
    )));
    updated.map_err(|trouble| if trouble.is_duplicate() { Trouble::Overtaken } else { trouble })
}
