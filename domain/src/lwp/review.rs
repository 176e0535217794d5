//! What other teams think of an LWP, on shared criteria (CU-3).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Lwp, LwpFault as F};
use crate::kernel::{
    Event, Findings, Instant, LwpId, LwpReviewId, PersonId, Prose, PublicationState, Refusal, Subject, Told, Word,
};

crate::words! {
    /// On what LWPs are reviewed; of each, 4 is best.
    pub enum Criterion {
        /// Is it more than an instruction to carry out? 1: too instrumental; 4: it asks for thinking and choosing.
        Instrumentality = "instrumentality",
        /// Is the situation one from work or life?
        RealSituation = "realSituation",
        /// Is it clear what is to be made or done?
        ClearProduct = "clearProduct",
        /// Can student and teacher judge by the criteria?
        UsableCriteria = "usableCriteria",
        /// Is there room for the student's own choices and way of learning?
        OwnChoice = "ownChoice",
        /// Does it work on career and citizenship?
        CareerAndCitizenship = "careerAndCitizenship",
    }
}

/// A score on one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Score {
    pub criterion: Criterion,
    /// 1 (not at all) to 4 (entirely).
    #[schema(minimum = 1, maximum = 4)]
    pub score: u8,
    /// Why.
    #[serde(default)]
    pub remark: Option<Prose>,
}

/// A review as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewReview {
    /// One for each criterion.
    #[schema(min_items = 1, max_items = 6)]
    pub scores: Vec<Score>,
    /// What one would like to say besides.
    #[serde(default)]
    pub remark: Option<Prose>,
}

/// Someone's review of an LWP. Someone's newer one follows it, with the next version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub id: LwpReviewId,
    pub lwp_id: LwpId,
    pub reviewer_id: PersonId,
    /// 1 for someone's first of this LWP.
    pub version: i64,
    pub content: NewReview,
    pub reviewed_at: Instant,
}

/// Who reviews, and what they reviewed before.
#[derive(Clone, Copy, Debug)]
pub struct Reviewer {
    pub id: PersonId,
    /// Works for the team whose LWP it is, or for all teams of its landscape.
    pub is_own_team: bool,
    /// The version of their last review of it.
    pub last_version: Option<i64>,
}

impl Lwp {
    /// Reviews a published LWP of another team (CU-3).
    ///
    /// # Errors
    /// [`F::OwnTeam`], [`F::NotPublished`], or everything that is wrong with the review.
    pub fn review(&self, id: LwpReviewId, by: Reviewer, content: NewReview, now: Instant) -> Result<Told<Review>, Refusal> {
        if by.is_own_team {
            return Err(F::OwnTeam.into());
        }
        match self.state {
            PublicationState::Published { .. } => content.check()?,
            PublicationState::Draft | PublicationState::Retired { .. } => {
                return Err(Refusal::illegal(F::NotPublished, self.state.name()));
            }
        }
        let version = by.last_version.unwrap_or(0) + 1;
        let event =
            Event::new(Subject::LwpReview, id, version, "reviewed").in_landscape(self.landscape_id).naming("lwpId", self.id);
        let review = Review { id, lwp_id: self.id, reviewer_id: by.id, version, content, reviewed_at: now };
        Ok(Told { thing: review, event })
    }
}

impl NewReview {
    fn check(&self) -> Result<(), Refusal> {
        let mut findings = Findings::default();
        for (place, score) in self.scores.iter().enumerate() {
            let before = self.scores.iter().take(place).any(|other| other.criterion == score.criterion);
            findings.note(before, format!("/scores/{place}/criterion"), F::CriterionRepeated).note(
                !(1..=4).contains(&score.score),
                format!("/scores/{place}/score"),
                F::ScoreOutOfRange,
            );
        }
        let is_missing = |criterion: &&Criterion| self.scores.iter().all(|score| score.criterion != **criterion);
        let missing: Vec<_> = Criterion::ALL.iter().filter(is_missing).map(|criterion| criterion.word().to_owned()).collect();
        let found = (!missing.is_empty()).then(|| F::CriterionMissing.at("/scores").instead(missing));
        findings.add(found);
        findings.settle()
    }
}
