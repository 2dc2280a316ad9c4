//! Many messages of any length, each in pieces that lie anywhere: transaction ids, whose witness
//! is left out, and BIP341's hashes.

use crate::sha256::{compress, midstate, read_blocks, Block, Hash, BLOCK_SIZE, HASH_SIZE, INITIAL};
use crate::words::{Words, LANES_MAX};
use core::array;

/// The bit that follows a message, with seven zeroes.
const END_BYTE: u8 = 0x80;
/// The last eight bytes of a message's last block say how long the message is, in bits.
const LENGTH_OFFSET: usize = BLOCK_SIZE - 8;

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
                match waiting.take() {
                    Some((message, pieces)) => lane.begin(method, message, pieces),
                    None => continue,
                }
            }
            is_busy = true;
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

/// One message on its way.
struct Lane<'a> {
    /// Its number; nothing if the lane is idle.
    message: Option<usize>,
    pieces: &'a [Piece],
    /// How much of the first piece has been read.
    offset: usize,
    /// Of all that has been read, in bytes, with the block that a method puts before the message.
    length: u64,
    /// The bit that ends the message has been written.
    is_marked: bool,
    /// The block has the length, so it is the message's last.
    is_last: bool,
    /// The block has the message's hash, which is hashed again.
    is_second: bool,
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
            is_marked: false,
            is_last: false,
            is_second: false,
            hash: INITIAL,
            block: [0; BLOCK_SIZE],
        }
    }

    fn begin(&mut self, method: Method, message: usize, pieces: &'a [Piece]) {
        let (hash, length) = match method {
            Method::After(midstate) => (midstate, BLOCK_SIZE as u64),
            Method::Once | Method::Twice => (INITIAL, 0),
        };
        *self = Lane { message: Some(message), pieces, hash, length, ..Lane::idle() };
    }

    /// Makes the next block of the message.
    unsafe fn fill_block(&mut self) {
        if self.is_second {
            return;
        }
        let size = self.read();
        self.block[size..].fill(0);
        if size < BLOCK_SIZE && !self.is_marked {
            self.block[size] = END_BYTE;
            self.is_marked = true;
        }
        self.is_last = size < LENGTH_OFFSET;
        if self.is_last {
            self.block[LENGTH_OFFSET..].copy_from_slice(&(8 * self.length).to_be_bytes());
        }
    }

    /// Copies the next bytes of the message to the front of the block, and says how many.
    unsafe fn read(&mut self) -> usize {
        let mut size = 0;
        while let Some((piece, others)) = self.pieces.split_first() {
            let left = &piece.bytes()[self.offset..];
            let part = left.len().min(BLOCK_SIZE - size);
            self.block[size..size + part].copy_from_slice(&left[..part]);
            size += part;
            if part < left.len() {
                self.offset += part;
                break;
            }
            self.pieces = others;
            self.offset = 0;
        }
        self.length += size as u64;
        size
    }

    /// The message's number and hash, if the block was its last; then the lane is idle.
    fn finish(&mut self, method: Method) -> Option<(usize, Hash)> {
        if !self.is_last {
            return None;
        }
        let hash = self.hash_bytes();
        if matches!(method, Method::Twice) && !self.is_second {
            self.begin_second(hash);
            return None;
        }
        self.is_last = false;
        self.message.take().map(|message| (message, hash))
    }

    fn begin_second(&mut self, hash: Hash) {
        self.is_second = true;
        self.hash = INITIAL;
        self.block = [0; BLOCK_SIZE];
        self.block[..HASH_SIZE].copy_from_slice(&hash);
        self.block[HASH_SIZE] = END_BYTE;
        self.block[LENGTH_OFFSET..].copy_from_slice(&(8 * HASH_SIZE as u64).to_be_bytes());
    }

    fn hash_bytes(&self) -> Hash {
        let mut bytes = [0; HASH_SIZE];
        for (four, word) in bytes.chunks_exact_mut(4).zip(self.hash) {
            four.copy_from_slice(&word.to_be_bytes());
        }
        bytes
    }
}

fn compress_lanes<W: Words>(lanes: &mut [Lane; LANES_MAX]) {
    let block = read_blocks(array::from_fn(|lane| &lanes[lane].block));
    let mut hash: [W; 8] =
        array::from_fn(|word| W::from_lanes(array::from_fn(|lane| lanes[lane].hash[word])));
    compress(&mut hash, &block);
    for (index, word) in hash.into_iter().enumerate() {
        for (lane, word) in lanes.iter_mut().zip(word.to_lanes()) {
            lane.hash[index] = word;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{twin::FourTwin, Single};

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn piece(bytes: &[u8]) -> Piece {
        Piece { start: bytes.as_ptr(), length: bytes.len() }
    }

    fn hash<W: Words>(method: Method, messages: &[&[&[u8]]]) -> Vec<String> {
        let pieces: Vec<Piece> =
            messages.iter().flat_map(|message| message.iter().map(|bytes| piece(bytes))).collect();
        let counts: Vec<u32> = messages.iter().map(|message| message.len() as u32).collect();
        let mut hashes = vec![[0; HASH_SIZE]; messages.len()];
        unsafe { hash_messages::<W>(method, &pieces, &counts, &mut hashes) };
        hashes.iter().map(|hash| hex(hash)).collect()
    }

    /// FIPS 180-4's examples, and the empty message.
    #[test]
    fn known_messages_have_their_known_hashes() {
        let long = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        let expected = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ];
        let messages: [&[&[u8]]; 3] = [&[], &[b"abc"], &[long]];
        assert_eq!(hash::<Single>(Method::Once, &messages), expected);
        assert_eq!(hash::<FourTwin>(Method::Once, &messages), expected);
    }

    #[test]
    fn a_hash_twice_is_the_hash_of_the_hash() {
        let twice = "4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358";
        assert_eq!(hash::<Single>(Method::Twice, &[&[b"abc"]]), [twice]);
        assert_eq!(hash::<FourTwin>(Method::Twice, &[&[b"a", b"", b"bc"]]), [twice]);
    }

    #[test]
    fn a_tag_is_two_hashes_of_its_name_before_the_message() {
        let name = [7; HASH_SIZE];
        let plain = hash::<Single>(Method::Once, &[&[&name, &name, b"message"]]);
        assert_eq!(hash::<FourTwin>(Method::tagged(&name), &[&[b"mess", b"age"]]), plain);
    }

    #[test]
    fn lengths_and_cuts_make_no_difference_between_the_kinds_of_lanes() {
        let bytes: Vec<u8> = (0..400).map(|index| (index * 31 % 251) as u8).collect();
        let halves: Vec<[&[u8]; 2]> = (0..260)
            .map(|length| {
                let (left, right) = bytes[..length].split_at(length * 7 % (length + 1));
                [left, right]
            })
            .collect();
        let cut: Vec<&[&[u8]]> = halves.iter().map(|halves| &halves[..]).collect();
        let whole: Vec<[&[u8]; 1]> = (0..260).map(|length| [&bytes[..length]]).collect();
        let whole: Vec<&[&[u8]]> = whole.iter().map(|pieces| &pieces[..]).collect();
        for method in [Method::Once, Method::Twice] {
            assert_eq!(hash::<FourTwin>(method, &cut), hash::<Single>(method, &whole));
        }
    }
}
