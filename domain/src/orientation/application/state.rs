//! Where an application is, each state with its own facts, and the same as columns.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{ApplicationId, EnrolmentId, Instant, LandscapeId, PersonId, Text};

crate::words! {
    /// Where an application is (IN-3).
    pub enum ApplicationStateName {
        Submitted = "submitted",
        ScoutAssigned = "scoutAssigned",
        InterviewPlanned = "interviewPlanned",
        Interviewed = "interviewed",
        Placed = "placed",
        Redirected = "redirected",
        Orienting = "orienting",
        Withdrawn = "withdrawn",
    }
}

/// Where an application is, with what belongs to that (IN-3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplicationState {
    Submitted,
    ScoutAssigned {
        scout_id: PersonId,
    },
    InterviewPlanned {
        scout_id: PersonId,
        plan: InterviewPlan,
    },
    Interviewed(Interview),
    Placed {
        interview: Interview,
        enrolment_id: EnrolmentId,
    },
    Redirected {
        interview: Interview,
        application_id: ApplicationId,
        landscape_id: LandscapeId,
        reason: Text<4000>,
    },
    Orienting {
        interview: Interview,
        advice: Text<4000>,
    },
    /// Withdrawn, from whichever undecided state.
    Withdrawn {
        from: Box<ApplicationState>,
        reason: Text<4000>,
    },
}

/// When and where applicant and scout meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterviewPlan {
    pub starts_at: Instant,
    pub place: Text<200>,
}

/// The scout interview as it was held and is recorded now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interview {
    pub scout_id: PersonId,
    pub plan: InterviewPlan,
    pub record: InterviewRecord,
}

/// One version of what came out of the interview (IN-4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterviewRecord {
    /// 1 for the first, and one more for every correction.
    pub number: i32,
    pub author_id: PersonId,
    pub recorded_at: Instant,
    pub findings: InterviewFindings,
}

/// What came out of a scout interview (IN-4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InterviewFindings {
    /// The applicant's picture of the profession (beroepsbeeld).
    pub career_picture: Text<4000>,
    /// The perspective that the applicant sees (loopbaanperspectief).
    pub career_perspective: Text<4000>,
    /// What the applicant brings already.
    pub strengths: Text<4000>,
    /// What the applicant needs support with.
    pub support_needs: Text<4000>,
    /// The scout's advice.
    pub advice: Text<4000>,
}

impl InterviewFindings {
    /// Some findings, as they are sent: those of the demo, and of every test that needs any.
    pub const EXAMPLE: &'static str = include_str!("findings.json");
}

impl ApplicationState {
    pub const fn name(&self) -> ApplicationStateName {
        match self {
            Self::Submitted => ApplicationStateName::Submitted,
            Self::ScoutAssigned { .. } => ApplicationStateName::ScoutAssigned,
            Self::InterviewPlanned { .. } => ApplicationStateName::InterviewPlanned,
            Self::Interviewed(_) => ApplicationStateName::Interviewed,
            Self::Placed { .. } => ApplicationStateName::Placed,
            Self::Redirected { .. } => ApplicationStateName::Redirected,
            Self::Orienting { .. } => ApplicationStateName::Orienting,
            Self::Withdrawn { .. } => ApplicationStateName::Withdrawn,
        }
    }

    /// Has it been decided? Nothing follows then.
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Submitted | Self::ScoutAssigned { .. } | Self::InterviewPlanned { .. } | Self::Interviewed(_) => false,
            Self::Placed { .. } | Self::Redirected { .. } | Self::Orienting { .. } | Self::Withdrawn { .. } => true,
        }
    }

    /// The scout who was assigned.
    pub fn scout_id(&self) -> Option<PersonId> {
        match self {
            Self::Submitted => None,
            Self::ScoutAssigned { scout_id } | Self::InterviewPlanned { scout_id, .. } => Some(*scout_id),
            Self::Withdrawn { from, .. } => from.scout_id(),
            held => held.interview().map(|interview| interview.scout_id),
        }
    }

    /// When and where applicant and scout meet or met.
    pub fn plan(&self) -> Option<&InterviewPlan> {
        match self {
            Self::Submitted | Self::ScoutAssigned { .. } => None,
            Self::InterviewPlanned { plan, .. } => Some(plan),
            Self::Withdrawn { from, .. } => from.plan(),
            held => held.interview().map(|interview| &interview.plan),
        }
    }

    /// The interview, once held.
    pub fn interview(&self) -> Option<&Interview> {
        match self {
            Self::Submitted | Self::ScoutAssigned { .. } | Self::InterviewPlanned { .. } => None,
            Self::Interviewed(interview)
            | Self::Placed { interview, .. }
            | Self::Redirected { interview, .. }
            | Self::Orienting { interview, .. } => Some(interview),
            Self::Withdrawn { from, .. } => from.interview(),
        }
    }

    /// The same as columns.
    pub fn parts(&self) -> ApplicationParts {
        let mut parts = ApplicationParts {
            state: self.name(),
            scout_id: self.scout_id(),
            plan: self.plan().cloned(),
            record: self.interview().map(|interview| interview.record.clone()),
            enrolment_id: None,
            onward_id: None,
            onward_landscape_id: None,
            words: None,
        };
        match self {
            Self::Submitted | Self::ScoutAssigned { .. } | Self::InterviewPlanned { .. } | Self::Interviewed(_) => {}
            Self::Placed { enrolment_id, .. } => parts.enrolment_id = Some(*enrolment_id),
            Self::Redirected { application_id, landscape_id, reason, .. } => {
                parts.onward_id = Some(*application_id);
                parts.onward_landscape_id = Some(*landscape_id);
                parts.words = Some(reason.clone());
            }
            Self::Orienting { advice: words, .. } | Self::Withdrawn { reason: words, .. } => parts.words = Some(words.clone()),
        }
        parts
    }
}

/// A state as columns hold it: the word, and every fact that some state has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationParts {
    pub state: ApplicationStateName,
    pub scout_id: Option<PersonId>,
    pub plan: Option<InterviewPlan>,
    /// The newest record of the interview.
    pub record: Option<InterviewRecord>,
    /// Of `placed`.
    pub enrolment_id: Option<EnrolmentId>,
    /// Of `redirected`: the application that it became.
    pub onward_id: Option<ApplicationId>,
    /// Of `redirected`: where that is.
    pub onward_landscape_id: Option<LandscapeId>,
    /// The reason of `redirected` and `withdrawn`, the advice of `orienting`.
    pub words: Option<Text<4000>>,
}

impl ApplicationParts {
    /// The state that these make, or none where a fact is missing.
    pub fn state(self) -> Option<ApplicationState> {
        let Self { state, scout_id, plan, record, enrolment_id, onward_id, onward_landscape_id, words } = self;
        let undecided = match (scout_id, plan, record) {
            (None, None, None) => ApplicationState::Submitted,
            (Some(scout_id), None, None) => ApplicationState::ScoutAssigned { scout_id },
            (Some(scout_id), Some(plan), None) => ApplicationState::InterviewPlanned { scout_id, plan },
            (Some(scout_id), Some(plan), Some(record)) => ApplicationState::Interviewed(Interview { scout_id, plan, record }),
            _ => return None,
        };
        let decided = match (state, undecided) {
            (ApplicationStateName::Withdrawn, from) => ApplicationState::Withdrawn { from: Box::new(from), reason: words? },
            (ApplicationStateName::Placed, ApplicationState::Interviewed(interview)) => {
                ApplicationState::Placed { interview, enrolment_id: enrolment_id? }
            }
            (ApplicationStateName::Redirected, ApplicationState::Interviewed(interview)) => ApplicationState::Redirected {
                interview,
                application_id: onward_id?,
                landscape_id: onward_landscape_id?,
                reason: words?,
            },
            (ApplicationStateName::Orienting, ApplicationState::Interviewed(interview)) => {
                ApplicationState::Orienting { interview, advice: words? }
            }
            (_, undecided) => undecided,
        };
        (decided.name() == state).then_some(decided)
    }
}
