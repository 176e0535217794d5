//! Tables of comma- or semicolon-separated values: rows whose fields are parsed one by one, noting every fault.

use std::ops::Range;

use csv::{ReaderBuilder, StringRecord};
use domain::kernel::{Fault, Text};

use super::{ImportFault, Refused, line_after, text_of};

/// The most characters that a field may have.
const FIELD: usize = 200;
/// The most columns that a header may have.
const COLUMNS: usize = 200;

/// How much of a table is read at all.
#[derive(Clone, Copy)]
pub struct Limits {
    pub bytes: usize,
    pub rows: usize,
}

/// One line of values and what it is called in the header.
pub struct Table {
    header: Vec<String>,
    lines: Vec<(u32, StringRecord)>,
}

impl Table {
    /// All rows of a file. The separator is whichever the header has more of; blank rows are no rows.
    pub fn read(bytes: &[u8], limits: Limits) -> Result<Self, Refused> {
        let text = text_of(bytes, limits.bytes, ImportFault::NotUtf8)?;
        let first = text.trim_start().lines().next().unwrap_or_default();
        let delimiter = if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' };
        let mut rows = Rows::new(text, delimiter);
        let header = rows.next().map(|(_, record)| record.iter().map(|name| name.trim().to_owned()).collect::<Vec<_>>());
        let header =
            header.filter(|names| names.len() <= COLUMNS).ok_or_else(|| Refused::new(1, "", ImportFault::HeaderUnknown))?;
        let mut lines = Vec::new();
        for (line, record) in rows.filter(|(_, record)| record.iter().any(|field| !field.trim().is_empty())) {
            if lines.len() == limits.rows {
                return Err(Refused::new(line, "", ImportFault::TooManyRows));
            }
            lines.push((line, record));
        }
        Ok(Self { header, lines })
    }

    pub fn has(&self, column: &str) -> bool {
        self.header.iter().any(|name| name.eq_ignore_ascii_case(column))
    }

    /// The columns of a format where they stand in this table, or what is wrong with the header.
    pub fn columns(&self, needed: &[&'static str], optional: &[&'static str]) -> Result<Columns, Vec<Refused>> {
        let mut refused = Vec::new();
        let mut places = Vec::new();
        for column in needed.iter().chain(optional) {
            let mut found = self.header.iter().enumerate().filter(|(_, name)| name.eq_ignore_ascii_case(column));
            match (found.next(), found.next()) {
                (Some((place, _)), None) => places.push((*column, place)),
                (Some(_), Some(_)) => refused.push(Refused::new(1, *column, ImportFault::ColumnRepeated)),
                (None, _) if needed.contains(column) => refused.push(Refused::new(1, *column, ImportFault::ColumnMissing)),
                (None, _) => {}
            }
        }
        if refused.is_empty() { Ok(Columns { places }) } else { Err(refused) }
    }

    /// Reads every row with `read`. A row with a fault in it gives no record, and all its faults.
    pub fn each<T>(&self, columns: &Columns, mut read: impl FnMut(&mut Row) -> Option<T>) -> super::Read<T> {
        let mut all = super::Read { records: Vec::new(), refused: Vec::new(), of_its_kind: true };
        for (line, record) in &self.lines {
            if record.len() != self.header.len() {
                all.refused.push(Refused::new(*line, "", ImportFault::FieldsDiffer));
                continue;
            }
            let mut row = Row { line: *line, record, columns, refused: Vec::new() };
            let taken = read(&mut row);
            if row.refused.is_empty() {
                all.records.extend(taken);
            } else {
                all.refused.append(&mut row.refused);
            }
        }
        all
    }
}

/// The records of a text, each with the line on which it begins.
struct Rows<'a> {
    text: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    /// A place in the text, and its line.
    counted: (usize, u32),
}

impl<'a> Rows<'a> {
    fn new(text: &'a str, delimiter: u8) -> Self {
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
        Self { text: text.as_bytes(), reader, counted: (0, 1) }
    }

    /// The reader's own line number does not count the blank lines that it skips before a record.
    fn line_at(&mut self, start: usize) -> u32 {
        let blank = self.bytes(start..self.text.len()).iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let (from, line) = self.counted;
        let line = line + line_after(self.bytes(from..start + blank)) - 1;
        self.counted = (start + blank, line);
        line
    }

    fn bytes(&self, range: Range<usize>) -> &'a [u8] {
        self.text.get(range).unwrap_or_default()
    }
}

impl Iterator for Rows<'_> {
    type Item = (u32, StringRecord);

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = StringRecord::new();
        // Reading from memory, of text known to be UTF-8, with any number of fields: it cannot fail but by ending.
        let read = self.reader.read_record(&mut record).unwrap_or(false);
        let start = record.position().map_or(0, csv::Position::byte);
        read.then(|| (self.line_at(usize::try_from(start).unwrap_or(usize::MAX / 2)), record))
    }
}

/// Where the columns of a format stand in a table.
pub struct Columns {
    places: Vec<(&'static str, usize)>,
}

/// One row, and what is wrong with it.
pub struct Row<'a> {
    pub line: u32,
    record: &'a StringRecord,
    columns: &'a Columns,
    refused: Vec<Refused>,
}

impl<'a> Row<'a> {
    pub fn refuse(&mut self, column: &str, fault: impl Into<Fault>) {
        self.refused.push(Refused::new(self.line, column, fault));
    }

    /// The field as `parse` understands it, or none where it is empty; `fault` where it cannot be understood.
    pub fn optional<T>(
        &mut self,
        column: &'static str,
        fault: impl Into<Fault>,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let field = self.field(column)?;
        let parsed = parse(field);
        if parsed.is_none() {
            self.refuse(column, fault);
        }
        parsed
    }

    /// The same for a field that may not be empty.
    pub fn required<T>(
        &mut self,
        column: &'static str,
        fault: impl Into<Fault>,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        if self.cell(column).is_none() {
            self.refuse(column, ImportFault::FieldMissing);
        }
        self.optional(column, fault, parse)
    }

    pub fn optional_text<const MAX: usize>(&mut self, column: &'static str) -> Option<Text<MAX>> {
        self.optional(column, ImportFault::FieldTooLong, Text::parse)
    }

    pub fn text<const MAX: usize>(&mut self, column: &'static str) -> Option<Text<MAX>> {
        self.required(column, ImportFault::FieldTooLong, Text::parse)
    }

    /// What stands in the column, unless it is blank or the table has no such column.
    fn cell(&self, column: &str) -> Option<&'a str> {
        let (_, place) = self.columns.places.iter().find(|(name, _)| *name == column)?;
        self.record.get(*place).map(str::trim).filter(|field| !field.is_empty())
    }

    /// The same, refused if no field may hold it.
    fn field(&mut self, column: &'static str) -> Option<&'a str> {
        let field = self.cell(column)?;
        let fault = if field.chars().count() > FIELD {
            Some(ImportFault::FieldTooLong)
        } else if Text::<FIELD>::parse(field).is_none() {
            Some(ImportFault::CharacterRefused)
        } else {
            None
        };
        match fault {
            Some(fault) => {
                self.refuse(column, fault);
                None
            }
            None => Some(field),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::{Read, tests::told};

    const LIMITS: Limits = Limits { bytes: 10_000, rows: 3 };

    fn read(text: &str) -> Result<Read<(u32, String)>, Vec<Refused>> {
        let table = Table::read(text.as_bytes(), LIMITS).map_err(|refused| vec![refused])?;
        let columns = table.columns(&["naam"], &["klas"])?;
        Ok(table.each(&columns, |row| {
            let (name, class) = (row.text::<20>("naam"), row.optional_text::<5>("klas"));
            Some((row.line, format!("{}/{}", name?.as_str(), class.as_ref().map_or("-", |class| class.as_str()))))
        }))
    }

    #[test]
    fn commas_semicolons_quotes_marks_and_line_endings_of_any_system_are_read() {
        let expected = vec![(2, "Eva, de/3B".to_owned()), (3, "Jan/-".to_owned())];
        for text in [
            "naam,klas\n\"Eva, de\",3B\nJan,\n",
            "naam;klas\r\nEva, de;3B\r\nJan;\r\n",
            "\u{FEFF}Klas;extra;NAAM\n3B;x;Eva, de\n;;Jan",
        ] {
            assert_eq!(read(text).unwrap(), Read { records: expected.clone(), refused: vec![], of_its_kind: true }, "{text}");
        }
    }

    #[test]
    fn blank_rows_are_no_rows_and_still_count_as_lines() {
        let rows = read("naam,klas\r\n\r\nEva,3B\n,\n\n\nJan,4C\n").unwrap();
        assert_eq!(rows.records, [(3, "Eva/3B".to_owned()), (7, "Jan/4C".to_owned())]);
    }

    #[test]
    fn every_fault_of_every_row_is_told() {
        let long = "x".repeat(201);
        let rows = read(&format!("naam,klas\n,123456\nEva,3B,9\n\"E\u{202E}va\",{long}\n")).unwrap();
        assert_eq!(rows.records, []);
        let expected = [
            (2, "naam", "import.field-missing"),
            (2, "klas", "import.field-too-long"),
            (3, "", "import.fields-differ"),
            (4, "naam", "import.character-refused"),
            (4, "klas", "import.field-too-long"),
        ];
        assert_eq!(told(&rows), expected);
    }

    #[test]
    fn a_header_that_lacks_or_repeats_a_column_is_refused() {
        let codes = |text: &str| read(text).unwrap_err().iter().map(|refused| refused.fault.code).collect::<Vec<_>>();
        assert_eq!(codes("klas,klas\n"), ["import.column-missing", "import.column-repeated"]);
        assert_eq!(codes("naam\n1\n2\n3\n4\n"), ["import.too-many-rows"]);
        assert_eq!(codes(&",".repeat(COLUMNS)), ["import.header-unknown"]);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_spoils_its_row_alone_if_nothing_follows() {
        let rows = read("naam,klas\nEva,3B\n\"Jan,4C\n").unwrap();
        assert_eq!((rows.records.len(), told(&rows)), (1, vec![(3, "", "import.fields-differ")]));
    }
}
