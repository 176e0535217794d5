//! Every operation there is, context by context.

use crate::http::Operation;
use crate::http::document::Tag;

/// What the interface is about, in the order in which a learning career goes.
pub const TAGS: &[Tag] = &[
    (crate::about::TAG, "The interface itself."),
    (crate::access::TAG, "The caller: person, roles with their reach, scopes; and the personas of the demo."),
    (crate::organisation::TAG, "Institution, landscapes (landschappen), teams, people and their roles."),
    (crate::students::TAG, "Students within the caller's reach, each on one card, and their guardians (ouders en verzorgers)."),
    (
        crate::start_programme::TAG,
        "The ten weeks (startprogramma) that a student begins with: what a landscape lays down for them, how far each student is, and the conversation that closes them.",
    ),
];

/// All operations, in the order in which they are registered.
pub fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    all.extend(crate::about::operations());
    all.extend(crate::access::operations());
    all.extend(crate::organisation::operations());
    all.extend(crate::people::operations());
    all.extend(crate::service_accounts::operations());
    all.extend(crate::students::operations());
    all.extend(crate::guardians::operations());
    all.extend(crate::start_programme::operations());
    all
}
