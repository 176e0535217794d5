//! What a file is, by what is in it: the name is only asked whether it agrees.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use domain::evidence::{EvidenceFault, FileName, MediaType};

use super::{Unfit, office};

/// What is in it.
///
/// # Errors
/// It is of no kind that is taken, or not whole.
pub fn look(file: &mut File, size: u64, name: Option<&FileName>) -> Result<MediaType, Unfit> {
    let mut head = Vec::with_capacity(HEAD);
    file.rewind()?;
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    match head.as_slice() {
        [] => Err(EvidenceFault::Empty.into()),
        head if head.starts_with(b"%PDF-") => pdf(file, size),
        head if head.starts_with(b"\x89PNG\r\n\x1a\n") => Ok(MediaType::Png),
        head if head.starts_with(b"\xFF\xD8\xFF") => Ok(MediaType::Jpeg),
        head if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") => Ok(MediaType::Webp),
        head if head.get(4..8) == Some(b"ftyp") => boxed(head, file, size, name),
        head if head.starts_with(b"PK\x03\x04") => office::kind(file, size),
        _ => text(file),
    }
}

/// As much of a file as tells what it may be.
const HEAD: usize = 4096;

/// ISO 32000-2 section 7.5.5: the last line is `%%EOF`, after which programs leave a little.
fn pdf(file: &mut File, size: u64) -> Result<MediaType, Unfit> {
    const TAIL: u64 = 8 * 1024;
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let ends = tail.windows(5).any(|five| five == b"%%EOF");
    if ends { Ok(MediaType::Pdf) } else { Err(EvidenceFault::NotWhole.into()) }
}

/// ISO 14496-12: boxes, each with its length, as films, sounds and the photos of phones are. What phones record as sound is
/// often said to be the same as a film: then the name decides, for both are the same container.
fn boxed(head: &[u8], file: &mut File, size: u64, name: Option<&FileName>) -> Result<MediaType, Unfit> {
    const FILMS: [&[u8]; 15] = [
        b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42", b"avc1", b"M4V ",
        b"MSNV", b"dash",
    ];
    const PHOTOS: [&[u8]; 4] = [b"heic", b"heix", b"heim", b"heis"];
    let brand = head.get(8..12).unwrap_or_default();
    let length = head.first_chunk().map_or(0, |length| usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX));
    let mut brands = head.get(16..length.min(head.len())).unwrap_or_default().chunks(4);
    let kind = match brand {
        b"qt  " => MediaType::Mov,
        photo if PHOTOS.contains(&photo) => MediaType::Heic,
        b"mif1" if brands.any(|brand| PHOTOS.contains(&brand)) => MediaType::Heic,
        b"M4A " | b"M4B " => MediaType::M4a,
        film if FILMS.contains(&film) && name.is_some_and(|name| name.agrees_with(MediaType::M4a)) => MediaType::M4a,
        film if FILMS.contains(&film) => MediaType::Mp4,
        _ => return Err(EvidenceFault::KindNotTaken.into()),
    };
    let (mut at, mut has_index, mut has_content) = (0, false, false);
    while at < size {
        file.seek(SeekFrom::Start(at))?;
        let mut told = [0; 16];
        let read = file.by_ref().take(16).read(&mut told)?;
        let [a, b, c, d, n, o, p, q, wide @ ..] = told;
        has_index |= [n, o, p, q] == *(if kind == MediaType::Heic { b"meta" } else { b"moov" });
        // A small picture may lie in the index itself.
        has_content |= [n, o, p, q] == *b"mdat" || kind == MediaType::Heic;
        let length = match u32::from_be_bytes([a, b, c, d]) {
            0 => size - at,
            1 => u64::from_be_bytes(wide),
            length => u64::from(length),
        };
        at = at.checked_add(length).filter(|end| read >= 8 && length >= 8 && *end <= size).ok_or(EvidenceFault::NotWhole)?;
    }
    if has_index && has_content { Ok(kind) } else { Err(EvidenceFault::NotWhole.into()) }
}

/// UTF-8 without signs that nobody types: a program has them, a text has not.
fn text(file: &mut File) -> Result<MediaType, Unfit> {
    file.rewind()?;
    let (mut buffer, mut carried) = (vec![0; 64 * 1024], 0);
    loop {
        let read = file.read(&mut buffer[carried..])?;
        let there = carried + read;
        let valid = match std::str::from_utf8(&buffer[..there]) {
            Ok(_) => there,
            // A sign may be cut in two where the buffer ends, but not where the file does.
            Err(error) if error.error_len().is_none() && read > 0 => error.valid_up_to(),
            Err(_) => return Err(EvidenceFault::KindNotTaken.into()),
        };
        let untyped = |byte: &u8| matches!(byte, 0..=8 | 11 | 14..=31 | 127);
        if buffer[..valid].iter().any(untyped) {
            return Err(EvidenceFault::KindNotTaken.into());
        }
        if read == 0 {
            return Ok(MediaType::Text);
        }
        buffer.copy_within(valid..there, 0);
        carried = there - valid;
    }
}
