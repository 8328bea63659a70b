//! A creator's own pages: what is due, their work, a delivery, and that nobody sees another's.

mod access;
mod dashboard;
mod delivery;
mod work;
