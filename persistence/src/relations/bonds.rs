//! Every way in which someone can be bound to a student, as rows and a condition on them.

use domain::access::{Relation, Role};

/// One way in which a person is bound to students. In `condition`, `:me` is the person and `:now` the moment.
pub struct Bond {
    pub(super) relation: Relation,
    /// Nobody is bound so who does not hold this role now: `rows` begin with the `roles held`.
    pub(super) role: Option<Role>,
    pub(super) rows: &'static str,
    /// Empty where the role says it all.
    pub(super) condition: &'static str,
    pub(super) student: &'static str,
    /// The application, handover, switch, placement, round or conversation that it is confined to; none where it holds for all of the
    /// student.
    pub(super) scope: Option<&'static str>,
}

/// That the person holds a role now; which one is still to be said.
pub(super) const HELD: &str =
    "held.person_id = :me AND held.from_at <= :now AND (held.until_at IS NULL OR held.until_at > :now) AND held.role = ";

pub(super) static BONDS: [Bond; 14] = [
    Bond {
        relation: Relation::Student,
        role: None,
        rows: "people bond",
        condition: "bond.id = :me",
        student: "bond.id",
        scope: None,
    },
    Bond {
        relation: Relation::ResponsibleCoach,
        role: None,
        rows: "coach_assignments bond",
        condition: "bond.coach_id = :me AND bond.from_at <= :now AND (bond.until_at IS NULL OR bond.until_at > :now)",
        student: "bond.student_id",
        scope: None,
    },
    Bond {
        relation: Relation::ProposedCoach,
        role: None,
        rows: "handovers bond",
        condition: "bond.coach_id = :me AND bond.created_at <= :now AND (bond.decided_at IS NULL OR bond.decided_at > :now)",
        student: "bond.student_id",
        scope: Some("bond.id"),
    },
    Bond {
        relation: Relation::ProposedCoach,
        role: Some(Role::Coach),
        rows: "roles held JOIN switches bond ON bond.landscape_id = held.landscape_id",
        condition: "bond.created_at <= :now AND (bond.decided_at IS NULL OR bond.decided_at > :now)",
        student: "bond.student_id",
        scope: Some("bond.id"),
    },
    Bond {
        relation: Relation::Scout,
        role: Some(Role::Scout),
        rows: "roles held JOIN applications bond ON bond.landscape_id = held.landscape_id",
        condition: "(bond.scout_until_at IS NULL OR bond.scout_until_at > :now)",
        student: "bond.applicant_id",
        scope: Some("bond.id"),
    },
    Bond {
        relation: Relation::TeamLeader,
        role: Some(Role::TeamLeader),
        rows: "roles held JOIN students bond ON bond.team_id = held.team_id",
        condition: "",
        student: "bond.id",
        scope: None,
    },
    Bond {
        relation: Relation::Teacher,
        role: Some(Role::Teacher),
        rows: "roles held JOIN students bond ON bond.team_id = held.team_id AND bond.active",
        condition: "",
        student: "bond.id",
        scope: None,
    },
    Bond {
        relation: Relation::LandscapeManager,
        role: Some(Role::LandscapeManager),
        rows: "roles held JOIN students bond ON bond.landscape_id = held.landscape_id",
        condition: "",
        student: "bond.id",
        scope: None,
    },
    Bond {
        relation: Relation::WorkplaceTrainer,
        role: Some(Role::WorkplaceTrainer),
        rows: "roles held JOIN placements bond ON bond.trainer_id = held.person_id",
        condition: "bond.from_at <= :now AND bond.until_at > :now",
        student: "bond.student_id",
        scope: Some("bond.id"),
    },
    Bond {
        relation: Relation::InvitedRater,
        role: None,
        rows: "round_raters bond JOIN leermeter_rounds round ON round.id = bond.round_id JOIN students here ON here.id = bond.student_id",
        // Whoever may be invited, as long as they and the student are here: `leermeter::raters::is_here`.
        condition: "bond.person_id = :me AND bond.invited_at IS NOT NULL AND bond.withdrawn_at IS NULL AND round.until_at > :now AND here.active \
                    AND (EXISTS (SELECT 1 FROM roles still WHERE still.person_id = bond.person_id AND still.from_at <= :now \
                    AND (still.until_at IS NULL OR still.until_at > :now)) \
                    OR EXISTS (SELECT 1 FROM students still WHERE still.id = bond.person_id AND still.active))",
        student: "bond.student_id",
        scope: Some("bond.round_id"),
    },
    Bond {
        relation: Relation::Participant,
        role: None,
        // As long as they are bound to the student besides: see `Caller::tied`.
        rows: "conversation_participants part",
        condition: "part.person_id = :me",
        student: "part.student_id",
        scope: Some("part.conversation_id"),
    },
    Bond {
        relation: Relation::GuardianUnder16,
        role: None,
        rows: "guardianships bond",
        condition: "bond.guardian_id = :me AND bond.from_at <= :now AND bond.sixteen_at > :now AND (bond.until_at IS NULL OR bond.until_at > :now)",
        student: "bond.student_id",
        scope: None,
    },
    Bond {
        relation: Relation::Guardian16,
        role: None,
        rows: "guardianships bond",
        condition: "bond.guardian_id = :me AND bond.sixteen_at <= :now AND bond.eighteen_at > :now AND (bond.until_at IS NULL OR bond.until_at > :now)",
        student: "bond.student_id",
        scope: None,
    },
    Bond {
        relation: Relation::Guardian18,
        role: None,
        rows: "guardianships bond",
        condition: "bond.guardian_id = :me AND bond.eighteen_at <= :now AND bond.consented_at IS NOT NULL \
                    AND (bond.until_at IS NULL OR bond.until_at > :now)",
        student: "bond.student_id",
        scope: None,
    },
];
