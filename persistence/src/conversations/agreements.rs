//! Agreements with students: who keeps what, by when.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::access::{Action, Guarded, Permit};
use domain::conversation::{Agreement, AgreementState, AgreementStateName};
use domain::kernel::{AgreementId, ConversationId, Instant, PersonId, StudentId, Told};

use crate::access::Name;
use crate::columns::{bind, text};
use crate::page::{Listed, Page};
use crate::relations::{self, OfAgreement};
use crate::schema::{agreements as a, people};
use crate::session::{Reading, Writing};
use crate::spelling::given;
use crate::trouble::Trouble;

/// Who is bound to which: see `relations/talks.rs`.
const CONFINED: OfAgreement<a::conversation_id, a::care> = OfAgreement(a::conversation_id, a::care);

/// An agreement, with who keeps it.
#[derive(Clone, Debug)]
pub struct WithOwner {
    pub agreement: Agreement,
    pub owner: Name,
    /// The responsible coach now.
    pub coach_id: Option<PersonId>,
}

type Row = (
    (AgreementId, i64, StudentId, ConversationId, bool, String, PersonId),
    (Option<NaiveDate>, AgreementStateName, Option<Instant>, Instant),
    Name,
    Option<PersonId>,
    Option<String>,
);

macro_rules! agreements {
    () => {
        a::table
            .inner_join(people::table.on(people::id.eq(a::owner_id)))
            .left_join(coaches::table.on(coaches::open_student_id.eq(a::student_id.nullable())))
    };
}

macro_rules! columns {
    ($mine:expr) => {
        (
            (a::id, a::version, a::student_id, a::conversation_id, a::care, a::agreed, a::owner_id),
            (a::due_on, a::state, a::decided_at, a::created_at),
            (people::id, people::given_name, people::family_name_prefix, people::family_name),
            coaches::coach_id.nullable(),
            $mine,
        )
    };
}
use crate::schema::coach_assignments as coaches;

fn agreement((facts, state, owner, coach_id, mine): Row) -> Result<Guarded<WithOwner>, Trouble> {
    let (id, version, student_id, conversation_id, care, agreed, owner_id) = facts;
    let (due_on, name, decided_at, created_at) = state;
    let state = AgreementState::from_parts(name, decided_at).ok_or_else(|| Trouble::Unreadable("an agreement".to_owned()))?;
    let text = text(&agreed)?;
    let agreement = Agreement { id, version, student_id, conversation_id, care, text, owner_id, due_on, state, created_at };
    Ok(Guarded::new(WithOwner { agreement, owner, coach_id }, relations::read(mine)))
}

/// An agreement, for whoever may see it.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, id: AgreementId) -> Result<Option<Guarded<WithOwner>>, Trouble> {
    let mine = relations::of(reading, a::student_id, CONFINED);
    let found: Option<Row> = reading.first(agreements!().filter(a::id.eq(bind(id))).select(columns!(mine)))?;
    found.map(agreement).transpose()
}

/// The agreements of a student that the caller may see, in the order in which they were made.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
    state: Option<AgreementStateName>,
    page: &Page<AgreementId>,
) -> Result<Listed<Guarded<WithOwner>>, Trouble> {
    let mine = relations::of(reading, a::student_id, CONFINED);
    let may = relations::may(reading, Action::ReadAgreement, a::student_id, CONFINED);
    let such = agreements!()
        .filter(a::student_id.eq(bind(student)))
        .filter(may)
        .filter(given(state.is_none()).or(a::state.eq(bind(state.unwrap_or(AgreementStateName::Open)))));
    let total = reading.total(page, &such)?;
    let after = a::id.gt(bind(page.after.unwrap_or(AgreementId::FIRST)));
    let rows: Vec<Row> = reading.load(such.filter(after).order(a::id).limit(page.rows_to_read()).select(columns!(mine)))?;
    Listed { rows, total }.try_map(agreement)
}

/// The open agreements of a student that the caller may see, the most urgent first: by the day until which, those without one last;
/// of conversations that are care only where these count.
///
/// # Errors
/// Only what the database ends in.
pub fn most_urgent(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
    care: bool,
    at_most: i64,
) -> Result<Vec<Guarded<WithOwner>>, Trouble> {
    let mine = relations::of(reading, a::student_id, CONFINED);
    let may = relations::may(reading, Action::ReadAgreement, a::student_id, CONFINED);
    let rows: Vec<Row> = reading.load(
        agreements!()
            .filter(a::student_id.eq(bind(student)))
            .filter(a::state.eq(bind(AgreementStateName::Open)))
            .filter(given(care).or(a::care.eq(false)))
            .filter(may)
            .order((a::due_on.is_null(), a::due_on, a::id))
            .limit(at_most)
            .select(columns!(mine)),
    )?;
    rows.into_iter().map(agreement).collect()
}

/// Writes new agreements.
///
/// # Errors
/// Only what the database ends in.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, new: &[Told<Agreement>]) -> Result<(), Trouble> {
    if new.is_empty() {
        return Ok(());
    }
    let mut pen = writing.tell_all(permit, new.iter().map(|told| told.event.clone()));
    let row = |told: &Told<Agreement>| {
        let agreement = &told.thing;
        (
            a::id.eq(bind(agreement.id)),
            a::student_id.eq(bind(agreement.student_id)),
            a::conversation_id.eq(bind(agreement.conversation_id)),
            a::care.eq(agreement.care),
            a::agreed.eq(agreement.text.as_str().to_owned()),
            a::owner_id.eq(bind(agreement.owner_id)),
            a::due_on.eq(agreement.due_on),
            a::state.eq(bind(agreement.state.name())),
            a::version.eq(agreement.version),
            a::created_at.eq(bind(agreement.created_at)),
        )
    };
    let rows: Vec<_> = new.iter().map(row).collect();
    pen.insert_many(diesel::insert_into(a::table).values(rows)).map(drop)
}

/// Writes an agreement that was decided on.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Agreement>) -> Result<(), Trouble> {
    let agreement = &changed.thing;
    let row = a::table.find(bind(agreement.id)).filter(a::version.eq(agreement.version - 1));
    writing.tell(permit, changed.event.clone()).change_one(diesel::update(row).set((
        a::state.eq(bind(agreement.state.name())),
        a::decided_at.eq(bind(agreement.state.decided_at())),
        a::version.eq(agreement.version),
    )))
}
