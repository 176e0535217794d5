//! The power fails in the middle of writes: kill -9 at a moment of chance, begin again, and see what is left.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::Tried;
use crate::college::{College, Place};
use crate::ledger::{Ledger, Tally};

const WRITERS: usize = 8;

pub async fn run(program: &Path, place: &Place, rounds: usize) -> Tried<()> {
    let college = College::found(program, place).await?;
    let since = Instant::now();
    let mut process = college.serve().await?;
    let ledger = Ledger::begin(&college).await?;
    let mut all = Tally::default();
    for round in 0..rounds {
        let mut writers = ledger.writers(&college, WRITERS)?;
        tokio::time::sleep(Duration::from_millis(rand::random_range(5..50))).await;
        process.kill()?;
        ledger.close();
        while let Some(writer) = writers.join_next().await {
            writer??;
        }
        process = college.serve().await?;
        let tally = ledger.settle(&college).await.map_err(|error| format!("round {}: {error}", round + 1))?;
        all.acknowledged += tally.acknowledged;
        all.whole += tally.whole;
        all.absent += tally.absent;
        if (round + 1) % 100 == 0 {
            eprintln!("  {} rounds", round + 1);
        }
    }
    println!(
        "kill, {}: {rounds} rounds in {:.0} s; {} acknowledged, 0 lost; {} not acknowledged: {} whole, {} absent, 0 half",
        place.name(),
        since.elapsed().as_secs_f64(),
        all.acknowledged,
        all.whole + all.absent,
        all.whole,
        all.absent,
    );
    Ok(())
}
