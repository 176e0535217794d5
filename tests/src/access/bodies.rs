//! Bodies that are asked with more than once.

use serde_json::{Value, json};

/// A template of ten weeks.
pub fn template(landscape: &str, year: &str) -> Value {
    let week = |week| json!({ "week": week, "theme": format!("Thema {week}"), "activities": [{ "title": "Kennismaken" }] });
    let weeks: Vec<_> = (1..=10).map(week).collect();
    json!({ "landscapeId": landscape, "schoolYear": year, "title": "Startprogramma", "weeks": weeks })
}

/// A competence framework of the work processes of a qualification.
pub fn framework(landscape: &str, qualification: &str) -> Value {
    let level = |level: u8| json!({ "level": level, "label": format!("Niveau {level}"), "description": "Ik doe het met hulp." });
    json!({
        "landscapeId": landscape, "qualificationId": qualification, "title": "Leermeter", "scale": [level(1), level(2)],
        "ownViewFirst": true
    })
}

/// A dossier as a body of `POST /imports`, and its media type.
pub fn dossier(fields: &[(&str, &str)]) -> (String, String) {
    let xml = include_str!("../../../api/src/demo/dossiers/zorg.xml");
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += "--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"dossier.xml\"\r\nContent-Type: application/xml\r\n\r\n";
    (format!("{body}{xml}\r\n--part--\r\n"), "multipart/form-data; boundary=part".to_owned())
}
