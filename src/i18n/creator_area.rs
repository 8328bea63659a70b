//! Words about a creator's own pages.
