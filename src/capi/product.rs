//! The bands of a Sentinel-2 product, or of single-band files.

use std::ffi::{c_char, CString};

use serde_json::json;

use super::guard::{borrow, borrow_mut, free, give, guard, optional_string, output, string};
use super::library::bandcluster_status;
use crate::error::Result;
use crate::product::{bands, single_bands, SCL_LEFT_OUT};

/// The bands of a Sentinel-2 product.
pub struct bandcluster_product {
    json: CString,
}

/// Finds the bands of a Sentinel-2 product (L1C or L2A, in the layout since December 2016) among
/// its files, each in its finest resolution, and reads from its metadata what the samples mean. No
/// file is opened: `name` is what messages call the product, `files` are the names of all its
/// `n_files` files, relative to its folder, with `/` between folders, and `metadata` is the text of
/// the file `MTD_MSIL1C.xml` or `MTD_MSIL2A.xml`. If `metadata` is NULL, every file is a band
/// without metadata (scale 1, offset 0). Its name is the band in the file's name (`B08` of
/// `T18SVG_20200101T155539_B08_10m.jp2`), else the file's name without the extension. The caller
/// frees the product with `bandcluster_product_free`.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_product_new(
    name: *const c_char,
    files: *const *const c_char,
    n_files: u64,
    metadata: *const c_char,
    product: *mut *mut bandcluster_product,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let (out, name) = unsafe { (output(product, "product")?, string(name, "name")?) };
        // SAFETY: as above.
        let metadata = unsafe { optional_string(metadata, "metadata")? };
        // SAFETY: as above.
        unsafe { borrow(files, "files")? };
        // SAFETY: as above.
        let file = |i| unsafe { string(*files.add(i), "a name of a file") }.map(String::from);
        let files = (0..n_files as usize).map(file).collect::<Result<Vec<_>>>()?;
        let bands = match metadata {
            Some(metadata) => bands(name, &files, metadata)?,
            None => single_bands(&files),
        };
        let found = json!({ "bands": bands, "scl_left_out": SCL_LEFT_OUT });
        give(
            out,
            bandcluster_product { json: CString::new(found.to_string()).unwrap_or_default() },
        );
        Ok(())
    })
}

/// The product as a JSON object: `bands`, in their order (`name`; `file`; `nodata`, a number or
/// null; `scale` and `offset`, so that reflectance is sample x scale + offset; `by_default`,
/// whether it is read if no bands are asked for: the bands of 10 m are), and `scl_left_out`: the
/// classes of L2A's scene classification (the band SCL) to leave out in order to mask clouds, their
/// shadows and unusable pixels. It belongs to the product, and is valid until that is freed.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_product_json(
    product: *const bandcluster_product,
    json: *mut *const c_char,
) -> bandcluster_status {
    guard(|| {
        // SAFETY: the caller's promise, here and below.
        let json = unsafe { borrow_mut(json, "json")? };
        // SAFETY: as above.
        *json = unsafe { borrow(product, "product")? }.json.as_ptr();
        Ok(())
    })
}

/// Frees a product. NULL is ignored.
#[no_mangle]
pub unsafe extern "C" fn bandcluster_product_free(product: *mut bandcluster_product) {
    // SAFETY: the caller's promise.
    unsafe { free(product) }
}
