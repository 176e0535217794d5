//! Everything that anyone can do. Who may is for [`super::policy`].

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
