//! Documents that are packed (ZIP, APPNOTE 6.3.10): which they are by their table of contents, without unpacking anything.

mod properties;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use domain::evidence::{EvidenceFault, MediaType};

use super::Unfit;

pub use properties::blank;

/// What such a document may be unpacked: more than any school work, less than what harms who opens it.
const UNPACKED_AT_MOST: u64 = 256 * 1024 * 1024;
/// A part beyond this size may be packed at most so many times smaller; bombs come near a thousand.
const SMALL_PART: u64 = 1024 * 1024;
const RATIO: u64 = 200;
const PARTS_AT_MOST: usize = 10_000;

const END_OF_CONTENTS: [u8; 4] = *b"PK\x05\x06";
const END_LENGTH: usize = 22;
const COMMENT_AT_MOST: usize = 0xFFFF;
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const PART: [u8; 4] = *b"PK\x03\x04";

/// One part, as the table of contents tells of it.
struct Part {
    name: String,
    packed: u64,
    unpacked: u64,
    at: u64,
    is_stored: bool,
    /// Where the table tells of it.
    entry: u64,
}

/// Which document it is.
///
/// # Errors
/// What it may not be.
pub fn kind(file: &mut File, size: u64) -> Result<MediaType, Unfit> {
    let (mut parts, contents_at) = contents(file, size)?;
    if parts.iter().any(|part| part.unpacked > SMALL_PART && part.unpacked / RATIO > part.packed)
        || parts.iter().map(|part| part.unpacked).sum::<u64>() > UNPACKED_AT_MOST
    {
        return Err(EvidenceFault::Unpacks.into());
    }
    parts.sort_by_key(|part| part.at);
    let mut free = 0;
    for part in &parts {
        let content = content_of(file, part)?;
        // Parts that lie over one another unpack to more than there is.
        if part.at < free || content + part.packed > contents_at {
            return Err(EvidenceFault::NotWhole.into());
        }
        free = content + part.packed;
    }
    if parts.iter().any(|part| part.name.to_lowercase().ends_with("vbaproject.bin") || part.name.starts_with("Basic/")) {
        return Err(EvidenceFault::HasMacros.into());
    }
    named(file, &parts)?.ok_or_else(|| EvidenceFault::KindNotTaken.into())
}

fn named(file: &mut File, parts: &[Part]) -> Result<Option<MediaType>, Unfit> {
    let has = |begin: &str| parts.iter().any(|part| part.name.starts_with(begin) && part.name.ends_with(".xml"));
    if has("[Content_Types].xml") {
        let kinds = [("word/document", MediaType::Docx), ("xl/workbook", MediaType::Xlsx), ("ppt/presentation", MediaType::Pptx)];
        let mut found = kinds.into_iter().filter(|(begin, _)| has(begin)).map(|(_, kind)| kind);
        return Ok(found.next().filter(|_| found.next().is_none()));
    }
    // OpenDocument 1.3 part 2 section 3.3: the first part says what it is, in plain.
    let Some(first) = parts.first().filter(|part| part.name == "mimetype" && part.is_stored && part.packed < 100) else {
        return Ok(None);
    };
    let at = content_of(file, first)?;
    file.seek(SeekFrom::Start(at))?;
    let mut said = String::new();
    file.by_ref().take(first.packed).read_to_string(&mut said)?;
    Ok((said == "application/vnd.oasis.opendocument.text").then_some(MediaType::Odt))
}

/// The table of contents, and where it begins.
fn contents(file: &mut File, size: u64) -> Result<(Vec<Part>, u64), Unfit> {
    let tail_at = size.saturating_sub((END_LENGTH + COMMENT_AT_MOST) as u64);
    file.seek(SeekFrom::Start(tail_at))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let ends = |at: &usize| {
        let comment = Bytes(&tail).short(at + 20);
        tail[*at..].starts_with(&END_OF_CONTENTS) && comment.is_some_and(|comment| at + END_LENGTH + comment == tail.len())
    };
    let end = (0..(tail.len() + 1).saturating_sub(END_LENGTH)).rev().find(ends).ok_or(EvidenceFault::NotWhole)?;
    let told = Bytes(&tail[end..]);
    let (count, length, at) = (told.short(10), told.long(12), told.long(16));
    let (Some(count), Some(length), Some(at)) = (count, length, at) else { return Err(EvidenceFault::NotWhole.into()) };
    let end_at = tail_at + end as u64;
    if at + length > end_at || count > PARTS_AT_MOST || told.long(4) != Some(0) {
        return Err(EvidenceFault::NotWhole.into());
    }
    file.seek(SeekFrom::Start(at))?;
    let mut table = vec![0; usize::try_from(length).map_err(|_| EvidenceFault::NotWhole)?];
    file.read_exact(&mut table)?;
    let (mut parts, mut rest, mut place) = (Vec::with_capacity(count), table.as_slice(), at);
    while !rest.is_empty() {
        let (part, length) = entry(Bytes(rest), place).ok_or(EvidenceFault::NotWhole)?;
        let part = part?;
        rest = rest.get(length..).ok_or(EvidenceFault::NotWhole)?;
        place += length as u64;
        parts.push(part);
    }
    if parts.len() == count { Ok((parts, at)) } else { Err(EvidenceFault::NotWhole.into()) }
}

/// One entry, and how long it is.
fn entry(bytes: Bytes<'_>, place: u64) -> Option<(Result<Part, EvidenceFault>, usize)> {
    if bytes.0.get(..4)? != ENTRY {
        return None;
    }
    let (flags, method) = (bytes.short(8)?, bytes.short(10)?);
    let (name, extra, comment) = (bytes.short(28)?, bytes.short(30)?, bytes.short(32)?);
    let length = 46 + name + extra + comment;
    let mut sizes = [bytes.long(24)?, bytes.long(20)?, bytes.long(42)?];
    widen(&mut sizes, bytes.0.get(46 + name..46 + name + extra)?)?;
    let [unpacked, packed, at] = sizes;
    let name = String::from_utf8_lossy(bytes.0.get(46..46 + name)?).into_owned();
    let is_stored = method == 0;
    // Encrypted, or packed in a way that such documents are not.
    if flags & 1 == 1 || !matches!(method, 0 | 8) {
        return Some((Err(EvidenceFault::KindNotTaken), length));
    }
    if (is_stored && packed != unpacked) || name.starts_with('/') || name.split('/').any(|part| part == "..") {
        return Some((Err(EvidenceFault::NotWhole), length));
    }
    Some((Ok(Part { name, packed, unpacked, at, is_stored, entry: place }), length))
}

/// Sizes that do not fit their field stand in an extra one, in this order (section 4.5.3).
fn widen(sizes: &mut [u64; 3], mut extra: &[u8]) -> Option<()> {
    const WIDE: usize = 1;
    while extra.len() >= 4 {
        let (kind, length) = (Bytes(extra).short(0)?, Bytes(extra).short(2)?);
        let mut said = extra.get(4..4 + length)?;
        if kind == WIDE {
            for size in sizes.iter_mut().filter(|size| **size == u64::from(u32::MAX)) {
                let (first, rest) = said.split_first_chunk()?;
                (*size, said) = (u64::from_le_bytes(*first), rest);
            }
        }
        extra = extra.get(4 + length..)?;
    }
    sizes.iter().all(|size| *size < u64::from(u32::MAX)).then_some(())
}

/// Where the content of a part begins: after a head of its own.
fn content_of(file: &mut File, part: &Part) -> Result<u64, Unfit> {
    let mut head = [0; 30];
    file.seek(SeekFrom::Start(part.at))?;
    file.read_exact(&mut head)?;
    let told = Bytes(&head);
    match (told.short(26), told.short(28)) {
        (Some(name), Some(extra)) if head.starts_with(&PART) => Ok(part.at + 30 + (name + extra) as u64),
        _ => Err(EvidenceFault::NotWhole.into()),
    }
}

struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn short(&self, at: usize) -> Option<usize> {
        let two: [u8; 2] = self.0.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(usize::from(u16::from_le_bytes(two)))
    }

    fn long(&self, at: usize) -> Option<u64> {
        let four: [u8; 4] = self.0.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(u64::from(u32::from_le_bytes(four)))
    }
}
