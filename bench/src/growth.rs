//! What a request costs in a small college and in a large one, on a short log and on a long one.

use std::time::Duration;

use api::http::cursors::Cursors;

use crate::load;
use crate::place::{College, Place};
use crate::served::{PAGE, Served, text};
use crate::table::{Goal, Row, heading, say};
use crate::{Measured, median};

const ROUNDS: usize = 3;
const FEW_STUDENTS: u32 = 1000;
const FEW_EVENTS: u32 = 10_000;
/// Positions of the events that are told here; those of the college itself are before.
const FIRST_EVENT: u32 = 1_000_000;

/// Who asks for what, and what that is called.
const ASKED: [(&str, &str, &str); 3] = [
    ("one enrolment by id", "", "coach"),
    ("a page of 50 students by a coach", PAGE, "coach"),
    ("a page of 50 events", "", "administrator"),
];

/// Measures and tells.
///
/// # Errors
/// What could not be measured.
pub async fn measure(place: &Place, seconds: u64, students: u32, events: u32) -> Measured<()> {
    let college = place.college("growth.sqlite").await?;
    let served = Served::begin(&college.database, &college.files)?;
    let coach = text(&served.one("/v1/me", "coach").await?["person"]["id"])?;
    college.enter_students(&coach, 0, FEW_STUDENTS)?;
    college.tell_events(FIRST_EVENT, FIRST_EVENT + FEW_EVENTS - 1)?;
    let few = rates(&college, &served, FIRST_EVENT + FEW_EVENTS, seconds).await?;
    college.enter_students(&coach, FEW_STUDENTS, students)?;
    college.tell_events(FIRST_EVENT + FEW_EVENTS, FIRST_EVENT + events - 1)?;
    let many = rates(&college, &served, FIRST_EVENT + events, seconds).await?;
    served.end().await;

    heading(&format!("{}, growth: what it takes, against what it takes with few", place.name()));
    for (((what, ..), few), many) in ASKED.iter().zip(few).zip(many) {
        let (little, much) = if what.ends_with("events") { (FEW_EVENTS, events) } else { (FEW_STUDENTS, students) };
        say(&Row::ratio(&format!("{what}, {much} against {little}"), many, "/s", few / many, Goal::AtMost(1.3)));
    }
    Ok(())
}

/// Answers a second of each.
async fn rates(college: &College, served: &Served, events_end: u32, seconds: u64) -> Measured<[f64; 3]> {
    let enrolment = text(&served.one("/v1/enrolments?limit=1", "coach").await?["items"][0]["id"])?;
    let place = Cursors::new(college.database.cursor_key())?.of("/v1/changes").seal(&(events_end - 1000))?;
    let time = Duration::from_secs(seconds);
    let mut rates: [Vec<f64>; 3] = Default::default();
    for _ in 0..ROUNDS {
        for ((what, path, who), rates) in ASKED.iter().zip(&mut rates) {
            let path = match *path {
                "" if what.ends_with("events") => format!("/v1/changes?limit=50&after={place}"),
                "" => format!("/v1/enrolments/{enrolment}"),
                path => path.to_owned(),
            };
            if path.contains('?') {
                let page = served.one(&path, who).await?;
                if page["items"].as_array().map(Vec::len) != Some(50) {
                    return Err(format!("{path} by {who} is to have fifty: {page}").into());
                }
            }
            rates.push(load::run(&served.get(&path, who)?, time).await? as f64 / time.as_secs_f64());
        }
    }
    Ok(rates.map(|rates| median(&rates)))
}
