//! A conversation in one's own calendar (RFC 5545, RFC 5546): an invitation, newer with every move, and its withdrawal.

use actix_web::web::Bytes;
use chrono_tz::Europe::Amsterdam;
use domain::access::Action;
use domain::conversation::{ConversationKind, ConversationState};
use domain::kernel::{ConversationId, Instant, KernelFault};
use futures_util::stream;
use icalendar::{Calendar, CalendarDateTime, Class, Component, Event, EventLike, EventStatus, Property};
use persistence::access::Name;
use persistence::conversations::Talk;

use super::talks::talk;
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

/// What it is called in a calendar that others may look into: of care no more than that it is a conversation.
const fn title(kind: ConversationKind) -> &'static str {
    match kind {
        ConversationKind::CareerReflection => "Gesprek: loopbaanreflectie",
        ConversationKind::Leermeter => "Gesprek: leermeter",
        ConversationKind::StartProgrammeClosing => "Gesprek: afsluiting startprogramma",
        ConversationKind::ExtraSupport | ConversationKind::Sab => "Gesprek",
    }
}

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
    let is_cancelled = matches!(conversation.state, ConversationState::Cancelled { .. });
    let mut event = Event::with_uid(&format!("{}@leerloopbaan", conversation.id));
    event
        .timestamp(now)
        .sequence(u32::try_from(conversation.sequence).unwrap_or(0))
        .summary(title(conversation.kind))
        .class(Class::Private)
        .status(if is_cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed })
        .starts(at_school(starts_at))
        .ends(at_school(ends_at));
    if let Some(place) = &conversation.place {
        event.location(place.as_str());
    }
    event.append_property(person("ORGANIZER", talk.coach.as_ref().unwrap_or(&talk.student)));
    for who in std::iter::once(&talk.student).chain(&talk.coach).chain(&talk.participants) {
        event.append_multi_property(person("ATTENDEE", who));
    }
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Leerloopbaan//conversations//NL"))
        .append_property(("METHOD", if is_cancelled { "CANCEL" } else { "REQUEST" }))
        .push(event.done());
    Some(calendar.to_string().replacen("BEGIN:VEVENT", &format!("{SCHOOL_TIME}BEGIN:VEVENT"), 1))
}

pub async fn fetch(
    caller: Caller,
    At(id): At<ConversationId>,
    HeadAlone(head): HeadAlone,
) -> Result<Content<InvitationFile>, Problem> {
    let text = caller
        .read(move |reading| {
            let seen = talk(reading, id)?;
            seen.permit(Action::ReadPreparation).map_err(|_| KernelFault::Absent)?;
            Ok(invitation(&seen.thing, reading.now()).ok_or(KernelFault::Absent)?)
        })
        .await?;
    let label = Labelled { media_type: "text/calendar", name: "gesprek.ics" };
    if head {
        return Ok(Content::made(&label, nothing()));
    }
    Ok(Content::made(&label, Box::pin(stream::iter([Ok(Bytes::from(text))]))))
}
