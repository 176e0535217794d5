//! A whole roster at once: what is known read in bulk, newcomers written in bulk.

use diesel::prelude::*;
use domain::access::{Permit, Role};
use domain::enrolment::Placed;
use domain::kernel::{Crebo, EnrolmentId, Event, Instant, LandscapeId, PersonId, Route, StudentId, TeamId};
use domain::organisation::{HeldRole, Landscape, Person, Team};
use domain::roster::Stay;

use crate::access::Name;
use crate::columns::bind;
use crate::events::AT_ONCE;
use crate::people::{PERSON, PersonRow, person, role_values, values};
use crate::schema::{coach_assignments, enrolments, handovers, landscapes, people, roles, students, teams};
use crate::session::{Pen, Reading, Writing};
use crate::trouble::Trouble;

/// Everything that a roster is compared with.
#[derive(Clone, Debug)]
pub struct Known {
    pub landscapes: Vec<(LandscapeId, String)>,
    pub teams: Vec<(TeamId, LandscapeId, String)>,
    /// Who is a coach now, of which landscape.
    pub coaches: Vec<(LandscapeId, Name)>,
    pub students: Vec<KnownStudent>,
}

/// A student who has a student number.
#[derive(Clone, Debug)]
pub struct KnownStudent {
    pub number: String,
    pub person: Person,
    /// None where the stay is over.
    pub stay: Option<Stay>,
}

/// # Errors
/// Only what the database ends in.
pub fn known(reading: &mut Reading<'_>, _permit: Permit) -> Result<Known, Trouble> {
    let now = reading.now();
    let coaches: Vec<(Option<LandscapeId>, Name)> = reading.load(
        roles::table
            .inner_join(people::table.on(people::id.eq(roles::person_id)))
            .filter(roles::role.eq(bind(Role::Coach)))
            .filter(roles::from_at.le(bind(now)))
            .filter(roles::until_at.is_null().or(roles::until_at.assume_not_null().gt(bind(now))))
            .order(people::id)
            .select((roles::landscape_id, (people::id, people::given_name, people::family_name_prefix, people::family_name))),
    )?;
    Ok(Known {
        landscapes: reading.load(landscapes::table.order(landscapes::id).select((landscapes::id, landscapes::name)))?,
        teams: reading.load(teams::table.order(teams::id).select((teams::id, teams::landscape_id, teams::name)))?,
        coaches: coaches.into_iter().filter_map(|(landscape, coach)| Some((landscape?, coach))).collect(),
        students: known_students(reading)?,
    })
}

type StayRow = (EnrolmentId, LandscapeId, TeamId, PersonId, String, Route);

fn known_students(reading: &mut Reading<'_>) -> Result<Vec<KnownStudent>, Trouble> {
    let now_coached = enrolments::coached_student_id.eq(coach_assignments::open_student_id);
    let rows: Vec<(Option<String>, PersonRow, Option<StayRow>, Option<StudentId>)> = reading.load(
        students::table
            .inner_join(people::table.on(people::id.eq(students::id)))
            .left_join(
                coach_assignments::table
                    .inner_join(enrolments::table.on(now_coached))
                    .on(coach_assignments::open_student_id.eq(students::id.nullable())),
            )
            .left_join(handovers::table.on(handovers::open_student_id.eq(students::id.nullable())))
            .filter(students::student_number.is_not_null())
            .select((
                students::student_number,
                PERSON,
                (
                    enrolments::id,
                    enrolments::landscape_id,
                    enrolments::team_id,
                    coach_assignments::coach_id,
                    enrolments::crebo,
                    enrolments::route,
                )
                    .nullable(),
                handovers::student_id.nullable(),
            )),
    )?;
    let mut known = Vec::with_capacity(rows.len());
    for (number, row, stay, handover) in rows {
        let stay = match stay {
            None => None,
            Some((enrolment_id, landscape_id, team_id, coach_id, crebo, route)) => {
                let crebo = Crebo::parse(&crebo).ok_or_else(|| Trouble::Unreadable("crebo".to_owned()))?;
                let handover_open = handover.is_some();
                Some(Stay { enrolment_id, landscape_id, team_id, coach_id, crebo, route, handover_open })
            }
        };
        known.push(KnownStudent { number: number.unwrap_or_default(), person: person(row), stay });
    }
    Ok(known)
}

/// Everything that a roster adds to the college.
#[derive(Clone, Debug, Default)]
pub struct Newcomers {
    pub landscapes: Vec<Landscape>,
    pub teams: Vec<Team>,
    /// Coaches and students alike.
    pub people: Vec<Person>,
    pub roles: Vec<HeldRole>,
    pub students: Vec<Newcomer>,
}

/// A student whom the college did not know.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub number: String,
    pub sort_name: String,
    pub placed: Placed,
}

impl Newcomers {
    fn events(&self) -> Vec<Event> {
        let landscapes = self.landscapes.iter().map(|new| new.event("founded"));
        let teams = self.teams.iter().map(|new| new.event("founded"));
        let people = self.people.iter().map(|new| new.event("entered"));
        let roles = self.roles.iter().map(|new| new.event("granted"));
        let placed = self.students.iter().map(|new| new.placed.enrolment.event.clone());
        landscapes.chain(teams).chain(people).chain(roles).chain(placed).collect()
    }
}

/// Writes all newcomers, each with an event.
///
/// # Errors
/// [`Trouble::Overtaken`] where a neighbour entered one of them first.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, new: &Newcomers) -> Result<(), Trouble> {
    let now = writing.now();
    let events = new.events();
    let mut pen = writing.tell_all(permit, events);
    many(&mut pen, &new.landscapes, |pen, some| {
        let rows: Vec<_> = some
            .iter()
            .map(|new| {
                (
                    landscapes::id.eq(bind(new.id)),
                    landscapes::name.eq(new.name.as_str()),
                    landscapes::version.eq(new.version),
                    landscapes::created_at.eq(bind(now)),
                )
            })
            .collect();
        pen.insert_many(diesel::insert_into(landscapes::table).values(rows))
    })?;
    many(&mut pen, &new.teams, |pen, some| {
        let rows: Vec<_> = some
            .iter()
            .map(|new| {
                (
                    teams::id.eq(bind(new.id)),
                    teams::landscape_id.eq(bind(new.landscape_id)),
                    teams::name.eq(new.name.as_str()),
                    teams::version.eq(new.version),
                    teams::created_at.eq(bind(now)),
                )
            })
            .collect();
        pen.insert_many(diesel::insert_into(teams::table).values(rows))
    })?;
    many(&mut pen, &new.people, |pen, some| {
        let rows: Vec<_> = some.iter().map(values).collect();
        pen.insert_many(diesel::insert_into(people::table).values(rows))
    })?;
    many(&mut pen, &new.roles, |pen, some| {
        let rows: Vec<_> = some.iter().map(|new| role_values(new, now)).collect();
        pen.insert_many(diesel::insert_into(roles::table).values(rows))
    })?;
    insert_students(&mut pen, &new.students, now)
}

fn insert_students(pen: &mut Pen<'_, '_>, new: &[Newcomer], now: Instant) -> Result<(), Trouble> {
    many(pen, new, |pen, some| {
        let rows: Vec<_> = some
            .iter()
            .map(|new| {
                let enrolment = &new.placed.enrolment.thing;
                (
                    students::id.eq(bind(enrolment.student_id)),
                    students::student_number.eq(new.number.as_str()),
                    students::sort_name.eq(new.sort_name.as_str()),
                    students::landscape_id.eq(bind(enrolment.landscape_id)),
                    students::team_id.eq(bind(enrolment.team_id)),
                    students::active.eq(true),
                    students::version.eq(1_i64),
                    students::created_at.eq(bind(now)),
                )
            })
            .collect();
        pen.insert_many(diesel::insert_into(students::table).values(rows))
    })?;
    many(pen, new, |pen, some| {
        let rows: Vec<_> = some
            .iter()
            .map(|new| {
                let link = &new.placed.coach;
                (
                    coach_assignments::id.eq(bind(link.id)),
                    coach_assignments::student_id.eq(bind(link.student_id)),
                    coach_assignments::stay_id.eq(bind(link.stay_id)),
                    coach_assignments::coach_id.eq(bind(link.coach_id)),
                    coach_assignments::from_at.eq(bind(link.from_at)),
                    coach_assignments::open_student_id.eq(bind(Some(link.student_id))),
                    coach_assignments::cause.eq(bind(link.cause)),
                    coach_assignments::version.eq(link.version),
                )
            })
            .collect();
        pen.insert_many(diesel::insert_into(coach_assignments::table).values(rows))
    })?;
    many(pen, new, |pen, some| {
        let rows: Vec<_> = some
            .iter()
            .map(|new| {
                let enrolment = &new.placed.enrolment.thing;
                (
                    enrolments::id.eq(bind(enrolment.id)),
                    enrolments::student_id.eq(bind(enrolment.student_id)),
                    enrolments::coached_student_id.eq(bind(Some(enrolment.student_id))),
                    enrolments::stay_id.eq(bind(enrolment.stay_id)),
                    enrolments::landscape_id.eq(bind(enrolment.landscape_id)),
                    enrolments::team_id.eq(bind(enrolment.team_id)),
                    enrolments::crebo.eq(enrolment.crebo.to_string()),
                    enrolments::route.eq(bind(enrolment.route)),
                    enrolments::state.eq(bind(enrolment.state.name())),
                    enrolments::starts_on.eq(enrolment.starts_on),
                    enrolments::version.eq(enrolment.version),
                    enrolments::created_at.eq(bind(now)),
                )
            })
            .collect();
        pen.insert_many(diesel::insert_into(enrolments::table).values(rows))
    })
}

/// Inserts so many at once as a statement can carry.
fn many<T>(
    pen: &mut Pen<'_, '_>,
    all: &[T],
    insert: impl Fn(&mut Pen<'_, '_>, &[T]) -> Result<usize, Trouble>,
) -> Result<(), Trouble> {
    for some in all.chunks(AT_ONCE) {
        match insert(pen, some) {
            Err(trouble) if trouble.is_duplicate() => return Err(Trouble::Overtaken),
            other => other?,
        };
    }
    Ok(())
}
