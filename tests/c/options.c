/* The options of each algorithm as a struct: with its defaults and with fields set a struct fits the same model, byte for
   byte, as the same options as JSON; on the pixels and on their summary. What cannot be is refused. */
#include "check.h"
#include <math.h>
#include <stdlib.h>

/* Four blobs in two bands, with some pixels between them. */
enum { WIDTH = 60, HEIGHT = 40, PIXELS = WIDTH * HEIGHT };
static uint16_t red[PIXELS], infrared[PIXELS];
static const void *scene_bands[] = {red, infrared};
static bandcluster_raster raster;
static bandcluster_summary *summary;

static void make_scene(void) {
  uint32_t state = 1;
  for (int i = 0; i < PIXELS; i++) {
    state = state * 1664525u + 1013904223u;
    red[i] = (uint16_t)(500 + 900 * (i % 2) + (state >> 16) % 120);
    state = state * 1664525u + 1013904223u;
    infrared[i] = (uint16_t)(700 + 1100 * (i / 2 % 2) + (state >> 16) % 150);
  }
  OK(bandcluster_raster_init(&raster, sizeof raster));
  raster.n_bands = 2;
  raster.bands = scene_bands;
  raster.width = WIDTH;
  raster.height = HEIGHT;
  raster.sample_type = BANDCLUSTER_UINT16;
  OK(bandcluster_summary_new(2, BANDCLUSTER_UINT16, 0, &summary));
  OK(bandcluster_summary_add(summary, &raster, NULL));
}

/* The model as text, and the model freed; "" where there is none. */
static char *text_of(bandcluster_model *model) {
  const char *text = NULL;
  char *copy;
  if (model == NULL) return calloc(1, 1);
  OK(bandcluster_model_json(model, &text));
  copy = malloc(strlen(text) + 1);
  if (copy != NULL) strcpy(copy, text);
  bandcluster_model_free(model);
  return copy;
}

static void same(bandcluster_model *one, bandcluster_model *other, int line, const char *what) {
  char *a = text_of(one), *b = text_of(other);
  require(a != NULL && b != NULL && strlen(a) > 100 && strcmp(a, b) == 0, line, what);
  free(a);
  free(b);
}

static void fits_the_same(const bandcluster_algorithm_options *options, const char *name, const char *json, int line) {
  bandcluster_model *with = NULL, *as = NULL;
  expect(bandcluster_fit_with(&raster, options, 0, NULL, &with), BANDCLUSTER_OK, line, name);
  expect(bandcluster_fit_as(&raster, name, json, 0, NULL, &as), BANDCLUSTER_OK, line, json);
  same(with, as, line, name);
  with = as = NULL;
  expect(bandcluster_fit_summary_with(summary, options, NULL, &with), BANDCLUSTER_OK, line, name);
  expect(bandcluster_fit_summary_as(summary, name, json, NULL, &as), BANDCLUSTER_OK, line, json);
  same(with, as, line, name);
}

/* Checks an algorithm with its defaults, and with the fields that `set` sets. */
#define CHECK(name, json, set)                                                             \
  do {                                                                                     \
    struct bandcluster_##name##_options options;                                           \
    OK(bandcluster_##name##_options_init(&options, sizeof options));                       \
    REQUIRE(options.common.struct_size == sizeof options);                                 \
    fits_the_same(&options.common, #name, "{}", __LINE__);                                 \
    set;                                                                                   \
    fits_the_same(&options.common, #name, json, __LINE__);                                 \
    options.common.reserved = 1;                                                           \
    refused(&options.common, __LINE__);                                                    \
    options.common.reserved = 0;                                                           \
    options.common.scaling = 7;                                                            \
    refused(&options.common, __LINE__);                                                    \
    options.common.scaling = BANDCLUSTER_SCALING_NONE;                                     \
    options.common.struct_size -= 4;                                                       \
    refused(&options.common, __LINE__);                                                    \
    ARGUMENT(bandcluster_##name##_options_init(&options, sizeof options - 4));             \
    ARGUMENT(bandcluster_##name##_options_init(NULL, sizeof options));                     \
  } while (0)

static void refused(const bandcluster_algorithm_options *options, int line) {
  bandcluster_model *model = NULL;
  expect(bandcluster_fit_with(&raster, options, 0, NULL, &model), BANDCLUSTER_INVALID_ARGUMENT, line, "fit_with");
  expect(bandcluster_fit_summary_with(summary, options, NULL, &model), BANDCLUSTER_INVALID_ARGUMENT, line,
         "fit_summary_with");
  require(model == NULL, line, "a refused fit left a model");
}

static void each_algorithm(void) {
  CHECK(bisecting, "{\"n_clusters\": 3, \"n_init\": 2, \"bisecting_strategy\": \"largest_cluster\", \"seed\": 5}",
        (options.n_clusters = 3, options.n_init = 2,
         options.bisecting_strategy = BANDCLUSTER_BISECTING_LARGEST_CLUSTER, options.common.seed = 5));
  CHECK(isodata, "{\"initial_clusters\": 5, \"max_clusters\": 9, \"max_std\": 60.0, \"min_distance\": 100.0}",
        (options.initial_clusters = 5, options.max_clusters = 9, options.max_std = 60, options.min_distance = 100));
  CHECK(gmm, "{\"n_components\": 3, \"reg_covar\": 0.5, \"scaling\": \"zscore\"}",
        (options.n_components = 3, options.reg_covar = 0.5, options.common.scaling = BANDCLUSTER_SCALING_ZSCORE));
  CHECK(agglomerative, "{\"n_clusters\": 5, \"linkage\": \"complete\", \"n_representatives\": 300}",
        (options.n_clusters = 5, options.linkage = BANDCLUSTER_LINKAGE_COMPLETE, options.n_representatives = 300));
  CHECK(birch, "{\"n_clusters\": 3, \"threshold\": 30.0}", (options.n_clusters = 3, options.threshold = 30));
  CHECK(dbscan, "{\"eps\": 40.0, \"min_samples\": 8.0, \"n_representatives\": 500}",
        (options.eps = 40, options.min_samples = 8, options.n_representatives = 500));
  CHECK(optics, "{\"cluster_method\": \"dbscan\", \"eps\": 60.0, \"n_representatives\": 400, \"min_cluster_size\": 9}",
        (options.cluster_method = BANDCLUSTER_OPTICS_DBSCAN, options.eps = 60, options.n_representatives = 400,
         options.min_cluster_size = 9));
  CHECK(hdbscan, "{\"min_cluster_size\": 40.0, \"cluster_selection_method\": \"leaf\", \"n_representatives\": 600}",
        (options.min_cluster_size = 40, options.cluster_selection_method = BANDCLUSTER_HDBSCAN_LEAF,
         options.n_representatives = 600));
  CHECK(meanshift, "{\"bandwidth\": 300.0, \"n_representatives\": 500}",
        (options.bandwidth = 300, options.n_representatives = 500));
  CHECK(spectral, "{\"n_clusters\": 3, \"affinity\": \"rbf\", \"gamma\": 0.0001, \"n_representatives\": 200}",
        (options.n_clusters = 3, options.affinity = BANDCLUSTER_SPECTRAL_RBF, options.gamma = 1e-4,
         options.n_representatives = 200));
  CHECK(affinity, "{\"damping\": 0.8, \"preference\": -400000.0, \"n_representatives\": 200}",
        (options.damping = 0.8, options.preference = -400000, options.n_representatives = 200));
}

static void what_cannot_be(void) {
  bandcluster_agglomerative_options options;
  bandcluster_model *model = NULL;
  OK(bandcluster_agglomerative_options_init(&options, sizeof options));
  options.linkage = 4;
  refused(&options.common, __LINE__);
  REQUIRE(strstr(bandcluster_last_error(), "BANDCLUSTER_LINKAGE_WARD (0)") != NULL);
  options.linkage = BANDCLUSTER_LINKAGE_WARD;
  options.n_clusters = 0;
  refused(&options.common, __LINE__);
  options.n_clusters = 4;
  options.reserved = 1;
  refused(&options.common, __LINE__);
  options.reserved = 0;
  options.common.algorithm = 99;
  refused(&options.common, __LINE__);
  options.common.algorithm = BANDCLUSTER_ALGORITHM_OPTICS; /* whose struct is larger */
  refused(&options.common, __LINE__);
  refused(NULL, __LINE__);
  ARGUMENT(bandcluster_fit_with(NULL, &options.common, 0, NULL, &model));
  ARGUMENT(bandcluster_fit_summary_with(NULL, &options.common, NULL, &model));
}

int main(void) {
  make_scene();
  each_algorithm();
  what_cannot_be();
  bandcluster_summary_free(summary);
  printf("%d checks, %d failures\n", checks, failures);
  return failures != 0;
}
