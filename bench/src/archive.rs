//! What it takes to take a large portfolio along: until the first byte, until all is there, and in memory.

use serde_json::json;

use crate::bulk::OWNER;
use crate::load::{self, Request, Taken};
use crate::place::Place;
use crate::served::{Served, text};
use crate::table::{Row, heading, say};
use crate::{Measured, median};

const ROUNDS: usize = 3;
const ENTRIES: u32 = 2000;
/// Files with one of them, each of so many bytes.
const FILES: usize = 40;
const LENGTH: usize = 1024 * 1024;

/// Measures and tells.
///
/// # Errors
/// What could not be measured.
pub async fn measure(place: &Place) -> Measured<()> {
    let college = place.college("archive.sqlite").await?;
    let served = Served::begin(&college.database, &college.files)?;
    let coach = text(&served.one("/v1/me", "coach").await?["person"]["id"])?;
    college.enter_students(&coach, 0, 100)?;
    college.enter_entries(0, 1, ENTRIES, 1)?;
    let (owner, token) = (college.let_owner_in()?, served.token(OWNER)?);
    let new = json!({ "area": "learning", "kind": "product", "title": "Bijlagen", "body": "Alles.", "visibility": "private" });
    let portfolio = format!("/v1/students/{owner}/portfolio-entries");
    let entry = text(&load::one(served.at, &Request::post(&portfolio, Some(&token), &new)).await?["id"])?;
    let file = Request::file(&format!("/v1/portfolio-entries/{entry}/evidence"), &token, &"Wat ik leerde.\n".repeat(LENGTH / 15));
    for _ in 0..FILES {
        load::one(served.at, &file).await?;
    }
    let archive = served.get(&format!("/v1/students/{owner}/portfolio-archive"), OWNER)?;
    let (mut taken, mut memory) = (Vec::<Taken>::new(), Vec::new());
    for _ in 0..ROUNDS {
        // From here on the most that there was counts anew.
        std::fs::write("/proc/self/clear_refs", "5")?;
        let before = mebibytes("VmRSS:")?;
        taken.push(load::take(archive.0, &archive.1).await?);
        memory.push(mebibytes("VmHWM:")? - before);
    }
    served.end().await;
    let size = taken.first().map_or(0, |taken| taken.bytes / 1024 / 1024);
    heading(&format!("{}, archive of {ENTRIES} entries and {FILES} files, {size} MiB", place.name()));
    let seconds = |of: fn(&Taken) -> f64| median(&taken.iter().map(of).collect::<Vec<_>>());
    say(&Row::alone("until the first byte", seconds(|taken| taken.first) * 1000.0, "ms"));
    say(&Row::alone("until all of it is there", seconds(|taken| taken.whole) * 1000.0, "ms"));
    say(&Row::alone("more memory at its highest than before", memory.into_iter().fold(0.0, f64::max), "MiB"));
    Ok(())
}

/// What Linux says of this process.
fn mebibytes(of: &str) -> Measured<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let said = status.lines().find_map(|line| line.strip_prefix(of)?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    Ok(said.ok_or("/proc tells nothing of memory")? / 1024.0)
}
