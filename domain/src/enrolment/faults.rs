//! What can be wrong with enrolment and coaching.

crate::faults! {
    /// What can be wrong with enrolment and coaching.
    pub enum EnrolmentFault {
        NotOpen: Conflict "enrolment.decision-not-open"
            en "The state does not allow this decision. openDecisions lists what can be decided now, if anything."
            nl "De toestand laat dit besluit niet toe. openDecisions noemt wat er nu besloten kan worden, als er iets is.",
        MotivationMissing: Conflict "enrolment.motivation-missing"
            en "An enrolment becomes definitive on the student's own motivation (EN-3). Let the student state it first."
            nl "Een inschrijving wordt definitief op de eigen motivatie van de student (EN-3). Laat de student die eerst geven.",
        SwitchOpen: Conflict "enrolment.switch-open"
            en "A switch of this enrolment was requested already. Await the answer, or withdraw it first."
            nl "Er is al een switch van deze inschrijving aangevraagd. Wacht het antwoord af of trek die eerst in.",
        SameLandscape: Invalid "enrolment.same-landscape"
            en "The student is in this landscape already. Name the landscape to go to."
            nl "De student is al in dit landschap. Noem het landschap om naartoe te gaan.",
        LeftImplausible: Invalid "enrolment.left-implausible"
            en "This is before the start of the enrolment, in the future, or more than two years ago. Check the date."
            nl "Dit ligt voor de start van de inschrijving, in de toekomst, of meer dan twee jaar terug. Controleer de datum.",
        GraduatedImplausible: Invalid "enrolment.graduated-implausible"
            en "This is before the start of the enrolment, in the future, or more than two years ago. Check the date of the diploma."
            nl "Dit ligt voor de start van de inschrijving, in de toekomst, of meer dan twee jaar terug. Controleer de datum van het diploma.",
        NothingToCorrect: Invalid "enrolment.nothing-to-correct"
            en "This corrects nothing. Say at least one thing that is otherwise."
            nl "Hiermee verandert er niets. Noem minstens één ding dat anders is.",
        NotACoachThere: Invalid "enrolment.not-a-coach-there"
            en "This person is no coach of that landscape. Name one who is."
            nl "Deze persoon is geen coach van dat landschap. Noem iemand die dat is.",
        NotYoursToAnswer: Forbidden "enrolment.not-yours-to-answer"
            en "This was not asked of you. Leave the answer to whom it was asked."
            nl "Dit is niet aan jou gevraagd. Laat het antwoord aan wie het gevraagd is.",
        TeamElsewhere: Invalid "enrolment.team-elsewhere"
            en "This team is not of the landscape that the switch names. Name one that is."
            nl "Dit team hoort niet bij het landschap dat de switch noemt. Noem een team dat erbij hoort.",
        StartImplausible: Invalid "enrolment.start-implausible"
            en "The start is more than two years away. Check the year."
            nl "De start ligt meer dan twee jaar weg. Controleer het jaar.",
        TooManyWeeksCredited: Invalid "enrolment.too-many-weeks-credited"
            en "At most ten weeks are credited, and no more than were done. Credit fewer."
            nl "Hooguit tien weken worden meegeteld, en niet meer dan er gedaan zijn. Tel er minder mee.",
        CoachAlready: Invalid "enrolment.coach-already"
            en "This person is the student's coach already. Name another."
            nl "Deze persoon is al de coach van de student. Noem een ander.",
        HandoverOpen: Conflict "enrolment.handover-open"
            en "A handover of this student was proposed already. Await the answer, or withdraw it first."
            nl "Er is al een overdracht van deze student voorgesteld. Wacht het antwoord af of trek die eerst in.",
        HandoverOutdated: Conflict "enrolment.handover-outdated"
            en "The student has another coach than when this was proposed. Withdraw it and propose again."
            nl "De student heeft een andere coach dan toen dit werd voorgesteld. Trek het in en stel opnieuw voor.",
        NoCoachNow: Conflict "enrolment.no-coach-now"
            en "The student has no coach any more: the stay is over. There is nothing to hand over."
            nl "De student heeft geen coach meer: het verblijf is voorbij. Er valt niets over te dragen.",
        ChainBroken: Broken "enrolment.chain-broken"
            en "The chain of coaches would not be one chain any more. Report this with the request id."
            nl "De keten van coaches zou geen keten meer zijn. Meld dit met het id van het verzoek.",
    }
}
