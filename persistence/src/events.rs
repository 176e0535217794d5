//! The log of events: written with every change, read in order by whoever may know (AL-1).

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::access::{Actor, Ground, Permit, Relation};
use domain::kernel::{Event, Instant, LandscapeId, StudentId, events::Subject};
use serde_json::Value;
use uuid::Uuid;

use crate::columns::{Json, bind};
use crate::conn::Conn;
use crate::relations::{self, AsTold};
use crate::schema::events;
use crate::session::Reading;
use crate::trouble::Trouble;
use domain::kernel::Id;

/// An event as it stands in the log.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub position: i64,
    pub at: Instant,
    pub subject: Subject,
    pub subject_id: Uuid,
    pub what: String,
    pub version: i64,
    pub student_id: Option<StudentId>,
    pub landscape_id: Option<LandscapeId>,
    pub facts: Value,
}

/// How many rows one statement inserts: both databases bound the values that one may carry.
pub(crate) const AT_ONCE: usize = 500;

pub(crate) fn append(reading: &mut Reading<'_>, told: Vec<(Event, Ground)>) -> Result<(), Trouble> {
    let (actor, actor_id) = match reading.actor() {
        Actor::Anonymous => ("anonymous", None),
        Actor::Person { id, .. } => ("person", Some(id.uuid())),
        Actor::Service { id, .. } => ("service", Some(id.uuid())),
        Actor::System { .. } => ("system", None),
    };
    let now = reading.now();
    let row = |(event, ground): &(Event, Ground)| {
        (
            events::at.eq(bind(now)),
            events::subject.eq(bind(event.subject)),
            events::subject_id.eq(bind(Id::<()>::from_uuid(event.subject_id))),
            events::what.eq(event.what),
            events::version.eq(event.version),
            events::student_id.eq(bind(event.student_id)),
            events::landscape_id.eq(bind(event.landscape_id)),
            events::facts.eq(bind(Json(event.facts()))),
            events::actor.eq(actor),
            events::actor_id.eq(bind(actor_id.map(Id::<()>::from_uuid))),
            events::ground.eq(ground.word()),
        )
    };
    // A request tells of one thing or two, with statements that stay prepared; an import tells of thousands.
    if let [one, other] = told.as_slice() {
        reading.conn().execute(diesel::insert_into(events::table).values([row(one), row(other)]))?;
        return Ok(());
    }
    if told.len() < 10 {
        for one in &told {
            reading.conn().execute(diesel::insert_into(events::table).values(row(one)))?;
        }
        return Ok(());
    }
    for many in told.chunks(AT_ONCE) {
        let rows: Vec<_> = many.iter().map(row).collect();
        reading.conn().execute(diesel::insert_into(events::table).values(rows))?;
    }
    Ok(())
}

/// Can anything be read?
///
/// # Errors
/// [`Trouble::Busy`] where the database is away.
pub fn reachable(reading: &mut Reading<'_>) -> Result<(), Trouble> {
    reading.load::<i64, _>(events::table.select(events::position).limit(1)).map(drop)
}

/// The events after a position and up to what was [`settled`], in order, each with the caller's relations to the
/// student whom it concerns. Answers also the position up to which the log was looked through.
///
/// # Errors
/// Only what the database ends in.
pub fn after(
    reading: &mut Reading<'_>,
    _permit: Permit,
    position: i64,
    settled: i64,
    limit: i64,
) -> Result<(Vec<(Recorded, Vec<Relation>)>, i64), Trouble> {
    let mine = relations::of(reading, events::student_id, AsTold(events::subject, events::subject_id));
    type Row =
        ((i64, Instant, Subject, Id<()>, String, i64, Option<StudentId>, Option<LandscapeId>, Json<Value>), Option<String>);
    let rows: Vec<Row> = reading.load(
        events::table
            .filter(events::position.gt(position))
            .filter(events::position.le(settled))
            .order(events::position)
            .limit(limit)
            .select((
                (
                    events::position,
                    events::at,
                    events::subject,
                    events::subject_id,
                    events::what,
                    events::version,
                    events::student_id,
                    events::landscape_id,
                    events::facts,
                ),
                mine,
            )),
    )?;
    let full = i64::try_from(rows.len()).is_ok_and(|rows| rows == limit);
    let last = rows.last().map(|((position, ..), _)| *position).filter(|_| full);
    let looked = last.unwrap_or_else(|| settled.max(position));
    let recorded = rows.into_iter().map(
        |((position, at, subject, subject_id, what, version, student_id, landscape_id, Json(facts)), mine)| {
            let subject_id = subject_id.uuid();
            (
                Recorded { position, at, subject, subject_id, what, version, student_id, landscape_id, facts },
                relations::read(mine),
            )
        },
    );
    Ok((recorded.collect(), looked))
}

/// The position up to which the log is complete: nothing at or below it is still being written. The events up to it
/// are there to be read by whoever begins to read after this.
///
/// On SQLite the only writer commits in order. On PostgreSQL every writer holds a shared lock from taking its
/// position until its commit: who gets the lock alone for a moment knows that all positions given out are settled.
/// The rows themselves would not tell: a transaction keeps seeing what was there when it began, before it waited.
///
/// # Errors
/// Only what the database ends in.
pub fn settled(reading: &mut Reading<'_>, _permit: Permit) -> Result<i64, Trouble> {
    reading.of_one_moment()?;
    let conn = reading.conn();
    if let Conn::Pg(pg) = conn {
        pg.batch_execute("SELECT pg_advisory_xact_lock(7301)")?;
        let given_out = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS position FROM event_positions";
        return Ok(diesel::sql_query(given_out).get_result::<GivenOut>(pg)?.position);
    }
    let last: Vec<Option<i64>> = conn.load(events::table.select(diesel::dsl::max(events::position)))?;
    Ok(last.into_iter().flatten().next().unwrap_or(0))
}

#[derive(QueryableByName)]
struct GivenOut {
    #[diesel(sql_type = BigInt)]
    position: i64,
}
