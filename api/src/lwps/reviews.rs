//! What other teams think of an LWP (CU-3).

use chrono::{DateTime, Utc};
use domain::access::{Action, Permit, Unit};
use domain::kernel::{LwpId, LwpReviewId, Prose};
use domain::lwp::{Criterion, Lwp, NewReview, Review, Reviewer, Score};
use persistence::lwps::{self as rows, Reviewed};
use persistence::{Reading, Trouble};
use serde::Serialize;
use utoipa::ToSchema;

use super::library::lwp;
use crate::access::PersonName;
use crate::http::{Answer, At, Body, Caller, Everything, List, Listing, Outcome, Problem};

/// What someone of another team thinks of an LWP.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LwpReviewView {
    id: LwpReviewId,
    lwp_id: LwpId,
    reviewer: PersonName,
    /// 1 for someone's first of this LWP.
    version: i64,
    /// One for each criterion.
    #[schema(max_items = 6)]
    scores: Vec<LwpScoreView>,
    #[schema(required = true)]
    remark: Option<Prose>,
    reviewed_at: DateTime<Utc>,
}

/// A score on one criterion.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LwpScoreView {
    criterion: Criterion,
    /// 1 (not at all) to 4 (entirely).
    #[schema(minimum = 1, maximum = 4)]
    score: u8,
    #[schema(required = true)]
    remark: Option<Prose>,
}

impl From<Score> for LwpScoreView {
    fn from(score: Score) -> Self {
        let Score { criterion, score, remark } = score;
        Self { criterion, score, remark }
    }
}

impl From<Reviewed> for LwpReviewView {
    fn from(reviewed: Reviewed) -> Self {
        let Review { id, lwp_id, version, content, reviewed_at, .. } = reviewed.review;
        let NewReview { scores, remark } = content;
        let scores = scores.into_iter().map(LwpScoreView::from).collect();
        Self { id, lwp_id, reviewer: reviewed.reviewer.into(), version, scores, remark, reviewed_at }
    }
}

pub async fn list(caller: Caller, At(id): At<LwpId>, list: List<Everything>) -> Result<Listing<LwpReviewView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadLwpReviews, Unit::Institution)?;
            lwp(reading, id)?;
            let reviews = rows::list_reviews(reading, permit, id, &page)?;
            Answer::page(reviews, &page, |reviewed| reviewed.review.id, |reviewed| Ok(reviewed.into()))
        })
        .await
}

/// Who is about to review this LWP.
fn reviewer(reading: &mut Reading<'_>, permit: Permit, lwp: &Lwp) -> Result<Reviewer, Trouble> {
    let id = reading.person()?;
    let is_own_team = reading.actor().reaches(Action::ReviewLwp).covers(lwp.unit());
    Ok(Reviewer { id, is_own_team, last_version: rows::last_review(reading, permit, lwp.id, id)? })
}

pub async fn create(caller: Caller, At(id): At<LwpId>, Body(new): Body<NewReview>) -> Outcome<LwpReviewView> {
    caller
        .change(move |writing| {
            let lwp = lwp(writing, id)?;
            let permit = writing.actor().permit_somewhere(Action::ReviewLwp)?;
            let by = reviewer(writing, permit, &lwp)?;
            let told = lwp.review(LwpReviewId::in_order(), by, new.clone(), writing.now())?;
            rows::insert_review(writing, permit, &told)?;
            let reviewer = persistence::access::my_name(writing)?;
            let (location, version) = (format!("/lwps/{id}/reviews"), told.thing.version);
            Answer::created(&location, &LwpReviewView::from(Reviewed { review: told.thing, reviewer }), version)
        })
        .await
}
