//! People, their accounts and roles, and service accounts.

use chrono::NaiveDate;
use diesel::dsl::Eq;
use diesel::internal::derives::as_expression::Bound;
use diesel::prelude::*;
use diesel::sql_types::Nullable;
use domain::access::{Action, Permit, Role};
use domain::kernel::{
    CoachAssignmentId, Event, Instant, LandscapeId, PersonId, RoleId, ServiceAccountId, TeamId, time::birthday,
};
use domain::organisation::{Account, HeldRole, Language, NewPerson, NewRole, OrganisationFault, Person};

use crate::Database;
use crate::columns::bind;
use crate::columns::sql_types::{SqlId, SqlInstant, SqlWord};
use crate::organisation::AfterName;
use crate::page::{Listed, Page};
use crate::schema::{accounts, coach_assignments, guardianships, people, roles, students, teams};
use crate::session::{Asking, Identity, Pen, Reading, Writing};
use crate::spelling::{among, given, patterns};
use crate::trouble::Trouble;

pub(crate) type PersonRow = (PersonId, String, Option<String>, String, Option<NaiveDate>, Option<String>, Language, i64, Instant);

pub(crate) const PERSON: (
    people::id,
    people::given_name,
    people::family_name_prefix,
    people::family_name,
    people::birth_date,
    people::email,
    people::language,
    people::version,
    people::created_at,
) = (
    people::id,
    people::given_name,
    people::family_name_prefix,
    people::family_name,
    people::birth_date,
    people::email,
    people::language,
    people::version,
    people::created_at,
);

pub(crate) fn person(
    (id, given_name, family_name_prefix, family_name, birth_date, email, language, version, created_at): PersonRow,
) -> Person {
    Person { id, given_name, family_name_prefix, family_name, birth_date, email, language, version, created_at }
}

type RoleRow = (RoleId, PersonId, Role, Option<LandscapeId>, Option<TeamId>, Instant, Option<Instant>, i64);

const ROLE: (
    roles::id,
    roles::person_id,
    roles::role,
    roles::landscape_id,
    roles::team_id,
    roles::from_at,
    roles::until_at,
    roles::version,
) = (
    roles::id,
    roles::person_id,
    roles::role,
    roles::landscape_id,
    roles::team_id,
    roles::from_at,
    roles::until_at,
    roles::version,
);

fn role((id, person_id, role, landscape_id, team_id, from_at, until_at, version): RoleRow) -> HeldRole {
    HeldRole { id, person_id, role, landscape_id, team_id, from_at, until_at, version }
}

/// A person with the roles that they have now.
#[derive(Clone, Debug)]
pub struct WithRoles {
    pub person: Person,
    pub roles: Vec<HeldRole>,
}

impl WithRoles {
    /// Works for the college now.
    pub fn is_staff(&self) -> bool {
        self.roles.iter().any(|held| held.role.is_staff())
    }
}

/// Which people.
#[derive(Clone, Debug, Default)]
pub struct PeopleFilter {
    /// Parts of the name, in any order.
    pub q: Option<String>,
    pub role: Option<Role>,
    pub landscape_id: Option<LandscapeId>,
    pub team_id: Option<TeamId>,
    /// Those alone who work for the college now.
    pub staff_only: bool,
}

/// People by name, with their roles now. Filters on roles mean one that counts now.
///
/// # Errors
/// Only what the database ends in.
pub fn list_people(
    reading: &mut Reading<'_>,
    _permit: Permit,
    filter: &PeopleFilter,
    page: &Page<AfterName<PersonId>>,
) -> Result<Listed<WithRoles>, Trouble> {
    let now = reading.now();
    let (name, id) = page.after.clone().unwrap_or_else(|| (String::new(), PersonId::FIRST));
    let [first, second, third, fourth] = patterns(filter.q.as_deref());
    let any_role = filter.role.is_none() && filter.landscape_id.is_none() && filter.team_id.is_none() && !filter.staff_only;
    let landscape_id = filter.landscape_id.unwrap_or(LandscapeId::FIRST);
    let in_landscape = roles::landscape_id.assume_not_null().eq(bind(landscape_id)).or(roles::team_id
        .assume_not_null()
        .eq_any(teams::table.filter(teams::landscape_id.eq(bind(landscape_id))).select(teams::id)));
    let such_a_role = diesel::dsl::exists(
        roles::table
            .filter(roles::person_id.eq(people::id))
            .filter(roles::from_at.le(bind(now)))
            .filter(roles::until_at.is_null().or(roles::until_at.gt(bind(Some(now))).assume_not_null()))
            .filter(given(filter.role.is_none()).or(roles::role.eq(bind(filter.role.unwrap_or(Role::Coach)))))
            .filter(given(!filter.staff_only).or(roles::role.ne(bind(Role::WorkplaceTrainer))))
            .filter(given(filter.team_id.is_none()).or(roles::team_id.eq(bind(filter.team_id))))
            .filter(given(filter.landscape_id.is_none()).or(in_landscape))
            .select(roles::id),
    );
    let such = people::table
        .filter(people::sort_name.like(first).escape('\\'))
        .filter(people::sort_name.like(second).escape('\\'))
        .filter(people::sort_name.like(third).escape('\\'))
        .filter(people::sort_name.like(fourth).escape('\\'))
        .filter(given(any_role).or(such_a_role));
    let total = reading.total(page, &such)?;
    let rows: Vec<PersonRow> = reading.load(
        such.filter(people::sort_name.gt(name.clone()).or(people::sort_name.eq(name).and(people::id.gt(bind(id)))))
            .order((people::sort_name, people::id))
            .limit(page.rows_to_read())
            .select(PERSON),
    )?;
    Ok(Listed { rows: with_roles(reading, rows.into_iter().map(person).collect())?, total })
}

/// The roles that someone has now.
pub(crate) fn roles_now(reading: &mut Reading<'_>, person_id: PersonId) -> Result<Vec<HeldRole>, Trouble> {
    of_people(reading, vec![person_id])
}

fn of_people(reading: &mut Reading<'_>, ids: Vec<PersonId>) -> Result<Vec<HeldRole>, Trouble> {
    let now = reading.now();
    let held: Vec<RoleRow> = reading.load(
        roles::table
            .filter(among(roles::person_id, ids))
            .filter(roles::from_at.le(bind(now)))
            .filter(roles::until_at.is_null().or(roles::until_at.gt(bind(Some(now))).assume_not_null()))
            .order((roles::from_at, roles::id))
            .select(ROLE),
    )?;
    Ok(held.into_iter().map(role).collect())
}

/// Adds to each person the roles that they have now.
fn with_roles(reading: &mut Reading<'_>, people: Vec<Person>) -> Result<Vec<WithRoles>, Trouble> {
    let held = of_people(reading, people.iter().map(|person| person.id).collect())?;
    let with = |person: Person| {
        let roles = held.iter().filter(|held| held.person_id == person.id).cloned().collect();
        WithRoles { person, roles }
    };
    Ok(people.into_iter().map(with).collect())
}

/// A person.
///
/// # Errors
/// Only what the database ends in.
pub fn find_person(reading: &mut Reading<'_>, _permit: Permit, id: PersonId) -> Result<Option<WithRoles>, Trouble> {
    let found: Option<PersonRow> = reading.first(people::table.find(bind(id)).select(PERSON))?;
    Ok(with_roles(reading, found.into_iter().map(person).collect())?.pop())
}

/// Is there such a person?
///
/// # Errors
/// Only what the database ends in.
pub fn exists(reading: &mut Reading<'_>, _permit: Permit, id: PersonId) -> Result<bool, Trouble> {
    let found: Option<PersonId> = reading.first(people::table.find(bind(id)).select(people::id))?;
    Ok(found.is_some())
}

/// When someone was born, if that is known.
///
/// # Errors
/// Only what the database ends in.
pub fn birth_date(reading: &mut Reading<'_>, _permit: Permit, id: PersonId) -> Result<Option<NaiveDate>, Trouble> {
    let found: Option<Option<NaiveDate>> = reading.first(people::table.find(bind(id)).select(people::birth_date))?;
    Ok(found.flatten())
}

/// # Errors
/// [`OrganisationFault::AccountTaken`].
pub fn insert_person(
    writing: &mut Writing<'_>,
    permit: Permit,
    new: &Person,
    account: Option<&Account>,
    event: Event,
) -> Result<(), Trouble> {
    let now = writing.now();
    let mut pen = writing.tell(permit, event);
    pen.execute(diesel::insert_into(people::table).values(values(new)))?;
    account.map_or(Ok(()), |account| link(&mut pen, Holder::Person(new.id), account, now))
}

type PersonValues = (
    Eq<people::id, Bound<SqlId, PersonId>>,
    Eq<people::given_name, String>,
    Eq<people::family_name_prefix, Option<String>>,
    Eq<people::family_name, String>,
    Eq<people::sort_name, String>,
    Eq<people::birth_date, Option<NaiveDate>>,
    Eq<people::email, Option<String>>,
    Eq<people::language, Bound<SqlWord, Language>>,
    Eq<people::version, i64>,
    Eq<people::created_at, Bound<SqlInstant, Instant>>,
);

/// A person as a row.
pub(crate) fn values(new: &Person) -> PersonValues {
    (
        people::id.eq(bind(new.id)),
        people::given_name.eq(new.given_name.clone()),
        people::family_name_prefix.eq(new.family_name_prefix.clone()),
        people::family_name.eq(new.family_name.clone()),
        people::sort_name.eq(new.sort_name()),
        people::birth_date.eq(new.birth_date),
        people::email.eq(new.email.clone()),
        people::language.eq(bind(new.language)),
        people::version.eq(new.version),
        people::created_at.eq(bind(new.created_at)),
    )
}

/// Changes a person; the order of students follows the name, and what guardians may see follows the birth date.
///
/// # Errors
/// [`OrganisationFault::AccountTaken`]; [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_person(
    writing: &mut Writing<'_>,
    permit: Permit,
    changed: &Person,
    account: Option<&Account>,
    event: Event,
) -> Result<(), Trouble> {
    let now = writing.now();
    let before = people::table.find(bind(changed.id)).filter(people::version.eq(changed.version - 1));
    let mut pen = writing.tell(permit, event);
    pen.change_one(diesel::update(before).set((
        people::given_name.eq(&changed.given_name),
        people::family_name_prefix.eq(&changed.family_name_prefix),
        people::family_name.eq(&changed.family_name),
        people::sort_name.eq(changed.sort_name()),
        people::birth_date.eq(changed.birth_date),
        people::email.eq(&changed.email),
        people::language.eq(bind(changed.language)),
        people::version.eq(changed.version),
    )))?;
    let as_student = students::table.find(bind(changed.id.student()));
    pen.execute(diesel::update(as_student).set(students::sort_name.eq(changed.sort_name())))?;
    if let Some(birth_date) = changed.birth_date {
        let of_student = guardianships::table.filter(guardianships::student_id.eq(bind(changed.id.student())));
        pen.execute(diesel::update(of_student).set((
            guardianships::sixteen_at.eq(bind(birthday(birth_date, 16))),
            guardianships::eighteen_at.eq(bind(birthday(birth_date, 18))),
        )))?;
    }
    account.map_or(Ok(()), |account| link(&mut pen, Holder::Person(changed.id), account, now))
}

/// Whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Person(PersonId),
    Service(ServiceAccountId),
}

/// Who has this account.
///
/// # Errors
/// Only what the database ends in.
pub fn holder(reading: &mut Reading<'_>, _permit: Permit, account: &Account) -> Result<Option<Holder>, Trouble> {
    let found: Option<(Option<PersonId>, Option<ServiceAccountId>)> = reading.first(
        accounts::table
            .find((account.issuer.as_str(), account.subject.as_str()))
            .select((accounts::person_id, accounts::service_account_id)),
    )?;
    Ok(found.and_then(|(person, service)| person.map(Holder::Person).or(service.map(Holder::Service))))
}

pub(crate) fn link(pen: &mut Pen<'_, '_>, holder: Holder, account: &Account, now: Instant) -> Result<(), Trouble> {
    let (person, service) = match holder {
        Holder::Person(id) => (Some(id), None),
        Holder::Service(id) => (None, Some(id)),
    };
    let linked = pen.execute(diesel::insert_into(accounts::table).values((
        accounts::issuer.eq(account.issuer.as_str()),
        accounts::subject.eq(account.subject.as_str()),
        accounts::person_id.eq(bind(person)),
        accounts::service_account_id.eq(bind(service)),
        accounts::created_at.eq(bind(now)),
    )));
    match linked {
        Err(trouble) if trouble.is_duplicate() => Err(OrganisationFault::AccountTaken.fault().into()),
        other => other.map(drop),
    }
}

/// Someone's roles, oldest first; also those of the past and to come where `ever`.
///
/// # Errors
/// Only what the database ends in.
pub fn list_roles(
    reading: &mut Reading<'_>,
    _permit: Permit,
    person_id: PersonId,
    ever: bool,
    page: &Page<RoleId>,
) -> Result<Listed<HeldRole>, Trouble> {
    let now = reading.now();
    let counts_now =
        roles::from_at.le(bind(now)).and(roles::until_at.is_null().or(roles::until_at.assume_not_null().gt(bind(now))));
    let such = roles::table.filter(roles::person_id.eq(bind(person_id))).filter(given(ever).or(counts_now));
    let total = reading.total(page, &such)?;
    let rows: Vec<RoleRow> = reading.load(
        such.filter(roles::id.gt(bind(page.after.unwrap_or(RoleId::FIRST))))
            .order(roles::id)
            .limit(page.rows_to_read())
            .select(ROLE),
    )?;
    Ok(Listed { rows, total }.map(role))
}

/// One role of someone.
///
/// # Errors
/// Only what the database ends in.
pub fn find_role(
    reading: &mut Reading<'_>,
    _permit: Permit,
    person_id: PersonId,
    id: RoleId,
) -> Result<Option<HeldRole>, Trouble> {
    let found: Option<RoleRow> =
        reading.first(roles::table.find(bind(id)).filter(roles::person_id.eq(bind(person_id))).select(ROLE))?;
    Ok(found.map(role))
}

/// # Errors
/// Only what the database ends in.
pub fn insert_role(writing: &mut Writing<'_>, permit: Permit, new: &HeldRole, event: Event) -> Result<(), Trouble> {
    let now = writing.now();
    writing.tell(permit, event).execute(diesel::insert_into(roles::table).values(role_values(new, now))).map(drop)
}

type RoleValues = (
    Eq<roles::id, Bound<SqlId, RoleId>>,
    Eq<roles::person_id, Bound<SqlId, PersonId>>,
    Eq<roles::role, Bound<SqlWord, Role>>,
    Eq<roles::landscape_id, Bound<Nullable<SqlId>, Option<LandscapeId>>>,
    Eq<roles::team_id, Bound<Nullable<SqlId>, Option<TeamId>>>,
    Eq<roles::from_at, Bound<SqlInstant, Instant>>,
    Eq<roles::until_at, Bound<Nullable<SqlInstant>, Option<Instant>>>,
    Eq<roles::version, i64>,
    Eq<roles::created_at, Bound<SqlInstant, Instant>>,
);

/// A role as a row.
pub(crate) fn role_values(new: &HeldRole, now: Instant) -> RoleValues {
    (
        roles::id.eq(bind(new.id)),
        roles::person_id.eq(bind(new.person_id)),
        roles::role.eq(bind(new.role)),
        roles::landscape_id.eq(bind(new.landscape_id)),
        roles::team_id.eq(bind(new.team_id)),
        roles::from_at.eq(bind(new.from_at)),
        roles::until_at.eq(bind(new.until_at)),
        roles::version.eq(new.version),
        roles::created_at.eq(bind(now)),
    )
}

/// Does someone else than the holder of this role keep the college: with an account, now, and without an end?
///
/// # Errors
/// Only what the database ends in.
pub fn is_another_administrator(reading: &mut Reading<'_>, _permit: Permit, than: RoleId) -> Result<bool, Trouble> {
    let now = reading.now();
    let found: Option<RoleId> = reading.first(
        roles::table
            .filter(roles::role.eq(bind(Role::Administrator)))
            .filter(roles::id.ne(bind(than)))
            .filter(roles::from_at.le(bind(now)))
            .filter(roles::until_at.is_null())
            .filter(diesel::dsl::exists(accounts::table.filter(accounts::person_id.eq(roles::person_id.nullable()))))
            .select(roles::id)
            .limit(1),
    )?;
    Ok(found.is_some())
}

/// Is the holder of this role the responsible coach of a student in its landscape, and no coach there but by this role?
///
/// # Errors
/// Only what the database ends in.
pub fn is_responsible_by(reading: &mut Reading<'_>, _permit: Permit, held: &HeldRole) -> Result<bool, Trouble> {
    let now = reading.now();
    let another = roles::table
        .filter(roles::person_id.eq(bind(held.person_id)))
        .filter(roles::id.ne(bind(held.id)))
        .filter(roles::role.eq(bind(Role::Coach)))
        .filter(roles::landscape_id.eq(bind(held.landscape_id)))
        .filter(roles::from_at.le(bind(now)))
        .filter(roles::until_at.is_null().or(roles::until_at.assume_not_null().gt(bind(now))));
    let responsible = coach_assignments::table
        .inner_join(students::table.on(students::id.eq(coach_assignments::student_id)))
        .filter(coach_assignments::coach_id.eq(bind(held.person_id)))
        .filter(coach_assignments::until_at.is_null())
        .filter(students::landscape_id.nullable().eq(bind(held.landscape_id)))
        .filter(diesel::dsl::not(diesel::dsl::exists(another)));
    let found: Option<CoachAssignmentId> = reading.first(responsible.select(coach_assignments::id).limit(1))?;
    Ok(found.is_some())
}

/// Ends a role. Of two administrators' roles that are ended at once the second is decided on anew, because both
/// change the oldest of such roles, which is always there.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn end_role(writing: &mut Writing<'_>, permit: Permit, ended: &HeldRole, event: Event) -> Result<(), Trouble> {
    let administrators = roles::table.filter(roles::role.eq(bind(Role::Administrator)));
    let oldest: Option<RoleId> = match ended.role {
        Role::Administrator => writing.first(administrators.order(roles::id).select(roles::id).limit(1))?,
        _ => None,
    };
    let mut pen = writing.tell(permit, event);
    if let Some(oldest) = oldest {
        pen.change_one(diesel::update(roles::table.find(bind(oldest))).set(roles::version.eq(roles::version)))?;
    }
    let before = roles::table.find(bind(ended.id)).filter(roles::version.eq(ended.version - 1));
    pen.change_one(diesel::update(before).set((roles::until_at.eq(bind(ended.until_at)), roles::version.eq(ended.version))))
}

/// The first administrator, without whom nobody could appoint another: entered by who holds the database itself.
///
/// # Errors
/// [`OrganisationFault::AccountTaken`].
pub async fn appoint_first_administrator(database: &Database, person: NewPerson, now: Instant) -> Result<PersonId, Trouble> {
    let asking = Asking { identity: Identity::System, now };
    let appoint = move |writing: &mut Writing<'_>| {
        let administrator = Person::enter(person.clone(), now)?;
        let permit = Permit::system(Action::CreatePerson);
        insert_person(writing, permit, &administrator, person.account.as_ref(), administrator.event("entered"))?;
        let new = NewRole { role: Role::Administrator, landscape_id: None, team_id: None, from: None, until: None };
        let role = HeldRole::grant(administrator.id, &new, now)?;
        insert_role(writing, Permit::system(Action::GrantRole), &role, role.event("granted"))?;
        Ok(administrator.id)
    };
    database.write(asking, appoint).await
}
