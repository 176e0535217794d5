//! What raters say in a round (LM-3): given once, never changed, and shown to the student after the own view where the framework says so.

use chrono::{DateTime, Utc};
use domain::access::{Action, Actor, Permit, Relation, Seen, Sight};
use domain::kernel::{CompetenceId, KernelFault, PersonId, PortfolioEntryId, Prose, RatingId, Refusal, RoundId, Secret};
use domain::leermeter::rater::kind_of;
use domain::leermeter::{LeermeterFault, NewRatings, Rater, RaterKind, Rating, RatingFacts};
use persistence::access::Name;
use persistence::leermeter::ratings::{self as rows, RatingBy, Which};
use persistence::leermeter::rounds::KnownRound;
use persistence::leermeter::{raters, rounds};
use persistence::{Reading, Trouble, Writing};
use serde::Serialize;
use utoipa::ToSchema;

use super::link;
use super::rounds::round;
use crate::http::{Answer, At, Body, Caller, Everything, List, Listing, Outcome, Problem, Visitor};

/// What someone said of one competence.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RatingView {
    id: RatingId,
    round_id: RoundId,
    rater_kind: RaterKind,
    /// Null for who has no account.
    #[schema(required = true)]
    person_id: Option<PersonId>,
    #[schema(max_length = 700)]
    pub name: String,
    pub competence_id: CompetenceId,
    /// Null where it was not seen.
    #[schema(required = true, minimum = 0, maximum = 100)]
    pub level: Option<u8>,
    /// Null where nothing was said, and for a guardian of what others said.
    #[schema(required = true)]
    pub motivation: Option<Prose>,
    /// An entry that shows it; null where there is none, and for who may not read it.
    #[schema(required = true)]
    entry_id: Option<PortfolioEntryId>,
    /// 1 for the rater's first on this competence in this round; the highest is the one that counts.
    #[schema(minimum = 1)]
    number: i32,
    pub rated_at: DateTime<Utc>,
}

/// The ratings that were taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RatingsTakenView {
    round_id: RoundId,
    rater_kind: RaterKind,
    #[schema(min_items = 1, max_items = 45)]
    ratings: Vec<RatingTakenView>,
}

/// A rating that was taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RatingTakenView {
    id: RatingId,
    competence_id: CompetenceId,
    #[schema(required = true, minimum = 0, maximum = 100)]
    level: Option<u8>,
    #[schema(required = true)]
    motivation: Option<Prose>,
    #[schema(required = true)]
    entry_id: Option<PortfolioEntryId>,
    /// 1 for the first on this competence in this round, and one more with each.
    #[schema(minimum = 1)]
    number: i32,
    rated_at: DateTime<Utc>,
}

impl From<Rating> for RatingTakenView {
    fn from(rating: Rating) -> Self {
        let Rating { id, competence_id, level, motivation, entry_id, number, rated_at, .. } = rating;
        Self { id, competence_id, level, motivation, entry_id, number, rated_at }
    }
}

impl RatingView {
    /// `readable` are the entries that the reader may read; `whole_words` whether they see what others wrote.
    pub fn of(by: RatingBy, readable: &[PortfolioEntryId], whole_words: bool) -> Self {
        let RatingBy { rating, rater_kind, person, guest } = by;
        let is_own = rater_kind == RaterKind::Student;
        Self {
            id: rating.id,
            round_id: rating.round_id,
            rater_kind,
            person_id: person.as_ref().map(|person| person.id),
            name: person.as_ref().map(Name::called).or(guest).unwrap_or_default(),
            competence_id: rating.competence_id,
            level: rating.level,
            motivation: rating.motivation.filter(|_| whole_words || is_own),
            entry_id: rating.entry_id.filter(|id| readable.contains(id)),
            number: rating.number,
            rated_at: rating.rated_at,
        }
    }
}

/// Does this reader see what the student sees, and nothing before the student does?
pub fn sees_as_student<T>(seen: &Seen<T>) -> bool {
    !seen.is(Relation::ResponsibleCoach) && !seen.is(Relation::SabAdviser)
}

/// Which ratings of the round the caller may see.
pub fn which(reading: &mut Reading<'_>, seen: &Seen<KnownRound>) -> Result<Which, Trouble> {
    let (known, permit) = (&seen.thing, seen.permit);
    if seen.sight() == Sight::OwnWords {
        let rater = match reading.actor().person_id() {
            Some(person) => raters::of_person(reading, permit, known.round.id, person)?,
            None => None,
        };
        return Ok(Which::By(rater.map(|rater| rater.id)));
    }
    if !(known.holds_back(reading.now()) && sees_as_student(seen)) {
        return Ok(Which::All);
    }
    let rated = rows::rated_self(reading, permit, vec![known.round.id])?;
    Ok(Which::OwnAndOf(rated.into_iter().map(|(_, competence)| competence).collect()))
}

pub async fn list(caller: Caller, At(id): At<RoundId>, list: List<Everything>) -> Result<Listing<RatingView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let seen = rounds::find(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadRatings)?;
            let which = which(reading, &seen)?;
            let found = rows::list(reading, seen.permit, id, &which, &page)?;
            let named = found.rows.iter().filter_map(|by| by.rating.entry_id).collect();
            let readable = rows::readable(reading, seen.permit, seen.thing.round.student_id, named)?;
            let words = seen.sight() >= Sight::OwnWords;
            Answer::page(found, &page, |by| by.rating.id, |by| Ok(RatingView::of(by, &readable, words)))
        })
        .await
}

/// Who rates, in which round, and on what ground.
struct Turn {
    rater: Rater,
    known: KnownRound,
    permit: Permit,
}

/// By the link, which opens this round and no other.
fn by_link(reading: &mut Reading<'_>, id: RoundId, secret: &Secret) -> Result<Turn, Trouble> {
    let (rater, known, permit) = link::opened(reading, secret, Action::Rate)?;
    if known.round.id != id {
        return Err(KernelFault::Absent.into());
    }
    is_someone_else(reading, &known, permit)?;
    Ok(Turn { rater, known, permit })
}

/// Who rates by a link and is known besides is not the student, nor the coach, nor who rates in this round by an account: they would count
/// twice.
fn is_someone_else(reading: &mut Reading<'_>, known: &KnownRound, permit: Permit) -> Result<(), Trouble> {
    let Actor::Person { id: me, .. } = *reading.actor() else { return Ok(()) };
    let round = &known.round;
    let fault = if round.student_id.person() == me {
        LeermeterFault::InvitesSelf
    } else if raters::coach(reading, permit, round.student_id)?.is_some_and(|coach| coach.id == me)
        || raters::of_person(reading, permit, round.id, me)?.is_some()
    {
        LeermeterFault::AskedAlready
    } else {
        return Ok(());
    };
    Err(Refusal::Findings(vec![fault.at("/secret")]).into())
}

/// By what the caller is to the student.
fn by_relation(reading: &mut Reading<'_>, id: RoundId) -> Result<Turn, Trouble> {
    if *reading.actor() == Actor::Anonymous {
        return Err(KernelFault::Unauthenticated.into());
    }
    let seen = round(reading, id)?;
    let permit = seen.permit(Action::Rate)?;
    let (now, person) = (reading.now(), reading.person()?);
    let round = &seen.thing.round;
    round.takes_ratings(now).map_err(|refusal| refusal.opening(seen.open(round.open_actions(now))))?;
    let rater = match raters::of_person(reading, permit, id, person)? {
        Some(rater) => rater,
        None => {
            let kind = kind_of(|relation| seen.is(relation)).ok_or(KernelFault::Forbidden)?;
            Rater::by_relation(round, kind, person, raters::count(reading, permit, id)?)?
        }
    };
    Ok(Turn { rater, known: seen.thing, permit })
}

/// May the student see at once what was just said?
fn is_seen_by_student(reading: &mut Reading<'_>, turn: &Turn, new: &NewRatings) -> Result<bool, Trouble> {
    if !turn.known.holds_back(reading.now()) || turn.rater.kind == RaterKind::Student {
        return Ok(true);
    }
    let own = rows::rated_self(reading, turn.permit, vec![turn.known.round.id])?;
    let is_own = |competence: CompetenceId| own.iter().any(|(_, rated)| *rated == competence);
    Ok(new.ratings.iter().all(|one| is_own(one.competence_id)))
}

fn take(writing: &mut Writing<'_>, turn: Turn, new: &NewRatings) -> Result<Answer<RatingsTakenView>, Trouble> {
    let Turn { rater, known, permit } = &turn;
    let (round_id, student_id) = (known.round.id, known.round.student_id);
    let named = new.ratings.iter().filter_map(|one| one.entry_id).collect();
    let readable = rows::readable(writing, *permit, student_id, named)?;
    let before = rows::numbers(writing, *permit, rater.id)?;
    let facts = RatingFacts {
        scale: &known.scale,
        competences: &known.competences,
        readable: &readable,
        before: &before,
        own_view_is_over: rater.kind == RaterKind::Student && known.own_view_first && known.round.was_closed,
    };
    let given = Rating::take(new, (round_id, student_id, rater.id), facts, writing.now())?;
    let rated = rater.rated(is_seen_by_student(writing, &turn, new)?, writing.now());
    rows::insert(writing, *permit, &rated, &given)?;
    let ratings = given.into_iter().map(RatingTakenView::from).collect();
    let view = RatingsTakenView { round_id, rater_kind: rater.kind, ratings };
    Answer::created(&format!("/leermeter-rounds/{round_id}/ratings"), &view, rated.thing.version)
}

pub async fn rate(visitor: Visitor, At(id): At<RoundId>, Body(new): Body<NewRatings>) -> Outcome<RatingsTakenView> {
    visitor
        .change(move |writing| {
            let turn = match &new.secret {
                Some(secret) => by_link(writing, id, secret)?,
                None => by_relation(writing, id)?,
            };
            take(writing, turn, &new)
        })
        .await
}
