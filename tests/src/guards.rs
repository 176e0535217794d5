//! What no reviewer has to remember: the schema, the privacy of columns, the borders of contexts, events, fault codes, rules.

mod boundaries;
mod codes;
mod events;
mod misuse;
mod privacy;
mod rules;
mod schema;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of a committed file, named from the root.
fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Rust file below a folder: its path from the root, and its text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap_or_else(|error| panic!("{folder}: {error}")) {
            let entry = entry.expect("an entry");
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type().expect("a type").is_dir() {
                folders.push(path);
            } else if path.ends_with(".rs") {
                found.push((path.clone(), text(&path)));
            }
        }
    }
    found.sort();
    found
}

/// Its lines, trimmed, without those that are comments.
fn code_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.starts_with("//"))
}

/// One column of one table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    table: String,
    name: String,
    /// As `persistence/src/schema.rs` calls it.
    sql_type: String,
    nullable: bool,
}

/// The columns that tell of someone in a text, a date or a document, as they are classified.
pub fn what_tells_of_someone() -> BTreeSet<String> {
    let classified = privacy::classes();
    let tells = |column: &Column| ["Text", "Date", "SqlJson"].contains(&column.sql_type.as_str());
    let named = columns().into_iter().filter(tells).map(|column| format!("{}.{}", column.table, column.name));
    named.filter(|column| classified.get(column).is_some_and(|class| class != "none")).collect()
}

/// Every column that `persistence/src/schema.rs` declares.
fn columns() -> Vec<Column> {
    let declared = text("persistence/src/schema.rs");
    let mut columns = Vec::new();
    for block in declared.split("diesel::table! {").skip(1) {
        let mut table = "";
        for line in block.lines().map(str::trim).take_while(|line| *line != "}") {
            if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
                table = name;
            } else if let Some((name, sql_type)) = line.split_once(" -> ") {
                let sql_type = sql_type.trim_end_matches(',');
                let bare = sql_type.strip_prefix("Nullable<").and_then(|inner| inner.strip_suffix('>'));
                columns.push(Column {
                    table: table.to_owned(),
                    name: name.to_owned(),
                    sql_type: bare.unwrap_or(sql_type).to_owned(),
                    nullable: bare.is_some(),
                });
            }
        }
    }
    assert!(columns.len() > 100, "schema.rs was not understood: {columns:?}");
    columns
}
