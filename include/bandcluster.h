/* bandcluster: unsupervised classification of multi-band images.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * In one call:  bandcluster_fit, then bandcluster_predict.
 * Streamed:     bandcluster_summary_new and _add for each block, bandcluster_fit_summary, then, until
 *               bandcluster_model_converged, a bandcluster_refinement over each block; bandcluster_predict for each block.
 *
 * The same pixels, options and seed give the same model and the same labels, byte for byte, for any number of threads and
 * any size and order of blocks.
 *
 * Errors.     A function that can fail returns a status, BANDCLUSTER_OK or another; bandcluster_last_error() then says in one line
 *             what was found, what was wanted and what to do. Outputs are written only on success. No call crashes, throws
 *             or aborts, whatever the arguments' values, as long as pointers are NULL or point to what their documentation says.
 *             After BANDCLUSTER_INTERNAL, free the handles that the call was given.
 * Ownership.  What a `**` argument receives belongs to the caller, who frees it with the `_free` function of its kind. Pixels, labels,
 *             strings and structs are borrowed for the call. A `const char *` that the library returns belongs to the
 *             library, or to the model it was asked of, and is valid until that model changes or is freed.
 * Threads.    Different handles may be used by different threads at once. One handle may be read (const) by many threads at once,
 *             and changed by one while no other uses it. Work runs on as many threads as `bandcluster_run` says; the progress
 *             callback is called only on the calling thread.
 * Structs.    Each begins with its size. Fill it with its `_init` function, which is given the size that the caller was compiled with, then
 *             set fields. Fields are only ever appended; reserved ones are 0.
 * Versions.   Programs check bandcluster_abi_version() == BANDCLUSTER_ABI_VERSION if they load the library themselves.
 *
 * This file is generated from src/capi by cbindgen: do not edit it.
 */

#ifndef BANDCLUSTER_H
#define BANDCLUSTER_H

#include <stdint.h>


// The version of the binary interface: a program built for another one must not go on.
#define BANDCLUSTER_ABI_VERSION 1

// Done.
#define BANDCLUSTER_OK 0

// A NULL pointer, a wrong `struct_size`, an unknown enumeration value, an option out of range, sizes that
// do not agree.
#define BANDCLUSTER_INVALID_ARGUMENT 1

// Pixels that cannot be clustered: none is valid, fewer are distinct than clusters were asked for, a constant
// band is to be scaled.
#define BANDCLUSTER_INVALID_DATA 2

// A model or a saved summary that is damaged, foreign or of a newer version.
#define BANDCLUSTER_INVALID_MODEL 3

// A file could not be read or written.
#define BANDCLUSTER_IO 4

// The progress callback returned 0.
#define BANDCLUSTER_CANCELLED 5

// The system did not give the memory.
#define BANDCLUSTER_OUT_OF_MEMORY 6

// A defect of the library: please report it, with the message.
#define BANDCLUSTER_INTERNAL 7

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

// Bands as they are.
#define BANDCLUSTER_SCALING_NONE 0

// Bands scaled to mean 0 and standard deviation 1 before distances are measured.
#define BANDCLUSTER_SCALING_ZSCORE 1

// Pixels are compared by the length of their difference.
#define BANDCLUSTER_METRIC_EUCLIDEAN 0

// Pixels are compared by the angle between their spectra, whatever their brightness.
#define BANDCLUSTER_METRIC_SPECTRAL_ANGLE 1

// The options are a `bandcluster_bisecting_options`.
#define BANDCLUSTER_ALGORITHM_BISECTING 1

// The options are a `bandcluster_isodata_options`.
#define BANDCLUSTER_ALGORITHM_ISODATA 2

// The options are a `bandcluster_gmm_options`.
#define BANDCLUSTER_ALGORITHM_GMM 3

// The options are a `bandcluster_agglomerative_options`.
#define BANDCLUSTER_ALGORITHM_AGGLOMERATIVE 4

// The options are a `bandcluster_birch_options`.
#define BANDCLUSTER_ALGORITHM_BIRCH 5

// The options are a `bandcluster_dbscan_options`.
#define BANDCLUSTER_ALGORITHM_DBSCAN 6

// The options are a `bandcluster_optics_options`.
#define BANDCLUSTER_ALGORITHM_OPTICS 7

// The options are a `bandcluster_hdbscan_options`.
#define BANDCLUSTER_ALGORITHM_HDBSCAN 8

// The options are a `bandcluster_meanshift_options`.
#define BANDCLUSTER_ALGORITHM_MEANSHIFT 9

// The options are a `bandcluster_spectral_options`.
#define BANDCLUSTER_ALGORITHM_SPECTRAL 10

// The options are a `bandcluster_affinity_options`.
#define BANDCLUSTER_ALGORITHM_AFFINITY 11

// By how much joining them raises the inertia.
#define BANDCLUSTER_LINKAGE_WARD 0

// The mean distance of their pixels.
#define BANDCLUSTER_LINKAGE_AVERAGE 1

// The largest distance of their pixels.
#define BANDCLUSTER_LINKAGE_COMPLETE 2

// The least distance of their pixels.
#define BANDCLUSTER_LINKAGE_SINGLE 3

// The one with the largest inertia.
#define BANDCLUSTER_BISECTING_BIGGEST_INERTIA 0

// The one with the most pixels.
#define BANDCLUSTER_BISECTING_LARGEST_CLUSTER 1

// Those with the largest "excess of mass": large ones that last over a wide range of densities.
#define BANDCLUSTER_HDBSCAN_EOM 0

// Those that do not split any more: many small ones.
#define BANDCLUSTER_HDBSCAN_LEAF 1

// Valleys with steep sides, of any depth; the innermost of those within each other.
#define BANDCLUSTER_OPTICS_XI 0

// What lies below one height: the clusters of DBSCAN.
#define BANDCLUSTER_OPTICS_DBSCAN 1

// Wholly if each is among the nearest of the other, by half if one is: reaches as far as it must where pixels are few.
#define BANDCLUSTER_SPECTRAL_NEAREST_NEIGHBORS 0

// By the Gaussian of their distance.
#define BANDCLUSTER_SPECTRAL_RBF 1

// Measures disagree, or nothing speaks for classes of their own: take the number as a hint.
#define BANDCLUSTER_CERTAINTY_LOW 0

// Most measures agree.
#define BANDCLUSTER_CERTAINTY_MEDIUM 1

// All measures agree, and so do the restarts.
#define BANDCLUSTER_CERTAINTY_HIGH 2

// k-means is fitted for each number of classes.
#define BANDCLUSTER_CHOOSE_KMEANS 0

// Gaussian mixtures are.
#define BANDCLUSTER_CHOOSE_GMM 1

// Numbers of classes, and the one that is recommended. It does not change: any number of threads may read it at once.
typedef struct bandcluster_choice bandcluster_choice;

// A comparison of a scene with the training pixels of a model.
typedef struct bandcluster_drift bandcluster_drift;

// Classes with their centres. Any number of threads may read it at once, as long as none changes it.
typedef struct bandcluster_model bandcluster_model;

// A small copy of a scene and of its labels (some 1000 pixels wide, whatever the scene's size), gathered block by block. It also counts
// the pixels of each label.
typedef struct bandcluster_picture bandcluster_picture;

// The bands of a Sentinel-2 product.
typedef struct bandcluster_product bandcluster_product;

// One exact step of Lloyd's algorithm over the pixels, accumulated block by block. One thread at a time may use it.
typedef struct bandcluster_refinement bandcluster_refinement;

// A bounded digest of the valid pixels of any number of images with the same bands. One thread at a time may use it.
typedef struct bandcluster_summary bandcluster_summary;

// How many valid pixels have each label of a map, and their mean in each band, accumulated block by block. One thread at a time may use it.
typedef struct bandcluster_zonal bandcluster_zonal;

// What a function that can fail returns: one of the `BANDCLUSTER_` codes that follow.
typedef uint32_t bandcluster_status;

// A progress callback, of the shape of GDAL's GDALProgressFunc: fraction done (0 to 1), what is being done (never NULL, valid
// during the call), and the `user_data` of the run. Returns 0 to cancel. Called on the thread that called the library, and on no
// other; every 30 ms or so, and at once when a call begins. It must not call the library with the handles in use, nor leave by
// an exception or a jump.
typedef int32_t (*bandcluster_progress)(double fraction, const char *message, void *user_data);

// How a call is run. NULL instead: on all cores, telling nobody.
typedef struct bandcluster_run {
  // `sizeof(bandcluster_run)`; set by `bandcluster_run_init`.
  uint32_t struct_size;
  // Number of threads; 0: all cores. The result does not depend on it.
  uint32_t threads;
  // The callback; may be NULL.
  bandcluster_progress progress;
  // Handed to the callback.
  void *user_data;
} bandcluster_run;

// The pixels of an image, or of a block of one, in the caller's memory. Any interleaving is a matter of pointers and
// strides: band-sequential (BSQ), by line (BIL), by pixel (BIP), each band in a buffer of its own, rows from the bottom up.
//
// A pixel is valid when no band is its nodata, no band is NaN or infinite (or, of doubles, beyond 1e150, where squares
// overflow), and the mask lets it through. Others are left
// out of a fit and get label 0.
typedef struct bandcluster_raster {
  // `sizeof(bandcluster_raster)`; set by `bandcluster_raster_init`.
  uint32_t struct_size;
  // Number of bands, at least 1.
  uint32_t n_bands;
  // `n_bands` pointers, each to a band's first sample (row 0, column 0). Samples need not be aligned.
  const void *const *bands;
  // Pixels in a row, at least 1.
  uint64_t width;
  // Rows, at least 1.
  uint64_t height;
  // Bytes from a pixel to the next in its row, in every band; 0: packed, the size of a sample. May be negative.
  int64_t pixel_stride;
  // Bytes from a row to the next, in every band; 0: packed, `width` times the pixel stride. May be negative.
  int64_t line_stride;
  // The type of every sample: `BANDCLUSTER_UINT8` to `BANDCLUSTER_FLOAT64`.
  uint32_t sample_type;
  // 0.
  uint32_t reserved;
  // NULL, or `n_bands` nodata values; NaN where a band has none.
  const double *nodata;
  // NULL, or a byte for each pixel: 0 leaves it out.
  const uint8_t *mask;
  // Bytes from a pixel's mask to the next in its row; 0: 1.
  int64_t mask_pixel_stride;
  // Bytes from a row of the mask to the next; 0: `width` times its pixel stride.
  int64_t mask_line_stride;
} bandcluster_raster;

// Where predict writes labels, in the caller's memory: 0 for pixels that are not valid, 1 to k for classes, k + 1 for
// pixels that are unclassified (where classes have radii).
typedef struct bandcluster_labels {
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
  // NULL, or the confidence of the first pixel's label, a `float` for each label: 1 less the ratio of the distances from the nearest
  // and the second nearest class, so 1 at a centre and 0 on a border; 0 where a pixel is unclassified, NaN where it is not valid.
  float *confidence;
  // Bytes from a confidence to the next in its row; 0: packed. May be negative.
  int64_t confidence_pixel_stride;
  // Bytes from a row of confidences to the next; 0: packed. May be negative.
  int64_t confidence_line_stride;
} bandcluster_labels;

// What a summary tells of itself.
typedef struct bandcluster_summary_info {
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
  // Integer samples fall into cells of 2 to the power of this; 0: cells are single values.
  uint32_t width_exponent;
  // The type of every sample.
  uint32_t sample_type;
} bandcluster_summary_info;

// The options of k-means; scikit-learn's names and meanings.
typedef struct bandcluster_kmeans_options {
  // `sizeof(bandcluster_kmeans_options)`; set by `bandcluster_kmeans_options_init`.
  uint32_t struct_size;
  // Number of classes, 1 to 65535. Default 4.
  uint32_t n_clusters;
  // Restarts, at least 1. Default 10.
  uint32_t n_init;
  // Most iterations of a restart, and most passes over the pixels; at least 1. Default 300.
  uint32_t max_iter;
  // A fit has converged when the squared shift of all centres is at most this times the mean band variance. Default 1e-4.
  double tol;
  // Seed of the random numbers: the same seed, pixels and options give the same model. Default 0.
  uint64_t seed;
  // `BANDCLUSTER_SCALING_NONE` (the default) or `BANDCLUSTER_SCALING_ZSCORE`.
  uint32_t scaling;
  // 0.
  uint32_t reserved;
  // For `bandcluster_fit`: bytes that its summary may take; 0 (the default): 256 MiB.
  uint64_t memory;
  // `BANDCLUSTER_METRIC_EUCLIDEAN` (the default) or `BANDCLUSTER_METRIC_SPECTRAL_ANGLE`, which goes with no scaling.
  uint32_t metric;
  // 0.
  uint32_t reserved_too;
} bandcluster_kmeans_options;

// What the options of every algorithm begin with. (Those of k-means, which came first, are a struct of their own.)
typedef struct bandcluster_algorithm_options {
  // Size of the whole struct of options; set by its `_init` function, as is `algorithm`.
  uint32_t struct_size;
  // Which algorithm it is for: `BANDCLUSTER_ALGORITHM_BISECTING` and its like.
  uint32_t algorithm;
  // `BANDCLUSTER_SCALING_NONE` (the default) or `BANDCLUSTER_SCALING_ZSCORE`.
  uint32_t scaling;
  // 0.
  uint32_t reserved;
  // Seed of the random numbers: the same seed, pixels and options give the same model. Default 0.
  uint64_t seed;
} bandcluster_algorithm_options;

// The options of affinity propagation: scikit-learn's `AffinityPropagation`.
typedef struct bandcluster_affinity_options {
  // Set by `bandcluster_affinity_options_init`; `scaling` and `seed` may be changed.
  struct bandcluster_algorithm_options common;
  // The share of each message that is kept from the one before, 0.5 to less than 1: the larger, the slower,
  // and the surer to settle. NaN (the default): 0.5, as in scikit-learn; where the exemplars then do not
  // settle, 0.7, and at last 0.9.
  double damping;
  // How readily a pixel becomes an exemplar, in squared (scaled) band units: the further below 0, the fewer
  // classes. NaN (the default): the median of the similarities (negative squared distances) of all pairs.
  double preference;
  // Most rounds of messages, at least 1. Default 200.
  uint32_t max_iter;
  // Number of rounds without a change of the exemplars that end it, at least 1. Default 15.
  uint32_t convergence_iter;
  // Size of the sample of the pixels that is clustered: 2 to 3000. Time and memory grow with its square, and
  // so does the number of classes with it. Default 1000.
  uint32_t n_representatives;
  // 0.
  uint32_t reserved;
} bandcluster_affinity_options;

// The options of agglomerative clustering: scikit-learn's `AgglomerativeClustering`.
typedef struct bandcluster_agglomerative_options {
  // Set by `bandcluster_agglomerative_options_init`; `scaling` and `seed` may be changed.
  struct bandcluster_algorithm_options common;
  // Number of classes, 1 to 65535. Default 4.
  uint32_t n_clusters;
  // What the distance of two clusters is. `BANDCLUSTER_LINKAGE_WARD` (the default),
  // `BANDCLUSTER_LINKAGE_AVERAGE`, `BANDCLUSTER_LINKAGE_COMPLETE`, `BANDCLUSTER_LINKAGE_SINGLE`.
  uint32_t linkage;
  // Size of the sample of the pixels that is clustered: the number of classes to 5000. Default 2000.
  uint32_t n_representatives;
  // 0.
  uint32_t reserved;
} bandcluster_agglomerative_options;

// The options of BIRCH: scikit-learn's `Birch`.
typedef struct bandcluster_birch_options {
  // Set by `bandcluster_birch_options_init`; `scaling` and `seed` may be changed.
  struct bandcluster_algorithm_options common;
  // The largest radius (root mean square distance from the mean) of a subcluster, in (scaled) band units;
  // raised until no more than `n_representatives` are left. NaN (the default): the least with which they are.
  double threshold;
  // Number of classes, 1 to 65535. Default 4.
  uint32_t n_clusters;
  // Most subclusters of a node of scikit-learn's tree: taken, and without effect, as there is no tree here.
  // Default 50.
  uint32_t branching_factor;
  // Most subclusters: the number of classes to 5000. Default 2000.
  uint32_t n_representatives;
  // 0.
  uint32_t reserved;
} bandcluster_birch_options;

// The options of bisecting k-means: scikit-learn's `BisectingKMeans`.
typedef struct bandcluster_bisecting_options {
  // Set by `bandcluster_bisecting_options_init`; `scaling` and `seed` may be changed.
  struct bandcluster_algorithm_options common;
  // A split has converged when the squared shift of both centres is at most this times the mean band
  // variance. Default 1e-4.
  double tol;
  // Number of classes, 1 to 65535. Default 4.
  uint32_t n_clusters;
  // Number of starts of each split, at least 1. Default 10.
  uint32_t n_init;
  // Most iterations of a split, at least 1. Default 300.
  uint32_t max_iter;
  // Which cluster is split next. `BANDCLUSTER_BISECTING_BIGGEST_INERTIA` (the default),
  // `BANDCLUSTER_BISECTING_LARGEST_CLUSTER`.
  uint32_t bisecting_strategy;
} bandcluster_bisecting_options;

// The options of DBSCAN: scikit-learn's `DBSCAN`.
typedef struct bandcluster_dbscan_options {
  // Set by `bandcluster_dbscan_options_init`; `scaling` and `seed` may be changed.
  struct bandcluster_algorithm_options common;
  // Radius of a neighbourhood, in (scaled) band units. NaN (the default): of those with which half of the
  // pixels or more are dense, the one that parts most classes of a hundredth of the pixels or more.
  double eps;
  // Least number of pixels in the neighbourhood of a dense one, itself included, if the pixels were
  // `n_representatives`: 5 of 2000 are as many as 5000 of two million, and 25 of the 10,000 that are
  // drawn. Default 5.
  double min_samples;
  // Number of points that label the pixels: 2 to 5000. Classes are found in five pixels for each, drawn
  // in proportion. Default 2000.
  uint32_t n_representatives;
  // 0.
  uint32_t reserved;
} bandcluster_dbscan_options;

// The options of Gaussian mixtures: scikit-learn's `GaussianMixture`.
typedef struct bandcluster_gmm_options {
  // Set by `bandcluster_gmm_options_init`; `scaling` and `seed` may be changed.
  struct bandcluster_algorithm_options common;
  // A start has converged when an iteration raises the mean log-likelihood of a pixel by less than this.
  // Default 1e-3.
  double tol;
  // Added to all variances, in squared (scaled) band units. Default 1e-6.
  double reg_covar;
  // Number of classes, 1 to 65535. Default 4.
  uint32_t n_components;
  // Number of starts, of which the likeliest is kept; at least 1. Default 1.
  uint32_t n_init;
  // Most iterations of a start, at least 1. Default 100.
  uint32_t max_iter;
  // Not used any more: borders are those of the mixture. Number of classes to 5000. Default 2000.
  uint32_t n_representatives;
} bandcluster_gmm_options;

// The options of HDBSCAN: scikit-learn's `HDBSCAN`.
typedef struct bandcluster_hdbscan_options {
  // Set by `bandcluster_hdbscan_options_init`; `scaling` and `seed` may be changed.
  struct bandcluster_algorithm_options common;
  // Least number of pixels of a cluster, if the pixels were `n_representatives`: 20 of 2000 are a hundredth
  // of them. At least 2. Default 20.
  double min_cluster_size;
  // A pixel is as dense as the neighbourhood that holds so many, itself included, counted in the same way:
  // the larger, the more is noise. NaN (the default): `min_cluster_size`.
  double min_samples;
  // Clusters nearer than this, in (scaled) band units, are not told apart. Default 0.
  double cluster_selection_epsilon;
  // Which clusters of the tree are taken. `BANDCLUSTER_HDBSCAN_EOM` (the default),
  // `BANDCLUSTER_HDBSCAN_LEAF`.
  uint32_t cluster_selection_method;
  // Size of the sample of the pixels that is clustered: 2 to 5000. Default 2000.
  uint32_t n_representatives;
} bandcluster_hdbscan_options;

// The options of ISODATA: those of Ball and Hall.
typedef struct bandcluster_isodata_options {
  // Set by `bandcluster_isodata_options_init`; `scaling` and `seed` may be changed.
  struct bandcluster_algorithm_options common;
  // Least share of the pixels in a cluster; smaller ones are dropped. Default 0.001.
  double min_size;
  // Largest standard deviation in any band, in (scaled) band units; wider clusters are split. NaN (the
  // default): half the root mean square of the bands' standard deviations.
  double max_std;
  // Least distance of two means, in (scaled) band units; nearer clusters are joined. NaN (the default): as
  // `max_std`.
  double min_distance;
  // Number of clusters to begin with, and about which to end. Default 8.
  uint32_t initial_clusters;
  // Most clusters, `initial_clusters` to 65535. Default 16.
  uint32_t max_clusters;
  // Number of iterations, at least 1. Default 20.
  uint32_t max_iter;
  // 0.
  uint32_t reserved;
} bandcluster_isodata_options;

// The options of mean shift: scikit-learn's `MeanShift`.
typedef struct bandcluster_meanshift_options {
  // Set by `bandcluster_meanshift_options_init`; `scaling` and `seed` may be changed.
  struct bandcluster_algorithm_options common;
  // Radius of the (flat) kernel, in (scaled) band units: the smaller, the more classes. NaN (the default):
  // the mean radius that reaches three tenths of the pixels.
  double bandwidth;
  // Number of points that stand for the pixels: 2 to 5000. Default 2000.
  uint32_t n_representatives;
  // 0.
  uint32_t reserved;
} bandcluster_meanshift_options;

// The options of OPTICS: scikit-learn's `OPTICS`.
typedef struct bandcluster_optics_options {
  // Set by `bandcluster_optics_options_init`; `scaling` and `seed` may be changed.
  struct bandcluster_algorithm_options common;
  // The largest radius of a neighbourhood, in (scaled) band units. NaN (the default): any.
  double max_eps;
  // How steep the sides of a valley are: the fraction by which the distance to the next pixel falls or rises
  // at least from one to the next; between 0 and 1. Default 0.05.
  double xi;
  // With `dbscan`: radius of a neighbourhood, in (scaled) band units, at most `max_eps`. NaN (the default):
  // `max_eps`.
  double eps;
  // Least number of pixels in the neighbourhood of a dense one, itself included, if the pixels were
  // `n_representatives`; 2 to as many. Default 5.
  uint32_t min_samples;
  // How clusters are told. `BANDCLUSTER_OPTICS_XI` (the default), `BANDCLUSTER_OPTICS_DBSCAN`.
  uint32_t cluster_method;
  // With `xi`: least number of pixels of a cluster, counted as `min_samples` are; 2 to `n_representatives`. 0
  // (the default): `min_samples`.
  uint32_t min_cluster_size;
  // Size of the sample of the pixels that is clustered: 2 to 5000. Default 2000.
  uint32_t n_representatives;
} bandcluster_optics_options;

// The options of spectral clustering: scikit-learn's `SpectralClustering`.
typedef struct bandcluster_spectral_options {
  // Set by `bandcluster_spectral_options_init`; `scaling` and `seed` may be changed.
  struct bandcluster_algorithm_options common;
  // With `rbf`: what squared distances are multiplied by, in inverse squared (scaled) band units; the same
  // for all points, so that a few pixels far from all others easily make a class. NaN (the default): for each
  // two points, 1 by the larger of their squared distances from their `n_neighbors`th nearest.
  double gamma;
  // Number of classes, 1 to 3000. Default 4.
  uint32_t n_clusters;
  // How alike two points are. `BANDCLUSTER_SPECTRAL_NEAREST_NEIGHBORS` (the default),
  // `BANDCLUSTER_SPECTRAL_RBF`.
  uint32_t affinity;
  // Number of neighbours of a point, itself included; at least 2. Default 10.
  uint32_t n_neighbors;
  // Number of restarts of k-means on the embedding, at least 1. Default 10.
  uint32_t n_init;
  // Number of points that stand for the pixels: the number of classes to 3000. The time grows with its cube.
  // Default 1000.
  uint32_t n_representatives;
  // 0.
  uint32_t reserved;
} bandcluster_spectral_options;

// Which numbers of classes are tried, and how.
typedef struct bandcluster_choose_k_options {
  // `sizeof(bandcluster_choose_k_options)`; set by `bandcluster_choose_k_options_init`.
  uint32_t struct_size;
  // The least number of classes, at least 2. Default 2.
  uint32_t min;
  // The largest, at most 255. Default 12.
  uint32_t max;
  // Restarts for each, at least 1. Default 10. Of a single one stability is not known.
  uint32_t n_init;
  // Most iterations of a restart, at least 1. Default 300.
  uint32_t max_iter;
  // `BANDCLUSTER_SCALING_NONE` (the default) or `BANDCLUSTER_SCALING_ZSCORE`.
  uint32_t scaling;
  // A fit has converged when the squared shift of all centres is at most this times the mean band variance. Default 1e-4.
  double tol;
  // Seed of the random numbers: the same seed, pixels and options give the same choice. Default 0.
  uint64_t seed;
  // `BANDCLUSTER_METRIC_EUCLIDEAN` (the default) or `BANDCLUSTER_METRIC_SPECTRAL_ANGLE`, which goes with no scaling.
  uint32_t metric;
  // What is fitted: `BANDCLUSTER_CHOOSE_KMEANS` (the default), or `BANDCLUSTER_CHOOSE_GMM`: Gaussian mixtures, whose Bayesian information
  // criterion decides. Of their options the defaults are n_init 1, max_iter 1000 and tol 1e-5 (the least gain in mean log-likelihood).
  uint32_t algorithm;
} bandcluster_choose_k_options;

// A number of classes, and what speaks for it. Distances are Euclidean, in band units, scaled if the fit scales; or chords of the
// unit sphere, where the metric is the spectral angle.
typedef struct bandcluster_candidate {
  // `sizeof(bandcluster_candidate)`; set by `bandcluster_candidate_init`.
  uint32_t struct_size;
  // The number of classes.
  uint32_t k;
  // Sum of the squared distances of the pixels from their centre.
  double inertia;
  // Simplified silhouette, -1 to 1; the higher the better.
  double silhouette;
  // Calinski-Harabasz index; the higher the better. Infinite where every class is a single value.
  double calinski_harabasz;
  // Davies-Bouldin index, from 0 up; the lower the better.
  double davies_bouldin;
  // Mean adjusted Rand index between the best restart and each other: 1 where all find the same classes; NaN where there was one.
  double stability;
  // Bayesian information criterion, of mixtures; the lower the better. NaN for k-means.
  double bic;
} bandcluster_candidate;

// What a report tells, besides its model. Everything may be left out.
typedef struct bandcluster_report {
  // `sizeof(bandcluster_report)`; set by `bandcluster_report_init`.
  uint32_t struct_size;
  // 1: the classes were given to a scene that they were not found in; 0: they were found in it.
  uint32_t predicted;
  // What the scene is called, or NULL; several with ", " between them.
  const char *title;
  // The command that does it all again, or NULL.
  const char *command;
  // The model's file as commands name it, or NULL.
  const char *model_file;
  // What left pixels out besides their values, such as a mask's file, or NULL.
  const char *mask;
  // NULL, or `n_warnings` sentences of what the reader should be wary of.
  const char *const *warnings;
  // NULL, or `n_pictures` pictures.
  const struct bandcluster_picture *const *pictures;
  // Number of warnings.
  uint32_t n_warnings;
  // Number of pictures.
  uint32_t n_pictures;
  // Number of counts: of the classes and one more, or two more to tell of unclassified pixels, too.
  uint32_t n_counts;
  // 0.
  uint32_t reserved;
  // Pixels of each label: label 0 (not valid) is first. NULL: those that the pictures counted; where there is no picture, those of the fit.
  const uint64_t *counts;
  // The area of each class in hectares, or NULL.
  const double *hectares;
  // Nodata of each band of the scene, NaN where a band has none. NULL: the model's.
  const double *nodata;
  // Where the scene lies, or NULL: its size, pixels and reference system, and what areas are measured in, as text.
  const char *place;
  // How far the scene is from what the model was fitted on, or NULL.
  const struct bandcluster_drift *drift;
} bandcluster_report;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The `BANDCLUSTER_ABI_VERSION` that the library was built with. Since 0.1.0.
uint32_t bandcluster_abi_version(void);

// The library's version, such as `"0.1.0"`; static. Since 0.1.0.
const char *bandcluster_version(void);

// The name of a status code, such as `"invalid argument"`; static, never NULL. Since 0.1.0.
const char *bandcluster_status_name(bandcluster_status status);

// What went wrong in this thread's last call that returned a status, in one line; `""` if nothing did. Valid
// until this thread's next call; never NULL. Since 0.1.0.
const char *bandcluster_last_error(void);

// Fills in the defaults: all cores, no callback. Pass `sizeof(bandcluster_run)`. Since 0.1.0.
//
// # Safety
// `run` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_run_init(struct bandcluster_run *run, uint32_t struct_size);

// Fills in the defaults: no pixels, packed strides, no nodata, no mask. Pass `sizeof(bandcluster_raster)`. Since 0.1.0.
//
// # Safety
// `raster` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_raster_init(struct bandcluster_raster *raster,
                                           uint32_t struct_size);

// Fills in the defaults: 8-bit labels, packed strides. Pass `sizeof(bandcluster_labels)`. Since 0.1.0.
//
// # Safety
// `labels` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_labels_init(struct bandcluster_labels *labels, uint32_t struct_size);

// Fills in zeros. Pass `sizeof(bandcluster_summary_info)`. Since 0.1.0.
//
// # Safety
// `info` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_summary_info_init(struct bandcluster_summary_info *info, uint32_t struct_size);

// Makes an empty summary of pixels with `n_bands` samples of one type, in at most `memory` bytes (0: 256 MiB). The caller
// frees it with `bandcluster_summary_free`. Since 0.1.0.
//
// # Safety
// `summary` is NULL or writable.
bandcluster_status bandcluster_summary_new(uint32_t n_bands,
                                           uint32_t sample_type,
                                           uint64_t memory,
                                           struct bandcluster_summary **summary);

// Adds the valid pixels of an image, or of a block of one. The order and the size of blocks do not matter. After an error the
// summary holds some of the pixels: free it. Since 0.1.0.
//
// # Safety
// `summary` is NULL or alive and in no other thread's use; `raster` and `run` are as their documentation says.
bandcluster_status bandcluster_summary_add(struct bandcluster_summary *summary,
                                           const struct bandcluster_raster *raster,
                                           const struct bandcluster_run *run);

// Adds what another summary holds; both must be of the same bands, sample type and memory. Since 0.1.0.
//
// # Safety
// Both are NULL or alive; `summary` is in no other thread's use, and not `other`.
bandcluster_status bandcluster_summary_merge(struct bandcluster_summary *summary,
                                             const struct bandcluster_summary *other);

// Tells what a summary holds. Since 0.1.0.
//
// # Safety
// `summary` is NULL or alive; `info` is NULL or was initialised.
bandcluster_status bandcluster_summary_get_info(const struct bandcluster_summary *summary,
                                                struct bandcluster_summary_info *info);

// Writes a summary to a file, which appears only when complete. Since 0.1.0.
//
// # Safety
// `summary` is NULL or alive; `path` is NULL or a string (UTF-8).
bandcluster_status bandcluster_summary_save(const struct bandcluster_summary *summary, const char *path);

// Reads a summary from a file. The caller frees it. Since 0.1.0.
//
// # Safety
// `path` is NULL or a string (UTF-8); `summary` is NULL or writable.
bandcluster_status bandcluster_summary_load(const char *path, struct bandcluster_summary **summary);

// Frees a summary; NULL is nothing to free. Since 0.1.0.
//
// # Safety
// `summary` is NULL or alive, and not used again.
void bandcluster_summary_free(struct bandcluster_summary *summary);

// Fills in the defaults. Pass `sizeof(bandcluster_kmeans_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_kmeans_options_init(struct bandcluster_kmeans_options *options,
                                                   uint32_t struct_size);

// Fits k-means on the pixels of one image: summary, fit, and refinement until the centres are a fixed point. The caller
// frees the model with `bandcluster_model_free`. Since 0.1.0.
//
// # Safety
// `raster`, `options` and `run` are as their documentation says; `model` is NULL or writable.
bandcluster_status bandcluster_fit(const struct bandcluster_raster *raster,
                                   const struct bandcluster_kmeans_options *options,
                                   const struct bandcluster_run *run,
                                   struct bandcluster_model **model);

// Fits k-means on a summary, which knows neither the names nor the nodata values of its bands: tell the model with
// `bandcluster_model_set_band`. Where the summary's cells are wider than single values, the model has not converged: refine it on
// the pixels (see `bandcluster_refinement_new`). The caller frees the model with `bandcluster_model_free`. Since 0.1.0.
//
// # Safety
// `summary` is NULL or alive; `options` and `run` are as their documentation says; `model` is NULL or writable.
bandcluster_status bandcluster_fit_summary(const struct bandcluster_summary *summary,
                                           const struct bandcluster_kmeans_options *options,
                                           const struct bandcluster_run *run,
                                           struct bandcluster_model **model);

// Gives every valid pixel the label of the nearest centre (1 to k; the lower of two equally near), and the others 0. The image
// needs the model's number of bands, in their order; its sample type may be another, and what is nodata in it, only the
// raster says. After a cancel some labels may have been written; after
// any other error none. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; `raster`, `labels` and `run` are as their documentation says.
bandcluster_status bandcluster_predict(const struct bandcluster_model *model,
                                       const struct bandcluster_raster *raster,
                                       const struct bandcluster_labels *labels,
                                       const struct bandcluster_run *run);

// Fits by any algorithm on the pixels of one image, as `bandcluster_fit` does by k-means.
//
// `algorithm` is one of kmeans, bisecting, isodata, gmm, agglomerative, birch, dbscan, optics, hdbscan, meanshift, spectral and
// affinity; `options` is NULL or a JSON object with scikit-learn's names, such as `{"n_clusters": 6, "linkage": "average", "seed": 1}`; what it does not give has its default.
// `docs/algorithms.md` lists them. `memory` is the bytes that the summary may take; 0: 256 MiB. The caller frees the
// model with `bandcluster_model_free`. Since 0.1.0.
//
// # Safety
// `algorithm` is NULL or a string, and so is `options`; `raster` and `run` are as their documentation says; `model` is NULL or writable.
bandcluster_status bandcluster_fit_as(const struct bandcluster_raster *raster,
                                      const char *algorithm,
                                      const char *options,
                                      uint64_t memory,
                                      const struct bandcluster_run *run,
                                      struct bandcluster_model **model);

// Fits by any algorithm on a summary, as `bandcluster_fit_summary` does by k-means; see `bandcluster_fit_as`. A model that has not
// converged is finished by `bandcluster_refinement_apply`. The caller frees the model with `bandcluster_model_free`. Since 0.1.0.
//
// # Safety
// `summary` is NULL or alive; `algorithm` is NULL or a string, and so is `options`; `run` is as its documentation says; `model` is NULL or writable.
bandcluster_status bandcluster_fit_summary_as(const struct bandcluster_summary *summary,
                                              const char *algorithm,
                                              const char *options,
                                              const struct bandcluster_run *run,
                                              struct bandcluster_model **model);

// Fits by the algorithm whose options these are, on the pixels of one image: pass the `common` of such as
// `bandcluster_gmm_options`. `memory` is the bytes that the summary may take; 0: 256 MiB. The caller frees the model with
// `bandcluster_model_free`. Since 0.1.0.
//
// # Safety
// `options` is NULL or the first field of one of the structs of options; `raster` and `run` are as their documentation says; `model` is
// NULL or writable.
bandcluster_status bandcluster_fit_with(const struct bandcluster_raster *raster,
                                        const struct bandcluster_algorithm_options *options,
                                        uint64_t memory,
                                        const struct bandcluster_run *run,
                                        struct bandcluster_model **model);

// Fits by the algorithm whose options these are, on a summary, as `bandcluster_fit_summary` does by k-means. The caller frees
// the model with `bandcluster_model_free`. Since 0.1.0.
//
// # Safety
// `summary` is NULL or alive; `options` is NULL or the first field of one of the structs of options; `run` is as its documentation
// says; `model` is NULL or writable.
bandcluster_status bandcluster_fit_summary_with(const struct bandcluster_summary *summary,
                                                const struct bandcluster_algorithm_options *options,
                                                const struct bandcluster_run *run,
                                                struct bandcluster_model **model);

// Fills in the defaults. Pass `sizeof(bandcluster_affinity_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_affinity_options_init(struct bandcluster_affinity_options *options,
                                                     uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_agglomerative_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_agglomerative_options_init(struct bandcluster_agglomerative_options *options,
                                                          uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_birch_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_birch_options_init(struct bandcluster_birch_options *options,
                                                  uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_bisecting_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_bisecting_options_init(struct bandcluster_bisecting_options *options,
                                                      uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_dbscan_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_dbscan_options_init(struct bandcluster_dbscan_options *options,
                                                   uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_gmm_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_gmm_options_init(struct bandcluster_gmm_options *options,
                                                uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_hdbscan_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_hdbscan_options_init(struct bandcluster_hdbscan_options *options,
                                                    uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_isodata_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_isodata_options_init(struct bandcluster_isodata_options *options,
                                                    uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_meanshift_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_meanshift_options_init(struct bandcluster_meanshift_options *options,
                                                      uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_optics_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_optics_options_init(struct bandcluster_optics_options *options,
                                                   uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_spectral_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_spectral_options_init(struct bandcluster_spectral_options *options,
                                                     uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_bisecting_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_bisecting_options_init(struct bandcluster_bisecting_options *options,
                                                      uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_isodata_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_isodata_options_init(struct bandcluster_isodata_options *options,
                                                    uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_gmm_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_gmm_options_init(struct bandcluster_gmm_options *options,
                                                uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_agglomerative_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_agglomerative_options_init(struct bandcluster_agglomerative_options *options,
                                                          uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_birch_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_birch_options_init(struct bandcluster_birch_options *options,
                                                  uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_dbscan_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_dbscan_options_init(struct bandcluster_dbscan_options *options,
                                                   uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_optics_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_optics_options_init(struct bandcluster_optics_options *options,
                                                   uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_hdbscan_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_hdbscan_options_init(struct bandcluster_hdbscan_options *options,
                                                    uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_meanshift_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_meanshift_options_init(struct bandcluster_meanshift_options *options,
                                                      uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_spectral_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_spectral_options_init(struct bandcluster_spectral_options *options,
                                                     uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_affinity_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_affinity_options_init(struct bandcluster_affinity_options *options,
                                                     uint32_t struct_size);

// Fills in the defaults. Pass `sizeof(bandcluster_choose_k_options)`. Since 0.1.0.
//
// # Safety
// `options` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_choose_k_options_init(struct bandcluster_choose_k_options *options,
                                                     uint32_t struct_size);

// Sets the size, and all else to 0. Pass `sizeof(bandcluster_candidate)`. Since 0.1.0.
//
// # Safety
// `candidate` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_candidate_init(struct bandcluster_candidate *candidate, uint32_t struct_size);

// Fits k-means, or mixtures, on a summary for every number of classes from `min` to `max`, measures how well the classes are apart, and recommends
// a number. No pass over the pixels is needed. The caller frees the choice with `bandcluster_choice_free`. Since 0.1.0.
//
// # Safety
// `summary` is NULL or alive; `options` and `run` are as their documentation says; `choice` is NULL or writable.
bandcluster_status bandcluster_choose_k(const struct bandcluster_summary *summary,
                                        const struct bandcluster_choose_k_options *options,
                                        const struct bandcluster_run *run,
                                        struct bandcluster_choice **choice);

// The recommended number of classes; 0 for NULL. Since 0.1.0.
//
// # Safety
// `choice` is NULL or alive.
uint32_t bandcluster_choice_recommended_k(const struct bandcluster_choice *choice);

// How sure the recommendation is, one of `BANDCLUSTER_CERTAINTY_*`; low for NULL. Since 0.1.0.
//
// # Safety
// `choice` is NULL or alive.
uint32_t bandcluster_choice_certainty(const struct bandcluster_choice *choice);

// Why that number is recommended, in a sentence or two. Belongs to the choice. Since 0.1.0.
//
// # Safety
// `choice` is NULL or alive; `reason` is NULL or writable.
bandcluster_status bandcluster_choice_reason(const struct bandcluster_choice *choice, const char **reason);

// How many numbers of classes were tried; 0 for NULL. Since 0.1.0.
//
// # Safety
// `choice` is NULL or alive.
uint32_t bandcluster_choice_n_candidates(const struct bandcluster_choice *choice);

// What speaks for one of them: the one at `index`, from 0, in ascending order of their numbers of classes. Since 0.1.0.
//
// # Safety
// `choice` is NULL or alive; `candidate` is NULL or was initialised.
bandcluster_status bandcluster_choice_candidate(const struct bandcluster_choice *choice,
                                                uint32_t index,
                                                struct bandcluster_candidate *candidate);

// Writes a page about a choice, with charts of the measures: HTML that needs no other file. `title` names the scene. The file appears only
// when complete. Since 0.1.0.
//
// # Safety
// `choice` is NULL or alive; `title` and `path` are NULL or strings (UTF-8).
bandcluster_status bandcluster_choice_save_report(const struct bandcluster_choice *choice,
                                                  const char *title,
                                                  const char *path);

// Frees a choice; NULL is nothing to free. Since 0.1.0.
//
// # Safety
// `choice` is NULL or alive, and not used again.
void bandcluster_choice_free(struct bandcluster_choice *choice);

// Begins a step from the model's centres over pixels of one sample type. The caller frees it with
// `bandcluster_refinement_free`. A model from `bandcluster_fit_summary` is refined over the pixels until it is done:
//
// ```c
// while (!bandcluster_model_converged(model)) {
//     bandcluster_refinement_new(model, sample_type, &refinement);
//     for (each block) bandcluster_refinement_add(refinement, &block, &run);
//     bandcluster_refinement_apply(refinement, model, NULL);
//     bandcluster_refinement_free(refinement);
// }
// ```
//
// Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; `refinement` is NULL or writable.
bandcluster_status bandcluster_refinement_new(const struct bandcluster_model *model,
                                              uint32_t sample_type,
                                              struct bandcluster_refinement **refinement);

// Adds the valid pixels of an image, or of a block of one. After an error the refinement holds some of the pixels: free it. Since
// 0.1.0.
//
// # Safety
// `refinement` is NULL or alive and in no other thread's use; `raster` and `run` are as their documentation says.
bandcluster_status bandcluster_refinement_add(struct bandcluster_refinement *refinement,
                                              const struct bandcluster_raster *raster,
                                              const struct bandcluster_run *run);

// Adds the valid pixels of an image, as `bandcluster_refinement_add` does, and writes their labels by the centres as they
// are, as `bandcluster_predict` would: when `bandcluster_refinement_apply` then leaves the centres where they are and in their order,
// the labels are the model's, and no further pass is needed. After an error the refinement holds some of the pixels: free it. Since
// 0.1.0.
//
// # Safety
// `refinement` is NULL or alive and in no other thread's use; `raster`, `labels` and `run` are as their documentation says.
bandcluster_status bandcluster_refinement_add_labels(struct bandcluster_refinement *refinement,
                                                     const struct bandcluster_raster *raster,
                                                     const struct bandcluster_labels *labels,
                                                     const struct bandcluster_run *run);

// Adds what another refinement from the same centres holds. Since 0.1.0.
//
// # Safety
// Both are NULL or alive; `refinement` is in no other thread's use, and not `other`.
bandcluster_status bandcluster_refinement_merge(struct bandcluster_refinement *refinement,
                                                const struct bandcluster_refinement *other);

// Takes the step, and tells the squared shift of all centres (`shift` may be NULL). Within the tolerance, or after `max_iter` passes,
// the model keeps its centres, gets the exact counts, means, deviations and inertia, orders its classes by size, and has converged;
// otherwise its centres move. Since 0.1.0.
//
// # Safety
// `refinement` is NULL or alive; `model` is NULL or alive and in no other thread's use; `shift` is NULL or writable.
bandcluster_status bandcluster_refinement_apply(const struct bandcluster_refinement *refinement,
                                                struct bandcluster_model *model,
                                                double *shift);

// Frees a refinement; NULL is nothing to free. Since 0.1.0.
//
// # Safety
// `refinement` is NULL or alive, and not used again.
void bandcluster_refinement_free(struct bandcluster_refinement *refinement);

// Reads a model from a file. The caller frees it with `bandcluster_model_free`. Since 0.1.0.
//
// # Safety
// `path` is NULL or a string (UTF-8); `model` is NULL or writable.
bandcluster_status bandcluster_model_load(const char *path, struct bandcluster_model **model);

// Writes a model to a file, which appears only when complete. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; `path` is NULL or a string (UTF-8).
bandcluster_status bandcluster_model_save(const struct bandcluster_model *model, const char *path);

// Reads a model from `length` bytes of JSON text (what a model file holds). The caller frees it. Since 0.1.0.
//
// # Safety
// `json` is NULL or points to `length` bytes; `model` is NULL or writable.
bandcluster_status bandcluster_model_from_json(const char *json,
                                               uint64_t length,
                                               struct bandcluster_model **model);

// The model as JSON text. It belongs to the model, and is valid until the model changes or is freed. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; `json` is NULL or writable.
bandcluster_status bandcluster_model_json(const struct bandcluster_model *model,
                                          const char **json);

// Frees a model; NULL is nothing to free. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive, and not used again.
void bandcluster_model_free(struct bandcluster_model *model);

// Number of classes; 0 for NULL. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive.
uint32_t bandcluster_model_n_clusters(const struct bandcluster_model *model);

// Number of bands; 0 for NULL. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive.
uint32_t bandcluster_model_n_bands(const struct bandcluster_model *model);

// Iterations of Lloyd's algorithm that ended in the model: of the last run on the cells, and of steps on the pixels; 0 for NULL.
// Since 0.1.0.
//
// # Safety
// `model` is NULL or alive.
uint32_t bandcluster_model_n_iter(const struct bandcluster_model *model);

// 1 when the centres are a fixed point on the pixels, within the tolerance, or refinement ended after `max_iter` passes; 0 when
// the model wants refinement, and for NULL. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive.
uint32_t bandcluster_model_converged(const struct bandcluster_model *model);

// Sum of the squared distances of all training pixels from their centres, in (scaled) band units; NaN for NULL. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive.
double bandcluster_model_inertia(const struct bandcluster_model *model);

// Copies the centres, class after class, each band after band, in band units; `length` must be the number of classes times that of
// bands. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; `centers` is NULL or has room for `length` numbers.
bandcluster_status bandcluster_model_centers(const struct bandcluster_model *model,
                                             double *centers,
                                             uint64_t length);

// Copies the number of training pixels of each class; `length` must be the number of classes. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; `counts` is NULL or has room for `length` numbers.
bandcluster_status bandcluster_model_counts(const struct bandcluster_model *model,
                                            uint64_t *counts,
                                            uint64_t length);

// The name of the class with label `value` (1 to k; k + 1 for unclassified pixels, where classes have radii). It belongs to the model, and is valid until the model changes or is freed. Since
// 0.1.0.
//
// # Safety
// `model` is NULL or alive; `name` is NULL or writable.
bandcluster_status bandcluster_model_class_name(const struct bandcluster_model *model,
                                                uint32_t value,
                                                const char **name);

// Names the class with label `value` (1 to k). Since 0.1.0.
//
// # Safety
// `model` is NULL or alive and in no other thread's use; `name` is NULL or a string (UTF-8).
bandcluster_status bandcluster_model_set_class_name(struct bandcluster_model *model,
                                                    uint32_t value,
                                                    const char *name);

// The colour of the class with label `value` (1 to k; k + 1 for unclassified pixels, where classes have radii), as 0xRRGGBB. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; `color` is NULL or writable.
bandcluster_status bandcluster_model_class_color(const struct bandcluster_model *model,
                                                 uint32_t value,
                                                 uint32_t *color);

// Colours the class with label `value` (1 to k), as 0xRRGGBB. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive and in no other thread's use.
bandcluster_status bandcluster_model_set_class_color(struct bandcluster_model *model,
                                                     uint32_t value,
                                                     uint32_t color);

// Tells the model what a band (1 to n_bands) is called, and its nodata value (NaN: none); both are kept in the model file. Since
// 0.1.0.
//
// # Safety
// `model` is NULL or alive and in no other thread's use; `name` is NULL or a string (UTF-8).
bandcluster_status bandcluster_model_set_band(struct bandcluster_model *model,
                                              uint32_t band,
                                              const char *name,
                                              double nodata);

// Keeps in the model what the samples of a band (1 to the number of bands) mean, such as reflectance: sample x `scale` + `offset`. A scene of another
// `offset` or `scale` can then be brought to the samples of the model before it is labelled. 1 and 0 where nothing is known. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive, and not used by another thread meanwhile.
bandcluster_status bandcluster_model_set_band_scaling(struct bandcluster_model *model,
                                                      uint32_t band,
                                                      double scale,
                                                      double offset);

// Colours every class by the mean of its pixels through the 5-95 % stretch of three bands (1 to n_bands). A model from a fit has
// such colours already: of its bands 1, 2, 3 when there are three, 3, 2, 1 when there are more, in grey when there are fewer. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive and in no other thread's use.
bandcluster_status bandcluster_model_natural_colors(struct bandcluster_model *model,
                                                    uint32_t red,
                                                    uint32_t green,
                                                    uint32_t blue);

// Copies the separability of each two classes, taken for normal distributions with the means and covariances of their pixels: Jeffries-Matusita
// distance and transformed divergence, both from 0 (the same) to 2 (apart). Each is a matrix of classes x classes, class 1 first; 0 on its
// diagonal, NaN for a class without pixels. `length` must be the square of the number of classes, which may be up to 1000. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; the two buffers are NULL or have room for `length` numbers each.
bandcluster_status bandcluster_model_separability(const struct bandcluster_model *model,
                                                  double *jeffries_matusita,
                                                  double *transformed_divergence,
                                                  uint64_t length);

// A blank picture of a scene of `width x height` pixels that `model` labels; `name` is what the report calls the scene. `red`, `green` and
// `blue` are the bands (from 1) that show as these colours; all 0: the first three in the order that is usual for their number. The caller frees
// it with `bandcluster_picture_free`. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; `name` is NULL or a string (UTF-8); `picture` is NULL or writable.
bandcluster_status bandcluster_picture_new(const struct bandcluster_model *model,
                                           const char *name,
                                           uint64_t width,
                                           uint64_t height,
                                           uint32_t red,
                                           uint32_t green,
                                           uint32_t blue,
                                           struct bandcluster_picture **picture);

// Adds a block of the scene with its labels: the block's first pixel is at column `x` and row `y` of the scene (from 0). Each pixel is added once, in
// any order. Since 0.1.0.
//
// # Safety
// `picture` is NULL or alive; `raster` and `labels` are as their documentation says; the labels are only read.
bandcluster_status bandcluster_picture_add(struct bandcluster_picture *picture,
                                           uint64_t x,
                                           uint64_t y,
                                           const struct bandcluster_raster *raster,
                                           const struct bandcluster_labels *labels);

// Takes other labels in the place of those that came with the blocks, such as a filter has made: those of whole rows of the scene, of which the first
// is row `y` (from 0). Each row is given once, in any order, after all blocks were added. Since 0.1.0.
//
// # Safety
// `picture` is NULL or alive; `labels` are as their documentation says, and only read.
bandcluster_status bandcluster_picture_relabel(struct bandcluster_picture *picture,
                                               uint64_t y,
                                               const struct bandcluster_labels *labels);

// Frees a picture; NULL is nothing to free. Since 0.1.0.
//
// # Safety
// `picture` is NULL or alive, and not used again.
void bandcluster_picture_free(struct bandcluster_picture *picture);

// Fills in the defaults: a report on the model alone. Pass `sizeof(bandcluster_report)`. Since 0.1.0.
//
// # Safety
// `report` is NULL or points to `struct_size` writable bytes.
bandcluster_status bandcluster_report_init(struct bandcluster_report *report, uint32_t struct_size);

// Writes a page about a model and its map: pictures, classes, spectral signatures, separability, a dendrogram and the merges it suggests, settings.
// HTML that needs no other file. The file appears only when complete. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; `report` is NULL or was initialised, and what it points to is as its documentation says; `path` is NULL or a
// string (UTF-8).
bandcluster_status bandcluster_report_save(const struct bandcluster_model *model,
                                           const struct bandcluster_report *report,
                                           const char *path);

// Gives every class but noise the same radius, in (scaled) band units: predict gives pixels farther from their class the label k + 1, for
// they are unclassified. Kept in the model file. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive and in no other thread's use.
bandcluster_status bandcluster_model_set_max_distance(struct bandcluster_model *model,
                                                      double distance);

// Gives every class but noise a radius of its own, as `bandcluster_model_set_max_distance` does: the distance within which this fraction
// (above 0, up to 1) of its training pixels lie. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive and in no other thread's use.
bandcluster_status bandcluster_model_set_radius_quantile(struct bandcluster_model *model,
                                                         double fraction);

// Takes the radii away: every pixel belongs to its nearest class, however far. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive and in no other thread's use.
bandcluster_status bandcluster_model_clear_radii(struct bandcluster_model *model);

// The largest label that predict gives: the number of classes, or one more where they have radii, for pixels that are
// unclassified; 0 for NULL. Labels up to 255 fit in `BANDCLUSTER_UINT8`. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive.
uint32_t bandcluster_model_n_labels(const struct bandcluster_model *model);

// Compares a scene with what a model was fitted on. The summary is of a sample of the scene's pixels, in the model's bands and units: every
// eighth pixel of every eighth row is plenty (strides of a `bandcluster_raster` make such a sample without a copy). The caller frees
// the outcome with `bandcluster_drift_free`. Since 0.1.0.
//
// # Safety
// `model` and `sample` are NULL or alive; `drift` is NULL or writable.
bandcluster_status bandcluster_drift_new(const struct bandcluster_model *model,
                                         const struct bandcluster_summary *sample,
                                         struct bandcluster_drift **drift);

// The outcome as a JSON object: `overall` (how far the bands moved, in standard deviations), `beyond_radius` (the share of pixels farther
// from their class than 99 % of the training pixels), `bands` (`name`, `shift` of the median in the band's units, `distance` in standard
// deviations) and `warnings` (`code`: `offset`, `scale`, `band_order` or `drift`, and `message`, a sentence). It belongs to the
// outcome, and is valid until that is freed. Since 0.1.0.
//
// # Safety
// `drift` is NULL or alive; `json` is NULL or writable.
bandcluster_status bandcluster_drift_json(const struct bandcluster_drift *drift,
                                          const char **json);

// Frees a comparison; NULL is nothing to free. Since 0.1.0.
//
// # Safety
// `drift` is NULL or alive, and not used again.
void bandcluster_drift_free(struct bandcluster_drift *drift);

// Makes a model in which classes are merged, and named: it gives a pixel what the class that `model` gives it has become.
//
// `groups` tells for each label of `model`, label 1 first, which group its class belongs to: 1 to `n_names`, or 0 for a class that
// stays as it is; `length` is the number of labels (`bandcluster_model_n_labels`: the classes, and unclassified pixels where classes
// have radii, which are in no group). `names` are the names of the groups. A group of a single class is only named. Classes are numbered
// anew, largest first, unless classes are only named: `values`, if not NULL, gets the new value of each old label (`length` of
// them); with them labels that are there can be renumbered. Counts, means and deviations are those of all pixels of the parts; a
// merged class has the natural colour of its mean, or that of its largest part where colours were chosen. Noise cannot be merged. The
// model must have converged. The caller frees `merged` with `bandcluster_model_free`. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; `groups` is NULL or holds `length` numbers; `names` is NULL or holds `n_names` strings (UTF-8); `values` is NULL or has
// room for `length` numbers; `merged` is NULL or writable.
bandcluster_status bandcluster_model_merge(const struct bandcluster_model *model,
                                           const uint32_t *groups,
                                           uint64_t length,
                                           const char *const *names,
                                           uint32_t n_names,
                                           uint32_t *values,
                                           struct bandcluster_model **merged);

// Makes a model of the classes of `model`, numbered, named and coloured after those of `like`, a model of the same bands: so maps of a new fit keep
// the legend of the old one.
//
// Classes are paired so that the sum of the squared distances of their means is least, in the scaling of `like`. New classes follow after those of
// `like`, largest first, named `class N (new)`. Classes of `like` that are not found stay, without pixels. `values`, if not NULL, gets the new value of each
// label of `model`, label 1 first; `distances`, if not NULL, how far its class's mean is from that of its counterpart, in (scaled) band units, or
// NaN where it has none; `length` is the number of labels of `model` (`bandcluster_model_n_labels`). The caller frees `aligned` with
// `bandcluster_model_free`. Refine `model` first: where numbers change, the points of `aligned` stay where they are. Since 0.1.0.
//
// # Safety
// `model` and `like` are NULL or alive; `values` and `distances` are NULL or have room for `length` numbers; `aligned` is NULL or writable.
bandcluster_status bandcluster_model_align(const struct bandcluster_model *model,
                                           const struct bandcluster_model *like,
                                           uint32_t *values,
                                           double *distances,
                                           uint64_t length,
                                           struct bandcluster_model **aligned);

// Colours every class: `colors` is a list such as "black,#00ff00,red", one for each class by its CSS name or as #rrggbb, or
// "palette:NAME" for any number of classes: okabe-ito, tol-bright, tol-muted, tab10, set2, paired, viridis, plasma, cividis,
// turbo. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive and in no other thread's use; `colors` is NULL or a string (UTF-8).
bandcluster_status bandcluster_model_set_colors(struct bandcluster_model *model,
                                                const char *colors);

// Writes the legend of a map as QGIS loads it by itself from beside a raster (map.qml beside map.tif): the colour of each class, its name and
// its share of the map. `counts` are the map's pixels of each label, from 0 (nodata) to `bandcluster_model_n_labels`, so that `length` is one
// more; NULL and 0: those of the training pixels. The file appears only when complete. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; `counts` is NULL or points to `length` numbers; `path` is NULL or a string (UTF-8).
bandcluster_status bandcluster_model_save_qml(const struct bandcluster_model *model,
                                              const uint64_t *counts,
                                              uint64_t length,
                                              const char *path);

// Writes the style of a map's polygons as QGIS loads it by itself from beside their file, or from within a GeoPackage: by the class
// in their field `value`, filled with its colour, under its name. The file appears only when complete. Since 0.1.0.
//
// # Safety
// `model` is NULL or alive; `path` is NULL or a string (UTF-8).
bandcluster_status bandcluster_model_save_polygons_qml(const struct bandcluster_model *model,
                                                       const char *path);

// The majority filter: every pixel of the rows from `first_row` on gets the label that is most frequent in the `window` x `window`
// pixels around it (odd, 3 to 255); of several, its own if it is one of them, else the lowest. Pixels of label 0 (nodata) keep it and have
// no voice. `filtered` gets as many rows as it has; `labels`, which is only read, is the whole map, or a strip of it that reaches `window / 2`
// rows beyond them (but for the map's own edges): so a map is filtered strip by strip. Both may be the same memory; confidence is neither read nor written. Since 0.1.0.
//
// # Safety
// `labels`, `filtered` and `run` are as their documentation says.
bandcluster_status bandcluster_majority(const struct bandcluster_labels *labels,
                                        uint64_t first_row,
                                        uint32_t window,
                                        const struct bandcluster_labels *filtered,
                                        const struct bandcluster_run *run);

// Counts the labels of a map, or of a part of it: adds the pixels of each label to `counts`, from 0 (nodata) to `length` - 1. A label that is larger is an
// error, and nothing is added. Confidence is not looked at. Since 0.1.0.
//
// # Safety
// `labels` is as its documentation says (it is only read); `counts` is NULL or points to `length` writable numbers.
bandcluster_status bandcluster_count_labels(const struct bandcluster_labels *labels,
                                            uint64_t *counts,
                                            uint64_t length);

// The areas of pixels of a grid of longitudes and latitudes, in square metres, one for each of `n_rows` rows: of an ellipsoid with these half
// axes (in metres), rows between neighbours of the `n_rows + 1` `latitudes`, pixels `width` wide (all in radians). By the closed
// formula of a zone of the ellipsoid (Snyder 1987, equation 3-12). Since 0.1.0.
//
// # Safety
// `latitudes` is NULL or points to `n_rows + 1` numbers; `areas` is NULL or has room for `n_rows`.
bandcluster_status bandcluster_row_areas(double semi_major,
                                         double semi_minor,
                                         const double *latitudes,
                                         uint64_t n_rows,
                                         double width,
                                         double *areas);

// Begins the statistics of pixels of `n_bands` bands and one sample type, under labels from 0 to `n_labels` (65535 at most). A model's own means are
// those of the pixels it was fitted on; these are of any scene and map. The caller frees them with `bandcluster_zonal_free`. Since 0.1.0.
//
// # Safety
// `zonal` is NULL or writable.
bandcluster_status bandcluster_zonal_new(uint32_t n_labels,
                                         uint32_t n_bands,
                                         uint32_t sample_type,
                                         struct bandcluster_zonal **zonal);

// Adds the valid pixels of an image, or of a block of one, and their labels, which are only read. After an error the statistics hold some of
// the pixels: free them. Since 0.1.0.
//
// # Safety
// `zonal` is NULL or alive and in no other thread's use; `raster`, `labels` and `run` are as their documentation says.
bandcluster_status bandcluster_zonal_add(struct bandcluster_zonal *zonal,
                                         const struct bandcluster_raster *raster,
                                         const struct bandcluster_labels *labels,
                                         const struct bandcluster_run *run);

// Copies what was found: `counts`, the number of valid pixels of each label from 0 to `n_labels`; and `means`, as many rows of a mean per band (NaN where a
// label has no pixel). `n_counts` and `n_means` are the lengths of the two. Since 0.1.0.
//
// # Safety
// `zonal` is NULL or alive; `counts` and `means` are NULL or have room for so many numbers.
bandcluster_status bandcluster_zonal_read(const struct bandcluster_zonal *zonal,
                                          uint64_t *counts,
                                          uint64_t n_counts,
                                          double *means,
                                          uint64_t n_means);

// Frees statistics; NULL is nothing to free. Since 0.1.0.
//
// # Safety
// `zonal` is NULL or alive, and not used again.
void bandcluster_zonal_free(struct bandcluster_zonal *zonal);

// Finds the bands of a Sentinel-2 product (L1C or L2A, in the layout since December 2016) among its files, each in the finest resolution there is,
// and reads from its metadata what the samples mean. No file is opened: `name` is what messages call the product, `files` are the names of all its
// `n_files` files from its folder on, with `/` between folders, and `metadata` is the text of the one called `MTD_MSIL1C.xml` or
// `MTD_MSIL2A.xml`. Where `metadata` is NULL, every file is a band without metadata (scale 1, offset 0), called by the band in its name (`B08` of
// `T18SVG_20200101T155539_B08_10m.jp2`), else by its name without the extension. The caller frees the product with `bandcluster_product_free`. Since 0.1.0.
//
// # Safety
// `name` and `metadata` are NULL or strings (UTF-8); `files` is NULL or holds `n_files` of them; `product` is NULL or writable.
bandcluster_status bandcluster_product_new(const char *name,
                                           const char *const *files,
                                           uint64_t n_files,
                                           const char *metadata,
                                           struct bandcluster_product **product);

// The product as a JSON object: `bands`, in their order (`name`; `file`; `nodata`, a number or null; `scale` and `offset`, so that reflectance is
// sample x scale + offset; `by_default`, whether it is among those that are read where none are asked for: the bands of 10 m), and
// `scl_left_out`: the classes of L2A's scene classification (the band SCL) to leave out where clouds, their shadows and unusable pixels are to be
// masked. It belongs to the product, and is valid until that is freed. Since 0.1.0.
//
// # Safety
// `product` is NULL or alive; `json` is NULL or writable.
bandcluster_status bandcluster_product_json(const struct bandcluster_product *product,
                                            const char **json);

// Frees a product; NULL is nothing to free. Since 0.1.0.
//
// # Safety
// `product` is NULL or alive, and not used again.
void bandcluster_product_free(struct bandcluster_product *product);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* BANDCLUSTER_H */
