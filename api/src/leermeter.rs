//! The leermeter (LM-1): what students are rated on, and by which scale.

mod frameworks;

use crate::http::{Operation, get, post, put};

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
    ]
    .into_iter()
    .map(|operation| operation.tag(TAG))
    .collect()
}
