//! Who is asked in a round, and who rated.

use diesel::dsl::exists;
use diesel::prelude::*;
use domain::access::{Permit, Relation};
use domain::kernel::{Email, Instant, PersonId, RaterId, RoundId, StudentId, Told};
use domain::leermeter::{InvitationFacts, LetterStateName, NewInvitation, Rater, RaterIs, RaterKind, Round, WhoId};

use super::outbox::{self, NewLink};
use super::rounds::{KnownRound, Whole, known, round_columns, whole_rounds};
use crate::access::Name;
use crate::columns::{bind, text};
use crate::relations;
use crate::schema::{
    accounts, coach_assignments, competence_frameworks as frameworks, leermeter_rounds as rounds, outbox as letters, people,
    roles, round_ends as ends, round_raters as raters, students,
};
use crate::session::{Pen, Reading, Writing};
use crate::spelling::among;
use crate::trouble::Trouble;

/// A rater, with the name of the person where it is someone with an account.
#[derive(Clone, Debug)]
pub struct NamedRater {
    pub rater: Rater,
    pub person: Option<Name>,
    /// How far the letter with the link is; none once it was taken, and where there is none.
    pub letter: Option<LetterStateName>,
}

type Who = (RaterId, i64, RoundId, StudentId, RaterKind, WhoId);
type Is = (Option<PersonId>, Option<String>, Option<String>, Option<Instant>);
type When = (Option<Instant>, Option<PersonId>, Option<Instant>, Option<Instant>);
type Row = (Who, Is, When);

macro_rules! columns {
    () => {
        (
            (raters::id, raters::version, raters::round_id, raters::student_id, raters::kind, raters::who_id),
            (raters::person_id, raters::email, raters::name, raters::expires_at),
            (raters::invited_at, raters::invited_by_id, raters::answered_at, raters::withdrawn_at),
        )
    };
}

fn rater((who, is, (invited_at, invited_by, answered_at, withdrawn_at)): Row) -> Result<Rater, Trouble> {
    let (id, version, round_id, student_id, kind, who_id) = who;
    let unreadable = || Trouble::Unreadable("who a rater is".to_owned());
    let is = match is {
        (Some(person), ..) => RaterIs::Person(person),
        (None, Some(email), Some(name), Some(expires_at)) => {
            RaterIs::Guest { email: Email::parse(&email).ok_or_else(unreadable)?, name: text(&name)?, expires_at }
        }
        (None, ..) => return Err(unreadable()),
    };
    Ok(Rater { id, version, round_id, student_id, kind, who_id, is, invited_at, invited_by, answered_at, withdrawn_at })
}

/// Who is asked in these rounds or rated in them, in the order in which they were, without who was taken back. At most
/// [`crate::events::AT_ONCE`] rounds.
///
/// # Errors
/// Only what the database ends in.
pub fn of_rounds(reading: &mut Reading<'_>, _permit: Permit, of: Vec<RoundId>) -> Result<Vec<NamedRater>, Trouble> {
    type Letter = Option<(RaterId, Option<Instant>)>;
    let rows: Vec<(Row, Option<Name>, Letter)> = reading.load(
        raters::table
            .left_join(people::table.on(people::id.nullable().eq(raters::person_id)))
            .left_join(letters::table.on(letters::rater_id.eq(raters::id)))
            .filter(among(raters::round_id, of))
            .filter(raters::withdrawn_at.is_null())
            .order((raters::created_at, raters::id))
            .select((
                columns!(),
                (people::id, people::given_name, people::family_name_prefix, people::family_name).nullable(),
                (letters::rater_id, letters::refused_at).nullable(),
            )),
    )?;
    let state = |(_, refused_at): (RaterId, Option<Instant>)| match refused_at {
        Some(_) => LetterStateName::Refused,
        None => LetterStateName::Waiting,
    };
    let named = |(row, person, letter): (Row, Option<Name>, Letter)| {
        Ok(NamedRater { rater: rater(row)?, person, letter: letter.map(state) })
    };
    rows.into_iter().map(named).collect()
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
/// its round is closed, or the student is not here any more. Nobody is told which.
///
/// # Errors
/// Only what the database ends in.
pub fn by_secret(reading: &mut Reading<'_>, secret_hash: &str) -> Result<Option<(Rater, KnownRound)>, Trouble> {
    let now = reading.now();
    let found: Option<(Row, Whole)> = reading.first(
        whole_rounds!()
            .inner_join(raters::table.on(raters::round_id.eq(rounds::id)))
            .filter(students::active)
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
    let raters = count(reading, permit, round.id)?;
    if let Some(person) = new.person_id {
        let asked = of_person(reading, permit, round.id, person)?;
        let is_coach = coach(reading, permit, round.student_id)?.is_some_and(|coach| coach.id == person);
        let relations = match new.rater_kind {
            Some(_) => Vec::new(),
            None => relations_of(reading, round.student_id, person)?,
        };
        return Ok(InvitationFacts {
            person_is_known: is_here(reading, person)?,
            is_coach,
            relations,
            asked,
            known_as: None,
            raters,
        });
    }
    let Some(email) = &new.email else { return Ok(InvitationFacts { raters, ..InvitationFacts::default() }) };
    let rows: Vec<Row> = reading.load(
        raters::table
            .filter(raters::student_id.eq(bind(round.student_id)))
            .filter(raters::address.assume_not_null().eq(email.folded()))
            .order(raters::created_at.desc())
            .select(columns!()),
    )?;
    let known: Vec<Rater> = rows.into_iter().map(rater).collect::<Result<_, _>>()?;
    let known_as = known.first().map(|rater| rater.who_id);
    let asked = known.into_iter().find(|rater| rater.round_id == round.id && rater.withdrawn_at.is_none());
    Ok(InvitationFacts { asked, known_as, raters, ..InvitationFacts::default() })
}

/// How many are asked in a round, or rated in it, besides the student and coaches.
///
/// # Errors
/// Only what the database ends in.
pub fn count(reading: &mut Reading<'_>, _permit: Permit, round: RoundId) -> Result<usize, Trouble> {
    let found: Option<i64> = reading.first(
        raters::table
            .filter(raters::round_id.eq(bind(round)))
            .filter(raters::withdrawn_at.is_null())
            .filter(raters::kind.ne(bind(RaterKind::Student)))
            .filter(raters::kind.ne(bind(RaterKind::Coach)))
            .count(),
    )?;
    Ok(found.and_then(|found| usize::try_from(found).ok()).unwrap_or_default())
}

/// What this person is to the student now.
fn relations_of(reading: &mut Reading<'_>, student: StudentId, person: PersonId) -> Result<Vec<Relation>, Trouble> {
    let theirs = relations::of_person(reading, person, students::id);
    let found: Option<Option<String>> = reading.first(students::table.filter(students::id.eq(bind(student))).select(theirs))?;
    Ok(relations::read(found.flatten()))
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

/// Writes an invitation and the letter that takes it to the invited, in the place of an older one that was not answered.
///
/// # Errors
/// [`Trouble::Overtaken`] where they were asked, or rated, meanwhile.
pub fn insert(
    writing: &mut Writing<'_>,
    permit: Permit,
    new: &Told<Rater>,
    link: Option<&NewLink>,
    older: Option<&Told<Rater>>,
) -> Result<(), Trouble> {
    if let Some(older) = older {
        update(writing, permit, older)?;
    }
    let now = writing.now();
    let mut pen = write(writing, permit, new, link.map(|link| link.hash.as_str()))?;
    match link.and_then(|link| link.letter.as_ref()) {
        Some(letter) => outbox::put(&mut pen, new.thing.id, letter, now),
        None => Ok(()),
    }
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
        RaterIs::Guest { email, name, expires_at } => (Some(email), Some(name.as_str()), Some(*expires_at)),
    };
    let mut pen = writing.tell(permit, new.event.clone());
    let inserted = pen.execute(diesel::insert_into(raters::table).values((
        raters::id.eq(bind(rater.id)),
        raters::round_id.eq(bind(rater.round_id)),
        raters::student_id.eq(bind(rater.student_id)),
        raters::kind.eq(bind(rater.kind)),
        raters::who_id.eq(bind(rater.who_id)),
        raters::person_id.eq(bind(rater.person_id())),
        raters::email.eq(email.map(Email::as_str)),
        raters::address.eq(email.map(Email::folded)),
        raters::name.eq(name),
        raters::secret_hash.eq(secret_hash),
        raters::expires_at.eq(bind(expires_at)),
        raters::invited_at.eq(bind(rater.invited_at)),
        raters::invited_by_id.eq(bind(rater.invited_by)),
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
    // Whether they rated or were taken back, their link opens nothing any more.
    if rater.person_id().is_none() {
        outbox::take_out(&mut pen, rater.id)?;
    }
    Ok(pen)
}
