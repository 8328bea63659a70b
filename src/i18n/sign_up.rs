//! Words about signing up, verifying an address, a new password.
