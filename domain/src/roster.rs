//! What a row of a roster means for a student whom the college may know already: new, the same, moved on, or refused.

use crate::enrolment::EnrolmentStateName;
use crate::kernel::{Crebo, EnrolmentId, Event, Fault, LandscapeId, PersonId, Route, StudentId, Subject, TeamId};

crate::faults! {
    /// Why a row of a roster is not taken, though it is well formed.
    pub enum RosterRefusal {
        ElsewhereNow: Conflict "roster.elsewhere-now"
            en "The student is enrolled in another landscape. Moving there is a switch, which is requested and accepted."
            nl "De student is ingeschreven in een ander landschap. Daarheen gaan is een switch, die wordt aangevraagd en aanvaard.",
        OtherQualification: Conflict "roster.other-qualification"
            en "The student is enrolled for another crebo or route. A roster moves students between teams and coaches only."
            nl "De student is ingeschreven voor een ander crebo of een andere leerweg. Een roster verplaatst alleen tussen teams en coaches.",
        StayOver: Conflict "roster.stay-over"
            en "The student graduated or left. Who comes back applies and is placed anew."
            nl "De student heeft het diploma of is vertrokken. Wie terugkomt meldt zich aan en wordt opnieuw geplaatst.",
        CoachNotSplit: Invalid "roster.coach-not-split"
            en "Given name and family name of the coach cannot be told apart. Write the given name or initials first."
            nl "Voornaam en achternaam van de coach zijn niet te onderscheiden. Schrijf eerst de voornaam of voorletters.",
        CoachAmbiguous: Conflict "roster.coach-ambiguous"
            en "Two coaches of this landscape have this name; which is meant cannot be known."
            nl "Twee coaches van dit landschap hebben deze naam; welke bedoeld is valt niet te weten.",
        OwnCoach: Invalid "roster.own-coach"
            en "The coach is the student."
            nl "De coach is de student zelf.",
    }
}

/// Where a student is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    pub enrolment_id: EnrolmentId,
    /// Of the enrolment.
    pub version: i64,
    pub state: EnrolmentStateName,
    pub student_id: StudentId,
    pub landscape_id: LandscapeId,
    pub team_id: TeamId,
    pub coach_id: PersonId,
    pub crebo: Crebo,
    pub route: Route,
}

/// Where a row says that a student is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub landscape_id: LandscapeId,
    pub team_id: TeamId,
    pub coach_id: PersonId,
    pub crebo: Crebo,
    pub route: Route,
}

/// What is to change of a stay; nothing where both are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    pub team_id: Option<TeamId>,
    pub coach_id: Option<PersonId>,
}

impl Moves {
    pub const fn is_nothing(&self) -> bool {
        self.team_id.is_none() && self.coach_id.is_none()
    }
}

impl Stay {
    /// What a row changes of this stay.
    ///
    /// # Errors
    /// What a roster may not do: switch landscapes (EN-4), or change what is learned.
    pub fn compare(&self, wanted: Wanted) -> Result<Moves, Fault> {
        if self.landscape_id != wanted.landscape_id {
            return Err(RosterRefusal::ElsewhereNow.fault());
        }
        if self.crebo != wanted.crebo || self.route != wanted.route {
            return Err(RosterRefusal::OtherQualification.fault());
        }
        Ok(Moves {
            team_id: (self.team_id != wanted.team_id).then_some(wanted.team_id),
            coach_id: (self.coach_id != wanted.coach_id).then_some(wanted.coach_id),
        })
    }

    /// What is told of the enrolment when it moves so: one event for the one change that a row makes.
    pub fn event(&self, moves: &Moves) -> Event {
        let what = if moves.coach_id.is_some() { "coachChanged" } else { "teamChanged" };
        let event = Event::new(Subject::Enrolment, self.enrolment_id, self.version + 1, what)
            .of_student(self.student_id)
            .in_landscape(self.landscape_id)
            .now(self.state);
        let event = moves.team_id.map_or(event.clone(), |team_id| event.naming("teamId", team_id));
        moves.coach_id.map_or(event.clone(), |coach_id| event.naming("coachId", coach_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stay() -> (Stay, Wanted) {
        let wanted = Wanted {
            landscape_id: LandscapeId::in_order(),
            team_id: TeamId::in_order(),
            coach_id: PersonId::in_order(),
            crebo: Crebo::parse("25736").unwrap(),
            route: Route::Bol,
        };
        let Wanted { landscape_id, team_id, coach_id, crebo, route } = wanted;
        let (enrolment_id, student_id) = (EnrolmentId::in_order(), StudentId::in_order());
        let state = EnrolmentStateName::Definitive;
        let stay = Stay { enrolment_id, version: 3, state, student_id, landscape_id, team_id, coach_id, crebo, route };
        (stay, wanted)
    }

    #[test]
    fn a_row_that_says_what_is_known_changes_nothing() {
        let (stay, wanted) = stay();
        assert!(stay.compare(wanted).unwrap().is_nothing());
    }

    #[test]
    fn another_class_or_mentor_moves_the_student() {
        let (stay, wanted) = stay();
        let (team_id, coach_id) = (TeamId::in_order(), PersonId::in_order());
        let moves = stay.compare(Wanted { team_id, ..wanted }).unwrap();
        assert_eq!(moves, Moves { team_id: Some(team_id), coach_id: None });
        assert_eq!((stay.event(&moves).what, stay.event(&moves).version), ("teamChanged", 4));
        let moves = stay.compare(Wanted { team_id, coach_id, ..wanted }).unwrap();
        assert_eq!((moves.coach_id, stay.event(&moves).what), (Some(coach_id), "coachChanged"));
    }

    #[test]
    fn en_4_a_roster_switches_nobody_to_another_landscape() {
        let (stay, wanted) = stay();
        let refused = stay.compare(Wanted { landscape_id: LandscapeId::in_order(), ..wanted }).unwrap_err();
        assert_eq!(refused.code, "roster.elsewhere-now");
        let refused = stay.compare(Wanted { route: Route::Bbl, ..wanted }).unwrap_err();
        assert_eq!(refused.code, "roster.other-qualification");
    }
}
