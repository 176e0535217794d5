//! Marks in every row of the small college, so that whatever is shown of someone can be told to be theirs.

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use super::conversing::{AGREED, MOVED, PREPARED, TOLD};
use super::small_college::SmallCollege;
use crate::harness::findings;

/// Table, column, whose the row is, and which row where someone has more than one.
const TEXTS: &[(&str, &str, &str, &str)] = &[
    ("people", "given_name", "id", ""),
    ("people", "family_name", "id", ""),
    ("people", "email", "id", ""),
    ("students", "student_number", "id", ""),
    ("registrations", "given_name", "id", ""),
    ("registrations", "family_name", "id", ""),
    ("registrations", "email", "id", ""),
    ("registrations", "school", "id", ""),
    ("applications", "motivation", "applicant_id", "id"),
    ("applications", "interview_place", "applicant_id", "id"),
    ("applications", "advice", "applicant_id", "id"),
    ("applications", "reason", "applicant_id", "id"),
    ("coach_assignments", "reason", "student_id", "id"),
    ("enrolments", "motivation", "student_id", "id"),
    ("enrolments", "leaving_reason", "student_id", "id"),
    ("enrolments", "destination", "student_id", "id"),
    ("handovers", "reason", "student_id", "id"),
    ("handovers", "refusal", "student_id", "id"),
    ("switches", "motivation", "student_id", "id"),
    ("switches", "refusal", "student_id", "id"),
    ("start_programmes", "prolong_motivation", "student_id", "id"),
    ("start_programmes", "motivation", "student_id", "id"),
    ("start_programme_weeks", "reflection", PROGRAMME, ""),
    ("start_programme_weeks", "coach_note", PROGRAMME, ""),
    ("lwp_assignment_rounds", "feedback", ASSIGNMENT, ""),
    ("goals", "title", "student_id", "id"),
    ("learning_questions", "question", "student_id", "id"),
    ("learning_questions", "answer", "student_id", "id"),
    ("career_steps", "step", "student_id", "id"),
    ("placements", "learning_company", "student_id", "id"),
    ("placements", "reason", "student_id", "id"),
    ("leermeter_rounds", "title", "student_id", "id"),
    ("round_raters", "email", "student_id", ""),
    ("round_raters", "address", "student_id", "id"),
    ("round_raters", "name", "student_id", "id"),
];
/// The same of a portfolio, where the mark says besides how private the entry is: `canary-table-column.private-owner-row`.
const PORTFOLIO: &[(&str, &str, &str)] = &[
    ("portfolio_entries", "title", "id"),
    ("portfolio_entries", "body", "id"),
    ("portfolio_entry_versions", "title", "entry_id"),
    ("portfolio_entry_versions", "body", "entry_id"),
    ("portfolio_comments", "body", "entry_id"),
    ("portfolio_evidence", "file_name", "entry_id"),
    ("portfolio_evidence", "caption", "entry_id"),
];
const PROGRAMME: &str = "(SELECT p.student_id FROM start_programmes p WHERE p.id = programme_id)";
const ASSIGNMENT: &str = "(SELECT a.student_id FROM lwp_assignments a WHERE a.id = assignment_id)";
/// What is there for those alone who have it.
const ABSENT: &str = "people.family_name_prefix";

/// An id as it stands in a mark.
fn plain(college: &SmallCollege, id: &str) -> String {
    if college.world.location.file().is_some() {
        format!("lower(hex({id}))")
    } else {
        format!("replace(CAST({id} AS text), '-', '')")
    }
}

/// The mark of a column, as an expression of SQL.
fn mark(college: &SmallCollege, table: &str, column: &str, owner: &str, row: &str) -> String {
    let row = if row.is_empty() { String::new() } else { format!(" || '-' || {}", plain(college, row)) };
    format!("'canary-{table}-{column}-' || {}{row}", plain(college, owner))
}

/// Dates of birth as they are, each with the id whose it is.
pub fn birth_dates(college: &SmallCollege, table: &str) -> Vec<String> {
    college.world.rows(&format!("SELECT CAST(birth_date AS text) || ' ' || {} AS row FROM {table}", plain(college, "id")))
}

/// Lets happen what leaves texts behind that there would not be else, and marks all there are.
pub async fn plant(college: &mut SmallCollege) {
    college.leave_texts_behind().await;
    for (table, column, owner, row) in TEXTS {
        let mark = mark(college, table, column, owner, row);
        let at = if *column == "email" { " || '@voorbeeld.nl'" } else { "" };
        // A name and an address are given to everyone; other texts are marked where there is one.
        let there = if ["email", "student_number", "school"].contains(column) && *table != "round_raters" {
            String::new()
        } else {
            format!(" WHERE {column} IS NOT NULL")
        };
        college.world.sql(&format!("UPDATE {table} SET {column} = {mark}{at}{there}")).expect("marks");
    }
    let (table, column) = ABSENT.split_once('.').expect("a column");
    let mark_of_all = mark(college, table, column, "id", "");
    college.world.sql(&format!("UPDATE {table} SET {column} = {mark_of_all}")).expect("marks");
    // As they are made of the names: lists go on after them.
    let names = "p.family_name || ' ' || p.given_name || ' ' || p.family_name_prefix";
    for table in ["people", "students"] {
        let sort_name = format!("(SELECT {names} FROM people p WHERE p.id = {table}.id)");
        college.world.sql(&format!("UPDATE {table} SET sort_name = {sort_name}")).expect("marks");
    }
    plant_portfolios(college);
    plant_ratings(college);
    plant_conversations(college);
    plant_letters(college);
    plant_documents(college);
    plant_dates(college, "people", NaiveDate::from_ymd_opt(2009, 3, 10).expect("a date"));
    plant_dates(college, "registrations", NaiveDate::from_ymd_opt(2011, 3, 10).expect("a date"));
    let secret = "UPDATE accounts SET subject = 'canary-accounts-subject-' || subject";
    college.world.sql(secret).expect("marks");
    college.world.college.accounts = "canary-accounts-subject-";
}

fn plant_portfolios(college: &SmallCollege) {
    for (table, column, entry) in PORTFOLIO {
        let visibility = format!("(SELECT e.visibility FROM portfolio_entries e WHERE e.id = {table}.{entry})");
        let (owner, row) = (plain(college, "student_id"), plain(college, entry));
        let mark = format!("'canary-{table}-{column}.' || {visibility} || '-' || {owner} || '-' || {row}");
        college.world.sql(&format!("UPDATE {table} SET {column} = {mark}")).expect("marks");
    }
}

/// What was said in a round, where the mark says besides whose rating it is, and of what others said whether the student has yet to
/// rate the same: `canary-ratings-motivation.coach-owner`.
fn plant_ratings(college: &SmallCollege) {
    let kind = "(SELECT r.kind FROM round_raters r WHERE r.id = ratings.rater_id)";
    let own = "EXISTS (SELECT 1 FROM ratings o JOIN round_raters r ON r.id = o.rater_id WHERE o.round_id = ratings.round_id
               AND o.competence_id = ratings.competence_id AND r.kind = 'self')";
    let owner = plain(college, "student_id");
    let mark = format!("'canary-ratings-motivation.' || CASE WHEN {own} THEN {kind} ELSE 'heldBack' END || '-' || {owner}");
    college.world.sql(&format!("UPDATE ratings SET motivation = {mark} WHERE motivation IS NOT NULL")).expect("marks");
}

/// Letters that wait: a demo has none of its own.
fn plant_letters(college: &SmallCollege) {
    let letters = "INSERT INTO outbox (rater_id, sealed, invited_by, due_at, attempts)
                   SELECT id, 'canary-outbox-sealed-1', student_id, <now>, 1 FROM round_raters
                    WHERE email IS NOT NULL AND answered_at IS NULL AND withdrawn_at IS NULL";
    college.world.sql(letters).expect("marks");
}

/// Their marks say whose they are to see: `care`, `with` the teacher, or of student and coach `alone`; and of an outcome whether
/// it counts: `counts` or `draft`.
fn plant_conversations(college: &SmallCollege) {
    let among = "CASE WHEN c.care THEN 'care' WHEN EXISTS (SELECT 1 FROM conversation_participants p WHERE p.conversation_id = c.id) THEN 'with' ELSE 'alone' END";
    let counts = "CASE WHEN c.care THEN 'care' WHEN c.state = 'concluded' THEN 'counts' ELSE 'draft' END";
    let said = |word: &str, table: &str, id: &str| format!("(SELECT {word} FROM conversations c WHERE c.id = {table}.{id})");
    let mark = |name: &str, word: &str, owner: &str, row: &str| {
        let (owner, row) = (plain(college, owner), plain(college, row));
        format!("'canary-{name}.' || {word} || '-' || {owner} || '-' || {row}")
    };
    let here = said(among, "conversations", "id");
    for column in ["place", "reason"] {
        let mark = mark(&format!("conversations-{column}"), &here, "student_id", "id");
        college.world.sql(&format!("UPDATE conversations SET {column} = {mark} WHERE {column} IS NOT NULL")).expect("marks");
    }
    let agreed = mark("agreements-agreed", &said(among, "agreements", "conversation_id"), "student_id", "id");
    college.world.sql(&format!("UPDATE agreements SET agreed = {agreed}")).expect("marks");
    let replace = |table: &str, column: &str, marks: &[(&str, String)]| {
        let text = marks
            .iter()
            .fold(format!("CAST({column} AS text)"), |text, (word, mark)| format!("replace({text}, '{word}', {mark})"));
        let document = if college.world.location.file().is_some() { text } else { format!("CAST({text} AS jsonb)") };
        college.world.sql(&format!("UPDATE {table} SET {column} = {document}")).expect("marks");
    };
    replace("conversations", "moves", &[(MOVED, mark("conversations-moves", &here, "student_id", "id"))]);
    for column in ["topics", "questions"] {
        let (owner, row) = (plain(college, "person_id"), plain(college, "conversation_id"));
        let own = format!("'canary-conversation_preparations-{column}-' || {owner} || '-' || {row}");
        replace("conversation_preparations", column, &[(PREPARED, own)]);
    }
    let word = said(counts, "conversation_outcomes", "conversation_id");
    let told = mark("conversation_outcomes-content", &word, "student_id", "conversation_id");
    let agreed = mark("conversation_outcomes-content", &format!("{word} || 'agreed'"), "student_id", "conversation_id");
    replace("conversation_outcomes", "content", &[(TOLD, told), (AGREED, agreed)]);
}

fn plant_documents(college: &SmallCollege) {
    let set = |table: &str, column: &str, fields: &[(&str, String)]| {
        let members: Vec<_> = fields.iter().map(|(name, mark)| format!("'\"{name}\":\"' || {mark} || '\"'")).collect();
        let text = format!("'{{' || {} || '}}'", members.join(" || ',' || "));
        let document = if college.world.location.file().is_some() { text } else { format!("CAST({text} AS jsonb)") };
        college.world.sql(&format!("UPDATE {table} SET {column} = {document} WHERE {column} IS NOT NULL")).expect("marks");
    };
    let experience = || mark(college, "registrations", "experience", "id", "");
    set("registrations", "experience", &[("seen", experience()), ("learned", experience())]);
    let applicant = "(SELECT a.applicant_id FROM applications a WHERE a.id = application_id)";
    let finding = |column: &str| mark(college, "scout_interviews", column, applicant, "application_id");
    let findings = findings();
    let names = findings.as_object().expect("findings").keys().map(String::as_str);
    let findings = names.map(|name| (name, finding(if name == "advice" { "findings.advice" } else { "findings" })));
    set("scout_interviews", "findings", &findings.collect::<Vec<_>>());
    let tailored = || mark(college, "lwp_assignments", "tailoring", "student_id", "id");
    set("lwp_assignments", "tailoring", &[("title", tailored()), ("situation", tailored()), ("product", tailored())]);
    let said = mark(college, "lwp_reviews", "content", "reviewer_id", "id");
    let review = format!(
        "'{{\"scores\":[{{\"criterion\":\"instrumentality\",\"score\":2,\"remark\":\"' || {said} || '\"}}],\"remark\":\"' || {said} || '\"}}'"
    );
    let review = if college.world.location.file().is_some() { review } else { format!("CAST({review} AS jsonb)") };
    college.world.sql(&format!("UPDATE lwp_reviews SET content = {review}")).expect("marks");
    let event = r#"{"x": "canary-central_application_events-event-1"}"#;
    let central = format!(
        "INSERT INTO central_applications (key, state, first_seen_at, last_change_at)
         VALUES ('canary-central_applications-key-1', 'submitted', <now>, <now>);
         INSERT INTO central_application_events (event_id, application_key, at, status, event)
         VALUES ('canary-central_application_events-event_id-1', 'canary-central_applications-key-1', <now>, 'x', '{event}')"
    );
    college.world.sql(&central).expect("marks");
}

fn plant_dates(college: &SmallCollege, table: &str, first: NaiveDate) {
    let ids = college.world.rows(&format!("SELECT {} AS row FROM {table} ORDER BY id", plain(college, "id")));
    let dates = ids.iter().zip(1..).map(|(id, days)| {
        let id = uuid::Uuid::parse_str(id).expect("an id");
        format!("UPDATE {table} SET birth_date = '{}' WHERE id = <{id}>", first + TimeDelta::days(days))
    });
    college.world.sql(&dates.collect::<Vec<_>>().join(";\n")).expect("dates");
}

impl SmallCollege {
    /// A switch that was refused, a programme that was prolonged, weeks that were reflected on, and
    /// applications that ended.
    async fn leave_texts_behind(&mut self) {
        let settled = self.thing("settledEnrolment").to_owned();
        let wish = json!({ "landscapeId": self.thing("otherLandscape"), "motivation": "Toch techniek." });
        let asked = self.decide("/enrolments", &settled, "requestSwitch", wish, "settled").await;
        let switch = asked["switchId"].as_str().expect("a switch").to_owned();
        self.decide("/switches", &switch, "refuse", json!({ "reason": "Vol." }), "otherCoach").await;
        let of = |enrolment: &str| format!("/enrolments/{enrolment}/start-programme");
        let programme =
            self.get(&of(self.thing("switcherEnrolment")), "switcher").await["id"].as_str().expect("an id").to_owned();
        let prolong = json!({ "outcome": "prolong", "motivation": "Nog even.", "extraWeeks": 2 });
        self.decide("/start-programmes", &programme, "close", prolong, "coach").await;
        let programme = self.get(&of(&settled), "settled").await["id"].as_str().expect("an id").to_owned();
        let week = format!("/start-programmes/{programme}/weeks/2");
        for (part, by) in [("reflection", "settled"), ("coach-note", "coach")] {
            let put = self.world.put(&format!("{week}/{part}"), json!({ "text": "Het ging goed." }));
            put.by(by).header("If-Match", "*").send().await.ok();
        }
        let week = format!("/start-programmes/{}/weeks/2", self.thing("programme"));
        for (part, by) in [("reflection", "student"), ("coach-note", "coach")] {
            let put = self.world.put(&format!("{week}/{part}"), json!({ "text": "Het ging goed." }));
            put.by(by).header("If-Match", "*").send().await.ok();
        }
        let close = json!({ "outcome": "continue", "motivation": "Het past." });
        self.decide("/start-programmes", &programme, "close", close, "coach").await;
        let interviewed = ["assignScout", "planInterview", "recordInterview"];
        let id = self.apply("applicant", &interviewed).await;
        self.decide("/applications", &id, "adviseOrientation", json!({ "advice": "Loop nog mee." }), "scout").await;
        let id = self.apply("student", &interviewed).await;
        self.decide("/applications", &id, "withdraw", json!({ "reason": "Toch niet." }), "student").await;
    }
}
