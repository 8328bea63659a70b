//! What is kept, what may go: a plan, a typed approval, then the deletion.

pub mod command;
