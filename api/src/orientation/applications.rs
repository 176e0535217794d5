//! Who applies, the scout's interview, and the decision on it (IN-3, IN-4).

use chrono::{DateTime, Utc};
use domain::access::{Action, Actor, Guarded, Permit, Relation, Seen, Sight, Unit};
use domain::kernel::{ApplicationId, Finding, KernelFault, LandscapeId, PersonId, Refusal, Secret};
use domain::organisation::{Language, Person};
use domain::orientation::{
    Application, ApplicationDecision, ApplicationStateName, ApplicationThen, NewApplication, Registration,
};
use persistence::orientation::application::{self as rows, Applicant, ApplicationFilter as Filter, Applied};
use persistence::orientation::registration;
use persistence::{Reading, Trouble, Writing, organisation, people};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::{ApplicationView, InterviewView};
use crate::http::{Answer, At, Body, Caller, List, Listing, Outcome, Problem, Visitor};
use crate::reactions;
use crate::secret::hash;

/// Which applications.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplicationFilter {
    /// In this state.
    #[serde(default)]
    state: Option<ApplicationStateName>,
    /// Assigned to this scout: of the applications that the caller handles as a scout.
    #[serde(default)]
    scout_id: Option<PersonId>,
    /// At this landscape.
    #[serde(default)]
    landscape_id: Option<LandscapeId>,
    /// With the last step before this moment.
    #[serde(default)]
    stepped_before: Option<DateTime<Utc>>,
}

/// As much as the caller may see, with what they may do now.
fn view(seen: &Seen<Applied>, by: Option<PersonId>) -> ApplicationView {
    ApplicationView::of(seen, open(seen, by))
}

fn open(seen: &Seen<Applied>, by: Option<PersonId>) -> Vec<&'static str> {
    seen.open(&seen.thing.application.open_to(by))
}

fn application(reading: &mut Reading<'_>, id: ApplicationId) -> Result<Seen<Applied>, Trouble> {
    let guarded = rows::find_application(reading, id)?.ok_or(KernelFault::Absent)?;
    Ok(guarded.read(Action::ReadApplication)?)
}

pub async fn list_applications(caller: Caller, list: List<ApplicationFilter>) -> Result<Listing<ApplicationView>, Problem> {
    let page = list.page::<ApplicationId>()?;
    let ApplicationFilter { state, scout_id, landscape_id, stepped_before } = list.filter;
    let filter = Filter { state, scout_id, landscape_id, stepped_before };
    caller
        .read(move |reading| {
            let by = reading.actor().person_id();
            let found = rows::list_applications(reading, &filter, &page)?;
            let seen = found.try_map(|one| one.read(Action::ReadApplication))?;
            Answer::page(seen, &page, |seen| seen.thing.application.id, |seen| Ok(view(&seen, by)))
        })
        .await
}

pub async fn get_application(caller: Caller, At(id): At<ApplicationId>) -> Outcome<ApplicationView> {
    caller
        .read(move |reading| {
            let seen = application(reading, id)?;
            let by = reading.actor().person_id();
            Answer::at_version(&view(&seen, by), seen.thing.application.version)
        })
        .await
}

pub async fn list_interviews(
    caller: Caller,
    At(id): At<ApplicationId>,
    list: List<crate::http::Everything>,
) -> Result<Listing<InterviewView>, Problem> {
    let page = list.page::<i32>()?;
    caller
        .read(move |reading| {
            let seen = application(reading, id)?;
            if seen.sight() < Sight::Full {
                return Err(KernelFault::Absent.into());
            }
            let versions = rows::list_interviews(reading, seen.permit, id, &page)?;
            Answer::page(versions, &page, |record| record.number, |record| Ok(record.into()))
        })
        .await
}

pub async fn apply(visitor: Visitor, Body(new): Body<NewApplication>) -> Outcome<ApplicationView> {
    visitor
        .change(move |writing| {
            let permit = writing.actor().permit(Action::CreateApplication, Unit::Institution)?;
            let entered = entered(writing, &new);
            let applicant_id = match (&entered, writing.actor().person_id()) {
                (None, Some(me)) => me,
                (Some(person), _) => person.id,
                (None, None) => return Err(KernelFault::Unauthenticated.into()),
            };
            let landscape_known = organisation::find_landscape(writing, permit, new.landscape_id)?.is_some();
            let (earlier, unknown) = earlier(writing, permit, &new.registration_secrets, applicant_id)?;
            let (id, now) = (ApplicationId::in_order(), writing.now());
            let told = Application::submit(id, new.clone(), applicant_id, now, landscape_known);
            let told = together(told, unknown)?;
            if let Some(person) = &entered {
                people::insert_person(writing, permit, person, None, person.event("entered"))?;
            }
            rows::insert_application(writing, permit, &told)?;
            for registration in earlier {
                registration::link_registration(writing, permit, &registration.link(applicant_id), applicant_id)?;
            }
            let version = told.thing.version;
            Answer::created(&format!("/applications/{id}"), &answer(writing, told.thing, entered)?, version)
        })
        .await
}

/// Who applies, if that is not the caller: only who is signed in and holds no role applies for themself.
fn entered(writing: &Writing<'_>, new: &NewApplication) -> Option<Person> {
    match writing.actor() {
        Actor::Person { roles, .. } if roles.is_empty() => None,
        _ => Some(Person {
            id: PersonId::in_order(),
            given_name: new.given_name.clone().into_string(),
            family_name_prefix: None,
            family_name: new.family_name.clone().into_string(),
            birth_date: Some(new.birth_date),
            email: Some(new.email.clone().into_string()),
            language: Language::Dutch,
            version: 1,
            created_at: writing.now(),
        }),
    }
}

/// The registrations that these secrets open, and which secrets open none that is still to be linked.
fn earlier(
    reading: &mut Reading<'_>,
    permit: Permit,
    secrets: &[Secret],
    applicant: PersonId,
) -> Result<(Vec<Registration>, Vec<Finding>), Trouble> {
    let (mut earlier, mut unknown) = (Vec::<Registration>::new(), Vec::new());
    for (place, secret) in secrets.iter().enumerate() {
        match registration::find_by_secret(reading, permit, &hash(secret))? {
            Some((found, None)) if earlier.iter().all(|one| one.id != found.id) => earlier.push(found),
            Some((_, None)) => {}
            Some((_, Some(person))) if person == applicant => {}
            _ => unknown.push(KernelFault::UnknownReference.at(format!("/registrationSecrets/{place}"))),
        }
    }
    Ok((earlier, unknown))
}

/// What is wrong with the secrets is told beside what is wrong with the rest.
fn together<T>(told: Result<T, Refusal>, unknown: Vec<Finding>) -> Result<T, Refusal> {
    match told {
        Err(Refusal::Findings(found)) => Err(Refusal::Findings([found, unknown].concat())),
        Ok(_) if !unknown.is_empty() => Err(Refusal::Findings(unknown)),
        told => told,
    }
}

/// A new application as its maker may see it; for who has no relation to the applicant, as the applicant would.
fn answer(reading: &mut Reading<'_>, new: Application, entered: Option<Person>) -> Result<ApplicationView, Trouble> {
    let by = reading.actor().person_id();
    // Nobody has a relation to anyone: there is nothing to look up.
    let seen = if by.is_some() { application(reading, new.id) } else { Err(KernelFault::Absent.into()) };
    match (seen, entered) {
        (Ok(seen), _) => Ok(view(&seen, by)),
        (Err(_), Some(person)) => {
            let Person { id, given_name, family_name_prefix, family_name, birth_date, email, .. } = person;
            let applicant = Applicant { id, given_name, family_name_prefix, family_name, birth_date, email };
            let applied = Applied { application: new, applicant };
            let seen = Guarded::new(applied, vec![Relation::Student]).read(Action::ReadApplication)?;
            // Nobody showed to be the applicant: there is nothing for them to decide.
            Ok(ApplicationView::of(&seen, Vec::new()))
        }
        (Err(trouble), None) => Err(trouble),
    }
}

pub async fn decide_application(
    caller: Caller,
    At(id): At<ApplicationId>,
    Body(decision): Body<ApplicationDecision>,
) -> Outcome<ApplicationView> {
    caller
        .change(move |writing| {
            let seen = application(writing, id)?;
            let permit = seen.permit(decision.action())?;
            let (by, now) = (writing.person()?, writing.now());
            let before = &seen.thing.application;
            let facts = rows::facts(writing, permit, before, &decision)?;
            let outcome =
                before.decide(decision.clone(), by, now, &facts).map_err(|refusal| refusal.opening(open(&seen, Some(by))))?;
            match outcome.then {
                ApplicationThen::Nothing => rows::update_application(writing, permit, &outcome.application)?,
                ApplicationThen::InterviewKept => rows::keep_interview(writing, permit, &outcome.application)?,
                ApplicationThen::Placed(placement) => {
                    rows::update_application(writing, permit, &outcome.application)?;
                    reactions::placed(writing, permit, &placement)?;
                }
                ApplicationThen::Redirected(onward) => {
                    rows::insert_application(writing, permit, &onward)?;
                    rows::update_application(writing, permit, &outcome.application)?;
                }
            }
            let after = outcome.application.thing;
            let version = after.version;
            let seen = seen.with(Applied { application: after, applicant: seen.thing.applicant.clone() });
            Answer::at_version(&view(&seen, Some(by)), version)
        })
        .await
}
