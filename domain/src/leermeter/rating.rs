//! A rating (LM-3): one level of one competence by one rater. It never changes; a newer one follows it.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Competence, LeermeterFault as F, ScaleLevel};
use crate::kernel::{
    CompetenceId, Findings, Instant, PortfolioEntryId, Prose, RaterId, RatingId, Refusal, RoundId, Secret, StudentId,
};

/// Ratings of a round, of one competence or of many: all are taken, or none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRatings {
    /// Each competence once.
    #[schema(min_items = 1, max_items = 45)]
    pub ratings: Vec<NewRating>,
    /// Of the link, for who has no account; it is used up by this.
    #[serde(default)]
    pub secret: Option<Secret>,
}

/// What someone says of one competence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRating {
    /// Of the framework of the round.
    pub competence_id: CompetenceId,
    /// A level of its scale; null where the rater has not seen it.
    #[serde(default)]
    #[schema(required = true, minimum = 0, maximum = 100)]
    pub level: Option<u8>,
    /// What the rater saw; needed with a level.
    #[serde(default)]
    pub motivation: Option<Prose>,
    /// An entry of the student's portfolio that shows it, which the rater may read. It is shown to nobody who may not read it without this.
    #[serde(default)]
    pub entry_id: Option<PortfolioEntryId>,
}

/// A rating as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    pub id: RatingId,
    pub round_id: RoundId,
    pub rater_id: RaterId,
    pub student_id: StudentId,
    pub competence_id: CompetenceId,
    /// None where it was not seen.
    pub level: Option<u8>,
    pub motivation: Option<Prose>,
    pub entry_id: Option<PortfolioEntryId>,
    /// 1 for the rater's first on this competence in this round, and one more with each.
    pub number: i32,
    pub rated_at: Instant,
}

/// What must be known to take ratings.
#[derive(Clone, Copy, Debug)]
pub struct RatingFacts<'f> {
    pub scale: &'f [ScaleLevel],
    pub competences: &'f [Competence],
    /// Of the entries that are named, those of the student that the rater may read now.
    pub readable: &'f [PortfolioEntryId],
    /// The highest number of each competence that the rater rated before in this round.
    pub before: &'f [(CompetenceId, i32)],
    /// It is the student who rates, by a framework that asks for the own view first, in a round that was closed and opened again:
    /// what others said was shown, so what the student sees of more competences comes too late.
    pub own_view_is_over: bool,
}

impl Rating {
    /// Takes ratings by a rater of a round that is open.
    ///
    /// # Errors
    /// Everything that is wrong with any of them: [`F::OwnViewTooLate`] alone is a conflict.
    pub fn take(
        new: &NewRatings,
        (round_id, student_id, rater_id): (RoundId, StudentId, RaterId),
        facts: RatingFacts<'_>,
        now: Instant,
    ) -> Result<Vec<Self>, Refusal> {
        let mut findings = Findings::default();
        findings.note(new.ratings.is_empty(), "/ratings", F::NothingRated);
        for (place, one) in new.ratings.iter().enumerate() {
            let pointer = |field: &str| format!("/ratings/{place}/{field}");
            let is_known = facts.competences.iter().any(|competence| competence.id == one.competence_id);
            let is_repeated = new.ratings.iter().take(place).any(|other| other.competence_id == one.competence_id);
            let is_too_late = facts.own_view_is_over && !facts.before.iter().any(|(of, _)| *of == one.competence_id);
            let is_level = |level: u8| facts.scale.iter().any(|known| known.level == level);
            let levels = facts.scale.iter().map(|known| known.level.to_string());
            let off_the_scale = F::LevelOffScale.at(pointer("level")).instead(levels);
            findings
                .note(!is_known, pointer("competenceId"), F::CompetenceUnknown)
                .note(is_repeated, pointer("competenceId"), F::CompetenceRepeated)
                .note(is_known && is_too_late, pointer("competenceId"), F::OwnViewTooLate)
                .add(one.level.filter(|level| !is_level(*level)).map(|_| off_the_scale))
                .note(one.level.is_some() && one.motivation.is_none(), pointer("motivation"), F::MotivationMissing)
                .note(one.entry_id.is_some_and(|id| !facts.readable.contains(&id)), pointer("entryId"), F::EntryUnreadable);
        }
        findings.settle()?;
        let number = |id| facts.before.iter().find(|(of, _)| *of == id).map_or(1, |(_, number)| number + 1);
        let rating = |one: &NewRating| Self {
            id: RatingId::in_order(),
            round_id,
            rater_id,
            student_id,
            competence_id: one.competence_id,
            level: one.level,
            motivation: one.motivation.clone(),
            entry_id: one.entry_id,
            number: number(one.competence_id),
            rated_at: now,
        };
        Ok(new.ratings.iter().map(rating).collect())
    }
}
