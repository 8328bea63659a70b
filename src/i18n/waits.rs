//! Words about waiting and due times.
