//! What JavaScript calls. All arguments are addresses in the module's memory, or counts.
//!
//! The module keeps nothing there itself: whatever begins at `__heap_base` belongs to the caller,
//! who may make the memory larger. Nothing needs to be aligned, except jobs and tables of words to
//! 4 bytes. Hashes and targets have their least significant byte first.

use crate::digits::{self, Digits};
use crate::headers::{self, Header};
use crate::merkle;
use crate::messages::{self, Method, Piece};
use crate::search::{self, Job};
use crate::sha256::Hash;
use crate::words::{Widest, Words};
use core::slice::{from_raw_parts, from_raw_parts_mut};

/// How many hashes are computed at a time.
#[no_mangle]
pub extern "C" fn lanes() -> usize {
    Widest::LANES
}

/// The bytes that a job of `prepare_search` takes.
#[no_mangle]
pub extern "C" fn job_size() -> usize {
    core::mem::size_of::<Job>()
}

/// Writes a job for a header (80 bytes, its nonce is ignored) and a target (32 bytes).
#[no_mangle]
pub unsafe extern "C" fn prepare_search(job: *mut Job, header: *const Header, target: *const Hash) {
    job.write(Job::new(&*header, &*target));
}

/// How many nonces from `start` on fail before one succeeds: `count` if all of them fail.
#[no_mangle]
pub unsafe extern "C" fn search(job: *const Job, start: u32, count: u32) -> u32 {
    search::search::<Widest>(&*job, start, count).unwrap_or(count)
}

/// SHA-256 twice over each of `count` headers of 80 bytes, which stand one after the other.
#[no_mangle]
pub unsafe extern "C" fn hash_headers(headers: *const Header, count: usize, hashes: *mut Hash) {
    headers::hash_headers::<Widest>(
        from_raw_parts(headers, count),
        from_raw_parts_mut(hashes, count),
    );
}

/// How many headers are proven by their hashes before one is not: `count` if all of them are.
#[no_mangle]
pub unsafe extern "C" fn find_unproven(
    headers: *const Header,
    hashes: *const Hash,
    count: usize,
) -> usize {
    headers::find_unproven(from_raw_parts(headers, count), from_raw_parts(hashes, count))
        .unwrap_or(count)
}

/// Leaves the root over `count` hashes in the first, overwrites the others, and answers 1 if two
/// neighbours were equal.
#[no_mangle]
pub unsafe extern "C" fn merkle_root(hashes: *mut Hash, count: usize) -> u32 {
    merkle::merkle_root::<Widest>(from_raw_parts_mut(hashes, count)).into()
}

/// The 64 digits of each of `count` hashes, one after the other; from one hash to the next it is
/// `stride` bytes.
#[no_mangle]
pub unsafe extern "C" fn show_hashes(
    hashes: *const u8,
    stride: usize,
    count: usize,
    digits: *mut Digits,
) {
    for (index, digits) in from_raw_parts_mut(digits, count).iter_mut().enumerate() {
        digits::show(&*hashes.add(index * stride).cast::<Hash>(), digits);
    }
}

/// The hashes of `count` times 64 digits, one after the other.
#[no_mangle]
pub unsafe extern "C" fn parse_hashes(digits: *const Digits, count: usize, hashes: *mut Hash) {
    let hashes = from_raw_parts_mut(hashes, count);
    for (digits, hash) in from_raw_parts(digits, count).iter().zip(hashes) {
        digits::parse(digits, hash);
    }
}

/// SHA-256 over each of `count` messages. A message is as many pieces as the next word at
/// `piece_counts` says, from those that are next at `pieces`, which are two words each: address
/// and length.
#[no_mangle]
pub unsafe extern "C" fn hash_once(
    pieces: *const Piece,
    piece_counts: *const u32,
    count: usize,
    hashes: *mut Hash,
) {
    hash_messages(Method::Once, pieces, piece_counts, count, hashes);
}

/// The same with SHA-256 twice.
#[no_mangle]
pub unsafe extern "C" fn hash_twice(
    pieces: *const Piece,
    piece_counts: *const u32,
    count: usize,
    hashes: *mut Hash,
) {
    hash_messages(Method::Twice, pieces, piece_counts, count, hashes);
}

/// The same with BIP340's tagged hash; `tag` is SHA-256 of the tag's name.
#[no_mangle]
pub unsafe extern "C" fn hash_tagged(
    tag: *const Hash,
    pieces: *const Piece,
    piece_counts: *const u32,
    count: usize,
    hashes: *mut Hash,
) {
    hash_messages(Method::tagged(&*tag), pieces, piece_counts, count, hashes);
}

unsafe fn hash_messages(
    method: Method,
    pieces: *const Piece,
    piece_counts: *const u32,
    count: usize,
    hashes: *mut Hash,
) {
    let piece_counts = from_raw_parts(piece_counts, count);
    let pieces_count = piece_counts.iter().map(|count| *count as usize).sum();
    messages::hash_messages::<Widest>(
        method,
        from_raw_parts(pieces, pieces_count),
        piece_counts,
        from_raw_parts_mut(hashes, count),
    );
}
