//! The picture of a leermeter (LM-4), as whoever asks may see it.

use domain::access::Action;
use domain::kernel::time::date_at;
use domain::kernel::{KernelFault, StudentId};
use domain::organisation;
use serde::Deserialize;
use utoipa::ToSchema;

use super::growth::{LeermeterQuery, leermeter};
use crate::http::content::{Labelled, Wanted};
use crate::http::language::Language;
use crate::http::{At, Caller, Content, Problem, Query, Served};
use crate::picture::{Figure, Picture, Theme};

/// Of which leermeter, and how it is drawn.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PictureQuery {
    #[serde(flatten)]
    of: LeermeterQuery,
    /// `growth` unless said.
    #[serde(default)]
    figure: Figure,
    /// `light` unless said.
    #[serde(default)]
    theme: Theme,
    /// That of `Accept-Language` unless said.
    #[serde(default)]
    language: Option<organisation::Language>,
}

/// The picture as it is fetched.
pub struct PictureFile;

impl Served for PictureFile {
    fn media_types() -> Vec<&'static str> {
        vec!["image/svg+xml"]
    }
}

pub async fn get_picture(
    caller: Caller,
    At(id): At<StudentId>,
    Query(query): Query<PictureQuery>,
    language: Language,
    wanted: Wanted,
) -> Result<Content<PictureFile>, Problem> {
    let PictureQuery { of, figure, theme, language: said } = query;
    let language = said.unwrap_or_else(|| language.into());
    let picture = caller
        .read(move |reading| {
            let seen = persistence::students::find(reading, id)?.ok_or(KernelFault::Absent)?.read(Action::ReadLeermeter)?;
            let Some(leermeter) = leermeter(reading, &seen, id, &of, false)? else {
                return Ok(Picture::of_nothing((figure, theme, language)));
            };
            let rounds: Vec<_> = leermeter.rounds.iter().map(|known| (known.round.id, date_at(known.round.opened_at))).collect();
            Ok(Picture::of((figure, theme, language), &leermeter.framework, &rounds, &leermeter.growth))
        })
        .await?;
    Content::rendered(&Labelled { media_type: "image/svg+xml", name: "leermeter.svg" }, &wanted, picture.svg().into_bytes())
}
