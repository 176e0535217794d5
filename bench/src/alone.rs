//! The same work on the database without HTTP: on as many threads as there are workers, by as many at once as there are
//! connections.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::access::{Action, Unit};
use domain::kernel::{ApplicationId, EnrolmentId, LandscapeId, PersonId};
use domain::organisation::{Language, Person};
use domain::orientation::{Application, NewApplication};
use persistence::idempotency::{self, Kept};
use persistence::students::StudentFilter;
use persistence::{Asking, Database, Identity, Page, Trouble, Writing, enrolment, organisation, orientation, people, students};
use serde_json::json;

use crate::Measured;
use crate::load::CONNECTIONS;
use crate::served::{Asked, WORKERS};

#[derive(Clone)]
pub enum Work {
    ById(EnrolmentId),
    Page,
    Create(NewApplication),
}

impl Work {
    pub fn create(asked: &Asked) -> Measured<Self> {
        let new = json!({
            "landscapeId": asked.landscape, "givenName": "Noor", "familyName": "Vos", "birthDate": "2009-05-04",
            "email": "noor@leerloopbaan.example", "motivation": "Ik wil met mensen werken."
        });
        Ok(Self::Create(serde_json::from_value(new)?))
    }

    async fn once(&self, database: &Database) -> Result<(), Trouble> {
        let now = chrono::Utc::now();
        let account = Identity::Account { issuer: api::demo::ISSUER.to_owned(), subject: "coach".to_owned() };
        let by = |identity| Asking { identity, now };
        match self.clone() {
            Self::ById(id) => database.read(by(account), move |reading| enrolment::find_enrolment(reading, id).map(drop)).await,
            Self::Page => {
                let (filter, page) = (StudentFilter::default(), Page::first(50));
                database.read(by(account), move |reading| students::list(reading, &filter, &page).map(drop)).await
            }
            Self::Create(new) => database.write(by(Identity::Anonymous), move |writing| create(writing, &new)).await,
        }
    }

    /// How often in a second.
    ///
    /// # Errors
    /// The first that went wrong.
    pub fn run(&self, database: &Database, time: Duration) -> Measured<f64> {
        let until = Instant::now() + time;
        let worker = || -> Result<u64, String> {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
            runtime.block_on(async {
                let mut tasks = tokio::task::JoinSet::new();
                for _ in 0..CONNECTIONS / WORKERS {
                    let (database, work) = (database.clone(), self.clone());
                    tasks.spawn(async move {
                        let mut done = 0;
                        while Instant::now() < until {
                            work.once(&database).await.map_err(|trouble| trouble.to_string())?;
                            done += 1;
                            tokio::task::yield_now().await;
                        }
                        Ok::<u64, String>(done)
                    });
                }
                let mut all = 0;
                while let Some(done) = tasks.join_next().await {
                    all += done.map_err(|error| error.to_string())??;
                }
                Ok(all)
            })
        };
        let all: Result<u64, String> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(worker)).collect();
            workers.into_iter().map(|one| one.join().unwrap_or_else(|_| Err("it panicked".to_owned()))).sum()
        });
        Ok(all? as f64 / time.as_secs_f64())
    }
}

/// What `POST /v1/applications` with a key does to the database.
fn create(writing: &mut Writing<'_>, new: &NewApplication) -> Result<(), Trouble> {
    static DONE: AtomicU64 = AtomicU64::new(0);
    let key = format!("alone-{}", DONE.fetch_add(1, Ordering::Relaxed));
    idempotency::find(writing, "", &key)?;
    let permit = writing.actor().permit(Action::CreateApplication, Unit::Institution)?;
    let now = writing.now();
    let person = Person {
        id: PersonId::in_order(),
        given_name: new.given_name.clone().into_string(),
        family_name_prefix: None,
        family_name: new.family_name.clone().into_string(),
        birth_date: Some(new.birth_date),
        email: Some(new.email.clone().into_string()),
        language: Language::Dutch,
        version: 1,
        created_at: now,
    };
    let landscape_id: LandscapeId = new.landscape_id;
    let known = organisation::find_landscape(writing, permit, landscape_id)?.is_some();
    let told = Application::submit(ApplicationId::in_order(), new.clone(), person.id, now, known)?;
    people::insert_person(writing, permit, &person, None, person.event("entered"))?;
    orientation::application::insert_application(writing, permit, &told)?;
    let kept = Kept { fingerprint: "f".repeat(43), answer: "a".repeat(1400) };
    idempotency::keep(writing, "", &key, kept)
}
