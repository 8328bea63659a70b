//! Integration tests against the real database server.

mod support;

mod db;
