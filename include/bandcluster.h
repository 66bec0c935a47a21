/* bandcluster: unsupervised classification of multi-band images.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * In one call:  bandcluster_fit, then bandcluster_predict.
 * Streamed:     bandcluster_summary_new and _add for each block, bandcluster_fit_summary, then,
 *               until bandcluster_model_converged, a bandcluster_refinement over each block;
 *               bandcluster_predict for each block.
 *
 * The same pixels, options and seed give the same model and the same labels, byte for byte, for any
 * number of threads and any size and order of blocks.
 *
 * Safety.     If a pointer is NULL, the call fails, unless its documentation gives NULL a meaning.
 *             Any other pointer is to a handle that was not freed yet, to memory for as many
 *             elements as its documentation says, to a string of UTF-8 that ends with NUL, or to a
 *             struct that its `_init` function has filled. What is passed without `const` is not
 *             used by another thread during the call. Two arguments may be the same only if the
 *             documentation says so. Apart from that, no call crashes, throws or aborts, whatever
 *             the values of its arguments are.
 * Errors.     A function that can fail returns a status, BANDCLUSTER_OK or another;
 *             bandcluster_last_error() then says in one line what was found, what was wanted and
 *             what to do. Outputs are written only on success. After BANDCLUSTER_INTERNAL, free the
 *             handles that the call was given.
 * Ownership.  A handle that a `**` argument receives belongs to the caller, who frees it with the
 *             `_free` function of its kind, which ignores NULL. A text that a `const char **`
 *             argument receives belongs to the handle that it comes from, and is valid until that
 *             handle is changed or freed. A text that a `char **` argument receives belongs to the
 *             caller, who frees it with bandcluster_text_free(). A `const char *` that a function
 *             returns is static, except that of bandcluster_last_error(). Pixels, labels, strings
 *             and structs that are passed are borrowed for the call.
 * Threads.    Different handles may be used by different threads at once. Many threads may read one
 *             handle (const) at once. A thread may change a handle while no other uses it. Work
 *             runs on as many threads as `bandcluster_run` says; the progress callback is called
 *             only on the thread that made the call.
 * Structs.    Each begins with its size. Fill it with its `_init` function, which is given the size
 *             that the caller was compiled with, then set fields. Later versions only append
 *             fields. A caller with an older header may use a newer library: the fields that it
 *             does not have get their defaults. A caller with a newer header may use an older
 *             library as long as the fields that the library does not know are 0, as `_init` leaves
 *             them; else the call fails with BANDCLUSTER_INVALID_ARGUMENT. Reserved fields are 0.
 * Arguments.  They come in one order: handles, pixels and labels (first those that are read, then
 *             those that are written), options and numbers, `run`, and last the outputs.
 * Units.      Distances are in (scaled) band units: those of the samples, or standard deviations if
 *             bands are scaled. By the spectral angle they are chords of the unit sphere.
 * Versions.   Programs that load the library themselves check that bandcluster_abi_version() is
 *             BANDCLUSTER_ABI_VERSION. Everything exists since 0.1.0, unless its text says
 *             otherwise.
 *
 * This file is generated from src/capi by cbindgen: do not edit it.
 */

#ifndef BANDCLUSTER_H
#define BANDCLUSTER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The version of this header.
#define BANDCLUSTER_VERSION_MAJOR 0
#define BANDCLUSTER_VERSION_MINOR 1
#define BANDCLUSTER_VERSION_PATCH 0
#define BANDCLUSTER_VERSION_STRING "0.1.0"

/* Handles: opaque objects that the library makes ----------------------------------------------- */

// The numbers of classes that were tried, and the recommended one. A choice does not change: any
// number of threads may read it at once.
typedef struct bandcluster_choice bandcluster_choice;

// A comparison of a scene with the training pixels of a model.
typedef struct bandcluster_drift bandcluster_drift;

// Classes with their centres. Any number of threads may read it at once, as long as none changes
// it.
typedef struct bandcluster_model bandcluster_model;

// A small copy of a scene and of its labels (some 1000 pixels wide, whatever the scene's size),
// gathered block by block. It also counts the pixels of each label.
typedef struct bandcluster_picture bandcluster_picture;

// The bands of a Sentinel-2 product.
typedef struct bandcluster_product bandcluster_product;

// One exact step of Lloyd's algorithm over the pixels, accumulated block by block. One thread at a
// time may use it.
typedef struct bandcluster_refinement bandcluster_refinement;

// The scenes of a fit, cut into pieces. Any number of threads may use it at once.
typedef struct bandcluster_scenes bandcluster_scenes;

// A digest, of bounded size, of the valid pixels of any number of images with the same bands. Any
// number of threads may fit on it at once, as long as none changes it.
typedef struct bandcluster_summary bandcluster_summary;

// The number of valid pixels of each label of a map, and their mean in each band, accumulated
// block by block. One thread at a time may use it.
typedef struct bandcluster_zonal bandcluster_zonal;

/* Versions, status codes, messages ------------------------------------------------------------- */

// The version of the binary interface: a program built for another version must not continue.
#define BANDCLUSTER_ABI_VERSION 2

// Done.
#define BANDCLUSTER_OK 0

// A NULL pointer, a wrong `struct_size`, an unknown enumeration value, an option out of range,
// sizes that do not agree.
#define BANDCLUSTER_INVALID_ARGUMENT 1

// Pixels that cannot be clustered: none is valid, there are fewer distinct pixels than clusters,
// or a constant band would be scaled.
#define BANDCLUSTER_INVALID_DATA 2

// A model or a saved summary that is damaged, foreign or of a newer version.
#define BANDCLUSTER_INVALID_MODEL 3

// A file could not be read or written.
#define BANDCLUSTER_IO 4

// The progress callback returned 0.
#define BANDCLUSTER_CANCELLED 5

// There is not enough memory.
#define BANDCLUSTER_OUT_OF_MEMORY 6

// A defect of the library: please report it, with the message.
#define BANDCLUSTER_INTERNAL 7

// What a function that can fail returns: one of the `BANDCLUSTER_` codes above.
typedef uint32_t bandcluster_status;

// The `BANDCLUSTER_ABI_VERSION` that the library was built with.
uint32_t bandcluster_abi_version(void);

// The library's version, such as `"0.1.0"`; static.
const char *bandcluster_version(void);

// The name of a status code, such as `"invalid argument"`; static, never NULL.
const char *bandcluster_status_name(bandcluster_status status);

// What went wrong in this thread's last call that returned a status, in one line; `""` if nothing
// did. Valid until this thread's next call; never NULL.
const char *bandcluster_last_error(void);

// The name of the request's field that the message of `bandcluster_last_error` is about, as a JSON
// request has it; `""` if it is about none. `position` gets the byte of the message at which that
// name begins, so that a program can put its own name there; it may be NULL. Valid until this
// thread's next call; never NULL.
const char *bandcluster_last_error_field(uint64_t *position);

/* How a call runs: threads, progress, cancelling ----------------------------------------------- */

// A progress callback with the signature of GDAL's GDALProgressFunc. It gets the fraction done (0
// to 1), what is being done (never NULL, valid during the call), and the `user_data` of the run.
// It returns 0 to cancel. It is called only on the thread that called the library: at once when a
// call begins, and then about every 30 ms. It must not call the library with the handles in use,
// nor leave by an exception or a jump.
typedef int32_t (*bandcluster_progress)(double fraction, const char *message, void *user_data);

// How a call is run. NULL in its place: on all cores, without a callback.
typedef struct {
  // `sizeof(bandcluster_run)`; set by `bandcluster_run_init`.
  uint32_t struct_size;
  // Number of threads; 0: all cores. The result does not depend on it.
  uint32_t threads;
  // The callback; may be NULL.
  bandcluster_progress progress;
  // Handed to the callback.
  void *user_data;
} bandcluster_run;

// Fills in the defaults: all cores, no callback. Pass `sizeof(bandcluster_run)`.
bandcluster_status bandcluster_run_init(bandcluster_run *run, uint32_t struct_size);

/* Pixels and labels in the caller's memory ----------------------------------------------------- */

// Samples or labels of type `uint8_t`.
#define BANDCLUSTER_UINT8 1

// Samples of type `int8_t`.
#define BANDCLUSTER_INT8 2

// Samples or labels of type `uint16_t`.
#define BANDCLUSTER_UINT16 3

// Samples of type `int16_t`.
#define BANDCLUSTER_INT16 4

// Samples of type `uint32_t`.
#define BANDCLUSTER_UINT32 5

// Samples of type `int32_t`.
#define BANDCLUSTER_INT32 6

// Samples of type `float`.
#define BANDCLUSTER_FLOAT32 7

// Samples of type `double`.
#define BANDCLUSTER_FLOAT64 8

// The pixels of an image, or of a block of one, in the caller's memory. Pointers and strides can
// describe any interleaving: band-sequential (BSQ), by line (BIL), by pixel (BIP), each band in a
// buffer of its own, rows from the bottom up.
//
// A pixel is valid when no band is its nodata, no band is NaN or infinite (or, for doubles, beyond
// 1e150, where squares overflow), and the mask does not exclude it. Other pixels are left out of a
// fit and get label 0.
typedef struct {
  // `sizeof(bandcluster_raster)`; set by `bandcluster_raster_init`.
  uint32_t struct_size;
  // Number of bands, at least 1.
  uint32_t n_bands;
  // `n_bands` pointers, each to a band's first sample (row 0, column 0). Samples need not be
  // aligned.
  const void *const *bands;
  // Pixels in a row, at least 1.
  uint64_t width;
  // Rows, at least 1.
  uint64_t height;
  // Bytes from a pixel to the next in its row, in every band; 0: packed, the size of a sample.
  // May be negative.
  int64_t pixel_stride;
  // Bytes from a row to the next, in every band; 0: packed, `width` times the pixel stride. May
  // be negative.
  int64_t line_stride;
  // The type of every sample: `BANDCLUSTER_UINT8` to `BANDCLUSTER_FLOAT64`.
  uint32_t sample_type;
  // 0.
  uint32_t reserved;
  // NULL, or `n_bands` nodata values; NaN for a band that has none. Integers are compared
  // exactly. Floats are compared as GDAL's mask bands do: within some units of their last place
  // (doubles: within 4.8e-7 of the value), so that a value written with few digits is found.
  const double *nodata;
  // NULL, or a byte for each pixel: 0 leaves it out.
  const uint8_t *mask;
  // Bytes from a pixel's mask to the next in its row; 0: 1.
  int64_t mask_pixel_stride;
  // Bytes from a row of the mask to the next; 0: `width` times its pixel stride.
  int64_t mask_line_stride;
} bandcluster_raster;

// Where predict writes labels, in the caller's memory: 0 for pixels that are not valid, 1 to k for
// classes, k + 1 for unclassified pixels (if classes have radii).
typedef struct {
  // `sizeof(bandcluster_labels)`; set by `bandcluster_labels_init`.
  uint32_t struct_size;
  // `BANDCLUSTER_UINT8` (up to 255 classes) or `BANDCLUSTER_UINT16`.
  uint32_t label_type;
  // The label of the first pixel. Must not overlap the raster; no two labels may share a byte.
  void *data;
  // Pixels in a row: the raster's.
  uint64_t width;
  // Rows: the raster's.
  uint64_t height;
  // Bytes from a label to the next in its row; 0: packed. May be negative.
  int64_t pixel_stride;
  // Bytes from a row of labels to the next; 0: packed. May be negative.
  int64_t line_stride;
  // NULL, or the confidence of the first pixel's label, a `float` for each label: 0 to 1, NaN if
  // a pixel is not valid. `bandcluster_predict` says what it means.
  float *confidence;
  // Bytes from a confidence to the next in its row; 0: packed. May be negative.
  int64_t confidence_pixel_stride;
  // Bytes from a row of confidences to the next; 0: packed. May be negative.
  int64_t confidence_line_stride;
} bandcluster_labels;

// Fills in the defaults: no pixels, packed strides, no nodata, no mask. Pass
// `sizeof(bandcluster_raster)`.
bandcluster_status bandcluster_raster_init(bandcluster_raster *raster, uint32_t struct_size);

// Fills in the defaults: 8-bit labels, packed strides. Pass `sizeof(bandcluster_labels)`.
bandcluster_status bandcluster_labels_init(bandcluster_labels *labels, uint32_t struct_size);

/* Summaries: pixels read once, block by block -------------------------------------------------- */

// Facts about a summary.
typedef struct {
  // `sizeof(bandcluster_summary_info)`; set by `bandcluster_summary_info_init`.
  uint32_t struct_size;
  // Number of bands.
  uint32_t n_bands;
  // Pixels seen, valid or not.
  uint64_t n_pixels;
  // Valid pixels among them.
  uint64_t n_valid;
  // Occupied cells.
  uint64_t n_cells;
  // For integer samples, the width of a cell is 2 to the power of this; 0: cells are single
  // values.
  uint32_t width_exponent;
  // The type of every sample.
  uint32_t sample_type;
} bandcluster_summary_info;

// Fills in zeros. Pass `sizeof(bandcluster_summary_info)`.
bandcluster_status bandcluster_summary_info_init(bandcluster_summary_info *info,
                                                 uint32_t struct_size);

// Makes an empty summary of pixels with `n_bands` samples of one type, in at most `memory` bytes
// (0: 256 MiB). The caller frees it with `bandcluster_summary_free`.
bandcluster_status bandcluster_summary_new(uint32_t n_bands,
                                           uint32_t sample_type,
                                           uint64_t memory,
                                           bandcluster_summary **summary);

// Adds the valid pixels of an image, or of a block of one. The order and the size of blocks do not
// matter. After an error the summary holds some of the pixels: free it.
bandcluster_status bandcluster_summary_add(bandcluster_summary *summary,
                                           const bandcluster_raster *raster,
                                           const bandcluster_run *run);

// Adds what another summary holds; both must be of the same bands, sample type and memory.
bandcluster_status bandcluster_summary_merge(bandcluster_summary *summary,
                                             const bandcluster_summary *other);

// Gets the facts about a summary.
bandcluster_status bandcluster_summary_get_info(const bandcluster_summary *summary,
                                                bandcluster_summary_info *info);

// Writes a summary to a file, which appears only when complete.
bandcluster_status bandcluster_summary_save(const bandcluster_summary *summary, const char *path);

// Reads a summary from a file. The caller frees it.
bandcluster_status bandcluster_summary_load(const char *path, bandcluster_summary **summary);

// Frees a summary. NULL is ignored.
void bandcluster_summary_free(bandcluster_summary *summary);

/* Options of the algorithms -------------------------------------------------------------------- */

// The options are a `bandcluster_kmeans_options`.
#define BANDCLUSTER_ALGORITHM_KMEANS 1

// The options are a `bandcluster_bisecting_options`.
#define BANDCLUSTER_ALGORITHM_BISECTING 2

// The options are a `bandcluster_isodata_options`.
#define BANDCLUSTER_ALGORITHM_ISODATA 3

// The options are a `bandcluster_gmm_options`.
#define BANDCLUSTER_ALGORITHM_GMM 4

// The options are a `bandcluster_agglomerative_options`.
#define BANDCLUSTER_ALGORITHM_AGGLOMERATIVE 5

// The options are a `bandcluster_birch_options`.
#define BANDCLUSTER_ALGORITHM_BIRCH 6

// The options are a `bandcluster_dbscan_options`.
#define BANDCLUSTER_ALGORITHM_DBSCAN 7

// The options are a `bandcluster_optics_options`.
#define BANDCLUSTER_ALGORITHM_OPTICS 8

// The options are a `bandcluster_hdbscan_options`.
#define BANDCLUSTER_ALGORITHM_HDBSCAN 9

// The options are a `bandcluster_meanshift_options`.
#define BANDCLUSTER_ALGORITHM_MEANSHIFT 10

// The options are a `bandcluster_spectral_options`.
#define BANDCLUSTER_ALGORITHM_SPECTRAL 11

// The options are a `bandcluster_affinity_options`.
#define BANDCLUSTER_ALGORITHM_AFFINITY 12

// Bands as they are.
#define BANDCLUSTER_SCALING_NONE 0

// Bands scaled to mean 0 and standard deviation 1 before distances are measured.
#define BANDCLUSTER_SCALING_ZSCORE 1

// Pixels are compared by the length of their difference.
#define BANDCLUSTER_METRIC_EUCLIDEAN 0

// Pixels are compared by the angle between their spectra, whatever their brightness.
#define BANDCLUSTER_METRIC_SPECTRAL_ANGLE 1

// The first field, `common`, of the options of every algorithm. The functions that fit take its
// address. The `_init` function of each struct sets all of it; `scaling` and `seed` may be
// changed.
typedef struct {
  // Size of the whole struct of options.
  uint32_t struct_size;
  // Which options these are: one of `BANDCLUSTER_ALGORITHM_*`.
  uint32_t algorithm;
  // `BANDCLUSTER_SCALING_NONE` (the default) or `BANDCLUSTER_SCALING_ZSCORE`. Weights of bands
  // are the option `band_weights` of the functions that take options as JSON.
  uint32_t scaling;
  // 0.
  uint32_t reserved;
  // Seed of the random numbers: the same seed, pixels and options give the same model. Default
  // 0.
  uint64_t seed;
} bandcluster_algorithm_options;

// The options of k-means: scikit-learn's `KMeans`.
typedef struct {
  // Set by `bandcluster_kmeans_options_init`; `scaling` and `seed` may be changed.
  bandcluster_algorithm_options common;
  // A fit has converged when the squared shift of all centres is at most this times the mean
  // band variance. Default 1e-4.
  double tol;
  // Number of classes, 1 to 65535; with `init` also 0: as many as centres are given. Default 4.
  uint32_t n_clusters;
  // Number of starts, at least 1; the best is kept. Default 10. With `init` there is one start.
  uint32_t n_init;
  // Maximum number of iterations of a start, and of passes over the pixels; at least 1. Default
  // 300.
  uint32_t max_iter;
  // `BANDCLUSTER_METRIC_EUCLIDEAN` (the default) or `BANDCLUSTER_METRIC_SPECTRAL_ANGLE`, which
  // cannot be combined with scaling.
  uint32_t metric;
  // Centres to start from: `n_centers` times one number for each of the `n_bands` bands, in
  // their units. If there are fewer centres than classes, k-means++ draws the others. NULL (the
  // default): it draws all.
  const double *init;
  // The names that the classes of these centres get; NULL (the default): the usual ones.
  const char *const *init_names;
  // Number of centres in `init`.
  uint32_t n_centers;
  // Number of bands of these centres.
  uint32_t n_bands;
  // 1: the centres of `init` (one for each class) stay where they are. Default 0.
  uint32_t fix;
  // 0.
  uint32_t reserved;
} bandcluster_kmeans_options;

// Fills in the defaults. Pass `sizeof(bandcluster_kmeans_options)`.
bandcluster_status bandcluster_kmeans_options_init(bandcluster_kmeans_options *output,
                                                   uint32_t struct_size);

// The cluster with the largest inertia is split next.
#define BANDCLUSTER_BISECTING_BIGGEST_INERTIA 0

// The cluster with the most pixels is split next.
#define BANDCLUSTER_BISECTING_LARGEST_CLUSTER 1

// The options of bisecting k-means: scikit-learn's `BisectingKMeans`.
typedef struct {
  // Set by `bandcluster_bisecting_options_init`; `scaling` and `seed` may be changed.
  bandcluster_algorithm_options common;
  // A split has converged when the squared shift of both centres is at most this times the mean
  // band variance. Default 1e-4.
  double tol;
  // Number of classes, 1 to 65535. Default 4.
  uint32_t n_clusters;
  // Number of starts of each split, at least 1. Default 10.
  uint32_t n_init;
  // Maximum number of iterations of a split, at least 1. Default 300.
  uint32_t max_iter;
  // Which cluster is split next. `BANDCLUSTER_BISECTING_BIGGEST_INERTIA` (the default),
  // `BANDCLUSTER_BISECTING_LARGEST_CLUSTER`.
  uint32_t bisecting_strategy;
} bandcluster_bisecting_options;

// Fills in the defaults. Pass `sizeof(bandcluster_bisecting_options)`.
bandcluster_status bandcluster_bisecting_options_init(bandcluster_bisecting_options *output,
                                                      uint32_t struct_size);

// The options of ISODATA: those of Ball and Hall.
typedef struct {
  // Set by `bandcluster_isodata_options_init`; `scaling` and `seed` may be changed.
  bandcluster_algorithm_options common;
  // Minimum share of the pixels in a cluster; smaller clusters are dropped. Default 0.001.
  double min_size;
  // Maximum standard deviation in any band, in (scaled) band units; wider clusters are split.
  // NaN (the default): half the root mean square of the bands' standard deviations.
  double max_std;
  // Minimum distance of two means, in (scaled) band units; nearer clusters are joined. NaN (the
  // default): as `max_std`.
  double min_distance;
  // Number of clusters to begin with, and about the number to end with. Default 8.
  uint32_t initial_clusters;
  // Maximum number of clusters, `initial_clusters` to 65535. Default 16.
  uint32_t max_clusters;
  // Number of iterations, at least 1. Default 20.
  uint32_t max_iter;
  // 0.
  uint32_t reserved;
} bandcluster_isodata_options;

// Fills in the defaults. Pass `sizeof(bandcluster_isodata_options)`.
bandcluster_status bandcluster_isodata_options_init(bandcluster_isodata_options *output,
                                                    uint32_t struct_size);

// The options of Gaussian mixtures: scikit-learn's `GaussianMixture`.
typedef struct {
  // Set by `bandcluster_gmm_options_init`; `scaling` and `seed` may be changed.
  bandcluster_algorithm_options common;
  // A start has converged when an iteration raises the mean log-likelihood of a pixel by less
  // than this. Default 1e-3.
  double tol;
  // Added to all variances, in squared (scaled) band units. Default 1e-6.
  double reg_covar;
  // Number of classes, 1 to 65535. Default 4.
  uint32_t n_components;
  // Number of starts, at least 1; the likeliest is kept. Default 1.
  uint32_t n_init;
  // Maximum number of iterations of a start, at least 1. Default 100.
  uint32_t max_iter;
  // 0.
  uint32_t reserved;
} bandcluster_gmm_options;

// Fills in the defaults. Pass `sizeof(bandcluster_gmm_options)`.
bandcluster_status bandcluster_gmm_options_init(bandcluster_gmm_options *output,
                                                uint32_t struct_size);

// The distance of two clusters is the increase of the inertia when they are joined.
#define BANDCLUSTER_LINKAGE_WARD 0

// The distance of two clusters is the mean distance of their pixels.
#define BANDCLUSTER_LINKAGE_AVERAGE 1

// The distance of two clusters is the largest distance of their pixels.
#define BANDCLUSTER_LINKAGE_COMPLETE 2

// The distance of two clusters is the smallest distance of their pixels.
#define BANDCLUSTER_LINKAGE_SINGLE 3

// The options of agglomerative clustering: scikit-learn's `AgglomerativeClustering`.
typedef struct {
  // Set by `bandcluster_agglomerative_options_init`; `scaling` and `seed` may be changed.
  bandcluster_algorithm_options common;
  // Number of classes, 1 to 65535. Default 4.
  uint32_t n_clusters;
  // The distance of two clusters. `BANDCLUSTER_LINKAGE_WARD` (the default),
  // `BANDCLUSTER_LINKAGE_AVERAGE`, `BANDCLUSTER_LINKAGE_COMPLETE`, `BANDCLUSTER_LINKAGE_SINGLE`.
  uint32_t linkage;
  // Size of the sample of the pixels that is clustered: the number of classes to 5000. Default
  // 2000.
  uint32_t n_representatives;
  // 0.
  uint32_t reserved;
} bandcluster_agglomerative_options;

// Fills in the defaults. Pass `sizeof(bandcluster_agglomerative_options)`.
bandcluster_status bandcluster_agglomerative_options_init(bandcluster_agglomerative_options *output,
                                                          uint32_t struct_size);

// The options of BIRCH: scikit-learn's `Birch`.
typedef struct {
  // Set by `bandcluster_birch_options_init`; `scaling` and `seed` may be changed.
  bandcluster_algorithm_options common;
  // The largest radius (root mean square distance from the mean) of a subcluster, in (scaled)
  // band units. It is raised until at most `n_representatives` subclusters are left. NaN (the
  // default): the smallest radius for which this is so.
  double threshold;
  // Number of classes, 1 to 65535. Default 4.
  uint32_t n_clusters;
  // Maximum number of subclusters: the number of classes to 5000. Default 2000.
  uint32_t n_representatives;
} bandcluster_birch_options;

// Fills in the defaults. Pass `sizeof(bandcluster_birch_options)`.
bandcluster_status bandcluster_birch_options_init(bandcluster_birch_options *output,
                                                  uint32_t struct_size);

// The options of DBSCAN: scikit-learn's `DBSCAN`.
typedef struct {
  // Set by `bandcluster_dbscan_options_init`; `scaling` and `seed` may be changed.
  bandcluster_algorithm_options common;
  // Radius of a neighbourhood, in (scaled) band units. NaN (the default): the radius that
  // separates the most classes of a hundredth of the pixels or more, among those for which half
  // of the pixels or more are dense.
  double eps;
  // Minimum number of pixels in the neighbourhood of a dense pixel, itself included, counted as
  // if there were `n_representatives` pixels: 5 of 2000 are as many as 5000 of two million, and
  // 25 of the 10,000 that are drawn. Default 5.
  double min_samples;
  // Number of points that label the pixels: 2 to 5000. Classes are found in a sample of five
  // times as many pixels, drawn in proportion. Default 2000.
  uint32_t n_representatives;
  // 0.
  uint32_t reserved;
} bandcluster_dbscan_options;

// Fills in the defaults. Pass `sizeof(bandcluster_dbscan_options)`.
bandcluster_status bandcluster_dbscan_options_init(bandcluster_dbscan_options *output,
                                                   uint32_t struct_size);

// Clusters are valleys with steep sides, of any depth. If valleys lie within each other, the
// innermost is taken.
#define BANDCLUSTER_OPTICS_XI 0

// Clusters are the parts below one height, as DBSCAN finds them.
#define BANDCLUSTER_OPTICS_DBSCAN 1

// The options of OPTICS: scikit-learn's `OPTICS`.
typedef struct {
  // Set by `bandcluster_optics_options_init`; `scaling` and `seed` may be changed.
  bandcluster_algorithm_options common;
  // The largest radius of a neighbourhood, in (scaled) band units. NaN (the default): any.
  double max_eps;
  // How steep the sides of a valley are at least: the fraction by which the distance to the next
  // pixel falls or rises from one pixel to the next; between 0 and 1. Default 0.05.
  double xi;
  // With `dbscan`: radius of a neighbourhood, in (scaled) band units, at most `max_eps`. NaN
  // (the default): `max_eps`.
  double eps;
  // Minimum number of pixels in the neighbourhood of a dense pixel, itself included, counted as
  // if there were `n_representatives` pixels; 2 to `n_representatives`. Default 5.
  uint32_t min_samples;
  // How clusters are found. `BANDCLUSTER_OPTICS_XI` (the default), `BANDCLUSTER_OPTICS_DBSCAN`.
  uint32_t cluster_method;
  // With `xi`: minimum number of pixels of a cluster, counted as in `min_samples`; 2 to
  // `n_representatives`. 0 (the default): `min_samples`.
  uint32_t min_cluster_size;
  // Size of the sample of the pixels that is clustered: 2 to 5000. Default 2000.
  uint32_t n_representatives;
} bandcluster_optics_options;

// Fills in the defaults. Pass `sizeof(bandcluster_optics_options)`.
bandcluster_status bandcluster_optics_options_init(bandcluster_optics_options *output,
                                                   uint32_t struct_size);

// The clusters with the largest "excess of mass" are taken: large ones that persist over a wide
// range of densities.
#define BANDCLUSTER_HDBSCAN_EOM 0

// The clusters that do not split any more are taken: many small ones.
#define BANDCLUSTER_HDBSCAN_LEAF 1

// The options of HDBSCAN: scikit-learn's `HDBSCAN`.
typedef struct {
  // Set by `bandcluster_hdbscan_options_init`; `scaling` and `seed` may be changed.
  bandcluster_algorithm_options common;
  // Minimum number of pixels of a cluster, counted as if there were `n_representatives` pixels:
  // 20 of 2000 are a hundredth of them. At least 2. Default 20.
  double min_cluster_size;
  // The density of a pixel is that of the neighbourhood that holds this number of pixels, itself
  // included, counted in the same way. The larger the number, the more pixels are noise. NaN
  // (the default): `min_cluster_size`.
  double min_samples;
  // Clusters nearer than this, in (scaled) band units, are not separated. Default 0.
  double cluster_selection_epsilon;
  // Which clusters of the tree are taken. `BANDCLUSTER_HDBSCAN_EOM` (the default),
  // `BANDCLUSTER_HDBSCAN_LEAF`.
  uint32_t cluster_selection_method;
  // Size of the sample of the pixels that is clustered: 2 to 5000. Default 2000.
  uint32_t n_representatives;
} bandcluster_hdbscan_options;

// Fills in the defaults. Pass `sizeof(bandcluster_hdbscan_options)`.
bandcluster_status bandcluster_hdbscan_options_init(bandcluster_hdbscan_options *output,
                                                    uint32_t struct_size);

// The options of mean shift: scikit-learn's `MeanShift`.
typedef struct {
  // Set by `bandcluster_meanshift_options_init`; `scaling` and `seed` may be changed.
  bandcluster_algorithm_options common;
  // Radius of the (flat) kernel, in (scaled) band units: the smaller, the more classes. NaN (the
  // default): the mean radius that holds three tenths of the pixels.
  double bandwidth;
  // Number of points that stand for the pixels: 2 to 5000. Default 2000.
  uint32_t n_representatives;
  // 0.
  uint32_t reserved;
} bandcluster_meanshift_options;

// Fills in the defaults. Pass `sizeof(bandcluster_meanshift_options)`.
bandcluster_status bandcluster_meanshift_options_init(bandcluster_meanshift_options *output,
                                                      uint32_t struct_size);

// Two points are alike if each is among the nearest of the other, and half alike if only one is.
// Where pixels are few, the nearest may be far away.
#define BANDCLUSTER_SPECTRAL_NEAREST_NEIGHBORS 0

// Two points are as alike as the Gaussian of their distance says.
#define BANDCLUSTER_SPECTRAL_RBF 1

// The options of spectral clustering: scikit-learn's `SpectralClustering`.
typedef struct {
  // Set by `bandcluster_spectral_options_init`; `scaling` and `seed` may be changed.
  bandcluster_algorithm_options common;
  // With `rbf`: the factor of squared distances, in inverse squared (scaled) band units. It is
  // the same for all points, so that a few pixels far from all others easily make a class. NaN
  // (the default): for each pair of points, 1 divided by the larger of their squared distances
  // from their `n_neighbors`th nearest.
  double gamma;
  // Number of classes, 1 to 3000. Default 4.
  uint32_t n_clusters;
  // How alike two points are. `BANDCLUSTER_SPECTRAL_NEAREST_NEIGHBORS` (the default),
  // `BANDCLUSTER_SPECTRAL_RBF`.
  uint32_t affinity;
  // Number of neighbours of a point, itself included; at least 2. Default 10.
  uint32_t n_neighbors;
  // Number of starts of k-means on the embedding, at least 1. Default 10.
  uint32_t n_init;
  // Number of points that stand for the pixels: the number of classes to 3000. The time grows
  // with its cube. Default 1000.
  uint32_t n_representatives;
  // 0.
  uint32_t reserved;
} bandcluster_spectral_options;

// Fills in the defaults. Pass `sizeof(bandcluster_spectral_options)`.
bandcluster_status bandcluster_spectral_options_init(bandcluster_spectral_options *output,
                                                     uint32_t struct_size);

// The options of affinity propagation: scikit-learn's `AffinityPropagation`.
typedef struct {
  // Set by `bandcluster_affinity_options_init`; `scaling` and `seed` may be changed.
  bandcluster_algorithm_options common;
  // The share of each message that is kept from the previous one, 0.5 to less than 1. With a
  // larger share the exemplars settle more slowly, but more surely. NaN (the default): 0.5, as
  // in scikit-learn; if the exemplars do not settle, 0.7, and finally 0.9.
  double damping;
  // How readily a pixel becomes an exemplar, in squared (scaled) band units: the further below
  // 0, the fewer classes. NaN (the default): the median of the similarities (negative squared
  // distances) of all pairs.
  double preference;
  // Maximum number of rounds of messages, at least 1. Default 200.
  uint32_t max_iter;
  // The rounds end after this number of rounds without a change of the exemplars, at least 1.
  // Default 15.
  uint32_t convergence_iter;
  // Size of the sample of the pixels that is clustered: 2 to 3000. Time and memory grow with its
  // square. A larger sample also gives more classes. Default 1000.
  uint32_t n_representatives;
  // 0.
  uint32_t reserved;
} bandcluster_affinity_options;

// Fills in the defaults. Pass `sizeof(bandcluster_affinity_options)`.
bandcluster_status bandcluster_affinity_options_init(bandcluster_affinity_options *output,
                                                     uint32_t struct_size);

/* Fitting: of pixels or of a summary, by options as a struct or as JSON ------------------------ */

// Fits on the pixels of one image: summary, fit, and for k-means refinement until the centres are
// a fixed point.
//
// `options` is the address of the `common` of the options of any algorithm, such as those of a
// `bandcluster_kmeans_options`. `memory` is the number of bytes that the summary may take; 0: 256
// MiB. The caller frees the model with `bandcluster_model_free`.
bandcluster_status bandcluster_fit(const bandcluster_raster *raster,
                                   const bandcluster_algorithm_options *options,
                                   uint64_t memory,
                                   const bandcluster_run *run,
                                   bandcluster_model **model);

// Fits on a summary, by options as `bandcluster_fit` takes them.
//
// A summary knows neither the names nor the nodata values of its bands: set them with
// `bandcluster_model_set_band`. If the summary's cells are wider than single values, a model of
// k-means has not converged: refine it on the pixels (see `bandcluster_refinement_new`). The first
// fit prepares the summary's data for further fits, which then begin at once, until pixels are
// added. The caller frees the model with `bandcluster_model_free`.
bandcluster_status bandcluster_fit_summary(const bandcluster_summary *summary,
                                           const bandcluster_algorithm_options *options,
                                           const bandcluster_run *run,
                                           bandcluster_model **model);

// Fits on the pixels of one image as `bandcluster_fit` does, with the options as text.
//
// `algorithm` is one of kmeans, bisecting, isodata, gmm, agglomerative, birch, dbscan, optics,
// hdbscan, meanshift, spectral and affinity. `options` is NULL or a JSON object with the names of
// the fields of the algorithm's struct (scikit-learn's, mostly), such as `{"n_clusters": 6,
// "linkage": "average", "seed": 1}`; options that it does not give have their defaults.
bandcluster_status bandcluster_fit_json(const bandcluster_raster *raster,
                                        const char *algorithm,
                                        const char *options,
                                        uint64_t memory,
                                        const bandcluster_run *run,
                                        bandcluster_model **model);

// Fits on a summary as `bandcluster_fit_summary` does, with the options as text: see
// `bandcluster_fit_json`.
bandcluster_status bandcluster_fit_summary_json(const bandcluster_summary *summary,
                                                const char *algorithm,
                                                const char *options,
                                                const bandcluster_run *run,
                                                bandcluster_model **model);

/* Refinement: k-means made exact, block by block ----------------------------------------------- */

// Begins a step from the model's centres over pixels of one sample type. The caller frees it with
// `bandcluster_refinement_free`. A model from `bandcluster_fit_summary` is refined over the pixels
// until it has converged:
//
// ```c
// while (!bandcluster_model_converged(model)) {
//     bandcluster_refinement_new(model, sample_type, &refinement);
//     for (each block) bandcluster_refinement_add(refinement, &block, &run);
//     bandcluster_refinement_apply(refinement, model, NULL);
//     bandcluster_refinement_free(refinement);
// }
// ```
bandcluster_status bandcluster_refinement_new(const bandcluster_model *model,
                                              uint32_t sample_type,
                                              bandcluster_refinement **refinement);

// Adds the valid pixels of an image, or of a block of one. After an error the refinement holds
// some of the pixels: free it.
bandcluster_status bandcluster_refinement_add(bandcluster_refinement *refinement,
                                              const bandcluster_raster *raster,
                                              const bandcluster_run *run);

// Adds the valid pixels of an image, as `bandcluster_refinement_add` does, and writes their labels
// by the present centres, as `bandcluster_predict` would. If `bandcluster_refinement_apply` then
// changes neither the centres nor their order, the labels are the model's, and no further pass is
// needed. After an error the refinement holds some of the pixels: free it.
bandcluster_status bandcluster_refinement_add_labels(bandcluster_refinement *refinement,
                                                     const bandcluster_raster *raster,
                                                     const bandcluster_labels *labels,
                                                     const bandcluster_run *run);

// Adds what another refinement from the same centres holds.
bandcluster_status bandcluster_refinement_merge(bandcluster_refinement *refinement,
                                                const bandcluster_refinement *other);

// Applies the step to the model. `shift`, if not NULL, gets the squared shift of all centres.
// Within the tolerance, or after `max_iter` passes, the model keeps its centres, gets the exact
// counts, means, deviations and inertia, orders its classes by size, and has converged. Otherwise
// its centres move.
bandcluster_status bandcluster_refinement_apply(const bandcluster_refinement *refinement,
                                                bandcluster_model *model,
                                                double *shift);

// Writes a refinement to a file, for `bandcluster_refinement_load` in another process. The file
// appears only when complete. The order in which blocks are added and refinements are merged does
// not change its bytes.
bandcluster_status bandcluster_refinement_save(const bandcluster_refinement *refinement,
                                               const char *path);

// Reads a refinement from a file, to merge it with others of its model, or to apply it. The caller
// frees it.
bandcluster_status bandcluster_refinement_load(const char *path,
                                               bandcluster_refinement **refinement);

// Frees a refinement. NULL is ignored.
void bandcluster_refinement_free(bandcluster_refinement *refinement);

/* Labelling, and the radii of classes ---------------------------------------------------------- */

// Gives every valid pixel the label of its class (1 to k), or k + 1 if it is beyond the radius of
// its class (see `bandcluster_model_set_max_distance`). Other pixels get 0. If `labels` has room
// for it, the confidence of each label is written too. What both mean depends on the kind of the
// model:
//
// - Centres (kmeans, bisecting, isodata). The class is that of the nearest centre, by the model's
//   metric and scaling; if two are equally near, the one with the lower label. Confidence is 1
//   less the ratio of the distances from the nearest and the second nearest centre: 1 at a centre,
//   0 on a border.
// - Representatives (agglomerative, birch, dbscan, optics, hdbscan, meanshift, spectral, affinity;
//   and the first kind once classes are merged). The class is that of the nearest representative;
//   noise is a class like the others. Confidence is 1 less the ratio of the distances from the
//   nearest representative of the class and from the nearest of any other: 1 at a representative,
//   0 on a border.
// - Mixtures (gmm). The class is that of the likeliest component. Confidence is the posterior
//   probability of the class: 1 if the pixel cannot be of another class.
//
// Confidence is 0 if a pixel is unclassified, NaN if it is not valid, and 1 if there is only one
// class. It comes in steps of 1/1024.
//
// The image needs the model's bands, in the model's order. Its sample type may be another. Only
// the raster's nodata values count, not the model's. After a cancel some labels may have been
// written; after any other error none.
bandcluster_status bandcluster_predict(const bandcluster_model *model,
                                       const bandcluster_raster *raster,
                                       const bandcluster_labels *labels,
                                       const bandcluster_run *run);

// Gives every class except noise the same radius, in (scaled) band units. Pixels farther from
// their class are unclassified: predict gives them the label k + 1. The distance is that from the
// centre of the class. If a class has several representatives or components, it is the distance
// from the one that the pixel belongs to (for a component, from its mean). Radii are kept in the
// model file.
bandcluster_status bandcluster_model_set_max_distance(bandcluster_model *model, double distance);

// Gives every class except noise a radius of its own, as `bandcluster_model_set_max_distance`
// does: the distance within which this fraction (above 0, up to 1) of its training pixels lie.
bandcluster_status bandcluster_model_set_radius_quantile(bandcluster_model *model, double fraction);

// Removes the radii: every pixel gets the label of its class, however far away it is.
bandcluster_status bandcluster_model_clear_radii(bandcluster_model *model);

// The largest label that predict gives: the number of classes, or one more (for unclassified
// pixels) if classes have radii; 0 for NULL. Labels up to 255 fit in `BANDCLUSTER_UINT8`.
uint32_t bandcluster_model_n_labels(const bandcluster_model *model);

/* Models: files, classes, bands ---------------------------------------------------------------- */

// Reads a model from a file. The caller frees it with `bandcluster_model_free`.
bandcluster_status bandcluster_model_load(const char *path, bandcluster_model **model);

// Writes a model to a file, which appears only when complete.
bandcluster_status bandcluster_model_save(const bandcluster_model *model, const char *path);

// Reads a model from `length` bytes of JSON text (what a model file holds). The caller frees it.
bandcluster_status bandcluster_model_from_json(const char *json,
                                               uint64_t length,
                                               bandcluster_model **model);

// The model as JSON text. It belongs to the model, and is valid until the model changes or is
// freed.
bandcluster_status bandcluster_model_json(const bandcluster_model *model, const char **json);

// Frees a model. NULL is ignored.
void bandcluster_model_free(bandcluster_model *model);

// Number of classes; 0 for NULL.
uint32_t bandcluster_model_n_clusters(const bandcluster_model *model);

// Number of bands; 0 for NULL.
uint32_t bandcluster_model_n_bands(const bandcluster_model *model);

// Iterations of Lloyd's algorithm: those of the last run on the cells, and the steps on the
// pixels. For affinity propagation, rounds of messages. 0 for NULL.
uint32_t bandcluster_model_n_iter(const bandcluster_model *model);

// 1 if the centres are a fixed point on the pixels, within the tolerance, or refinement ended
// after `max_iter` passes; 0 if the model needs refinement, and for NULL.
uint32_t bandcluster_model_converged(const bandcluster_model *model);

// Sum over all training pixels of the squared distance from the centre of their class, in squared
// (scaled) band units: squares of samples, or of standard deviations if bands are scaled, or of
// chords of the unit sphere if the metric is the spectral angle. NaN for NULL.
double bandcluster_model_inertia(const bandcluster_model *model);

// Copies the centres, class after class, each band after band, in band units; `length` must be the
// number of classes times that of bands.
bandcluster_status bandcluster_model_centers(const bandcluster_model *model,
                                             double *centers,
                                             uint64_t length);

// Copies the number of training pixels of each class; `length` must be the number of classes.
bandcluster_status bandcluster_model_counts(const bandcluster_model *model,
                                            uint64_t *counts,
                                            uint64_t length);

// The name of the class with label `value` (1 to k; k + 1 for unclassified pixels if classes have
// radii). It belongs to the model, and is valid until the model changes or is freed.
bandcluster_status bandcluster_model_class_name(const bandcluster_model *model,
                                                uint32_t value,
                                                const char **name);

// Names the class with label `value` (1 to k).
bandcluster_status bandcluster_model_set_class_name(bandcluster_model *model,
                                                    uint32_t value,
                                                    const char *name);

// The colour of the class with label `value` (1 to k; k + 1 for unclassified pixels if classes
// have radii), as 0xRRGGBB.
bandcluster_status bandcluster_model_class_color(const bandcluster_model *model,
                                                 uint32_t value,
                                                 uint32_t *color);

// Colours the class with label `value` (1 to k), as 0xRRGGBB.
bandcluster_status bandcluster_model_set_class_color(bandcluster_model *model,
                                                     uint32_t value,
                                                     uint32_t color);

// Sets the name of a band (1 to n_bands) and its nodata value (NaN: none). Both are kept in the
// model file.
bandcluster_status bandcluster_model_set_band(bandcluster_model *model,
                                              uint32_t band,
                                              const char *name,
                                              double nodata);

// Sets what the samples of a band (1 to n_bands) mean, such as reflectance: sample x `scale` +
// `offset`. A scene with another `offset` or `scale` can then be converted to the samples of the
// model before it is labelled. Give 1 and 0 if nothing is known.
bandcluster_status bandcluster_model_set_band_scaling(bandcluster_model *model,
                                                      uint32_t band,
                                                      double scale,
                                                      double offset);

// Colours every class by the mean of its pixels through the 5-95 % stretch of three bands (1 to
// n_bands). A model from a fit already has such colours: of its bands 1, 2, 3 if there are three,
// of 3, 2, 1 if there are more, and grey if there are fewer.
bandcluster_status bandcluster_model_natural_colors(bandcluster_model *model,
                                                    uint32_t red,
                                                    uint32_t green,
                                                    uint32_t blue);

/* Choosing the number of classes --------------------------------------------------------------- */

// Measures disagree, or nothing indicates separate classes: the number is only a hint.
#define BANDCLUSTER_CERTAINTY_LOW 0

// Most measures agree.
#define BANDCLUSTER_CERTAINTY_MEDIUM 1

// All measures agree, and so do the starts.
#define BANDCLUSTER_CERTAINTY_HIGH 2

// Which numbers of classes are tried, and how.
typedef struct {
  // `sizeof(bandcluster_choose_k_options)`; set by `bandcluster_choose_k_options_init`.
  uint32_t struct_size;
  // What is fitted: `BANDCLUSTER_ALGORITHM_KMEANS` (the default), or
  // `BANDCLUSTER_ALGORITHM_GMM`: Gaussian mixtures, whose Bayesian information criterion
  // decides. For mixtures, set `n_init` to 1, `max_iter` to 1000 and `tol` to 1e-5, the smallest
  // gain in mean log-likelihood.
  uint32_t algorithm;
  // The smallest number of classes, at least 2. Default 2.
  uint32_t min;
  // The largest number of classes, at most 255. Default 12.
  uint32_t max;
  // Number of starts for each, at least 1. Default 10. With a single start, stability is
  // unknown.
  uint32_t n_init;
  // Maximum number of iterations of a start, at least 1. Default 300.
  uint32_t max_iter;
  // `BANDCLUSTER_SCALING_NONE` (the default) or `BANDCLUSTER_SCALING_ZSCORE`.
  uint32_t scaling;
  // `BANDCLUSTER_METRIC_EUCLIDEAN` (the default) or `BANDCLUSTER_METRIC_SPECTRAL_ANGLE`, which
  // cannot be combined with scaling.
  uint32_t metric;
  // A fit has converged when the squared shift of all centres is at most this times the mean
  // band variance. Default 1e-4.
  double tol;
  // Seed of the random numbers: the same seed, pixels and options give the same choice. Default
  // 0.
  uint64_t seed;
} bandcluster_choose_k_options;

// A number of classes, and its measures. Distances are Euclidean, in band units (scaled if the fit
// scales), or chords of the unit sphere if the metric is the spectral angle.
typedef struct {
  // `sizeof(bandcluster_candidate)`; set by `bandcluster_candidate_init`.
  uint32_t struct_size;
  // The number of classes.
  uint32_t k;
  // Sum of the squared distances of the pixels from their centre, in squares of that unit.
  double inertia;
  // Simplified silhouette, -1 to 1; the higher the better.
  double silhouette;
  // Calinski-Harabasz index; the higher the better. Infinite if every class is a single value.
  double calinski_harabasz;
  // Davies-Bouldin index, from 0 up; the lower the better.
  double davies_bouldin;
  // Mean adjusted Rand index between the best start and each other start: 1 if all find the same
  // classes; NaN if there was only one start.
  double stability;
  // Bayesian information criterion, of mixtures; the lower the better. NaN for k-means.
  double bic;
} bandcluster_candidate;

// Fills in the defaults. Pass `sizeof(bandcluster_choose_k_options)`.
bandcluster_status bandcluster_choose_k_options_init(bandcluster_choose_k_options *options,
                                                     uint32_t struct_size);

// Sets the size, and all else to 0. Pass `sizeof(bandcluster_candidate)`.
bandcluster_status bandcluster_candidate_init(bandcluster_candidate *candidate,
                                              uint32_t struct_size);

// Fits k-means, or mixtures, on a summary for every number of classes from `min` to `max`,
// measures how well the classes are separated, and recommends a number. No pass over the pixels is
// needed. The caller frees the choice with `bandcluster_choice_free`.
bandcluster_status bandcluster_choose_k(const bandcluster_summary *summary,
                                        const bandcluster_choose_k_options *options,
                                        const bandcluster_run *run,
                                        bandcluster_choice **choice);

// The same, with a weight for each band of the summary: a number above 0, by which the band's
// differences are multiplied after scaling. Weights are for k-means by the Euclidean metric. NULL:
// all bands count equally.
bandcluster_status bandcluster_choose_k_weighted(const bandcluster_summary *summary,
                                                 const bandcluster_choose_k_options *options,
                                                 const double *band_weights,
                                                 uint32_t n_weights,
                                                 const bandcluster_run *run,
                                                 bandcluster_choice **choice);

// The recommended number of classes; 0 for NULL.
uint32_t bandcluster_choice_recommended_k(const bandcluster_choice *choice);

// How sure the recommendation is, one of `BANDCLUSTER_CERTAINTY_*`; low for NULL.
uint32_t bandcluster_choice_certainty(const bandcluster_choice *choice);

// Why that number is recommended, in a sentence or two. Belongs to the choice.
bandcluster_status bandcluster_choice_reason(const bandcluster_choice *choice, const char **reason);

// How many numbers of classes were tried; 0 for NULL.
uint32_t bandcluster_choice_n_candidates(const bandcluster_choice *choice);

// The measures of the candidate at `index`, from 0, in ascending order of the number of classes.
bandcluster_status bandcluster_choice_candidate(const bandcluster_choice *choice,
                                                uint32_t index,
                                                bandcluster_candidate *candidate);

// Writes a page about a choice, with charts of the measures: HTML that needs no other file.
// `title` names the scene. The file appears only when complete.
bandcluster_status bandcluster_choice_save_report(const bandcluster_choice *choice,
                                                  const char *title,
                                                  const char *path);

// Frees a choice. NULL is ignored.
void bandcluster_choice_free(bandcluster_choice *choice);

/* Merging classes, and keeping those of another model ------------------------------------------ */

// Makes a model in which classes of `model` are merged and named. A pixel gets the class that its
// class in `model` has become.
//
// `groups` has for each label of `model`, label 1 first, the group of its class: 1 to `n_names`,
// or 0 for a class that stays as it is. `length` is the number of labels
// (`bandcluster_model_n_labels`). If classes have radii, the last label is that of unclassified
// pixels, and its group is 0. `names` are the names of the groups. A group of a single class is
// only named. Classes are renumbered, largest first, unless classes are only named. `values`, if
// not NULL, gets the new value of each old label (`length` values); they can be used to renumber a
// map of the old labels. Counts, means and deviations are those of all pixels of the parts. A
// merged class has the natural colour of its mean, or the colour of its largest part if colours
// were chosen. Noise cannot be merged. The model must have converged. The caller frees `merged`
// with `bandcluster_model_free`.
bandcluster_status bandcluster_model_merge(const bandcluster_model *model,
                                           const uint32_t *groups,
                                           uint64_t length,
                                           const char *const *names,
                                           uint32_t n_names,
                                           uint32_t *values,
                                           bandcluster_model **merged);

// Makes a model of the classes of `model`, numbered, named and coloured after those of `like`, a
// model of the same bands. So maps of a new fit keep the legend of the old one.
//
// Classes are paired so that the sum of the squared distances of their means is smallest, in the
// scaling of `like`. New classes follow after those of `like`, largest first, named `class N
// (new)`. Classes of `like` that are not found stay, without pixels. `values`, if not NULL, gets
// the new value of each label of `model`, label 1 first. `distances`, if not NULL, gets the
// distance of its class's mean from that of its counterpart, in (scaled) band units, or NaN if it
// has none. `length` is the number of labels of `model` (`bandcluster_model_n_labels`). The caller
// frees `aligned` with `bandcluster_model_free`. Refine `model` first: if numbers change, the
// points of `aligned` no longer move.
bandcluster_status bandcluster_model_align(const bandcluster_model *model,
                                           const bandcluster_model *like,
                                           uint32_t *values,
                                           double *distances,
                                           uint64_t length,
                                           bandcluster_model **aligned);

/* How well classes are separated --------------------------------------------------------------- */

// Copies the separability of each pair of classes. Classes are taken as normal distributions with
// the means and covariances of their pixels. The measures are the Jeffries-Matusita distance and
// the transformed divergence, both from 0 (the same) to 2 (separate). Each is a matrix of classes
// x classes, class 1 first; 0 on its diagonal, NaN for a class without pixels. `length` must be
// the square of the number of classes, which may be up to 1000.
bandcluster_status bandcluster_model_separability(const bandcluster_model *model,
                                                  double *jeffries_matusita,
                                                  double *transformed_divergence,
                                                  uint64_t length);

/* How far a scene is from the training pixels -------------------------------------------------- */

// Compares a scene with the training pixels of a model. `sample` is a summary of some of the
// scene's pixels, in the model's bands and units. Every eighth pixel of every eighth row is enough
// (strides of a `bandcluster_raster` make such a sample without a copy). The caller frees the
// outcome with `bandcluster_drift_free`.
bandcluster_status bandcluster_drift_new(const bandcluster_model *model,
                                         const bandcluster_summary *sample,
                                         bandcluster_drift **drift);

// The outcome as a JSON object: `overall` (how far the bands moved, in standard deviations),
// `beyond_radius` (the share of pixels farther from their class than 99 % of the training pixels),
// `bands` (`name`, `shift` of the median in the band's units, `distance` in standard deviations)
// and `warnings` (`code`: `offset`, `scale`, `band_order` or `drift`; `message`, a sentence; and
// values: `add` or `multiply` makes the samples comparable, `order` says which of the bands read
// each of the model's bands is). It belongs to the outcome, and is valid until that is freed.
bandcluster_status bandcluster_drift_json(const bandcluster_drift *drift, const char **json);

// Frees a comparison. NULL is ignored.
void bandcluster_drift_free(bandcluster_drift *drift);

/* Maps: colours, styles, filters, counts, areas ------------------------------------------------ */

// Colours every class. `colors` is a list with one colour for each class, by its CSS name or as
// #rrggbb, such as "black,#00ff00,red"; or "palette:NAME" for any number of classes: okabe-ito,
// tol-bright, tol-muted, tab10, set2, paired, viridis, plasma, cividis, turbo.
bandcluster_status bandcluster_model_set_colors(bandcluster_model *model, const char *colors);

// Writes the legend of a map: the colour of each class, its name and its share of the map. QGIS
// loads it by itself if it lies beside the raster (map.qml beside map.tif). `counts` is the number
// of the map's pixels of each label, from 0 (nodata) to `bandcluster_model_n_labels`; `length` is
// one more than that. NULL and 0: the counts of the training pixels. The file appears only when
// complete.
bandcluster_status bandcluster_model_save_qml(const bandcluster_model *model,
                                              const uint64_t *counts,
                                              uint64_t length,
                                              const char *path);

// Writes the style of a map's polygons: they have the colour and the name of the class in their
// field `value`. QGIS loads it by itself from a file beside the polygons, or from inside a
// GeoPackage. The file appears only when complete.
bandcluster_status bandcluster_model_save_polygons_qml(const bandcluster_model *model,
                                                       const char *path);

// The majority filter: every pixel of the rows from `first_row` on gets the label that is most
// frequent in the `window` x `window` pixels around it (odd, 3 to 255). If several labels are, the
// pixel keeps its own if it is one of them, else it gets the lowest. Pixels of label 0 (nodata)
// keep it and do not count. All rows of `filtered` are written. `labels` is only read: it is the
// whole map or, to filter a map strip by strip, those rows and `window / 2` more on each side
// (none beyond the map's edges). Both may be the same memory. Confidence is neither read nor
// written.
bandcluster_status bandcluster_majority(const bandcluster_labels *labels,
                                        const bandcluster_labels *filtered,
                                        uint32_t window,
                                        uint64_t first_row,
                                        const bandcluster_run *run);

// Counts the labels of a map, or of a part of it: adds the pixels of each label to `counts`, from
// 0 (nodata) to `length` - 1. A larger label is an error, and nothing is added. Confidence is not
// read.
bandcluster_status bandcluster_count_labels(const bandcluster_labels *labels,
                                            uint64_t *counts,
                                            uint64_t length);

// The area of a pixel in each of `n_rows` rows of a grid of longitudes and latitudes, in square
// metres. The half axes of the ellipsoid are in metres. Rows lie between neighbouring `latitudes`,
// of which there is one more than rows, and pixels are `width` wide (both in radians). The closed
// formula of a zone of the ellipsoid is used (Snyder 1987, equation 3-12).
bandcluster_status bandcluster_row_areas(double semi_major,
                                         double semi_minor,
                                         const double *latitudes,
                                         uint64_t n_rows,
                                         double width,
                                         double *areas);

// Begins the statistics of pixels of `n_bands` bands and one sample type, under labels from 0 to
// `n_labels` (65535 at most). A model's own means are those of the pixels it was fitted on; these
// can be of any scene and map. The caller frees them with `bandcluster_zonal_free`.
bandcluster_status bandcluster_zonal_new(uint32_t n_labels,
                                         uint32_t n_bands,
                                         uint32_t sample_type,
                                         bandcluster_zonal **zonal);

// Adds the valid pixels of an image, or of a block of one, and their labels, which are only read.
// After an error the statistics hold some of the pixels: free them.
bandcluster_status bandcluster_zonal_add(bandcluster_zonal *zonal,
                                         const bandcluster_raster *raster,
                                         const bandcluster_labels *labels,
                                         const bandcluster_run *run);

// Copies the results: `counts`, the number of valid pixels of each label from 0 to `n_labels`; and
// `means`, a row for each label with a mean per band (NaN if a label has no pixel). `n_counts` and
// `n_means` are the lengths of the two.
bandcluster_status bandcluster_zonal_read(const bandcluster_zonal *zonal,
                                          uint64_t *counts,
                                          uint64_t n_counts,
                                          double *means,
                                          uint64_t n_means);

// Frees statistics. NULL is ignored.
void bandcluster_zonal_free(bandcluster_zonal *zonal);

/* Reports -------------------------------------------------------------------------------------- */

// A blank picture of a scene of `width x height` pixels that `model` labels; `name` is what the
// report calls the scene. `red`, `green` and `blue` are the bands (from 1) that show as these
// colours. All 0: the first three, in the usual order for the number of bands. The caller frees it
// with `bandcluster_picture_free`.
bandcluster_status bandcluster_picture_new(const bandcluster_model *model,
                                           const char *name,
                                           uint64_t width,
                                           uint64_t height,
                                           uint32_t red,
                                           uint32_t green,
                                           uint32_t blue,
                                           bandcluster_picture **picture);

// Adds a block of the scene with its labels: the block's first pixel is at column `x` and row `y`
// of the scene (from 0). Each pixel is added once, in any order.
bandcluster_status bandcluster_picture_add(bandcluster_picture *picture,
                                           const bandcluster_raster *raster,
                                           const bandcluster_labels *labels,
                                           uint64_t x,
                                           uint64_t y);

// Replaces the labels that came with the blocks, for instance by filtered ones. `labels` are whole
// rows of the scene; the first is row `y` (from 0). Give each row once, in any order, after all
// blocks were added.
bandcluster_status bandcluster_picture_relabel(bandcluster_picture *picture,
                                               const bandcluster_labels *labels,
                                               uint64_t y);

// Frees a picture. NULL is ignored.
void bandcluster_picture_free(bandcluster_picture *picture);

// What a report shows besides its model. Every field may be left out.
typedef struct {
  // `sizeof(bandcluster_report)`; set by `bandcluster_report_init`.
  uint32_t struct_size;
  // 1: the classes were found in another scene, and given to this one; 0: they were found in it.
  uint32_t predicted;
  // The name of the scene, or NULL; several names have ", " between them.
  const char *title;
  // The command that repeats it all, or NULL.
  const char *command;
  // The model's file, or NULL.
  const char *model_file;
  // What excluded pixels besides their values, such as a mask's file, or NULL.
  const char *mask;
  // NULL, or `n_warnings` sentences about what may make the result wrong.
  const char *const *warnings;
  // NULL, or `n_pictures` pictures.
  const bandcluster_picture *const *pictures;
  // Number of warnings.
  uint32_t n_warnings;
  // Number of pictures.
  uint32_t n_pictures;
  // Number of counts: the number of classes plus 1, or plus 2 if unclassified pixels are counted
  // too.
  uint32_t n_counts;
  // 0.
  uint32_t reserved;
  // Pixels of each label: label 0 (not valid) is first. NULL: those that the pictures counted
  // or, without pictures, those of the fit.
  const uint64_t *counts;
  // The area of each class in hectares, or NULL.
  const double *hectares;
  // Nodata of each band of the scene, NaN for a band that has none. NULL: the model's.
  const double *nodata;
  // The georeference of the scene as text, or NULL: its size, pixels and reference system, and
  // how areas are measured.
  const char *place;
  // How far the scene is from the training pixels of the model, or NULL.
  const bandcluster_drift *drift;
} bandcluster_report;

// Fills in the defaults: a report on the model alone. Pass `sizeof(bandcluster_report)`.
bandcluster_status bandcluster_report_init(bandcluster_report *report, uint32_t struct_size);

// Writes a page about a model and its map: pictures, classes, spectral signatures, separability, a
// dendrogram and the merges it suggests, settings. HTML that needs no other file. The file appears
// only when complete.
bandcluster_status bandcluster_report_save(const bandcluster_model *model,
                                           const bandcluster_report *report,
                                           const char *path);

/* Sentinel-2 products -------------------------------------------------------------------------- */

// Finds the bands of a Sentinel-2 product (L1C or L2A, in the layout since December 2016) among
// its files, each in its finest resolution, and reads from its metadata what the samples mean. No
// file is opened: `name` is what messages call the product, `files` are the names of all its
// `n_files` files, relative to its folder, with `/` between folders, and `metadata` is the text of
// the file `MTD_MSIL1C.xml` or `MTD_MSIL2A.xml`. If `metadata` is NULL, every file is a band
// without metadata (scale 1, offset 0). Its name is the band in the file's name (`B08` of
// `T18SVG_20200101T155539_B08_10m.jp2`), else the file's name without the extension. The caller
// frees the product with `bandcluster_product_free`.
bandcluster_status bandcluster_product_new(const char *name,
                                           const char *const *files,
                                           uint64_t n_files,
                                           const char *metadata,
                                           bandcluster_product **product);

// The product as a JSON object: `bands`, in their order (`name`; `file`; `nodata`, a number or
// null; `scale` and `offset`, so that reflectance is sample x scale + offset; `by_default`,
// whether it is read if no bands are asked for: the bands of 10 m are), and `scl_left_out`: the
// classes of L2A's scene classification (the band SCL) to leave out in order to mask clouds, their
// shadows and unusable pixels. It belongs to the product, and is valid until that is freed.
bandcluster_status bandcluster_product_json(const bandcluster_product *product, const char **json);

// Frees a product. NULL is ignored.
void bandcluster_product_free(bandcluster_product *product);

/* GDAL, which is found at run time ------------------------------------------------------------- */

// Uses the GDAL in a file, such as `"/usr/lib/libgdal.so.36"`. Call it before anything else that
// needs GDAL, or not at all. NULL looks for GDAL: the file that the environment variable
// `BANDCLUSTER_GDAL` names, a GDAL that this process has loaded, or the system's. Returns
// `BANDCLUSTER_IO` if there is none, if it is older than 3.4, or if this process already uses
// another one: a process has one GDAL.
bandcluster_status bandcluster_gdal_use(const char *file);

// The version of the GDAL in use, such as `"3.6.2"`. The first call looks for GDAL, as
// `bandcluster_gdal_use(NULL)` does. NULL if there is none: `bandcluster_gdal_use(NULL)` then says
// why. Static.
const char *bandcluster_gdal_version(void);

// The file of the GDAL in use; NULL if there is none. Static.
const char *bandcluster_gdal_path(void);

/* Jobs on raster files ------------------------------------------------------------------------- */

// Runs a job on raster files, as the command line does. `request_json` is a JSON object: `command`
// is `cluster`, `fit`, `predict`, `choose_k`, `merge`, `info`, `open_product` or `stack`; the
// other fields are the options of that command, with underscores (docs/job-request.schema.json),
// such as `{"command": "cluster", "input": "scene.tif", "output": "map.tif", "n_clusters": 5}`. An
// unknown field or an invalid value is an error that names the field, before any pixel is read.
// Existing outputs are refused, unless `overwrite` is true. Files appear only when all of them are
// complete.
//
// The outcome is a JSON object too (docs/job-outcome.schema.json). Each of its `warnings` has a
// `code`, its values and a `message`. The caller frees the text with `bandcluster_text_free`.
// `outcome_json` may be NULL.
bandcluster_status bandcluster_run_job(const char *request_json,
                                       const bandcluster_run *run,
                                       char **outcome_json);

// Checks what `bandcluster_run_job` would check before it opens a scene: that the request's
// options are valid, and that its outputs can be written. Nothing is written. A program can call
// this while its user can still change the request.
bandcluster_status bandcluster_check_job(const char *request_json);

// Frees a text that the library gave to the caller. NULL is ignored.
void bandcluster_text_free(char *text);

/* Scenes in files, piece by piece: for the workers of a cluster -------------------------------- */

// Opens the scenes of a fit for workers that each read some of their pieces. `request_json` is a
// job's request (see `bandcluster_run_job`) with only the command, the inputs and the options of
// reading them: `{"command": "fit", "inputs": ["a.tif", "b.tif"], "bands": [1, 2]}`. Scenes are
// cut along the blocks that files store, into pieces of about `piece_pixels` pixels (0: 16
// million); the same request and number give the same pieces in every process. The caller frees
// the scenes with `bandcluster_scenes_free`. A model is fitted like this:
//
// ```c
// for (each piece)   bandcluster_scenes_summary(scenes, piece, 0, &run, &summary);
// merge the summaries, and bandcluster_fit_summary(all, &options, &run, &model);
// while (!bandcluster_model_converged(model)) {
//     for (each piece) bandcluster_scenes_refinement(scenes, piece, model, &run, &refinement);
//     merge the refinements, and bandcluster_refinement_apply(all, model, NULL);
// }
// ```
//
// The loops over pieces may run in any number of processes. Summaries and refinements go from one
// process to another as files.
bandcluster_status bandcluster_scenes_open(const char *request_json,
                                           uint64_t piece_pixels,
                                           bandcluster_scenes **scenes);

// Facts about the scenes, as a JSON object: `scenes` (their names), `n_pieces`, `n_pixels`,
// `n_bands` and `sample_type`, such as `uint16`. The text is valid until the scenes are freed.
bandcluster_status bandcluster_scenes_json(const bandcluster_scenes *scenes, const char **json);

// The summary of one piece, from 0, in at most `memory` bytes (0: 256 MiB; the same for all
// pieces). The caller frees it with `bandcluster_summary_free`.
bandcluster_status bandcluster_scenes_summary(const bandcluster_scenes *scenes,
                                              uint64_t piece,
                                              uint64_t memory,
                                              const bandcluster_run *run,
                                              bandcluster_summary **summary);

// One exact step of a model over one piece, from 0. The caller frees it with
// `bandcluster_refinement_free`.
bandcluster_status bandcluster_scenes_refinement(const bandcluster_scenes *scenes,
                                                 uint64_t piece,
                                                 const bandcluster_model *model,
                                                 const bandcluster_run *run,
                                                 bandcluster_refinement **refinement);

// The centres that k-means starts from with the seeds of a layer, as a job does with `seeds`: the
// means of the scenes' valid pixels under the layer's points and polygons. They are a JSON object
// of means by name, which `bandcluster_fit_summary_json` takes as `init`. Features with the same
// value of `field` are one seed; NULL: each feature is a seed. Only blocks with seeds are read.
// The caller frees the text with `bandcluster_text_free`.
bandcluster_status bandcluster_scenes_seeds(const bandcluster_scenes *scenes,
                                            const char *layer,
                                            const char *field,
                                            const bandcluster_run *run,
                                            char **init_json);

// Gives a model of the scenes what their files say about its bands: names, nodata values, scales
// and offsets, and which bands show as red, green and blue.
bandcluster_status bandcluster_scenes_describe(const bandcluster_scenes *scenes,
                                               bandcluster_model *model);

// Frees scenes. NULL is ignored.
void bandcluster_scenes_free(bandcluster_scenes *scenes);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // BANDCLUSTER_H
