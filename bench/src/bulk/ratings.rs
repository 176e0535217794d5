//! Rounds of the leermeter and what was said in them, many at once.

use chrono::{DateTime, Days, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{OF_ONE_COACH, Of};
use crate::Measured;
use crate::place::College;

/// How many rounds each student has, by whom they are rated in each, and on how many competences.
const ROUNDS: u32 = 3;
const KINDS: [&str; 5] = ["self", "coach", "workplaceTrainer", "teacher", "peer"];
const RATERS: u32 = 5;
pub const COMPETENCES: u32 = 8;
/// How many ratings each student has.
pub const EACH: u32 = ROUNDS * RATERS * COMPETENCES;
/// Of a role that no coach has.
const LEADER: &str = "900000";

impl College {
    fn moment(&self, at: DateTime<Utc>) -> String {
        if self.is_sqlite() { at.timestamp_micros().to_string() } else { format!("CAST('{}' AS timestamptz)", at.to_rfc3339()) }
    }

    /// A framework for each landscape, by which students are rated in bulk.
    pub fn lay_down_frameworks(&self) -> Measured<()> {
        let level = |level| json!({ "level": level, "label": format!("Niveau {level}"), "description": "Wat je dan ziet." });
        let competence = |number: u32| {
            json!({
                "id": Uuid::from_fields(Of::Competence as u32, 0, 0, &u64::from(number).to_be_bytes()), "code": format!("B-{number}"),
                "title": "Werkt samen", "indicators": ["Vraagt wat de ander denkt."], "careerCompetence": null, "workProcessId": null
            })
        };
        let scale = json!((1..=4).map(level).collect::<Vec<_>>());
        let competences = json!((0..COMPETENCES).map(competence).collect::<Vec<_>>());
        let (then, id) = (self.long_ago(), self.id(Of::Framework, "n"));
        self.sql(&format!(
            "INSERT INTO competence_frameworks (id, landscape_id, title, state, version_number, own_view_first, scale, competences,
               published_at, version, created_at)
             SELECT {id}, landscape, 'In bulk', 'published', 1, TRUE, '{scale}', '{competences}', {then}, 2, {then}
               FROM (SELECT id AS landscape, row_number() OVER (ORDER BY name) AS n FROM landscapes) places"
        ))
    }

    /// Three rounds that are over for each of the students from one number up to before another, in each of which five rate eight
    /// competences. What was said in one round lies as far apart as where `of` students are rated in the same weeks.
    pub fn enter_ratings(&self, first: u32, end: u32, of: u32) -> Measured<()> {
        let students = format!(
            "WITH RECURSIVE o(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM o WHERE n < {}),
               r(r, kind) AS (VALUES {}), c(c) AS (SELECT 0 UNION ALL SELECT c + 1 FROM c WHERE c < {})",
            end - 1,
            KINDS.iter().enumerate().map(|(place, kind)| format!("({place}, '{kind}')")).collect::<Vec<_>>().join(", "),
            COMPETENCES - 1
        );
        let team = format!("n / {OF_ONE_COACH}");
        // Who rates besides student and coach are others of the team.
        let other = format!("({team}) * {OF_ONE_COACH} + (n + r) % {OF_ONE_COACH}");
        let (student, other, team) = (self.id(Of::Student, "n"), self.id(Of::Student, &other), self.id(Of::Team, &team));
        let competence = self.id(Of::Competence, "c");
        // As they come to lie: in SQLite by round, else as they are written.
        let order = if self.is_sqlite() { "n, r, c" } else { "r, n, c" };
        for k in 0..ROUNDS {
            let opened = Utc::now() - Days::new(u64::from(200 - 70 * k));
            let [then, rated, until] = [opened, opened + Days::new(7), opened + Days::new(14)].map(|at| self.moment(at));
            let last_day = (opened + Days::new(13)).date_naive();
            let round = self.id(Of::Round, &format!("({k} * {of} + n)"));
            let rater = self.id(Of::Rater, &format!("(({k} * {RATERS} + r) * {of} + n)"));
            let rating = self.id(Of::Rating, &format!("((({k} * {RATERS} + r) * {of} + n) * {COMPETENCES} + c)"));
            self.sql(&format!(
                "BEGIN;
                 INSERT INTO leermeter_rounds (id, student_id, team_id, framework_id, title, opened_at, closes_on, until_at, version)
                   {students} SELECT {round}, {student}, {team}, f.id, 'Ronde', {then}, '{last_day}', {until}, 1
                     FROM o JOIN students s ON s.id = {student}
                     JOIN competence_frameworks f ON f.landscape_id = s.landscape_id AND f.title = 'In bulk' ORDER BY n;
                 INSERT INTO round_raters (id, round_id, student_id, kind, who_id, person_id, answered_at, version, created_at)
                   {students} SELECT id, round_id, student_id, kind, who, who, {rated}, 2, {rated} FROM (
                     SELECT {rater} AS id, {round} AS round_id, {student} AS student_id, kind,
                       CASE r WHEN 0 THEN {student} WHEN 1 THEN a.coach_id ELSE {other} END AS who
                       FROM r CROSS JOIN o JOIN coach_assignments a ON a.open_student_id = {student} ORDER BY r, n) who_rates;
                 INSERT INTO ratings (round_id, id, rater_id, student_id, competence_id, level, motivation, number, rated_at)
                   {students} SELECT {round}, {rating}, {rater}, {student}, {competence}, 1 + (n * 3 + r + c + {k}) % 4,
                     'Dat zag ik deze weken een paar keer, ook toen het druk was.', 1, {rated}
                     FROM o CROSS JOIN r CROSS JOIN c ORDER BY {order};
                 COMMIT;"
            ))?;
        }
        self.settle()
    }

    /// Lets this person lead the first team, whose id is answered.
    pub fn let_lead(&self, person: &str) -> Measured<String> {
        let (person, then, role, team) =
            (self.given_id(person)?, self.long_ago(), self.id(Of::Role, LEADER), self.id(Of::Team, "0"));
        self.sql(&format!(
            "INSERT INTO roles (id, person_id, role, team_id, from_at, version, created_at)
             VALUES ({role}, {person}, 'teamLeader', {team}, {then}, 1, {then})"
        ))?;
        Ok(Uuid::from_fields(Of::Team as u32, 0, 0, &[0; 8]).to_string())
    }
}
