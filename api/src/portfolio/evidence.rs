//! Files with entries: streamed up, looked at, kept, and streamed down again in whole or in part (PF-4).

use chrono::{DateTime, Utc};
use domain::access::Action;
use domain::evidence::{Evidence, FILE_LIMIT, FileFacts, MediaType, OfEntry};
use domain::kernel::{EvidenceId, KernelFault, Line, PortfolioEntryId, Word};
use persistence::portfolio::evidence as rows;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entries::entry;
use crate::files::arriving::Fit;
use crate::http::content::{Labelled, Part, nothing};
use crate::http::{Answer, At, Caller, Content, Everything, IfMatch, List, Listing, Nothing, Outcome, Problem, Received, Served};
use crate::http::{Streamed, Wanted};

/// What is sent beside a file.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewEvidence {
    /// What there is to see.
    #[serde(default)]
    caption: Option<Line>,
    /// SHA-256 of the file as it is sent, in hexadecimal: what arrives otherwise is refused.
    #[serde(default, rename = "sha256")]
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9A-Fa-f]{64}$")]
    _sha256: Option<String>,
}

/// A file with an entry.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceView {
    pub id: EvidenceId,
    version: i64,
    entry_id: PortfolioEntryId,
    /// What it is saved as.
    #[schema(max_length = 200)]
    pub file_name: String,
    /// By what is in it.
    #[schema(max_length = 100)]
    media_type: &'static str,
    /// In bytes.
    #[schema(minimum = 1, maximum = 26_214_400)]
    size: i64,
    /// SHA-256 of the file as it is kept, in hexadecimal. That differs from what was sent where a camera had written
    /// into it where it was taken, or a program by whom it was made: that is not kept.
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    sha256: String,
    /// What there is to see.
    #[schema(required = true)]
    caption: Option<Line>,
    created_at: DateTime<Utc>,
}

impl From<Evidence> for EvidenceView {
    fn from(evidence: Evidence) -> Self {
        let FileFacts { name, kind, size, sha256, .. } = evidence.file;
        Self {
            id: evidence.id,
            version: evidence.version,
            entry_id: evidence.entry_id,
            file_name: name.to_string(),
            media_type: kind.word(),
            size,
            sha256,
            caption: evidence.caption,
            created_at: evidence.created_at,
        }
    }
}

/// Evidence as it is fetched.
pub struct EvidenceFile;

impl Served for EvidenceFile {
    fn media_types() -> Vec<&'static str> {
        MediaType::ALL.iter().map(|kind| kind.word()).collect()
    }
}

const _: () = assert!(FILE_LIMIT == 26_214_400, "the schema of size says so");

pub async fn add(caller: Caller, At(id): At<PortfolioEntryId>, upload: Streamed<NewEvidence>) -> Outcome<EvidenceView> {
    // Who may not is told so before anything of the file is read.
    let may = move |reading: &mut persistence::Reading<'_>| Ok(entry(reading, id)?.permit(Action::AddEvidence)?);
    caller.read(may).await?;
    let Received { fields, name, file: Fit { file, kind } } = upload.arrive(&caller.service.files).await?;
    let facts =
        FileFacts { name, kind, size: i64::try_from(file.size).unwrap_or(i64::MAX), sha256: file.sha256(), crc32: file.crc32 };
    let evidence_id = EvidenceId::in_order();
    let files = caller.service.files.clone();
    // A task of its own: who hangs up now leaves a whole file or none.
    let kept = actix_web::rt::spawn(async move { files.keep(evidence_id, file).await });
    kept.await.map_err(|_| crate::http::faults::HttpFault::Broken)??;
    let done = caller
        .change(move |writing| {
            let seen = entry(writing, id)?;
            let permit = seen.permit(Action::AddEvidence)?;
            let kept = &seen.thing.entry;
            let files = rows::count(writing, permit, kept)?;
            let of = OfEntry { id, student_id: kept.student_id, version: kept.version, files };
            let told = Evidence::add(evidence_id, of, facts.clone(), fields.caption.clone(), writing.now())?;
            rows::insert(writing, permit, kept, &told)?;
            Answer::created(&format!("/evidence/{evidence_id}"), &told.thing.into(), 1)
        })
        .await;
    // No row tells of it for certain. Where that is not certain the file stays, and is looked for in a day.
    if done.as_ref().map_or_else(Problem::is_refusal, Answer::was_given_before) {
        caller.service.files.remove(evidence_id).await.ok();
    }
    done
}

pub async fn list(
    caller: Caller,
    At(id): At<PortfolioEntryId>,
    list: List<Everything>,
) -> Result<Listing<EvidenceView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let seen = entry(reading, id)?;
            let files = rows::list(reading, seen.permit, &seen.thing.entry, &page)?;
            Answer::page(files, &page, |file| file.id, |file| Ok(file.into()))
        })
        .await
}

pub async fn fetch(caller: Caller, At(id): At<EvidenceId>, wanted: Wanted) -> Result<Content<EvidenceFile>, Problem> {
    let (kept, _) =
        caller.read(move |reading| Ok(rows::find(reading, id)?.ok_or(KernelFault::Absent)?.permit(Action::ReadEntry)?)).await?;
    let Evidence { file, version, .. } = kept.evidence;
    // As decision 0002 has it: the version for If-Match, the bytes for all else.
    let etag = format!("\"{version}-{}\"", file.sha256);
    let size = u64::try_from(file.size).unwrap_or(0);
    let label = Labelled { media_type: file.kind.word(), name: file.name.as_str() };
    let files = &caller.service.files;
    match wanted.part(size, &etag)? {
        Part::Unchanged => Ok(Content::unchanged(&label, &etag)),
        Part::Whole if wanted.head => Ok(Content::whole(&label, &etag, size, nothing())),
        Part::Whole => Ok(Content::whole(&label, &etag, size, files.read(id, 0..size).await?)),
        Part::Range(range) => {
            let sent = files.read(id, range.clone()).await?;
            Ok(Content::range(&label, &etag, size, &range, sent))
        }
    }
}

pub async fn withdraw(caller: Caller, At(id): At<EvidenceId>, version: IfMatch) -> Outcome<Nothing> {
    caller
        .change(move |writing| {
            let found = rows::find(writing, id)?.ok_or(KernelFault::Absent)?;
            let (kept, permit) = found.permit(Action::WithdrawEvidence)?;
            version.check(kept.evidence.version)?;
            rows::withdraw(writing, permit, &kept.evidence.withdraw(kept.entry_version))?;
            Ok(Answer::nothing())
        })
        .await
}
