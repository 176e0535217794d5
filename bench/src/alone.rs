//! The same work on the database without HTTP: on as many threads as there are workers, by as many at once as there are
//! connections.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use api::leermeter::growth::{LeermeterQuery, leermeter};
use domain::access::{Action, Unit};
use domain::kernel::{ApplicationId, EnrolmentId, KernelFault, LandscapeId, PersonId, PortfolioEntryId, StudentId};
use domain::organisation::{Language, Person};
use domain::orientation::{Application, NewApplication};
use domain::portfolio::{Entry, EntryContent};
use persistence::idempotency::{self, Kept};
use persistence::portfolio::entries::{self, EntryFilter};
use persistence::students::StudentFilter;
use persistence::{Asking, Database, Identity, Page, Reading, Trouble, Writing};
use persistence::{enrolment, organisation, orientation, people, students};

use crate::Measured;
use crate::bulk::OWNER;
use crate::load::CONNECTIONS;
use crate::served::WORKERS;

#[derive(Clone)]
pub enum Work {
    ById(EnrolmentId),
    Page,
    Create(NewApplication),
    EntryById(PortfolioEntryId),
    Entries(StudentId),
    CreateEntry(StudentId, EntryContent),
    Leermeter(StudentId),
}

impl Work {
    async fn once(&self, database: &Database) -> Result<(), Trouble> {
        let now = chrono::Utc::now();
        let account = |subject: &str| Identity::Account { issuer: api::demo::ISSUER.to_owned(), subject: subject.to_owned() };
        let by = |identity| Asking { identity, now };
        let (coach, owner) = (by(account("coach")), by(account(OWNER)));
        match self.clone() {
            Self::ById(id) => database.read(coach, move |reading| enrolment::find_enrolment(reading, id).map(drop)).await,
            Self::Page => {
                let (filter, page) = (StudentFilter::default(), Page::first(50));
                database.read(coach, move |reading| students::list(reading, &filter, &page).map(drop)).await
            }
            Self::Create(new) => database.write(by(Identity::Anonymous), move |writing| create(writing, &new)).await,
            Self::EntryById(id) => database.read(owner, move |reading| entries::find(reading, id).map(drop)).await,
            Self::Entries(student) => {
                let filter = EntryFilter { student_id: Some(student), ..EntryFilter::default() };
                let list = move |reading: &mut Reading<'_>| {
                    persistence::students::find_name(reading, student)?;
                    entries::list(reading, &filter, &Page::first(50)).map(drop)
                };
                database.read(owner, list).await
            }
            Self::Leermeter(student) => {
                let query = LeermeterQuery { framework: None, from: None, until: None };
                let look = move |reading: &mut Reading<'_>| {
                    let seen = students::find(reading, student)?.ok_or(KernelFault::Absent)?.read(Action::ReadLeermeter)?;
                    leermeter(reading, &seen, student, &query, false).map(drop)
                };
                database.read(coach, look).await
            }
            Self::CreateEntry(student, new) => database.write(owner, move |writing| create_entry(writing, student, &new)).await,
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

/// A key that none had before.
fn key() -> String {
    static DONE: AtomicU64 = AtomicU64::new(0);
    format!("alone-{}", DONE.fetch_add(1, Ordering::Relaxed))
}

/// What `POST /v1/applications` with a key does to the database.
fn create(writing: &mut Writing<'_>, new: &NewApplication) -> Result<(), Trouble> {
    let key = key();
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

/// What `POST /v1/students/{id}/portfolio-entries` with a key does to the database.
fn create_entry(writing: &mut Writing<'_>, student: StudentId, new: &EntryContent) -> Result<(), Trouble> {
    let key = key();
    idempotency::find(writing, "", &key)?;
    let owner = persistence::students::find_name(writing, student)?.ok_or(KernelFault::Absent)?;
    let (_, permit) = owner.permit(Action::CreateEntry)?;
    let targets = entries::targets(writing, permit, student, &new.links)?;
    let told = Entry::keep(student, new.clone(), &targets, writing.now())?;
    entries::insert(writing, permit, &told, None)?;
    let kept = Kept { fingerprint: "f".repeat(43), answer: "a".repeat(900) };
    idempotency::keep(writing, "", &key, kept)
}
