//! Files that nobody can fetch: left by a process that was killed before it told of them, or withdrawn.

use std::time::{Duration, SystemTime};

use actix_web::web;
use chrono::TimeDelta;
use domain::kernel::{EvidenceId, Instant};
use futures_util::TryStreamExt;
use persistence::portfolio::evidence;

use super::FileTrouble;
use crate::http::{Problem, Service};

/// As old as a file must be: until then its row may still come.
const ABANDONED_AFTER: TimeDelta = TimeDelta::days(1);
/// How far back it is looked where it was looked everywhere not long ago.
const LATELY: TimeDelta = TimeDelta::days(3);
const AT_ONCE: usize = 500;

/// Where it is looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looking {
    Everywhere,
    /// Among the files of the last days.
    Lately,
}

/// Takes away what nobody can fetch any more; how many files that were.
///
/// # Errors
/// What store or database end in; the rest is for the next time.
pub async fn sweep(service: &Service, looking: Looking) -> Result<usize, Problem> {
    let before = service.now() - ABANDONED_AFTER;
    let since = (looking == Looking::Lately).then(|| service.now() - LATELY);
    let mut kept = Box::pin(service.files.kept(since));
    let (mut some, mut swept) = (Vec::new(), 0);
    while let Some((id, at)) = kept.try_next().await? {
        if at < before {
            some.push(id);
        }
        if some.len() == AT_ONCE {
            swept += remove(service, std::mem::take(&mut some)).await?;
        }
    }
    swept += remove(service, some).await?;
    let (files, half_before) = (service.files.clone(), moment(before));
    let half = web::block(move || files.remove_half_written(half_before)).await;
    Ok(swept + half.unwrap_or_else(|_| Err(FileTrouble::Away("no thread".to_owned())))?)
}

async fn remove(service: &Service, ids: Vec<EvidenceId>) -> Result<usize, Problem> {
    let asked = ids.clone();
    let fetchable = service.look_after(move |reading| evidence::fetchable(reading, &asked)).await?;
    let mut removed = 0;
    for id in ids.into_iter().filter(|id| !fetchable.contains(id)) {
        service.files.remove(id).await?;
        removed += 1;
    }
    Ok(removed)
}

fn moment(at: Instant) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(at.timestamp()).unwrap_or(0))
}
