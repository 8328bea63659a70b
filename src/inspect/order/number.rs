//! Exact comparison of numbers of different types.
//!
//! Converting to a common type would make neighbours equal: 2^53 and 2^53 + 1 as doubles, or `0.1` as a double and as a
//! decimal. So types are compared pairwise, and a double meets a decimal through its exact decimal digits.

use std::cmp::Ordering;

use super::Value;
use crate::dump::raw::kind;

enum Number {
    Integer(i64),
    Double(f64),
    Decimal(Decimal),
}

/// A decimal128 taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Decimal {
    NaN,
    Infinity {
        negative: bool,
    },
    /// `digits` without leading or trailing zeros; the value is `0.digits × 10^scale`. Zero has no digits.
    Finite {
        negative: bool,
        digits: Vec<u8>,
        scale: i64,
    },
}

pub(super) fn compare(left: Value<'_>, right: Value<'_>) -> Ordering {
    match (read(left), read(right)) {
        (Number::Integer(a), Number::Integer(b)) => a.cmp(&b),
        (Number::Double(a), Number::Double(b)) => doubles(a, b),
        (Number::Integer(a), Number::Double(b)) => integer_double(a, b),
        (Number::Double(a), Number::Integer(b)) => integer_double(b, a).reverse(),
        (a, b) => decimals(&a.into_decimal(), &b.into_decimal()),
    }
}

fn read(of: Value<'_>) -> Number {
    match of.kind {
        kind::INT32 => Number::Integer(of.value.try_into().map(i32::from_le_bytes).unwrap_or_default().into()),
        kind::INT64 => Number::Integer(super::int64(of.value)),
        kind::DOUBLE => Number::Double(of.value.try_into().map(f64::from_le_bytes).unwrap_or_default()),
        _ => Number::Decimal(
            of.value.try_into().map(|bytes| decimal(u128::from_le_bytes(bytes))).unwrap_or(Decimal::NaN),
        ),
    }
}

fn doubles(a: f64, b: f64) -> Ordering {
    // Not total_cmp: every NaN is the same lowest number, and −0.0 equals 0.0.
    a.partial_cmp(&b).unwrap_or_else(|| b.is_nan().cmp(&a.is_nan()))
}

fn integer_double(a: i64, b: f64) -> Ordering {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if b.is_nan() {
        Ordering::Greater
    } else if b >= TWO_TO_63 {
        Ordering::Less
    } else if b < -TWO_TO_63 {
        Ordering::Greater
    } else {
        // The whole part fits exactly; the fraction decides between equals.
        a.cmp(&(b.trunc() as i64)).then_with(|| 0.0.partial_cmp(&b.fract()).unwrap_or(Ordering::Equal))
    }
}

impl Number {
    fn into_decimal(self) -> Decimal {
        match self {
            Self::Decimal(decimal) => decimal,
            Self::Integer(integer) => finite(integer < 0, integer.unsigned_abs().to_string().as_bytes(), 0),
            Self::Double(double) if double.is_nan() => Decimal::NaN,
            Self::Double(double) if double.is_infinite() => Decimal::Infinity { negative: double < 0.0 },
            Self::Double(double) => {
                // With more digits asked for than any double has (767), the digits printed are exact.
                let text = format!("{:.800e}", double.abs());
                let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_digit).collect();
                let fraction = i64::try_from(digits.len()).unwrap_or_default() - 1;
                finite(double.is_sign_negative(), &digits, exponent.parse::<i64>().unwrap_or_default() - fraction)
            }
        }
    }
}

/// `digits × 10^exponent`, in the form two decimals can be compared in.
fn finite(negative: bool, digits: &[u8], exponent: i64) -> Decimal {
    let whole = i64::try_from(digits.len()).unwrap_or_default();
    let leading = digits.iter().take_while(|digit| **digit == b'0').count();
    let kept = &digits[leading..];
    let end = kept.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
    let digits = kept[..end].to_vec();
    if digits.is_empty() {
        return Decimal::Finite { negative: false, digits, scale: 0 };
    }
    let leading = i64::try_from(leading).unwrap_or_default();
    Decimal::Finite { negative, digits, scale: exponent + whole - leading }
}

/// Takes the binary integer encoding of IEEE 754-2008 apart.
fn decimal(bits: u128) -> Decimal {
    const LARGEST: u128 = 9_999_999_999_999_999_999_999_999_999_999_999;
    let negative = bits >> 127 == 1;
    match (bits >> 122) & 0b1_1111 {
        0b1_1111 => return Decimal::NaN,
        0b1_1110 => return Decimal::Infinity { negative },
        _ => {}
    }
    let large = (bits >> 125) & 0b11 == 0b11;
    let (biased, coefficient) = if large {
        ((bits >> 111) & 0x3fff, (0b100 << 111) | (bits & ((1 << 111) - 1)))
    } else {
        ((bits >> 113) & 0x3fff, bits & ((1 << 113) - 1))
    };
    // A coefficient of more than 34 digits is not canonical and means zero.
    let coefficient = if coefficient > LARGEST { 0 } else { coefficient };
    finite(negative, coefficient.to_string().as_bytes(), i64::try_from(biased).unwrap_or_default() - 6176)
}

fn decimals(left: &Decimal, right: &Decimal) -> Ordering {
    rank(left).cmp(&rank(right)).then_with(|| match (left, right) {
        (Decimal::Finite { negative, digits, scale }, Decimal::Finite { digits: others, scale: other, .. }) => {
            let magnitude = scale.cmp(other).then_with(|| digits.cmp(others));
            if *negative { magnitude.reverse() } else { magnitude }
        }
        _ => Ordering::Equal,
    })
}

/// NaN, −∞, negative, zero, positive, +∞.
fn rank(decimal: &Decimal) -> u8 {
    match decimal {
        Decimal::NaN => 0,
        Decimal::Infinity { negative: true } => 1,
        Decimal::Finite { negative: true, .. } => 2,
        Decimal::Finite { digits, .. } if digits.is_empty() => 3,
        Decimal::Finite { .. } => 4,
        Decimal::Infinity { negative: false } => 5,
    }
}
