//! Decoded pixels that are kept in memory, so that the next pass need not decode them again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use super::reader::Reader;
use super::scene::Scene;
use crate::error::Result;
use crate::gdal::blocks::Window;
use crate::raster::{Raster, RasterBuf};

/// Windows of scenes, as many as the memory set aside for them holds. The first ones read are kept;
/// of those without a single valid pixel nothing is, but that they are such.
pub struct Kept {
    state: Mutex<State>,
}

struct State {
    /// Bytes that may still be taken.
    left: usize,
    windows: HashMap<(usize, Window), Content>,
}

#[derive(Clone)]
enum Content {
    Pixels(Arc<RasterBuf>),
    NoneValid,
}

impl Kept {
    /// Keeps nothing yet, and at most `bytes` of pixels.
    pub fn new(bytes: usize) -> Kept {
        Kept { state: Mutex::new(State { left: bytes, windows: HashMap::new() }) }
    }

    /// Hands the pixels of a window of scene number `index` to `task`: those kept, or else read.
    /// `None` stands for a window of which no pixel is valid. `task` tells whether any is; the
    /// pixels are then kept if there is room, otherwise only that there is none.
    ///
    /// # Errors
    /// Those of [`Reader::read`] and of `task`.
    pub fn read(
        &self,
        (index, scene): (usize, &Scene),
        reader: &mut Reader,
        window: Window,
        task: impl FnOnce(Option<&Raster>) -> Result<bool>,
    ) -> Result<()> {
        let found = self.lock().windows.get(&(index, window)).cloned();
        match found {
            Some(Content::NoneValid) => task(None).map(|_| ()),
            Some(Content::Pixels(buffer)) => {
                task(Some(&buffer.view(scene.nodata_ranges())?)).map(|_| ())
            }
            None => {
                let any_valid = task(Some(&reader.read(window)?))?;
                self.keep((index, window), any_valid, reader);
                Ok(())
            }
        }
    }

    fn keep(&self, place: (usize, Window), any_valid: bool, reader: &Reader) {
        if !any_valid {
            self.lock().windows.insert(place, Content::NoneValid);
        } else if self.reserve(reader.buffer().n_bytes()) {
            // A copy: the reader's own buffer is warm in the caches.
            let pixels = Content::Pixels(Arc::new(reader.buffer().clone()));
            self.lock().windows.insert(place, pixels);
        }
    }

    fn reserve(&self, bytes: usize) -> bool {
        let mut state = self.lock();
        let left = state.left.checked_sub(bytes);
        state.left = left.unwrap_or(state.left);
        left.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
