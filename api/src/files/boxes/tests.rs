//! Small files that tell where they were made, as phones make them, as far as their boxes go.

use super::*;

const PLACE: &[u8] = b"+52.3702+004.8952/";
const FILM: &[u8] = b"what there is to see";

fn boxed(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [u32::try_from(content.len() + 8).unwrap().to_be_bytes().as_slice(), name, &content].concat()
}

fn long(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_be_bytes()
}

fn track(handler: &[u8; 4], table: &[u8]) -> Vec<u8> {
    let handler = boxed(b"hdlr", &[&[0; 8], handler, &[0; 13]]);
    let media = boxed(b"mdia", &[&boxed(b"mdhd", &[&[0; 24]]), &handler, &boxed(b"minf", &[&boxed(b"stbl", &[table])])]);
    boxed(b"trak", &[&boxed(b"tkhd", &[&[0; 84]]), &media, &boxed(b"udta", &[&boxed(b"name", &[PLACE])])])
}

/// With the place in notes of the film, in keys, in XMP, and at every moment in a track of its own.
fn film(brand: &[u8; 4]) -> Vec<u8> {
    let begins = boxed(b"ftyp", &[brand, &[0; 4], brand]);
    let content = boxed(b"mdat", &[FILM, PLACE]);
    let place = begins.len() + 8 + FILM.len();
    let sizes = boxed(b"stsz", &[&[0; 8], &long(2), &long(10), &long(PLACE.len() - 10)]);
    let chunks = boxed(b"stsc", &[&[0; 4], &long(1), &long(1), &long(2), &long(1)]);
    let places = boxed(b"stco", &[&[0; 4], &long(1), &long(place)]);
    let keys = boxed(b"keys", &[&[0; 4], &long(1), &boxed(b"mdta", &[b"com.apple.quicktime.location.ISO6709"])]);
    let values = boxed(b"ilst", &[&boxed(&long(1), &[&boxed(b"data", &[&[0; 8], PLACE])])]);
    let notes = boxed(b"udta", &[&boxed(b"\xa9xyz", &[&[0, 18, 0x15, 0xc7], PLACE]), &boxed(b"loci", &[PLACE]), &[0; 4]]);
    let movie = boxed(
        b"moov",
        &[
            &boxed(b"mvhd", &[&[0; 100]]),
            &track(b"vide", &[]),
            &track(b"sbtl", &[sizes, chunks, places].concat()),
            &boxed(b"meta", &[&keys, &values]),
            &notes,
        ],
    );
    let xmp = boxed(b"uuid", &[b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac", PLACE]);
    [begins, content, movie, xmp, boxed(b"free", &[PLACE])].concat()
}

/// With the place as Exif in the file, and as XMP in the index itself.
fn photo() -> Vec<u8> {
    let exif = [b"\0\0\0\0MM\0\x2a\0\0\0\x08".as_slice(), PLACE].concat();
    let info = |id: u8, kind: &[u8; 4]| boxed(b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0], kind, b"\0"]);
    let infos = boxed(b"iinf", &[&[0, 0, 0, 0, 0, 3], &info(1, b"hvc1"), &info(2, b"Exif"), &info(3, b"mime")]);
    let begins = boxed(b"ftyp", &[b"mif1", &[0; 4], b"mif1heic"]);
    let data = boxed(b"idat", &[PLACE]);
    let place = |id: u8, method: u8, at: usize, length: usize| {
        [&[0, id, 0, method, 0, 0, 0, 1], long(at).as_slice(), &long(length)].concat()
    };
    let index = |at: usize| {
        let places =
            [place(1, 0, at, FILM.len()), place(2, 0, at + FILM.len(), exif.len()), place(3, 1, 0, PLACE.len())].concat();
        boxed(b"meta", &[&[0; 4], &infos, &boxed(b"iloc", &[&[1, 0, 0, 0, 0x44, 0, 0, 3], &places]), &data])
    };
    let at = begins.len() + index(0).len() + 8;
    [begins, index(at), boxed(b"mdat", &[FILM, &exif])].concat()
}

fn blanked(kind: MediaType, bytes: &[u8]) -> Result<(bool, Vec<u8>), Unfit> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let blanked = blank(kind, &mut file, bytes.len() as u64)?;
    let mut after = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut after).unwrap();
    Ok((blanked, after))
}

fn has(bytes: &[u8], sought: &[u8]) -> usize {
    bytes.windows(sought.len()).filter(|some| *some == sought).count()
}

/// How long the boxes are, one after another.
fn lengths(bytes: &[u8]) -> Vec<usize> {
    let (mut rest, mut lengths) = (bytes, Vec::new());
    while let Some(length) = rest.first_chunk() {
        lengths.push(u32::from_be_bytes(*length) as usize);
        rest = &rest[u32::from_be_bytes(*length) as usize..];
    }
    lengths
}

#[test]
fn pf_4_a_film_and_a_photo_of_a_phone_do_not_tell_where_they_were_made() {
    for (kind, bytes, told) in [
        (MediaType::Mov, film(b"qt  "), 8),
        (MediaType::Mp4, film(b"isom"), 8),
        (MediaType::M4a, film(b"M4A "), 8),
        (MediaType::Heic, photo(), 2),
    ] {
        assert_eq!(has(&bytes, PLACE), told, "{kind:?}");
        let (was_blanked, after) = blanked(kind, &bytes).unwrap();
        assert!(was_blanked);
        for of_place in [b"52.3".as_slice(), b"4.89"] {
            assert_eq!(has(&after, of_place), 0, "{kind:?}");
        }
        assert_eq!((has(&after, FILM), has(&after, b"udta")), (1, 0));
        assert_eq!((lengths(&after), after.len()), (lengths(&bytes), bytes.len()));
        assert_eq!(blanked(kind, &after).unwrap(), (kind == MediaType::Heic, after), "what is left is not touched again");
    }
}

#[test]
fn pf_4_a_film_that_tells_nothing_stays_as_it_is_byte_for_byte() {
    let bare = boxed(b"trak", &[&boxed(b"mdia", &[&boxed(b"hdlr", &[&[0; 8], b"vide", &[0; 13]])])]);
    let film = [boxed(b"ftyp", &[b"isom"]), boxed(b"moov", &[&bare]), boxed(b"mdat", &[FILM])].concat();
    assert_eq!(blanked(MediaType::Mp4, &film).unwrap(), (false, film));
}

#[test]
fn pf_4_no_film_or_photo_however_broken_does_harm() {
    for (kind, whole) in [(MediaType::Mov, film(b"qt  ")), (MediaType::Heic, photo())] {
        for at in 0..whole.len() {
            for byte in [0x00, 0x01, 0x7F, 0xFF] {
                let mut broken = whole.clone();
                broken[at] = byte;
                if let Ok((_, after)) = blanked(kind, &broken) {
                    assert_eq!(after.len(), whole.len());
                }
            }
        }
    }
}

#[test]
fn pf_4_a_table_that_names_the_same_place_over_and_over_is_refused() {
    let sizes = boxed(b"stsz", &[&[0; 4], &long(50_000), &long(0)]);
    let chunks = boxed(b"stsc", &[&[0; 4], &long(1), &long(1), &long(1), &long(1)]);
    let places = boxed(b"stco", &[&[0; 4], &long(20_000), &long(0).repeat(20_000)]);
    let film = boxed(b"moov", &[&track(b"meta", &[sizes, chunks, places].concat())]);
    assert!(matches!(blanked(MediaType::Mov, &film), Err(Unfit::Fault(EvidenceFault::NotWhole))));
}
