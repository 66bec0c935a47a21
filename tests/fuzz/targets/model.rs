//! The bytes of a model file.

use bandcluster::Model;

use super::asserts::{check_model, looked_at, use_model};

pub fn model(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(model) = looked_at(Model::from_json(text)) else { return };
    check_model(&model);
    use_model(&model);
}
