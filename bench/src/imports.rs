//! How long the imports take, as `leerloopbaan import` runs them.

use std::time::Instant;

use api::importing::{self, File};
use domain::imports::ImportKind;
use persistence::Identity;

use crate::Measured;
use crate::place::Place;
use crate::table::{Goal, Row, heading, say};

const DOSSIER: &[u8] = include_bytes!("../../api/src/demo/dossiers/zorg.xml");

/// Measures and tells.
///
/// # Errors
/// What could not be measured.
pub async fn measure(place: &Place) -> Measured<()> {
    heading(&format!("{}, imports: each into an empty college", place.name()));
    seconds(place, "a dossier", ImportKind::Dossier, DOSSIER, 1.0).await?;
    for (students, goal) in [(1000, 2.0), (11_000, 15.0)] {
        seconds(place, &format!("a roster of {students} students"), ImportKind::Roster, roster(students).as_bytes(), goal)
            .await?;
    }
    Ok(())
}

async fn seconds(place: &Place, what: &str, kind: ImportKind, bytes: &[u8], goal: f64) -> Measured<()> {
    let college = place.empty(&format!("{}.sqlite", what.replace(' ', "-")))?;
    let begun = Instant::now();
    let file = File::read(kind, bytes).map_err(|refused| format!("{what} was not read: {} faults", refused.len()))?;
    let done = importing::import(&college.database, Identity::System, chrono::Utc::now(), file, false).await?;
    let took = begun.elapsed().as_secs_f64();
    if done.tally.refused > 0 {
        return Err(format!("{} rows of {what} were refused", done.tally.refused).into());
    }
    say(&Row::figure(what, took, "s", Goal::AtMost(goal)));
    Ok(())
}

/// A roster in our own format: ten landscapes, teams of twenty-five, a coach for each team.
fn roster(students: u32) -> String {
    let header =
        "studentNumber,givenName,familyNamePrefix,familyName,birthDate,email,landscape,team,coach,crebo,route,startsOn\n";
    let row = |number: u32| {
        let team = number / 25;
        let (landscape, day) = (team % 10, number % 28 + 1);
        format!(
            "{},Noor,van der,Berg{number},2008-05-{day:02},s{number}@leerloopbaan.example,Landschap {landscape},Team {team},\
             Anna Bos{team},25655,bol,2025-08-01\n",
            200_000 + number
        )
    };
    header.to_owned() + &(0..students).map(row).collect::<String>()
}
