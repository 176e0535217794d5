//! Films, sounds and pictures in boxes (ISO 14496-12, QuickTime, ISO 23008-12): what they tell besides is overwritten where it
//! stands, so that everything else stays where it is. A box that tells where or by whom becomes a `free` one of the same length.

mod pictures;
mod tracks;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use domain::evidence::{EvidenceFault, MediaType};

use super::Unfit;

/// What is read of one box at most: tables of tracks that tell something and of pictures are shorter.
const AT_ONCE: u64 = 256 * 1024;

/// What a player or a viewer needs; anything else in these boxes is blanked.
const OUTSIDE: [&[u8; 4]; 11] =
    [b"ftyp", b"styp", b"moov", b"mdat", b"mfra", b"sidx", b"ssix", b"prft", b"pdin", b"emsg", b"wide"];
const IN_MOVIE: [&[u8; 4]; 4] = [b"mvhd", b"trak", b"mvex", b"iods"];
const IN_TRACK: [&[u8; 4]; 9] = [b"tkhd", b"mdia", b"edts", b"tref", b"trgr", b"tapt", b"load", b"clip", b"matt"];
const IN_MEDIA: [&[u8; 4]; 4] = [b"mdhd", b"hdlr", b"minf", b"elng"];

/// A box: its name, where it begins, where its content does, and where it ends.
#[derive(Clone, Copy, Debug)]
struct Boxed {
    name: [u8; 4],
    at: u64,
    content: u64,
    end: u64,
}

/// Blanks what tells where, when or by whom; whether there was any.
///
/// # Errors
/// It is not whole, or cannot be blanked.
pub fn blank(kind: MediaType, file: &mut File, size: u64) -> Result<bool, Unfit> {
    // Tables may name the same place over and over.
    let (mut blanked, mut left) = (false, size * 2);
    for outer in boxes(file, 0, size)? {
        match &outer.name {
            b"moov" => blanked |= movie(file, outer, &mut left)?,
            // Of a film in fragments each has notes of its own.
            b"moof" => {
                for inner in boxes(file, outer.content, outer.end)? {
                    blanked |= matches!(&inner.name, b"udta" | b"meta") && empty(file, inner)?;
                }
            }
            b"meta" if kind == MediaType::Heic => blanked |= pictures::blank(file, outer, &mut left)?,
            name if OUTSIDE.contains(&name) => {}
            _ => blanked |= empty(file, outer)?,
        }
    }
    Ok(blanked)
}

fn movie(file: &mut File, movie: Boxed, left: &mut u64) -> Result<bool, Unfit> {
    let mut blanked = false;
    for inner in boxes(file, movie.content, movie.end)? {
        match &inner.name {
            // A movie that is packed in itself can not be looked at.
            b"cmov" => return Err(EvidenceFault::KindNotTaken.into()),
            b"trak" => blanked |= track(file, inner, left)?,
            name if IN_MOVIE.contains(&name) => {}
            _ => blanked |= empty(file, inner)?,
        }
    }
    Ok(blanked)
}

fn track(file: &mut File, track: Boxed, left: &mut u64) -> Result<bool, Unfit> {
    if tracks::tells(file, track)? {
        tracks::blank(file, track, left)?;
        return empty(file, track);
    }
    let mut blanked = false;
    for inner in boxes(file, track.content, track.end)? {
        if &inner.name == b"mdia" {
            for media in boxes(file, inner.content, inner.end)? {
                blanked |= !IN_MEDIA.contains(&&media.name) && empty(file, media)?;
            }
        }
        blanked |= !IN_TRACK.contains(&&inner.name) && empty(file, inner)?;
    }
    Ok(blanked)
}

/// The boxes between two places.
fn boxes(file: &mut File, mut at: u64, end: u64) -> Result<Vec<Boxed>, Unfit> {
    // More than any film has; a file of nothing else is no film.
    const MANY: usize = 100_000;
    let mut boxes = Vec::new();
    // QuickTime may end a list of boxes with four zeros.
    while end - at >= 8 {
        file.seek(SeekFrom::Start(at))?;
        let [a, b, c, d, name @ ..] = exactly::<8>(file)?;
        let (length, head) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (end - at, 8),
            1 => (u64::from_be_bytes(exactly(file)?), 16),
            length => (u64::from(length), 8),
        };
        let ends = at.checked_add(length).filter(|ends| length >= head && *ends <= end);
        let ends = ends.filter(|_| boxes.len() < MANY).ok_or(EvidenceFault::NotWhole)?;
        boxes.push(Boxed { name, at, content: at + head, end: ends });
        at = ends;
    }
    Ok(boxes)
}

/// The first box of this name.
fn find(file: &mut File, within: Boxed, name: &[u8; 4]) -> Result<Option<Boxed>, Unfit> {
    Ok(boxes(file, within.content, within.end)?.into_iter().find(|inner| &inner.name == name))
}

/// What is in a box.
fn content(file: &mut File, of: Boxed) -> Result<Vec<u8>, Unfit> {
    let length = of.end - of.content;
    if length > AT_ONCE {
        return Err(EvidenceFault::NotWhole.into());
    }
    let mut content = Vec::new();
    file.seek(SeekFrom::Start(of.content))?;
    file.take(length).read_to_end(&mut content)?;
    Ok(content)
}

/// Makes a box one that says nothing; whether it said anything.
fn empty(file: &mut File, told: Boxed) -> Result<bool, Unfit> {
    let said = zero(file, told.content, told.end - told.content)?;
    if &told.name != b"free" && &told.name != b"skip" {
        file.seek(SeekFrom::Start(told.at + 4))?;
        file.write_all(b"free")?;
        return Ok(true);
    }
    Ok(said)
}

/// Overwrites so many bytes; whether they were anything.
fn zero(file: &mut File, at: u64, length: u64) -> Result<bool, Unfit> {
    let mut said = false;
    let mut buffer = [0; 16 * 1024];
    let (mut at, end) = (at, at + length);
    while at < end {
        let some = usize::try_from(end - at).unwrap_or(usize::MAX).min(buffer.len());
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut buffer[..some])?;
        if buffer[..some].iter().any(|byte| *byte != 0) {
            said = true;
            buffer[..some].fill(0);
            file.seek(SeekFrom::Start(at))?;
            file.write_all(&buffer[..some])?;
        }
        at += some as u64;
    }
    Ok(said)
}

/// The same of a place that a table names, which must lie in the file; `left` is how much may be named yet.
fn zero_named(file: &mut File, at: u64, length: u64, left: &mut u64) -> Result<bool, Unfit> {
    let size = file.metadata()?.len();
    at.checked_add(length).filter(|end| *end <= size).ok_or(EvidenceFault::NotWhole)?;
    *left = left.checked_sub(length).ok_or(EvidenceFault::NotWhole)?;
    zero(file, at, length)
}

fn exactly<const N: usize>(file: &mut File) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Numbers one after another, the highest byte first.
struct Numbers<'b>(&'b [u8]);

impl Numbers<'_> {
    /// Of so many bytes; nothing where there are none left.
    fn next(&mut self, bytes: usize) -> Result<u64, Unfit> {
        let (number, rest) = self.0.split_at_checked(bytes).filter(|_| bytes <= 8).ok_or(EvidenceFault::NotWhole)?;
        self.0 = rest;
        Ok(number.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn short(&mut self) -> Result<u64, Unfit> {
        self.next(2)
    }

    fn long(&mut self) -> Result<u64, Unfit> {
        self.next(4)
    }
}

#[cfg(test)]
mod tests;
