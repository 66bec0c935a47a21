//! The minimum spanning tree of points: the shortest edges that connect all of them.

use crate::error::Result;
use crate::progress::Stop;

/// An edge between two points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    pub length: f64,
}

/// The `n - 1` edges of least total length that connect `n` points, in the order in which they
/// connect new points.
///
/// Prim, "Shortest connection networks and some generalizations", 1957: every pair is computed
/// once, and none is stored.
///
/// # Errors
/// `Cancelled`.
pub(super) fn spanning_tree(
    n: usize,
    length: impl Fn(usize, usize) -> f64,
    stop: &Stop,
) -> Result<Vec<Edge>> {
    let mut edges = Vec::with_capacity(n.saturating_sub(1));
    // The shortest edge from the tree to each point outside it.
    let mut shortest: Vec<Edge> =
        (1..n).map(|to| Edge { from: 0, to, length: f64::INFINITY }).collect();
    let mut newest = 0;
    while !shortest.is_empty() {
        stop.check()?;
        for edge in &mut shortest {
            let length = length(newest, edge.to);
            if length < edge.length {
                *edge = Edge { from: newest, to: edge.to, length };
            }
        }
        let lengths = shortest.iter().enumerate();
        let next =
            lengths.min_by(|(_, a), (_, b)| a.length.total_cmp(&b.length).then(a.to.cmp(&b.to)));
        let edge = shortest.swap_remove(next.map_or(0, |(index, _)| index));
        newest = edge.to;
        edges.push(edge);
    }
    Ok(edges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_shortest_edges() {
        let places = [0.0f64, 10.0, 1.0, 12.5, 3.0];
        let edges =
            spanning_tree(5, |a, b| (places[a] - places[b]).abs(), &Stop::default()).unwrap();
        let found: Vec<_> = edges.iter().map(|edge| (edge.from, edge.to, edge.length)).collect();
        assert_eq!(found, [(0, 2, 1.0), (2, 4, 2.0), (4, 1, 7.0), (1, 3, 2.5)]);
        assert!(spanning_tree(1, |_, _| 1.0, &Stop::default()).unwrap().is_empty());
    }
}
