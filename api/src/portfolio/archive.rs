//! All of a portfolio to take along (PF-6): made while it is sent, page by page, so that neither its size nor its making weighs
//! on anyone.

mod conversations;
mod lwps;
mod page;
mod rounds;

use std::collections::HashMap;
use std::io::{self, Read, Seek, Write};

use actix_web::web::{self, Bytes};
use domain::access::Action;
use domain::access::Unit;
use domain::evidence::Evidence;
use domain::kernel::{Instant, KernelFault, PortfolioEntryId, StudentId};
use domain::portfolio::{Entry, ShareWith};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use persistence::organisation;
use persistence::portfolio::comments::{self, Commented};
use persistence::portfolio::entries::{self, EarlierVersion};
use persistence::portfolio::evidence;
use persistence::portfolio::shares::{self, SharedWith};
use persistence::{Listed, Page, Reading, Trouble};
use serde_json::{Value, json};

use self::page::Shown;
use super::evidence::EvidenceView;
use super::views::{PortfolioCommentView, PortfolioEntryVersionView, PortfolioEntryView, PortfolioShareView};
use crate::files::packing::{Deflating, Item, NobodyThere, Packing};
use crate::files::{Arriving, FileTrouble};
use crate::http::content::{Labelled, nothing};
use crate::http::{At, Caller, Content, HeadAlone, Problem, Served};

/// The schema of each entry's JSON, which goes along.
pub const SCHEMA: &str = include_str!("../../../openapi/portfolio-archive-entry.schema.json");
const SCHEMA_NAME: &str = "portfolio-archive-entry.schema.json";
/// How many entries are read at once.
const ENTRIES: usize = 10;

/// An archive as it is fetched.
pub struct ArchiveFile;

impl Served for ArchiveFile {
    fn media_types() -> Vec<&'static str> {
        vec!["application/zip"]
    }
}

pub async fn take_along(
    caller: Caller,
    At(student): At<StudentId>,
    HeadAlone(head): HeadAlone,
) -> Result<Content<ArchiveFile>, Problem> {
    let (owner, _) = caller
        .read(move |reading| {
            Ok(persistence::students::find_name(reading, student)?
                .ok_or(KernelFault::Absent)?
                .permit(Action::TakePortfolioAlong)?)
        })
        .await?;
    let now = caller.service.now();
    let name = owner.called();
    let file = format!("portfolio-{}.zip", domain::kernel::time::date_at(now));
    let label = Labelled { media_type: "application/zip", name: &file };
    if head {
        return Ok(Content::made(&label, nothing()));
    }
    let (packing, sent) = Packing::begin();
    // It ends by itself when nobody takes any more of it.
    actix_web::rt::spawn(Making { caller, student, name, now }.run(packing));
    Ok(Content::made(&label, sent))
}

/// Why the making stops.
enum Stopped {
    NobodyThere,
    Failed(FileTrouble),
}

impl From<NobodyThere> for Stopped {
    fn from(_: NobodyThere) -> Self {
        Self::NobodyThere
    }
}
impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::Failed(FileTrouble::Away(problem.to_string()))
    }
}
impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.into())
    }
}
impl From<FileTrouble> for Stopped {
    fn from(trouble: FileTrouble) -> Self {
        Self::Failed(trouble)
    }
}

/// An entry with all that belongs to it.
struct Whole {
    entry: Entry,
    view: PortfolioEntryView,
    versions: Vec<EarlierVersion>,
    comments: Vec<Commented>,
    shares: Vec<SharedWith>,
    /// With whom it is shared at this moment.
    shared: Vec<String>,
    files: Vec<Evidence>,
}

struct Making {
    caller: Caller,
    student: StudentId,
    name: String,
    now: Instant,
}

impl Making {
    async fn run(self, mut packing: Packing) {
        match self.pack(&mut packing).await {
            Ok(()) => drop(packing.finish().await),
            Err(Stopped::NobodyThere) => {}
            Err(Stopped::Failed(trouble)) => {
                tracing::warn!(%trouble, "an archive was broken off");
                packing.fail(trouble).await;
            }
        }
    }

    async fn pack(&self, packing: &mut Packing) -> Result<(), Stopped> {
        let folder = self.caller.service.files.arriving().to_owned();
        let mut told = on_disk(move || Arriving::begin(&folder)).await?;
        packing.add_text(&Item { name: SCHEMA_NAME, changed_at: self.now }, SCHEMA.as_bytes()).await?;
        packing.add_text(&Item { name: lwps::SCHEMA_NAME, changed_at: self.now }, lwps::SCHEMA.as_bytes()).await?;
        packing.add_text(&Item { name: rounds::SCHEMA_NAME, changed_at: self.now }, rounds::SCHEMA.as_bytes()).await?;
        let schema = conversations::SCHEMA.as_bytes();
        packing.add_text(&Item { name: conversations::SCHEMA_NAME, changed_at: self.now }, schema).await?;
        let (mut contents, mut packed, mut number) = (page::Contents::default(), HashMap::new(), 0);
        // Which there are is known at once: what changes meanwhile comes neither twice nor never.
        for ids in self.all_entries().await?.chunks(ENTRIES) {
            for whole in self.some(ids.to_vec()).await? {
                number += 1;
                let shown = self.pack_one(packing, whole, number).await?;
                contents.note(&shown);
                packed.insert(shown.entry.id, (number, shown.entry.content.title.clone()));
                told = on_disk(move || told.write_all(shown.article().as_bytes()).map(|()| told)).await?;
            }
        }
        for (id, number) in self.all_lwps().await?.into_iter().zip(1..) {
            let Some(lwp) = self.lwp(id).await? else { continue };
            let article = self.pack_lwp(packing, &lwp, number, &packed).await?;
            contents.note_lwp(number, &lwp);
            told = on_disk(move || told.write_all(article.as_bytes()).map(|()| told)).await?;
        }
        for (id, number) in self.all_rounds().await?.into_iter().zip(1..) {
            let Some(round) = self.round(id).await? else { continue };
            let article = self.pack_round(packing, &round, number).await?;
            contents.note_round(number, &round);
            told = on_disk(move || told.write_all(article.as_bytes()).map(|()| told)).await?;
        }
        for (id, number) in self.all_conversations().await?.into_iter().zip(1..) {
            let Some((line, article)) = self.pack_conversation(packing, id, number).await? else { continue };
            contents.note_conversation(line);
            told = on_disk(move || told.write_all(article.as_bytes()).map(|()| told)).await?;
        }
        self.pack_what_followed(packing).await?;
        let (folder, head) = (self.caller.service.files.arriving().to_owned(), contents.head(&self.name, self.now));
        let (sum, size, mut index) = on_disk(move || {
            let mut told = told.done().into_file();
            told.rewind()?;
            let mut index = Deflating::begin(&folder)?;
            index.write_all(head.as_bytes())?;
            io::copy(&mut told, &mut index)?;
            index.write_all(page::FOOT.as_bytes())?;
            index.done()
        })
        .await?;
        let packed = usize::try_from(index.size).map_err(|_| NobodyThere)?;
        index.rewind()?;
        let item = Item { name: "index.html", changed_at: self.now };
        Ok(packing.add_deflated(&item, sum, size, chunks(index.into_file()), packed).await?)
    }

    async fn all_entries(&self) -> Result<Vec<PortfolioEntryId>, Problem> {
        let student = self.student;
        self.caller
            .read(move |reading| {
                let owner = persistence::students::find_name(reading, student)?.ok_or(KernelFault::Absent)?;
                let (_, permit) = owner.permit(Action::TakePortfolioAlong)?;
                entries::newest_first(reading, permit, student)
            })
            .await
    }

    /// These entries but for those that were withdrawn, each as one moment shows it.
    async fn some(&self, ids: Vec<PortfolioEntryId>) -> Result<Vec<Whole>, Problem> {
        let now = self.now;
        self.caller
            .read(move |reading| {
                let whole = ids.iter().filter_map(|id| whole(reading, *id, now).transpose());
                whole.collect()
            })
            .await
    }

    /// Packs one entry: its files and its JSON. What of it stands in the index is answered.
    async fn pack_one(&self, packing: &mut Packing, whole: Whole, number: u32) -> Result<Shown, Stopped> {
        let Whole { entry, view, versions, comments, shares, shared, files } = whole;
        let mut packed = Vec::new();
        for (file, place) in files.into_iter().zip(1u32..) {
            // A name of its own says nothing and does on every system; what it was called stands in the page and the JSON.
            let ending = file.file.kind.endings().first().copied().unwrap_or_default();
            let path = format!("bestanden/{number:04}-{place:02}.{ending}");
            let there = self.pack_file(packing, &file, &path).await?;
            packed.push((there.then_some(path), file));
        }
        let listed: Vec<Value> = packed.iter().map(|(path, file)| told_file(path.as_deref(), file)).collect();
        let mut json = json!(view);
        if let Some(members) = json.as_object_mut() {
            // Whose it is says the archive, and what one may do with it there nobody can say here.
            members.retain(|name, _| !matches!(name.as_str(), "student" | "mayComment"));
            let of_now = |shared| PortfolioShareView::of(shared, self.now);
            members
                .insert("versions".into(), json!(versions.into_iter().map(PortfolioEntryVersionView::from).collect::<Vec<_>>()));
            members.insert("shares".into(), json!(shares.into_iter().map(of_now).collect::<Vec<_>>()));
            members.insert("files".into(), Value::Array(listed));
        }
        let said: Vec<_> = comments.iter().map(page::said).collect();
        json["comments"] = json!(comments.into_iter().map(PortfolioCommentView::from).collect::<Vec<_>>());
        let path = format!("items/{number:04}.json");
        let text = serde_json::to_vec_pretty(&json).map_err(|error| FileTrouble::Away(error.to_string()))?;
        packing.add_text(&Item { name: &path, changed_at: entry.changed_at }, &text).await?;
        Ok(Shown { number, entry, shared, said, files: packed })
    }

    /// Packs a file; answers whether it was there. One that was lost is no reason to withhold all others.
    async fn pack_file(&self, packing: &mut Packing, evidence: &Evidence, path: &str) -> Result<bool, Stopped> {
        let size = u32::try_from(evidence.file.size).map_err(|_| NobodyThere)?;
        let sent = match self.caller.service.files.read(evidence.id, 0..u64::from(size)).await {
            Ok(sent) => sent,
            Err(FileTrouble::Gone(name)) => {
                tracing::error!(name, "a file is missing");
                return Ok(false);
            }
            Err(trouble) => return Err(trouble.into()),
        };
        let item = Item { name: path, changed_at: evidence.created_at };
        packing.add_file(&item, evidence.file.crc32, size, sent).await?;
        Ok(true)
    }
}

fn whole(reading: &mut Reading<'_>, id: PortfolioEntryId, now: Instant) -> Result<Option<Whole>, Trouble> {
    let Some(kept) = entries::find(reading, id)? else { return Ok(None) };
    let seen = kept.read(Action::TakePortfolioAlong)?;
    let (permit, entry) = (seen.permit, seen.thing.entry.clone());
    let shares = all(|page| shares::list(reading, permit, &entry, page), |row| row.share.id)?;
    let mut shared = Vec::new();
    for held in shares.iter().filter(|held| held.share.until_at.is_none_or(|until| until > now)) {
        let team = match held.share.with {
            ShareWith::Team(id) => {
                let permit = reading.actor().permit(Action::ReadTeam, Unit::Institution)?;
                organisation::find_team(reading, permit, id)?
            }
            ShareWith::Person(_) | ShareWith::Role(_) => None,
        };
        shared.push(page::shared_with(held, team.as_ref()));
    }
    Ok(Some(Whole {
        view: seen.into(),
        versions: all(|page| entries::earlier_versions(reading, permit, &entry, page), |row| row.version)?,
        comments: all(|page| comments::list(reading, permit, &entry, page), |row| row.comment.id)?,
        files: all(|page| evidence::list(reading, permit, &entry, page), |row| row.id)?,
        shares,
        shared,
        entry,
    }))
}

fn told_file(path: Option<&str>, file: &Evidence) -> Value {
    let mut told = json!(EvidenceView::from(file.clone()));
    told["path"] = json!(path);
    told
}

/// Every row of a list, page by page.
fn all<T, P>(mut list: impl FnMut(&Page<P>) -> Result<Listed<T>, Trouble>, place: impl Fn(&T) -> P) -> Result<Vec<T>, Trouble> {
    const AT_ONCE: i64 = 200;
    let (mut rows, mut page) = (Vec::new(), Page::first(AT_ONCE));
    loop {
        let mut found = list(&page)?.rows;
        let more = i64::try_from(found.len()).is_ok_and(|found| found > AT_ONCE);
        found.truncate(usize::try_from(AT_ONCE).unwrap_or(usize::MAX));
        page.after = found.last().map(&place);
        rows.extend(found);
        if !more {
            return Ok(rows);
        }
    }
}

async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, FileTrouble> {
    Ok(web::block(work).await.map_err(|_| FileTrouble::Away("no thread".to_owned()))??)
}

/// A file from where it stands, bit by bit.
fn chunks(file: std::fs::File) -> BoxStream<'static, Result<Bytes, FileTrouble>> {
    const AT_ONCE: u64 = 64 * 1024;
    let next = |mut file: std::fs::File| async move {
        let read = on_disk(move || {
            let mut bytes = Vec::new();
            Read::by_ref(&mut file).take(AT_ONCE).read_to_end(&mut bytes)?;
            Ok((bytes, file))
        });
        let (bytes, file) = read.await?;
        Ok((!bytes.is_empty()).then(|| (Bytes::from(bytes), file)))
    };
    stream::try_unfold(file, next).boxed()
}

#[cfg(test)]
mod tests {
    use domain::kernel::Word;

    use super::*;

    #[test]
    fn every_page_of_a_list_is_taken() {
        let list = |page: &Page<i64>| {
            let after = page.after.unwrap_or(0);
            let rows: Vec<i64> = (after + 1..=450).take(usize::try_from(page.rows_to_read()).unwrap()).collect();
            Ok(Listed { rows, total: None })
        };
        assert_eq!(all(list, |row| *row).unwrap(), (1..=450).collect::<Vec<_>>());
    }

    #[test]
    fn the_schema_of_an_entry_is_one() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        assert!(jsonschema::validator_for(&schema).is_ok());
        assert_eq!(schema["properties"]["area"]["enum"].as_array().unwrap().len(), domain::portfolio::EntryArea::ALL.len());
    }
}
