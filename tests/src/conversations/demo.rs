//! The demo's students and coaches talk, too.

use api::demo::{Wish, make};
use domain::kernel::time::to_the_microsecond;
use persistence::{Database, migrations};

use crate::both;
use crate::harness::texts;

both! {
    async fn cv_3_the_demo_has_a_conversation_in_every_state_and_the_student_has_prepared_the_next(world: World) {
        let location = world.another_database();
        migrations::run(&location).expect("migrations run");
        let database = Database::open(&location).expect("the database opens");
        make(&database, world.files_of_service(), &Wish { students: 32, now: to_the_microsecond(world.now()) }).await.expect("a demo");
        let rows = |sql: &str| texts(&location, sql);
        assert_eq!(
            rows("SELECT DISTINCT state AS row FROM conversations ORDER BY state"),
            ["cancelled", "concluded", "held", "missed", "planned", "requested"]
        );
        let own = "FROM conversations c JOIN accounts a ON a.person_id = c.student_id WHERE a.subject = 'student'";
        assert_eq!(rows(&format!("SELECT c.kind || ' ' || c.state AS row {own} ORDER BY c.id")), ["careerReflection concluded", "leermeter planned"]);
        let of_round = format!("SELECT c.kind AS row {own} AND c.round_id IS NOT NULL");
        assert_eq!(rows(&of_round), ["leermeter"], "it looks at a round");
        let prepared = format!(
            "SELECT CAST(count(*) AS text) AS row FROM conversation_preparations p WHERE p.conversation_id IN (SELECT c.id {own} AND c.state = 'planned')"
        );
        assert_eq!(rows(&prepared), ["2"]);
        let theirs = "JOIN accounts a ON a.person_id = g.student_id WHERE a.subject = 'student'";
        assert_eq!(rows(&format!("SELECT g.state AS row FROM goals g {theirs}")), ["open"]);
    }
}
