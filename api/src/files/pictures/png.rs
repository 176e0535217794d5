//! PNG (W3C PNG third edition): chunks, each kept whole or left out.

use std::io::{self, BufRead, Read, Write};

use super::{block, exactly, exif, not_whole};
use crate::files::Unfit;

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// What makes the picture and its colours. Texts, times and what is not known are left out.
const KEPT: [&[u8; 4]; 20] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD",
    b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];
/// Where cameras write, which is never longer in earnest.
const EXIF_AT_MOST: u32 = 1 << 20;

pub fn without_metadata(from: &mut impl BufRead, to: &mut impl Write) -> Result<(), Unfit> {
    if exactly(from)? != SIGNATURE {
        return Err(not_whole());
    }
    to.write_all(&SIGNATURE)?;
    let (mut is_first, mut has_data, mut is_turned) = (true, false, false);
    loop {
        let length = u32::from_be_bytes(exactly(from)?);
        let name: [u8; 4] = exactly(from)?;
        if (is_first && &name != b"IHDR") || length > i32::MAX as u32 {
            return Err(not_whole());
        }
        is_first = false;
        has_data |= &name == b"IDAT";
        if &name == b"eXIf" && length <= EXIF_AT_MOST && !is_turned {
            let said = block(from, length as usize)?;
            exactly::<4>(from)?;
            if let Some(orientation) = exif::orientation(&said) {
                is_turned = true;
                write_chunk(to, name, &exif::turned(orientation))?;
            }
        } else if KEPT.contains(&&name) {
            to.write_all(&length.to_be_bytes())?;
            to.write_all(&name)?;
            kept(from, to, name, length)?;
        } else {
            skip(from, u64::from(length) + 4)?;
        }
        if &name == b"IEND" {
            return if has_data { Ok(()) } else { Err(not_whole()) };
        }
    }
}

/// Copies a chunk whose sum must be right.
fn kept(from: &mut impl BufRead, to: &mut impl Write, name: [u8; 4], length: u32) -> Result<(), Unfit> {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&name);
    let mut left = length as usize;
    while left > 0 {
        let buffer = from.fill_buf()?;
        let some = buffer.len().min(left);
        if some == 0 {
            return Err(not_whole());
        }
        sum.update(&buffer[..some]);
        to.write_all(&buffer[..some])?;
        from.consume(some);
        left -= some;
    }
    let told: [u8; 4] = exactly(from)?;
    if told != sum.finalize().to_be_bytes() {
        return Err(not_whole());
    }
    Ok(to.write_all(&told)?)
}

fn write_chunk(to: &mut impl Write, name: [u8; 4], data: &[u8]) -> Result<(), Unfit> {
    let length = u32::try_from(data.len()).map_err(|_| not_whole())?;
    let sum = crc32fast::hash(&[name.as_slice(), data].concat());
    to.write_all(&length.to_be_bytes())?;
    to.write_all(&name)?;
    to.write_all(data)?;
    Ok(to.write_all(&sum.to_be_bytes())?)
}

fn skip(from: &mut impl BufRead, length: u64) -> Result<(), Unfit> {
    let skipped = io::copy(&mut from.by_ref().take(length), &mut io::sink())?;
    if skipped == length { Ok(()) } else { Err(not_whole()) }
}
