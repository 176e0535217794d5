//! Agreements with students: who keeps what, by when, and whether they did.

use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Seen};
use domain::conversation::{Agreement, AgreementDecision, AgreementFacts, AgreementStateName};
use domain::kernel::time::date_at;
use domain::kernel::{AgreementId, ConversationId, KernelFault, PersonId, StudentId, Text};
use persistence::conversations::agreements::{self as rows, WithOwner};
use persistence::{Reading, Trouble};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonName;
use crate::http::{Answer, At, Body, Caller, List, Listing, OpenDecisions, Outcome, Problem};

/// Who does what, by when.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgreementView {
    id: AgreementId,
    state: AgreementStateName,
    version: i64,
    open_decisions: OpenDecisions,
    student_id: StudentId,
    /// The conversation in which it was made.
    conversation_id: ConversationId,
    text: Text<1000>,
    /// Who keeps it.
    owner_id: PersonId,
    owner: PersonName,
    #[schema(required = true)]
    due_on: Option<NaiveDate>,
    /// It is open, and was to be kept by a day that is past.
    overdue: bool,
    created_at: DateTime<Utc>,
    /// Since when it is completed or dropped.
    #[schema(required = true)]
    decided_at: Option<DateTime<Utc>>,
}

/// The decisions that this person may take now.
fn open(seen: &Seen<WithOwner>, person: PersonId) -> Vec<&'static str> {
    let WithOwner { agreement, coach_id, .. } = &seen.thing;
    let is_theirs = agreement.is_for(AgreementFacts { by: person, coach_id: *coach_id });
    if is_theirs { seen.open(agreement.open_actions()) } else { Vec::new() }
}

impl AgreementView {
    /// As this person sees it on this day.
    pub fn of(seen: Seen<WithOwner>, person: PersonId, today: NaiveDate) -> Self {
        let open_decisions = OpenDecisions(open(&seen, person));
        let WithOwner { agreement, owner, .. } = seen.thing;
        let Agreement { id, version, student_id, conversation_id, text, owner_id, due_on, state, created_at, .. } = agreement;
        let is_open = state.name() == AgreementStateName::Open;
        Self {
            id,
            state: state.name(),
            version,
            open_decisions,
            student_id,
            conversation_id,
            text,
            owner_id,
            owner: owner.into(),
            due_on,
            overdue: is_open && due_on.is_some_and(|due_on| due_on < today),
            created_at,
            decided_at: state.decided_at(),
        }
    }
}

/// Which agreements.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhichAgreements {
    #[serde(default)]
    state: Option<AgreementStateName>,
}

pub async fn list(caller: Caller, At(id): At<StudentId>, list: List<WhichAgreements>) -> Result<Listing<AgreementView>, Problem> {
    let page = list.page()?;
    let state = list.filter.state;
    caller
        .read(move |reading| {
            let permit = super::student(reading, id, Action::ReadAgreement)?;
            let found = rows::list(reading, permit, id, state, &page)?.try_map(|row| row.read(Action::ReadAgreement))?;
            let (person, today) = (reading.person()?, date_at(reading.now()));
            let view = |seen| Ok(AgreementView::of(seen, person, today));
            Answer::page(found, &page, |seen| seen.thing.agreement.id, view)
        })
        .await
}

fn agreement(reading: &mut Reading<'_>, id: AgreementId) -> Result<Seen<WithOwner>, Trouble> {
    Ok(rows::find(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadAgreement)?)
}

fn answer(reading: &Reading<'_>, seen: Seen<WithOwner>) -> Result<Answer<AgreementView>, Trouble> {
    let version = seen.thing.agreement.version;
    Answer::at_version(&AgreementView::of(seen, reading.person()?, date_at(reading.now())), version)
}

pub async fn get_one(caller: Caller, At(id): At<AgreementId>) -> Outcome<AgreementView> {
    caller
        .read(move |reading| {
            let seen = agreement(reading, id)?;
            answer(reading, seen)
        })
        .await
}

pub async fn decide(caller: Caller, At(id): At<AgreementId>, Body(decision): Body<AgreementDecision>) -> Outcome<AgreementView> {
    caller
        .change(move |writing| {
            let seen = agreement(writing, id)?;
            let permit = seen.permit(decision.action())?;
            let by = writing.person()?;
            let facts = AgreementFacts { by, coach_id: seen.thing.coach_id };
            let decided = seen
                .thing
                .agreement
                .decide(decision, writing.now(), facts)
                .map_err(|refusal| refusal.opening(open(&seen, by)))?;
            rows::update(writing, permit, &decided)?;
            let after = WithOwner { agreement: decided.thing, ..seen.thing.clone() };
            answer(writing, seen.with(after))
        })
        .await
}
