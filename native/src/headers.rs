//! Many block headers: their hashes, and whether the hashes meet the targets they name.

use crate::sha256::{
    compress, hash_bytes, hash_of_hash, initial, read_blocks, Block, Hash, BLOCK_SIZE, END_MARK,
    HASH_SIZE,
};
use crate::words::{Words, LANES_MAX};
use core::array;

pub const HEADER_SIZE: usize = 80;
pub const BITS_OFFSET: usize = 72;

pub type Header = [u8; HEADER_SIZE];

/// SHA-256 twice over each header. There are as many hashes as headers.
pub fn hash_headers<W: Words>(headers: &[Header], hashes: &mut [Hash]) {
    for (group, hashes) in headers.chunks(W::LANES).zip(hashes.chunks_mut(W::LANES)) {
        // The last group may be small: its last header fills the lanes that are left.
        let lanes = array::from_fn(|lane| &group[lane.min(group.len() - 1)]);
        let words = hash_lanes::<W>(lanes);
        for (lane, hash) in hashes.iter_mut().enumerate() {
            *hash = hash_bytes(&words, lane);
        }
    }
}

fn hash_lanes<W: Words>(headers: [&Header; LANES_MAX]) -> [W; 8] {
    let firsts = headers.map(first_block);
    let seconds = headers.map(second_block);
    let mut hash = initial();
    compress(&mut hash, &read_blocks(array::from_fn(|lane| &firsts[lane])));
    compress(&mut hash, &read_blocks(array::from_fn(|lane| &seconds[lane])));
    hash_of_hash(hash)
}

/// What comes before the last 16 bytes: version, parent, and most of the merkle root.
pub fn first_block(header: &Header) -> Block {
    let mut block = [0; BLOCK_SIZE];
    block.copy_from_slice(&header[..BLOCK_SIZE]);
    block
}

/// The rest of the merkle root, time, bits and nonce, with SHA-256's padding.
pub fn second_block(header: &Header) -> Block {
    let tail = &header[BLOCK_SIZE..];
    let mut block = [0; BLOCK_SIZE];
    block[..tail.len()].copy_from_slice(tail);
    block[tail.len()..tail.len() + 4].copy_from_slice(&END_MARK.to_be_bytes());
    block[BLOCK_SIZE - 4..].copy_from_slice(&(8 * HEADER_SIZE as u32).to_be_bytes());
    block
}

/// The number of the first header whose hash is above the target that its own bits name.
pub fn find_unproven(headers: &[Header], hashes: &[Hash]) -> Option<usize> {
    headers.iter().zip(hashes).position(|(header, hash)| {
        let bits = array::from_fn(|index| header[BITS_OFFSET + index]);
        match expand_bits(u32::from_le_bytes(bits)) {
            Some(target) => !is_at_most(hash, &target),
            None => true,
        }
    })
}

/// Compares hashes and targets as numbers; both have their least significant byte first.
pub fn is_at_most(hash: &Hash, target: &Hash) -> bool {
    hash.iter().rev().le(target.iter().rev())
}

/// The target of a compact form, or nothing if it is negative, zero, or above 256 bits.
///
/// See Bitcoin Core, `arith_uint256::SetCompact`.
fn expand_bits(bits: u32) -> Option<Hash> {
    let length = (bits >> 24) as usize;
    let mantissa = (bits & 0x7f_ffff).to_le_bytes();
    let is_negative = bits & 0x80_0000 != 0;
    let mut target = [0; HASH_SIZE];
    for (index, byte) in mantissa.into_iter().enumerate() {
        // Bytes that fall below the target's first are lost; above its last they must be zero.
        let Some(place) = (index + length).checked_sub(3) else { continue };
        match target.get_mut(place) {
            Some(digit) => *digit = byte,
            None if byte != 0 => return None,
            None => {}
        }
    }
    let is_zero = target == [0; HASH_SIZE];
    if is_negative || is_zero {
        None
    } else {
        Some(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{twin::FourTwin, Single};

    #[test]
    fn bits_expand_as_in_bitcoin_core() {
        let mut hardest = [0; HASH_SIZE];
        hardest[26] = 0xff;
        hardest[27] = 0xff;
        assert_eq!(expand_bits(0x1d00_ffff), Some(hardest));
        let mut small = [0; HASH_SIZE];
        small[0] = 0x12;
        assert_eq!(expand_bits(0x0112_3456), Some(small));
        let mut large = [0; HASH_SIZE];
        large[31] = 0x12;
        assert_eq!(expand_bits(0x2200_0012), Some(large));
        assert_eq!(expand_bits(0x2100_1200), expand_bits(0x2012_0000));
        assert_eq!(expand_bits(0x2012_0000), Some(large));
        for hopeless in [
            0,
            0x2200_0112,
            0x2300_0012,
            0x0100_0012,
            0x0300_0000,
            0x0180_1234,
            0x2080_0001,
            0xff12_3456,
        ] {
            assert_eq!(expand_bits(hopeless), None, "{hopeless:08x}");
        }
    }

    #[test]
    fn numbers_compare_from_their_last_byte() {
        let mut hash = [0xff; HASH_SIZE];
        let mut target = [0; HASH_SIZE];
        assert!(!is_at_most(&hash, &target));
        hash[31] = 1;
        target[31] = 2;
        assert!(is_at_most(&hash, &target));
        assert!(is_at_most(&hash, &hash.clone()));
    }

    #[test]
    fn both_kinds_of_lanes_agree_on_any_number_of_headers() {
        for count in 0..10 {
            let headers: Vec<Header> =
                (0..count).map(|seed| array::from_fn(|index| (index * 7 + seed) as u8)).collect();
            let mut singles = vec![[0; HASH_SIZE]; count];
            let mut fours = vec![[0; HASH_SIZE]; count];
            hash_headers::<Single>(&headers, &mut singles);
            hash_headers::<FourTwin>(&headers, &mut fours);
            assert_eq!(singles, fours);
        }
    }
}
