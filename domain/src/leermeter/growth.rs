//! Growth (LM-4): what the ratings of one student say, competence by competence, over time and by kind of rater.
//!
//! A rating counts until a newer one of the same rater on the same competence follows it; *not seen* is no level and takes none
//! away from an earlier round. Distances are counted in steps of the scale (from one level to the next is one step, whatever the
//! numbers of the levels), and differ [`clearly`](Scale::clearly) from a quarter of the scale on. Means are in steps above the
//! lowest level; [`Scale::place`] says where that is in the numbers of the levels.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{RaterKind, ScaleLevel};
use crate::kernel::{CompetenceId, FrameworkId, Instant, RoundId, Word};

/// A rating as growth reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    pub round_id: RoundId,
    pub rater_kind: RaterKind,
    /// Who it was: the same in every round.
    pub rater: Uuid,
    pub competence_id: CompetenceId,
    /// None where it was not seen.
    pub level: Option<u8>,
    pub at: Instant,
    /// Of the ratings of one rater on one competence in one round, the highest is the one that counts.
    pub number: i32,
}

/// The levels of a framework, from low to high.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale(Vec<u8>);

crate::words! {
    /// What the difference between the student and the others tells.
    pub enum GrowthFinding {
        /// The others see clearly less than the student does.
        BlindSpot = "blindSpot",
        /// The others see clearly more than the student does.
        HiddenStrength = "hiddenStrength",
    }
}

/// What one kind of rater sees of a competence now.
#[derive(Clone, Debug, PartialEq)]
pub struct KindNow {
    pub rater_kind: RaterKind,
    /// The newest that is a level; none where all of them said that they have not seen it.
    pub level: Option<u8>,
    /// When the newest was given, be it a level or not.
    pub rated_at: Instant,
    /// How many raters of this kind gave a level, each of whom counts by the newest.
    pub raters: u32,
    pub lowest: Option<u8>,
    pub highest: Option<u8>,
    /// Their mean, in steps.
    pub mean: Option<f64>,
}

/// What a kind of rater saw in one round.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    pub round_id: RoundId,
    /// When the newest of them rated.
    pub at: Instant,
    /// How many of them gave a level.
    pub raters: u32,
    /// Their mean, in steps; none where all of them said that they have not seen it.
    pub mean: Option<f64>,
}

/// One kind of rater, round by round.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub rater_kind: RaterKind,
    /// By time.
    pub points: Vec<Point>,
}

/// What the ratings say of one competence. Of one that nobody rated all is empty and none, never 0.
#[derive(Clone, Debug, PartialEq)]
pub struct CompetenceGrowth {
    pub competence_id: CompetenceId,
    /// One for each kind that rated, in the order of the kinds.
    pub raters: Vec<KindNow>,
    /// The level that the student sees.
    pub own: Option<u8>,
    /// The mean of all others' newest levels, each rater once, in steps.
    pub others: Option<f64>,
    /// How many steps higher the others see it than the student does; negative where lower. None unless both gave a level.
    pub gap: Option<f64>,
    /// How many steps are between the lowest and the highest of all newest levels, the student's too; none under two raters.
    pub spread: Option<u32>,
    /// Whether none differs clearly from another; none under two raters.
    pub consensus: Option<bool>,
    pub finding: Option<GrowthFinding>,
    pub series: Vec<Series>,
}

impl Scale {
    pub fn of(levels: &[ScaleLevel]) -> Self {
        Self(levels.iter().map(|level| level.level).collect())
    }

    /// How many steps a level is above the lowest; none for what is no level of this scale.
    pub fn step(&self, level: u8) -> Option<u32> {
        let place = self.0.iter().position(|one| *one == level)?;
        u32::try_from(place).ok()
    }

    /// From how many steps on two levels differ clearly: a quarter of the scale, and one step at least.
    pub fn clearly(&self) -> f64 {
        Self::clearly_among(self.0.len())
    }

    /// The same of a scale of so many levels.
    pub fn clearly_among(levels: usize) -> f64 {
        let steps = u32::try_from(levels.saturating_sub(1)).unwrap_or(u32::MAX);
        (f64::from(steps) / 4.0).max(1.0)
    }

    /// Where so many steps above the lowest is, in the numbers of the levels: between two of them in proportion.
    pub fn place(&self, steps: f64) -> Option<f64> {
        let numbered = self.0.iter().zip(0_u32..).map(|(level, step)| (f64::from(*level), f64::from(step)));
        let (below, above): (Vec<_>, Vec<_>) = numbered.partition(|(_, step)| *step <= steps);
        let (level, step) = *below.last()?;
        Some(above.first().map_or(level, |(next, _)| (next - level).mul_add(steps - step, level)))
    }

    /// The mean of these levels in steps, and how many they are; what is no level of the scale does not count.
    fn mean(&self, levels: impl Iterator<Item = u8>) -> Option<f64> {
        let steps: Vec<u32> = levels.filter_map(|level| self.step(level)).collect();
        let many = u32::try_from(steps.len()).ok().filter(|many| *many > 0)?;
        Some(f64::from(steps.iter().sum::<u32>()) / f64::from(many))
    }
}

/// What the ratings say of these competences, in their order. The ratings may come in any order.
pub fn growth(scale: &Scale, competences: &[CompetenceId], ratings: &[Rated]) -> Vec<CompetenceGrowth> {
    let mut by_competence: BTreeMap<CompetenceId, Vec<&Rated>> = BTreeMap::new();
    for rated in counting(ratings) {
        by_competence.entry(rated.competence_id).or_default().push(rated);
    }
    let one = |id: &CompetenceId| of_competence(scale, *id, by_competence.get(id).map_or(&[][..], Vec::as_slice));
    competences.iter().map(one).collect()
}

/// First the own view, then the mirror (LM-3): without what others said in these rounds of competences that the student did not rate
/// there yet.
pub fn own_view_first(mut ratings: Vec<Rated>, rounds: &[RoundId]) -> Vec<Rated> {
    let is_own = |rated: &Rated| rated.rater_kind == RaterKind::Student;
    let own: BTreeSet<_> =
        ratings.iter().filter(|rated| is_own(rated)).map(|rated| (rated.round_id, rated.competence_id)).collect();
    ratings.retain(|rated| {
        is_own(rated) || !rounds.contains(&rated.round_id) || own.contains(&(rated.round_id, rated.competence_id))
    });
    ratings
}

/// Of each rater in each round the newest on each competence, by time.
fn counting(ratings: &[Rated]) -> Vec<&Rated> {
    let mut newest: BTreeMap<(RoundId, RaterKind, Uuid, CompetenceId), &Rated> = BTreeMap::new();
    for rated in ratings {
        let kept = newest.entry((rated.round_id, rated.rater_kind, rated.rater, rated.competence_id)).or_insert(rated);
        if kept.number < rated.number {
            *kept = rated;
        }
    }
    let mut counting: Vec<&Rated> = newest.into_values().collect();
    counting.sort_by_key(|rated| (rated.at, rated.round_id, rated.rater));
    counting
}

/// `rated` is what counts of this competence, by time.
fn of_competence(scale: &Scale, competence_id: CompetenceId, rated: &[&Rated]) -> CompetenceGrowth {
    // Of each rater the newest that is a level.
    let mut newest: BTreeMap<(RaterKind, Uuid), u8> = BTreeMap::new();
    for one in rated {
        if let Some(level) = one.level.filter(|level| scale.step(*level).is_some()) {
            newest.insert((one.rater_kind, one.rater), level);
        }
    }
    let is_own = |kind: RaterKind| kind == RaterKind::Student;
    let levels = |which: &dyn Fn(RaterKind) -> bool| {
        newest.iter().filter(|((kind, _), _)| which(*kind)).map(|(_, level)| *level).collect::<Vec<u8>>()
    };
    let own = levels(&is_own).first().copied();
    let others = scale.mean(levels(&|kind| !is_own(kind)).into_iter());
    let own_steps = own.and_then(|level| scale.step(level)).map(f64::from);
    let gap = others.zip(own_steps).map(|(others, own)| others - own);
    let all = levels(&|_| true).into_iter().filter_map(|level| scale.step(level));
    let spread = if newest.len() < 2 { None } else { all.clone().max().zip(all.min()).map(|(high, low)| high - low) };
    let clearly = scale.clearly();
    let finding = match gap {
        Some(gap) if gap <= -clearly => Some(GrowthFinding::BlindSpot),
        Some(gap) if gap >= clearly => Some(GrowthFinding::HiddenStrength),
        _ => None,
    };
    let kinds = RaterKind::ALL.iter().copied();
    CompetenceGrowth {
        competence_id,
        raters: kinds.clone().filter_map(|kind| kind_now(scale, kind, rated, &levels(&|one| one == kind))).collect(),
        own,
        others,
        gap,
        spread,
        consensus: spread.map(|steps| f64::from(steps) < clearly),
        finding,
        series: kinds.filter_map(|kind| series(scale, kind, rated)).collect(),
    }
}

/// `levels` is what each rater of the kind sees now.
fn kind_now(scale: &Scale, rater_kind: RaterKind, rated: &[&Rated], levels: &[u8]) -> Option<KindNow> {
    let of_kind = || rated.iter().filter(|one| one.rater_kind == rater_kind);
    let rated_at = of_kind().next_back()?.at;
    Some(KindNow {
        rater_kind,
        level: of_kind().rev().find_map(|one| one.level),
        rated_at,
        raters: u32::try_from(levels.len()).unwrap_or(u32::MAX),
        lowest: levels.iter().min().copied(),
        highest: levels.iter().max().copied(),
        mean: scale.mean(levels.iter().copied()),
    })
}

fn series(scale: &Scale, rater_kind: RaterKind, rated: &[&Rated]) -> Option<Series> {
    let mut rounds: Vec<(RoundId, Vec<&Rated>)> = Vec::new();
    for one in rated.iter().filter(|one| one.rater_kind == rater_kind) {
        match rounds.iter_mut().find(|(round, _)| *round == one.round_id) {
            Some((_, of_round)) => of_round.push(one),
            None => rounds.push((one.round_id, vec![one])),
        }
    }
    let point = |(round_id, of_round): (RoundId, Vec<&Rated>)| {
        let levels = || of_round.iter().filter_map(|one| one.level);
        let (raters, mean) = (u32::try_from(levels().count()).unwrap_or(u32::MAX), scale.mean(levels()));
        of_round.last().map(|newest| Point { round_id, at: newest.at, raters, mean })
    };
    let mut points: Vec<Point> = rounds.into_iter().filter_map(point).collect();
    points.sort_by_key(|point| (point.at, point.round_id));
    (!points.is_empty()).then_some(Series { rater_kind, points })
}

/// A version of a framework, as far as it matters which others it goes on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    pub id: FrameworkId,
    pub previous_id: Option<FrameworkId>,
    pub scale: Scale,
}

/// The versions that are one leermeter with this one: those that follow one another with the same scale, in which competences keep
/// their ids.
pub fn same_leermeter(id: FrameworkId, all: &[Edition]) -> Vec<FrameworkId> {
    let mut found = vec![id];
    let scale_of = |id: FrameworkId| all.iter().find(|one| one.id == id).map(|one| &one.scale);
    let mut looked_at = 0;
    while let Some(here) = found.get(looked_at).copied() {
        looked_at += 1;
        let beside = all.iter().filter_map(|one| match one.previous_id {
            Some(previous) if previous == here => Some(one.id),
            Some(previous) if one.id == here => Some(previous),
            _ => None,
        });
        let same: Vec<_> = beside.filter(|other| scale_of(*other).is_some() && scale_of(*other) == scale_of(here)).collect();
        for other in same {
            if !found.contains(&other) {
                found.push(other);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn scale(levels: &[u8]) -> Scale {
        Scale(levels.to_vec())
    }

    fn round(number: u128) -> RoundId {
        RoundId::from_uuid(Uuid::from_u128(number))
    }

    fn competence() -> CompetenceId {
        CompetenceId::from_uuid(Uuid::from_u128(7))
    }

    /// By this rater in this round, whose number is also the hour.
    fn rated(rater_kind: RaterKind, rater: u128, number: u32, level: Option<u8>) -> Rated {
        Rated {
            round_id: round(number.into()),
            rater_kind,
            rater: Uuid::from_u128(rater),
            competence_id: competence(),
            level,
            at: DateTime::from_timestamp(i64::from(number) * 3600, 0).unwrap(),
            number: 1,
        }
    }

    fn of(levels: &[u8], ratings: &[Rated]) -> CompetenceGrowth {
        growth(&scale(levels), &[competence()], ratings).remove(0)
    }

    #[test]
    fn lm_4_what_nobody_rated_is_empty_and_never_zero() {
        let nothing = of(&[0, 1, 2], &[]);
        assert_eq!((nothing.raters.len(), nothing.series.len()), (0, 0));
        assert_eq!((nothing.own, nothing.others, nothing.gap, nothing.spread), (None, None, None, None));
        assert_eq!((nothing.consensus, nothing.finding), (None, None));
        let unseen = of(&[0, 1, 2], &[rated(RaterKind::Peer, 1, 1, None)]);
        assert_eq!((unseen.raters[0].level, unseen.raters[0].raters, unseen.raters[0].mean), (None, 0, None));
        assert_eq!(unseen.series[0].points[0].mean, None);
        let lowest = of(&[0, 1, 2], &[rated(RaterKind::Student, 1, 1, Some(0))]);
        assert_eq!((lowest.own, lowest.others, lowest.gap), (Some(0), None, None));
    }

    #[test]
    fn lm_4_the_last_level_keeps_counting_while_a_new_round_is_open_and_what_was_not_seen_takes_none_away() {
        let ratings = [
            rated(RaterKind::Coach, 2, 1, Some(3)),
            rated(RaterKind::Student, 1, 1, Some(2)),
            rated(RaterKind::Student, 1, 2, Some(3)),
            rated(RaterKind::Coach, 2, 3, None),
        ];
        let now = of(&[1, 2, 3, 4], &ratings);
        assert_eq!((now.own, now.others, now.gap), (Some(3), Some(2.0), Some(0.0)));
        let coach = now.raters.iter().find(|one| one.rater_kind == RaterKind::Coach).unwrap();
        assert_eq!((coach.level, coach.rated_at), (Some(3), ratings[3].at), "the newest level, and when the newest rated");
        let of_coach = now.series.iter().find(|one| one.rater_kind == RaterKind::Coach).unwrap();
        let levels: Vec<_> = of_coach.points.iter().map(|point| (point.round_id, point.mean, point.raters)).collect();
        assert_eq!(levels, [(round(1), Some(2.0), 1), (round(3), None, 0)]);
    }

    #[test]
    fn lm_3_a_newer_rating_of_the_same_rater_follows_the_older_one_whatever_order_they_are_read_in() {
        let second = Rated { number: 2, ..rated(RaterKind::Peer, 5, 1, Some(4)) };
        for ratings in
            [[rated(RaterKind::Peer, 5, 1, Some(1)), second.clone()], [second.clone(), rated(RaterKind::Peer, 5, 1, Some(1))]]
        {
            let peer = of(&[1, 2, 3, 4], &ratings).raters.remove(0);
            assert_eq!((peer.level, peer.raters, peer.lowest), (Some(4), 1, Some(4)));
        }
    }

    #[test]
    fn lm_4_each_rater_counts_once_and_the_gap_is_in_steps_of_the_scale_and_not_in_its_numbers() {
        let ratings = [
            rated(RaterKind::Student, 1, 1, Some(10)),
            rated(RaterKind::Coach, 2, 1, Some(40)),
            rated(RaterKind::Peer, 3, 1, Some(20)),
            rated(RaterKind::Peer, 4, 1, Some(40)),
        ];
        let now = of(&[10, 20, 40, 80], &ratings);
        assert_eq!(now.gap, Some((2.0 + 1.0 + 2.0) / 3.0), "from 20 to 40 is one step as from 10 to 20");
        assert_eq!(now.spread, Some(2));
        let peers = now.raters.iter().find(|one| one.rater_kind == RaterKind::Peer).unwrap();
        assert_eq!((peers.mean, peers.lowest, peers.highest, peers.raters), (Some(1.5), Some(20), Some(40), 2));
        assert_eq!(scale(&[10, 20, 40, 80]).place(1.5), Some(30.0), "halfway from 20 to 40");
        let order: Vec<_> = now.raters.iter().map(|one| one.rater_kind).collect();
        assert_eq!(order, [RaterKind::Student, RaterKind::Coach, RaterKind::Peer]);
    }

    #[test]
    fn lm_4_a_blind_spot_is_clearly_less_and_a_hidden_strength_clearly_more_than_the_student_sees() {
        let with = |levels: &[u8], own, coach| {
            let now = of(levels, &[rated(RaterKind::Student, 1, 1, Some(own)), rated(RaterKind::Coach, 2, 1, Some(coach))]);
            (now.finding, now.consensus)
        };
        let four = [1, 2, 3, 4];
        assert_eq!(with(&four, 3, 2), (Some(GrowthFinding::BlindSpot), Some(false)));
        assert_eq!(with(&four, 2, 3), (Some(GrowthFinding::HiddenStrength), Some(false)));
        assert_eq!(with(&four, 3, 3), (None, Some(true)));
        let ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        assert_eq!(with(&ten, 5, 7), (None, Some(true)), "two of nine steps are not clearly another level");
        assert_eq!(with(&ten, 5, 8), (Some(GrowthFinding::HiddenStrength), Some(false)));
    }

    #[test]
    fn lm_3_what_others_said_is_held_back_in_a_round_until_the_student_rated_the_same_competence_in_it() {
        let ratings = || {
            vec![
                rated(RaterKind::Student, 1, 1, Some(2)),
                rated(RaterKind::Coach, 2, 1, Some(3)),
                rated(RaterKind::Coach, 2, 2, Some(4)),
                Rated { competence_id: CompetenceId::from_uuid(Uuid::from_u128(8)), ..rated(RaterKind::Peer, 3, 1, Some(1)) },
            ]
        };
        assert_eq!(own_view_first(ratings(), &[round(1), round(2)]), ratings()[..2]);
        assert_eq!(own_view_first(ratings(), &[round(2)]).len(), 3, "the first round is closed, or asks for no own view");
        assert_eq!(own_view_first(ratings(), &[]), ratings());
    }

    #[test]
    fn lm_4_versions_with_the_same_scale_are_one_leermeter_and_a_new_scale_begins_another() {
        let id = |number: u128| FrameworkId::from_uuid(Uuid::from_u128(number));
        let edition = |number, previous: Option<u128>, levels: &[u8]| Edition {
            id: id(number),
            previous_id: previous.map(id),
            scale: scale(levels),
        };
        let all = [
            edition(1, None, &[1, 2]),
            edition(2, Some(1), &[1, 2]),
            edition(3, Some(2), &[1, 2, 3]),
            edition(4, Some(3), &[1, 2, 3]),
            edition(9, None, &[1, 2]),
        ];
        assert_eq!(same_leermeter(id(2), &all), [id(2), id(1)]);
        assert_eq!(same_leermeter(id(3), &all), [id(3), id(4)]);
        assert_eq!(same_leermeter(id(9), &all), [id(9)]);
    }
}
