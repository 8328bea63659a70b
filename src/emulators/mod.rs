//! Strict local twins of outside services, for the demonstration and the tests. Never in a production build.
