//! The chain of coaches cannot be broken, not even past the code: the database itself refuses it (EN-1).

use serde_json::json;

use super::{handovers, placed};
use crate::both;
use crate::harness::World;

const FREE: &str = "0198c1de-7a3e-7c0a-b7f0-0d8c3f0f7c77";

/// A link of the student's chain by raw SQL; instants are expressions over the link that is there.
fn link(world: &World, enrolment: &str, from: &str, until: &str, previous: &str, open: bool) -> String {
    let student = world.college.person("student");
    let open = if open { format!("<{student}>") } else { "NULL".to_owned() };
    let cause = if previous == "NULL" { "placement" } else { "handover" };
    format!(
        "INSERT INTO coach_assignments (id, student_id, stay_id, coach_id, from_at, until_at, previous_until_at, open_student_id, cause, version)
         SELECT <{FREE}>, <{student}>, <{enrolment}>, <{}>, {from}, {until}, {previous}, {open}, '{cause}', 1
           FROM coach_assignments ORDER BY from_at LIMIT 1",
        world.college.person("secondCoach")
    )
}

/// An instant later than this expression by some seconds, as the database at hand says it.
fn later(world: &World, expression: &str, seconds: i64) -> String {
    if world.location.file().is_some() {
        format!("({expression} + {seconds}000000)")
    } else {
        format!("({expression} + interval '{seconds} seconds')")
    }
}

fn close(world: &World, enrolment: &str) -> String {
    let until = later(world, "from_at", 60);
    format!(
        "UPDATE coach_assignments SET until_at = {until}, open_student_id = NULL WHERE stay_id = <{enrolment}> AND until_at IS NULL"
    )
}

both! {
    async fn en_1_the_database_lets_no_student_be_without_a_coach(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let student = world.college.person("student");
        for sql in [
            close(&world, &enrolment),
            format!("DELETE FROM coach_assignments WHERE stay_id = <{enrolment}>"),
            format!("UPDATE coach_assignments SET open_student_id = NULL WHERE stay_id = <{enrolment}>"),
            format!("UPDATE coach_assignments SET stay_id = <{FREE}> WHERE stay_id = <{enrolment}>"),
            format!("UPDATE enrolments SET coached_student_id = NULL WHERE student_id = <{student}>"),
        ] {
            assert!(world.sql(&sql).is_err(), "the database let through: {sql}");
        }
        assert_eq!(world.get("/me").by("student").send().await.ok()["coach"]["id"], json!(world.college.person("coach")));
    }

    async fn en_1_the_database_lets_no_student_have_two_coaches(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let (after, longer) = (later(&world, "from_at", 60), later(&world, "from_at", 120));
        for sql in [
            link(&world, &enrolment, "from_at", "NULL", "NULL", true),
            link(&world, &enrolment, &after, "NULL", "NULL", true),
            link(&world, &enrolment, "from_at", &longer, "NULL", false),
            link(&world, FREE, &after, "NULL", "NULL", true),
            // The first ends later than the next begins.
            format!("{}; {}", close(&world, &enrolment), link(&world, &enrolment, &later(&world, "from_at", 30), "NULL", &after, true)),
        ] {
            assert!(world.sql(&sql).is_err(), "the database let through: {sql}");
        }
        assert_eq!(world.rows("SELECT cause AS row FROM coach_assignments"), ["placement"]);
    }

    async fn en_1_the_database_lets_the_chain_go_on_only_from_where_it_stopped(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        let (after, longer) = (later(&world, "from_at", 60), later(&world, "from_at", 120));
        let gap = link(&world, &enrolment, &longer, "NULL", &longer, true);
        assert!(world.sql(&format!("{}; {gap}", close(&world, &enrolment))).is_err(), "a gap");
        let loose = link(&world, &enrolment, &longer, "NULL", &after, true);
        assert!(world.sql(&format!("{}; {loose}", close(&world, &enrolment))).is_err(), "a link that says it follows and does not");
        let touching = link(&world, &enrolment, &after, "NULL", &after, true);
        world.sql(&format!("{}; {touching}", close(&world, &enrolment))).expect("what touches is a chain");
        let middle = format!("DELETE FROM coach_assignments WHERE stay_id = <{enrolment}> AND previous_until_at IS NULL");
        assert!(world.sql(&middle).is_err(), "the beginning is taken away");
        let moved = format!("UPDATE coach_assignments SET until_at = {} WHERE stay_id = <{enrolment}> AND until_at IS NOT NULL", later(&world, "until_at", 5));
        assert!(world.sql(&moved).is_err(), "the end of a link moves over the next");
    }

    async fn en_2_the_database_lets_no_proposal_outlive_the_coach_who_made_it(world: World) {
        let enrolment = placed(&world, "student", "coach").await;
        handovers::proposed(&world).await;
        let after = later(&world, "from_at", 60);
        let touching = link(&world, &enrolment, &after, "NULL", &after, false);
        let sql = format!("UPDATE enrolments SET state = 'left', coached_student_id = NULL, ended_at = <now>, left_on = '2026-11-01', leaving_reason = 'x',
            basic_qualification = FALSE, further_education = FALSE WHERE id = <{enrolment}>; {}", close(&world, &enrolment));
        assert!(world.sql(&sql).is_err(), "an open proposal of a stay that is over");
        assert!(world.sql(&touching).is_err(), "an open end that nobody is held by");
    }
}
