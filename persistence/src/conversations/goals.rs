//! Goals of students.

use diesel::prelude::*;
use domain::access::{Guarded, Permit};
use domain::conversation::{Goal, GoalState, GoalStateName};
use domain::kernel::{ConversationId, GoalId, Instant, LearningQuestionId, StudentId, Told};

use crate::columns::{bind, text};
use crate::page::{Listed, Page};
use crate::relations::{self, Anywhere};
use crate::schema::{conversations, goals as g};
use crate::session::{Reading, Writing};
use crate::spelling::given;
use crate::trouble::Trouble;

type Row = (
    (GoalId, i64, StudentId, String),
    (Option<ConversationId>, Option<LearningQuestionId>),
    (GoalStateName, Option<Instant>, Instant),
);

macro_rules! columns {
    () => {
        (
            (g::id, g::version, g::student_id, g::title),
            (g::conversation_id, g::learning_question_id),
            (g::state, g::decided_at, g::created_at),
        )
    };
}

fn goal(((id, version, student_id, title), (conversation_id, learning_question_id), state): Row) -> Result<Goal, Trouble> {
    let (name, decided_at, created_at) = state;
    let state = GoalState::from_parts(name, decided_at).ok_or_else(|| Trouble::Unreadable("a goal".to_owned()))?;
    Ok(Goal { id, version, student_id, title: text(&title)?, conversation_id, learning_question_id, state, created_at })
}

/// A goal, for whoever may see it.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, id: GoalId) -> Result<Option<Guarded<Goal>>, Trouble> {
    let mine = relations::of(reading, g::student_id, Anywhere);
    let found: Option<(Row, Option<String>)> = reading.first(g::table.find(bind(id)).select((columns!(), mine)))?;
    found.map(|(row, mine)| Ok(Guarded::new(goal(row)?, relations::read(mine)))).transpose()
}

/// A student's goals in the order in which they were set.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
    state: Option<GoalStateName>,
    page: &Page<GoalId>,
) -> Result<Listed<Goal>, Trouble> {
    let such = g::table
        .filter(g::student_id.eq(bind(student)))
        .filter(given(state.is_none()).or(g::state.eq(bind(state.unwrap_or(GoalStateName::Open)))));
    let total = reading.total(page, &such)?;
    let after = g::id.gt(bind(page.after.unwrap_or(GoalId::FIRST)));
    let rows: Vec<Row> = reading.load(such.filter(after).order(g::id).limit(page.rows_to_read()).select(columns!()))?;
    Listed { rows, total }.try_map(goal)
}

/// The open goals of a student in the order in which they were set, those out of conversations that are care only where these count: what
/// a sheet has room for.
///
/// # Errors
/// Only what the database ends in.
pub fn open_for_sheet(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
    care: bool,
    at_most: i64,
) -> Result<Vec<Goal>, Trouble> {
    let of_care = conversations::table.filter(conversations::id.nullable().eq(g::conversation_id)).filter(conversations::care);
    let rows: Vec<Row> = reading.load(
        g::table
            .filter(g::student_id.eq(bind(student)))
            .filter(g::state.eq(bind(GoalStateName::Open)))
            .filter(given(care).or(diesel::dsl::not(diesel::dsl::exists(of_care))))
            .order(g::id)
            .limit(at_most)
            .select(columns!()),
    )?;
    rows.into_iter().map(goal).collect()
}

/// Writes new goals.
///
/// # Errors
/// Only what the database ends in.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, new: &[Told<Goal>]) -> Result<(), Trouble> {
    if new.is_empty() {
        return Ok(());
    }
    let mut pen = writing.tell_all(permit, new.iter().map(|told| told.event.clone()));
    let row = |told: &Told<Goal>| {
        let goal = &told.thing;
        (
            g::id.eq(bind(goal.id)),
            g::student_id.eq(bind(goal.student_id)),
            g::title.eq(goal.title.as_str().to_owned()),
            g::conversation_id.eq(bind(goal.conversation_id)),
            g::learning_question_id.eq(bind(goal.learning_question_id)),
            g::state.eq(bind(goal.state.name())),
            g::decided_at.eq(bind(goal.state.decided_at())),
            g::version.eq(goal.version),
            g::created_at.eq(bind(goal.created_at)),
        )
    };
    let rows: Vec<_> = new.iter().map(row).collect();
    pen.insert_many(diesel::insert_into(g::table).values(rows)).map(drop)
}

/// Writes a goal that was decided on.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Goal>) -> Result<(), Trouble> {
    let goal = &changed.thing;
    let row = g::table.find(bind(goal.id)).filter(g::version.eq(goal.version - 1));
    writing.tell(permit, changed.event.clone()).change_one(diesel::update(row).set((
        g::state.eq(bind(goal.state.name())),
        g::decided_at.eq(bind(goal.state.decided_at())),
        g::version.eq(goal.version),
    )))
}
