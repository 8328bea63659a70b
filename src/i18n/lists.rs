//! Words about lists: filters, columns, saved views, keyboard.
