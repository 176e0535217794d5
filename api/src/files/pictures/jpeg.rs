//! JPEG (ITU-T T.81 annex B): segments, each kept whole or left out.

use std::io::{BufRead, Write};

use super::{block, copy, exactly, exif, not_whole};
use crate::files::Unfit;

const START: [u8; 2] = [0xFF, 0xD8];
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;
const JFIF: u8 = 0xE0;
const EXIF: u8 = 0xE1;
const PROFILE: u8 = 0xE2;
const ADOBE: u8 = 0xEE;
const COMMENT: u8 = 0xFE;
/// Of a JFIF segment, without the thumbnail that may follow.
const JFIF_LENGTH: usize = 14;

pub fn without_metadata(from: &mut impl BufRead, to: &mut impl Write) -> Result<(), Unfit> {
    if exactly(from)? != START {
        return Err(not_whole());
    }
    to.write_all(&START)?;
    let (mut is_turned, mut has_scan) = (false, false);
    let mut marker = next_marker(from)?;
    loop {
        match marker {
            END if has_scan => {
                to.write_all(&[0xFF, END])?;
                // What stands behind the end is no part of the picture.
                return Ok(());
            }
            0x00 | 0xD8 | END => return Err(not_whole()),
            0x01 | 0xD0..=0xD7 => to.write_all(&[0xFF, marker])?,
            SCAN => {
                segment(from, to, marker)?;
                has_scan = true;
                marker = scan(from, to)?;
                continue;
            }
            JFIF..=0xEF | COMMENT => application(from, to, marker, &mut is_turned)?,
            _ => segment(from, to, marker)?,
        }
        marker = next_marker(from)?;
    }
}

/// A marker may be preceded by any number of fill bytes.
fn next_marker(from: &mut impl BufRead) -> Result<u8, Unfit> {
    if exactly(from)? != [0xFF] {
        return Err(not_whole());
    }
    loop {
        let [marker] = exactly(from)?;
        if marker != 0xFF {
            return Ok(marker);
        }
    }
}

fn length(from: &mut impl BufRead) -> Result<u16, Unfit> {
    u16::from_be_bytes(exactly(from)?).checked_sub(2).ok_or_else(not_whole)
}

fn segment(from: &mut impl BufRead, to: &mut impl Write, marker: u8) -> Result<(), Unfit> {
    let length = length(from)?;
    write_head(to, marker, usize::from(length))?;
    copy(from, to, u64::from(length))
}

fn write_head(to: &mut impl Write, marker: u8, length: usize) -> Result<(), Unfit> {
    let length = u16::try_from(length + 2).map_err(|_| not_whole())?;
    to.write_all(&[0xFF, marker])?;
    Ok(to.write_all(&length.to_be_bytes())?)
}

/// What programs say of the picture: kept where it says how the colours are to be understood, or which way is up.
fn application(from: &mut impl BufRead, to: &mut impl Write, marker: u8, is_turned: &mut bool) -> Result<(), Unfit> {
    let length = length(from)?;
    let said = block(from, usize::from(length))?;
    let kept = match marker {
        JFIF if said.starts_with(b"JFIF\0") && said.len() >= JFIF_LENGTH => {
            let mut bare = said[..JFIF_LENGTH].to_vec();
            bare[JFIF_LENGTH - 2..].fill(0);
            Some(bare)
        }
        PROFILE if said.starts_with(b"ICC_PROFILE\0") => Some(said),
        ADOBE if said.starts_with(b"Adobe") => Some(said),
        EXIF if !*is_turned => said.strip_prefix(b"Exif\0\0").and_then(exif::orientation).map(|orientation| {
            *is_turned = true;
            [b"Exif\0\0".as_slice(), &exif::turned(orientation)].concat()
        }),
        _ => None,
    };
    if let Some(kept) = kept {
        write_head(to, marker, kept.len())?;
        to.write_all(&kept)?;
    }
    Ok(())
}

/// Copies what the picture is made of, up to the next marker, which it answers.
fn scan(from: &mut impl BufRead, to: &mut impl Write) -> Result<u8, Unfit> {
    loop {
        let buffer = from.fill_buf()?;
        if buffer.is_empty() {
            return Err(not_whole());
        }
        let end = buffer.iter().position(|byte| *byte == 0xFF).unwrap_or(buffer.len());
        to.write_all(&buffer[..end])?;
        let is_over = end == buffer.len();
        from.consume(end);
        if is_over {
            continue;
        }
        match next_marker(from)? {
            within @ (0x00 | 0xD0..=0xD7) => to.write_all(&[0xFF, within])?,
            marker => return Ok(marker),
        }
    }
}
