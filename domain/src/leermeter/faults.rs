//! What can be wrong with the leermeter.

crate::faults! {
    /// What can be wrong with the leermeter.
    pub enum LeermeterFault {
        NotOpen: Conflict "leermeter.decision-not-open"
            en "The state does not allow this. openDecisions lists what can be decided now, if anything."
            nl "De toestand laat dit niet toe. openDecisions noemt wat er nu besloten kan worden, als er iets is.",
        Fixed: Conflict "leermeter.framework-fixed"
            en "The landscape and the predecessor of a framework stay as they are. Make another framework instead."
            nl "Landschap en voorganger van een competentiekader blijven zoals ze zijn. Maak een ander kader.",
        Frozen: Conflict "leermeter.framework-frozen"
            en "A framework is changed while it is a draft (LM-1). Make a new version with previousId instead."
            nl "Een competentiekader wijzig je zolang het een concept is (LM-1). Maak een nieuwe versie met previousId.",
        NotASuccessor: Invalid "leermeter.not-a-successor"
            en "A new version follows a published or retired framework of the same landscape. Check previousId."
            nl "Een nieuwe versie volgt op een gepubliceerd of ingetrokken competentiekader van hetzelfde landschap. Controleer previousId.",
        ScaleOutOfRange: Invalid "leermeter.scale-out-of-range"
            en "A scale has 2 to 10 levels. Add or leave out some; what was not seen is no level."
            nl "Een schaal heeft 2 tot 10 niveaus. Voeg toe of laat weg; wat niet gezien is, is geen niveau.",
        LevelNotAscending: Invalid "leermeter.level-not-ascending"
            en "Each level of a scale is higher than the one before, and at most 100. Put them in order, each of them once."
            nl "Elk niveau van een schaal is hoger dan het vorige, en hoogstens 100. Zet ze op volgorde, elk niveau één keer.",
        CompetencesOutOfRange: Invalid "leermeter.competences-out-of-range"
            en "A framework has at most 40 competences besides the five career competences, and a list of them at least one. Add or leave out some."
            nl "Een competentiekader heeft hoogstens 40 competenties naast de vijf loopbaancompetenties, en een lijst ervan minstens één. Voeg toe of laat weg.",
        IndicatorsOutOfRange: Invalid "leermeter.indicators-out-of-range"
            en "A competence has at most 20 indicators. Leave out some."
            nl "Een competentie heeft hoogstens 20 indicatoren. Laat weg.",
        CodeRepeated: Invalid "leermeter.code-repeated"
            en "Another competence of this framework has this code; LC-1 to LC-5 are those of the career competences that are added. Choose another."
            nl "Een andere competentie van dit kader heeft deze code; LC-1 tot en met LC-5 zijn die van de toegevoegde loopbaancompetenties. Kies een andere.",
        CareerCompetenceRepeated: Invalid "leermeter.career-competence-repeated"
            en "This career competence stands there already. A framework has each of the five once."
            nl "Deze loopbaancompetentie staat er al. Een competentiekader heeft elk van de vijf één keer.",
        WorkProcessRepeated: Invalid "leermeter.work-process-repeated"
            en "Another competence was made of this work process already. Name it once."
            nl "Van dit werkproces is al een andere competentie gemaakt. Noem het één keer.",
        NotPublished: Invalid "leermeter.framework-retired"
            en "Nobody begins with this framework any more. Choose one that is published."
            nl "Met dit competentiekader begint niemand meer. Kies een gepubliceerd kader.",
        NotOfTheStudent: Invalid "leermeter.framework-of-another"
            en "This framework is of another landscape, and not of the student's qualification. Choose one of theirs."
            nl "Dit competentiekader is van een ander landschap, en niet van de kwalificatie van de student. Kies een kader dat bij de student hoort.",
        ClosesInPast: Invalid "leermeter.closes-in-past"
            en "The last day of a round is today or later."
            nl "De laatste dag van een ronde is vandaag of later.",
        ClosesTooLate: Invalid "leermeter.closes-too-late"
            en "A round closes within two years."
            nl "Een ronde sluit binnen twee jaar.",
        NotEnrolled: Conflict "leermeter.not-enrolled"
            en "This student is not enrolled now."
            nl "Deze student is nu niet ingeschreven.",
        RoundClosed: Conflict "leermeter.round-is-closed"
            en "This round takes no ratings any more. Who may open it again can do so."
            nl "Deze ronde is gesloten: er kan niet meer worden gescoord. Wie dat mag, kan de ronde opnieuw openen.",
        NotInvited: Invalid "leermeter.rater-kind-not-invited"
            en "Raters of this kind are not yours to invite. The student and the coach are always asked; a coach invites trainers and teachers."
            nl "Beoordelaars van deze soort nodig jij niet uit. De student en de coach worden altijd gevraagd; een coach nodigt praktijkopleiders en docenten uit.",
        KindMissing: Invalid "leermeter.rater-kind-missing"
            en "Say as who they rate: what they are to the student does not tell."
            nl "Zeg als wie zij scoren: dat blijkt niet uit wat zij voor de student zijn.",
        WhoIsInvited: Invalid "leermeter.who-is-invited"
            en "Name either personId, or email and name."
            nl "Noem personId, of email en name.",
        GuestIncomplete: Invalid "leermeter.guest-incomplete"
            en "Who has no account is invited by both email and name."
            nl "Wie geen account heeft, nodig je uit met email én name.",
        NoMail: Conflict "leermeter.no-mail"
            en "This service sends no mail, so who has no account can not be invited. Invite someone with an account, or have the administrator set up mail."
            nl "Deze dienst verstuurt geen mail, dus wie geen account heeft kan niet worden uitgenodigd. Nodig iemand met een account uit, of laat de beheerder mail instellen.",
        PeriodOutOfRange: Invalid "leermeter.period-out-of-range"
            en "The last day is before the first. Turn them round."
            nl "De laatste dag ligt voor de eerste. Draai ze om.",
        InvitesSelf: Invalid "leermeter.invites-student"
            en "The student is asked already, and is no one else's rater here."
            nl "De student is al gevraagd, en is hier geen andere beoordelaar.",
        AskedAlready: Invalid "leermeter.asked-already"
            en "They are asked in this round already, and rated, or are the coach."
            nl "Deze persoon is in deze ronde al gevraagd, en heeft gescoord of is de coach.",
        AskedByAnother: Conflict "leermeter.asked-by-another"
            en "Someone else asked them in this round already, and they did not answer yet. Who asked can ask again, or take it back."
            nl "Deze persoon is in deze ronde al door een ander gevraagd, en heeft nog niet gescoord. Wie vroeg, kan opnieuw vragen of de vraag intrekken.",
        TooManyRaters: Conflict "leermeter.too-many-raters"
            en "As many raters are asked in this round as there can be: 50. Take back an invitation that was not answered."
            nl "In deze ronde zijn al zoveel beoordelaars gevraagd als kan: 50. Trek een uitnodiging in die niet is beantwoord.",
        AnsweredAlready: Conflict "leermeter.invitation-answered"
            en "Who rated can not be taken back: ratings stay."
            nl "Wie heeft gescoord, trek je niet terug: scores blijven.",
        OwnViewTooLate: Conflict "leermeter.own-view-too-late"
            en "This round was closed and opened again, so you could see what others said of this competence: your own view would not be the first. You can rate it in a next round."
            nl "Deze ronde is gesloten geweest, dus je kon zien wat anderen van deze competentie vinden: je eigen kijk is dan niet meer de eerste. In een volgende ronde kun je haar scoren.",
        NothingRated: Invalid "leermeter.nothing-rated"
            en "Rate one competence at least."
            nl "Scoor minstens één competentie.",
        CompetenceUnknown: Invalid "leermeter.competence-unknown"
            en "The framework of this round has no such competence."
            nl "Het competentiekader van deze ronde heeft deze competentie niet.",
        CompetenceRepeated: Invalid "leermeter.competence-repeated"
            en "This competence is rated above already. Rate each once at a time."
            nl "Deze competentie is hierboven al gescoord. Scoor elke competentie één keer tegelijk.",
        LevelOffScale: Invalid "leermeter.level-off-scale"
            en "This is no level of the framework's scale. Choose one of those that are allowed, or null for what was not seen."
            nl "Dit is geen niveau van de schaal van het competentiekader. Kies een van de toegestane, of null voor wat niet gezien is.",
        MotivationMissing: Invalid "leermeter.motivation-missing"
            en "Say with each level what you saw."
            nl "Zeg bij elk niveau wat je zag.",
        EntryUnreadable: Invalid "leermeter.entry-unreadable"
            en "This is no entry of the student's portfolio that you may read."
            nl "Dit is geen item van het portfolio van de student dat jij mag lezen.",
    }
}
