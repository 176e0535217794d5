//! With whom a coach talked, for how long not, and what came of it (CV-3).

use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Role, Seen};
use domain::conversation::ticking_index;
use domain::kernel::time::date_at;
use domain::kernel::{AgreementId, KernelFault, LearningQuestionId, PersonId, StudentId, Text};
use persistence::Trouble;
use persistence::conversations::overview::{self as rows, LongOpen, OpenAgreement, Talked};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::PersonName;
use crate::http::{Answer, At, Caller, Everything, List, Listing, Problem};

/// A student whom a coach has, and what came of talking with them. A team leader is told when a conversation was last held that is no
/// care, and nothing else.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConversationOverviewView {
    student_id: StudentId,
    student: PersonName,
    /// When the last one began that was held; null where there was none.
    #[schema(required = true)]
    last_held_at: Option<DateTime<Utc>>,
    /// How many days ago, by the date at school.
    #[schema(required = true, minimum = 0)]
    days_since: Option<i64>,
    /// When the next one is planned.
    #[schema(required = true)]
    next_planned_at: Option<DateTime<Utc>>,
    /// How many agreements are open.
    #[schema(required = true, minimum = 0)]
    open_agreements: Option<usize>,
    /// How many of these were to be kept by a day that is past.
    #[schema(required = true, minimum = 0)]
    overdue_agreements: Option<usize>,
    /// How many learning questions led nowhere: open for more than 42 days.
    #[schema(required = true, minimum = 0)]
    questions_nowhere: Option<usize>,
    /// Those that are open, the most urgent first, by the day until which; empty for a team leader.
    #[schema(max_items = 20)]
    agreements: Vec<UrgentAgreementView>,
    /// The learning questions that led nowhere, the oldest first; empty for a team leader.
    #[schema(max_items = 20)]
    questions: Vec<LongOpenQuestionView>,
    /// Of the last five conversations that were held, the share that is absent of five signs that one talked: the student had prepared,
    /// a summary, an agreement, a goal or learning question, a career step. 0 where all are there, 1 where it was only ticking; null where
    /// fewer than three were held, of which it would tell whether the student had prepared.
    #[schema(required = true, minimum = 0, maximum = 1)]
    ticking_index: Option<f64>,
}

/// An agreement that is open.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UrgentAgreementView {
    id: AgreementId,
    text: Text<1000>,
    /// Who keeps it.
    owner_id: PersonId,
    #[schema(required = true)]
    due_on: Option<NaiveDate>,
    /// It was to be kept by a day that is past.
    overdue: bool,
}

/// A learning question that led nowhere.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LongOpenQuestionView {
    id: LearningQuestionId,
    text: Text<1000>,
    created_at: DateTime<Utc>,
}

/// As many of either are told.
const TOLD_AT_MOST: usize = 20;

const _: () = assert!(domain::conversation::NOWHERE_AFTER_DAYS == 42, "the schema of questionsNowhere says so");
const _: () = assert!(domain::conversation::TALKS_LOOKED_AT == 5, "the schema of tickingIndex says so");
const _: () = assert!(domain::conversation::TALKS_AT_LEAST == 3, "the schema of tickingIndex says so");

impl ConversationOverviewView {
    fn of(seen: Seen<Talked>, now: DateTime<Utc>) -> Self {
        let whole = seen.sight().is_whole();
        let today = date_at(now);
        let Talked { student, last_held_at, open_last_held_at, next_planned_at, open_agreements, questions_nowhere, .. } =
            &seen.thing;
        let last_held_at = if whole { *last_held_at } else { *open_last_held_at };
        let is_overdue = |one: &OpenAgreement| one.due_on.is_some_and(|due_on| due_on < today);
        let overdue = open_agreements.iter().filter(|one| is_overdue(one)).count();
        let told = |one: &OpenAgreement| {
            let (overdue, OpenAgreement { id, text, owner_id, due_on }) = (is_overdue(one), one.clone());
            UrgentAgreementView { id, text, owner_id, due_on, overdue }
        };
        let asked = |one: &LongOpen| {
            let LongOpen { id, text, created_at } = one.clone();
            LongOpenQuestionView { id, text, created_at }
        };
        Self {
            student_id: student.id.student(),
            student: student.clone().into(),
            last_held_at,
            days_since: last_held_at.map(|held_at| (today - date_at(held_at)).num_days().max(0)),
            next_planned_at: next_planned_at.filter(|_| whole),
            open_agreements: whole.then_some(open_agreements.len()),
            overdue_agreements: whole.then_some(overdue),
            questions_nowhere: whole.then_some(questions_nowhere.len()),
            agreements: open_agreements.iter().filter(|_| whole).take(TOLD_AT_MOST).map(told).collect(),
            questions: questions_nowhere.iter().filter(|_| whole).take(TOLD_AT_MOST).map(asked).collect(),
            ticking_index: ticking_index(&seen.thing.signs).filter(|_| whole),
        }
    }
}

pub async fn list(
    caller: Caller,
    At(coach): At<PersonId>,
    list: List<Everything>,
) -> Result<Listing<ConversationOverviewView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let found = rows::list(reading, coach, &page)?;
            let own = reading.actor().person_id() == Some(coach) && reading.actor().has_role(Role::Coach);
            if found.rows.is_empty() && page.after.is_none() && !own {
                return Err(KernelFault::Absent.into());
            }
            let seen = found.try_map(|row| Ok::<_, Trouble>(row.read(Action::ReadConversationOverview)?))?;
            let now = reading.now();
            Answer::page(seen, &page, |seen| seen.thing.place(), |seen| Ok(ConversationOverviewView::of(seen, now)))
        })
        .await
}
