//! What a request costs in a small college and in a large one, on a short log and on a long one, among few portfolio
//! entries and among many.

use std::time::Duration;

use api::http::cursors::Cursors;

use crate::bulk::{ENTRIES, OWNER, WORD};
use crate::load;
use crate::place::Place;
use crate::served::{PAGE, Served, text};
use crate::table::{Goal, Row, heading, say};
use crate::{Measured, median};

const ROUNDS: usize = 3;
const FEW_STUDENTS: u32 = 1000;
const FEW_EVENTS: u32 = 10_000;
/// As many have a portfolio as the coach has students.
const FEW_OWNERS: u32 = 60;
/// Positions of the events that are told here; those of the college itself are before.
const FIRST_EVENT: u32 = 1_000_000;

/// How large it is.
#[derive(Clone, Copy)]
pub struct Size {
    pub students: u32,
    pub events: u32,
    pub entries: u32,
}

impl Size {
    const FEW: Self = Self { students: FEW_STUDENTS, events: FEW_EVENTS, entries: FEW_OWNERS * ENTRIES };

    /// How many keep a portfolio.
    const fn owners(self) -> u32 {
        let owners = self.entries / ENTRIES;
        if owners < self.students { owners } else { self.students }
    }
}

/// What grows.
#[derive(Clone, Copy)]
enum Of {
    Students,
    Events,
    Entries,
}

/// Who asks for what, what that is called, and how many it has at the least.
struct Asked {
    what: &'static str,
    path: String,
    who: &'static str,
    of: Of,
    items: usize,
}

/// Measures and tells.
///
/// # Errors
/// What could not be measured.
pub async fn measure(place: &Place, seconds: u64, size: Size) -> Measured<()> {
    let college = place.college("growth.sqlite").await?;
    let served = Served::begin(&college.database, &college.files)?;
    let coach = text(&served.one("/v1/me", "coach").await?["person"]["id"])?;
    let few = Size::FEW;
    college.enter_students(&coach, 0, few.students)?;
    college.enter_entries(0, few.owners(), ENTRIES, size.owners())?;
    college.tell_events(FIRST_EVENT, FIRST_EVENT + few.events - 1)?;
    let owner = college.let_owner_in()?;
    let enrolment = text(&served.one("/v1/enrolments?limit=1", "coach").await?["items"][0]["id"])?;
    let cursors = Cursors::new(college.database.cursor_key())?.of("/v1/changes");
    let asked = |size| asked(&owner, &enrolment, size, &cursors);
    let before = rates(&served, &asked(few)?, seconds).await?;
    college.enter_students(&coach, few.students, size.students)?;
    college.enter_entries(few.owners(), size.owners(), ENTRIES, size.owners())?;
    college.tell_events(FIRST_EVENT + few.events, FIRST_EVENT + size.events - 1)?;
    let after = rates(&served, &asked(size)?, seconds).await?;
    served.end().await;

    heading(&format!("{}, growth: what it takes, against what it takes with few", place.name()));
    for ((asked, before), after) in asked(size)?.iter().zip(before).zip(after) {
        let (much, little) = match asked.of {
            Of::Students => (size.students, few.students),
            Of::Events => (size.events, few.events),
            Of::Entries => (size.owners() * ENTRIES, few.entries),
        };
        say(&Row::ratio(&format!("{}, {much} against {little}", asked.what), after, "/s", before / after, Goal::AtMost(1.3)));
    }
    Ok(())
}

fn asked(owner: &str, enrolment: &str, size: Size, cursors: &Cursors) -> Measured<[Asked; 8]> {
    let asked = |what, path, who, of, items| Asked { what, path, who, of, items };
    let place = cursors.seal(&(FIRST_EVENT + size.events - 1000))?;
    let entries = |which: &str| format!("/v1/portfolio-entries?{which}");
    let own = |which: &str| format!("/v1/students/{owner}/portfolio-entries?{which}");
    let (page, words) = ("limit=50", format!("q={WORD}"));
    Ok([
        asked("one enrolment by id", format!("/v1/enrolments/{enrolment}"), "coach", Of::Students, 0),
        asked("a page of 50 students by a coach", PAGE.to_owned(), "coach", Of::Students, 50),
        asked("a page of 50 events", format!("/v1/changes?limit=50&after={place}"), "administrator", Of::Events, 50),
        asked("a page of 50 entries of one's own", own(page), OWNER, Of::Entries, 50),
        asked("a page of 50 entries by a coach", entries(page), "coach", Of::Entries, 50),
        asked("search in one's own portfolio", own(&words), OWNER, Of::Entries, 20),
        asked("search in a student's portfolio by a coach", own(&words), "coach", Of::Entries, 13),
        asked("search in all that a coach may read", entries(&words), "coach", Of::Entries, 50),
    ])
}

/// Answers a second of each.
async fn rates(served: &Served, asked: &[Asked; 8], seconds: u64) -> Measured<[f64; 8]> {
    let time = Duration::from_secs(seconds);
    let mut rates: [Vec<f64>; 8] = Default::default();
    for Asked { path, who, items, .. } in asked {
        let page = served.one(path, who).await?;
        if page["items"].as_array().map_or(0, Vec::len) < *items {
            return Err(format!("{path} by {who} is to have {items}: {page}").into());
        }
    }
    for _ in 0..ROUNDS {
        for (Asked { path, who, .. }, rates) in asked.iter().zip(&mut rates) {
            rates.push(load::run(&served.get(path, who)?, time).await? as f64 / time.as_secs_f64());
        }
    }
    Ok(rates.map(|rates| median(&rates)))
}
