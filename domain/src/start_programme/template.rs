//! What a landscape lays down for a school year (SP-1): ten weeks in versions; published, a version is frozen.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{SchoolYear, StartProgrammeFault as F, WEEKS};
use crate::{
    access::Action,
    kernel::{
        Event, Findings, Instant, KernelFault, LandscapeId, LwpId, PublicationState, PublicationStateName, Refusal, Subject,
        TemplateId, Text, Told,
    },
};

/// A start programme as a landscape lays it down for a school year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewTemplate {
    /// The landscape whose programme it is.
    pub landscape_id: LandscapeId,
    /// The school year whose students begin with it.
    pub school_year: SchoolYear,
    /// What it is called.
    pub title: Text<200>,
    /// The ten weeks, in order.
    #[schema(min_items = 10, max_items = 10)]
    pub weeks: Vec<TemplateWeek>,
    /// The published or retired template of the same landscape that this is a new version of.
    #[serde(default)]
    pub previous_id: Option<TemplateId>,
}

/// One week of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateWeek {
    /// Its number, from 1 to 10.
    #[schema(minimum = 1, maximum = 10)]
    pub week: u8,
    /// What it is about.
    pub theme: Text<200>,
    /// What is done in it.
    #[schema(min_items = 1, max_items = 20)]
    pub activities: Vec<TemplateActivity>,
    /// The LWPs that a student gets in it (SP-2): published ones, by the end of the week.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub lwp_ids: Vec<LwpId>,
}

/// One activity of a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateActivity {
    /// What it is called.
    pub title: Text<200>,
    /// How it goes.
    #[serde(default)]
    pub description: Option<Text<4000>>,
}

/// A decision on a template (SP-1).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "camelCase", deny_unknown_fields)]
pub enum TemplateDecision {
    /// Students begin with it from now on; it no longer changes.
    Publish {},
    /// No student begins with it any more; who has begun goes on with it.
    Retire {},
}

impl TemplateDecision {
    /// What its caller must be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::Publish {} => Action::PublishTemplate,
            Self::Retire {} => Action::RetireTemplate,
        }
    }
}

/// What is known of the LWPs that a template names.
#[derive(Clone, Debug, Default)]
pub struct KnownLwps {
    /// Those in the library that can be assigned.
    pub published: Vec<LwpId>,
    /// Those that are there for its maker to read, but cannot be assigned.
    pub others: Vec<LwpId>,
}

/// One version of a landscape's start programme.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pub id: TemplateId,
    /// Goes up with every change of this row; `number` tells the versions of the programme apart.
    pub version: i64,
    /// 1 for the first, and one more than that of its predecessor.
    pub number: i32,
    pub content: NewTemplate,
    pub state: PublicationState,
}

/// The template that students of a landscape begin with: of the published ones of the school year, the one that
/// was published last.
pub fn in_force(templates: &[Template], landscape_id: LandscapeId, year: SchoolYear) -> Option<&Template> {
    let published = |template: &&Template| template.state.name() == PublicationStateName::Published;
    let of_these = |template: &&Template| (template.content.landscape_id, template.content.school_year) == (landscape_id, year);
    templates.iter().filter(published).filter(of_these).max_by_key(|template| template.state.published_at())
}

impl Template {
    /// Drafts a template, or with `previous` (the template of `previous_id`, if there is one) a new version of it (SP-1).
    ///
    /// # Errors
    /// Everything that is wrong with its content.
    pub fn draft(
        id: TemplateId,
        content: NewTemplate,
        previous: Option<&Self>,
        landscape_known: bool,
        lwps: &KnownLwps,
    ) -> Result<Told<Self>, Refusal> {
        let follows = previous.is_some_and(|previous| {
            previous.content.landscape_id == content.landscape_id && previous.state.name() != PublicationStateName::Draft
        });
        let mut findings = Findings::default();
        findings
            .note(!landscape_known, "/landscapeId", KernelFault::UnknownReference)
            .note(content.previous_id.is_some() && previous.is_none(), "/previousId", KernelFault::UnknownReference)
            .note(previous.is_some() && !follows, "/previousId", F::NotASuccessor);
        content.check(lwps, &mut findings);
        findings.settle()?;
        let number = previous.map_or(1, |previous| previous.number + 1);
        Ok(Self { id, version: 1, number, content, state: PublicationState::Draft }.told("drafted"))
    }

    /// Changes a draft.
    ///
    /// # Errors
    /// [`F::Frozen`] once published, otherwise everything that is wrong with the new content.
    pub fn change(&self, content: NewTemplate, lwps: &KnownLwps) -> Result<Told<Self>, Refusal> {
        if self.state != PublicationState::Draft {
            return Err(self.refused(F::Frozen));
        }
        let mut findings = Findings::default();
        findings
            .note(content.landscape_id != self.content.landscape_id, "/landscapeId", F::Fixed)
            .note(content.school_year != self.content.school_year, "/schoolYear", F::Fixed)
            .note(content.previous_id != self.content.previous_id, "/previousId", F::Fixed);
        content.check(lwps, &mut findings);
        findings.settle()?;
        Ok(Self { version: self.version + 1, content, ..self.clone() }.told("changed"))
    }

    /// What the state allows, whoever asks.
    pub const fn open_actions(&self) -> &'static [Action] {
        match self.state {
            PublicationState::Draft => &[Action::PublishTemplate],
            PublicationState::Published { .. } => &[Action::RetireTemplate],
            PublicationState::Retired { .. } => &[],
        }
    }

    /// Takes a decision (SP-1).
    ///
    /// # Errors
    /// [`F::NotOpen`] where the state does not allow it, [`F::LwpNotPublished`] where an LWP in it was retired meanwhile.
    pub fn decide(&self, decision: &TemplateDecision, now: Instant, lwps: &KnownLwps) -> Result<Told<Self>, Refusal> {
        use {PublicationState as S, TemplateDecision as D};
        let (state, what) = match (self.state, decision) {
            (S::Draft, D::Publish {}) if !self.content.lwp_ids().all(|id| lwps.published.contains(&id)) => {
                return Err(self.refused(F::LwpNotPublished));
            }
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
        let event = Event::new(Subject::StartProgrammeTemplate, self.id, self.version, what)
            .in_landscape(self.content.landscape_id)
            .now(self.state.name())
            .with("number", self.number);
        Told { thing: self, event }
    }
}

impl NewTemplate {
    /// Every LWP in it, week by week.
    pub fn lwp_ids(&self) -> impl Iterator<Item = LwpId> {
        self.weeks.iter().flat_map(|week| week.lwp_ids.iter().copied())
    }

    fn check(&self, lwps: &KnownLwps, findings: &mut Findings) {
        findings.note(self.weeks.len() != usize::from(WEEKS), "/weeks", F::NotTenWeeks);
        for (index, (week, number)) in self.weeks.iter().zip(1..=WEEKS).enumerate() {
            findings.note(week.week != number, format!("/weeks/{index}/week"), F::NotTenWeeks).note(
                !(1..=20).contains(&week.activities.len()),
                format!("/weeks/{index}/activities"),
                F::ActivitiesOutOfRange,
            );
            for (place, id) in week.lwp_ids.iter().enumerate() {
                let pointer = || format!("/weeks/{index}/lwpIds/{place}");
                let is_there = lwps.published.contains(id) || lwps.others.contains(id);
                findings
                    .note(!is_there, pointer(), KernelFault::UnknownReference)
                    .note(lwps.others.contains(id), pointer(), F::LwpNotInLibrary)
                    .note(week.lwp_ids.iter().take(place).any(|other| other == id), pointer(), F::LwpRepeated);
            }
        }
    }
}
