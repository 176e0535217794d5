//! Another process holds SQLite's write lock: nobody hears of locks, nobody waits long, and reads go on.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::Tried;
use crate::college::{College, Place};
use crate::http::{Client, Request};
use crate::ledger::Ledger;

const WRITERS: usize = 64;
const HELD: Duration = Duration::from_secs(10);
/// The longest that a write may take, whatever others do: turned away or done.
const LONGEST: Duration = Duration::from_secs(4);

pub async fn run(program: &Path) -> Tried<()> {
    let college = College::found(program, &Place::Sqlite).await?;
    let _process = college.serve().await?;
    let ledger = Ledger::begin(&college).await?;
    let mut other = SqliteConnection::establish(college.database())?;
    other.batch_execute("PRAGMA busy_timeout = 20000; BEGIN IMMEDIATE")?;
    let mut writers = ledger.writers(&college, WRITERS)?;
    let mut reader = Client::connect(college.at()).await?;
    let read = Request::get("/v1/landscapes").by(&college.token()?);
    let (since, mut slowest_read, mut reads) = (Instant::now(), Duration::ZERO, 0);
    while since.elapsed() < HELD {
        let asked = Instant::now();
        reader.ask(&read).await?.must_be(200)?;
        slowest_read = slowest_read.max(asked.elapsed());
        reads += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let meanwhile = ledger.acknowledged();
    other.batch_execute("ROLLBACK")?;
    let released = Instant::now();
    while ledger.acknowledged() == meanwhile {
        if released.elapsed() > Duration::from_secs(5) {
            return Err("nothing was written after the lock was given back".into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let healed = released.elapsed();
    tokio::time::sleep(Duration::from_secs(1)).await;
    ledger.close();
    while let Some(writer) = writers.join_next().await {
        writer??;
    }
    let tally = ledger.settle(&college).await?;
    println!(
        "lock, SQLite: held for {} s by another process, {WRITERS} writers; {} turned away with 503, the slowest answer after \
         {:.1} s; {} acknowledged, 0 lost; writes again {} ms after; {reads} reads meanwhile, the slowest {} ms",
        HELD.as_secs(),
        tally.turned_away,
        tally.slowest.as_secs_f64(),
        tally.acknowledged,
        healed.as_millis(),
        slowest_read.as_millis(),
    );
    if meanwhile > 0 || tally.slowest > LONGEST {
        return Err(
            format!("{meanwhile} writes were acknowledged meanwhile; no write may take over {} s", LONGEST.as_secs()).into()
        );
    }
    Ok(())
}
