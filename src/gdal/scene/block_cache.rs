//! The block cache: decoded pixels in memory, so that the next pass need not decode them again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use super::reader::Reader;
use super::scene::Scene;
use crate::error::Result;
use crate::gdal::blocks::Window;
use crate::raster::{Raster, RasterBuf};

/// Windows of scenes, as many as fit into the memory for them. The first ones read are kept. For a
/// window without a valid pixel, only that fact is kept.
pub struct BlockCache {
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

impl BlockCache {
    /// An empty cache, for at most `bytes` of pixels.
    pub fn new(bytes: usize) -> BlockCache {
        BlockCache { state: Mutex::new(State { left: bytes, windows: HashMap::new() }) }
    }

    /// Passes the pixels of a window of scene number `index` to `task`: cached, or else read.
    /// `None` stands for a window without a valid pixel. `task` returns whether any pixel is valid.
    /// If so, the pixels are kept if there is room; if not, only that fact is kept.
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

    fn keep(&self, key: (usize, Window), any_valid: bool, reader: &Reader) {
        if !any_valid {
            self.lock().windows.insert(key, Content::NoneValid);
        } else if self.reserve(reader.buffer().n_bytes()) {
            // A copy: the reader's own buffer is warm in the caches.
            let pixels = Content::Pixels(Arc::new(reader.buffer().clone()));
            self.lock().windows.insert(key, pixels);
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
