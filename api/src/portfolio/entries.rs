//! What a student keeps: made, read, changed and withdrawn.

use chrono::NaiveDate;
use domain::access::{Action, Seen};
use domain::kernel::{Findings, KernelFault, Line, PortfolioEntryId, StudentId};
use domain::portfolio::{
    Entry, EntryArea, EntryContent, EntryKind, EntryPatch, EntryVisibility, Link, LinkKind, PortfolioFault, Tag,
};
use persistence::portfolio::entries::{self as rows, AfterEntry, EntryFilter, Kept};
use persistence::{Listed, Reading, Trouble};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::views::{PortfolioEntryVersionView, PortfolioEntryView};
use crate::http::{Answer, At, Body, Caller, Everything, IfMatch, List, Listing, Nothing, Outcome, Paged, Problem};

/// Which entries.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhichEntries {
    #[serde(default)]
    area: Option<EntryArea>,
    #[serde(default)]
    kind: Option<EntryKind>,
    #[serde(default)]
    visibility: Option<EntryVisibility>,
    /// With this tag; capitals and accents do not matter.
    #[serde(default)]
    tag: Option<Tag>,
    /// Linked to a thing of this kind, named by linkId.
    #[serde(default)]
    link_kind: Option<LinkKind>,
    /// Linked to this thing, of the kind linkKind.
    #[serde(default)]
    #[schema(value_type = Option<PortfolioEntryId>)]
    link_id: Option<Uuid>,
    /// Dated on this day or later.
    #[serde(default)]
    from: Option<NaiveDate>,
    /// Dated on this day or before.
    #[serde(default)]
    until: Option<NaiveDate>,
    /// With all of these words (the first eight that count) in title, text or tags, in whatever form they stand there in Dutch: the best first.
    #[serde(default)]
    q: Option<Line>,
}

impl WhichEntries {
    fn filter(self, student_id: Option<StudentId>) -> Result<EntryFilter, Problem> {
        let mut found = Findings::default();
        found.note(self.link_kind.is_none() && self.link_id.is_some(), "?linkKind", PortfolioFault::LinkHalf).note(
            self.link_kind.is_some() && self.link_id.is_none(),
            "?linkId",
            PortfolioFault::LinkHalf,
        );
        found.settle()?;
        let Self { area, kind, visibility, tag, link_kind, link_id, from, until, q } = self;
        let q = q.map(Line::into_string);
        let link = link_kind.zip(link_id).map(|(kind, id)| Link { kind, id });
        Ok(EntryFilter { student_id, area, kind, visibility, tag, link, from, until, q })
    }
}

fn absent() -> Trouble {
    KernelFault::Absent.into()
}

/// The entry, for who may read it now.
pub fn entry(reading: &mut Reading<'_>, id: PortfolioEntryId) -> Result<Seen<Kept>, Trouble> {
    Ok(rows::find(reading, id)?.ok_or_else(absent)?.read(Action::ReadEntry)?)
}

fn answer(seen: Seen<Kept>) -> Result<Answer<PortfolioEntryView>, Trouble> {
    let version = seen.thing.entry.version;
    Answer::at_version(&seen.into(), version)
}

fn page_of(
    reading: &mut Reading<'_>,
    filter: &EntryFilter,
    page: &Paged<AfterEntry>,
) -> Result<Listing<PortfolioEntryView>, Trouble> {
    let found =
        rows::list(reading, filter, page)?.try_map(|row| Ok::<_, Trouble>((row.fit, row.kept.read(Action::ReadEntry)?)))?;
    Answer::page(found, page, |(fit, seen)| (*fit, seen.thing.entry.id), |(_, seen)| Ok(seen.into()))
}

pub async fn list_all(caller: Caller, list: List<WhichEntries>) -> Result<Listing<PortfolioEntryView>, Problem> {
    let page = list.page()?;
    let filter = list.filter.filter(None)?;
    caller.read(move |reading| page_of(reading, &filter, &page)).await
}

pub async fn list_of_student(
    caller: Caller,
    At(student): At<StudentId>,
    list: List<WhichEntries>,
) -> Result<Listing<PortfolioEntryView>, Problem> {
    let page = list.page()?;
    let filter = list.filter.filter(Some(student))?;
    caller
        .read(move |reading| {
            persistence::students::find_name(reading, student)?.ok_or_else(absent)?.permit(Action::ReadPortfolio)?;
            page_of(reading, &filter, &page)
        })
        .await
}

pub async fn create(
    caller: Caller,
    At(student): At<StudentId>,
    Body(content): Body<EntryContent>,
) -> Outcome<PortfolioEntryView> {
    caller
        .change(move |writing| {
            let owner = persistence::students::find_name(writing, student)?.ok_or_else(absent)?.read(Action::ReadPortfolio)?;
            let permit = owner.permit(Action::CreateEntry)?;
            let targets = rows::targets(writing, permit, student, &content.links)?;
            let told = Entry::keep(student, content.clone(), &targets, writing.now())?;
            rows::insert(writing, permit, &told, None)?;
            let (location, version) = (format!("/portfolio-entries/{}", told.thing.id), told.thing.version);
            let kept = owner.with(Kept { entry: told.thing, student: owner.thing.clone() });
            Answer::created(&location, &kept.into(), version)
        })
        .await
}

pub async fn get(caller: Caller, At(id): At<PortfolioEntryId>) -> Outcome<PortfolioEntryView> {
    caller.read(move |reading| answer(entry(reading, id)?)).await
}

pub async fn update(
    caller: Caller,
    At(id): At<PortfolioEntryId>,
    version: IfMatch,
    Body(patch): Body<EntryPatch>,
) -> Outcome<PortfolioEntryView> {
    caller
        .change(move |writing| {
            let seen = entry(writing, id)?;
            let permit = seen.permit(Action::UpdateEntry)?;
            let before = &seen.thing.entry;
            version.check(before.version)?;
            let content = before.patched(patch.clone());
            if content == before.content {
                return answer(seen);
            }
            let targets = rows::targets(writing, permit, before.student_id, &content.links)?;
            let change = before.change(content, &targets, writing.now())?;
            rows::change(writing, permit, before, &change)?;
            answer(seen.with(Kept { entry: change.entry.thing, student: seen.thing.student.clone() }))
        })
        .await
}

pub async fn withdraw(caller: Caller, At(id): At<PortfolioEntryId>, version: IfMatch) -> Outcome<Nothing> {
    caller
        .change(move |writing| {
            let seen = entry(writing, id)?;
            let permit = seen.permit(Action::WithdrawEntry)?;
            let before = &seen.thing.entry;
            version.check(before.version)?;
            rows::withdraw(writing, permit, before, &before.withdraw(writing.now()))?;
            Ok(Answer::nothing())
        })
        .await
}

pub async fn list_versions(
    caller: Caller,
    At(id): At<PortfolioEntryId>,
    list: List<Everything>,
) -> Result<Listing<PortfolioEntryVersionView>, Problem> {
    let page = list.page::<i64>()?;
    caller
        .read(move |reading| {
            let (Kept { entry, .. }, permit) = rows::find(reading, id)?.ok_or_else(absent)?.permit(Action::ReadEntryVersions)?;
            let Listed { mut rows, total } = rows::earlier_versions(reading, permit, &entry, &page)?;
            // The last version is the entry itself, which comes after all that were before.
            let last = i64::try_from(rows.len()).is_ok_and(|read| read < page.rows_to_read());
            if last && page.after.is_none_or(|after| after < entry.version) {
                let Entry { version, content, changed_at, .. } = entry;
                rows.push(rows::EarlierVersion { version, content, changed_at });
            }
            let listed = Listed { rows, total: total.map(|earlier| earlier + 1) };
            Answer::page(listed, &page, |version| version.version, |version| Ok(version.into()))
        })
        .await
}
