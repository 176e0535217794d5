//! Evidence and the archive: what a student, who is shown their work, and who looks after their privacy would agree with
//! (PF-4, PF-6).

pub mod archive;
mod s3;
mod sweeping;

use api::files::arriving::hex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::both;
use crate::enrolment::placed;
use crate::harness::{Ask, Said, World};

const BOUNDARY: &str = "a-line-that-is-in-no-file";
const LIMIT: usize = 25 * 1024 * 1024;

/// The body of a form with a file, and its media type.
pub fn form(name: &str, file: &[u8], fields: &[(&str, &str)]) -> (Vec<u8>, String) {
    let mut body = Vec::new();
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    for (name, value) in fields {
        let part = format!("\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    (body, format!("multipart/form-data; boundary={BOUNDARY}"))
}

/// A file put with an entry, as yet by nobody.
fn put<'w>(world: &'w World, entry: &str, name: &str, file: &[u8], fields: &[(&str, &str)]) -> Ask<'w> {
    let (body, media_type) = form(name, file, fields);
    world.ask("POST", &format!("{entry}/evidence")).bytes(&media_type, body)
}

async fn add(world: &World, entry: &str, name: &str, file: &[u8]) -> Value {
    put(world, entry, name, file, &[]).by("student").send().await.created()
}

fn path(evidence: &Value) -> String {
    format!("/evidence/{}", evidence["id"].as_str().expect("an id"))
}

fn sum(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lets the student be one.
async fn enrolled(world: &World) {
    if world.rows("SELECT CAST(version AS text) AS row FROM enrolments").is_empty() {
        placed(world, "student", "coach").await;
    }
}

/// An entry of the student; answers its path.
async fn entry(world: &World, visibility: &str) -> String {
    enrolled(world).await;
    let portfolio = format!("/students/{}/portfolio-entries", world.college.person("student"));
    let entry = json!({
        "area": "learning", "kind": "product", "title": "Mijn eerste <b>lasnaad</b>", "visibility": visibility,
        "body": "Recht & strak.\n\nDe tweede keer ging het beter.", "tags": ["lassen"], "occurredOn": "2026-10-03"
    });
    let made = world.post(&portfolio, entry).by("student").send().await.created();
    format!("/portfolio-entries/{}", made["id"].as_str().expect("an id"))
}

/// A photo as cameras make them, as far as its parts go: turned, and telling where it was taken.
pub fn photo() -> Vec<u8> {
    let segment = |marker: u8, said: &[u8]| {
        let length = u16::try_from(said.len() + 2).expect("short").to_be_bytes();
        [&[0xFF, marker], length.as_slice(), said].concat()
    };
    let turned = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0 52.3702N 4.8952E";
    let scan = [segment(0xDA, &[1, 1, 0, 0, 63, 0]), vec![0x12, 0xFF, 0x00, 0x34]].concat();
    [vec![0xFF, 0xD8], segment(0xE1, turned), segment(0xDB, &[7; 65]), scan, vec![0xFF, 0xD9]].concat()
}

fn boxed(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [u32::try_from(content.len() + 8).expect("short").to_be_bytes().as_slice(), name, content].concat()
}

/// A film as phones make them, as far as its boxes go.
fn film() -> Vec<u8> {
    let notes = boxed(b"udta", &boxed(b"\xa9xyz", b"\0\x12\x15\xc7+52.3702+004.8952/"));
    [boxed(b"ftyp", b"qt  \0\0\0\0qt  "), boxed(b"moov", &notes), boxed(b"mdat", b"film")].concat()
}

/// A photo as newer phones make them, with a picture and where it was taken.
fn heic() -> Vec<u8> {
    let info = |id: u8, kind: &[u8; 4]| boxed(b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0], kind.as_slice(), b"\0"].concat());
    let infos = boxed(b"iinf", &[vec![0, 0, 0, 0, 0, 2], info(1, b"hvc1"), info(2, b"Exif")].concat());
    let place = |id: u8, at: u8| [0, id, 0, 1, 0, 0, 0, 1, 0, 0, 0, at, 0, 0, 0, 20];
    let places = boxed(b"iloc", &[&[1, 0, 0, 0, 0x44, 0, 0, 2], place(1, 0).as_slice(), &place(2, 20)].concat());
    let data = boxed(b"idat", b"what there is to see52.3702 and 4.8952 E");
    let index = [vec![0; 4], infos, places, data].concat();
    [boxed(b"ftyp", b"heic\0\0\0\0heic"), boxed(b"meta", &index)].concat()
}

/// A document as an office program saves it, as far as its parts go.
fn document() -> Vec<u8> {
    let script = "import sys, zipfile, io, random; random.seed(1); b = io.BytesIO(); z = zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED)
parts = {'[Content_Types].xml': '<Types/>', 'word/document.xml': '<w:document/>', 'docProps/core.xml': core, 'docProps/app.xml': core,
         'docProps/custom.xml': 'Sanne' + ''.join(random.choices('abcdefghijklmnopqrstuvwxyz0123456789', k=150000))}
[z.writestr(name, text) for name, text in parts.items()]; z.close(); sys.stdout.buffer.write(b.getvalue())";
    let core = "core = '<cp:coreProperties>Sanne de Vries ' + ''.join(chr(33 + i * 7919 % 89) for i in range(300)) + '</cp:coreProperties>'";
    let run = std::process::Command::new("python3").args(["-c", &format!("{core}\n{script}")]).output().expect("python3");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    run.stdout
}

/// A text of so many bytes.
fn long_text(length: usize) -> Vec<u8> {
    b"Wat ik vandaag leerde. ".iter().copied().cycle().take(length).collect()
}

async fn files_of(world: &World, entry: &str) -> usize {
    let listed = world.get(&format!("{entry}/evidence")).by("student").send().await.ok();
    listed["items"].as_array().expect("items").len()
}

/// How many files are kept, told of or not.
fn kept(world: &World) -> usize {
    let groups = std::fs::read_dir(world.files().join("evidence")).into_iter().flatten();
    groups.flat_map(|group| std::fs::read_dir(group.expect("a folder").path()).expect("files")).count()
}

#[track_caller]
fn refused(said: Said) -> Vec<(String, String)> {
    said.faults()
}

fn fault(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

both! {
    async fn pf_4_a_student_puts_a_file_with_an_entry_and_gets_it_back_as_it_was(world: World) {
        let entry = entry(&world, "private").await;
        let text = "Wat ik leerde: één plus één.".as_bytes();
        let fields = [("caption", "Mijn notitie"), ("sha256", &sum(text).to_uppercase())];
        let added = put(&world, &entry, "notitie één.txt", text, &fields).by("student").send().await.created();
        assert_eq!(added["size"], text.len());
        assert_eq!((&added["mediaType"], &added["sha256"]), (&json!("text/plain"), &json!(sum(text))));
        assert_eq!((&added["fileName"], &added["caption"]), (&json!("notitie één.txt"), &json!("Mijn notitie")));
        let said = world.get(&path(&added)).by("student").send().await;
        assert_eq!((said.status, said.bytes.as_slice()), (200, text));
        for (name, value) in [
            ("content-type", "text/plain"),
            ("content-length", &text.len().to_string()),
            ("content-disposition", "attachment; filename=\"notitie __n.txt\"; filename*=UTF-8''notitie%20%C3%A9%C3%A9n.txt"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("accept-ranges", "bytes"),
        ] {
            assert_eq!(said.header(name).as_deref(), Some(value), "{name}");
        }
        let etag = said.header("etag").expect("an ETag");
        assert!(etag.contains(&sum(text)), "{etag}");
        world.get(&path(&added)).by("student").header("If-None-Match", &etag).send().await.with(304);
        let head = world.ask("HEAD", &path(&added)).by("student").send().await;
        assert_eq!((head.status, head.bytes.len()), (200, 0));
        assert_eq!(head.header("content-length"), Some(text.len().to_string()));
    }

    async fn pf_4_a_download_that_was_cut_off_goes_on_where_it_ended(world: World) {
        let entry = entry(&world, "private").await;
        let film = long_text(LIMIT);
        let added = add(&world, &entry, "groot.txt", &film).await;
        let ask = |range: &str| world.get(&path(&added)).by("student").header("Range", range).send();
        let first = ask("bytes=0-9999999").await;
        let rest = ask("bytes=10000000-").await;
        assert_eq!((first.status, rest.status), (206, 206));
        assert_eq!(first.header("content-range"), Some(format!("bytes 0-9999999/{LIMIT}")));
        assert!([first.bytes, rest.bytes].concat() == film, "both parts are the whole");
        assert_eq!(ask("bytes=-5").await.bytes, &film[LIMIT - 5..]);
        let beyond = ask(&format!("bytes={LIMIT}-")).await;
        assert_eq!(beyond.header("content-range"), Some(format!("bytes */{LIMIT}")));
        assert_eq!(beyond.problem(416), "portfolio.range-not-satisfiable");
        let other = world.get(&path(&added)).by("student").header("Range", "bytes=0-1").header("If-Range", "\"1-other\"");
        assert_eq!(other.send().await.status, 200, "of another file than one has a part of, one gets all");
    }

    async fn pf_4_a_photo_does_not_tell_where_it_was_taken(world: World) {
        let entry = entry(&world, "private").await;
        let photo = photo();
        let added = put(&world, &entry, "werkbank.jpg", &photo, &[("sha256", &sum(&photo))]).by("student").send().await.created();
        let kept = world.get(&path(&added)).by("student").send().await.bytes;
        let tells = |bytes: &[u8]| bytes.windows(7).any(|seven| seven == b"52.3702");
        assert!(tells(&photo) && !tells(&kept));
        assert!(kept.windows(6).any(|six| six == b"Exif\0\0"), "which way is up it still says");
        assert_eq!(added["sha256"], sum(&kept), "the sum is that of what is kept");
    }

    async fn pf_4_a_film_does_not_tell_where_it_was_made_and_a_document_not_by_whom(world: World) {
        let entry = entry(&world, "private").await;
        for (name, kind, file, told) in [
            ("opname.mov", "video/quicktime", film(), b"52.3702".as_slice()),
            ("foto.heic", "image/heic", heic(), b"52.3702"),
            ("verslag.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", document(), b"Sanne"),
        ] {
            let added = put(&world, &entry, name, &file, &[("sha256", &sum(&file))]).by("student").send().await.created();
            assert_eq!(added["mediaType"], kind);
            let kept = world.get(&path(&added)).by("student").send().await.bytes;
            let tells = |bytes: &[u8]| bytes.windows(told.len()).any(|some| some == told);
            assert_eq!((kept.len(), &added["sha256"]), (file.len(), &json!(sum(&kept))), "{name}: the sum is that of what is kept");
            assert_ne!(kept, file);
            if name.ends_with("docx") {
                let parts = archive::unpacked(&kept);
                assert!(tells(&archive::unpacked(&file)["docProps/core.xml"]) && !parts.values().any(|part| tells(part)));
                assert_eq!(parts["word/document.xml"], b"<w:document/>");
                for part in ["docProps/app.xml", "docProps/custom.xml"] {
                    assert!(String::from_utf8_lossy(&parts[part]).starts_with("<Properties "), "{part}, however long it was");
                }
            } else {
                assert!(tells(&file) && !tells(&kept), "{name}");
            }
        }
    }

    async fn pf_4_what_may_not_be_taken_is_refused_with_all_that_is_wrong_and_nothing_is_left_of_it(world: World) {
        let entry = entry(&world, "private").await;
        let program = [b"MZ\x90\0".as_slice(), &[0; 500]].concat();
        let send = |name: &'static str, file: Vec<u8>, fields: &[(&str, &str)]| put(&world, &entry, name, &file, fields).by("student").send();
        assert_eq!(refused(send("verslag.pdf", program.clone(), &[]).await), fault("/file", "portfolio.file-type"));
        assert_eq!(refused(send("foto.png", photo(), &[]).await), fault("/file", "portfolio.file-name"));
        let other = sum(b"iets anders");
        assert_eq!(refused(send("a.txt", b"tekst".to_vec(), &[("sha256", &other)]).await), fault("/sha256", "portfolio.checksum-mismatch"));
        let all = send("a.exe", program, &[("sha256", &other), ("caption", ""), ("colour", "blue")]).await;
        let pointers: Vec<_> = refused(all).into_iter().map(|(pointer, _)| pointer).collect();
        for pointer in ["/caption", "/colour", "/file", "/sha256"] {
            assert!(pointers.iter().any(|found| found == pointer), "{pointer}: {pointers:?}");
        }
        let (body, media_type) = form("a.txt", b"tekst", &[]);
        let unnamed = String::from_utf8(body).expect("text").replace("name=\"file\"; filename=\"a.txt\"", "name=\"iets\"");
        let without = world.ask("POST", &format!("{entry}/evidence")).bytes(&media_type, unnamed).by("student").send().await;
        assert!(refused(without).contains(&("/file".to_owned(), "request.required".to_owned())));
        assert_eq!((files_of(&world, &entry).await, kept(&world)), (0, 0));
    }

    async fn pf_4_what_is_wrong_with_a_name_a_caption_or_a_form_is_told_where_it_is(world: World) {
        let entry = entry(&world, "private").await;
        let send = |name: &'static str, fields: &[(&str, &str)]| put(&world, &entry, name, b"tekst", fields).by("student").send();
        for name in ["foto 12:30.txt", ".verborgen.txt", ""] {
            assert_eq!(refused(send(name, &[]).await), fault("/file", "portfolio.file-name-unfit"), "{name}");
        }
        for length in [201, 5000] {
            let caption = "x".repeat(length);
            assert_eq!(refused(send("a.txt", &[("caption", &caption)]).await), fault("/caption", "request.too-long"), "{length}");
        }
        let twice = send("a.txt", &[("caption", "een"), ("caption", "twee")]).await;
        assert_eq!(refused(twice), fault("/caption", "request.member-twice"));
        let two = send("a.txt", &[("file\"; filename=\"b.txt", "twee")]).await;
        assert_eq!(refused(two), fault("/file", "request.member-twice"));
        assert_eq!((files_of(&world, &entry).await, kept(&world)), (0, 0));
    }

    async fn pf_4_what_is_too_large_is_refused_before_it_is_read(world: World) {
        let entry = entry(&world, "private").await;
        let more = put(&world, &entry, "groot.txt", &long_text(LIMIT + 1), &[]).by("student").send().await;
        assert_eq!(more.problem(413), "request.too-large");
        let told = world.ask("POST", &format!("{entry}/evidence")).header("Content-Length", "30000000");
        let told = told.header("Content-Type", "multipart/form-data; boundary=x").by("student");
        assert_eq!(told.head_alone().await, 413, "by what it says beforehand");
        assert_eq!((files_of(&world, &entry).await, kept(&world)), (0, 0));
    }

    async fn pf_4_who_hangs_up_in_the_middle_leaves_nothing(world: World) {
        let entry = entry(&world, "private").await;
        let (body, media_type) = form("half.txt", &long_text(300_000), &[]);
        for sent in [0, 100, 150_000, body.len() - 1] {
            let ask = world.ask("POST", &format!("{entry}/evidence")).bytes(&media_type, body.clone()).by("student");
            ask.hang_up_after(sent).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!((files_of(&world, &entry).await, kept(&world)), (0, 0));
        assert_eq!(world.rows("SELECT what AS row FROM events WHERE what = 'evidenceAdded'"), Vec::<String>::new());
    }

    async fn pf_4_a_file_is_seen_by_who_sees_its_entry_and_by_nobody_else(world: World) {
        let hidden = entry(&world, "private").await;
        let open = entry(&world, "coach").await;
        let (mine, ours) = (add(&world, &hidden, "a.txt", b"van mij").await, add(&world, &open, "b.txt", b"van ons").await);
        let status = async |evidence: &Value, who: &str| world.get(&path(evidence)).by(who).send().await.status;
        assert_eq!((status(&mine, "coach").await, status(&ours, "coach").await), (404, 200));
        for who in ["teacher", "teamLeader", "secondCoach", "otherStudent", "administrator", "director", "dashboard"] {
            let (seen, unknown) = (world.get(&path(&mine)).by(who).send().await, world.get(&format!("/evidence/{}", uuid::Uuid::now_v7())).by(who).send().await);
            assert_eq!((seen.status, unknown.status), (404, 404), "{who}");
            assert_eq!(seen.json()["code"], unknown.json()["code"], "{who}");
            assert_eq!(status(&ours, who).await, 404, "{who}");
        }
        let share = json!({ "personId": world.college.person("teacher") });
        let shared = world.post(&format!("{open}/shares"), share).by("student").send().await.created();
        assert_eq!(status(&ours, "teacher").await, 200);
        let listed = world.get(&format!("{open}/evidence")).by("teacher").send().await.ok();
        assert_eq!(listed["items"][0]["id"], ours["id"]);
        let ended = world.delete(&format!("{open}/shares/{}", shared["id"].as_str().expect("an id"))).header("If-Match", "*");
        ended.by("student").send().await.with(204);
        assert_eq!(status(&ours, "teacher").await, 404, "a share that ended holds for files, too");
        let put_by = async |who: &str| put(&world, &open, "c.txt", b"niet van mij", &[]).by(who).send().await.status;
        assert_eq!((put_by("coach").await, put_by("teacher").await), (403, 404), "only the student puts files with it");
    }

    async fn pf_4_a_file_that_was_withdrawn_is_gone_for_everyone_and_so_is_one_of_an_entry_that_was(world: World) {
        let entry = entry(&world, "coach").await;
        let (first, second) = (add(&world, &entry, "a.txt", b"een").await, add(&world, &entry, "b.txt", b"twee").await);
        let ask = world.delete(&path(&first)).by("coach").header("If-Match", "*").send().await;
        assert_eq!(ask.problem(403), "request.forbidden");
        world.delete(&path(&first)).by("student").send().await.with(428);
        let said = world.get(&path(&first)).by("student").send().await;
        world.delete(&path(&first)).by("student").if_match(&said).send().await.with(204);
        assert_eq!(files_of(&world, &entry).await, 1);
        for who in ["student", "coach"] {
            world.get(&path(&first)).by(who).send().await.with(404);
            assert_eq!(world.get(&path(&second)).by(who).send().await.status, 200);
        }
        world.delete(&entry).by("student").header("If-Match", "*").send().await.with(204);
        for who in ["student", "coach"] {
            world.get(&path(&second)).by(who).send().await.with(404);
        }
    }

    async fn pf_4_a_retry_with_the_same_key_has_one_file_and_the_same_answer(world: World) {
        let entry = entry(&world, "private").await;
        let send = |file: &'static [u8]| put(&world, &entry, "a.txt", file, &[]).by("student").header("Idempotency-Key", "k-1").send();
        let first = send(b"een").await.created();
        let again = send(b"een").await;
        assert_eq!(again.header("idempotency-replayed").as_deref(), Some("true"));
        assert_eq!(again.created(), first);
        assert_eq!(send(b"twee").await.problem(422), "request.idempotency-key-reused");
        assert_eq!((files_of(&world, &entry).await, kept(&world)), (1, 1));
    }

    async fn pf_4_a_text_is_given_out_as_text_and_to_be_saved_whatever_it_says(world: World) {
        let entry = entry(&world, "private").await;
        for said in ["#!/bin/sh\nrm -rf /\n", "<html><script>alert(1)</script></html>", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"] {
            let taken = put(&world, &entry, "x.txt", said.as_bytes(), &[]).by("student").send().await.created();
            assert_eq!(taken["mediaType"], "text/plain", "{said}");
            let given = world.get(&format!("/evidence/{}", taken["id"].as_str().unwrap())).by("student").send().await;
            assert_eq!((given.status, given.text.as_str()), (200, said));
            let told = ["content-type", "x-content-type-options", "content-security-policy"].map(|name| given.header(name).unwrap());
            assert_eq!(told, ["text/plain", "nosniff", "default-src 'none'; frame-ancestors 'none'"]);
            assert!(given.header("content-disposition").unwrap().starts_with("attachment"), "{said}");
        }
    }

    async fn pf_4_an_entry_has_no_more_files_than_there_may_be(world: World) {
        let entry = entry(&world, "private").await;
        for number in 0..50 {
            add(&world, &entry, &format!("{number}.txt"), b"tekst").await;
        }
        let more = put(&world, &entry, "nog.txt", b"tekst", &[]).by("student").send().await;
        assert_eq!(more.problem(409), "portfolio.too-many-files");
        assert_eq!((files_of(&world, &entry).await, kept(&world)), (50, 50));
    }
}
