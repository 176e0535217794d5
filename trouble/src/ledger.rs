//! What was asked of the service and what it acknowledged, kept outside it, and held against what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::Tried;
use crate::college::College;
use crate::http::{Answer, Client, Request};

/// How many ask at once when the ledger is held against what is there.
const CLERKS: usize = 8;

/// One change that was asked for, with a key of its own.
#[derive(Clone)]
struct Entry {
    key: Uuid,
    path: &'static str,
    body: Value,
    /// What was made, as the answer told it; none where no answer came, or one that said not now.
    acknowledged: Option<Value>,
}

impl Entry {
    /// A new person with an account, or a new landscape: rows of one table or of two.
    fn new() -> Self {
        let key = Uuid::new_v4();
        let (path, body) = if key.as_bytes()[0] & 1 == 0 {
            let account = json!({ "issuer": "https://aanmelden.voorbeeld.nl/", "subject": key });
            ("/v1/people", json!({ "givenName": "Noor", "familyName": format!("Vos {key}"), "account": account }))
        } else {
            ("/v1/landscapes", json!({ "name": format!("Landschap {key}"), "description": "Van bij ons." }))
        };
        Self { key, path, body, acknowledged: None }
    }

    fn request(&self, token: &str) -> Request {
        Request::post(self.path, &self.body).by(token).with("Idempotency-Key", &self.key.to_string())
    }
}

/// What came of the writes of one trial.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Answered with what was made.
    pub acknowledged: usize,
    /// Answered with 503 or 507.
    pub turned_away: usize,
    /// Not acknowledged, and found whole.
    pub whole: usize,
    /// Not acknowledged, and found absent.
    pub absent: usize,
    /// The longest that an answer took.
    pub slowest: Duration,
}

#[derive(Default)]
struct Open {
    entries: Vec<Entry>,
    turned_away: usize,
    slowest: Duration,
}

/// The ledger of one college.
pub struct Ledger {
    open: Mutex<Open>,
    closed: AtomicBool,
    /// Up to where the feed of changes was read.
    after: tokio::sync::Mutex<String>,
}

impl Ledger {
    /// Begins where the college is now.
    ///
    /// # Errors
    /// The feed could not be read.
    pub async fn begin(college: &College) -> Tried<Arc<Self>> {
        let ledger = Self { open: Mutex::default(), closed: AtomicBool::new(false), after: tokio::sync::Mutex::default() };
        ledger.told(college).await?;
        Ok(Arc::new(ledger))
    }

    /// Lets this many write, each on a connection of its own, until [`Ledger::close`]. Who loses the connection takes
    /// another; who is turned away goes on with the next write.
    pub fn writers(self: &Arc<Self>, college: &College, many: usize) -> Tried<JoinSet<Tried<()>>> {
        self.closed.store(false, Ordering::SeqCst);
        let mut writers = JoinSet::new();
        for _ in 0..many {
            let (ledger, at, token) = (Arc::clone(self), college.at(), college.token()?);
            writers.spawn(async move {
                while !ledger.closed.load(Ordering::SeqCst) {
                    if let Ok(mut client) = Client::connect(at).await {
                        ledger.write_on(&mut client, &token).await?;
                    }
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                Ok(())
            });
        }
        Ok(writers)
    }

    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    async fn write_on(&self, client: &mut Client, token: &str) -> Tried<()> {
        while !self.closed.load(Ordering::SeqCst) {
            let mut entry = Entry::new();
            let since = Instant::now();
            let answer = client.ask(&entry.request(token)).await;
            let mut pause = Duration::ZERO;
            let mut lost = false;
            match &answer {
                Ok(answer) if answer.status == 201 => entry.acknowledged = Some(answer.json()?),
                Ok(answer) if answer.is_turned_away() => pause = Duration::from_millis(50),
                Ok(answer) if answer.status == 429 => pause = Duration::from_millis(200),
                Ok(answer) => return Err(format!("a write was answered {}: {}", answer.status, text(answer)).into()),
                Err(_) => lost = true,
            }
            self.note(entry, since.elapsed(), answer.as_ref().is_ok_and(Answer::is_turned_away));
            if lost || answer.is_ok_and(|answer| answer.header("connection") == Some("close")) {
                return Ok(());
            }
            tokio::time::sleep(pause).await;
        }
        Ok(())
    }

    fn note(&self, entry: Entry, took: Duration, turned_away: bool) {
        let mut open = self.open();
        open.slowest = open.slowest.max(took);
        open.turned_away += usize::from(turned_away);
        open.entries.push(entry);
    }

    fn open(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many writes were acknowledged since the ledger was last settled.
    pub fn acknowledged(&self) -> usize {
        self.open().entries.iter().filter(|entry| entry.acknowledged.is_some()).count()
    }

    /// Holds what was acknowledged against what is there, and asks again for all that was not: every acknowledged
    /// change is there with one event, each other is whole or absent, and every retry gets the same answer.
    ///
    /// # Errors
    /// The first change of which that is not so.
    pub async fn settle(&self, college: &College) -> Tried<Tally> {
        let Open { entries, turned_away, slowest } = std::mem::take(&mut *self.open());
        let before = self.told(college).await?;
        let mut tally = Tally { turned_away, slowest, ..Tally::default() };
        let mut clerks = JoinSet::new();
        for part in entries.chunks(entries.len().div_ceil(CLERKS).max(1)) {
            // One caller asks no more than its share.
            let few = part.chunks(50).map(|few| Ok((college.token()?, few.to_vec()))).collect::<Tried<Vec<_>>>()?;
            let at = college.at();
            clerks.spawn(async move {
                let mut found = Vec::new();
                for (token, entries) in few {
                    found.extend(again(at, &token, entries).await?);
                }
                Tried::Ok(found)
            });
        }
        let (mut were_there, mut made) = (BTreeSet::new(), BTreeSet::new());
        while let Some(part) = clerks.join_next().await {
            for (acknowledged, id, replayed) in part?? {
                tally.acknowledged += usize::from(acknowledged);
                tally.whole += usize::from(!acknowledged && replayed);
                tally.absent += usize::from(!replayed);
                if replayed {
                    were_there.insert(id)
                } else {
                    made.insert(id)
                };
            }
        }
        same("events before the retries", &before, &were_there)?;
        same("events after the retries", &self.told(college).await?, &made)?;
        Ok(tally)
    }

    /// The people and landscapes of which the feed tells since it was last read, each once.
    async fn told(&self, college: &College) -> Tried<BTreeSet<String>> {
        let mut client = Client::connect(college.at()).await?;
        let token = college.token()?;
        let mut after = self.after.lock().await;
        let mut told = BTreeMap::<String, usize>::new();
        loop {
            let since = if after.is_empty() { String::new() } else { format!("&after={after}") };
            let request = Request::get(&format!("/v1/changes?limit=200{since}")).by(&token);
            let page = insist(&mut client, &request).await?.must_be(200)?.json()?;
            for event in page["items"].as_array().into_iter().flatten() {
                if matches!(event["what"].as_str(), Some("entered" | "founded")) {
                    *told.entry(event["subjectId"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
                }
            }
            let next = page["nextCursor"].as_str().unwrap_or_default();
            if next == *after {
                break;
            }
            next.clone_into(&mut after);
        }
        match told.iter().find(|(_, times)| **times != 1) {
            Some((id, times)) => Err(format!("{id} has {times} events").into()),
            None => Ok(told.into_keys().collect()),
        }
    }
}

/// Sends each entry again: whether it was acknowledged, its id, and whether it was there already.
async fn again(at: std::net::SocketAddr, token: &str, entries: Vec<Entry>) -> Tried<Vec<(bool, String, bool)>> {
    let mut client = Client::connect(at).await?;
    let mut found = Vec::new();
    for entry in entries {
        let answer = insist(&mut client, &entry.request(token)).await?.must_be(201)?;
        let replayed = answer.header("idempotency-replayed") == Some("true");
        let made = answer.json()?;
        match &entry.acknowledged {
            Some(_) if !replayed => return Err(format!("lost: {} was acknowledged and is made anew", entry.body).into()),
            Some(told) if *told != made => return Err(format!("the retry of {told} was answered {made}").into()),
            _ => {}
        }
        let id = made["id"].as_str().ok_or("an answer without an id")?.to_owned();
        let page = Request::get(&format!("{}/{id}", entry.path)).by(token);
        let there = insist(&mut client, &page).await?.must_be(200)?.json()?;
        if there["id"] != made["id"] || there["version"] != made["version"] {
            return Err(format!("{made} was told, and {there} is there").into());
        }
        found.push((entry.acknowledged.is_some(), id, replayed));
    }
    Ok(found)
}

/// Asks again for as long as one is told to come again.
async fn insist(client: &mut Client, request: &Request) -> Tried<Answer> {
    for _ in 0..50 {
        let answer = client.ask(request).await?;
        if answer.status != 429 && !answer.is_turned_away() {
            return Ok(answer);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("turned away fifty times".into())
}

fn same(what: &str, told: &BTreeSet<String>, wanted: &BTreeSet<String>) -> Tried<()> {
    if told == wanted {
        return Ok(());
    }
    let without: Vec<_> = wanted.difference(told).take(3).collect();
    let besides: Vec<_> = told.difference(wanted).take(3).collect();
    Err(format!("{what}: missing for {without:?}, and there for {besides:?}, which nobody asked for").into())
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}
