//! Takes a roster: newcomers are placed, who is known moves to another team or coach, and nothing else changes.

use std::collections::HashMap;

use domain::access::{Permit, Role};
use domain::enrolment::{AssignmentCause, Enrolment, EnrolmentFault, NewEnrolment};
use domain::imports::{Refused, Tally};
use domain::kernel::text::folded;
use domain::kernel::time::start_of;
use domain::kernel::{CoachAssignmentId, EnrolmentId, Fault, Instant, LandscapeId, Line, PersonId, Refusal, TeamId, Text};
use domain::organisation::{self, HeldRole, Landscape, NewLandscape, NewPerson, NewRole, NewTeam, Person, PersonPatch, Team};
use domain::roster::{Moves, RosterRefusal, Stay, is_same};
use persistence::access::Name;
use persistence::enrolment::{coaching, stay};
use persistence::roster::{Known, KnownStudent, Newcomer, Newcomers};
use persistence::{Trouble, Writing};

use crate::imports::Read;
use crate::imports::roster::{FullName, RosterRow, split};

/// Takes every row that can be taken.
///
/// # Errors
/// What the database ends in; then nothing is kept.
pub fn take(writing: &mut Writing<'_>, permit: Permit, roster: &Read<RosterRow>) -> Result<(Tally, Vec<Refused>), Trouble> {
    let known = persistence::roster::known(writing, permit)?;
    let mut college = College::of(known, writing.now());
    let (mut tally, mut refused) = (Tally::default(), Vec::new());
    let mut changes = Vec::new();
    for row in &roster.records {
        match college.read(row) {
            Err(Trouble::Refused(refusal)) => refused.extend(refusals(row.line, refusal)),
            Err(trouble) => return Err(trouble),
            Ok(Meaning::Nothing) => tally.unchanged += 1,
            Ok(Meaning::Newcomer) => tally.taken += 1,
            Ok(Meaning::Change(change)) => {
                tally.taken += 1;
                changes.push(change);
            }
        }
    }
    persistence::roster::insert(writing, permit, &college.new)?;
    for change in changes {
        apply(writing, permit, change)?;
    }
    Ok((tally, refused))
}

/// What the domain refuses of a row.
fn refusals(line: u32, refusal: Refusal) -> Vec<Refused> {
    match refusal {
        Refusal::Fault(fault) | Refusal::Illegal { fault, .. } => vec![Refused::new(line, "", fault)],
        Refusal::Findings(found) => {
            found.into_iter().map(|one| Refused::new(line, one.pointer.trim_start_matches('/'), one.fault)).collect()
        }
    }
}

/// What a row comes down to.
enum Meaning {
    Nothing,
    /// Noted among the newcomers.
    Newcomer,
    Change(Box<Change>),
}

/// What a row changes of a student whom the college knows.
struct Change {
    /// The student number, where it was not known.
    number: Option<String>,
    known: Person,
    /// As the row says; none where it says what is known.
    person: Option<Person>,
    stay: Stay,
    moves: Moves,
}

/// The college as it is, and what the rows so far add to it.
struct College {
    now: Instant,
    landscapes: Named<LandscapeId>,
    teams: HashMap<LandscapeId, Named<TeamId>>,
    coaches: HashMap<(LandscapeId, String), Vec<PersonId>>,
    students: HashMap<String, KnownStudent>,
    /// Who was placed and has no student number yet, by landscape and name.
    unnumbered: HashMap<(LandscapeId, String), Vec<KnownStudent>>,
    new: Newcomers,
}

impl College {
    fn of(known: Known, now: Instant) -> Self {
        let mut coaches: HashMap<_, Vec<PersonId>> = HashMap::new();
        for (landscape, coach) in known.coaches {
            let named = coaches.entry((landscape, called(&coach))).or_default();
            if !named.contains(&coach.id) {
                named.push(coach.id);
            }
        }
        let mut students = HashMap::new();
        let mut unnumbered: HashMap<_, Vec<KnownStudent>> = HashMap::new();
        for student in known.students {
            match (&student.number, &student.stay) {
                (Some(number), _) => drop(students.insert(number.to_lowercase(), student)),
                (None, Some(stay)) => {
                    unnumbered.entry((stay.landscape_id, student.person.sort_name())).or_default().push(student);
                }
                (None, None) => {}
            }
        }
        let (mut landscapes, mut teams) = (Named::default(), HashMap::<_, Named<_>>::new());
        known.landscapes.iter().for_each(|(id, name)| landscapes.add(name, *id));
        known.teams.iter().for_each(|(id, landscape, name)| teams.entry(*landscape).or_default().add(name, *id));
        Self { now, landscapes, teams, coaches, students, unnumbered, new: Newcomers::default() }
    }

    fn read(&mut self, row: &RosterRow) -> Result<Meaning, Trouble> {
        let landscape = self.landscapes.find(row.landscape.as_str(), RosterRefusal::LandscapeAmbiguous)?;
        let coach = self.coach_of(landscape, row)?;
        match self.student(landscape, row)? {
            Some(student) => self.move_on(row, student, landscape, coach),
            None => self.place(row, landscape, coach),
        }
    }

    /// What a row changes of who is known. Whatever can be refused is, before anything is made for it.
    fn move_on(
        &mut self,
        row: &RosterRow,
        student: KnownStudent,
        landscape: Option<LandscapeId>,
        coach: Coach,
    ) -> Result<Meaning, Trouble> {
        let KnownStudent { number, person: known, stay } = student;
        let stay = stay.ok_or_else(|| RosterRefusal::StayOver.fault())?;
        stay.admits(landscape, row.crebo, row.route)?;
        let team = self.known_team(stay.landscape_id, row)?;
        stay.moves(team.unwrap_or(stay.team_id), coach.as_known().unwrap_or(PersonId::FIRST))?;
        let person = patch(row, &known).map(|patch| known.clone().patched(patch, self.now)).transpose()?;
        let (team, coach) = (self.team(stay.landscape_id, row)?, self.coach(stay.landscape_id, coach)?);
        let moves = stay.moves(team, coach)?;
        let number = number.is_none().then(|| row.student_number.as_str().to_owned());
        if person.is_none() && number.is_none() && moves == Moves::default() {
            return Ok(Meaning::Nothing);
        }
        Ok(Meaning::Change(Box::new(Change { number, known, person, stay, moves })))
    }

    /// Notes a newcomer, with all that is not there yet.
    fn place(&mut self, row: &RosterRow, landscape: Option<LandscapeId>, coach: Coach) -> Result<Meaning, Trouble> {
        let person = self.person(row)?;
        let landscape = landscape.unwrap_or_else(|| self.landscape(row));
        let (team, coach) = (self.team(landscape, row)?, self.coach(landscape, coach)?);
        self.newcomer(row, person, landscape, team, coach);
        Ok(Meaning::Newcomer)
    }

    /// Whom a row is about, if the college knows them: by the student number, or by landscape, name and birth date.
    fn student(&mut self, landscape: Option<LandscapeId>, row: &RosterRow) -> Result<Option<KnownStudent>, Trouble> {
        if let Some(known) = self.students.get(&row.student_number.as_str().to_lowercase()) {
            return Ok(Some(known.clone()));
        }
        let name = self.person(row)?.sort_name();
        let Some(named) = landscape.and_then(|landscape| self.unnumbered.get_mut(&(landscape, name))) else {
            return Ok(None);
        };
        for place in 0..named.len() {
            if is_same(row.birth_date, named.get(place).and_then(|student| student.person.birth_date))? {
                return Ok(Some(named.remove(place)));
            }
        }
        Ok(None)
    }

    fn person(&self, row: &RosterRow) -> Result<Person, Trouble> {
        let new = NewPerson {
            given_name: row.given_name.clone(),
            family_name_prefix: row.prefix.clone(),
            family_name: row.family_name.clone(),
            birth_date: row.birth_date,
            email: row.email.clone(),
            language: None,
            account: None,
        };
        Ok(Person::enter(new, self.now)?)
    }

    fn newcomer(&mut self, row: &RosterRow, person: Person, landscape: LandscapeId, team: TeamId, coach: PersonId) {
        let enrolment = NewEnrolment {
            id: EnrolmentId::in_order(),
            student_id: person.id.student(),
            landscape_id: landscape,
            team_id: team,
            coach_id: coach,
            crebo: row.crebo,
            route: row.route,
            starts_on: row.starts_on,
        };
        // The chain of coaches begins on the first day; for who is still to start it begins now.
        let since = start_of(row.starts_on).min(self.now);
        let placed = Enrolment::place(enrolment, CoachAssignmentId::in_order(), since);
        let number = row.student_number.as_str().to_owned();
        self.new.students.push(Newcomer { number, sort_name: person.sort_name(), placed });
        self.new.people.push(person);
    }

    fn landscape(&mut self, row: &RosterRow) -> LandscapeId {
        let landscape = Landscape::found(NewLandscape { name: row.landscape.clone(), description: None });
        let id = landscape.id;
        self.landscapes.add(row.landscape.as_str(), id);
        self.new.landscapes.push(landscape);
        id
    }

    fn known_team(&self, landscape_id: LandscapeId, row: &RosterRow) -> Result<Option<TeamId>, Fault> {
        let Some(teams) = self.teams.get(&landscape_id) else { return Ok(None) };
        teams.find(row.team.as_str(), RosterRefusal::TeamAmbiguous)
    }

    fn team(&mut self, landscape_id: LandscapeId, row: &RosterRow) -> Result<TeamId, Fault> {
        if let Some(known) = self.known_team(landscape_id, row)? {
            return Ok(known);
        }
        let team = Team::found(NewTeam { landscape_id, name: row.team.clone() });
        let id = team.id;
        self.teams.entry(landscape_id).or_default().add(row.team.as_str(), id);
        self.new.teams.push(team);
        Ok(id)
    }

    /// Who the coach of a row is, as far as the college knows.
    fn coach_of(&self, landscape: Option<LandscapeId>, row: &RosterRow) -> Result<Coach, Fault> {
        let name = split(row.coach.as_str()).ok_or_else(|| RosterRefusal::CoachNotSplit.fault())?;
        let key = called_so(&name);
        match landscape.and_then(|landscape| self.coaches.get(&(landscape, key))).map(Vec::as_slice) {
            Some([id]) => Ok(Coach::Known(*id)),
            Some([_, _, ..]) => Err(RosterRefusal::CoachAmbiguous.fault()),
            Some([]) | None => Ok(Coach::New(name)),
        }
    }

    /// The coach, entered with the role where the landscape has none of this name.
    fn coach(&mut self, landscape_id: LandscapeId, coach: Coach) -> Result<PersonId, Trouble> {
        let name = match coach {
            Coach::Known(id) => return Ok(id),
            Coach::New(name) => name,
        };
        let line = |text: &str| Line::parse(text).ok_or_else(|| RosterRefusal::CoachNotSplit.fault());
        let new = NewPerson {
            given_name: line(&name.given)?,
            family_name_prefix: name.prefix.as_deref().map(line).transpose()?,
            family_name: line(&name.family)?,
            birth_date: None,
            email: None,
            language: None,
            account: None,
        };
        let person = Person::enter(new, self.now)?;
        let (id, wanted) =
            (person.id, NewRole { role: Role::Coach, landscape_id: Some(landscape_id), team_id: None, from: None, until: None });
        self.new.roles.push(HeldRole::grant(id, &wanted, self.now)?);
        self.new.people.push(person);
        self.coaches.insert((landscape_id, called_so(&name)), vec![id]);
        Ok(id)
    }
}

/// Things by their names. Capitals and accents do not matter, unless several differ in those alone.
struct Named<Id>(HashMap<String, Vec<(String, Id)>>);

impl<Id> Default for Named<Id> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<Id: Copy> Named<Id> {
    fn add(&mut self, name: &str, id: Id) {
        self.0.entry(folded(name)).or_default().push((name.to_owned(), id));
    }

    /// Which one is meant, if there is one: of several the one that is spelled exactly so.
    fn find(&self, name: &str, ambiguous: RosterRefusal) -> Result<Option<Id>, Fault> {
        match self.0.get(&folded(name)).map(Vec::as_slice).unwrap_or_default() {
            [] => Ok(None),
            [(_, id)] => Ok(Some(*id)),
            several => {
                let exactly = several.iter().find(|(spelled, _)| spelled == name);
                exactly.map(|(_, id)| Some(*id)).ok_or_else(|| ambiguous.fault())
            }
        }
    }
}

/// The coach whom a row names.
enum Coach {
    Known(PersonId),
    New(FullName),
}

impl Coach {
    const fn as_known(&self) -> Option<PersonId> {
        match self {
            Self::Known(id) => Some(*id),
            Self::New(_) => None,
        }
    }
}

/// A name as coaches are told apart by, within one landscape.
fn called(name: &Name) -> String {
    folded(&name.called())
}

fn called_so(name: &FullName) -> String {
    folded(&organisation::called(&name.given, name.prefix.as_deref(), &name.family))
}

/// What a row says otherwise of a person; what it does not say stays.
fn patch(row: &RosterRow, person: &Person) -> Option<PersonPatch> {
    let text = |text: &Option<Line>| text.as_ref().map(|text| text.as_str().to_owned());
    let changed = |now: &Line, before: &str| (now.as_str() != before).then(|| now.clone());
    let patch = PersonPatch {
        given_name: changed(&row.given_name, &person.given_name),
        family_name_prefix: (text(&row.prefix) != person.family_name_prefix).then(|| row.prefix.clone()),
        family_name: changed(&row.family_name, &person.family_name),
        birth_date: (row.birth_date.is_some() && row.birth_date != person.birth_date).then_some(row.birth_date),
        email: row.email.clone().filter(|email| Some(email.as_str()) != person.email.as_deref()).map(Some),
        language: None,
        account: None,
    };
    let says = patch.given_name.is_some()
        || patch.family_name_prefix.is_some()
        || patch.family_name.is_some()
        || patch.birth_date.is_some()
        || patch.email.is_some();
    says.then_some(patch)
}

/// Makes one change, through the chain of coaches and the enrolment like any other.
fn apply(writing: &mut Writing<'_>, permit: Permit, change: Box<Change>) -> Result<(), Trouble> {
    let Change { number, known: before, person, stay: known, moves } = *change;
    if let Some(number) = number {
        let told = before.event("numbered");
        persistence::roster::number(writing, permit, before.id.student(), &number, told)?;
    }
    if let Some(person) = &person {
        persistence::people::update_person(writing, permit, person, None, person.event("updated"))?;
    }
    if moves == Moves::default() {
        return Ok(());
    }
    let found = persistence::enrolment::enrolment(writing, permit, known.enrolment_id)?;
    let mut enrolment = found.ok_or(Trouble::Overtaken)?;
    if let Some(coach_id) = moves.coach_id {
        let now = writing.now();
        let link = coaching::current_link(writing, permit, enrolment.student_id)?.ok_or(EnrolmentFault::ChainBroken.fault())?;
        let reason = Text::parse(REASON);
        let handed = link.hand_over(CoachAssignmentId::in_order(), coach_id, AssignmentCause::Handover, reason, now)?;
        let told = enrolment.coached_by(coach_id);
        stay::hand_over(writing, permit, &told, &handed)?;
        enrolment = told.thing;
    }
    if let Some(team_id) = moves.team_id {
        stay::change_team(writing, permit, &enrolment.in_team(team_id))?;
    }
    Ok(())
}

/// What the chain says of a change that a roster made.
const REASON: &str = "De lijst van de onderwijsadministratie noemt een andere coach.";
