//! What can be wrong with a start programme.

crate::faults! {
    /// What can be wrong with a start programme.
    pub enum StartProgrammeFault {
        NotOpen: Conflict "start-programme.decision-not-open"
            en "The state does not allow this. openDecisions lists what can be decided now, if anything."
            nl "De toestand laat dit niet toe. openDecisions noemt wat er nu besloten kan worden, als er iets is.",
        NotTenWeeks: Invalid "start-programme.not-ten-weeks"
            en "A start programme has ten weeks, numbered 1 to 10 in order. Give each of them once."
            nl "Een startprogramma heeft tien weken, op volgorde genummerd van 1 tot en met 10. Geef elke week één keer.",
        ActivitiesOutOfRange: Invalid "start-programme.activities-out-of-range"
            en "A week has 1 to 20 activities. Add or leave out some."
            nl "Een week heeft 1 tot 20 activiteiten. Voeg toe of laat weg.",
        Fixed: Conflict "start-programme.template-fixed"
            en "The landscape, the school year and the predecessor of a template stay as they are. Make another template instead."
            nl "Landschap, schooljaar en voorganger van een sjabloon blijven zoals ze zijn. Maak een ander sjabloon.",
        Frozen: Conflict "start-programme.template-frozen"
            en "A template is changed while it is a draft (SP-1). Make a new version with previousId instead."
            nl "Een sjabloon wijzig je zolang het een concept is (SP-1). Maak een nieuwe versie met previousId.",
        NotASuccessor: Invalid "start-programme.not-a-successor"
            en "A new version follows a published or retired template of the same landscape. Check previousId."
            nl "Een nieuwe versie volgt op een gepubliceerd of ingetrokken sjabloon van hetzelfde landschap. Controleer previousId.",
        NotPublished: Conflict "start-programme.template-not-published"
            en "A programme starts from a published template. Publish it first."
            nl "Een programma start vanuit een gepubliceerd sjabloon. Publiceer het eerst.",
        LwpNotInLibrary: Invalid "start-programme.lwp-not-in-library"
            en "A week brings published LWPs, and this one is a draft or was retired. Publish it first, or choose another."
            nl "Een week brengt gepubliceerde LWP's, en deze is een concept of is ingetrokken. Publiceer haar eerst of kies een andere.",
        LwpRepeated: Invalid "start-programme.lwp-repeated"
            en "This LWP stands earlier in the same week. Name it once."
            nl "Deze LWP staat al eerder in dezelfde week. Noem haar één keer.",
        LwpNotPublished: Conflict "start-programme.lwp-not-published"
            en "An LWP in this template is no longer in the library as a published one. Change the weeks first."
            nl "Een LWP in dit sjabloon staat niet meer gepubliceerd in de bibliotheek. Wijzig eerst de weken.",
        HolidayEndsBeforeStart: Invalid "start-programme.holiday-ends-before-start"
            en "A holiday ends on or after the day on which it starts. Check both dates."
            nl "Een vakantie eindigt op of na de dag waarop zij begint. Controleer beide datums.",
        HolidayOutsideYear: Invalid "start-programme.holiday-outside-year"
            en "This holiday is not in that school year, which runs from 1 August to 31 July. Check the dates."
            nl "Deze vakantie ligt niet in dat schooljaar, dat loopt van 1 augustus tot en met 31 juli. Controleer de datums.",
        HolidaysOverlap: Invalid "start-programme.holidays-overlap"
            en "Two holidays have a day in common. Join or part them."
            nl "Twee vakanties hebben een dag gemeen. Voeg ze samen of scheid ze.",
        TooFewSchoolWeeks: Invalid "start-programme.too-few-school-weeks"
            en "These holidays leave fewer than ten school weeks, and a start programme takes ten. Check their dates."
            nl "Deze vakanties laten minder dan tien schoolweken over, en een startprogramma duurt er tien. Controleer de data.",
        MotivationMissing: Conflict "start-programme.motivation-missing"
            en "To continue, the enrolment becomes definitive on the student's own motivation (EN-3). Let the student state it first."
            nl "Om door te gaan wordt de inschrijving definitief op de eigen motivatie van de student (EN-3). Laat de student die eerst geven.",
        AlreadyProlonged: Conflict "start-programme.already-prolonged"
            en "A start programme is prolonged once. Close it with another outcome."
            nl "Een startprogramma wordt één keer verlengd. Sluit het af met een andere uitkomst.",
        ExtraWeeksOutOfRange: Invalid "start-programme.extra-weeks-out-of-range"
            en "A programme is prolonged by 1 to 10 weeks. Give extraWeeks within that."
            nl "Een programma wordt met 1 tot 10 weken verlengd. Geef extraWeeks daarbinnen.",
        OutcomeNeeds: Invalid "start-programme.outcome-needs"
            en "This outcome needs this field: prolong needs extraWeeks, switch needs landscapeId. Give it."
            nl "Deze uitkomst vraagt dit veld: prolong vraagt extraWeeks, switch vraagt landscapeId. Geef het.",
        OutcomeRefuses: Invalid "start-programme.outcome-refuses"
            en "This field belongs to another outcome. Leave it out, or choose that outcome."
            nl "Dit veld hoort bij een andere uitkomst. Laat het weg of kies die uitkomst.",
        NotItsConversation: Invalid "start-programme.not-its-conversation"
            en "A programme closes with a conversation of this student, of kind startProgrammeClosing, that was held. Leave conversationId out, or name that one."
            nl "Een programma sluit af met een gesprek van deze student, van soort startProgrammeClosing, dat is gevoerd. Laat conversationId weg of noem dat gesprek.",
    }
}
