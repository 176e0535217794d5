//! Takes a Dutch name apart: given name, prefix (tussenvoegsel), family name.

/// A name in three parts, each as it was written.
#[derive(Debug, PartialEq, Eq)]
pub struct FullName {
    pub given: String,
    pub prefix: Option<String>,
    pub family: String,
}

/// What can stand before a family name, in lower case and with a straight apostrophe.
const PREFIXES: [&str; 55] = [
    "aan de", "aan den", "aan der", "aan het", "aan 't", "al", "bij de", "bij het", "bij 't", "d'", "da", "de", "de la", "de l'",
    "del", "den", "der", "des", "di", "dos", "du", "el", "het", "in de", "in den", "in der", "in het", "in 't", "onder de",
    "op de", "op den", "op der", "op het", "op 't", "op ten", "over de", "'s", "'t", "te", "ten", "ter", "tot", "uit de",
    "uit den", "uit het", "uit 't", "van", "van de", "van den", "van der", "van het", "van 't", "von", "von der", "voor de",
];

/// The most words that a prefix has.
const LONGEST: usize = 2;

/// The parts of a name such as `Joris de Groot`.
///
/// The first words that are a prefix, after at least one word and before at least one, divide the name; without
/// any, the last word is the family name. A name of one word, one that begins with a prefix in lower case, and one
/// with a comma are not taken apart: guessing would give somebody a wrong name.
pub fn split(name: &str) -> Option<FullName> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let begins_with_prefix = words.first().is_some_and(|word| PREFIXES.contains(&straight(word).as_str()));
    if words.len() < 2 || name.contains(',') || begins_with_prefix {
        return None;
    }
    let (from, to) = prefix_in(&words).unwrap_or((words.len() - 1, words.len() - 1));
    let joined = |from: usize, to: usize| words.get(from..to).unwrap_or_default().join(" ");
    let prefix = joined(from, to);
    Some(FullName { given: joined(0, from), prefix: (!prefix.is_empty()).then_some(prefix), family: joined(to, words.len()) })
}

/// Which words are the first prefix, the longest that it can be.
fn prefix_in(words: &[&str]) -> Option<(usize, usize)> {
    (1..words.len()).find_map(|from| {
        let to = (from + 1..=from + LONGEST).rev().filter(|to| *to < words.len()).find(|to| {
            let candidate = words.get(from..*to).unwrap_or_default().join(" ").to_lowercase();
            PREFIXES.contains(&straight(&candidate).as_str())
        })?;
        Some((from, to))
    })
}

fn straight(text: &str) -> String {
    text.replace(['\u{2018}', '\u{2019}', '`'], "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_no_part_of_the_family_name() {
        for (name, given, prefix, family) in [
            ("Eva Dijkstra", "Eva", None, "Dijkstra"),
            ("Joris de Groot", "Joris", Some("de"), "Groot"),
            ("Sara van der Berg", "Sara", Some("van der"), "Berg"),
            ("B. van 't Hof", "B.", Some("van 't"), "Hof"),
            ("Kees in ’t Veld", "Kees", Some("in ’t"), "Veld"),
            ("Anna Maria op de Beek", "Anna Maria", Some("op de"), "Beek"),
            ("Youssef El Amrani", "Youssef", Some("El"), "Amrani"),
            ("Anne de Vries-van der Berg", "Anne", Some("de"), "Vries-van der Berg"),
            ("Jan van den Berg op Zoom", "Jan", Some("van den"), "Berg op Zoom"),
            ("Ali  ben  Salah", "Ali ben", None, "Salah"),
            ("El Mahdi Benali", "El Mahdi", None, "Benali"),
            ("Piet ten", "Piet", None, "ten"),
        ] {
            let expected = FullName { given: given.into(), prefix: prefix.map(Into::into), family: family.into() };
            assert_eq!(split(name), Some(expected), "{name}");
        }
    }

    #[test]
    fn a_name_that_can_only_be_guessed_is_not_taken_apart() {
        for name in ["", "Madonna", "de Groot", "van der Berg", "Groot, Joris de"] {
            assert_eq!(split(name), None, "{name}");
        }
    }
}
