//! What can be wrong with a portfolio.

crate::faults! {
    /// What can be wrong with an entry, a share or a comment.
    pub enum PortfolioFault {
        OccurredOutOfRange: Invalid "portfolio.occurred-out-of-range"
            en "An entry tells of something that happened: occurredOn lies between a hundred years ago and today."
            nl "Een portfolio-item gaat over iets dat gebeurd is: occurredOn ligt tussen honderd jaar geleden en vandaag.",
        Twice: Invalid "portfolio.twice"
            en "This stands in the list already. Leave one of the two out."
            nl "Dit staat al in de lijst. Laat een van de twee weg.",
        TooMany: Invalid "portfolio.too-many"
            en "An entry has at most 20 tags and 50 links. Leave some out."
            nl "Een portfolio-item heeft hooguit 20 labels en 50 verwijzingen. Laat er een paar weg.",
        LinkKindNotYet: Invalid "portfolio.link-kind-not-yet"
            en "Nothing of this kind is kept in this release, so there is nothing to link to. Leave the link out."
            nl "Van deze soort wordt in deze versie nog niets bewaard, dus er is niets om naar te verwijzen. Laat de verwijzing weg.",
        LinkHalf: Invalid "portfolio.link-half"
            en "Entries linked to a thing are asked for by linkKind and linkId together."
            nl "Items met een verwijzing vraag je met linkKind en linkId samen.",
        NotWithOne: Invalid "portfolio.share-with-one"
            en "A share is with exactly one of personId, role or teamId. For more, make more shares."
            nl "Je deelt met precies één van personId, role of teamId. Deel vaker om met meer te delen.",
        WithOneself: Invalid "portfolio.share-with-oneself"
            en "The owner sees everything already. Share with someone else."
            nl "De eigenaar ziet alles al. Deel met iemand anders.",
        NoRelation: Invalid "portfolio.no-relation"
            en "An entry is shared with people who have to do with this student, work in the student's landscape or learn in the same team, and with teams of that landscape. This is none of them."
            nl "Een portfolio-item deel je met wie met deze student te maken heeft, in het landschap van de student werkt of in hetzelfde team leert, en met teams van dat landschap. Hier is dat niet zo.",
        UntilPast: Invalid "portfolio.until-past"
            en "This share would be over already. Give a later moment or date in until, or leave it out."
            nl "Dit delen zou al voorbij zijn. Geef in until een later moment of latere datum, of laat het weg.",
        UntilUnclear: Invalid "portfolio.until-unclear"
            en "until is a date (YYYY-MM-DD, through the end of that day in the Netherlands) or a moment (RFC 3339)."
            nl "until is een datum (YYYY-MM-DD, tot en met die dag, Nederlandse tijd) of een moment (RFC 3339).",
    }
}
