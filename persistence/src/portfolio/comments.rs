//! What is said of an entry, by the owner and by others.

use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{Instant, PersonId, PortfolioCommentId, Told};
use domain::portfolio::{Comment, Entry};

use super::{entries, text};
use crate::access::Name;
use crate::columns::bind;
use crate::page::{Listed, Page};
use crate::schema::{people, portfolio_comments as c};
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

/// A comment with who wrote it.
#[derive(Clone, Debug)]
pub struct Commented {
    pub comment: Comment,
    pub author: Name,
}

type Row = ((PortfolioCommentId, PersonId, String, Instant), Name);

fn commented(((id, author_id, body, created_at), author): Row) -> Result<Commented, Trouble> {
    Ok(Commented { comment: Comment { id, author_id, text: text(&body)?, created_at }, author })
}

macro_rules! comments_with {
    ($which:expr) => {
        c::table.inner_join(people::table.on(people::id.eq(c::author_id))).filter($which).order(c::id).select((
            (c::id, c::author_id, c::body, c::created_at),
            (people::id, people::given_name, people::family_name_prefix, people::family_name),
        ))
    };
}

/// The comments on an entry, the first first.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    entry: &Entry,
    page: &Page<PortfolioCommentId>,
) -> Result<Listed<Commented>, Trouble> {
    let on_entry = || c::entry_id.eq(bind(entry.id));
    let total = reading.total(page, c::table.filter(on_entry()))?;
    let after = c::id.gt(bind(page.after.unwrap_or(PortfolioCommentId::FIRST)));
    let rows: Vec<Row> = reading.load(comments_with!(on_entry().and(after)).limit(page.rows_to_read()))?;
    Listed { rows, total }.try_map(commented)
}

/// A comment as it stands.
///
/// # Errors
/// Only what the database ends in.
pub fn find(
    reading: &mut Reading<'_>,
    _permit: Permit,
    entry: &Entry,
    id: PortfolioCommentId,
) -> Result<Option<Commented>, Trouble> {
    let found: Option<Row> = reading.first(comments_with!(c::id.eq(bind(id)).and(c::entry_id.eq(bind(entry.id)))))?;
    found.map(commented).transpose()
}

/// Says something of an entry, as it is read now.
///
/// # Errors
/// [`Trouble::Overtaken`] where the entry changed meanwhile.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, entry: &Entry, new: &Told<Comment>) -> Result<(), Trouble> {
    let comment = &new.thing;
    let mut pen = writing.tell(permit, new.event.clone());
    // Who takes it back at this moment does so before or after: nobody comments on what is gone.
    entries::hold(&mut pen, entry)?;
    pen.execute(diesel::insert_into(c::table).values((
        c::id.eq(bind(comment.id)),
        c::student_id.eq(bind(entry.student_id)),
        c::entry_id.eq(bind(entry.id)),
        c::author_id.eq(bind(comment.author_id)),
        c::body.eq(comment.text.as_str()),
        c::created_at.eq(bind(comment.created_at)),
    )))
    .map(drop)
}

/// Takes a comment away.
///
/// # Errors
/// [`Trouble::Overtaken`] where it is gone already.
pub fn delete(writing: &mut Writing<'_>, permit: Permit, withdrawn: &Told<Comment>) -> Result<(), Trouble> {
    writing.tell(permit, withdrawn.event.clone()).change_one(diesel::delete(c::table.filter(c::id.eq(bind(withdrawn.thing.id)))))
}
