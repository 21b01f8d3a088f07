//! Code 128 (ISO/IEC 15417), code set B: the barcode that a returned letter is scanned by.

/// Widths of bars and spaces of the values 0 to 105, in modules, and of the stop sign.
const PATTERNS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];

const START_B: usize = 104;
const STOP: usize = 106;

/// Widths of bars and spaces in turn, the first a bar; `None` where a character is none of printable ASCII.
#[must_use]
pub fn code_128(text: &str) -> Option<Vec<u8>> {
    let values: Vec<usize> =
        text.bytes().map(|b| (b' '..=b'~').contains(&b).then(|| usize::from(b - b' '))).collect::<Option<_>>()?;
    let check = values.iter().enumerate().fold(START_B, |sum, (place, value)| (sum + (place + 1) * value) % 103);
    let signs = [START_B].into_iter().chain(values).chain([check, STOP]);
    Some(signs.flat_map(|sign| PATTERNS[sign].bytes().map(|width| width - b'0')).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_sign_is_its_own_and_eleven_modules_wide() {
        let all: HashSet<_> = PATTERNS.iter().collect();
        assert_eq!(all.len(), PATTERNS.len());
        for pattern in &PATTERNS[..STOP] {
            assert_eq!(pattern.bytes().map(|b| b - b'0').sum::<u8>(), 11, "{pattern}");
        }
    }

    #[test]
    fn the_standards_example_has_its_check_sign() {
        // "PJJ123C" in code set A and B alike has the check value 54 after start A (103); after start B it is 55.
        let widths = code_128("PJJ123C").unwrap();
        let text: String = widths.iter().map(|w| char::from(b'0' + w)).collect();
        assert_eq!(&text[..6], PATTERNS[START_B]);
        assert_eq!(&text[text.len() - 13..text.len() - 7], PATTERNS[55]);
        assert_eq!(widths.iter().map(|w| u32::from(*w)).sum::<u32>(), 11 * 9 + 13);
    }

    #[test]
    fn a_letter_beyond_ascii_has_no_bars() {
        assert_eq!(code_128("é"), None);
    }
}
