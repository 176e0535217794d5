//! A student's guardians: recorded by the coach or an administrator, consented to, or not any more, by the student who is of age.

use chrono::{DateTime, Utc};
use domain::access::{Action, Guarded, Permit, Seen, Unit};
use domain::guardianship::{Guardianship, GuardianshipDecision, GuardianshipFacts, GuardianshipStateName, NewGuardianship, Who};
use domain::kernel::{GuardianshipId, KernelFault, PersonId, StudentId};
use domain::organisation::{NewPerson, Person};
use persistence::guardianships::{self as rows, WithGuardian};
use persistence::students::Student;
use persistence::{Reading, Trouble, Writing};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::PersonName;
use crate::http::answer::OpenDecisions;
use crate::http::{
    Answer, At, Body, Caller, Everything, IfMatch, List, Listing, Nothing, Operation, Outcome, Problem, delete, get, post,
};
use crate::students::TAG;

pub fn operations() -> Vec<Operation> {
    vec![
        get("/students/{id}/guardians", "listGuardians", "A student's guardians", list_guardians)
            .text("For the student, the responsible coach, guardians of a student under 16, and an administrator; also guardians of the past."),
        post("/students/{id}/guardians", "recordGuardian", "Records a guardian", record_guardian)
            .text("By the responsible coach or an administrator: someone known by personId, or someone new by name and e-mail address. What the guardian may see follows the student's age, so the birth date must be known."),
        delete("/students/{id}/guardians/{guardianshipId}", "endGuardianship", "Ends a guardianship", end_guardianship)
            .text("By the responsible coach or an administrator; from that moment on the guardian sees nothing. If-Match takes the guardianship's version, as its list tells it."),
        post("/students/{id}/guardians/{guardianshipId}/decisions", "decideGuardianship", "Consents to a guardian, or takes that back", decide)
            .text("By the student of 18 or older. From the eighteenth birthday on a guardian sees nothing without `consent`, nor from the moment of `withdrawConsent` on."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}

/// Someone who is or was a student's guardian.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GuardianView {
    id: GuardianshipId,
    state: GuardianshipStateName,
    version: i64,
    open_decisions: OpenDecisions,
    guardian: PersonName,
    /// Null for other guardians.
    #[schema(required = true, max_length = 254)]
    email: Option<String>,
    from_at: DateTime<Utc>,
    /// When the student of age consented; null without consent, and where it was withdrawn.
    #[schema(required = true)]
    consented_at: Option<DateTime<Utc>>,
    #[schema(required = true)]
    until_at: Option<DateTime<Utc>>,
}

/// Who asks about the guardians of one student.
struct Asking {
    /// Absent for an administrator, who has no relation to the student.
    seen: Option<Seen<Student>>,
    student: StudentId,
}

impl Asking {
    /// Lets through who may see the guardians: by a relation, or as administrator, who sees no more of the student.
    fn begin(reading: &mut Reading<'_>, student: StudentId) -> Result<(Self, Permit), Trouble> {
        let found = persistence::students::find(reading, student)?.ok_or(KernelFault::Absent)?;
        if let Ok(permit) = reading.actor().permit(Action::ReadGuardians, Unit::Institution) {
            return Ok((Self { seen: Guarded::read(found, Action::ReadStudent).ok(), student }, permit));
        }
        let seen = found.read(Action::ReadStudent)?;
        let permit = seen.permit(Action::ReadGuardians)?;
        Ok((Self { seen: Some(seen), student }, permit))
    }

    fn permit(&self, reading: &Reading<'_>, action: Action) -> Result<Permit, Trouble> {
        if let Ok(permit) = reading.actor().permit(action, Unit::Institution) {
            return Ok(permit);
        }
        // The guardian is visible by now; what remains is whether this is the caller's to do.
        let seen = self.seen.as_ref().ok_or(KernelFault::Forbidden)?;
        Ok(seen.permit(action)?)
    }

    fn view(&self, reading: &Reading<'_>, found: WithGuardian) -> GuardianView {
        let WithGuardian { guardianship, guardian, email } = found;
        let now = reading.now();
        let open = self.seen.as_ref().map(|seen| seen.open(guardianship.open_actions(now))).unwrap_or_default();
        let own = self.permit(reading, Action::ConsentToGuardian).is_ok() || self.permit(reading, Action::KeepGuardians).is_ok();
        let myself = reading.actor().person_id() == Some(guardianship.guardian_id);
        GuardianView {
            id: guardianship.id,
            state: guardianship.state(now),
            version: guardianship.version,
            open_decisions: OpenDecisions(open),
            guardian: guardian.into(),
            email: email.filter(|_| own || myself),
            from_at: guardianship.from_at,
            consented_at: guardianship.consented_at,
            until_at: guardianship.until_at,
        }
    }

    fn find(&self, reading: &mut Reading<'_>, permit: Permit, id: GuardianshipId) -> Result<WithGuardian, Trouble> {
        rows::find(reading, permit, self.student, id)?.ok_or_else(|| KernelFault::Absent.into())
    }
}

async fn list_guardians(caller: Caller, At(id): At<StudentId>, list: List<Everything>) -> Result<Listing<GuardianView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let (asking, permit) = Asking::begin(reading, id)?;
            let guardians = rows::list(reading, permit, id, &page)?;
            Answer::page(guardians, &page, |found| found.guardianship.id, |found| Ok(asking.view(reading, found)))
        })
        .await
}

async fn record_guardian(caller: Caller, At(id): At<StudentId>, Body(new): Body<NewGuardianship>) -> Outcome<GuardianView> {
    caller
        .change(move |writing| {
            let (asking, read) = Asking::begin(writing, id)?;
            let permit = asking.permit(writing, Action::KeepGuardians)?;
            let known = new.clone().who()?;
            let (guardian_id, person) = who(writing, known)?;
            let facts = GuardianshipFacts {
                student_id: id,
                birth_date: persistence::people::birth_date(writing, permit, id.person())?,
                guardian_known: person.is_some() || persistence::people::exists(writing, permit, guardian_id)?,
                already: rows::is_guardian(writing, read, id, guardian_id)?,
            };
            let told = Guardianship::begin(guardian_id, writing.now(), facts)?;
            if let Some(person) = person {
                persistence::people::insert_person(writing, permit, &person, None, person.event("entered"))?;
            }
            rows::insert(writing, permit, &told)?;
            let found = asking.find(writing, read, told.thing.id)?;
            Answer::created(&format!("/students/{id}/guardians"), &asking.view(writing, found), told.thing.version)
        })
        .await
}

/// The guardian's id, and the person to be entered where it is someone new.
fn who(writing: &Writing<'_>, who: Who) -> Result<(PersonId, Option<Person>), Trouble> {
    match who {
        Who::Known(id) => Ok((id, None)),
        Who::New { given_name, family_name_prefix, family_name, email } => {
            let new = NewPerson {
                given_name,
                family_name_prefix,
                family_name,
                birth_date: None,
                email: Some(email),
                language: None,
                account: None,
            };
            let person = Person::enter(new, writing.now())?;
            Ok((person.id, Some(person)))
        }
    }
}

async fn end_guardianship(
    caller: Caller,
    At((student, id)): At<(StudentId, GuardianshipId)>,
    version: IfMatch,
) -> Outcome<Nothing> {
    caller
        .change(move |writing| {
            let (asking, read) = Asking::begin(writing, student)?;
            let found = asking.find(writing, read, id)?;
            let permit = asking.permit(writing, Action::KeepGuardians)?;
            version.check(found.guardianship.version)?;
            let told = found.guardianship.end(writing.now())?;
            rows::update(writing, permit, &told.thing, told.event)?;
            Ok(Answer::nothing())
        })
        .await
}

async fn decide(
    caller: Caller,
    At((student, id)): At<(StudentId, GuardianshipId)>,
    Body(decision): Body<GuardianshipDecision>,
) -> Outcome<GuardianView> {
    caller
        .change(move |writing| {
            let (asking, read) = Asking::begin(writing, student)?;
            let found = asking.find(writing, read, id)?;
            let permit = asking.permit(writing, decision.action())?;
            let now = writing.now();
            let open = asking.seen.as_ref().map(|seen| seen.open(found.guardianship.open_actions(now))).unwrap_or_default();
            let told = found.guardianship.decide(&decision, now).map_err(|refusal| refusal.opening(open))?;
            rows::update(writing, permit, &told.thing, told.event)?;
            let version = told.thing.version;
            let changed = WithGuardian { guardianship: told.thing, ..found };
            Answer::at_version(&asking.view(writing, changed), version)
        })
        .await
}
