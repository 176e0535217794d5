//! A packed archive (ZIP, APPNOTE 6.3.10) that is sent while it is made: nothing of it is kept but its table of contents.

use std::io::{self, Write};

use actix_web::web::Bytes;
use chrono::{Datelike, Timelike};
use chrono_tz::Europe::Amsterdam;
use domain::kernel::Instant;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

use super::FileTrouble;

/// Names are UTF-8 (section 4.4.4, bit 11).
const UTF_8: u16 = 1 << 11;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const PLAIN: u16 = 20;
/// Of archives that are larger than four bytes can say (section 4.3.14).
const WIDE: u16 = 45;
/// A file that its owner may write and others may read, as Unix has it.
const MODE: u32 = 0o100_644 << 16;
const BY_UNIX: u16 = 3 << 8;
/// What is on its way to who unpacks it.
const ON_THE_WAY: usize = 4;

/// Whoever was to get it is there no more.
#[derive(Debug)]
pub struct NobodyThere;

type Part = Result<Bytes, FileTrouble>;

/// An archive that is being made.
pub struct Packing {
    out: mpsc::Sender<Part>,
    at: u64,
    contents: Vec<u8>,
    count: u64,
}

/// What is known of a file before it is packed.
pub struct Item<'i> {
    pub name: &'i str,
    pub changed_at: Instant,
}

/// How a file stands in the archive.
struct Packed {
    method: u16,
    sum: u32,
    packed: u32,
    unpacked: u32,
}

impl Packing {
    /// An archive, and what is sent of it.
    pub fn begin() -> (Self, BoxStream<'static, Part>) {
        let (out, mut coming) = mpsc::channel(ON_THE_WAY);
        let sent = stream::poll_fn(move |context| coming.poll_recv(context));
        (Self { out, at: 0, contents: Vec::new(), count: 0 }, sent.boxed())
    }

    async fn send(&mut self, bytes: impl Into<Bytes>) -> Result<(), NobodyThere> {
        let bytes = bytes.into();
        self.at += bytes.len() as u64;
        self.out.send(Ok(bytes)).await.map_err(|_| NobodyThere)
    }

    /// Breaks off: who unpacks what was sent sees that it is not whole.
    pub async fn fail(self, trouble: FileTrouble) {
        self.out.send(Err(trouble)).await.ok();
    }

    /// A text that is in memory.
    ///
    /// # Errors
    /// Nobody is there any more.
    pub async fn add_text(&mut self, item: &Item<'_>, text: &[u8]) -> Result<(), NobodyThere> {
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
        let packed = deflated.write_all(text).and_then(|()| deflated.finish()).map_err(|_| NobodyThere)?;
        self.add_deflated(item, crc32fast::hash(text), text.len(), stream::iter([Ok(Bytes::from(packed.clone()))]), packed.len())
            .await
    }

    /// What was deflated before; `packed` bytes of it will come.
    ///
    /// # Errors
    /// Nobody is there any more.
    pub async fn add_deflated(
        &mut self,
        item: &Item<'_>,
        sum: u32,
        unpacked: usize,
        sent: impl futures_util::Stream<Item = Part> + Unpin,
        packed: usize,
    ) -> Result<(), NobodyThere> {
        let size = |length: usize| u32::try_from(length).map_err(|_| NobodyThere);
        let known = Packed { method: DEFLATED, sum, packed: size(packed)?, unpacked: size(unpacked)? };
        self.add(item, &known, sent).await
    }

    /// A file as it is, of which size and sum are known.
    ///
    /// # Errors
    /// Nobody is there any more, or no more of it comes.
    pub async fn add_file(
        &mut self,
        item: &Item<'_>,
        sum: u32,
        size: u32,
        sent: impl futures_util::Stream<Item = Part> + Unpin,
    ) -> Result<(), NobodyThere> {
        self.add(item, &Packed { method: STORED, sum, packed: size, unpacked: size }, sent).await
    }

    async fn add(
        &mut self,
        item: &Item<'_>,
        packed: &Packed,
        mut sent: impl futures_util::Stream<Item = Part> + Unpin,
    ) -> Result<(), NobodyThere> {
        let (at, common) = (self.at, common(item, packed));
        let length = length(item.name)?;
        self.send([b"PK\x03\x04".as_slice(), &PLAIN.to_le_bytes(), &common, &length, &[0; 2], item.name.as_bytes()].concat())
            .await?;
        let begins = self.at;
        while let Some(part) = sent.next().await {
            match part {
                Ok(bytes) => self.send(bytes).await?,
                Err(trouble) => {
                    self.out.send(Err(trouble)).await.ok();
                    return Err(NobodyThere);
                }
            }
        }
        if self.at - begins != u64::from(packed.packed) {
            self.out.send(Err(FileTrouble::Gone(item.name.to_owned()))).await.ok();
            return Err(NobodyThere);
        }
        self.count += 1;
        self.note(item.name, &common, at)
    }

    /// An entry in the table of contents.
    fn note(&mut self, name: &str, common: &[u8], at: u64) -> Result<(), NobodyThere> {
        let (place, wide) = match u32::try_from(at) {
            Ok(place) if place < u32::MAX => (place, Vec::new()),
            _ => (u32::MAX, [1u16.to_le_bytes().as_slice(), &8u16.to_le_bytes(), &at.to_le_bytes()].concat()),
        };
        let version = if wide.is_empty() { PLAIN } else { WIDE };
        let extra = u16::try_from(wide.len()).map_err(|_| NobodyThere)?.to_le_bytes();
        let made_by = (BY_UNIX | version).to_le_bytes();
        let parts: [&[u8]; 11] = [
            b"PK\x01\x02",
            &made_by,
            &version.to_le_bytes(),
            common,
            &length(name)?,
            &extra,
            // No comment, on the first disk, of no special kind.
            &[0; 6],
            &MODE.to_le_bytes(),
            &place.to_le_bytes(),
            name.as_bytes(),
            &wide,
        ];
        self.contents.extend(parts.concat());
        Ok(())
    }

    /// The table of contents, with which it is whole.
    ///
    /// # Errors
    /// Nobody is there any more.
    pub async fn finish(mut self) -> Result<(), NobodyThere> {
        let (contents_at, contents) = (self.at, std::mem::take(&mut self.contents));
        let length = contents.len() as u64;
        self.send(contents).await?;
        let fits = u16::try_from(self.count).ok().filter(|count| *count < u16::MAX);
        let short = |number: u64| u32::try_from(number).ok().filter(|number| *number < u32::MAX);
        let (count, size, place) = match (fits, short(length), short(contents_at)) {
            (Some(count), Some(size), Some(place)) => (count, size, place),
            _ => {
                self.finish_wide(contents_at, length).await?;
                (u16::MAX, u32::MAX, u32::MAX)
            }
        };
        let [count, size, place] = [&count.to_le_bytes()[..], &size.to_le_bytes(), &place.to_le_bytes()];
        let end = [b"PK\x05\x06\0\0\0\0".as_slice(), count, count, size, place, &[0; 2]].concat();
        self.send(end).await
    }

    /// The end as it is told where four bytes are not enough, and where that is told.
    async fn finish_wide(&mut self, contents_at: u64, length: u64) -> Result<(), NobodyThere> {
        let at = self.at.to_le_bytes();
        let count = self.count.to_le_bytes();
        let made_by = (BY_UNIX | WIDE).to_le_bytes();
        let rest = 44u64.to_le_bytes();
        let parts: [&[u8]; 10] = [
            b"PK\x06\x06",
            &rest,
            &made_by,
            &WIDE.to_le_bytes(),
            &[0; 8],
            &count,
            &count,
            &length.to_le_bytes(),
            &contents_at.to_le_bytes(),
            &[b"PK\x06\x07\0\0\0\0".as_slice(), &at, &1u32.to_le_bytes()].concat(),
        ];
        self.send(parts.concat()).await
    }
}

/// What stands both before a file and in the table of contents, from the flags to the sizes.
fn common(item: &Item<'_>, packed: &Packed) -> Vec<u8> {
    let (date, time) = dos(item.changed_at);
    let Packed { method, sum, packed, unpacked } = packed;
    let shorts = [UTF_8, *method, time, date].map(u16::to_le_bytes).concat();
    [shorts, [*sum, *packed, *unpacked].map(u32::to_le_bytes).concat()].concat()
}

fn length(name: &str) -> Result<[u8; 2], NobodyThere> {
    Ok(u16::try_from(name.len()).map_err(|_| NobodyThere)?.to_le_bytes())
}

/// Date and time as MS-DOS wrote them, at school.
fn dos(moment: Instant) -> (u16, u16) {
    let local = moment.with_timezone(&Amsterdam);
    let year = u16::try_from(local.year().clamp(1980, 2107) - 1980).unwrap_or(0);
    let part = |number: u32| u16::try_from(number).unwrap_or(0);
    let date = year << 9 | part(local.month()) << 5 | part(local.day());
    (date, part(local.hour()) << 11 | part(local.minute()) << 5 | part(local.second() / 2))
}

/// A text that is deflated into a file while it is written, for what is too long for the memory.
pub struct Deflating {
    out: DeflateEncoder<super::Arriving>,
    sum: crc32fast::Hasher,
    size: usize,
}

impl Deflating {
    /// # Errors
    /// What the file system ends in.
    pub fn begin(folder: &std::path::Path) -> io::Result<Self> {
        let out = DeflateEncoder::new(super::Arriving::begin(folder)?, Compression::default());
        Ok(Self { out, sum: crc32fast::Hasher::new(), size: 0 })
    }

    /// The sum and the size of the text, and the deflated file.
    ///
    /// # Errors
    /// What the file system ends in.
    pub fn done(self) -> io::Result<(u32, usize, super::Arrived)> {
        Ok((self.sum.finalize(), self.size, self.out.finish()?.done()))
    }
}

impl Write for Deflating {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sum.update(&bytes[..written]);
        self.size += written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;
    use futures_util::future::join;

    use super::*;

    fn item(name: &str) -> Item<'_> {
        Item { name, changed_at: Instant::from_timestamp(1_790_000_000, 0).unwrap() }
    }

    async fn packed(work: impl AsyncFnOnce(Packing) -> Result<(), NobodyThere>) -> Vec<u8> {
        let (packing, sent) = Packing::begin();
        let (done, parts) = join(work(packing), sent.try_collect::<Vec<_>>()).await;
        done.unwrap();
        parts.unwrap().concat()
    }

    /// Names and lengths of what Python, an unpacker by others, finds whole in it.
    fn unpacked(archive: &[u8]) -> Option<String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), archive).unwrap();
        let script = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; \
                      print(*[f'{i.filename} {i.file_size}' for i in z.infolist()], sep=', ')";
        let run = std::process::Command::new("python3").args(["-c", script]).arg(file.path()).output().ok()?;
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        Some(String::from_utf8(run.stdout).unwrap().trim().to_owned())
    }

    #[actix_web::test]
    async fn pf_6_an_archive_unpacks_elsewhere() {
        let archive = packed(async |mut packing| {
            packing.add_text(&item("stukken/één.json"), "{}".repeat(1000).as_bytes()).await?;
            let file = Bytes::from_static(b"12345");
            packing.add_file(&item("bestanden/a.txt"), crc32fast::hash(&file), 5, stream::iter([Ok(file)])).await?;
            packing.finish().await
        })
        .await;
        assert!(archive.len() < 500, "texts are deflated");
        if let Some(found) = unpacked(&archive) {
            assert_eq!(found, "stukken/één.json 2000, bestanden/a.txt 5");
        }
    }

    #[actix_web::test]
    async fn pf_6_an_archive_of_more_files_than_two_bytes_count_unpacks_elsewhere() {
        let archive = packed(async |mut packing| {
            for number in 0..70_000 {
                packing.add_file(&item(&number.to_string()), 0, 0, stream::empty()).await?;
            }
            packing.finish().await
        })
        .await;
        if let Some(found) = unpacked(&archive) {
            assert!(found.ends_with("69999 0") && found.starts_with("0 0"));
        }
    }

    #[actix_web::test]
    async fn pf_6_a_file_that_is_shorter_than_it_was_breaks_the_archive_off() {
        let (mut packing, sent) = Packing::begin();
        let work = async move {
            let file = stream::iter([Ok(Bytes::from_static(b"123"))]);
            assert!(packing.add_file(&item("a.txt"), 0, 5, file).await.is_err());
        };
        let ((), parts) = join(work, sent.try_collect::<Vec<_>>()).await;
        assert!(matches!(parts, Err(FileTrouble::Gone(_))));
    }
}
