//! Where files are kept: a folder beside the database, or a bucket that speaks S3.

use std::error::Error;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use actix_web::web::{self, Bytes};
use domain::kernel::{EvidenceId, Instant};
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, ClientOptions, GetOptions, GetRange, ObjectStore, ObjectStoreExt, RetryConfig};
use uuid::Uuid;

use super::{Arrived, FileTrouble};

/// Where all evidence lies.
const EVIDENCE: &str = "evidence";
/// Files are handed over in parts of this size, in bytes: the least that S3 takes for a part that is not the last.
const PART: usize = 5 * 1024 * 1024;
/// The same for a folder, where smaller ones do.
const FOLDER_PART: usize = 256 * 1024;
/// How long one request to a bucket may take, and all tries of it together.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where a college keeps its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Folder(PathBuf),
    /// Who may write there is in the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`), as for any
    /// program that speaks S3.
    Bucket {
        bucket: String,
        /// What keys begin with; empty where the bucket is all theirs.
        prefix: String,
        /// Of a store that is not Amazon's own.
        endpoint: Option<String>,
    },
}

impl Place {
    /// A folder, or `s3://bucket/prefix`. None where it is another address.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once("://") {
            Some(("s3", rest)) => {
                let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                let fits = (3..=63).contains(&bucket.len())
                    && bucket.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.');
                let prefix = prefix.trim_matches('/').to_owned();
                (fits && Key::parse(&prefix).is_ok()).then(|| Self::Bucket { bucket: bucket.to_owned(), prefix, endpoint: None })
            }
            Some(_) => None,
            None => (!text.is_empty()).then(|| Self::Folder(PathBuf::from(text))),
        }
    }

    /// What it is called, for people.
    pub fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::Bucket { bucket, prefix, .. } => format!("s3://{bucket}/{prefix}"),
        }
    }
}

/// The files of a college.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// Where files are while they come in.
    arriving: PathBuf,
    /// The folder, where it is one: what a kill left half written in it is only to be seen there.
    folder: Option<PathBuf>,
    part: usize,
}

impl Files {
    /// # Errors
    /// The place can not be used.
    pub fn open(place: &Place) -> Result<Self, FileTrouble> {
        match place {
            Place::Folder(folder) => {
                // While they come in they lie on the same disk, so that there is room for all of a file or for none of it.
                let arriving = folder.join("arriving");
                std::fs::create_dir_all(&arriving)?;
                let store = LocalFileSystem::new_with_prefix(folder).map_err(trouble)?.with_fsync(true);
                Ok(Self { store: Arc::new(store), arriving, folder: Some(folder.clone()), part: FOLDER_PART })
            }
            Place::Bucket { bucket, prefix, endpoint } => {
                let retry = RetryConfig { max_retries: 3, retry_timeout: PATIENCE, backoff: BackoffConfig::default() };
                let client = ClientOptions::new().with_timeout(PATIENCE).with_connect_timeout(Duration::from_secs(3));
                let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(retry);
                let mut client = client;
                if let Some(endpoint) = endpoint {
                    client = client.with_allow_http(endpoint.starts_with("http://"));
                    builder = builder.with_endpoint(endpoint);
                }
                let store = builder.with_client_options(client).build().map_err(trouble)?;
                Ok(Self::upon(PrefixStore::new(store, prefix.as_str()), std::env::temp_dir()))
            }
        }
    }

    /// Upon any store, with a folder for what comes in.
    pub fn upon(store: impl ObjectStore, arriving: PathBuf) -> Self {
        Self { store: Arc::new(store), arriving, folder: None, part: PART }
    }

    /// Can anything be found there?
    ///
    /// # Errors
    /// Why not.
    pub async fn reach(&self) -> Result<(), FileTrouble> {
        match self.store.list(Some(&Key::from(EVIDENCE))).next().await {
            None | Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(trouble(error)),
        }
    }

    /// Where files are while they come in.
    pub fn arriving(&self) -> &Path {
        &self.arriving
    }

    /// Keeps a file: when it is answered, all of it is there and will be after a power cut.
    ///
    /// # Errors
    /// Then nothing can be read of it.
    pub async fn keep(&self, id: EvidenceId, file: Arrived) -> Result<(), FileTrouble> {
        let key = key(id);
        let first = part(&file, self.part).await?;
        if first.len() as u64 == file.size {
            return self.store.put(&key, first.into()).await.map(drop).map_err(trouble);
        }
        let mut upload = self.store.put_multipart(&key).await.map_err(trouble)?;
        let mut next = first;
        let sent = async {
            while !next.is_empty() {
                upload.put_part(next.clone().into()).await.map_err(trouble)?;
                next = part(&file, self.part).await?;
            }
            upload.complete().await.map(drop).map_err(trouble)
        };
        let sent = sent.await;
        if sent.is_err() {
            // Where this fails too, the store's own rule for uploads that were broken off sees to it.
            upload.abort().await.ok();
        }
        sent
    }

    /// These bytes of a file, from the first up to but not including the last.
    ///
    /// # Errors
    /// [`FileTrouble::Gone`] where there is no such file.
    pub async fn read(
        &self,
        id: EvidenceId,
        range: std::ops::Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, FileTrouble>>, FileTrouble> {
        let options = GetOptions { range: (!range.is_empty()).then_some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.store.get_opts(&key(id), options).await.map_err(trouble)?;
        Ok(found.into_stream().map_err(trouble).boxed())
    }

    /// Takes a file away; it is no trouble if there is none.
    ///
    /// # Errors
    /// What the store ends in.
    pub async fn remove(&self, id: EvidenceId) -> Result<(), FileTrouble> {
        match self.store.delete(&key(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(trouble(error)),
        }
    }

    /// Takes all of them away.
    ///
    /// # Errors
    /// What the store ends in; some may be gone by then.
    pub async fn empty(&self) -> Result<(), FileTrouble> {
        let mut kept = Box::pin(self.kept(None));
        while let Some(one) = kept.next().await {
            self.remove(one?.0).await?;
        }
        Ok(())
    }

    /// The files that were kept since then, or all of them, each with when that was. What is no file of ours is left out.
    pub fn kept(&self, since: Option<Instant>) -> impl Stream<Item = Result<(EvidenceId, Instant), FileTrouble>> + use<> {
        let folder = Key::from(EVIDENCE);
        let found = match since {
            Some(since) => self.store.list_with_offset(Some(&folder), &key(first_at(since))),
            None => self.store.list(Some(&folder)),
        };
        found.map_err(trouble).try_filter_map(|found| async move {
            let id = found.location.filename().and_then(|name| name.parse().ok());
            Ok(id.map(|id| (id, found.last_modified)))
        })
    }

    /// Takes away what was half written in a folder when the process was killed; how many there were. It waits for the disk.
    ///
    /// # Errors
    /// What the file system ends in.
    pub fn remove_half_written(&self, before: SystemTime) -> Result<usize, FileTrouble> {
        let Some(folder) = &self.folder else { return Ok(0) };
        let mut removed = 0;
        let evidence = folder.join(EVIDENCE);
        if !evidence.exists() {
            return Ok(0);
        }
        for group in std::fs::read_dir(evidence)? {
            let group = group?.path();
            for file in std::fs::read_dir(group).into_iter().flatten() {
                let file = file?;
                // So the store names what is not whole yet.
                let is_half = file.file_name().to_string_lossy().contains('#');
                if is_half && file.metadata()?.modified()? < before {
                    std::fs::remove_file(file.path())?;
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }
}

/// Where a file lies: in the order of making, a few days together.
fn key(id: EvidenceId) -> Key {
    let name = id.to_string();
    Key::from_iter([EVIDENCE, &name[..5], &name])
}

/// The first id that can have been made then.
fn first_at(moment: Instant) -> EvidenceId {
    let milliseconds = u64::try_from(moment.timestamp_millis()).unwrap_or(0);
    EvidenceId::from_uuid(Uuid::from_u128(u128::from(milliseconds) << 80))
}

/// The next part of a file, as long as parts are but for the last; empty at the end.
async fn part(arrived: &Arrived, length: usize) -> Result<Bytes, FileTrouble> {
    let mut file = arrived.file.try_clone()?;
    let read = move || {
        let left = file.metadata()?.len().saturating_sub(file.stream_position()?);
        let mut bytes = Vec::with_capacity(length.min(usize::try_from(left).unwrap_or(length)));
        file.take(length as u64).read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(Bytes::from(bytes))
    };
    Ok(web::block(read).await.map_err(|_| FileTrouble::Away("no thread to read with".to_owned()))??)
}

/// What a store ends in, as it matters to who asks.
fn trouble(error: object_store::Error) -> FileTrouble {
    if let object_store::Error::NotFound { path, .. } = &error {
        return FileTrouble::Gone(path.clone());
    }
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(error) = cause {
        if let Some(io) = error
            .downcast_ref::<io::Error>()
            .filter(|io| matches!(io.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
        {
            return FileTrouble::from(io::Error::from(io.kind()));
        }
        cause = error.source();
    }
    FileTrouble::Away(error.to_string())
}
