//! Background work.

mod queue;
