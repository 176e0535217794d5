//! Invitations to rate: for people with an account, and by a link for who has none (LM-2).

use chrono::{DateTime, Utc};
use domain::access::{Action, Relation, Seen};
use domain::kernel::{KernelFault, Line, PersonId, RaterId, RoundId, Secret};
use domain::leermeter::{Inviter, NewInvitation, Rater, RaterIs, RaterKind};
use persistence::leermeter::raters as rows;
use persistence::leermeter::rounds::KnownRound;
use serde::Serialize;
use utoipa::ToSchema;

use super::frameworks::{FrameworkCompetenceView, ScaleLevelView};
use super::link::{self, Delivery};
use super::rounds::round;
use crate::http::{Answer, At, Body, Caller, IfMatch, Nothing, Outcome, Visitor};
use crate::secret::{OfInvitation, Shown};

/// An invitation to rate.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationView {
    id: RaterId,
    version: i64,
    round_id: RoundId,
    rater_kind: RaterKind,
    /// Null for who has no account.
    #[schema(required = true)]
    person_id: Option<PersonId>,
    /// Of who has no account; null for who has one.
    #[schema(required = true, max_length = 200)]
    name: Option<String>,
    #[schema(required = true)]
    invited_at: Option<DateTime<Utc>>,
    /// Until when the link can be used: seven days, and not beyond the round. Null for who has an account, who can rate as long as the
    /// round is open.
    #[schema(required = true)]
    expires_at: Option<DateTime<Utc>>,
    /// Of the link, in the demo alone: elsewhere it goes by mail to the invited and to nobody else. Null also for who has an account.
    #[schema(required = true)]
    secret: Option<Secret>,
}

impl InvitationView {
    fn of(rater: Rater, secret: Option<Secret>) -> Self {
        let Rater { id, version, round_id, kind, invited_at, is, .. } = rater;
        let (person_id, name, expires_at) = match is {
            RaterIs::Person(person) => (Some(person), None, None),
            RaterIs::Guest { name, expires_at, .. } => (None, Some(name.as_str().to_owned()), Some(expires_at)),
        };
        Self { id, version, round_id, rater_kind: kind, person_id, name, invited_at, expires_at, secret }
    }
}

/// What someone without an account is asked.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationAskedView {
    /// Where the ratings go, with the secret.
    round_id: RoundId,
    title: Line,
    /// How the student is called.
    #[schema(max_length = 200)]
    student_given_name: String,
    rater_kind: RaterKind,
    /// How they themselves are called.
    #[schema(max_length = 200)]
    name: String,
    expires_at: DateTime<Utc>,
    /// The levels, from low to high.
    #[schema(min_items = 2, max_items = 10)]
    scale: Vec<ScaleLevelView>,
    /// What to rate.
    #[schema(min_items = 5, max_items = 45)]
    competences: Vec<FrameworkCompetenceView>,
}

/// By whom someone is invited, or an invitation taken back.
fn by(seen: &Seen<KnownRound>) -> Relation {
    if seen.is(Relation::Student) { Relation::Student } else { Relation::ResponsibleCoach }
}

pub async fn invite(caller: Caller, At(id): At<RoundId>, Body(new): Body<NewInvitation>) -> Outcome<InvitationView> {
    let delivery = Delivery::of(&caller.service);
    caller
        .change(move |writing| {
            let seen = round(writing, id)?;
            let permit = seen.permit(Action::InviteRater)?;
            let (now, round) = (writing.now(), &seen.thing.round);
            let facts = rows::facts(writing, permit, round, &new)?;
            let asked = facts.asked.clone();
            let inviter = Inviter { id: writing.person()?, relation: by(&seen) };
            let invited = Rater::invite(round, new.clone(), inviter, facts, now)
                .map_err(|refusal| refusal.opening(seen.open(round.open_actions(now))))?;
            let older = asked.map(|rater| rater.withdraw(Relation::Student, now)).transpose()?;
            let (link, secret) = match invited.thing.is {
                RaterIs::Person(_) => (None, None),
                RaterIs::Guest { .. } => {
                    let (link, secret) = delivery.link(&invited.thing, inviter.id)?;
                    (Some(link), secret)
                }
            };
            rows::insert(writing, permit, &invited, link.as_ref(), older.as_ref())?;
            let (location, version) = (format!("/leermeter-rounds/{id}"), invited.thing.version);
            Answer::created(&location, &InvitationView::of(invited.thing, secret), version)
        })
        .await
}

pub async fn withdraw(caller: Caller, At((id, rater)): At<(RoundId, RaterId)>, version: IfMatch) -> Outcome<Nothing> {
    caller
        .change(move |writing| {
            let seen = round(writing, id)?;
            let permit = seen.permit(Action::WithdrawInvitation)?;
            let found = rows::find(writing, permit, id, rater)?.filter(|found| found.invited_at.is_some());
            let found = found.ok_or(KernelFault::Absent)?;
            version.check(found.version)?;
            rows::update(writing, permit, &found.withdraw(by(&seen), writing.now())?)?;
            Ok(Answer::nothing())
        })
        .await
}

pub async fn asked(visitor: Visitor, Shown { secret: shown, .. }: Shown<OfInvitation>) -> Outcome<InvitationAskedView> {
    visitor
        .read(move |reading| {
            let secret = shown.as_ref().ok_or(KernelFault::Absent)?;
            let (rater, known, _) = link::opened(reading, secret, Action::Rate)?;
            let RaterIs::Guest { name, expires_at, .. } = rater.is else { return Err(KernelFault::Absent.into()) };
            Answer::ok(&InvitationAskedView {
                round_id: known.round.id,
                title: known.round.title,
                student_given_name: known.student.given_name,
                rater_kind: rater.kind,
                name: name.as_str().to_owned(),
                expires_at,
                scale: known.scale.into_iter().map(ScaleLevelView::from).collect(),
                competences: known.competences.into_iter().map(FrameworkCompetenceView::from).collect(),
            })
        })
        .await
}
