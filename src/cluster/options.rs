//! What the options of several algorithms have in common: scaling, and the checks of their values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{invalid_argument, Result};
use crate::model::{BandWeights, Method, MAX_CLASSES};

/// The most representatives: the distances of all pairs take 200 MB.
const MOST_REPRESENTATIVES: u32 = 5000;

/// How bands are scaled before distances are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ScalingMethod {
    /// As they are.
    #[default]
    None,
    /// To mean 0 and standard deviation 1.
    ZScore,
}

/// What a model says about the algorithm: its name, and the options that were used.
pub(super) fn method(name: &str, options: &impl Serialize) -> Method {
    let parameters = match serde_json::to_value(options) {
        Ok(Value::Object(mut parameters)) => {
            // Equal weights are the same as none.
            let is_one = |weight: &Value| weight.as_f64() == Some(1.0);
            if parameters
                .get(BandWeights::OPTION)
                .and_then(Value::as_array)
                .is_some_and(|weights| weights.iter().all(is_one))
            {
                parameters.remove(BandWeights::OPTION);
            }
            parameters
        }
        _ => unreachable!("options are structs of numbers and names"),
    };
    Method { name: name.into(), parameters }
}

/// Checks that a number of classes is possible.
///
/// # Errors
/// `InvalidArgument` when it is 0 or above the largest label.
pub(super) fn check_classes(n: u32) -> Result<()> {
    if n > 0 && n as usize <= MAX_CLASSES {
        return Ok(());
    }
    invalid_argument(format!("{n} clusters were asked for: ask for 1 to {}", MAX_CLASSES))
}

/// Checks numbers of starts and of iterations.
///
/// # Errors
/// `InvalidArgument` when one is 0.
pub(super) fn check_restarts(n_init: u32, max_iter: u32) -> Result<()> {
    if n_init > 0 && max_iter > 0 {
        return Ok(());
    }
    invalid_argument(format!("n_init is {n_init} and max_iter {max_iter}: both must be at least 1"))
}

/// Checks a tolerance.
///
/// # Errors
/// `InvalidArgument` when it is below 0 or NaN.
pub(super) fn check_tolerance(tol: f64) -> Result<()> {
    if tol >= 0.0 && tol.is_finite() {
        return Ok(());
    }
    invalid_argument(format!("tol is {tol}: give a number from 0 up, such as 1e-4"))
}

/// Checks that an option, if given, is a number above 0.
///
/// # Errors
/// `InvalidArgument` when it is not.
pub(super) fn check_positive(name: &str, value: Option<f64>) -> Result<()> {
    match value {
        Some(value) if !(value > 0.0 && value.is_finite()) => {
            invalid_argument(format!("{name} is {value}: give a number above 0"))
        }
        _ => Ok(()),
    }
}

/// Checks the number of representatives.
///
/// # Errors
/// `InvalidArgument` when it is out of range.
pub(super) fn check_representatives(n: u32, least: u32) -> Result<()> {
    check_representatives_up_to(MOST_REPRESENTATIVES, n, least)
}

/// The same for algorithms with a lower limit.
///
/// # Errors
/// `InvalidArgument` when it is out of range.
pub(super) fn check_representatives_up_to(most: u32, n: u32, least: u32) -> Result<()> {
    let least = least.max(2);
    if (least..=most).contains(&n) {
        return Ok(());
    }
    invalid_argument(format!("n_representatives is {n}: give a number from {least} to {most}"))
}
