//! Evidence (PF-4): files that show what an entry of the portfolio tells; which kinds there are, and how they are named.

use std::fmt;

use crate::kernel::{Event, EvidenceId, Instant, Line, PortfolioEntryId, Refusal, StudentId, Subject, Text, Told, Word};

/// A file is at most this long, in bytes.
pub const FILE_LIMIT: u64 = 25 * 1024 * 1024;
/// An entry has at most so many files that were not withdrawn.
pub const FILES_OF_AN_ENTRY: i64 = 50;

crate::words! {
    /// The kinds of files that are taken, told apart by what is in them.
    pub enum MediaType {
        Pdf = "application/pdf",
        Png = "image/png",
        Jpeg = "image/jpeg",
        Webp = "image/webp",
        Heic = "image/heic",
        Mp4 = "video/mp4",
        Mov = "video/quicktime",
        M4a = "audio/mp4",
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Odt = "application/vnd.oasis.opendocument.text",
        Text = "text/plain",
    }
}

impl MediaType {
    /// What the name of such a file ends in; the first is the usual one.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Webp => &["webp"],
            Self::Heic => &["heic", "heif"],
            Self::Mp4 => &["mp4"],
            Self::Mov => &["mov"],
            Self::M4a => &["m4a"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Text => &["txt"],
        }
    }

    /// Something that any page can show; photos in HEIC few can.
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Webp)
    }

    /// Every ending that a name may have.
    pub fn all_endings() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().flat_map(|kind| kind.endings().iter().copied())
    }
}

crate::faults! {
    /// What can be wrong with a file.
    pub enum EvidenceFault {
        KindNotTaken: Invalid "portfolio.file-type"
            en "This is none of the kinds of files that are taken, whatever its name says. The list allowed names them."
            nl "Dit is geen van de soorten bestanden die worden aangenomen, wat de naam ook zegt. De lijst allowed noemt ze.",
        NameDisagrees: Invalid "portfolio.file-name"
            en "The name of the file ends in another kind than what is in it. Give it the ending that the list allowed names."
            nl "De naam van het bestand eindigt op een andere soort dan erin zit. Geef hem het einde dat de lijst allowed noemt.",
        NameUnfit: Invalid "portfolio.file-name-unfit"
            en "A file's name has 1 to 200 characters, does not begin with a full stop, and holds no control characters and none of < > : \" | ? *. Give the file another name."
            nl "De naam van een bestand heeft 1 tot 200 tekens, begint niet met een punt, en bevat geen stuurtekens en geen van < > : \" | ? *. Geef het bestand een andere naam.",
        NotWhole: Invalid "portfolio.file-not-whole"
            en "The file is damaged or was cut off: it does not hold what its own table of contents says. Save it again and send that."
            nl "Het bestand is beschadigd of afgekapt: erin zit niet wat zijn eigen inhoudsopgave zegt. Sla het opnieuw op en stuur dat.",
        PropertiesStay: Invalid "portfolio.file-properties-stay"
            en "Who wrote this document can not be taken out of its properties. Remove the properties in the program that made it, save it, and send that."
            nl "Wie dit document schreef is niet uit de eigenschappen te halen. Verwijder de eigenschappen in het programma waarmee het gemaakt is, sla het op en stuur dat.",
        Unpacks: Invalid "portfolio.file-unpacks-too-large"
            en "What is packed in this file is far larger than such a document is; it is not taken and was not unpacked."
            nl "Wat in dit bestand is ingepakt is veel groter dan zo'n document is; het wordt niet aangenomen en is niet uitgepakt.",
        HasMacros: Invalid "portfolio.file-has-macros"
            en "The document carries a program (macros). Save it without macros and send that."
            nl "Het document bevat een programma (macro's). Sla het zonder macro's op en stuur dat.",
        Empty: Invalid "portfolio.file-empty"
            en "The file is empty."
            nl "Het bestand is leeg.",
        ChecksumMismatch: Invalid "portfolio.checksum-mismatch"
            en "What arrived does not have the SHA-256 that was sent with it: something was lost on the way. Send it again."
            nl "Wat aankwam heeft niet de SHA-256 die erbij werd gestuurd: er ging onderweg iets verloren. Stuur het opnieuw.",
        TooManyFiles: Conflict "portfolio.too-many-files"
            en "The entry has as many files as one can have. Withdraw one, or put this with another entry."
            nl "Het portfolio-item heeft zoveel bestanden als er bij kunnen. Trek er een in, of zet dit bij een ander item.",
        OutOfRange: RangeNotSatisfiable "portfolio.range-not-satisfiable"
            en "The file is shorter than where this range begins; Content-Range tells how long it is."
            nl "Het bestand is korter dan waar dit bereik begint; Content-Range zegt hoe lang het is.",
    }
}

/// What a file is called: one line, without a folder, without what a file system would trip over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(Text<200>);

impl FileName {
    /// The last part of what was sent; browsers of old send folders along. None where nothing readable is left.
    pub fn parse(sent: &str) -> Option<Self> {
        let last = sent.rsplit(['/', '\\']).next().unwrap_or_default().trim();
        let fits = !last.starts_with('.') && !last.chars().any(|c| matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*'));
        Text::parse(last).filter(|_| fits).map(Self)
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// What comes after the last full stop, in lower case.
    pub fn ending(&self) -> Option<String> {
        self.as_str().rsplit_once('.').filter(|(before, _)| !before.is_empty()).map(|(_, ending)| ending.to_ascii_lowercase())
    }

    /// Does it end as the name of such a file does?
    pub fn agrees_with(&self, kind: MediaType) -> bool {
        self.ending().is_some_and(|ending| kind.endings().contains(&ending.as_str()))
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is known of a file that came in whole and can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    pub name: FileName,
    pub kind: MediaType,
    /// In bytes, as it is kept.
    pub size: i64,
    /// In hexadecimal, of the file as it is kept.
    pub sha256: String,
    /// As packed archives want it (ISO 3309).
    pub crc32: u32,
}

/// The entry that a file is put with, as it is at this moment.
#[derive(Clone, Copy, Debug)]
pub struct OfEntry {
    pub id: PortfolioEntryId,
    pub student_id: StudentId,
    pub version: i64,
    /// How many files it has.
    pub files: i64,
}

/// A file with an entry of the portfolio. It is never changed: another is put beside it, or it is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub id: EvidenceId,
    pub student_id: StudentId,
    pub entry_id: PortfolioEntryId,
    pub file: FileFacts,
    /// What there is to see, in the student's own words.
    pub caption: Option<Line>,
    pub version: i64,
    pub created_at: Instant,
}

impl Evidence {
    /// Puts a file with an entry. It is told as something that happened to the entry, so that whoever may know of the one
    /// knows of the other and nobody else does.
    ///
    /// # Errors
    /// [`EvidenceFault::TooManyFiles`].
    pub fn add(
        id: EvidenceId,
        entry: OfEntry,
        file: FileFacts,
        caption: Option<Line>,
        now: Instant,
    ) -> Result<Told<Self>, Refusal> {
        if entry.files >= FILES_OF_AN_ENTRY {
            return Err(EvidenceFault::TooManyFiles.fault().into());
        }
        let thing = Self { id, student_id: entry.student_id, entry_id: entry.id, file, caption, version: 1, created_at: now };
        Ok(Told { event: thing.event(entry.version, "evidenceAdded"), thing })
    }

    /// Takes it back: gone for everyone.
    pub fn withdraw(&self, entry_version: i64) -> Told<Self> {
        Told { event: self.event(entry_version, "evidenceWithdrawn"), thing: Self { version: self.version + 1, ..self.clone() } }
    }

    fn event(&self, entry_version: i64, what: &'static str) -> Event {
        let event = Event::new(Subject::PortfolioEntry, self.entry_id, entry_version, what).of_student(self.student_id);
        event.naming("evidenceId", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pf_4_a_name_is_the_last_part_of_what_was_sent() {
        let name = |sent: &str| FileName::parse(sent).map(|name| name.to_string());
        assert_eq!(name("foto.jpg").as_deref(), Some("foto.jpg"));
        assert_eq!(name(r"C:\Users\Sanne\foto.jpg").as_deref(), Some("foto.jpg"));
        assert_eq!(name("../../etc/verslag.pdf").as_deref(), Some("verslag.pdf"));
        for nothing in ["", "/", "..", ".htaccess", "a\u{0}b.pdf", "a\nb.pdf", "a\u{202E}fdp.exe", "a:b.pdf", " "] {
            assert_eq!(name(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn pf_4_the_ending_of_a_name_says_the_kind_that_is_in_the_file() {
        let agrees = |name: &str, kind| FileName::parse(name).unwrap().agrees_with(kind);
        assert!(agrees("foto.JPG", MediaType::Jpeg) && agrees("foto.jpeg", MediaType::Jpeg));
        assert!(
            !agrees("foto.jpg.exe", MediaType::Jpeg) && !agrees("foto", MediaType::Jpeg) && !agrees("a.png", MediaType::Jpeg)
        );
    }
}
