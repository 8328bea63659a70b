//! Words about applications: states, refusals, staff's page.
