//! What a qualification asks (CU-1): dossiers as the sector establishes them, imported whole and never edited in place.

mod cohort;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kernel::{CoreTaskId, Crebo, DossierId, Event, Id, QualificationId, Subject, Text, WorkProcessId, text::folded};

/// The name of something in a dossier: one line.
pub type Title = Text<300>;
/// What a dossier says about something, as plain text with line breaks.
pub type Prose = Text<20_000>;
/// `B1-K1` is the first core task of the basis, `P2-K1-W3` the third work process of the first task of profile 2.
pub type Code = Text<20>;

pub use cohort::{CohortDays, EditionOf, cohorts, of_cohort};

/// One edition of a qualification dossier (kwalificatiedossier).
///
/// Editions stand beside one another: students finish by the edition of their cohort. What tells editions of one
/// dossier apart is [`edition`](Self::edition); which dossier it is follows from [`number`](Self::number). A
/// revised dossier may come under a number of its own and then names its [`predecessor`](Self::predecessor).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dossier {
    pub number: u32,
    pub edition: Edition,
    /// The number of the dossier that this one replaces.
    pub predecessor: Option<u32>,
    pub title: Title,
    /// The domain of vocational courses that it belongs to (opleidingsdomein).
    pub domain: Option<Title>,
    /// The chamber of employers and schools that keeps it (sectorkamer).
    pub sector_chamber: Title,
    /// Where it stands in its own life, in the words of its keepers: `Vastgesteld`.
    pub status: Text<60>,
    pub registration: Registration,
    pub established_on: Option<NaiveDate>,
    pub introduction: Option<Prose>,
    /// The core tasks of the basis: of every qualification in the dossier.
    pub core_tasks: Vec<CoreTask>,
    /// At least one.
    pub qualifications: Vec<Qualification>,
}

impl Dossier {
    /// All that a qualification asks: the core tasks of the basis, then its own.
    pub fn core_tasks_of<'a>(&'a self, qualification: &'a Qualification) -> impl Iterator<Item = &'a CoreTask> {
        self.core_tasks.iter().chain(&qualification.core_tasks)
    }

    /// Every core task in it: of the basis without a qualification, then of each qualification.
    pub fn all_core_tasks(&self) -> impl Iterator<Item = (Option<&Qualification>, &CoreTask)> {
        let basis = self.core_tasks.iter().map(|task| (None, task));
        let of = |qualification| move |task| (Some(qualification), task);
        let own = self.qualifications.iter().flat_map(move |one| one.core_tasks.iter().map(of(one)));
        basis.chain(own)
    }

    /// The id of this edition: whoever imports it, wherever, gets the same.
    pub fn id(&self) -> DossierId {
        self.named("dossier", "")
    }

    /// The id of one of its qualifications, which has one crebo.
    pub fn qualification_id(&self, qualification: &Qualification) -> QualificationId {
        self.named("qualification", &qualification.registration.crebo.to_string())
    }

    /// The id of one of its core tasks; numbers are unique within a dossier.
    pub fn core_task_id(&self, task: &CoreTask) -> CoreTaskId {
        self.named("coreTask", &task.number.to_string())
    }

    /// The id of one of its work processes.
    pub fn work_process_id(&self, process: &WorkProcess) -> WorkProcessId {
        self.named("workProcess", &process.number.to_string())
    }

    /// A name-based UUID (version 5, RFC 9562 section 5.5) of what tells this thing apart from all others.
    fn named<Of>(&self, kind: &str, key: &str) -> Id<Of> {
        let name = format!("{kind} {} {} {key}", self.number, self.edition.as_str());
        Id::from_uuid(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }

    /// Codes, crebos and titles, folded: what search compares.
    pub fn search_text(&self) -> String {
        let mut words = vec![self.number.to_string(), self.registration.crebo.to_string(), self.title.as_str().to_owned()];
        for one in &self.qualifications {
            words.extend([one.registration.crebo.to_string(), one.title.as_str().to_owned()]);
        }
        for (_, task) in self.all_core_tasks() {
            words.extend(task.code.as_ref().map(|code| code.as_str().to_owned()));
            words.push(task.title.as_str().to_owned());
            for process in &task.work_processes {
                words.extend(process.code.as_ref().map(|code| code.as_str().to_owned()));
                words.push(process.title.as_str().to_owned());
            }
        }
        folded(&words.join(" "))
    }

    pub fn event(&self, what: &'static str) -> Event {
        Event::new(Subject::QualificationDossier, self.id(), 1, what).with("number", self.number)
    }
}

/// The namespace of names within dossiers.
const NAMESPACE: Uuid = Uuid::from_u128(0x5b0f_3e0a_9c1d_4b7e_8a52_6f1c_0d9e_4a33);

/// Which edition of its dossier this is: the date on which it was established, or from which its crebo is valid
/// where that is not said, and the version's name where it has one: `2015-11-26`, `2015-11-26 Gewijzigd 2016`.
/// The same file always has the same edition; a newer edition has another, and so stands beside the older.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Edition(Text<80>);

impl Edition {
    /// None if the version's name is too long to be one.
    pub fn new(since: NaiveDate, version: Option<&str>) -> Option<Self> {
        let name = version.map_or_else(|| since.to_string(), |version| format!("{since} {version}"));
        Text::parse(&name).map(Self)
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// The crebo under which something can be followed, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    pub crebo: Crebo,
    pub valid_from: NaiveDate,
    /// After this date nobody starts.
    pub inflow_ends_on: Option<NaiveDate>,
    /// After this date nobody is taught.
    pub education_ends_on: Option<NaiveDate>,
}

impl Registration {
    /// Whether inflow ends before it begins, or teaching before inflow.
    pub fn runs_backwards(&self) -> bool {
        let dates = [Some(self.valid_from), self.inflow_ends_on, self.education_ends_on];
        !dates.into_iter().flatten().is_sorted()
    }
}

/// A qualification (kwalificatie): one profile (profiel) of a dossier, on top of its basis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Qualification {
    pub number: u32,
    pub title: Title,
    /// 1 (entry) to 4 (middle management).
    pub level: u8,
    pub registration: Registration,
    /// What sort of course leads to it, in the register's word: `vakopleiding`.
    pub kind_of_education: Option<Title>,
    /// The hours of study that it is meant to take (studiebelastingsuren).
    pub study_hours: Option<u32>,
    pub professional_group: Option<Title>,
    pub description: Option<Prose>,
    /// Its own core tasks, besides those of the basis.
    pub core_tasks: Vec<CoreTask>,
}

/// A core task (kerntaak).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CoreTask {
    pub number: u32,
    /// `B1-K1`; none where the dossier does not number its chapters.
    pub code: Option<Code>,
    pub title: Title,
    pub complexity: Option<Prose>,
    pub responsibility: Option<Prose>,
    /// What one knows and can do for it.
    pub knowledge: Vec<Knowledge>,
    /// What single qualifications ask in addition, by their numbers.
    pub additions: Vec<CoreTaskAddition>,
    /// At least one.
    pub work_processes: Vec<WorkProcess>,
}

/// What one qualification asks in addition for a core task of the basis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CoreTaskAddition {
    /// The number of the [`Qualification`].
    pub qualification: u32,
    pub complexity: Option<Prose>,
    pub responsibility: Option<Prose>,
    pub knowledge: Vec<Knowledge>,
}

/// A piece of professional knowledge or a skill (vakkennis en vaardigheden).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Knowledge {
    pub number: u32,
    pub text: Text<1000>,
}

/// A work process (werkproces): what LWPs cover and coverage counts (CU-5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkProcess {
    pub number: u32,
    /// `B1-K1-W1`; none where the dossier does not number its chapters.
    pub code: Option<Code>,
    pub title: Title,
    pub description: Option<Prose>,
    pub result: Option<Prose>,
    pub behaviour: Option<Prose>,
    pub competences: Vec<Competence>,
    /// What single qualifications ask in addition, by their numbers.
    pub additions: Vec<WorkProcessAddition>,
}

/// What one qualification asks in addition for a work process of the basis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkProcessAddition {
    /// The number of the [`Qualification`].
    pub qualification: u32,
    pub description: Option<Prose>,
    pub result: Option<Prose>,
    pub behaviour: Option<Prose>,
    /// Which competences this qualification asks most of here.
    pub competences: Vec<Competence>,
}

/// One of the 25 competences of vocational education, `A` (deciding and setting to work) to `Y` (acting in a businesslike way).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Competence {
    /// `A` to `Y`.
    pub letter: char,
    pub title: Title,
}

crate::faults! {
    /// What can be wrong with a dossier.
    pub enum CurriculumFault {
        NotADossier: Invalid "curriculum.not-a-dossier"
            en "This is no qualification dossier: an export by SBB has sbb as its outermost element, and in it one dossier."
            nl "Dit is geen kwalificatiedossier: een export van SBB heeft sbb als buitenste element, met daarin één dossier.",
        SeveralDossiers: Invalid "curriculum.several-dossiers"
            en "The file holds more than one dossier. Export and import them one by one."
            nl "Het bestand bevat meer dan één dossier. Exporteer en importeer ze één voor één.",
        Missing: Invalid "curriculum.missing"
            en "This is required, but absent or empty."
            nl "Dit is verplicht, maar ontbreekt of is leeg.",
        Repeated: Invalid "curriculum.repeated"
            en "This stands here more than once, and only one can be meant."
            nl "Dit staat hier meer dan eens, terwijl er maar één bedoeld kan zijn.",
        NumberInvalid: Invalid "curriculum.number-invalid"
            en "This must be a whole number above zero."
            nl "Dit moet een geheel getal boven nul zijn.",
        NumberRepeated: Invalid "curriculum.number-repeated"
            en "Something earlier in the file has the same number; every number must be unique."
            nl "Iets eerder in het bestand heeft hetzelfde nummer; elk nummer moet uniek zijn.",
        CodeRepeated: Invalid "curriculum.code-repeated"
            en "Something earlier in the file has the same code: two chapters on one level have the same number."
            nl "Iets eerder in het bestand heeft dezelfde code: twee hoofdstukken op één niveau hebben hetzelfde nummer.",
        ReferenceUnknown: Invalid "curriculum.reference-unknown"
            en "This refers to a number that the file does not define."
            nl "Dit verwijst naar een nummer dat het bestand niet kent.",
        CreboInvalid: Invalid "curriculum.crebo-invalid"
            en "A crebo has five digits."
            nl "Een crebo heeft vijf cijfers.",
        CreboAmbiguous: Invalid "curriculum.crebo-ambiguous"
            en "Two different crebos, or different dates of one, stand here; which is meant cannot be known."
            nl "Hier staan twee verschillende crebo's, of verschillende data van één; welke bedoeld is valt niet te weten.",
        CreboRepeated: Invalid "curriculum.crebo-repeated"
            en "An earlier qualification in this dossier has the same crebo."
            nl "Een eerdere kwalificatie in dit dossier heeft dezelfde crebo.",
        DateInvalid: Invalid "curriculum.date-invalid"
            en "This is no date. A date is written as 26-11-2015 or 2015-11-26."
            nl "Dit is geen datum. Een datum wordt geschreven als 26-11-2015 of 2015-11-26.",
        DatesReversed: Invalid "curriculum.dates-reversed"
            en "Inflow ends before the crebo is valid, or education ends before inflow does."
            nl "De instroom eindigt voordat de crebo geldig is, of de opleiding eindigt voor de instroom.",
        LevelInvalid: Invalid "curriculum.level-invalid"
            en "The level of a qualification is 1, 2, 3 or 4."
            nl "Het niveau van een kwalificatie is 1, 2, 3 of 4.",
        CompetenceInvalid: Invalid "curriculum.competence-invalid"
            en "The code of a competence is one letter, A to Y."
            nl "De code van een competentie is één letter, A tot en met Y.",
        EditionChanged: Conflict "curriculum.edition-changed"
            en "This edition of this dossier is here already, and says something else. An edition is never edited; a revised one has another date or version."
            nl "Deze editie van dit dossier is er al en zegt iets anders. Een editie wordt nooit gewijzigd; een herziene heeft een andere datum of versie.",
        TooLong: Invalid "curriculum.too-long"
            en "This text is longer than a dossier can hold here."
            nl "Deze tekst is langer dan een dossier hier kan bevatten.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_newer_edition_stands_beside_the_older_cu_1() {
        let first = Edition::new(date("2015-11-26"), None).unwrap();
        let revised = Edition::new(date("2015-11-26"), Some("Gewijzigd 2016")).unwrap();
        assert_eq!(first.as_str(), "2015-11-26");
        assert_eq!(revised.as_str(), "2015-11-26 Gewijzigd 2016");
        assert_ne!(first, Edition::new(date("2020-02-01"), None).unwrap());
        assert_eq!(Edition::new(date("2015-11-26"), Some(&"x".repeat(80))), None);
    }

    #[test]
    fn nobody_can_start_before_the_crebo_is_valid_nor_be_taught_until_before_the_last_start() {
        let from = |inflow: Option<&str>, education: Option<&str>| Registration {
            crebo: Crebo::parse("25486").unwrap(),
            valid_from: date("2015-08-01"),
            inflow_ends_on: inflow.map(date),
            education_ends_on: education.map(date),
        };
        assert!(!from(None, None).runs_backwards());
        assert!(!from(Some("2019-07-31"), Some("2024-07-31")).runs_backwards());
        assert!(from(Some("2015-07-31"), None).runs_backwards());
        assert!(from(None, Some("2014-07-31")).runs_backwards());
        assert!(from(Some("2020-07-31"), Some("2019-07-31")).runs_backwards());
    }
}
