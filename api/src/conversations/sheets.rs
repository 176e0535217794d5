//! The printable sheet of a conversation (CV-1), for who takes part: their own preparation, never another's.

use actix_web::web;
use chrono_tz::Europe::Amsterdam;
use domain::access::{Action, Permit, Seen};
use domain::conversation::{AgreementStateName, ConversationKind, PreparationContent};
use domain::kernel::time::date_at;
use domain::kernel::{CareerCompetence, ConversationId, KernelFault, StudentId, Word};
use domain::organisation::Language as Tongue;
use persistence::access::Name;
use persistence::conversations::{Talk, agreements, preparations};
use persistence::{Page, Reading, Trouble};
use serde::Deserialize;
use utoipa::ToSchema;

use super::preparations::taking_part;
use crate::http::content::{Labelled, Wanted};
use crate::http::faults::HttpFault;
use crate::http::language::Language;
use crate::http::{At, Caller, Content, Problem, Query, Served};
use crate::leermeter::growth::{LeermeterQuery, leermeter};
use crate::picture::{Figure, Picture, Theme};
use crate::sheet::{OpenAgreement, Sheet};

/// As many open agreements as are looked at.
const AGREEMENTS: i64 = 50;
/// As many competences as the picture on a sheet has, the career competences first.
const COMPETENCES: usize = 10;

/// How it is printed.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SheetQuery {
    /// That of `Accept-Language` unless said.
    #[serde(default)]
    language: Option<Tongue>,
}

/// The sheet as it is fetched.
pub struct SheetFile;

impl Served for SheetFile {
    fn media_types() -> Vec<&'static str> {
        vec!["application/pdf"]
    }
}

const fn title(kind: ConversationKind, language: Tongue) -> &'static str {
    use ConversationKind as K;
    match (kind, language) {
        (K::CareerReflection, Tongue::Dutch) => "Loopbaangesprek",
        (K::CareerReflection, Tongue::English) => "Career conversation",
        (K::Leermeter, Tongue::Dutch) => "Leermetergesprek",
        (K::Leermeter, Tongue::English) => "Leermeter conversation",
        (K::StartProgrammeClosing, Tongue::Dutch) => "Afsluiting van het startprogramma",
        (K::StartProgrammeClosing, Tongue::English) => "Closing of the start programme",
        // What is care is not told by a sheet that lies about.
        (K::ExtraSupport | K::Sab, Tongue::Dutch) => "Gesprek",
        (K::ExtraSupport | K::Sab, Tongue::English) => "Conversation",
    }
}

/// Where the student is now, for who may see it: no more than the student sees, because the paper lies between them.
fn picture(reading: &mut Reading<'_>, student: StudentId, language: Tongue) -> Result<Option<Picture>, Trouble> {
    let guarded = persistence::students::find(reading, student)?.ok_or(KernelFault::Absent)?;
    let Ok(seen) = guarded.read(Action::ReadLeermeter) else { return Ok(None) };
    let all = LeermeterQuery { framework: None, from: None, until: None };
    let Some(mut found) = leermeter(reading, &seen, student, &all, true)? else { return Ok(None) };
    let competences = &found.framework.competences;
    let is_career = |id| competences.iter().any(|one| one.id == id && one.career_competence.is_some());
    found.growth.sort_by_key(|one| !is_career(one.competence_id));
    found.growth.truncate(COMPETENCES);
    let rounds: Vec<_> = found.rounds.iter().map(|known| (known.round.id, date_at(known.round.opened_at))).collect();
    let picture = Picture::of((Figure::Radar, Theme::Light, language), &found.framework, &rounds, &found.growth);
    Ok((!picture.is_empty()).then_some(picture))
}

/// What is open; of conversations that are care only where this one is.
fn agreed(reading: &mut Reading<'_>, permit: Permit, student: StudentId, care: bool) -> Result<Vec<OpenAgreement>, Trouble> {
    let open = agreements::list(reading, permit, student, Some(AgreementStateName::Open), &Page::first(AGREEMENTS))?.rows;
    let mut told = Vec::new();
    for row in open {
        let agreements::WithOwner { agreement, owner, .. } = row.read(Action::ReadAgreement)?.thing;
        if care || !agreement.care {
            let text = agreement.text.as_str().to_owned();
            told.push(OpenAgreement { text, owner: owner.given_name, due_on: agreement.due_on });
        }
    }
    Ok(told)
}

fn sheet(reading: &mut Reading<'_>, id: ConversationId, language: Tongue) -> Result<Sheet, Trouble> {
    let (seen, permit): (Seen<Talk>, Permit) = taking_part(reading, id, Action::ReadPreparation)?;
    let own = preparations::own(reading, permit, id)?;
    let PreparationContent { topics, questions } = own.map(|own| own.content).unwrap_or_default();
    let Talk { conversation, student, coach, participants, .. } = &seen.thing;
    let agreements = agreed(reading, permit, conversation.student_id, conversation.kind.is_care())?;
    let picture = picture(reading, conversation.student_id, language)?;
    let texts = |texts: &[domain::kernel::Text<1000>]| texts.iter().map(|text| text.as_str().to_owned()).collect();
    Ok(Sheet {
        language,
        title: title(conversation.kind, language).to_owned(),
        student: student.called(),
        begins: conversation.state.starts_at().map(|at| at.with_timezone(&Amsterdam).naive_local()),
        place: conversation.place.as_ref().map(|place| place.as_str().to_owned()),
        others: coach.iter().chain(participants).map(Name::called).collect(),
        topics: texts(&topics),
        questions: texts(&questions),
        agreements,
        competences: CareerCompetence::ALL.to_vec(),
        picture,
    })
}

pub async fn get_sheet(
    caller: Caller,
    At(id): At<ConversationId>,
    Query(query): Query<SheetQuery>,
    language: Language,
    wanted: Wanted,
) -> Result<Content<SheetFile>, Problem> {
    let language = query.language.unwrap_or_else(|| language.into());
    let sheet = caller.read(move |reading| sheet(reading, id, language)).await?;
    // Setting a page takes some milliseconds: not on a thread that answers others.
    let made = web::block(move || sheet.pdf()).await.map_err(|_| HttpFault::Broken)?;
    let pdf = made.map_err(|_| {
        // Why tells of what was to stand on it.
        tracing::error!("a sheet was not made");
        HttpFault::Broken
    })?;
    Content::rendered(&Labelled { media_type: "application/pdf", name: "gesprek.pdf" }, &wanted, pdf)
}
