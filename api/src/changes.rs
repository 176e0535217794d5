//! Changes: every event that the caller may know of, in order, from where they left off (AL-1).

use chrono::{DateTime, Utc};
use domain::access::{Action, Actor, Permit, Relation, Role, Sight, Unit, sight_of};
use domain::kernel::events::Subject;
use domain::kernel::{LandscapeId, PublicationStateName, StudentId, TeamId, Word};
use persistence::events::{self, Recorded};
use persistence::{Reading, Trouble};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::cursors::Cursors;
use crate::http::{Answer, Caller, List, Operation, Outcome, get};

pub const TAG: &str = "Changes";

pub fn operations() -> Vec<Operation> {
    vec![
        get("/changes", "listChanges", "What happened since, in order", list_changes)
            .text("Every event that the caller may know of, none skipped and none twice: ask again with `after` set to the `nextCursor` of the answer before. Where the two are equal nothing new happened. An answer can hold fewer items than the limit, or none, while there are more: its `nextCursor` then moved on. Who did it is not told, and how many there are is not counted: the log grows with everything that happens, and is read on rather than whole. A service account needs the scope changes:read, and hears of nothing that concerns a student."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}

/// How many events one request looks through, whatever it finds.
const SCANNED_AT_MOST: i64 = 2000;
const SCANNED_AT_ONCE: i64 = 500;

/// Some changes, and where the next ones begin.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangesView {
    /// `after` of the next request; always there, so that one can go on asking.
    #[schema(max_length = 1000)]
    next_cursor: String,
    #[schema(max_items = 200)]
    items: Vec<ChangeView>,
}

/// One thing that happened.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    /// `after` of a request that goes on from this one; no other change has the same.
    #[schema(max_length = 1000)]
    cursor: String,
    at: DateTime<Utc>,
    /// What it is about.
    subject: Subject,
    #[schema(value_type = LandscapeId)]
    subject_id: Uuid,
    /// What happened, in the past tense: `interviewRecorded`.
    #[schema(max_length = 100)]
    what: String,
    /// The subject's version after it.
    version: i64,
    #[schema(required = true)]
    student_id: Option<StudentId>,
    #[schema(required = true)]
    landscape_id: Option<LandscapeId>,
    /// Ids, states, counts and names of fields; for who sees a reduced view of the subject the state alone.
    #[schema(value_type = Object)]
    facts: Value,
    /// The subject itself; null where it has no page of its own.
    #[schema(required = true, max_length = 200)]
    link: Option<String>,
}

/// From where on.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangesQuery {
    /// `nextCursor` of the answer before; from the very first event where absent. The same as `cursor`: one of the two at most.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, pattern = "^[A-Za-z0-9_-]+$")]
    after: Option<String>,
}

/// The action that lets one see what an event is about, so that who sees it hears of it.
const fn reading_of(subject: Subject) -> Action {
    match subject {
        Subject::Institution | Subject::Landscape => Action::ReadLandscape,
        Subject::Team => Action::ReadTeam,
        Subject::Person => Action::ReadPeople,
        Subject::Role => Action::ReadRoles,
        Subject::Guardianship => Action::ReadGuardians,
        Subject::ServiceAccount => Action::ReadServiceAccounts,
        Subject::SchoolCalendar => Action::ReadSchoolCalendar,
        Subject::OrientationActivity => Action::ReadActivity,
        Subject::Registration => Action::ReadRegistration,
        Subject::Application => Action::ReadApplication,
        Subject::Enrolment => Action::ReadEnrolment,
        Subject::Handover => Action::ReadHandover,
        Subject::Switch => Action::ReadSwitch,
        Subject::StartProgrammeTemplate => Action::ReadTemplate,
        Subject::StartProgramme => Action::ReadProgramme,
        Subject::QualificationDossier => Action::ReadDossier,
        Subject::PortfolioEntry => Action::ReadEntry,
        Subject::PortfolioShare => Action::ReadShares,
        Subject::Lwp => Action::ReadLwp,
        Subject::LwpReview => Action::ReadLwpReviews,
        Subject::LwpAssignment => Action::ReadLwpAssignment,
        Subject::Placement => Action::ReadPlacement,
        Subject::CompetenceFramework => Action::ReadFramework,
        Subject::LeermeterRound | Subject::LeermeterRater => Action::ReadRound,
        Subject::Conversation => Action::ReadConversation,
        Subject::ConversationOutcome => Action::ReadOutcomeVersions,
        Subject::ConversationPreparation => Action::ReadPreparation,
        Subject::Goal | Subject::LearningQuestion | Subject::CareerStep => Action::ReadGoal,
        Subject::Agreement => Action::ReadAgreement,
        Subject::Availability => Action::UpdateAvailability,
        Subject::Import => Action::ReadImports,
    }
}

/// Where the subject can be read, if it has a page of its own.
fn link(subject: Subject, id: Uuid) -> Option<String> {
    let things = match subject {
        Subject::Landscape => "landscapes",
        Subject::Team => "teams",
        Subject::Person => "people",
        Subject::OrientationActivity => "orientation-activities",
        Subject::Application => "applications",
        Subject::Enrolment => "enrolments",
        Subject::StartProgrammeTemplate => "start-programme-templates",
        Subject::StartProgramme => "start-programmes",
        Subject::QualificationDossier => "qualification-dossiers",
        Subject::PortfolioEntry => "portfolio-entries",
        Subject::Lwp => "lwps",
        Subject::LwpAssignment => "lwp-assignments",
        Subject::Placement => "placements",
        Subject::CompetenceFramework => "competence-frameworks",
        Subject::LeermeterRound => "leermeter-rounds",
        Subject::Conversation => "conversations",
        Subject::Goal => "goals",
        Subject::LearningQuestion => "learning-questions",
        Subject::Agreement => "agreements",
        Subject::Import => "imports",
        Subject::Handover => "handovers",
        Subject::Switch => "switches",
        Subject::Registration => "registrations",
        Subject::ConversationOutcome => return Some(format!("/v1/conversations/{id}/outcome")),
        Subject::ConversationPreparation => return Some(format!("/v1/conversations/{id}/preparation")),
        Subject::Availability => return Some(format!("/v1/people/{id}/availability")),
        Subject::Institution
        | Subject::CareerStep
        | Subject::Role
        | Subject::Guardianship
        | Subject::ServiceAccount
        | Subject::SchoolCalendar
        | Subject::PortfolioShare
        | Subject::LwpReview
        | Subject::LeermeterRater => return None,
    };
    Some(format!("/v1/{things}/{id}"))
}

/// How much of an event this caller may know, if anything.
fn sight(actor: &Actor, event: &Recorded, relations: &[Relation]) -> Option<Sight> {
    let action = reading_of(event.subject);
    // What one prepares, and when one is free, is told to nobody else, whatever they are to the student.
    let is_own = matches!(event.subject, Subject::ConversationPreparation | Subject::Availability);
    let own = actor.person_id().is_some_and(|me| event.facts["personId"].as_str() == Some(me.to_string().as_str()));
    if is_own && !own {
        return None;
    }
    if event.student_id.is_some() {
        let sight = sight_of(relations, action)?;
        let hidden = event.subject == Subject::LeermeterRater && is_kept_from(actor, event, relations, sight);
        return (!hidden).then_some(sight);
    }
    let unit = event.landscape_id.map_or(Unit::Institution, Unit::Landscape);
    // Who trains students at a company is no staff: that they do is not in the directory either.
    let outsider = event.facts["role"].as_str().and_then(Role::from_word).is_some_and(|role| !role.is_staff());
    let action = if event.subject == Subject::Role && outsider { Action::ReadPeople } else { action };
    let (action, unit) = match event.subject {
        Subject::Lwp => lwp(event, unit),
        Subject::CompetenceFramework if is_draft(event) => (Action::ReadFrameworkDraft, unit),
        _ => (action, unit),
    };
    actor.permit(action, unit).ok().map(Permit::sight)
}

/// Is it of a rater of whom this caller does not hear? Who rates hears of themself alone; the student of what others said
/// once they may see it (own view first), and so who sees what the student does.
fn is_kept_from(actor: &Actor, event: &Recorded, relations: &[Relation], sight: Sight) -> bool {
    let is_own = actor.person_id().is_some_and(|me| event.facts["personId"] == me.to_string());
    let knows_all = [Relation::ResponsibleCoach, Relation::SabAdviser].iter().any(|relation| relations.contains(relation));
    let held_back = event.facts["seenByStudent"] == false && !knows_all;
    !is_own && (sight < Sight::Full || held_back)
}

fn is_draft(event: &Recorded) -> bool {
    event.facts["state"].as_str() == Some(PublicationStateName::Draft.word())
}

/// What became of a draft is for its own team; what is in the library, for who reads the library.
fn lwp(event: &Recorded, unit: Unit) -> (Action, Unit) {
    let team_id = event.facts["teamId"].as_str().and_then(|id| id.parse::<TeamId>().ok());
    match (is_draft(event), event.landscape_id, team_id) {
        (true, Some(landscape_id), Some(team_id)) => (Action::ReadLwpDraft, Unit::Team { landscape_id, team_id }),
        (true, ..) => (Action::ReadLwpDraft, unit),
        (false, ..) => (Action::ReadLwp, unit),
    }
}

fn view(event: Recorded, sight: Sight, cursors: &Cursors) -> Result<ChangeView, Trouble> {
    let Recorded { position, at, subject, subject_id, what, version, student_id, landscape_id, facts } = event;
    let state = || facts.get("state").map(|state| ("state".to_owned(), state.clone()));
    let facts = if sight.is_whole() { facts } else { Value::Object(state().into_iter().collect::<Map<_, _>>()) };
    Ok(ChangeView {
        cursor: cursors.seal(&position)?,
        at,
        subject,
        subject_id,
        what,
        version,
        student_id,
        landscape_id,
        facts,
        link: link(subject, subject_id),
    })
}

/// The changes after a position, and up to which position the log was looked through.
fn changes(
    reading: &mut Reading<'_>,
    settled: i64,
    after: i64,
    limit: usize,
    cursors: &Cursors,
) -> Result<(Vec<ChangeView>, i64), Trouble> {
    let permit = reading.actor().permit(Action::ReadChanges, Unit::Institution)?;
    let (mut found, mut looked) = (Vec::new(), after);
    while found.len() < limit && looked < settled && looked - after < SCANNED_AT_MOST {
        let (some, up_to) = events::after(reading, permit, looked, settled, SCANNED_AT_ONCE)?;
        looked = up_to;
        for (event, relations) in some {
            let Some(sight) = sight(reading.actor(), &event, &relations) else { continue };
            let position = event.position;
            found.push(view(event, sight, cursors)?);
            if found.len() == limit {
                return Ok((found, position));
            }
        }
    }
    Ok((found, looked))
}

async fn list_changes(caller: Caller, list: List<ChangesQuery>) -> Outcome<ChangesView> {
    let page = list.page()?;
    let after = match &list.filter.after {
        Some(text) => page.cursors.open(text, "?after")?,
        None => page.after.unwrap_or(0),
    };
    let limit = usize::try_from(page.limit).unwrap_or_default();
    // What is settled is asked first, in a transaction of its own: the next one sees all of it.
    let settled = caller
        .read(|reading| {
            let permit = reading.actor().permit(Action::ReadChanges, Unit::Institution)?;
            events::settled(reading, permit)
        })
        .await?;
    caller
        .read(move |reading| {
            let (items, looked) = changes(reading, settled, after, limit, &page.cursors)?;
            Answer::ok(&ChangesView { next_cursor: page.cursors.seal(&looked)?, items })
        })
        .await
}
