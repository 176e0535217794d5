//! The chain of responsible coaches (EN-1, EN-6), and handing over along it (EN-2).

use std::collections::BTreeSet;

use diesel::prelude::*;
use domain::access::{Action, Guarded, Permit, Relation, Role};
use domain::enrolment::{ANSWER_IS_TOLD_FOR, AssignmentCause, CoachAssignment, Handover, HandoverState, HandoverStateName};
use domain::kernel::{CoachAssignmentId, EnrolmentId, HandoverId, Instant, LandscapeId, PersonId, StudentId, Told};

use super::{text, unreadable};
use crate::access::Name;
use crate::columns::bind;
use crate::page::{Listed, Page};
use crate::relations::{self, Both, OnlyFor};
use crate::schema::{coach_assignments, enrolments, handovers, people, roles};
use crate::session::{Pen, Reading, Writing};
use crate::spelling::given;
use crate::trouble::Trouble;

/// A link of the chain, with the coach's name.
#[derive(Clone, Debug)]
pub struct Link {
    pub assignment: CoachAssignment,
    pub coach: Name,
}

#[derive(Queryable)]
struct LinkRow {
    id: CoachAssignmentId,
    version: i64,
    student_id: StudentId,
    stay_id: EnrolmentId,
    coach_id: PersonId,
    from_at: Instant,
    until_at: Option<Instant>,
    previous_until_at: Option<Instant>,
    cause: AssignmentCause,
    reason: Option<String>,
}

type LinkColumns = (
    coach_assignments::id,
    coach_assignments::version,
    coach_assignments::student_id,
    coach_assignments::stay_id,
    coach_assignments::coach_id,
    coach_assignments::from_at,
    coach_assignments::until_at,
    coach_assignments::previous_until_at,
    coach_assignments::cause,
    coach_assignments::reason,
);
const LINK: LinkColumns = (
    coach_assignments::id,
    coach_assignments::version,
    coach_assignments::student_id,
    coach_assignments::stay_id,
    coach_assignments::coach_id,
    coach_assignments::from_at,
    coach_assignments::until_at,
    coach_assignments::previous_until_at,
    coach_assignments::cause,
    coach_assignments::reason,
);

fn assignment(row: LinkRow) -> Result<CoachAssignment, Trouble> {
    let LinkRow { id, version, student_id, stay_id, coach_id, from_at, until_at, previous_until_at, cause, reason } = row;
    let reason = reason.as_deref().map(text).transpose()?;
    Ok(CoachAssignment { id, version, student_id, stay_id, coach_id, from_at, until_at, previous_until_at, cause, reason })
}

/// The link that is responsible for a student now, as a decision needs it; none where the stay is over.
///
/// # Errors
/// Only what the database ends in.
pub fn current_link(reading: &mut Reading<'_>, _permit: Permit, student: StudentId) -> Result<Option<CoachAssignment>, Trouble> {
    let open = coach_assignments::table.filter(coach_assignments::open_student_id.eq(bind(Some(student))));
    reading.first(open.select(LINK))?.map(assignment).transpose()
}

/// The links of a student that the caller may see, oldest first. The scout sees the stay that the application led to.
///
/// # Errors
/// Only what the database ends in.
pub fn list_links(
    reading: &mut Reading<'_>,
    student: StudentId,
    page: &Page<CoachAssignmentId>,
) -> Result<Listed<Guarded<Link>>, Trouble> {
    let scope = OnlyFor(Relation::Scout, enrolments::application_id);
    let mine = relations::of(reading, coach_assignments::student_id, scope);
    let may = relations::may(reading, Action::ReadCoachChain, coach_assignments::student_id, scope);
    let such = coach_assignments::table
        .inner_join(enrolments::table.on(enrolments::id.eq(coach_assignments::stay_id)))
        .inner_join(people::table.on(people::id.eq(coach_assignments::coach_id)))
        .filter(coach_assignments::student_id.eq(bind(student)))
        .filter(may);
    let total = reading.total(page, &such)?;
    let rows: Vec<(LinkRow, Name, Option<String>)> = reading.load(
        such.filter(coach_assignments::id.gt(bind(page.after.unwrap_or(CoachAssignmentId::FIRST))))
            .order(coach_assignments::id)
            .limit(page.rows_to_read())
            .select((LINK, (people::id, people::given_name, people::family_name_prefix, people::family_name), mine)),
    )?;
    let link = |(row, coach, mine)| Ok(Guarded::new(Link { assignment: assignment(row)?, coach }, relations::read(mine)));
    Listed { rows, total }.try_map(link)
}

/// How many different coaches a student has had, of the links that the caller may see (EN-6).
///
/// # Errors
/// Only what the database ends in.
pub fn count_coaches(reading: &mut Reading<'_>, student: StudentId) -> Result<usize, Trouble> {
    let scope = OnlyFor(Relation::Scout, enrolments::application_id);
    let may = relations::may(reading, Action::ReadCoachChain, coach_assignments::student_id, scope);
    let coaches: Vec<PersonId> = reading.load(
        coach_assignments::table
            .inner_join(enrolments::table.on(enrolments::id.eq(coach_assignments::stay_id)))
            .filter(coach_assignments::student_id.eq(bind(student)))
            .filter(may)
            .select(coach_assignments::coach_id),
    )?;
    Ok(coaches.into_iter().collect::<BTreeSet<_>>().len())
}

/// Is this person a coach of the landscape now?
///
/// # Errors
/// Only what the database ends in.
pub fn is_coach_in(
    reading: &mut Reading<'_>,
    _permit: Permit,
    person: PersonId,
    landscape: LandscapeId,
) -> Result<bool, Trouble> {
    let now = reading.now();
    let held = roles::table
        .filter(roles::person_id.eq(bind(person)))
        .filter(roles::role.eq(bind(Role::Coach)))
        .filter(roles::landscape_id.eq(bind(Some(landscape))))
        .filter(roles::from_at.le(bind(now)))
        .filter(roles::until_at.is_null().or(roles::until_at.gt(bind(Some(now))).assume_not_null()));
    Ok(reading.first::<domain::kernel::RoleId, _>(held.select(roles::id).limit(1))?.is_some())
}

/// Adds a link to the chain.
pub(super) fn insert_link(pen: &mut Pen<'_, '_>, new: &CoachAssignment) -> Result<(), Trouble> {
    let open = new.until_at.is_none().then_some(new.student_id);
    let inserted = pen.execute(diesel::insert_into(coach_assignments::table).values((
        coach_assignments::id.eq(bind(new.id)),
        coach_assignments::version.eq(new.version),
        coach_assignments::student_id.eq(bind(new.student_id)),
        coach_assignments::stay_id.eq(bind(new.stay_id)),
        coach_assignments::coach_id.eq(bind(new.coach_id)),
        coach_assignments::from_at.eq(bind(new.from_at)),
        coach_assignments::until_at.eq(bind(new.until_at)),
        coach_assignments::previous_until_at.eq(bind(new.previous_until_at)),
        coach_assignments::open_student_id.eq(bind(open)),
        coach_assignments::cause.eq(bind(new.cause)),
        coach_assignments::reason.eq(new.reason.as_ref().map(|reason| reason.as_str())),
    )));
    inserted.map(drop).map_err(overtaken)
}

/// Ends the last link of the chain.
pub(super) fn end_link(pen: &mut Pen<'_, '_>, ended: &CoachAssignment) -> Result<(), Trouble> {
    let before = coach_assignments::table.find(bind(ended.id)).filter(coach_assignments::version.eq(ended.version - 1));
    pen.change_one(diesel::update(before).set((
        coach_assignments::version.eq(ended.version),
        coach_assignments::until_at.eq(bind(ended.until_at)),
        coach_assignments::open_student_id.eq(bind(None::<StudentId>)),
    )))
}

/// A second one of what there can be one of: a neighbour was first, and what is there now decides.
pub(super) fn overtaken(trouble: Trouble) -> Trouble {
    if trouble.is_duplicate() || trouble.is_orphan() { Trouble::Overtaken } else { trouble }
}

/// A handover, with the student's name.
#[derive(Clone, Debug)]
pub struct Proposed {
    pub handover: Handover,
    pub enrolment_id: EnrolmentId,
    pub student: Name,
}

/// Which handovers.
#[derive(Clone, Copy, Debug, Default)]
pub struct HandoverFilter {
    pub state: Option<HandoverStateName>,
    pub student_id: Option<StudentId>,
    /// The coach who is asked.
    pub coach_id: Option<PersonId>,
}

#[derive(Queryable)]
struct HandoverRow {
    id: HandoverId,
    version: i64,
    student_id: StudentId,
    enrolment_id: EnrolmentId,
    landscape_id: LandscapeId,
    from_coach_id: PersonId,
    coach_id: PersonId,
    reason: String,
    proposed_by: PersonId,
    proposed_at: Instant,
    state: HandoverStateName,
    decided_at: Option<Instant>,
    refusal: Option<String>,
    student: Name,
}

macro_rules! handover_columns {
    () => {
        (
            handovers::id,
            handovers::version,
            handovers::student_id,
            handovers::enrolment_id,
            handovers::landscape_id,
            handovers::from_coach_id,
            handovers::coach_id,
            handovers::reason,
            handovers::proposed_by_id,
            handovers::created_at,
            handovers::state,
            handovers::decided_at,
            handovers::refusal,
            (people::id, people::given_name, people::family_name_prefix, people::family_name),
        )
    };
}

macro_rules! handover_rows {
    () => {
        handovers::table
            .inner_join(enrolments::table.on(enrolments::id.eq(handovers::enrolment_id)))
            .inner_join(people::table.on(people::id.eq(handovers::student_id)))
    };
}

/// Who is asked sees the proposal alone; the scout, what came of the application.
type HandoverScope = Both<OnlyFor<handovers::id>, OnlyFor<enrolments::application_id>>;
const HANDOVER_SCOPE: HandoverScope =
    Both(OnlyFor(Relation::ProposedCoach, handovers::id), OnlyFor(Relation::Scout, enrolments::application_id));

fn proposed(row: HandoverRow) -> Result<Proposed, Trouble> {
    let refusal = row.refusal.as_deref().map(text).transpose()?;
    let state = HandoverState::from_parts(row.state, row.decided_at, refusal).ok_or_else(|| unreadable("handover state"))?;
    let handover = Handover {
        id: row.id,
        version: row.version,
        student_id: row.student_id,
        landscape_id: row.landscape_id,
        from_coach_id: row.from_coach_id,
        coach_id: row.coach_id,
        reason: text(&row.reason)?,
        proposed_by: row.proposed_by,
        proposed_at: row.proposed_at,
        state,
    };
    Ok(Proposed { handover, enrolment_id: row.enrolment_id, student: row.student })
}

fn guarded((row, mine): (HandoverRow, Option<String>)) -> Result<Guarded<Proposed>, Trouble> {
    Ok(Guarded::new(proposed(row)?, relations::read(mine)))
}

/// A handover, for whoever may see it.
///
/// # Errors
/// Only what the database ends in.
pub fn find_handover(reading: &mut Reading<'_>, id: HandoverId) -> Result<Option<Guarded<Proposed>>, Trouble> {
    let mine = relations::of(reading, handovers::student_id, HANDOVER_SCOPE);
    let rows = handover_rows!().filter(handovers::id.eq(bind(id))).select((handover_columns!(), mine));
    reading.first(rows)?.map(guarded).transpose()
}

/// A handover as it stands, under a permit that was had for it before.
///
/// # Errors
/// Only what the database ends in.
pub fn handover(reading: &mut Reading<'_>, _permit: Permit, id: HandoverId) -> Result<Option<Handover>, Trouble> {
    let rows = handover_rows!().filter(handovers::id.eq(bind(id))).select(handover_columns!());
    Ok(reading.first(rows)?.map(proposed).transpose()?.map(|proposed| proposed.handover))
}

/// Was this handover put to the caller, and answered lately? It lets them see nothing: it is for telling who answers
/// again that it is answered.
///
/// # Errors
/// Only what the database ends in.
pub fn handover_put_to_caller(reading: &mut Reading<'_>, id: HandoverId) -> Result<Option<Guarded<HandoverId>>, Trouble> {
    let Some(me) = reading.actor().person_id() else { return Ok(None) };
    let since = reading.now() - ANSWER_IS_TOLD_FOR;
    let lately = handovers::decided_at.assume_not_null().gt(bind(since));
    let put = handovers::table.find(bind(id)).filter(handovers::coach_id.eq(bind(me))).filter(lately).select(handovers::id);
    Ok(reading.first(put)?.map(|id| Guarded::new(id, vec![Relation::ProposedCoach])))
}

/// The handovers that the caller may see, oldest first.
///
/// # Errors
/// Only what the database ends in.
pub fn list_handovers(
    reading: &mut Reading<'_>,
    filter: HandoverFilter,
    page: &Page<HandoverId>,
) -> Result<Listed<Guarded<Proposed>>, Trouble> {
    let HandoverFilter { state, student_id, coach_id } = filter;
    let mine = relations::of(reading, handovers::student_id, HANDOVER_SCOPE);
    let may = relations::may(reading, Action::ReadHandover, handovers::student_id, HANDOVER_SCOPE);
    let in_state = given(state.is_none()).or(handovers::state.eq(bind(state.unwrap_or(HandoverStateName::Proposed))));
    let of_student = given(student_id.is_none()).or(handovers::student_id.eq(bind(student_id.unwrap_or(StudentId::FIRST))));
    let to_coach = given(coach_id.is_none()).or(handovers::coach_id.eq(bind(coach_id.unwrap_or(PersonId::FIRST))));
    let such = handover_rows!().filter(in_state).filter(of_student).filter(to_coach).filter(may);
    let total = reading.total(page, &such)?;
    let rows = such
        .filter(handovers::id.gt(bind(page.after.unwrap_or(HandoverId::FIRST))))
        .order(handovers::id)
        .limit(page.rows_to_read())
        .select((handover_columns!(), mine));
    Listed { rows: reading.load(rows)?, total }.try_map(guarded)
}

/// The handover of a student that is proposed and unanswered, as a decision needs it.
///
/// # Errors
/// Only what the database ends in.
pub fn open_handover(reading: &mut Reading<'_>, _permit: Permit, student: StudentId) -> Result<Option<Handover>, Trouble> {
    let open = handover_rows!().filter(handovers::open_student_id.eq(bind(Some(student)))).select(handover_columns!());
    Ok(reading.first(open)?.map(proposed).transpose()?.map(|proposed| proposed.handover))
}

/// # Errors
/// [`Trouble::Overtaken`] where another was proposed meanwhile, or the stay ended.
pub fn insert_handover(
    writing: &mut Writing<'_>,
    permit: Permit,
    new: &Told<Handover>,
    enrolment_id: EnrolmentId,
) -> Result<(), Trouble> {
    let Told { thing: new, event } = new;
    let inserted = writing.tell(permit, event.clone()).execute(diesel::insert_into(handovers::table).values((
        handovers::id.eq(bind(new.id)),
        handovers::version.eq(new.version),
        handovers::student_id.eq(bind(new.student_id)),
        handovers::enrolment_id.eq(bind(enrolment_id)),
        handovers::landscape_id.eq(bind(new.landscape_id)),
        handovers::from_coach_id.eq(bind(new.from_coach_id)),
        handovers::coach_id.eq(bind(new.coach_id)),
        handovers::proposed_by_id.eq(bind(new.proposed_by)),
        handovers::reason.eq(new.reason.as_str()),
        handovers::state.eq(bind(new.state.name())),
        handovers::open_student_id.eq(bind(Some(new.student_id))),
        handovers::created_at.eq(bind(new.proposed_at)),
    )));
    inserted.map(drop).map_err(overtaken)
}

/// Writes what became of a handover. It comes before the chain goes on: an open one holds on to the last link.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_handover(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Handover>) -> Result<(), Trouble> {
    let Told { thing: changed, event } = changed;
    let open = (changed.state == HandoverState::Proposed).then_some(changed.student_id);
    let before = handovers::table.find(bind(changed.id)).filter(handovers::version.eq(changed.version - 1));
    writing.tell(permit, event.clone()).change_one(diesel::update(before).set((
        handovers::version.eq(changed.version),
        handovers::state.eq(bind(changed.state.name())),
        handovers::refusal.eq(changed.state.refusal().map(|refusal| refusal.as_str())),
        handovers::decided_at.eq(bind(changed.state.answered_at())),
        handovers::open_student_id.eq(bind(open)),
    )))
}
