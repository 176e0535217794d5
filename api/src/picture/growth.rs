//! Growth lines: one panel a competence, one column a round.

use chrono::{Datelike, NaiveDate};
use domain::leermeter::RaterKind;

use super::drawing::{Anchor, Drawing, MARGIN, WIDTH};
use super::words::Words;
use super::{Drawn, Picture};

/// The panel's left and right edge, and the height of one step of the scale.
const LEFT: f64 = 34.0;
const RIGHT: f64 = WIDTH - MARGIN - 6.0;

pub fn draw(picture: &Picture, drawing: &mut Drawing, words: &Words) {
    legend(picture, drawing, words);
    for drawn in &picture.competences {
        drawing.space(12.0);
        drawing.heading(drawn.name(), 15.0);
        if let Some(question) = drawn.question() {
            drawing.paragraph(question, 12.0);
        }
        drawing.side_by_side(MARGIN, &picture.seen(drawn, words), 13.0);
        if !drawn.marks.is_empty() {
            panel(picture, drawn, drawing, words);
        }
    }
}

/// Which mark and which line is whose.
fn legend(picture: &Picture, drawing: &mut Drawing, words: &Words) {
    let kinds = picture.kinds();
    let (ink, mut x, mut y) = (drawing.colours.ink, MARGIN, drawing.y + 18.0);
    let mut place = |drawing: &mut Drawing, text: &str, sign: &dyn Fn(&mut Drawing, f64, f64)| {
        let wide = 26.0 + super::drawing::width(text, 12.0, false);
        if x + wide > WIDTH - MARGIN && x > MARGIN {
            (x, y) = (MARGIN, y + 20.0);
        }
        sign(drawing, x, y - 4.0);
        drawing.text((x + 26.0, y), Anchor::Start, 12.0, false, ink, text);
        x += wide + 14.0;
        drawing.y = y;
    };
    for kind in &kinds {
        let own = *kind == RaterKind::Student;
        place(drawing, words.kind(*kind), &|drawing, x, y| {
            if own {
                drawing.through(vec![(x, y), (x + 20.0, y)], true, false);
            }
            drawing.mark((x + 10.0, y), *kind);
        });
    }
    if kinds.iter().any(|kind| *kind != RaterKind::Student) {
        place(drawing, words.others_together, &|drawing, x, y| drawing.through(vec![(x, y), (x + 20.0, y)], false, false));
    }
    drawing.space(6.0);
}

fn panel(picture: &Picture, drawn: &Drawn, drawing: &mut Drawing, words: &Words) {
    let steps = picture.scale.len().saturating_sub(1).max(1) as f64;
    let high = (steps * 24.0).clamp(64.0, 150.0);
    let bottom = drawing.y + 18.0 + high;
    let (muted, grid) = (drawing.colours.muted, drawing.colours.grid);
    for (place, (level, _)) in picture.scale.iter().enumerate() {
        let y = bottom - high * place as f64 / steps;
        drawing.line((LEFT, y), (RIGHT, y), grid, 1.0);
        drawing.text((LEFT - 8.0, y + 4.0), Anchor::End, 12.0, false, muted, &level.to_string());
    }
    let wide = (RIGHT - LEFT) / picture.rounds.len().max(1) as f64;
    let at = |round: usize, place: f64| (LEFT + wide * (round as f64 + 0.5), bottom - high * place / steps);
    let points = |own| drawn.line(own).into_iter().map(|(round, place)| at(round, place)).collect::<Vec<_>>();
    drawing.through(points(false), false, false);
    drawing.through(points(true), true, false);
    let others: Vec<_> = picture.kinds().into_iter().filter(|kind| *kind != RaterKind::Student).collect();
    // Marks of one round stand beside one another, so that none hides another.
    let apart = (wide / (others.len() as f64 + 2.0)).min(12.0);
    for mark in &drawn.marks {
        let (x, y) = at(mark.round, mark.place);
        let beside = others.iter().position(|kind| *kind == mark.kind).map_or(0.0, |place| beside(place, apart));
        drawing.mark((x + beside, y), mark.kind);
    }
    months(picture, drawing, words, (wide, bottom + 16.0));
    drawing.y = bottom + 20.0;
}

/// To the right and to the left in turn.
fn beside(place: usize, apart: f64) -> f64 {
    let steps = (place / 2 + 1) as f64 * apart;
    if place.is_multiple_of(2) { steps } else { -steps }
}

/// The month of each round, as many as there is room for; the last always. Where two began in the same month, the day besides.
fn months(picture: &Picture, drawing: &mut Drawing, words: &Words, (wide, y): (f64, f64)) {
    let muted = drawing.colours.muted;
    let every = (62.0 / wide).ceil().max(1.0) as usize;
    let last = picture.rounds.len().saturating_sub(1);
    let is_same_month = |(one, next): (&NaiveDate, &NaiveDate)| (one.year(), one.month0()) == (next.year(), next.month0());
    let with_day = picture.rounds.iter().zip(picture.rounds.iter().skip(1)).any(is_same_month);
    let label = |day| if with_day { words.short_day(day) } else { words.month(day) };
    for (round, day) in picture.rounds.iter().enumerate().filter(|(round, _)| (last - round).is_multiple_of(every)) {
        drawing.text((LEFT + wide * (round as f64 + 0.5), y), Anchor::Middle, 12.0, false, muted, &label(*day));
    }
}
