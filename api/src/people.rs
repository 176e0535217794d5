//! People and the roles that they hold: a directory of the staff for all, everyone for the administrator.

use chrono::NaiveDate;
use domain::access::{Action, Permit, Role, Unit};
use domain::kernel::{KernelFault, LandscapeId, Line, PersonId, Refusal, RoleId, TeamId};
use domain::organisation::{Account, HeldRole, Language, NewPerson, NewRole, OrganisationFault, Person, PersonPatch, RoleFacts};
use persistence::people::{self as rows, Holder, PeopleFilter, WithRoles};
use persistence::{Reading, Trouble, Writing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::RoleView;
use crate::http::{
    Answer, At, Body, Caller, Everything, IfMatch, List, Listing, Nothing, Operation, Outcome, Problem, delete, get, patch, post,
};
use crate::organisation::TAG;

pub fn operations() -> Vec<Operation> {
    vec![
        get("/people", "listPeople", "People by name, with their roles", list_people)
            .text("For whoever has an account: those who work for the college. An administrator sees everyone, with birth date, e-mail address and language."),
        post("/people", "createPerson", "A new person", create_person)
            .text("By an administrator. An account says whose tokens are this person's."),
        get("/people/{id}", "getPerson", "One person, with their roles", get_person)
            .text("As in the list: someone who does not work for the college is there for an administrator alone."),
        patch("/people/{id}", "updatePerson", "Changes a person", update_person)
            .text("By an administrator. A merge patch (RFC 7396). An account is added to those that the person has."),
        get("/people/{id}/roles", "listRoles", "Someone's roles", list_roles)
            .text("Those that count now; for an administrator also those of the past and to come."),
        post("/people/{id}/roles", "grantRole", "Gives someone a role", grant_role)
            .text("By an administrator. The role says which unit it is held for: a team, a landscape, or the institution."),
        delete("/people/{id}/roles/{roleId}", "endRole", "Ends a role", end_role)
            .text("By an administrator, from this moment on; not that of the only administrator with an account and without an end date, nor that of a coach who is still responsible for students in that landscape. If-Match takes the role's version, as its list tells it."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}

/// Someone whom the college knows.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    id: PersonId,
    #[schema(max_length = 200)]
    given_name: String,
    /// Tussenvoegsel: `van der`.
    #[schema(required = true, max_length = 200)]
    family_name_prefix: Option<String>,
    #[schema(max_length = 200)]
    family_name: String,
    /// Null for all but an administrator.
    #[schema(required = true)]
    birth_date: Option<NaiveDate>,
    /// Null for all but an administrator.
    #[schema(required = true, max_length = 254)]
    email: Option<String>,
    /// Null for all but an administrator.
    #[schema(required = true)]
    language: Option<Language>,
    /// Roles that count now.
    #[schema(max_items = 200)]
    roles: Vec<RoleView>,
    version: i64,
}

/// Who is asking for people.
#[derive(Clone, Copy)]
struct Sight {
    permit: Permit,
    /// Sees everyone, and all of them.
    everyone: bool,
}

impl Sight {
    fn of(reading: &Reading<'_>) -> Result<Self, Trouble> {
        if let Ok(permit) = reading.actor().permit(Action::ReadPeople, Unit::Institution) {
            return Ok(Self { permit, everyone: true });
        }
        Ok(Self { permit: reading.actor().permit(Action::ReadStaff, Unit::Institution)?, everyone: false })
    }

    fn view(self, WithRoles { person, roles }: WithRoles) -> PersonView {
        let Person { id, given_name, family_name_prefix, family_name, birth_date, email, language, version, .. } = person;
        PersonView {
            id,
            given_name,
            family_name_prefix,
            family_name,
            birth_date: birth_date.filter(|_| self.everyone),
            email: email.filter(|_| self.everyone),
            language: self.everyone.then_some(language),
            roles: roles.into_iter().map(RoleView::from).collect(),
            version,
        }
    }

    fn find(self, reading: &mut Reading<'_>, id: PersonId) -> Result<WithRoles, Trouble> {
        let found = rows::find_person(reading, self.permit, id)?;
        found.filter(|found| self.everyone || found.is_staff()).ok_or_else(|| KernelFault::Absent.into())
    }
}

/// Which people.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PeopleQuery {
    /// Parts of the name, in any order, with or without accents.
    #[serde(default)]
    q: Option<Line>,
    /// With this role now.
    #[serde(default)]
    role: Option<Role>,
    /// With a role in this landscape or one of its teams now.
    #[serde(default)]
    landscape_id: Option<LandscapeId>,
    /// With a role in this team now.
    #[serde(default)]
    team_id: Option<TeamId>,
}

async fn list_people(caller: Caller, list: List<PeopleQuery>) -> Result<Listing<PersonView>, Problem> {
    let page = list.page()?;
    let PeopleQuery { q, role, landscape_id, team_id } = list.filter;
    let q = q.map(Line::into_string);
    caller
        .read(move |reading| {
            let sight = Sight::of(reading)?;
            let filter = PeopleFilter { q: q.clone(), role, landscape_id, team_id, staff_only: !sight.everyone };
            let people = rows::list_people(reading, sight.permit, &filter, &page)?;
            Answer::page(people, &page, |found| (found.person.sort_name(), found.person.id), |found| Ok(sight.view(found)))
        })
        .await
}

async fn get_person(caller: Caller, At(id): At<PersonId>) -> Outcome<PersonView> {
    caller
        .read(move |reading| {
            let sight = Sight::of(reading)?;
            let found = sight.find(reading, id)?;
            let version = found.person.version;
            Answer::at_version(&sight.view(found), version)
        })
        .await
}

async fn create_person(caller: Caller, Body(new): Body<NewPerson>) -> Outcome<PersonView> {
    caller
        .change(move |writing| {
            let permit = writing.actor().permit_somewhere(Action::CreatePerson)?;
            let sight = Sight::of(writing)?;
            let account = new.account.clone();
            let person = Person::enter(new.clone(), writing.now())?;
            if let Some(account) = &account
                && rows::holder(writing, permit, account)?.is_some()
            {
                return Err(OrganisationFault::AccountTaken.fault().into());
            }
            rows::insert_person(writing, permit, &person, account.as_ref(), person.event("entered"))?;
            let (location, version) = (format!("/people/{}", person.id), person.version);
            Answer::created(&location, &sight.view(WithRoles { person, roles: Vec::new() }), version)
        })
        .await
}

async fn update_person(
    caller: Caller,
    At(id): At<PersonId>,
    version: IfMatch,
    Body(patch): Body<PersonPatch>,
) -> Outcome<PersonView> {
    caller
        .change(move |writing| {
            let sight = Sight::of(writing)?;
            let WithRoles { person: before, roles } = sight.find(writing, id)?;
            let permit = writing.actor().permit_somewhere(Action::UpdatePerson)?;
            version.check(before.version)?;
            let account = unless_linked(writing, permit, id, patch.account.clone())?;
            let mut person = before.clone().patched(patch.clone(), writing.now())?;
            if account.is_none() && person.says_the_same_as(&before) {
                person = before;
            } else {
                rows::update_person(writing, permit, &person, account.as_ref(), person.event("updated"))?;
            }
            let version = person.version;
            Answer::at_version(&sight.view(WithRoles { person, roles }), version)
        })
        .await
}

/// The account that is still to be linked; none where it is this person's already.
fn unless_linked(
    writing: &mut Writing<'_>,
    permit: Permit,
    id: PersonId,
    account: Option<Account>,
) -> Result<Option<Account>, Trouble> {
    let Some(account) = account else { return Ok(None) };
    match rows::holder(writing, permit, &account)? {
        None => Ok(Some(account)),
        Some(Holder::Person(holder)) if holder == id => Ok(None),
        Some(Holder::Person(_) | Holder::Service(_)) => Err(OrganisationFault::AccountTaken.fault().into()),
    }
}

async fn list_roles(caller: Caller, At(id): At<PersonId>, list: List<Everything>) -> Result<Listing<RoleView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let sight = Sight::of(reading)?;
            let permit = reading.actor().permit(Action::ReadRoles, Unit::Institution)?;
            sight.find(reading, id)?;
            let roles = rows::list_roles(reading, permit, id, sight.everyone, &page)?;
            Answer::page(roles, &page, |held| held.id, |held| Ok(held.into()))
        })
        .await
}

async fn grant_role(caller: Caller, At(id): At<PersonId>, Body(new): Body<NewRole>) -> Outcome<RoleView> {
    caller
        .change(move |writing| {
            Sight::of(writing)?.find(writing, id)?;
            let permit = writing.actor().permit(Action::GrantRole, Unit::Institution)?;
            units_exist(writing, &new)?;
            let held = HeldRole::grant(id, &new, writing.now())?;
            rows::insert_role(writing, permit, &held, held.event("granted"))?;
            let version = held.version;
            Answer::created(&format!("/people/{id}/roles"), &RoleView::from(held), version)
        })
        .await
}

fn units_exist(reading: &mut Reading<'_>, new: &NewRole) -> Result<(), Trouble> {
    let mut found = Vec::new();
    let landscape = reading.actor().permit(Action::ReadLandscape, Unit::Institution)?;
    if let Some(id) = new.landscape_id
        && persistence::organisation::find_landscape(reading, landscape, id)?.is_none()
    {
        found.push(KernelFault::UnknownReference.at("/landscapeId"));
    }
    let team = reading.actor().permit(Action::ReadTeam, Unit::Institution)?;
    if let Some(id) = new.team_id
        && persistence::organisation::find_team(reading, team, id)?.is_none()
    {
        found.push(KernelFault::UnknownReference.at("/teamId"));
    }
    if found.is_empty() { Ok(()) } else { Err(Refusal::Findings(found).into()) }
}

async fn end_role(caller: Caller, At((id, role_id)): At<(PersonId, RoleId)>, version: IfMatch) -> Outcome<Nothing> {
    caller
        .change(move |writing| {
            let sight = Sight::of(writing)?;
            sight.find(writing, id)?;
            let held = rows::find_role(writing, sight.permit, id, role_id)?.ok_or(KernelFault::Absent)?;
            let permit = writing.actor().permit(Action::EndRole, Unit::Institution)?;
            version.check(held.version)?;
            let facts = RoleFacts {
                another_administrator: rows::is_another_administrator(writing, permit, role_id)?,
                still_responsible: rows::is_responsible_by(writing, permit, &held)?,
            };
            let ended = held.end(writing.now(), facts)?;
            rows::end_role(writing, permit, &ended, ended.event("ended"))?;
            Ok(Answer::nothing())
        })
        .await
}
