//! Files: what half a gigabyte of them costs in memory, and what is left of one whose sending or keeping was broken off.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use api::files::arriving::hex;
use rand::RngExt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Tried;
use crate::college::{College, Place};
use crate::full_disk::Disk;
use crate::http::{Request, once};
use crate::program::Process;

/// Twenty of the largest files there can be: half a gigabyte up, and half a gigabyte down.
const FILES: usize = 20;
const LARGEST: usize = 25 * 1024 * 1024;
const AT_ONCE: usize = 2;
/// What that may cost, in kibibytes.
const MEMORY: u64 = 20 * 1024;
/// More than there is room for on a small disk.
const DISK: usize = 14 * 1024 * 1024;
/// While the service is killed, files are smaller and more are sent at once.
const SMALL: usize = 600 * 1024;
const SENDERS: usize = 8;
const BOUNDARY: &str = "this-is-where-a-part-ends";

pub async fn run(program: &Path, place: &Place, rounds: usize) -> Tried<()> {
    let college = College::found(program, place).await?;
    let process = college.serve().await?;
    let student = Student::enter(&college).await?;
    let (before, peak) = memory(&process, &student).await?;
    if peak > before + MEMORY {
        return Err(format!("{FILES} files of 25 MiB up and down cost {} KiB of memory", peak - before).into());
    }
    cut(&student).await?;
    let tally = kills(&college, process, &student, rounds).await?;
    if matches!(place, Place::Sqlite) {
        full(program).await?;
    }
    println!(
        "files, {}: {} MiB up and down cost {:.1} MiB of memory ({:.1} before); {rounds} kills while {SENDERS} sent files: {} \
         acknowledged, 0 lost, {} more were whole, 0 half; {} were kept and never told of, and taken away",
        place.name(),
        FILES * LARGEST / 1024 / 1024,
        (peak - before) as f64 / 1024.0,
        before as f64 / 1024.0,
        tally.acknowledged,
        tally.whole,
        tally.abandoned,
    );
    Ok(())
}

/// A student with an entry to put files with.
#[derive(Clone)]
struct Student {
    at: SocketAddr,
    token: String,
    entry: String,
}

impl Student {
    async fn enter(college: &College) -> Tried<Self> {
        let (at, administrator) = (college.at(), college.token()?);
        let roster = "studentNumber,givenName,familyName,landscape,team,coach,crebo,route,startsOn\n\
                      200301,Noor,Berg,Techniek,Metaal 1A,A. Bos,25736,bbl,2026-08-03\n";
        let form = form(&[("kind", "roster")], ("roster.csv", roster.as_bytes()));
        let import = send(at, "/v1/imports", &administrator, &form, form.len()).await?;
        if import.0 != 201 {
            return Err(format!("the roster was answered with {}: {}", import.0, import.1).into());
        }
        let people = once(at, &Request::get("/v1/people?q=Berg").by(&administrator)).await?.must_be(200)?.json()?;
        let id = text(&people["items"][0]["id"])?;
        let account = json!({ "account": { "issuer": college.issued_by(), "subject": "student" } });
        let patch = Request::patch(&format!("/v1/people/{id}"), &account).by(&administrator).with("If-Match", "*");
        once(at, &patch).await?.must_be(200)?;
        let token = college.token_of("student")?;
        let entry =
            json!({ "area": "learning", "kind": "product", "title": "Bewijs", "body": "Alles.", "visibility": "private" });
        let path = format!("/v1/students/{id}/portfolio-entries");
        let made = once(at, &Request::post(&path, &entry).by(&token)).await?.must_be(201)?.json()?;
        Ok(Self { at, token, entry: text(&made["id"])? })
    }

    fn evidence(&self) -> String {
        format!("/v1/portfolio-entries/{}/evidence", self.entry)
    }

    async fn listed(&self) -> Tried<Vec<(String, String)>> {
        let path = format!("{}?limit=200", self.evidence());
        let list = once(self.at, &Request::get(&path).by(&self.token)).await?.must_be(200)?.json()?;
        let items = list["items"].as_array().ok_or("no items")?;
        items.iter().map(|item| Ok((text(&item["id"])?, text(&item["sha256"])?))).collect()
    }

    async fn withdraw(&self, id: &str) -> Tried<()> {
        let path = format!("/v1/evidence/{id}");
        once(self.at, &Request::delete(&path).by(&self.token).with("If-Match", "*")).await?.must_be(204)?;
        Ok(())
    }

    /// Sends a file; answers its id and sum as they were acknowledged.
    async fn send(&self, file: &[u8]) -> Tried<(String, String)> {
        let form = form(&[], ("bewijs.txt", file));
        let (status, answer) = send(self.at, &self.evidence(), &self.token, &form, form.len()).await?;
        if status != 201 {
            return Err(format!("a file was answered with {status}: {answer}").into());
        }
        let answer: Value = serde_json::from_str(&answer)?;
        Ok((text(&answer["id"])?, text(&answer["sha256"])?))
    }

    /// Fetches a file; answers its sum as it came.
    async fn fetch(&self, id: &str) -> Tried<String> {
        let mut stream = TcpStream::connect(self.at).await?;
        let asked = Request::get(&format!("/v1/evidence/{id}")).by(&self.token).with("Connection", "close").text();
        stream.write_all(asked.as_bytes()).await?;
        let (mut head, mut hash, mut buffer) = (Vec::new(), Sha256::new(), vec![0; 64 * 1024]);
        let mut in_body = false;
        loop {
            let read = stream.read(&mut buffer).await?;
            if read == 0 {
                break;
            }
            if in_body {
                hash.update(&buffer[..read]);
                continue;
            }
            head.extend_from_slice(&buffer[..read]);
            if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
                in_body = true;
                hash.update(&head[end + 4..]);
            }
        }
        if head.starts_with(b"HTTP/1.1 200") { Ok(hex(&hash.finalize())) } else { Err("a file was not to be had".into()) }
    }
}

fn text(value: &Value) -> Tried<String> {
    Ok(value.as_str().ok_or("no text where there was to be one")?.to_owned())
}

/// A file like no other, of so many bytes.
fn file(length: usize) -> Vec<u8> {
    let mark = uuid::Uuid::new_v4().to_string();
    mark.bytes().cycle().take(length).collect()
}

fn form(fields: &[(&str, &str)], (name, file): (&str, &[u8])) -> Vec<u8> {
    let mut form = Vec::with_capacity(file.len() + 1024);
    for (field, value) in fields {
        let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        form.extend_from_slice(part.as_bytes());
    }
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    form.extend_from_slice(head.as_bytes());
    form.extend_from_slice(file);
    form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    form
}

/// Sends the first bytes of a form that says to be as long as it is; status and body of the answer.
async fn send(at: SocketAddr, path: &str, token: &str, form: &[u8], sent: usize) -> Tried<(u16, String)> {
    let mut stream = TcpStream::connect(at).await?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: trouble\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\n\r\n",
        form.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&form[..sent]).await?;
    if sent < form.len() {
        return Ok((0, String::new()));
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let status = answer.get(9..12).and_then(|status| status.parse().ok()).ok_or("no answer came")?;
    Ok((status, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()))
}

/// The memory of the process before, and at its peak while all files went up and down, in kibibytes.
async fn memory(process: &Process, student: &Student) -> Tried<(u64, u64)> {
    // What every service has after its first requests of this kind is no cost of the others.
    let (id, _) = student.send(&file(SMALL)).await?;
    student.fetch(&id).await?;
    student.withdraw(&id).await?;
    let path = PathBuf::from(format!("/proc/{}", process.id()));
    let kibibytes = |name: &str| -> Tried<u64> {
        let status = std::fs::read_to_string(path.join("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line")?;
        Ok(line.trim_matches([':', '\t', ' ']).trim_end_matches(" kB").trim().parse()?)
    };
    std::fs::write(path.join("clear_refs"), "5")?;
    let before = kibibytes("VmRSS")?;
    for _ in 0..FILES / AT_ONCE {
        let mut sent = JoinSet::new();
        for _ in 0..AT_ONCE {
            let student = student.clone();
            sent.spawn(async move { up_and_down(&student).await });
        }
        while let Some(one) = sent.join_next().await {
            one??;
        }
    }
    Ok((before, kibibytes("VmHWM")?))
}

async fn up_and_down(student: &Student) -> Tried<()> {
    let file = file(LARGEST);
    let sum = hex(&Sha256::digest(&file));
    let (id, told) = student.send(&file).await?;
    drop(file);
    if told != sum || student.fetch(&id).await? != sum {
        return Err("a file came back as another".into());
    }
    student.withdraw(&id).await
}

/// Who hangs up in the middle leaves nothing.
async fn cut(student: &Student) -> Tried<()> {
    let before = student.listed().await?;
    let form = form(&[], ("bewijs.txt", &file(SMALL)));
    for part in [200, 1000, form.len() / 2, form.len() - 1] {
        send(student.at, &student.evidence(), &student.token, &form, part).await?;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    if student.listed().await? == before { Ok(()) } else { Err("a file that was cut off is there".into()) }
}

/// Where there is no room for a file nothing is kept of it, and what was there is still to be had.
async fn full(program: &Path) -> Tried<()> {
    let folder = tempfile::tempdir()?;
    let Some(_disk) = Disk::mount(folder.path()) else {
        eprintln!("files: this process may not mount a small file system, so a full one was not tried");
        return Ok(());
    };
    let college = College::found(program, &Place::SqliteIn(folder.path().to_owned())).await?;
    let _process = college.serve().await?;
    let student = Student::enter(&college).await?;
    let (id, sum) = student.send(&file(SMALL)).await?;
    let form = form(&[], ("bewijs.txt", &file(DISK)));
    let (status, answer) = send(student.at, &student.evidence(), &student.token, &form, form.len()).await?;
    if status != 507 {
        return Err(format!("without room a file was answered with {status}: {answer}").into());
    }
    student.withdraw(&student.send(&file(SMALL)).await?.0).await?;
    if student.fetch(&id).await? != sum || student.listed().await?.len() != 1 {
        return Err("a file is another since there was no room for a second".into());
    }
    println!("files, SQLite: without room a file is answered with 507, the others are to be had and the next small one is kept");
    Ok(())
}

#[derive(Default)]
struct Tally {
    acknowledged: usize,
    whole: usize,
    abandoned: usize,
}

/// Kills it while files are sent, and holds what is there against what was sent and acknowledged.
async fn kills(college: &College, mut process: Process, student: &Student, rounds: usize) -> Tried<Tally> {
    let mut tally = Tally::default();
    for _ in 0..rounds {
        let mut senders = JoinSet::new();
        for _ in 0..SENDERS {
            let (student, file) = (student.clone(), file(SMALL));
            senders.spawn(async move { (hex(&Sha256::digest(&file)), student.send(&file).await.ok()) });
        }
        let patience = rand::rng().random_range(1..60);
        tokio::time::sleep(Duration::from_millis(patience)).await;
        process.kill()?;
        let (mut sent, mut acknowledged) = (Vec::new(), BTreeMap::new());
        while let Some(one) = senders.join_next().await {
            let (sum, answer) = one?;
            acknowledged.extend(answer);
            sent.push(sum);
        }
        let abandoned = age(&college.files().join("evidence"))?;
        process = college.serve().await?;
        let listed: BTreeMap<_, _> = student.listed().await?.into_iter().collect();
        if let Some((id, _)) = acknowledged.iter().find(|(id, sum)| listed.get(*id) != Some(sum)) {
            return Err(format!("{id} was acknowledged and is lost").into());
        }
        for (id, sum) in &listed {
            if !sent.contains(sum) || student.fetch(id).await? != *sum {
                return Err(format!("{id} is not what was sent").into());
            }
        }
        // What was kept and never told of is taken away at the start, once it is old enough.
        let left = settled(&college.files().join("evidence"), listed.len()).await?;
        tally.acknowledged += acknowledged.len();
        tally.whole += listed.len() - acknowledged.len();
        tally.abandoned += abandoned - left;
        for id in listed.keys() {
            student.withdraw(id).await?;
        }
    }
    Ok(tally)
}

fn kept(folder: &Path) -> Tried<Vec<PathBuf>> {
    let mut files = Vec::new();
    for group in std::fs::read_dir(folder).into_iter().flatten() {
        for file in std::fs::read_dir(group?.path())? {
            files.push(file?.path());
        }
    }
    Ok(files)
}

/// Lets two days pass for all files; how many there are.
fn age(folder: &Path) -> Tried<usize> {
    let files = kept(folder)?;
    for file in &files {
        let opened = std::fs::File::options().append(true).open(file)?;
        opened.set_modified(SystemTime::now() - Duration::from_secs(2 * 24 * 3600))?;
    }
    Ok(files.len())
}

/// Waits until there are as many files as are told of.
async fn settled(folder: &Path, told: usize) -> Tried<usize> {
    for _ in 0..200 {
        let there = kept(folder)?.len();
        if there == told {
            return Ok(there);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(format!("{} files are kept, and {told} are told of", kept(folder)?.len()).into())
}
