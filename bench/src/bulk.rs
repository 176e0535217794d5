//! Many rows at once, in the words that both databases have: students with coach and enrolment, their portfolios, what
//! they were rated, and events.

mod ratings;

use persistence::Location;
use uuid::Uuid;

use crate::Measured;
use crate::place::College;

pub use ratings::{COMPETENCES, EACH as RATINGS_EACH};

/// How many students have one coach, and are one team; those of the college's own coach besides.
const OF_ONE_COACH: u32 = 25;

/// How many entries someone has who keeps a portfolio from the first year to the last.
pub const ENTRIES: u32 = 200;
/// Stands in every tenth entry; it is its own stem.
pub const WORD: &str = "zorg";
/// Different texts of entries, and the words of which they are made.
const TEXTS: u32 = 40;
const VOCABULARY: u32 = 400;
/// Numbers of entries that are made here; those of the college itself are before.
const FIRST_ENTRY: u32 = 1_000_000;

/// The account of the first student.
pub const OWNER: &str = "owner";

/// What ids begin with, by what they are of.
#[derive(Clone, Copy)]
enum Of {
    Coach = 1,
    Team,
    Role,
    Student,
    Enrolment,
    Assignment,
    Entry,
    Framework,
    Competence,
    Round,
    Rater,
    Rating,
}

impl College {
    fn is_sqlite(&self) -> bool {
        self.location.file().is_some()
    }

    /// An id, of a number that is in a row.
    fn id(&self, of: Of, number: &str) -> String {
        let of = of as u32;
        match &self.location {
            Location::Sqlite(_) => format!("unhex(printf('%08x%024x', {of}, {number}))"),
            Location::Postgres { .. } => {
                format!("CAST(lpad(to_hex({of}), 8, '0') || lpad(to_hex(CAST({number} AS bigint)), 24, '0') AS uuid)")
            }
        }
    }

    fn given_id(&self, id: &str) -> Measured<String> {
        let id: Uuid = id.parse()?;
        Ok(if self.is_sqlite() { format!("x'{}'", id.simple()) } else { format!("CAST('{id}' AS uuid)") })
    }

    fn long_ago(&self) -> String {
        let then = chrono::Utc::now() - chrono::TimeDelta::days(60);
        if self.is_sqlite() {
            then.timestamp_micros().to_string()
        } else {
            format!("CAST('{}' AS timestamptz)", then.to_rfc3339())
        }
    }

    /// Students from one number up to before another, whole teams of them, spread over the landscapes; the first sixty
    /// are `coach`'s.
    pub fn enter_students(&self, coach: &str, first: u32, end: u32) -> Measured<()> {
        let (coach, then, last) = (self.given_id(coach)?, self.long_ago(), end - 1);
        let numbers = |first: u32, last: u32| {
            format!("WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last})")
        };
        let (students, coaches) = (numbers(first, last), numbers(first / OF_ONE_COACH, last / OF_ONE_COACH));
        let person = "given_name, family_name, sort_name, birth_date, language, version, created_at";
        let name =
            |what: &str| format!("'{what}', CAST((n * 7919) % 1000003 AS text), CAST((n * 7919) % 1000003 AS text) || ' {what}'");
        let landscape =
            |group: &str| format!("(SELECT id FROM places WHERE place = ({group}) % (SELECT count(*) FROM landscapes))");
        let placed = |numbers: &str| {
            format!("{numbers}, places AS (SELECT id, row_number() OVER (ORDER BY name) - 1 AS place FROM landscapes)")
        };
        let of = format!("n / {OF_ONE_COACH}");
        let (c, t, r) = (self.id(Of::Coach, "n"), self.id(Of::Team, "n"), self.id(Of::Role, "n"));
        let (s, e, a) = (self.id(Of::Student, "n"), self.id(Of::Enrolment, "n"), self.id(Of::Assignment, "n"));
        let (their_team, their_coach) = (self.id(Of::Team, &of), self.id(Of::Coach, &of));
        let (here, theirs) = (landscape("n"), landscape(&of));
        self.sql(&format!(
            "BEGIN;
             INSERT INTO people (id, {person}) {coaches} SELECT {c}, {}, '1980-01-01', 'nl', 1, {then} FROM s;
             INSERT INTO teams (id, landscape_id, name, version, created_at) {} SELECT {t}, {here}, 'Team ' || CAST(n AS text), 1, {then} FROM s;
             INSERT INTO roles (id, person_id, role, landscape_id, from_at, version, created_at) {} SELECT {r}, {c}, 'coach', {here}, {then}, 1, {then} FROM s;
             INSERT INTO people (id, {person}) {students} SELECT {s}, {}, '2008-05-04', 'nl', 1, {then} FROM s;
             INSERT INTO students (id, student_number, sort_name, landscape_id, team_id, active, version, created_at)
               {} SELECT {s}, 'B' || CAST(n AS text), CAST((n * 7919) % 1000003 AS text) || ' Noor', {theirs}, {their_team}, TRUE, 1, {then} FROM s;
             INSERT INTO coach_assignments (id, student_id, stay_id, coach_id, from_at, open_student_id, cause, version)
               {students} SELECT {a}, {s}, {e}, CASE WHEN n < 60 THEN {coach} ELSE {their_coach} END, {then}, {s}, 'placement', 1 FROM s;
             INSERT INTO enrolments (id, student_id, landscape_id, team_id, crebo, route, state, starts_on, stay_id, motivation,
               motivated_at, confirmed_at, coached_student_id, version, created_at)
               {} SELECT {e}, {s}, {theirs}, {their_team}, '25655', 'bol', 'definitive', '2025-08-01', {e}, 'Ik wil met mensen werken.',
               {then}, {then}, {s}, 1, {then} FROM s;
             COMMIT;",
            name("Anna"),
            placed(&coaches),
            placed(&coaches),
            name("Noor"),
            placed(&students),
            placed(&students),
        ))?;
        self.settle()
    }

    /// So many entries for each of the students from one number up to before another, searchable as what one writes is. Those
    /// of one student lie as far apart as those of someone among `of` who write at the same time.
    pub fn enter_entries(&self, first: u32, end: u32, each: u32, of: u32) -> Measured<()> {
        let (then, sqlite) = (self.long_ago(), self.is_sqlite());
        let (student, number) = (self.id(Of::Student, "n"), format!("({FIRST_ENTRY} + k * {of} + n)"));
        let entry = self.id(Of::Entry, &number);
        let rows = format!(
            "WITH RECURSIVE o(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM o WHERE n < {}),
               k(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM k WHERE k < {}), texts(v, title, body, words) AS (VALUES {})",
            end - 1,
            each - 1,
            (0..TEXTS).map(text).collect::<Vec<_>>().join(", ")
        );
        let from = format!("FROM k CROSS JOIN o JOIN texts ON v = (k * 7 + n * 3) % {TEXTS}");
        // As they come to lie: in SQLite by student, else as they are written.
        let (order, overriding) = if sqlite { ("n, k", "") } else { ("k, n", "OVERRIDING SYSTEM VALUE") };
        let whose = if sqlite { format!("lower(hex({student}))") } else { format!("replace(CAST({student} AS text), '-', '')") };
        self.sql(&format!(
            "BEGIN;
             INSERT INTO portfolio_entries (student_id, id, area, kind, title, body, visibility, dated_on, tags, sought_tags, links,
               version, created_at, changed_at)
               {rows} SELECT {student}, {entry}, 'learning', 'reflection', title, body,
               CASE WHEN k % 3 = 0 THEN 'private' ELSE 'coach' END, '2025-10-01', '[]', '', '[]', 1, {then}, {then} {from} ORDER BY {order};
             INSERT INTO portfolio_search_rows (number, student_id, entry_id) {overriding}
               {rows} SELECT {number}, {student}, {entry} {from} ORDER BY k, n;
             INSERT INTO portfolio_search (rowid, words) {rows} SELECT {number}, words || {whose} {from} ORDER BY k, n;
             COMMIT;"
        ))?;
        if !sqlite {
            let last = FIRST_ENTRY + each * of;
            self.sql(&format!("SELECT setval(pg_get_serial_sequence('portfolio_search_rows', 'number'), {last})"))?;
        }
        self.settle()
    }

    /// Lets the first of these students in as `owner`, who is answered.
    pub fn let_owner_in(&self) -> Measured<String> {
        let (owner, then, issuer) = (self.id(Of::Student, "0"), self.long_ago(), api::demo::ISSUER);
        let account = "INSERT INTO accounts (issuer, subject, person_id, created_at)";
        self.sql(&format!("{account} VALUES ('{issuer}', '{OWNER}', {owner}, {then})"))?;
        Ok(Uuid::from_fields(Of::Student as u32, 0, 0, &[0; 8]).to_string())
    }

    /// Events that everyone may know of, from one position up to another.
    pub fn tell_events(&self, first: u32, last: u32) -> Measured<()> {
        let then = self.long_ago();
        self.sql(&format!(
            "INSERT INTO events (position, at, subject, subject_id, what, version, facts, actor, ground)
             WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last})
             SELECT n, {then}, 'team', {}, 'renamed', 1, '{{}}', 'system', 'system' FROM s",
            self.id(Of::Team, "n")
        ))?;
        if !self.is_sqlite() {
            self.sql(&format!("SELECT setval('event_positions', {last})"))?;
        }
        self.settle()
    }
}

/// A row of texts: title, body, and what is kept of them to be searched but for whose they are.
fn text(number: u32) -> String {
    let said = (0..60).map(|place| format!("woord{}", (number * 17 + place * 7) % VOCABULARY));
    let said: Vec<String> = said.chain(number.is_multiple_of(10).then(|| WORD.to_owned())).collect();
    let words = said.iter().map(|word| format!("b{word} ")).collect::<String>();
    format!("({number}, 'Wat ik leerde', '{}', '{words}tleerd bleerd s')", said.join(" "))
}
