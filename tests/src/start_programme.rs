//! The ten-week start programme (SP-1 to SP-5): as landscapes lay it down, as students do it, and how it closes.

mod calendar;
mod closing;
mod ending;
mod running;
mod templates;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use domain::access::{Action, Permit};
use domain::enrolment::{Enrolment, NewEnrolment};
use domain::kernel::{CoachAssignmentId, Crebo, EnrolmentId, Id, ProgrammeId, Route};
use domain::start_programme::SchoolYear;
use persistence::{Asking, Database, Identity, Trouble, Writing};
use serde_json::{Value, json};

use crate::harness::{World, findings};

fn id<Of>(text: &str) -> Id<Of> {
    text.parse().expect("an id")
}

/// A template of ten weeks with two activities each.
pub fn template(world: &World, year: SchoolYear) -> Value {
    let activities = json!([{ "title": "Kennismaken" }, { "title": "Rondleiding", "description": "Langs de werkplaatsen." }]);
    let week = |week| json!({ "week": week, "theme": format!("Thema {week}"), "activities": activities });
    let weeks: Vec<_> = (1..=10).map(week).collect();
    json!({ "landscapeId": world.college.landscape, "schoolYear": year.to_string(), "title": "Startprogramma", "weeks": weeks })
}

async fn drafted(world: &World, content: Value) -> String {
    let drafted = world.post("/start-programme-templates", content).by("landscapeManager").send().await.created();
    drafted["id"].as_str().unwrap().to_owned()
}

pub async fn published(world: &World, content: Value) -> String {
    let id = drafted(world, content).await;
    world.decide("/start-programme-templates", &id, "publish", json!({})).by("landscapeManager").send().await.ok();
    id
}

/// Lets time pass until the first Monday of September, mid-morning at school.
pub fn until_september(world: &World) -> NaiveDate {
    let next = |year| {
        let first = NaiveDate::from_ymd_opt(year, 9, 1).unwrap();
        first + Days::new(u64::from(7 - first.weekday().num_days_from_monday()) % 7)
    };
    let morning = |monday: NaiveDate| -> DateTime<Utc> { monday.and_hms_opt(9, 0, 0).unwrap().and_utc() };
    let this_year = world.now().year();
    let monday = [next(this_year), next(this_year + 1)].into_iter().find(|monday| morning(*monday) > world.now()).unwrap();
    world.wait(morning(monday) - world.now());
    monday
}

/// The system does something, apart from any door.
async fn by_the_system<T: Send + 'static>(
    world: &World,
    work: impl Fn(&mut Writing<'_>, Permit) -> Result<T, Trouble> + Send + 'static,
) -> T {
    let asking = Asking { identity: Identity::System, now: world.now() };
    let database = Database::open(&world.location).expect("the database opens");
    database.write(asking, move |writing| work(writing, Permit::system(Action::Place))).await.expect("it is done")
}

/// Places the student under the coach on a day, with weeks credited; the enrolment, and the programme if one began.
async fn place(world: &World, starts_on: NaiveDate, credited_weeks: u8) -> (EnrolmentId, Option<ProgrammeId>) {
    let college = &world.college;
    let new = NewEnrolment {
        id: EnrolmentId::in_order(),
        student_id: id(college.person("student")),
        landscape_id: id(&college.landscape),
        team_id: id(&college.team),
        coach_id: id(college.person("coach")),
        crebo: Crebo::parse("25655").unwrap(),
        route: Route::Bol,
        starts_on,
    };
    let begun = move |writing: &mut Writing<'_>, permit| {
        let placed = Enrolment::place(new, CoachAssignmentId::in_order(), writing.now());
        persistence::enrolment::stay::begin(writing, permit, &placed, None)?;
        api::start_programme::begin(writing, permit, &placed.enrolment.thing, credited_weeks)
    };
    (new.id, by_the_system(world, begun).await)
}

/// Someone applies and is placed under the coach for this day; the enrolment.
pub async fn applied_and_placed(world: &World, email: &str, starts_on: NaiveDate) -> String {
    let college = &world.college;
    let new = json!({
        "landscapeId": college.landscape, "givenName": "Sanne", "familyName": "Bakker", "birthDate": "2009-05-04",
        "email": email, "motivation": "Ik wil met kinderen werken."
    });
    let application = world.post("/applications", new).send().await.created()["id"].as_str().unwrap().to_owned();
    let place = json!({
        "teamId": college.team, "coachId": college.person("coach"), "crebo": "25655", "route": "bol", "startsOn": starts_on
    });
    let mut placed = Value::Null;
    for (decision, facts) in [
        ("assignScout", json!({ "scoutId": college.person("scout") })),
        ("planInterview", json!({ "startsAt": world.now().to_rfc3339(), "place": "Infoshop" })),
        ("recordInterview", findings()),
        ("place", place),
    ] {
        placed = world.decide("/applications", &application, decision, facts).by("scout").send().await.ok();
    }
    placed["enrolmentId"].as_str().unwrap().to_owned()
}

/// The student has begun the landscape's programme this Monday; the path of it.
pub async fn begun(world: &World) -> (NaiveDate, EnrolmentId, String) {
    let monday = until_september(world);
    published(world, template(world, SchoolYear::of(monday))).await;
    let (enrolment_id, programme_id) = place(world, monday, 0).await;
    (monday, enrolment_id, format!("/start-programmes/{}", programme_id.expect("a programme")))
}

/// Puts something down in a programme, on the version that the caller sees now.
async fn put(world: &World, programme: &str, rest: &str, body: Value, subject: &str) -> Value {
    let seen = world.get(programme).by(subject).send().await;
    world.put(&format!("{programme}/{rest}"), body).by(subject).if_match(&seen).send().await.ok()
}

/// The student does all of a week.
pub async fn do_week(world: &World, programme: &str, week: usize) {
    let seen = world.get(programme).by("student").send().await.ok();
    for activity in seen["weeks"][week - 1]["activities"].as_array().unwrap() {
        let rest = format!("weeks/{week}/activities/{}", activity["id"].as_str().unwrap());
        put(world, programme, &rest, json!({ "done": true }), "student").await;
    }
    put(world, programme, &format!("weeks/{week}/reflection"), json!({ "text": "Dit ging goed." }), "student").await;
}

fn starts(programme: &Value) -> Vec<NaiveDate> {
    let weeks = programme["weeks"].as_array().unwrap();
    weeks.iter().map(|week| week["startsOn"].as_str().unwrap().parse().unwrap()).collect()
}
