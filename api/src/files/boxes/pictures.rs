//! Pictures as phones make them (HEIF): one box that lists items and where they lie, among them what a camera wrote.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

use domain::evidence::EvidenceFault;

use super::{Boxed, Numbers, boxes, content, empty, zero_named};
use crate::files::Unfit;

const KEPT: [&[u8; 4]; 10] = [b"hdlr", b"pitm", b"iinf", b"iref", b"iprp", b"idat", b"iloc", b"dinf", b"grpl", b"ipro"];
/// Exif that says nothing: where it begins, and a directory without entries.
const NOTHING: &[u8] = b"\0\0\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0";

/// Blanks what items of a picture tell besides it; whether there was any.
pub fn blank(file: &mut File, meta: Boxed, left: &mut u64) -> Result<bool, Unfit> {
    // Four bytes of version and flags stand before its boxes.
    let inner = boxes(file, (meta.content + 4).min(meta.end), meta.end)?;
    let mut blanked = false;
    for unknown in inner.iter().filter(|inner| !KEPT.contains(&&inner.name)) {
        blanked |= empty(file, *unknown)?;
    }
    let named = |name: &[u8; 4]| inner.iter().find(|inner| &inner.name == name).copied();
    let (Some(infos), Some(places)) = (named(b"iinf"), named(b"iloc")) else { return Err(EvidenceFault::NotWhole.into()) };
    let telling = telling(file, infos)?;
    let places = places_of(&content(file, places)?, named(b"idat").map(|idat| idat.content))?;
    for (id, at, length) in places {
        let Some((_, is_exif)) = telling.iter().find(|(telling, _)| *telling == id) else { continue };
        blanked |= zero_named(file, at, length, left)?;
        if *is_exif && length >= NOTHING.len() as u64 {
            file.seek(SeekFrom::Start(at))?;
            file.write_all(NOTHING)?;
        }
    }
    Ok(blanked)
}

/// The items that are no part of the picture, and whether each is Exif (ISO 14496-12 section 8.11.6).
fn telling(file: &mut File, infos: Boxed) -> Result<Vec<(u64, bool)>, Unfit> {
    let version = content(file, infos)?.first().copied().unwrap_or_default();
    let head = if version == 0 { 6 } else { 8 };
    let mut telling = Vec::new();
    for info in boxes(file, (infos.content + head).min(infos.end), infos.end)? {
        let said = content(file, info)?;
        let mut numbers = Numbers(said.get(4..).ok_or(EvidenceFault::NotWhole)?);
        let id = match said.first() {
            Some(2) => numbers.short()?,
            Some(3) => numbers.long()?,
            // Older ones have no kinds of items, and none that phones write.
            _ => return Err(EvidenceFault::KindNotTaken.into()),
        };
        numbers.short()?;
        match numbers.long()?.to_be_bytes() {
            [.., b'E', b'x', b'i', b'f'] => telling.push((id, true)),
            [.., b'm', b'i', b'm', b'e'] | [.., b'u', b'r', b'i', b' '] => telling.push((id, false)),
            _ => {}
        }
    }
    Ok(telling)
}

/// Where items lie in the file: id, place and length of each part (section 8.11.3).
fn places_of(table: &[u8], data: Option<u64>) -> Result<Vec<(u64, u64, u64)>, Unfit> {
    let version = table.first().copied().unwrap_or_default();
    let mut numbers = Numbers(table.get(4..).ok_or(EvidenceFault::NotWhole)?);
    let sizes = numbers.short()?;
    let width = |shift: u32| usize::try_from(sizes >> shift & 15).unwrap_or_default();
    let (of_offset, of_length, of_base, of_index) = (width(12), width(8), width(4), if version == 0 { 0 } else { width(0) });
    let of_id = if version < 2 { 2 } else { 4 };
    let count = numbers.next(of_id)?;
    let mut places = Vec::new();
    for _ in 0..count {
        let id = numbers.next(of_id)?;
        let method = if version == 0 { 0 } else { numbers.short()? & 15 };
        let elsewhere = numbers.short()?;
        let base = numbers.next(of_base)?;
        let begins = match (method, data) {
            (0, _) => 0,
            (1, Some(data)) => data,
            _ => return Err(EvidenceFault::KindNotTaken.into()),
        };
        for _ in 0..numbers.short()? {
            numbers.next(of_index)?;
            let (offset, length) = (numbers.next(of_offset)?, numbers.next(of_length)?);
            let at = base.checked_add(offset).and_then(|at| at.checked_add(begins));
            // In another file, or up to the end of this one: no camera writes that.
            let at = at.filter(|_| elsewhere == 0 && length > 0).ok_or(EvidenceFault::KindNotTaken)?;
            places.push((id, at, length));
        }
    }
    Ok(places)
}
