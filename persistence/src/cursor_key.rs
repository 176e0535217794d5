//! What cursors are sealed with. It is kept with the data: so every process has the same, also on a copy that was put back.

use diesel::prelude::*;
use uuid::Uuid;

use crate::conn::Conn;
use crate::schema::cursor_key;
use crate::trouble::Trouble;

/// The key, which whoever is first makes.
pub(crate) fn find_or_make(conn: &mut Conn) -> Result<String, Trouble> {
    if let Some(secret) = find(conn)? {
        return Ok(secret);
    }
    let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let new = (cursor_key::one.eq(1), cursor_key::secret.eq(secret));
    conn.execute(diesel::insert_into(cursor_key::table).values(new).on_conflict_do_nothing())?;
    find(conn)?.ok_or_else(|| Trouble::Unreadable("the key of cursors".to_owned()))
}

fn find(conn: &mut Conn) -> Result<Option<String>, Trouble> {
    Ok(conn.load(cursor_key::table.select(cursor_key::secret))?.into_iter().next())
}
