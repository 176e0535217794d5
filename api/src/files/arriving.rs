//! A file on its way in: written to the disk as it comes, with its sums, and looked at when all of it is there.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use domain::evidence::{EvidenceFault, FileName, MediaType};
use domain::kernel::Finding;
use sha2::{Digest, Sha256};

use super::{Unfit, boxes, kind, office, pictures};

/// What came in so far. The file on the disk has no name: it is gone with the process, whatever ends that.
pub struct Arriving {
    file: File,
    hash: Sha256,
    sum: crc32fast::Hasher,
    size: u64,
}

impl Arriving {
    /// # Errors
    /// What the file system ends in.
    pub fn begin(folder: &Path) -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder)?;
        Ok(Self { file, hash: Sha256::new(), sum: crc32fast::Hasher::new(), size: 0 })
    }

    /// All of it is here. It need not be on the disk yet: whoever keeps it sees to that.
    pub fn done(self) -> Arrived {
        let sha256 = self.hash.finalize().into();
        Arrived { file: self.file, size: self.size, sha256, crc32: self.sum.finalize() }
    }
}

impl Write for Arriving {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.sum.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file that came in whole.
pub struct Arrived {
    pub(super) file: File,
    pub size: u64,
    pub sha256: [u8; 32],
    pub crc32: u32,
}

/// A file that is what it says, without what is told of nobody's business.
pub struct Fit {
    pub file: Arrived,
    pub kind: MediaType,
}

impl Arrived {
    pub fn into_file(self) -> File {
        self.file
    }

    /// Back to its beginning.
    ///
    /// # Errors
    /// What the file system ends in.
    pub fn rewind(&mut self) -> io::Result<()> {
        self.file.rewind()
    }

    /// The same with the sums that it has now.
    fn again(mut self) -> io::Result<Self> {
        let (mut hash, mut sum, mut buffer) = (Sha256::new(), crc32fast::Hasher::new(), vec![0; 64 * 1024]);
        self.file.rewind()?;
        loop {
            let read = self.file.read(&mut buffer)?;
            if read == 0 {
                return Ok(Self { sha256: hash.finalize().into(), crc32: sum.finalize(), ..self });
            }
            hash.update(&buffer[..read]);
            sum.update(&buffer[..read]);
        }
    }

    /// In hexadecimal, as it is told.
    pub fn sha256(&self) -> String {
        hex(&self.sha256)
    }

    /// The file if it can be taken: of a kind that is taken, whole, named as what it is; without what cameras wrote into it
    /// and programs know of who made it. It reads all of the file, so it is for a thread that may wait.
    ///
    /// # Errors
    /// Everything that is wrong with it, or what the file system ended in.
    pub fn fit(mut self, name: Option<&FileName>, folder: &Path) -> io::Result<Result<Fit, Vec<Finding>>> {
        let kind = match kind::look(&mut self.file, self.size, name) {
            Ok(kind) => kind,
            Err(unfit) => return refused(unfit),
        };
        let mut found = Vec::new();
        match name {
            None => found.push(EvidenceFault::NameUnfit.at("/file")),
            Some(name) if name.agrees_with(kind) => {}
            Some(_) => {
                let endings = kind.endings().iter().map(|ending| format!(".{ending}"));
                found.push(EvidenceFault::NameDisagrees.at("/file").instead(endings));
            }
        }
        if kind.is_picture() {
            let mut bare = Arriving::begin(folder)?;
            match pictures::without_metadata(kind, &mut self.file, &mut bare) {
                Ok(()) => self = bare.done(),
                Err(Unfit::Fault(fault)) => found.push(fault.at("/file")),
                Err(Unfit::Io(error)) => return Err(error),
            }
        }
        match without_telling(kind, &mut self.file, self.size) {
            Ok(true) => self = self.again()?,
            Ok(false) => {}
            Err(Unfit::Fault(fault)) => found.push(fault.at("/file")),
            Err(Unfit::Io(error)) => return Err(error),
        }
        self.file.rewind()?;
        Ok(if found.is_empty() { Ok(Fit { file: self, kind }) } else { Err(found) })
    }
}

/// Overwrites what a file tells besides, where it stands; whether there was any.
fn without_telling(kind: MediaType, file: &mut File, size: u64) -> Result<bool, Unfit> {
    match kind {
        MediaType::Mp4 | MediaType::Mov | MediaType::M4a | MediaType::Heic => boxes::blank(kind, file, size),
        MediaType::Docx | MediaType::Xlsx | MediaType::Pptx | MediaType::Odt => office::blank(file, size),
        MediaType::Pdf | MediaType::Png | MediaType::Jpeg | MediaType::Webp | MediaType::Text => Ok(false),
    }
}

fn refused(unfit: Unfit) -> io::Result<Result<Fit, Vec<Finding>>> {
    match unfit {
        Unfit::Fault(EvidenceFault::KindNotTaken) => {
            let endings = MediaType::all_endings().map(|ending| format!(".{ending}"));
            Ok(Err(vec![EvidenceFault::KindNotTaken.at("/file").instead(endings)]))
        }
        Unfit::Fault(fault) => Ok(Err(vec![fault.at("/file")])),
        Unfit::Io(error) => Err(error),
    }
}

/// Bytes in hexadecimal, in lower case.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
