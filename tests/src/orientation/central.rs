//! What the central application facility tells is kept once, in whichever order and however often it comes.

use domain::access::{Action, Permit};
use domain::central_applications::{CentralEvent, CentralState, Told};
use persistence::orientation::central;
use persistence::{Asking, Database, Identity};

use crate::both;

fn event(id: &str, key: &str, minute: u32, state: CentralState) -> CentralEvent {
    let told = |text: &str| Told::parse(text).unwrap();
    CentralEvent {
        created_at: format!("2026-01-17T12:{minute:02}:00Z").parse().unwrap(),
        state,
        id: told(id),
        key: told(key),
        starts_on: None,
        school_year: Some(2026),
        source: None,
        provider: None,
        institution: None,
        location: None,
        programme: Some(told("25656")),
        track: Some(told("BOL")),
        age_told: None,
    }
}

both! {
    async fn what_was_told_twice_is_kept_once_and_the_state_follows_from_all_of_it(world: World) {
        use CentralState::{Enrolled, Received, Submitted};
        let database = Database::open(&world.location).unwrap();
        let take = async |events: Vec<CentralEvent>| {
            let asking = Asking { identity: Identity::System, now: world.now() };
            let permit = Permit::system(Action::RunImport);
            database.write(asking, move |writing| central::take(writing, permit, &events)).await.unwrap()
        };
        let first = vec![event("1", "A", 1, Submitted), event("3", "A", 3, Enrolled), event("1", "B", 1, Submitted)];
        assert_eq!(take(first.clone()).await, (3, 0));
        assert_eq!(take(first.clone()).await, (0, 3), "a repeated import changes nothing");
        let late = vec![event("2", "A", 2, Received), event("2", "B", 2, Received), event("2", "B", 2, Received)];
        assert_eq!(take(late).await, (2, 1));
        assert_eq!(world.rows("SELECT state AS row FROM central_applications ORDER BY key"), ["enrolled", "received"]);
        assert_eq!(world.rows("SELECT event_id AS row FROM central_application_events").len(), 5);
    }
}
