//! A radar: one spoke a competence, numbered, with the competences in words below it.

use std::f64::consts::TAU;

use domain::leermeter::RaterKind;

use super::Picture;
use super::drawing::{Anchor, Drawing, MARGIN, WIDTH, wrapped};
use super::words::Words;

const RADIUS: f64 = 112.0;
/// A radar of fewer has no surface.
const FEWEST: usize = 3;
/// Where the names of the competences begin.
const TEXT: f64 = MARGIN + 26.0;

pub fn draw(picture: &Picture, drawing: &mut Drawing, words: &Words) {
    legend(drawing, words);
    if picture.competences.len() >= FEWEST {
        web(picture, drawing);
    }
    drawing.space(8.0);
    for (number, drawn) in picture.competences.iter().enumerate() {
        drawing.space(6.0);
        let ink = drawing.colours.ink;
        for (place, line) in wrapped(drawn.name(), WIDTH - MARGIN - TEXT, 14.0, true).iter().enumerate() {
            drawing.space(18.0);
            let y = drawing.y;
            if place == 0 {
                drawing.text((TEXT - 8.0, y), Anchor::End, 14.0, true, ink, &(number + 1).to_string());
            }
            drawing.text((TEXT, y), Anchor::Start, 14.0, true, ink, line);
        }
        drawing.side_by_side(TEXT, &picture.seen(drawn, words), 13.0);
    }
}

fn legend(drawing: &mut Drawing, words: &Words) {
    let (y, ink) = (drawing.y + 18.0, drawing.colours.ink);
    drawing.through(vec![(MARGIN, y - 4.0), (MARGIN + 24.0, y - 4.0)], true, false);
    drawing.mark((MARGIN + 12.0, y - 4.0), RaterKind::Student);
    drawing.text((MARGIN + 30.0, y), Anchor::Start, 12.0, false, ink, words.own);
    drawing.through(vec![(MARGIN + 90.0, y - 4.0), (MARGIN + 114.0, y - 4.0)], false, false);
    drawing.mark((MARGIN + 102.0, y - 4.0), RaterKind::WorkplaceTrainer);
    drawing.text((MARGIN + 120.0, y), Anchor::Start, 12.0, false, ink, words.others_together);
    drawing.y = y;
}

fn web(picture: &Picture, drawing: &mut Drawing) {
    let centre = (WIDTH / 2.0, drawing.y + RADIUS + 34.0);
    let count = picture.competences.len();
    // The lowest level is a ring, too: the middle is no level.
    let levels = picture.scale.len().max(1) as f64;
    let at = |spoke: usize, ring: f64| {
        let angle = TAU * spoke as f64 / count as f64;
        (centre.0 + RADIUS * ring / levels * angle.sin(), centre.1 - RADIUS * ring / levels * angle.cos())
    };
    let (grid, muted, ink) = (drawing.colours.grid, drawing.colours.muted, drawing.colours.ink);
    for ring in 1..=picture.scale.len() {
        drawing.ring((0..count).map(|spoke| at(spoke, ring as f64)).collect());
    }
    for spoke in 0..count {
        drawing.line(centre, at(spoke, levels), grid, 1.0);
        let (x, y) = at(spoke, levels + 14.0 * levels / RADIUS);
        drawing.text((x, y + 4.0), Anchor::Middle, if count > 24 { 10.0 } else { 13.0 }, true, ink, &(spoke + 1).to_string());
    }
    for ring in 1..=picture.scale.len() {
        let (x, y) = at(0, ring as f64);
        drawing.text((x - 8.0, y + 4.0), Anchor::End, 11.0, false, muted, &ring.to_string());
    }
    for own in [false, true] {
        let places: Vec<_> = picture.competences.iter().map(|drawn| if own { drawn.own } else { drawn.others }).collect();
        let point = |spoke: usize| places[spoke].map(|place| at(spoke, place + 1.0));
        if places.iter().all(Option::is_some) {
            let all: Vec<_> = (0..count).filter_map(point).collect();
            drawing.through(all, own, true);
        } else {
            // A line runs from neighbour to neighbour only: what nobody saw is a gap, not the middle.
            for spoke in 0..count {
                if let (Some(from), Some(to)) = (point(spoke), point((spoke + 1) % count)) {
                    drawing.through(vec![from, to], own, false);
                }
            }
        }
        let kind = if own { RaterKind::Student } else { RaterKind::WorkplaceTrainer };
        for spoke in 0..count {
            if let Some(point) = point(spoke) {
                drawing.mark(point, kind);
            }
        }
    }
    let lowest = (0..count).map(|spoke| at(spoke, levels).1).fold(centre.1, f64::max);
    drawing.y = lowest + 24.0;
}
