//! The demo's landscapes say what their students are rated on.

use api::demo::{Wish, make};
use domain::kernel::time::to_the_microsecond;
use persistence::{Database, migrations};

use crate::both;
use crate::harness::texts;

both! {
    async fn lm_1_every_landscape_of_the_demo_has_published_a_framework_of_its_dossier_or_of_the_career_competences(world: World) {
        let location = world.another_database();
        migrations::run(&location).expect("migrations run");
        let database = Database::open(&location).expect("the database opens");
        make(&database, world.files_of_service(), &Wish { students: 0, now: to_the_microsecond(world.now()) }).await.expect("a demo");
        let found = texts(
            &location,
            "SELECT f.title || ', ' || f.state || ', ' || coalesce(q.crebo, '-') AS row
               FROM competence_frameworks f LEFT JOIN qualifications q ON q.id = f.qualification_id ORDER BY f.id",
        );
        let expected = [
            "Leermeter Zorg en Welzijn, published, 25901",
            "Leermeter Techniek en Bouw, published, 25911",
            "Leermeter Economie en Dienstverlening, published, -",
            "Leermeter Sport en Bewegen, published, -",
        ];
        assert_eq!(found, expected);
        let without = texts(
            &location,
            "SELECT title AS row FROM competence_frameworks
              WHERE (qualification_id IS NULL) = (CAST(competences AS text) LIKE '%B1-K1-W1%')",
        );
        assert_eq!(without, [""; 0], "the work processes where there is a dossier, and there alone");
    }

    async fn lm_2_in_the_demo_the_student_was_rated_in_three_rounds_by_five_kinds_of_raters(world: World) {
        let location = world.another_database();
        migrations::run(&location).expect("migrations run");
        let database = Database::open(&location).expect("the database opens");
        make(&database, world.files_of_service(), &Wish { students: 0, now: to_the_microsecond(world.now()) }).await.expect("a demo");
        let of_student = "(SELECT a.person_id FROM accounts a WHERE a.subject = 'student')";
        let rounds = format!("SELECT title AS row FROM leermeter_rounds WHERE student_id = {of_student} ORDER BY id");
        assert_eq!(texts(&location, &rounds), ["Nulmeting", "Na de eerste week", "Halverwege"]);
        let kinds = format!(
            "SELECT kind || ' ' || CAST(count(*) AS text) AS row FROM round_raters
              WHERE answered_at IS NOT NULL AND student_id = {of_student} GROUP BY kind ORDER BY kind"
        );
        assert_eq!(texts(&location, &kinds), ["coach 3", "peer 3", "self 3", "teacher 3", "workplaceTrainer 3"]);
    }

    async fn lm_4_in_the_demo_some_of_the_team_of_the_personas_were_rated_in_a_month_that_is_over(world: World) {
        let location = world.another_database();
        migrations::run(&location).expect("migrations run");
        let database = Database::open(&location).expect("the database opens");
        make(&database, world.files_of_service(), &Wish { students: 40, now: to_the_microsecond(world.now()) }).await.expect("a demo");
        let over = "SELECT CAST(count(DISTINCT r.student_id) AS text) AS row FROM leermeter_rounds r
            WHERE r.team_id = (SELECT s.team_id FROM students s JOIN accounts a ON a.person_id = s.id WHERE a.subject = 'student')
              AND r.closes_on < ";
        let first = domain::kernel::time::date_at(world.now()).format("%Y-%m-01");
        assert_eq!(texts(&location, &format!("{over}'{first}'")), ["1"]);
    }
}
