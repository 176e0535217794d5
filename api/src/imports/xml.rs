//! Opens XML from outside: no document types, no entities, and never more depth or breadth than an export has.

use roxmltree::{Document, Error, ParsingOptions};

use super::{ImportFault, Refused, line_after};

/// What the exports that we know stay far below: 16 deep, 11 attributes, 2,000 elements.
const DEPTH: usize = 40;
const ATTRIBUTES: usize = 30;
const ELEMENTS: usize = 200_000;
/// Text and comments count as nodes too.
const NODES: u32 = 1_000_000;
/// An export declares none at all.
const NAMESPACES: usize = 8;

/// The document that this text is.
pub fn open(text: &str) -> Result<Document<'_>, Refused> {
    examine(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let (fault, line) = match error {
            Error::DtdDetected => (ImportFault::Doctype, 1),
            Error::UnknownEntityReference(..) | Error::MalformedEntityReference(_) => (ImportFault::Entity, error.pos().row),
            Error::NodesLimitReached | Error::AttributesLimitReached | Error::NamespacesLimitReached => {
                (ImportFault::TooComplex, 1)
            }
            Error::UnclosedRootNode | Error::UnexpectedEndOfStream => (ImportFault::Truncated, line_after(text.as_bytes())),
            _ => (ImportFault::NotXml, error.pos().row),
        };
        Refused::new(line, "", fault)
    })
}

/// Refuses what would cost the parser more than the file is worth: it compares every attribute of an element
/// with every other, and keeps every namespace for every element that could use it.
fn examine(text: &str) -> Result<(), Refused> {
    let at = |place: usize, fault| Err(Refused::new(line_after(text.as_bytes().get(..place).unwrap_or_default()), "", fault));
    if text.matches("xmlns").count() > NAMESPACES {
        return at(0, ImportFault::TooComplex);
    }
    let (mut place, mut depth, mut elements) = (0, 0_usize, 0);
    while let Some(found) = text.get(place..).and_then(|rest| rest.find('<')) {
        place += found;
        let rest = text.get(place..).unwrap_or_default();
        let skipped = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("</", ">")];
        if let Some((opening, closing)) = skipped.into_iter().find(|(opening, _)| rest.starts_with(opening)) {
            depth = depth.saturating_sub(usize::from(opening == "</"));
            match rest.find(closing) {
                Some(end) => place += end + closing.len(),
                // Never closed: where exactly, the parser can tell.
                None => return Ok(()),
            }
            continue;
        }
        if rest.starts_with("<!") {
            return at(place, ImportFault::Doctype);
        }
        let tag = Tag::at_start_of(rest);
        elements += 1;
        depth += usize::from(!tag.empty);
        if depth > DEPTH || elements > ELEMENTS || tag.attributes > ATTRIBUTES {
            return at(place, ImportFault::TooComplex);
        }
        place += tag.length;
    }
    Ok(())
}

/// The opening tag of an element, as far as it can be told without parsing.
struct Tag {
    /// In bytes.
    length: usize,
    attributes: usize,
    /// Whether the element ends in its own opening tag.
    empty: bool,
}

impl Tag {
    fn at_start_of(text: &str) -> Self {
        let mut tag = Self { length: text.len(), attributes: 0, empty: false };
        let mut quote = None;
        let mut before = b'<';
        for (place, byte) in text.bytes().enumerate() {
            match (quote, byte) {
                (Some(open), byte) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'=') => tag.attributes += 1,
                (None, b'>') => {
                    tag.length = place + 1;
                    tag.empty = before == b'/';
                    break;
                }
                (None, _) => {}
            }
            before = byte;
        }
        tag
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (u32, &'static str) {
        let refused = open(text).unwrap_err();
        (refused.line, refused.fault.code)
    }

    #[test]
    fn a_document_type_or_an_entity_is_refused_wherever_it_stands() {
        let billion = "<?xml version=\"1.0\"?>\n<!-- <!DOCTYPE no> -->\n<!DOCTYPE sbb [<!ENTITY a \"&b;&b;\">]>\n<sbb>&a;</sbb>";
        assert_eq!(refused(billion), (3, "import.doctype"));
        assert_eq!(refused("<!DOCTYPE sbb>\n<sbb/>"), (1, "import.doctype"));
        assert_eq!(refused("<sbb>\n<dossier titel='&secret;'/></sbb>"), (2, "import.entity"));
        assert_eq!(refused("<sbb>\n&secret;</sbb>"), (2, "import.entity"));
        assert!(open("<sbb t='a > b'><![CDATA[<!DOCTYPE x>&secret;]]>&lt;&#233;</sbb>").is_ok());
    }

    #[test]
    fn what_is_no_xml_or_was_cut_off_is_refused_where_it_fails() {
        assert_eq!(refused("{\"sbb\": []}"), (1, "import.not-xml"));
        assert_eq!(refused("naam,klas\nEva,3B\n"), (1, "import.not-xml"));
        assert_eq!(refused("<sbb>\n<a>\n</b></sbb>"), (3, "import.not-xml"));
        assert_eq!(refused("<sbb>\n<a>\n</a>"), (3, "import.truncated"));
        for cut in ["<sbb><a", "<sbb><a b='", "<sbb><![CDATA[x", "<sbb><!-- x", "<sbb/"] {
            assert!(matches!(refused(cut).1, "import.not-xml" | "import.truncated"), "{cut}");
        }
    }

    #[test]
    fn a_file_deeper_or_broader_than_any_export_is_refused_before_it_is_parsed() {
        let deep = "<a>".repeat(DEPTH + 1) + &"</a>".repeat(DEPTH + 1);
        assert_eq!(refused(&deep).1, "import.too-complex");
        assert!(open(&("<a>".repeat(DEPTH) + &"</a>".repeat(DEPTH))).is_ok());
        let attributes: String = (0..=ATTRIBUTES).map(|n| format!(" a{n}='='")).collect();
        assert_eq!(refused(&format!("<a{attributes}/>")).1, "import.too-complex");
        assert_eq!(refused(&format!("<a>\n{}</a>", "<b/>".repeat(ELEMENTS))), (2, "import.too-complex"));
        assert_eq!(refused(&format!("<a>{}</a>", "<b xmlns='c'/>".repeat(NAMESPACES + 1))).1, "import.too-complex");
    }
}
