//! The module's interface: bytes go in through a buffer that the host fills, and come out behind
//! their length, a `u32` in little-endian order.
//!
//! Buffers are never freed; the module serves one test.

use crate::{read_scan, replay};

/// A buffer of `length` bytes for the host to fill.
#[unsafe(no_mangle)]
extern "C" fn reserve(length: usize) -> *mut u8 {
    vec![0; length].leak().as_mut_ptr()
}

/// [`read_scan`] of a buffer that the host filled.
///
/// # Safety
///
/// `text` is what [`reserve`] returned for `length`.
#[unsafe(no_mangle)]
unsafe extern "C" fn scan(text: *const u8, length: usize) -> *const u8 {
    // SAFETY: as demanded of the caller.
    let text = unsafe { std::slice::from_raw_parts(text, length) };
    answer(read_scan(text).as_bytes())
}

/// The bytes of a [`replay`].
#[unsafe(no_mangle)]
extern "C" fn trail() -> *const u8 {
    answer(&replay().expect("the rules allow every change").to_bytes())
}

fn answer(bytes: &[u8]) -> *const u8 {
    let length = u32::try_from(bytes.len()).expect("memory is addressed by 32 bits");
    let mut answer = length.to_le_bytes().to_vec();
    answer.extend_from_slice(bytes);
    answer.leak().as_ptr()
}
