//! Who did what when (AL-1): what a change tells others, without any of its content.

use serde_json::{Map, Value, json};

use super::{LandscapeId, StudentId, Word};
use uuid::Uuid;

crate::words! {
    /// What an event is about, and what a caller must be allowed to read to know of it.
    pub enum Subject {
        Institution = "institution",
        Landscape = "landscape",
        Team = "team",
        Person = "person",
        Role = "role",
        Guardianship = "guardianship",
        ServiceAccount = "serviceAccount",
        SchoolCalendar = "schoolCalendar",
        OrientationActivity = "orientationActivity",
        Registration = "registration",
        Application = "application",
        Enrolment = "enrolment",
        Handover = "handover",
        Switch = "switch",
        StartProgrammeTemplate = "startProgrammeTemplate",
        StartProgramme = "startProgramme",
        QualificationDossier = "qualificationDossier",
        PortfolioEntry = "portfolioEntry",
        PortfolioShare = "portfolioShare",
        Lwp = "lwp",
        LwpReview = "lwpReview",
        LwpAssignment = "lwpAssignment",
        Placement = "placement",
        CompetenceFramework = "competenceFramework",
        LeermeterRound = "leermeterRound",
        LeermeterRater = "leermeterRater",
        Conversation = "conversation",
        /// What came out of a conversation, as those who take part in it write and confirm it.
        ConversationOutcome = "conversationOutcome",
        /// What one person prepared of a conversation: nobody else knows of it.
        ConversationPreparation = "conversationPreparation",
        Goal = "goal",
        LearningQuestion = "learningQuestion",
        Agreement = "agreement",
        CareerStep = "careerStep",
        /// When someone is free for conversations.
        Availability = "availability",
        Import = "import",
    }
}

/// One thing that happened to one subject. Ids, states and names of fields; never what people wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub subject: Subject,
    pub subject_id: Uuid,
    /// What happened, in the past tense: `interviewRecorded`.
    pub what: &'static str,
    /// The subject's version after it.
    pub version: i64,
    /// The student whom it concerns: only who may read the subject of that student gets to know.
    pub student_id: Option<StudentId>,
    pub landscape_id: Option<LandscapeId>,
    /// Its version is that of a part of the subject, such as the outcome of a conversation, and not of the subject itself.
    pub is_of_part: bool,
    facts: Map<String, Value>,
}

impl Event {
    pub fn new<Of>(subject: Subject, id: super::Id<Of>, version: i64, what: &'static str) -> Self {
        Self {
            subject,
            subject_id: id.uuid(),
            what,
            version,
            student_id: None,
            landscape_id: None,
            is_of_part: false,
            facts: Map::new(),
        }
    }

    /// Says that its version is that of a part of the subject.
    #[must_use]
    pub fn of_part(mut self) -> Self {
        self.is_of_part = true;
        self
    }

    #[must_use]
    pub fn of_student(mut self, student: StudentId) -> Self {
        self.student_id = Some(student);
        self
    }

    #[must_use]
    pub fn in_landscape(mut self, landscape: LandscapeId) -> Self {
        self.landscape_id = Some(landscape);
        self
    }

    /// Adds the state that the subject is in now.
    #[must_use]
    pub fn now(self, state: impl Word) -> Self {
        self.with("state", state.word())
    }

    /// Adds a fact that is an id, a state, a count or the name of a field.
    #[must_use]
    pub fn with(mut self, name: &str, fact: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), fact.into());
        self
    }

    /// Adds the id of something else that is concerned.
    #[must_use]
    pub fn naming<Of>(self, name: &str, id: super::Id<Of>) -> Self {
        self.with(name, json!(id.uuid()))
    }

    pub fn facts(&self) -> Value {
        Value::Object(self.facts.clone())
    }
}

/// A thing as it now is, with the event that tells of it: what is written goes together with what is said.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Told<T> {
    pub thing: T,
    pub event: Event,
}
