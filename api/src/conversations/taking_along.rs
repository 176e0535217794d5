//! A student's conversations as they are taken along with the portfolio (PF-6): what came of those that count, and what the student
//! prepared. What another prepared, nobody takes along.

use domain::access::Action;
use domain::kernel::time::date_at;
use domain::kernel::{ConversationId, StudentId};
use persistence::conversations::{self as rows, TalkFilter, agreements, goals, preparations, questions, steps};
use persistence::{Listed, Page, Reading, Trouble};
use serde_json::{Value, json};

use super::agreements::AgreementView;
use super::goals::GoalView;
use super::outcomes::{OutcomeView, Told};
use super::questions::LearningQuestionView;
use super::steps::CareerStepView;
use super::talks::talk;
use super::view::ConversationView;

/// The student's conversations, the newest first by when they were made.
///
/// # Errors
/// Only what the database ends in.
pub fn newest_first(reading: &mut Reading<'_>, student: StudentId) -> Result<Vec<ConversationId>, Trouble> {
    let filter = TalkFilter { student_id: Some(student), ..TalkFilter::default() };
    let list = |reading: &mut Reading<'_>, page: &Page<ConversationId>| {
        rows::list(reading, filter, page)?.try_map(|row| Ok(row.read(Action::ReadConversation)?.thing.conversation.id))
    };
    let mut ids = every(reading, list, |id| *id)?;
    ids.reverse();
    Ok(ids)
}

/// A conversation as its own student takes it along.
///
/// # Errors
/// [`domain::kernel::KernelFault::Absent`] where it is not theirs.
pub fn taken(reading: &mut Reading<'_>, id: ConversationId) -> Result<Value, Trouble> {
    let seen = talk(reading, id)?;
    let permit = seen.permit(Action::ReadPreparation)?;
    let own = preparations::own(reading, permit, id)?.map(|own| json!(own.content));
    let counts = super::outcomes::counts(&seen);
    let newest = if counts { rows::outcomes::newest(reading, permit, id)? } else { None };
    let outcome = newest.map(|written| json!(OutcomeView::of(written, true, Told::to(&seen))));
    let mut told = json!(ConversationView::from(seen));
    if let Some(members) = told.as_object_mut() {
        // Whose it is says the archive, and what one may do with it there nobody can say here.
        members.retain(|name, _| !matches!(name.as_str(), "student" | "openDecisions"));
        members.insert("preparation".into(), own.unwrap_or_default());
        members.insert("outcome".into(), outcome.unwrap_or_default());
    }
    Ok(told)
}

/// All that followed from conversations of a student, each sort by the name of its file.
///
/// # Errors
/// [`domain::kernel::KernelFault::Absent`] where the caller may not see it.
pub fn followed(reading: &mut Reading<'_>, student: StudentId) -> Result<[(&'static str, Vec<Value>); 4], Trouble> {
    let seen = super::student_seen(reading, student, Action::ReadGoal)?;
    let permit = seen.permit;
    let aims = every(reading, |reading, page| goals::list(reading, permit, student, None, page), |goal| goal.id)?;
    let asked = every(reading, |reading, page| questions::list(reading, permit, student, None, page), |one| one.id)?;
    let agree = |reading: &mut Reading<'_>, page: &Page<_>| {
        agreements::list(reading, permit, student, None, page)?.try_map(|row| Ok(row.read(Action::ReadAgreement)?))
    };
    let agreed = every(reading, agree, |seen| seen.thing.agreement.id)?;
    let steps = every(reading, |reading, page| steps::list(reading, permit, student, page), |step| step.id)?;
    let (person, today) = (reading.person()?, date_at(reading.now()));
    let agreed = agreed.into_iter().map(|row| without_decisions(json!(AgreementView::of(row, person, today))));
    Ok([
        ("goals", aims.into_iter().map(|goal| without_decisions(json!(GoalView::from(seen.with(goal))))).collect()),
        (
            "learning-questions",
            asked.into_iter().map(|one| without_decisions(json!(LearningQuestionView::from(seen.with(one))))).collect(),
        ),
        ("agreements", agreed.collect()),
        ("career-steps", steps.into_iter().map(|step| json!(CareerStepView::from(step))).collect()),
    ])
}

fn without_decisions(mut view: Value) -> Value {
    if let Some(members) = view.as_object_mut() {
        members.remove("openDecisions");
    }
    view
}

/// Every row of a list, page by page.
fn every<T, P>(
    reading: &mut Reading<'_>,
    list: impl Fn(&mut Reading<'_>, &Page<P>) -> Result<Listed<T>, Trouble>,
    place: impl Fn(&T) -> P,
) -> Result<Vec<T>, Trouble> {
    const AT_ONCE: i64 = 200;
    let (mut rows, mut page) = (Vec::new(), Page::first(AT_ONCE));
    loop {
        let mut found = list(reading, &page)?.rows;
        let more = i64::try_from(found.len()).is_ok_and(|found| found > AT_ONCE);
        found.truncate(usize::try_from(AT_ONCE).unwrap_or(usize::MAX));
        page.after = found.last().map(&place);
        rows.extend(found);
        if !more {
            return Ok(rows);
        }
    }
}
