//! Orientation and intake: what a landscape offers to who looks round, and who applies.

mod activities;
mod applications;
mod registrations;
mod views;

use crate::http::{Operation, get, patch, post};

pub const TAG: &str = "Orientation and intake";

pub fn operations() -> Vec<Operation> {
    [on_activities(), on_registrations(), on_applications()].into_iter().flatten().map(|operation| operation.tag(TAG)).collect()
}

fn on_activities() -> Vec<Operation> {
    use activities::{change_activity, get_activity, list_activities, offer_activity};
    vec![
        get("/orientation-activities", "listOrientationActivities", "Orientation activities by when they begin", list_activities)
            .text("Public: where a prospect can look round, and how many places are left."),
        post("/orientation-activities", "createOrientationActivity", "A new orientation activity", offer_activity)
            .text("By a scout or the manager of the landscape. A buddy placement names the student who is the buddy, and the field."),
        get("/orientation-activities/{id}", "getOrientationActivity", "One orientation activity", get_activity).text("Public."),
        patch("/orientation-activities/{id}", "updateOrientationActivity", "Changes an orientation activity", change_activity)
            .text("By a scout or the manager of the landscape. A merge patch (RFC 7396). More room promotes who waits, the first in line first."),
    ]
}

fn on_registrations() -> Vec<Operation> {
    use registrations::{decide_registration, get_registration, list_registrations, register};
    vec![
        get("/orientation-activities/{id}/registrations", "listRegistrations", "Who registered for an activity", list_registrations)
            .text("For scouts and the manager of the landscape, in the order in which people registered: the line is the `waitlisted` among them."),
        post("/orientation-activities/{id}/registrations", "createRegistration", "Registers a prospect for an activity", register)
            .text("Public, without an account. Who comes when all places are taken waits in line. The answer alone tells the `secret`, with which the prospect cancels, adds the experience, and later applies; it is not kept."),
        get("/registrations/{id}", "getRegistration", "One registration", get_registration)
            .text("For scouts and the manager of the landscape, and for who sends the secret in `Registration-Secret`."),
        post("/registrations/{id}/decisions", "decideRegistration", "Takes a decision on a registration", decide_registration)
            .text("`cancel` and `addExperience` are the prospect's, who shows the `secret`; a scout of the landscape can cancel too. Scouts and the manager of the landscape take `markAttended` and `markAbsent`. A cancellation gives the place to the first in line.")
            .problems(&[403]),
    ]
}

fn on_applications() -> Vec<Operation> {
    use applications::{apply, decide_application, get_application, list_applications, list_interviews};
    vec![
        get("/applications", "listApplications", "Applications that the caller may see", list_applications)
            .text("For scouts those of their landscape, until 14 days after the decision; for an applicant their own."),
        post("/applications", "createApplication", "Applies to a landscape", apply)
            .text("Public, or by staff for someone. Who is signed in and holds no role applies for themself; otherwise the applicant is entered as a new person, whatever the address. The answer is what the applicant may see."),
        get("/applications/{id}", "getApplication", "One application", get_application)
            .text("How much of it depends on who asks: the applicant sees their own words, the plan of the interview and the advice; what the scout found is for scouts and coach."),
        post("/applications/{id}/decisions", "decideApplication", "Takes a decision on an application", decide_application)
            .text("No state is skipped. `place` makes the provisional enrolment with its coach in the same transaction; `redirect` makes an application at the other landscape that carries the interview along."),
        get("/applications/{id}/interviews", "listInterviews", "Every version of the scout interview", list_interviews)
            .text("For who may read the whole application."),
    ]
}
