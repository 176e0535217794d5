//! The sheet of a conversation (CV-1): one page of paper to talk over, with the student's own words first. Whoever holds it needs no account to
//! read it.
//!
//! It is a tagged PDF that meets PDF/UA-1 (ISO 14289-1), is A4 whatever stands on it, and is the same to the byte for the same conversation.

mod figure;
mod page;
#[cfg(test)]
mod tests;
mod typesetting;
mod words;

use chrono::{NaiveDate, NaiveDateTime};
use domain::kernel::CareerCompetence;
use domain::organisation::Language;

use crate::picture::Picture;

/// What is printed.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub language: Language,
    /// What kind of conversation it is, in the language of the sheet.
    pub title: String,
    pub student: String,
    /// When it begins, in school time; none where it is not planned yet.
    pub begins: Option<NaiveDateTime>,
    pub place: Option<String>,
    /// Who takes part besides the student.
    pub others: Vec<String>,
    /// What the student wants to reach and to find out, where someone else prints it.
    pub goals: Vec<String>,
    pub learning_questions: Vec<String>,
    /// What whoever prints it wants to talk about, and asks.
    pub topics: Vec<String>,
    pub questions: Vec<String>,
    /// What was agreed before and is still open.
    pub agreements: Vec<OpenAgreement>,
    /// The career competences that are asked about.
    pub competences: Vec<CareerCompetence>,
    /// Where the student is now, where there is something to see.
    pub picture: Option<Picture>,
}

/// An agreement that is still open.
#[derive(Clone, Debug)]
pub struct OpenAgreement {
    pub text: String,
    pub owner: String,
    pub due_on: Option<NaiveDate>,
}

/// The sheet could not be made.
#[derive(Debug, thiserror::Error)]
#[error("no sheet: {0}")]
pub struct NoSheet(String);

impl Sheet {
    /// The sheet as a PDF.
    ///
    /// # Errors
    /// [`NoSheet`] where the fonts that came along can not be read, or the page does not meet PDF/UA-1.
    pub fn pdf(&self) -> Result<Vec<u8>, NoSheet> {
        page::made(self)
    }
}
