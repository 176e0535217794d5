//! It is told to stop while it works: no longer ready at once, and every request that it took is answered.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::Tried;
use crate::college::{College, Place};
use crate::http::{Client, Request, once};
use crate::ledger::Ledger;

const WRITERS: usize = 8;
const READERS: usize = 8;
/// What whoever runs it may count on.
const LIMIT: Duration = Duration::from_secs(25);

pub async fn run(program: &Path, place: &Place, rounds: usize) -> Tried<()> {
    let college = College::found(program, place).await?;
    let (mut acknowledged, mut read, mut unready, mut ended) = (0, 0, Duration::ZERO, Duration::ZERO);
    for _ in 0..rounds {
        let process = college.serve().await?;
        let ledger = Ledger::begin(&college).await?;
        let mut writers = ledger.writers(&college, WRITERS)?;
        let (told, mut readers) = (Arc::new(AtomicBool::new(false)), JoinSet::new());
        for _ in 0..READERS {
            let (at, token, told) = (college.at(), college.token()?, Arc::clone(&told));
            readers.spawn(async move { read_until_refused(at, &token, &told).await });
        }
        tokio::time::sleep(Duration::from_millis(rand::random_range(50..150))).await;
        told.store(true, Ordering::SeqCst);
        process.tell_to_stop()?;
        let since = Instant::now();
        while once(college.at(), &Request::get("/health/ready")).await?.status != 503 {
            if since.elapsed() > Duration::from_millis(500) {
                return Err("it was still ready half a second after it was told to stop".into());
            }
        }
        unready = unready.max(since.elapsed());
        let status = process.end(LIMIT).await?;
        if status.code() != Some(0) {
            return Err(format!("it ended with {status}").into());
        }
        ended = ended.max(since.elapsed());
        ledger.close();
        while let Some(writer) = writers.join_next().await {
            writer??;
        }
        while let Some(reader) = readers.join_next().await {
            read += reader??;
        }
        let _process = college.serve().await?;
        let tally = ledger.settle(&college).await?;
        if tally.whole > 0 || tally.turned_away > 0 {
            return Err(format!("work in hand was not finished: {tally:?}").into());
        }
        acknowledged += tally.acknowledged;
    }
    println!(
        "stop, {}: {rounds} times; not ready after {} ms at most, ended with 0 after {:.1} s at most; {acknowledged} writes \
         and {read} reads answered, 0 broken off",
        place.name(),
        unready.as_millis(),
        ended.as_secs_f64(),
    );
    Ok(())
}

/// Reads for as long as one is let in; answers how often. A connection that was taken is answered on, until an answer
/// says that it is the last.
async fn read_until_refused(at: std::net::SocketAddr, token: &str, told: &AtomicBool) -> Tried<usize> {
    let request = Request::get("/v1/people?limit=20").by(token);
    let mut read = 0;
    loop {
        let Ok(mut client) = Client::connect(at).await else {
            return if told.load(Ordering::SeqCst) {
                Ok(read)
            } else {
                Err("nobody listens, and nobody was told to stop".into())
            };
        };
        let mut first = true;
        loop {
            let answer = match client.ask(&request).await {
                Ok(answer) => answer,
                // A connection that waited to be taken when the service ended was never accepted.
                Err(_) if first && told.load(Ordering::SeqCst) => return Ok(read),
                Err(error) => return Err(format!("a request that was taken was not answered: {error}").into()),
            };
            first = false;
            let last = answer.header("connection") == Some("close");
            if answer.status == 429 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            } else {
                answer.must_be(200)?;
                read += 1;
            }
            if last {
                break;
            }
        }
    }
}
