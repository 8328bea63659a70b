//! Error monitoring and health: what broke reaches the owner.
