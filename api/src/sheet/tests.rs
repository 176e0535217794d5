use chrono::NaiveDate;
use domain::kernel::{CareerCompetence, Word};
use domain::organisation::Language;

use super::page::headings;
use super::{OpenAgreement, Sheet};
use crate::picture::{Figure, Picture, sample};

fn sheet(picture: Option<Picture>) -> Sheet {
    Sheet {
        language: Language::Dutch,
        title: "Loopbaangesprek".to_owned(),
        student: "Noor de Vries".to_owned(),
        begins: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap().and_hms_opt(14, 0, 0),
        place: Some("Lokaal B1.04".to_owned()),
        others: vec!["Fatima Yılmaz (coach)".to_owned()],
        goals: Vec::new(),
        learning_questions: Vec::new(),
        topics: vec![
            "Ik twijfel of ik in de zorg wil blijven 🤔 en wil daar eerlijk over praten.".to_owned(),
            "Mijn stage bij De Zonnehof gaat juist heel goed! 🎉".to_owned(),
        ],
        questions: vec!["Kan ik ook een paar dagen meelopen bij Dienstverlening?".to_owned()],
        agreements: vec![OpenAgreement {
            text: "Een gesprek voeren met een verpleegkundige over haar werk".to_owned(),
            owner: "Noor".to_owned(),
            due_on: NaiveDate::from_ymd_opt(2026, 12, 11),
        }],
        competences: CareerCompetence::ALL.to_vec(),
        picture,
    }
}

fn pages(pdf: &[u8]) -> usize {
    String::from_utf8_lossy(pdf).matches("/Type /Page\n").count() + String::from_utf8_lossy(pdf).matches("/Type/Page/").count()
}

#[test]
fn cv_1_a_sheet_is_one_page_and_the_same_to_the_byte() {
    let pdf = sheet(Some(sample(Figure::Radar))).pdf().unwrap();
    assert_eq!(pdf, sheet(Some(sample(Figure::Radar))).pdf().unwrap());
    if let Ok(folder) = std::env::var("PICTURES") {
        std::fs::write(format!("{folder}/sheet.pdf"), &pdf).unwrap();
    }
    assert_eq!(pages(&pdf), 1);
}

#[test]
fn cv_1_the_students_own_words_come_first_on_a_sheet() {
    assert_eq!(headings(&sheet(None)), ["Dit wil ik bespreken", "Mijn vragen", "Wat nog openstaat", "Om over door te praten"]);
    let unprepared =
        Sheet { topics: Vec::new(), questions: Vec::new(), agreements: Vec::new(), language: Language::English, ..sheet(None) };
    assert_eq!(headings(&unprepared), ["To talk on about"]);
    let of_coach = Sheet {
        goals: vec!["Zelf plannen".to_owned()],
        learning_questions: vec!["Wat kan ik met talen?".to_owned()],
        ..sheet(None)
    };
    if let Ok(folder) = std::env::var("PICTURES") {
        let pictured = Sheet { picture: Some(sample(Figure::Radar)), ..of_coach.clone() };
        std::fs::write(format!("{folder}/sheet-of-coach.pdf"), pictured.pdf().unwrap()).unwrap();
    }
    assert_eq!(headings(&of_coach)[..3], ["Wat de student wil bereiken", "Wat de student wil weten", "Dit wil ik bespreken"]);
}

#[test]
fn cv_1_however_much_was_prepared_a_sheet_is_one_page() {
    let long = "Waarom is het zo dat ik op school altijd moe ben en op mijn stage nooit? ".repeat(27);
    let much = || vec![long.clone(); 20];
    let agreements = vec![OpenAgreement { text: long.clone(), owner: "Noor".to_owned(), due_on: None }; 50];
    let full = Sheet {
        goals: much(),
        learning_questions: much(),
        topics: much(),
        questions: much(),
        agreements,
        title: long.clone(),
        ..sheet(Some(sample(Figure::Growth)))
    };
    assert_eq!(pages(&full.pdf().unwrap()), 1);
    let word = Sheet { topics: vec!["a".repeat(2000)], ..sheet(None) };
    assert_eq!(pages(&word.pdf().unwrap()), 1);
}

#[test]
fn cv_1_a_sheet_is_made_of_whatever_someone_wrote() {
    for text in [
        "",
        " ",
        "👩🏽‍🎓👍🏿",
        "Ἀθῆναι, Łódź, İzmir",
        "سلام",
        "中文",
        "a\u{301}\u{200d}\u{fe0f}\u{e0001}",
        "\u{10ffff}\u{fdd0}",
        "🇳🇱 1️⃣",
    ] {
        let odd = Sheet { topics: vec![text.to_owned()], student: text.to_owned(), title: "Gesprek".to_owned(), ..sheet(None) };
        assert!(odd.pdf().is_ok(), "{text}: {:?}", odd.pdf().err());
    }
}
