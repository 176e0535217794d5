//! The demo's students keep portfolios too.

use api::demo::{Wish, make};
use domain::kernel::time::to_the_microsecond;
use persistence::{Database, migrations};

use crate::both;
use crate::harness::texts;

both! {
    async fn every_student_of_the_demo_in_a_start_programme_has_a_portfolio_and_the_student_shares_with_the_teacher(world: World) {
        let location = world.another_database();
        migrations::run(&location).expect("migrations run");
        let database = Database::open(&location).expect("the database opens");
        make(&database, world.files_of_service(), &Wish { students: 14, now: to_the_microsecond(world.now()) }).await.expect("a demo");
        let rows = |sql: &str| texts(&location, sql);
        let without = rows(
            "SELECT s.sort_name AS row FROM students s JOIN start_programmes p ON p.student_id = s.id
              WHERE NOT EXISTS (SELECT 1 FROM portfolio_entries e WHERE e.student_id = s.id)",
        );
        assert_eq!(without, Vec::<String>::new());
        let without = rows("SELECT CAST(assignment_id AS text) AS row FROM lwp_assignment_rounds WHERE CAST(entry_ids AS text) = '[]'");
        assert_eq!(without, Vec::<String>::new(), "whatever was handed in shows something of the portfolio");
        let by_teachers = rows("SELECT role AS row FROM portfolio_shares WHERE role IS NOT NULL AND ended_at IS NULL GROUP BY role");
        assert_eq!(by_teachers, ["teacher"], "which the teachers see");
        let said = rows(
            "SELECT a.subject AS row FROM portfolio_comments c JOIN accounts a ON a.person_id = c.author_id ORDER BY c.id",
        );
        assert_eq!(said, ["coach", "teacher", "student"]);
        let shared = rows(
            "SELECT a.subject AS row FROM portfolio_shares s JOIN accounts a ON a.person_id = s.person_id WHERE s.ended_at IS NULL",
        );
        assert_eq!(shared, ["teacher"]);
        let again = rows("SELECT CAST(count(*) AS text) AS row FROM portfolio_entry_versions");
        assert_eq!(again, ["2"], "one was rewritten, one opened by sharing it");
    }
}
