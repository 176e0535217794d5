//! `openapi`: the document, for whoever keeps it or makes a client of it.

use std::path::Path;

use super::{Failure, say};

/// Prints the document, or writes it to a file.
pub fn run(file: Option<&Path>) -> Result<(), Failure> {
    let document = crate::http::server::whole_document();
    let text = serde_json::to_string_pretty(&document).map_err(|error| Failure::Broken(error.to_string()))?;
    match file {
        None => say(text),
        Some(file) => std::fs::write(file, text + "\n").map_err(Failure::io(file.display().to_string()))?,
    }
    Ok(())
}
