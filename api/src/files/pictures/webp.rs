//! WebP (RFC 9649): chunks of a RIFF file, each kept whole or left out. How long all is stands at the beginning, so it is
//! looked through before it is written.

use std::io::{BufRead, Seek, SeekFrom, Write};

use super::{block, copy, exactly, exif, not_whole};
use crate::files::Unfit;

const KEPT: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"];
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;
const EXIF_AT_MOST: u64 = 1 << 20;

/// One chunk of what is there: where its content begins, and how long that is without padding.
struct Chunk {
    name: [u8; 4],
    at: u64,
    length: u64,
}

impl Chunk {
    fn padded(&self) -> u64 {
        self.length + self.length % 2
    }
}

pub fn without_metadata(from: &mut (impl BufRead + Seek), to: &mut impl Write) -> Result<(), Unfit> {
    let chunks = chunks(from)?;
    let orientation = match chunks.iter().find(|chunk| &chunk.name == b"EXIF") {
        Some(said) if said.length <= EXIF_AT_MOST => {
            from.seek(SeekFrom::Start(said.at))?;
            let tiff = block(from, usize::try_from(said.length).map_err(|_| not_whole())?)?;
            exif::orientation(tiff.strip_prefix(b"Exif\0\0").unwrap_or(&tiff))
        }
        _ => None,
    };
    let is_extended = chunks.first().is_some_and(|chunk| &chunk.name == b"VP8X");
    let orientation = orientation.filter(|_| is_extended).map(exif::turned);
    let kept: Vec<&Chunk> = chunks.iter().filter(|chunk| KEPT.contains(&&chunk.name)).collect();
    if !kept.iter().any(|chunk| matches!(&chunk.name, b"VP8 " | b"VP8L" | b"ANMF")) {
        return Err(not_whole());
    }
    let said = orientation.map_or(0, |tiff| 8 + tiff.len() as u64);
    let length = 4 + kept.iter().map(|chunk| 8 + chunk.padded()).sum::<u64>() + said;
    to.write_all(b"RIFF")?;
    to.write_all(&u32::try_from(length).map_err(|_| not_whole())?.to_le_bytes())?;
    to.write_all(b"WEBP")?;
    for chunk in kept {
        from.seek(SeekFrom::Start(chunk.at))?;
        write_head(to, chunk.name, chunk.length)?;
        if &chunk.name == b"VP8X" && chunk.length > 0 {
            let [flags] = exactly(from)?;
            let exif = if orientation.is_some() { HAS_EXIF } else { 0 };
            to.write_all(&[flags & !(HAS_EXIF | HAS_XMP) | exif])?;
            copy(from, to, chunk.padded() - 1)?;
        } else {
            copy(from, to, chunk.padded())?;
        }
    }
    if let Some(tiff) = orientation {
        write_head(to, *b"EXIF", tiff.len() as u64)?;
        to.write_all(&tiff)?;
    }
    Ok(())
}

fn write_head(to: &mut impl Write, name: [u8; 4], length: u64) -> Result<(), Unfit> {
    to.write_all(&name)?;
    Ok(to.write_all(&u32::try_from(length).map_err(|_| not_whole())?.to_le_bytes())?)
}

/// All chunks, as far as the file says that it goes.
fn chunks(from: &mut (impl BufRead + Seek)) -> Result<Vec<Chunk>, Unfit> {
    const AT_MOST: usize = 100_000;
    let end = from.seek(SeekFrom::End(0))?;
    from.rewind()?;
    let head: [u8; 12] = exactly(from)?;
    let [r, i, f, f2, a, b, c, d, w, e, b2, p] = head;
    let told = u64::from(u32::from_le_bytes([a, b, c, d])) + 8;
    if [r, i, f, f2] != *b"RIFF" || [w, e, b2, p] != *b"WEBP" || told > end {
        return Err(not_whole());
    }
    let (mut chunks, mut at) = (Vec::new(), 12);
    while at + 8 <= told {
        from.seek(SeekFrom::Start(at))?;
        let name = exactly(from)?;
        let chunk = Chunk { name, at: at + 8, length: u64::from(u32::from_le_bytes(exactly(from)?)) };
        at = chunk.at + chunk.padded();
        chunks.push(chunk);
        if at > told || chunks.len() > AT_MOST {
            return Err(not_whole());
        }
    }
    Ok(chunks)
}
