//! The picture of a leermeter (LM-4), over the wire.

use serde_json::json;

use super::{Round, level};
use crate::both;
use crate::enrolment::placed;

both! {
    async fn lm_4_the_picture_is_drawn_for_who_may_see_the_leermeter_and_is_the_same_until_that_changes(world: World) {
        let round = Round::open(&world).await;
        round.rate(&world, "student", json!([level(&round, 0, 2)])).await.created();
        let path = format!("/students/{}/leermeter.svg", world.college.person("student"));
        let first = world.get(&path).by("student").header("Accept-Language", "nl").send().await;
        assert_eq!((first.status, first.header("content-type").unwrap()), (200, "image/svg+xml".to_owned()));
        assert_eq!(first.header("content-disposition").unwrap().split(';').next(), Some("inline"));
        assert!(first.text.starts_with("<svg") && first.text.contains("Ik: Gevorderd, Anderen: nog niet gezien"), "{}", first.text);
        let tag = first.header("etag").unwrap();
        let again = world.get(&path).by("student").header("Accept-Language", "nl").header("If-None-Match", &tag).send().await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));

        // The student did not see this one first: nothing of the picture moves for them, and the coach's shows it.
        round.rate(&world, "coach", json!([level(&round, 1, 4)])).await.created();
        assert_eq!(world.get(&path).by("student").header("Accept-Language", "nl").send().await.text, first.text);
        let seen = world.get(&format!("{path}?figure=radar&theme=dark&language=en")).by("coach").send().await;
        assert!(seen.text.contains("Me: not seen yet, Others: Vakbekwaam"), "{}", seen.text);
        assert!(seen.text.contains("#10151c") && seen.text.contains("lang=\"en\""), "{}", seen.text);

        let wrong = world.get(&format!("{path}?figure=pie&theme=red&language=fr")).by("coach").send().await.faults();
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        for who in ["otherCoach", "teacher", "administrator"] {
            assert_eq!(world.get(&path).by(who).send().await.problem(404), "request.not-found", "{who}");
        }
    }

    async fn lm_4_of_who_has_no_round_yet_the_picture_says_so(world: World) {
        placed(&world, "student", "coach").await;
        let path = format!("/students/{}/leermeter.svg?language=nl", world.college.person("student"));
        let picture = world.get(&path).by("student").send().await;
        assert!(picture.status == 200 && picture.text.contains("Er is nog niets beoordeeld."), "{}", picture.text);
    }
}
