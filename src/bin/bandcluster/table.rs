//! Plain tables and numbers for people.

use bandcluster::jobs::ClassFound;
pub use bandcluster::report::{grouped, hectares, percent, value};

/// Lines of a table: a row of headings, and rows of cells. `left` says which columns are aligned to
/// the left.
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

/// The classes with the number of their pixels, and their area if it is known.
pub fn classes_table(classes: &[ClassFound]) -> String {
    let n_valid = classes.iter().map(|class| class.count).sum();
    let with_area = classes.iter().any(|class| class.area_ha.is_some());
    let n_columns = 5 + usize::from(with_area);
    let row = |class: &ClassFound| {
        let area = class.area_ha.map_or(String::new(), hectares);
        let share = percent(class.count, n_valid);
        let mut cells = vec![
            class.value.to_string(),
            class.name.clone(),
            class.color.clone(),
            grouped(class.count),
            share,
            area,
        ];
        cells.truncate(n_columns);
        cells
    };
    let rows: Vec<_> = classes.iter().map(row).collect();
    let headings = ["value", "name", "colour", "pixels", "share", "hectares"];
    let left = [false, true, true, false, false, false];
    table(&headings[..n_columns], &left[..n_columns], &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let rows =
            [vec!["1".to_string(), "water".to_string()], vec!["10".to_string(), "x".to_string()]];
        assert_eq!(
            table(&["value", "name"], &[false, true], &rows),
            "  value  name\n      1  water\n     10  x\n"
        );
    }
}
