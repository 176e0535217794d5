//! What students are rated on in a landscape, perhaps for one qualification (LM-1): competences and a scale, in versions; published, a
//! version is frozen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LeermeterFault as F, career};
use crate::{
    access::{Action, Unit},
    kernel::{
        CareerCompetence, CompetenceId, Event, Findings, FrameworkId, Instant, KernelFault, LandscapeId, Line, PublicationState,
        PublicationStateName, QualificationId, Refusal, Subject, Text, Told, WorkProcessId,
    },
};

/// How many competences a framework has at most, besides the five career competences.
const COMPETENCES: usize = 40;
const INDICATORS: usize = 20;
/// The highest that a level can be.
const HIGHEST: u8 = 100;

/// A competence framework as a landscape lays it down.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewFramework {
    /// The landscape whose framework it is.
    pub landscape_id: LandscapeId,
    /// The qualification for whose students it is; of all students of the landscape where absent.
    #[serde(default)]
    pub qualification_id: Option<QualificationId>,
    /// What it is called.
    pub title: Line,
    /// The levels, from low to high. That something was not seen is no level.
    #[schema(min_items = 2, max_items = 10)]
    pub scale: Vec<ScaleLevel>,
    /// What students are rated on, at most 40 besides the career competences. Where absent, one competence is made of every
    /// work process of the qualification. Those of the five career competences that are not among them are added.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 45)]
    pub competences: Option<Vec<NewCompetence>>,
    /// Whether what others said is shown to students once they rated themselves, and not before.
    pub own_view_first: bool,
    /// The published or retired framework of the same landscape that this is a new version of.
    #[serde(default)]
    pub previous_id: Option<FrameworkId>,
}

/// A level of the scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScaleLevel {
    /// Higher than the one before.
    #[schema(minimum = 0, maximum = 100)]
    pub level: u8,
    /// What it is called.
    pub label: Text<60>,
    /// What one sees of someone who is there.
    pub description: Text<1000>,
}

/// A competence as its maker words it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCompetence {
    /// Unique within the framework.
    pub code: Text<20>,
    /// What it is called.
    pub title: Text<300>,
    /// What one sees of someone who has it.
    #[schema(max_items = 20)]
    pub indicators: Vec<Text<500>>,
    /// The career competence that this is the landscape's own wording of.
    #[serde(default)]
    pub career_competence: Option<CareerCompetence>,
    /// The work process of the qualification that it was made of.
    #[serde(default)]
    pub work_process_id: Option<WorkProcessId>,
}

/// A competence of a framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Competence {
    /// Stays the same while the draft is changed and from version to version, as long as the code does.
    pub id: CompetenceId,
    pub code: Text<20>,
    pub title: Text<300>,
    pub indicators: Vec<Text<500>>,
    pub career_competence: Option<CareerCompetence>,
    pub work_process_id: Option<WorkProcessId>,
}

/// A decision on a framework (LM-1).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum FrameworkDecision {
    /// Students are rated by it from now on; it no longer changes.
    Publish {},
    /// Nobody begins with it any more; what was rated by it stays.
    Retire {},
}

impl FrameworkDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::Publish {} => Action::PublishFramework,
            Self::Retire {} => Action::RetireFramework,
        }
    }
}

/// A work process of the qualification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownWorkProcess {
    pub id: WorkProcessId,
    /// Its code, or its number where the dossier does not give it one.
    pub code: Text<20>,
    pub title: Text<300>,
}

/// What others know about what a framework names.
#[derive(Clone, Debug)]
pub struct FrameworkFacts {
    /// The work processes of its qualification, in order; none where there is no such qualification.
    pub work_processes: Option<Vec<KnownWorkProcess>>,
}

/// One version of a competence framework.
#[derive(Clone, Debug, PartialEq)]
pub struct Framework {
    pub id: FrameworkId,
    /// Goes up with every change of this row; `number` tells the versions of the framework apart.
    pub version: i64,
    /// 1 for the first, and one more than that of its predecessor.
    pub number: i32,
    pub landscape_id: LandscapeId,
    pub qualification_id: Option<QualificationId>,
    pub title: Line,
    pub scale: Vec<ScaleLevel>,
    /// With all five career competences.
    pub competences: Vec<Competence>,
    pub own_view_first: bool,
    pub previous_id: Option<FrameworkId>,
    pub state: PublicationState,
}

impl Framework {
    /// Drafts a framework, or with `previous` (the framework of `previous_id`, if there is one) a new version of it (LM-1).
    ///
    /// # Errors
    /// Everything that is wrong with its content.
    pub fn draft(
        id: FrameworkId,
        content: NewFramework,
        previous: Option<&Self>,
        facts: &FrameworkFacts,
    ) -> Result<Told<Self>, Refusal> {
        let follows = previous.is_some_and(|previous| {
            previous.landscape_id == content.landscape_id && previous.state.name() != PublicationStateName::Draft
        });
        let mut findings = Findings::default();
        findings.note(content.previous_id.is_some() && previous.is_none(), "/previousId", KernelFault::UnknownReference).note(
            previous.is_some() && !follows,
            "/previousId",
            F::NotASuccessor,
        );
        let worded = content.worded(facts);
        content.check(&worded, facts, &mut findings);
        findings.settle()?;
        let number = previous.map_or(1, |previous| previous.number + 1);
        let before = previous.map_or(&[][..], |previous| &previous.competences);
        let (version, state) = (1, PublicationState::Draft);
        Ok(Self::of(id, (version, number), content, with_ids(worded, before), state).told("drafted"))
    }

    /// Changes a draft.
    ///
    /// # Errors
    /// [`F::Frozen`] once published, otherwise everything that is wrong with the new content.
    pub fn change(&self, content: NewFramework, facts: &FrameworkFacts) -> Result<Told<Self>, Refusal> {
        if self.state != PublicationState::Draft {
            return Err(self.refused(F::Frozen));
        }
        let mut findings = Findings::default();
        findings.note(content.landscape_id != self.landscape_id, "/landscapeId", F::Fixed).note(
            content.previous_id != self.previous_id,
            "/previousId",
            F::Fixed,
        );
        let worded = content.worded(facts);
        content.check(&worded, facts, &mut findings);
        findings.settle()?;
        let competences = with_ids(worded, &self.competences);
        Ok(Self::of(self.id, (self.version + 1, self.number), content, competences, self.state).told("changed"))
    }

    fn of(
        id: FrameworkId,
        (version, number): (i64, i32),
        content: NewFramework,
        competences: Vec<Competence>,
        state: PublicationState,
    ) -> Self {
        let NewFramework { landscape_id, qualification_id, title, scale, competences: _, own_view_first, previous_id } = content;
        Self {
            id,
            version,
            number,
            landscape_id,
            qualification_id,
            title,
            scale,
            competences,
            own_view_first,
            previous_id,
            state,
        }
    }

    /// The landscape whose it is.
    pub const fn unit(&self) -> Unit {
        Unit::Landscape(self.landscape_id)
    }

    /// What the state allows, whoever asks.
    pub const fn open_actions(&self) -> &'static [Action] {
        match self.state {
            PublicationState::Draft => &[Action::PublishFramework],
            PublicationState::Published { .. } => &[Action::RetireFramework],
            PublicationState::Retired { .. } => &[],
        }
    }

    /// Takes a decision (LM-1).
    ///
    /// # Errors
    /// [`F::NotOpen`] where the state does not allow it.
    pub fn decide(&self, decision: &FrameworkDecision, now: Instant) -> Result<Told<Self>, Refusal> {
        use {FrameworkDecision as D, PublicationState as S};
        let (state, what) = match (self.state, decision) {
            (S::Draft, D::Publish {}) => (S::Published { published_at: now }, "published"),
            (S::Published { published_at }, D::Retire {}) => (S::Retired { published_at, retired_at: now }, "retired"),
            (S::Draft, D::Retire {})
            | (S::Published { .. } | S::Retired { .. }, D::Publish {})
            | (S::Retired { .. }, D::Retire {}) => {
                return Err(self.refused(F::NotOpen));
            }
        };
        Ok(Self { version: self.version + 1, state, ..self.clone() }.told(what))
    }

    fn refused(&self, fault: F) -> Refusal {
        Refusal::illegal(fault, self.state.name())
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::CompetenceFramework, self.id, self.version, what)
            .in_landscape(self.landscape_id)
            .now(self.state.name())
            .with("number", self.number);
        Told { thing: self, event }
    }
}

impl NewFramework {
    /// The competences that are given, or made of the work processes; then the career competences that are not among them.
    fn worded(&self, facts: &FrameworkFacts) -> Vec<NewCompetence> {
        let mut worded = match (&self.competences, &facts.work_processes) {
            (Some(given), _) => given.clone(),
            (None, processes) => processes.iter().flatten().map(NewCompetence::of).collect(),
        };
        let has = |career| worded.iter().any(|one: &NewCompetence| one.career_competence == career);
        let added: Vec<_> = career::competences().iter().filter(|one| !has(one.career_competence)).cloned().collect();
        worded.extend(added);
        worded
    }

    fn check(&self, worded: &[NewCompetence], facts: &FrameworkFacts, findings: &mut Findings) {
        findings.note(!(2..=10).contains(&self.scale.len()), "/scale", F::ScaleOutOfRange);
        let lower = std::iter::once(None).chain(self.scale.iter().map(|level| Some(level.level)));
        for (place, (level, lower)) in self.scale.iter().zip(lower).enumerate() {
            let ascends = lower.is_none_or(|lower| lower < level.level) && level.level <= HIGHEST;
            findings.note(!ascends, format!("/scale/{place}/level"), F::LevelNotAscending);
        }
        let processes = facts.work_processes.as_deref();
        let is_unknown = self.qualification_id.is_some() && processes.is_none();
        findings.note(is_unknown, "/qualificationId", KernelFault::UnknownReference);
        let Some(given) = &self.competences else {
            let too_many = processes.is_some_and(|processes| processes.len() > COMPETENCES);
            findings.note(too_many, "/qualificationId", F::CompetencesOutOfRange);
            return;
        };
        let others = given.iter().filter(|one| one.career_competence.is_none()).count();
        findings.note(given.is_empty() || others > COMPETENCES, "/competences", F::CompetencesOutOfRange);
        for (place, one) in given.iter().enumerate() {
            let pointer = |field: &str| format!("/competences/{place}/{field}");
            let (before, added) = (&worded[..place], &worded[given.len()..]);
            let is_known = |id: WorkProcessId| processes.is_some_and(|known| known.iter().any(|process| process.id == id));
            let code_taken = before.iter().chain(added).any(|other| other.code == one.code);
            let same_career = |other: &NewCompetence| other.career_competence == one.career_competence;
            let same_process = |other: &NewCompetence| other.work_process_id == one.work_process_id;
            findings
                .note(code_taken, pointer("code"), F::CodeRepeated)
                .note(one.indicators.len() > INDICATORS, pointer("indicators"), F::IndicatorsOutOfRange)
                .note(
                    one.career_competence.is_some() && before.iter().any(same_career),
                    pointer("careerCompetence"),
                    F::CareerCompetenceRepeated,
                )
                .note(
                    one.work_process_id.is_some_and(|id| !is_known(id)),
                    pointer("workProcessId"),
                    KernelFault::UnknownReference,
                )
                .note(
                    one.work_process_id.is_some() && before.iter().any(same_process),
                    pointer("workProcessId"),
                    F::WorkProcessRepeated,
                );
        }
    }
}

impl NewCompetence {
    fn of(process: &KnownWorkProcess) -> Self {
        let KnownWorkProcess { id, code, title } = process.clone();
        Self { code, title, indicators: Vec::new(), career_competence: None, work_process_id: Some(id) }
    }
}

/// The competences, each with the id of the one that had its code before, or a new one.
fn with_ids(worded: Vec<NewCompetence>, before: &[Competence]) -> Vec<Competence> {
    let with_id = |one: NewCompetence| {
        let NewCompetence { code, title, indicators, career_competence, work_process_id } = one;
        let id = before.iter().find(|other| other.code == code).map_or_else(CompetenceId::in_order, |other| other.id);
        Competence { id, code, title, indicators, career_competence, work_process_id }
    };
    worded.into_iter().map(with_id).collect()
}
