//! The growth of a team, for who sees no single student in it: averages for its leader, counts for the landscape's manager (LM-4).

use chrono::{Datelike, NaiveDate};
use domain::access::{Action, Unit};
use domain::kernel::time::date_at;
use domain::kernel::{CareerCompetence, CompetenceId, FrameworkId, KernelFault, Refusal, TeamId, Text};
use domain::leermeter::growth::{Scale, same_leermeter};
use domain::leermeter::team::{Counted, told};
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
    /// By this framework; where absent, that of the team's newest round that is closed.
    #[serde(default)]
    framework: Option<FrameworkId>,
}

/// How the students of a team grow. Told are months that are over and rounds that are closed, of who was in the team when they were
/// opened, and of them only what five students or more stand behind.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeamLeermeterView {
    team_id: TeamId,
    /// Null where no round is closed and no framework is asked for.
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
    /// The first day of the month in which the rounds were opened.
    month: NaiveDate,
    rater_kind: RaterKind,
    /// At least so many students were given a level: in fives.
    #[schema(minimum = 5)]
    students: u32,
    /// The mean of their newest levels in each round, as a place on the scale and to a tenth of a step; null for the landscape's
    /// manager, who sees counts.
    #[schema(required = true, minimum = 0, maximum = 100)]
    mean: Option<f64>,
}

impl TeamCompetenceView {
    fn of(competence: Competence, counted: &[Counted], scale: &Scale, averages: bool) -> Self {
        let point = |cell: &Counted| {
            let told = told(cell, scale)?;
            let mean = told.mean.filter(|_| averages).and_then(|steps| scale.place(steps)).map(rounded);
            Some(TeamPointView { month: cell.month, rater_kind: cell.rater_kind, students: told.students, mean })
        };
        let Competence { id, code, title, career_competence, .. } = competence;
        let points = counted.iter().filter(|cell| cell.competence_id == id).filter_map(point).collect();
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
            let framework_id = match query.framework {
                Some(id) => Some(id),
                None => rows::newest_framework(reading, permit, team_id)?,
            };
            let Some(id) = framework_id else {
                return Answer::ok(&TeamLeermeterView { team_id, framework_id, competences: Vec::new() });
            };
            let found = persistence::leermeter::find_framework(reading, of_college, id)?;
            let unknown = || Refusal::Findings(vec![KernelFault::UnknownReference.fault().at("?framework")]);
            let framework = found.ok_or_else(unknown)?;
            let editions = growth::editions(reading, permit, framework.landscape_id)?;
            let today = date_at(reading.now());
            let this_month = today.with_day(1).unwrap_or(today);
            let counted = rows::counted(reading, permit, team_id, &same_leermeter(id, &editions), this_month)?;
            let scale = Scale::of(&framework.scale);
            let competence = |one| TeamCompetenceView::of(one, &counted, &scale, averages);
            let competences = framework.competences.into_iter().map(competence).collect();
            Answer::ok(&TeamLeermeterView { team_id, framework_id, competences })
        })
        .await
}
