//! LWPs of students (CU-4): with what the LWP itself says, and all that was handed in and said of it.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::access::{Action, Guarded, Permit, Relation};
use domain::kernel::{
    Instant, LearningQuestionId, LwpAssignmentId, LwpId, PlacementId, PortfolioEntryId, ProgrammeId, StudentId, Told,
    WorkProcessId,
};
use domain::lwp::{Assignment, AssignmentState, AssignmentStateName, Feedback, NewLwp, ProgrammeWeek, Round, Tailoring};
use domain::portfolio::EntryVisibility;

use crate::access::Name;
use crate::columns::{Json, bind};
use crate::events::AT_ONCE;
use crate::page::{Listed, Page};
use crate::relations::{self, Anywhere, OnlyFor};
use crate::schema::{
    learning_questions, lwp_assignment_rounds as rounds, lwp_assignments as assignments, lwp_work_processes, lwps, people,
    portfolio_entries as entries, students,
};
use crate::session::{Pen, Reading, Writing};
use crate::spelling::{among, given};
use crate::trouble::Trouble;

/// A workplace trainer sees what is done at the placement that runs.
const CONFINED: OnlyFor<assignments::placement_id> = OnlyFor(Relation::WorkplaceTrainer, assignments::placement_id);

/// An assignment, with what the LWP itself says and who is who.
#[derive(Clone, Debug)]
pub struct Assigned {
    pub assignment: Assignment,
    pub lwp: NewLwp,
    pub student: Name,
    /// Who gave feedback.
    pub people: Vec<Name>,
    /// The learning question that it works on.
    pub learning_question_id: Option<LearningQuestionId>,
}

/// Which assignments; what is absent does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct AssignmentFilter {
    pub student_id: Option<StudentId>,
    pub lwp_id: Option<LwpId>,
    pub programme_id: Option<ProgrammeId>,
    pub state: Option<AssignmentStateName>,
    /// Of whose LWP covers it.
    pub work_process: Option<WorkProcessId>,
    /// To be handed in by then.
    pub due_until: Option<NaiveDate>,
}

type AssignmentRow = (
    (LwpAssignmentId, i64, StudentId, LwpId, Option<ProgrammeId>, Option<i32>, NaiveDate, Json<Tailoring>),
    (Option<PlacementId>, Option<LearningQuestionId>),
    (AssignmentStateName, Option<Instant>, Option<Instant>),
    Json<NewLwp>,
    Name,
    Option<String>,
);

macro_rules! assignment_columns {
    ($mine:expr) => {
        (
            (
                assignments::id,
                assignments::version,
                assignments::student_id,
                assignments::lwp_id,
                assignments::programme_id,
                assignments::week,
                assignments::due_on,
                assignments::tailoring,
            ),
            (assignments::placement_id, learning_questions::id.nullable()),
            (assignments::state, assignments::started_at, assignments::completed_at),
            lwps::content,
            (people::id, people::given_name, people::family_name_prefix, people::family_name),
            $mine,
        )
    };
}

macro_rules! assignment_rows {
    () => {
        assignments::table
            .inner_join(lwps::table.on(lwps::id.eq(assignments::lwp_id)))
            .inner_join(people::table.on(people::id.eq(assignments::student_id)))
            .left_join(learning_questions::table.on(learning_questions::lwp_assignment_id.eq(assignments::id.nullable())))
    };
}

type RoundRow = ((LwpAssignmentId, Json<Vec<PortfolioEntryId>>, Instant), (Option<String>, Option<Instant>), Option<Name>);

/// What was handed in for these assignments and said of it: one statement.
fn rounds_of(reading: &mut Reading<'_>, ids: Vec<LwpAssignmentId>) -> Result<Vec<RoundRow>, Trouble> {
    reading.load(
        rounds::table
            .left_join(people::table.on(people::id.nullable().eq(rounds::feedback_by_id)))
            .filter(among(rounds::assignment_id, ids))
            .order((rounds::assignment_id, rounds::round))
            .select((
                (rounds::assignment_id, rounds::entry_ids, rounds::submitted_at),
                (rounds::feedback, rounds::feedback_at),
                (people::id, people::given_name, people::family_name_prefix, people::family_name).nullable(),
            )),
    )
}

/// Puts assignments together with what was handed in: one statement for all of them.
fn assigned(reading: &mut Reading<'_>, rows: Vec<AssignmentRow>) -> Result<Vec<Guarded<Assigned>>, Trouble> {
    let mut handed_in: HashMap<LwpAssignmentId, (Vec<Round>, Vec<Name>)> = HashMap::new();
    let ids =
        rows.iter().filter(|(_, _, (_, started_at, _), ..)| started_at.is_some()).map(|((id, ..), ..)| *id).collect::<Vec<_>>();
    let found = if ids.is_empty() { Vec::new() } else { rounds_of(reading, ids)? };
    for ((id, Json(entry_ids), submitted_at), (text, given_at), by) in found {
        let (rounds, people) = handed_in.entry(id).or_default();
        let feedback = match (text, given_at, &by) {
            (Some(text), Some(given_at), Some(by)) => Some(Feedback { by: by.id, text: super::text(&text)?, given_at }),
            _ => None,
        };
        rounds.push(Round { entry_ids, submitted_at, feedback });
        people.extend(by);
    }
    let one = |(facts, (placement_id, learning_question_id), state, Json(lwp), student, mine): AssignmentRow| {
        let (id, version, student_id, lwp_id, programme_id, week, due_on, Json(tailoring)) = facts;
        let (name, started_at, completed_at) = state;
        let state = AssignmentState::from_parts(name, started_at, completed_at)
            .ok_or_else(|| Trouble::Unreadable("the state of an assignment".to_owned()))?;
        let week = week.and_then(|week| u8::try_from(week).ok());
        let week = programme_id.zip(week).map(|(programme_id, week)| ProgrammeWeek { programme_id, week });
        let (rounds, people) = handed_in.remove(&id).unwrap_or_default();
        let assignment = Assignment { id, version, student_id, lwp_id, week, placement_id, due_on, tailoring, state, rounds };
        Ok(Guarded::new(Assigned { assignment, lwp, student, people, learning_question_id }, relations::read(mine)))
    };
    rows.into_iter().map(one).collect()
}

/// An assignment, for whoever may see it: two statements.
///
/// # Errors
/// Only what the database ends in.
pub fn find_assignment(reading: &mut Reading<'_>, id: LwpAssignmentId) -> Result<Option<Guarded<Assigned>>, Trouble> {
    let mine = relations::of(reading, assignments::student_id, CONFINED);
    let rows: Vec<AssignmentRow> =
        reading.load(assignment_rows!().filter(assignments::id.eq(bind(id))).select(assignment_columns!(mine)))?;
    Ok(assigned(reading, rows)?.into_iter().next())
}

/// The assignments that the caller may see, in the order in which they were assigned: two statements.
///
/// # Errors
/// Only what the database ends in.
pub fn list_assignments(
    reading: &mut Reading<'_>,
    filter: AssignmentFilter,
    page: &Page<LwpAssignmentId>,
) -> Result<Listed<Guarded<Assigned>>, Trouble> {
    let AssignmentFilter { student_id, lwp_id, programme_id, state, work_process, due_until } = filter;
    let mine = relations::of(reading, assignments::student_id, CONFINED);
    let may = relations::may(reading, Action::ReadLwpAssignment, assignments::student_id, CONFINED);
    let covering = lwp_work_processes::table
        .filter(lwp_work_processes::lwp_id.eq(assignments::lwp_id))
        .filter(lwp_work_processes::work_process_id.eq(bind(work_process.unwrap_or(WorkProcessId::FIRST))))
        .select(lwp_work_processes::lwp_id);
    let such = assignment_rows!()
        .filter(may)
        .filter(given(student_id.is_none()).or(assignments::student_id.eq(bind(student_id.unwrap_or(StudentId::FIRST)))))
        .filter(given(lwp_id.is_none()).or(assignments::lwp_id.eq(bind(lwp_id.unwrap_or(LwpId::FIRST)))))
        .filter(
            given(programme_id.is_none())
                .or(assignments::programme_id.assume_not_null().eq(bind(programme_id.unwrap_or(ProgrammeId::FIRST)))),
        )
        .filter(given(state.is_none()).or(assignments::state.eq(bind(state.unwrap_or(AssignmentStateName::Assigned)))))
        .filter(given(work_process.is_none()).or(diesel::dsl::exists(covering)))
        .filter(given(due_until.is_none()).or(assignments::due_on.le(due_until.unwrap_or_default())));
    let total = reading.total(page, &such)?;
    let rows: Vec<AssignmentRow> = reading.load(
        such.filter(assignments::id.gt(bind(page.after.unwrap_or(LwpAssignmentId::FIRST))))
            .order(assignments::id)
            .limit(page.rows_to_read())
            .select(assignment_columns!(mine)),
    )?;
    Ok(Listed { rows: assigned(reading, rows)?, total })
}

/// Is there this student, and what is the caller to them? For who wants to assign something.
///
/// # Errors
/// Only what the database ends in.
pub fn student_to_assign_to(reading: &mut Reading<'_>, id: StudentId) -> Result<Option<Guarded<Name>>, Trouble> {
    let mine = relations::of(reading, students::id, Anywhere);
    let found: Option<(Name, Option<String>)> = reading.first(
        students::table
            .inner_join(people::table.on(people::id.eq(students::id)))
            .filter(students::id.eq(bind(id)))
            .select(((people::id, people::given_name, people::family_name_prefix, people::family_name), mine)),
    )?;
    Ok(found.map(|(name, mine)| Guarded::new(name, relations::read(mine))))
}

/// Assigns one or many: a statement for up to 500 of them.
///
/// # Errors
/// Only what the database ends in.
pub fn insert_assignments(writing: &mut Writing<'_>, permit: Permit, new: &[Told<Assignment>]) -> Result<(), Trouble> {
    let now = writing.now();
    let mut pen = writing.tell_all(permit, new.iter().map(|told| told.event.clone()));
    let row = |told: &Told<Assignment>| {
        let assignment = &told.thing;
        (
            assignments::id.eq(bind(assignment.id)),
            assignments::student_id.eq(bind(assignment.student_id)),
            assignments::lwp_id.eq(bind(assignment.lwp_id)),
            assignments::programme_id.eq(bind(assignment.week.map(|week| week.programme_id))),
            assignments::week.eq(assignment.week.map(|week| i32::from(week.week))),
            assignments::placement_id.eq(bind(assignment.placement_id)),
            assignments::due_on.eq(assignment.due_on),
            assignments::tailoring.eq(bind(Json(assignment.tailoring.clone()))),
            assignments::state.eq(bind(assignment.state.name())),
            assignments::version.eq(assignment.version),
            assignments::created_at.eq(bind(now)),
        )
    };
    for some in new.chunks(AT_ONCE) {
        let rows: Vec<_> = some.iter().map(row).collect();
        pen.insert_many(diesel::insert_into(assignments::table).values(rows))?;
    }
    Ok(())
}

/// Writes an assignment that was tailored or decided on.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_assignment(
    writing: &mut Writing<'_>,
    permit: Permit,
    before: &Assignment,
    changed: &Told<Assignment>,
) -> Result<(), Trouble> {
    let assignment = &changed.thing;
    let row = assignments::table.find(bind(assignment.id)).filter(assignments::version.eq(assignment.version - 1));
    let mut pen = writing.tell(permit, changed.event.clone());
    pen.change_one(diesel::update(row).set((
        assignments::due_on.eq(assignment.due_on),
        assignments::tailoring.eq(bind(Json(assignment.tailoring.clone()))),
        assignments::state.eq(bind(assignment.state.name())),
        assignments::started_at.eq(bind(assignment.state.started_at())),
        assignments::completed_at.eq(bind(assignment.state.completed_at())),
        assignments::version.eq(assignment.version),
    )))?;
    for (number, round) in (1_i32..).zip(&assignment.rounds) {
        let place = usize::try_from(number - 1).unwrap_or(usize::MAX);
        match before.rounds.get(place) {
            Some(same) if same == round => {}
            Some(_) => judge(&mut pen, assignment.id, number, round)?,
            None => hand_in(&mut pen, assignment.id, number, round)?,
        }
    }
    Ok(())
}

fn hand_in(pen: &mut Pen<'_, '_>, id: LwpAssignmentId, number: i32, round: &Round) -> Result<(), Trouble> {
    let inserted = pen.execute(diesel::insert_into(rounds::table).values((
        rounds::assignment_id.eq(bind(id)),
        rounds::round.eq(number),
        rounds::entry_ids.eq(bind(Json(round.entry_ids.clone()))),
        rounds::submitted_at.eq(bind(round.submitted_at)),
    )));
    inserted.map(drop)
}

fn judge(pen: &mut Pen<'_, '_>, id: LwpAssignmentId, number: i32, round: &Round) -> Result<(), Trouble> {
    let feedback = round.feedback.as_ref();
    pen.change_one(diesel::update(rounds::table.find((bind(id), number))).set((
        rounds::feedback.eq(feedback.map(|feedback| feedback.text.as_str())),
        rounds::feedback_by_id.eq(bind(feedback.map(|feedback| feedback.by))),
        rounds::feedback_at.eq(bind(feedback.map(|feedback| feedback.given_at))),
    )))
}

/// An LWP of a student that a week of a start programme brought.
#[derive(Clone, Debug, Queryable)]
pub struct InWeek {
    pub id: LwpAssignmentId,
    pub week: i32,
    pub lwp_id: LwpId,
    /// As the LWP itself is called.
    pub title: String,
    pub state: AssignmentStateName,
    pub due_on: NaiveDate,
}

/// What the weeks of a programme brought, for who was permitted to read it.
///
/// # Errors
/// Only what the database ends in.
pub fn weeks_of_programme(reading: &mut Reading<'_>, _permit: Permit, id: ProgrammeId) -> Result<Vec<InWeek>, Trouble> {
    reading.load(
        assignments::table
            .inner_join(lwps::table.on(lwps::id.eq(assignments::lwp_id)))
            .filter(assignments::programme_id.eq(bind(Some(id))))
            .order(assignments::id)
            .select((
                assignments::id,
                assignments::week.assume_not_null(),
                assignments::lwp_id,
                lwps::title,
                assignments::state,
                assignments::due_on,
            )),
    )
}

/// What the weeks of a programme brought and was not begun yet, for who was permitted to change the programme.
///
/// # Errors
/// Only what the database ends in.
pub fn unbegun_of_programme(reading: &mut Reading<'_>, _permit: Permit, id: ProgrammeId) -> Result<Vec<Assignment>, Trouble> {
    type Row = (LwpAssignmentId, i64, StudentId, LwpId, Option<i32>, Option<PlacementId>, NaiveDate, Json<Tailoring>);
    let rows: Vec<Row> = reading.load(
        assignments::table
            .filter(assignments::programme_id.eq(bind(Some(id))))
            .filter(assignments::state.eq(bind(AssignmentStateName::Assigned)))
            .order(assignments::id)
            .select((
                assignments::id,
                assignments::version,
                assignments::student_id,
                assignments::lwp_id,
                assignments::week,
                assignments::placement_id,
                assignments::due_on,
                assignments::tailoring,
            )),
    )?;
    let one = |(assignment_id, version, student_id, lwp_id, week, placement_id, due_on, Json(tailoring)): Row| {
        let week = week.and_then(|week| u8::try_from(week).ok()).map(|week| ProgrammeWeek { programme_id: id, week });
        let (state, rounds) = (AssignmentState::Assigned, Vec::new());
        Assignment { id: assignment_id, version, student_id, lwp_id, week, placement_id, due_on, tailoring, state, rounds }
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Those of these entries that are not in the student's own portfolio, or were withdrawn from it.
///
/// # Errors
/// Only what the database ends in.
pub fn unknown_entries(
    reading: &mut Reading<'_>,
    student: StudentId,
    ids: &[PortfolioEntryId],
) -> Result<Vec<PortfolioEntryId>, Trouble> {
    let readable = relations::readable(reading, Some(student), entries::student_id, entries::id, entries::visibility);
    let such = entries::table
        .filter(entries::student_id.eq(bind(student)))
        .filter(among(entries::id, ids.iter().take(AT_ONCE).copied().collect()))
        .filter(entries::withdrawn_at.is_null())
        .filter(readable);
    let known: Vec<PortfolioEntryId> = reading.load(such.select(entries::id))?;
    Ok(ids.iter().filter(|id| !known.contains(id)).copied().collect())
}

/// An entry that is evidence, which the caller may read.
#[derive(Clone, Copy, Debug)]
pub struct ReadableEntry {
    pub id: PortfolioEntryId,
    /// Nobody but the owner reads it.
    pub private: bool,
}

/// Those of these entries that the caller may read: each by its own visibility.
///
/// # Errors
/// Only what the database ends in.
pub fn readable_entries(reading: &mut Reading<'_>, ids: Vec<PortfolioEntryId>) -> Result<Vec<ReadableEntry>, Trouble> {
    let mut readable = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let may = relations::readable(reading, None, entries::student_id, entries::id, entries::visibility);
        let such = entries::table.filter(among(entries::id, some.to_vec())).filter(entries::withdrawn_at.is_null()).filter(may);
        let rows: Vec<(PortfolioEntryId, EntryVisibility)> = reading.load(such.select((entries::id, entries::visibility)))?;
        readable.extend(
            rows.into_iter().map(|(id, visibility)| ReadableEntry { id, private: visibility == EntryVisibility::Private }),
        );
    }
    Ok(readable)
}
