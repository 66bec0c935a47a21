//! The reachability plot of OPTICS: the order of the pixels, and the clusters, which are valleys.

use crate::cluster::representatives::Representatives;
use crate::error::Result;
use crate::progress::Stop;

/// The pixels in order, each with its reachability distance from the pixels before it.
pub(super) struct Plot {
    pub order: Vec<usize>,
    /// Infinite if the pixel is not reached; by place in the order.
    reachability: Vec<f64>,
    /// The core distance, infinite if it is above `max_eps`; by place in the order.
    core: Vec<f64>,
    /// The place of the pixel from which it is reached; by place in the order.
    predecessor: Vec<Option<usize>>,
}

impl Plot {
    /// The order of pixels, given the point of each pixel. The next pixel is always the nearest to
    /// those so far. Neighbours are at most `max_eps` away, and a dense pixel has `min_samples` of
    /// them.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn new(
        points: &Representatives,
        pixels: &[usize],
        min_samples: u32,
        max_eps: f64,
        stop: &Stop,
    ) -> Result<Plot> {
        let core_of_point = core_distances(points, f64::from(min_samples), max_eps, stop)?;
        let n = pixels.len();
        let mut plot =
            Plot { order: vec![], reachability: vec![], core: vec![], predecessor: vec![] };
        let mut reachability = vec![f64::INFINITY; n];
        let mut predecessor = vec![None; n];
        let mut left: Vec<usize> = (0..n).collect();
        // The first one if several are equally near.
        while let Some(position) =
            (0..left.len()).min_by(|&a, &b| reachability[left[a]].total_cmp(&reachability[left[b]]))
        {
            stop.check()?;
            let pixel = left.remove(position);
            let core = core_of_point[pixels[pixel]];
            let here = plot.order.len();
            plot.order.push(pixel);
            plot.reachability.push(reachability[pixel]);
            plot.core.push(core);
            plot.predecessor.push(predecessor[pixel]);
            if core == f64::INFINITY {
                continue;
            }
            for &other in &left {
                let distance = points.squared_distance(pixels[pixel], pixels[other]).sqrt();
                if distance <= max_eps && distance.max(core) < reachability[other] {
                    reachability[other] = distance.max(core);
                    predecessor[other] = Some(here);
                }
            }
        }
        Ok(plot)
    }

    /// The clusters of DBSCAN with a radius, by place in the order; `None` is noise.
    pub fn below(&self, eps: f64) -> Vec<Option<usize>> {
        let mut n_classes = 0;
        let each = self.reachability.iter().zip(&self.core);
        each.map(|(reachability, core)| {
            let is_far = *reachability > eps;
            if is_far && *core > eps {
                return None;
            }
            n_classes += usize::from(is_far);
            Some(n_classes)
        })
        .collect()
    }

    /// The innermost valleys of at least `least` pixels, by place in the order; `None` is noise.
    /// From each place to the next, their sides fall or rise by the fraction `xi`, except at no
    /// more than `most_flat` consecutive places.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn valleys(
        &self,
        xi: f64,
        most_flat: usize,
        least: usize,
        stop: &Stop,
    ) -> Result<Vec<Option<usize>>> {
        let slopes = Slopes::new(&self.reachability, xi, most_flat);
        let mut classes = vec![None; self.order.len()];
        for (class, (start, end)) in self.clusters(&slopes, least, stop)?.into_iter().enumerate() {
            if classes[start..=end].iter().all(Option::is_none) {
                classes[start..=end].fill(Some(class));
            }
        }
        Ok(classes)
    }

    /// All valleys as their first and last places, inner valleys before those that contain them:
    /// figure 19 of the paper.
    fn clusters(&self, slopes: &Slopes, least: usize, stop: &Stop) -> Result<Vec<(usize, usize)>> {
        let height = &slopes.height;
        let mut clusters = Vec::new();
        let mut downs: Vec<SteepDown> = Vec::new();
        // The next place to look at, and the largest height since the last slope.
        let (mut next, mut between) = (0, 0.0f64);
        for position in 0..self.order.len() {
            let is_down = slopes.falls(position);
            if position < next || !(is_down || slopes.rises(position)) {
                continue;
            }
            stop.check()?;
            between = height[next..=position].iter().copied().fold(between, f64::max);
            downs.retain(|down| between <= height[down.start] * slopes.rest);
            downs.iter_mut().for_each(|down| down.between = down.between.max(between));
            let end = slopes.end(position, is_down);
            (next, between) = (end + 1, height[end + 1]);
            if is_down {
                downs.push(SteepDown { start: position, end, between: 0.0 });
                continue;
            }
            let valleys =
                downs.iter().rev().filter_map(|down| self.valley(slopes, down, (position, end)));
            clusters.extend(valleys.filter(|(start, end)| end + 1 - start >= least));
        }
        Ok(clusters)
    }

    /// The valley between a slope down and a slope up, if it is one: definition 11 of the paper.
    fn valley(
        &self,
        slopes: &Slopes,
        down: &SteepDown,
        up: (usize, usize),
    ) -> Option<(usize, usize)> {
        let height = &slopes.height;
        let (mut start, mut end) = (down.start, up.1);
        let (left, right) = (height[start], height[end + 1]);
        if right * slopes.rest < down.between {
            return None;
        }
        // The higher side is cut at the height of the lower side.
        if left * slopes.rest >= right {
            while height[start + 1] > right && start < down.end {
                start += 1;
            }
        } else if right * slopes.rest >= left {
            while height[end - 1] > left && end > up.0 {
                end -= 1;
            }
        }
        let (start, end) = self.without_unreached_end(start, end)?;
        (start <= down.end && end >= up.0).then_some((start, end))
    }

    /// A valley without the pixels at its end that are not reached from within it: the correction
    /// of Schubert and Gertz.
    fn without_unreached_end(&self, start: usize, mut end: usize) -> Option<(usize, usize)> {
        while start < end {
            let is_reached_within =
                self.predecessor[end].is_some_and(|from| (start..end).contains(&from));
            if self.reachability[start] > self.reachability[end] || is_reached_within {
                return Some((start, end));
            }
            end -= 1;
        }
        None
    }
}

/// A steep slope down.
struct SteepDown {
    start: usize,
    end: usize,
    /// The largest height since.
    between: f64,
}

/// How heights change from each place to the next.
struct Slopes {
    /// The heights, and an infinite height after the last, so that a valley may be at the end.
    height: Vec<f64>,
    /// 1 - xi: a step by this factor or less is steep.
    rest: f64,
    /// Most consecutive places in a slope that may be less than steep.
    most_flat: usize,
}

impl Slopes {
    fn new(reachability: &[f64], xi: f64, most_flat: usize) -> Slopes {
        let height = reachability.iter().copied().chain([f64::INFINITY]).collect();
        Slopes { height, rest: 1.0 - xi, most_flat }
    }

    /// The height of a place divided by that of the next; NaN if both are 0 or infinite, which is
    /// no slope.
    fn ratio(&self, position: usize) -> f64 {
        self.height[position] / self.height[position + 1]
    }

    fn falls(&self, position: usize) -> bool {
        self.ratio(position) >= 1.0 / self.rest
    }

    fn rises(&self, position: usize) -> bool {
        self.ratio(position) <= self.rest
    }

    /// The last steep place of the slope that begins at a place: definition 9 of the paper.
    fn end(&self, start: usize, is_down: bool) -> usize {
        let (mut end, mut n_flat) = (start, 0);
        for position in start..self.height.len() - 1 {
            let (is_steep, turns) = match is_down {
                true => (self.falls(position), self.ratio(position) < 1.0),
                false => (self.rises(position), self.ratio(position) > 1.0),
            };
            if is_steep {
                (end, n_flat) = (position, 0);
            } else if turns {
                break;
            } else {
                n_flat += 1;
                if n_flat > self.most_flat {
                    break;
                }
            }
        }
        end
    }
}

/// The core distances: the radius about each point that holds so many pixels; infinite if it is
/// above `most`.
fn core_distances(
    points: &Representatives,
    least: f64,
    most: f64,
    stop: &Stop,
) -> Result<Vec<f64>> {
    let mut radii = Vec::with_capacity(points.len());
    for point in 0..points.len() {
        stop.check()?;
        let radius = points.radius_of(point, least);
        radii.push(if radius <= most { radius } else { f64::INFINITY });
    }
    Ok(radii)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(reachability: &[f64]) -> Plot {
        let n = reachability.len();
        Plot {
            order: (0..n).collect(),
            reachability: reachability.to_vec(),
            core: vec![1.0; n],
            predecessor: (0..n).map(|position| position.checked_sub(1)).collect(),
        }
    }

    #[test]
    fn valleys_are_those_of_scikit_learn() {
        let inf = f64::INFINITY;
        let found = |reachability: &[f64]| {
            let plot = plot(reachability);
            let slopes = Slopes::new(reachability, 0.1, 2);
            plot.clusters(&slopes, 2, &Stop::default()).unwrap()
        };
        // The result of scikit-learn's `_xi_cluster` for the same plots.
        assert_eq!(
            found(&[inf, 1.0, 1.0, 1.0, 9.0, 1.0, 1.0, 1.0, 1.0, 9.0]),
            [(0, 3), (4, 9), (0, 9)]
        );
        assert_eq!(
            found(&[
                inf, 5.0, 1.0, 1.0, 1.02, 1.0, 2.0, 5.0, 1.0, 1.0, 1.0, 8.0, 8.1, 3.0, 3.0, 3.0,
                20.0
            ]),
            [(0, 6), (7, 10), (0, 10), (12, 16), (0, 16)]
        );
        assert_eq!(
            found(&[
                inf, 9.0, 8.0, 3.0, 2.0, 2.0, 2.0, 2.5, 4.0, 4.0, 1.0, 1.0, 1.0, 1.0, 4.0, 9.0,
                7.0, 7.0, 7.0
            ]),
            [(2, 7), (9, 14), (0, 14), (15, 18), (0, 18)]
        );
    }

    #[test]
    fn below_a_height_is_dbscan() {
        let reachability = [f64::INFINITY, 1.0, 1.0, 9.0, 1.0, 9.0];
        let mut plot = plot(&reachability);
        plot.core[5] = 9.0;
        assert_eq!(plot.below(2.0), [Some(1), Some(1), Some(1), Some(2), Some(2), None]);
    }
}
