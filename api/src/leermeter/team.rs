//! The growth of a team, for who sees no single student in it: averages for its leader, counts for the landscape's manager (LM-4).

use chrono::{Datelike, NaiveDate};
use domain::access::{Action, Unit};
use domain::kernel::time::{date_at, start_of};
use domain::kernel::{CareerCompetence, CompetenceId, FrameworkId, KernelFault, Refusal, TeamId, Text};
use domain::leermeter::growth::{Scale, same_leermeter};
use domain::leermeter::team::{Cell, told};
use domain::leermeter::{Competence, RaterKind};
use persistence::leermeter::{growth, team as rows};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::growth::rounded;
use crate::http::{Answer, At, Caller, Outcome, Query};

/// Which leermeter.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TeamLeermeterQuery {
    /// By this framework; where absent, that of the team's round that ended last before this month.
    #[serde(default)]
    framework: Option<FrameworkId>,
}

/// How the students of a team grow. Told are months that are over, of who was in the team when their round was opened, and of them only
/// what five students or more stand behind. What is told of a month never changes again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeamLeermeterView {
    team_id: TeamId,
    /// Null where no round ended before this month and no framework is asked for.
    #[schema(required = true)]
    framework_id: Option<FrameworkId>,
    #[schema(max_items = 45)]
    competences: Vec<TeamCompetenceView>,
}

/// A competence of a team.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeamCompetenceView {
    competence_id: CompetenceId,
    code: Text<20>,
    title: Text<300>,
    #[schema(required = true)]
    career_competence: Option<CareerCompetence>,
    /// By month and kind of rater; what few students stand behind is not there.
    #[schema(max_items = 10000)]
    points: Vec<TeamPointView>,
}

/// What one kind of rater said of a team in one month.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeamPointView {
    /// The first day of the month in which the rounds ended. A rating counts in the month of the first end of its round that came after
    /// it, also where the round is opened again.
    month: NaiveDate,
    rater_kind: RaterKind,
    /// At least so many students were given a level: in fives.
    #[schema(minimum = 5)]
    students: u32,
    /// The mean over students, each of whom weighs the same by the mean of their raters' newest levels, as a place on the scale and to a
    /// tenth of a step; null for the landscape's manager, who sees counts.
    #[schema(required = true, minimum = 0, maximum = 100)]
    mean: Option<f64>,
}

impl TeamCompetenceView {
    fn of(competence: Competence, told: &[Cell], scale: &Scale, averages: bool) -> Self {
        let point = |cell: &Cell| {
            let Cell { month, rater_kind, students, mean, .. } = *cell;
            TeamPointView { month, rater_kind, students, mean: averages.then(|| scale.place(mean)).flatten().map(rounded) }
        };
        let Competence { id, code, title, career_competence, .. } = competence;
        let points = told.iter().filter(|cell| cell.competence_id == id).map(point).collect();
        Self { competence_id: id, code, title, career_competence, points }
    }
}

pub async fn get_one(
    caller: Caller,
    At(team_id): At<TeamId>,
    Query(query): Query<TeamLeermeterQuery>,
) -> Outcome<TeamLeermeterView> {
    caller
        .read(move |reading| {
            let of_college = reading.actor().permit(Action::ReadTeam, Unit::Institution)?;
            let team = persistence::organisation::find_team(reading, of_college, team_id)?.ok_or(KernelFault::Absent)?;
            let unit = Unit::Team { landscape_id: team.landscape_id, team_id };
            let permit = reading.actor().permit(Action::ReadTeamLeermeter, unit)?;
            let averages = reading.actor().permit(Action::ReadTeamAverages, unit).is_ok();
            let today = date_at(reading.now());
            let this_month = start_of(today.with_day(1).unwrap_or(today));
            let framework_id = match query.framework {
                Some(id) => Some(id),
                None => rows::newest_framework(reading, permit, team_id, this_month)?,
            };
            let Some(id) = framework_id else {
                return Answer::ok(&TeamLeermeterView { team_id, framework_id, competences: Vec::new() });
            };
            let found = persistence::leermeter::find_framework(reading, of_college, id)?;
            let unknown = || Refusal::Findings(vec![KernelFault::UnknownReference.fault().at("?framework")]);
            let framework = found.ok_or_else(unknown)?;
            let editions = growth::editions(reading, permit, framework.landscape_id)?;
            let rated = rows::rated(reading, permit, team_id, &same_leermeter(id, &editions), this_month)?;
            let scale = Scale::of(&framework.scale);
            let told = told(rated, &scale);
            let competence = |one| TeamCompetenceView::of(one, &told, &scale, averages);
            let competences = framework.competences.into_iter().map(competence).collect();
            Answer::ok(&TeamLeermeterView { team_id, framework_id, competences })
        })
        .await
}
