//! SHA-256 where powlab spends its time: the search for a nonce, and the hashes of validation.
//!
//! One source makes three things: a WebAssembly module whose vectors hold four words, one for
//! engines that have no vectors, and a native library for the tests.

#![cfg_attr(target_arch = "wasm32", no_std)]

pub mod digits;
pub mod headers;
pub mod merkle;
pub mod messages;
pub mod search;
pub mod sha256;
pub mod words;

#[cfg(target_arch = "wasm32")]
mod exports;

#[cfg(all(target_arch = "wasm32", not(test)))]
#[panic_handler]
fn trap(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
