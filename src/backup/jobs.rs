//! The work in the background: the schedules, what is asked for by hand, the alarms.
