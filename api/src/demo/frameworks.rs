//! What students of a landscape are rated on: the work processes of its qualification, or the career competences alone where no
//! dossier is here.

use persistence::Trouble;
use serde_json::{Value, json};

use super::college::Landscape;
use super::maker::{Maker, text};

/// The levels, what they are called and what one sees.
const SCALE: [(&str, &str); 4] = [
    ("Oriënterend", "Ik kijk mee en stel vragen."),
    ("Beginnend", "Ik doe het met hulp."),
    ("Gevorderd", "Ik doe het zelf als ik de situatie ken."),
    ("Vakbekwaam", "Ik doe het zelf, ook als het anders loopt, en ik leg uit waarom."),
];

/// Publishes the framework of a landscape that is called so.
///
/// # Errors
/// A request that was not answered as wanted.
pub async fn publish(maker: &Maker, landscape: &Landscape, name: &str) -> Result<(), Trouble> {
    let level = |(place, (label, description)): (usize, &(&str, &str))| json!({ "level": place + 1, "label": label, "description": description });
    let scale: Vec<Value> = SCALE.iter().enumerate().map(level).collect();
    let draft = json!({
        "landscapeId": landscape.id, "qualificationId": qualification(maker, landscape).await?, "title": format!("Leermeter {name}"),
        "scale": scale, "ownViewFirst": true
    });
    let view = maker.post("/competence-frameworks", &landscape.manager, draft).await?;
    let path = format!("/competence-frameworks/{}/decisions", text(&view, "id")?);
    maker.post(&path, &landscape.manager, json!({ "decision": "publish" })).await.map(drop)
}

/// The first qualification of the landscape that is in a dossier, or null.
async fn qualification(maker: &Maker, landscape: &Landscape) -> Result<Value, Trouble> {
    let Some(crebo) = landscape.crebos.first() else { return Ok(Value::Null) };
    let dossiers = maker.get(&format!("/qualification-dossiers?crebo={crebo}"), &landscape.manager).await?;
    let qualifications = dossiers["items"][0]["qualifications"].as_array().into_iter().flatten();
    let found = qualifications.into_iter().find(|one| one["crebo"] == *crebo).map(|one| one["id"].clone());
    Ok(found.unwrap_or_default())
}
