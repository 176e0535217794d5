//! Every operation there is, context by context.

use crate::http::Operation;
use crate::http::document::Tag;
use crate::{
    about, access, changes, conversations, curriculum, enrolment, guardians, importing, leermeter, lwps, organisation,
    orientation, people, placements, portfolio, reports, service_accounts, start_programme, students,
};

/// What the interface is about, in the order in which a learning career goes.
pub const TAGS: &[Tag] = &[
    (about::TAG, "The interface itself."),
    (access::TAG, "The caller: person, roles with their reach, scopes; and the personas of the demo."),
    (organisation::TAG, "Institution, landscapes (landschappen), teams, people and their roles."),
    (students::TAG, "Students within the caller's reach, each on one card, and their guardians (ouders en verzorgers)."),
    (
        orientation::TAG,
        "Infoshop conversations, shadow days (meeloopdagen) and buddy placements (buddystages); applications (aanmeldingen) and scout interviews (scoutgesprekken).",
    ),
    (importing::TAG, "Students, dossiers and applications out of the files of other systems, with a report of every row."),
    (enrolment::TAG, "Enrolments, the chain of responsible coaches, handovers and switches (EN-1 to EN-6)."),
    (
        start_programme::TAG,
        "The ten weeks (startprogramma) that a student begins with: what a landscape lays down for them, how far each student is, and the conversation that closes them.",
    ),
    (curriculum::TAG, "Qualification dossiers (kwalificatiedossiers): what a qualification asks (CU-1)."),
    (
        portfolio::TAG,
        "The student's own portfolio: entries in six areas, with whom they are shared, and what is said of them (PF-1 to PF-6).",
    ),
    (
        lwps::TAG,
        "Leerwerkprestaties: what teams make out of core tasks and of career and citizenship, the library that all teams search, and what they think of one another's (CU-2, CU-3).",
    ),
    (
        leermeter::TAG,
        "Competence frameworks: the competences that students are rated on, always with the five career competences (loopbaancompetenties), and the scale by which; rounds, who is asked, what they say, and growth over time (LM-1 to LM-4).",
    ),
    (
        conversations::TAG,
        "Conversations (gesprekken) with students: planned, prepared by each who takes part, held face to face, and the agreements, goals, learning questions and career steps that follow once both confirmed them (CV-1 to CV-4).",
    ),
    (placements::TAG, "Work placements (stages, BPV) at learning companies, with whom students train there (BP-1, BP-2)."),
    (reports::TAG, "Counts for those who see no single student; groups under five are not told (RP-1)."),
    (changes::TAG, "What happened, in order, for whoever wants to follow it."),
];

/// All operations, in the order in which they are registered.
pub fn operations() -> Vec<Operation> {
    let contexts = [
        about::operations(),
        access::operations(),
        organisation::operations(),
        people::operations(),
        service_accounts::operations(),
        students::operations(),
        guardians::operations(),
        importing::operations(),
        orientation::operations(),
        enrolment::operations(),
        start_programme::operations(),
        curriculum::operations(),
        portfolio::operations(),
        lwps::operations(),
        leermeter::operations(),
        conversations::operations(),
        placements::operations(),
        reports::operations(),
        changes::operations(),
    ];
    contexts.into_iter().flatten().collect()
}
