/// What a site's newest answer adds to the recall's totals: units held, quarantined, dispensed, returned and
/// destroyed.
#[derive(Clone, Copy)]
pub(crate) struct Answer(pub(super) [u32; 5]);
