//! What of a picture goes, and what stays.

use super::*;

/// What a camera writes: where it was, upside down.
fn camera(orientation: u8) -> Vec<u8> {
    let mut tiff = exif::turned(orientation).to_vec();
    tiff.extend_from_slice(b"52.3702N 4.8952E, camera of Sanne");
    tiff
}

fn segment(marker: u8, said: &[u8]) -> Vec<u8> {
    let length = u16::try_from(said.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], length.as_slice(), said].concat()
}

/// A picture as far as its parts go: nobody looks at what is in them.
fn jpeg(said: &[Vec<u8>]) -> Vec<u8> {
    let scan = [segment(0xDA, &[1, 1, 0, 0, 63, 0]), vec![0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56]].concat();
    let table = segment(0xDB, &[7; 65]);
    [vec![0xFF, 0xD8], said.concat(), table, scan.clone(), scan, vec![0xFF, 0xD9]].concat()
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let sum = crc32fast::hash(&[name.as_slice(), data].concat()).to_be_bytes();
    [u32::try_from(data.len()).unwrap().to_be_bytes().as_slice(), name, data, &sum].concat()
}

fn png(said: &[Vec<u8>]) -> Vec<u8> {
    let head = chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    [b"\x89PNG\r\n\x1a\n".to_vec(), head, said.concat(), chunk(b"IDAT", &[1, 2, 3]), chunk(b"IEND", &[])].concat()
}

fn riff(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = [name.as_slice(), &u32::try_from(data.len()).unwrap().to_le_bytes(), data].concat();
    chunk.resize(chunk.len() + data.len() % 2, 0);
    chunk
}

fn webp(flags: u8, said: &[Vec<u8>]) -> Vec<u8> {
    let extended = riff(b"VP8X", &[flags, 0, 0, 0, 9, 0, 0, 9, 0, 0]);
    let chunks = [b"WEBP".to_vec(), extended, riff(b"VP8 ", &[5; 33]), said.concat()].concat();
    riff(b"RIFF", &chunks)
}

fn bare(kind: MediaType, picture: &[u8]) -> Result<Vec<u8>, EvidenceFault> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(picture).unwrap();
    let mut bare = Vec::new();
    match without_metadata(kind, &mut file, &mut bare) {
        Ok(()) => Ok(bare),
        Err(Unfit::Fault(fault)) => Err(fault),
        Err(Unfit::Io(error)) => panic!("{error}"),
    }
}

fn tells(picture: &[u8]) -> bool {
    [b"Sanne".as_slice(), b"52.37"].iter().any(|mark| picture.windows(mark.len()).any(|some| some == *mark))
}

#[test]
fn pf_4_a_photo_does_not_tell_where_and_by_whom_it_was_taken_and_still_stands_upright() {
    let exif = |orientation| segment(0xE1, &[b"Exif\0\0".to_vec(), camera(orientation)].concat());
    let profile = segment(0xE2, b"ICC_PROFILE\0\x01\x01colours");
    let adobe = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01");
    let others =
        [segment(0xED, b"Photoshop 3.0 Sanne"), segment(0xFE, b"Sanne"), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0Sanne")];
    let said = [vec![exif(6), profile.clone(), adobe.clone()], others.to_vec()].concat();
    let photo = [jpeg(&said), b"a film of Sanne, behind the end".to_vec()].concat();
    let kept = segment(0xE1, &[b"Exif\0\0".to_vec(), exif::turned(6).to_vec()].concat());
    let stripped = bare(MediaType::Jpeg, &photo).unwrap();
    assert_eq!(stripped, jpeg(&[kept, profile.clone(), adobe.clone()]));
    assert!(tells(&photo) && !tells(&stripped));
    assert_eq!(bare(MediaType::Jpeg, &jpeg(&[exif(1), profile.clone()])), Ok(jpeg(&[profile])), "upright needs no telling");
}

#[test]
fn pf_4_a_thumbnail_in_a_photo_goes_with_the_rest() {
    let with = segment(0xE0, &[b"JFIF\0\x01\x02\0\0\x48\0\x48\x01\x01".as_slice(), b"Sa!"].concat());
    let without = segment(0xE0, b"JFIF\0\x01\x02\0\0\x48\0\x48\0\0");
    assert_eq!(bare(MediaType::Jpeg, &jpeg(&[with])), Ok(jpeg(&[without])));
}

#[test]
fn pf_4_texts_and_times_in_a_png_go_and_its_colours_stay() {
    let said =
        [chunk(b"gAMA", &[0, 0, 0, 1]), chunk(b"tEXt", b"Author\0Sanne"), chunk(b"eXIf", &camera(3)), chunk(b"tIME", b"1234567")];
    let stripped = bare(MediaType::Png, &png(&said)).unwrap();
    assert_eq!(stripped, png(&[chunk(b"gAMA", &[0, 0, 0, 1]), chunk(b"eXIf", &exif::turned(3))]));
    let behind = [png(&[]), b"Sanne".to_vec()].concat();
    assert_eq!(bare(MediaType::Png, &behind), Ok(png(&[])));
}

#[test]
fn pf_4_what_was_written_into_a_webp_goes_and_it_says_so() {
    let said = [riff(b"EXIF", &camera(8)), riff(b"XMP ", b"<x>Sanne</x>"), riff(b"ABCD", b"Sanne")];
    let stripped = bare(MediaType::Webp, &webp(0x1C, &said)).unwrap();
    assert_eq!(stripped, webp(0x18, &[riff(b"EXIF", &exif::turned(8))]));
    assert_eq!(bare(MediaType::Webp, &webp(0x1C, &said[1..])), Ok(webp(0x10, &[])));
}

#[test]
fn pf_4_a_picture_without_metadata_stays_as_it_is_byte_for_byte() {
    for (kind, picture) in [(MediaType::Jpeg, jpeg(&[])), (MediaType::Png, png(&[])), (MediaType::Webp, webp(0, &[]))] {
        assert_eq!(bare(kind, &picture), Ok(picture));
    }
}

#[test]
fn pf_4_a_picture_that_was_cut_off_anywhere_is_not_whole() {
    for (kind, picture) in [(MediaType::Jpeg, jpeg(&[])), (MediaType::Png, png(&[])), (MediaType::Webp, webp(0, &[]))] {
        for length in 0..picture.len() {
            assert_eq!(bare(kind, &picture[..length]), Err(EvidenceFault::NotWhole), "{kind:?} of {length} bytes");
        }
    }
    let mut other = png(&[]);
    other[42] ^= 1;
    assert_eq!(bare(MediaType::Png, &other), Err(EvidenceFault::NotWhole), "a byte that is another than it was");
}

#[test]
fn pf_4_whatever_a_camera_writes_is_read_without_harm() {
    let mut seed = 7u32;
    for length in 0..200 {
        let mut tiff: Vec<u8> = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        })
        .take(length)
        .collect();
        if length >= 8 {
            tiff[..4].copy_from_slice(b"II*\0");
        }
        exif::orientation(&tiff);
    }
    let little = [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".as_slice()].concat();
    assert_eq!(exif::orientation(&little), Some(6));
}
