//! PostgreSQL is restarted, and then fails over to a standby: a gap in which everyone is turned away, and nothing lost.

use std::path::Path;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::Tried;
use crate::cluster::Cluster;
use crate::college::{College, Place};
use crate::http::{Client, Request};
use crate::ledger::Ledger;

const WRITERS: usize = 8;
const READERS: usize = 4;
/// How long the service may need after the database is back.
const HEALED_WITHIN: Duration = Duration::from_secs(10);

pub async fn run(program: &Path, cluster: &Cluster, times: usize) -> Tried<()> {
    let standby = cluster.standby()?;
    let database = cluster.database(None)?;
    let college = College::found(program, &Place::Named(cluster.url_of_both(&standby, &database))).await?;
    let mut process = college.serve().await?;
    let ledger = Ledger::begin(&college).await?;
    let mut writers = ledger.writers(&college, WRITERS)?;
    let mut readers = JoinSet::new();
    for _ in 0..READERS {
        let (at, tokens) = (college.at(), college.token()?);
        readers.spawn(async move { read_on(at, &tokens).await });
    }
    let mut gap = Duration::ZERO;
    for _ in 0..times {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let since = Instant::now();
        cluster.control(&["restart", "-m", "immediate"])?;
        written_again(&ledger).await?;
        gap = gap.max(since.elapsed());
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let since = Instant::now();
    cluster.control(&["stop", "-m", "immediate"])?;
    // Until it is promoted the standby can be read, and is no database to write to.
    tokio::time::sleep(Duration::from_secs(1)).await;
    standby.promote()?;
    written_again(&ledger).await?;
    let failover = since.elapsed();
    ledger.close();
    while let Some(writer) = writers.join_next().await {
        writer??;
    }
    readers.abort_all();
    while let Some(reader) = readers.join_next().await {
        match reader {
            Ok(ended) => ended?,
            Err(aborted) if aborted.is_cancelled() => {}
            Err(error) => return Err(error.into()),
        }
    }
    process.must_live()?;
    let tally = ledger.settle(&college).await?;
    println!(
        "restart, PostgreSQL: {times} immediate restarts, the longest gap {:.1} s, and a failover to a synchronous standby that was \
         promoted 1 s after, {:.1} s; {} acknowledged, 0 lost; {} turned away with 503; of {} not acknowledged {} whole; no 500",
        gap.as_secs_f64(),
        failover.as_secs_f64(),
        tally.acknowledged,
        tally.turned_away,
        tally.whole + tally.absent,
        tally.whole,
    );
    Ok(())
}

/// Waits until one more write is acknowledged than there are now.
async fn written_again(ledger: &Ledger) -> Tried<()> {
    let (before, since) = (ledger.acknowledged(), Instant::now());
    while ledger.acknowledged() == before {
        if since.elapsed() > HEALED_WITHIN {
            return Err(format!("nothing was written within {} s after the database was back", HEALED_WITHIN.as_secs()).into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Reads without end: every answer is the page, or that it cannot be had now.
async fn read_on(at: std::net::SocketAddr, token: &str) -> Tried<()> {
    let mut client = Client::connect(at).await?;
    let request = Request::get("/v1/people?limit=20").by(token);
    loop {
        let answer = client.ask(&request).await?;
        if !answer.is_turned_away() {
            answer.must_be(200)?;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
