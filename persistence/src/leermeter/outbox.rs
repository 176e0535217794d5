//! Letters with a link that wait to be sent: written with the invitation, gone once they were taken or are of no use any more.
//!
//! A letter is sent at least once. Who tries one puts its next try off first, so that of two processes one tries it; and it is
//! deleted when the mail server took it: who is killed in between leaves it to be sent again.

use chrono::TimeDelta;
use diesel::prelude::*;
use domain::kernel::{Email, Instant, Line, PersonId, RaterId, StudentId};
use domain::leermeter::RaterKind;
use domain::organisation::Language;

use crate::access::Name;
use crate::columns::{bind, text};
use crate::schema::{leermeter_rounds as rounds, outbox, people, round_raters as raters, students};
use crate::session::{Pen, Reading, Writing};
use crate::trouble::Trouble;

/// How long who tries a letter has for it before another may: more than any try takes.
pub const HELD_FOR: TimeDelta = TimeDelta::minutes(5);

/// The link of an invitation.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// Of its secret.
    pub hash: String,
    /// The letter that takes it to the invited; none where whoever invited is told it.
    pub letter: Option<NewLetter>,
}

/// A letter that is to be written.
#[derive(Clone, Debug)]
pub struct NewLetter {
    /// The secret of the link.
    pub sealed: String,
    pub invited_by: PersonId,
}

/// What stands in a letter, and how far it is.
#[derive(Clone, Debug)]
pub struct Letter {
    pub rater_id: RaterId,
    pub sealed: String,
    /// How often it was tried, with this time.
    pub attempts: i32,
    /// Until when nobody else tries it.
    pub held_until: Instant,
    pub email: Email,
    pub name: String,
    pub kind: RaterKind,
    pub expires_at: Instant,
    pub title: Line,
    pub student: Name,
    /// Who invited, and the language that they are addressed in.
    pub invited_by: Name,
    pub language: Language,
}

/// Puts the letter of an invitation into the outbox.
pub(super) fn put(pen: &mut Pen<'_, '_>, rater: RaterId, letter: &NewLetter, now: Instant) -> Result<(), Trouble> {
    let new = (
        outbox::rater_id.eq(bind(rater)),
        outbox::sealed.eq(&letter.sealed),
        outbox::invited_by.eq(bind(letter.invited_by)),
        outbox::due_at.eq(bind(now)),
        outbox::attempts.eq(0),
    );
    pen.execute(diesel::insert_into(outbox::table).values(new)).map(drop)
}

/// Takes out the letter of an invitation that was answered or taken back.
pub(super) fn take_out(pen: &mut Pen<'_, '_>, rater: RaterId) -> Result<(), Trouble> {
    pen.execute(diesel::delete(outbox::table.find(bind(rater)))).map(drop)
}

/// The letters that can be tried now, with invitation and round. One of a round that is closed waits: it may be opened again,
/// or the student come back.
macro_rules! due_now {
    ($now:expr) => {
        outbox::table
            .inner_join(raters::table.on(raters::id.eq(outbox::rater_id)))
            .inner_join(rounds::table.on(rounds::id.eq(raters::round_id)))
            .inner_join(students::table.on(students::id.eq(rounds::student_id)))
            .filter(students::active)
            .filter(outbox::refused_at.is_null())
            .filter(outbox::due_at.le(bind($now)))
            .filter(raters::expires_at.gt(bind(Some($now))).assume_not_null())
            .filter(rounds::until_at.gt(bind($now)))
    };
}

/// Which letters can be tried now, the longest due first.
///
/// # Errors
/// Only what the database ends in.
pub fn due(reading: &mut Reading<'_>, at_most: i64) -> Result<Vec<RaterId>, Trouble> {
    let now = reading.now();
    reading.load(due_now!(now).order((outbox::due_at, outbox::rater_id)).limit(at_most).select(outbox::rater_id))
}

type Kept = (String, PersonId, Instant, i32);
type Invited = (Option<String>, Option<String>, RaterKind, Option<Instant>);

/// Takes a letter on for one try; none where another has it, or it is gone. Nobody else tries it until [`HELD_FOR`] is over.
///
/// # Errors
/// Only what the database ends in.
pub fn take_on(writing: &mut Writing<'_>, rater_id: RaterId) -> Result<Option<Letter>, Trouble> {
    let now = writing.now();
    let found: Option<(Kept, Invited, (String, StudentId))> =
        writing.first(due_now!(now).filter(outbox::rater_id.eq(bind(rater_id))).select((
            (outbox::sealed, outbox::invited_by, outbox::due_at, outbox::attempts),
            (raters::email, raters::name, raters::kind, raters::expires_at),
            (rounds::title, rounds::student_id),
        )))?;
    let Some(((sealed, invited_by, due_at, before), who, (title, student))) = found else { return Ok(None) };
    let (Some(email), Some(name), kind, Some(expires_at)) = who else { return Ok(None) };
    let (held_until, attempts) = (now + HELD_FOR, before.saturating_add(1));
    let row = outbox::table.find(bind(rater_id)).filter(outbox::due_at.eq(bind(due_at)));
    let held = (outbox::due_at.eq(bind(held_until)), outbox::attempts.eq(attempts));
    if writing.conn().execute(diesel::update(row).set(held))? == 0 {
        return Err(Trouble::Overtaken);
    }
    let email = Email::parse(&email).ok_or_else(|| Trouble::Unreadable("an e-mail address".to_owned()))?;
    let title = text(&title)?;
    let (student, _) = person(writing, student.person())?;
    let (invited_by, language) = person(writing, invited_by)?;
    let letter =
        Letter { rater_id, sealed, attempts, held_until, email, name, kind, expires_at, title, student, invited_by, language };
    Ok(Some(letter))
}

fn person(reading: &mut Reading<'_>, id: PersonId) -> Result<(Name, Language), Trouble> {
    let found = reading.first(
        people::table
            .find(bind(id))
            .select(((people::id, people::given_name, people::family_name_prefix, people::family_name), people::language)),
    )?;
    found.ok_or_else(|| Trouble::Unreadable("who invited".to_owned()))
}

/// The mail server took it: it is gone.
///
/// # Errors
/// Only what the database ends in.
pub fn sent(writing: &mut Writing<'_>, id: RaterId) -> Result<(), Trouble> {
    writing.conn().execute(diesel::delete(outbox::table.find(bind(id)))).map(drop).map_err(Trouble::from)
}

/// It is tried again at `due_at`, unless someone else took it on meanwhile.
///
/// # Errors
/// Only what the database ends in.
pub fn try_again(writing: &mut Writing<'_>, letter: &Letter, due_at: Instant) -> Result<(), Trouble> {
    let row = outbox::table.find(bind(letter.rater_id)).filter(outbox::due_at.eq(bind(letter.held_until)));
    writing.conn().execute(diesel::update(row).set(outbox::due_at.eq(bind(due_at)))).map(drop).map_err(Trouble::from)
}

/// The mail server refused it for good: it stays to say so, without the secret, as long as the link would have.
///
/// # Errors
/// Only what the database ends in.
pub fn refused(writing: &mut Writing<'_>, id: RaterId) -> Result<(), Trouble> {
    let now = writing.now();
    let told = (outbox::refused_at.eq(bind(Some(now))), outbox::sealed.eq(""));
    writing.conn().execute(diesel::update(outbox::table.find(bind(id))).set(told)).map(drop).map_err(Trouble::from)
}

/// Another link in place of one whose letter nobody can open any more: the settings that sealed it are gone.
///
/// # Errors
/// Only what the database ends in.
pub fn renew(writing: &mut Writing<'_>, id: RaterId, sealed: &str, hash: &str) -> Result<(), Trouble> {
    writing.conn().execute(diesel::update(outbox::table.find(bind(id))).set(outbox::sealed.eq(sealed)))?;
    let row = raters::table.find(bind(id));
    writing.conn().execute(diesel::update(row).set(raters::secret_hash.eq(hash))).map(drop).map_err(Trouble::from)
}

/// Deletes the letters whose link expired; answers how many of them had not been refused.
///
/// # Errors
/// Only what the database ends in.
pub fn forget(writing: &mut Writing<'_>) -> Result<usize, Trouble> {
    let now = writing.now();
    let expired = || {
        let gone = raters::table.filter(raters::expires_at.le(bind(Some(now))).assume_not_null());
        outbox::rater_id.eq_any(gone.select(raters::id))
    };
    let waiting = outbox::table.filter(outbox::refused_at.is_null()).filter(expired());
    let given_up = writing.conn().execute(diesel::delete(waiting))?;
    writing.conn().execute(diesel::delete(outbox::table.filter(expired())))?;
    Ok(given_up)
}
