//! With whom an entry is shared.

use diesel::prelude::*;
use domain::access::{Permit, Relation};
use domain::kernel::{Instant, PersonId, PortfolioEntryId, PortfolioShareId, StudentId, TeamId, Told};
use domain::portfolio::{Entry, NewShare, Share, ShareFacts, ShareRole, ShareWith, Shared};

use super::entries;
use crate::access::Name;
use crate::columns::bind;
use crate::page::{Listed, Page};
use crate::relations;
use crate::schema::{people, portfolio_shares as s, roles, students, teams};
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

/// A share that was not ended, with the name of the person where it is with one.
#[derive(Clone, Debug)]
pub struct SharedWith {
    pub share: Share,
    pub person: Option<Name>,
    /// The person has still to do with the college or the student; true where it is with none.
    pub still_here: bool,
}

type With = (Option<PersonId>, Option<ShareRole>, Option<TeamId>);
type Row = ((PortfolioShareId, PortfolioEntryId, StudentId), With, (bool, Option<Instant>, i64, Instant), Option<Name>, bool);

fn share(((id, entry_id, student_id), with, more, person, here): Row) -> Result<SharedWith, Trouble> {
    let (may_comment, until_at, version, created_at) = more;
    let with = match with {
        (Some(id), None, None) => ShareWith::Person(id),
        (None, Some(role), None) => ShareWith::Role(role),
        (None, None, Some(id)) => ShareWith::Team(id),
        _ => return Err(Trouble::Unreadable("share".to_owned())),
    };
    let share = Share { id, entry_id, student_id, with, may_comment, until_at, version, created_at };
    let still_here = here || person.is_none();
    Ok(SharedWith { share, person, still_here })
}

macro_rules! shares_with {
    ($reading:expr, $which:expr) => {
        s::table
            .left_join(people::table.on(people::id.nullable().eq(s::person_id)))
            .filter(s::ended_at.is_null())
            .filter($which)
            .order(s::id)
            .select((
                (s::id, s::entry_id, s::student_id),
                (s::person_id, s::role, s::team_id),
                (s::may_comment, s::until_at, s::version, s::created_at),
                (people::id, people::given_name, people::family_name_prefix, people::family_name).nullable(),
                relations::still_here($reading),
            ))
    };
}

/// The shares of an entry that nobody ended, also those whose time is over. In no order that means anything.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    entry: &Entry,
    page: &Page<PortfolioShareId>,
) -> Result<Listed<SharedWith>, Trouble> {
    let of_entry = || s::entry_id.eq(bind(entry.id));
    let total = reading.total(page, s::table.filter(s::ended_at.is_null()).filter(of_entry()))?;
    let after = s::id.gt(bind(page.after.unwrap_or(PortfolioShareId::FIRST)));
    let found = shares_with!(reading, of_entry().and(after)).limit(page.rows_to_read());
    let rows: Vec<Row> = reading.load(found)?;
    Listed { rows, total }.try_map(share)
}

/// One share of an entry, unless it was ended.
///
/// # Errors
/// Only what the database ends in.
pub fn find(
    reading: &mut Reading<'_>,
    _permit: Permit,
    entry: &Entry,
    id: PortfolioShareId,
) -> Result<Option<SharedWith>, Trouble> {
    let this = s::id.eq(bind(id)).and(s::entry_id.eq(bind(entry.id)));
    let shares = shares_with!(reading, this);
    let found: Option<Row> = reading.first(shares)?;
    found.map(share).transpose()
}

/// What is known of whom this student would share with.
///
/// # Errors
/// Only what the database ends in.
pub fn facts(reading: &mut Reading<'_>, _permit: Permit, student: StudentId, new: &NewShare) -> Result<ShareFacts, Trouble> {
    let mut facts = ShareFacts::default();
    if let Some(person) = new.person_id {
        facts.person_is_near = is_related(reading, student, person)? || is_near(reading, student, person)?;
    }
    if let Some(team) = new.team_id {
        let known: Option<bool> = reading.first(
            teams::table.filter(teams::id.eq(bind(team))).select(diesel::dsl::exists(
                students::table
                    .filter(students::id.eq(bind(student)))
                    .filter(students::landscape_id.eq(teams::landscape_id))
                    .select(students::id),
            )),
        )?;
        facts.team_is_known = known.is_some();
        facts.team_is_near = known == Some(true);
    }
    Ok(facts)
}

/// Does this person have a relation to the student now?
fn is_related(reading: &mut Reading<'_>, student: StudentId, person: PersonId) -> Result<bool, Trouble> {
    let theirs = relations::of_person(reading, person, students::id);
    let found: Option<Option<String>> = reading.first(students::table.filter(students::id.eq(bind(student))).select(theirs))?;
    Ok(relations::read(found.flatten()).iter().any(|relation| *relation != Relation::Student))
}

/// Does this person work in the student's landscape or one of its teams, or learn in the student's team?
fn is_near(reading: &mut Reading<'_>, student: StudentId, person: PersonId) -> Result<bool, Trouble> {
    let now = reading.now();
    let held = roles::person_id
        .eq(bind(person))
        .and(roles::from_at.le(bind(now)))
        .and(roles::until_at.is_null().or(roles::until_at.gt(bind(Some(now))).assume_not_null()));
    let in_landscape = roles::landscape_id.eq(students::landscape_id.nullable()).assume_not_null();
    let teams_here = teams::table
        .filter(teams::id.nullable().eq(roles::team_id))
        .filter(teams::landscape_id.eq(students::landscape_id))
        .select(teams::id);
    let works: Option<StudentId> = reading.first(
        students::table
            .inner_join(roles::table.on(held))
            .filter(students::id.eq(bind(student)))
            .filter(in_landscape.or(diesel::dsl::exists(teams_here)))
            .select(students::id),
    )?;
    if works.is_some() {
        return Ok(true);
    }
    let team: Vec<(StudentId, TeamId, bool)> = reading.load(
        students::table.filter(students::id.eq(bind(student)).or(students::id.eq(bind(person.student())))).select((
            students::id,
            students::team_id,
            students::active,
        )),
    )?;
    let of = |id: StudentId| team.iter().find(|(one, ..)| *one == id);
    Ok(matches!((of(student), of(person.student())), (Some((_, team, _)), Some((_, other, true))) if team == other))
}

/// A new share, and the entry where it was private before. It takes the place of an older one with the same: whoever
/// ends it ends all there is with them.
///
/// # Errors
/// [`Trouble::Overtaken`] where the entry changed meanwhile.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, before: &Entry, shared: &Shared) -> Result<(), Trouble> {
    if let Some(opened) = &shared.opened {
        entries::update(writing, permit, before, opened)?;
    }
    let new = &shared.share.thing;
    end_those(writing, permit, before, Some(new.with))?;
    let (person, role, team) = match new.with {
        ShareWith::Person(id) => (Some(id), None, None),
        ShareWith::Role(role) => (None, Some(role), None),
        ShareWith::Team(id) => (None, None, Some(id)),
    };
    let mut pen = writing.tell(permit, shared.share.event.clone());
    if shared.opened.is_none() {
        // Who makes it private at this moment does so before or after: never are there shares of a private entry.
        entries::hold(&mut pen, before)?;
    }
    pen.execute(diesel::insert_into(s::table).values((
        s::id.eq(bind(new.id)),
        s::student_id.eq(bind(new.student_id)),
        s::entry_id.eq(bind(new.entry_id)),
        s::person_id.eq(bind(person)),
        s::role.eq(bind(role)),
        s::team_id.eq(bind(team)),
        s::may_comment.eq(new.may_comment),
        s::until_at.eq(bind(new.until_at)),
        s::version.eq(new.version),
        s::created_at.eq(bind(new.created_at)),
    )))
    .map(drop)
}

/// Ends a share at once.
///
/// # Errors
/// [`Trouble::Overtaken`] where it was ended meanwhile.
pub fn end(writing: &mut Writing<'_>, permit: Permit, ended: &Told<Share>) -> Result<(), Trouble> {
    let (share, now) = (&ended.thing, writing.now());
    let held = s::table.find(bind(share.id)).filter(s::version.eq(share.version - 1)).filter(s::ended_at.is_null());
    let changes = (s::ended_at.eq(bind(Some(now))), s::version.eq(share.version));
    writing.tell(permit, ended.event.clone()).change_one(diesel::update(held).set(changes))
}

/// Ends every share of an entry at once: it became private, or was withdrawn.
///
/// # Errors
/// Only what the database ends in.
pub fn end_all(writing: &mut Writing<'_>, permit: Permit, entry: &Entry) -> Result<(), Trouble> {
    end_those(writing, permit, entry, None)
}

/// Ends those shares of an entry that are with this one, or all of them.
fn end_those(writing: &mut Writing<'_>, permit: Permit, entry: &Entry, with: Option<ShareWith>) -> Result<(), Trouble> {
    let of_entry = shares_with!(writing, s::entry_id.eq(bind(entry.id)));
    let rows: Vec<Row> = writing.load(of_entry)?;
    let shares = rows.into_iter().map(|row| Ok(share(row)?.share)).collect::<Result<Vec<Share>, Trouble>>()?;
    for one in shares.iter().filter(|share| with.is_none_or(|with| share.with == with)) {
        end(writing, permit, &one.end())?;
    }
    Ok(())
}
