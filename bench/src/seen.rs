//! The statements that a request runs, seen by Diesel's own instrumentation: connections that were opened before it
//! was asked for, and those opened after it, know nothing of it.

use std::sync::{Mutex, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use crate::Measured;

static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Connections opened from now on are watched, or not.
pub fn watch(on: bool) -> Measured<()> {
    Ok(set_default_instrumentation(if on { watcher } else { || None })?)
}

fn watcher() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(|event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            SEEN.lock().unwrap_or_else(PoisonError::into_inner).push(query.to_string());
        }
    }))
}

/// What was run since this was last asked, but for what begins and ends transactions and settings.
pub fn statements() -> Vec<String> {
    let seen = std::mem::take(&mut *SEEN.lock().unwrap_or_else(PoisonError::into_inner));
    let around = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "PRAGMA"];
    seen.into_iter().filter(|text| !around.iter().any(|word| text.starts_with(word))).collect()
}
