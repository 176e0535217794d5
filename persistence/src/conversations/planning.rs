//! What is known around a conversation that is to be planned.

use diesel::prelude::*;
use domain::access::{Action, Permit, sight_of};
use domain::conversation::{NewConversation, NewConversationFacts};
use domain::kernel::{GoalId, LearningQuestionId, PersonId, RoundId, StudentId};

use crate::columns::bind;
use crate::relations;
use crate::schema::{coach_assignments, goals, learning_questions as questions, leermeter_rounds as rounds, people, students};
use crate::session::Reading;
use crate::spelling::among;
use crate::trouble::Trouble;

/// What is known of who takes part in a conversation of a student.
pub struct Around {
    /// The responsible coach now.
    pub coach_id: Option<PersonId>,
    /// Of those named, who has nothing to do with the student.
    pub strangers: Vec<PersonId>,
}

/// The student's coach, and who of these people has nothing to do with the student: a statement for each of them.
///
/// # Errors
/// Only what the database ends in.
pub fn around(reading: &mut Reading<'_>, _permit: Permit, student: StudentId, named: &[PersonId]) -> Result<Around, Trouble> {
    let coach_id = coach_of(reading, student)?;
    let mut strangers = Vec::new();
    for person in named {
        if *person == student.person() || Some(*person) == coach_id {
            continue;
        }
        let theirs = relations::of_person(reading, *person, students::id);
        let there = diesel::dsl::exists(people::table.filter(people::id.eq(bind(*person))).select(people::id));
        let found: Option<Option<String>> =
            reading.first(students::table.filter(students::id.eq(bind(student))).filter(there).select(theirs))?;
        if sight_of(&relations::read(found.flatten()), Action::ReadStudent).is_none() {
            strangers.push(*person);
        }
    }
    Ok(Around { coach_id, strangers })
}

/// The responsible coach of a student now.
///
/// # Errors
/// Only what the database ends in.
fn coach_of(reading: &mut Reading<'_>, student: StudentId) -> Result<Option<PersonId>, Trouble> {
    reading.first(
        coach_assignments::table
            .filter(coach_assignments::open_student_id.eq(bind(Some(student))))
            .select(coach_assignments::coach_id),
    )
}

/// All that is known around a conversation that is to be begun, for who was permitted to begin it.
///
/// # Errors
/// Only what the database ends in.
pub fn facts(reading: &mut Reading<'_>, permit: Permit, new: &NewConversation) -> Result<NewConversationFacts, Trouble> {
    let student = new.student_id;
    let Around { coach_id, strangers } = around(reading, permit, student, &new.participant_ids)?;
    let goals: Vec<GoalId> = if new.goal_ids.is_empty() {
        Vec::new()
    } else {
        let such = goals::table.filter(goals::student_id.eq(bind(student))).filter(among(goals::id, new.goal_ids.clone()));
        reading.load(such.select(goals::id))?
    };
    let asked: Vec<LearningQuestionId> = if new.learning_question_ids.is_empty() {
        Vec::new()
    } else {
        let of_student = questions::table.filter(questions::student_id.eq(bind(student)));
        reading.load(of_student.filter(among(questions::id, new.learning_question_ids.clone())).select(questions::id))?
    };
    let at_placement = match new.placement_id {
        Some(placement) => crate::placements::goes_on(reading, permit, student, placement)?,
        None => false,
    };
    let is_round_known = match new.round_id {
        Some(round) => {
            let own = rounds::table.find(bind(round)).filter(rounds::student_id.eq(bind(student)));
            reading.first::<RoundId, _>(own.select(rounds::id))?.is_some()
        }
        None => false,
    };
    let is_enrolled: Option<bool> = reading.first(students::table.find(bind(student)).select(students::active))?;
    Ok(NewConversationFacts {
        is_enrolled: is_enrolled == Some(true),
        coach_id,
        strangers,
        unknown_goals: new.goal_ids.iter().filter(|id| !goals.contains(id)).copied().collect(),
        unknown_questions: new.learning_question_ids.iter().filter(|id| !asked.contains(id)).copied().collect(),
        at_placement,
        is_round_known,
    })
}
