//! SHA-256 on any number of lanes: rounds, message schedule, one block. Source: FIPS 180-4.

use crate::words::{Single, Words, LANES_MAX};

pub const BLOCK_SIZE: usize = 64;
pub const HASH_SIZE: usize = 32;

pub type Block = [u8; BLOCK_SIZE];
pub type Hash = [u8; HASH_SIZE];

/// The fractions of the square roots of the first 8 primes: where every hash begins.
pub const INITIAL: [u32; 8] = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/// The fractions of the cube roots of the first 64 primes, one for each round; four sixteens,
/// because loops go sixteen rounds at a time.
pub const KEYS: [[u32; 16]; 4] = [
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174,
    ],
    [
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc,
        0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
        0x06ca6351, 0x14292967,
    ],
    [
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
        0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624,
        0xf40e3585, 0x106aa070,
    ],
    [
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
        0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb,
        0xbef9a3f7, 0xc67178f2,
    ],
];

/// The bit that follows every message, in the first byte of a word.
pub const END_MARK: u32 = 0x8000_0000;

/// Repeats statements with an index that is a constant, so that arrays become registers.
/// (The compiler unrolls no loop of this size by itself.)
macro_rules! unroll {
    ($index:ident in $($value:literal)* => $statements:block) => {
        $({
            const $index: usize = $value;
            $statements
        })*
    };
}
pub(crate) use unroll;

#[inline(always)]
pub fn small_sigma_0<W: Words>(x: W) -> W {
    x.rotate_right::<7>() ^ x.rotate_right::<18>() ^ x.shift_right::<3>()
}

#[inline(always)]
pub fn small_sigma_1<W: Words>(x: W) -> W {
    x.rotate_right::<17>() ^ x.rotate_right::<19>() ^ x.shift_right::<10>()
}

#[inline(always)]
fn big_sigma_0<W: Words>(x: W) -> W {
    x.rotate_right::<2>() ^ x.rotate_right::<13>() ^ x.rotate_right::<22>()
}

#[inline(always)]
fn big_sigma_1<W: Words>(x: W) -> W {
    x.rotate_right::<6>() ^ x.rotate_right::<11>() ^ x.rotate_right::<25>()
}

/// The eight working variables between two rounds.
#[derive(Clone, Copy)]
pub struct State<W> {
    pub a: W,
    pub b: W,
    pub c: W,
    pub d: W,
    pub e: W,
    pub f: W,
    pub g: W,
    pub h: W,
    /// `b ^ c`, which the round before has computed already, as its `a ^ b`.
    pub b_xor_c: W,
}

impl<W: Words> State<W> {
    #[inline(always)]
    pub fn new([a, b, c, d, e, f, g, h]: [W; 8]) -> Self {
        State { a, b, c, d, e, f, g, h, b_xor_c: b ^ c }
    }

    #[inline(always)]
    pub fn words(self) -> [W; 8] {
        [self.a, self.b, self.c, self.d, self.e, self.f, self.g, self.h]
    }

    /// One round. `sum` is h + the round's key + the round's word of the message: where some of
    /// the three are constants, the caller has added them up before.
    #[inline(always)]
    pub fn round(self, sum: W) -> Self {
        let temporary = self.temporary(sum);
        let a_xor_b = self.a ^ self.b;
        // The majority of a, b and c, with three operations instead of five.
        let majority = (a_xor_b & self.b_xor_c) ^ self.b;
        State {
            a: temporary + big_sigma_0(self.a) + majority,
            e: self.d + temporary,
            b_xor_c: a_xor_b,
            ..self.shifted()
        }
    }

    /// A round near the end, after which nobody will ask for `a`.
    #[inline(always)]
    pub fn round_without_a(self, sum: W) -> Self {
        State { e: self.d + self.temporary(sum), ..self.shifted() }
    }

    #[inline(always)]
    fn temporary(self, sum: W) -> W {
        // "If e then f, else g", with three operations instead of four.
        let choice = ((self.f ^ self.g) & self.e) ^ self.g;
        sum + choice + big_sigma_1(self.e)
    }

    #[inline(always)]
    fn shifted(self) -> Self {
        State { b: self.a, c: self.b, d: self.c, f: self.e, g: self.f, h: self.g, ..self }
    }
}

/// The newest sixteen words of a message schedule; word i takes the place of word i − 16.
#[derive(Clone, Copy)]
pub struct Schedule<W>(pub [W; 16]);

impl<W: Words> Schedule<W> {
    /// Word `index`, which is at least 16.
    #[inline(always)]
    pub fn next(&mut self, index: usize) -> W {
        let words = &mut self.0;
        words[index % 16] = words[index % 16]
            + small_sigma_0(words[(index - 15) % 16])
            + words[(index - 7) % 16]
            + small_sigma_1(words[(index - 2) % 16]);
        words[index % 16]
    }
}

/// Adds a block to the hash of everything before it.
#[inline(never)]
pub fn compress<W: Words>(hash: &mut [W; 8], block: &[W; 16]) {
    let mut state = State::new(*hash);
    let mut schedule = Schedule(*block);
    unroll!(I in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 => {
        state = state.round(state.h + W::spread(&KEYS[0][I]) + block[I]);
    });
    for keys in &KEYS[1..] {
        unroll!(I in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 => {
            let word = schedule.next(16 + I);
            state = state.round(state.h + W::spread(&keys[I]) + word);
        });
    }
    add(hash, state);
}

/// Adds a block that is always the same: `sums` are its words with their rounds' keys.
pub fn compress_constant<W: Words>(hash: &mut [W; 8], sums: &[[u32; 16]; 4]) {
    let mut state = State::new(*hash);
    for sixteen in sums {
        unroll!(I in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 => {
            state = state.round(state.h + W::spread(&sixteen[I]));
        });
    }
    add(hash, state);
}

#[inline(always)]
fn add<W: Words>(hash: &mut [W; 8], state: State<W>) {
    for (word, more) in hash.iter_mut().zip(state.words()) {
        *word = *word + more;
    }
}

/// The SHA-256 of a SHA-256, both as words.
pub fn hash_of_hash<W: Words>(hash: [W; 8]) -> [W; 8] {
    let [a, b, c, d, e, f, g, h] = hash;
    let zero = W::spread(&0);
    let mark = W::spread(&END_MARK);
    let bits = W::spread(&(8 * HASH_SIZE as u32));
    let block = [a, b, c, d, e, f, g, h, mark, zero, zero, zero, zero, zero, zero, bits];
    let mut outer = initial();
    compress(&mut outer, &block);
    outer
}

pub fn initial<W: Words>() -> [W; 8] {
    INITIAL.map(|word| W::spread(&word))
}

/// The words of one block in each lane.
#[inline(always)]
pub fn read_blocks<W: Words>(blocks: [&Block; LANES_MAX]) -> [W; 16] {
    let mut words = [W::spread(&0); 16];
    unroll!(I in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 => {
        words[I] = W::from_lanes(blocks.map(|block| {
            u32::from_le_bytes([
                block[4 * I],
                block[4 * I + 1],
                block[4 * I + 2],
                block[4 * I + 3],
            ])
        }))
        .swap_bytes();
    });
    words
}

/// The hash of one lane, in bytes.
pub fn hash_bytes<W: Words>(words: &[W; 8], lane: usize) -> Hash {
    let mut bytes = [0; HASH_SIZE];
    for (four, word) in bytes.chunks_exact_mut(4).zip(words) {
        four.copy_from_slice(&word.to_lanes()[lane].to_be_bytes());
    }
    bytes
}

/// What hashing has come to after one block: where everything that begins with it may begin.
pub fn midstate(block: &Block) -> [u32; 8] {
    let mut hash = initial::<Single>();
    compress(&mut hash, &read_blocks([block; LANES_MAX]));
    hash.map(|word| word.0)
}
