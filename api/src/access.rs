//! Who am I; and in the demo, being someone else.

use chrono::{NaiveDate, TimeDelta};
use domain::access::{Actor, Role, Scope};
use domain::enrolment::EnrolmentStateName;
use domain::kernel::time::date_at;
use domain::kernel::{EnrolmentId, LandscapeId, PersonId, RoleId, TeamId, Word};
use domain::organisation::{HeldRole, Language, called};
use persistence::access::Name;
use persistence::{Listed, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::faults::HttpFault;
use crate::http::{Answer, Body, Caller, Everything, List, Listing, Operation, Outcome, Problem, Visitor, get, post};
use crate::personas::{PERSONAS, Persona};

pub const TAG: &str = "Who am I";

pub fn operations() -> Vec<Operation> {
    vec![
        get("/me", "getMe", "Who the caller is, and what they are to the college now", get_me)
            .text("The person of the token with their roles and reach; for a student also the enrolment and the responsible coach. A service account has scopes instead of a person."),
        get("/dev/personas", "listPersonas", "The personas of the demo", list_personas)
            .text("Only the demo has them; elsewhere this is 404."),
        post("/dev/tokens", "createDevToken", "An access token for a persona of the demo", create_token)
            .text("Only the demo has its own issuer; as soon as a real issuer is configured this is 404. The token is valid for an hour."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}

/// Someone, by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonName {
    pub id: PersonId,
    #[schema(max_length = 200)]
    pub given_name: String,
    /// Tussenvoegsel: `van der`.
    #[schema(required = true, max_length = 200)]
    pub family_name_prefix: Option<String>,
    #[schema(max_length = 200)]
    pub family_name: String,
}

impl PersonName {
    /// In one line.
    pub fn called(&self) -> String {
        called(&self.given_name, self.family_name_prefix.as_deref(), &self.family_name)
    }
}

impl From<Name> for PersonName {
    fn from(name: Name) -> Self {
        let Name { id, given_name, family_name_prefix, family_name } = name;
        Self { id, given_name, family_name_prefix, family_name }
    }
}

/// The caller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeView {
    /// Null for a service account.
    #[schema(required = true)]
    person: Option<PersonName>,
    /// Roles that count now.
    #[schema(max_items = 200)]
    roles: Vec<RoleView>,
    /// The student's enrolment now.
    #[schema(required = true)]
    enrolment: Option<MyEnrolmentView>,
    /// The student's responsible coach now.
    #[schema(required = true)]
    coach: Option<PersonName>,
    /// What a service account may do; empty for a person.
    #[schema(max_items = 20)]
    scopes: Vec<Scope>,
    language: Language,
}

/// A role that someone holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleView {
    id: RoleId,
    role: Role,
    /// The landscape that it reaches; null where it is held for a team or for the institution.
    #[schema(required = true)]
    landscape_id: Option<LandscapeId>,
    #[schema(required = true)]
    team_id: Option<TeamId>,
    /// The first day.
    #[schema(format = "date", value_type = NaiveDate)]
    from: NaiveDate,
    /// The last day; null where none is set.
    #[schema(required = true)]
    until: Option<NaiveDate>,
    version: i64,
}

impl From<HeldRole> for RoleView {
    fn from(held: HeldRole) -> Self {
        let until = held.until_at.map(|until| date_at(until - TimeDelta::microseconds(1)).max(date_at(held.from_at)));
        Self {
            id: held.id,
            role: held.role,
            landscape_id: held.landscape_id,
            team_id: held.team_id,
            from: date_at(held.from_at),
            until,
            version: held.version,
        }
    }
}

/// Where a student is now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MyEnrolmentView {
    id: EnrolmentId,
    state: EnrolmentStateName,
    #[schema(max_length = 5)]
    crebo: String,
    team_id: TeamId,
    landscape_id: LandscapeId,
}

async fn get_me(caller: Caller) -> Outcome<MeView> {
    caller
        .read(|reading| {
            if let Actor::Service { scopes, .. } = reading.actor() {
                let scopes = scopes.clone();
                let view =
                    MeView { person: None, roles: Vec::new(), enrolment: None, coach: None, scopes, language: Language::Dutch };
                return Answer::ok(&view);
            }
            let id = reading.person()?;
            let me = persistence::access::me(reading)?;
            let person = PersonName {
                id,
                given_name: me.given_name,
                family_name_prefix: me.family_name_prefix,
                family_name: me.family_name,
            };
            let enrolment = me.enrolment.map(|e| MyEnrolmentView {
                id: e.id,
                state: e.state,
                crebo: e.crebo,
                team_id: e.team_id,
                landscape_id: e.landscape_id,
            });
            Answer::ok(&MeView {
                person: Some(person),
                roles: me.roles.into_iter().map(RoleView::from).collect(),
                enrolment,
                coach: me.coach.map(PersonName::from),
                scopes: Vec::new(),
                language: me.language,
            })
        })
        .await
}

/// Someone whom the demo lets one be.
#[derive(Serialize, ToSchema)]
struct PersonaView {
    persona: Persona,
    /// Who it is.
    #[schema(max_length = 400)]
    about: &'static str,
}

async fn list_personas(visitor: Visitor, list: List<Everything>) -> Result<Listing<PersonaView>, Problem> {
    visitor.service.issuer.as_ref().ok_or(HttpFault::NoSuchPath)?;
    let page = list.page::<usize>()?;
    let first = page.after.map_or(0, |place| place.saturating_add(1));
    let rows = PERSONAS.iter().enumerate().skip(first).take(usize::try_from(page.rows_to_read()).unwrap_or(usize::MAX)).collect();
    let total = page.counted.then(|| i64::try_from(PERSONAS.len()).unwrap_or(i64::MAX));
    Ok(Answer::page(
        Listed { rows, total },
        &page,
        |(place, _)| *place,
        |(_, (persona, about))| Ok(PersonaView { persona: *persona, about }),
    )?)
}

/// Whose token is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenWish {
    persona: Persona,
}

/// A token.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TokenView {
    #[schema(max_length = 8192)]
    access_token: String,
    /// `Bearer`.
    #[schema(max_length = 10)]
    token_type: &'static str,
    /// Seconds until it expires.
    #[schema(minimum = 1, maximum = 3600)]
    expires_in: i64,
}

const LIFETIME: TimeDelta = TimeDelta::hours(1);

async fn create_token(visitor: Visitor, Body(wish): Body<TokenWish>) -> Outcome<TokenView> {
    let issuer = visitor.service.issuer.as_ref().ok_or(HttpFault::NoSuchPath)?;
    let lifetime = LIFETIME.to_std().unwrap_or_default();
    let token = issuer.issue(wish.persona.word(), visitor.service.now(), lifetime).map_err(|error| {
        tracing::error!(%error, "no token issued");
        Problem::from(HttpFault::Broken)
    })?;
    let view = TokenView { access_token: token, token_type: "Bearer", expires_in: LIFETIME.num_seconds() };
    Answer::ok(&view).map_err(Trouble::into)
}
