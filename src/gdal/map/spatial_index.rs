//! The spatial index of a layer in a GeoPackage: an R-tree of SQLite, whose nodes are packed and
//! written here.
//!
//! GDAL before 3.8 lets SQLite insert one polygon after the other, which takes longer than
//! everything else. The tables are those that SQLite makes and reads (the comment at the top of its
//! rtree.c describes them). Triggers and the entry in the table of extensions are copied from a
//! GeoPackage that GDAL makes in memory.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use gdal::errors::{GdalError, Result};
use gdal::vector::sql::Dialect;
use gdal::vector::{LayerAccess, LayerOptions, OGRwkbGeometryType};
use gdal::{Dataset, Driver};

use super::polygon_layer::LAYER;

/// The number of entries that are packed at a time. Writing them takes only a moment, so that a
/// cancel takes effect.
const BUFFERED: usize = 1 << 17;

/// Bytes of a cell of a node: a number, and four coordinates in single precision.
const CELL: usize = 24;

/// Bytes before the cells.
const HEAD: usize = 4;

/// The node that SQLite begins with.
const ROOT: i64 = 1;

/// The longest statement, in characters: SQLite may take no more than a million.
const LONGEST: usize = 500_000;

/// A polygon, or a node of the level below.
#[derive(Clone, Copy)]
struct Entry {
    number: i64,
    /// The smallest and the largest x, the smallest and the largest y, rounded outwards.
    bounds: [f32; 4],
}

/// An index that is being made.
pub(super) struct SpatialIndex<'d> {
    dataset: &'d Dataset,
    /// The name of its table.
    name: String,
    /// The statements that register it when it is complete.
    last: Vec<String>,
    node_bytes: usize,
    polygons: Vec<Entry>,
    leaves: Vec<Entry>,
    next_node: i64,
}

impl<'d> SpatialIndex<'d> {
    /// Begins the index of our layer, which has none yet; `None` if this GDAL makes none.
    pub fn begin(dataset: &'d Dataset, driver: &Driver) -> Result<Option<SpatialIndex<'d>>> {
        let Some((create, name, last)) = statements(driver)? else { return Ok(None) };
        run(dataset, &create)?;
        let root =
            format!("SELECT CAST(length(data) AS TEXT) FROM \"{name}_node\" WHERE nodeno = {ROOT}");
        let node_bytes =
            texts(dataset, &root)?.first().and_then(|row| row[0].parse().ok()).unwrap_or(0);
        let (polygons, leaves) = (Vec::new(), Vec::new());
        let index =
            SpatialIndex { dataset, name, last, node_bytes, polygons, leaves, next_node: ROOT + 1 };
        match index.capacity() {
            0 | 1 => {
                Err(GdalError::BadArgument(format!("nodes of an R-tree have {node_bytes} bytes")))
            }
            _ => Ok(Some(index)),
        }
    }

    /// Adds a polygon: its smallest and largest x, its smallest and largest y.
    pub fn add(&mut self, number: u64, bounds: [f64; 4]) -> Result<()> {
        let [left, right, bottom, top] = bounds;
        let bounds = [down(left), -down(-right), down(bottom), -down(-top)];
        self.polygons.push(Entry { number: number as i64, bounds });
        match self.polygons.len() {
            BUFFERED => self.pack(),
            _ => Ok(()),
        }
    }

    /// Writes the rest, and registers the index.
    pub fn finish(mut self) -> Result<()> {
        if self.leaves.is_empty() && self.polygons.len() <= self.capacity() {
            let polygons = std::mem::take(&mut self.polygons);
            self.write_nodes(&[(ROOT, &polygons)], 0, "rowid")?;
        } else {
            self.pack()?;
            let (mut level, mut depth) = (std::mem::take(&mut self.leaves), 1);
            while level.len() > self.capacity() {
                level = self.write_level(&level, "parent")?;
                depth += 1;
            }
            self.write_nodes(&[(ROOT, &level)], depth, "parent")?;
        }
        self.last.iter().try_for_each(|statement| run(self.dataset, statement))
    }

    /// How many cells a node has.
    fn capacity(&self) -> usize {
        self.node_bytes.saturating_sub(HEAD) / CELL
    }

    /// Packs the kept polygons into leaves. The leaves are squares in columns, filled from the
    /// bottom up, and each holds as many polygons as a node.
    fn pack(&mut self) -> Result<()> {
        let mut polygons = std::mem::take(&mut self.polygons);
        let middle = |low: usize| move |entry: &Entry| entry.bounds[low] + entry.bounds[low + 1];
        let n_leaves = polygons.len().div_ceil(self.capacity()).max(1);
        let in_column = (n_leaves as f64).sqrt().ceil() as usize * self.capacity();
        polygons.sort_unstable_by(|a, b| {
            middle(0)(a).total_cmp(&middle(0)(b)).then(a.number.cmp(&b.number))
        });
        for column in polygons.chunks_mut(in_column) {
            column.sort_unstable_by(|a, b| {
                middle(2)(a).total_cmp(&middle(2)(b)).then(a.number.cmp(&b.number))
            });
        }
        let leaves = self.write_level(&polygons, "rowid")?;
        self.leaves.extend(leaves);
        Ok(())
    }

    /// Writes entries as nodes of one level, and returns these.
    fn write_level(&mut self, entries: &[Entry], table: &str) -> Result<Vec<Entry>> {
        let numbered = entries.chunks(self.capacity()).zip(self.next_node..);
        let nodes: Vec<_> = numbered.map(|(cells, number)| (number, cells)).collect();
        self.next_node += nodes.len() as i64;
        self.write_nodes(&nodes, 0, table)?;
        Ok(nodes
            .iter()
            .map(|(number, cells)| Entry { number: *number, bounds: around(cells) })
            .collect())
    }

    /// Writes nodes with their cells, and the node that each cell is in.
    fn write_nodes(&self, nodes: &[(i64, &[Entry])], depth: u16, table: &str) -> Result<()> {
        let mut data =
            Rows::new(self.dataset, format!("INSERT OR REPLACE INTO \"{}_node\"", self.name));
        for (number, cells) in nodes {
            data.add(|row| {
                write!(row, "({number},X'{depth:04X}{:04X}", cells.len())?;
                for cell in *cells {
                    write!(row, "{:016X}", cell.number)?;
                    cell.bounds
                        .iter()
                        .try_for_each(|bound| write!(row, "{:08X}", bound.to_bits()))?;
                }
                let rest = self.node_bytes - HEAD - CELL * cells.len();
                write!(row, "{:0>width$}')", "", width = 2 * rest)
            })?;
        }
        data.end()?;
        // Rows are added faster in the order of their numbers.
        let of_node = |(number, cells): &(i64, &[Entry])| {
            let number = *number;
            cells.iter().map(move |cell| (cell.number, number)).collect::<Vec<_>>()
        };
        let mut places: Vec<(i64, i64)> = nodes.iter().flat_map(of_node).collect();
        places.sort_unstable();
        let mut rows = Rows::new(self.dataset, format!("INSERT INTO \"{}_{table}\"", self.name));
        places
            .iter()
            .try_for_each(|(cell, node)| rows.add(|row| write!(row, "({cell},{node})")))?;
        rows.end()
    }
}

/// Rows for a table, many in one statement.
struct Rows<'d> {
    dataset: &'d Dataset,
    insert: String,
    statement: String,
}

impl<'d> Rows<'d> {
    fn new(dataset: &'d Dataset, insert: String) -> Rows<'d> {
        Rows { dataset, insert, statement: String::new() }
    }

    fn add(&mut self, row: impl FnOnce(&mut String) -> std::fmt::Result) -> Result<()> {
        if self.statement.is_empty() {
            self.statement = format!("{} VALUES ", self.insert);
        } else {
            self.statement.push(',');
        }
        row(&mut self.statement).expect("a text takes all that is written to it");
        match self.statement.len() {
            length if length > LONGEST => self.end(),
            _ => Ok(()),
        }
    }

    fn end(&mut self) -> Result<()> {
        let statement = std::mem::take(&mut self.statement);
        match statement.is_empty() {
            true => Ok(()),
            false => run(self.dataset, &statement),
        }
    }
}

/// The largest number in single precision that is no larger, as SQLite rounds.
fn down(value: f64) -> f32 {
    let nearest = value as f32;
    if f64::from(nearest) <= value {
        return nearest;
    }
    let step = if value < 0.0 { 1.0 / 8_388_608.0 } else { -1.0 / 8_388_608.0 };
    (value * (1.0 + step)) as f32
}

/// The bounds of all entries.
fn around(entries: &[Entry]) -> [f32; 4] {
    entries.iter().fold(
        [f32::INFINITY, f32::NEG_INFINITY, f32::INFINITY, f32::NEG_INFINITY],
        |all, entry| {
            let [left, right, bottom, top] = entry.bounds;
            [all[0].min(left), all[1].max(right), all[2].min(bottom), all[3].max(top)]
        },
    )
}

/// The statement that makes the table of an index, its name, and the statements that register a
/// complete index: copied from GDAL.
fn statements(driver: &Driver) -> Result<Option<(String, String, Vec<String>)>> {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let path =
        PathBuf::from(format!("/vsimem/bandcluster-{}.gpkg", MADE.fetch_add(1, Ordering::Relaxed)));
    let mut made = driver.create_vector_only(&path)?;
    made.create_layer(LayerOptions {
        name: LAYER,
        ty: OGRwkbGeometryType::wkbPolygon,
        ..LayerOptions::default()
    })?;
    made.flush_cache()?;
    let of = |kind: &str| {
        texts(
            &made,
            &format!(
                "SELECT sql, name FROM sqlite_master WHERE {kind} AND name LIKE 'rtree_{LAYER}_%'"
            ),
        )
    };
    let table = of("type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'")?;
    let mut last: Vec<String> =
        of("type = 'trigger'")?.into_iter().map(|mut row| row.swap_remove(0)).collect();
    let extensions = texts(
        &made,
        "SELECT replace(sql, 'CREATE TABLE ', 'CREATE TABLE IF NOT EXISTS ') FROM sqlite_master \
         WHERE type = 'table' AND name = 'gpkg_extensions'",
    )?;
    last.extend(extensions.into_iter().map(|mut row| row.swap_remove(0)));
    let entry = texts(
        &made,
        "SELECT 'INSERT INTO gpkg_extensions (table_name, column_name, extension_name, \
         definition, scope) VALUES (' || quote(table_name) || ',' || quote(column_name) || ',' || \
         quote(extension_name) || ',' || quote(definition) || ',' || quote(scope) || ')' FROM \
         gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'",
    )?;
    last.extend(entry.into_iter().map(|mut row| row.swap_remove(0)));
    made.close()?;
    gdal::vsi::unlink_mem_file(&path)?;
    Ok(table.into_iter().next().map(|mut row| {
        let name = row.swap_remove(1);
        (row.swap_remove(0), name, last)
    }))
}

/// The rows of texts that a statement finds.
fn texts(dataset: &Dataset, statement: &str) -> Result<Vec<Vec<String>>> {
    let Some(mut found) = dataset.execute_sql(statement, None, Dialect::DEFAULT)? else {
        return Ok(Vec::new());
    };
    let rows = found.features().map(|row| {
        let fields = row.fields().map(|(_, value)| value.and_then(|value| value.into_string()));
        fields.map(Option::unwrap_or_default).collect()
    });
    Ok(rows.collect())
}

fn run(dataset: &Dataset, statement: &str) -> Result<()> {
    dataset.execute_sql(statement, None, Dialect::DEFAULT).map(drop)
}
