//! What is said of an entry.

use domain::access::Action;
use domain::kernel::{KernelFault, PortfolioCommentId, PortfolioEntryId};
use domain::portfolio::{Comment, NewComment};
use persistence::portfolio::comments as rows;

use super::entries::entry;
use super::views::PortfolioCommentView;
use crate::http::{Answer, At, Body, Caller, Everything, List, Listing, Nothing, Outcome, Problem};

pub async fn list(
    caller: Caller,
    At(id): At<PortfolioEntryId>,
    list: List<Everything>,
) -> Result<Listing<PortfolioCommentView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let seen = entry(reading, id)?;
            let comments = rows::list(reading, seen.permit, &seen.thing.entry, &page)?;
            Answer::page(comments, &page, |one| one.comment.id, |one| Ok(one.into()))
        })
        .await
}

pub async fn comment(caller: Caller, At(id): At<PortfolioEntryId>, Body(new): Body<NewComment>) -> Outcome<PortfolioCommentView> {
    caller
        .change(move |writing| {
            let seen = entry(writing, id)?;
            let permit = seen.permit(Action::CommentOnEntry)?;
            let kept = &seen.thing.entry;
            let told = Comment::on(kept, writing.person()?, new.clone(), writing.now());
            rows::insert(writing, permit, kept, &told)?;
            let found = rows::find(writing, permit, kept, told.thing.id)?.ok_or(KernelFault::Absent)?;
            Answer::created(&format!("/portfolio-entries/{id}/comments"), &found.into(), 1)
        })
        .await
}

pub async fn withdraw(caller: Caller, At((id, comment)): At<(PortfolioEntryId, PortfolioCommentId)>) -> Outcome<Nothing> {
    caller
        .change(move |writing| {
            let seen = entry(writing, id)?;
            let permit = seen.permit(Action::WithdrawComment)?;
            let kept = &seen.thing.entry;
            let found = rows::find(writing, permit, kept, comment)?.ok_or(KernelFault::Absent)?;
            let withdrawn = found.comment.withdraw(kept, writing.person()?)?;
            rows::delete(writing, permit, &withdrawn)?;
            Ok(Answer::nothing())
        })
        .await
}
