/* The options of each algorithm as a struct. With its defaults and with fields set, a struct fits
   the same model, byte for byte, as the same options in JSON, on the pixels and on their summary.
   Structs of older and of newer headers work. Invalid options are refused. */
#include "check.h"
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

/* Four blobs in two bands, with some pixels between them. */
enum { WIDTH = 30, HEIGHT = 20, PIXELS = WIDTH * HEIGHT };
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

/* The model as text; frees the model. "" if there is none. */
static char *text_of(bandcluster_model *model) {
  const char *text = NULL;
  char *copy;
  if (model == NULL) return calloc(1, 1);
  OK(bandcluster_model_json(model, &text));
  copy = malloc(strlen(text) + 1);
  if (copy == NULL) exit(1);
  strcpy(copy, text);
  bandcluster_model_free(model);
  return copy;
}

/* Fits both ways, on the pixels and on the summary. Returns the model of the summary as text, which
   the caller frees. */
static char *fits_the_same(const bandcluster_algorithm_options *options, const char *name,
                           const char *json, int line) {
  bandcluster_model *models[4] = {NULL, NULL, NULL, NULL};
  char *texts[4];
  expect(bandcluster_fit(&raster, options, 0, NULL, &models[0]), BANDCLUSTER_OK, line, name);
  expect(bandcluster_fit_json(&raster, name, json, 0, NULL, &models[1]), BANDCLUSTER_OK, line,
         json);
  expect(bandcluster_fit_summary(summary, options, NULL, &models[2]), BANDCLUSTER_OK, line, name);
  expect(bandcluster_fit_summary_json(summary, name, json, NULL, &models[3]), BANDCLUSTER_OK, line,
         json);
  for (int i = 0; i < 4; i++) texts[i] = text_of(models[i]);
  require(strlen(texts[0]) > 100 && strcmp(texts[0], texts[1]) == 0, line, name);
  require(strlen(texts[2]) > 100 && strcmp(texts[2], texts[3]) == 0, line, name);
  free(texts[0]);
  free(texts[1]);
  free(texts[3]);
  return texts[2];
}

/* Options of a caller with another header fit the model with this text. */
static void fits_to(const bandcluster_algorithm_options *options, const char *text, int line) {
  bandcluster_model *model = NULL;
  char *found;
  expect(bandcluster_fit_summary(summary, options, NULL, &model), BANDCLUSTER_OK, line,
         "fit_summary");
  found = text_of(model);
  require(strcmp(found, text) == 0, line, "another header's options fit another model");
  free(found);
}

static void refused(const bandcluster_algorithm_options *options, int line) {
  bandcluster_model *model = NULL;
  expect(bandcluster_fit(&raster, options, 0, NULL, &model), BANDCLUSTER_INVALID_ARGUMENT, line,
         "fit");
  expect(bandcluster_fit_summary(summary, options, NULL, &model), BANDCLUSTER_INVALID_ARGUMENT,
         line, "fit_summary");
  require(model == NULL, line, "a refused fit left a model");
}

/* An init function of any struct. */
typedef bandcluster_status (*init_function)(void *, uint32_t);

enum { MORE = 16 }; /* bytes that the structs of a newer header have in addition */

/* Checks an init function for a caller with an older header, whose struct ends after `shorter`
   bytes, and for one with a newer header, whose struct has MORE bytes. `size` is that of this
   header. */
static void init_keeps_to_the_size(init_function init, uint32_t size, uint32_t shorter, int line) {
  union { /* aligned */
    uint64_t first;
    unsigned char bytes[512];
  } whole, given;
  const uint32_t longer = size + MORE;
  uint32_t struct_size;
  require(init(&whole, size) == BANDCLUSTER_OK, line, "init");

  memset(given.bytes, 0xAB, sizeof given.bytes);
  expect(init(&given, shorter), BANDCLUSTER_OK, line, "init of an older caller's struct");
  memcpy(&struct_size, given.bytes, sizeof struct_size);
  require(struct_size == shorter, line, "an older caller's size is kept");
  require(memcmp(given.bytes + 4, whole.bytes + 4, shorter - 4) == 0, line,
          "its fields have their defaults");
  require(given.bytes[shorter] == 0xAB, line, "nothing is written behind an older caller's struct");

  memset(given.bytes, 0xAB, sizeof given.bytes);
  expect(init(&given, longer), BANDCLUSTER_OK, line, "init of a newer caller's struct");
  memcpy(&struct_size, given.bytes, sizeof struct_size);
  require(struct_size == longer, line, "a newer caller's size is kept");
  require(memcmp(given.bytes + 4, whole.bytes + 4, size - 4) == 0, line,
          "the known fields have their defaults");
  for (uint32_t i = size; i < longer; i++)
    require(given.bytes[i] == 0, line, "the unknown fields are 0");
  require(given.bytes[longer] == 0xAB, line, "nothing is written behind a newer caller's struct");

  memset(given.bytes, 0xAB, sizeof given.bytes);
  expect(init(&given, size - 4), BANDCLUSTER_INVALID_ARGUMENT, line, "a size that cuts a field");
  expect(init(&given, 0), BANDCLUSTER_INVALID_ARGUMENT, line, "no size");
  expect(init(&given, UINT32_MAX), BANDCLUSTER_INVALID_ARGUMENT, line, "a size that was never set");
  expect(init(NULL, size), BANDCLUSTER_INVALID_ARGUMENT, line, "no struct");
  require(given.bytes[0] == 0xAB, line, "a refused init writes nothing");
}

/* Checks an algorithm with its defaults, with the fields that `set` sets, and with the structs of
   other headers. */
#define CHECK(name, json, set)                                                                    \
  do {                                                                                            \
    struct {                                                                                      \
      bandcluster_##name##_options options;                                                       \
      unsigned char more[MORE];                                                                   \
    } newer = {0};                                                                                \
    bandcluster_##name##_options options;                                                         \
    char *defaults, *changed;                                                                     \
    init_keeps_to_the_size(init_##name, sizeof options, sizeof options.common, __LINE__);         \
    OK(bandcluster_##name##_options_init(&options, sizeof options));                              \
    REQUIRE(options.common.struct_size == sizeof options);                                        \
    defaults = fits_the_same(&options.common, #name, "{}", __LINE__);                             \
    set;                                                                                          \
    changed = fits_the_same(&options.common, #name, json, __LINE__);                              \
    REQUIRE(strcmp(defaults, changed) != 0);                                                      \
    newer.options = options;                                                                      \
    newer.options.common.struct_size = sizeof newer;                                              \
    fits_to(&newer.options.common, changed, __LINE__);                                            \
    newer.more[MORE - 1] = 1;                                                                     \
    refused(&newer.options.common, __LINE__);                                                     \
    options.common.reserved = 1;                                                                  \
    refused(&options.common, __LINE__);                                                           \
    options.common.reserved = 0;                                                                  \
    options.common.scaling = 7;                                                                   \
    refused(&options.common, __LINE__);                                                           \
    /* An older caller's struct ends after the common fields: the bytes after it are not read. */ \
    options.common.scaling = BANDCLUSTER_SCALING_NONE;                                            \
    options.common.seed = 0;                                                                      \
    options.common.struct_size = sizeof options.common;                                           \
    fits_to(&options.common, defaults, __LINE__);                                                 \
    options.common.struct_size = sizeof options.common - 8; /* older than the oldest */           \
    refused(&options.common, __LINE__);                                                           \
    options.common.struct_size = sizeof options - 4; /* cuts a field */                           \
    refused(&options.common, __LINE__);                                                           \
    free(defaults);                                                                               \
    free(changed);                                                                                \
  } while (0)

#define INIT(name) \
  static bandcluster_status init_##name(void *options, uint32_t size) { \
    return bandcluster_##name##_options_init(options, size); \
  }
INIT(kmeans)
INIT(bisecting)
INIT(isodata)
INIT(gmm)
INIT(agglomerative)
INIT(birch)
INIT(dbscan)
INIT(optics)
INIT(hdbscan)
INIT(meanshift)
INIT(spectral)
INIT(affinity)
INIT(choose_k)

static void each_algorithm(void) {
  CHECK(kmeans, "{\"n_clusters\": 3, \"n_init\": 2, \"metric\": \"spectral_angle\", \"seed\": 5}",
        (options.n_clusters = 3, options.n_init = 2,
         options.metric = BANDCLUSTER_METRIC_SPECTRAL_ANGLE, options.common.seed = 5));
  {
    static const double centers[] = {600, 700, 1400, 900};
    static const char *const names[] = {"dark", "bright"};
    CHECK(kmeans, "{\"init\": {\"dark\": [600, 700], \"bright\": [1400, 900]}, \"fix\": true}",
          (options.n_clusters = 0, options.init = centers, options.init_names = names,
           options.n_centers = 2, options.n_bands = 2, options.fix = 1));
    CHECK(kmeans, "{\"init\": [[600, 700], [1400, 900]], \"n_clusters\": 3}",
          (options.n_clusters = 3, options.init = centers, options.n_centers = 2,
           options.n_bands = 2));
  }
  CHECK(bisecting,
        "{\"n_clusters\": 3, \"n_init\": 2, \"bisecting_strategy\": \"largest_cluster\", "
        "\"seed\": 5}",
        (options.n_clusters = 3, options.n_init = 2,
         options.bisecting_strategy = BANDCLUSTER_BISECTING_LARGEST_CLUSTER,
         options.common.seed = 5));
  CHECK(
      isodata,
      "{\"initial_clusters\": 5, \"max_clusters\": 9, \"max_std\": 60.0, \"min_distance\": 100.0}",
      (options.initial_clusters = 5, options.max_clusters = 9, options.max_std = 60,
       options.min_distance = 100));
  CHECK(gmm, "{\"n_components\": 3, \"reg_covar\": 0.5, \"scaling\": \"zscore\"}",
        (options.n_components = 3, options.reg_covar = 0.5,
         options.common.scaling = BANDCLUSTER_SCALING_ZSCORE));
  CHECK(agglomerative, "{\"n_clusters\": 5, \"linkage\": \"complete\", \"n_representatives\": 300}",
        (options.n_clusters = 5, options.linkage = BANDCLUSTER_LINKAGE_COMPLETE,
         options.n_representatives = 300));
  CHECK(birch, "{\"n_clusters\": 3, \"threshold\": 30.0}",
        (options.n_clusters = 3, options.threshold = 30));
  CHECK(dbscan, "{\"eps\": 40.0, \"min_samples\": 8.0, \"n_representatives\": 500}",
        (options.eps = 40, options.min_samples = 8, options.n_representatives = 500));
  CHECK(optics,
        "{\"cluster_method\": \"dbscan\", \"eps\": 60.0, \"n_representatives\": 400, "
        "\"min_cluster_size\": 9}",
        (options.cluster_method = BANDCLUSTER_OPTICS_DBSCAN, options.eps = 60,
         options.n_representatives = 400, options.min_cluster_size = 9));
  CHECK(hdbscan,
        "{\"min_cluster_size\": 40.0, \"cluster_selection_method\": \"leaf\", "
        "\"n_representatives\": 600}",
        (options.min_cluster_size = 40, options.cluster_selection_method = BANDCLUSTER_HDBSCAN_LEAF,
         options.n_representatives = 600));
  CHECK(meanshift, "{\"bandwidth\": 300.0, \"n_representatives\": 500}",
        (options.bandwidth = 300, options.n_representatives = 500));
  CHECK(spectral,
        "{\"n_clusters\": 3, \"affinity\": \"rbf\", \"gamma\": 0.0001, \"n_representatives\": 200}",
        (options.n_clusters = 3, options.affinity = BANDCLUSTER_SPECTRAL_RBF, options.gamma = 1e-4,
         options.n_representatives = 200));
  CHECK(affinity, "{\"damping\": 0.8, \"preference\": -400000.0, \"n_representatives\": 200}",
        (options.damping = 0.8, options.preference = -400000, options.n_representatives = 200));
}

/* The options of choosing k begin with four fields that exist in all versions. */
static void choosing(void) {
  struct {
    bandcluster_choose_k_options options;
    unsigned char more[MORE];
  } newer = {0};
  bandcluster_choose_k_options options;
  bandcluster_choice *whole = NULL, *older = NULL, *refused = NULL;
  bandcluster_candidate first, second;
  init_keeps_to_the_size(init_choose_k, sizeof options,
                         offsetof(bandcluster_choose_k_options, n_init), __LINE__);
  OK(bandcluster_choose_k_options_init(&options, sizeof options));
  options.max = 4;
  OK(bandcluster_choose_k(summary, &options, NULL, &whole));
  newer.options = options;
  newer.options.struct_size = sizeof newer;
  newer.more[0] = 1;
  ARGUMENT(bandcluster_choose_k(summary, &newer.options, NULL, &refused));
  options.n_init = 0; /* not read */
  options.struct_size = offsetof(bandcluster_choose_k_options, n_init);
  OK(bandcluster_choose_k(summary, &options, NULL, &older));
  REQUIRE(refused == NULL && bandcluster_choice_n_candidates(older) == 3);
  OK(bandcluster_candidate_init(&first, sizeof first));
  OK(bandcluster_candidate_init(&second, sizeof second));
  OK(bandcluster_choice_candidate(whole, 2, &first));
  OK(bandcluster_choice_candidate(older, 2, &second));
  REQUIRE(memcmp(&first, &second, sizeof first) == 0);
  bandcluster_choice_free(older);
  bandcluster_choice_free(whole);
}

/* Structs that are not options: a newer caller's works too, if it sets no unknown field. */
static void other_structs(void) {
  struct { bandcluster_raster it; unsigned char more[MORE]; } image;
  struct { bandcluster_run it; unsigned char more[MORE]; } run;
  struct { bandcluster_labels it; unsigned char more[MORE]; } labels;
  struct { bandcluster_summary_info it; unsigned char more[MORE]; } info;
  static uint8_t classes[PIXELS];
  bandcluster_kmeans_options options;
  bandcluster_model *model = NULL, *none = NULL;
  bandcluster_summary_info told;
  OK(bandcluster_kmeans_options_init(&options, sizeof options));
  OK(bandcluster_raster_init(&image.it, sizeof image));
  OK(bandcluster_run_init(&run.it, sizeof run));
  OK(bandcluster_labels_init(&labels.it, sizeof labels));
  image.it.n_bands = raster.n_bands;
  image.it.bands = raster.bands;
  image.it.width = labels.it.width = WIDTH;
  image.it.height = labels.it.height = HEIGHT;
  image.it.sample_type = raster.sample_type;
  labels.it.data = classes;
  OK(bandcluster_fit(&image.it, &options.common, 0, &run.it, &model));
  OK(bandcluster_predict(model, &image.it, &labels.it, &run.it));
  REQUIRE(classes[0] > 0);
  image.more[0] = 1;
  ARGUMENT(bandcluster_fit(&image.it, &options.common, 0, &run.it, &none));
  image.more[0] = 0;
  run.more[MORE - 1] = 1;
  ARGUMENT(bandcluster_fit(&image.it, &options.common, 0, &run.it, &none));
  run.more[MORE - 1] = 0;
  labels.more[3] = 1;
  ARGUMENT(bandcluster_predict(model, &image.it, &labels.it, &run.it));
  REQUIRE(none == NULL);
  bandcluster_model_free(model);

  OK(bandcluster_summary_info_init(&told, sizeof told));
  OK(bandcluster_summary_get_info(summary, &told));
  OK(bandcluster_summary_info_init(&info.it, sizeof info));
  OK(bandcluster_summary_get_info(summary, &info.it));
  REQUIRE(info.it.struct_size == sizeof info && info.more[0] == 0);
  REQUIRE(memcmp(&info.it.n_bands, &told.n_bands, sizeof told - 4) == 0);
  info.more[0] = 1;
  ARGUMENT(bandcluster_summary_get_info(summary, &info.it));
}

/* Invalid starting centres: each gets a message, and memory without centres is not read. */
static void starts_that_cannot_be(void) {
  static const double centers[] = {600, 700, 1400, NAN};
  static const char *const names[] = {"dark", "dark"}, *const missing[] = {"dark", NULL};
  bandcluster_kmeans_options options;
#define REFUSED(field, value, message)                                                             \
  do {                                                                                             \
    OK(bandcluster_kmeans_options_init(&options, sizeof options));                                 \
    options.init = centers;                                                                        \
    options.n_centers = 2;                                                                         \
    options.n_bands = 1;                                                                           \
    options.field = value;                                                                         \
    refused(&options.common, __LINE__);                                                            \
    require(strstr(bandcluster_last_error(), message) != NULL, __LINE__,                           \
            bandcluster_last_error());                                                             \
  } while (0)
  REFUSED(n_bands, 2, "centre 2 is NaN in band 2");
  REFUSED(n_bands, 1, "have 1 bands, the pixels 2");
  REFUSED(n_centers, 0, "init has 0 centres");
  REFUSED(n_clusters, 1, "init has 2 centres, and n_clusters is 1");
  REFUSED(init, NULL, "init is NULL");
  REFUSED(init_names, names, "two centres with the name dark");
  REFUSED(init_names, missing, "a name in init_names is NULL");
  REFUSED(fix, 1, "fix keeps the centres of init, of which there are 2, and n_clusters is 4");
  REFUSED(fix, 2, "fix is 2: give 0 or 1");
  REFUSED(reserved, 1, "reserved");
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
  refused(NULL, __LINE__);
  ARGUMENT(bandcluster_fit(NULL, &options.common, 0, NULL, &model));
  ARGUMENT(bandcluster_fit_summary(NULL, &options.common, NULL, &model));
}

int main(void) {
  make_scene();
  each_algorithm();
  choosing();
  other_structs();
  starts_that_cannot_be();
  what_cannot_be();
  bandcluster_summary_free(summary);
  printf("%d checks, %d failures\n", checks, failures);
  return failures != 0;
}
