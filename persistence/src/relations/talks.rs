//! Who is bound to which conversations of a student, and to what was agreed in them: who takes part in one to that one, a workplace
//! trainer to those of the placement, a team leader to those that were held. What is care is for those alone who take part or
//! help: see `access.md`.

use diesel::backend::Backend;
use diesel::expression::AppearsOnTable;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;
use domain::access::Relation;

use super::entries::{Way, is_share};
use super::{Confine, Confinement, Within};

/// What a conversation in `talk` must be for someone with this relation to be told of it; none where that does not matter.
pub(super) const fn told_of(relation: Relation) -> Option<&'static str> {
    match relation {
        Relation::TeamLeader => Some(" AND NOT talk.care AND talk.face_to_face IS NOT NULL"),
        Relation::Guardian16 | Relation::Guardian18 => Some(" AND NOT talk.care"),
        Relation::Student
        | Relation::ResponsibleCoach
        | Relation::ProposedCoach
        | Relation::Scout
        | Relation::Teacher
        | Relation::LandscapeManager
        | Relation::SabAdviser
        | Relation::WorkplaceTrainer
        | Relation::GuardianUnder16
        | Relation::InvitedRater
        | Relation::Participant
        | Relation::Shared
        | Relation::SharedForComment => None,
    }
}

/// Of a conversation: its id, its placement, whether it is care, and how it was held.
#[derive(Clone, Copy)]
pub struct OfTalk<Id, Placement, Care, Held>(pub Id, pub Placement, pub Care, pub Held);

impl<Id, Placement, Care, Held> Confinement for OfTalk<Id, Placement, Care, Held> {
    fn regards(&self, relation: Relation) -> bool {
        !is_share(relation)
    }
    fn confines(&self, way: &Way) -> bool {
        matches!(way.relation(), Relation::Participant | Relation::WorkplaceTrainer) || told_of(way.relation()).is_some()
    }
}

impl<Id, Placement, Care, Held, DB> Confine<DB> for OfTalk<Id, Placement, Care, Held>
where
    Id: QueryFragment<DB>,
    Placement: QueryFragment<DB>,
    Care: QueryFragment<DB>,
    Held: QueryFragment<DB>,
    DB: Backend,
{
    fn confine<'b>(&'b self, way: &Way, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if !self.confines(way) {
            return Ok(());
        }
        let scope = way.scope().unwrap_or("NULL");
        if way.relation() == Relation::Participant {
            out.push_sql(&format!(" AND {scope} = "));
            return self.0.walk_ast(out);
        }
        if way.relation() == Relation::WorkplaceTrainer {
            out.push_sql(&format!(" AND {scope} = "));
            self.1.walk_ast(out.reborrow())?;
        }
        if way.relation() == Relation::TeamLeader {
            out.push_sql(" AND ");
            self.3.walk_ast(out.reborrow())?;
            out.push_sql(" IS NOT NULL");
        }
        out.push_sql(" AND NOT ");
        self.2.walk_ast(out)
    }
}
impl<Id, Placement, Care, Held, QS> Within<QS> for OfTalk<Id, Placement, Care, Held>
where
    Id: AppearsOnTable<QS>,
    Placement: AppearsOnTable<QS>,
    Care: AppearsOnTable<QS>,
    Held: AppearsOnTable<QS>,
{
}

/// Of an agreement: its conversation, and whether that is care.
#[derive(Clone, Copy)]
pub struct OfAgreement<Conversation, Care>(pub Conversation, pub Care);

impl<Conversation, Care> Confinement for OfAgreement<Conversation, Care> {
    fn regards(&self, relation: Relation) -> bool {
        !is_share(relation)
    }
    fn confines(&self, way: &Way) -> bool {
        way.relation() == Relation::Participant || told_of(way.relation()).is_some()
    }
}

impl<Conversation: QueryFragment<DB>, Care: QueryFragment<DB>, DB: Backend> Confine<DB> for OfAgreement<Conversation, Care> {
    fn confine<'b>(&'b self, way: &Way, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if way.relation() == Relation::Participant {
            out.push_sql(&format!(" AND {} = ", way.scope().unwrap_or("NULL")));
            self.0.walk_ast(out)
        } else if self.confines(way) {
            out.push_sql(" AND NOT ");
            self.1.walk_ast(out)
        } else {
            Ok(())
        }
    }
}
impl<Conversation: AppearsOnTable<QS>, Care: AppearsOnTable<QS>, QS> Within<QS> for OfAgreement<Conversation, Care> {}
