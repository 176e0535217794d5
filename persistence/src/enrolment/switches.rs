//! Requests to go on in another landscape (EN-4).

use diesel::prelude::*;
use domain::access::{Action, Guarded, Permit, Relation, Role};
use domain::enrolment::{ANSWER_IS_TOLD_FOR, Switch, SwitchParts, SwitchState, SwitchStateName};
use domain::kernel::{EnrolmentId, Instant, LandscapeId, PersonId, StudentId, SwitchId, Text, Told};

use super::{coaching::overtaken, text, unreadable};
use crate::access::Name;
use crate::columns::bind;
use crate::page::{Listed, Page};
use crate::relations::{self, Both, OnlyFor};
use crate::schema::{enrolments, people, switches};
use crate::session::{Reading, Writing};
use crate::spelling::given;
use crate::trouble::Trouble;

/// A switch, with the student's name.
#[derive(Clone, Debug)]
pub struct Requested {
    pub switch: Switch,
    pub student: Name,
}

/// Which switches.
#[derive(Clone, Copy, Debug, Default)]
pub struct SwitchFilter {
    pub state: Option<SwitchStateName>,
    pub student_id: Option<StudentId>,
    /// The receiving landscape.
    pub landscape_id: Option<LandscapeId>,
}

#[derive(Queryable)]
struct Row {
    id: SwitchId,
    version: i64,
    student_id: StudentId,
    enrolment_id: EnrolmentId,
    from_landscape_id: LandscapeId,
    landscape_id: LandscapeId,
    motivation: String,
    requested_by: PersonId,
    requested_at: Instant,
    state: SwitchStateName,
    decided_at: Option<Instant>,
    new_enrolment_id: Option<EnrolmentId>,
    credited_weeks: Option<i32>,
    refusal: Option<String>,
    student: Name,
}

macro_rules! switch_columns {
    () => {
        (
            switches::id,
            switches::version,
            switches::student_id,
            switches::enrolment_id,
            switches::from_landscape_id,
            switches::landscape_id,
            switches::motivation,
            switches::requested_by_id,
            switches::created_at,
            switches::state,
            switches::decided_at,
            switches::new_enrolment_id,
            switches::credited_weeks,
            switches::refusal,
            (people::id, people::given_name, people::family_name_prefix, people::family_name),
        )
    };
}

macro_rules! switch_rows {
    () => {
        switches::table
            .inner_join(enrolments::table.on(enrolments::id.eq(switches::enrolment_id)))
            .inner_join(people::table.on(people::id.eq(switches::student_id)))
    };
}

/// Coaches of the receiving landscape see the request alone; the scout, what came of the application.
type Scope = Both<OnlyFor<switches::id>, OnlyFor<enrolments::application_id>>;
const SCOPE: Scope = Both(OnlyFor(Relation::ProposedCoach, switches::id), OnlyFor(Relation::Scout, enrolments::application_id));

fn requested(row: Row) -> Result<Requested, Trouble> {
    let parts = SwitchParts {
        state: row.state,
        answered_at: row.decided_at,
        next_id: row.new_enrolment_id,
        credited_weeks: row.credited_weeks.and_then(|weeks| u8::try_from(weeks).ok()),
        refusal: row.refusal.as_deref().map(text).transpose()?,
    };
    let switch = Switch {
        id: row.id,
        version: row.version,
        student_id: row.student_id,
        enrolment_id: row.enrolment_id,
        from_landscape_id: row.from_landscape_id,
        landscape_id: row.landscape_id,
        motivation: text(&row.motivation)?,
        requested_by: row.requested_by,
        requested_at: row.requested_at,
        state: parts.state().ok_or_else(|| unreadable("switch state"))?,
    };
    Ok(Requested { switch, student: row.student })
}

fn guarded((row, mine): (Row, Option<String>)) -> Result<Guarded<Requested>, Trouble> {
    Ok(Guarded::new(requested(row)?, relations::read(mine)))
}

/// A switch, for whoever may see it.
///
/// # Errors
/// Only what the database ends in.
pub fn find_switch(reading: &mut Reading<'_>, id: SwitchId) -> Result<Option<Guarded<Requested>>, Trouble> {
    let mine = relations::of(reading, switches::student_id, SCOPE);
    let rows = switch_rows!().filter(switches::id.eq(bind(id))).select((switch_columns!(), mine));
    reading.first(rows)?.map(guarded).transpose()
}

/// Was this switch put to the caller, as to every coach of the receiving landscape, and answered lately? It lets them see
/// nothing: it is for telling who answers again that it is answered.
///
/// # Errors
/// Only what the database ends in.
pub fn switch_put_to_caller(reading: &mut Reading<'_>, id: SwitchId) -> Result<Option<Guarded<SwitchId>>, Trouble> {
    let since = reading.now() - ANSWER_IS_TOLD_FOR;
    let lately = switches::decided_at.assume_not_null().gt(bind(since));
    let put = switches::table.find(bind(id)).filter(lately).select((switches::id, switches::landscape_id));
    let found: Option<(SwitchId, LandscapeId)> = reading.first(put)?;
    let mine = found.filter(|(_, receiving)| reading.actor().has_role_in(Role::Coach, *receiving));
    Ok(mine.map(|(id, _)| Guarded::new(id, vec![Relation::ProposedCoach])))
}

/// The switches that the caller may see, oldest first.
///
/// # Errors
/// Only what the database ends in.
pub fn list_switches(
    reading: &mut Reading<'_>,
    filter: SwitchFilter,
    page: &Page<SwitchId>,
) -> Result<Listed<Guarded<Requested>>, Trouble> {
    let SwitchFilter { state, student_id, landscape_id } = filter;
    let mine = relations::of(reading, switches::student_id, SCOPE);
    let may = relations::may(reading, Action::ReadSwitch, switches::student_id, SCOPE);
    let in_state = given(state.is_none()).or(switches::state.eq(bind(state.unwrap_or(SwitchStateName::Requested))));
    let of_student = given(student_id.is_none()).or(switches::student_id.eq(bind(student_id.unwrap_or(StudentId::FIRST))));
    let to_landscape =
        given(landscape_id.is_none()).or(switches::landscape_id.eq(bind(landscape_id.unwrap_or(LandscapeId::FIRST))));
    let such = switch_rows!().filter(in_state).filter(of_student).filter(to_landscape).filter(may);
    let total = reading.total(page, &such)?;
    let rows = such
        .filter(switches::id.gt(bind(page.after.unwrap_or(SwitchId::FIRST))))
        .order(switches::id)
        .limit(page.rows_to_read())
        .select((switch_columns!(), mine));
    Listed { rows: reading.load(rows)?, total }.try_map(guarded)
}

/// A switch as a decision on something else needs it, under the permit of that decision.
///
/// # Errors
/// Only what the database ends in.
pub fn switch(reading: &mut Reading<'_>, _permit: Permit, id: SwitchId) -> Result<Option<Switch>, Trouble> {
    let rows = switch_rows!().filter(switches::id.eq(bind(id))).select(switch_columns!());
    Ok(reading.first(rows)?.map(requested).transpose()?.map(|requested| requested.switch))
}

/// # Errors
/// [`Trouble::Overtaken`] where another was requested meanwhile.
pub fn insert_switch(writing: &mut Writing<'_>, permit: Permit, new: &Told<Switch>) -> Result<(), Trouble> {
    let Told { thing: new, event } = new;
    let inserted = writing.tell(permit, event.clone()).execute(diesel::insert_into(switches::table).values((
        switches::id.eq(bind(new.id)),
        switches::version.eq(new.version),
        switches::student_id.eq(bind(new.student_id)),
        switches::enrolment_id.eq(bind(new.enrolment_id)),
        switches::from_landscape_id.eq(bind(new.from_landscape_id)),
        switches::landscape_id.eq(bind(new.landscape_id)),
        switches::motivation.eq(new.motivation.as_str()),
        switches::state.eq(bind(new.state.name())),
        switches::requested_by_id.eq(bind(new.requested_by)),
        switches::open_enrolment_id.eq(bind(Some(new.enrolment_id))),
        switches::created_at.eq(bind(new.requested_at)),
    )));
    inserted.map(drop).map_err(overtaken)
}

/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_switch(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Switch>) -> Result<(), Trouble> {
    let Told { thing: changed, event } = changed;
    let SwitchParts { state, answered_at, next_id, credited_weeks, refusal } = changed.state.parts();
    let open = (changed.state == SwitchState::Requested).then_some(changed.enrolment_id);
    let before = switches::table.find(bind(changed.id)).filter(switches::version.eq(changed.version - 1));
    writing.tell(permit, event.clone()).change_one(diesel::update(before).set((
        switches::version.eq(changed.version),
        switches::state.eq(bind(state)),
        switches::decided_at.eq(bind(answered_at)),
        switches::new_enrolment_id.eq(bind(next_id)),
        switches::credited_weeks.eq(credited_weeks.map(i32::from)),
        switches::refusal.eq(refusal.as_ref().map(Text::as_str)),
        switches::open_enrolment_id.eq(bind(open)),
    )))
}
