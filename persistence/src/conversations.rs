//! Conversations with students, what each prepares of them, what comes out, and what follows from that (CV-1 to CV-4).

pub mod agreements;
pub mod availability;
pub mod goals;
pub mod outcomes;
pub mod overview;
mod planning;
pub mod preparations;
pub mod questions;
pub mod steps;
pub mod withdrawals;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use domain::access::{Action, Guarded, Permit, Relation};
use domain::conversation::{Conversation, ConversationKind, ConversationState, ConversationStateName, Move};
use domain::kernel::{
    ConversationId, GoalId, Instant, LearningQuestionId, PersonId, PlacementId, Prose, RoundId, StudentId, Told, Word,
};

use crate::access::Name;
use crate::columns::{Json, bind, text};
use crate::page::{Listed, Page};
use crate::relations::{self, OfTalk};
use crate::schema::{
    coach_assignments, conversation_outcomes as versions, conversation_participants as participants,
    conversation_withdrawals as withdrawn, conversations as c, people,
};
use crate::session::{Pen, Reading, Writing};
use crate::spelling::{among, given};
use crate::trouble::Trouble;

pub use planning::{Around, around, facts};

/// Who is bound to which conversations: see `relations/talks.rs`.
const CONFINED: OfTalk<c::id, c::placement_id, c::care, c::face_to_face> =
    OfTalk(c::id, c::placement_id, c::care, c::face_to_face);

/// A conversation, with who takes part.
#[derive(Clone, Debug)]
pub struct Talk {
    pub conversation: Conversation,
    pub student: Name,
    /// The responsible coach now.
    pub coach: Option<Name>,
    /// Who takes part besides, whoever is the coach now left out.
    pub participants: Vec<Name>,
    /// The newest version of its outcome.
    pub outcome_version: Option<i64>,
}

/// Which conversations; what is absent does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct TalkFilter {
    pub student_id: Option<StudentId>,
    pub kind: Option<ConversationKind>,
    pub state: Option<ConversationStateName>,
    /// Those that begin at this moment or later.
    pub from: Option<Instant>,
    /// Those that begin before.
    pub until: Option<Instant>,
}

type Row = (
    (ConversationId, i64, i64, StudentId, ConversationKind),
    (Option<PlacementId>, Option<RoundId>, Json<Vec<GoalId>>, Json<Vec<LearningQuestionId>>, i32, Option<String>),
    (i32, Json<Vec<Move>>),
    (ConversationStateName, Option<Instant>, Option<bool>, Option<String>, Option<Instant>),
);
type TalkRow = (Row, Name, Option<Name>, Option<i64>, Option<String>);

macro_rules! columns {
    () => {
        (
            (c::id, c::version, c::revision, c::student_id, c::kind),
            (c::placement_id, c::round_id, c::goal_ids, c::learning_question_ids, c::minutes, c::place),
            (c::sequence, c::moves),
            (c::state, c::starts_at, c::face_to_face, c::reason, c::concluded_at),
        )
    };
}

diesel::alias! {
    const COACHES: Alias<Coaches> = people as coaches;
}

/// Conversations with student and coach; the coach is whoever is that now.
macro_rules! talks {
    () => {
        c::table
            .inner_join(people::table.on(people::id.eq(c::student_id)))
            .left_join(coach_assignments::table.on(coach_assignments::open_student_id.eq(c::student_id.nullable())))
            .left_join(COACHES.on(COACHES.field(people::id).nullable().eq(coach_assignments::coach_id.nullable())))
    };
}

macro_rules! talk_columns {
    ($mine:expr) => {
        (
            columns!(),
            (people::id, people::given_name, people::family_name_prefix, people::family_name),
            COACHES.fields((people::id, people::given_name, people::family_name_prefix, people::family_name)).nullable(),
            versions::table
                .filter(versions::conversation_id.eq(c::id))
                .select(diesel::dsl::max(versions::version))
                .single_value(),
            $mine,
        )
    };
}

fn kept((facts, about, (sequence, Json(moves)), state): Row, participant_ids: Vec<PersonId>) -> Result<Conversation, Trouble> {
    let (id, version, revision, student_id, kind) = facts;
    let (placement_id, round_id, Json(goal_ids), Json(learning_question_ids), minutes, place) = about;
    let (name, starts_at, face_to_face, reason, concluded_at) = state;
    let reason: Option<Prose> = reason.as_deref().map(text).transpose()?;
    let unreadable = || Trouble::Unreadable("a conversation".to_owned());
    let state = ConversationState::from_parts(name, starts_at, face_to_face, reason, concluded_at).ok_or_else(unreadable)?;
    let minutes = u16::try_from(minutes).map_err(|_| unreadable())?;
    let place = place.as_deref().map(text).transpose()?;
    Ok(Conversation {
        id,
        version,
        revision,
        student_id,
        kind,
        placement_id,
        round_id,
        goal_ids,
        learning_question_ids,
        participant_ids,
        minutes,
        place,
        sequence,
        moves,
        state,
    })
}

/// Who takes part in these besides student and coach: one statement.
fn participants_of(reading: &mut Reading<'_>, ids: Vec<ConversationId>) -> Result<Vec<(ConversationId, Name)>, Trouble> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    reading.load(
        participants::table
            .inner_join(people::table.on(people::id.eq(participants::person_id)))
            .filter(among(participants::conversation_id, ids))
            .order((participants::conversation_id, participants::number))
            .select((
                participants::conversation_id,
                (people::id, people::given_name, people::family_name_prefix, people::family_name),
            )),
    )
}

fn with_participants(reading: &mut Reading<'_>, rows: Vec<TalkRow>) -> Result<Vec<Guarded<Talk>>, Trouble> {
    let all = participants_of(reading, rows.iter().map(|(row, ..)| row.0.0).collect())?;
    let one = |(row, student, coach, outcome_version, mine): TalkRow| {
        let id = row.0.0;
        let named = || all.iter().filter(|(of, _)| *of == id).map(|(_, name)| name);
        let conversation = kept(row, named().map(|name| name.id).collect())?;
        let coach_id = coach.as_ref().map(|coach| coach.id);
        let participants = named().filter(|name| Some(name.id) != coach_id).cloned().collect();
        Ok(Guarded::new(Talk { conversation, student, coach, participants, outcome_version }, relations::read(mine)))
    };
    rows.into_iter().map(one).collect()
}

/// A conversation, for whoever may see it: two statements.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, id: ConversationId) -> Result<Option<Guarded<Talk>>, Trouble> {
    let mine = relations::of(reading, c::student_id, CONFINED);
    let rows: Vec<TalkRow> = reading.load(talks!().filter(c::id.eq(bind(id))).select(talk_columns!(mine)))?;
    Ok(with_participants(reading, rows)?.into_iter().next())
}

/// A conversation that was cancelled because the student's stay ended, for who was invited to it until then and lost sight of it so: as
/// someone who takes part, for what a calendar is told and nothing else.
///
/// # Errors
/// Only what the database ends in.
pub fn withdrawn(reading: &mut Reading<'_>, id: ConversationId) -> Result<Option<Guarded<Talk>>, Trouble> {
    let Some(me) = reading.actor().person_id() else { return Ok(None) };
    let now = reading.now();
    let told = withdrawn::table
        .filter(withdrawn::conversation_id.eq(c::id))
        .filter(withdrawn::person_id.eq(bind(me)))
        .filter(withdrawn::until_at.gt(bind(now)));
    let mine = Some(Relation::Participant.word()).into_sql::<Nullable<Text>>();
    let found = talks!().filter(c::id.eq(bind(id))).filter(diesel::dsl::exists(told));
    let rows: Vec<TalkRow> = reading.load(found.select(talk_columns!(mine)))?;
    Ok(with_participants(reading, rows)?.into_iter().next())
}

/// The conversations that the caller may see, in the order in which they were made: two statements.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    filter: TalkFilter,
    page: &Page<ConversationId>,
) -> Result<Listed<Guarded<Talk>>, Trouble> {
    let TalkFilter { student_id, kind, state, from, until } = filter;
    let mine = relations::of(reading, c::student_id, CONFINED);
    let may = relations::may(reading, Action::ReadConversation, c::student_id, CONFINED);
    let now = reading.now();
    let starts_at = || c::starts_at.assume_not_null();
    let such = talks!()
        .filter(may)
        .filter(given(student_id.is_none()).or(c::student_id.eq(bind(student_id.unwrap_or(StudentId::FIRST)))))
        .filter(given(kind.is_none()).or(c::kind.eq(bind(kind.unwrap_or(ConversationKind::CareerReflection)))))
        .filter(given(state.is_none()).or(c::state.eq(bind(state.unwrap_or(ConversationStateName::Planned)))))
        .filter(given(from.is_none()).or(c::starts_at.is_not_null().and(starts_at().ge(bind(from.unwrap_or(now))))))
        .filter(given(until.is_none()).or(c::starts_at.is_not_null().and(starts_at().lt(bind(until.unwrap_or(now))))));
    let total = reading.total(page, &such)?;
    let rows: Vec<TalkRow> = reading.load(
        such.filter(c::id.gt(bind(page.after.unwrap_or(ConversationId::FIRST))))
            .order(c::id)
            .limit(page.rows_to_read())
            .select(talk_columns!(mine)),
    )?;
    Ok(Listed { rows: with_participants(reading, rows)?, total })
}

/// The next that is planned with a student and that the caller may see, and when it begins.
///
/// # Errors
/// Only what the database ends in.
pub fn next_planned(reading: &mut Reading<'_>, student: StudentId) -> Result<Option<(ConversationId, Instant)>, Trouble> {
    let may = relations::may(reading, Action::ReadConversation, c::student_id, CONFINED);
    let now = reading.now();
    reading.first(
        c::table
            .filter(c::student_id.eq(bind(student)))
            .filter(c::state.eq(bind(ConversationStateName::Planned)))
            .filter(c::starts_at.assume_not_null().gt(bind(now)))
            .filter(may)
            .order((c::starts_at, c::id))
            .limit(1)
            .select((c::id, c::starts_at.assume_not_null())),
    )
}

/// What kind of conversation of this student this is, and whether it was held; none where it is of no such student.
///
/// # Errors
/// Only what the database ends in.
pub fn held_of(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
    id: ConversationId,
) -> Result<Option<(ConversationKind, ConversationStateName)>, Trouble> {
    reading.first(c::table.find(bind(id)).filter(c::student_id.eq(bind(student))).select((c::kind, c::state)))
}

/// Those of a student that were asked for, planned or missed, for who was permitted to end the student's stay: two statements.
///
/// # Errors
/// Only what the database ends in.
pub fn not_over(reading: &mut Reading<'_>, _permit: Permit, student: StudentId) -> Result<Vec<Conversation>, Trouble> {
    use ConversationStateName as S;
    let ahead = c::state.eq(bind(S::Requested)).or(c::state.eq(bind(S::Planned))).or(c::state.eq(bind(S::Missed)));
    let such = c::table.filter(c::student_id.eq(bind(student))).filter(ahead).order(c::id);
    let rows: Vec<Row> = reading.load(such.select(columns!()))?;
    let all = participants_of(reading, rows.iter().map(|row| row.0.0).collect())?;
    let named = |id| all.iter().filter(|(of, _)| *of == id).map(|(_, name)| name.id).collect();
    rows.into_iter().map(|row| (row.0.0, row)).map(|(id, row)| kept(row, named(id))).collect()
}

/// The row of a conversation, where it and its outcome are still what was read.
macro_rules! as_read {
    ($before:expr) => {
        c::table.find(bind($before.id)).filter(c::version.eq($before.version)).filter(c::revision.eq($before.revision))
    };
}

/// What of a conversation changes with its state.
macro_rules! state_columns {
    ($talk:expr) => {
        (
            c::minutes.eq(i32::from($talk.minutes)),
            c::place.eq($talk.place.as_ref().map(|place| place.as_str())),
            c::sequence.eq($talk.sequence),
            c::moves.eq(bind(Json($talk.moves.clone()))),
            c::state.eq(bind($talk.state.name())),
            c::starts_at.eq(bind($talk.state.starts_at())),
            c::ends_at.eq(bind($talk.ends_at())),
            c::face_to_face.eq($talk.state.face_to_face()),
            c::reason.eq($talk.state.reason().map(Prose::as_str)),
            c::concluded_at.eq(bind($talk.state.concluded_at())),
        )
    };
}

/// Writes a new conversation, with who takes part.
///
/// # Errors
/// Only what the database ends in.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, new: &Told<Conversation>) -> Result<(), Trouble> {
    let (now, talk) = (writing.now(), &new.thing);
    let mut pen = writing.tell(permit, new.event.clone());
    pen.execute(diesel::insert_into(c::table).values((
        (
            c::id.eq(bind(talk.id)),
            c::student_id.eq(bind(talk.student_id)),
            c::kind.eq(bind(talk.kind)),
            c::care.eq(talk.kind.is_care()),
            c::placement_id.eq(bind(talk.placement_id)),
            c::round_id.eq(bind(talk.round_id)),
            c::goal_ids.eq(bind(Json(talk.goal_ids.clone()))),
            c::learning_question_ids.eq(bind(Json(talk.learning_question_ids.clone()))),
        ),
        state_columns!(talk),
        c::revision.eq(talk.revision),
        c::version.eq(talk.version),
        c::created_at.eq(bind(now)),
    )))?;
    if talk.participant_ids.is_empty() {
        return Ok(());
    }
    let row = |(number, person): (i32, &PersonId)| {
        (
            participants::conversation_id.eq(bind(talk.id)),
            participants::person_id.eq(bind(*person)),
            participants::student_id.eq(bind(talk.student_id)),
            participants::number.eq(number),
        )
    };
    let rows: Vec<_> = (1..).zip(&talk.participant_ids).map(row).collect();
    pen.insert_many(diesel::insert_into(participants::table).values(rows)).map(drop)
}

/// Writes a conversation that was decided on.
///
/// # Errors
/// [`Trouble::Overtaken`] where it, or its outcome, changed meanwhile.
pub fn update(
    writing: &mut Writing<'_>,
    permit: Permit,
    before: &Conversation,
    changed: &Told<Conversation>,
) -> Result<(), Trouble> {
    save(&mut writing.tell(permit, changed.event.clone()), before, &changed.thing)
}

fn save(pen: &mut Pen<'_, '_>, before: &Conversation, talk: &Conversation) -> Result<(), Trouble> {
    pen.change_one(diesel::update(as_read!(before)).set((state_columns!(talk), c::version.eq(talk.version))))
}

/// Keeps anyone else from writing or confirming the outcome in between: of two at once one is second.
///
/// # Errors
/// [`Trouble::Overtaken`] where someone did meanwhile.
fn hold(pen: &mut Pen<'_, '_>, before: &Conversation) -> Result<(), Trouble> {
    pen.change_one(diesel::update(as_read!(before)).set(c::revision.eq(before.revision + 1)))
}
