//! Full text search, the same on both databases: SQLite's FTS5 and PostgreSQL's inverted index (GIN) hold the same stems
//! (`dutch.rs`), so that both find the same rows, and both order them alike.
//!
//! Of a thing one text is kept: its stems, each behind a letter that says what it is (`b` anywhere, `t` in its heading,
//! `o` often, `s` whose it is). A thing is found where every word that is asked stands in it; it comes the earlier, the
//! more of them stand in its heading or stand there often. How often a word is used by others plays no part: that
//! would tell of things that the caller may not read.

use std::collections::{BTreeMap, BTreeSet};

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::sqlite::Sqlite;
use uuid::Uuid;

use crate::dutch::stems;

/// More words than these are not looked at.
const WORDS_AT_MOST: usize = 8;
/// A word that stands in a text so many times is what it is about.
const OFTEN: usize = 3;

/// The tables of one kind of thing that is searched.
#[derive(Clone, Copy, Debug)]
pub struct Index {
    /// Has the stems, by number.
    pub words: &'static str,
    /// Has the number of each thing.
    pub rows: &'static str,
    /// Its column with the thing's id.
    pub id: &'static str,
}

/// What is kept of a thing, for [`Index::words`]: whose it is, if it is someone's, its headings and all else that it says.
pub fn kept<'t>(
    owner: Option<Uuid>,
    headings: impl IntoIterator<Item = &'t str>,
    texts: impl IntoIterator<Item = &'t str>,
) -> String {
    let headings: Vec<String> = headings.into_iter().flat_map(stems).collect();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for stem in texts.into_iter().flat_map(stems).chain(headings.iter().cloned()) {
        *times.entry(stem).or_default() += 1;
    }
    let mut words: BTreeSet<String> = headings.iter().map(|stem| format!("t{stem}")).collect();
    for (stem, times) in times {
        if times >= OFTEN {
            words.insert(format!("o{stem}"));
        }
        words.insert(format!("b{stem}"));
    }
    words.insert(owner.map_or_else(|| "s".to_owned(), whose));
    words.into_iter().collect::<Vec<_>>().join(" ")
}

fn whose(owner: Uuid) -> String {
    format!("s{}", owner.simple())
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    stems: Vec<String>,
    /// Only of these, where that is known to be all that the caller could find.
    owners: Option<Vec<Uuid>>,
}

impl Question {
    /// These words, in whatever form.
    pub fn of(words: &str) -> Self {
        let mut known = BTreeSet::new();
        let stems = stems(words).into_iter().filter(|stem| known.insert(stem.clone())).take(WORDS_AT_MOST).collect();
        Self { stems, owners: None }
    }

    /// Only among what is theirs.
    #[must_use]
    pub fn among(self, owners: Option<Vec<Uuid>>) -> Self {
        Self { owners, ..self }
    }

    /// Is it known of whom it is?
    pub const fn is_within_few(&self) -> bool {
        self.owners.is_some()
    }

    /// All of these words, as each database wants to be asked.
    fn all_of<'t>(&self, words: impl Iterator<Item = String> + Clone + 't) -> Asked {
        let spelled = |quote: &str, and: &str, or: &str| {
            let quoted = |word: String| format!("{quote}{word}{quote}");
            let mut parts: Vec<String> = words.clone().map(quoted).collect();
            if let Some(owners) = &self.owners {
                let owners: Vec<String> = owners.iter().map(|owner| quoted(whose(*owner))).collect();
                parts.push(format!("({})", owners.join(or)));
            }
            parts.join(and)
        };
        Asked { sqlite: spelled("\"", " AND ", " OR "), postgres: spelled("'", " & ", " | ") }
    }

    /// Nothing is asked that could be found.
    fn is_empty(&self) -> bool {
        self.stems.is_empty() || self.owners.as_ref().is_some_and(Vec::is_empty)
    }
}

#[derive(Clone, Debug)]
struct Asked {
    sqlite: String,
    postgres: String,
}

/// Whether the thing with this id has all that is asked.
#[derive(Clone, Debug)]
struct Has<Id> {
    id: Id,
    index: Index,
    asked: Asked,
}

impl<Id: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Has<Id> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let Index { words, rows, id } = self.index;
        self.id.walk_ast(out.reborrow())?;
        out.push_sql(&format!(
            " IN (SELECT sought.{id} FROM {words} JOIN {rows} sought ON sought.number = {words}.rowid WHERE {words} MATCH "
        ));
        out.push_bind_param::<Text, _>(&self.asked.sqlite)?;
        out.push_sql(")");
        Ok(())
    }
}

impl<Id: QueryFragment<Pg>> QueryFragment<Pg> for Has<Id> {
    /// The stems are kept beside the words: what must be made of a text first is made anew for each row that is looked at. Each
    /// row that has the words is looked up by its number: the planner expects so many that it would else read all numbers.
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Index { words, rows, id } = self.index;
        self.id.walk_ast(out.reborrow())?;
        out.push_sql(&format!(
            " IN (SELECT (SELECT sought.{id} FROM {rows} sought WHERE sought.number = {words}.rowid) FROM {words}
              WHERE {words}.stems @@ CAST("
        ));
        out.push_bind_param::<Text, _>(&self.asked.postgres)?;
        out.push_sql(" AS tsquery))");
        Ok(())
    }
}

/// Whether a thing is found; everything is where nothing was asked.
#[derive(Clone, Debug)]
pub struct Found<Id> {
    has: Option<Has<Id>>,
    possible: bool,
}

/// How well a thing fits what was asked: 0 or more; higher is better.
#[derive(Clone, Debug)]
pub struct Fit<Id> {
    points: Vec<(i64, Has<Id>)>,
}

/// See [`Found`]; `id` is the column with the thing's id.
pub fn found<Id>(index: Index, id: Id, question: Option<&Question>) -> Found<Id> {
    let has = question.map(|question| {
        let words = question.stems.iter().map(|stem| format!("b{stem}"));
        Has { id, index, asked: question.all_of(words) }
    });
    Found { has, possible: question.is_none_or(|question| !question.is_empty()) }
}

/// See [`Fit`].
pub fn fit<Id: Clone>(index: Index, id: Id, question: Option<&Question>) -> Fit<Id> {
    let possible = question.filter(|question| !question.is_empty());
    let points = possible.into_iter().flat_map(|question| {
        let each = question.stems.iter().flat_map(|stem| [(2, format!("t{stem}")), (1, format!("o{stem}"))]);
        each.map(|(points, word)| (points, Has { id: id.clone(), index, asked: question.all_of(std::iter::once(word)) }))
    });
    Fit { points: points.collect() }
}

impl<Id, DB: Backend> QueryFragment<DB> for Found<Id>
where
    Has<Id>: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match &self.has {
            _ if !self.possible => out.push_sql("(1 = 0)"),
            None => out.push_sql("(1 = 1)"),
            Some(has) => has.walk_ast(out)?,
        }
        Ok(())
    }
}

impl<Id, DB: Backend> QueryFragment<DB> for Fit<Id>
where
    Has<Id>: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("CAST(0");
        for (points, has) in &self.points {
            out.push_sql(" + CASE WHEN ");
            has.walk_ast(out.reborrow())?;
            out.push_sql(&format!(" THEN {points} ELSE 0 END"));
        }
        out.push_sql(" AS bigint)");
        Ok(())
    }
}

impl<Id> Expression for Found<Id> {
    type SqlType = Bool;
}
impl<Id> Expression for Fit<Id> {
    type SqlType = BigInt;
}

macro_rules! expression {
    ($($name:ident),*) => {$(
        impl<Id: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for $name<Id> {}
        impl<Id: SelectableExpression<QS>, QS> SelectableExpression<QS> for $name<Id> {}
        impl<Id, GroupBy> ValidGrouping<GroupBy> for $name<Id> {
            type IsAggregate = is_aggregate::Never;
        }
        impl<Id> QueryId for $name<Id> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    )*};
}
expression!(Found, Fit);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_kept_as_the_stems_that_it_has_and_where() {
        let owner = Uuid::from_u128(7);
        let words = kept(Some(owner), ["Mijn stage"], ["Op stage in de zorg; stages zijn leerzaam."]);
        let has = |word: &str| words.split(' ').any(|one| one == word);
        let stem = |word: &str| stems(word).concat();
        for word in [format!("t{}", stem("stage")), format!("b{}", stem("stage")), format!("o{}", stem("stage")), whose(owner)] {
            assert!(has(&word), "{word} in {words}");
        }
        assert!(has(&format!("b{}", stem("zorg"))) && !has(&format!("t{}", stem("zorg"))), "{words}");
    }

    #[test]
    fn what_is_asked_can_not_be_taken_for_the_language_of_the_database() {
        let question = Question::of("\"x\" OR NOT (stage) ' & * : NEAR").among(Some(vec![Uuid::from_u128(7)]));
        let asked = question.all_of(question.stems.iter().cloned());
        assert!(!asked.sqlite.contains("NEAR(") && !asked.sqlite.contains('*') && !asked.postgres.contains(':'), "{asked:?}");
        assert!(Question::of("de het een").is_empty() && Question::of("stage").among(Some(Vec::new())).is_empty());
        assert_eq!(Question::of("stage Stages stage").stems.len(), 1);
    }
}
