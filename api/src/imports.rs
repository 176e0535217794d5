//! Reads the files that a college imports: bytes in, typed records and every refusal out; no database, no HTTP.
//!
//! `docs/imports.md` describes the formats for those who make the files.

pub use domain::imports::Refused;

pub mod applications;
pub mod dossier;
pub mod roster;
mod table;
mod xml;

/// What was read: every record that can be taken, and everything that cannot, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read<T> {
    pub records: Vec<T>,
    pub refused: Vec<Refused>,
    /// Is it a file of its kind at all? Where it is not, `refused` says why, and there is nothing to report on.
    pub of_its_kind: bool,
}

impl<T> Read<T> {
    /// A file that is none of its kind.
    const fn nothing(refused: Vec<Refused>) -> Self {
        Self { records: Vec::new(), refused, of_its_kind: false }
    }
}

/// The text of a file in UTF-8 of at most `limit` bytes, without its byte order mark. How a file comes to be in another
/// encoding, and how that is mended, depends on its kind.
fn text_of(bytes: &[u8], limit: usize, not_utf8: ImportFault) -> Result<&str, Refused> {
    if bytes.len() > limit {
        return Err(Refused::new(1, "", ImportFault::TooLarge));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Refused::new(line_after(good), "", not_utf8)
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.trim().is_empty() { Err(Refused::new(1, "", ImportFault::Empty)) } else { Ok(text) }
}

/// The number of the line that comes to stand after these bytes.
fn line_after(bytes: &[u8]) -> u32 {
    let breaks = bytes.iter().filter(|byte| **byte == b'\n').count();
    u32::try_from(breaks).unwrap_or(u32::MAX - 1) + 1
}

domain::faults! {
    /// What can be wrong with the form of any file.
    pub enum ImportFault {
        TooLarge: TooLarge "import.too-large"
            en "The file is larger than an import of this kind may be. Split it."
            nl "Het bestand is groter dan een import van deze soort mag zijn. Splits het.",
        Empty: Invalid "import.empty"
            en "The file is empty."
            nl "Het bestand is leeg.",
        NotUtf8: Invalid "import.not-utf8"
            en "The file is not in UTF-8, the line says from where on. In Excel, save it as CSV UTF-8."
            nl "Het bestand is niet in UTF-8; de regel zegt vanaf waar. Bewaar het in Excel als CSV UTF-8.",
        XmlNotUtf8: Invalid "import.xml-not-utf8"
            en "The XML is not in UTF-8, the line says from where on. Export or download it again, in UTF-8."
            nl "De XML is niet in UTF-8; de regel zegt vanaf waar. Exporteer of download haar opnieuw, in UTF-8.",
        NotXml: Invalid "import.not-xml"
            en "The file is no well-formed XML, the line says from where on."
            nl "Het bestand is geen welgevormde XML; de regel zegt vanaf waar.",
        Truncated: Invalid "import.truncated"
            en "The file ends before its outermost element does. Export or upload it again."
            nl "Het bestand houdt op voor het buitenste element is afgesloten. Exporteer of upload het opnieuw.",
        Doctype: Invalid "import.doctype"
            en "The file declares a document type or entities. Remove the declaration; an export has none."
            nl "Het bestand declareert een documenttype of entiteiten. Verwijder de declaratie; een export heeft er geen.",
        Entity: Invalid "import.entity"
            en "The file uses an entity that is not one of the five of XML itself. An export uses none."
            nl "Het bestand gebruikt een entiteit die niet een van de vijf van XML zelf is. Een export gebruikt er geen.",
        TooComplex: Invalid "import.too-complex"
            en "The file nests deeper, or has more elements or attributes, than an export can have."
            nl "Het bestand is dieper genest, of heeft meer elementen of attributen, dan een export kan hebben.",
        HeaderUnknown: Invalid "import.header-unknown"
            en "The first line is not the header of a format that can be imported here. See the description of imports."
            nl "De eerste regel is niet de kop van een formaat dat hier ingelezen kan worden. Zie de beschrijving van imports.",
        ColumnMissing: Invalid "import.column-missing"
            en "The header lacks this column."
            nl "In de kop ontbreekt deze kolom.",
        ColumnRepeated: Invalid "import.column-repeated"
            en "The header has this column more than once."
            nl "De kop heeft deze kolom meer dan eens.",
        TooManyRows: TooLarge "import.too-many-rows"
            en "The file has more rows than an import of this kind may have. Split it."
            nl "Het bestand heeft meer rijen dan een import van deze soort mag hebben. Splits het.",
        FieldsDiffer: Invalid "import.fields-differ"
            en "The row has another number of fields than the header. Check its separators and quotation marks."
            nl "De rij heeft een ander aantal velden dan de kop. Controleer scheidingstekens en aanhalingstekens.",
        FieldMissing: Invalid "import.field-missing"
            en "This field may not be empty."
            nl "Dit veld mag niet leeg zijn.",
        FieldTooLong: Invalid "import.field-too-long"
            en "This field is longer than it may be."
            nl "Dit veld is langer dan het mag zijn.",
        CharacterRefused: Invalid "import.character-refused"
            en "This field holds a line break, a control character or one that turns the direction of writing."
            nl "Dit veld bevat een regeleinde, een besturingsteken of een teken dat de schrijfrichting omkeert.",
        DateInvalid: Invalid "import.date-invalid"
            en "This is no possible date here. A date is written as 2026-08-01."
            nl "Dit is hier geen mogelijke datum. Een datum wordt geschreven als 2026-08-01.",
        MomentInvalid: Invalid "import.moment-invalid"
            en "This is no moment. A moment is written as 2026-08-01T09:30:00Z, or with another offset."
            nl "Dit is geen moment. Een moment wordt geschreven als 2026-08-01T09:30:00Z, of met een andere afwijking.",
        NumberInvalid: Invalid "import.number-invalid"
            en "This must be a whole number within what is possible here."
            nl "Dit moet een geheel getal zijn binnen wat hier mogelijk is.",
        WordUnknown: Invalid "import.word-unknown"
            en "This is none of the words that can stand here. See the description of imports."
            nl "Dit is geen van de woorden die hier kunnen staan. Zie de beschrijving van imports.",
        CreboInvalid: Invalid "import.crebo-invalid"
            en "A crebo has five digits."
            nl "Een crebo heeft vijf cijfers.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of the optional real data, or none with a line that says so.
    pub fn real(path: &str) -> Option<Vec<u8>> {
        let found = std::env::var_os("LEERLOOPBAAN_SHARED").map(|folder| std::path::Path::new(&folder).join("data").join(path));
        match found {
            Some(path) => Some(std::fs::read(path).unwrap()),
            None => {
                println!("skipped: LEERLOOPBAAN_SHARED names no folder with real data");
                None
            }
        }
    }

    /// Line, field and code of every refusal.
    pub fn told<T>(read: &Read<T>) -> Vec<(u32, &str, &'static str)> {
        read.refused.iter().map(|refused| (refused.line, refused.field.as_str(), refused.fault.code)).collect()
    }

    #[test]
    fn a_file_in_another_encoding_is_refused_at_its_first_strange_line() {
        let refused = text_of(b"naam\nAn\xE9", 100, ImportFault::NotUtf8).unwrap_err();
        assert_eq!((refused.line, refused.fault.code), (2, "import.not-utf8"));
    }

    #[test]
    fn an_empty_file_a_mark_alone_and_a_file_too_large_are_refused() {
        assert_eq!(text_of(b"", 100, ImportFault::NotUtf8).unwrap_err().fault.code, "import.empty");
        assert_eq!(text_of(b"\xEF\xBB\xBF \r\n", 100, ImportFault::NotUtf8).unwrap_err().fault.code, "import.empty");
        assert_eq!(text_of(b"12345", 4, ImportFault::NotUtf8).unwrap_err().fault.code, "import.too-large");
        assert_eq!(text_of(b"\xEF\xBB\xBFnaam", 100, ImportFault::NotUtf8).unwrap(), "naam");
    }

    #[test]
    fn no_code_is_given_to_two_faults() {
        let mut codes: Vec<_> = [ImportFault::ALL, roster::RosterFault::ALL, domain::curriculum::CurriculumFault::ALL]
            .into_iter()
            .flatten()
            .map(|fault| fault.code)
            .collect();
        codes.sort_unstable();
        assert!(codes.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
