//! Many messages of any length, each in pieces that lie anywhere: transaction ids, whose witness
//! is left out, and BIP341's hashes.

use crate::sha256::{
    compress, hash_bytes, midstate, read_blocks, Block, Hash, BLOCK_SIZE, END_MARK, HASH_SIZE,
    INITIAL,
};
use crate::words::{Words, LANES_MAX};
use core::array;

/// Where some bytes of a message are. (In WebAssembly: two little-endian words.)
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Piece {
    pub start: *const u8,
    pub length: usize,
}

impl Piece {
    /// # Safety
    /// Nobody may write to these bytes as long as they are used.
    unsafe fn bytes<'a>(self) -> &'a [u8] {
        core::slice::from_raw_parts(self.start, self.length)
    }
}

/// How a message is hashed.
#[derive(Clone, Copy)]
pub enum Method {
    Once,
    /// The hash of the hash.
    Twice,
    /// Once, after a block of which this is the midstate.
    After([u32; 8]),
}

impl Method {
    /// BIP340's hash with a name: the name's own hash, twice, comes before the message.
    pub fn tagged(name: &Hash) -> Self {
        let mut block = [0; BLOCK_SIZE];
        block[..HASH_SIZE].copy_from_slice(name);
        block[HASH_SIZE..].copy_from_slice(name);
        Method::After(midstate(&block))
    }
}

/// Hashes messages: message i has the next `piece_counts[i]` of the pieces.
///
/// Messages have different lengths, so a lane that is done takes the next message at once, and does
/// not wait for the others.
///
/// # Safety
/// All pieces must be readable, and none may lie in `hashes`.
pub unsafe fn hash_messages<W: Words>(
    method: Method,
    pieces: &[Piece],
    piece_counts: &[u32],
    hashes: &mut [Hash],
) {
    let mut waiting = Messages { pieces, piece_counts, taken: 0 };
    let mut lanes: [Lane; LANES_MAX] = array::from_fn(|_| Lane::idle());
    loop {
        let mut is_busy = false;
        for lane in &mut lanes[..W::LANES] {
            if lane.message.is_none() {
                lane.begin(method, waiting.take());
            }
            is_busy |= lane.message.is_some();
            lane.fill_block();
        }
        if !is_busy {
            return;
        }
        compress_lanes::<W>(&mut lanes);
        for lane in &mut lanes[..W::LANES] {
            if let Some((message, hash)) = lane.finish(method) {
                hashes[message] = hash;
            }
        }
    }
}

/// The messages that no lane has taken yet.
struct Messages<'a> {
    pieces: &'a [Piece],
    piece_counts: &'a [u32],
    taken: usize,
}

impl<'a> Messages<'a> {
    /// The number of the next message, and its pieces.
    fn take(&mut self) -> Option<(usize, &'a [Piece])> {
        let count = *self.piece_counts.get(self.taken)? as usize;
        let (mine, others) = self.pieces.split_at(count);
        self.pieces = others;
        self.taken += 1;
        Some((self.taken - 1, mine))
    }
}

/// What a block that was filled last has of its message.
#[derive(Clone, Copy, PartialEq)]
enum Progress {
    Data,
    /// The end mark, but there was no room for the length.
    EndMark,
    /// The length, which is the last of a message.
    Length,
    /// The hash of the message, to be hashed again.
    Again,
}

/// One message on its way.
struct Lane<'a> {
    /// Nothing: the lane is idle.
    message: Option<usize>,
    pieces: &'a [Piece],
    /// How much of the first piece has been read.
    offset: usize,
    /// In bytes, with the block that a method puts before the message.
    length: u64,
    progress: Progress,
    hash: [u32; 8],
    block: Block,
}

impl<'a> Lane<'a> {
    fn idle() -> Self {
        Lane {
            message: None,
            pieces: &[],
            offset: 0,
            length: 0,
            progress: Progress::Data,
            hash: INITIAL,
            block: [0; BLOCK_SIZE],
        }
    }

    fn begin(&mut self, method: Method, next: Option<(usize, &'a [Piece])>) {
        let Some((message, pieces)) = next else { return };
        self.message = Some(message);
        self.pieces = pieces;
        self.offset = 0;
        self.progress = Progress::Data;
        (self.hash, self.length) = match method {
            Method::After(midstate) => (midstate, BLOCK_SIZE as u64),
            Method::Once | Method::Twice => (INITIAL, 0),
        };
    }

    /// # Safety
    /// The pieces must be readable.
    unsafe fn fill_block(&mut self) {
        if self.progress == Progress::Again {
            return;
        }
        let size = self.read();
        self.block[size..].fill(0);
        if size == BLOCK_SIZE {
            return;
        }
        if self.progress == Progress::Data {
            self.block[size] = END_MARK.to_be_bytes()[0];
            self.progress = Progress::EndMark;
        }
        let room = BLOCK_SIZE - 8;
        if size < room || self.is_end_marked_before() {
            self.block[room..].copy_from_slice(&(8 * self.length).to_be_bytes());
            self.progress = Progress::Length;
        }
    }

    /// Copies the next bytes of the message to the front of the block, and says how many.
    unsafe fn read(&mut self) -> usize {
        let mut size = 0;
        while let Some((piece, others)) = self.pieces.split_first() {
            let bytes = &piece.bytes()[self.offset..];
            let part = bytes.len().min(BLOCK_SIZE - size);
            self.block[size..size + part].copy_from_slice(&bytes[..part]);
            size += part;
            self.offset += part;
            if part < bytes.len() {
                break;
            }
            self.pieces = others;
            self.offset = 0;
        }
        self.length += size as u64;
        size
    }
}
