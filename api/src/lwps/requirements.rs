//! What the law asks of every student besides the qualification (CU-1).

use chrono::NaiveDate;
use domain::access::{Action, Unit};
use domain::career_citizenship::{self, Requirement, RequirementArea};
use domain::kernel::{Line, Prose, RequirementId, SecureLink};
use persistence::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::{Answer, Caller, List, Listing, Problem};

/// A requirement of career and citizenship (loopbaan en burgerschap).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CareerAndCitizenshipRequirementView {
    id: RequirementId,
    area: RequirementArea,
    /// Unique within its edition: `B1`.
    code: Line,
    title: Line,
    /// What the student learns, in short.
    description: Prose,
    edition: RequirementEditionView,
}

/// The edition that a requirement is in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequirementEditionView {
    /// From which date on students begin under it.
    valid_from: NaiveDate,
    title: Line,
    /// The regulation.
    source: Line,
    link: SecureLink,
    /// When it was taken over from there.
    taken_over_on: NaiveDate,
}

/// Which requirements.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhichRequirements {
    /// Of the edition under which someone begins on this date.
    #[serde(default)]
    on: Option<NaiveDate>,
    #[serde(default)]
    area: Option<RequirementArea>,
}

pub async fn list(
    caller: Caller,
    list: List<WhichRequirements>,
) -> Result<Listing<CareerAndCitizenshipRequirementView>, Problem> {
    let page = list.page::<usize>()?;
    let WhichRequirements { on, area } = list.filter;
    caller
        .read(move |reading| {
            reading.actor().permit(Action::ReadDossier, Unit::Institution)?;
            let in_force = on.and_then(career_citizenship::in_force_on);
            let editions =
                career_citizenship::editions().iter().filter(|edition| in_force.is_none_or(|wanted| wanted == *edition));
            let all: Vec<_> = editions
                .flat_map(|edition| edition.all().map(move |(id, requirement)| (edition, id, requirement)))
                .filter(|(_, _, requirement)| area.is_none_or(|area| area == requirement.area))
                .enumerate()
                .collect();
            let total = page.counted.then(|| i64::try_from(all.len()).unwrap_or(i64::MAX));
            let first = page.after.map_or(0, |place| place.saturating_add(1));
            let shown = usize::try_from(page.rows_to_read()).unwrap_or(usize::MAX);
            let rows = all.into_iter().skip(first).take(shown).collect();
            let view = |(_, (edition, id, requirement)): (usize, (&career_citizenship::Edition, RequirementId, &Requirement))| {
                let Requirement { area, code, title, description } = requirement.clone();
                let edition = RequirementEditionView {
                    valid_from: edition.valid_from,
                    title: edition.title.clone(),
                    source: edition.source.clone(),
                    link: edition.link.clone(),
                    taken_over_on: edition.taken_over_on,
                };
                Ok(CareerAndCitizenshipRequirementView { id, area, code, title, description, edition })
            };
            Answer::page(Listed { rows, total }, &page, |(place, _)| *place, view).map(Answer::revalidate)
        })
        .await
}
