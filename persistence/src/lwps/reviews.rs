//! What other teams think of LWPs (CU-3): of everyone who reviewed one, the last that they said of it.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{Instant, LwpId, LwpReviewId, PersonId, Told};
use domain::lwp::{NewReview, Review};

use crate::access::Name;
use crate::columns::{Json, bind};
use crate::page::{Listed, Page};
use crate::schema::{lwp_reviews as reviews, people};
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

diesel::alias! {
    const LATER: Alias<LaterReviews> = reviews as later_reviews;
}

/// A review, with who wrote it.
#[derive(Clone, Debug)]
pub struct Reviewed {
    pub review: Review,
    pub reviewer: Name,
}

type Row = ((LwpReviewId, LwpId, PersonId, i64, Json<NewReview>, Instant), Name);

fn reviewed(((id, lwp_id, reviewer_id, version, Json(content), reviewed_at), reviewer): Row) -> Reviewed {
    Reviewed { review: Review { id, lwp_id, reviewer_id, version, content, reviewed_at }, reviewer }
}

/// The last review of everyone who reviewed an LWP, oldest first.
///
/// # Errors
/// Only what the database ends in.
pub fn list_reviews(
    reading: &mut Reading<'_>,
    _permit: Permit,
    lwp_id: LwpId,
    page: &Page<LwpReviewId>,
) -> Result<Listed<Reviewed>, Trouble> {
    let followed = LATER
        .filter(LATER.field(reviews::lwp_id).eq(reviews::lwp_id))
        .filter(LATER.field(reviews::reviewer_id).eq(reviews::reviewer_id))
        .filter(LATER.field(reviews::version).gt(reviews::version))
        .select(LATER.field(reviews::id));
    let such = reviews::table
        .inner_join(people::table.on(people::id.eq(reviews::reviewer_id)))
        .filter(reviews::lwp_id.eq(bind(lwp_id)))
        .filter(not(exists(followed)));
    let total = reading.total(page, &such)?;
    let rows: Vec<Row> = reading.load(
        such.filter(reviews::id.gt(bind(page.after.unwrap_or(LwpReviewId::FIRST))))
            .order(reviews::id)
            .limit(page.rows_to_read())
            .select((
                (reviews::id, reviews::lwp_id, reviews::reviewer_id, reviews::version, reviews::content, reviews::created_at),
                (people::id, people::given_name, people::family_name_prefix, people::family_name),
            )),
    )?;
    Ok(Listed { rows, total }.map(reviewed))
}

/// The version of someone's last review of an LWP, if there is one.
///
/// # Errors
/// Only what the database ends in.
pub fn last_review(
    reading: &mut Reading<'_>,
    _permit: Permit,
    lwp_id: LwpId,
    reviewer_id: PersonId,
) -> Result<Option<i64>, Trouble> {
    reading.first(
        reviews::table
            .filter(reviews::lwp_id.eq(bind(lwp_id)))
            .filter(reviews::reviewer_id.eq(bind(reviewer_id)))
            .order(reviews::version.desc())
            .limit(1)
            .select(reviews::version),
    )
}

/// # Errors
/// [`Trouble::Overtaken`] where they wrote another meanwhile.
pub fn insert_review(writing: &mut Writing<'_>, permit: Permit, new: &Told<Review>) -> Result<(), Trouble> {
    let review = &new.thing;
    let inserted = writing.tell(permit, new.event.clone()).execute(diesel::insert_into(reviews::table).values((
        reviews::id.eq(bind(review.id)),
        reviews::lwp_id.eq(bind(review.lwp_id)),
        reviews::reviewer_id.eq(bind(review.reviewer_id)),
        reviews::version.eq(review.version),
        reviews::content.eq(bind(Json(review.content.clone()))),
        reviews::created_at.eq(bind(review.reviewed_at)),
    )));
    inserted.map(drop).map_err(|trouble| if trouble.is_duplicate() { Trouble::Overtaken } else { trouble })
}
