//! What is said about an application: the application itself, and each decision on it.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    access::Action,
    kernel::{Crebo, Email, Instant, LandscapeId, PersonId, Route, Secret, TeamId, Text, time::deserialize_instant},
};

/// An application (aanmelding) to one landscape.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewApplication {
    /// The landscape that the applicant wishes to learn in.
    pub landscape_id: LandscapeId,
    /// How the applicant is called.
    pub given_name: Text<200>,
    /// The applicant's family name, with what goes before it.
    pub family_name: Text<200>,
    /// The day on which the applicant was born.
    pub birth_date: NaiveDate,
    /// Where the applicant can be reached.
    pub email: Email,
    /// What the applicant wants here and why.
    pub motivation: Text<4000>,
    /// The qualification that the applicant wishes for, if there is one yet.
    #[serde(default)]
    pub crebo: Option<Crebo>,
    /// Secrets of the applicant's earlier registrations, whose experiences then are the applicant's (IN-2).
    #[serde(default)]
    #[schema(max_items = 20)]
    pub registration_secrets: Vec<Secret>,
}

/// A decision on an application (IN-3).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum ApplicationDecision {
    /// A scout of the landscape takes care of it.
    #[serde(rename_all = "camelCase")]
    AssignScout {
        /// A scout of the application's landscape.
        scout_id: PersonId,
    },
    /// Applicant and scout are going to meet.
    #[serde(rename_all = "camelCase")]
    PlanInterview {
        /// When they meet, or met where nobody planned it: within two years.
        #[serde(deserialize_with = "deserialize_instant")]
        #[schema(value_type = String, format = DateTime)]
        starts_at: Instant,
        /// Where they meet.
        place: Text<200>,
    },
    /// The scout interview (scoutgesprek) was held, and this came out of it (IN-4).
    #[serde(rename_all = "camelCase")]
    RecordInterview {
        /// The applicant's picture of the profession (beroepsbeeld).
        career_picture: Text<4000>,
        /// The perspective that the applicant sees (loopbaanperspectief).
        career_perspective: Text<4000>,
        /// What the applicant brings already.
        strengths: Text<4000>,
        /// What the applicant needs support with.
        support_needs: Text<4000>,
        /// The scout's advice.
        advice: Text<4000>,
    },
    /// The author of the interview's record corrects it, before the decision; every version is kept (IN-4).
    #[serde(rename_all = "camelCase")]
    CorrectInterview {
        /// The applicant's picture of the profession (beroepsbeeld).
        career_picture: Text<4000>,
        /// The perspective that the applicant sees (loopbaanperspectief).
        career_perspective: Text<4000>,
        /// What the applicant brings already.
        strengths: Text<4000>,
        /// What the applicant needs support with.
        support_needs: Text<4000>,
        /// The scout's advice.
        advice: Text<4000>,
    },
    /// The applicant becomes a student, provisionally, and has a coach at once (EN-1).
    #[serde(rename_all = "camelCase")]
    Place {
        /// A team of the application's landscape.
        team_id: TeamId,
        /// A coach of the application's landscape.
        coach_id: PersonId,
        /// The qualification that the student enrols for; its dossier may be imported later.
        crebo: Crebo,
        /// The learning route.
        route: Route,
        /// The first day at school.
        starts_on: NaiveDate,
    },
    /// Another landscape suits better: it gets an application that carries the interview along.
    #[serde(rename_all = "camelCase")]
    Redirect {
        /// The landscape that suits better.
        landscape_id: LandscapeId,
        /// Why it does.
        reason: Text<4000>,
    },
    /// The applicant looks round some more, in the infoshop, with this advice.
    AdviseOrientation {
        /// What to look for.
        advice: Text<4000>,
    },
    /// The applicant does not go on with it.
    Withdraw {
        /// Why not.
        reason: Text<4000>,
    },
}

impl ApplicationDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::AssignScout { .. } => Action::AssignScout,
            Self::PlanInterview { .. } => Action::PlanInterview,
            Self::RecordInterview { .. } => Action::RecordInterview,
            Self::CorrectInterview { .. } => Action::CorrectInterview,
            Self::Place { .. } => Action::Place,
            Self::Redirect { .. } => Action::Redirect,
            Self::AdviseOrientation { .. } => Action::AdviseOrientation,
            Self::Withdraw { .. } => Action::WithdrawApplication,
        }
    }
}
