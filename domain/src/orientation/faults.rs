//! What can be wrong with orientation and intake.

crate::faults! {
    /// What can be wrong with orientation and intake.
    pub enum OrientationFault {
        NotOpen: Conflict "orientation.decision-not-open"
            en "The state does not allow this decision. openDecisions lists what can be decided now, if anything."
            nl "De toestand laat dit besluit niet toe. openDecisions noemt wat er nu besloten kan worden, als er iets is.",
        EndsBeforeStart: Invalid "orientation.ends-before-start"
            en "An activity ends after it starts. Give an endsAt later than startsAt."
            nl "Een activiteit eindigt nadat zij begint. Geef een endsAt later dan startsAt.",
        CapacityOutOfRange: Invalid "orientation.capacity-out-of-range"
            en "Between 1 and 1000 people can come. Give a capacity within that."
            nl "Er kunnen 1 tot 1000 mensen komen. Geef een capaciteit daarbinnen.",
        CapacityBelowTaken: Conflict "orientation.capacity-below-taken"
            en "More people hold a place than that. Give a capacity for all of them, or cancel registrations first."
            nl "Meer mensen hebben al een plaats. Geef een capaciteit voor allen of annuleer eerst inschrijvingen.",
        BuddyMissing: Invalid "orientation.buddy-missing"
            en "A buddy placement names its buddy and the field. Give buddyId and field."
            nl "Een buddystage noemt de buddy en het werkveld. Geef buddyId en field.",
        BuddyUnwanted: Invalid "orientation.buddy-unwanted"
            en "Only a buddy placement has a buddy and a field. Leave them out."
            nl "Alleen een buddystage heeft een buddy en een werkveld. Laat ze weg.",
        InThePast: Invalid "orientation.in-the-past"
            en "This day is over. An activity begins today or later: check the date."
            nl "Deze dag is voorbij. Een activiteit begint vandaag of later: controleer de datum.",
        ActivityOver: Conflict "orientation.activity-over"
            en "The activity is over: nobody can register for it any more. Choose one that is still to come."
            nl "De activiteit is voorbij: inschrijven kan niet meer. Kies er een die nog komt.",
        Fixed: Conflict "orientation.activity-fixed"
            en "The kind and the landscape of an activity stay as they are. Make a new activity instead."
            nl "Soort en landschap van een activiteit blijven zoals ze zijn. Maak een nieuwe activiteit.",
        BirthDateImplausible: Invalid "orientation.birth-date-implausible"
            en "Nobody who orients here was born then. Check the birth date."
            nl "Niemand die zich hier oriënteert is dan geboren. Controleer de geboortedatum.",
        NotAScoutHere: Invalid "orientation.not-a-scout-here"
            en "This person is no scout of the landscape of the application. Name one who is."
            nl "Deze persoon is geen scout van het landschap van de aanmelding. Noem iemand die dat is.",
        NotACoachHere: Invalid "orientation.not-a-coach-here"
            en "This person is no coach of the landscape of the application. Name one who is."
            nl "Deze persoon is geen coach van het landschap van de aanmelding. Noem iemand die dat is.",
        TeamElsewhere: Invalid "orientation.team-elsewhere"
            en "This team is not of the landscape of the application. Name one that is, or redirect."
            nl "Dit team hoort niet bij het landschap van de aanmelding. Noem een team dat erbij hoort of verwijs door.",
        StartImplausible: Invalid "orientation.start-implausible"
            en "This is more than two years away. Check the year."
            nl "Dit ligt meer dan twee jaar weg. Controleer het jaar.",
        AlreadyEnrolled: Conflict "orientation.already-enrolled"
            en "This applicant is enrolled already. Request a switch of that enrolment, or withdraw this application."
            nl "Deze aanmelder is al ingeschreven. Vraag een switch van die inschrijving aan of trek deze aanmelding in.",
        SameLandscape: Invalid "orientation.same-landscape"
            en "The application is at this landscape already. Name another, or place the applicant here."
            nl "De aanmelding is al bij dit landschap. Noem een ander of plaats de aanmelder hier.",
        NotTheAuthor: Forbidden "orientation.not-the-author"
            en "Only who recorded the interview corrects it (IN-4). Ask its author."
            nl "Alleen wie het gesprek heeft vastgelegd, verbetert het (IN-4). Vraag het de auteur.",
    }
}
