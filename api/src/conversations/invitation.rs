//! A conversation in one's own calendar (RFC 5545, RFC 5546): an invitation, newer with every move, and its withdrawal.

use actix_web::web::Bytes;
use chrono_tz::Europe::Amsterdam;
use domain::access::Action;
use domain::conversation::ConversationState;
use domain::kernel::{ConversationId, Instant, KernelFault};
use domain::organisation::Language;
use futures_util::stream;
use icalendar::{Calendar, CalendarDateTime, Class, Component, Event, EventLike, EventStatus, Property};
use persistence::access::Name;
use persistence::conversations::{self as rows, Talk};
use persistence::{Reading, Trouble};

use super::kinds::called_openly;
use crate::http::content::{Labelled, nothing};
use crate::http::{At, Caller, Content, HeadAlone, Problem, Served};

/// An invitation as it is fetched.
pub struct InvitationFile;

impl Served for InvitationFile {
    fn media_types() -> Vec<&'static str> {
        vec!["text/calendar"]
    }
}

/// When the clocks change in the Netherlands, by the European rule since 1996 (directive 2000/84/EC).
const SCHOOL_TIME: &str = "BEGIN:VTIMEZONE\r\nTZID:Europe/Amsterdam\r\n\
BEGIN:DAYLIGHT\r\nDTSTART:19960331T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nEND:DAYLIGHT\r\n\
BEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\n\
END:VTIMEZONE\r\n";

fn at_school(moment: Instant) -> CalendarDateTime {
    let date_time = moment.with_timezone(&Amsterdam).naive_local();
    CalendarDateTime::WithTimezone { date_time, tzid: "Europe/Amsterdam".to_owned() }
}

/// Someone, by name and id: an address is not told.
fn person(role: &str, who: &Name) -> Property {
    // A quotation mark can not stand in a parameter (RFC 5545, section 3.2).
    let name = who.called().replace('"', "'");
    Property::new(role, format!("urn:uuid:{}", who.id)).add_parameter("CN", &name).done()
}

/// The invitation; none where no moment was named.
fn invitation(talk: &Talk, now: Instant) -> Option<String> {
    let conversation = &talk.conversation;
    let (starts_at, ends_at) = (conversation.state.starts_at()?, conversation.ends_at()?);
    // Of what was missed nothing is left at that moment; planned again it is a newer invitation.
    let is_off = matches!(conversation.state, ConversationState::Cancelled { .. } | ConversationState::Missed { .. });
    let mut event = Event::with_uid(&format!("{}@leerloopbaan", conversation.id));
    event
        .timestamp(now)
        .sequence(u32::try_from(conversation.sequence).unwrap_or(0))
        .summary(called_openly(conversation.kind, Language::Dutch))
        .class(Class::Private)
        .status(if is_off { EventStatus::Cancelled } else { EventStatus::Confirmed })
        .starts(at_school(starts_at))
        .ends(at_school(ends_at));
    if let Some(place) = &conversation.place {
        event.location(place.as_str());
    }
    event.append_property(person("ORGANIZER", talk.coach.as_ref().unwrap_or(&talk.student)));
    let coach_id = talk.coach.as_ref().map(|coach| coach.id);
    let besides = talk.participants.iter().filter(|who| Some(who.id) != coach_id);
    for who in std::iter::once(&talk.student).chain(&talk.coach).chain(besides) {
        event.append_multi_property(person("ATTENDEE", who));
    }
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Leerloopbaan//conversations//NL"))
        .append_property(("METHOD", if is_off { "CANCEL" } else { "REQUEST" }))
        .push(event.done());
    Some(calendar.to_string().replacen("BEGIN:VEVENT", &format!("{SCHOOL_TIME}BEGIN:VEVENT"), 1))
}

/// A conversation to which the caller is invited, or was until the student's stay ended.
fn invited_to(reading: &mut Reading<'_>, id: ConversationId) -> Result<Talk, Trouble> {
    let found = rows::find(reading, id)?.and_then(|found| found.read(Action::ReadPreparation).ok());
    let seen = match found {
        Some(seen) => seen,
        None => rows::withdrawn(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadPreparation)?,
    };
    let mut talk = seen.thing;
    if talk.coach.is_none() {
        talk.coach = rows::withdrawals::coach_then(reading, seen.permit, id)?;
    }
    Ok(talk)
}

pub async fn fetch(
    caller: Caller,
    At(id): At<ConversationId>,
    HeadAlone(head): HeadAlone,
) -> Result<Content<InvitationFile>, Problem> {
    let text = caller
        .read(move |reading| {
            let talk = invited_to(reading, id)?;
            Ok(invitation(&talk, reading.now()).ok_or(KernelFault::Absent)?)
        })
        .await?;
    let label = Labelled { media_type: "text/calendar", name: "gesprek.ics" };
    if head {
        return Ok(Content::made(&label, nothing()));
    }
    Ok(Content::made(&label, Box::pin(stream::iter([Ok(Bytes::from(text))]))))
}
