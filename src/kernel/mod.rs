//! The hot loops over tiles of pixels, each beside a plain reference that it equals bit for bit.

#[macro_use]
mod vectors;

mod accumulate;
mod best;
mod bounds;
mod centers;
mod count;
mod exact_sum;
mod grouped;
mod integer_sum;
mod label_sums;
mod majority;
mod mixture;
mod moments;
mod nearest;
mod neighbours;
mod patches;
mod prefetch;
mod totals;
mod two_nearest;
mod weighted_sums;

pub use accumulate::{ClassSums, MOST_PIXELS};
pub use bounds::{gather_points, Bounds, Travel};
pub(crate) use centers::squared_distance;
pub use centers::Centers;
pub use count::{count_bytes, count_words};
pub use label_sums::LabelSums;
pub use majority::Majority;
pub use mixture::{Mixture, MixtureSearch};
pub use moments::Moments;
pub use nearest::{squared_distances, squared_distances_to_own, NearestSearch};
pub use patches::{Patch, Patches, Point};
pub use prefetch::prefetch;
pub use totals::{extent, pack_codes};
pub use two_nearest::TwoNearest;
pub(crate) use vectors::vectors;
pub use weighted_sums::{padded, Part, Parts, WeightedSums};
