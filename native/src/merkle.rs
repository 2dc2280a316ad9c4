//! Merkle roots.

use crate::sha256::{
    compress, compress_constant, hash_bytes, hash_of_hash, initial, read_blocks, Block, Hash,
    BLOCK_SIZE, END_MARK, HASH_SIZE, KEYS,
};
use crate::words::{Words, LANES_MAX};
use core::array;

/// Leaves the root of a tree in its first leaf, and overwrites the others. True if two neighbours
/// below one node were equal: another list has this root too (CVE-2012-2459).
pub fn merkle_root<W: Words>(hashes: &mut [Hash]) -> bool {
    let mut count = hashes.len();
    let mut is_mutated = false;
    while count > 1 {
        let level = &mut hashes[..count];
        is_mutated |= level.chunks_exact(2).any(|pair| pair[0] == pair[1]);
        count = climb::<W>(level);
    }
    is_mutated
}

/// Replaces the first half of a level by the level above it, and says how long that is. It can be
/// done in place: a node is written no earlier than both its children have been read.
fn climb<W: Words>(level: &mut [Hash]) -> usize {
    let nodes = level.len().div_ceil(2);
    for first in (0..nodes).step_by(W::LANES) {
        let last = (first + W::LANES).min(nodes) - 1;
        let pairs: [Block; LANES_MAX] =
            array::from_fn(|lane| children(level, (first + lane).min(last)));
        let words = hash_pairs::<W>(array::from_fn(|lane| &pairs[lane]));
        for (lane, node) in level[first..=last].iter_mut().enumerate() {
            *node = hash_bytes(&words, lane);
        }
    }
    nodes
}

/// The two hashes below a node; an odd one out is its own neighbour.
fn children(level: &[Hash], node: usize) -> Block {
    let left = &level[2 * node];
    let right = level.get(2 * node + 1).unwrap_or(left);
    let mut pair = [0; BLOCK_SIZE];
    pair[..HASH_SIZE].copy_from_slice(left);
    pair[HASH_SIZE..].copy_from_slice(right);
    pair
}

fn hash_pairs<W: Words>(pairs: [&Block; LANES_MAX]) -> [W; 8] {
    let mut hash = initial();
    compress(&mut hash, &read_blocks(pairs));
    compress_constant(&mut hash, &PADDING_SUMS);
    hash_of_hash(hash)
}

/// A pair fills one block, so its padding is a block that is always the same: its schedule is
/// computed by the compiler, which saves a third of its rounds' work.
static PADDING_SUMS: [[u32; 16]; 4] = padding_sums();

const fn padding_sums() -> [[u32; 16]; 4] {
    let mut words = [0u32; 64];
    words[0] = END_MARK;
    words[15] = 8 * BLOCK_SIZE as u32;
    let mut sums = KEYS;
    let mut index = 0;
    while index < 64 {
        if index >= 16 {
            let (early, late) = (words[index - 15], words[index - 2]);
            words[index] = words[index - 16]
                .wrapping_add(early.rotate_right(7) ^ early.rotate_right(18) ^ (early >> 3))
                .wrapping_add(words[index - 7])
                .wrapping_add(late.rotate_right(17) ^ late.rotate_right(19) ^ (late >> 10));
        }
        sums[index / 16][index % 16] = sums[index / 16][index % 16].wrapping_add(words[index]);
        index += 1;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{twin::FourTwin, Single};

    fn hash_of(digits: &str) -> Hash {
        array::from_fn(|index| {
            let at = 2 * (HASH_SIZE - 1 - index);
            u8::from_str_radix(&digits[at..at + 2], 16).unwrap()
        })
    }

    fn roots_of(leaves: &[Hash]) -> [(Hash, bool); 2] {
        let (mut single, mut four) = (leaves.to_vec(), leaves.to_vec());
        let mutated = [merkle_root::<Single>(&mut single), merkle_root::<FourTwin>(&mut four)];
        [(single[0], mutated[0]), (four[0], mutated[1])]
    }

    /// Block 100000 of Bitcoin's main network.
    #[test]
    fn the_root_of_a_real_block_is_found() {
        let leaves = [
            hash_of("8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87"),
            hash_of("fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4"),
            hash_of("6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4"),
            hash_of("e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d"),
        ];
        let root = hash_of("f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766");
        assert_eq!(roots_of(&leaves), [(root, false); 2]);
    }

    #[test]
    fn an_odd_leaf_is_its_own_neighbour_and_a_repeated_one_is_noticed() {
        for count in 1..20u8 {
            let leaves: Vec<Hash> = (0..count).map(|leaf| [leaf; HASH_SIZE]).collect();
            let [single, four] = roots_of(&leaves);
            assert_eq!(single, four);
            assert!(!single.1);
            if count % 2 == 0 || count == 1 {
                continue;
            }
            let mut repeated = leaves.clone();
            repeated.push([count - 1; HASH_SIZE]);
            assert_eq!(roots_of(&repeated), [(single.0, true); 2]);
        }
    }
}
