//! The table itself. `tests/access/*.csv` spells out by hand what it must say, cell by cell.

use super::{Audience, Policy, Relation, Role, Scope, Sight};
use Relation::{
    Guardian16, Guardian18, GuardianUnder16, InvitedRater, Participant, ProposedCoach, ResponsibleCoach, SabAdviser, Scout,
    Shared, SharedForComment, Student, Teacher, TeamLeader, WorkplaceTrainer,
};
use Sight::{Full, NameAndPeriod, NameAndProgramme, Outcome, OwnWords, Progress, Proposal, State};

/// Declares the actions: `Name = "word on the wire" of Sight`, where `Sight` is the action that lets one see
/// the thing, or the list that it would stand in, at all. Who may not do an action but has sight of it gets 403, others
/// 404; reading is its own sight, so it is never answered 403.
macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident = $word:literal of $sight:ident),* $(,)?) => {
        /// Everything that anyone can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $action),* }

        impl Action {
            pub const ALL: &'static [Self] = &[$(Self::$action),*];

            /// Its name on the wire; decisions are told apart by the thing that they are about.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$action => $word),* }
            }

            /// Its name in the access table.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$action => stringify!($action)),* }
            }

            /// The action that lets one see the thing at all.
            pub const fn sight(self) -> Self {
                match self { $(Self::$action => Self::$sight),* }
            }
        }
    };
}

actions! {
    // organisation
    ReadLandscape = "read" of ReadLandscape,
    CreateLandscape = "create" of ReadLandscape,
    UpdateLandscape = "update" of ReadLandscape,
    ReadTeam = "read" of ReadTeam,
    CreateTeam = "create" of ReadTeam,
    UpdateTeam = "update" of ReadTeam,
    ReadStaff = "read" of ReadStaff,
    /// People who are no staff: accounts and names, no student content.
    ReadPeople = "read" of ReadPeople,
    CreatePerson = "create" of ReadStaff,
    UpdatePerson = "update" of ReadStaff,
    ReadRoles = "read" of ReadRoles,
    GrantRole = "create" of ReadStaff,
    EndRole = "delete" of ReadStaff,
    ReadServiceAccounts = "read" of ReadServiceAccounts,
    CreateServiceAccount = "create" of ReadServiceAccounts,
    UpdateServiceAccount = "update" of ReadServiceAccounts,
    ReadSchoolCalendar = "read" of ReadSchoolCalendar,
    UpdateSchoolCalendar = "update" of ReadSchoolCalendar,
    ReadImports = "read" of ReadImports,
    RunImport = "create" of ReadImports,
    ReadChanges = "read" of ReadChanges,
    // students
    ReadStudent = "read" of ReadStudent,
    ReadGuardians = "read" of ReadGuardians,
    /// Records a guardian, or ends a guardianship.
    KeepGuardians = "create" of ReadGuardians,
    ConsentToGuardian = "consent" of ReadGuardians,
    WithdrawConsentToGuardian = "withdrawConsent" of ReadGuardians,
    // orientation
    ReadActivity = "read" of ReadActivity,
    CreateActivity = "create" of ReadActivity,
    UpdateActivity = "update" of ReadActivity,
    Register = "register" of ReadActivity,
    ReadRegistration = "read" of ReadRegistration,
    CancelRegistration = "cancel" of ReadRegistration,
    MarkAttended = "markAttended" of ReadRegistration,
    MarkAbsent = "markAbsent" of ReadRegistration,
    AddExperience = "addExperience" of ReadRegistration,
    ReadApplication = "read" of ReadApplication,
    CreateApplication = "create" of ReadApplication,
    AssignScout = "assignScout" of ReadApplication,
    PlanInterview = "planInterview" of ReadApplication,
    RecordInterview = "recordInterview" of ReadApplication,
    CorrectInterview = "correctInterview" of ReadApplication,
    Place = "place" of ReadApplication,
    Redirect = "redirect" of ReadApplication,
    AdviseOrientation = "adviseOrientation" of ReadApplication,
    WithdrawApplication = "withdraw" of ReadApplication,
    // enrolment
    ReadEnrolment = "read" of ReadEnrolment,
    StateMotivation = "stateMotivation" of ReadEnrolment,
    ConfirmEnrolment = "confirm" of ReadEnrolment,
    RequestSwitch = "requestSwitch" of ReadEnrolment,
    Leave = "leave" of ReadEnrolment,
    /// What is recorded of who left: the coach has nothing to do with them any more.
    CorrectLeaving = "correctLeaving" of ReadEnrolment,
    Graduate = "graduate" of ReadEnrolment,
    ReadSwitch = "read" of ReadSwitch,
    AcceptSwitch = "accept" of ReadSwitch,
    RefuseSwitch = "refuse" of ReadSwitch,
    WithdrawSwitch = "withdraw" of ReadSwitch,
    ReadCoachChain = "read" of ReadCoachChain,
    /// Whom someone coaches, with what asks for attention (EN-6).
    ReadCaseload = "read" of ReadCaseload,
    ReadHandover = "read" of ReadHandover,
    ProposeHandover = "create" of ReadEnrolment,
    AcceptHandover = "accept" of ReadHandover,
    RefuseHandover = "refuse" of ReadHandover,
    WithdrawHandover = "withdraw" of ReadHandover,
    // start programme
    ReadTemplate = "read" of ReadTemplate,
    CreateTemplate = "create" of ReadTemplate,
    UpdateTemplate = "update" of ReadTemplate,
    PublishTemplate = "publish" of ReadTemplate,
    RetireTemplate = "retire" of ReadTemplate,
    ReadProgramme = "read" of ReadProgramme,
    MarkActivity = "markActivity" of ReadProgramme,
    Reflect = "reflect" of ReadProgramme,
    NoteWeek = "noteWeek" of ReadProgramme,
    CloseProgramme = "close" of ReadProgramme,
    // curriculum
    ReadDossier = "read" of ReadDossier,
    // portfolio
    /// That a student has a portfolio, and those of its entries that one may read.
    ReadPortfolio = "read" of ReadPortfolio,
    CreateEntry = "create" of ReadPortfolio,
    ReadEntry = "read" of ReadEntry,
    UpdateEntry = "update" of ReadEntry,
    WithdrawEntry = "delete" of ReadEntry,
    ReadEntryVersions = "read" of ReadEntryVersions,
    ReadShares = "read" of ReadShares,
    ShareEntry = "share" of ReadEntry,
    EndShare = "delete" of ReadShares,
    CommentOnEntry = "comment" of ReadEntry,
    /// Of comments one's own; the owner of the entry any.
    WithdrawComment = "delete" of ReadEntry,
    AddEvidence = "create" of ReadEntry,
    WithdrawEvidence = "delete" of ReadEntry,
    /// All of it in one archive.
    TakePortfolioAlong = "read" of TakePortfolioAlong,
    // placements
    ReadPlacement = "read" of ReadPlacement,
    PlanPlacement = "create" of ReadPlacement,
    EndPlacement = "end" of ReadPlacement,
    // leermeter
    /// What is published or retired: one reads the scale that one is rated on.
    ReadFramework = "read" of ReadFramework,
    /// What a landscape is still writing.
    ReadFrameworkDraft = "read" of ReadFrameworkDraft,
    CreateFramework = "create" of ReadFramework,
    UpdateFramework = "update" of ReadFramework,
    PublishFramework = "publish" of ReadFramework,
    RetireFramework = "retire" of ReadFramework,
    /// A round: from when until when, on what, and who is asked; no level.
    ReadRound = "read" of ReadRound,
    OpenRound = "create" of ReadRound,
    ReopenRound = "open" of ReadRound,
    CloseRound = "close" of ReadRound,
    InviteRater = "invite" of ReadRound,
    WithdrawInvitation = "delete" of ReadRound,
    Rate = "rate" of ReadRound,
    /// What was said in a round.
    ReadRatings = "read" of ReadRatings,
    /// What all rounds of one student say.
    ReadLeermeter = "read" of ReadLeermeter,
    /// How many students of a team were rated.
    ReadTeamLeermeter = "read" of ReadTeamLeermeter,
    /// And what they were rated on average.
    ReadTeamAverages = "read" of ReadTeamAverages,
    // conversations
    /// That there is one, when, and what came of it once that counts.
    ReadConversation = "read" of ReadConversation,
    CreateConversation = "create" of ReadConversation,
    PlanConversation = "plan" of ReadConversation,
    MoveConversation = "move" of ReadConversation,
    MarkConversationHeld = "markHeld" of ReadConversation,
    MarkConversationMissed = "markMissed" of ReadConversation,
    ConfirmOutcome = "confirmOutcome" of ReadConversation,
    CancelConversation = "cancel" of ReadConversation,
    /// One's own, and nobody else's.
    ReadPreparation = "read" of ReadPreparation,
    WritePreparation = "update" of ReadPreparation,
    /// What came out as it is written, before it counts, and every version.
    ReadOutcomeVersions = "read" of ReadOutcomeVersions,
    WriteOutcome = "update" of ReadConversation,
    /// Goals, learning questions and career steps.
    ReadGoal = "read" of ReadGoal,
    SetGoal = "create" of ReadGoal,
    ReachGoal = "reach" of ReadGoal,
    DropGoal = "drop" of ReadGoal,
    ReopenGoal = "reopen" of ReadGoal,
    MakeGoalOfQuestion = "makeGoal" of ReadGoal,
    MakeLwpOfQuestion = "makeLwp" of ReadGoal,
    AnswerQuestion = "answer" of ReadGoal,
    DropQuestion = "drop" of ReadGoal,
    ReadAgreement = "read" of ReadAgreement,
    /// Of those who may, its owner, the student and the coach do.
    CompleteAgreement = "complete" of ReadAgreement,
    DropAgreement = "drop" of ReadAgreement,
    /// Moments at which a conversation with the student can be.
    ReadMoments = "read" of ReadMoments,
    /// When someone is free whom one plans conversations with.
    ReadAvailability = "read" of ReadAvailability,
    /// One's own.
    UpdateAvailability = "update" of ReadAvailability,
    /// What a coach talked about with whom, and what came of it.
    ReadConversationOverview = "read" of ReadConversationOverview,
    // reports
    /// Counts, with groups under five suppressed.
    ReadReport = "read" of ReadReport,
    // LWPs
    /// The library: what is published or retired.
    ReadLwp = "read" of ReadLwp,
    /// What a team is still writing.
    ReadLwpDraft = "read" of ReadLwpDraft,
    CreateLwp = "create" of ReadLwp,
    UpdateLwp = "update" of ReadLwp,
    PublishLwp = "publish" of ReadLwp,
    RetireLwp = "retire" of ReadLwp,
    CopyLwp = "copy" of ReadLwp,
    ReadLwpReviews = "read" of ReadLwpReviews,
    ReviewLwp = "create" of ReadLwpReviews,
    ReadLwpAssignment = "read" of ReadLwpAssignment,
    AssignLwp = "create" of ReadLwpAssignment,
    TailorLwpAssignment = "update" of ReadLwpAssignment,
    StartLwpAssignment = "start" of ReadLwpAssignment,
    SubmitLwpAssignment = "submit" of ReadLwpAssignment,
    GiveLwpFeedback = "giveFeedback" of ReadLwpAssignment,
    CompleteLwpAssignment = "complete" of ReadLwpAssignment,
    /// What of the qualification a student has covered (CU-5).
    ReadCoverage = "read" of ReadCoverage,
}

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
