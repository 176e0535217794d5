//! What a row of a roster means for a student whom the college may know already: new, the same, moved on, or refused.

use chrono::NaiveDate;

use crate::kernel::{Crebo, EnrolmentId, Fault, LandscapeId, PersonId, Route, TeamId};

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
        LandscapeAmbiguous: Conflict "roster.landscape-ambiguous"
            en "Several landscapes have this name but for capitals or accents. Spell it exactly as the one that is meant."
            nl "Meerdere landschappen heten zo, op hoofdletters of accenten na. Schrijf de naam precies als die van het bedoelde.",
        TeamAmbiguous: Conflict "roster.team-ambiguous"
            en "Several teams of this landscape have this name but for capitals or accents. Spell it exactly as the one that is meant."
            nl "Meerdere teams van dit landschap heten zo, op hoofdletters of accenten na. Schrijf de naam precies als die van het bedoelde.",
        StudentUncertain: Conflict "roster.student-uncertain"
            en "A student of this name was placed in this landscape and has no student number yet. Give the birth date, which tells whether this is the same person."
            nl "In dit landschap is een student met deze naam geplaatst die nog geen studentnummer heeft. Geef de geboortedatum; die zegt of dit dezelfde persoon is.",
        HandoverOpen: Conflict "roster.handover-open"
            en "A handover of this student is proposed. The coach changes once it is answered or withdrawn."
            nl "Er is een overdracht van deze student voorgesteld. De coach verandert zodra die beantwoord of ingetrokken is.",
    }
}

/// Where a student is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    pub enrolment_id: EnrolmentId,
    pub landscape_id: LandscapeId,
    pub team_id: TeamId,
    pub coach_id: PersonId,
    pub crebo: Crebo,
    pub route: Route,
    /// A handover is proposed and unanswered.
    pub handover_open: bool,
}

/// What is to change of a stay; nothing where both are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    pub team_id: Option<TeamId>,
    pub coach_id: Option<PersonId>,
}

impl Stay {
    /// Does a row speak of this stay? None for a landscape that is not there yet.
    ///
    /// # Errors
    /// What a roster may not do: switch landscapes (EN-4), or change what is learned.
    pub fn admits(&self, landscape_id: Option<LandscapeId>, crebo: Crebo, route: Route) -> Result<(), Fault> {
        if landscape_id != Some(self.landscape_id) {
            Err(RosterRefusal::ElsewhereNow.fault())
        } else if (self.crebo, self.route) == (crebo, route) {
            Ok(())
        } else {
            Err(RosterRefusal::OtherQualification.fault())
        }
    }

    /// What a row that names this team and coach changes.
    ///
    /// # Errors
    /// [`RosterRefusal::HandoverOpen`].
    pub fn moves(&self, team_id: TeamId, coach_id: PersonId) -> Result<Moves, Fault> {
        let coach_id = (self.coach_id != coach_id).then_some(coach_id);
        if coach_id.is_some() && self.handover_open {
            return Err(RosterRefusal::HandoverOpen.fault());
        }
        Ok(Moves { team_id: (self.team_id != team_id).then_some(team_id), coach_id })
    }
}

/// Is a row about this student, who was placed under the same name and has no student number yet?
///
/// # Errors
/// [`RosterRefusal::StudentUncertain`] where a birth date is missing: a wrong guess would give somebody another's file.
pub fn is_same(said: Option<NaiveDate>, known: Option<NaiveDate>) -> Result<bool, Fault> {
    match (said, known) {
        (Some(said), Some(known)) => Ok(said == known),
        (None, _) | (_, None) => Err(RosterRefusal::StudentUncertain.fault()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stay() -> Stay {
        Stay {
            enrolment_id: EnrolmentId::in_order(),
            landscape_id: LandscapeId::in_order(),
            team_id: TeamId::in_order(),
            coach_id: PersonId::in_order(),
            crebo: Crebo::parse("25736").unwrap(),
            route: Route::Bol,
            handover_open: false,
        }
    }

    #[test]
    fn a_row_that_says_what_is_known_changes_nothing() {
        let stay = stay();
        assert_eq!(stay.admits(Some(stay.landscape_id), stay.crebo, stay.route), Ok(()));
        assert_eq!(stay.moves(stay.team_id, stay.coach_id), Ok(Moves::default()));
    }

    #[test]
    fn another_class_or_mentor_moves_the_student() {
        let stay = stay();
        let (team_id, coach_id) = (TeamId::in_order(), PersonId::in_order());
        assert_eq!(stay.moves(team_id, stay.coach_id), Ok(Moves { team_id: Some(team_id), coach_id: None }));
        assert_eq!(stay.moves(team_id, coach_id), Ok(Moves { team_id: Some(team_id), coach_id: Some(coach_id) }));
    }

    #[test]
    fn en_2_a_roster_does_not_run_ahead_of_a_proposed_handover() {
        let stay = Stay { handover_open: true, ..stay() };
        assert_eq!(stay.moves(stay.team_id, PersonId::in_order()), Err(RosterRefusal::HandoverOpen.fault()));
        assert!(stay.moves(TeamId::in_order(), stay.coach_id).is_ok());
    }

    #[test]
    fn en_4_a_roster_switches_nobody_to_another_landscape() {
        let stay = stay();
        for landscape_id in [None, Some(LandscapeId::in_order())] {
            assert_eq!(stay.admits(landscape_id, stay.crebo, stay.route), Err(RosterRefusal::ElsewhereNow.fault()));
        }
        let other = stay.admits(Some(stay.landscape_id), stay.crebo, Route::Bbl);
        assert_eq!(other, Err(RosterRefusal::OtherQualification.fault()));
    }

    #[test]
    fn a_student_who_was_placed_is_known_again_by_name_and_birth_date_and_never_by_name_alone() {
        let date = |text: &str| text.parse().ok();
        assert_eq!(is_same(date("2008-01-01"), date("2008-01-01")), Ok(true));
        assert_eq!(is_same(date("2008-01-01"), date("2007-01-01")), Ok(false));
        assert_eq!(is_same(None, date("2008-01-01")), Err(RosterRefusal::StudentUncertain.fault()));
    }
}
