//! Who wrote a document, where, and with what: parts of their own, which are overwritten by such that say nothing. They
//! become as long as they were packed, so that nothing else moves.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

use domain::evidence::EvidenceFault;

use super::{Part, content_of, contents};
use crate::files::Unfit;

/// What stands before a block that is not compressed, and how much it holds.
const HEAD: usize = 5;
const BLOCK_AT_MOST: usize = 0xFFFF;
/// Properties are packed into at most so many bytes.
const AT_MOST: usize = 1024 * 1024;

/// The part says nothing with this, which spaces may follow.
fn nothing(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let begins = |begin: &str| name.starts_with(begin) && name.ends_with(".xml");
    if begins("docprops/core") || name.ends_with(".psmdcp") {
        Some(r#"<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>"#)
    } else if begins("docprops/app") {
        Some(r#"<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>"#)
    } else if begins("docprops/custom") {
        Some(r#"<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>"#)
    } else if name == "meta.xml" {
        Some(r#"<o:document-meta xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" o:version="1.2"/>"#)
    } else {
        None
    }
}

/// Blanks those parts; whether there were any.
///
/// # Errors
/// [`EvidenceFault::PropertiesStay`] where one is too short or too long to be blanked, or it is told of in a way that such documents do not know.
pub fn blank(file: &mut File, size: u64) -> Result<bool, Unfit> {
    let (parts, _) = contents(file, size)?;
    let mut blanked = false;
    for part in &parts {
        if let Some(nothing) = nothing(&part.name).filter(|_| part.unpacked > 0) {
            blanked |= overwrite(file, part, nothing)?;
        }
    }
    Ok(blanked)
}

fn overwrite(file: &mut File, part: &Part, nothing: &str) -> Result<bool, Unfit> {
    let packed = usize::try_from(part.packed).ok().filter(|packed| *packed <= AT_MOST).ok_or(EvidenceFault::PropertiesStay)?;
    let blocks = packed.div_ceil(BLOCK_AT_MOST + HEAD);
    let unpacked = if part.is_stored { packed } else { packed.saturating_sub(blocks * HEAD) };
    if unpacked < nothing.len() {
        return Err(EvidenceFault::PropertiesStay.into());
    }
    let text = nothing.to_owned() + &" ".repeat(unpacked - nothing.len());
    let bytes = if part.is_stored { text.clone().into_bytes() } else { in_blocks(text.as_bytes(), blocks) };
    let at = content_of(file, part)?;
    file.seek(SeekFrom::Start(at))?;
    let mut before = vec![0; packed];
    file.read_exact(&mut before)?;
    if before == bytes {
        return Ok(false);
    }
    write(file, at, &bytes)?;
    let sum = crc32fast::hash(text.as_bytes()).to_le_bytes();
    let sizes = [u32::try_from(packed), u32::try_from(unpacked)].map(|size| size.unwrap_or(u32::MAX).to_le_bytes()).concat();
    let facts = [sum.as_slice(), &sizes].concat();
    write(file, part.entry + 16, &facts)?;
    told_beside(file, part, at + part.packed, &facts)?;
    Ok(true)
}

/// So many blocks that are not compressed (RFC 1951 section 3.2.4): whether each is the last, its length, that inverted, and what it
/// holds.
fn in_blocks(text: &[u8], blocks: usize) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len() + blocks * HEAD), text);
    for left in (1..=blocks).rev() {
        let (block, others) = rest.split_at(rest.len().div_ceil(left));
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        bytes.push(u8::from(left == 1));
        bytes.extend(length.to_le_bytes());
        bytes.extend((!length).to_le_bytes());
        bytes.extend(block);
        rest = others;
    }
    bytes
}

/// Sum and sizes stand once more before the content, or behind it (APPNOTE sections 4.3.7 and 4.3.9).
fn told_beside(file: &mut File, part: &Part, behind: u64, facts: &[u8]) -> Result<(), Unfit> {
    let mut flags = [0; 2];
    file.seek(SeekFrom::Start(part.at + 6))?;
    file.read_exact(&mut flags)?;
    if flags[0] & 8 == 0 {
        return write(file, part.at + 14, facts);
    }
    let mut mark = [0; 4];
    file.seek(SeekFrom::Start(behind))?;
    file.read_exact(&mut mark)?;
    write(file, if mark == *b"PK\x07\x08" { behind + 4 } else { behind }, facts)
}

fn write(file: &mut File, at: u64, bytes: &[u8]) -> Result<(), Unfit> {
    file.seek(SeekFrom::Start(at))?;
    Ok(file.write_all(bytes)?)
}
