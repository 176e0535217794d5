//! Who is whose guardian.

use diesel::prelude::*;
use domain::access::Permit;
use domain::guardianship::Guardianship;
use domain::kernel::{Event, GuardianshipId, Instant, PersonId, StudentId, Told};

use crate::access::Name;
use crate::columns::bind;
use crate::page::{Listed, Page};
use crate::schema::{guardianships, people};
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

/// A guardianship, with who the guardian is.
#[derive(Clone, Debug)]
pub struct WithGuardian {
    pub guardianship: Guardianship,
    pub guardian: Name,
    pub email: Option<String>,
}

type Row = (
    (GuardianshipId, PersonId, StudentId, Instant, Instant, Option<Instant>, Instant, Option<Instant>, i64),
    Name,
    Option<String>,
);

fn with_guardian((row, guardian, email): Row) -> WithGuardian {
    let (id, guardian_id, student_id, sixteen_at, eighteen_at, consented_at, from_at, until_at, version) = row;
    let guardianship =
        Guardianship { id, guardian_id, student_id, sixteen_at, eighteen_at, consented_at, from_at, until_at, version };
    WithGuardian { guardianship, guardian, email }
}

macro_rules! guardianships_with {
    ($filter:expr, $limit:expr) => {
        guardianships::table
            .inner_join(people::table.on(people::id.eq(guardianships::guardian_id)))
            .filter($filter)
            .order(guardianships::id)
            .limit($limit)
            .select((
                (
                    guardianships::id,
                    guardianships::guardian_id,
                    guardianships::student_id,
                    guardianships::sixteen_at,
                    guardianships::eighteen_at,
                    guardianships::consented_at,
                    guardianships::from_at,
                    guardianships::until_at,
                    guardianships::version,
                ),
                (people::id, people::given_name, people::family_name_prefix, people::family_name),
                people::email,
            ))
    };
}

/// A student's guardians, also those who were, in the order in which they were recorded.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student_id: StudentId,
    page: &Page<GuardianshipId>,
) -> Result<Listed<WithGuardian>, Trouble> {
    let of_student = || guardianships::student_id.eq(bind(student_id));
    let total = reading.total(page, guardianships::table.filter(of_student()))?;
    let after = guardianships::id.gt(bind(page.after.unwrap_or(GuardianshipId::FIRST)));
    let rows: Vec<Row> = reading.load(guardianships_with!(of_student().and(after), page.rows_to_read()))?;
    Ok(Listed { rows, total }.map(with_guardian))
}

/// One guardianship of a student.
///
/// # Errors
/// Only what the database ends in.
pub fn find(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student_id: StudentId,
    id: GuardianshipId,
) -> Result<Option<WithGuardian>, Trouble> {
    let this = guardianships::id.eq(bind(id)).and(guardianships::student_id.eq(bind(student_id)));
    let rows: Vec<Row> = reading.load(guardianships_with!(this, 1))?;
    Ok(rows.into_iter().next().map(with_guardian))
}

/// Is this person a guardian of the student now?
///
/// # Errors
/// Only what the database ends in.
pub fn is_guardian(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student_id: StudentId,
    guardian_id: PersonId,
) -> Result<bool, Trouble> {
    let now = reading.now();
    let found: Option<GuardianshipId> = reading.first(
        guardianships::table
            .filter(guardianships::student_id.eq(bind(student_id)))
            .filter(guardianships::guardian_id.eq(bind(guardian_id)))
            .filter(guardianships::until_at.is_null().or(guardianships::until_at.assume_not_null().gt(bind(now))))
            .select(guardianships::id),
    )?;
    Ok(found.is_some())
}

/// # Errors
/// Only what the database ends in.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, told: &Told<Guardianship>) -> Result<(), Trouble> {
    let new = &told.thing;
    let inserted = writing.tell(permit, told.event.clone()).execute(diesel::insert_into(guardianships::table).values((
        guardianships::id.eq(bind(new.id)),
        guardianships::guardian_id.eq(bind(new.guardian_id)),
        guardianships::student_id.eq(bind(new.student_id)),
        guardianships::sixteen_at.eq(bind(new.sixteen_at)),
        guardianships::eighteen_at.eq(bind(new.eighteen_at)),
        guardianships::consented_at.eq(bind(new.consented_at)),
        guardianships::from_at.eq(bind(new.from_at)),
        guardianships::until_at.eq(bind(new.until_at)),
        guardianships::version.eq(new.version),
    )));
    inserted.map(drop)
}

/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update(writing: &mut Writing<'_>, permit: Permit, changed: &Guardianship, event: Event) -> Result<(), Trouble> {
    let before = guardianships::table.find(bind(changed.id)).filter(guardianships::version.eq(changed.version - 1));
    writing.tell(permit, event).change_one(diesel::update(before).set((
        guardianships::consented_at.eq(bind(changed.consented_at)),
        guardianships::until_at.eq(bind(changed.until_at)),
        guardianships::version.eq(changed.version),
    )))
}
