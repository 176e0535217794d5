//! The disk is full: writes are turned away, reads go on, and it heals when there is room again.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Tried;
use crate::college::{College, Place};
use crate::http::{Client, Request};
use crate::ledger::Ledger;

const WRITERS: usize = 8;

/// A small file system in memory, gone when this is dropped.
pub(crate) struct Disk(PathBuf);

impl Disk {
    /// None where this process may not mount.
    pub(crate) fn mount(folder: &Path) -> Option<Self> {
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"]).arg(folder).output();
        mounted.is_ok_and(|mounted| mounted.status.success()).then(|| Self(folder.to_owned()))
    }

    /// Takes all the room that is left.
    fn fill(&self) -> Tried<()> {
        let mut filler = File::options().create(true).append(true).open(self.filler())?;
        let mut size = 1 << 20;
        while size > 0 {
            if filler.write_all(&vec![0; size]).is_err() {
                size /= 2;
            }
        }
        Ok(())
    }

    fn empty(&self) -> Tried<()> {
        Ok(std::fs::remove_file(self.filler())?)
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
    }
}

pub async fn run(program: &Path, times: usize) -> Tried<()> {
    let folder = tempfile::tempdir()?;
    let Some(disk) = Disk::mount(folder.path()) else {
        eprintln!("full-disk: this process may not mount a small file system, so it was not tried");
        return Ok(());
    };
    let college = College::found(program, &Place::SqliteIn(folder.path().to_owned())).await?;
    let mut process = college.serve().await?;
    let ledger = Ledger::begin(&college).await?;
    let mut writers = ledger.writers(&college, WRITERS)?;
    let mut reader = Client::connect(college.at()).await?;
    let (read, token) = ("/v1/people?limit=20", college.token()?);
    let (mut reads, mut healed) = (0, Duration::ZERO);
    for _ in 0..times {
        tokio::time::sleep(Duration::from_millis(300)).await;
        // What is written ahead still has room of its own for a while.
        let (since, mut before) = (Instant::now(), ledger.acknowledged());
        loop {
            disk.fill()?;
            tokio::time::sleep(Duration::from_millis(500)).await;
            if ledger.acknowledged() == before {
                break;
            }
            before = ledger.acknowledged();
            if since.elapsed() > Duration::from_secs(30) {
                return Err("writes go on although the disk is full".into());
            }
        }
        for _ in 0..50 {
            reader.ask(&Request::get(read).by(&token)).await?.must_be(200)?;
            reads += 1;
        }
        disk.empty()?;
        let since = Instant::now();
        while ledger.acknowledged() == before {
            if since.elapsed() > Duration::from_secs(5) {
                return Err("nothing was written although there is room again".into());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        healed = healed.max(since.elapsed());
    }
    ledger.close();
    while let Some(writer) = writers.join_next().await {
        writer??;
    }
    process.must_live()?;
    let tally = ledger.settle(&college).await?;
    println!(
        "full-disk, SQLite: {times} times; {} turned away with 507 or 503, {} acknowledged, 0 lost, {reads} reads meanwhile; \
         writes again {} ms after there was room",
        tally.turned_away,
        tally.acknowledged,
        healed.as_millis(),
    );
    if tally.turned_away == 0 { Err("nobody was turned away".into()) } else { Ok(()) }
}
