//! What is said to the user of a scene that a model may not fit.

/// Something that the user should know before trusting a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// `offset`, `scale`, `band_order` or `drift`.
    pub code: &'static str,
    /// What was found, and what to do, in a sentence or two.
    pub message: String,
}
