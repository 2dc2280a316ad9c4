//! Hashes as people see them: 64 hex digits, the last byte first.

use crate::sha256::{Hash, HASH_SIZE};

pub const DIGITS_SIZE: usize = 2 * HASH_SIZE;

pub type Digits = [u8; DIGITS_SIZE];

/// The digits of a hash.
pub fn show(hash: &Hash, digits: &mut Digits) {
    for (index, byte) in hash.iter().rev().enumerate() {
        digits[2 * index] = digit(byte >> 4);
        digits[2 * index + 1] = digit(byte & 0x0f);
    }
}

/// The hash that has these digits, of either case; what is no digit gives a hash of no meaning.
pub fn parse(digits: &Digits, hash: &mut Hash) {
    for (index, byte) in hash.iter_mut().rev().enumerate() {
        *byte = value(digits[2 * index]) << 4 | value(digits[2 * index + 1]);
    }
}

/// From 9 to "a" there are 39 characters more than one.
fn digit(value: u8) -> u8 {
    value + b'0' + if value > 9 { b'a' - b'9' - 1 } else { 0 }
}

/// Letters have a bit that numerals lack, and begin at 1 where numerals begin at 0.
fn value(digit: u8) -> u8 {
    (digit & 0x0f) + 9 * (digit >> 6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::array;

    #[test]
    fn the_last_byte_comes_first() {
        let hash: Hash = array::from_fn(|index| (index * 8 + 7) as u8);
        let mut digits = [0; DIGITS_SIZE];
        show(&hash, &mut digits);
        let expected: String = hash.iter().rev().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digits, expected.as_bytes());
    }

    #[test]
    fn what_is_shown_is_parsed_in_either_case() {
        for first in 0..=255 {
            let hash: Hash = array::from_fn(|index| first ^ (index * 37) as u8);
            let mut digits = [0; DIGITS_SIZE];
            let mut parsed = [0; HASH_SIZE];
            show(&hash, &mut digits);
            parse(&digits, &mut parsed);
            assert_eq!(parsed, hash);
            parse(&digits.map(|digit| digit.to_ascii_uppercase()), &mut parsed);
            assert_eq!(parsed, hash);
        }
    }
}
