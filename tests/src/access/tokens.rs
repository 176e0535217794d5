//! A token that is none opens no operation, not even one that is open to all.

use super::calls::calls;
use super::small_college::SmallCollege;
use crate::both;

both! {
    async fn an_expired_token_opens_nothing_and_neither_does_one_for_another_service(world: World) {
        let (college, kept) = SmallCollege::build(world).await.keep().await;
        let strangers = kept.world_of_strangers();
        for call in calls() {
            for subject in ["administrator", "coach", "student"] {
                let expired = call.ask(&college.world, &college, 0, false).with_token(&college.world.expired_token(subject));
                assert_eq!(expired.send().await.problem(401), "access.token-expired", "{} by {subject}", call.name);
                let foreign = call.ask(&strangers, &college, 0, false).by(subject);
                assert_eq!(foreign.send().await.problem(401), "access.token-wrong-audience", "{} by {subject}", call.name);
            }
        }
        strangers.end().await;
    }
}
