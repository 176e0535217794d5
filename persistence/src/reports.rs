//! Counts by landscape, for those who see no single student (RP-1). What of them may be told, the domain says.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;
use domain::access::Permit;
use domain::enrolment::EnrolmentStateName;
use domain::kernel::time::{date_at, start_of};
use domain::kernel::{LandscapeId, Word};
use domain::orientation::ApplicationStateName;
use domain::reports::Indicator;
use domain::start_programme::{CloseOutcome, ProgrammeStateName};

use crate::columns::bind;
use crate::schema::{applications, enrolments, start_programme_weeks as weeks, start_programmes as programmes};
use crate::session::Reading;
use crate::trouble::Trouble;

/// How many are in a group of a landscape.
type Count = (LandscapeId, &'static str, i64);

/// From which day on, and until which day.
pub type Period = (NaiveDate, NaiveDate);

/// How many there are of an indicator in a period, by landscape and group: two statements at most. Of applications the day on
/// which they came counts, of enrolments and start programmes the first day at school.
///
/// # Errors
/// Only what the database ends in.
pub fn counts(
    reading: &mut Reading<'_>,
    _permit: Permit,
    indicator: Indicator,
    period: Period,
) -> Result<BTreeMap<LandscapeId, BTreeMap<&'static str, u32>>, Trouble> {
    let counted = match indicator {
        Indicator::Applications => of_applications(reading, period)?,
        Indicator::Enrolments => of_enrolments(reading, period)?,
        Indicator::StartProgrammes => of_programmes(reading, period)?,
    };
    let mut by_landscape: BTreeMap<LandscapeId, BTreeMap<&'static str, u32>> = BTreeMap::new();
    for (landscape_id, group, count) in counted {
        *by_landscape.entry(landscape_id).or_default().entry(group).or_default() += u32::try_from(count).unwrap_or(u32::MAX);
    }
    Ok(by_landscape)
}

fn of_applications(reading: &mut Reading<'_>, (first, last): Period) -> Result<Vec<Count>, Trouble> {
    let until = last.checked_add_days(Days::new(1)).unwrap_or(last);
    let rows: Vec<(LandscapeId, ApplicationStateName, i64)> = reading.load(
        applications::table
            .filter(applications::created_at.ge(bind(start_of(first))))
            .filter(applications::created_at.lt(bind(start_of(until))))
            .group_by((applications::landscape_id, applications::state))
            .select((applications::landscape_id, applications::state, count_star())),
    )?;
    Ok(rows.into_iter().map(|(landscape_id, state, count)| (landscape_id, state.word(), count)).collect())
}

fn of_enrolments(reading: &mut Reading<'_>, (first, last): Period) -> Result<Vec<Count>, Trouble> {
    let rows: Vec<(LandscapeId, EnrolmentStateName, i64)> = reading.load(
        enrolments::table
            .filter(enrolments::starts_on.between(first, last))
            .group_by((enrolments::landscape_id, enrolments::state))
            .select((enrolments::landscape_id, enrolments::state, count_star())),
    )?;
    Ok(rows.into_iter().map(|(landscape_id, state, count)| (landscape_id, state.word(), count)).collect())
}

/// Who lags is counted apart, and taken from those whose programme goes on.
fn of_programmes(reading: &mut Reading<'_>, (first, last): Period) -> Result<Vec<Count>, Trouble> {
    macro_rules! such {
        () => {
            programmes::table
                .inner_join(enrolments::table.on(enrolments::id.eq(programmes::enrolment_id)))
                .filter(enrolments::starts_on.between(first, last))
        };
    }
    let rows: Vec<(LandscapeId, ProgrammeStateName, Option<CloseOutcome>, i64)> =
        reading.load(such!().group_by((programmes::landscape_id, programmes::state, programmes::outcome)).select((
            programmes::landscape_id,
            programmes::state,
            programmes::outcome,
            count_star(),
        )))?;
    // A week is past when the Monday after it has come.
    let past = date_at(reading.now()).checked_sub_days(Days::new(7)).unwrap_or(NaiveDate::MIN);
    let lacking = weeks::table
        .filter(weeks::programme_id.eq(programmes::id))
        .filter(weeks::starts_on.le(past))
        .filter(weeks::done.eq(false))
        .select(weeks::week);
    let goes_on =
        programmes::state.eq(bind(ProgrammeStateName::Running)).or(programmes::state.eq(bind(ProgrammeStateName::Prolonged)));
    let behind: Vec<(LandscapeId, i64)> = reading.load(
        such!()
            .filter(goes_on)
            .filter(exists(lacking))
            .group_by(programmes::landscape_id)
            .select((programmes::landscape_id, count_star())),
    )?;
    let mut counts: Vec<Count> = Vec::new();
    for (landscape_id, lag) in &behind {
        counts.push((*landscape_id, "behind", *lag));
    }
    let mut on_track: BTreeMap<LandscapeId, i64> = BTreeMap::new();
    for (landscape_id, state, outcome, count) in rows {
        match group(state, outcome) {
            Some(group) => counts.push((landscape_id, group, count)),
            None => *on_track.entry(landscape_id).or_default() += count,
        }
    }
    for (landscape_id, lag) in behind {
        *on_track.entry(landscape_id).or_default() -= lag;
    }
    counts.extend(on_track.into_iter().map(|(landscape_id, count)| (landscape_id, "onTrack", count)));
    Ok(counts)
}

/// The group of a programme that is over; none while it goes on.
const fn group(state: ProgrammeStateName, outcome: Option<CloseOutcome>) -> Option<&'static str> {
    match (state, outcome) {
        (ProgrammeStateName::Running | ProgrammeStateName::Prolonged, _) => None,
        (ProgrammeStateName::Closed, Some(CloseOutcome::Continue)) => Some("closedToContinue"),
        (ProgrammeStateName::Closed, Some(CloseOutcome::Leave)) => Some("closedToLeave"),
        (ProgrammeStateName::Closed, Some(CloseOutcome::Switch | CloseOutcome::Prolong) | None) => Some("closedToSwitch"),
        (ProgrammeStateName::Switched, _) => Some("switched"),
        (ProgrammeStateName::Graduated, _) => Some("graduated"),
    }
}

/// The groups of an indicator, in the order in which they are told.
pub fn groups(indicator: Indicator) -> Vec<&'static str> {
    fn words<W: Word>() -> Vec<&'static str> {
        W::ALL.iter().map(|state| state.word()).collect()
    }
    match indicator {
        Indicator::Applications => words::<ApplicationStateName>(),
        Indicator::Enrolments => words::<EnrolmentStateName>(),
        Indicator::StartProgrammes => {
            vec!["onTrack", "behind", "closedToContinue", "closedToSwitch", "closedToLeave", "switched", "graduated"]
        }
    }
}
