//! Leerwerkprestaties (CU-2, CU-3): what teams make of core tasks and of career and citizenship, the library, and reviews.

mod library;
mod requirements;
mod reviews;
mod view;

use crate::http::{Operation, get, patch, post};

pub const TAG: &str = "LWPs";

pub fn operations() -> Vec<Operation> {
    let lwps = vec![
        get("/lwps", "listLwps", "The library, and the drafts of one's own teams", library::list)
            .text("In the order in which they were drafted. Published and retired LWPs are for whoever works here and for service accounts with curriculum:read; drafts are for teachers and the leader of their team, and for coaches and task holders for education of its landscape."),
        post("/lwps", "createLwp", "Drafts an LWP", library::create)
            .text("By a teacher or the leader of the team, or a coach or task holder for education of its landscape. With `originId` it says from which LWP it was made."),
        get("/lwps/{id}", "getLwp", "One LWP", library::get_one)
            .text("With where it came from: its origin, the origin of that, and so on, the nearest first."),
        patch("/lwps/{id}", "updateLwp", "Changes a draft", library::change)
            .text("By a teacher or the leader of the team, or a coach or task holder for education of its landscape. A published LWP is frozen: 409. The team stays as it is."),
        post("/lwps/{id}/decisions", "decideOnLwp", "Publishes, retires or copies an LWP", library::decide)
            .text("`publish` and `retire` by its own team; `copy` by whoever may draft one for the team that gets the copy, in whichever state. The answer to `copy` is what was copied, with `copyId`."),
        get("/lwps/{id}/reviews", "listLwpReviews", "What other teams think of an LWP", reviews::list)
            .text("For whoever works here: of everyone who reviewed it the last that they said."),
        post("/lwps/{id}/reviews", "reviewLwp", "Reviews a published LWP of another team", reviews::create)
            .text("By who may draft LWPs, of another team than one's own, with a score on each of the shared criteria. Someone's newer review follows their earlier one, with the next version."),
        get("/career-and-citizenship-requirements", "listCareerAndCitizenshipRequirements", "What the law asks besides the qualification", requirements::list)
            .text("For whoever has an account. National reference data in editions: students begin under the one of that day. Ids stay the same everywhere."),
    ];
    lwps.into_iter().map(|operation| operation.tag(TAG)).collect()
}
