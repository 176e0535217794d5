//! One student's start programme (SP-2 to SP-5): weeks with dates, what was done in them, and how it closes.

mod body;
mod state;

use chrono::{Days, NaiveDate};

use super::{Holiday, StartProgrammeFault as F, Template, WEEKS, weeks_before, weeks_from};
use crate::{
    access::Action,
    kernel::{
        ConversationId, EnrolmentId, Event, Instant, KernelFault, LandscapeId, LwpId, ProgrammeId, PublicationState, Refusal,
        StudentId, Subject, TemplateId, Text, Told, WeekActivityId, Word, time::date_at,
    },
};

pub use body::{ActivityMark, CloseOutcome, ProgrammeDecision, WeekNote, WeekReflection};
pub use state::{Closing, ProgrammeParts, ProgrammeState, ProgrammeStateName, Prolongation};

/// One student's start programme.
#[derive(Clone, Debug, PartialEq)]
pub struct Programme {
    pub id: ProgrammeId,
    pub version: i64,
    pub student_id: StudentId,
    pub enrolment_id: EnrolmentId,
    pub landscape_id: LandscapeId,
    /// The version of the template that it began with, and keeps (SP-1).
    pub template_id: TemplateId,
    /// In order, numbered from 1.
    pub weeks: Vec<ProgrammeWeek>,
    pub state: ProgrammeState,
    /// The conversation in which student and coach decided last (SP-5), where they named it.
    pub conversation_id: Option<ConversationId>,
}

/// One week of one student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeWeek {
    pub number: u8,
    /// Its Monday.
    pub starts_on: NaiveDate,
    /// None of weeks that a prolongation added: no template has a theme for them.
    pub theme: Option<Text<200>>,
    pub activities: Vec<ProgrammeActivity>,
    /// Counts as done because of what was done in another landscape (SP-4).
    pub credited: bool,
    pub reflection: Option<Reflection>,
    pub coach_note: Option<Text<4000>>,
}

/// One activity of one student's week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeActivity {
    pub id: WeekActivityId,
    pub title: Text<200>,
    pub description: Option<Text<4000>>,
    pub done: bool,
}

/// What the student wrote about a week (SP-3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reflection {
    pub text: Text<4000>,
    pub reflected_at: Instant,
}

impl ProgrammeWeek {
    /// Its Friday, by which its LWPs are due.
    pub fn friday(&self) -> NaiveDate {
        self.starts_on.checked_add_days(Days::new(4)).unwrap_or(self.starts_on)
    }

    /// A week is done when every activity is and the student has reflected on it, or when it was credited.
    pub fn is_done(&self) -> bool {
        self.credited || (self.reflection.is_some() && self.activities.iter().all(|activity| activity.done))
    }

    fn is_past(&self, today: NaiveDate) -> bool {
        self.starts_on.checked_add_days(Days::new(7)).is_some_and(|next_monday| next_monday <= today)
    }
}

/// For whom a programme starts, and when.
#[derive(Clone, Copy, Debug)]
pub struct NewProgramme {
    pub id: ProgrammeId,
    pub student_id: StudentId,
    pub enrolment_id: EnrolmentId,
    /// The first day at school, or in the new landscape.
    pub starts_on: NaiveDate,
    /// How many weeks count as done already: 0 but after a switch (SP-4).
    pub credited_weeks: u8,
}

/// An LWP that a week brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueLwp {
    pub lwp_id: LwpId,
    /// The number of the week.
    pub week: u8,
    /// Its Friday.
    pub due_on: NaiveDate,
}

/// What is known when a programme closes.
#[derive(Clone, Copy, Debug)]
pub struct CloseFacts<'a> {
    /// The student's own motivation is stated, so that the enrolment can become definitive or is (EN-3).
    pub motivation_stated: bool,
    /// The landscape of `switch` exists.
    pub landscape_known: bool,
    /// The conversation that is named is one of this student that closes a start programme, and was held.
    pub conversation_held: bool,
    pub holidays: &'a [Holiday],
}

/// The programme as it now is, and what else must happen in the same transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgrammeOutcome {
    pub programme: Told<Programme>,
    pub then: AfterClose,
}

/// What was decided at the end, with what else it makes happen (SP-5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterClose {
    /// The enrolment becomes definitive, if it is not so yet.
    Continue,
    /// A switch is requested.
    Switch { landscape_id: LandscapeId, motivation: Text<4000> },
    /// Nothing: the programme itself has more weeks.
    Prolong { extra_weeks: u8 },
    /// The student leaves.
    Leave(Departure),
}

impl AfterClose {
    pub const fn outcome(&self) -> CloseOutcome {
        match self {
            Self::Continue => CloseOutcome::Continue,
            Self::Switch { .. } => CloseOutcome::Switch,
            Self::Prolong { .. } => CloseOutcome::Prolong,
            Self::Leave(_) => CloseOutcome::Leave,
        }
    }
}

/// What is recorded of who leaves at the close of the programme (EN-5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    pub left_on: NaiveDate,
    pub reason: Text<4000>,
    /// None where nobody said.
    pub destination: Option<Text<200>>,
    /// None where nobody said.
    pub basic_qualification: Option<bool>,
    pub further_education: bool,
}

impl Programme {
    /// Starts a student's programme from a template (SP-2). The weeks that are credited come first, on the
    /// school weeks before the start, so that the first week to do begins with it (SP-4).
    ///
    /// # Errors
    /// [`F::NotPublished`].
    pub fn start(
        new: NewProgramme,
        template: &Template,
        holidays: &[Holiday],
        mut next_id: impl FnMut() -> WeekActivityId,
    ) -> Result<Told<Self>, Refusal> {
        if !matches!(template.state, PublicationState::Published { .. }) {
            return Err(F::NotPublished.into());
        }
        let credited = usize::from(new.credited_weeks.min(WEEKS));
        let mondays = mondays(new.starts_on, holidays, credited);
        let week = |(index, (week, starts_on)): (usize, (&super::TemplateWeek, NaiveDate))| ProgrammeWeek {
            number: week.week,
            starts_on,
            theme: Some(week.theme.clone()),
            activities: week
                .activities
                .iter()
                .map(|activity| ProgrammeActivity {
                    id: next_id(),
                    title: activity.title.clone(),
                    description: activity.description.clone(),
                    done: index < credited,
                })
                .collect(),
            credited: index < credited,
            reflection: None,
            coach_note: None,
        };
        let programme = Self {
            id: new.id,
            version: 1,
            student_id: new.student_id,
            enrolment_id: new.enrolment_id,
            landscape_id: template.content.landscape_id,
            template_id: template.id,
            weeks: template.content.weeks.iter().zip(mondays).enumerate().map(week).collect(),
            state: ProgrammeState::Running,
            conversation_id: None,
        };
        Ok(programme.told("started"))
    }

    /// What the weeks bring that are still to do: each LWP of the template with the Friday of its week (SP-2).
    pub fn lwps_due(&self, template: &Template) -> Vec<DueLwp> {
        let of = |(week, planned): (&ProgrammeWeek, &super::TemplateWeek)| {
            let due = |lwp_id: &LwpId| DueLwp { lwp_id: *lwp_id, week: week.number, due_on: week.friday() };
            planned.lwp_ids.iter().map(due).collect::<Vec<_>>()
        };
        let weeks = self.weeks.iter().zip(&template.content.weeks);
        weeks.filter(|(week, _)| !week.credited).flat_map(of).collect()
    }

    /// The weeks of a programme that is still to begin, on the school calendar as it is by now (SP-2); none where it has
    /// begun, or nothing changes.
    pub fn reschedule(&self, starts_on: NaiveDate, holidays: &[Holiday], today: NaiveDate) -> Option<Told<Self>> {
        let to_do = self.weeks.iter().find(|week| !week.credited)?;
        if self.state != ProgrammeState::Running || to_do.starts_on <= today {
            return None;
        }
        let mut next = Self { version: self.version + 1, ..self.clone() };
        let credited = self.weeks.iter().filter(|week| week.credited).count();
        for (week, monday) in next.weeks.iter_mut().zip(mondays(starts_on, holidays, credited)) {
            week.starts_on = monday;
        }
        (next.weeks != self.weeks).then(|| next.told("rescheduled"))
    }

    /// How many weeks are done: what a switch can credit at most (SP-4).
    pub fn weeks_done(&self) -> u8 {
        self.weeks.iter().map(|week| u8::from(week.is_done())).sum()
    }

    /// How many weeks are past and not done (SP-3).
    pub fn behind_by(&self, today: NaiveDate) -> u8 {
        self.weeks.iter().map(|week| u8::from(week.is_past(today) && !week.is_done())).sum()
    }

    /// The week that it is, or was last; none before the first.
    pub fn week_on(&self, today: NaiveDate) -> Option<u8> {
        self.weeks.iter().filter(|week| week.starts_on <= today).map(|week| week.number).max()
    }

    /// When the student last reflected on a week.
    pub fn last_reflected_at(&self) -> Option<Instant> {
        self.weeks.iter().filter_map(|week| week.reflection.as_ref()).map(|reflection| reflection.reflected_at).max()
    }

    /// Which decisions the state allows, whoever asks.
    pub const fn open_actions(&self) -> &'static [Action] {
        self.state.name().open_actions()
    }

    /// The student marks an activity as done or not (SP-3).
    ///
    /// # Errors
    /// [`F::NotOpen`] once it is over, [`KernelFault::Absent`] where there is no such week or activity.
    pub fn mark(&self, week: u8, activity_id: WeekActivityId, mark: ActivityMark) -> Result<Told<Self>, Refusal> {
        let mut next = self.next()?;
        let activities = &mut next.week_mut(week)?.activities;
        let activity = activities.iter_mut().find(|activity| activity.id == activity_id).ok_or(KernelFault::Absent)?;
        activity.done = mark.done;
        Ok(next.told_of_week("activityMarked", week, |event| event.naming("activityId", activity_id).with("done", mark.done)))
    }

    /// The student reflects on a week (SP-3); what was there before is replaced. Who says the same again did so when they first did.
    ///
    /// # Errors
    /// As [`Programme::mark`].
    pub fn reflect(&self, week: u8, reflection: WeekReflection, now: Instant) -> Result<Told<Self>, Refusal> {
        let mut next = self.next()?;
        let before = &mut next.week_mut(week)?.reflection;
        if before.as_ref().is_none_or(|before| before.text != reflection.text) {
            *before = Some(Reflection { text: reflection.text, reflected_at: now });
        }
        Ok(next.told_of_week("reflected", week, |event| event))
    }

    /// The coach notes something with a week.
    ///
    /// # Errors
    /// As [`Programme::mark`].
    pub fn note(&self, week: u8, note: WeekNote) -> Result<Told<Self>, Refusal> {
        let mut next = self.next()?;
        next.week_mut(week)?.coach_note = Some(note.text);
        Ok(next.told_of_week("weekNoted", week, |event| event))
    }

    /// Takes a decision (SP-5).
    ///
    /// # Errors
    /// Everything that is wrong with it, otherwise [`F::NotOpen`], [`F::AlreadyProlonged`] or
    /// [`F::MotivationMissing`] where the state does not allow it.
    pub fn decide(&self, decision: ProgrammeDecision, now: Instant, facts: CloseFacts<'_>) -> Result<ProgrammeOutcome, Refusal> {
        use {AfterClose as A, ProgrammeState as S};
        let ProgrammeDecision::Close { conversation_id, .. } = decision;
        let (then, motivation) = decision.parse(date_at(now), facts.landscape_known, facts.conversation_held)?;
        let outcome = then.outcome();
        let mut next =
            Self { version: self.version + 1, conversation_id: conversation_id.or(self.conversation_id), ..self.clone() };
        let what = match (&self.state, &then) {
            (S::Closed { .. } | S::Switched { .. } | S::Graduated { .. }, _) => return Err(self.refused(F::NotOpen)),
            (S::Prolonged(_), A::Prolong { .. }) => return Err(self.refused(F::AlreadyProlonged)),
            (S::Running | S::Prolonged(_), A::Continue) if !facts.motivation_stated => {
                return Err(self.refused(F::MotivationMissing));
            }
            (S::Running, A::Prolong { extra_weeks }) => {
                next.append_weeks(*extra_weeks, facts.holidays);
                next.state = S::Prolonged(Prolongation { extra_weeks: *extra_weeks, motivation, at: now });
                "prolonged"
            }
            (S::Running | S::Prolonged(_), A::Continue | A::Switch { .. } | A::Leave(_)) => {
                let closing = Closing { outcome, motivation, at: now };
                next.state = S::Closed { prolonged: self.state.prolongation().cloned(), closing };
                "closed"
            }
        };
        let mut programme = next.told(what);
        programme.event = programme.event.with("outcome", outcome.word());
        Ok(ProgrammeOutcome { programme, then })
    }

    /// Stops because a switch was accepted (SP-4); none where it was over already.
    pub fn stop_by_switch(&self, now: Instant) -> Option<Told<Self>> {
        let state = ProgrammeState::Switched { prolonged: self.state.prolongation().cloned(), at: now };
        self.next().ok().map(|next| Self { state, ..next }.told("switched"))
    }

    /// Stops because the student has the diploma; none where it was over already. One that closed with a switch was
    /// not: the enrolment was not switched.
    pub fn stop_by_graduating(&self, now: Instant) -> Option<Told<Self>> {
        let state = ProgrammeState::Graduated { prolonged: self.state.prolongation().cloned(), at: now };
        self.next().ok().or_else(|| self.awaiting_switch()).map(|next| Self { state, ..next }.told("graduated"))
    }

    /// Closes because the student left outside the closing conversation, for this reason; none where it was
    /// over already. One that closed with a switch was not: the enrolment was not switched.
    pub fn close_on_leaving(&self, reason: Text<4000>, now: Instant) -> Option<Told<Self>> {
        let closing = Closing { outcome: CloseOutcome::Leave, motivation: reason, at: now };
        let state = ProgrammeState::Closed { prolonged: self.state.prolongation().cloned(), closing };
        self.next().ok().or_else(|| self.awaiting_switch()).map(|next| Self { state, ..next }.told("closed"))
    }

    /// Goes on, because the switch that it closed with is not made (SP-4): nothing is decided any more. None where it
    /// was not closed so.
    pub fn resume(&self) -> Option<Told<Self>> {
        self.awaiting_switch().map(|next| next.told("resumed"))
    }

    /// The same without the close with `switch`, for when that switch is not made; none where it was not closed so.
    fn awaiting_switch(&self) -> Option<Self> {
        match &self.state {
            ProgrammeState::Closed { prolonged, closing: Closing { outcome: CloseOutcome::Switch, .. } } => {
                let state = prolonged.clone().map_or(ProgrammeState::Running, ProgrammeState::Prolonged);
                Some(Self { version: self.version + 1, state, ..self.clone() })
            }
            ProgrammeState::Running
            | ProgrammeState::Prolonged(_)
            | ProgrammeState::Closed { .. }
            | ProgrammeState::Switched { .. }
            | ProgrammeState::Graduated { .. } => None,
        }
    }

    fn append_weeks(&mut self, extra_weeks: u8, holidays: &[Holiday]) {
        let Some((last, starts_on)) = self.weeks.last().map(|week| (week.number, week.starts_on)) else { return };
        let Some(next_monday) = starts_on.checked_add_days(Days::new(7)) else { return };
        let mondays = weeks_from(next_monday, holidays, extra_weeks.into());
        self.weeks.extend((last + 1..).zip(mondays).map(|(number, starts_on)| ProgrammeWeek {
            number,
            starts_on,
            theme: None,
            activities: Vec::new(),
            credited: false,
            reflection: None,
            coach_note: None,
        }));
    }

    fn next(&self) -> Result<Self, Refusal> {
        if self.state.is_open() { Ok(Self { version: self.version + 1, ..self.clone() }) } else { Err(self.refused(F::NotOpen)) }
    }

    fn week_mut(&mut self, number: u8) -> Result<&mut ProgrammeWeek, Refusal> {
        Ok(self.weeks.iter_mut().find(|week| week.number == number).ok_or(KernelFault::Absent)?)
    }

    fn refused(&self, fault: F) -> Refusal {
        Refusal::illegal(fault, self.state.name())
    }

    fn told_of_week(self, what: &'static str, week: u8, more: impl FnOnce(Event) -> Event) -> Told<Self> {
        let Told { thing, event } = self.told(what);
        Told { thing, event: more(event.with("week", week)) }
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::StartProgramme, self.id, self.version, what)
            .of_student(self.student_id)
            .in_landscape(self.landscape_id)
            .now(self.state.name())
            .naming("enrolmentId", self.enrolment_id);
        Told { thing: self, event }
    }
}

/// The Mondays of a programme: those of credited weeks before the start, the others from it on.
fn mondays(starts_on: NaiveDate, holidays: &[Holiday], credited: usize) -> Vec<NaiveDate> {
    let mut mondays = weeks_before(starts_on, holidays, credited);
    mondays.extend(weeks_from(starts_on, holidays, usize::from(WEEKS).saturating_sub(credited)));
    mondays
}
