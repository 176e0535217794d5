use chrono::NaiveDate;
use domain::kernel::Word;
use domain::leermeter::RaterKind as K;
use domain::organisation::Language;

use super::drawing::{Anchor, Colour, DARK, LIGHT, Shape, WIDTH, width};
use super::{Drawn, Figure, Mark, Picture, Theme};

fn day(month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, 14).unwrap()
}

fn drawn(title: &str, marks: &[(usize, K, f64)], own: Option<f64>, others: Option<f64>) -> Drawn {
    let marks = marks.iter().map(|(round, kind, place)| Mark { round: *round, kind: *kind, place: *place, raters: 1 }).collect();
    Drawn { title: title.to_owned(), marks, own, others }
}

/// A student in the third round, as drawn for a light ground in Dutch.
pub fn sample(figure: Figure) -> Picture {
    picture(figure, Theme::Light, Language::Dutch)
}

fn picture(figure: Figure, theme: Theme, language: Language) -> Picture {
    let all = [
        (0, K::Student, 0.0),
        (0, K::Coach, 1.0),
        (0, K::Teacher, 1.0),
        (1, K::Student, 1.0),
        (1, K::Coach, 2.0),
        (1, K::Teacher, 1.0),
        (1, K::Peer, 2.0),
        (1, K::Buddy, 3.0),
        (1, K::WorkplaceTrainer, 2.0),
        (2, K::Student, 3.0),
        (2, K::Coach, 2.0),
        (2, K::WorkplaceTrainer, 3.0),
    ];
    Picture {
        figure,
        theme,
        language,
        framework: "Loopbaancompetenties Zorg & Welzijn 2026".to_owned(),
        scale: [(1, "Start"), (2, "Op weg"), (3, "Zelfstandig"), (4, "Voorbeeld voor anderen")]
            .map(|(level, label)| (level, label.to_owned()))
            .to_vec(),
        rounds: vec![day(9), day(10), day(11)],
        competences: vec![
            drawn("Kwaliteitenreflectie: wat kan ik het best en hoe weet ik dat?", &all, Some(3.0), Some(2.5)),
            drawn("Motievenreflectie: waar ga en sta ik voor?", &all[..2], Some(0.0), Some(1.0)),
            drawn("Werkexploratie: waar past wie ik ben bij het werk dat er is?", &[(1, K::Coach, 2.0)], None, Some(2.0)),
            drawn("Loopbaansturing: hoe bereik ik wat ik wil?", &[], None, None),
            drawn("Netwerken: wie kan mij helpen mijn doel te bereiken?", &all[..9], Some(1.0), Some(2.0)),
        ],
        more: 0,
    }
}

#[test]
fn lm_4_the_picture_of_the_same_leermeter_is_the_same_to_the_byte() {
    for figure in [Figure::Growth, Figure::Radar] {
        let one = picture(figure, Theme::Light, Language::Dutch).svg();
        assert_eq!(one, picture(figure, Theme::Light, Language::Dutch).svg());
        assert_ne!(one, picture(figure, Theme::Dark, Language::Dutch).svg());
        assert_ne!(one, picture(figure, Theme::Light, Language::English).svg());
        if let Ok(folder) = std::env::var("PICTURES") {
            for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
                std::fs::write(format!("{folder}/{figure:?}-{name}.svg"), picture(figure, theme, Language::Dutch).svg()).unwrap();
            }
        }
    }
}

fn texts(shapes: &[Shape]) -> Vec<(&str, f64, bool, f64, f64)> {
    let text = |shape| match shape {
        &Shape::Text { at, anchor, size, bold, ref text, .. } => {
            let wide = width(text, size, bold);
            let left = match anchor {
                Anchor::Start => at.0,
                Anchor::Middle => at.0 - wide / 2.0,
                Anchor::End => at.0 - wide,
            };
            Some((text.as_str(), size, bold, left, left + wide))
        }
        _ => None,
    };
    shapes.iter().filter_map(text).collect()
}

#[test]
fn lm_4_what_stands_in_the_picture_can_be_read_at_320_pixels() {
    for figure in [Figure::Growth, Figure::Radar] {
        let mut wordy = sample(figure);
        wordy.scale[1].1 = "Onder begeleiding van een collega die het kan".to_owned();
        wordy.competences[0].title = "Samenwerkingsvaardighedenontwikkelingsgesprekkencyclus en verder".to_owned();
        let drawing = wordy.drawn();
        for (text, size, _, left, right) in texts(&drawing.shapes) {
            assert!(size >= 11.0, "{text} is {size} high");
            assert!(left >= 0.0 && right <= WIDTH, "{text} goes from {left} to {right}");
        }
    }
}

#[test]
fn lm_4_what_nobody_rated_is_shown_as_such_and_never_as_the_lowest_level() {
    let unrated = Picture { competences: vec![drawn("Netwerken", &[], None, None)], ..sample(Figure::Growth) };
    let shapes = unrated.drawn().shapes;
    assert!(texts(&shapes).iter().any(|(text, ..)| *text == "Nog niet beoordeeld"), "{shapes:?}");
    assert!(!shapes.iter().any(|shape| matches!(shape, Shape::Circle { .. } | Shape::Path { .. })), "{shapes:?}");
    assert!(unrated.in_words().contains("Netwerken. Nog niet beoordeeld."), "{}", unrated.in_words());

    let half = Picture {
        competences: vec![drawn("A", &[], Some(1.0), None), drawn("B", &[], None, None), drawn("C", &[], Some(2.0), None)],
        ..sample(Figure::Radar)
    };
    let marks = half.drawn().shapes.iter().filter(|shape| matches!(shape, Shape::Circle { .. })).count();
    assert_eq!(marks, 2 + 1, "one for each that was rated, and one in the legend");
}

#[test]
fn lm_4_the_picture_says_what_the_figures_say() {
    let of_ten = |others: f64| Picture {
        scale: (0..10).map(|level| (level * 10, format!("N{level}"))).collect(),
        rounds: vec![day(9), day(9).succ_opt().unwrap()],
        competences: vec![drawn("Netwerken", &[(0, K::Student, 3.0), (1, K::Coach, others)], Some(3.0), Some(others))],
        ..sample(Figure::Growth)
    };
    let (alike, clearly) = (of_ten(5.0), of_ten(5.5));
    assert!(!alike.in_words().contains("Anderen zien meer"), "two steps of nine: {}", alike.in_words());
    assert!(clearly.in_words().starts_with("Anderen zien meer dan ik: Netwerken. Netwerken. Ik: N3"), "{}", clearly.in_words());
    let fewer = Picture { more: 35, ..of_ten(5.0) };
    assert!(fewer.in_words().ends_with("Andere competenties in de leermeter: 35."), "{}", fewer.in_words());
    assert!(fewer.svg().contains(">Andere competenties in de leermeter: 35</text>"), "{}", fewer.svg());
    let shapes = clearly.drawn().shapes;
    let said: Vec<_> = texts(&shapes).into_iter().map(|(text, ..)| text).collect();
    for wanted in ["0", "90", "14 sep", "15 sep"] {
        assert!(said.contains(&wanted), "{wanted} in {said:?}");
    }
    assert!(!said.contains(&"10 N9") && said.iter().any(|text| text.contains("90\u{a0}N9")), "{said:?}");
}

#[test]
fn lm_4_who_does_not_see_the_picture_hears_all_of_it() {
    for (figure, language) in [(Figure::Growth, Language::Dutch), (Figure::Radar, Language::English)] {
        let picture = picture(figure, Theme::Dark, language);
        let svg = picture.svg();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let root = document.root_element();
        assert_eq!((root.attribute("role"), root.attribute("lang")), (Some("img"), Some(language.word())));
        let said = |name| root.children().find(|child| child.has_tag_name((root.tag_name().namespace().unwrap(), name))).unwrap();
        assert_eq!(
            root.attribute("aria-labelledby").unwrap(),
            format!("{} {}", said("title").attribute("id").unwrap(), said("desc").attribute("id").unwrap())
        );
        let described = said("desc").text().unwrap();
        for drawn in &picture.competences {
            assert!(described.contains(drawn.title.trim_end_matches('?')), "{described}");
        }
        assert_eq!(described.contains("14 okt 2026 Op weg"), figure == Figure::Growth, "{described}");
    }
}

#[test]
fn lm_4_a_picture_runs_nothing_and_fetches_nothing_whatever_people_wrote() {
    let mut picture = sample(Figure::Growth);
    picture.framework = "<script>alert(1)</script> & \"zorg\"\u{7}".to_owned();
    picture.competences[0].title = "]]><image href='http://example.org'/>".to_owned();
    let svg = picture.svg();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let names: std::collections::BTreeSet<_> =
        document.descendants().filter(roxmltree::Node::is_element).map(|node| node.tag_name().name().to_owned()).collect();
    let known = ["circle", "desc", "polygon", "polyline", "rect", "svg", "text", "title"].map(str::to_owned);
    assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
    assert!(
        document
            .descendants()
            .flat_map(|node| node.attributes())
            .all(|attribute| !attribute.name().starts_with("on") && attribute.name() != "href")
    );
}

/// WCAG 2.2, relative luminance and contrast ratio.
fn contrast(one: Colour, other: Colour) -> f64 {
    let luminance = |Colour(red, green, blue)| {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
    };
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

#[test]
fn lm_4_letters_and_lines_stand_out_from_their_ground_in_both_themes() {
    for colours in [LIGHT, DARK] {
        for (letters, ground) in [(colours.ink, colours.ground), (colours.muted, colours.ground), (colours.ink, colours.proud)] {
            assert!(contrast(letters, ground) >= 4.5, "{letters} on {ground}");
        }
        for line in [colours.own, colours.others] {
            assert!(contrast(line, colours.ground) >= 3.0, "{line} on {}", colours.ground);
        }
    }
}
