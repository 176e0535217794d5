//! With whom a coach talked, and what came of it: five statements for a page, however many students and conversations there are.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::access::{Action, Guarded};
use domain::conversation::{
    AgreementStateName, ConversationStateName, NOWHERE_AFTER_DAYS, OutcomeContent, QuestionStateName, Signs, TALKS_LOOKED_AT,
};
use domain::kernel::{AgreementId, ConversationId, Instant, LearningQuestionId, PersonId, StudentId, Text};

use crate::access::Name;
use crate::columns::{Json, bind, text};
use crate::events::AT_ONCE;
use crate::organisation::AfterName;
use crate::page::{Listed, Page};
use crate::relations::{self, Anywhere};
use crate::schema::{
    agreements, coach_assignments, conversation_outcomes as outcomes, conversation_preparations as preparations,
    conversations as c, learning_questions as questions, people,
};
use crate::session::Reading;
use crate::spelling::{among, given};
use crate::trouble::Trouble;

/// A student whom a coach has, and what they talked about.
#[derive(Clone, Debug)]
pub struct Talked {
    pub student: Name,
    /// When one began last that was held; `open` is of those that are no care.
    pub last_held_at: Option<Instant>,
    pub open_last_held_at: Option<Instant>,
    pub next_planned_at: Option<Instant>,
    /// Each agreement that is open, the most urgent first.
    pub open_agreements: Vec<OpenAgreement>,
    /// Learning questions that are open for long, the oldest first.
    pub questions_nowhere: Vec<LongOpen>,
    /// Of the last conversations that were held, the newest first.
    pub signs: Vec<Signs>,
    sort_name: String,
}

/// An agreement that is open.
#[derive(Clone, Debug)]
pub struct OpenAgreement {
    pub id: AgreementId,
    pub text: Text<1000>,
    pub owner_id: PersonId,
    pub due_on: Option<NaiveDate>,
}

/// A learning question that is open for long.
#[derive(Clone, Debug)]
pub struct LongOpen {
    pub id: LearningQuestionId,
    pub text: Text<1000>,
    pub created_at: Instant,
}

impl Talked {
    pub fn place(&self) -> AfterName<StudentId> {
        (self.sort_name.clone(), self.student.id.student())
    }
}

type TalkRow = (ConversationId, StudentId, bool, ConversationStateName, Instant, bool);

/// The students of a coach, as far as the caller may see what was talked about with them, by name.
///
/// # Errors
/// Only what the database ends in.
pub fn list(
    reading: &mut Reading<'_>,
    coach: PersonId,
    page: &Page<AfterName<StudentId>>,
) -> Result<Listed<Guarded<Talked>>, Trouble> {
    let student_id = coach_assignments::open_student_id.assume_not_null();
    let mine = relations::of(reading, student_id, Anywhere);
    let may = relations::may(reading, Action::ReadConversationOverview, student_id, Anywhere);
    let such = coach_assignments::table
        .inner_join(people::table.on(people::id.nullable().eq(coach_assignments::open_student_id)))
        .filter(coach_assignments::coach_id.eq(bind(coach)))
        .filter(may);
    let total = reading.total(page, &such)?;
    let (name, id) = page.after.clone().unwrap_or_else(|| (String::new(), StudentId::FIRST));
    let later = people::sort_name.gt(name.clone()).or(people::sort_name.eq(name).and(people::id.gt(bind(id.person()))));
    let rows: Vec<(Name, String, Option<String>)> = reading.load(
        such.filter(given(page.after.is_none()).or(later))
            .order((people::sort_name, people::id))
            .limit(page.rows_to_read())
            .select(((people::id, people::given_name, people::family_name_prefix, people::family_name), people::sort_name, mine)),
    )?;
    let ids: Vec<StudentId> = rows.iter().map(|(name, ..)| name.id.student()).collect();
    let around = Around::of(reading, &ids)?;
    let talked = rows.into_iter().map(|(student, sort_name, mine)| {
        let talked = around.talked(student, sort_name);
        Guarded::new(talked, relations::read(mine))
    });
    let rows = talked.collect();
    Ok(Listed { rows, total })
}

/// What there is of the students on a page.
#[derive(Default)]
struct Around {
    talks: HashMap<StudentId, Vec<TalkRow>>,
    outcomes: HashMap<ConversationId, OutcomeContent>,
    agreements: HashMap<StudentId, Vec<OpenAgreement>>,
    questions: HashMap<StudentId, Vec<LongOpen>>,
    now: Instant,
}

impl Around {
    fn of(reading: &mut Reading<'_>, ids: &[StudentId]) -> Result<Self, Trouble> {
        let mut around = Self { now: reading.now(), ..Self::default() };
        if ids.is_empty() {
            return Ok(around);
        }
        let told = c::state
            .eq(bind(ConversationStateName::Held))
            .or(c::state.eq(bind(ConversationStateName::Concluded)))
            .or(c::state.eq(bind(ConversationStateName::Planned)));
        let prepared =
            preparations::table.filter(preparations::conversation_id.eq(c::id)).filter(preparations::person_id.eq(c::student_id));
        let rows: Vec<TalkRow> = reading.load(
            c::table
                .filter(among(c::student_id, ids.to_vec()))
                .filter(told)
                .order((c::student_id, c::starts_at.desc(), c::id.desc()))
                .select((c::id, c::student_id, c::care, c::state, c::starts_at.assume_not_null(), exists(prepared))),
        )?;
        rows.into_iter().for_each(|row| around.talks.entry(row.1).or_default().push(row));
        let looked_at: Vec<ConversationId> = ids.iter().flat_map(|id| around.last_held(*id)).map(|(id, ..)| *id).collect();
        for some in looked_at.chunks(AT_ONCE) {
            // The newest version comes last, and stays.
            let found: Vec<(ConversationId, Json<OutcomeContent>)> = reading.load(
                outcomes::table
                    .filter(among(outcomes::conversation_id, some.to_vec()))
                    .order((outcomes::conversation_id, outcomes::version))
                    .select((outcomes::conversation_id, outcomes::content)),
            )?;
            around.outcomes.extend(found.into_iter().map(|(id, Json(content))| (id, content)));
        }
        around.what_is_open(reading, ids)?;
        Ok(around)
    }

    fn what_is_open(&mut self, reading: &mut Reading<'_>, ids: &[StudentId]) -> Result<(), Trouble> {
        let open = agreements::state.eq(bind(AgreementStateName::Open));
        let agreed: Vec<(StudentId, AgreementId, String, PersonId, Option<NaiveDate>)> = reading.load(
            agreements::table
                .filter(among(agreements::student_id, ids.to_vec()))
                .filter(open)
                .order((agreements::student_id, agreements::due_on.is_null(), agreements::due_on, agreements::id))
                .select((agreements::student_id, agreements::id, agreements::agreed, agreements::owner_id, agreements::due_on)),
        )?;
        for (student, id, agreed, owner_id, due_on) in agreed {
            let open = OpenAgreement { id, text: text(&agreed)?, owner_id, due_on };
            self.agreements.entry(student).or_default().push(open);
        }
        let long_ago = self.now - TimeDelta::days(NOWHERE_AFTER_DAYS);
        let asked: Vec<(StudentId, LearningQuestionId, String, Instant)> = reading.load(
            questions::table
                .filter(among(questions::student_id, ids.to_vec()))
                .filter(questions::state.eq(bind(QuestionStateName::Open)))
                .filter(questions::created_at.lt(bind(long_ago)))
                .order((questions::student_id, questions::created_at, questions::id))
                .select((questions::student_id, questions::id, questions::question, questions::created_at)),
        )?;
        for (student, id, asked, created_at) in asked {
            self.questions.entry(student).or_default().push(LongOpen { id, text: text(&asked)?, created_at });
        }
        Ok(())
    }

    fn held(&self, id: StudentId) -> impl Iterator<Item = &TalkRow> {
        self.talks.get(&id).into_iter().flatten().filter(|(_, _, _, state, ..)| state.was_held())
    }

    fn last_held(&self, id: StudentId) -> impl Iterator<Item = &TalkRow> {
        self.held(id).take(TALKS_LOOKED_AT)
    }

    fn signs(&self, (id, _, _, _, _, prepared): &TalkRow) -> Signs {
        let content = self.outcomes.get(id);
        let has = |such: fn(&OutcomeContent) -> bool| content.is_some_and(such);
        Signs {
            prepared: *prepared,
            summary: content.is_some(),
            agreement: has(|content| !content.agreements.is_empty()),
            goal: has(|content| !content.goals.is_empty() || !content.learning_questions.is_empty()),
            career_step: has(|content| !content.career_steps.is_empty()),
        }
    }

    fn talked(&self, student: Name, sort_name: String) -> Talked {
        let id = student.id.student();
        let starts_at = |(_, _, _, _, starts_at, _): &TalkRow| *starts_at;
        let planned = self.talks.get(&id).into_iter().flatten().filter(|row| row.3 == ConversationStateName::Planned);
        let ahead = planned.map(starts_at).filter(|starts_at| *starts_at > self.now);
        Talked {
            last_held_at: self.held(id).map(starts_at).next(),
            open_last_held_at: self.held(id).find(|(_, _, care, ..)| !care).map(starts_at),
            next_planned_at: ahead.min(),
            questions_nowhere: self.questions.get(&id).cloned().unwrap_or_default(),
            signs: self.last_held(id).map(|row| self.signs(row)).collect(),
            open_agreements: self.agreements.get(&id).cloned().unwrap_or_default(),
            student,
            sort_name,
        }
    }
}
