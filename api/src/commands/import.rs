//! `import`: a file of another system, by who holds the database itself.

use std::path::Path;

use domain::imports::{ImportKind, ImportReport, Refused};
use domain::kernel::Word;
use domain::kernel::time::to_the_microsecond;
use persistence::{Database, Identity, Location};

use super::{Failure, opening, say};
use crate::importing::File;

pub fn kind(word: &str) -> Result<ImportKind, String> {
    ImportKind::from_word(word).ok_or_else(|| {
        let words: Vec<_> = ImportKind::ALL.iter().map(|kind| kind.word()).collect();
        format!("one of {}", words.join(", "))
    })
}

/// Takes the file in, or tells what would come of it. Rows that were refused are a failure, so that nobody overlooks them.
pub fn run(location: &Location, kind: ImportKind, file: &Path, dry_run: bool) -> Result<(), Failure> {
    let bytes = std::fs::read(file).map_err(Failure::io(file.display().to_string()))?;
    opening::existing(location)?;
    let database = Database::open(location)?;
    let now = to_the_microsecond(chrono::Utc::now());
    let file = File::read(kind, &bytes).map_err(|refused| {
        tell_refused(&refused);
        Failure::Refused(format!("nothing can be taken of this: it is no {} that can be read", kind.word()))
    })?;
    let taken = crate::importing::import(&database, Identity::System, now, file, dry_run);
    let report = actix_web::rt::System::new().block_on(taken)?;
    tell(&report);
    match report.tally.refused {
        0 if report.refusals.is_empty() => Ok(()),
        rows => Err(Failure::Refused(format!("{rows} rows were refused; mend them and import the file again"))),
    }
}

fn tell_refused(all: &[Refused]) {
    for refused in all {
        let field = if refused.field.is_empty() { String::new() } else { format!(", {}", refused.field) };
        say(format_args!("line {}{field}: {} ({})", refused.line, refused.fault.en, refused.fault.code));
    }
}

fn tell(report: &ImportReport) {
    tell_refused(&report.refusals);
    let tally = report.tally;
    let (taken, would) = (tally.taken, if report.dry_run { "Nothing was kept; it would be: " } else { "" });
    say(format_args!("{would}{taken} taken, {} unchanged, {} refused.", tally.unchanged, tally.refused));
}
