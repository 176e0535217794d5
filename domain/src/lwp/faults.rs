//! What can be wrong with an LWP.

crate::faults! {
    /// What can be wrong with an LWP, a review of one, or an assignment of one.
    pub enum LwpFault {
        NotOpen: Conflict "lwp.decision-not-open"
            en "The state does not allow this. openDecisions lists what can be decided now, if anything."
            nl "De toestand laat dit niet toe. openDecisions noemt wat er nu besloten kan worden, als er iets is.",
        Frozen: Conflict "lwp.frozen"
            en "An LWP is changed while it is a draft. Copy it, and change the copy."
            nl "Een LWP wijzig je zolang zij een concept is. Kopieer haar en wijzig de kopie.",
        Fixed: Conflict "lwp.team-fixed"
            en "The team of an LWP stays as it is. Copy it for the other team instead."
            nl "Het team van een LWP blijft zoals het is. Kopieer haar voor het andere team.",
        CriteriaOutOfRange: Invalid "lwp.criteria-out-of-range"
            en "An LWP is judged by 1 to 20 criteria. Add or leave out some."
            nl "Een LWP wordt beoordeeld op 1 tot 20 criteria. Voeg toe of laat weg.",
        LevelOutOfRange: Invalid "lwp.level-out-of-range"
            en "The level is 1, 2, 3 or 4."
            nl "Het niveau is 1, 2, 3 of 4.",
        CoversNothing: Invalid "lwp.covers-nothing"
            en "An LWP is made out of core tasks or of career and citizenship. Name at least one work process, requirement or career competence."
            nl "Een LWP is gemaakt vanuit kerntaken of loopbaan en burgerschap. Noem ten minste één werkproces, eis of loopbaancompetentie.",
        Repeated: Invalid "lwp.repeated"
            en "This stands earlier in the same list. Name it once."
            nl "Dit staat al eerder in dezelfde lijst. Noem het één keer.",
        CyclicCopy: Invalid "lwp.cyclic-copy"
            en "That one was made from this one, or is this one: the chain of origins would bite its own tail. Leave originId out, or name another."
            nl "Die is uit deze gemaakt, of is deze: de keten van herkomst zou in zichzelf terugkeren. Laat originId weg of noem een andere.",
        TeamNeeded: Invalid "lwp.team-needed"
            en "You work for several teams, or for a landscape. Say with teamId which team gets the copy."
            nl "Je werkt voor meer teams, of voor een landschap. Zeg met teamId welk team de kopie krijgt.",
        OwnTeam: Forbidden "lwp.own-team"
            en "Teams review one another's LWPs, and this one is your own team's or landscape's. Ask another team."
            nl "Teams beoordelen elkaars LWP's, en deze is van je eigen team of landschap. Vraag een ander team.",
        NotPublished: Conflict "lwp.not-published"
            en "This is open for a published LWP alone. Choose one from the library that is not retired."
            nl "Dit kan alleen met een gepubliceerde LWP. Kies er een uit de bibliotheek die niet is ingetrokken.",
        CriterionMissing: Invalid "lwp.criterion-missing"
            en "A review has a score for every shared criterion. Add those that are named in allowed."
            nl "Een beoordeling heeft een score voor elk gedeeld criterium. Voeg toe wat in allowed staat.",
        CriterionRepeated: Invalid "lwp.criterion-repeated"
            en "This criterion has a score already. Score each criterion once."
            nl "Dit criterium heeft al een score. Geef elk criterium één score.",
        ScoreOutOfRange: Invalid "lwp.score-out-of-range"
            en "A score is 1 (not at all) to 4 (entirely)."
            nl "Een score is 1 (helemaal niet) tot 4 (helemaal).",
        DueOutOfRange: Invalid "lwp.due-out-of-range"
            en "An LWP is to be handed in today or later, and within two years. Check the date."
            nl "Een LWP wordt vandaag of later ingeleverd, en binnen twee jaar. Controleer de datum.",
        TooManyRounds: Conflict "lwp.too-many-rounds"
            en "This was handed in as often as can be kept. Complete it, or assign it anew."
            nl "Dit is zo vaak ingeleverd als bewaard kan worden. Rond het af of wijs het opnieuw toe.",
    }
}
