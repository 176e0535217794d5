//! With whom a coach talked, for how long not, and what came of it (CV-3).

use chrono::{DateTime, Utc};
use domain::access::{Action, Role, Seen};
use domain::conversation::ticking_index;
use domain::kernel::time::date_at;
use domain::kernel::{KernelFault, PersonId, StudentId};
use persistence::Trouble;
use persistence::conversations::overview::{self as rows, Talked};
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
    questions_nowhere: Option<u32>,
    /// Of the last five conversations that were held, the share that is absent of five signs that one talked: the student had prepared,
    /// a summary, an agreement, a goal or learning question, a career step. 0 where all are there, 1 where it was only ticking; null where none was held.
    #[schema(required = true, minimum = 0, maximum = 1)]
    ticking_index: Option<f64>,
}

const _: () = assert!(domain::conversation::NOWHERE_AFTER_DAYS == 42, "the schema of questionsNowhere says so");
const _: () = assert!(domain::conversation::TALKS_LOOKED_AT == 5, "the schema of tickingIndex says so");

impl ConversationOverviewView {
    fn of(seen: Seen<Talked>, now: DateTime<Utc>) -> Self {
        let whole = seen.sight().is_whole();
        let today = date_at(now);
        let Talked { student, last_held_at, open_last_held_at, next_planned_at, open_agreements, .. } = &seen.thing;
        let last_held_at = if whole { *last_held_at } else { *open_last_held_at };
        let overdue = open_agreements.iter().flatten().filter(|due_on| **due_on < today).count();
        Self {
            student_id: student.id.student(),
            student: student.clone().into(),
            last_held_at,
            days_since: last_held_at.map(|held_at| (today - date_at(held_at)).num_days().max(0)),
            next_planned_at: next_planned_at.filter(|_| whole),
            open_agreements: whole.then_some(open_agreements.len()),
            overdue_agreements: whole.then_some(overdue),
            questions_nowhere: whole.then_some(seen.thing.questions_nowhere),
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
