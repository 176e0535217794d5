//! What Diesel believes of the tables is what both databases say of them after all migrations.

use std::collections::BTreeSet;

use crate::both;

use super::Column;

/// Full text indexes, which are SQLite's own kind of table: their columns have no types there.
const SEARCHED: [&str; 2] = ["lwp_search", "portfolio_search"];

/// The table in which Diesel notes which migrations ran is its own.
const SQLITE: &str = "
    SELECT t.name || '.' || c.name || ' ' || c.type || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN '' ELSE ' null' END AS row
      FROM pragma_table_list t JOIN pragma_table_info(t.name) c
     WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.name != '__diesel_schema_migrations'";
/// What the database makes of another column by itself is no one's to read or write.
const POSTGRES: &str = "
    SELECT c.table_name || '.' || c.column_name || ' ' || c.data_type
           || CASE WHEN c.is_nullable = 'NO' THEN '' ELSE ' null' END AS row
      FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.table_name != '__diesel_schema_migrations'
       AND c.is_generated = 'NEVER'";

/// How a database calls the type: on SQLite, and on PostgreSQL.
fn types(column: &Column) -> (&'static str, &'static str) {
    match column.sql_type.as_str() {
        "SqlId" => ("BLOB", "uuid"),
        "SqlInstant" => ("INTEGER", "timestamp with time zone"),
        "SqlJson" => ("TEXT", "jsonb"),
        "Text" | "SqlWord" => ("TEXT", "text"),
        "Date" => ("TEXT", "date"),
        "Bool" => ("INTEGER", "boolean"),
        "Integer" => ("INTEGER", "integer"),
        "BigInt" => ("INTEGER", "bigint"),
        other => panic!("{}.{}: say here what {other} is in both databases", column.table, column.name),
    }
}

fn declared(on_sqlite: bool) -> BTreeSet<String> {
    let line = |column: Column| {
        let (sqlite, postgres) = types(&column);
        let sql_type = if on_sqlite { sqlite } else { postgres };
        format!("{}.{} {sql_type}{}", column.table, column.name, if column.nullable { " null" } else { "" })
    };
    let there = |column: &Column| !(on_sqlite && SEARCHED.contains(&column.table.as_str()));
    super::columns().into_iter().filter(there).map(line).collect()
}

both! {
    /// Else a query that compiles fails while it runs.
    async fn every_table_and_column_of_the_database_is_as_the_schema_declares_it(world: World) {
        let on_sqlite = world.location.file().is_some();
        let real: BTreeSet<String> = world.rows(if on_sqlite { SQLITE } else { POSTGRES }).into_iter().collect();
        let declared = declared(on_sqlite);
        let of = |one: &BTreeSet<String>, other| one.difference(other).cloned().collect::<Vec<_>>().join("\n  ");
        assert!(
            real == declared,
            "persistence/src/schema.rs and the migrations differ.\nOnly in the database:\n  {}\nOnly in schema.rs:\n  {}",
            of(&real, &declared),
            of(&declared, &real),
        );
    }

    /// SQLite would else keep a text in a column of numbers.
    async fn every_table_holds_each_column_to_its_type(world: World) {
        if world.location.file().is_some() {
            let lax = world.rows(
                "SELECT name AS row FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
                    AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name != '__diesel_schema_migrations'",
            );
            assert_eq!(lax, Vec::<String>::new(), "tables that are not STRICT: end CREATE TABLE with a line `);`");
        }
    }
}

/// A migration that ran somewhere does not run there again: whoever changes it leaves those databases behind.
#[test]
fn a_migration_stays_as_it_was_and_is_mended_by_the_next_one() {
    use sha2::{Digest, Sha256};
    let sum = |text: &str| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let now: Vec<_> = persistence::migrations::ALL.iter().map(|(name, text)| format!("{name},{}", sum(text))).collect();
    let kept = super::text("persistence/migrations/sums.csv");
    let wrong: Vec<_> = now.iter().filter(|line| !kept.lines().any(|kept| kept == *line)).collect();
    assert!(
        wrong.is_empty() && kept.lines().count() == now.len(),
        "put an old migration back as it was and write a new one, whose line goes into persistence/migrations/sums.csv: {wrong:#?}"
    );
}
