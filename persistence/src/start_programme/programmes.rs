//! Students' programmes, with their weeks and activities (SP-2 to SP-5).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::access::{Guarded, Permit, Relation};
use domain::kernel::{
    ConversationId, EnrolmentId, Instant, LandscapeId, ProgrammeId, StudentId, TemplateId, Told, WeekActivityId,
};
use domain::start_programme::{
    CloseOutcome, Closing, Programme, ProgrammeActivity, ProgrammeParts, ProgrammeState, ProgrammeStateName, ProgrammeWeek,
    Prolongation, Reflection,
};

use super::{text, texts, week_number};
use crate::columns::bind;
use crate::relations::{self, OnlyFor};
use crate::schema::{
    enrolments, start_programme_activities as activities, start_programme_weeks as weeks, start_programmes as programmes,
};
use crate::session::{Pen, Reading, Writing};
use crate::trouble::Trouble;

type StateRow = (
    ProgrammeStateName,
    (Option<i32>, Option<String>, Option<Instant>),
    (Option<CloseOutcome>, Option<String>, Option<Instant>),
    Option<Instant>,
);

type ProgrammeRow = ((ProgrammeId, i64, StudentId, EnrolmentId, LandscapeId, TemplateId, Option<ConversationId>), StateRow);

type Columns = (
    (
        programmes::id,
        programmes::version,
        programmes::student_id,
        programmes::enrolment_id,
        programmes::landscape_id,
        programmes::template_id,
        programmes::conversation_id,
    ),
    (
        programmes::state,
        (programmes::extra_weeks, programmes::prolong_motivation, programmes::prolonged_at),
        (programmes::outcome, programmes::motivation, programmes::closed_at),
        programmes::stopped_at,
    ),
);
const COLUMNS: Columns = (
    (
        programmes::id,
        programmes::version,
        programmes::student_id,
        programmes::enrolment_id,
        programmes::landscape_id,
        programmes::template_id,
        programmes::conversation_id,
    ),
    (
        programmes::state,
        (programmes::extra_weeks, programmes::prolong_motivation, programmes::prolonged_at),
        (programmes::outcome, programmes::motivation, programmes::closed_at),
        programmes::stopped_at,
    ),
);

fn state((state, prolonged, closing, stopped_at): StateRow) -> Result<ProgrammeState, Trouble> {
    let prolonged = match prolonged {
        (Some(extra_weeks), Some(motivation), Some(at)) => {
            Some(Prolongation { extra_weeks: week_number(extra_weeks)?, motivation: text(&motivation)?, at })
        }
        _ => None,
    };
    let closing = match closing {
        (Some(outcome), Some(motivation), Some(at)) => Some(Closing { outcome, motivation: text(&motivation)?, at }),
        _ => None,
    };
    let parts = ProgrammeParts { state, prolonged, closing, stopped_at };
    parts.state().ok_or_else(|| Trouble::Unreadable("the state of a start programme".to_owned()))
}

/// Puts the programme of a row together: one statement for its weeks, one for their activities.
fn programme(reading: &mut Reading<'_>, (ids, state_row): ProgrammeRow) -> Result<Programme, Trouble> {
    let (id, version, student_id, enrolment_id, landscape_id, template_id, conversation_id) = ids;
    let mut of_week: BTreeMap<i32, Vec<ProgrammeActivity>> = BTreeMap::new();
    let rows: Vec<(WeekActivityId, i32, String, Option<String>, bool)> =
        reading.load(
            activities::table
                .filter(activities::programme_id.eq(bind(id)))
                .order((activities::week, activities::place))
                .select((activities::id, activities::week, activities::title, activities::description, activities::done)),
        )?;
    for (id, week, title, description, done) in rows {
        let activity = ProgrammeActivity { id, title: text(&title)?, description: texts(description)?, done };
        of_week.entry(week).or_default().push(activity);
    }
    type WeekRow = (i32, NaiveDate, Option<String>, bool, Option<String>, Option<Instant>, Option<String>);
    let rows: Vec<WeekRow> = reading.load(weeks::table.filter(weeks::programme_id.eq(bind(id))).order(weeks::week).select((
        weeks::week,
        weeks::starts_on,
        weeks::theme,
        weeks::credited,
        weeks::reflection,
        weeks::reflected_at,
        weeks::coach_note,
    )))?;
    let week = |(week, starts_on, theme, credited, reflection, reflected_at, coach_note): WeekRow| {
        let reflection = match reflection.as_deref().zip(reflected_at) {
            Some((words, reflected_at)) => Some(Reflection { text: text(words)?, reflected_at }),
            None => None,
        };
        Ok(ProgrammeWeek {
            number: week_number(week)?,
            starts_on,
            theme: texts(theme)?,
            activities: of_week.remove(&week).unwrap_or_default(),
            credited,
            reflection,
            coach_note: texts(coach_note)?,
        })
    };
    let weeks = rows.into_iter().map(week).collect::<Result<_, Trouble>>()?;
    let state = state(state_row)?;
    Ok(Programme { id, version, student_id, enrolment_id, landscape_id, template_id, weeks, state, conversation_id })
}

/// A programme: three statements.
///
/// # Errors
/// Only what the database ends in.
pub fn find_programme(reading: &mut Reading<'_>, id: ProgrammeId) -> Result<Option<Guarded<Programme>>, Trouble> {
    let confined = OnlyFor(Relation::Scout, enrolments::application_id);
    let mine = relations::of(reading, programmes::student_id, confined);
    let found = reading.first(
        programmes::table
            .inner_join(enrolments::table.on(enrolments::id.eq(programmes::enrolment_id)))
            .filter(programmes::id.eq(bind(id)))
            .select((COLUMNS, mine)),
    )?;
    guarded(reading, found)
}

/// The programme that an enrolment began with: three statements.
///
/// # Errors
/// Only what the database ends in.
pub fn find_programme_of_enrolment(
    reading: &mut Reading<'_>,
    enrolment_id: EnrolmentId,
) -> Result<Option<Guarded<Programme>>, Trouble> {
    let confined = OnlyFor(Relation::Scout, enrolments::application_id);
    let mine = relations::of(reading, programmes::student_id, confined);
    let found = reading.first(
        programmes::table
            .inner_join(enrolments::table.on(enrolments::id.eq(programmes::enrolment_id)))
            .filter(programmes::enrolment_id.eq(bind(enrolment_id)))
            .select((COLUMNS, mine)),
    )?;
    guarded(reading, found)
}

fn guarded(
    reading: &mut Reading<'_>,
    found: Option<(ProgrammeRow, Option<String>)>,
) -> Result<Option<Guarded<Programme>>, Trouble> {
    let Some((row, mine)) = found else { return Ok(None) };
    Ok(Some(Guarded::new(programme(reading, row)?, relations::read(mine))))
}

/// The programme of an enrolment that ends or moves on, for who was permitted to make it do so.
///
/// # Errors
/// Only what the database ends in.
pub fn programme_to_end(
    reading: &mut Reading<'_>,
    _permit: Permit,
    enrolment_id: EnrolmentId,
) -> Result<Option<Programme>, Trouble> {
    let found = reading.first(programmes::table.filter(programmes::enrolment_id.eq(bind(enrolment_id))).select(COLUMNS))?;
    found.map(|row| programme(reading, row)).transpose()
}

/// Lays down a programme with all its weeks and activities: three statements.
///
/// # Errors
/// Only what the database ends in.
pub fn insert_programme(writing: &mut Writing<'_>, permit: Permit, new: &Told<Programme>) -> Result<(), Trouble> {
    let (now, programme) = (writing.now(), &new.thing);
    let mut pen = writing.tell(permit, new.event.clone());
    pen.execute(diesel::insert_into(programmes::table).values((
        programmes::id.eq(bind(programme.id)),
        programmes::enrolment_id.eq(bind(programme.enrolment_id)),
        programmes::student_id.eq(bind(programme.student_id)),
        programmes::landscape_id.eq(bind(programme.landscape_id)),
        programmes::template_id.eq(bind(programme.template_id)),
        programmes::state.eq(bind(programme.state.name())),
        programmes::version.eq(programme.version),
        programmes::created_at.eq(bind(now)),
    )))?;
    insert_weeks(&mut pen, programme.id, &programme.weeks)
}

fn insert_weeks(pen: &mut Pen<'_, '_>, id: ProgrammeId, new: &[ProgrammeWeek]) -> Result<(), Trouble> {
    let week_row = |week: &ProgrammeWeek| {
        (
            weeks::programme_id.eq(bind(id)),
            weeks::week.eq(i32::from(week.number)),
            weeks::starts_on.eq(week.starts_on),
            weeks::theme.eq(week.theme.clone().map(String::from)),
            weeks::credited.eq(week.credited),
            weeks::done.eq(week.is_done()),
        )
    };
    let activity_row = |number: u8, (place, activity): (i32, &ProgrammeActivity)| {
        (
            activities::id.eq(bind(activity.id)),
            activities::programme_id.eq(bind(id)),
            activities::week.eq(i32::from(number)),
            activities::place.eq(place),
            activities::title.eq(activity.title.as_str().to_owned()),
            activities::description.eq(activity.description.clone().map(String::from)),
            activities::done.eq(activity.done),
        )
    };
    let of_week = |week: &ProgrammeWeek| {
        let number = week.number;
        (1..).zip(&week.activities).map(|placed| activity_row(number, placed)).collect::<Vec<_>>()
    };
    pen.insert_many(diesel::insert_into(weeks::table).values(new.iter().map(week_row).collect::<Vec<_>>()))?;
    let rows: Vec<_> = new.iter().flat_map(of_week).collect();
    if !rows.is_empty() {
        pen.insert_many(diesel::insert_into(activities::table).values(rows))?;
    }
    Ok(())
}

/// Writes a programme that was prolonged, closed or stopped, and the weeks after the first `weeks_before`.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_state(
    writing: &mut Writing<'_>,
    permit: Permit,
    changed: &Told<Programme>,
    weeks_before: usize,
) -> Result<(), Trouble> {
    let programme = &changed.thing;
    let ProgrammeParts { state, prolonged, closing, stopped_at } = programme.state.parts();
    let (prolonged, closing) = (prolonged.as_ref(), closing.as_ref());
    let before = programmes::table.find(bind(programme.id)).filter(programmes::version.eq(programme.version - 1));
    let mut pen = writing.tell(permit, changed.event.clone());
    pen.change_one(diesel::update(before).set((
        programmes::state.eq(bind(state)),
        programmes::extra_weeks.eq(prolonged.map(|prolonged| i32::from(prolonged.extra_weeks))),
        programmes::prolong_motivation.eq(prolonged.map(|prolonged| prolonged.motivation.as_str())),
        programmes::prolonged_at.eq(bind(prolonged.map(|prolonged| prolonged.at))),
        programmes::outcome.eq(bind(closing.map(|closing| closing.outcome))),
        programmes::motivation.eq(closing.map(|closing| closing.motivation.as_str())),
        programmes::closed_at.eq(bind(closing.map(|closing| closing.at))),
        programmes::stopped_at.eq(bind(stopped_at)),
        programmes::conversation_id.eq(bind(programme.conversation_id)),
        programmes::version.eq(programme.version),
    )))?;
    match programme.weeks.get(weeks_before..) {
        Some(new) if !new.is_empty() => insert_weeks(&mut pen, programme.id, new),
        _ => Ok(()),
    }
}

/// Writes when the weeks of a programme are.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn update_dates(writing: &mut Writing<'_>, permit: Permit, changed: &Told<Programme>) -> Result<(), Trouble> {
    let programme = &changed.thing;
    let before = programmes::table.find(bind(programme.id)).filter(programmes::version.eq(programme.version - 1));
    let mut pen = writing.tell(permit, changed.event.clone());
    pen.change_one(diesel::update(before).set(programmes::version.eq(programme.version)))?;
    for week in &programme.weeks {
        let row = weeks::table.find((bind(programme.id), i32::from(week.number)));
        pen.change_one(diesel::update(row).set(weeks::starts_on.eq(week.starts_on)))?;
    }
    Ok(())
}

/// Writes one week of a programme, with the activity of it that was marked.
///
/// # Errors
/// [`Trouble::Overtaken`] where the programme changed meanwhile.
pub fn update_week(
    writing: &mut Writing<'_>,
    permit: Permit,
    changed: &Told<Programme>,
    number: u8,
    marked: Option<WeekActivityId>,
) -> Result<(), Trouble> {
    let programme = &changed.thing;
    let before = programmes::table.find(bind(programme.id)).filter(programmes::version.eq(programme.version - 1));
    let mut pen = writing.tell(permit, changed.event.clone());
    pen.change_one(diesel::update(before).set(programmes::version.eq(programme.version)))?;
    for week in programme.weeks.iter().filter(|week| week.number == number) {
        let reflection = week.reflection.as_ref();
        pen.change_one(diesel::update(weeks::table.find((bind(programme.id), i32::from(number)))).set((
            weeks::done.eq(week.is_done()),
            weeks::reflection.eq(reflection.map(|reflection| reflection.text.as_str())),
            weeks::reflected_at.eq(bind(reflection.map(|reflection| reflection.reflected_at))),
            weeks::coach_note.eq(week.coach_note.as_ref().map(|note| note.as_str())),
        )))?;
        for activity in week.activities.iter().filter(|activity| Some(activity.id) == marked) {
            pen.change_one(diesel::update(activities::table.find(bind(activity.id))).set(activities::done.eq(activity.done)))?;
        }
    }
    Ok(())
}
