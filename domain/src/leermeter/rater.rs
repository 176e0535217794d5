//! Who rates in a round (LM-2): the student and the responsible coach always, others by a relation to the student or by invitation.

use chrono::TimeDelta;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{LeermeterFault as F, RaterKind, Round};
use crate::access::Relation;
use crate::kernel::{
    Email, Event, Finding, Findings, Id, Instant, KernelFault, PersonId, RaterId, Refusal, RoundId, StudentId, Subject, Text,
    Told, Word, of,
};

/// How long the link of an invitation can be used.
const LASTS: TimeDelta = TimeDelta::days(7);
/// Who is asked by invitation; the student and the coach are asked without one.
const INVITED: [RaterKind; 4] = [RaterKind::WorkplaceTrainer, RaterKind::Teacher, RaterKind::Peer, RaterKind::Buddy];
/// So many raters a round has at most, besides the student and the coach.
pub const MOST: usize = 50;
/// Whom the coach may ask besides.
const INVITED_BY_COACH: [RaterKind; 2] = [RaterKind::WorkplaceTrainer, RaterKind::Teacher];

/// Someone who is asked to rate: with an account by `personId`, without one by `email` and `name`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInvitation {
    /// As who they rate: `workplaceTrainer`, `teacher`, `peer` or `buddy`. Needed unless what the person of `personId` is to the student
    /// now says so: a workplace trainer of a running placement, or a teacher of the team.
    #[serde(default)]
    pub rater_kind: Option<RaterKind>,
    /// Someone of the college who has an account.
    #[serde(default)]
    pub person_id: Option<PersonId>,
    /// Where they get their link.
    #[serde(default)]
    pub email: Option<Email>,
    /// How they are called.
    #[serde(default)]
    pub name: Option<Text<200>>,
}

/// What is known around an invitation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvitationFacts {
    /// There is such a person, who has an account and to do with the college.
    pub person_is_known: bool,
    /// That person is the student's responsible coach now.
    pub is_coach: bool,
    /// What else they are to the student; known where the invitation does not say as who they rate.
    pub relations: Vec<Relation>,
    /// They, or this address, are asked in this round already, or rated in it.
    pub asked: Option<Rater>,
    /// By which they were known in another round of this student.
    pub known_as: Option<WhoId>,
    /// How many are asked in this round, or rated in it.
    pub raters: usize,
}

/// Who invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inviter {
    pub id: PersonId,
    /// What they are to the student: `student`, or the responsible coach.
    pub relation: Relation,
}

crate::words! {
    /// How far the letter with a link is that the mail server did not take yet.
    pub enum LetterStateName {
        /// It is tried until the link expires.
        Waiting = "waiting",
        /// The mail server refused it for good: the address may be wrong.
        Refused = "refused",
    }
}

/// Who rates, the same in every round of a student: the person, or an address.
pub type WhoId = Id<of::Person>;

/// How a rater is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RaterIs {
    /// Someone with an account.
    Person(PersonId),
    /// Someone with a link.
    Guest { email: Email, name: Text<200>, expires_at: Instant },
}

/// Someone who is asked to rate in a round, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rater {
    pub id: RaterId,
    /// Goes up with everything that they, or who invited them, does.
    pub version: i64,
    pub round_id: RoundId,
    pub student_id: StudentId,
    pub kind: RaterKind,
    pub who_id: WhoId,
    pub is: RaterIs,
    /// When they were invited; none where they rate by their relation to the student.
    pub invited_at: Option<Instant>,
    /// Who invited them; none where nobody did, or long ago.
    pub invited_by: Option<PersonId>,
    /// When they first rated in this round.
    pub answered_at: Option<Instant>,
    pub withdrawn_at: Option<Instant>,
}

impl Rater {
    /// Invites someone into a round that is open. An invitation by the same person that was not answered yet makes way for the new one.
    ///
    /// # Errors
    /// [`F::RoundClosed`], otherwise everything that is wrong with it: [`F::AskedByAnother`] alone is a conflict, and so is
    /// [`F::TooManyRaters`].
    pub fn invite(
        round: &Round,
        new: NewInvitation,
        by: Inviter,
        facts: InvitationFacts,
        now: Instant,
    ) -> Result<Told<Self>, Refusal> {
        round.takes_ratings(now)?;
        let NewInvitation { rater_kind: said, person_id, email, name } = new;
        let is_guest = email.is_some() || name.is_some();
        let may_ask: &[RaterKind] = if by.relation == Relation::ResponsibleCoach { &INVITED_BY_COACH } else { &INVITED };
        let may_ask_instead = |finding: Finding| finding.instead(may_ask.iter().map(|kind| kind.word().to_owned()));
        let answered = facts.asked.as_ref().is_some_and(|rater| rater.answered_at.is_some());
        let by_another = facts.asked.as_ref().is_some_and(|rater| rater.answered_at.is_none() && !rater.is_invited_by(by.id));
        let asked_at = if person_id.is_some() { "/personId" } else { "/email" };
        let is_self = person_id == Some(round.student_id.person());
        let kind = said.or_else(|| kind_of(|relation| facts.relations.contains(&relation)).filter(|kind| may_ask.contains(kind)));
        // As who someone rates who can not be asked does not matter.
        let matters = person_id.is_none() || (facts.person_is_known && !is_self && !facts.is_coach);
        let mut findings = Findings::default();
        findings
            .add(said.filter(|kind| !may_ask.contains(kind)).map(|_| may_ask_instead(F::NotInvited.at("/raterKind"))))
            .add((kind.is_none() && matters).then(|| may_ask_instead(F::KindMissing.at("/raterKind"))))
            .note(person_id.is_some() == is_guest, "", F::WhoIsInvited)
            .note(is_guest && person_id.is_none() && email.is_none(), "/email", F::GuestIncomplete)
            .note(is_guest && person_id.is_none() && name.is_none(), "/name", F::GuestIncomplete)
            .note(is_self, "/personId", F::InvitesSelf)
            .note(person_id.is_some() && !is_self && !facts.person_is_known, "/personId", KernelFault::UnknownReference)
            .note(facts.is_coach || answered, asked_at, F::AskedAlready)
            .note(by_another, asked_at, F::AskedByAnother);
        findings.settle()?;
        let kind = kind.ok_or_else(|| F::KindMissing.fault())?;
        if facts.raters.saturating_sub(usize::from(facts.asked.is_some())) >= MOST {
            return Err(F::TooManyRaters.into());
        }
        let is = match (person_id, email, name) {
            (Some(id), ..) => RaterIs::Person(id),
            (None, Some(email), Some(name)) => RaterIs::Guest { email, name, expires_at: expires_at(round, now) },
            (None, ..) => return Err(F::WhoIsInvited.into()),
        };
        let who_id = person_id.or(facts.known_as).unwrap_or_else(WhoId::unguessable);
        let asked = Self::asked(round, kind, who_id, is);
        Ok(Self { invited_at: Some(now), invited_by: Some(by.id), ..asked }.told("invited"))
    }

    /// Someone who rates by a relation to the student, beside so many raters that are there.
    ///
    /// # Errors
    /// [`F::TooManyRaters`], but for the student and the coach.
    pub fn by_relation(round: &Round, kind: RaterKind, person: PersonId, raters: usize) -> Result<Self, Refusal> {
        if raters >= MOST && !matches!(kind, RaterKind::Student | RaterKind::Coach) {
            return Err(F::TooManyRaters.into());
        }
        Ok(Self { version: 0, ..Self::asked(round, kind, person, RaterIs::Person(person)) })
    }

    /// Is it this person's invitation? Of an old one nobody knows: it counts as the student's.
    fn is_invited_by(&self, person: PersonId) -> bool {
        self.invited_by.unwrap_or_else(|| self.student_id.person()) == person
    }

    fn asked(round: &Round, kind: RaterKind, who_id: WhoId, is: RaterIs) -> Self {
        Self {
            id: RaterId::unguessable(),
            version: 1,
            round_id: round.id,
            student_id: round.student_id,
            kind,
            who_id,
            is,
            invited_at: None,
            invited_by: None,
            answered_at: None,
            withdrawn_at: None,
        }
    }

    /// Takes the invitation back.
    ///
    /// # Errors
    /// [`F::AnsweredAlready`] where they rated, [`KernelFault::Forbidden`] where this is not the coach's to take back.
    pub fn withdraw(&self, by: Relation, now: Instant) -> Result<Told<Self>, Refusal> {
        if by == Relation::ResponsibleCoach && !INVITED_BY_COACH.contains(&self.kind) {
            return Err(KernelFault::Forbidden.into());
        }
        if self.answered_at.is_some() {
            return Err(F::AnsweredAlready.into());
        }
        Ok(Self { version: self.version + 1, withdrawn_at: Some(now), ..self.clone() }.told("withdrawn"))
    }

    /// Rated; `seen_by_student` says whether the student may see it at once.
    pub fn rated(&self, seen_by_student: bool, now: Instant) -> Told<Self> {
        let answered_at = Some(self.answered_at.unwrap_or(now));
        let Told { thing, event } = Self { version: self.version + 1, answered_at, ..self.clone() }.told("rated");
        Told { thing, event: event.with("seenByStudent", seen_by_student) }
    }

    pub const fn person_id(&self) -> Option<PersonId> {
        match self.is {
            RaterIs::Person(id) => Some(id),
            RaterIs::Guest { .. } => None,
        }
    }

    fn told(self, what: &'static str) -> Told<Self> {
        let event = Event::new(Subject::LeermeterRater, self.id, self.version, what)
            .of_student(self.student_id)
            .naming("roundId", self.round_id)
            .with("raterKind", self.kind.word());
        let event = match self.is {
            RaterIs::Person(id) => event.naming("personId", id),
            RaterIs::Guest { .. } => event,
        };
        Told { thing: self, event }
    }
}

/// A week, and not beyond the round.
fn expires_at(round: &Round, now: Instant) -> Instant {
    (now + LASTS).min(round.until_at())
}

/// As who someone rates who has these relations to the student, if at all: the first that fits. Who is invited rates as the
/// invitation says.
pub fn kind_of(is: impl Fn(Relation) -> bool) -> Option<RaterKind> {
    [
        (Relation::Student, RaterKind::Student),
        (Relation::ResponsibleCoach, RaterKind::Coach),
        (Relation::WorkplaceTrainer, RaterKind::WorkplaceTrainer),
        (Relation::Teacher, RaterKind::Teacher),
    ]
    .into_iter()
    .find_map(|(relation, kind)| is(relation).then_some(kind))
}
