use core::ops::Range;

/// The units `first..first + quantity` of a lot.
pub(crate) fn range(first: u32, quantity: u32) -> Range<u64> {
    u64::from(first)..u64::from(first) + u64::from(quantity)
}

/// Whether `outer` has every unit of `inner`.
pub(crate) fn contains(outer: &Range<u64>, inner: &Range<u64>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
