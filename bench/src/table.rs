//! What was measured, beside what it should be.

use std::fmt;

/// At least, or at most, so much.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    fn met(self, measured: f64) -> bool {
        match self {
            Self::AtLeast(least) => measured >= least,
            Self::AtMost(most) => measured <= most,
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, ">= {least}"),
            Self::AtMost(most) => write!(f, "<= {most}"),
        }
    }
}

/// One figure.
pub struct Row {
    what: String,
    figure: String,
    ratio: Option<f64>,
    goal: Option<(Goal, f64)>,
}

impl Row {
    /// A figure that is to be so much itself.
    pub fn figure(what: &str, measured: f64, unit: &str, goal: Goal) -> Self {
        Self { what: what.to_owned(), figure: told(measured, unit), ratio: None, goal: Some((goal, measured)) }
    }

    /// A figure that says something only beside another one.
    pub fn ratio(what: &str, measured: f64, unit: &str, ratio: f64, goal: Goal) -> Self {
        Self { what: what.to_owned(), figure: told(measured, unit), ratio: Some(ratio), goal: Some((goal, ratio)) }
    }

    /// A figure without a goal.
    pub fn alone(what: &str, measured: f64, unit: &str) -> Self {
        Self { what: what.to_owned(), figure: told(measured, unit), ratio: None, goal: None }
    }
}

fn told(measured: f64, unit: &str) -> String {
    let digits = if measured < 10.0 && measured.fract() != 0.0 { 2 } else { 0 };
    format!("{measured:.digits$} {unit}")
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ratio = self.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        let goal = self.goal.map(|(goal, _)| goal.to_string()).unwrap_or_default();
        let met = self.goal.map_or("", |(goal, measured)| if goal.met(measured) { "met" } else { "MISSED" });
        write!(f, "{:<66} {:>14} {ratio:>7} {goal:>9}  {met}", self.what, self.figure)
    }
}

/// Says a row as soon as it is known.
pub fn say(row: &Row) {
    println!("{row}");
}

pub fn heading(title: &str) {
    println!("\n{title:<66} {:>14} {:>7} {:>9}", "figure", "ratio", "goal");
}
