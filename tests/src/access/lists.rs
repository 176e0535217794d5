//! What a list shows over all its pages is exactly what one can open one by one.

use std::collections::BTreeSet;

use api::contexts::operations;

use super::canaries::Watch;
use super::planted::plant;
use super::small_college::{EVERYONE, SmallCollege};
use crate::both;

/// A list, where one opens what is in it, which field says which it is, and every one that there is.
struct List {
    operation: &'static str,
    path: &'static str,
    one: &'static str,
    field: &'static str,
    all: &'static str,
}

const fn list(operation: &'static str, path: &'static str, one: &'static str, all: &'static str) -> List {
    List { operation, path, one, field: "id", all }
}

/// The student of whose placements one was ended.
const OF_ONE_STUDENT: &str = "placements one WHERE EXISTS (SELECT 1 FROM placements ended WHERE ended.student_id = one.student_id AND ended.ended_at IS NOT NULL)";

const LISTS: [List; 23] = [
    list("listLandscapes", "/landscapes", "/landscapes", "landscapes"),
    list("listTeams", "/teams", "/teams", "teams"),
    list("listPeople", "/people", "/people", "people"),
    list("listStudents", "/students", "/students", "people"),
    list("listImports", "/imports", "/imports", "imports"),
    list("listOrientationActivities", "/orientation-activities", "/orientation-activities", "orientation_activities"),
    list("listRegistrations", "/orientation-activities/<activity>/registrations", "/registrations", "registrations"),
    list("listApplications", "/applications", "/applications", "applications"),
    list("listEnrolments", "/enrolments", "/enrolments", "enrolments"),
    list("listSwitches", "/switches", "/switches", "switches"),
    list("listHandovers", "/handovers", "/handovers", "handovers"),
    list("listStartProgrammeTemplates", "/start-programme-templates", "/start-programme-templates", "start_programme_templates"),
    list("listStartProgrammes", "/start-programmes", "/start-programmes", "start_programmes"),
    list("listPortfolioEntries", "/portfolio-entries", "/portfolio-entries", "portfolio_entries"),
    list("listLwps", "/lwps", "/lwps", "lwps"),
    list("listCompetenceFrameworks", "/competence-frameworks", "/competence-frameworks", "competence_frameworks"),
    list("listLeermeterRounds", "/students/<student>/leermeter-rounds", "/leermeter-rounds", "leermeter_rounds"),
    list("listPlacements", "/students/<student>/placements", "/placements", OF_ONE_STUDENT),
    list("listConversations", "/conversations", "/conversations", "conversations"),
    list("listGoals", "/students/<student>/goals", "/goals", "goals"),
    list("listLearningQuestions", "/students/<student>/learning-questions", "/learning-questions", "learning_questions"),
    list("listAgreements", "/students/<student>/agreements", "/agreements", "agreements"),
    list("listLwpAssignments", "/lwp-assignments", "/lwp-assignments", "lwp_assignments"),
];
const DOSSIERS: List = list("listQualificationDossiers", "/qualification-dossiers", "/qualification-dossiers", "dossiers");
const CALENDARS: List = List {
    operation: "listSchoolCalendars",
    path: "/school-calendars",
    one: "/school-calendars",
    field: "schoolYear",
    all: "school_calendars",
};

/// Things that tell of someone: each must be seen to, so that nothing is proved by looking where nothing is.
const SHOW_SOMEONE: [&str; 17] = [
    "*",
    "people",
    "students",
    "registrations",
    "applications",
    "enrolments",
    "switches",
    "handovers",
    "start-programmes",
    "lwp-assignments",
    "placements",
    "portfolio-entries",
    "leermeter-rounds",
    "conversations",
    "goals",
    "learning-questions",
    "agreements",
];

/// Lists of what can not be opened one by one.
const NOT_OPENED: [&str; 18] = [
    "listPersonas",
    "listRoles",
    "listServiceAccounts",
    "listGuardians",
    "listInterviews",
    "listCoachesOfStudent",
    "listPortfolioEntriesOfStudent",
    "listPortfolioEntryVersions",
    "listPortfolioShares",
    "listPortfolioComments",
    "listEvidence",
    "listLwpReviews",
    "listRatings",
    "listConversationOutcomeVersions",
    "listCareerSteps",
    "listQualificationCoverage",
    "listCareerAndCitizenshipRequirements",
    "listChanges",
];

fn lists() -> impl Iterator<Item = List> {
    LISTS.into_iter().chain([DOSSIERS, CALENDARS])
}

#[test]
fn every_list_is_held_against_what_is_in_it() {
    let held: BTreeSet<_> = lists().map(|list| list.operation).chain(NOT_OPENED).collect();
    for operation in operations() {
        let id = operation.description.id;
        assert!(!id.starts_with("list") || held.contains(id), "{id} is a list: hold it against what one can open");
    }
}

impl List {
    /// What is in it for this caller, page by page of two; nothing where they do not get the list.
    async fn shown(&self, college: &SmallCollege, watch: &Watch, subject: &str) -> Vec<String> {
        let path = self.path.replace("<activity>", college.thing("activity")).replace("<student>", college.thing("student"));
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = college.world.get(&format!("{path}?limit=2&count=true{cursor}")).by(subject).send().await;
            watch.look(self.operation, &path, subject, &page);
            if page.status != 200 {
                assert!([403, 404].contains(&page.status), "{} by {subject}: {}", self.operation, page.text);
                return found;
            }
            let page = page.json();
            let items = page["items"].as_array().expect("items");
            assert!(items.len() <= 2, "{}: a page is as long as was asked", self.operation);
            found.extend(items.iter().map(|item| item[self.field].as_str().expect("an id").to_owned()));
            match page["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => {
                    assert_eq!(page["total"], found.len(), "{} by {subject}: the total is what the pages show", self.operation);
                    return found;
                }
            }
        }
    }

    /// All there are, whoever may see them.
    fn all(&self, college: &SmallCollege) -> Vec<String> {
        let field = match (self.field, college.world.location.file()) {
            ("id", Some(_)) => "lower(hex(id))".to_owned(),
            ("id", None) => "CAST(id AS text)".to_owned(),
            _ => "school_year".to_owned(),
        };
        let found = college.world.rows(&format!("SELECT {field} AS row FROM {}", self.all));
        let spelled = |text: String| uuid::Uuid::parse_str(&text).map_or(text, |id| id.to_string());
        found.into_iter().map(spelled).collect()
    }
}

both! {
    /// And whoever lists or opens anything sees of others only what `tests/access/canaries.csv` says.
    async fn a_list_shows_over_all_its_pages_exactly_what_one_can_open(world: World) {
        let mut college = SmallCollege::build(world).await;
        plant(&mut college).await;
        let watch = Watch::over(&college);
        let mut wrong = Vec::new();
        for list in lists() {
            let all = list.all(&college);
            assert!(!all.is_empty(), "{} has nothing to show", list.operation);
            for subject in EVERYONE {
                let shown = list.shown(&college, &watch, subject).await;
                let listed: BTreeSet<_> = shown.iter().cloned().collect();
                if listed.len() != shown.len() {
                    wrong.push(format!("{} by {subject}: something is there twice", list.operation));
                }
                let mut opened = BTreeSet::new();
                for id in &all {
                    let said = college.world.get(&format!("{}/{id}", list.one)).by(subject).send().await;
                    watch.look(list.one, list.one, subject, &said);
                    if said.status == 200 {
                        opened.insert(id.clone());
                    } else if said.status != 404 {
                        wrong.push(format!("{}/{id} by {subject}: {}", list.one, said.text));
                    }
                }
                if listed != opened {
                    wrong.push(format!(
                        "{} by {subject}: lists {:?} that do not open, and not {:?} that do",
                        list.operation,
                        listed.difference(&opened).collect::<Vec<_>>(),
                        opened.difference(&listed).collect::<Vec<_>>()
                    ));
                }
            }
        }
        wrong.extend(watch.wrong());
        wrong.extend(watch.unseen(&SHOW_SOMEONE));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
