//! Makes plain text of what dossiers hold: bits of HTML, some of it escaped twice, and whatever people pasted.

/// Elements that begin a new line.
const BLOCKS: [&str; 16] =
    ["br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "labeltext", "li", "ol", "p", "table", "tr", "ul", "xhtml"];
/// Elements within a line.
const INLINE: [&str; 13] = ["a", "b", "em", "font", "i", "s", "span", "strong", "sub", "sup", "tbody", "td", "u"];

/// Lines of text, with no more than one empty line between them; a list item begins with a hyphen.
pub fn prose(raw: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in without_tags(&without_entities(raw)).split(['\n', '\u{2028}', '\u{2029}']).map(line) {
        let after_empty = lines.last().is_none_or(String::is_empty);
        if !(line.is_empty() && after_empty) {
            lines.push(line);
        }
    }
    lines.join("\n").trim_end().to_owned()
}

/// All on one line, with single spaces.
pub fn line(raw: &str) -> String {
    raw.split_whitespace()
        .map(|word| word.chars().filter(|character| shows(*character)).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether a character is text, and not a command to a terminal or to the direction of writing.
fn shows(character: char) -> bool {
    !character.is_control() && !matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn without_entities(text: &str) -> String {
    const ENTITIES: [(&str, char); 6] = [("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", ' '), ("amp", '&')];
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let named = ENTITIES.iter().find_map(|(name, meant)| Some((*meant, after.strip_prefix(name)?.strip_prefix(';')?)));
        let (meant, left) = named.unwrap_or(('&', after));
        plain.push(meant);
        rest = left;
    }
    plain + rest
}

fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    // Beyond it no tag can end, and none needs looking for.
    let last_end = text.rfind('>').unwrap_or(0);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<').filter(|(_, after)| text.len() - after.len() <= last_end) {
        plain.push_str(before);
        match tag(after) {
            Some((name, left)) => {
                if BLOCKS.contains(&name.as_str()) {
                    plain.push('\n');
                }
                if name == "li" && !after.starts_with('/') {
                    plain.push_str("- ");
                }
                rest = left;
            }
            // A less-than sign that somebody wrote.
            None => {
                plain.push('<');
                rest = after;
            }
        }
    }
    plain + rest
}

/// The name of the HTML tag that begins here, after its `<`, and what follows it.
fn tag(text: &str) -> Option<(String, &str)> {
    let name = text.strip_prefix('/').unwrap_or(text);
    let name: String = name.chars().take(12).take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let known = BLOCKS.contains(&name.as_str()) || INLINE.contains(&name.as_str());
    let (_, after) = known.then(|| text.split_once('>')).flatten()?;
    Some((name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_html_becomes_lines_of_text() {
        let raw = "<labeltext>\n   &lt;h1&gt;Leeswijzer&lt;/h1&gt;\n &lt;p&gt;Eén &amp; twee.&lt;/p&gt;\n&lt;ul&gt;&lt;li type=\"1\"&gt;rekenen;&lt;/li&gt;\n  &lt;li&gt;taal.&lt;/li&gt;&lt;/ul&gt;&lt;br&gt;klaar </labeltext>";
        assert_eq!(prose(raw), "Leeswijzer\n\nEén & twee.\n\n- rekenen;\n\n- taal.\n\nklaar");
    }

    #[test]
    fn what_people_wrote_stays_as_they_wrote_it() {
        assert_eq!(
            prose("0 < 4 jaar en R&D, 5 > 3\r\n\r\n\r\n- tweede\tregel  \n"),
            "0 < 4 jaar en R&D, 5 > 3\n\n- tweede regel"
        );
        assert_eq!(prose("<onbekend> blijft, <b>vet</b> niet"), "<onbekend> blijft, vet niet");
        assert_eq!(prose("&amp;lt;p&amp;gt;"), "&lt;p&gt;");
        assert_eq!(prose("a&b &lt"), "a&b &lt");
    }

    #[test]
    fn signs_that_do_not_show_are_left_out() {
        assert_eq!(line("Voert  uit\u{A0}\u{202E}en\u{7}\n af "), "Voert uit en af");
        assert_eq!(prose(" \u{202E} \n\t"), "");
    }
}
