//! Reports: counts for those who see no single student, by landscape (RP-1).

use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Unit};
use domain::kernel::LandscapeId;
use domain::kernel::time::date_at;
use domain::reports::{Indicator, disclose};
use domain::start_programme::SchoolYear;
use persistence::reports as rows;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{PartialSchema, ToSchema};

use crate::http::description::PathPart;
use crate::http::language::Language;
use crate::http::{Answer, At, Caller, Operation, Outcome, Query, get};

pub const TAG: &str = "Reports";

pub fn operations() -> Vec<Operation> {
    vec![
        get("/reports/{indicator}", "getReport", "How many there are, by landscape", get_report)
            .text("Whoever has an account gets the landscapes whose counts they may see: a landscape's manager the own one, a director all of them, anyone else none. Of the school year of today unless another is asked for. A group of fewer than five is null, and so is what would let one subtract it out; a group of nobody is 0. Who sees single students counts them with `?count=true` on their lists."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}

impl PathPart for Indicator {
    fn schemas() -> Vec<Value> {
        vec![serde_json::to_value(<Self as PartialSchema>::schema()).unwrap_or_default()]
    }
}

/// Of when.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReportQuery {
    /// Who came or began in this school year; that of today unless said.
    #[serde(default)]
    school_year: Option<SchoolYear>,
}

/// Counts of one indicator.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportView {
    indicator: Indicator,
    /// What is counted, in the language of `Accept-Language` (`nl` or `en`).
    #[schema(max_length = 1000)]
    definition: &'static str,
    period: ReportPeriodView,
    /// The moment at which it was counted.
    computed_at: DateTime<Utc>,
    /// The landscapes in which there is something to count and whose counts the caller may see, by id.
    #[schema(max_items = 1000)]
    landscapes: Vec<LandscapeCountsView>,
}

/// From the first day to the last, both counted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportPeriodView {
    school_year: SchoolYear,
    first_on: NaiveDate,
    last_on: NaiveDate,
}

/// The counts of one landscape.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LandscapeCountsView {
    landscape_id: LandscapeId,
    /// Of all groups together; null where it would tell of a group under five.
    #[schema(required = true)]
    total: Option<u32>,
    /// Everyone is in one of them.
    #[schema(max_items = 20)]
    groups: Vec<GroupCountView>,
}

/// How many are in a group.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupCountView {
    /// A state, or what became of it; clients ignore groups that they do not know.
    #[schema(max_length = 40)]
    group: &'static str,
    /// Null for a group under five, and for what would let one subtract it out.
    #[schema(required = true)]
    count: Option<u32>,
}

/// What an indicator counts.
const fn definition(indicator: Indicator, language: Language) -> &'static str {
    match (indicator, language) {
        (Indicator::Applications, Language::En) => {
            "Applications that came in the period, by the landscape and the state in which they are now. One that was redirected counts at both landscapes."
        }
        (Indicator::Applications, Language::Nl) => {
            "Aanmeldingen die in de periode binnenkwamen, naar het landschap en de toestand waarin ze nu zijn. Een doorverwezen aanmelding telt bij beide landschappen."
        }
        (Indicator::Enrolments, Language::En) => {
            "Enrolments whose first day lies in the period, by landscape and present state. A switch ends one enrolment and begins another; it is no leaving."
        }
        (Indicator::Enrolments, Language::Nl) => {
            "Inschrijvingen waarvan de eerste dag in de periode ligt, naar landschap en huidige toestand. Een switch beëindigt een inschrijving en begint een andere; het is geen uitval."
        }
        (Indicator::StartProgrammes, Language::En) => {
            "Start programmes of enrolments whose first day lies in the period. On track: it goes on, and no week is past and not done; behind: at least one is. Closed by its outcome, or ended by a switch or the diploma."
        }
        (Indicator::StartProgrammes, Language::Nl) => {
            "Startprogramma's van inschrijvingen waarvan de eerste dag in de periode ligt. Op koers (onTrack): het loopt en geen week is voorbij en niet gedaan; achter (behind): minstens één wel. Afgesloten naar de uitkomst, of geëindigd door een switch of het diploma."
        }
    }
}

async fn get_report(
    caller: Caller,
    At(indicator): At<Indicator>,
    language: Language,
    Query(query): Query<ReportQuery>,
) -> Outcome<ReportView> {
    caller
        .read(move |reading| {
            let now = reading.now();
            let school_year = query.school_year.unwrap_or_else(|| SchoolYear::of(date_at(now)));
            let (first_on, last_on) = school_year.days();
            let mut landscapes = Vec::new();
            // Counts of every landscape, of which each caller is told those that they may see.
            if let Ok(permit) = reading.actor().permit_somewhere(Action::ReadReport) {
                for (landscape_id, counted) in rows::counts(reading, permit, indicator, (first_on, last_on))? {
                    if reading.actor().permit(Action::ReadReport, Unit::Landscape(landscape_id)).is_err() {
                        continue;
                    }
                    let groups = rows::groups(indicator);
                    let sizes: Vec<u32> = groups.iter().map(|group| counted.get(group).copied().unwrap_or(0)).collect();
                    let disclosed = disclose(&sizes);
                    let group = |(group, count)| GroupCountView { group, count };
                    let groups = groups.into_iter().zip(disclosed.groups).map(group).collect();
                    landscapes.push(LandscapeCountsView { landscape_id, total: disclosed.total, groups });
                }
            }
            let period = ReportPeriodView { school_year, first_on, last_on };
            let definition = definition(indicator, language);
            Answer::ok(&ReportView { indicator, definition, period, computed_at: now, landscapes })
        })
        .await
}
