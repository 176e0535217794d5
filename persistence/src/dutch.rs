//! Dutch text as search compares it. What is kept and what is asked go through this one normaliser, on both databases:
//! accents folded, words split, words that stand in every text left out, and of the others the stem (Snowball's for Dutch).

use domain::kernel::text::folded;
use snowball_stemmers_rs::{Algorithm, Stemmer};

/// Words that tell nothing of what a text is about (after Snowball's list for Dutch), folded.
const SAY_NOTHING: [&str; 101] = [
    "de", "en", "van", "ik", "te", "dat", "die", "in", "een", "hij", "het", "niet", "zijn", "is", "was", "op", "aan", "met",
    "als", "voor", "had", "er", "maar", "om", "hem", "dan", "zou", "of", "wat", "mijn", "men", "dit", "zo", "door", "over", "ze",
    "zich", "bij", "ook", "tot", "je", "mij", "uit", "der", "daar", "haar", "naar", "heb", "hoe", "heeft", "hebben", "deze", "u",
    "want", "nog", "zal", "me", "zij", "nu", "ge", "geen", "omdat", "iets", "worden", "toch", "al", "waren", "veel", "meer",
    "doen", "toen", "moet", "ben", "zonder", "kan", "hun", "dus", "alles", "onder", "ja", "eens", "hier", "wie", "werd",
    "altijd", "doch", "wordt", "wezen", "kunnen", "ons", "zelf", "tegen", "na", "reeds", "wil", "kon", "niets", "uw", "iemand",
    "geweest", "andere",
];

/// Longer words are cut: nobody asks for more.
const LETTERS_AT_MOST: usize = 40;

/// The stems of the words in a text, in their order.
pub fn stems(text: &str) -> Vec<String> {
    let folded = folded(text);
    let stemmer = Stemmer::create(Algorithm::Dutch);
    let words = folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    let telling = words.filter(|word| !SAY_NOTHING.contains(word));
    telling.map(|word| stemmer.stem(word).chars().take(LETTERS_AT_MOST).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_a_dutch_reader_takes_for_the_same_have_the_same_stem() {
        for (one, other) in [
            ("stage", "stages"),
            ("werken", "werkt"),
            ("opdracht", "opdrachten"),
            ("collega's", "collega"),
            ("geïnteresseerd", "geinteresseerd"),
            ("Ideeën", "ideeen"),
            ("leerling", "leerlingen"),
            ("vriendelijk", "vriendelijke"),
        ] {
            let stem = |word| stems(word).first().cloned();
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
    }

    #[test]
    fn what_says_nothing_is_left_out_and_the_rest_stays_in_order() {
        assert_eq!(stems("Ik heb het over mijn stage en de zorg!"), [stems("stage"), stems("zorg")].concat());
        assert_eq!(stems("de het een, van — !"), Vec::<String>::new());
        assert_eq!(stems(&"a".repeat(500)).first().map(String::len), Some(40));
    }

    #[test]
    fn a_stem_is_letters_and_digits_alone() {
        for text in ["B1-K1 \"aan\" AND (NEAR) 'x' * : ^ \\ – ½ ², ’s-Hertogenbosch", "日本 العربية Ωμέγα", "a\u{0}b"]
        {
            let plain = |stem: &String| !stem.is_empty() && stem.chars().all(char::is_alphanumeric);
            assert!(stems(text).iter().all(plain), "{:?}", stems(text));
        }
    }
}
