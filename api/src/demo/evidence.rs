//! What the demo's student shows of a first week: an entry with a picture and a note, open to the coach.

use std::io::Write;

use domain::kernel::Word;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use persistence::Trouble;
use serde_json::json;

use super::maker::{Maker, text};
use crate::personas::Persona;

const WIDTH: u32 = 640;
const HEIGHT: u32 = 400;
const NOTE: &str = "Wat ik deed\n\n- de tafels gedekt samen met twee bewoners\n- gevraagd hoe zij het vroeger thuis deden\n\n\
                    Wat ik de volgende keer anders doe: eerst kijken wie graag helpt.\n";

pub async fn tell(maker: &Maker) -> Result<(), Trouble> {
    let student = Persona::Student.word();
    maker.days_ago(2);
    let me = maker.get("/me", student).await?;
    let entry = json!({
        "area": "career", "kind": "experience", "title": "Mijn eerste middag in de huiskamer", "visibility": "coach",
        "body": "Ik hielp bij de lunch.\n\nHet was drukker dan ik dacht, en ik merkte dat ik rustig blijf als anderen dat niet zijn.",
        "tags": ["eerste week", "samenwerken"]
    });
    let entry = maker.post(&format!("/students/{}/portfolio-entries", text(&me["person"], "id")?), student, entry).await?;
    let path = format!("/portfolio-entries/{}/evidence", text(&entry, "id")?);
    let picture = picture().map_err(|error| Trouble::Unreadable(error.to_string()))?;
    maker.send_file(&path, student, &[("caption", "De gedekte tafel")], ("gedekte-tafel.png", &picture)).await?;
    maker.send_file(&path, student, &[("caption", "Mijn aantekeningen")], ("aantekeningen.txt", NOTE.as_bytes())).await
}

/// A laid table seen from above, in PNG: drawn, so that nobody's photo lies about in the code.
fn picture() -> std::io::Result<Vec<u8>> {
    let mut pixels = ZlibEncoder::new(Vec::new(), Compression::best());
    for y in 0..HEIGHT {
        // Each line as it is, without a filter.
        pixels.write_all(&[0])?;
        for x in 0..WIDTH {
            pixels.write_all(&colour(i64::from(x), i64::from(y)))?;
        }
    }
    let size = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat();
    let head = [size.as_slice(), &[8, 2, 0, 0, 0]].concat();
    let parts = [chunk(b"IHDR", &head), chunk(b"IDAT", &pixels.finish()?), chunk(b"IEND", &[])];
    Ok([b"\x89PNG\r\n\x1a\n".to_vec(), parts.concat()].concat())
}

fn colour(x: i64, y: i64) -> [u8; 3] {
    let away = |of_x: i64, of_y: i64| (x - of_x) * (x - of_x) + (y - of_y) * (y - of_y);
    let plates = [(170, 120), (470, 120), (170, 290), (470, 290)].map(|(at_x, at_y)| away(at_x, at_y));
    if plates.iter().any(|far| *far < 52 * 52) {
        [0xFD, 0xFB, 0xF5]
    } else if plates.iter().any(|far| *far < 76 * 76) {
        [0xDD, 0xE6, 0xEE]
    } else if away(320, 205) < 34 * 34 {
        [0xE8, 0xA3, 0x3D]
    } else if (x / 40 + y / 40) % 2 == 0 {
        [0x9C, 0x3B, 0x3B]
    } else {
        [0xF1, 0xE4, 0xDC]
    }
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap_or_default().to_be_bytes();
    let sum = crc32fast::hash(&[name.as_slice(), data].concat()).to_be_bytes();
    [length.as_slice(), name, data, &sum].concat()
}
