//! What raters said in a round. Nothing here changes a rating: a newer one follows it.

use diesel::dsl::max;
use diesel::prelude::*;
use domain::access::Permit;
use domain::kernel::{CompetenceId, Instant, PortfolioEntryId, RaterId, RatingId, RoundId, StudentId, Told};
use domain::leermeter::{Rater, RaterKind, Rating};

use super::raters;
use crate::access::Name;
use crate::columns::{bind, text};
use crate::page::{Listed, Page};
use crate::relations;
use crate::schema::{people, portfolio_entries as entries, ratings, round_raters};
use crate::session::{Reading, Writing};
use crate::spelling::{among, given};
use crate::trouble::Trouble;

/// A rating, with whose it is.
#[derive(Clone, Debug)]
pub struct RatingBy {
    pub rating: Rating,
    pub rater_kind: RaterKind,
    /// Of who has an account.
    pub person: Option<Name>,
    /// Of who has none.
    pub guest: Option<String>,
}

/// Which ratings of a round.
#[derive(Clone, Debug)]
pub enum Which {
    All,
    /// The student's own, and what others said of these competences.
    OwnAndOf(Vec<CompetenceId>),
    /// Of one rater; of none where there is no such rater.
    By(Option<RaterId>),
}

type Said =
    (RoundId, RatingId, RaterId, StudentId, CompetenceId, Option<i32>, Option<String>, Option<PortfolioEntryId>, i32, Instant);
type Row = (Said, RaterKind, Option<String>, Option<Name>);

/// A level as it is kept.
pub(super) fn level(stored: Option<i32>) -> Result<Option<u8>, Trouble> {
    let level = stored.map(u8::try_from).transpose();
    level.map_err(|_| Trouble::Unreadable("a level".to_owned()))
}

fn rating((said, rater_kind, guest, person): Row) -> Result<RatingBy, Trouble> {
    let (round_id, id, rater_id, student_id, competence_id, stored, motivation, entry_id, number, rated_at) = said;
    let (level, motivation) = (level(stored)?, motivation.as_deref().map(text).transpose()?);
    let rating = Rating { id, round_id, rater_id, student_id, competence_id, level, motivation, entry_id, number, rated_at };
    Ok(RatingBy { rating, rater_kind, person, guest })
}

/// Ratings of a round in the order in which they were given.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    round: RoundId,
    which: &Which,
    page: &Page<RatingId>,
) -> Result<Listed<RatingBy>, Trouble> {
    let (all, own, of, by) = match which {
        Which::All => (true, false, Vec::new(), None),
        Which::OwnAndOf(competences) => (false, true, competences.clone(), None),
        Which::By(rater) => (false, false, Vec::new(), *rater),
    };
    let shown = given(all)
        .or(given(own).and(round_raters::kind.eq(bind(RaterKind::Student))))
        .or(among(ratings::competence_id, of))
        .or(ratings::rater_id.eq(bind(by.unwrap_or(RaterId::FIRST))));
    let such = ratings::table
        .inner_join(round_raters::table.on(round_raters::id.eq(ratings::rater_id)))
        .left_join(people::table.on(people::id.nullable().eq(round_raters::person_id)))
        .filter(ratings::round_id.eq(bind(round)))
        .filter(shown);
    let total = reading.total(page, &such)?;
    let rows: Vec<Row> = reading.load(
        such.filter(ratings::id.gt(bind(page.after.unwrap_or(RatingId::FIRST))))
            .order(ratings::id)
            .limit(page.rows_to_read())
            .select((
                (
                    ratings::round_id,
                    ratings::id,
                    ratings::rater_id,
                    ratings::student_id,
                    ratings::competence_id,
                    ratings::level,
                    ratings::motivation,
                    ratings::entry_id,
                    ratings::number,
                    ratings::rated_at,
                ),
                round_raters::kind,
                round_raters::name,
                (people::id, people::given_name, people::family_name_prefix, people::family_name).nullable(),
            )),
    )?;
    Listed { rows, total }.try_map(rating)
}

/// The competences that the student rated in these rounds, of which there are at most [`crate::events::AT_ONCE`].
///
/// # Errors
/// Only what the database ends in.
pub fn rated_self(reading: &mut Reading<'_>, _permit: Permit, of: Vec<RoundId>) -> Result<Vec<(RoundId, CompetenceId)>, Trouble> {
    reading.load(
        ratings::table
            .inner_join(round_raters::table.on(round_raters::id.eq(ratings::rater_id)))
            .filter(among(ratings::round_id, of))
            .filter(round_raters::kind.eq(bind(RaterKind::Student)))
            .filter(ratings::number.eq(1))
            .select((ratings::round_id, ratings::competence_id)),
    )
}

/// The highest number of each competence that this rater rated.
///
/// # Errors
/// Only what the database ends in.
pub fn numbers(reading: &mut Reading<'_>, _permit: Permit, rater: RaterId) -> Result<Vec<(CompetenceId, i32)>, Trouble> {
    let rows: Vec<(CompetenceId, Option<i32>)> = reading.load(
        ratings::table
            .filter(ratings::rater_id.eq(bind(rater)))
            .group_by(ratings::competence_id)
            .select((ratings::competence_id, max(ratings::number))),
    )?;
    Ok(rows.into_iter().filter_map(|(id, number)| Some((id, number?))).collect())
}

/// Of these entries, those of this student that the caller may read now.
///
/// # Errors
/// Only what the database ends in.
pub fn readable(
    reading: &mut Reading<'_>,
    _permit: Permit,
    student: StudentId,
    ids: Vec<PortfolioEntryId>,
) -> Result<Vec<PortfolioEntryId>, Trouble> {
    if ids.is_empty() {
        return Ok(ids);
    }
    let may = relations::readable(reading, Some(student), entries::student_id, entries::id, entries::visibility);
    reading.load(
        entries::table
            .filter(entries::student_id.eq(bind(student)))
            .filter(among(entries::id, ids))
            .filter(entries::withdrawn_at.is_null())
            .filter(may)
            .select(entries::id),
    )
}

/// Writes ratings, and that their rater gave them.
///
/// # Errors
/// [`Trouble::Overtaken`] where the rater gave others meanwhile.
pub fn insert(writing: &mut Writing<'_>, permit: Permit, rated: &Told<Rater>, given: &[Rating]) -> Result<(), Trouble> {
    const FIRST: i64 = 1;
    let is_new = rated.thing.version == FIRST;
    let mut pen = if is_new { raters::write(writing, permit, rated, None)? } else { raters::update(writing, permit, rated)? };
    let row = |rating: &Rating| {
        (
            ratings::round_id.eq(bind(rating.round_id)),
            ratings::id.eq(bind(rating.id)),
            ratings::rater_id.eq(bind(rating.rater_id)),
            ratings::student_id.eq(bind(rating.student_id)),
            ratings::competence_id.eq(bind(rating.competence_id)),
            ratings::level.eq(rating.level.map(i32::from)),
            ratings::motivation.eq(rating.motivation.as_ref().map(|words| words.as_str().to_owned())),
            ratings::entry_id.eq(bind(rating.entry_id)),
            ratings::number.eq(rating.number),
            ratings::rated_at.eq(bind(rating.rated_at)),
        )
    };
    let rows: Vec<_> = given.iter().map(row).collect();
    let inserted = pen.insert_many(diesel::insert_into(ratings::table).values(rows));
    inserted.map(drop).map_err(|trouble| if trouble.is_duplicate() { Trouble::Overtaken } else { trouble })
}
