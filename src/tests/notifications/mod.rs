//! Notices, incidents, their timers.
