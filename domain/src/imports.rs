//! What an import is and what came of it: which rows were taken, which were there already, which were refused and why.

use crate::kernel::{Event, Fault, ImportId, Instant, Subject};

crate::words! {
    /// What sort of file it is.
    pub enum ImportKind {
        /// Students with their team and coach.
        Roster = "roster",
        /// One qualification dossier.
        Dossier = "dossier",
        /// Events of the central application facility.
        Applications = "applications",
    }
}

/// Something in a file that is not taken, and why. It tells where, and never what stands there: that can be personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// From 1; the first line where the whole file is meant.
    pub line: u32,
    /// The column by its header, or the element or `element/@attribute`; empty where the row or the file is meant.
    pub field: String,
    pub fault: Fault,
}

impl Refused {
    pub fn new(line: u32, field: impl Into<String>, fault: impl Into<Fault>) -> Self {
        Self { line, field: field.into(), fault: fault.into() }
    }
}

/// How many rows went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that made or changed something.
    pub taken: u32,
    /// Rows that said what was known.
    pub unchanged: u32,
    /// Rows of which nothing was taken.
    pub refused: u32,
}

/// What came of one import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    pub id: ImportId,
    pub kind: ImportKind,
    /// Nothing was kept: it tells what would come of it.
    pub dry_run: bool,
    pub tally: Tally,
    /// Every fault in the order of the file, as far as [`REFUSALS`] goes.
    pub refusals: Vec<Refused>,
    pub at: Instant,
}

/// A report names at most this many faults; how many rows were refused it always tells.
pub const REFUSALS: usize = 1000;

impl ImportReport {
    /// The report of a run that took and left as tallied, and refused these.
    pub fn new(kind: ImportKind, dry_run: bool, tally: Tally, mut refusals: Vec<Refused>, at: Instant) -> Self {
        refusals.sort_by(|a, b| (a.line, &a.field).cmp(&(b.line, &b.field)));
        let mut lines: Vec<u32> = refusals.iter().map(|refused| refused.line).collect();
        lines.dedup();
        // A dossier is taken or refused as one, wherever its faults are.
        let most = if kind == ImportKind::Dossier { 1 } else { u32::MAX };
        let refused = u32::try_from(lines.len()).unwrap_or(u32::MAX).min(most);
        refusals.truncate(REFUSALS);
        Self { id: ImportId::in_order(), kind, dry_run, tally: Tally { refused, ..tally }, refusals, at }
    }

    pub fn event(&self) -> Event {
        Event::new(Subject::Import, self.id, 1, if self.dry_run { "rehearsed" } else { "run" })
            .with("kind", crate::kernel::Word::word(self.kind))
            .with("taken", self.tally.taken)
            .with("unchanged", self.tally.unchanged)
            .with("refused", self.tally.refused)
    }
}
