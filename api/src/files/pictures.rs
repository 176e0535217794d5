//! Pictures without what a camera wrote into them: place, time, device, thumbnails, comments. The picture itself is not
//! touched, and which way is up stays.

mod exif;
mod jpeg;
mod png;
mod webp;

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use domain::evidence::{EvidenceFault, MediaType};

use super::Unfit;

/// Writes the picture in `from` to `to` without its metadata. What has none is written as it is, byte for byte.
///
/// # Errors
/// [`EvidenceFault::NotWhole`] where it is no whole picture of this kind.
pub fn without_metadata(kind: MediaType, from: &mut File, to: &mut impl Write) -> Result<(), Unfit> {
    from.rewind()?;
    let (mut from, mut to) = (BufReader::with_capacity(BUFFER, from), BufWriter::with_capacity(BUFFER, to));
    match kind {
        MediaType::Jpeg => jpeg::without_metadata(&mut from, &mut to)?,
        MediaType::Png => png::without_metadata(&mut from, &mut to)?,
        MediaType::Webp => webp::without_metadata(&mut from, &mut to)?,
        _ => drop(io::copy(&mut from, &mut to)?),
    }
    Ok(to.flush()?)
}

const BUFFER: usize = 64 * 1024;

fn not_whole() -> Unfit {
    EvidenceFault::NotWhole.into()
}

/// Reads exactly so many bytes.
fn exactly<const N: usize>(from: &mut impl Read) -> Result<[u8; N], Unfit> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn block(from: &mut impl Read, length: usize) -> Result<Vec<u8>, Unfit> {
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Copies so many bytes.
fn copy(from: &mut impl Read, to: &mut impl Write, length: u64) -> Result<(), Unfit> {
    let copied = io::copy(&mut from.by_ref().take(length), to)?;
    if copied == length { Ok(()) } else { Err(not_whole()) }
}

#[cfg(test)]
mod tests;
