//! Imports: a file is read whole, taken in one transaction, and reported on row by row; a dry run leaves nothing.

mod roster;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::access::{Action, Permit, Unit};
use domain::central_applications::CentralEvent;
use domain::curriculum::{CurriculumFault, Dossier};
use domain::imports::{ImportKind, ImportReport, REFUSALS, Refused, Tally};
use domain::kernel::{ImportId, Instant, KernelFault, Kind, Refusal};
use persistence::imports::{self as rows, Kept, KeptRefusal};
use persistence::{Asking, Database, Identity, Trouble, Writing};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::http::faults::{self, HttpFault};
use crate::http::language::Language;
use crate::http::{Answer, At, Caller, Everything, List, Listing, Operation, Outcome, Problem, Upload, get, post};
use crate::imports::{Read, applications, dossier};

pub const TAG: &str = "Imports";

pub fn operations() -> Vec<Operation> {
    vec![
        get("/imports", "listImports", "Imports, newest first", list_imports).text("For an administrator; dry runs too."),
        post("/imports", "createImport", "Imports a file", create_import)
            .text("By an administrator. The whole file is read before anything is stored, and stored in one transaction. With dryRun the answer tells what would come of it, and nothing is kept but the report. Importing the same file again changes nothing. A file that is none of its kind (no XML, no known header, a dossier with any fault in it) is 400 and nothing is kept of it: `errors` names every fault at its place, `/file/12/crebo` for line 12. Rows that are wrong in a file of its kind stand in the report. Students of a roster are enrolled provisionally: definitive takes their own motivation (EN-3)."),
        get("/imports/{id}", "getImport", "One import and what came of it", get_import).text("For an administrator."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}

/// What is sent beside the file.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ImportFields {
    /// What sort of file it is.
    kind: ImportKind,
    /// Only tell what would come of it; false unless said.
    #[serde(default)]
    dry_run: Option<bool>,
}

/// An import in a list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportLineView {
    id: ImportId,
    kind: ImportKind,
    /// Nothing was kept.
    dry_run: bool,
    /// Rows that made or changed something; of a dossier, the one.
    taken: u32,
    /// Rows that said what was known.
    unchanged: u32,
    /// Rows of which nothing was taken.
    refused: u32,
    at: DateTime<Utc>,
    #[schema(max_length = 100)]
    link: String,
}

/// What came of an import.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    id: ImportId,
    kind: ImportKind,
    /// Nothing was kept: it tells what would have come of it.
    dry_run: bool,
    /// Rows that made or changed something; of a dossier, the one.
    taken: u32,
    /// Rows that said what was known.
    unchanged: u32,
    /// Rows of which nothing was taken.
    refused: u32,
    /// Every fault in the order of the file; the first thousand.
    #[schema(max_items = 1000)]
    refusals: Vec<RefusalView>,
    at: DateTime<Utc>,
}

/// Something in the file that was not taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefusalView {
    /// From 1; the first line where the whole file is meant.
    line: u32,
    /// The column or element; empty where the row or the file is meant.
    #[schema(max_length = 200)]
    field: String,
    #[schema(max_length = 100)]
    code: String,
    /// How to mend it.
    #[schema(max_length = 1000)]
    detail: String,
}

impl From<Kept> for ImportLineView {
    fn from(kept: Kept) -> Self {
        let Kept { id, kind, dry_run, tally, at, .. } = kept;
        let Tally { taken, unchanged, refused } = tally;
        Self { id, kind, dry_run, taken, unchanged, refused, at, link: format!("/v1/imports/{id}") }
    }
}

fn view(kept: Kept, language: Language) -> ImportView {
    let faults = faults::all();
    let refusal = |KeptRefusal { line, field, code }| {
        let fault = faults.iter().find(|fault| fault.code == code);
        let detail = fault.map(|fault| if language == Language::Nl { fault.nl } else { fault.en });
        RefusalView { line, field, detail: detail.unwrap_or_default().to_owned(), code }
    };
    let Kept { id, kind, dry_run, tally, refusals, at } = kept;
    let Tally { taken, unchanged, refused } = tally;
    let refusals = refusals.into_iter().map(refusal).collect();
    ImportView { id, kind, dry_run, taken, unchanged, refused, refusals, at }
}

/// A file as it was read, ready to be taken.
pub struct File {
    sha256: String,
    content: Content,
}

enum Content {
    Roster(Read<crate::imports::roster::RosterRow>),
    Dossier(Read<Dossier>),
    Applications(Read<CentralEvent>),
}

impl File {
    /// Reads a file of this kind; rows that are wrong in it are refused when it is taken.
    ///
    /// # Errors
    /// Everything that is wrong with a file that is none of its kind.
    pub fn read(kind: ImportKind, bytes: &[u8]) -> Result<Self, Vec<Refused>> {
        let content = match kind {
            ImportKind::Roster => Content::Roster(crate::imports::roster::read(bytes)),
            ImportKind::Dossier => Content::Dossier(dossier::read(bytes)),
            ImportKind::Applications => Content::Applications(applications::read(bytes)),
        };
        let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let file = Self { sha256, content };
        if file.of_its_kind() { Ok(file) } else { Err(file.refused().to_vec()) }
    }

    const fn of_its_kind(&self) -> bool {
        match &self.content {
            Content::Roster(read) => read.of_its_kind,
            Content::Dossier(read) => read.of_its_kind,
            Content::Applications(read) => read.of_its_kind,
        }
    }

    const fn kind(&self) -> ImportKind {
        match self.content {
            Content::Roster(_) => ImportKind::Roster,
            Content::Dossier(_) => ImportKind::Dossier,
            Content::Applications(_) => ImportKind::Applications,
        }
    }

    /// What the reading refused already.
    fn refused(&self) -> &[Refused] {
        match &self.content {
            Content::Roster(read) => &read.refused,
            Content::Dossier(read) => &read.refused,
            Content::Applications(read) => &read.refused,
        }
    }

    fn take(&self, writing: &mut Writing<'_>, permit: Permit) -> Result<(Tally, Vec<Refused>), Trouble> {
        match &self.content {
            Content::Roster(roster) => roster::take(writing, permit, roster),
            Content::Dossier(read) => take_dossier(writing, permit, read, &self.sha256),
            Content::Applications(read) => {
                let (taken, known) = persistence::orientation::central::take(writing, permit, &read.records)?;
                let count = |events: usize| u32::try_from(events).unwrap_or(u32::MAX);
                Ok((Tally { taken: count(taken), unchanged: count(known), refused: 0 }, Vec::new()))
            }
        }
    }
}

/// An edition that is here stays as it is: the same again changes nothing, another of its name is refused.
fn take_dossier(
    writing: &mut Writing<'_>,
    permit: Permit,
    read: &Read<Dossier>,
    sha256: &str,
) -> Result<(Tally, Vec<Refused>), Trouble> {
    let (mut tally, mut refused) = (Tally::default(), Vec::new());
    for dossier in &read.records {
        match persistence::curriculum::find(writing, permit, dossier.id())? {
            None => {
                persistence::curriculum::insert(writing, permit, dossier, sha256)?;
                tally.taken += 1;
            }
            Some(known) if known == *dossier => tally.unchanged += 1,
            Some(_) => refused.push(Refused::new(1, "", CurriculumFault::EditionChanged)),
        }
    }
    Ok((tally, refused))
}

/// Takes the file, or rehearses it, and keeps the report.
fn run(writing: &mut Writing<'_>, file: &File, dry_run: bool) -> Result<ImportReport, Trouble> {
    let permit = writing.actor().permit(Action::RunImport, Unit::Institution)?;
    let (tally, mut refused) =
        if dry_run { writing.rehearse(|writing| file.take(writing, permit))? } else { file.take(writing, permit)? };
    refused.extend_from_slice(file.refused());
    let report = ImportReport::new(file.kind(), dry_run, tally, refused, writing.now());
    rows::insert(writing, permit, &kept(&report), &file.sha256, report.event())?;
    Ok(report)
}

fn kept(report: &ImportReport) -> Kept {
    let ImportReport { id, kind, dry_run, tally, at, .. } = *report;
    let refusal =
        |refused: &Refused| KeptRefusal { line: refused.line, field: refused.field.clone(), code: refused.fault.code.to_owned() };
    Kept { id, kind, dry_run, tally, refusals: report.refusals.iter().map(refusal).collect(), at }
}

/// Imports a file, as the command line does.
///
/// # Errors
/// [`Trouble::Refused`] for who may not import; otherwise what the database ends in. Then nothing is kept.
pub async fn import(
    database: &Database,
    identity: Identity,
    now: Instant,
    file: File,
    dry_run: bool,
) -> Result<ImportReport, Trouble> {
    database.write(Asking { identity, now }, move |writing| run(writing, &file, dry_run)).await
}

/// What is wrong with a file that is none of its kind, each at its place in the file: `/file/12/crebo` is line 12, column crebo.
fn none_of_its_kind(refused: Vec<Refused>) -> Refusal {
    if let Some(refused) = refused.iter().find(|refused| refused.fault.kind == Kind::TooLarge) {
        return refused.fault.into();
    }
    let place = |line: u32, field: &str| match field {
        "" => format!("/file/{line}"),
        field => format!("/file/{line}/{}", field.replace('~', "~0").replace('/', "~1")),
    };
    let found = refused.into_iter().take(REFUSALS).map(|Refused { line, field, fault }| fault.at(place(line, &field)));
    Refusal::Findings(found.collect())
}

async fn create_import(caller: Caller, language: Language, upload: Upload<ImportFields>) -> Outcome<ImportView> {
    let Upload { fields: ImportFields { kind, dry_run }, file } = upload;
    // Whoever may not import has no file read for them.
    caller.read(|reading| Ok(reading.actor().permit(Action::RunImport, Unit::Institution)?)).await?;
    if let Some(answer) = caller.answered_before().await? {
        return Ok(answer);
    }
    let file = actix_web::web::block(move || File::read(kind, &file)).await.map_err(|_| HttpFault::Broken)?;
    let file = Arc::new(file.map_err(none_of_its_kind)?);
    caller
        .change(move |writing| {
            let report = run(writing, &file, dry_run.unwrap_or(false))?;
            Answer::created(&format!("/imports/{}", report.id), &view(kept(&report), language), 1)
        })
        .await
}

async fn list_imports(caller: Caller, list: List<Everything>) -> Result<Listing<ImportLineView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadImports, Unit::Institution)?;
            let imports = rows::list(reading, permit, &page)?;
            Answer::page(imports, &page, |kept| kept.id, |kept| Ok(kept.into()))
        })
        .await
}

async fn get_import(caller: Caller, language: Language, At(id): At<ImportId>) -> Outcome<ImportView> {
    caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadImports, Unit::Institution)?;
            let kept = rows::find(reading, permit, id)?.ok_or(KernelFault::Absent)?;
            Answer::ok(&view(kept, language))
        })
        .await
}
