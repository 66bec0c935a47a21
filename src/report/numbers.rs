//! Numbers as people read them.

/// A count with its digits in groups of three.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    groups.join(" ")
}

/// A share in per cent.
pub fn percent(part: u64, whole: u64) -> String {
    format!("{:.2} %", 100.0 * part as f64 / whole.max(1) as f64)
}

/// A measured value with about six digits.
pub fn value(number: f64) -> String {
    match number {
        n if n == n.trunc() && n.abs() < 1e9 => format!("{n}"),
        n if n.abs() >= 1e9 || n.abs() < 1e-3 => format!("{n:.5e}"),
        n => {
            let digits = (5 - n.abs().log10().floor() as i32).clamp(0, 8) as usize;
            format!("{n:.digits$}")
        }
    }
}

/// A value with about four digits; a dash for NaN.
pub(super) fn short(number: f64) -> String {
    match number {
        n if n.is_nan() => "–".into(),
        n if n.is_infinite() => "∞".into(),
        0.0 => "0".into(),
        n if n.abs() >= 1e7 || n.abs() < 1e-4 => format!("{n:.2e}"),
        n => {
            let digits = (3 - n.abs().log10().floor() as i32).clamp(0, 7) as usize;
            format!("{n:.digits$}")
        }
    }
}

/// A difference with about four digits, and its sign.
pub(super) fn signed(number: f64) -> String {
    let text = short(number);
    if number > 0.0 {
        format!("+{text}")
    } else {
        text.replace('-', "\u{2212}")
    }
}

/// Digits before the decimal point in groups of three, as in counts, if there are more than four.
pub(super) fn spaced(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    match whole.parse::<u64>() {
        Ok(whole) if whole >= 10_000 => grouped(whole) + rest,
        _ => text.into(),
    }
}

/// A round number on an axis: as many decimals as it needs, up to six.
pub(super) fn tick(number: f64) -> String {
    if number != 0.0 && (number.abs() >= 1e7 || number.abs() < 1e-5) {
        return format!("{number:.1e}");
    }
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".into()
    } else {
        text.into()
    }
}

/// Hectares: to a hundredth if there are few.
pub fn hectares(area: f64) -> String {
    match area {
        a if !a.is_finite() => "–".into(),
        a if a >= 1000.0 => grouped(a.round() as u64),
        a if a >= 10.0 => format!("{a:.1}"),
        a => format!("{a:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(grouped(1_234_567), "1 234 567");
        assert_eq!(grouped(12), "12");
        assert_eq!(
            [value(3.0), value(1234.5678), value(0.012345678)],
            ["3", "1234.57", "0.0123457"]
        );
        assert_eq!(percent(1, 3), "33.33 %");
        assert_eq!(
            [0.0, 1234.5678, 0.01234, 2.5e9, f64::NAN, -0.5, 31.0].map(short),
            ["0", "1235", "0.01234", "2.50e9", "–", "-0.5000", "31.00"]
        );
        assert_eq!([0.0, -0.0, 0.25, 1500.0, 2e8].map(tick), ["0", "0", "0.25", "1500", "2.0e8"]);
        assert_eq!([12.0, -0.5, 0.0].map(signed), ["+12.00", "−0.5000", "0"]);
        assert_eq!(
            ["1234.5", "12345.6", "1.5e8", "–"].map(spaced),
            ["1234.5", "12 345.6", "1.5e8", "–"]
        );
        assert_eq!([0.046, 12.34, 123_456.7].map(hectares), ["0.05", "12.3", "123 457"]);
    }
}
