//! The printable sheet of a conversation (CV-1), for who takes part: their own preparation, never another's.

use actix_web::web;
use chrono_tz::Europe::Amsterdam;
use domain::access::{Action, Guarded, Permit, Relation, Seen};
use domain::conversation::{Conversation, PreparationContent};
use domain::kernel::time::date_at;
use domain::kernel::{CareerCompetence, ConversationId, KernelFault, Word};
use domain::leermeter::Round;
use domain::organisation::Language as Tongue;
use persistence::access::Name;
use persistence::conversations::{Talk, agreements, goals, preparations, questions};
use persistence::leermeter::rounds;
use persistence::{Reading, Trouble};
use serde::Deserialize;
use utoipa::ToSchema;

use super::kinds::called_openly;
use super::preparations::taking_part;
use crate::http::content::{Labelled, Wanted};
use crate::http::faults::HttpFault;
use crate::http::language::Language;
use crate::http::{At, Caller, Content, Problem, Query, Served};
use crate::leermeter::growth::{LeermeterQuery, leermeter};
use crate::picture::{Figure, Picture, Theme};
use crate::sheet::{OpenAgreement, Sheet};

/// As many of what is open as are looked at.
const AT_MOST: i64 = 50;
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

/// Where the student is now, or was when the round was over that the conversation looks at (LM-5), for who may see it: no more than the
/// student sees, because the paper lies between them.
fn picture(reading: &mut Reading<'_>, conversation: &Conversation, language: Tongue) -> Result<Option<Picture>, Trouble> {
    let student = conversation.student_id;
    let guarded = persistence::students::find(reading, student)?.ok_or(KernelFault::Absent)?;
    let Ok(seen) = guarded.read(Action::ReadLeermeter) else { return Ok(None) };
    let of_round = match conversation.round_id {
        Some(round) => rounds::find(reading, round)?.and_then(|found| found.read(Action::ReadRound).ok()),
        None => None,
    };
    let round = of_round.map(|seen| seen.thing.round);
    let over_on = |round: &Round| round.closed_at.map_or(round.closes_on, date_at);
    let (framework, until) = (round.as_ref().map(|round| round.framework_id), round.as_ref().map(over_on));
    let Some(mut found) = leermeter(reading, &seen, student, &LeermeterQuery { framework, from: None, until }, true)? else {
        return Ok(None);
    };
    if let Some(round) = round {
        found.rounds.retain(|known| known.round.opened_at <= round.opened_at);
    }
    let competences = &found.framework.competences;
    let is_career = |id| competences.iter().any(|one| one.id == id && one.career_competence.is_some());
    found.growth.sort_by_key(|one| !is_career(one.competence_id));
    let more = found.growth.len().saturating_sub(COMPETENCES);
    found.growth.truncate(COMPETENCES);
    let rounds: Vec<_> = found.rounds.iter().map(|known| (known.round.id, date_at(known.round.opened_at))).collect();
    let figure = (Figure::Radar, Theme::Light, language);
    let picture = Picture { more, ..Picture::of(figure, &found.framework, &rounds, &found.growth) };
    Ok((!picture.is_empty()).then_some(picture))
}

/// What is open, the most urgent first; of conversations that are care only where this one is.
fn agreed(reading: &mut Reading<'_>, permit: Permit, of: &Conversation) -> Result<Vec<OpenAgreement>, Trouble> {
    let open = agreements::most_urgent(reading, permit, of.student_id, of.kind.is_care(), AT_MOST)?;
    let told = |row: Guarded<agreements::WithOwner>| {
        let agreements::WithOwner { agreement, owner, .. } = row.read(Action::ReadAgreement)?.thing;
        let text = agreement.text.as_str().to_owned();
        Ok(OpenAgreement { text, owner: owner.given_name, due_on: agreement.due_on })
    };
    open.into_iter().map(told).collect()
}

/// What the student wants to reach and to find out, in the student's words, for who prints a sheet besides the student and may read it.
/// What came of conversations that are care is only where this one is.
fn wanted_by_student(reading: &mut Reading<'_>, seen: &Seen<Talk>) -> Result<(Vec<String>, Vec<String>), Trouble> {
    let of = &seen.thing.conversation;
    let may = seen.permit(Action::ReadGoal).ok().filter(|_| !seen.is(Relation::Student));
    let Some(permit) = may else { return Ok((Vec::new(), Vec::new())) };
    let goals = goals::open_for_sheet(reading, permit, of.student_id, of.kind.is_care(), AT_MOST)?;
    let asked = questions::open_for_sheet(reading, permit, of.student_id, of.kind.is_care(), AT_MOST)?;
    let goals = goals.into_iter().map(|goal| goal.title.as_str().to_owned());
    Ok((goals.collect(), asked.into_iter().map(|one| one.text.as_str().to_owned()).collect()))
}

fn sheet(reading: &mut Reading<'_>, id: ConversationId, language: Tongue) -> Result<Sheet, Trouble> {
    let (seen, permit): (Seen<Talk>, Permit) = taking_part(reading, id, Action::ReadPreparation)?;
    let own = preparations::own(reading, permit, id)?;
    let PreparationContent { topics, questions } = own.map(|own| own.content).unwrap_or_default();
    let Talk { conversation, student, coach, participants, .. } = &seen.thing;
    let agreements = agreed(reading, permit, conversation)?;
    let (goals, learning_questions) = wanted_by_student(reading, &seen)?;
    let picture = picture(reading, conversation, language)?;
    let texts = |texts: &[domain::kernel::Text<1000>]| texts.iter().map(|text| text.as_str().to_owned()).collect();
    Ok(Sheet {
        language,
        title: called_openly(conversation.kind, language).to_owned(),
        student: student.called(),
        begins: conversation.state.starts_at().map(|at| at.with_timezone(&Amsterdam).naive_local()),
        place: conversation.place.as_ref().map(|place| place.as_str().to_owned()),
        others: coach.iter().chain(participants).map(Name::called).collect(),
        goals,
        learning_questions,
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
