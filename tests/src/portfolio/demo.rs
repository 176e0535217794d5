//! The demo's students keep portfolios too.

use api::demo::{Wish, make};
use domain::kernel::time::to_the_microsecond;
use persistence::{Database, migrations};

use crate::both;
use crate::harness::texts;

both! {
    async fn the_demo_shows_every_state_and_every_student_in_a_start_programme_has_a_portfolio(world: World) {
        let location = world.another_database();
        migrations::run(&location).expect("migrations run");
        let database = Database::open(&location).expect("the database opens");
        make(&database, world.files_of_service(), &Wish { students: 49, now: to_the_microsecond(world.now()) }).await.expect("a demo");
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
        let until = rows("SELECT DISTINCT CASE WHEN team_id IS NULL THEN 'role' ELSE 'team' END AS row FROM portfolio_shares WHERE until_at IS NOT NULL ORDER BY 1");
        assert_eq!(until, ["role", "team"], "some shares end by themselves");
        for (sql, shown) in [
            ("SELECT DISTINCT kind AS row FROM portfolio_entry_links ORDER BY 1", &["lwpAssignment"][..]),
            ("SELECT DISTINCT state AS row FROM registrations ORDER BY 1", &["absent", "attended", "cancelled", "registered", "waitlisted"]),
            ("SELECT DISTINCT kind AS row FROM orientation_activities ORDER BY 1", &["buddyPlacement", "infoshopConversation", "shadowDay"]),
            ("SELECT DISTINCT state AS row FROM start_programmes ORDER BY 1", &["closed", "graduated", "prolonged", "running", "switched"]),
            ("SELECT DISTINCT state AS row FROM enrolments ORDER BY 1", &["definitive", "graduated", "left", "provisional", "switched"]),
            ("SELECT DISTINCT state AS row FROM switches ORDER BY 1", &["accepted", "refused", "requested", "withdrawn"]),
            ("SELECT DISTINCT state AS row FROM handovers ORDER BY 1", &["accepted", "proposed", "refused", "withdrawn"]),
            ("SELECT DISTINCT state AS row FROM start_programme_templates ORDER BY 1", &["draft", "published"]),
            ("SELECT DISTINCT state AS row FROM lwps ORDER BY 1", &["draft", "published", "retired"]),
        ] {
            assert_eq!(rows(sql), shown, "{sql}");
        }
        let tailored = rows("SELECT DISTINCT 'tailored' AS row FROM events WHERE subject = 'lwpAssignment' AND what = 'tailored'");
        assert_eq!(tailored, ["tailored"]);
    }
}
