//! Who registered for an activity, the line before it, and the experience after it (IN-1, IN-2).

use domain::access::{Action, Actor, Permit, Unit};
use domain::kernel::{ActivityId, KernelFault, Refusal, RegistrationId, Secret};
use domain::orientation::{
    Activity, NewRegistration, Registration, RegistrationDecision, RegistrationState, RegistrationStateName, promoted,
};
use persistence::orientation::activity;
use persistence::orientation::registration::{self as rows, Lock};
use persistence::{Reading, Trouble, Writing};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::{NewRegistrationView, RegistrationView};
use crate::secret::{OfRegistration, Shown, hash, new_secret};

use crate::http::{Answer, At, Body, Caller, List, Listing, Outcome, Problem, Visitor};
use crate::reactions;

/// Which registrations.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegistrationFilter {
    /// In this state.
    #[serde(default)]
    state: Option<RegistrationStateName>,
}

/// What who holds the secret may do.
const PROSPECTS: [Action; 3] = [Action::ReadRegistration, Action::CancelRegistration, Action::AddExperience];

/// Who asks, before one registration.
struct Door<'a> {
    actor: &'a Actor,
    unit: Unit,
    /// Has shown the secret of this very registration.
    is_prospect: bool,
}

impl<'a> Door<'a> {
    fn of(actor: &'a Actor, lock: &Lock, shown: Option<&Secret>) -> Self {
        let is_prospect = shown.is_some_and(|secret| hash(secret) == lock.secret_hash);
        Self { actor, unit: Unit::Landscape(lock.landscape_id), is_prospect }
    }

    fn permit(&self, action: Action) -> Result<Permit, Refusal> {
        match self.actor.permit(action, self.unit) {
            Err(_) if self.is_prospect && PROSPECTS.contains(&action) => Ok(Permit::by_secret(action)),
            // The prospect sees it, so that what is not theirs to do is forbidden rather than absent.
            Err(_) if self.is_prospect => Err(KernelFault::Forbidden.into()),
            answer => answer,
        }
    }

    fn open(&self, registration: &Registration) -> Vec<&'static str> {
        let open = registration.open_actions().iter().filter(|action| self.permit(**action).is_ok());
        open.map(|action| action.word()).collect()
    }

    fn view(&self, registration: Registration) -> RegistrationView {
        let open = self.open(&registration);
        RegistrationView::of(registration, open)
    }
}

/// What opens a registration. Of one that is not there this is told like of one that is not the caller's.
fn lock(reading: &mut Reading<'_>, id: RegistrationId, shown: Option<&Secret>) -> Result<Lock, Trouble> {
    match (rows::find_lock(reading, id)?, reading.actor()) {
        (Some(lock), _) => Ok(lock),
        (None, Actor::Anonymous) if shown.is_none() => Err(KernelFault::Unauthenticated.into()),
        (None, _) => Err(KernelFault::Absent.into()),
    }
}

/// A wrong secret opens nothing, and tells nothing.
fn read_permit(door: &Door<'_>, shown: Option<&Secret>) -> Result<Permit, Trouble> {
    let permit = door.permit(Action::ReadRegistration);
    if permit.is_err() && shown.is_some() { Err(KernelFault::Absent.into()) } else { Ok(permit?) }
}

pub async fn list_registrations(
    caller: Caller,
    At(id): At<ActivityId>,
    list: List<RegistrationFilter>,
) -> Result<Listing<RegistrationView>, Problem> {
    let (page, state) = (list.page::<RegistrationId>()?, list.filter.state);
    caller
        .read(move |reading| {
            let unit = Unit::Landscape(super::activities::activity(reading, id)?.activity.content.landscape_id);
            let permit = reading.actor().permit(Action::ReadRegistration, unit)?;
            let registrations = rows::list_registrations(reading, permit, id, state, &page)?;
            let door = Door { actor: reading.actor(), unit, is_prospect: false };
            Answer::page(registrations, &page, |registration| registration.id, |registration| Ok(door.view(registration)))
        })
        .await
}

pub async fn register(
    visitor: Visitor,
    At(id): At<ActivityId>,
    Body(prospect): Body<NewRegistration>,
) -> Outcome<NewRegistrationView> {
    visitor
        .change(move |writing| {
            let unit = Unit::Landscape(super::activities::activity(writing, id)?.activity.content.landscape_id);
            let permit = writing.actor().permit(Action::Register, unit)?;
            let held = activity::hold_activity(writing, permit, id)?.ok_or(KernelFault::Absent)?;
            let line = rows::line(writing, permit, id)?;
            let (secret, now) = (new_secret()?, writing.now());
            let id = RegistrationId::in_order();
            let told = Registration::register(id, prospect.clone(), &held.activity, &line, now)?;
            rows::insert_registration(writing, permit, &told, &hash(&secret))?;
            let door = Door { actor: writing.actor(), unit, is_prospect: true };
            let (location, version) = (format!("/registrations/{}", told.thing.id), told.thing.version);
            let view = NewRegistrationView { registration: door.view(told.thing), secret };
            Answer::created(&location, &view, version)
        })
        .await
}

pub async fn get_registration(
    visitor: Visitor,
    At(id): At<RegistrationId>,
    Shown { secret: shown, .. }: Shown<OfRegistration>,
) -> Outcome<RegistrationView> {
    visitor
        .read(move |reading| {
            let shown = shown.as_ref();
            let lock = lock(reading, id, shown)?;
            let actor = reading.actor().clone();
            let door = Door::of(&actor, &lock, shown);
            let permit = read_permit(&door, shown)?;
            let registration = rows::find_registration(reading, permit, id)?.ok_or(KernelFault::Absent)?;
            let version = registration.version;
            Answer::at_version(&door.view(registration), version)
        })
        .await
}

pub async fn decide_registration(
    visitor: Visitor,
    At(id): At<RegistrationId>,
    Body(decision): Body<RegistrationDecision>,
) -> Outcome<RegistrationView> {
    visitor
        .change(move |writing| {
            let shown = decision.secret();
            let lock = lock(writing, id, shown)?;
            let actor = writing.actor().clone();
            let door = Door::of(&actor, &lock, shown);
            let read = read_permit(&door, shown)?;
            let permit = door.permit(decision.action())?;
            let held = activity::hold_activity(writing, permit, lock.activity_id)?.ok_or(KernelFault::Absent)?;
            let before = rows::find_registration(writing, read, id)?.ok_or(KernelFault::Absent)?;
            let told = before.decide(decision.clone()).map_err(|refusal| refusal.opening(door.open(&before)))?;
            rows::update_registration(writing, permit, &before, &told)?;
            if told.thing.state == RegistrationState::Cancelled {
                fill_places(writing, permit, &held.activity)?;
            }
            if told.thing.state.experience().is_some() {
                reactions::experience_added(writing, permit, id)?;
            }
            let version = told.thing.version;
            Answer::at_version(&door.view(told.thing), version)
        })
        .await
}

/// Gives the places that are free to who waits, the first in line first (IN-1), while there is something to come to. The activity
/// is held by now.
pub fn fill_places(writing: &mut Writing<'_>, permit: Permit, activity: &Activity) -> Result<(), Trouble> {
    let line = rows::line(writing, permit, activity.id)?;
    for id in promoted(&activity.content, &line, writing.now()) {
        let before = rows::find_registration(writing, permit, id)?.ok_or(Trouble::Overtaken)?;
        let told = before.promote()?;
        rows::update_registration(writing, permit, &before, &told)?;
    }
    Ok(())
}
