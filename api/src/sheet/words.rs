//! What stands on a sheet, in Dutch and in English.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use domain::kernel::{CareerCompetence, Word};
use domain::organisation::Language;

use crate::days;

/// The words of one language.
pub struct Words {
    pub with: &'static str,
    pub goals: &'static str,
    pub learning_questions: &'static str,
    pub topics: &'static str,
    pub questions: &'static str,
    pub agreements: &'static str,
    pub competences: &'static str,
    pub notes: &'static str,
    pub before: &'static str,
    pub more: &'static str,
    pub picture: &'static str,
    language: Language,
    /// In the order of [`CareerCompetence`]'s five.
    competence_questions: [&'static str; 5],
    days: [&'static str; 7],
}

static NL: Words = Words {
    with: "met",
    goals: "Wat de student wil bereiken",
    learning_questions: "Wat de student wil weten",
    topics: "Dit wil ik bespreken",
    questions: "Mijn vragen",
    agreements: "Wat nog openstaat",
    competences: "Om over door te praten",
    notes: "Wat we afspreken",
    before: "voor",
    more: "en meer",
    picture: "Mijn leermeter",
    language: Language::Dutch,
    competence_questions: [
        "Waar was je de afgelopen tijd trots op? Wat zegt dat over wat je goed kunt?",
        "Waar kreeg je energie van? Wat maakt dat belangrijk voor je?",
        "Welk werk heb je gezien, en waar zag je jezelf?",
        "Wat wordt je volgende stap, en wat heb je daarvoor nodig?",
        "Wie kan jou daarbij helpen, en wat ga je vragen?",
    ],
    days: ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
};

static EN: Words = Words {
    with: "with",
    goals: "What the student wants to reach",
    learning_questions: "What the student wants to find out",
    topics: "What I want to talk about",
    questions: "My questions",
    agreements: "What is still open",
    competences: "To talk on about",
    notes: "What we agree",
    before: "by",
    more: "and more",
    picture: "My leermeter",
    language: Language::English,
    competence_questions: [
        "What were you proud of lately? What does it say about what you are good at?",
        "What gave you energy? What makes that matter to you?",
        "What work did you see, and where did you see yourself?",
        "What is your next step, and what do you need for it?",
        "Who can help you with it, and what will you ask?",
    ],
    days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
};

impl Words {
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::Dutch => &NL,
            Language::English => &EN,
        }
    }

    pub const fn question(&self, competence: CareerCompetence) -> &'static str {
        match competence {
            CareerCompetence::Qualities => self.competence_questions[0],
            CareerCompetence::Motives => self.competence_questions[1],
            CareerCompetence::WorkExploration => self.competence_questions[2],
            CareerCompetence::CareerControl => self.competence_questions[3],
            CareerCompetence::Networking => self.competence_questions[4],
        }
    }

    /// The tag of its language (RFC 5646).
    pub fn code(&self) -> &'static str {
        self.language.word()
    }

    pub fn day(&self, day: NaiveDate) -> String {
        days::in_words(day, self.language)
    }

    pub fn moment(&self, moment: NaiveDateTime) -> String {
        let weekday = self.days[moment.weekday().num_days_from_monday() as usize % 7];
        format!("{weekday} {}, {}:{:02}", self.day(moment.date()), moment.hour(), moment.minute())
    }
}
