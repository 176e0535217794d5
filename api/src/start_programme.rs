//! The ten-week start programme (SP-1 to SP-5): templates, students' programmes, and the school calendar.

mod calendar;
mod closing;
mod overview;
mod programmes;
mod templates;
mod view;

pub use overview::StartProgrammeProgressView;

use domain::access::Permit;
use domain::enrolment::Enrolment;
use domain::kernel::time::date_at;
use domain::kernel::{EnrolmentId, ProgrammeId, Prose, StudentId, WeekActivityId};
use domain::start_programme::{DueLwp, NewProgramme, NewTemplate, Programme, SchoolYear, Template, in_force};
use persistence::start_programme::{self as rows, Waiting};
use persistence::{Trouble, Writing};

use crate::http::{Operation, get, post, put};
use crate::{organisation, reactions};

pub const TAG: &str = "Start programme";

pub fn operations() -> Vec<Operation> {
    let start_programme = templates().into_iter().chain(programmes()).map(|operation| operation.tag(TAG));
    start_programme.chain(calendars().into_iter().map(|operation| operation.tag(organisation::TAG))).collect()
}

fn templates() -> Vec<Operation> {
    vec![
        get("/start-programme-templates", "listStartProgrammeTemplates", "Templates in the order in which they were drafted", templates::list)
            .text("For staff. Each landscape lays down its own, in versions; of the published ones of a school year students begin with the one published last."),
        post("/start-programme-templates", "createStartProgrammeTemplate", "Drafts a template, or a new version of one", templates::create)
            .text("By the landscape's manager or its task holder for education. Ten weeks, numbered in order. With `previousId`, a published or retired template of the same landscape, it is the next version of that one."),
        get("/start-programme-templates/{id}", "getStartProgrammeTemplate", "One template", templates::get).text("For staff."),
        put("/start-programme-templates/{id}", "replaceStartProgrammeTemplate", "Changes a draft", templates::replace)
            .text("By the landscape's manager or its task holder for education. A published template is frozen: 409. Landscape, school year and predecessor stay as they are."),
        post("/start-programme-templates/{id}/decisions", "decideOnStartProgrammeTemplate", "Publishes or retires a template", templates::decide)
            .text("By the landscape's manager or its task holder for education. Students who have begun keep the version they began with; who was placed for the school year before there was a template begins with what is published."),
    ]
}

fn programmes() -> Vec<Operation> {
    vec![
        get("/enrolments/{id}/start-programme", "getStartProgrammeOfEnrolment", "The start programme of an enrolment", programmes::get_of_enrolment)
            .text("404 as long as the landscape has published no template for the school year in which the enrolment begins; the programme begins when it does."),
        get("/start-programmes", "listStartProgrammes", "Who is how far", overview::list)
            .text("The programmes that the caller may read, in the order in which they began: the week that it is, how many weeks are past and not done, and when the student last reflected."),
        get("/start-programmes/{id}", "getStartProgramme", "One start programme, week by week", programmes::get)
            .text("What is shown depends on who asks: a guardian of a student of 16 or older sees how far it is but no texts, a younger student's guardian no notes of the coach, a scout the state and the outcome."),
        put("/start-programmes/{id}/weeks/{week}/activities/{activityId}", "markStartProgrammeActivity", "Marks an activity as done, or not", programmes::mark)
            .text("By the student, while the programme runs. Answers the whole programme."),
        put("/start-programmes/{id}/weeks/{week}/reflection", "reflectOnStartProgrammeWeek", "Writes the student's reflection on a week", programmes::reflect)
            .text("By the student, while the programme runs; what was there before is replaced. Answers the whole programme."),
        put("/start-programmes/{id}/weeks/{week}/coach-note", "noteStartProgrammeWeek", "Writes the coach's note with a week", programmes::note)
            .text("By the responsible coach, while the programme runs; what was there before is replaced. Answers the whole programme."),
        post("/start-programmes/{id}/decisions", "decideOnStartProgramme", "Closes a start programme, or prolongs it", closing::decide)
            .text("By the responsible coach, after the closing conversation, always with motivation. `continue` makes the enrolment definitive and needs the student's own motivation first; `switch` names the landscape and requests the switch: where that is refused or withdrawn the programme goes on; `prolong` adds 1 to 10 weeks, once; `leave` ends the enrolment."),
    ]
}

fn calendars() -> Vec<Operation> {
    vec![
        get("/school-calendars", "listSchoolCalendars", "School calendars by school year", calendar::list).text("For whoever has an account."),
        get("/school-calendars/{schoolYear}", "getSchoolCalendar", "The calendar of a school year", calendar::get).text("For whoever has an account."),
        put("/school-calendars/{schoolYear}", "replaceSchoolCalendar", "Lays down the holidays of a school year", calendar::replace)
            .text("By an administrator: with `If-None-Match: *` the first time, with `If-Match` from then on. A school year runs from 1 August to 31 July. Programmes that have begun keep their weeks, those that are still to begin follow. A year without a calendar counts as one without holidays.")
            .creates(),
    ]
}

/// A programme that began, with the LWPs that its weeks bring.
#[derive(Clone, Debug)]
pub struct Begun {
    pub id: ProgrammeId,
    pub student_id: StudentId,
    pub lwps: Vec<DueLwp>,
}

/// Begins the programme of an enrolment, from the template that its landscape has published last for the school
/// year in which it starts (SP-2); after a switch, with weeks that count as done already (SP-4). None where there
/// is no such template.
///
/// # Errors
/// Only what the database ends in.
pub fn begin(
    writing: &mut Writing<'_>,
    permit: Permit,
    enrolment: &Enrolment,
    credited_weeks: u8,
) -> Result<Option<ProgrammeId>, Trouble> {
    let (landscape_id, year) = (enrolment.landscape_id, SchoolYear::of(enrolment.starts_on));
    let published = rows::published_templates(writing, permit, landscape_id, year)?;
    let Some(template) = in_force(&published, landscape_id, year) else { return Ok(None) };
    let (student_id, starts_on) = (enrolment.student_id, enrolment.starts_on);
    start(writing, permit, template, Waiting { enrolment_id: enrolment.id, student_id, starts_on, credited_weeks }).map(Some)
}

fn start(writing: &mut Writing<'_>, permit: Permit, template: &Template, who: Waiting) -> Result<ProgrammeId, Trouble> {
    let Waiting { enrolment_id, student_id, starts_on, credited_weeks } = who;
    let holidays = rows::holidays_around(writing, permit, starts_on)?;
    let new = NewProgramme { id: ProgrammeId::in_order(), student_id, enrolment_id, starts_on, credited_weeks };
    let programme = Programme::start(new, template, &holidays, WeekActivityId::in_order)?;
    rows::insert_programme(writing, permit, &programme)?;
    let lwps = programme.thing.lwps_due(template);
    reactions::programme_began(writing, permit, &Begun { id: new.id, student_id, lwps })?;
    Ok(new.id)
}

/// Begins the programmes of those who were placed before the landscape had a template for their school year, now that
/// this one is published (SP-2): on their first day, or today where that is past.
///
/// # Errors
/// Only what the database ends in.
fn begin_those_who_wait(writing: &mut Writing<'_>, permit: Permit, template: &Template) -> Result<(), Trouble> {
    let today = date_at(writing.now());
    let NewTemplate { landscape_id, school_year, .. } = template.content;
    for who in rows::who_waits(writing, permit, landscape_id, school_year)? {
        start(writing, permit, template, Waiting { starts_on: who.starts_on.max(today), ..who })?;
    }
    Ok(())
}

/// Lays the weeks of programmes that are still to begin on the school calendar as it is by now (SP-2).
///
/// # Errors
/// [`Trouble::Overtaken`] where one of them changed meanwhile.
fn reschedule(writing: &mut Writing<'_>, permit: Permit) -> Result<(), Trouble> {
    let today = date_at(writing.now());
    for (enrolment_id, starts_on) in rows::programmes_to_come(writing, permit, today)? {
        let Some(programme) = rows::programme_to_end(writing, permit, enrolment_id)? else { continue };
        let holidays = rows::holidays_around(writing, permit, starts_on)?;
        if let Some(rescheduled) = programme.reschedule(starts_on, &holidays, today) {
            rows::update_dates(writing, permit, &rescheduled)?;
            reactions::programme_rescheduled(writing, permit, &programme, &rescheduled.thing)?;
        }
    }
    Ok(())
}

/// Stops the programme of an enrolment because a switch was accepted (SP-4); one that is over stays as it is.
/// Answers how many weeks were done, 0 where there is no programme.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn stop_for_switch(writing: &mut Writing<'_>, permit: Permit, enrolment_id: EnrolmentId) -> Result<u8, Trouble> {
    let Some(programme) = rows::programme_to_end(writing, permit, enrolment_id)? else { return Ok(0) };
    if let Some(stopped) = programme.stop_by_switch(writing.now()) {
        rows::update_state(writing, permit, &stopped, programme.weeks.len())?;
    }
    Ok(programme.weeks_done())
}

/// Lets the programme of an enrolment go on where it closed with a switch that is not made (SP-4).
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn resume(writing: &mut Writing<'_>, permit: Permit, enrolment_id: EnrolmentId) -> Result<(), Trouble> {
    let Some(programme) = rows::programme_to_end(writing, permit, enrolment_id)? else { return Ok(()) };
    match programme.resume() {
        Some(resumed) => rows::update_state(writing, permit, &resumed, programme.weeks.len()),
        None => Ok(()),
    }
}

/// Stops the programme of an enrolment because its student has the diploma; one that is over stays as it is.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn stop_for_graduation(writing: &mut Writing<'_>, permit: Permit, enrolment_id: EnrolmentId) -> Result<(), Trouble> {
    let Some(programme) = rows::programme_to_end(writing, permit, enrolment_id)? else { return Ok(()) };
    match programme.stop_by_graduating(writing.now()) {
        Some(stopped) => rows::update_state(writing, permit, &stopped, programme.weeks.len()),
        None => Ok(()),
    }
}

/// Closes the programme of an enrolment that a student leaves outside the closing conversation (SP-5, EN-5); one
/// that is over stays as it is.
///
/// # Errors
/// [`Trouble::Overtaken`] where it changed meanwhile.
pub fn close_for_leaving(
    writing: &mut Writing<'_>,
    permit: Permit,
    enrolment_id: EnrolmentId,
    reason: Prose,
) -> Result<(), Trouble> {
    let Some(programme) = rows::programme_to_end(writing, permit, enrolment_id)? else { return Ok(()) };
    match programme.close_on_leaving(reason, writing.now()) {
        Some(closed) => rows::update_state(writing, permit, &closed, programme.weeks.len()),
        None => Ok(()),
    }
}
