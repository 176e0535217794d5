//! Rounds: opened, closed, and who is asked (LM-2).

use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Action, Permit, Seen, Sight};
use domain::kernel::{FrameworkId, KernelFault, Line, PersonId, RaterId, RoundId, StudentId};
use domain::leermeter::{LetterStateName, NewRound, RaterIs, RaterKind, Round, RoundDecision, RoundStateName};
use persistence::access::Name;
use persistence::leermeter::raters::{self, NamedRater};
use persistence::leermeter::rounds::{self as rows, KnownRound};
use persistence::{Reading, Trouble};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::PersonName;
use crate::http::{Answer, At, Body, Caller, Everything, List, Listing, OpenDecisions, Outcome, Problem};

/// A round in which a student is rated; no level stands in it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeermeterRoundView {
    id: RoundId,
    /// Also `closed` while the student is not enrolled.
    state: RoundStateName,
    version: i64,
    open_decisions: OpenDecisions,
    student_id: StudentId,
    student: PersonName,
    /// What the student is rated on.
    framework_id: FrameworkId,
    pub title: Line,
    pub opened_at: DateTime<Utc>,
    /// The last day on which ratings are taken.
    closes_on: NaiveDate,
    /// When someone closed it before that; null where nobody did.
    #[schema(required = true)]
    closed_at: Option<DateTime<Utc>>,
    /// Whether the student sees what others say of a competence once they rated it in this round, or its last day is over or someone
    /// closed it. Opened again after that it goes on holding nothing back, and the student rates no competence for the first time.
    own_view_first: bool,
    /// Who is asked, and who rated: the student and the responsible coach always. For teachers, workplace trainers and invited
    /// raters themself alone.
    #[schema(max_items = 60)]
    raters: Vec<RaterView>,
}

/// Someone who is asked to rate, or rated.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RaterView {
    /// By which an invitation is taken back; null of who is always asked and did not rate yet.
    #[schema(required = true)]
    pub id: Option<RaterId>,
    /// What `If-Match` takes where an invitation is taken back; null of who was not invited, or rated.
    #[schema(required = true)]
    pub version: Option<i64>,
    pub rater_kind: RaterKind,
    /// Null for who has no account.
    #[schema(required = true)]
    pub person_id: Option<PersonId>,
    #[schema(max_length = 700)]
    pub name: String,
    /// Null for who was not invited: rates by being the student, the coach, a teacher of the team or a workplace trainer.
    #[schema(required = true)]
    pub invited_at: Option<DateTime<Utc>>,
    /// Until when the link can be used; null for who needs none.
    #[schema(required = true)]
    pub expires_at: Option<DateTime<Utc>>,
    /// When they first rated in this round; null where they did not.
    #[schema(required = true)]
    pub answered_at: Option<DateTime<Utc>>,
    /// How far the mail with the link is: `waiting`, or `refused` by the mail server for good, so that they are to be invited again at
    /// another address. Null once it was sent, and where none is.
    #[schema(required = true)]
    pub mail: Option<LetterStateName>,
}

impl RaterView {
    fn of(named: NamedRater) -> Self {
        let NamedRater { rater, person, letter: mail } = named;
        let person_id = rater.person_id();
        let (name, expires_at) = match (rater.is, person) {
            (RaterIs::Guest { name, expires_at, .. }, _) => (name.as_str().to_owned(), Some(expires_at)),
            (RaterIs::Person(_), Some(person)) => (person.called(), None),
            (RaterIs::Person(_), None) => (String::new(), None),
        };
        let (id, rater_kind, invited_at, answered_at) = (Some(rater.id), rater.kind, rater.invited_at, rater.answered_at);
        // Of who rated it would tell that they rate again.
        let version = (invited_at.is_some() && answered_at.is_none()).then_some(rater.version);
        Self { id, version, rater_kind, person_id, name, invited_at, expires_at, answered_at, mail }
    }

    /// Of who is always asked.
    fn always(rater_kind: RaterKind, person: &Name) -> Self {
        let (person_id, name) = (Some(person.id), person.called());
        Self {
            id: None,
            version: None,
            rater_kind,
            person_id,
            name,
            invited_at: None,
            expires_at: None,
            answered_at: None,
            mail: None,
        }
    }
}

/// Who is asked in one round: the student and the coach first, then by when they were.
pub fn asked(round: &Round, student: &Name, coach: Option<&Name>, raters: &[NamedRater]) -> Vec<RaterView> {
    let mine: Vec<_> = raters.iter().filter(|one| one.rater.round_id == round.id).cloned().collect();
    let is_there = |person: &Name| mine.iter().any(|one| one.rater.person_id() == Some(person.id));
    let always = [(RaterKind::Student, Some(student)), (RaterKind::Coach, coach)];
    let always = always.into_iter().filter_map(|(kind, person)| person.map(|person| (kind, person)));
    let missing: Vec<_> = always.filter(|(_, person)| !is_there(person)).collect();
    let missing = missing.into_iter().map(|(kind, person)| RaterView::always(kind, person));
    let mut all: Vec<_> = missing.chain(mine.into_iter().map(RaterView::of)).collect();
    all.sort_by_key(|rater| !matches!(rater.rater_kind, RaterKind::Student | RaterKind::Coach));
    all
}

/// What stands beside rounds of one student: who is asked in them, and who is the coach.
struct Beside {
    raters: Vec<NamedRater>,
    coach: Option<Name>,
}

fn beside(reading: &mut Reading<'_>, permit: Permit, student: StudentId, of: Vec<RoundId>) -> Result<Beside, Trouble> {
    let raters = raters::of_rounds(reading, permit, of)?;
    Ok(Beside { raters, coach: raters::coach(reading, permit, student)? })
}

fn view(reading: &Reading<'_>, seen: &Seen<KnownRound>, beside: &Beside) -> LeermeterRoundView {
    let (now, me) = (reading.now(), reading.actor().person_id());
    let KnownRound { round, student, own_view_first, .. } = &seen.thing;
    let mut raters = asked(round, student, beside.coach.as_ref(), &beside.raters);
    if seen.sight() < Sight::Full {
        raters.retain(|rater| me.is_some() && rater.person_id == me);
    }
    LeermeterRoundView {
        id: round.id,
        state: round.state(now),
        version: round.version,
        open_decisions: OpenDecisions(seen.open(round.open_actions(now))),
        student_id: round.student_id,
        student: student.clone().into(),
        framework_id: round.framework_id,
        title: round.title.clone(),
        opened_at: round.opened_at,
        closes_on: round.closes_on,
        closed_at: round.closed_at,
        own_view_first: *own_view_first,
        raters,
    }
}

/// The view of one round.
pub fn shown(reading: &mut Reading<'_>, seen: &Seen<KnownRound>) -> Result<LeermeterRoundView, Trouble> {
    let round = &seen.thing.round;
    let beside = beside(reading, seen.permit, round.student_id, vec![round.id])?;
    Ok(view(reading, seen, &beside))
}

/// A round that the caller may see.
pub fn round(reading: &mut Reading<'_>, id: RoundId) -> Result<Seen<KnownRound>, Trouble> {
    Ok(rows::find(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadRound)?)
}

pub async fn list(caller: Caller, At(id): At<StudentId>, list: List<Everything>) -> Result<Listing<LeermeterRoundView>, Problem> {
    let page = list.page()?;
    caller
        .read(move |reading| {
            let student = persistence::students::find(reading, id)?.ok_or(KernelFault::Absent)?;
            let (_, permit) = student.permit(Action::ReadRound)?;
            let found = rows::list(reading, permit, id, &page)?.try_map(|row| row.read(Action::ReadRound))?;
            let ids = found.rows.iter().map(|seen| seen.thing.round.id).collect();
            let beside = beside(reading, permit, id, ids)?;
            Answer::page(found, &page, |seen| seen.thing.round.id, |seen| Ok(view(reading, &seen, &beside)))
        })
        .await
}

pub async fn get_one(caller: Caller, At(id): At<RoundId>) -> Outcome<LeermeterRoundView> {
    caller
        .read(move |reading| {
            let seen = round(reading, id)?;
            Answer::at_version(&shown(reading, &seen)?, seen.thing.round.version)
        })
        .await
}

pub async fn open(caller: Caller, At(id): At<StudentId>, Body(new): Body<NewRound>) -> Outcome<LeermeterRoundView> {
    caller
        .change(move |writing| {
            let student = persistence::students::find(writing, id)?.ok_or(KernelFault::Absent)?;
            let (_, permit) = student.permit(Action::OpenRound)?;
            let facts = rows::facts(writing, permit, id, new.framework_id)?;
            let opened = Round::open(new.clone(), facts, writing.now())?;
            rows::insert(writing, permit, &opened)?;
            let seen = round(writing, opened.thing.id)?;
            let location = format!("/leermeter-rounds/{}", opened.thing.id);
            Answer::created(&location, &shown(writing, &seen)?, opened.thing.version)
        })
        .await
}

pub async fn decide(caller: Caller, At(id): At<RoundId>, Body(decision): Body<RoundDecision>) -> Outcome<LeermeterRoundView> {
    caller
        .change(move |writing| {
            let seen = round(writing, id)?;
            let permit = seen.permit(decision.action())?;
            let now = writing.now();
            let before = &seen.thing.round;
            let decided =
                before.decide(&decision, now).map_err(|refusal| refusal.opening(seen.open(before.open_actions(now))))?;
            let Some(decided) = decided else {
                writing.looked_at(id, before.version)?;
                return Answer::at_version(&shown(writing, &seen)?, before.version);
            };
            rows::update(writing, permit, &decided, before.ended_at(now))?;
            let version = decided.thing.version;
            let after = seen.with(KnownRound { round: decided.thing, ..seen.thing.clone() });
            Answer::at_version(&shown(writing, &after)?, version)
        })
        .await
}
