//! Leerwerkprestaties (CU-2 to CU-5): what teams make of core tasks and of career and citizenship, the library, reviews, what
//! students do with them, and what that covers.

mod assignments;
mod coverage;
mod library;
mod requirements;
mod reviews;
mod view;

pub use assignments::{LwpAssignmentView, LwpRoundView, as_seen, assign_by_programme, move_with_programme, newest_first};

use crate::http::{Operation, get, patch, post};

pub const TAG: &str = "LWPs";

pub fn operations() -> Vec<Operation> {
    let all = library_operations().into_iter().chain(assignment_operations()).chain(coverage_operations());
    all.map(|operation| operation.tag(TAG)).collect()
}

fn library_operations() -> Vec<Operation> {
    vec![
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
    ]
}

fn assignment_operations() -> Vec<Operation> {
    vec![
        get("/lwp-assignments", "listLwpAssignments", "LWPs of students, in the order in which they were assigned", assignments::list)
            .text("Those that the caller may see: one's own, of one's students, team or child. Who sees only how far it is finds no texts."),
        post("/lwp-assignments", "createLwpAssignment", "Assigns an LWP to a student", assignments::create)
            .text("By the responsible coach or a teacher of the team. What is not published is assigned to nobody: 409."),
        get("/lwp-assignments/{id}", "getLwpAssignment", "One LWP of one student", assignments::get_one)
            .text("With all that was handed in and said of it. Evidence is shown by its own visibility alone: `entryIds` are those that the caller may read."),
        patch("/lwp-assignments/{id}", "tailorLwpAssignment", "Makes an LWP fit the student", assignments::tailor)
            .text("By the responsible coach or a teacher of the team, until it is completed. Null is again as the LWP itself says."),
        post("/lwp-assignments/{id}/decisions", "decideOnLwpAssignment", "Starts, hands in, judges or completes it", assignments::decide)
            .text("`start` and `submit` by the student; `giveFeedback` by the responsible coach, a teacher of the team or the workplace trainer, and with `completed` it is done; else the student can start again. `complete` by coach or teacher, after feedback."),
    ]
}

fn coverage_operations() -> Vec<Operation> {
    vec![
        get("/students/{id}/coverage", "getStudentCoverage", "What of the qualification a student has covered", coverage::of_student)
            .text("Every work process of the edition by which the student finishes, and every requirement of career and citizenship: completed, in progress, planned or none, and by which LWPs. Entries of the portfolio that are linked stand beside; they are no assessment."),
        get("/teams/{id}/coverage", "getTeamCoverage", "What a team's LWPs cover", coverage::of_team)
            .text("For who reads the library. Its published LWPs, held against the qualifications of its students and those that they cover a part of."),
        get("/start-programme-templates/{id}/coverage", "getStartProgrammeTemplateCoverage", "What the LWPs of a start programme cover", coverage::of_template)
            .text("For staff."),
        get("/qualifications/{id}/coverage", "listQualificationCoverage", "How far the students of one qualification are, by name", coverage::list)
            .text("Those whose coverage the caller may see, who are enrolled for its crebo now and finish by this edition: which editions there are `GET /qualification-dossiers?crebo=` tells."),
    ]
}
