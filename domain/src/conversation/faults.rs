//! What can be wrong with a conversation.

crate::faults! {
    /// What can be wrong with a conversation, its preparation or outcome, and what comes of it.
    pub enum ConversationFault {
        NotOpen: Conflict "conversation.decision-not-open"
            en "The state does not allow this. openDecisions lists what can be decided now, if anything."
            nl "De toestand laat dit niet toe. openDecisions noemt wat er nu besloten kan worden, als er iets is.",
        StartsInPast: Invalid "conversation.starts-in-past"
            en "A conversation is planned ahead. Leave startsAt out and record one that took place with the decision markHeld."
            nl "Een gesprek plan je vooruit. Laat startsAt weg en leg een gesprek dat is geweest vast met de beslissing markHeld.",
        StartsInFuture: Invalid "conversation.starts-in-future"
            en "What is still to come was not held yet. Name the moment at which it began."
            nl "Wat nog moet komen is nog niet gevoerd. Noem het moment waarop het begon.",
        StartsOutOfRange: Invalid "conversation.starts-out-of-range"
            en "A conversation begins within two years of today. Check the year."
            nl "Een gesprek begint binnen twee jaar van vandaag. Controleer het jaar.",
        MinutesOutOfRange: Invalid "conversation.minutes-out-of-range"
            en "A conversation takes 5 to 240 minutes."
            nl "Een gesprek duurt 5 tot 240 minuten.",
        NotBound: Invalid "conversation.not-bound"
            en "This person has nothing to do with the student. Who takes part is bound to the student already."
            nl "Deze persoon heeft niets met de student te maken. Wie meedoet, is al aan de student verbonden.",
        NotEnrolled: Conflict "conversation.not-enrolled"
            en "This student does not learn here any more. With who left no conversation is planned."
            nl "Deze student leert hier niet meer. Met wie weg is, wordt geen gesprek gepland.",
        RoundOfAnotherKind: Invalid "conversation.round-of-another-kind"
            en "Only a conversation of kind leermeter looks at a round. Leave roundId out, or make it one."
            nl "Alleen een gesprek van de soort leermeter bekijkt een ronde. Laat roundId weg of maak het zo'n gesprek.",
        Repeated: Invalid "conversation.repeated"
            en "This stands earlier in the same list. Name it once."
            nl "Dit staat al eerder in dezelfde lijst. Noem het één keer.",
        TooManyMoves: Conflict "conversation.too-many-moves"
            en "This conversation was moved or missed as often as can be kept. Cancel it and plan another."
            nl "Dit gesprek is zo vaak verzet of gemist als bewaard kan worden. Annuleer het en plan een ander.",
        PreparationClosed: Conflict "conversation.preparation-closed"
            en "This conversation is no longer ahead: what was prepared stays as it is."
            nl "Dit gesprek ligt niet meer voor je: wat is voorbereid blijft zoals het is.",
        OutcomeClosed: Conflict "conversation.outcome-closed"
            en "An outcome is written after the conversation was held, and until it counts."
            nl "Een uitkomst schrijf je nadat het gesprek is gevoerd en totdat zij telt.",
        OutcomeMissing: Conflict "conversation.outcome-missing"
            en "Nobody has written an outcome yet. Write it first, then confirm it."
            nl "Er is nog geen uitkomst geschreven. Schrijf haar eerst en bevestig haar dan.",
        OutcomeOutdated: Conflict "conversation.outcome-outdated"
            en "That is not the newest version of the outcome. Read it again and confirm the version in currentVersion."
            nl "Dat is niet de nieuwste versie van de uitkomst. Lees haar opnieuw en bevestig de versie in currentVersion.",
        OwnerNotPresent: Invalid "conversation.owner-not-present"
            en "Who owns an agreement takes part in the conversation: the student, the responsible coach or a participant."
            nl "Wie een afspraak nakomt, doet mee aan het gesprek: de student, de coach of een deelnemer.",
        DueOutOfRange: Invalid "conversation.due-out-of-range"
            en "An agreement is to be kept within two years of today. Check the date."
            nl "Een afspraak kom je na binnen twee jaar van vandaag. Controleer de datum.",
        NotYoursToKeep: Forbidden "conversation.not-yours-to-keep"
            en "This agreement is someone else's. Its owner, the student or the responsible coach decides on it."
            nl "Deze afspraak is van iemand anders. De eigenaar, de student of de coach beslist erover.",
        SlotsWrong: Invalid "conversation.slot-out-of-order"
            en "A slot ends after it begins."
            nl "Een blok eindigt nadat het begint.",
        SlotsOverlap: Invalid "conversation.slots-overlap"
            en "This slot overlaps an earlier one of the same day. Make one of the two."
            nl "Dit blok overlapt een eerder blok van dezelfde dag. Maak er één van.",
        PeriodOutOfRange: Invalid "conversation.period-out-of-range"
            en "Moments are looked for from a day until the same or a later one, within 31 days."
            nl "Momenten zoek je van een dag tot en met dezelfde of een latere, binnen 31 dagen.",
    }
}
