//! The smallest college in which everyone can be someone: two landscapes, a team each, and who works there.

use std::collections::HashMap;

use diesel::connection::SimpleConnection;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, sql_query};
use persistence::Location;
use uuid::Uuid;

/// Ids of what is there from the start.
#[derive(Clone)]
pub struct College {
    /// Where `coach`, `scout`, `teacher`, `teamLeader` and `landscapeManager` work.
    pub landscape: String,
    pub team: String,
    /// Where `otherCoach` and `otherScout` work.
    pub other_landscape: String,
    pub other_team: String,
    /// What the subject of every account begins with, before the name by which a test knows it.
    pub accounts: &'static str,
    people: HashMap<&'static str, String>,
}

/// Subject, role, and where: `here`, `there`, or everywhere.
const STAFF: &[(&str, &str, Option<&str>)] = &[
    ("coach", "coach", Some("here")),
    ("secondCoach", "coach", Some("here")),
    ("otherCoach", "coach", Some("there")),
    ("scout", "scout", Some("here")),
    ("otherScout", "scout", Some("there")),
    ("teacher", "teacher", Some("here")),
    ("otherTeacher", "teacher", Some("there")),
    ("teamLeader", "teamLeader", Some("here")),
    ("otherTeamLeader", "teamLeader", Some("there")),
    ("landscapeManager", "landscapeManager", Some("here")),
    ("otherLandscapeManager", "landscapeManager", Some("there")),
    ("sabAdviser", "sabAdviser", None),
    ("workplaceTrainer", "workplaceTrainer", None),
    ("director", "director", None),
    ("administrator", "administrator", None),
    ("privacyOfficer", "privacyOfficer", None),
];

/// People without a role.
const OTHERS: &[&str] = &["prospect", "student", "otherStudent", "guardian", "nobody"];

const SERVICES: &[(&str, &str)] = &[
    ("dashboard", r#"["organisation:read","changes:read"]"#),
    ("elearning", r#"["curriculum:read","organisation:read","changes:read"]"#),
];

impl College {
    /// The id of the person with this account.
    pub fn person(&self, subject: &str) -> &str {
        self.people.get(subject).unwrap_or_else(|| panic!("nobody is called {subject}"))
    }

    /// Founds it, with SQL alone: it stands apart from the code that the tests are about.
    pub fn found(location: &Location) -> Self {
        let id = || Uuid::now_v7().to_string();
        let college =
            Self { landscape: id(), team: id(), other_landscape: id(), other_team: id(), accounts: "", people: HashMap::new() };
        let mut sql = vec!["INSERT INTO installation (one, kind, made_at) VALUES (1, 'demo', <now>)".to_owned()];
        for (landscape, team, name) in
            [(&college.landscape, &college.team, "Zorg en Welzijn"), (&college.other_landscape, &college.other_team, "Techniek")]
        {
            sql.push(format!(
                "INSERT INTO landscapes (id, name, version, created_at) VALUES (<{landscape}>, '{name}', 1, <now>)"
            ));
            sql.push(format!(
                "INSERT INTO teams (id, landscape_id, name, version, created_at) VALUES (<{team}>, <{landscape}>, '{name} 1', 1, <now>)"
            ));
        }
        let mut people = HashMap::new();
        for subject in STAFF.iter().map(|(subject, ..)| *subject).chain(OTHERS.iter().copied()) {
            let person = id();
            sql.push(person_sql(&person, subject));
            people.insert(subject, person);
        }
        for (subject, role, place) in STAFF {
            sql.push(college.role_sql(&people[subject], role, *place, "NULL"));
        }
        for (subject, scopes) in SERVICES {
            let service = id();
            sql.push(format!(
                "INSERT INTO service_accounts (id, name, scopes, active, version, created_at) VALUES (<{service}>, '{subject}', '{scopes}', TRUE, 1, <now>)"
            ));
            sql.push(format!(
                "INSERT INTO accounts (issuer, subject, service_account_id, created_at) VALUES ('{}', '{subject}', <{service}>, <now>)",
                super::ISSUER
            ));
        }
        execute(location, &sql.join(";\n")).expect("the college is founded");
        Self { people, ..college }
    }

    /// Lets someone more come, with an account and roles: each with its place, as in [`STAFF`], and whether it is over.
    pub fn enter(&mut self, location: &Location, subject: &'static str, roles: &[(&str, Option<&str>, bool)]) {
        let person = Uuid::now_v7().to_string();
        let mut sql = vec![person_sql(&person, subject)];
        sql.extend(
            roles.iter().map(|(role, place, over)| self.role_sql(&person, role, *place, if *over { "<now>" } else { "NULL" })),
        );
        execute(location, &sql.join(";\n")).expect("someone more");
        self.people.insert(subject, person);
    }

    fn role_sql(&self, person: &str, role: &str, place: Option<&str>, until: &str) -> String {
        let here = place != Some("there");
        let (landscape, team) = if here { (&self.landscape, &self.team) } else { (&self.other_landscape, &self.other_team) };
        let (landscape, team) = match (place, role) {
            (None, _) => ("NULL".to_owned(), "NULL".to_owned()),
            (_, "teacher" | "teamLeader") => ("NULL".to_owned(), format!("<{team}>")),
            _ => (format!("<{landscape}>"), "NULL".to_owned()),
        };
        format!(
            "INSERT INTO roles (id, person_id, role, landscape_id, team_id, from_at, until_at, version, created_at)
             VALUES (<{}>, <{person}>, '{role}', {landscape}, {team}, <long ago>, {until}, 1, <now>)",
            Uuid::now_v7()
        )
    }
}

/// Someone with an account of this name, which is also the family name.
fn person_sql(person: &str, subject: &str) -> String {
    let family = format!("{}{}", subject[..1].to_uppercase(), &subject[1..]);
    format!(
        "INSERT INTO people (id, given_name, family_name, sort_name, language, version, created_at)
         VALUES (<{person}>, 'Test', '{family}', '{} test', 'nl', 1, <now>);
         INSERT INTO accounts (issuer, subject, person_id, created_at) VALUES ('{}', '{subject}', <{person}>, <now>)",
        family.to_lowercase(),
        super::ISSUER
    )
}

/// Copies a database that may be in use.
pub fn copy_sqlite(from: &std::path::Path, to: &std::path::Path) {
    let mut conn = SqliteConnection::establish(&from.to_string_lossy()).expect("a connection");
    conn.batch_execute("PRAGMA busy_timeout = 5000").expect("a pragma");
    conn.batch_execute(&format!("VACUUM INTO '{}'", to.display())).expect("a copy");
}

/// Spells `<uuid>`, `<now>`, `<long ago>` and `<far ahead>` as the database does.
fn spelled(location: &Location, sql: &str) -> String {
    let sqlite = location.file().is_some();
    let mut spelled = String::new();
    let mut rest = sql;
    while let Some((before, from)) = rest.split_once('<') {
        let Some((word, after)) = from.split_once('>') else { break };
        spelled.push_str(before);
        match (word, sqlite) {
            ("now", true) => spelled.push_str(&chrono::Utc::now().timestamp_micros().to_string()),
            ("now", false) => spelled.push_str("now()"),
            ("long ago", true) => spelled.push_str("1577836800000000"),
            ("far ahead", true) => spelled.push_str("4102444800000000"),
            ("far ahead", false) => spelled.push_str("'2100-01-01T00:00:00Z'"),
            ("long ago", false) => spelled.push_str("'2020-01-01T00:00:00Z'"),
            (id, true) if Uuid::parse_str(id).is_ok() => spelled.push_str(&format!("x'{}'", id.replace('-', ""))),
            (id, false) if Uuid::parse_str(id).is_ok() => spelled.push_str(&format!("'{id}'")),
            (other, _) => spelled.push_str(&format!("<{other}>")),
        }
        rest = after;
    }
    spelled + rest
}

/// Runs SQL in which `<uuid>` is an id and `<now>` this moment.
pub fn execute(location: &Location, sql: &str) -> Result<(), String> {
    let sql = spelled(location, sql);
    match location {
        Location::Sqlite(file) => {
            let mut conn = SqliteConnection::establish(&file.to_string_lossy()).map_err(|e| e.to_string())?;
            conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON;").map_err(|e| e.to_string())?;
            conn.batch_execute(&format!("BEGIN IMMEDIATE; {sql}; COMMIT;")).map_err(|e| e.to_string())
        }
        Location::Postgres { url, .. } => {
            let mut conn = PgConnection::establish(url).map_err(|e| e.to_string())?;
            conn.batch_execute(&format!("BEGIN; {sql}; COMMIT;")).map_err(|e| e.to_string())
        }
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

/// The one column of a query, which must be text and named `row`.
pub fn texts(location: &Location, sql: &str) -> Vec<String> {
    let sql = spelled(location, sql);
    let rows: Vec<Row> = match location {
        Location::Sqlite(file) => {
            let mut conn = SqliteConnection::establish(&file.to_string_lossy()).expect("a connection");
            conn.batch_execute("PRAGMA busy_timeout = 5000").expect("a pragma");
            sql_query(sql).load(&mut conn).expect("rows")
        }
        Location::Postgres { url, .. } => {
            let mut conn = PgConnection::establish(url).expect("a connection");
            sql_query(sql).load(&mut conn).expect("rows")
        }
    };
    rows.into_iter().map(|row| row.row).collect()
}
