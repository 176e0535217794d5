//! E0308: what was begun to read does not write.

use api::http::{Answer, Caller, Nothing, Outcome};
use domain::access::{Action, Unit};
use domain::organisation::Team;
use persistence::organisation;

pub async fn found(caller: Caller, team: Team) -> Outcome<Nothing> {
    #[cfg(misuse)]
    return caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::CreateTeam, Unit::Institution)?;
            organisation::insert_team(reading, permit, &team, team.event("founded")).map(|()| Answer::nothing())
        })
        .await;
    #[cfg(not(misuse))]
    return caller
        .change(move |writing| {
            let permit = writing.actor().permit(Action::CreateTeam, Unit::Institution)?;
            organisation::insert_team(writing, permit, &team, team.event("founded")).map(|()| Answer::nothing())
        })
        .await;
}
