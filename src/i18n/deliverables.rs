//! Words about deliveries: states, addresses, reviews.
