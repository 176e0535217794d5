//! Registrations for an activity, the line that they form, and the secrets that open them.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{ActivityId, Email, Instant, LandscapeId, PersonId, RegistrationId, Told};
use domain::orientation::{Experience, InLine, NewRegistration, Registration, RegistrationState, RegistrationStateName};

use super::{columns, text};
use crate::columns::{Json, bind};
use crate::page::{Listed, Page};
use crate::schema::{orientation_activities, registrations};
use crate::session::{Pen, Reading, Writing};
use crate::spelling::given;
use crate::trouble::Trouble;

/// What must be known of a registration to decide who may read it; nothing of the prospect.
#[derive(Clone, Debug)]
pub struct Lock {
    pub activity_id: ActivityId,
    pub landscape_id: LandscapeId,
    /// SHA-256 of the secret in the prospect's link.
    pub secret_hash: String,
}

columns!(
    COLUMNS = registrations::id,
    registrations::version,
    registrations::activity_id,
    registrations::given_name,
    registrations::family_name,
    registrations::birth_date,
    registrations::email,
    registrations::school,
    registrations::created_at,
    registrations::state,
    registrations::experience,
);

#[derive(Queryable)]
struct Row {
    id: RegistrationId,
    version: i64,
    activity_id: ActivityId,
    given_name: String,
    family_name: String,
    birth_date: NaiveDate,
    email: String,
    school: Option<String>,
    registered_at: Instant,
    state: RegistrationStateName,
    experience: Option<Json<Experience>>,
}

fn registration((row, landscape_id): (Row, LandscapeId)) -> Result<Registration, Trouble> {
    let unreadable = || Trouble::Unreadable("registration".to_owned());
    let prospect = NewRegistration {
        given_name: text(&row.given_name)?,
        family_name: text(&row.family_name)?,
        birth_date: row.birth_date,
        email: Email::parse(&row.email).ok_or_else(unreadable)?,
        school: row.school.as_deref().map(text).transpose()?,
    };
    let experience = row.experience.map(|Json(experience)| experience);
    Ok(Registration {
        id: row.id,
        version: row.version,
        activity_id: row.activity_id,
        landscape_id,
        prospect,
        registered_at: row.registered_at,
        state: RegistrationState::from_parts(row.state, experience).ok_or_else(unreadable)?,
    })
}

/// What opens this registration: its landscape, for scouts, and the hash of its secret.
///
/// # Errors
/// Only what the database ends in.
pub fn find_lock(reading: &mut Reading<'_>, id: RegistrationId) -> Result<Option<Lock>, Trouble> {
    let found: Option<(ActivityId, LandscapeId, String)> = reading.first(
        registrations::table
            .inner_join(orientation_activities::table.on(orientation_activities::id.eq(registrations::activity_id)))
            .filter(registrations::id.eq(bind(id)))
            .select((registrations::activity_id, orientation_activities::landscape_id, registrations::secret_hash)),
    )?;
    Ok(found.map(|(activity_id, landscape_id, secret_hash)| Lock { activity_id, landscape_id, secret_hash }))
}

/// A registration, for who may `permit` it.
///
/// # Errors
/// Only what the database ends in.
pub fn find_registration(
    reading: &mut Reading<'_>,
    _permit: Permit,
    id: RegistrationId,
) -> Result<Option<Registration>, Trouble> {
    let found: Option<(Row, LandscapeId)> = reading.first(
        registrations::table
            .inner_join(orientation_activities::table.on(orientation_activities::id.eq(registrations::activity_id)))
            .filter(registrations::id.eq(bind(id)))
            .select((COLUMNS, orientation_activities::landscape_id)),
    )?;
    found.map(registration).transpose()
}

/// The registration that the secret with this hash opens, and who it turned out to be.
///
/// # Errors
/// Only what the database ends in.
pub fn find_by_secret(
    reading: &mut Reading<'_>,
    _permit: Permit,
    secret_hash: &str,
) -> Result<Option<(Registration, Option<PersonId>)>, Trouble> {
    type Found = (Row, LandscapeId, Option<PersonId>);
    let found: Option<Found> = reading.first(
        registrations::table
            .inner_join(orientation_activities::table.on(orientation_activities::id.eq(registrations::activity_id)))
            .filter(registrations::secret_hash.eq(secret_hash))
            .select((COLUMNS, orientation_activities::landscape_id, registrations::person_id)),
    )?;
    found.map(|(row, landscape_id, person)| Ok((registration((row, landscape_id))?, person))).transpose()
}

/// Registrations for one activity, in the order in which they came, of one state or of all.
///
/// # Errors
/// Only what the database ends in.
pub fn list_registrations(
    reading: &mut Reading<'_>,
    _permit: Permit,
    activity: ActivityId,
    state: Option<RegistrationStateName>,
    page: &Page<RegistrationId>,
) -> Result<Listed<Registration>, Trouble> {
    use registrations as r;
    let of_state = given(state.is_none()).or(r::state.eq(bind(state.unwrap_or(RegistrationStateName::Registered))));
    let such = r::table
        .inner_join(orientation_activities::table.on(orientation_activities::id.eq(r::activity_id)))
        .filter(r::activity_id.eq(bind(activity)))
        .filter(of_state);
    let total = reading.total(page, &such)?;
    let rows: Vec<(Row, LandscapeId)> = reading.load(
        such.filter(r::id.gt(bind(page.after.unwrap_or(RegistrationId::FIRST))))
            .order(r::id)
            .limit(page.rows_to_read())
            .select((COLUMNS, orientation_activities::landscape_id)),
    )?;
    Listed { rows, total }.try_map(registration)
}

/// Everyone who has a place at this activity or waits for one.
///
/// # Errors
/// Only what the database ends in.
pub fn line(reading: &mut Reading<'_>, _permit: Permit, activity: ActivityId) -> Result<Vec<InLine>, Trouble> {
    use registrations as r;
    let rows: Vec<(RegistrationId, RegistrationStateName, Instant)> = reading.load(
        r::table.filter(r::activity_id.eq(bind(activity))).filter(r::state.ne(bind(RegistrationStateName::Cancelled))).select((
            r::id,
            r::state,
            r::created_at,
        )),
    )?;
    Ok(rows.into_iter().map(|(id, state, registered_at)| InLine { id, state, registered_at }).collect())
}

/// A new registration, and the place that it takes.
///
/// # Errors
/// Only what the database ends in.
pub fn insert_registration(
    writing: &mut Writing<'_>,
    permit: Permit,
    new: &Told<Registration>,
    secret_hash: &str,
) -> Result<(), Trouble> {
    use registrations as r;
    let Registration { id, version, activity_id, prospect, registered_at, state, .. } = &new.thing;
    let mut pen = writing.tell(permit, new.event.clone());
    pen.execute(diesel::insert_into(r::table).values((
        r::id.eq(bind(*id)),
        r::activity_id.eq(bind(*activity_id)),
        r::state.eq(bind(state.name())),
        r::secret_hash.eq(secret_hash),
        r::given_name.eq(prospect.given_name.as_str()),
        r::family_name.eq(prospect.family_name.as_str()),
        r::birth_date.eq(prospect.birth_date),
        r::email.eq(prospect.email.as_str()),
        r::school.eq(prospect.school.as_ref().map(AsRef::<str>::as_ref)),
        r::version.eq(version),
        r::created_at.eq(bind(*registered_at)),
    )))?;
    move_places(&mut pen, *activity_id, i32::from(state.name().takes_a_place()))
}

/// A registration after a decision, and the place that it takes or gives back.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_registration(
    writing: &mut Writing<'_>,
    permit: Permit,
    before: &Registration,
    after: &Told<Registration>,
) -> Result<(), Trouble> {
    use registrations as r;
    let Registration { id, version, activity_id, state, .. } = &after.thing;
    let same = r::table.find(bind(*id)).filter(r::version.eq(before.version));
    let mut pen = writing.tell(permit, after.event.clone());
    pen.change_one(diesel::update(same).set((
        r::state.eq(bind(state.name())),
        r::experience.eq(bind(state.experience().cloned().map(Json))),
        r::version.eq(version),
    )))?;
    let place = |state: &RegistrationState| i32::from(state.name().takes_a_place());
    move_places(&mut pen, *activity_id, place(state) - place(&before.state))
}

/// Takes places (or gives them back) in the same breath; no more than there are, says the table itself.
fn move_places(pen: &mut Pen<'_, '_>, activity: ActivityId, by: i32) -> Result<(), Trouble> {
    use orientation_activities as a;
    if by == 0 {
        return Ok(());
    }
    pen.change_one(diesel::update(a::table.find(bind(activity))).set(a::places_taken.eq(a::places_taken + by)))
}

/// The prospect turned out to be this person.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn link_registration(
    writing: &mut Writing<'_>,
    permit: Permit,
    linked: &Told<Registration>,
    person: PersonId,
) -> Result<(), Trouble> {
    use registrations as r;
    let Registration { id, version, .. } = &linked.thing;
    let before = r::table.find(bind(*id)).filter(r::version.eq(version - 1));
    let changes = (r::person_id.eq(bind(Some(person))), r::version.eq(version));
    writing.tell(permit, linked.event.clone()).change_one(diesel::update(before).set(changes))
}
