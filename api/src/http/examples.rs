//! Bodies that succeed, for the document: each is held against its schema by a test.

use serde_json::Value;

/// The example of the body with this schema name.
pub fn of(name: &str) -> Option<Value> {
    let all: Value = serde_json::from_str(include_str!("examples.json")).ok()?;
    all.get(name).cloned()
}
