//! Service accounts: dashboards and e-learning platforms, with scopes and no person.

use domain::access::{Action, Scope, Unit};
use domain::kernel::{KernelFault, ServiceAccountId};
use domain::organisation::{NewServiceAccount, OrganisationFault, ServiceAccount, ServiceAccountPatch};
use persistence::{people, service_accounts as rows};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{Answer, At, Body, Caller, Everything, IfMatch, List, Listing, Operation, Outcome, Problem, get, patch, post};
use crate::organisation::TAG;

pub fn operations() -> Vec<Operation> {
    vec![
        get("/service-accounts", "listServiceAccounts", "Service accounts by name", list_service_accounts)
            .text("For an administrator."),
        post("/service-accounts", "createServiceAccount", "A new service account", create_service_account)
            .text("By an administrator. It may do what its scopes say, and never opens a student's record."),
        patch("/service-accounts/{id}", "updateServiceAccount", "Changes what a service account may do", update_service_account)
            .text("By an administrator. A merge patch (RFC 7396). What is shut out is so from the next request on."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}

/// A service account: a dashboard or an e-learning platform.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccountView {
    id: ServiceAccountId,
    #[schema(max_length = 200)]
    name: String,
    /// What it may do.
    #[schema(max_items = 20)]
    scopes: Vec<Scope>,
    /// Its tokens are believed.
    active: bool,
    version: i64,
}

impl From<ServiceAccount> for ServiceAccountView {
    fn from(account: ServiceAccount) -> Self {
        let ServiceAccount { id, name, scopes, active, version } = account;
        Self { id, name, scopes, active, version }
    }
}

async fn list_service_accounts(caller: Caller, list: List<Everything>) -> Result<Listing<ServiceAccountView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let permit = reading.actor().permit(Action::ReadServiceAccounts, Unit::Institution)?;
            let accounts = rows::list(reading, permit, &page)?;
            Answer::page(accounts, &page, |a| (a.name.clone(), a.id), |a| Ok(a.into()))
        })
        .await
}

async fn create_service_account(caller: Caller, Body(new): Body<NewServiceAccount>) -> Outcome<ServiceAccountView> {
    caller
        .change(move |writing| {
            let permit = writing.actor().permit(Action::CreateServiceAccount, Unit::Institution)?;
            if people::holder(writing, permit, &new.account)?.is_some() {
                return Err(OrganisationFault::AccountTaken.fault().into());
            }
            let account = ServiceAccount::open(new.clone());
            rows::insert(writing, permit, &account, &new.account, account.event("opened"))?;
            let version = account.version;
            Answer::created("/service-accounts", &ServiceAccountView::from(account), version)
        })
        .await
}

async fn update_service_account(
    caller: Caller,
    At(id): At<ServiceAccountId>,
    version: IfMatch,
    Body(patch): Body<ServiceAccountPatch>,
) -> Outcome<ServiceAccountView> {
    caller
        .change(move |writing| {
            let permit = writing.actor().permit(Action::UpdateServiceAccount, Unit::Institution)?;
            let before = rows::find(writing, permit, id)?.ok_or(KernelFault::Absent)?;
            version.check(before.version)?;
            let changed = before.patched(patch.clone());
            if let Some(account) = &changed {
                rows::update(writing, permit, account, account.event("updated"))?;
            }
            let account = changed.unwrap_or(before);
            let version = account.version;
            Answer::at_version(&ServiceAccountView::from(account), version)
        })
        .await
}
