//! Service accounts: what a dashboard or an e-learning platform may do.

use diesel::prelude::*;
use domain::access::{Permit, Scope};
use domain::kernel::{Event, ServiceAccountId, Word};
use domain::organisation::{Account, OrganisationFault, ServiceAccount};

use crate::columns::{Json, bind};
use crate::organisation::AfterName;
use crate::page::{Listed, Page};
use crate::people::{Holder, link};
use crate::schema::service_accounts;
use crate::session::{Reading, Writing};
use crate::trouble::Trouble;

type Row = (ServiceAccountId, String, Json<Vec<String>>, bool, i64);

const COLUMNS: (
    service_accounts::id,
    service_accounts::name,
    service_accounts::scopes,
    service_accounts::active,
    service_accounts::version,
) = (service_accounts::id, service_accounts::name, service_accounts::scopes, service_accounts::active, service_accounts::version);

fn service_account((id, name, Json(scopes), active, version): Row) -> ServiceAccount {
    let scopes = scopes.iter().filter_map(|word| Scope::from_word(word)).collect();
    ServiceAccount { id, name, scopes, active, version }
}

fn words(scopes: &[Scope]) -> Json<Vec<&'static str>> {
    Json(scopes.iter().map(|scope| scope.word()).collect())
}

/// Service accounts by name.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    _permit: Permit,
    page: &Page<AfterName<ServiceAccountId>>,
) -> Result<Listed<ServiceAccount>, Trouble> {
    let (name, id) = page.after.clone().unwrap_or_else(|| (String::new(), ServiceAccountId::FIRST));
    let total = reading.total(page, service_accounts::table.select(service_accounts::id))?;
    let rows: Vec<Row> = reading.load(
        service_accounts::table
            .filter(
                service_accounts::name
                    .gt(name.clone())
                    .or(service_accounts::name.eq(name).and(service_accounts::id.gt(bind(id)))),
            )
            .order((service_accounts::name, service_accounts::id))
            .limit(page.rows_to_read())
            .select(COLUMNS),
    )?;
    Ok(Listed { rows, total }.map(service_account))
}

/// # Errors
/// Only what the database ends in.
pub fn find(reading: &mut Reading<'_>, _permit: Permit, id: ServiceAccountId) -> Result<Option<ServiceAccount>, Trouble> {
    let found: Option<Row> = reading.first(service_accounts::table.find(bind(id)).select(COLUMNS))?;
    Ok(found.map(service_account))
}

/// # Errors
/// [`OrganisationFault::NameTaken`], [`OrganisationFault::AccountTaken`].
pub fn insert(
    writing: &mut Writing<'_>,
    permit: Permit,
    new: &ServiceAccount,
    account: &Account,
    event: Event,
) -> Result<(), Trouble> {
    let now = writing.now();
    let mut pen = writing.tell(permit, event);
    let inserted = pen.execute(diesel::insert_into(service_accounts::table).values((
        service_accounts::id.eq(bind(new.id)),
        service_accounts::name.eq(&new.name),
        service_accounts::scopes.eq(bind(words(&new.scopes))),
        service_accounts::active.eq(new.active),
        service_accounts::version.eq(new.version),
        service_accounts::created_at.eq(bind(now)),
    )));
    match inserted {
        Err(trouble) if trouble.is_duplicate() => return Err(OrganisationFault::NameTaken.fault().into()),
        other => other?,
    };
    link(&mut pen, Holder::Service(new.id), account, now)
}

/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update(writing: &mut Writing<'_>, permit: Permit, changed: &ServiceAccount, event: Event) -> Result<(), Trouble> {
    let before = service_accounts::table.find(bind(changed.id)).filter(service_accounts::version.eq(changed.version - 1));
    writing.tell(permit, event).change_one(diesel::update(before).set((
        service_accounts::scopes.eq(bind(words(&changed.scopes))),
        service_accounts::active.eq(changed.active),
        service_accounts::version.eq(changed.version),
    )))
}
