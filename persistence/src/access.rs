//! Who asks: accounts, the roles that count now, and the scopes of service accounts.

use diesel::prelude::*;
use domain::access::{Actor, HeldRole, Role, Scope};
use domain::enrolment::EnrolmentStateName;
use domain::kernel::{EnrolmentId, KernelFault, LandscapeId, PersonId, ServiceAccountId, TeamId, Word};
use domain::organisation::{self, Language, called};

use crate::columns::{Json, bind};
use crate::schema::{accounts, coach_assignments, enrolments, people, roles, service_accounts};
use crate::session::Reading;
use crate::trouble::Trouble;

domain::faults! {
    /// What can be wrong with who asks, once the token is believed.
    pub enum AccountFault {
        NoAccount: Forbidden "access.no-account"
            en "The token is valid, but its subject has no account here. Ask an administrator to link it to a person."
            nl "Het token is geldig, maar hoort hier bij geen account. Vraag een beheerder het aan een persoon te koppelen.",
    }
}

type Found = (
    Option<PersonId>,
    Option<ServiceAccountId>,
    Option<(Role, Option<LandscapeId>, Option<TeamId>)>,
    Option<(Json<Vec<String>>, bool)>,
);

/// Who has this account, with what they are at this moment: one statement.
pub(crate) fn actor(reading: &mut Reading<'_>, issuer: &str, subject: &str) -> Result<Actor, Trouble> {
    let now = reading.now();
    let held = roles::person_id
        .nullable()
        .eq(accounts::person_id)
        .and(roles::from_at.le(bind(now)))
        .and(roles::until_at.is_null().or(roles::until_at.gt(bind(Some(now))).assume_not_null()));
    let rows: Vec<Found> = reading.load(
        accounts::table
            .left_join(roles::table.on(held))
            .left_join(service_accounts::table.on(service_accounts::id.nullable().eq(accounts::service_account_id)))
            .filter(accounts::issuer.eq(issuer))
            .filter(accounts::subject.eq(subject))
            .select((
                accounts::person_id,
                accounts::service_account_id,
                (roles::role, roles::landscape_id, roles::team_id).nullable(),
                (service_accounts::scopes, service_accounts::active).nullable(),
            )),
    )?;
    let Some((person, service, _, scopes)) = rows.first() else {
        return Err(AccountFault::NoAccount.fault().into());
    };
    match (person, service, scopes) {
        (Some(person), _, _) => {
            let roles = rows.iter().filter_map(|(_, _, held, _)| *held);
            let roles = roles.map(|(role, landscape_id, team_id)| HeldRole { role, landscape_id, team_id }).collect();
            Ok(Actor::person(*person, roles))
        }
        (None, Some(service), Some((scopes, true))) => {
            let scopes = scopes.0.iter().filter_map(|word| Scope::from_word(word)).collect();
            Ok(Actor::service(*service, scopes))
        }
        _ => Err(AccountFault::NoAccount.fault().into()),
    }
}

/// What someone sees of themself.
#[derive(Clone, Debug)]
pub struct Me {
    pub given_name: String,
    pub family_name_prefix: Option<String>,
    pub family_name: String,
    pub language: Language,
    pub roles: Vec<organisation::HeldRole>,
    pub enrolment: Option<MyEnrolment>,
    pub coach: Option<Name>,
}

/// The enrolment that a student has now.
#[derive(Clone, Debug, Queryable)]
pub struct MyEnrolment {
    pub id: EnrolmentId,
    pub state: EnrolmentStateName,
    pub crebo: String,
    pub team_id: TeamId,
    pub landscape_id: LandscapeId,
}

/// Someone, by name.
#[derive(Clone, Debug, Queryable)]
pub struct Name {
    pub id: PersonId,
    pub given_name: String,
    pub family_name_prefix: Option<String>,
    pub family_name: String,
}

impl Name {
    /// In one line.
    pub fn called(&self) -> String {
        called(&self.given_name, self.family_name_prefix.as_deref(), &self.family_name)
    }
}

/// How the caller is called.
///
/// # Errors
/// [`Trouble::Refused`] for who is no person.
pub fn my_name(reading: &mut Reading<'_>) -> Result<Name, Trouble> {
    let id = reading.person()?;
    let columns = (people::id, people::given_name, people::family_name_prefix, people::family_name);
    Ok(reading.first(people::table.find(bind(id)).select(columns))?.ok_or(KernelFault::Absent)?)
}

/// The caller's own person, roles, enrolment and coach.
///
/// # Errors
/// [`Trouble::Refused`] for who is no person.
pub fn me(reading: &mut Reading<'_>) -> Result<Me, Trouble> {
    let id = reading.person()?;
    let person: Option<(String, Option<String>, String, Language)> = reading.first(people::table.find(bind(id)).select((
        people::given_name,
        people::family_name_prefix,
        people::family_name,
        people::language,
    )))?;
    let (given_name, family_name_prefix, family_name, language) = person.ok_or(KernelFault::Absent)?;
    let roles = crate::people::roles_now(reading, id)?;
    let enrolment =
        reading.first(enrolments::table.filter(enrolments::coached_student_id.eq(bind(Some(id.student())))).select((
            enrolments::id,
            enrolments::state,
            enrolments::crebo,
            enrolments::team_id,
            enrolments::landscape_id,
        )))?;
    let coach = reading.first(
        coach_assignments::table
            .inner_join(people::table.on(people::id.eq(coach_assignments::coach_id)))
            .filter(coach_assignments::open_student_id.eq(bind(Some(id.student()))))
            .select((people::id, people::given_name, people::family_name_prefix, people::family_name)),
    )?;
    Ok(Me { given_name, family_name_prefix, family_name, language, roles, enrolment, coach })
}
