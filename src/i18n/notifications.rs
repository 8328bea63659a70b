//! The words of the notification centre.
