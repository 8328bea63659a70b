//! The bell and the pages of the notification centre.
