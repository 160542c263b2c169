/// How units left a site for good, as the ledger shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepartureKind {
    Returned,
    Destroyed,
}
