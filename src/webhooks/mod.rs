//! Deliveries from outside: verified, stored, answered; processed by a job.
