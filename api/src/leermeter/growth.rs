//! The leermeter of one student (LM-4): what all rounds say, competence by competence.

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::access::{Action, Seen, Unit};
use domain::kernel::time::start_of;
use domain::kernel::{
    CareerCompetence, CompetenceId, FrameworkId, Instant, KernelFault, Line, PersonId, RoundId, StudentId, Text,
};
use domain::leermeter::growth::{
    CompetenceGrowth, GrowthFinding, KindNow, Point, Rated, Scale, Series, growth, own_view_first, same_leermeter,
};
use domain::leermeter::{Framework, LeermeterFault, RaterKind, RoundStateName};
use persistence::leermeter::growth as rows;
use persistence::leermeter::raters::{self, NamedRater};
use persistence::leermeter::rounds::KnownRound;
use persistence::{Reading, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ratings::sees_as_student;
use super::rounds::{RaterView, asked};
use crate::http::{Answer, At, Caller, Outcome, Query};

/// Which leermeter, and from when until when.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeermeterQuery {
    /// By this framework; where absent, that of the student's newest round.
    #[serde(default)]
    pub framework: Option<FrameworkId>,
    /// Ratings of this day and later.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// Ratings of this day and before.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

/// What all ratings of a student say. A competence that nobody rated is there with nothing in it, never with zero.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeermeterView {
    /// Null where the student has no round yet and none is asked for.
    #[schema(required = true)]
    framework_id: Option<FrameworkId>,
    /// The rounds that are counted, in the order in which they were opened.
    #[schema(max_items = 500)]
    rounds: Vec<LeermeterRoundOfView>,
    /// Who is asked in the newest of them and did not rate yet.
    #[schema(max_items = 60)]
    not_answered: Vec<RaterView>,
    #[schema(max_items = 45)]
    competences: Vec<LeermeterCompetenceView>,
}

/// A round that is counted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeermeterRoundOfView {
    id: RoundId,
    title: Line,
    state: RoundStateName,
    opened_at: DateTime<Utc>,
}

/// What the ratings say of one competence. From one level of the scale to the next is one step, whatever the numbers of the levels;
/// a mean of levels is their mean in steps, as the number that stands there on the scale.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeermeterCompetenceView {
    competence_id: CompetenceId,
    code: Text<20>,
    title: Text<300>,
    #[schema(required = true)]
    career_competence: Option<CareerCompetence>,
    /// One for each kind that rated; empty where nobody did.
    #[schema(max_items = 6)]
    raters: Vec<KindNowView>,
    /// The level that the student sees; null where they gave none.
    #[schema(required = true, minimum = 0, maximum = 100)]
    #[serde(rename = "self")]
    own: Option<u8>,
    /// The mean of all others' newest levels, each rater counted once; null where there are none.
    #[schema(required = true, minimum = 0, maximum = 100)]
    others: Option<f64>,
    /// How many steps higher the others see it than the student does, negative where lower; null unless both gave a level.
    #[schema(required = true, minimum = -9, maximum = 9)]
    gap: Option<f64>,
    /// How many steps lie between the lowest and the highest newest level of all, the student included; null for fewer than two raters.
    #[schema(required = true, minimum = 0, maximum = 9)]
    spread: Option<u32>,
    /// Whether no two of all differ clearly: by a quarter of the scale or more, and one step at least. Null for fewer than two raters.
    #[schema(required = true)]
    consensus: Option<bool>,
    /// `blindSpot` where the others see clearly less than the student, `hiddenStrength` where clearly more; null where neither.
    #[schema(required = true)]
    finding: Option<GrowthFinding>,
    /// Round by round, for each kind that rated.
    #[schema(max_items = 6)]
    series: Vec<SeriesView>,
    /// Who is asked in the newest round and did not rate this competence in it yet. Null as long as the student has to give the own view
    /// first and the reader sees what the student sees.
    #[schema(required = true, max_items = 60)]
    not_answered: Option<Vec<NotAnsweredView>>,
}

/// Someone who is asked and did not rate a competence yet.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotAnsweredView {
    rater_kind: RaterKind,
    /// Null for who has no account.
    #[schema(required = true)]
    person_id: Option<PersonId>,
    #[schema(max_length = 700)]
    name: String,
}

impl From<&RaterView> for NotAnsweredView {
    fn from(rater: &RaterView) -> Self {
        Self { rater_kind: rater.rater_kind, person_id: rater.person_id, name: rater.name.clone() }
    }
}

/// What one kind of rater sees now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KindNowView {
    rater_kind: RaterKind,
    /// The newest that is a level; null where all of them said that they have not seen it.
    #[schema(required = true, minimum = 0, maximum = 100)]
    level: Option<u8>,
    /// When the newest was given, be it a level or not.
    rated_at: DateTime<Utc>,
    /// How many of them gave a level; each counts by the newest.
    #[schema(minimum = 0)]
    raters: u32,
    #[schema(required = true, minimum = 0, maximum = 100)]
    lowest: Option<u8>,
    #[schema(required = true, minimum = 0, maximum = 100)]
    highest: Option<u8>,
    #[schema(required = true, minimum = 0, maximum = 100)]
    mean: Option<f64>,
}

/// One kind of rater over time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeriesView {
    rater_kind: RaterKind,
    #[schema(min_items = 1, max_items = 500)]
    points: Vec<PointView>,
}

/// What a kind of rater saw in one round.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PointView {
    round_id: RoundId,
    /// When the newest of them rated.
    at: DateTime<Utc>,
    /// The mean of those who gave a level; null where all of them said that they have not seen it.
    #[schema(required = true, minimum = 0, maximum = 100)]
    level: Option<f64>,
}

/// To two decimals.
pub fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn place(scale: &Scale, steps: Option<f64>) -> Option<f64> {
    steps.and_then(|steps| scale.place(steps)).map(rounded)
}

impl KindNowView {
    fn of(now: KindNow, scale: &Scale) -> Self {
        let KindNow { rater_kind, level, rated_at, raters, lowest, highest, mean } = now;
        Self { rater_kind, level, rated_at, raters, lowest, highest, mean: place(scale, mean) }
    }
}

impl SeriesView {
    fn of(series: Series, scale: &Scale) -> Self {
        let point = |point: Point| PointView { round_id: point.round_id, at: point.at, level: place(scale, point.mean) };
        Self { rater_kind: series.rater_kind, points: series.points.into_iter().map(point).collect() }
    }
}

/// Everything that the leermeter of one student is made of, as far as the caller may see it.
pub struct Leermeter {
    pub framework: Framework,
    pub scale: Scale,
    /// Those that are counted, in the order in which they were opened.
    pub rounds: Vec<KnownRound>,
    /// One for each competence of the framework, in its order.
    pub growth: Vec<CompetenceGrowth>,
    not_answered: Vec<RaterView>,
    /// The same of each competence; none of one of which it is held back.
    unrated: Vec<Option<Vec<NotAnsweredView>>>,
}

/// The leermeter of a student who may be seen, or `as_student` no more of it than the student sees; none where there is no round, and
/// no framework is asked for.
///
/// # Errors
/// [`KernelFault::UnknownReference`] for a framework that is not there.
pub fn leermeter<T>(
    reading: &mut Reading<'_>,
    seen: &Seen<T>,
    id: StudentId,
    query: &LeermeterQuery,
    as_student: bool,
) -> Result<Option<Leermeter>, Trouble> {
    if query.from.zip(query.until).is_some_and(|(from, until)| until < from) {
        return Err(domain::kernel::Refusal::Findings(vec![LeermeterFault::PeriodOutOfRange.at("?until")]).into());
    }
    let (now, permit) = (reading.now(), seen.permit);
    let all = rows::rounds_of(reading, permit, id)?;
    let Some(framework_id) = query.framework.or_else(|| all.last().map(|known| known.round.framework_id)) else {
        return Ok(None);
    };
    let of_college = reading.actor().permit(Action::ReadFramework, Unit::Institution)?;
    let framework = persistence::leermeter::find_framework(reading, of_college, framework_id)?
        .ok_or_else(|| domain::kernel::Refusal::Findings(vec![KernelFault::UnknownReference.at("?framework")]))?;
    let editions = rows::editions(reading, permit, framework.landscape_id)?;
    let versions = same_leermeter(framework_id, &editions);
    let mut rounds: Vec<_> = all.into_iter().filter(|known| versions.contains(&known.round.framework_id)).collect();
    let too_many = rounds.len().saturating_sub(ROUNDS);
    rounds.drain(..too_many);
    let ids = rounds.iter().map(|known| known.round.id).collect();
    let mut ratings = rows::ratings_of(reading, permit, ids)?;
    let as_student = as_student || sees_as_student(seen);
    if as_student {
        let held: Vec<RoundId> = rounds.iter().filter(|known| known.holds_back(now)).map(|known| known.round.id).collect();
        ratings = own_view_first(ratings, &held);
    }
    let scale = Scale::of(&framework.scale);
    let competences: Vec<CompetenceId> = framework.competences.iter().map(|one| one.id).collect();
    let (mut not_answered, mut unrated) = (Vec::new(), competences.iter().map(|_| Some(Vec::new())).collect());
    if let Some(newest) = rounds.last() {
        let coach = raters::coach(reading, permit, id)?;
        let named = raters::of_rounds(reading, permit, vec![newest.round.id])?;
        not_answered = asked(&newest.round, &newest.student, coach.as_ref(), &named);
        let held_back = as_student && newest.holds_back(now);
        let of_newest: Vec<&Rated> = ratings.iter().filter(|rated| rated.round_id == newest.round.id).collect();
        let of = |competence: &CompetenceId| unrated_by(*competence, &not_answered, &named, &of_newest, held_back);
        unrated = competences.iter().map(of).collect();
    }
    not_answered.retain(|rater| rater.answered_at.is_none());
    ratings.retain(|rated| is_between(rated, query));
    let growth = growth(&scale, &competences, &ratings);
    Ok(Some(Leermeter { framework, scale, rounds, growth, not_answered, unrated }))
}

/// Who of those asked in a round did not rate a competence in it; none where `held_back`, and the student did not rate it yet.
fn unrated_by(
    competence: CompetenceId,
    asked: &[RaterView],
    named: &[NamedRater],
    rated: &[&Rated],
    held_back: bool,
) -> Option<Vec<NotAnsweredView>> {
    let of_it = || rated.iter().filter(|one| one.competence_id == competence);
    if held_back && !of_it().any(|one| one.rater_kind == RaterKind::Student) {
        return None;
    }
    // Who did not rate at all has no row yet where nobody invited them.
    let who = |rater: &RaterView| {
        let row = named.iter().find(|one| Some(one.rater.id) == rater.id);
        row.map(|one| one.rater.who_id).or(rater.person_id).map(|who| who.uuid())
    };
    Some(asked.iter().filter(|rater| !of_it().any(|one| Some(one.rater) == who(rater))).map(NotAnsweredView::from).collect())
}

/// As many rounds as one leermeter counts; the newest.
const ROUNDS: usize = 500;

fn is_between(rated: &Rated, query: &LeermeterQuery) -> bool {
    let after = |day: NaiveDate| day.checked_add_days(Days::new(1)).map(start_of);
    let begins: Option<Instant> = query.from.map(start_of);
    begins.is_none_or(|begins| begins <= rated.at) && query.until.and_then(after).is_none_or(|ends| rated.at < ends)
}

impl LeermeterView {
    fn of(leermeter: Option<Leermeter>, now: Instant) -> Self {
        let Some(Leermeter { framework, scale, rounds, growth, not_answered, unrated }) = leermeter else {
            return Self { framework_id: None, rounds: Vec::new(), not_answered: Vec::new(), competences: Vec::new() };
        };
        let round = |known: KnownRound| LeermeterRoundOfView {
            id: known.round.id,
            state: known.round.state(now),
            opened_at: known.round.opened_at,
            title: known.round.title,
        };
        type Of = ((domain::leermeter::Competence, CompetenceGrowth), Option<Vec<NotAnsweredView>>);
        let competence = |((of, growth), not_answered): Of| LeermeterCompetenceView {
            competence_id: of.id,
            code: of.code,
            title: of.title,
            career_competence: of.career_competence,
            raters: growth.raters.into_iter().map(|now| KindNowView::of(now, &scale)).collect(),
            own: growth.own,
            others: place(&scale, growth.others),
            gap: growth.gap.map(rounded),
            spread: growth.spread,
            consensus: growth.consensus,
            finding: growth.finding,
            series: growth.series.into_iter().map(|series| SeriesView::of(series, &scale)).collect(),
            not_answered,
        };
        Self {
            framework_id: Some(framework.id),
            rounds: rounds.into_iter().map(round).collect(),
            not_answered,
            competences: framework.competences.into_iter().zip(growth).zip(unrated).map(competence).collect(),
        }
    }
}

pub async fn get_one(caller: Caller, At(id): At<StudentId>, Query(query): Query<LeermeterQuery>) -> Outcome<LeermeterView> {
    caller
        .read(move |reading| {
            let seen = persistence::students::find(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadLeermeter)?;
            let leermeter = leermeter(reading, &seen, id, &query, false)?;
            Answer::ok(&LeermeterView::of(leermeter, reading.now()))
        })
        .await
}
