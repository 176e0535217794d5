//! What the leermeter of one student and the growth of a team cost, among few ratings and among many.

use std::time::{Duration, Instant};

use domain::kernel::StudentId;
use persistence::Database;

use crate::alone::Work;
use crate::bulk::{COMPETENCES, RATINGS_EACH};
use crate::load;
use crate::place::{College, Place};
use crate::seen;
use crate::served::{Served, text};
use crate::table::{Goal, Row, heading, say};
use crate::{Measured, median};

const ROUNDS: usize = 3;
/// How often it is asked by one alone, one time after another.
const TIMES: usize = 100;

/// What is asked.
struct Asked {
    student: StudentId,
    leermeter: String,
    team: String,
}

/// Of each of them, the leermeter and the team.
struct Figures {
    /// Answers a second, 16 at once.
    rates: [f64; 2],
    /// Milliseconds, one alone.
    takes: [f64; 2],
    /// A second, the leermeter without HTTP.
    alone: f64,
}

/// Measures and tells.
///
/// # Errors
/// What could not be measured.
pub async fn measure(place: &Place, seconds: u64, ratings: u32) -> Measured<()> {
    let college = place.college("leermeter.sqlite").await?;
    let served = Served::begin(&college.database, &college.files)?;
    let coach = text(&served.one("/v1/me", "coach").await?["person"]["id"])?;
    // Whole teams.
    let students = |ratings: u32| ratings / RATINGS_EACH / 25 * 25;
    let (few, many) = (students(ratings / 10), students(ratings));
    college.lay_down_frameworks()?;
    college.enter_students(&coach, 0, few)?;
    college.enter_ratings(0, few, many)?;
    let (owner, team) = (college.let_owner_in()?, college.let_lead(&coach)?);
    let asked = Asked {
        student: owner.parse()?,
        leermeter: format!("/v1/students/{owner}/leermeter"),
        team: format!("/v1/teams/{team}/leermeter"),
    };
    let before = figures(&college, &served, &asked, seconds).await?;
    college.enter_students(&coach, few, many)?;
    college.enter_ratings(few, many, many)?;
    let after = figures(&college, &served, &asked, seconds).await?;
    served.end().await;
    let counted = statements(&college, &asked).await?;
    tell(place, (&before, &after), counted, (few, many));
    Ok(())
}

fn tell(place: &Place, (before, after): (&Figures, &Figures), counted: [usize; 2], (few, many): (u32, u32)) {
    heading(&format!("{}, leermeter: median of {ROUNDS} rounds, 16 connections", place.name()));
    let among = format!("  among {} ratings, against {}", many * RATINGS_EACH, few * RATINGS_EACH);
    let alone = "  the same without HTTP; with it, of this";
    for (number, what) in
        ["the leermeter of one student, by the coach", "the growth of a team, by its leader"].into_iter().enumerate()
    {
        let (rate, takes) = (after.rates[number], after.takes[number]);
        say(&Row::alone(what, rate, "/s"));
        if number == 0 {
            say(&Row::ratio(alone, after.alone, "/s", rate / after.alone, Goal::AtLeast(0.6)));
            say(&Row::alone("  one alone takes", takes, "ms"));
        } else {
            say(&Row::figure("  one alone takes", takes, "ms", Goal::AtMost(5.0)));
        }
        say(&Row::alone("  statements for each", counted[number] as f64, ""));
        say(&Row::ratio(&among, rate, "/s", before.rates[number] / rate, Goal::AtMost(1.3)));
    }
}

async fn figures(college: &College, served: &Served, asked: &Asked, seconds: u64) -> Measured<Figures> {
    let time = Duration::from_secs(seconds);
    let paths = [&asked.leermeter, &asked.team];
    let (leermeter, team) = (served.one(paths[0], "coach").await?, served.one(paths[1], "coach").await?);
    for (of, answer, filled) in [("raters", &leermeter, 5), ("points", &team, 15)] {
        let all = answer["competences"].as_array().ok_or("no competences")?;
        if all.len() != COMPETENCES as usize || all.iter().any(|one| one[of].as_array().map_or(0, Vec::len) < filled) {
            return Err(format!("each of {COMPETENCES} competences is to have {filled} {of}: {answer}").into());
        }
    }
    let (mut rates, mut takes, mut alone): ([Vec<f64>; 2], [f64; 2], Vec<f64>) = Default::default();
    for _ in 0..ROUNDS {
        for (path, rates) in paths.iter().zip(&mut rates) {
            rates.push(load::run(&served.get(path, "coach")?, time).await? as f64 / time.as_secs_f64());
        }
        alone.push(Work::Leermeter(asked.student).run(&college.database, time)?);
    }
    for (path, takes) in paths.iter().zip(&mut takes) {
        let (at, request) = served.get(path, "coach")?;
        let mut each = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let begun = Instant::now();
            load::one(at, &request).await?;
            each.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        *takes = median(&each);
    }
    Ok(Figures { rates: rates.map(|rates| median(&rates)), takes, alone: median(&alone) })
}

/// How many statements each of them runs, once it has been run before.
async fn statements(college: &College, asked: &Asked) -> Measured<[usize; 2]> {
    seen::watch(true)?;
    let served = Served::begin(&Database::open(&college.location)?, &college.files)?;
    let mut counted = [0; 2];
    for (path, counted) in [&asked.leermeter, &asked.team].into_iter().zip(&mut counted) {
        served.one(path, "coach").await?;
        seen::statements();
        served.one(path, "coach").await?;
        *counted = seen::statements().len();
    }
    seen::watch(false)?;
    served.end().await;
    Ok(counted)
}
