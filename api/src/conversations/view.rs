//! How a conversation is shown.

use chrono::{DateTime, Utc};
use domain::access::{Action, Seen, Sight};
use domain::conversation::{Conversation, ConversationKind, ConversationStateName, Move};
use domain::kernel::{ConversationId, GoalId, LearningQuestionId, Line, PersonId, PlacementId, Prose, RoundId, StudentId};
use persistence::conversations::Talk;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::PersonName;
use crate::http::OpenDecisions;

/// A conversation with a student. Who sees less of it finds null or nothing: see each field.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConversationView {
    id: ConversationId,
    kind: ConversationKind,
    pub state: ConversationStateName,
    version: i64,
    open_decisions: OpenDecisions,
    student_id: StudentId,
    student: PersonName,
    /// The responsible coach now; null where nobody is, and for who does not see it whole.
    #[schema(required = true)]
    coach_id: Option<PersonId>,
    /// Everyone who takes part: the student, the responsible coach, and who was named besides. Empty for a team leader, a workplace
    /// trainer, and guardians of a student of 16 or older.
    #[schema(max_items = 22)]
    participants: Vec<PersonName>,
    /// When it begins, began, or would have; null where no moment was named.
    #[schema(required = true)]
    pub starts_at: Option<DateTime<Utc>>,
    /// How long it takes; null for a team leader.
    #[schema(required = true, minimum = 5, maximum = 240)]
    minutes: Option<u16>,
    /// Null where none was named, and for who does not see it whole.
    #[schema(required = true)]
    place: Option<Line>,
    /// Was it held in one room? Null where it was not held, and for who does not see it whole.
    #[schema(required = true)]
    face_to_face: Option<bool>,
    /// Why it was missed or cancelled; null for who does not see it whole.
    #[schema(required = true)]
    reason: Option<Prose>,
    /// When it would have been before it was moved or missed, oldest first; empty for who does not see it whole.
    #[schema(max_items = 50)]
    moves: Vec<ConversationMoveView>,
    /// The goals that it is about; empty for who may not see goals.
    #[schema(max_items = 20)]
    goal_ids: Vec<GoalId>,
    /// The learning questions that it is about; empty for who may not see them.
    #[schema(max_items = 20)]
    learning_question_ids: Vec<LearningQuestionId>,
    /// The placement that it is of; null for a team leader.
    #[schema(required = true)]
    placement_id: Option<PlacementId>,
    /// The round of the leermeter that it looks at; null where it looks at none, and for who does not see the leermeter.
    #[schema(required = true)]
    round_id: Option<RoundId>,
    /// The newest version of its outcome; null where there is none, and for who does not take part.
    #[schema(required = true)]
    outcome_version: Option<i64>,
    /// Since when its outcome counts; null for a team leader.
    #[schema(required = true)]
    concluded_at: Option<DateTime<Utc>>,
}

/// When a conversation would have been.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConversationMoveView {
    /// When that was decided.
    at: DateTime<Utc>,
    /// When it would have begun.
    starts_at: DateTime<Utc>,
    /// Someone did not come; else it was moved.
    missed: bool,
    #[schema(required = true)]
    reason: Option<Prose>,
}

impl From<Move> for ConversationMoveView {
    fn from(moved: Move) -> Self {
        let Move { at, starts_at, missed, reason } = moved;
        Self { at, starts_at, missed, reason }
    }
}

/// The decisions that this caller may take now: an outcome that nobody wrote is not confirmed.
pub fn open(seen: &Seen<Talk>) -> Vec<&'static str> {
    let allowed = seen.thing.conversation.open_actions().iter().copied();
    let is_there = |action: &Action| *action != Action::ConfirmOutcome || seen.thing.outcome_version.is_some();
    seen.open(&allowed.filter(is_there).collect::<Vec<_>>())
}

impl From<Seen<Talk>> for ConversationView {
    fn from(seen: Seen<Talk>) -> Self {
        let open_decisions = OpenDecisions(open(&seen));
        let (whole, when) = (seen.sight().is_whole(), seen.sight() >= Sight::Progress);
        let (takes_part, sees_goals) = (seen.may(Action::ReadOutcomeVersions), seen.may(Action::ReadGoal));
        let sees_leermeter = seen.may(Action::ReadLeermeter);
        let Talk { conversation, student, coach, participants, outcome_version } = seen.thing;
        let Conversation { id, version, student_id, kind, placement_id, round_id, minutes, place, moves, state, .. } =
            conversation;
        let coach_id = coach.as_ref().map(|coach| coach.id).filter(|_| whole);
        let everyone = std::iter::once(student.clone()).chain(coach).chain(participants);
        Self {
            id,
            kind,
            state: state.name(),
            version,
            open_decisions,
            student_id,
            student: student.into(),
            coach_id,
            participants: everyone.filter(|_| whole).map(PersonName::from).collect(),
            starts_at: state.starts_at(),
            minutes: when.then_some(minutes),
            place: place.filter(|_| whole),
            face_to_face: state.face_to_face().filter(|_| whole),
            reason: state.reason().filter(|_| whole).cloned(),
            moves: moves.into_iter().filter(|_| whole).map(ConversationMoveView::from).collect(),
            goal_ids: conversation.goal_ids.into_iter().filter(|_| sees_goals).collect(),
            learning_question_ids: conversation.learning_question_ids.into_iter().filter(|_| sees_goals).collect(),
            placement_id: placement_id.filter(|_| when),
            round_id: round_id.filter(|_| sees_leermeter),
            outcome_version: outcome_version.filter(|_| takes_part),
            concluded_at: state.concluded_at().filter(|_| when),
        }
    }
}
