//! Migrations are broken off, and begun by two at once: whoever comes next finishes them, and one of two does.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::Tried;
use crate::college::{College, Place};

pub async fn run(program: &Path, place: &Place, rounds: usize) -> Tried<()> {
    let mut takes = Duration::MAX;
    for _ in 0..3 {
        let calm = College::unfounded(program, place).await?;
        let since = Instant::now();
        let status = calm.migrate()?.wait()?;
        takes = takes.min(since.elapsed());
        if !status.success() {
            return Err(format!("a migration ended with {status}").into());
        }
    }
    let mut broken_off = 0;
    for round in 0..rounds {
        let college = College::unfounded(program, place).await?;
        let mut first = college.migrate()?;
        // From the first statement to the last.
        let part = f64::from(u32::try_from(round)?) / f64::from(u32::try_from(rounds)?);
        tokio::time::sleep(takes.mul_f64(part)).await;
        broken_off += usize::from(first.try_wait()?.is_none());
        first.kill()?;
        first.wait()?;
        let (mut one, mut other) = (college.migrate()?, college.migrate()?);
        let (one, other) = (one.wait()?, other.wait()?);
        if !one.success() || !other.success() {
            return Err(
                format!("round {}: of two that began at once one ended with {one}, the other with {other}", round + 1).into()
            );
        }
        if round % 10 == 0 {
            college.appoint()?;
            college.serve().await?.end_when_told(Duration::from_secs(25)).await?;
        }
    }
    println!(
        "migrate, {}: {rounds} rounds over the {} ms that it takes, {broken_off} broken off with kill -9; then two at once, both end \
         well, and the service is ready",
        place.name(),
        takes.as_millis(),
    );
    Ok(())
}
