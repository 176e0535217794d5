//! The table itself. `tests/access/*.csv` spells out by hand what it must say, cell by cell.

use super::{Action, Audience, Policy, Relation, Role, Scope, Sight};
use Relation::{
    Guardian16, Guardian18, GuardianUnder16, InvitedRater, Participant, ProposedCoach, ResponsibleCoach, SabAdviser, Scout,
    Shared, SharedForComment, Student, Teacher, TeamLeader, WorkplaceTrainer,
};
use Sight::{Full, NameAndPeriod, NameAndProgramme, Outcome, OwnWords, Progress, Proposal, State};

/// Who may do this. No wildcard: whoever adds an action decides here.
pub const fn policy(action: Action) -> Policy {
    use Action as A;
    match action {
        A::ReadLandscape | A::ReadActivity | A::Register | A::CreateApplication => {
            open(Audience::Public, &[Scope::OrganisationRead, Scope::OrientationRead])
        }
        A::CreateLandscape => roles(&[Role::Administrator]),
        A::UpdateLandscape => roles(&[Role::Administrator, Role::LandscapeManager]),
        A::ReadTeam => open(Audience::SignedIn, &[Scope::OrganisationRead]),
        A::CreateTeam | A::UpdateTeam => roles(&[Role::Administrator, Role::LandscapeManager]),
        A::ReadStaff | A::ReadRoles => open(Audience::SignedIn, &[Scope::OrganisationRead]),
        A::ReadPeople | A::CreatePerson | A::UpdatePerson | A::GrantRole | A::EndRole => roles(&[Role::Administrator]),
        A::ReadServiceAccounts | A::CreateServiceAccount | A::UpdateServiceAccount => roles(&[Role::Administrator]),
        A::ReadSchoolCalendar => open(Audience::SignedIn, &[Scope::OrganisationRead]),
        A::UpdateSchoolCalendar => roles(&[Role::Administrator]),
        A::ReadImports | A::RunImport => roles(&[Role::Administrator]),
        A::ReadChanges => open(Audience::SignedIn, &[Scope::ChangesRead]),

        A::ReadStudent => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (ProposedCoach, NameAndProgramme),
            (Scout, NameAndProgramme),
            (Teacher, Full),
            (TeamLeader, Full),
            (SabAdviser, Full),
            (WorkplaceTrainer, NameAndPeriod),
            (GuardianUnder16, Full),
            (Guardian16, Progress),
            (Guardian18, Progress),
        ]),
        A::ReadGuardians => Policy {
            roles: &[Role::Administrator],
            ..relations(&[(Student, Full), (ResponsibleCoach, Full), (GuardianUnder16, Full)])
        },
        A::KeepGuardians => Policy { roles: &[Role::Administrator], ..relations(&[(ResponsibleCoach, Full)]) },
        A::ConsentToGuardian | A::WithdrawConsentToGuardian => relations(&[(Student, Full)]),

        A::CreateActivity | A::UpdateActivity => roles(&[Role::Scout, Role::LandscapeManager]),
        A::ReadRegistration | A::MarkAttended | A::MarkAbsent => roles(&[Role::Scout, Role::LandscapeManager]),
        A::CancelRegistration => roles(&[Role::Scout]),
        A::AddExperience => roles(&[]),

        A::ReadApplication => relations(&[
            (Student, OwnWords),
            (ResponsibleCoach, Full),
            (ProposedCoach, NameAndProgramme),
            (Scout, Full),
            (TeamLeader, State),
            (SabAdviser, Full),
            (GuardianUnder16, Full),
        ]),
        A::AssignScout
        | A::PlanInterview
        | A::RecordInterview
        | A::CorrectInterview
        | A::Place
        | A::Redirect
        | A::AdviseOrientation => relations(&[(Scout, Full)]),
        A::WithdrawApplication => relations(&[(Student, OwnWords), (Scout, Full)]),

        A::ReadEnrolment => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (ProposedCoach, NameAndProgramme),
            (Scout, Full),
            (Teacher, Progress),
            (TeamLeader, Full),
            (SabAdviser, Full),
            (WorkplaceTrainer, NameAndPeriod),
            (GuardianUnder16, Full),
            (Guardian16, Full),
            (Guardian18, Full),
        ]),
        A::StateMotivation => relations(&[(Student, Full)]),
        A::ConfirmEnrolment => relations(&[(ResponsibleCoach, Full)]),
        A::RequestSwitch => relations(&[(Student, Full), (ResponsibleCoach, Full), (TeamLeader, Full)]),
        A::Leave | A::Graduate => relations(&[(ResponsibleCoach, Full), (TeamLeader, Full)]),
        A::CorrectLeaving => relations(&[(TeamLeader, Full)]),
        A::ReadSwitch => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (ProposedCoach, NameAndProgramme),
            (Scout, Full),
            (Teacher, Progress),
            (TeamLeader, Full),
            (SabAdviser, Full),
            (GuardianUnder16, Full),
            (Guardian16, Full),
            (Guardian18, Full),
        ]),
        A::ReadHandover => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (ProposedCoach, Proposal),
            (Scout, Full),
            (Teacher, Progress),
            (TeamLeader, Full),
            (SabAdviser, Full),
            (GuardianUnder16, Full),
            (Guardian16, Full),
            (Guardian18, Full),
        ]),
        A::AcceptSwitch | A::RefuseSwitch | A::AcceptHandover | A::RefuseHandover => relations(&[(ProposedCoach, Full)]),
        A::WithdrawSwitch => relations(&[(Student, Full), (ResponsibleCoach, Full), (TeamLeader, Full)]),
        A::ReadCoachChain => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (Scout, Full),
            (Teacher, Progress),
            (TeamLeader, Full),
            (SabAdviser, Full),
            (GuardianUnder16, Full),
            (Guardian16, Full),
            (Guardian18, Full),
        ]),
        A::ReadCaseload => relations(&[(ResponsibleCoach, Full), (TeamLeader, Full)]),
        A::ProposeHandover | A::WithdrawHandover => relations(&[(ResponsibleCoach, Full), (TeamLeader, Full)]),

        A::ReadTemplate => open(Audience::Staff, &[Scope::StartProgrammeTemplatesRead]),
        A::CreateTemplate | A::UpdateTemplate | A::PublishTemplate | A::RetireTemplate => {
            roles(&[Role::LandscapeManager, Role::TaskHolderEducation])
        }
        A::ReadProgramme => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (Scout, Outcome),
            (Teacher, Full),
            (TeamLeader, Full),
            (SabAdviser, Full),
            (GuardianUnder16, OwnWords),
            (Guardian16, Progress),
            (Guardian18, Progress),
        ]),
        A::MarkActivity | A::Reflect => relations(&[(Student, Full)]),
        A::NoteWeek | A::CloseProgramme => relations(&[(ResponsibleCoach, Full)]),

        // A workplace trainer sees the placement at which they train, and of the LWPs those of that placement.
        A::ReadPlacement => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (Teacher, Full),
            (TeamLeader, Full),
            (SabAdviser, Full),
            (WorkplaceTrainer, NameAndPeriod),
            (GuardianUnder16, Full),
            (Guardian16, NameAndPeriod),
            (Guardian18, NameAndPeriod),
        ]),
        A::PlanPlacement | A::EndPlacement => relations(&[(ResponsibleCoach, Full), (TeamLeader, Full)]),

        A::ReadFramework => open(Audience::SignedIn, &[Scope::CurriculumRead]),
        A::ReadFrameworkDraft | A::CreateFramework | A::UpdateFramework | A::PublishFramework | A::RetireFramework => {
            roles(&[Role::LandscapeManager, Role::TaskHolderEducation])
        }

        // Teacher, workplace trainer and invited rater: who else is asked is not theirs to know.
        A::ReadRound => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (Teacher, NameAndPeriod),
            (SabAdviser, Full),
            (WorkplaceTrainer, NameAndPeriod),
            (GuardianUnder16, Full),
            (InvitedRater, NameAndPeriod),
        ]),
        A::OpenRound | A::ReopenRound | A::CloseRound | A::InviteRater | A::WithdrawInvitation => {
            relations(&[(Student, Full), (ResponsibleCoach, Full)])
        }
        A::Rate => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (Teacher, Full),
            (WorkplaceTrainer, Full),
            (InvitedRater, Full),
        ]),
        // Teacher, workplace trainer and invited rater read what they said themselves; a guardian what others said without their words.
        A::ReadRatings => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (Teacher, OwnWords),
            (SabAdviser, Full),
            (WorkplaceTrainer, OwnWords),
            (GuardianUnder16, Progress),
            (InvitedRater, OwnWords),
        ]),
        A::ReadLeermeter => {
            relations(&[(Student, Full), (ResponsibleCoach, Full), (SabAdviser, Full), (GuardianUnder16, Progress)])
        }
        A::ReadTeamLeermeter => roles(&[Role::TeamLeader, Role::LandscapeManager]),
        A::ReadTeamAverages => roles(&[Role::TeamLeader]),
        // Of conversations a team leader sees those that were held and are no care, a workplace trainer those of the placement,
        // a guardian of a student of 16 or older none that is care: see `persistence/src/relations/talks.rs`.
        A::ReadConversation => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (TeamLeader, Outcome),
            (SabAdviser, Full),
            (WorkplaceTrainer, Progress),
            (GuardianUnder16, Full),
            (Guardian16, Progress),
            (Guardian18, Progress),
            (Participant, Full),
        ]),
        A::CreateConversation | A::PlanConversation | A::MoveConversation | A::CancelConversation | A::ConfirmOutcome => {
            relations(&[(Student, Full), (ResponsibleCoach, Full)])
        }
        A::MarkConversationHeld | A::MarkConversationMissed | A::WriteOutcome => relations(&[(ResponsibleCoach, Full)]),
        A::ReadPreparation | A::WritePreparation | A::ReadOutcomeVersions => {
            relations(&[(Student, Full), (ResponsibleCoach, Full), (Participant, Full)])
        }
        A::ReadGoal => relations(&[(Student, Full), (ResponsibleCoach, Full), (SabAdviser, Full), (GuardianUnder16, Full)]),
        A::SetGoal
        | A::ReachGoal
        | A::DropGoal
        | A::ReopenGoal
        | A::MakeGoalOfQuestion
        | A::MakeLwpOfQuestion
        | A::AnswerQuestion
        | A::DropQuestion
        | A::ReadMoments
        | A::ReadAvailability => relations(&[(Student, Full), (ResponsibleCoach, Full)]),
        A::ReadAgreement => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (SabAdviser, Full),
            (GuardianUnder16, Full),
            (Guardian16, Full),
            (Guardian18, Full),
            (Participant, Full),
        ]),
        A::CompleteAgreement | A::DropAgreement => relations(&[(Student, Full), (ResponsibleCoach, Full), (Participant, Full)]),
        A::UpdateAvailability => open(Audience::SignedIn, &[]),
        A::ReadConversationOverview => relations(&[(ResponsibleCoach, Full), (TeamLeader, Outcome)]),

        A::ReadReport => roles(&[Role::Director, Role::LandscapeManager]),

        A::ReadDossier => open(Audience::SignedIn, &[Scope::CurriculumRead]),

        A::ReadPortfolio => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (Teacher, Full),
            (TeamLeader, Full),
            (SabAdviser, Full),
            (WorkplaceTrainer, Full),
            (GuardianUnder16, Full),
            (Guardian16, Full),
            (Guardian18, Full),
            (Shared, Full),
        ]),
        // Of an entry the responsible coach is one whose visibility is `coach`: see `persistence/src/relations.rs`.
        A::ReadEntry | A::WithdrawComment => relations(&[(Student, Full), (ResponsibleCoach, Full), (Shared, Full)]),
        A::CommentOnEntry => relations(&[(Student, Full), (ResponsibleCoach, Full), (SharedForComment, Full)]),
        A::CreateEntry
        | A::UpdateEntry
        | A::WithdrawEntry
        | A::ReadEntryVersions
        | A::ReadShares
        | A::ShareEntry
        | A::EndShare
        | A::AddEvidence
        | A::WithdrawEvidence
        | A::TakePortfolioAlong => relations(&[(Student, Full)]),
        // A student reads what is assigned to them: see `persistence/src/lwps.rs`.
        A::ReadLwp => Policy { relations: &[(Student, Full)], ..open(Audience::Staff, &[Scope::CurriculumRead]) },
        A::ReadLwpReviews => open(Audience::Staff, &[]),
        A::ReadLwpDraft | A::CreateLwp | A::UpdateLwp | A::PublishLwp | A::RetireLwp | A::CopyLwp | A::ReviewLwp => {
            roles(&[Role::Teacher, Role::TeamLeader, Role::Coach, Role::TaskHolderEducation])
        }
        A::ReadLwpAssignment => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (Teacher, Full),
            (TeamLeader, Progress),
            (SabAdviser, Progress),
            (WorkplaceTrainer, Full),
            (GuardianUnder16, Full),
            (Guardian16, Progress),
            (Guardian18, Progress),
        ]),
        A::AssignLwp | A::TailorLwpAssignment | A::CompleteLwpAssignment => {
            relations(&[(ResponsibleCoach, Full), (Teacher, Full)])
        }
        A::GiveLwpFeedback => relations(&[(ResponsibleCoach, Full), (Teacher, Full), (WorkplaceTrainer, Full)]),
        A::StartLwpAssignment | A::SubmitLwpAssignment => relations(&[(Student, Full)]),
        A::ReadCoverage => relations(&[
            (Student, Full),
            (ResponsibleCoach, Full),
            (Teacher, Full),
            (TeamLeader, Progress),
            (SabAdviser, Progress),
            (GuardianUnder16, Full),
            (Guardian16, Progress),
            (Guardian18, Progress),
        ]),
    }
}

const fn relations(relations: &'static [(Relation, Sight)]) -> Policy {
    Policy { relations, roles: &[], scopes: &[], audience: Audience::Nobody }
}

const fn roles(roles: &'static [Role]) -> Policy {
    Policy { relations: &[], roles, scopes: &[], audience: Audience::Nobody }
}

const fn open(audience: Audience, scopes: &'static [Scope]) -> Policy {
    Policy { relations: &[], roles: &[], scopes, audience }
}
