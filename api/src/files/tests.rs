//! Files as people send them, and as people should not.

use std::io::Write;
use std::time::{Duration, SystemTime};

use domain::evidence::{FileName, MediaType};
use domain::kernel::EvidenceId;
use futures_util::TryStreamExt;

use super::*;

/// A part of a packed document: its name, and what it says of itself.
struct Packed {
    name: &'static str,
    content: &'static [u8],
    unpacked: u32,
}

fn part(name: &'static str) -> Packed {
    Packed { name, content: b"<x/>", unpacked: 4 }
}

/// A packed document; where `over` is set its parts lie over one another.
fn packed(parts: &[Packed], over: bool) -> Vec<u8> {
    let (mut file, mut contents) = (Vec::new(), Vec::new());
    for Packed { name, content, unpacked } in parts {
        let at = if over { 0 } else { u32::try_from(file.len()).unwrap() };
        let method = u16::from(content.len() != *unpacked as usize) * 8;
        let sizes = [[0; 4], u32::try_from(content.len()).unwrap().to_le_bytes(), unpacked.to_le_bytes()].concat();
        let common = [&[20, 0, 0, 0], method.to_le_bytes().as_slice(), &[0; 4], &sizes].concat();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        file.extend([b"PK\x03\x04".as_slice(), &common, &length, &[0; 2], name.as_bytes(), content].concat());
        let place = [&[0; 10], at.to_le_bytes().as_slice()].concat();
        contents.extend([b"PK\x01\x02\x14\0".as_slice(), &common, &length, &[0; 2], &place, name.as_bytes()].concat());
    }
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    let places = [contents.len(), file.len()].map(|n| u32::try_from(n).unwrap().to_le_bytes()).concat();
    let end = [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &places, &[0; 2]].concat();
    [file, contents, end].concat()
}

fn word(more: Vec<Packed>) -> Vec<u8> {
    packed(&[vec![part("[Content_Types].xml"), part("word/document.xml")], more].concat_all(), false)
}

trait ConcatAll {
    fn concat_all(self) -> Vec<Packed>;
}
impl ConcatAll for [Vec<Packed>; 2] {
    fn concat_all(self) -> Vec<Packed> {
        self.into_iter().flatten().collect()
    }
}

fn film(brand: &[u8; 4]) -> Vec<u8> {
    let boxed = |name: &[u8; 4], content: &[u8]| {
        [u32::try_from(content.len() + 8).unwrap().to_be_bytes().as_slice(), name, content].concat()
    };
    [boxed(b"ftyp", &[brand.as_slice(), &[0; 4], b"isom"].concat()), boxed(b"moov", &[0; 30]), boxed(b"mdat", &[9; 100])].concat()
}

/// The kind that it is taken as, or the codes of all that is wrong with it.
fn taken(name: &str, bytes: &[u8]) -> Result<MediaType, Vec<&'static str>> {
    let folder = tempfile::tempdir().unwrap();
    let mut arriving = Arriving::begin(folder.path()).unwrap();
    arriving.write_all(bytes).unwrap();
    let fit = arriving.done().fit(FileName::parse(name).as_ref(), folder.path()).unwrap();
    fit.map(|fit| fit.kind).map_err(|found| found.into_iter().map(|found| found.fault.code).collect())
}

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\nstartxref\n9\n%%EOF\n";

#[test]
fn pf_4_each_kind_is_known_by_what_is_in_it() {
    let odt =
        [Packed { name: "mimetype", content: b"application/vnd.oasis.opendocument.text", unpacked: 39 }, part("content.xml")];
    let office = |main| packed(&[part("[Content_Types].xml"), part(main)], false);
    for (name, bytes, kind) in [
        ("verslag.pdf", PDF.to_vec(), MediaType::Pdf),
        ("film.mp4", film(b"isom"), MediaType::Mp4),
        ("film.mov", film(b"qt  "), MediaType::Mov),
        ("gesprek.m4a", film(b"M4A "), MediaType::M4a),
        ("opname.m4a", film(b"mp42"), MediaType::M4a),
        ("brief.docx", word(Vec::new()), MediaType::Docx),
        ("uren.xlsx", office("xl/workbook.xml"), MediaType::Xlsx),
        ("praatje.pptx", office("ppt/presentation.xml"), MediaType::Pptx),
        ("brief.odt", packed(&odt, false), MediaType::Odt),
        ("notitie.txt", "Wat ik leerde: één plus één.\r\n".as_bytes().to_vec(), MediaType::Text),
    ] {
        assert_eq!(taken(name, &bytes), Ok(kind), "{name}");
    }
}

#[test]
fn pf_4_a_program_is_not_taken_whatever_it_is_called() {
    let windows = [b"MZ\x90\0\x03\0\0\0".as_slice(), &[0; 300]].concat();
    let linux = [b"\x7fELF\x02\x01\x01\0".as_slice(), &[0; 300]].concat();
    for program in [windows, linux] {
        for name in ["verslag.pdf", "foto.jpg", "notitie.txt", "brief.docx"] {
            assert_eq!(taken(name, &program), Err(vec!["portfolio.file-type"]), "{name}");
        }
    }
    assert_eq!(
        taken("verslag.pdf", b"#!/bin/sh\nrm -rf /\n"),
        Err(vec!["portfolio.file-name"]),
        "a script is a text, and no PDF"
    );
    assert_eq!(taken("pagina.svg", b"<svg onload=\"alert(1)\"/>"), Err(vec!["portfolio.file-name"]));
    assert_eq!(taken("foto.heic", &film(b"heic")), Err(vec!["portfolio.file-not-whole"]), "it is a film");
    assert_eq!(taken("foto.avif", &film(b"avif")), Err(vec!["portfolio.file-type"]));
    assert_eq!(taken("leeg.txt", b""), Err(vec!["portfolio.file-empty"]));
}

#[test]
fn pf_4_a_name_that_says_another_kind_is_refused() {
    assert_eq!(taken("verslag.docx", PDF), Err(vec!["portfolio.file-name"]));
    assert_eq!(taken("verslag", PDF), Err(vec!["portfolio.file-name"]));
    assert_eq!(taken("verslag.pdf.exe", PDF), Err(vec!["portfolio.file-name"]));
}

#[test]
fn pf_4_a_packed_bomb_is_refused_by_what_it_declares_and_never_unpacked() {
    let small = Packed { name: "word/media/image1.png", content: &[0; 1000], unpacked: 900_000_000 };
    assert_eq!(taken("brief.docx", &word(vec![small])), Err(vec!["portfolio.file-unpacks-too-large"]));
    let ten_times = |_| Packed { name: "word/media/image1.png", content: &[0; 200_000], unpacked: 39_000_000 };
    assert_eq!(taken("brief.docx", &word((0..10).map(ten_times).collect())), Err(vec!["portfolio.file-unpacks-too-large"]));
    let over = packed(&[part("[Content_Types].xml"), part("word/document.xml"), part("word/settings.xml")], true);
    assert_eq!(taken("brief.docx", &over), Err(vec!["portfolio.file-not-whole"]), "parts that lie over one another");
}

#[test]
fn pf_4_a_document_with_a_program_in_it_is_refused() {
    assert_eq!(taken("brief.docx", &word(vec![part("word/vbaProject.bin")])), Err(vec!["portfolio.file-has-macros"]));
}

#[test]
fn pf_4_other_archives_are_no_documents() {
    assert_eq!(taken("brief.docx", &packed(&[part("run.xml")], false)), Err(vec!["portfolio.file-type"]));
    let two = word(vec![part("xl/workbook.xml")]);
    assert_eq!(taken("brief.docx", &two), Err(vec!["portfolio.file-type"]), "it says that it is two things");
    assert_eq!(taken("brief.docx", &word(vec![part("../../etc/cron.d/x")])), Err(vec!["portfolio.file-not-whole"]));
}

#[test]
fn pf_4_what_was_cut_off_is_never_taken() {
    for (name, bytes) in [("a.pdf", PDF.to_vec()), ("a.docx", word(Vec::new())), ("a.mp4", film(b"isom"))] {
        for length in 0..bytes.len() - 6 {
            assert!(taken(name, &bytes[..length]).is_err(), "{name} of {length} bytes");
        }
    }
}

#[test]
fn pf_4_no_packed_document_however_broken_does_harm() {
    let whole = word(vec![part("word/vbaProject.bin")]);
    for at in 0..whole.len() {
        for byte in [0x00, 0x01, 0x7F, 0xFF] {
            let mut broken = whole.clone();
            broken[at] = byte;
            drop(taken("brief.docx", &broken));
        }
    }
}

fn arrived(files: &Files, bytes: &[u8]) -> Arrived {
    let mut arriving = Arriving::begin(files.arriving()).unwrap();
    arriving.write_all(bytes).unwrap();
    arriving.done().fit(FileName::parse("a.txt").as_ref(), files.arriving()).unwrap().unwrap().file
}

#[actix_web::test]
async fn pf_4_what_is_kept_in_a_folder_is_there_in_whole_and_in_part_until_it_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(&Place::Folder(folder.path().to_owned())).unwrap();
    files.reach().await.unwrap();
    let text = "0123456789".repeat(100_000);
    let id = EvidenceId::in_order();
    files.keep(id, arrived(&files, text.as_bytes())).await.unwrap();
    let read = async |range: std::ops::Range<u64>| {
        let parts: Vec<_> = files.read(id, range).await.unwrap().try_collect().await.unwrap();
        String::from_utf8(parts.concat()).unwrap()
    };
    assert_eq!(read(0..1_000_000).await, text);
    assert_eq!(read(500_001..500_005).await, "1234");
    let kept: Vec<_> = files.kept(None).try_collect().await.unwrap();
    assert_eq!(kept.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id]);
    let later = chrono::Utc::now() + chrono::TimeDelta::seconds(5);
    assert_eq!(files.kept(Some(later)).try_collect::<Vec<_>>().await.unwrap(), []);
    assert_eq!(files.kept(Some(later - chrono::TimeDelta::minutes(5))).try_collect::<Vec<_>>().await.unwrap().len(), 1);
    files.remove(id).await.unwrap();
    files.remove(id).await.unwrap();
    assert!(matches!(files.read(id, 0..4).await, Err(FileTrouble::Gone(_))));
}

#[actix_web::test]
async fn pf_4_what_a_kill_left_half_written_in_a_folder_is_taken_away_and_the_rest_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(&Place::Folder(folder.path().to_owned())).unwrap();
    assert_eq!(files.remove_half_written(SystemTime::now()).unwrap(), 0);
    let id = EvidenceId::in_order();
    files.keep(id, arrived(&files, b"heel")).await.unwrap();
    let group = folder.path().join("evidence").join(&id.to_string()[..5]);
    std::fs::write(group.join(format!("{}#1", EvidenceId::in_order())), "ha").unwrap();
    let later = SystemTime::now() + Duration::from_secs(1);
    assert_eq!(files.remove_half_written(SystemTime::now() - Duration::from_secs(60)).unwrap(), 0, "it may still be written");
    assert_eq!(files.remove_half_written(later).unwrap(), 1);
    assert_eq!(files.kept(None).try_collect::<Vec<_>>().await.unwrap().len(), 1);
    assert_eq!(std::fs::read_dir(files.arriving()).unwrap().count(), 0, "what came in has no name");
}

#[test]
fn a_place_for_files_is_a_folder_or_a_bucket() {
    let bucket = |prefix: &str| Place::Bucket { bucket: "college".to_owned(), prefix: prefix.to_owned(), endpoint: None };
    assert_eq!(Place::parse("/var/lib/files"), Some(Place::Folder("/var/lib/files".into())));
    assert_eq!(Place::parse("s3://college"), Some(bucket("")));
    assert_eq!(Place::parse("s3://college/of/2026/"), Some(bucket("of/2026")));
    for wrong in ["", "s3://", "s3://A", "s3://a b/c", "https://college.example", "s3://college/a//b"] {
        assert_eq!(Place::parse(wrong), None, "{wrong}");
    }
}
