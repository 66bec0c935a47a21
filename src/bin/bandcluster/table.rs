//! Plain tables and numbers for people.

/// Lines of a table: a row of headings, and rows of cells. Columns are aligned: `left` tells which to the left.
pub fn table(headings: &[&str], left: &[bool], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([headings[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded = cells.zip(&widths).zip(left).map(|((cell, width), left)| match left {
            true => format!("{cell:width$}"),
            false => format!("{cell:>width$}"),
        });
        format!("  {}", padded.collect::<Vec<_>>().join("  ")).trim_end().to_string() + "\n"
    };
    let heading = line(&mut headings.iter().copied());
    rows.iter().fold(heading, |text, row| text + &line(&mut row.iter().map(String::as_str)))
}

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

/// An area in hectares; small ones with more digits.
pub fn hectares(area: f64) -> String {
    match area {
        area if area >= 100.0 => grouped(area.round() as u64),
        area => format!("{area:.2}"),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(grouped(1_234_567), "1 234 567");
        assert_eq!(grouped(12), "12");
        assert_eq!([value(3.0), value(1234.5678), value(0.012345678)], ["3", "1234.57", "0.0123457"]);
        assert_eq!(percent(1, 3), "33.33 %");
        assert_eq!([hectares(12345.6), hectares(1.234), hectares(0.0)], ["12 346", "1.23", "0.00"]);
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [vec!["1".to_string(), "water".to_string()], vec!["10".to_string(), "x".to_string()]];
        assert_eq!(
            table(&["value", "name"], &[false, true], &rows),
            "  value  name\n      1  water\n     10  x\n"
        );
    }
}
