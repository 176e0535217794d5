//! One student's programme: reading it, and what student and coach put down by week (SP-3).

use domain::access::{Action, Guarded, Seen};
use domain::kernel::{EnrolmentId, KernelFault, ProgrammeId, Refusal, Told, WeekActivityId};
use domain::start_programme::{ActivityMark, Programme, WeekNote, WeekReflection};
use persistence::start_programme as rows;
use persistence::{Reading, Trouble, Writing};

use super::view::{StartProgrammeView, answer};
use crate::http::{Answer, At, Body, Caller, IfMatch, Number, Outcome};

fn seen(found: Option<Guarded<Programme>>) -> Result<Seen<Programme>, Trouble> {
    Ok(found.ok_or(KernelFault::Absent)?.read(Action::ReadProgramme)?)
}

/// A programme, for who may read it.
///
/// # Errors
/// [`KernelFault::Absent`].
pub fn programme(reading: &mut Reading<'_>, id: ProgrammeId) -> Result<Seen<Programme>, Trouble> {
    rows::find_programme(reading, id).and_then(seen)
}

pub async fn get(caller: Caller, At(id): At<ProgrammeId>) -> Outcome<StartProgrammeView> {
    caller
        .read(move |reading| {
            let seen = programme(reading, id)?;
            answer(reading, seen)
        })
        .await
}

pub async fn get_of_enrolment(caller: Caller, At(id): At<EnrolmentId>) -> Outcome<StartProgrammeView> {
    caller
        .read(move |reading| {
            let seen = seen(rows::find_programme_of_enrolment(reading, id)?)?;
            answer(reading, seen)
        })
        .await
}

pub async fn mark(
    caller: Caller,
    At((id, Number(week), activity_id)): At<(ProgrammeId, Number, WeekActivityId)>,
    version: IfMatch,
    Body(mark): Body<ActivityMark>,
) -> Outcome<StartProgrammeView> {
    let change = Change { id, week, version, action: Action::MarkActivity, marked: Some(activity_id) };
    caller.change(move |writing| change.make(writing, |programme, week| programme.mark(week, activity_id, mark))).await
}

pub async fn reflect(
    caller: Caller,
    At((id, Number(week))): At<(ProgrammeId, Number)>,
    version: IfMatch,
    Body(reflection): Body<WeekReflection>,
) -> Outcome<StartProgrammeView> {
    let change = Change { id, week, version, action: Action::Reflect, marked: None };
    caller
        .change(move |writing| {
            let now = writing.now();
            change.make(writing, |programme, week| programme.reflect(week, reflection.clone(), now))
        })
        .await
}

pub async fn note(
    caller: Caller,
    At((id, Number(week))): At<(ProgrammeId, Number)>,
    version: IfMatch,
    Body(note): Body<WeekNote>,
) -> Outcome<StartProgrammeView> {
    let change = Change { id, week, version, action: Action::NoteWeek, marked: None };
    caller.change(move |writing| change.make(writing, |programme, week| programme.note(week, note.clone()))).await
}

/// What is to change of one week.
struct Change {
    id: ProgrammeId,
    week: i32,
    version: IfMatch,
    action: Action,
    /// The activity that is marked.
    marked: Option<WeekActivityId>,
}

impl Change {
    fn make(
        &self,
        writing: &mut Writing<'_>,
        change: impl FnOnce(&Programme, u8) -> Result<Told<Programme>, Refusal>,
    ) -> Result<Answer<StartProgrammeView>, Trouble> {
        let seen = programme(writing, self.id)?;
        let permit = seen.permit(self.action)?;
        let before = &seen.thing;
        let week = u8::try_from(self.week).map_err(|_| KernelFault::Absent)?;
        self.version.check(before.version)?;
        let changed = change(before, week).map_err(|refusal| refusal.opening(seen.open(before.open_actions())))?;
        if changed.thing.weeks == before.weeks {
            return answer(writing, seen);
        }
        rows::update_week(writing, permit, &changed, week, self.marked)?;
        answer(writing, seen.with(changed.thing))
    }
}
