//! A drawing as SVG 1.1: no script, no style sheet, nothing that is fetched. Numbers have one decimal.

use std::fmt::{self, Display, Formatter};

use super::drawing::{Anchor, Colour, Drawing, Shape, WIDTH};

/// A whole document, in this language, with what it is called and what it shows for who does not see it.
pub fn document(drawing: &Drawing, language: &str, title: &str, description: &str) -> String {
    let (height, ground) = (drawing.height(), drawing.colours.ground);
    let shapes: String = drawing.shapes.iter().map(|shape| format!("{shape}\n")).collect();
    let (title, description) = (Escaped(title), Escaped(description));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:lang=\"{language}\" lang=\"{language}\" role=\"img\" \
         aria-labelledby=\"title description\" width=\"{WIDTH:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\" \
         font-family=\"'Noto Sans', system-ui, 'Segoe UI', Roboto, Arial, sans-serif\">\n\
         <title id=\"title\">{title}</title>\n<desc id=\"description\">{description}</desc>\n\
         <rect width=\"{WIDTH:.0}\" height=\"{height:.0}\" fill=\"{ground}\"/>\n{shapes}</svg>\n"
    )
}

impl Display for Colour {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

impl Display for Shape {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rectangle { corner: (x, y), size: (width, height), round, fill } => {
                write!(
                    out,
                    "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{round}\" fill=\"{fill}\"/>"
                )
            }
            Self::Circle { centre: (x, y), radius, fill, edge } => {
                write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{fill}\" stroke=\"{edge}\"/>")
            }
            Self::Path { points, closed, fill, stroke, width, dashed } => {
                let name = if *closed { "polygon" } else { "polyline" };
                let places: Vec<_> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
                write!(
                    out,
                    "<{name} points=\"{}\" stroke=\"{stroke}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"",
                    places.join(" ")
                )?;
                match fill {
                    None => write!(out, " fill=\"none\"")?,
                    Some((colour, whole)) if *whole >= 1.0 => write!(out, " fill=\"{colour}\"")?,
                    Some((colour, part)) => write!(out, " fill=\"{colour}\" fill-opacity=\"{part}\"")?,
                }
                write!(out, "{}/>", if *dashed { " stroke-dasharray=\"6 4\"" } else { "" })
            }
            Self::Text { at: (x, y), anchor, size, bold, colour, text } => {
                let anchor = match anchor {
                    Anchor::Start => "",
                    Anchor::Middle => " text-anchor=\"middle\"",
                    Anchor::End => " text-anchor=\"end\"",
                };
                let weight = if *bold { " font-weight=\"700\"" } else { "" };
                let text = Escaped(text);
                write!(
                    out,
                    "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\"{weight}{anchor} fill=\"{colour}\">{text}</text>"
                )
            }
        }
    }
}

/// As text of XML 1.0.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => out.write_str(" ")?,
                letter => write!(out, "{letter}")?,
            }
        }
        Ok(())
    }
}
