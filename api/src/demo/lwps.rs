//! What teams made of their dossiers, or of career and citizenship where no dossier is here: LWPs, copies and reviews.

use std::collections::HashMap;

use persistence::Trouble;
use serde_json::{Value, json};

use super::college::{Landscape, Team};
use super::maker::{Maker, text};

/// An LWP as a team planned it.
struct Plan {
    title: &'static str,
    situation: &'static str,
    product: &'static str,
    criteria: [&'static str; 3],
    /// Codes of work processes, in the dossier of the landscape.
    processes: &'static [&'static str],
    /// Codes of requirements of career and citizenship.
    requirements: &'static [&'static str],
    competences: &'static [&'static str],
    level: u8,
}

/// In which weeks the start programme brings them.
pub const WEEKS: [usize; 4] = [1, 2, 3, 6];

const CARE: [Plan; 4] = [
    Plan {
        title: "Kennismaken met een bewoner",
        situation: "Op de dagopvang begint een nieuwe bewoner. Niemand weet nog wat zij fijn vindt.",
        product: "Een gesprek met een bewoner of cliënt, en een halve bladzijde over wie je ontmoette.",
        criteria: ["Je stelde open vragen.", "Je vertelt wat je verraste.", "De bewoner herkent zich in wat je schreef."],
        processes: &["B1-K1-W1"],
        requirements: &["B4"],
        competences: &["qualities"],
        level: 3,
    },
    Plan {
        title: "Een maaltijd voor tien",
        situation: "Tien bewoners eten samen. Twee van hen mogen niet alles eten, en het budget is vijftig euro.",
        product: "Een maaltijd die iedereen kan eten, met boodschappenlijst en planning.",
        criteria: ["Iedereen kan meedoen.", "Je blijft binnen het budget.", "Je laat zien welke keuzes je maakte en waarom."],
        processes: &["B1-K1-W2", "P1-K1-W1"],
        requirements: &["B3", "B5"],
        competences: &["motives", "careerControl"],
        level: 3,
    },
    Plan {
        title: "Een activiteit die bij de groep past",
        situation: "Op woensdagmiddag is de groep onrustig. Het team vraagt jou om iets te bedenken.",
        product: "Een middag die je voorbereidt, uitvoert en met de groep nabespreekt.",
        criteria: [
            "Je koos iets wat bij deze groep past.",
            "Je stuurde bij toen dat nodig was.",
            "Je weet wat je de volgende keer anders doet.",
        ],
        processes: &["P1-K1-W1", "P1-K1-W2"],
        requirements: &["L1"],
        competences: &["qualities", "workExploration"],
        level: 3,
    },
    Plan {
        title: "Terugkijken met een collega",
        situation: "Je stage is halverwege. Je begeleider vraagt hoe het met je plan staat.",
        product: "Een gesprek van een kwartier waarin je laat zien wat je plan opleverde, en een bijgesteld plan.",
        criteria: ["Je bent eerlijk over wat niet lukte.", "Je vroeg om feedback.", "Je plan is bijgesteld."],
        processes: &["B1-K1-W3", "P2-K1-W2"],
        requirements: &["L2", "L4"],
        competences: &["careerControl", "networking"],
        level: 3,
    },
];

const TECHNOLOGY: [Plan; 4] = [
    Plan {
        title: "Wat rammelt hier?",
        situation: "Een klant brengt een grasmaaier die rammelt en soms stilvalt.",
        product: "Een inspectie, en een advies aan de klant: repareren of vervangen.",
        criteria: ["Je vond wat er aan de hand is.", "De klant begrijpt je advies.", "Je werkte veilig."],
        processes: &["B1-K1-W1"],
        requirements: &["B2"],
        competences: &["qualities"],
        level: 2,
    },
    Plan {
        title: "Een oude machine weer aan het werk",
        situation: "In de werkplaats staat een machine die niemand meer durft te gebruiken.",
        product: "Een machine die het weer doet, met een verslag van wat je deed.",
        criteria: ["De machine werkt en is veilig.", "Je verslag is na te doen.", "Je verantwoordt welke onderdelen je verving."],
        processes: &["B1-K1-W2", "B1-K1-W3"],
        requirements: &["B3"],
        competences: &["motives", "workExploration"],
        level: 3,
    },
    Plan {
        title: "Van tekening naar beugel",
        situation: "Een bedrijf heeft twintig beugels nodig en stuurt een tekening waarin een maat ontbreekt.",
        product: "Een beugel die past, en een planning voor de andere negentien.",
        criteria: ["De beugel past.", "Je vroeg na wat ontbrak.", "Je planning klopt."],
        processes: &["P1-K1-W1", "P1-K1-W2"],
        requirements: &["L3"],
        competences: &["workExploration"],
        level: 3,
    },
    Plan {
        title: "Licht in de schuur",
        situation: "Bij een buurtmoestuin moet licht in de schuur komen, met zo weinig mogelijk materiaal.",
        product: "Een installatie die werkt en getest is.",
        criteria: ["Alles is getest voor het aan mag.", "Je gebruikte niet meer dan nodig.", "De tuinders weten hoe het werkt."],
        processes: &["P2-K1-W1", "P2-K1-W2"],
        requirements: &["B3", "B4"],
        competences: &["careerControl", "networking"],
        level: 3,
    },
];

/// Where no dossier is here: career and citizenship.
const CITIZENSHIP: [Plan; 4] = [
    Plan {
        title: "Wie kent mij?",
        situation: "Drie mensen die jou goed kennen zien dingen die jij zelf niet ziet.",
        product: "Drie gesprekken, en een bladzijde over wat ze over je kwaliteiten zeggen.",
        criteria: ["Je vroeg door.", "Je noemt voorbeelden.", "Je schrijft op waarin je jezelf niet herkent."],
        processes: &[],
        requirements: &["L1", "L2"],
        competences: &["qualities", "motives"],
        level: 2,
    },
    Plan {
        title: "Een dag achter de kassa van een ander",
        situation: "Wat een beroep vraagt, zie je pas als je meeloopt.",
        product: "Een dag meelopen bij iemand met een beroep dat je niet kent, en een gesprek daarover met je groep.",
        criteria: ["Je regelde de dag zelf.", "Je vertelt wat bij je past en wat niet.", "Je groep stelde je vragen."],
        processes: &[],
        requirements: &["L3", "L5", "B2"],
        competences: &["workExploration", "networking"],
        level: 2,
    },
    Plan {
        title: "Stemmen over iets echts",
        situation: "Het landschap heeft geld voor één voorstel van studenten.",
        product: "Een voorstel dat je verdedigt, en een stemming die de groep zelf regelt.",
        criteria: ["Je kent de argumenten van een ander.", "De stemming was eerlijk.", "Wie verloor, voelde zich gehoord."],
        processes: &[],
        requirements: &["B1", "B4"],
        competences: &["motives"],
        level: 3,
    },
    Plan {
        title: "Rondkomen in je eerste maand",
        situation: "Je gaat op kamers en verdient negenhonderd euro in de maand.",
        product: "Een begroting, met drie keuzes die je uitlegt.",
        criteria: ["De begroting klopt.", "Je vergeleek aanbieders.", "Je legt uit wat een keuze voor anderen betekent."],
        processes: &[],
        requirements: &["B3", "B5", "L4"],
        competences: &["careerControl"],
        level: 3,
    },
];

fn plans(landscape: usize) -> &'static [Plan; 4] {
    match landscape {
        0 => &CARE,
        1 => &TECHNOLOGY,
        _ => &CITIZENSHIP,
    }
}

/// Ids of what a code stands for.
type Codes = HashMap<String, String>;

fn take_up(codes: &mut Codes, things: &Value) -> Result<(), Trouble> {
    for thing in things.as_array().into_iter().flatten() {
        if let Some(code) = thing["code"].as_str() {
            codes.insert(code.to_owned(), text(thing, "id")?);
        }
    }
    Ok(())
}

/// The work processes of the dossier with this crebo; none where no dossier has it.
async fn processes(maker: &Maker, subject: &str, crebo: &str) -> Result<Codes, Trouble> {
    let mut codes = Codes::new();
    let page = maker.get(&format!("/qualification-dossiers?crebo={crebo}"), subject).await?;
    let Some(line) = page["items"].as_array().and_then(|items| items.first()) else { return Ok(codes) };
    let dossier = maker.get(&format!("/qualification-dossiers/{}", text(line, "id")?), subject).await?;
    let own = dossier["qualifications"].as_array().into_iter().flatten().map(|one| &one["coreTasks"]);
    for task in std::iter::once(&dossier["coreTasks"]).chain(own).flat_map(|tasks| tasks.as_array().into_iter().flatten()) {
        take_up(&mut codes, &task["workProcesses"])?;
    }
    Ok(codes)
}

fn ids(codes: &Codes, wanted: &[&str]) -> Vec<String> {
    wanted.iter().filter_map(|code| codes.get(*code).cloned()).collect()
}

/// The landscape's first team publishes its LWPs; answers their ids.
///
/// # Errors
/// A request that was not answered as wanted.
pub async fn publish(maker: &Maker, number: usize, landscape: &Landscape) -> Result<Vec<String>, Trouble> {
    let Some(team) = landscape.teams.first() else { return Ok(Vec::new()) };
    let teacher = team.teacher.as_str();
    let processes = processes(maker, teacher, landscape.crebos.first().copied().unwrap_or_default()).await?;
    let mut requirements = Codes::new();
    take_up(&mut requirements, &maker.get("/career-and-citizenship-requirements?limit=200", teacher).await?["items"])?;
    let mut published = Vec::new();
    for plan in plans(number) {
        let lwp = json!({
            "teamId": team.id, "title": plan.title, "situation": plan.situation, "product": plan.product, "criteria": plan.criteria,
            "workProcessIds": ids(&processes, plan.processes), "requirementIds": ids(&requirements, plan.requirements),
            "careerCompetences": plan.competences, "level": plan.level, "learningPreferences": ["doing", "reflecting"],
            "learningActivities": [
                { "title": "Bekijk het voorbeeld in e-TO", "url": "https://e-to.voorbeeld.nl/voorbeelden" },
                { "title": "Vraag een ouderejaars hoe die het deed" }
            ]
        });
        let id = text(&maker.post("/lwps", teacher, lwp).await?, "id")?;
        maker.post(&format!("/lwps/{id}/decisions"), teacher, json!({ "decision": "publish" })).await?;
        published.push(id);
    }
    retire(maker, team, &requirements).await?;
    Ok(published)
}

/// What the team made first, and no longer gives to anybody.
async fn retire(maker: &Maker, team: &Team, requirements: &Codes) -> Result<(), Trouble> {
    let first = json!({
        "teamId": team.id, "title": "Een werkstuk over jezelf", "situation": "Je begint aan je opleiding.", "level": 2,
        "product": "Vijf bladzijden over wie je bent.", "criteria": ["Het zijn vijf bladzijden."],
        "workProcessIds": [], "requirementIds": ids(requirements, &["L1"]), "careerCompetences": ["qualities"]
    });
    let path = format!("/lwps/{}/decisions", text(&maker.post("/lwps", &team.teacher, first).await?, "id")?);
    for decision in ["publish", "retire"] {
        maker.post(&path, &team.teacher, json!({ "decision": decision })).await?;
    }
    Ok(())
}

/// The team of another landscape reviews the first LWP of this one, and copies the second for itself.
///
/// # Errors
/// A request that was not answered as wanted.
pub async fn look_at_one_another(maker: &Maker, lwps: &[String], other: &Landscape) -> Result<(), Trouble> {
    let (Some(team), [first, second, ..]) = (other.teams.first(), lwps) else { return Ok(()) };
    let score =
        |criterion: &str, score: u8, remark: Option<&str>| json!({ "criterion": criterion, "score": score, "remark": remark });
    let review = json!({
        "scores": [
            score("instrumentality", 3, Some("Er is ruimte om te kiezen; de criteria vragen nog veel om afvinken.")),
            score("realSituation", 4, None),
            score("clearProduct", 4, None),
            score("usableCriteria", 3, None),
            score("ownChoice", 3, None),
            score("careerAndCitizenship", 2, Some("Laat de student vertellen wat dit over zichzelf zegt."))
        ],
        "remark": "Wij nemen de tweede opdracht over en maken er een buitenversie van."
    });
    maker.post(&format!("/lwps/{first}/reviews"), &team.teacher, review).await?;
    let copy = json!({ "decision": "copy", "teamId": team.id });
    let copied = maker.post(&format!("/lwps/{second}/decisions"), &team.teacher, copy).await?;
    let path = format!("/lwps/{}", text(&copied, "copyId")?);
    let title = format!("{} (buiten)", copied["title"].as_str().unwrap_or_default());
    maker.patch(&path, &team.teacher, json!({ "title": title })).await
}
