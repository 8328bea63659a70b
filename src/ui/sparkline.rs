//! A line the height of a word.

use std::borrow::Cow;

use leptos::prelude::*;

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 28.0;

/// Values in order of time, drawn from zero. `label` says in words what the line shows.
#[component]
pub fn Sparkline(values: Vec<f64>, #[prop(into)] label: Cow<'static, str>) -> impl IntoView {
    let points = points(&values);
    view! {
        <svg class="sparkline" viewBox=format!("0 0 {WIDTH} {HEIGHT}") width="120" height="28" role="img" aria-label=label>
            <polyline points=points></polyline>
        </svg>
    }
}

fn points(values: &[f64]) -> String {
    let top = values.iter().copied().fold(0.0, f64::max);
    let step = WIDTH / values.len().saturating_sub(1).max(1) as f64;
    let line: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let rise = if top > 0.0 { value / top } else { 0.0 };
            format!("{:.1},{:.1}", at as f64 * step, HEIGHT - 1.0 - rise * (HEIGHT - 2.0))
        })
        .collect();
    line.join(" ")
}

#[cfg(test)]
mod tests {
    use super::points;

    #[test]
    fn the_baseline_is_zero() {
        assert_eq!(points(&[0.0, 5.0, 10.0]), "0.0,27.0 60.0,14.0 120.0,1.0");
        assert_eq!(points(&[0.0, 0.0]), "0.0,27.0 120.0,27.0");
        assert_eq!(points(&[]), "");
    }
}
