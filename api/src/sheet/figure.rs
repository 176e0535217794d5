//! The shapes of a picture, on paper.

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Rect};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, LineJoin, Paint, Stroke, StrokeDash};
use krilla::surface::Surface;

use super::typesetting::Typefaces;
use crate::picture::drawing::{Anchor, Colour, Shape};

/// By which the radius of a circle is lengthened to the control points of a quarter of it.
const QUARTER: f64 = 0.552_284_75;

pub fn paint(Colour(red, green, blue): Colour) -> Paint {
    rgb::Color::new(red, green, blue).into()
}

pub fn filled(colour: Colour, opacity: f64) -> Fill {
    let opacity = NormalizedF32::new(opacity as f32).unwrap_or(NormalizedF32::ONE);
    Fill { paint: paint(colour), opacity, ..Fill::default() }
}

pub fn draw(surface: &mut Surface<'_>, shape: &Shape, typefaces: &Typefaces) {
    match shape {
        Shape::Rectangle { corner: (x, y), size: (width, height), fill, .. } => {
            let rectangle = Rect::from_xywh(*x as f32, *y as f32, *width as f32, *height as f32);
            let mut path = PathBuilder::new();
            if let Some(rectangle) = rectangle {
                path.push_rect(rectangle);
            }
            put(surface, path.finish(), Some(filled(*fill, 1.0)), None);
        }
        Shape::Circle { centre, radius, fill, edge } => {
            put(surface, circle(*centre, *radius), Some(filled(*fill, 1.0)), Some(stroke(*edge, 1.0, false)));
        }
        Shape::Path { points, closed, fill, stroke: colour, width, dashed } => {
            let mut path = PathBuilder::new();
            for (place, (x, y)) in points.iter().enumerate() {
                if place == 0 { path.move_to(*x as f32, *y as f32) } else { path.line_to(*x as f32, *y as f32) }
            }
            if *closed {
                path.close();
            }
            let fill = fill.map(|(colour, part)| filled(colour, part));
            put(surface, path.finish(), fill, Some(stroke(*colour, *width, *dashed)));
        }
        Shape::Text { at: (x, y), anchor, size, bold, colour, text } => {
            let size = *size as f32;
            let wide = typefaces.width(text, size, *bold);
            let before = match anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => wide / 2.0,
                Anchor::End => wide,
            };
            surface.set_stroke(None);
            surface.set_fill(Some(filled(*colour, 1.0)));
            typefaces.draw(surface, (*x as f32 - before, *y as f32), text, size, *bold);
        }
    }
}

fn stroke(colour: Colour, width: f64, dashed: bool) -> Stroke {
    let dash = dashed.then(|| StrokeDash { array: vec![6.0, 4.0], offset: 0.0 });
    Stroke { paint: paint(colour), width: width as f32, line_join: LineJoin::Round, dash, ..Stroke::default() }
}

fn put(surface: &mut Surface<'_>, path: Option<Path>, fill: Option<Fill>, stroke: Option<Stroke>) {
    if let Some(path) = path {
        surface.set_fill(fill);
        surface.set_stroke(stroke);
        surface.draw_path(&path);
    }
}

fn circle((x, y): (f64, f64), radius: f64) -> Option<Path> {
    let control = radius * QUARTER;
    let mut path = PathBuilder::new();
    path.move_to((x + radius) as f32, y as f32);
    // Each quarter goes from one direction to the next.
    for ((from_x, from_y), (to_x, to_y)) in
        [((1.0, 0.0), (0.0, 1.0)), ((0.0, 1.0), (-1.0, 0.0)), ((-1.0, 0.0), (0.0, -1.0)), ((0.0, -1.0), (1.0, 0.0))]
    {
        path.cubic_to(
            (x + from_x * radius + to_x * control) as f32,
            (y + from_y * radius + to_y * control) as f32,
            (x + to_x * radius + from_x * control) as f32,
            (y + to_y * radius + from_y * control) as f32,
            (x + to_x * radius) as f32,
            (y + to_y * radius) as f32,
        );
    }
    path.close();
    path.finish()
}
