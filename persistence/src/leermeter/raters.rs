//! Who is asked in a round, and who rated.

use diesel::dsl::exists;
use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{Email, Instant, PersonId, RaterId, RoundId, StudentId, Told};
use domain::leermeter::{InvitationFacts, NewInvitation, Rater, RaterIs, RaterKind, Round, WhoId};

use super::rounds::{KnownRound, Whole, known, round_columns};
use crate::access::Name;
use crate::columns::{bind, text};
use crate::schema::{
    accounts, coach_assignments, competence_frameworks as frameworks, leermeter_rounds as rounds, people, roles,
    round_raters as raters, students,
};
use crate::session::{Pen, Reading, Writing};
use crate::spelling::among;
use crate::trouble::Trouble;

/// A rater, with the name of the person where it is someone with an account.
#[derive(Clone, Debug)]
pub struct NamedRater {
    pub rater: Rater,
    pub person: Option<Name>,
}

type Who = (RaterId, i64, RoundId, StudentId, RaterKind, WhoId);
type Is = (Option<PersonId>, Option<String>, Option<String>, Option<Instant>);
type When = (Option<Instant>, Option<Instant>, Option<Instant>);
type Row = (Who, Is, When);

macro_rules! columns {
    () => {
        (
            (raters::id, raters::version, raters::round_id, raters::student_id, raters::kind, raters::who_id),
            (raters::person_id, raters::email, raters::name, raters::expires_at),
            (raters::invited_at, raters::answered_at, raters::withdrawn_at),
        )
    };
}

fn rater((who, is, (invited_at, answered_at, withdrawn_at)): Row) -> Result<Rater, Trouble> {
    let (id, version, round_id, student_id, kind, who_id) = who;
    let unreadable = || Trouble::Unreadable("who a rater is".to_owned());
    let is = match is {
        (Some(person), ..) => RaterIs::Person(person),
        (None, Some(email), Some(name), Some(expires_at)) => {
            RaterIs::Guest { email: Email::parse(&email).ok_or_else(unreadable)?, name: text(&name)?, expires_at }
        }
        (None, ..) => return Err(unreadable()),
    };
    Ok(Rater { id, version, round_id, student_id, kind, who_id, is, invited_at, answered_at, withdrawn_at })
}

/// Who is asked in these rounds or rated in them, in the order in which they were, without who was taken back. At most
/// [`crate::events::AT_ONCE`] rounds.
///
/// # Errors
/// Only what the database ends in.
pub fn of_rounds(reading: &mut Reading<'_>, _permit: Permit, of: Vec<RoundId>) -> Result<Vec<NamedRater>, Trouble> {
    let rows: Vec<(Row, Option<Name>)> = reading.load(
        raters::table
            .left_join(people::table.on(people::id.nullable().eq(raters::person_id)))
            .filter(among(raters::round_id, of))
            .filter(raters::withdrawn_at.is_null())
            .order((raters::created_at, raters::id))
            .select((columns!(), (people::id, people::given_name, people::family_name_prefix, people::family_name).nullable())),
    )?;
    rows.into_iter().map(|(row, person)| Ok(NamedRater { rater: rater(row)?, person })).collect()
}

/// The responsible coach of a student now.
///
/// # Errors
/// Only what the database ends in.
pub fn coach(reading: &mut Reading<'_>, _permit: Permit, student: StudentId) -> Result<Option<Name>, Trouble> {
    reading.first(
        coach_assignments::table
            .inner_join(people::table.on(people::id.eq(coach_assignments::coach_id)))
            .filter(coach_assignments::open_student_id.eq(bind(Some(student))))
            .select((people::id, people::given_name, people::family_name_prefix, people::family_name)),
    )
}

/// As who this person is asked in a round, or rated in it.
///
/// # Errors
/// Only what the database ends in.
pub fn of_person(reading: &mut Reading<'_>, _permit: Permit, round: RoundId, person: PersonId) -> Result<Option<Rater>, Trouble> {
    let found: Option<Row> = reading.first(
        raters::table
            .filter(raters::round_id.eq(bind(round)))
            .filter(raters::who_id.eq(bind(person)))
            .filter(raters::withdrawn_at.is_null())
            .select(columns!()),
    )?;
    found.map(rater).transpose()
}

/// One rater of a round who was not taken back.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, _permit: Permit, round: RoundId, id: RaterId) -> Result<Option<Rater>, Trouble> {
    let found: Option<Row> = reading.first(
        raters::table
            .filter(raters::id.eq(bind(id)))
            .filter(raters::round_id.eq(bind(round)))
            .filter(raters::withdrawn_at.is_null())
            .select(columns!()),
    )?;
    found.map(rater).transpose()
}

/// Whoever holds the link with this hash, and the round that it is for; none where the link was used or taken back, is too old,
/// or its round is closed. Nobody is told which.
///
/// # Errors
/// Only what the database ends in.
pub fn by_secret(reading: &mut Reading<'_>, secret_hash: &str) -> Result<Option<(Rater, KnownRound)>, Trouble> {
    let now = reading.now();
    let found: Option<(Row, Whole)> = reading.first(
        raters::table
            .inner_join(rounds::table.on(rounds::id.eq(raters::round_id)))
            .inner_join(frameworks::table.on(frameworks::id.eq(rounds::framework_id)))
            .inner_join(people::table.on(people::id.eq(rounds::student_id)))
            .filter(raters::secret_hash.eq(secret_hash))
            .filter(raters::answered_at.is_null())
            .filter(raters::withdrawn_at.is_null())
            .filter(raters::expires_at.gt(bind(Some(now))).assume_not_null())
            .filter(rounds::until_at.gt(bind(now)))
            .select((columns!(), round_columns!())),
    )?;
    found.map(|(row, whole)| Ok((rater(row)?, known(whole)?))).transpose()
}

/// What is known of whom someone would invite.
///
/// # Errors
/// Only what the database ends in.
pub fn facts(reading: &mut Reading<'_>, permit: Permit, round: &Round, new: &NewInvitation) -> Result<InvitationFacts, Trouble> {
    if let Some(person) = new.person_id {
        let asked = of_person(reading, permit, round.id, person)?;
        let is_coach = coach(reading, permit, round.student_id)?.is_some_and(|coach| coach.id == person);
        return Ok(InvitationFacts { person_is_known: is_here(reading, person)?, is_coach, asked, known_as: None });
    }
    let Some(email) = &new.email else { return Ok(InvitationFacts::default()) };
    let rows: Vec<Row> = reading.load(
        raters::table
            .filter(raters::student_id.eq(bind(round.student_id)))
            .filter(raters::email.assume_not_null().eq(email.as_str()))
            .order(raters::created_at.desc())
            .select(columns!()),
    )?;
    let known: Vec<Rater> = rows.into_iter().map(rater).collect::<Result<_, _>>()?;
    let known_as = known.first().map(|rater| rater.who_id);
    let asked = known.into_iter().find(|rater| rater.round_id == round.id && rater.withdrawn_at.is_none());
    Ok(InvitationFacts { asked, known_as, ..InvitationFacts::default() })
}

/// Has this person an account, and a role or a place here now?
fn is_here(reading: &mut Reading<'_>, person: PersonId) -> Result<bool, Trouble> {
    let now = reading.now();
    let holds_a_role = roles::table
        .filter(roles::person_id.eq(people::id))
        .filter(roles::from_at.le(bind(now)))
        .filter(roles::until_at.is_null().or(roles::until_at.gt(bind(Some(now))).assume_not_null()))
        .select(roles::id);
    let learns = students::table.filter(students::active).filter(students::id.eq(people::id)).select(students::id);
    let has_account = accounts::table.filter(accounts::person_id.eq(people::id.nullable())).select(accounts::subject);
    let found: Option<PersonId> = reading.first(
        people::table
            .filter(people::id.eq(bind(person)))
            .filter(exists(has_account))
            .filter(exists(holds_a_role).or(exists(learns)))
            .select(people::id),
    )?;
    Ok(found.is_some())
}

/// Writes an invitation, in the place of an older one that was not answered.
///
/// # Errors
/// [`Trouble::Overtaken`] where they were asked, or rated, meanwhile.
pub fn insert(
    writing: &mut Writing<'_>,
    permit: Permit,
    new: &Told<Rater>,
    secret_hash: Option<&str>,
    older: Option<&Told<Rater>>,
) -> Result<(), Trouble> {
    if let Some(older) = older {
        update(writing, permit, older)?;
    }
    write(writing, permit, new, secret_hash).map(drop)
}

/// Writes someone who is asked, or rated for the first time in this round.
pub(super) fn write<'w, 'c>(
    writing: &'w mut Writing<'c>,
    permit: Permit,
    new: &Told<Rater>,
    secret_hash: Option<&str>,
) -> Result<Pen<'w, 'c>, Trouble> {
    let (rater, now) = (&new.thing, writing.now());
    let (email, name, expires_at) = match &rater.is {
        RaterIs::Person(_) => (None, None, None),
        RaterIs::Guest { email, name, expires_at } => (Some(email.as_str()), Some(name.as_str()), Some(*expires_at)),
    };
    let mut pen = writing.tell(permit, new.event.clone());
    let inserted = pen.execute(diesel::insert_into(raters::table).values((
        raters::id.eq(bind(rater.id)),
        raters::round_id.eq(bind(rater.round_id)),
        raters::student_id.eq(bind(rater.student_id)),
        raters::kind.eq(bind(rater.kind)),
        raters::who_id.eq(bind(rater.who_id)),
        raters::person_id.eq(bind(rater.person_id())),
        raters::email.eq(email),
        raters::name.eq(name),
        raters::secret_hash.eq(secret_hash),
        raters::expires_at.eq(bind(expires_at)),
        raters::invited_at.eq(bind(rater.invited_at)),
        raters::answered_at.eq(bind(rater.answered_at)),
        raters::version.eq(rater.version),
        raters::created_at.eq(bind(now)),
    )));
    match inserted {
        Ok(_) => Ok(pen),
        Err(trouble) if trouble.is_duplicate() => Err(Trouble::Overtaken),
        Err(trouble) => Err(trouble),
    }
}

/// Writes what became of a rater.
///
/// # Errors
/// [`Trouble::Overtaken`] where something did meanwhile: of two who rate at once by one link, one comes too late.
pub fn update<'w, 'c>(writing: &'w mut Writing<'c>, permit: Permit, changed: &Told<Rater>) -> Result<Pen<'w, 'c>, Trouble> {
    let rater = &changed.thing;
    let row = raters::table.find(bind(rater.id)).filter(raters::version.eq(rater.version - 1));
    let mut pen = writing.tell(permit, changed.event.clone());
    pen.change_one(diesel::update(row).set((
        raters::answered_at.eq(bind(rater.answered_at)),
        raters::withdrawn_at.eq(bind(rater.withdrawn_at)),
        raters::version.eq(rater.version),
    )))?;
    Ok(pen)
}
