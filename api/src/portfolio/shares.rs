//! With whom the owner shares an entry.

use domain::access::Action;
use domain::kernel::{KernelFault, PortfolioEntryId, PortfolioShareId};
use domain::portfolio::NewShare;
use persistence::portfolio::{entries, shares as rows};

use super::entries::entry;
use super::views::PortfolioShareView;
use crate::http::{Answer, At, Body, Caller, Everything, IfMatch, List, Listing, Nothing, Outcome, Problem};

pub async fn list(
    caller: Caller,
    At(id): At<PortfolioEntryId>,
    list: List<Everything>,
) -> Result<Listing<PortfolioShareView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let kept = entries::find(reading, id)?.ok_or(KernelFault::Absent)?;
            let (kept, permit) = kept.permit(Action::ReadShares)?;
            let shares = rows::list(reading, permit, &kept.entry, &page)?;
            let now = reading.now();
            Answer::page(shares, &page, |shared| shared.share.id, |shared| Ok(PortfolioShareView::of(shared, now)))
        })
        .await
}

pub async fn share(caller: Caller, At(id): At<PortfolioEntryId>, Body(new): Body<NewShare>) -> Outcome<PortfolioShareView> {
    caller
        .change(move |writing| {
            let seen = entry(writing, id)?;
            let permit = seen.permit(Action::ShareEntry)?;
            let before = &seen.thing.entry;
            let facts = rows::facts(writing, permit, before.student_id, &new)?;
            let shared = before.share(&new, facts, writing.now())?;
            rows::insert(writing, permit, before, &shared)?;
            let made = shared.share.thing;
            let found = rows::find(writing, permit, before, made.id)?.ok_or(KernelFault::Absent)?;
            let location = format!("/portfolio-entries/{id}/shares");
            Answer::created(&location, &PortfolioShareView::of(found, writing.now()), made.version)
        })
        .await
}

pub async fn end(
    caller: Caller,
    At((id, share)): At<(PortfolioEntryId, PortfolioShareId)>,
    version: IfMatch,
) -> Outcome<Nothing> {
    caller
        .change(move |writing| {
            let kept = entries::find(writing, id)?.ok_or(KernelFault::Absent)?;
            let (kept, permit) = kept.permit(Action::EndShare)?;
            let found = rows::find(writing, permit, &kept.entry, share)?.ok_or(KernelFault::Absent)?;
            version.check(found.share.version)?;
            rows::end(writing, permit, &found.share.end())?;
            Ok(Answer::nothing())
        })
        .await
}
