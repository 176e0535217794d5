//! Bodies of JSON as we take them: nested within reason, and with every member once.

use std::cell::RefCell;
use std::fmt;

use domain::kernel::Finding;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::faults::HttpFault;
use super::problem::Problem;
use super::shape::escape;

const DEPTH_LIMIT: usize = 32;

/// Reads one JSON document. A member that stands twice is refused: programs differ in which of the two they take
/// (RFC 8259 section 4).
///
/// # Errors
/// [`HttpFault::NotJson`], or [`HttpFault::Twice`] for every member that is there again.
pub fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    if is_too_deep(bytes) {
        return Err(HttpFault::NotJson.into());
    }
    let found = RefCell::new(Vec::new());
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Once { pointer: String::new(), found: &found }.deserialize(&mut reader);
    let value = value.and_then(|value| reader.end().map(|()| value)).map_err(|_| HttpFault::NotJson)?;
    let found = found.into_inner();
    if found.is_empty() { Ok(value) } else { Err(Problem::findings(found)) }
}

fn is_too_deep(bytes: &[u8]) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match (in_text, escaped, byte) {
            (true, true, _) => escaped = false,
            (true, false, b'\\') => escaped = true,
            (_, false, b'"') => in_text = !in_text,
            (false, _, b'{' | b'[') => depth += 1,
            (false, _, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_LIMIT {
            return true;
        }
    }
    false
}

/// A value at this place, each of whose members is to be there once.
struct Once<'f> {
    pointer: String,
    found: &'f RefCell<Vec<Finding>>,
}

impl Once<'_> {
    fn below(&self, name: &str) -> Self {
        Self { pointer: format!("{}/{}", self.pointer, escape(name)), found: self.found }
    }
}

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    /// `3.0` is as much an integer as `3` (JSON Schema, validation, section 6.1.1).
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        Ok(if value.fract() == 0.0 && value.abs() <= EXACT { Value::from(value as i64) } else { value.into() })
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(self.below(&all.len().to_string()))? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let place = self.below(&name);
            let pointer = place.pointer.clone();
            let value = members.next_value_seed(place)?;
            if all.insert(name, value).is_some() {
                self.found.borrow_mut().push(HttpFault::Twice.at(pointer));
            }
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<&'static str> {
        parse(text.as_bytes()).err().map(|problem| problem.fault().code)
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let text = r#"{"a": [1, -2, 1.5, "x", true, null, {}], "b": {"a": "é"}}"#;
        assert_eq!(parse(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn a_number_without_a_fraction_is_an_integer_however_it_is_written() {
        let text = "[3.0, -0.0, 1e2, 2.5, 1e300]";
        assert_eq!(parse(text.as_bytes()).unwrap(), serde_json::json!([3, 0, 100, 2.5, 1e300]));
    }

    #[test]
    fn a_member_that_stands_twice_is_refused_wherever_it_is() {
        assert_eq!(code(r#"{"a": 1, "a": 1}"#), Some("request.invalid"));
        assert_eq!(code(r#"{"b": [{"a": 1, "c": {}, "\u0061": 2}]}"#), Some("request.invalid"));
        assert_eq!(code(r#"[{"a": 1}, {"a": 1}]"#), None);
    }

    #[test]
    fn what_is_no_document_or_too_deep_is_refused() {
        for text in ["", "{", "{} {}", "{\"a\"}", "nul", "1e999"] {
            assert_eq!(code(text), Some("request.not-json"), "{text}");
        }
        assert_eq!(code(&("[".repeat(32) + &"]".repeat(32))), None);
        assert_eq!(code(&("[".repeat(33) + &"]".repeat(33))), Some("request.not-json"));
    }
}
