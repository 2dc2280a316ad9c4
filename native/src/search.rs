//! The search for a nonce: SHA-256 twice over a header, as little of it as is different each time.
//!
//! A header is two blocks, its hash is a third, and a nonce is one word of the second. What is
//! saved, against hashing the second and the third block from their beginning to their end:
//! - rounds 0 to 2 of the second block, and all of round 3 but two additions, are computed once a
//!   job (a `Job` is what is computed once);
//! - so are the words of both schedules that depend on no nonce, and sums of constants with keys;
//! - rounds 61 to 63 of the third block, and `a` in rounds 57 to 60, are not computed at all: the
//!   hash's last word, which has its most significant bytes, is `e` of round 60. Only what is at
//!   most the target there, one hash in 2^32 at Bitcoin's easiest target, is hashed in full.
//!
//! Rounds 32 and later of both blocks are one loop of sixteen rounds. V8 makes 26 kB of it; 41 kB,
//! unrolled, outgrow the instruction cache of many a processor, which cost 10 to 15 % on a Zen 4
//! (and nothing on an Intel, which has a larger one). Two or more vectors at a time are slower: one
//! already needs more registers than there are.

use crate::headers::{first_block, is_at_most, second_block, Header, HEADER_SIZE};
use crate::sha256::{
    compress, hash_bytes, hash_of_hash, midstate, read_blocks, small_sigma_0, small_sigma_1,
    unroll, Hash, Schedule, State, END_MARK, HASH_SIZE, INITIAL, KEYS,
};
use crate::words::{Single, Words, LANES_MAX};
use core::array;
use core::num::Wrapping;

/// Where in the second block the nonce is.
const NONCE_WORD: usize = 3;
const HEADER_BITS: u32 = 8 * HEADER_SIZE as u32;
const HASH_BITS: u32 = 8 * HASH_SIZE as u32;

/// What all nonces of a header have in common. Even the keys are loaded from here: as constants of
/// the code they would be vectors of 16 bytes each, which took longer.
#[repr(C)]
pub struct Job {
    keys: [[u32; 16]; 4],
    second: SecondBlock,
    third: ThirdBlock,
    end_mark: u32,
    /// The four most significant bytes of the target.
    target_top: u32,
    target: Hash,
}

/// Constants of the block that has the nonce.
#[repr(C)]
struct SecondBlock {
    midstate: [u32; 8],
    /// With a nonce of 0.
    words: [u32; 16],
    /// The state after round 3, where the nonce is still to be added to `a` and `e`.
    state: [u32; 8],
    /// Of rounds 4 to 17: their keys and words; in rounds 4 to 6 also their `h`.
    sums: [u32; 18],
    /// Words 16 to 19 and 31, less what depends on the nonce.
    word_16: u32,
    word_17: u32,
    word_18: u32,
    word_19: u32,
    word_31: u32,
    bits: u32,
    sigma_0_of_bits: u32,
}

/// Constants of the block that has the header's hash; they are the same in all jobs.
#[repr(C)]
struct ThirdBlock {
    /// The state after round 0, where word 0 is still to be added to `a` and `e`.
    state: [u32; 8],
    /// Of rounds 1 to 15: their keys, in rounds 1 to 3 with their `h`, and from 8 with their words.
    sums: [u32; 16],
    bits: u32,
    sigma_0_of_bits: u32,
    sigma_1_of_bits: u32,
    sigma_0_of_end_mark: u32,
    /// What the last word of a hash begins with.
    initial_h: u32,
}

impl Job {
    /// The target has its least significant byte first, like a hash.
    pub fn new(header: &Header, target: &Hash) -> Self {
        let [.., a, b, c, d] = *target;
        Job {
            keys: KEYS,
            second: SecondBlock::new(header),
            third: ThirdBlock::new(),
            end_mark: END_MARK,
            target_top: u32::from_le_bytes([a, b, c, d]),
            target: *target,
        }
    }

    /// Whether the whole hash is at most the target.
    #[cold]
    #[inline(never)]
    fn is_met_by(&self, nonce: u32) -> bool {
        let mut words = self.second.words.map(Wrapping);
        words[NONCE_WORD] = Wrapping(nonce.swap_bytes());
        let mut hash = self.second.midstate.map(Wrapping);
        compress::<Single>(&mut hash, &words);
        is_at_most(&hash_bytes(&hash_of_hash(hash), 0), &self.target)
    }
}

impl SecondBlock {
    fn new(header: &Header) -> Self {
        let midstate = midstate(&first_block(header));
        let mut words = read_blocks::<Single>([&second_block(header); LANES_MAX]);
        words[NONCE_WORD] = Wrapping(0);
        let mut state = State::new(midstate.map(Wrapping));
        for (word, key) in words.iter().zip(KEYS[0]).take(NONCE_WORD + 1) {
            state = state.round(state.h + *word + Wrapping(key));
        }
        let mut schedule = Schedule(words);
        let word_16 = schedule.next(16);
        let word_17 = schedule.next(17);
        let word_18 = schedule.next(18);
        let word_19 = schedule.next(19);
        let mut sums: [Single; 18] = array::from_fn(|round| {
            let word = if round < 16 { words[round] } else { schedule.0[round % 16] };
            word + Wrapping(KEYS[round / 16][round % 16])
        });
        for (round, h) in [(4, state.h), (5, state.g), (6, state.f)] {
            sums[round] += h;
        }
        let bits = Wrapping(HEADER_BITS);
        SecondBlock {
            midstate,
            words: words.map(|word| word.0),
            state: state.words().map(|word| word.0),
            sums: sums.map(|sum| sum.0),
            word_16: word_16.0,
            word_17: word_17.0,
            word_18: word_18.0,
            word_19: word_19.0,
            word_31: (small_sigma_0(word_16) + bits).0,
            bits: bits.0,
            sigma_0_of_bits: small_sigma_0(bits).0,
        }
    }
}

impl ThirdBlock {
    fn new() -> Self {
        let initial = State::new(INITIAL.map(Wrapping));
        let state = initial.round(initial.h + Wrapping(KEYS[0][0]));
        let end_mark = Wrapping(END_MARK);
        let bits = Wrapping(HASH_BITS);
        let mut sums = KEYS[0].map(Wrapping);
        for (round, more) in [(1, state.h), (2, state.g), (3, state.f), (8, end_mark), (15, bits)] {
            sums[round] += more;
        }
        ThirdBlock {
            state: state.words().map(|word| word.0),
            sums: sums.map(|sum| sum.0),
            bits: bits.0,
            sigma_0_of_bits: small_sigma_0(bits).0,
            sigma_1_of_bits: small_sigma_1(bits).0,
            sigma_0_of_end_mark: small_sigma_0(end_mark).0,
            initial_h: initial.h.0,
        }
    }
}

/// The first of `count` nonces from `start` on whose hash is at most the target, counted from
/// `start`. Nonces go on with 0 after the last.
pub fn search<W: Words>(job: &Job, start: u32, count: u32) -> Option<u32> {
    let target_top = W::spread(&job.target_top);
    for offset in (0..count).step_by(W::LANES) {
        let first = start.wrapping_add(offset);
        let nonces = W::from_lanes(array::from_fn(|lane| first.wrapping_add(lane as u32)));
        let last_word = last_word(job, nonces.swap_bytes());
        if last_word.swap_bytes().is_any_at_most(target_top) {
            // The last group may have more lanes than there are nonces left.
            let lanes = (count - offset).min(W::LANES as u32);
            let found = (0..lanes).find(|lane| job.is_met_by(first.wrapping_add(*lane)));
            if let Some(lane) = found {
                return Some(offset + lane);
            }
        }
    }
    None
}

/// The last word of the hash of the header's hash.
#[inline(always)]
fn last_word<W: Words>(job: &Job, nonce: W) -> W {
    let (mut state, mut schedule) = begin_second_block(job, nonce);
    let mut is_third = false;
    let mut sixteen = 2;
    loop {
        let keys = &job.keys[sixteen];
        unroll!(I in 0 1 2 3 4 5 6 7 8 => {
            let word = schedule.next(16 + I);
            state = state.round(state.h + W::spread(&keys[I]) + word);
        });
        if is_third && sixteen == 3 {
            break;
        }
        unroll!(I in 9 10 11 12 13 14 15 => {
            let word = schedule.next(16 + I);
            state = state.round(state.h + W::spread(&keys[I]) + word);
        });
        sixteen += 1;
        if sixteen == 4 {
            (state, schedule) = begin_third_block(job, header_hash(job, state));
            is_third = true;
            sixteen = 2;
        }
    }
    unroll!(I in 9 10 11 12 => {
        let word = schedule.next(16 + I);
        state = state.round_without_a(state.h + W::spread(&job.keys[3][I]) + word);
    });
    state.e + W::spread(&job.third.initial_h)
}

fn header_hash<W: Words>(job: &Job, state: State<W>) -> [W; 8] {
    let mut hash = state.words();
    unroll!(I in 0 1 2 3 4 5 6 7 => {
        hash[I] = hash[I] + W::spread(&job.second.midstate[I]);
    });
    hash
}

/// Rounds 0 to 31 of the block with the nonce, and the words of the last sixteen of them.
#[inline(always)]
fn begin_second_block<W: Words>(job: &Job, nonce: W) -> (State<W>, Schedule<W>) {
    let block = &job.second;
    let [a, b, c, d, e, f, g, h] = block.state.each_ref().map(W::spread);
    let mut state = State::new([a + nonce, b, c, d, e + nonce, f, g, h]);
    unroll!(ROUND in 4 5 6 => {
        state = state.round(W::spread(&block.sums[ROUND]));
    });
    unroll!(ROUND in 7 8 9 10 11 12 13 14 15 16 17 => {
        state = state.round(state.h + W::spread(&block.sums[ROUND]));
    });

    // Word i = σ1(word i−2) + word i−7 + σ0(word i−15) + word i−16; here without what is zero.
    let word_16 = W::spread(&block.word_16);
    let word_17 = W::spread(&block.word_17);
    let word_18 = small_sigma_0(nonce) + W::spread(&block.word_18);
    let word_19 = nonce + W::spread(&block.word_19);
    let word_20 = small_sigma_1(word_18) + W::spread(&job.end_mark);
    let word_21 = small_sigma_1(word_19);
    let word_22 = small_sigma_1(word_20) + W::spread(&block.bits);
    let word_23 = small_sigma_1(word_21) + word_16;
    let word_24 = small_sigma_1(word_22) + word_17;
    let word_25 = small_sigma_1(word_23) + word_18;
    let word_26 = small_sigma_1(word_24) + word_19;
    let word_27 = small_sigma_1(word_25) + word_20;
    let word_28 = small_sigma_1(word_26) + word_21;
    let word_29 = small_sigma_1(word_27) + word_22;
    let word_30 = small_sigma_1(word_28) + word_23 + W::spread(&block.sigma_0_of_bits);
    let word_31 = small_sigma_1(word_29) + word_24 + W::spread(&block.word_31);
    let schedule = Schedule([
        word_16, word_17, word_18, word_19, word_20, word_21, word_22, word_23, word_24, word_25,
        word_26, word_27, word_28, word_29, word_30, word_31,
    ]);
    unroll!(I in 2 3 4 5 6 7 8 9 10 11 12 13 14 15 => {
        state = state.round(state.h + W::spread(&job.keys[1][I]) + schedule.0[I]);
    });
    (state, schedule)
}

/// The same of the block with the header's hash.
#[inline(always)]
fn begin_third_block<W: Words>(job: &Job, hash: [W; 8]) -> (State<W>, Schedule<W>) {
    let block = &job.third;
    let [a, b, c, d, e, f, g, h] = block.state.each_ref().map(W::spread);
    let mut state = State::new([a + hash[0], b, c, d, e + hash[0], f, g, h]);
    unroll!(ROUND in 1 2 3 => {
        state = state.round(W::spread(&block.sums[ROUND]) + hash[ROUND]);
    });
    unroll!(ROUND in 4 5 6 7 => {
        state = state.round(state.h + W::spread(&block.sums[ROUND]) + hash[ROUND]);
    });
    unroll!(ROUND in 8 9 10 11 12 13 14 15 => {
        state = state.round(state.h + W::spread(&block.sums[ROUND]));
    });

    let [word_0, word_1, word_2, word_3, word_4, word_5, word_6, word_7] = hash;
    let end_mark = W::spread(&job.end_mark);
    let bits = W::spread(&block.bits);
    let word_16 = small_sigma_0(word_1) + word_0;
    let word_17 = small_sigma_0(word_2) + word_1 + W::spread(&block.sigma_1_of_bits);
    let word_18 = small_sigma_1(word_16) + small_sigma_0(word_3) + word_2;
    let word_19 = small_sigma_1(word_17) + small_sigma_0(word_4) + word_3;
    let word_20 = small_sigma_1(word_18) + small_sigma_0(word_5) + word_4;
    let word_21 = small_sigma_1(word_19) + small_sigma_0(word_6) + word_5;
    let word_22 = small_sigma_1(word_20) + small_sigma_0(word_7) + word_6 + bits;
    let word_23 = small_sigma_1(word_21) + word_16 + word_7 + W::spread(&block.sigma_0_of_end_mark);
    let word_24 = small_sigma_1(word_22) + word_17 + end_mark;
    let word_25 = small_sigma_1(word_23) + word_18;
    let word_26 = small_sigma_1(word_24) + word_19;
    let word_27 = small_sigma_1(word_25) + word_20;
    let word_28 = small_sigma_1(word_26) + word_21;
    let word_29 = small_sigma_1(word_27) + word_22;
    let word_30 = small_sigma_1(word_28) + word_23 + W::spread(&block.sigma_0_of_bits);
    let word_31 = small_sigma_1(word_29) + word_24 + small_sigma_0(word_16) + bits;
    let schedule = Schedule([
        word_16, word_17, word_18, word_19, word_20, word_21, word_22, word_23, word_24, word_25,
        word_26, word_27, word_28, word_29, word_30, word_31,
    ]);
    unroll!(I in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 => {
        state = state.round(state.h + W::spread(&job.keys[1][I]) + schedule.0[I]);
    });
    (state, schedule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headers::hash_headers;
    use crate::words::twin::FourTwin;

    /// Block 0 of Bitcoin's main network.
    const GENESIS: &str = "0100000000000000000000000000000000000000000000000000000000000000\
        000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa\
        4b1e5e4a29ab5f49ffff001d1dac2b7c";
    const GENESIS_NONCE: u32 = 2_083_236_893;

    fn genesis() -> Header {
        array::from_fn(|index| u8::from_str_radix(&GENESIS[2 * index..2 * index + 2], 16).unwrap())
    }

    fn genesis_target() -> Hash {
        let mut target = [0; HASH_SIZE];
        target[26..28].fill(0xff);
        target
    }

    fn hash_with(mut header: Header, nonce: u32) -> Hash {
        header[76..].copy_from_slice(&nonce.to_le_bytes());
        let mut hashes = [[0; HASH_SIZE]];
        hash_headers::<Single>(&[header], &mut hashes);
        hashes[0]
    }

    fn both(job: &Job, start: u32, count: u32) -> Option<u32> {
        let found = search::<Single>(job, start, count);
        assert_eq!(search::<FourTwin>(job, start, count), found);
        found
    }

    #[test]
    fn the_nonce_of_bitcoins_genesis_block_is_found_in_every_lane() {
        let job = Job::new(&genesis(), &genesis_target());
        for before in 0..9 {
            let start = GENESIS_NONCE - before;
            assert_eq!(both(&job, start, before), None);
            assert_eq!(both(&job, start, before + 1), Some(before));
            assert_eq!(both(&job, start, 50), Some(before));
        }
        assert_eq!(both(&job, GENESIS_NONCE + 1, 50), None);
    }

    #[test]
    fn a_hash_may_equal_the_target_and_not_exceed_it() {
        for seed in 0..50u8 {
            let header: Header = array::from_fn(|index| (index as u8).wrapping_mul(seed | 1));
            let nonce = u32::from(seed) << 24;
            let mut target = hash_with(header, nonce);
            assert_eq!(both(&Job::new(&header, &target), nonce, 1), Some(0));
            let digit = target.iter().position(|digit| *digit > 0).unwrap();
            target[..digit].fill(0xff);
            target[digit] -= 1;
            assert_eq!(both(&Job::new(&header, &target), nonce, 1), None);
        }
    }

    #[test]
    fn the_first_of_several_nonces_is_found_also_after_the_largest_number() {
        let header = genesis();
        let target = [0x3f; HASH_SIZE];
        let job = Job::new(&header, &target);
        for start in (u32::MAX - 20..=u32::MAX).chain(0..20) {
            let expected = (0..40)
                .find(|more| is_at_most(&hash_with(header, start.wrapping_add(*more)), &target));
            assert_eq!(both(&job, start, 40), expected);
        }
    }
}
