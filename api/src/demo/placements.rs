//! The persona of the student is at a learning company now, trained by the persona of the workplace trainer.

use chrono::Days;
use domain::kernel::Word;
use persistence::Trouble;
use serde_json::json;

use super::maker::{Maker, text};
use crate::personas::Persona;

/// Plans the placement, with an LWP of the library that is done at it.
///
/// # Errors
/// A request that was not answered as the story wants it.
pub async fn tell(maker: &Maker, student: &str) -> Result<(), Trouble> {
    let coach = Persona::Coach.word();
    let trainer = text(&maker.get("/me", Persona::WorkplaceTrainer.word()).await?["person"], "id")?;
    let in_days = |days| maker.today().checked_add_days(Days::new(days)).unwrap_or_else(|| maker.today());
    let placement = json!({
        "learningCompany": "Zorgcentrum De Lindehof", "trainerId": trainer, "startsOn": maker.today(), "endsOn": in_days(70)
    });
    let placement = text(&maker.post(&format!("/students/{student}/placements"), coach, placement).await?, "id")?;
    let library = maker.get("/lwps?q=terugkijken", coach).await?;
    let lwp = text(&library["items"][0], "id")?;
    let assignment = json!({ "studentId": student, "lwpId": lwp, "dueOn": in_days(35), "placementId": placement });
    let assignment = text(&maker.post("/lwp-assignments", coach, assignment).await?, "id")?;
    let decisions = format!("/lwp-assignments/{assignment}/decisions");
    maker.post(&decisions, Persona::Student.word(), json!({ "decision": "start" })).await.map(drop)
}
