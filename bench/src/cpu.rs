//! How long processors were busy, as Linux counts it for every thread (`/proc/PID/task/TID/schedstat`).

use std::path::{Path, PathBuf};

use crate::Measured;

/// Microseconds of processors until now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Busy {
    /// The service: all threads of this process but the first, which makes the load.
    pub service: f64,
    /// The database's own processes.
    pub database: f64,
}

impl Busy {
    /// # Errors
    /// There is no such count on this system.
    pub fn until_now(database: &[PathBuf]) -> Measured<Self> {
        let load = std::process::id().to_string();
        let mut service = 0.0;
        for thread in std::fs::read_dir("/proc/self/task")? {
            let thread = thread?;
            if thread.file_name().to_string_lossy() != load {
                service += busy(&thread.path()).unwrap_or_default();
            }
        }
        let database = database.iter().filter_map(|process| busy(process)).sum();
        if service > 0.0 { Ok(Self { service, database }) } else { Err("/proc tells nothing of processors".into()) }
    }

    pub fn since(self, before: Self) -> Self {
        Self { service: self.service - before.service, database: self.database - before.database }
    }
}

/// None of a thread that has ended.
fn busy(of: &Path) -> Option<f64> {
    let text = std::fs::read_to_string(of.join("schedstat")).ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1000.0)
}
