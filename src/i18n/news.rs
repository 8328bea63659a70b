//! Words about what campaigns tell people.
