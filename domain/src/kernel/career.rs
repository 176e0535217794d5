//! The five career competences (loopbaancompetenties): what LWPs work on and the leermeter always has.

crate::words! {
    /// A career competence (CU-2, LM-1).
    pub enum CareerCompetence {
        /// Kwaliteitenreflectie: what can I do best, and how do I know?
        Qualities = "qualities",
        /// Motievenreflectie: what do I go for?
        Motives = "motives",
        /// Werkexploratie: where does who I am meet the work that there is?
        WorkExploration = "workExploration",
        /// Loopbaansturing: how do I reach what I want?
        CareerControl = "careerControl",
        /// Netwerken: who can help me with it?
        Networking = "networking",
    }
}
