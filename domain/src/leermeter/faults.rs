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
    }
}
