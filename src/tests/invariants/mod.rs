//! Invariants: random walks of the pure machines and of the real services, and the nightly comparison.

mod nightly;
mod pure;
mod real;

/// A small generator of numbers that repeats itself for the same seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % sides as u64).unwrap()
    }
}

/// What may be tried.
#[derive(Clone, Copy, Debug)]
pub enum Try {
    Apply,
    Withdraw,
    Shortlist,
    Confirm,
    Reject,
    CancelOwn,
    Cancel,
    Reactivate,
    Register,
    AddTiktok,
    Approve,
    RequestChanges,
    RejectContent,
    AcceptMetrics,
    Complete,
    ResetKeeping,
    ResetAll,
    ResetMetrics,
    Edit,
    Wait,
}

impl Try {
    /// Often what leads on, seldom what ends.
    pub const ALL: [Self; 27] = [
        Self::Apply,
        Self::Apply,
        Self::Withdraw,
        Self::Shortlist,
        Self::Confirm,
        Self::Confirm,
        Self::Confirm,
        Self::Reject,
        Self::CancelOwn,
        Self::Cancel,
        Self::Reactivate,
        Self::Reactivate,
        Self::Register,
        Self::Register,
        Self::Register,
        Self::AddTiktok,
        Self::Approve,
        Self::RequestChanges,
        Self::RejectContent,
        Self::AcceptMetrics,
        Self::AcceptMetrics,
        Self::Complete,
        Self::ResetKeeping,
        Self::ResetAll,
        Self::ResetMetrics,
        Self::Edit,
        Self::Wait,
    ];
}
