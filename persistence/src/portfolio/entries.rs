//! Entries: what a student keeps, what it was before, and what it is linked to.

use chrono::NaiveDate;
use diesel::IntoSql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::access::{Action, Guarded, Permit};
use domain::kernel::{Id, Instant, PortfolioEntryId, PublicationStateName, RegistrationId, StudentId, Told};
use domain::portfolio::{
    Change, Entry, EntryArea, EntryContent, EntryKind, EntryVisibility, Link, LinkKind, Tag, Target, folded_tag,
};

use super::text;
use crate::access::Name;
use crate::columns::{Json, bind};
use crate::page::{Listed, Page};
use crate::relations::{self, AnyEntry, OfEntry};
use crate::schema::{
    conversations, goals, lwp_assignments, lwps, people, portfolio_entries as e, portfolio_entry_links as links,
    portfolio_entry_versions as versions, portfolio_search as words, portfolio_search_rows as numbers, students, work_processes,
};
use crate::search::{self, Index, Question};
use crate::session::{Pen, Reading, Writing};
use crate::spelling::{among, given};
use crate::trouble::Trouble;

/// An entry, with whose it is.
#[derive(Clone, Debug)]
pub struct Kept {
    pub entry: Entry,
    pub student: Name,
}

/// What an entry was before it was changed.
#[derive(Clone, Debug)]
pub struct EarlierVersion {
    pub version: i64,
    pub content: EntryContent,
    /// When it became that.
    pub changed_at: Instant,
}

/// Which entries: those that fit all that is given.
#[derive(Clone, Debug, Default)]
pub struct EntryFilter {
    pub student_id: Option<StudentId>,
    pub area: Option<EntryArea>,
    pub kind: Option<EntryKind>,
    pub visibility: Option<EntryVisibility>,
    pub tag: Option<Tag>,
    pub link: Option<Link>,
    /// Dated on this day or later.
    pub from: Option<NaiveDate>,
    /// Dated on this day or before.
    pub until: Option<NaiveDate>,
    /// With all of these words, in whatever form.
    pub q: Option<String>,
}

/// Where a list goes on: how well the last entry fits what was asked, and its id.
pub type AfterEntry = (i64, PortfolioEntryId);

type Said = (EntryArea, EntryKind, String, String, EntryVisibility, Option<NaiveDate>, Json<Vec<Tag>>, Json<Vec<Link>>);
type Row = ((PortfolioEntryId, StudentId, i64), Said, (Instant, Instant), Name, Option<String>);
type FoundRow = (Row, i64);

fn content((area, kind, title, body, visibility, occurred_on, Json(tags), Json(links)): Said) -> Result<EntryContent, Trouble> {
    Ok(EntryContent { area, kind, title: text(&title)?, body: text(&body)?, visibility, occurred_on, tags, links })
}

fn kept(((id, student_id, version), said, (created_at, changed_at), student, mine): Row) -> Result<Guarded<Kept>, Trouble> {
    let entry = Entry { id, student_id, version, content: content(said)?, created_at, changed_at };
    Ok(Guarded::new(Kept { entry, student }, relations::read(mine)))
}

/// Entries that were not withdrawn, with whose they are and the caller's relations to each: what is read in every way.
macro_rules! kept_with {
    ($reading:expr, $such:expr $(, $more:expr)?) => {{
        let mine = relations::of($reading, e::student_id, OfEntry(e::id, e::visibility));
        $such.select((
            (
                (e::id, e::student_id, e::version),
                (e::area, e::kind, e::title, e::body, e::visibility, e::occurred_on, e::tags, e::links),
                (e::created_at, e::changed_at),
                (people::id, people::given_name, people::family_name_prefix, people::family_name),
                mine,
            ),
            $($more,)?
        ))
    }};
}

/// The row of an entry, where it is still what was read.
macro_rules! as_read {
    ($entry:expr) => {
        e::table
            .filter(e::student_id.eq(bind($entry.student_id)))
            .filter(e::id.eq(bind($entry.id)))
            .filter(e::version.eq($entry.version))
            .filter(e::withdrawn_at.is_null())
    };
}

/// An entry that was not withdrawn.
///
/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, id: PortfolioEntryId) -> Result<Option<Guarded<Kept>>, Trouble> {
    let this = e::table
        .inner_join(people::table.on(people::id.eq(e::student_id)))
        .filter(e::id.eq(bind(id)))
        .filter(e::withdrawn_at.is_null());
    let found: Option<(Row,)> = reading.first(kept_with!(reading, this))?;
    found.map(|(row,)| kept(row)).transpose()
}

/// An entry in a list, with how well it fits what was asked; 0 where nothing was.
#[derive(Clone, Debug)]
pub struct Listing {
    pub kept: Guarded<Kept>,
    pub fit: i64,
}

/// The entries that the caller may read: of those that are searched the best first, then the newest.
///
/// # Errors
/// Only what the database ends in.
pub fn list(reading: &mut Reading<'_>, filter: &EntryFilter, page: &Page<AfterEntry>) -> Result<Listed<Listing>, Trouble> {
    let tagged = format!("%\n{}\n%", escaped(&filter.tag.as_ref().map_or_else(String::new, |tag| folded_tag(tag.as_str()))));
    let link = filter.link.unwrap_or(Link { kind: LinkKind::Lwp, id: PortfolioEntryId::FIRST.uuid() });
    let linked = diesel::dsl::exists(
        links::table
            .filter(links::student_id.eq(e::student_id))
            .filter(links::entry_id.eq(e::id))
            .filter(links::kind.eq(bind(link.kind)))
            .filter(links::target_id.eq(bind(link.target::<()>()))),
    );
    let question = question(reading, filter)?;
    let few = question.as_ref().is_some_and(Question::is_within_few);
    let readable = relations::readable(reading, filter.student_id, e::student_id, e::id, e::visibility).of_few(few);
    let fit = search::fit(INDEX, e::id, question.as_ref());
    let such = e::table
        .inner_join(people::table.on(people::id.eq(e::student_id)))
        .filter(readable)
        .filter(search::found(INDEX, e::id, question.as_ref()))
        .filter(e::withdrawn_at.is_null())
        .filter(given(filter.area.is_none()).or(e::area.eq(bind(filter.area.unwrap_or(EntryArea::Learning)))))
        .filter(given(filter.kind.is_none()).or(e::kind.eq(bind(filter.kind.unwrap_or(EntryKind::Reflection)))))
        .filter(
            given(filter.visibility.is_none()).or(e::visibility.eq(bind(filter.visibility.unwrap_or(EntryVisibility::Private)))),
        )
        .filter(given(filter.tag.is_none()).or(e::sought_tags.like(tagged).escape('\\')))
        .filter(given(filter.link.is_none()).or(linked))
        .filter(given(filter.from.is_none()).or(e::dated_on.ge(filter.from.unwrap_or_default())))
        .filter(given(filter.until.is_none()).or(e::dated_on.le(filter.until.unwrap_or_default())));
    let total = reading.total(page, &such)?;
    let (fitting, id) = page.after.unwrap_or((0, PortfolioEntryId::FIRST));
    let rows: Vec<FoundRow> = if question.is_some() {
        let worse = fit.clone().lt(fitting).or(fit.clone().eq(fitting).and(e::id.lt(bind(id))));
        let shown = such
            .filter(given(page.after.is_none()).or(worse))
            .order((fit.clone().desc(), e::id.desc()))
            .limit(page.rows_to_read());
        reading.load(kept_with!(reading, shown, fit))?
    } else {
        let older = given(page.after.is_none()).or(e::id.lt(bind(id)));
        let shown = such.filter(older).order(e::id.desc()).limit(page.rows_to_read());
        reading.load(kept_with!(reading, shown, fit))?
    };
    Listed { rows, total }.try_map(|(row, fit)| Ok(Listing { kept: kept(row)?, fit }))
}

/// All entries of a student, the newest first by the day that each is of.
///
/// # Errors
/// Only what the database ends in.
pub fn newest_first(reading: &mut Reading<'_>, _permit: Permit, student: StudentId) -> Result<Vec<PortfolioEntryId>, Trouble> {
    let such = e::table.filter(e::student_id.eq(bind(student))).filter(e::withdrawn_at.is_null());
    reading.load(such.order((e::dated_on.desc(), e::id.desc())).select(e::id))
}

/// What is asked, within what the caller could find at all where that is little.
fn question(reading: &mut Reading<'_>, filter: &EntryFilter) -> Result<Option<Question>, Trouble> {
    // A coach has some twenty-five. Whoever has to do with more than these looks through all of the college that has the words.
    const FEW: i64 = 400;
    let Some(words) = &filter.q else { return Ok(None) };
    if let Some(student) = filter.student_id {
        return Ok(Some(Question::of(words).among(Some(vec![student.uuid()]))));
    }
    let within = relations::may(reading, Action::ReadEntry, students::id, AnyEntry);
    let owners: Vec<StudentId> = reading.load(students::table.filter(within).select(students::id).limit(FEW + 1))?;
    let few = i64::try_from(owners.len()).is_ok_and(|owners| owners <= FEW);
    Ok(Some(Question::of(words).among(few.then(|| owners.into_iter().map(StudentId::uuid).collect()))))
}

/// A text as part of a pattern with `\\` as escape.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// The versions of an entry before the one that it is, the first first (PF-3).
///
/// # Errors
/// Only what the database ends in.
pub fn earlier_versions(
    reading: &mut Reading<'_>,
    _permit: Permit,
    entry: &Entry,
    page: &Page<i64>,
) -> Result<Listed<EarlierVersion>, Trouble> {
    let such =
        versions::table.filter(versions::student_id.eq(bind(entry.student_id))).filter(versions::entry_id.eq(bind(entry.id)));
    let total = reading.total(page, &such)?;
    let rows: Vec<(i64, Said, Instant)> = reading.load(
        such.filter(versions::version.gt(page.after.unwrap_or(0))).order(versions::version).limit(page.rows_to_read()).select((
            versions::version,
            (
                versions::area,
                versions::kind,
                versions::title,
                versions::body,
                versions::visibility,
                versions::occurred_on,
                versions::tags,
                versions::links,
            ),
            versions::changed_at,
        )),
    )?;
    let earlier = |(version, said, changed_at)| Ok(EarlierVersion { version, content: content(said)?, changed_at });
    Listed { rows, total }.try_map(earlier)
}

/// What is known of the targets of these links of a student, in their order.
///
/// # Errors
/// Only what the database ends in.
pub fn targets(reading: &mut Reading<'_>, _permit: Permit, student: StudentId, links: &[Link]) -> Result<Vec<Target>, Trouble> {
    let of_kind = |kind| links.iter().filter(move |link| link.kind == kind).map(Link::target::<()>).collect::<Vec<_>>();
    let (processes, library, assigned) =
        (of_kind(LinkKind::WorkProcess), of_kind(LinkKind::Lwp), of_kind(LinkKind::LwpAssignment));
    let mut known: Vec<Id<()>> = Vec::new();
    if !processes.is_empty() {
        let these = work_processes::table.filter(among(work_processes::id, processes));
        known.extend(reading.load::<Id<()>, _>(these.select(work_processes::id))?);
    }
    known.extend(own_conversations(reading, student, of_kind(LinkKind::Conversation), of_kind(LinkKind::Goal))?);
    if !assigned.is_empty() {
        let own = lwp_assignments::student_id.eq(bind(reading.person()?.student()));
        let these = lwp_assignments::table.filter(among(lwp_assignments::id, assigned)).filter(own);
        known.extend(reading.load::<Id<()>, _>(these.select(lwp_assignments::id))?);
    }
    if !library.is_empty() {
        // What a team is still writing is no one else's to refer to.
        let these = lwps::table.filter(among(lwps::id, library)).filter(lwps::state.ne(bind(PublicationStateName::Draft)));
        known.extend(reading.load::<Id<()>, _>(these.select(lwps::id))?);
    }
    let target = |link: &Link| match link.kind {
        LinkKind::Competence => Target::NotYet,
        LinkKind::WorkProcess | LinkKind::Lwp | LinkKind::LwpAssignment | LinkKind::Conversation | LinkKind::Goal => {
            if known.contains(&link.target()) { Target::Known } else { Target::Unknown }
        }
    };
    Ok(links.iter().map(target).collect())
}

/// Those of these that are the student's own conversations and goals.
fn own_conversations(
    reading: &mut Reading<'_>,
    student: StudentId,
    talks: Vec<Id<()>>,
    aims: Vec<Id<()>>,
) -> Result<Vec<Id<()>>, Trouble> {
    let mut known = Vec::new();
    if !talks.is_empty() {
        let these = conversations::table.filter(conversations::student_id.eq(bind(student)));
        known.extend(reading.load::<Id<()>, _>(these.filter(among(conversations::id, talks)).select(conversations::id))?);
    }
    if !aims.is_empty() {
        let these = goals::table.filter(goals::student_id.eq(bind(student))).filter(among(goals::id, aims));
        known.extend(reading.load::<Id<()>, _>(these.select(goals::id))?);
    }
    Ok(known)
}

/// Tags as a filter compares them.
fn sought_tags(tags: &[Tag]) -> String {
    tags.iter().map(|tag| format!("\n{}\n", folded_tag(tag.as_str()))).collect()
}

/// Puts a new entry into the portfolio; `from` is the experience at orientation that it was (IN-2).
///
/// # Errors
/// Only what the database ends in.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, new: &Told<Entry>, from: Option<RegistrationId>) -> Result<(), Trouble> {
    let (entry, said) = (&new.thing, &new.thing.content);
    let mut pen = writing.tell(permit, new.event.clone());
    pen.execute(diesel::insert_into(e::table).values((
        e::student_id.eq(bind(entry.student_id)),
        e::id.eq(bind(entry.id)),
        e::area.eq(bind(said.area)),
        e::kind.eq(bind(said.kind)),
        e::title.eq(said.title.as_str()),
        e::body.eq(said.body.as_str()),
        e::visibility.eq(bind(said.visibility)),
        e::occurred_on.eq(said.occurred_on),
        e::dated_on.eq(entry.dated_on()),
        e::tags.eq(bind(Json(said.tags.clone()))),
        e::sought_tags.eq(sought_tags(&said.tags)),
        e::links.eq(bind(Json(said.links.clone()))),
        e::registration_id.eq(bind(from)),
        e::version.eq(entry.version),
        e::created_at.eq(bind(entry.created_at)),
        e::changed_at.eq(bind(entry.changed_at)),
    )))?;
    insert_words(&mut pen, entry)?;
    insert_links(&mut pen, entry)
}

/// Where an entry's words are searched.
const INDEX: Index = Index { words: "portfolio_search", rows: "portfolio_search_rows", id: "entry_id" };

/// What search compares of an entry.
fn words_of(entry: &Entry) -> String {
    let said = &entry.content;
    let headings = std::iter::once(said.title.as_str()).chain(said.tags.iter().map(|tag| tag.as_str()));
    search::kept(Some(entry.student_id.uuid()), headings, [said.body.as_str()])
}

fn insert_words(pen: &mut Pen<'_, '_>, entry: &Entry) -> Result<(), Trouble> {
    pen.execute(
        diesel::insert_into(numbers::table)
            .values((numbers::student_id.eq(bind(entry.student_id)), numbers::entry_id.eq(bind(entry.id)))),
    )?;
    let numbered = numbers::table.filter(numbers::entry_id.eq(bind(entry.id)));
    let row = numbered.select((numbers::number, words_of(entry).into_sql::<Text>()));
    pen.execute(row.insert_into(words::table).into_columns((words::rowid, words::words))).map(drop)
}

/// The row in which search compares an entry.
macro_rules! words_row {
    ($entry:expr) => {
        words::table
            .filter(words::rowid.eq_any(numbers::table.filter(numbers::entry_id.eq(bind($entry.id))).select(numbers::number)))
    };
}

fn insert_links(pen: &mut Pen<'_, '_>, entry: &Entry) -> Result<(), Trouble> {
    if entry.content.links.is_empty() {
        return Ok(());
    }
    let row = |link: &Link| {
        (
            links::student_id.eq(bind(entry.student_id)),
            links::entry_id.eq(bind(entry.id)),
            links::kind.eq(bind(link.kind)),
            links::target_id.eq(bind(link.target::<()>())),
        )
    };
    let rows: Vec<_> = entry.content.links.iter().map(row).collect();
    pen.insert_many(diesel::insert_into(links::table).values(rows)).map(drop)
}

/// An entry after an edit; what it was before is kept beside it (PF-3).
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update(writing: &mut Writing<'_>, permit: Permit, before: &Entry, after: &Told<Entry>) -> Result<(), Trouble> {
    let (entry, said) = (&after.thing, &after.thing.content);
    let mut pen = writing.tell(permit, after.event.clone());
    pen.change_one(diesel::update(as_read!(before)).set((
        e::area.eq(bind(said.area)),
        e::kind.eq(bind(said.kind)),
        e::title.eq(said.title.as_str()),
        e::body.eq(said.body.as_str()),
        e::visibility.eq(bind(said.visibility)),
        e::occurred_on.eq(said.occurred_on),
        e::dated_on.eq(entry.dated_on()),
        e::tags.eq(bind(Json(said.tags.clone()))),
        e::sought_tags.eq(sought_tags(&said.tags)),
        e::links.eq(bind(Json(said.links.clone()))),
        e::version.eq(entry.version),
        e::changed_at.eq(bind(entry.changed_at)),
    )))?;
    keep_version(&mut pen, before)?;
    let stems = words_of(entry);
    if stems != words_of(before) {
        pen.execute(diesel::update(words_row!(entry)).set(words::words.eq(stems)))?;
    }
    if before.content.links != said.links {
        let gone = links::table.filter(links::student_id.eq(bind(entry.student_id))).filter(links::entry_id.eq(bind(entry.id)));
        pen.execute(diesel::delete(gone))?;
        insert_links(&mut pen, entry)?;
    }
    Ok(())
}

fn keep_version(pen: &mut Pen<'_, '_>, before: &Entry) -> Result<(), Trouble> {
    let said = &before.content;
    pen.execute(diesel::insert_into(versions::table).values((
        versions::student_id.eq(bind(before.student_id)),
        versions::entry_id.eq(bind(before.id)),
        versions::version.eq(before.version),
        versions::area.eq(bind(said.area)),
        versions::kind.eq(bind(said.kind)),
        versions::title.eq(said.title.as_str()),
        versions::body.eq(said.body.as_str()),
        versions::visibility.eq(bind(said.visibility)),
        versions::occurred_on.eq(said.occurred_on),
        versions::tags.eq(bind(Json(said.tags.clone()))),
        versions::links.eq(bind(Json(said.links.clone()))),
        versions::changed_at.eq(bind(before.changed_at)),
    )))
    .map(drop)
}

/// An entry that was taken back, and with it all its shares: its rows stay until retention says otherwise, and nobody sees them.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn withdraw(writing: &mut Writing<'_>, permit: Permit, before: &Entry, after: &Told<Entry>) -> Result<(), Trouble> {
    let now = writing.now();
    let mut pen = writing.tell(permit, after.event.clone());
    let gone = (e::withdrawn_at.eq(bind(Some(now))), e::version.eq(after.thing.version));
    pen.change_one(diesel::update(as_read!(before)).set(gone))?;
    pen.execute(diesel::delete(words_row!(before)))?;
    pen.execute(diesel::delete(numbers::table.filter(numbers::entry_id.eq(bind(before.id)))))?;
    super::shares::end_all(writing, permit, before)
}

/// Keeps anyone from changing the entry until the end of this transaction, so that what is decided on it stays true.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub(super) fn hold(pen: &mut Pen<'_, '_>, entry: &Entry) -> Result<(), Trouble> {
    pen.change_one(diesel::update(as_read!(entry)).set(e::version.eq(entry.version)))
}

/// An entry after an edit, and its shares where they end with it.
///
/// # Errors
/// [`Trouble::Overtaken`] where something of it changed meanwhile.
pub fn change(writing: &mut Writing<'_>, permit: Permit, before: &Entry, change: &Change) -> Result<(), Trouble> {
    update(writing, permit, before, &change.entry)?;
    if change.ends_shares { super::shares::end_all(writing, permit, before) } else { Ok(()) }
}
