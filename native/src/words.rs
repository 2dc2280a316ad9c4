//! Words of 32 bits that are computed on together: one word of each of several hashes.

use core::num::Wrapping;
use core::ops::{Add, BitAnd, BitXor};

/// The most lanes that any kind of `Words` has.
pub const LANES_MAX: usize = 4;

/// One word in each lane; what is done to one lane is done to all. Sums wrap.
pub trait Words:
    Copy + Add<Output = Self> + BitXor<Output = Self> + BitAnd<Output = Self>
{
    const LANES: usize;

    /// Every lane gets the same word.
    ///
    /// It takes a reference, because WebAssembly loads and spreads a word in one instruction. That
    /// was 4 to 10 % faster than to keep tables of words that had been spread before.
    fn spread(word: &u32) -> Self;
    /// Each lane gets the word of its number; words beyond the last lane are ignored.
    fn from_lanes(words: [u32; LANES_MAX]) -> Self;
    /// The word of each lane; what stands beyond the last lane has no meaning.
    fn to_lanes(self) -> [u32; LANES_MAX];
    fn rotate_right<const BITS: u32>(self) -> Self;
    fn shift_right<const BITS: u32>(self) -> Self;
    /// Turns big-endian words into little-endian ones, and back.
    fn swap_bytes(self) -> Self;
    /// Whether the word of any lane, as an unsigned number, is at most that of `limit`.
    fn is_any_at_most(self, limit: Self) -> bool;
}

/// The words that this build computes on when there is enough to do for all lanes.
#[cfg(target_feature = "simd128")]
pub type Widest = four::Four;
#[cfg(not(target_feature = "simd128"))]
pub type Widest = Single;

pub type Single = Wrapping<u32>;

impl Words for Single {
    const LANES: usize = 1;

    #[inline(always)]
    fn spread(word: &u32) -> Self {
        Wrapping(*word)
    }

    #[inline(always)]
    fn from_lanes(words: [u32; LANES_MAX]) -> Self {
        Wrapping(words[0])
    }

    #[inline(always)]
    fn to_lanes(self) -> [u32; LANES_MAX] {
        [self.0; LANES_MAX]
    }

    #[inline(always)]
    fn rotate_right<const BITS: u32>(self) -> Self {
        Wrapping(self.0.rotate_right(BITS))
    }

    #[inline(always)]
    fn shift_right<const BITS: u32>(self) -> Self {
        Wrapping(self.0 >> BITS)
    }

    #[inline(always)]
    fn swap_bytes(self) -> Self {
        Wrapping(self.0.swap_bytes())
    }

    #[inline(always)]
    fn is_any_at_most(self, limit: Self) -> bool {
        self <= limit
    }
}

/// Four lanes in one vector of WebAssembly.
#[cfg(target_feature = "simd128")]
pub mod four {
    use super::{Words, LANES_MAX};
    use core::arch::wasm32::*;
    use core::ops::{Add, BitAnd, BitXor};

    #[derive(Clone, Copy)]
    pub struct Four(v128);

    impl Add for Four {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Four(u32x4_add(self.0, other.0))
        }
    }

    impl BitXor for Four {
        type Output = Self;
        #[inline(always)]
        fn bitxor(self, other: Self) -> Self {
            Four(v128_xor(self.0, other.0))
        }
    }

    impl BitAnd for Four {
        type Output = Self;
        #[inline(always)]
        fn bitand(self, other: Self) -> Self {
            Four(v128_and(self.0, other.0))
        }
    }

    impl Words for Four {
        const LANES: usize = 4;

        #[inline(always)]
        fn spread(word: &u32) -> Self {
            Four(unsafe { v128_load32_splat(word) })
        }

        #[inline(always)]
        fn from_lanes(words: [u32; LANES_MAX]) -> Self {
            Four(u32x4(words[0], words[1], words[2], words[3]))
        }

        #[inline(always)]
        fn to_lanes(self) -> [u32; LANES_MAX] {
            [
                u32x4_extract_lane::<0>(self.0),
                u32x4_extract_lane::<1>(self.0),
                u32x4_extract_lane::<2>(self.0),
                u32x4_extract_lane::<3>(self.0),
            ]
        }

        #[inline(always)]
        fn rotate_right<const BITS: u32>(self) -> Self {
            Four(v128_or(u32x4_shr(self.0, BITS), u32x4_shl(self.0, 32 - BITS)))
        }

        #[inline(always)]
        fn shift_right<const BITS: u32>(self) -> Self {
            Four(u32x4_shr(self.0, BITS))
        }

        #[inline(always)]
        fn swap_bytes(self) -> Self {
            Four(i8x16_shuffle::<3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12>(
                self.0, self.0,
            ))
        }

        #[inline(always)]
        fn is_any_at_most(self, limit: Self) -> bool {
            v128_any_true(u32x4_le(self.0, limit.0))
        }
    }
}

/// Four lanes on any machine, slow and obvious: the twin that the native tests run.
#[cfg(test)]
pub mod twin {
    use super::{Words, LANES_MAX};
    use core::ops::{Add, BitAnd, BitXor};

    #[derive(Clone, Copy)]
    pub struct FourTwin([u32; LANES_MAX]);

    impl FourTwin {
        fn with(self, other: Self, operation: fn(u32, u32) -> u32) -> Self {
            let mut lanes = self.0;
            for (lane, word) in lanes.iter_mut().zip(other.0) {
                *lane = operation(*lane, word);
            }
            FourTwin(lanes)
        }
    }

    impl Add for FourTwin {
        type Output = Self;
        fn add(self, other: Self) -> Self {
            self.with(other, u32::wrapping_add)
        }
    }

    impl BitXor for FourTwin {
        type Output = Self;
        fn bitxor(self, other: Self) -> Self {
            self.with(other, |one, two| one ^ two)
        }
    }

    impl BitAnd for FourTwin {
        type Output = Self;
        fn bitand(self, other: Self) -> Self {
            self.with(other, |one, two| one & two)
        }
    }

    impl Words for FourTwin {
        const LANES: usize = 4;

        fn spread(word: &u32) -> Self {
            FourTwin([*word; LANES_MAX])
        }

        fn from_lanes(words: [u32; LANES_MAX]) -> Self {
            FourTwin(words)
        }

        fn to_lanes(self) -> [u32; LANES_MAX] {
            self.0
        }

        fn rotate_right<const BITS: u32>(self) -> Self {
            FourTwin(self.0.map(|word| word.rotate_right(BITS)))
        }

        fn shift_right<const BITS: u32>(self) -> Self {
            FourTwin(self.0.map(|word| word >> BITS))
        }

        fn swap_bytes(self) -> Self {
            FourTwin(self.0.map(u32::swap_bytes))
        }

        fn is_any_at_most(self, limit: Self) -> bool {
            self.0.iter().zip(limit.0).any(|(word, most)| *word <= most)
        }
    }
}
