//! Tracks that tell something at every moment, as phones and cameras write where they are: the track goes, and what it told.

use std::fs::File;

use super::{Boxed, Numbers, content, find, zero_named};
use crate::files::Unfit;

/// Is it one of those? By its handler: whatever is neither a picture nor a sound. Drones write where they are as subtitles.
pub fn tells(file: &mut File, track: Boxed) -> Result<bool, Unfit> {
    const SHOWN: [&[u8]; 3] = [b"vide", b"soun", b"auxv"];
    let Some(media) = find(file, track, b"mdia")? else { return Ok(true) };
    let Some(handler) = find(file, media, b"hdlr")? else { return Ok(true) };
    let said = content(file, handler)?;
    Ok(!said.get(8..12).is_some_and(|handler| SHOWN.contains(&handler)))
}

/// Overwrites all that the track holds, wherever that lies (ISO 14496-12 section 8.7).
pub fn blank(file: &mut File, track: Boxed, left: &mut u64) -> Result<(), Unfit> {
    let mut table = Some(track);
    for name in [b"mdia", b"minf", b"stbl"] {
        table = match table {
            Some(outer) => find(file, outer, name)?,
            None => None,
        };
    }
    let Some(table) = table else { return Ok(()) };
    let mut part = |name| find(file, table, name)?.map(|found| content(file, found)).transpose();
    let (sizes, chunks, short, long) = (part(b"stsz")?, part(b"stsc")?, part(b"stco")?, part(b"co64")?);
    let (Some(sizes), Some(chunks), Some((places, width))) = (sizes, chunks, short.map(|t| (t, 4)).or(long.map(|t| (t, 8))))
    else {
        return Ok(());
    };
    let places = list(&places, &[width])?;
    let groups = list(&chunks, &[4, 4, 4])?;
    let mut sizes = Sizes::of(&sizes)?;
    let mut group = groups.iter().peekable();
    let mut samples = 0;
    for (number, place) in (1..).zip(places) {
        if let Some(begins) = group.next_if(|group| group[0] == number) {
            samples = begins[1];
        }
        let length = sizes.take(samples)?;
        zero_named(file, place[0], length, left)?;
    }
    Ok(())
}

/// A table: four bytes, how many rows, and in each row numbers of these widths.
fn list(table: &[u8], widths: &[usize]) -> Result<Vec<Vec<u64>>, Unfit> {
    let mut numbers = Numbers(table);
    numbers.long()?;
    let count = numbers.long()?;
    (0..count).map(|_| widths.iter().map(|width| numbers.next(*width)).collect()).collect()
}

/// How long samples are: all the same, or each its own.
struct Sizes<'t> {
    of_all: u64,
    each: Numbers<'t>,
}

impl<'t> Sizes<'t> {
    fn of(table: &'t [u8]) -> Result<Self, Unfit> {
        let mut each = Numbers(table);
        each.long()?;
        let of_all = each.long()?;
        each.long()?;
        Ok(Self { of_all, each })
    }

    /// Of so many together.
    fn take(&mut self, samples: u64) -> Result<u64, Unfit> {
        if self.of_all > 0 {
            return Ok(self.of_all * samples);
        }
        (0..samples).try_fold(0, |sum, _| Ok(sum + self.each.long()?))
    }
}
