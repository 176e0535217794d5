//! The leermeter (LM-1 to LM-4): what students are rated on, the rounds in which they are, and how they grow.

pub mod along;
pub mod delivery;
mod frameworks;
pub mod growth;
mod invitations;
mod letter;
mod link;
mod pictures;
mod ratings;
mod rounds;
mod team;

use crate::http::{Operation, delete, get, post, put};

pub const TAG: &str = "Leermeter";

pub fn operations() -> Vec<Operation> {
    vec![
        get("/competence-frameworks", "listCompetenceFrameworks", "Competence frameworks in the order in which they were drafted", frameworks::list)
            .text("Published and retired ones are for whoever has an account, and for service accounts with curriculum:read; drafts are for the landscape's manager and its task holder for education."),
        post("/competence-frameworks", "createCompetenceFramework", "Drafts a competence framework, or a new version of one", frameworks::create)
            .text("By the landscape's manager or its task holder for education. With `qualificationId` and without `competences` there is one competence for every work process of the qualification, with code and title from its dossier and `workProcessId`. Those of the five career competences that none of `competences` words (`careerCompetence`) are added, with codes LC-1 to LC-5: without either member the framework is these five. With `previousId`, a published or retired framework of the same landscape, it is the next version of that one."),
        get("/competence-frameworks/{id}", "getCompetenceFramework", "One competence framework", frameworks::get_one)
            .text("Published and retired ones are for whoever has an account, drafts for the landscape's manager and its task holder for education."),
        put("/competence-frameworks/{id}", "replaceCompetenceFramework", "Changes a draft", frameworks::replace)
            .text("By the landscape's manager or its task holder for education. A published framework is frozen: 409. Landscape and predecessor stay as they are; a competence keeps its id as long as it keeps its code, also in the next version."),
        post("/competence-frameworks/{id}/decisions", "decideOnCompetenceFramework", "Publishes or retires a competence framework", frameworks::decide)
            .text("By the landscape's manager or its task holder for education."),
        get("/students/{id}/leermeter", "getLeermeter", "What all ratings of a student say", growth::get_one)
            .text("Per competence and kind of rater, now and round by round. Without `framework` by that of the student's newest round; versions of a framework with the same scale are one leermeter. For the student, the responsible coach, a SAB adviser on the case and guardians of a student under 16. Where the framework asks for the own view first, the student and a guardian see what others said of a competence in a round once the student rated it there, or the round was closed or its last day is over. The last level of a rater keeps counting while a new round is open."),
        get("/students/{id}/leermeter.svg", "getLeermeterPicture", "The picture of a leermeter", pictures::get_picture)
            .text("Growth lines or a radar of what `getLeermeter` tells the same caller, 320 pixels wide and as high as it needs, for a light or a dark ground, in Dutch or English. The same ratings give the same bytes. Own view and that of others differ in line and mark besides colour; what is seen stands in words in its `desc`. It has no script and fetches nothing."),
        get("/teams/{id}/leermeter", "getTeamLeermeter", "How the students of a team grow, without any of them", team::get_one)
            .text("For the leader of the team, and with counts alone for the landscape's manager. Per competence, month and kind of rater, where five students or more stand behind it: of months that are over. A rating counts in the month in which its round first ended after it was given, so what is told of a month never changes again, and no two answers differ by one student. Each student weighs the same."),
        get("/students/{id}/leermeter-rounds", "listLeermeterRounds", "A student's rounds, in the order in which they were opened", rounds::list)
            .text("An invited rater finds the rounds to which they are invited, while they are open."),
        post("/students/{id}/leermeter-rounds", "openLeermeterRound", "Opens a round", rounds::open)
            .text("By the student or the responsible coach, with a published framework of the student's landscape or qualification. It takes ratings at once, through the last day."),
        get("/leermeter-rounds/{id}", "getLeermeterRound", "One round: what is rated, and who is asked", rounds::get_one)
            .text("No level stands in it: see its ratings. Teachers, workplace trainers and invited raters find no other raters in it than themself."),
        post("/leermeter-rounds/{id}/decisions", "decideOnLeermeterRound", "Closes a round, or opens it again or for longer", rounds::decide)
            .text("By the student or the responsible coach, while the student is enrolled. Who needs more time opens a round for longer before it closes: after that nothing that was said in it is held back any more."),
        post("/leermeter-rounds/{id}/invitations", "inviteRater", "Invites someone to rate", invitations::invite)
            .text("By the student; the responsible coach invites workplace trainers and teachers. `personId` is someone of the college who has an account, and who then sees the round while it is open; who has none is invited by `email` and `name` and gets a mail with a link, which can be used once, within seven days and while the round is open. Who did not answer yet can be invited again by who invited them: the older invitation is taken back; for someone else it is 409 `leermeter.asked-by-another`. Without `raterKind` the person is invited as what they are to the student, a workplace trainer or a teacher. A round has at most 50 raters besides the student and the coach. Where the service sends no mail: 409 `leermeter.no-mail`."),
        delete("/leermeter-rounds/{id}/invitations/{invitationId}", "withdrawInvitation", "Takes an invitation back", invitations::withdraw)
            .text("While it is not answered. By the student; the responsible coach takes back those of workplace trainers and teachers. The id is that of the rater in the round."),
        get("/leermeter-invitation", "getLeermeterInvitation", "What someone without an account is asked", invitations::asked)
            .text("Public: for who sends the secret of the link in `Invitation-Secret`. A link that is unknown, used, too old, taken back, or of a round that is closed is 404, and nothing tells which."),
        get("/leermeter-rounds/{id}/ratings", "listRatings", "What was said in a round, in the order in which it was", ratings::list)
            .text("All of it for the responsible coach and a SAB adviser on the case; for the student too, where the framework asks for the own view first once they rated the same competence themself, or the round was closed or its last day is over; so for guardians of a student under 16, without what others wrote. Teachers, workplace trainers and invited raters find what they said themselves."),
        post("/leermeter-rounds/{id}/ratings", "createRatings", "Rates, one competence or many at once", ratings::rate)
            .text("By the student, the responsible coach, teachers of the team, workplace trainers of a running placement, and who is invited; who has no account sends the `secret` of the link, which is used up by it. All are taken or none. A rating never changes: a newer one by the same rater follows it. Where the framework asks for the own view first, the student rates no competence for the first time in a round that was closed and opened again: 409 `leermeter.own-view-too-late`. `entryId` shows the entry to nobody new."),
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}
