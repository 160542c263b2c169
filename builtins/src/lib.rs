//! Functions that the compiler calls on sBPF where the virtual machine has no instruction: those of
//! `solana-compiler-builtins`, and comparisons that are never inlined.
//!
//! LLVM turns a comparison of known length, such as that of two addresses, into comparisons of words, if
//! it still finds a call of `memcmp` there. The one in `solana-compiler-builtins` is small enough to be
//! inlined before that, at each place as a loop over words and a loop over bytes, which makes a program
//! an eighth larger.
//!
//! Solana's platform tools have builtins of their own; with them, and on a host, nothing here replaces
//! others.
#![no_std]

#[cfg(target_arch = "bpf")]
use solana_compiler_builtins as _;

/// C's `memcmp`: negative or positive if the first different byte is smaller or larger on the left, zero
/// if there is none.
///
/// # Safety
///
/// `length` bytes can be read at both addresses.
#[cfg_attr(target_arch = "bpf", unsafe(no_mangle))]
#[inline(never)]
pub unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, length: usize) -> i32 {
    for index in 0..length {
        // SAFETY: `index` is below `length`, and the caller guarantees `length` bytes at both.
        let (left, right) = unsafe { (*left.add(index), *right.add(index)) };
        if left != right {
            return i32::from(left) - i32::from(right);
        }
    }
    0
}

/// `memcmp` where only equality matters: zero if all bytes are equal.
///
/// # Safety
///
/// As for [`memcmp`].
#[cfg_attr(target_arch = "bpf", unsafe(no_mangle))]
#[inline(never)]
pub unsafe extern "C" fn bcmp(left: *const u8, right: *const u8, length: usize) -> i32 {
    // SAFETY: the caller guarantees what `memcmp` needs.
    unsafe { memcmp(left, right, length) }
}

#[cfg(test)]
mod tests {
    use super::{bcmp, memcmp};

    fn compare(left: &[u8], right: &[u8]) -> [i32; 2] {
        assert_eq!(left.len(), right.len());
        let (left, right, length) = (left.as_ptr(), right.as_ptr(), left.len());
        // SAFETY: both slices are of this length.
        unsafe { [memcmp(left, right, length), bcmp(left, right, length)] }
    }

    #[test]
    fn the_first_difference_decides() {
        assert_eq!(compare(b"", b""), [0, 0]);
        assert_eq!(compare(b"authority", b"authority"), [0, 0]);
        assert_eq!(compare(&[1, 2, 3], &[1, 2, 4]), [-1, -1]);
        assert_eq!(compare(&[1, 255, 3], &[1, 0, 4]), [255, 255]);
    }
}
