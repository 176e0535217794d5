//! A token that is none opens no operation, not even one that is open to all.

use super::calls::calls;
use super::canaries::Watch;
use super::planted::plant;
use super::small_college::SmallCollege;
use crate::both;

both! {
    async fn an_expired_token_opens_nothing_and_neither_does_one_for_another_service(world: World) {
        let mut college = SmallCollege::build(world).await;
        plant(&mut college).await;
        let (college, kept) = college.keep().await;
        let watch = Watch::over(&college);
        let strangers = kept.world_of_strangers();
        for call in calls() {
            for subject in ["administrator", "coach", "student"] {
                let expired = call.ask(&college.world, &college, 0, false).with_token(&college.world.expired_token(subject));
                let expired = expired.send().await;
                watch.look(&call.name, call.path, "", &expired);
                assert_eq!(expired.problem(401), "access.token-expired", "{} by {subject}", call.name);
                let foreign = call.ask(&strangers, &college, 0, false).by(subject);
                let foreign = foreign.send().await;
                watch.look(&call.name, call.path, "", &foreign);
                assert_eq!(foreign.problem(401), "access.token-wrong-audience", "{} by {subject}", call.name);
            }
        }
        assert_eq!(watch.wrong().join("\n"), "");
        strangers.end().await;
    }
}
