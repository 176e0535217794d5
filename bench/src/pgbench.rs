//! The very statements of a request, run by pgbench: prepared, over the socket, with nothing in between.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};
use std::process::Command;
use std::time::Duration;

use trouble::cluster::Cluster;
use uuid::Uuid;

use crate::Measured;
use crate::load::CONNECTIONS;
use crate::place::College;

/// A statement as the server logs it, and its values; none where a value is null.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    text: String,
    values: Vec<Option<String>>,
}

/// What the server logs from here on.
pub struct Log<'c> {
    cluster: &'c Cluster,
    from: u64,
}

impl<'c> Log<'c> {
    pub fn here(cluster: &'c Cluster) -> Measured<Self> {
        Ok(Self { cluster, from: std::fs::metadata(cluster.log())?.len() })
    }

    /// The statements that were logged since.
    pub fn statements(&self) -> Measured<Vec<Statement>> {
        let mut file = std::fs::File::open(self.cluster.log())?;
        file.seek(SeekFrom::Start(self.from))?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        Ok(parse(&text))
    }
}

/// Stands in no log.
const CONTINUED: &str = "\u{1}";

fn parse(log: &str) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    // What does not fit on one line goes on behind a tab.
    for line in log.replace("\n\t", CONTINUED).lines() {
        let line = line.replace(CONTINUED, "\n");
        if let Some((_, text)) = line.split_once("LOG:  statement: ") {
            statements.push(Statement { text: text.to_owned(), values: Vec::new() });
        } else if let Some((_, executed)) = line.split_once("LOG:  execute ") {
            let text = executed.split_once(": ").map_or(executed, |(_, text)| text);
            statements.push(Statement { text: text.to_owned(), values: Vec::new() });
        } else if let (Some((_, detail)), Some(last)) = (line.split_once("DETAIL:  "), statements.last_mut()) {
            last.values = values(detail);
        }
    }
    statements
}

/// `Parameters: $1 = 'it''s', $2 = NULL`
fn values(detail: &str) -> Vec<Option<String>> {
    let (mut found, mut rest) = (Vec::new(), detail);
    while let Some((_, after)) = rest.split_once(" = ") {
        let Some(quoted) = after.strip_prefix('\'') else {
            found.push(None);
            rest = after;
            continue;
        };
        let mut value = String::new();
        let mut left = quoted;
        loop {
            let (part, after) = left.split_once('\'').unwrap_or((left, ""));
            value.push_str(part);
            match after.strip_prefix('\'') {
                Some(after) => {
                    value.push('\'');
                    left = after;
                }
                None => {
                    left = after;
                    break;
                }
            }
        }
        found.push(Some(value));
        rest = left;
    }
    found
}

/// Statements as pgbench runs them again and again.
pub struct Script {
    text: String,
    values: Vec<String>,
}

impl Script {
    /// Of a request and the same request once more: an id or key that the second made anew is made anew each time.
    pub fn of(first: &[Statement], again: &[Statement]) -> Measured<Self> {
        if again.is_empty() || first.iter().map(|one| &one.text).ne(again.iter().map(|one| &one.text)) {
            return Err("the same request ran other statements the second time".into());
        }
        let (mut fresh, mut lines, mut values) = (BTreeMap::<&str, usize>::new(), Vec::new(), Vec::new());
        for (number, (before, now)) in first.iter().zip(again).enumerate() {
            let mut spelled = Vec::new();
            for (place, (old, new)) in before.values.iter().zip(&now.values).enumerate() {
                spelled.push(match new {
                    None => "NULL".to_owned(),
                    // pgbench takes no variable that is empty.
                    Some(value) if value.is_empty() => "''".to_owned(),
                    Some(value) => match made_anew(old.as_deref(), value) {
                        Some(kind) => {
                            let count = fresh.len();
                            kind.spelled(*fresh.entry(value).or_insert(count))
                        }
                        None => {
                            values.push(format!("v{number}_{place}={value}"));
                            format!(":v{number}_{place}")
                        }
                    },
                });
            }
            lines.push(with(&now.text, &spelled) + ";");
        }
        let made = (0..fresh.len()).map(|number| format!("\\set r{number} random(1, 9223372036854775807)"));
        Ok(Self { text: made.chain(lines).collect::<Vec<_>>().join("\n"), values })
    }

    /// Transactions in a second.
    pub fn run(&self, cluster: &Cluster, college: &College, time: Duration) -> Measured<f64> {
        let mut file = tempfile::NamedTempFile::new()?;
        std::io::Write::write_all(&mut file, self.text.as_bytes())?;
        let mut command = Command::new(cluster.program("pgbench"));
        command.args(["-n", "-M", "prepared", "-j", "1", "-U", "postgres"]).arg("-h").arg(cluster.folder());
        command.arg("-c").arg(CONNECTIONS.to_string()).arg("-T").arg(time.as_secs().max(1).to_string());
        command.args(self.values.iter().flat_map(|value| ["-D", value])).arg("-f").arg(file.path()).arg(&college.name);
        let done = command.output()?;
        let told = String::from_utf8_lossy(&done.stdout).into_owned();
        let rate = told.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        let failed = || format!("pgbench: {}\n{}", String::from_utf8_lossy(&done.stderr), self.text);
        rate.filter(|_| done.status.success()).ok_or_else(|| failed().into())
    }
}

#[derive(Clone, Copy)]
enum Anew {
    Id,
    Key,
}

impl Anew {
    fn spelled(self, number: usize) -> String {
        match self {
            Self::Id => format!("CAST(lpad(to_hex(CAST(:r{number} AS bigint)), 32, '0') AS uuid)"),
            Self::Key => format!("CAST(CAST(:r{number} AS bigint) AS text)"),
        }
    }
}

/// Whether the value has to be another each time: moments and sealed answers need not.
fn made_anew(old: Option<&str>, new: &str) -> Option<Anew> {
    if old == Some(new) {
        None
    } else if new.parse::<Uuid>().is_ok() {
        Some(Anew::Id)
    } else {
        (new.len() == 43 && new.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')).then_some(Anew::Key)
    }
}

/// The statement with these in place of `$1`, `$2` and so on.
fn with(text: &str, spelled: &[String]) -> String {
    let mut parts = text.split('$');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        match part[..digits].parse::<usize>().ok().and_then(|number| spelled.get(number - 1)) {
            Some(value) => whole.push_str(value),
            None => whole.push_str(&format!("${}", &part[..digits])),
        }
        whole.push_str(&part[digits..]);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_logs_is_run_again_with_new_ids_alone() {
        let log = |id: &str, key: &str| {
            format!(
                "2026-11-28 04:00:00 UTC [7] LOG:  statement: BEGIN\n\
                 2026-11-28 04:00:00 UTC [7] LOG:  execute __diesel_stmt_1: INSERT INTO t VALUES ($1, $2, $3, $4)\n\
                 2026-11-28 04:00:00 UTC [7] DETAIL:  Parameters: $1 = '{id}', $2 = 'it''s\n\tlong', $3 = NULL, $4 = '{key}'\n"
            )
        };
        let key = |c: &str| c.repeat(43);
        let first = parse(&log("019a0000-0000-7000-8000-000000000001", &key("a")));
        let again = parse(&log("019a0000-0000-7000-8000-000000000002", &key("b")));
        let script = Script::of(&first, &again).unwrap();
        assert_eq!(
            script.text,
            "\\set r0 random(1, 9223372036854775807)\n\\set r1 random(1, 9223372036854775807)\nBEGIN;\n\
             INSERT INTO t VALUES (CAST(lpad(to_hex(CAST(:r0 AS bigint)), 32, '0') AS uuid), :v1_1, NULL, \
             CAST(CAST(:r1 AS bigint) AS text));"
        );
        assert_eq!(script.values, ["v1_1=it's\nlong"]);
    }
}
