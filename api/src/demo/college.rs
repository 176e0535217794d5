//! The college itself: four landscapes, their teams and staff, calendars, dossiers, templates and activities.

use chrono::{Datelike, NaiveDate, TimeDelta};
use domain::kernel::Word;
use domain::start_programme::SchoolYear;
use persistence::Trouble;
use serde_json::{Value, json};

use super::maker::{Maker, text};
use super::names::name;
use super::{frameworks, lwps};
use crate::personas::Persona;

/// A landscape with all that students need in it.
pub struct Landscape {
    pub id: String,
    /// Subjects of its scouts.
    pub scouts: Vec<Staff>,
    pub coaches: Vec<Staff>,
    pub teams: Vec<Team>,
    pub crebos: &'static [&'static str],
    /// Subject of its manager.
    pub manager: String,
}

/// A team and who leads it.
pub struct Team {
    pub id: String,
    /// Subject of its teacher.
    pub teacher: String,
}

/// Someone who works at the college: the subject of the account, and the id.
#[derive(Clone)]
pub struct Staff {
    pub subject: String,
    pub id: String,
}

/// All of it.
pub struct College {
    pub landscapes: Vec<Landscape>,
}

const ADMINISTRATOR: &str = "administrator";
/// Since when staff have their roles.
const SINCE: &str = "2024-08-01";

struct Plan {
    name: &'static str,
    about: &'static str,
    teams: &'static [&'static str],
    crebos: &'static [&'static str],
    themes: [&'static str; 10],
}

const PLANS: [Plan; 4] = [
    Plan {
        name: "Zorg en Welzijn",
        about: "Werken met mensen: van kinderopvang tot ouderenzorg.",
        teams: &["Pedagogisch werk", "Verzorging", "Dienstverlening"],
        crebos: &["25901", "25902"],
        themes: [
            "Wie ben ik?",
            "Zorgen voor een ander",
            "Mijn talenten",
            "Een dag in de zorg",
            "Grenzen en nabijheid",
            "Samenwerken",
            "Mijn netwerk",
            "Wat past bij mij?",
            "Vooruitkijken",
            "Kiezen",
        ],
    },
    Plan {
        name: "Techniek en Bouw",
        about: "Maken, meten en herstellen, in de werkplaats en op de bouw.",
        teams: &["Werktuigbouw", "Elektro", "Bouw"],
        crebos: &["25911", "25912"],
        themes: [
            "Wie ben ik?",
            "Handen en hoofd",
            "Mijn talenten",
            "Een dag op de bouw",
            "Veilig werken",
            "Samen bouwen",
            "Mijn netwerk",
            "Wat past bij mij?",
            "Vooruitkijken",
            "Kiezen",
        ],
    },
    Plan {
        name: "Economie en Dienstverlening",
        about: "Handel, administratie en gastvrijheid.",
        teams: &["Handel", "Administratie"],
        crebos: &["25921"],
        themes: [
            "Wie ben ik?",
            "De klant",
            "Mijn talenten",
            "Een dag in de winkel",
            "Omgaan met geld",
            "Samenwerken",
            "Mijn netwerk",
            "Wat past bij mij?",
            "Vooruitkijken",
            "Kiezen",
        ],
    },
    Plan {
        name: "Sport en Bewegen",
        about: "Mensen in beweging brengen, binnen en buiten.",
        teams: &["Sport en recreatie", "Veiligheid"],
        crebos: &["25931"],
        themes: [
            "Wie ben ik?",
            "In beweging",
            "Mijn talenten",
            "Een dag op de club",
            "Winnen en verliezen",
            "Teamgeest",
            "Mijn netwerk",
            "Wat past bij mij?",
            "Vooruitkijken",
            "Kiezen",
        ],
    },
];

/// Founds the college.
///
/// # Errors
/// A request that was not answered as wanted.
pub async fn found(maker: &Maker) -> Result<College, Trouble> {
    maker.days_ago(400);
    institution(maker).await?;
    let years = years(maker.today());
    for year in &years {
        let calendar = json!({ "holidays": holidays(*year) });
        maker.put_first(&format!("/school-calendars/{year}"), ADMINISTRATOR, &calendar).await?;
    }
    for dossier in [include_str!("dossiers/zorg.xml"), include_str!("dossiers/techniek.xml")] {
        maker.import("dossier", ADMINISTRATOR, dossier).await?;
    }
    let (mut landscapes, mut published) = (Vec::new(), Vec::new());
    for (number, plan) in PLANS.iter().enumerate() {
        let landscape = landscape(maker, number, plan).await?;
        let lwps = lwps::publish(maker, number, &landscape).await?;
        let mut last = Value::Null;
        for year in &years {
            last = template(maker, &landscape, plan, *year, &lwps).await?;
        }
        succeed(maker, &landscape, last).await?;
        frameworks::publish(maker, &landscape, plan.name).await?;
        activities(maker, &landscape, plan).await?;
        landscapes.push(landscape);
        published.push(lwps);
    }
    for (number, lwps) in published.iter().enumerate() {
        lwps::look_at_one_another(maker, lwps, &landscapes[(number + 1) % landscapes.len()]).await?;
    }
    Ok(College { landscapes })
}

/// The school years in which stories take place: this one, the one before and the next.
fn years(today: NaiveDate) -> [SchoolYear; 3] {
    [-365, 0, 365].map(|days| SchoolYear::of(today + TimeDelta::days(days)))
}

/// Holidays of the north of the country, near enough: a week in autumn and in spring, two at Christmas and in May, six in
/// summer, of which the last ones are in the next school year.
fn holidays(year: SchoolYear) -> Value {
    let begins: i32 = year.to_string().get(..4).and_then(|text| text.parse().ok()).unwrap_or(2026);
    let monday = |year: i32, month: u32, day: u32| {
        let date = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        date - TimeDelta::days(i64::from(date.weekday().num_days_from_monday()))
    };
    let holiday = |title: &str, from: NaiveDate, weeks: i64| json!({ "title": title, "firstOn": from, "lastOn": from + TimeDelta::days(weeks * 7 - 3) });
    let summer = |year: i32| monday(year, 7, 10);
    let rest_of_summer = summer(begins) + TimeDelta::days(6 * 7 - 3);
    json!([
        { "title": "Zomervakantie", "firstOn": format!("{begins}-08-01"), "lastOn": rest_of_summer },
        holiday("Herfstvakantie", monday(begins, 10, 21), 1),
        holiday("Kerstvakantie", monday(begins, 12, 24), 2),
        holiday("Voorjaarsvakantie", monday(begins + 1, 2, 24), 1),
        holiday("Meivakantie", monday(begins + 1, 4, 30), 2),
        { "title": "Zomervakantie", "firstOn": summer(begins + 1), "lastOn": format!("{}-07-31", begins + 1) }
    ])
}

async fn person(maker: &Maker, number: usize, subject: &str, birth_date: Option<NaiveDate>) -> Result<Staff, Trouble> {
    let (given, prefix, family) = name(number);
    let person = json!({
        "givenName": given,
        "familyNamePrefix": if prefix.is_empty() { Value::Null } else { prefix.into() },
        "familyName": family,
        "birthDate": birth_date,
        "email": format!("{}@leerloopbaan.example", subject.to_lowercase()),
        "account": { "issuer": super::ISSUER, "subject": subject }
    });
    let view = maker.post("/people", ADMINISTRATOR, person).await?;
    Ok(Staff { subject: subject.to_owned(), id: text(&view, "id")? })
}

/// A guardian, who has an account but no role.
///
/// # Errors
/// A request that was not answered as wanted.
pub async fn guardian(maker: &Maker, number: usize) -> Result<Staff, Trouble> {
    person(maker, number, Persona::Guardian.word(), None).await
}

async fn appoint(maker: &Maker, who: &Staff, role: Persona, unit: Value) -> Result<(), Trouble> {
    let mut granted = json!({ "role": role.word(), "from": SINCE });
    if let (Some(granted), Some(unit)) = (granted.as_object_mut(), unit.as_object()) {
        granted.extend(unit.clone());
    }
    maker.post(&format!("/people/{}/roles", who.id), ADMINISTRATOR, granted).await.map(drop)
}

/// Who works for all landscapes, and the service accounts.
async fn institution(maker: &Maker) -> Result<(), Trouble> {
    let roles = [Persona::Director, Persona::SabAdviser, Persona::PrivacyOfficer, Persona::WorkplaceTrainer];
    for (number, role) in roles.into_iter().enumerate() {
        let who = person(maker, 1000 + number, role.word(), None).await?;
        appoint(maker, &who, role, json!({})).await?;
    }
    let services = [
        (Persona::Dashboard, json!(["organisation:read", "orientation:read", "curriculum:read", "changes:read"])),
        (Persona::Elearning, json!(["organisation:read", "curriculum:read", "startProgrammeTemplates:read"])),
    ];
    for (service, scopes) in services {
        let account = json!({ "issuer": super::ISSUER, "subject": service.word() });
        maker
            .post("/service-accounts", ADMINISTRATOR, json!({ "name": service.word(), "scopes": scopes, "account": account }))
            .await?;
    }
    Ok(())
}

/// One landscape with its teams and staff. In the first work the personas, in the second `otherCoach`.
async fn landscape(maker: &Maker, number: usize, plan: &Plan) -> Result<Landscape, Trouble> {
    let view = maker.post("/landscapes", ADMINISTRATOR, json!({ "name": plan.name, "description": plan.about })).await?;
    let id = text(&view, "id")?;
    let here = || json!({ "landscapeId": id });
    let subject = |role: &str, place: usize| match (number, place) {
        (0, 0) => role.to_owned(),
        (1, 0) if role == "coach" => Persona::OtherCoach.word().to_owned(),
        _ => format!("{role}-{number}-{place}"),
    };
    let someone = 1010 + number * 100;
    let manager = person(maker, someone, &subject("landscapeManager", 0), None).await?;
    appoint(maker, &manager, Persona::LandscapeManager, here()).await?;
    let mut scouts = Vec::new();
    for place in 0..2 {
        let scout = person(maker, someone + 1 + place, &subject("scout", place), None).await?;
        appoint(maker, &scout, Persona::Scout, here()).await?;
        scouts.push(scout);
    }
    let mut coaches = Vec::new();
    for place in 0..6 {
        let coach = person(maker, someone + 10 + place, &subject("coach", place), None).await?;
        appoint(maker, &coach, Persona::Coach, here()).await?;
        coaches.push(coach);
    }
    let mut teams = Vec::new();
    for (place, name) in plan.teams.iter().enumerate() {
        let team = maker.post("/teams", ADMINISTRATOR, json!({ "landscapeId": id, "name": name })).await?;
        let team = text(&team, "id")?;
        let leader = person(maker, someone + 20 + place, &subject("teamLeader", place), None).await?;
        appoint(maker, &leader, Persona::TeamLeader, json!({ "teamId": team })).await?;
        let teacher = person(maker, someone + 30 + place, &subject("teacher", place), None).await?;
        appoint(maker, &teacher, Persona::Teacher, json!({ "teamId": team })).await?;
        teams.push(Team { id: team, teacher: teacher.subject });
    }
    Ok(Landscape { id, scouts, coaches, teams, crebos: plan.crebos, manager: manager.subject })
}

/// The landscape's start programme for a school year, published; answers it.
async fn template(
    maker: &Maker,
    landscape: &Landscape,
    plan: &Plan,
    year: SchoolYear,
    lwps: &[String],
) -> Result<Value, Trouble> {
    let week = |(place, theme): (usize, &&str)| {
        json!({
            "week": place + 1,
            "theme": theme,
            "activities": [
                { "title": format!("Ga met je groep in gesprek over: {theme}") },
                { "title": "Werk je opdracht van de week uit", "description": "Laat zien wat je deed, wat lukte en wat je anders zou doen." },
                { "title": "Bespreek je week met je coach" }
            ],
            "lwpIds": lwps::WEEKS.iter().zip(lwps).filter(|(week, _)| **week == place + 1).map(|(_, lwp)| lwp).collect::<Vec<_>>()
        })
    };
    let weeks: Vec<Value> = plan.themes.iter().enumerate().map(week).collect();
    let title = format!("Startprogramma {}", plan.name);
    let mut draft = json!({ "landscapeId": landscape.id, "schoolYear": year.to_string(), "title": title, "weeks": weeks });
    let view = maker.post("/start-programme-templates", &landscape.manager, draft.clone()).await?;
    let path = format!("/start-programme-templates/{}/decisions", text(&view, "id")?);
    maker.post(&path, &landscape.manager, json!({ "decision": "publish" })).await?;
    draft["previousId"] = view["id"].clone();
    Ok(draft)
}

/// What is to follow a published template, and is still talked about.
async fn succeed(maker: &Maker, landscape: &Landscape, mut draft: Value) -> Result<(), Trouble> {
    draft["title"] = format!("{} (voorstel)", draft["title"].as_str().unwrap_or_default()).into();
    maker.post("/start-programme-templates", &landscape.manager, draft).await.map(drop)
}

/// A prospect can explore a field beside this student, and did so choose.
///
/// # Errors
/// A request that was not answered as wanted.
pub async fn beside_a_student(maker: &Maker, landscape: &Landscape, student: &str) -> Result<(), Trouble> {
    let starts_at = maker.now + TimeDelta::days(9);
    let activity = json!({
        "kind": "buddyPlacement", "title": "Een dag mee met een student", "landscapeId": landscape.id, "place": "Rechterland 1, Zwolle",
        "capacity": 1, "startsAt": starts_at, "endsAt": starts_at + TimeDelta::hours(6), "buddyId": student, "field": "Kinderopvang"
    });
    let activity = text(&maker.post("/orientation-activities", &landscape.scouts[0].subject, activity).await?, "id")?;
    let (given, _, family) = name(3900);
    let prospect = json!({
        "givenName": given, "familyName": family, "birthDate": "2010-03-14", "email": "prospect@leerloopbaan.example",
        "school": "Thorbecke Scholengemeenschap"
    });
    maker.post(&format!("/orientation-activities/{activity}/registrations"), "", prospect).await.map(drop)
}

/// What prospects can come to: some in the past, some still to come, one of them full.
async fn activities(maker: &Maker, landscape: &Landscape, plan: &Plan) -> Result<(), Trouble> {
    let scout = &landscape.scouts[0].subject;
    let plans = [
        ("infoshopConversation", format!("Infoshop: {}", plan.name), -21, 12, 3),
        ("shadowDay", format!("Meeloopdag {}", plan.teams[0]), -10, 8, 6),
        ("shadowDay", format!("Meeloopdag {}", plan.teams[1]), 12, 3, 5),
        ("infoshopConversation", format!("Infoshop: {}", plan.name), 20, 12, 2),
    ];
    for (number, (kind, title, days, capacity, prospects)) in plans.into_iter().enumerate() {
        maker.days_ago(40);
        let starts_at = maker.now + TimeDelta::days(days);
        let activity = json!({
            "kind": kind, "title": title, "landscapeId": landscape.id, "place": "Rechterland 1, Zwolle", "capacity": capacity,
            "startsAt": starts_at, "endsAt": starts_at + TimeDelta::hours(4)
        });
        let activity = text(&maker.post("/orientation-activities", scout, activity).await?, "id")?;
        maker.days_ago(30);
        let mut registered = Vec::new();
        for prospect in 0..prospects {
            let (given, prefix, family) = name(3000 + number * 11 + prospect);
            let body = json!({
                "givenName": given, "familyName": format!("{prefix} {family}").trim(), "birthDate": "2010-03-14",
                "email": format!("prospect{number}{prospect}@leerloopbaan.example"), "school": "Thorbecke Scholengemeenschap"
            });
            registered.push(maker.post(&format!("/orientation-activities/{activity}/registrations"), "", body).await?);
        }
        if let Some(first) = registered.first().filter(|_| days > 0) {
            let path = format!("/registrations/{}/decisions", text(first, "id")?);
            maker.post(&path, "", json!({ "decision": "cancel", "secret": first["secret"] })).await?;
        }
        if days < 0 {
            maker.days_ago(-days - 1);
            for (place, registration) in registered.iter().enumerate() {
                let path = format!("/registrations/{}/decisions", text(registration, "id")?);
                let attended = place % 3 != 2;
                let decision = if attended { "markAttended" } else { "markAbsent" };
                maker.post(&path, scout, json!({ "decision": decision })).await?;
                if attended && place % 2 == 0 {
                    let experience = json!({
                        "decision": "addExperience", "secret": registration["secret"],
                        "seen": "Hoe rustig de begeleider bleef toen het druk werd.",
                        "learned": "Dat ik graag met mensen werk, en dat ik van een vaste dagindeling houd."
                    });
                    maker.post(&path, "", experience).await?;
                }
            }
        }
    }
    maker.days_ago(0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::kernel::Id;
    use domain::start_programme::SchoolCalendar;

    use super::*;

    #[test]
    fn sp_2_the_school_years_of_the_demo_begin_with_the_rest_of_the_summer_holiday() {
        for (year, last_on) in [("2025-2026", "2025-08-15"), ("2026-2027", "2026-08-14"), ("2027-2028", "2027-08-13")] {
            let year = SchoolYear::parse(year).unwrap();
            let new = serde_json::from_value(json!({ "holidays": holidays(year) })).unwrap();
            let calendar = SchoolCalendar::lay_down(Id::in_order(), year, new).unwrap().thing;
            let first = &calendar.holidays[0];
            assert_eq!((first.first_on.month(), first.first_on.day()), (8, 1));
            assert_eq!(first.last_on.to_string(), last_on);
        }
    }
}
