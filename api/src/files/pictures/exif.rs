//! Which way is up, in what cameras write (Exif 2.32, TIFF 6.0 section 2): the only part of it that is kept.

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// How a picture is to be turned, 2 to 8; none where it stands as it should, or where that can not be read.
pub fn orientation(tiff: &[u8]) -> Option<u8> {
    let is_little = match tiff.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let short = |at: usize| {
        let two: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let long = |at: usize| {
        let four: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    };
    let first = usize::try_from(long(4)?).ok()?;
    let entries = usize::from(short(first)?);
    let mut fields = (0..entries).map_while(|entry| first.checked_add(2 + 12 * entry));
    let field = fields.find(|at| short(*at) == Some(ORIENTATION) && short(at + 2) == Some(SHORT))?;
    u8::try_from(short(field + 8)?).ok().filter(|turned| (2..=8).contains(turned))
}

/// A block that says this and nothing else.
pub fn turned(orientation: u8) -> [u8; 26] {
    let mut tiff = [0; 26];
    tiff[..8].copy_from_slice(b"MM\0\x2a\0\0\0\x08");
    tiff[8..10].copy_from_slice(&1u16.to_be_bytes());
    tiff[10..12].copy_from_slice(&ORIENTATION.to_be_bytes());
    tiff[12..14].copy_from_slice(&SHORT.to_be_bytes());
    tiff[14..18].copy_from_slice(&1u32.to_be_bytes());
    tiff[18..20].copy_from_slice(&u16::from(orientation).to_be_bytes());
    tiff
}
