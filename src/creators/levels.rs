//! Levels: one table, read by everything that shows or decides one.

use super::model::{Level, Stats};

/// What a level asks for and gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Which level.
    pub level: Level,
    /// Completed deliveries, at least.
    pub deliveries: i64,
    /// Average rating, at least.
    pub rating: f64,
    /// Percent of deliveries on time, at least.
    pub on_time: f64,
    /// Active campaigns at the same time.
    pub active_campaigns: u32,
}

/// The table, from the first level to the last.
pub const TABLE: [Row; 4] = [
    Row { level: Level::Rookie, deliveries: 0, rating: 0.0, on_time: 0.0, active_campaigns: 2 },
    Row { level: Level::Trusted, deliveries: 5, rating: 3.5, on_time: 70.0, active_campaigns: 4 },
    Row { level: Level::Pro, deliveries: 15, rating: 4.0, on_time: 85.0, active_campaigns: 6 },
    Row { level: Level::Elite, deliveries: 30, rating: 4.5, on_time: 95.0, active_campaigns: 10 },
];

/// Guards a sum of fractions against the last bit before it is rounded down.
const LAST_BIT: f64 = 1e-9;

/// The highest level whose row is fully met. Nobody is held back by punctuality nobody measured.
pub fn level_of(stats: &Stats) -> Level {
    let on_time = stats.delivery_on_time_rate.unwrap_or(100.0);
    let is_met = |row: &&Row| {
        stats.total_completed >= row.deliveries && stats.avg_rating >= row.rating && on_time >= row.on_time
    };
    TABLE.iter().rev().find(is_met).map_or(Level::Rookie, |row| row.level)
}

/// How far somebody is on the way to the next level, 0 to 100; at the last level 100.
pub fn progress(stats: &Stats) -> i32 {
    let Some(next) = next(level_of(stats)) else { return 100 };
    let completed = (stats.total_completed as f64 / next.deliveries as f64 * 100.0).clamp(0.0, 100.0);
    let rating = (stats.avg_rating / next.rating * 100.0).clamp(0.0, 100.0);
    (0.6 * completed + 0.4 * rating + LAST_BIT).floor() as i32
}

/// A level's row.
pub fn row(level: Level) -> &'static Row {
    TABLE.iter().find(|row| row.level == level).unwrap_or(&TABLE[0])
}

/// The row of the next level; none after the last.
pub fn next(level: Level) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.level > level)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(total_completed: i64, avg_rating: f64, on_time: Option<f64>) -> Stats {
        Stats { total_completed, avg_rating, delivery_on_time_rate: on_time, ..Stats::default() }
    }

    #[test]
    fn worked_example_13_sixteen_good_deliveries_make_a_pro() {
        let stats = stats(16, 4.2, Some(90.0));
        assert_eq!(level_of(&stats), Level::Pro);
        assert_eq!(progress(&stats), 69);
    }

    #[test]
    fn worked_example_14_without_a_rating_everybody_is_a_rookie() {
        assert_eq!(level_of(&stats(5, 0.0, Some(100.0))), Level::Rookie);
        assert_eq!(level_of(&stats(5, 3.5, None)), Level::Trusted);
    }

    #[test]
    fn the_last_level_is_complete_and_an_unmet_rule_holds_back() {
        assert_eq!(level_of(&stats(30, 4.5, Some(95.0))), Level::Elite);
        assert_eq!(progress(&stats(30, 4.5, Some(95.0))), 100);
        assert_eq!(level_of(&stats(40, 5.0, Some(69.9))), Level::Rookie);
        assert_eq!(level_of(&stats(40, 5.0, Some(0.0))), Level::Rookie, "a real 0 % is no 100 %");
    }

    #[test]
    fn legacy_defect_34_there_is_one_table_and_its_rows_rise() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].level < pair[1].level && pair[0].deliveries < pair[1].deliveries);
            assert!(pair[0].rating < pair[1].rating && pair[0].on_time < pair[1].on_time);
        }
        assert_eq!(TABLE.map(|row| row.level), Level::ALL);
    }
}
