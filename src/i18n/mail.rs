//! The words of mail and messages.
