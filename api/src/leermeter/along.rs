//! A round as its student takes it along: with what is rated, and of what was said as much as the student may see at that moment.

use domain::access::Action;
use domain::kernel::{KernelFault, RoundId, StudentId};
use persistence::leermeter::{ratings as rows, rounds};
use persistence::{Page, Reading, Trouble};
use serde::Serialize;

use super::frameworks::{FrameworkCompetenceView, ScaleLevelView};
use super::ratings::{RatingView, which};
use super::rounds::{LeermeterRoundView, round, shown};

/// A round with all that belongs to it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoundAlong {
    #[serde(flatten)]
    pub round: LeermeterRoundView,
    pub scale: Vec<ScaleLevelView>,
    pub competences: Vec<FrameworkCompetenceView>,
    /// In the order in which they were given.
    pub ratings: Vec<RatingView>,
}

/// The rounds of a student, for who may see the student's ratings.
///
/// # Errors
/// [`KernelFault::Absent`] for who may not.
pub fn rounds_of(reading: &mut Reading<'_>, student: StudentId) -> Result<Vec<RoundId>, Trouble> {
    let (_, permit) = persistence::students::find(reading, student)?.ok_or(KernelFault::Absent)?.permit(Action::ReadLeermeter)?;
    let found = persistence::leermeter::growth::rounds_of(reading, permit, student)?;
    Ok(found.into_iter().map(|known| known.round.id).collect())
}

/// One round as the caller sees it.
///
/// # Errors
/// [`KernelFault::Absent`] for who may not see it.
pub fn taken_along(reading: &mut Reading<'_>, id: RoundId) -> Result<RoundAlong, Trouble> {
    const AT_ONCE: i64 = 200;
    let seen = round(reading, id)?;
    let view = shown(reading, &seen)?;
    let rated = rounds::find(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadRatings)?;
    let which = which(reading, &rated)?;
    let (mut ratings, mut page) = (Vec::new(), Page::first(AT_ONCE));
    loop {
        let mut found = rows::list(reading, rated.permit, id, &which, &page)?.rows;
        let more = i64::try_from(found.len()).is_ok_and(|found| found > AT_ONCE);
        found.truncate(usize::try_from(AT_ONCE).unwrap_or(usize::MAX));
        page.after = found.last().map(|by| by.rating.id);
        let named = found.iter().filter_map(|by| by.rating.entry_id).collect();
        let readable = rows::readable(reading, rated.permit, rated.thing.round.student_id, named)?;
        ratings.extend(found.into_iter().map(|by| RatingView::of(by, &readable, true)));
        if !more {
            break;
        }
    }
    Ok(RoundAlong {
        round: view,
        scale: seen.thing.scale.into_iter().map(ScaleLevelView::from).collect(),
        competences: seen.thing.competences.into_iter().map(FrameworkCompetenceView::from).collect(),
        ratings,
    })
}
