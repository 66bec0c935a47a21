//! The patches of a map (pixels of one label that are joined by their sides), traced as polygons in
//! one sweep over its rows.
//!
//! Outlines are lists of corners. A ring has its patch on the right: as rows count downwards, outer
//! rings run clockwise, and holes the other way. When the sweep reaches the second of two
//! consecutive corners, it links both: along a row by the last corner it has seen, between rows by
//! the corner that each column keeps. If two pixels of a patch touch only at their corners, a ring
//! turns around the pixel that it follows. So it may pass twice through such a point, and is split
//! there when the patch is complete.

use std::collections::HashMap;

use crate::error::{Error, Result};

/// No corner, no patch.
const NONE: u32 = u32::MAX;

/// A bit in a corner's column: the diagonal pixel has the same label.
const TIP: u32 = 1 << 31;

/// A point where columns and rows of pixels begin: column, row.
pub type Point = [u32; 2];

/// A complete patch.
#[derive(Debug, Default)]
pub struct Patch {
    /// Its label, not 0.
    pub label: u16,
    /// Number of its pixels.
    pub pixels: u64,
    points: Vec<Point>,
    /// Where each ring ends among the points.
    ends: Vec<usize>,
}

impl Patch {
    /// The outer ring, then the holes in the order of their first points. Each ring begins at the
    /// leftmost point of its highest row, goes down from there, and ends with the same point.
    pub fn rings(&self) -> impl Iterator<Item = &[Point]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.points[start..*end])
    }
}

/// Finds the patches of a map.
pub struct Patches {
    /// Labels and patches of the row above and this one, with a column of nodata on each side.
    above: Row,
    here: Row,
    y: u32,
    /// For each line between two columns: the corner from which the outline of the pixels on its
    /// left comes down, and the corner to which the outline of the pixels on its right goes up.
    down: Vec<u32>,
    up: Vec<u32>,
    corners: Slots<Corner>,
    patches: Slots<Open>,
    /// Patches that may continue, in the order of their first pixels.
    open: Vec<u32>,
    n_begun: u64,
    rings: Rings,
}

struct Row {
    labels: Vec<u16>,
    patches: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Corner {
    x: u32,
    y: u32,
    /// The next corner of the ring; none once the ring is traced.
    next: u32,
    /// The next corner in the patch's list.
    sibling: u32,
}

#[derive(Clone, Copy)]
struct Open {
    label: u16,
    /// The order in which it was begun.
    number: u64,
    /// The patch that this one was merged into, or itself.
    part_of: u32,
    /// The last row that it was seen in.
    last_row: u32,
    /// A list of corners: at least one corner of each ring.
    first_corner: u32,
    last_corner: u32,
}

/// Numbered items, whose places are reused.
struct Slots<T> {
    all: Vec<T>,
    free: Vec<u32>,
}

impl<T> Slots<T> {
    fn add(&mut self, item: T) -> u32 {
        match self.free.pop() {
            Some(slot) => {
                self.all[slot as usize] = item;
                slot
            }
            None => {
                self.all.push(item);
                (self.all.len() - 1) as u32
            }
        }
    }

    /// Makes room for so many more items.
    fn reserve(&mut self, n: usize) -> Result<()> {
        let is_countable = self.all.len() + n < NONE as usize;
        match is_countable && self.all.try_reserve(n).is_ok() {
            true => Ok(()),
            false => Err(Error::OutOfMemory(
                "the outlines of the map's patches do not fit into memory: filter the map".into(),
            )),
        }
    }
}

impl Patches {
    /// For a map of this width.
    ///
    /// # Panics
    /// When it has 2^31 columns or more, which no raster has.
    pub fn new(width: usize) -> Patches {
        assert!(width < TIP as usize);
        let row = || Row { labels: vec![0; width + 2], patches: vec![NONE; width + 2] };
        Patches {
            above: row(),
            here: row(),
            y: 0,
            down: vec![NONE; width + 1],
            up: vec![NONE; width + 1],
            corners: Slots { all: Vec::new(), free: Vec::new() },
            patches: Slots { all: Vec::new(), free: Vec::new() },
            open: Vec::new(),
            n_begun: 0,
            rings: Rings::default(),
        }
    }

    /// Takes the labels of the next row, and hands on the patches that end above it, in the order
    /// of their first pixels.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn row(&mut self, labels: &[u16], each: &mut impl FnMut(&Patch)) -> Result<()> {
        let width = self.down.len() - 1;
        self.here.labels[1..=width].copy_from_slice(labels);
        self.corners.reserve(4 * (width + 1))?;
        self.patches.reserve(width)?;
        self.join_pixels();
        self.add_corners();
        self.end_patches(each);
        std::mem::swap(&mut self.above, &mut self.here);
        self.y += 1;
        Ok(())
    }

    /// Hands on the patches that end with the map.
    ///
    /// # Errors
    /// `OutOfMemory`.
    pub fn finish(mut self, each: &mut impl FnMut(&Patch)) -> Result<()> {
        self.row(&vec![0; self.down.len() - 1], each)
    }

    /// Finds the patch of each pixel of this row.
    fn join_pixels(&mut self) {
        for x in 1..=self.down.len() - 1 {
            let (label, above) = (self.here.labels[x], self.above.labels[x]);
            let patch = if label == 0 {
                NONE
            } else if self.here.labels[x - 1] == label {
                let patch = self.here.patches[x - 1];
                // If three are alike, the fourth was already joined to them above.
                if above == label && self.above.labels[x - 1] != label {
                    self.join(patch, self.above.patches[x]);
                }
                patch
            } else if above == label {
                self.above.patches[x]
            } else {
                self.begin(label)
            };
            self.here.patches[x] = patch;
        }
        for x in 1..=self.down.len() - 1 {
            let label = self.here.labels[x];
            if label != 0 {
                self.here.patches[x] = if self.here.labels[x - 1] == label {
                    self.here.patches[x - 1]
                } else {
                    let patch = self.root(self.here.patches[x]);
                    self.patches.all[patch as usize].last_row = self.y;
                    patch
                };
            }
        }
    }

    fn begin(&mut self, label: u16) -> u32 {
        let number = self.n_begun;
        let (part_of, last_row) = (NONE, self.y);
        let patch =
            Open { label, number, part_of, last_row, first_corner: NONE, last_corner: NONE };
        let slot = self.patches.add(patch);
        self.patches.all[slot as usize].part_of = slot;
        self.open.push(slot);
        self.n_begun += 1;
        slot
    }

    /// The patch that a patch was merged into.
    fn root(&mut self, mut patch: u32) -> u32 {
        let all = &mut self.patches.all;
        while all[patch as usize].part_of != patch {
            let next = all[patch as usize].part_of;
            all[patch as usize].part_of = all[next as usize].part_of;
            patch = all[patch as usize].part_of;
        }
        patch
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return;
        }
        let number = |patch: u32| self.patches.all[patch as usize].number;
        let (older, newer) = if number(one) < number(other) { (one, other) } else { (other, one) };
        let Open { first_corner, last_corner, .. } = self.patches.all[newer as usize];
        self.patches.all[newer as usize].part_of = older;
        self.append(older, first_corner, last_corner);
    }

    /// Appends a list of corners to that of a patch.
    fn append(&mut self, patch: u32, first: u32, last: u32) {
        if first == NONE {
            return;
        }
        let patch = &mut self.patches.all[patch as usize];
        match patch.last_corner {
            NONE => patch.first_corner = first,
            before => self.corners.all[before as usize].sibling = first,
        }
        patch.last_corner = last;
    }

    /// Adds the corners on the line above this row.
    fn add_corners(&mut self) {
        // Along the line: the corner from which the outline of the pixels below comes, and the
        // corner to which the outline of the pixels above goes.
        let (mut east, mut west) = (NONE, NONE);
        for x in 0..self.down.len() {
            let (nw, ne) = (self.above.labels[x], self.above.labels[x + 1]);
            let (sw, se) = (self.here.labels[x], self.here.labels[x + 1]);
            if nw == ne && sw == se || nw == sw && ne == se {
                continue;
            }
            let (down, up) = (self.down[x], self.up[x]);
            let (east_before, west_before) = (east, west);
            // If a pixel differs from both its neighbours, its outline turns right.
            if nw != 0 && nw != ne && nw != sw {
                let corner = self.corner(x, nw == se, west_before);
                self.link(down, corner);
            }
            if ne != 0 && ne != nw && ne != se {
                west = self.corner(x, ne == sw, up);
            }
            if sw != 0 && sw != nw && sw != se {
                let corner = self.corner(x, sw == ne, NONE);
                self.link(east_before, corner);
                self.down[x] = corner;
            }
            if se != 0 && se != ne && se != sw {
                let corner = self.corner(x, se == nw, NONE);
                (self.up[x], east) = (corner, corner);
                self.append(self.here.patches[x + 1], corner, corner);
            }
            // If three are alike, their outline turns left around the fourth.
            if nw != 0 && nw == ne && nw == sw {
                let corner = self.corner(x, false, NONE);
                (self.down[x], west) = (corner, corner);
                self.append(self.here.patches[x], corner, corner);
            } else if nw != 0 && nw == ne && nw == se {
                self.up[x] = self.corner(x, false, west_before);
            } else if nw != 0 && nw == sw && nw == se {
                let corner = self.corner(x, false, NONE);
                self.link(down, corner);
                east = corner;
            } else if se != 0 && se == ne && se == sw {
                let corner = self.corner(x, false, up);
                self.link(east_before, corner);
            }
        }
    }

    fn corner(&mut self, x: usize, is_tip: bool, next: u32) -> u32 {
        let x = x as u32 | if is_tip { TIP } else { 0 };
        self.corners.add(Corner { x, y: self.y, next, sibling: NONE })
    }

    fn link(&mut self, from: u32, to: u32) {
        self.corners.all[from as usize].next = to;
    }

    /// Hands on the patches that do not continue in this row.
    fn end_patches(&mut self, each: &mut impl FnMut(&Patch)) {
        let (corners, patches, rings) = (&mut self.corners, &mut self.patches, &mut self.rings);
        self.open.retain(|slot| {
            let patch = patches.all[*slot as usize];
            let is_whole = patch.part_of == *slot;
            if is_whole && patch.last_row == self.y {
                return true;
            }
            if is_whole {
                each(rings.of(&patch, corners));
            }
            patches.free.push(*slot);
            false
        });
    }
}

/// Turns lists of corners into rings.
#[derive(Default)]
struct Rings {
    patch: Patch,
    ring: Vec<Point>,
    /// The holes found, as ranges of their points.
    holes: Vec<(usize, usize)>,
    hole_points: Vec<Point>,
    /// The part of a ring that is not split off yet, and the places in it where it may touch
    /// itself.
    rest: Vec<Point>,
    tips: HashMap<Point, usize>,
}

impl Rings {
    /// The rings of a patch; its corners are freed.
    fn of(&mut self, patch: &Open, corners: &mut Slots<Corner>) -> &Patch {
        (self.patch.label, self.patch.pixels) = (patch.label, 0);
        self.patch.points.clear();
        self.patch.ends.clear();
        self.holes.clear();
        self.hole_points.clear();
        let mut start = patch.first_corner;
        while start != NONE {
            let sibling = corners.all[start as usize].sibling;
            self.trace(start, corners);
            start = sibling;
        }
        let points = &self.hole_points;
        self.holes.sort_unstable_by_key(|(first, _)| [points[*first][1], points[*first][0]]);
        for (first, end) in &self.holes {
            self.patch.points.extend_from_slice(&points[*first..*end]);
            self.patch.ends.push(self.patch.points.len());
        }
        &self.patch
    }

    /// Follows the ring of a corner, unless the ring is traced.
    fn trace(&mut self, start: u32, corners: &mut Slots<Corner>) {
        self.ring.clear();
        let mut n_tips = 0;
        let mut at = start;
        loop {
            let corner = &mut corners.all[at as usize];
            let next = std::mem::replace(&mut corner.next, NONE);
            if next == NONE {
                break;
            }
            n_tips += usize::from(corner.x & TIP != 0);
            self.ring.push([corner.x, corner.y]);
            corners.free.push(at);
            at = next;
        }
        let ring = std::mem::take(&mut self.ring);
        if n_tips < 2 {
            self.keep(&ring);
        } else {
            self.split(&ring);
        }
        self.ring = ring;
    }

    /// Splits a ring where it touches itself.
    fn split(&mut self, ring: &[Point]) {
        let mut rest = std::mem::take(&mut self.rest);
        rest.clear();
        self.tips.clear();
        for point in ring {
            if point[0] & TIP != 0 {
                if let Some(&first) = self.tips.get(point) {
                    self.keep(&rest[first..]);
                    for point in rest.drain(first + 1..) {
                        self.tips.remove(&point);
                    }
                    continue;
                }
                self.tips.insert(*point, rest.len());
            }
            rest.push(*point);
        }
        self.keep(&rest);
        self.rest = rest;
    }

    /// Keeps a ring that does not touch itself; does nothing for a ring without points.
    fn keep(&mut self, ring: &[Point]) {
        let point = |index: usize| [ring[index][0] & !TIP, ring[index][1]];
        let Some(first) = (0..ring.len()).min_by_key(|index| [ring[*index][1], point(*index)[0]])
        else {
            return;
        };
        // Sides along a row add nothing to the area.
        let heights = ring.iter().zip(ring.iter().cycle().skip(1));
        let area: i64 = heights
            .map(|(from, to)| i64::from(from[0] & !TIP) * (i64::from(to[1]) - i64::from(from[1])))
            .sum();
        self.patch.pixels = self.patch.pixels.wrapping_add_signed(area);
        let forwards = (first..ring.len()).chain(0..=first).map(point);
        if area > 0 {
            // The holes come after the outer ring.
            self.patch.points.extend(forwards.rev());
            self.patch.ends.push(self.patch.points.len());
        } else {
            let start = self.hole_points.len();
            self.hole_points.extend(forwards);
            self.holes.push((start, self.hole_points.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    type Found = (u16, u64, Vec<Vec<Point>>);

    fn found(labels: &[u16], width: usize) -> Vec<Found> {
        let mut all = Vec::new();
        let mut each = |patch: &Patch| {
            all.push((patch.label, patch.pixels, patch.rings().map(<[Point]>::to_vec).collect()));
        };
        let mut patches = Patches::new(width);
        labels.chunks_exact(width).for_each(|row| patches.row(row, &mut each).unwrap());
        patches.finish(&mut each).unwrap();
        all
    }

    /// The expected patches: found by flooding, with outlines made from the set of all sides of
    /// their pixels.
    fn plain(labels: &[u16], width: usize) -> Vec<Found> {
        let height = labels.len() / width;
        let mut patch = vec![usize::MAX; labels.len()];
        let mut all = Vec::new();
        for first in 0..labels.len() {
            if labels[first] == 0 || patch[first] != usize::MAX {
                continue;
            }
            let (mut todo, mut pixels) = (vec![first], BTreeSet::new());
            while let Some(at) = todo.pop() {
                if patch[at] == usize::MAX {
                    patch[at] = first;
                    pixels.insert((at % width, at / width));
                    let (x, y) = (at % width, at / width);
                    let around = [(x > 0, at.wrapping_sub(1)), (x + 1 < width, at + 1)];
                    let rows = [(y > 0, at.wrapping_sub(width)), (y + 1 < height, at + width)];
                    let alike = around.into_iter().chain(rows).filter(|(is_in, _)| *is_in);
                    todo.extend(alike.map(|(_, to)| to).filter(|to| labels[*to] == labels[first]));
                }
            }
            let last = pixels.iter().map(|(_, y)| *y).max().unwrap();
            all.push((last, (labels[first], pixels.len() as u64, outlines(&pixels))));
        }
        // By the row that they end in, then by their first pixels.
        all.sort_by_key(|(last, _)| *last);
        all.into_iter().map(|(_, found)| found).collect()
    }

    fn outlines(pixels: &BTreeSet<(usize, usize)>) -> Vec<Vec<Point>> {
        // Sides with their pixel on the right, by their starting points.
        let mut sides: BTreeMap<(usize, usize), Vec<(usize, usize)>> = BTreeMap::new();
        let mut side = |from, to| sides.entry(from).or_default().push(to);
        for &(x, y) in pixels {
            let is_in = |dx: usize, dy: usize| {
                pixels.contains(&((x + dx).wrapping_sub(1), (y + dy).wrapping_sub(1)))
            };
            if !is_in(1, 0) {
                side((x, y), (x + 1, y));
            }
            if !is_in(2, 1) {
                side((x + 1, y), (x + 1, y + 1));
            }
            if !is_in(1, 2) {
                side((x + 1, y + 1), (x, y + 1));
            }
            if !is_in(0, 1) {
                side((x, y + 1), (x, y));
            }
        }
        let mut rings = Vec::new();
        while let Some((&start, _)) = sides.first_key_value() {
            let (mut ring, mut at) = (vec![start], start);
            let mut came: Option<(isize, isize)> = None;
            loop {
                let ways = sides.get_mut(&at).unwrap();
                let turn = |to: &(usize, usize)| {
                    let step = (to.0 as isize - at.0 as isize, to.1 as isize - at.1 as isize);
                    // Left turns are negative: rows grow downwards.
                    (came.map_or(0, |came| came.0 * step.1 - came.1 * step.0), step)
                };
                // If pixels touch at their corners, turn left: from one to the other.
                let chosen = (0..ways.len()).min_by_key(|way| turn(&ways[*way]).0).unwrap();
                let step = turn(&ways[chosen]).1;
                let to = ways.swap_remove(chosen);
                if ways.is_empty() {
                    sides.remove(&at);
                }
                if came == Some(step) {
                    ring.pop();
                }
                ring.push(to);
                (at, came) = (to, Some(step));
                if at == start {
                    break;
                }
            }
            rings.push(ring);
        }
        let mut rings: Vec<Vec<Point>> = rings.into_iter().map(normal).collect();
        rings.sort_by_key(|ring| [ring[0][1], ring[0][0]]);
        rings
    }

    /// A ring from its first point downwards.
    fn normal(mut ring: Vec<(usize, usize)>) -> Vec<Point> {
        ring.pop();
        let first = (0..ring.len()).min_by_key(|index| (ring[*index].1, ring[*index].0)).unwrap();
        ring.rotate_left(first);
        ring.push(ring[0]);
        if ring[1].1 == ring[0].1 {
            ring.reverse();
        }
        ring.into_iter().map(|(x, y)| [x as u32, y as u32]).collect()
    }

    #[test]
    fn patches_are_those_of_the_plain_way() {
        let mut state = 7u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        for (width, height, n_labels) in [
            (1, 1, 2),
            (1, 40, 2),
            (40, 1, 2),
            (3, 3, 2),
            (8, 8, 2),
            (40, 30, 2),
            (40, 30, 3),
            (61, 50, 5),
        ] {
            for _ in 0..40 {
                let one_in = 1 + next() % 4;
                let mut label = 0;
                let labels: Vec<u16> = (0..width * height)
                    .map(|_| {
                        if next() % one_in == 0 {
                            label = (next() % n_labels) as u16;
                        }
                        label
                    })
                    .collect();
                assert_eq!(found(&labels, width), plain(&labels, width), "{labels:?}");
            }
        }
    }

    #[test]
    fn rings_that_touch_themselves_are_split() {
        // A hole that touches the outside at a corner, and two holes that touch each other.
        let tip = found(&[1, 1, 1, 1, 2, 1, 1, 1, 3], 3);
        let of_one = tip.iter().find(|(label, ..)| *label == 1).unwrap();
        let outer = vec![[0, 0], [0, 3], [2, 3], [2, 2], [3, 2], [3, 0], [0, 0]];
        let hole = vec![[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]];
        assert_eq!(*of_one, (1, 7, vec![outer, hole]));
        let two = found(&[1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1], 4);
        assert_eq!((two.len(), two[0].1, two[0].2.len()), (1, 14, 3));
    }

    #[test]
    fn places_are_used_again() {
        let mut patches = Patches::new(100);
        let row = |y: u32| (0..100).map(|x| ((x / 2 + y / 2) % 7) as u16).collect::<Vec<_>>();
        let mut n = 0;
        let mut each = |_: &Patch| n += 1;
        (0..100).for_each(|y| patches.row(&row(y), &mut each).unwrap());
        let (corners, open) = (patches.corners.all.len(), patches.patches.all.len());
        (100..2000).for_each(|y| patches.row(&row(y), &mut each).unwrap());
        assert!(patches.corners.all.len() <= 2 * corners && patches.patches.all.len() <= 2 * open);
    }
}
