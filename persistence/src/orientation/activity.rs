//! Orientation activities, and how many places of each are taken.

use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{ActivityId, Instant, LandscapeId, StudentId, Told};
use domain::orientation::{Activity, ActivityKind, NewActivity};

use super::{columns, text};
use crate::columns::bind;
use crate::page::{Listed, Page};
use crate::schema::{orientation_activities, students};
use crate::session::{Reading, Writing};
use crate::spelling::given;
use crate::trouble::Trouble;

/// An activity with how many hold a place.
#[derive(Clone, Debug)]
pub struct Offered {
    pub activity: Activity,
    pub places_taken: usize,
}

/// Which activities: those that fit all that is given.
#[derive(Clone, Debug, Default)]
pub struct ActivityFilter {
    pub kind: Option<ActivityKind>,
    pub landscape_id: Option<LandscapeId>,
    /// Beginning at this moment or later.
    pub from: Option<Instant>,
}

/// Where the list of activities goes on.
pub type AfterStart = (Instant, ActivityId);

columns!(
    COLUMNS = orientation_activities::id,
    orientation_activities::version,
    orientation_activities::kind,
    orientation_activities::title,
    orientation_activities::description,
    orientation_activities::landscape_id,
    orientation_activities::starts_at,
    orientation_activities::ends_at,
    orientation_activities::place,
    orientation_activities::capacity,
    orientation_activities::places_taken,
    orientation_activities::buddy_id,
    orientation_activities::field,
);

#[derive(Queryable)]
struct Row {
    id: ActivityId,
    version: i64,
    kind: ActivityKind,
    title: String,
    description: Option<String>,
    landscape_id: LandscapeId,
    starts_at: Instant,
    ends_at: Instant,
    place: String,
    capacity: i32,
    places_taken: i32,
    buddy_id: Option<StudentId>,
    field: Option<String>,
}

impl Row {
    fn offered(self) -> Result<Offered, Trouble> {
        let unreadable = |_| Trouble::Unreadable("places".to_owned());
        let content = NewActivity {
            kind: self.kind,
            title: text(&self.title)?,
            description: self.description.as_deref().map(text).transpose()?,
            landscape_id: self.landscape_id,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            place: text(&self.place)?,
            capacity: u16::try_from(self.capacity).map_err(unreadable)?,
            buddy_id: self.buddy_id,
            field: self.field.as_deref().map(text).transpose()?,
        };
        let activity = Activity { id: self.id, version: self.version, content };
        Ok(Offered { activity, places_taken: usize::try_from(self.places_taken).map_err(unreadable)? })
    }
}

/// An activity, for who may `permit` it.
///
/// # Errors
/// Only what the database ends in.
pub fn find_activity(reading: &mut Reading<'_>, _permit: Permit, id: ActivityId) -> Result<Option<Offered>, Trouble> {
    let found: Option<Row> = reading.first(orientation_activities::table.find(bind(id)).select(COLUMNS))?;
    found.map(Row::offered).transpose()
}

/// Activities by when they begin.
///
/// # Errors
/// Only what the database ends in.
pub fn list_activities(
    reading: &mut Reading<'_>,
    _permit: Permit,
    filter: &ActivityFilter,
    page: &Page<AfterStart>,
) -> Result<Listed<Offered>, Trouble> {
    use orientation_activities as a;
    let kind = filter.kind.unwrap_or(ActivityKind::ShadowDay);
    let landscape_id = filter.landscape_id.unwrap_or(LandscapeId::FIRST);
    let (start, id) = page.after.unwrap_or((Instant::default(), ActivityId::FIRST));
    let such = a::table
        .filter(given(filter.kind.is_none()).or(a::kind.eq(bind(kind))))
        .filter(given(filter.landscape_id.is_none()).or(a::landscape_id.eq(bind(landscape_id))))
        .filter(given(filter.from.is_none()).or(a::starts_at.ge(bind(filter.from.unwrap_or_default()))));
    let total = reading.total(page, &such)?;
    let rows: Vec<Row> = reading.load(
        such.filter(
            given(page.after.is_none()).or(a::starts_at.gt(bind(start))).or(a::starts_at.eq(bind(start)).and(a::id.gt(bind(id)))),
        )
        .order((a::starts_at, a::id))
        .limit(page.rows_to_read())
        .select(COLUMNS),
    )?;
    Listed { rows, total }.try_map(Row::offered)
}

/// An activity, held until this transaction ends: whoever else wants a place at it waits until then. The line
/// that is read afterwards is the line as it is (IN-1).
///
/// # Errors
/// Only what the database ends in.
pub fn hold_activity(writing: &mut Writing<'_>, permit: Permit, id: ActivityId) -> Result<Option<Offered>, Trouble> {
    use orientation_activities as a;
    // Changes nothing, so there is nothing to tell: of two such statements on one row the second waits.
    let held = diesel::update(a::table.find(bind(id))).set(a::places_taken.eq(a::places_taken));
    writing.conn().execute(held)?;
    find_activity(writing, permit, id)
}

/// Is this a student with an enrolment now?
///
/// # Errors
/// Only what the database ends in.
pub fn is_enrolled(reading: &mut Reading<'_>, _permit: Permit, student: StudentId) -> Result<bool, Trouble> {
    let active: Option<bool> = reading.first(students::table.find(bind(student)).select(students::active))?;
    Ok(active.unwrap_or(false))
}

/// # Errors
/// Only what the database ends in.
pub fn insert_activity(writing: &mut Writing<'_>, permit: Permit, new: Told<Activity>) -> Result<(), Trouble> {
    use orientation_activities as a;
    let now = writing.now();
    let Told { thing: Activity { id, version, content }, event } = new;
    let mut pen = writing.tell(permit, event);
    pen.execute(diesel::insert_into(a::table).values((
        a::id.eq(bind(id)),
        a::landscape_id.eq(bind(content.landscape_id)),
        a::kind.eq(bind(content.kind)),
        a::title.eq(content.title.as_str()),
        a::description.eq(content.description.as_ref().map(AsRef::<str>::as_ref)),
        a::starts_at.eq(bind(content.starts_at)),
        a::ends_at.eq(bind(content.ends_at)),
        a::place.eq(content.place.as_str()),
        a::capacity.eq(i32::from(content.capacity)),
        a::places_taken.eq(0),
        a::buddy_id.eq(bind(content.buddy_id)),
        a::field.eq(content.field.as_ref().map(AsRef::<str>::as_ref)),
        a::version.eq(version),
        a::created_at.eq(bind(now)),
    )))?;
    Ok(())
}

/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_activity(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Activity>) -> Result<(), Trouble> {
    use orientation_activities as a;
    let Activity { id, version, content } = &changed.thing;
    let before = a::table.find(bind(*id)).filter(a::version.eq(version - 1));
    writing.tell(permit, changed.event.clone()).change_one(diesel::update(before).set((
        a::title.eq(content.title.as_str()),
        a::description.eq(content.description.as_ref().map(AsRef::<str>::as_ref)),
        a::starts_at.eq(bind(content.starts_at)),
        a::ends_at.eq(bind(content.ends_at)),
        a::place.eq(content.place.as_str()),
        a::capacity.eq(i32::from(content.capacity)),
        a::buddy_id.eq(bind(content.buddy_id)),
        a::field.eq(content.field.as_ref().map(AsRef::<str>::as_ref)),
        a::version.eq(version),
    )))
}
