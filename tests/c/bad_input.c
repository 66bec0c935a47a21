/* All kinds of bad input from a C program: each call gives the right status and a message of one
   line, and does not change its outputs. Prints failed checks; exit 1 if there are any. Run under
   valgrind too. */
#include "check.h"
#include <math.h>
#include <stdlib.h>

#define MODEL(call) expect(call, BANDCLUSTER_INVALID_MODEL, __LINE__, #call)
#define CANCELLED(call) expect(call, BANDCLUSTER_CANCELLED, __LINE__, #call)
#define IO(call) expect(call, BANDCLUSTER_IO, __LINE__, #call)

/* A small scene: two bands of 8 x 4 samples with 4 distinct pixels. */
enum { WIDTH = 8, HEIGHT = 4, PIXELS = WIDTH * HEIGHT };
static uint16_t red[PIXELS], infrared[PIXELS];
static const void *scene_bands[] = {red, infrared};

/* Given as output pointers: still there after a failure. */
static char untouched;
#define UNTOUCHED ((void *)&untouched)

static bandcluster_raster scene(void) {
  bandcluster_raster raster;
  for (int i = 0; i < PIXELS; i++) {
    red[i] = (uint16_t)(100 * (1 + i % 4));
    infrared[i] = (uint16_t)(50 * (1 + i % 4));
  }
  OK(bandcluster_raster_init(&raster, sizeof raster));
  raster.n_bands = 2;
  raster.bands = scene_bands;
  raster.width = WIDTH;
  raster.height = HEIGHT;
  raster.sample_type = BANDCLUSTER_UINT16;
  return raster;
}

static bandcluster_kmeans_options options_of(uint32_t n_clusters) {
  bandcluster_kmeans_options options;
  OK(bandcluster_kmeans_options_init(&options, sizeof options));
  options.n_clusters = n_clusters;
  return options;
}

static bandcluster_labels labels_in(void *data) {
  bandcluster_labels labels;
  OK(bandcluster_labels_init(&labels, sizeof labels));
  labels.label_type = BANDCLUSTER_UINT8;
  labels.data = data;
  labels.width = WIDTH;
  labels.height = HEIGHT;
  return labels;
}

static bandcluster_model *good_model(void) {
  bandcluster_model *model = NULL;
  bandcluster_raster raster = scene();
  bandcluster_kmeans_options options = options_of(2);
  OK(bandcluster_fit(&raster, &options.common, 0, NULL, &model));
  if (model == NULL) exit(1); /* the rest needs a model */
  return model;
}

static int32_t cancel(double fraction, const char *message, void *calls) {
  ++*(int *)calls;
  REQUIRE(fraction >= 0 && fraction <= 1 && message != NULL);
  return 0;
}

/* --- the calls that fill structs, and the library's own --------------------------------------- */

static void structs(void) {
  unsigned char before[256], after[256];
  memset(before, 0xAB, sizeof before);
  memset(after, 0xAB, sizeof after);
#define INIT(name)                                                                                 \
  ARGUMENT(bandcluster_##name##_init(NULL, sizeof(bandcluster_##name)));                           \
  ARGUMENT(bandcluster_##name##_init((bandcluster_##name *)(void *)after, 0));                     \
  ARGUMENT(bandcluster_##name##_init((bandcluster_##name *)(void *)after,                          \
                                     sizeof(bandcluster_##name) - 1));                             \
  ARGUMENT(bandcluster_##name##_init((bandcluster_##name *)(void *)after, UINT32_MAX))
  INIT(raster);
  INIT(labels);
  INIT(kmeans_options);
  INIT(run);
  INIT(summary_info);
  REQUIRE(memcmp(before, after, sizeof before) == 0);
}

static void library(void) {
  REQUIRE(bandcluster_abi_version() == BANDCLUSTER_ABI_VERSION);
  REQUIRE(strlen(bandcluster_version()) >= 5);
  for (bandcluster_status status = 0; status < 10; status++) {
    REQUIRE(strlen(bandcluster_status_name(status)) > 0);
  }
  REQUIRE(strlen(bandcluster_status_name(UINT32_MAX)) > 0);
  bandcluster_model_free(NULL);
  bandcluster_summary_free(NULL);
  bandcluster_refinement_free(NULL);
}

/* --- fit -------------------------------------------------------------------------------------- */

static void fit_bad_raster(void) {
  const void *null_band[] = {red, NULL};
  bandcluster_kmeans_options options = options_of(2);
  bandcluster_model *model = UNTOUCHED;
  bandcluster_raster raster;
#define WITH(change, expectation)                           \
  raster = scene();                                         \
  raster.change;                                            \
  expectation(bandcluster_fit(&raster, &options.common, 0, NULL, &model)); \
  REQUIRE(model == UNTOUCHED)
  WITH(struct_size = 0, ARGUMENT);
  WITH(struct_size = sizeof raster - 1, ARGUMENT);
  WITH(struct_size = UINT32_MAX, ARGUMENT);
  WITH(n_bands = 0, ARGUMENT);
  WITH(bands = NULL, ARGUMENT);
  WITH(bands = null_band, ARGUMENT);
  WITH(width = 0, ARGUMENT);
  WITH(height = 0, ARGUMENT);
  WITH(width = UINT64_MAX, ARGUMENT);
  WITH(height = UINT64_MAX, ARGUMENT);
  WITH(height = UINT64_MAX / WIDTH, ARGUMENT);
  WITH(line_stride = INT64_MAX, ARGUMENT);
  WITH(pixel_stride = INT64_MIN, ARGUMENT);
  WITH(sample_type = 0, ARGUMENT);
  WITH(sample_type = 9, ARGUMENT);
  WITH(sample_type = UINT32_MAX, ARGUMENT);
  WITH(reserved = 1, ARGUMENT);
#undef WITH
  raster = scene();
  raster.width = raster.height = UINT64_C(1) << 33; /* 2^66 pixels */
  ARGUMENT(bandcluster_fit(&raster, &options.common, 0, NULL, &model));
  raster = scene();
  ARGUMENT(bandcluster_fit(NULL, &options.common, 0, NULL, &model));
  ARGUMENT(bandcluster_fit(&raster, &options.common, 0, NULL, NULL));
  REQUIRE(model == UNTOUCHED);
}

static void fit_bad_options(void) {
  bandcluster_raster raster = scene();
  bandcluster_kmeans_options options;
  bandcluster_model *model = UNTOUCHED;
#define WITH(change)                                          \
  options = options_of(2);                                    \
  options.change;                                             \
  ARGUMENT(bandcluster_fit(&raster, &options.common, 0, NULL, &model)); \
  REQUIRE(model == UNTOUCHED)
  WITH(common.struct_size = 0);
  WITH(common.struct_size = sizeof options - 1);
  WITH(common.algorithm = 0);
  WITH(common.algorithm = UINT32_MAX);
  WITH(n_clusters = 0);
  WITH(n_clusters = 65536);
  WITH(n_clusters = UINT32_MAX);
  WITH(n_init = 0);
  WITH(max_iter = 0);
  WITH(tol = -1);
  WITH(tol = (double)NAN);
  WITH(tol = (double)INFINITY);
  WITH(common.scaling = 2);
  WITH(common.scaling = UINT32_MAX);
  WITH(common.reserved = 1);
  WITH(metric = 2);
#undef WITH
}

static void fit_bad_run(void) {
  bandcluster_raster raster = scene();
  bandcluster_kmeans_options options = options_of(2);
  bandcluster_model *model = UNTOUCHED;
  bandcluster_run run;
  int calls = 0;
  OK(bandcluster_run_init(&run, sizeof run));
  run.struct_size = 0;
  ARGUMENT(bandcluster_fit(&raster, &options.common, 0, &run, &model));
  OK(bandcluster_run_init(&run, sizeof run));
  run.progress = cancel;
  run.user_data = &calls;
  CANCELLED(bandcluster_fit(&raster, &options.common, 0, &run, &model));
  REQUIRE(calls == 1);
  REQUIRE(model == UNTOUCHED);
}

static void fit_bad_pixels(void) {
  bandcluster_raster raster = scene();
  bandcluster_kmeans_options options = options_of(5); /* of 4 distinct pixels */
  bandcluster_model *model = UNTOUCHED;
  DATA(bandcluster_fit(&raster, &options.common, 0, NULL, &model));

  uint8_t nothing[PIXELS] = {0};
  options = options_of(1);
  raster.mask = nothing;
  DATA(bandcluster_fit(&raster, &options.common, 0, NULL, &model));

  double no_pixel_is_this[] = {(double)NAN, 100};
  raster = scene();
  for (int i = 0; i < PIXELS; i++) infrared[i] = 100;
  raster.nodata = no_pixel_is_this;
  DATA(bandcluster_fit(&raster, &options.common, 0, NULL, &model));
  raster.nodata = NULL; /* now it is a constant band */
  options.common.scaling = BANDCLUSTER_SCALING_ZSCORE;
  DATA(bandcluster_fit(&raster, &options.common, 0, NULL, &model));

  float nans[PIXELS];
  const void *bands[] = {nans, nans};
  for (int i = 0; i < PIXELS; i++) nans[i] = i % 2 ? (float)NAN : (float)INFINITY;
  raster = scene();
  raster.bands = bands;
  raster.sample_type = BANDCLUSTER_FLOAT32;
  options = options_of(1);
  DATA(bandcluster_fit(&raster, &options.common, 0, NULL, &model));
  REQUIRE(model == UNTOUCHED);
}

/* --- predict ---------------------------------------------------------------------------------- */

static void predict(void) {
  bandcluster_model *model = good_model();
  bandcluster_raster raster = scene();
  unsigned char classes[PIXELS], before[PIXELS];
  bandcluster_labels labels;
  memset(classes, 0xAB, sizeof classes);
  memset(before, 0xAB, sizeof before);
#define WITH(change)                                            \
  labels = labels_in(classes);                                  \
  labels.change;                                                \
  ARGUMENT(bandcluster_predict(model, &raster, &labels, NULL)); \
  REQUIRE(memcmp(classes, before, sizeof before) == 0)
  WITH(struct_size = 0);
  WITH(struct_size = sizeof labels - 1);
  WITH(label_type = 0);
  WITH(label_type = BANDCLUSTER_INT8);
  WITH(label_type = BANDCLUSTER_FLOAT64);
  WITH(label_type = UINT32_MAX);
  WITH(data = NULL);
  WITH(width = 0);
  WITH(width = WIDTH - 1);
  WITH(height = HEIGHT + 1);
  WITH(height = UINT64_MAX);
  WITH(line_stride = INT64_MAX);
#undef WITH
  labels = labels_in(classes);
  ARGUMENT(bandcluster_predict(NULL, &raster, &labels, NULL));
  ARGUMENT(bandcluster_predict(model, NULL, &labels, NULL));
  ARGUMENT(bandcluster_predict(model, &raster, NULL, NULL));
  raster.n_bands = 1;
  ARGUMENT(bandcluster_predict(model, &raster, &labels, NULL));

  int calls = 0;
  bandcluster_run run;
  OK(bandcluster_run_init(&run, sizeof run));
  run.progress = cancel;
  run.user_data = &calls;
  raster = scene();
  CANCELLED(bandcluster_predict(model, &raster, &labels, &run));
  REQUIRE(calls == 1);
  REQUIRE(memcmp(classes, before, sizeof before) == 0);

  OK(bandcluster_predict(model, &raster, &labels, NULL)); /* nothing above has harmed the model */
  REQUIRE(classes[0] == 1 || classes[0] == 2);
  bandcluster_model_free(model);
}

static void too_many_classes_for_uint8(void) {
  enum { N = 300 };
  uint16_t values[N], wide[N];
  unsigned char narrow[N];
  const void *bands[] = {values};
  bandcluster_raster raster = scene();
  bandcluster_kmeans_options options = options_of(N);
  bandcluster_model *model = NULL;
  bandcluster_labels labels = labels_in(narrow);
  for (int i = 0; i < N; i++) values[i] = (uint16_t)(10 * i);
  raster.bands = bands;
  raster.n_bands = 1;
  raster.width = labels.width = N;
  raster.height = labels.height = 1;
  options.n_init = 1;
  OK(bandcluster_fit(&raster, &options.common, 0, NULL, &model));
  ARGUMENT(bandcluster_predict(model, &raster, &labels, NULL));
  labels.label_type = BANDCLUSTER_UINT16;
  labels.data = wide;
  OK(bandcluster_predict(model, &raster, &labels, NULL));
  bandcluster_model_free(model);
}

/* --- summary ---------------------------------------------------------------------------------- */

static void summary(const char *folder) {
  char path[4096];
  bandcluster_summary *summary = UNTOUCHED, *other = NULL, *three = NULL;
  bandcluster_summary_info info, before;
  bandcluster_raster raster = scene();
  bandcluster_kmeans_options options = options_of(2);
  bandcluster_model *model = UNTOUCHED;

  ARGUMENT(bandcluster_summary_new(0, BANDCLUSTER_UINT16, 0, &summary));
  ARGUMENT(bandcluster_summary_new(2, 0, 0, &summary));
  ARGUMENT(bandcluster_summary_new(2, UINT32_MAX, 0, &summary));
  ARGUMENT(bandcluster_summary_new(2, BANDCLUSTER_UINT16, 0, NULL));
  REQUIRE(summary == UNTOUCHED);
  OK(bandcluster_summary_new(2, BANDCLUSTER_UINT16, 0, &summary));
  OK(bandcluster_summary_new(2, BANDCLUSTER_FLOAT32, 0, &other));
  OK(bandcluster_summary_new(3, BANDCLUSTER_UINT16, 0, &three));

  DATA(bandcluster_fit_summary(summary, &options.common, NULL, &model)); /* empty */
  ARGUMENT(bandcluster_summary_add(NULL, &raster, NULL));
  ARGUMENT(bandcluster_summary_add(summary, NULL, NULL));
  raster.height = UINT64_MAX;
  ARGUMENT(bandcluster_summary_add(summary, &raster, NULL));
  raster = scene();
  ARGUMENT(bandcluster_summary_add(three, &raster, NULL));
  ARGUMENT(bandcluster_summary_add(other, &raster, NULL));
  ARGUMENT(bandcluster_summary_merge(summary, NULL));
  ARGUMENT(bandcluster_summary_merge(NULL, summary));
  ARGUMENT(bandcluster_summary_merge(summary, summary));
  ARGUMENT(bandcluster_summary_merge(summary, other));
  ARGUMENT(bandcluster_summary_merge(summary, three));

  OK(bandcluster_summary_info_init(&info, sizeof info));
  ARGUMENT(bandcluster_summary_get_info(NULL, &info));
  ARGUMENT(bandcluster_summary_get_info(summary, NULL));
  info.struct_size = 3;
  before = info;
  ARGUMENT(bandcluster_summary_get_info(summary, &info));
  REQUIRE(memcmp(&before, &info, sizeof info) == 0);
  OK(bandcluster_summary_info_init(&info, sizeof info));
  OK(bandcluster_summary_get_info(summary, &info));
  REQUIRE(info.n_pixels == 0); /* the failed calls added nothing */

  ARGUMENT(bandcluster_fit_summary(NULL, &options.common, NULL, &model));
  ARGUMENT(bandcluster_fit_summary(summary, &options.common, NULL, NULL));
  options.n_clusters = 0;
  ARGUMENT(bandcluster_fit_summary(summary, &options.common, NULL, &model));
  REQUIRE(model == UNTOUCHED);

  ARGUMENT(bandcluster_fit_summary_json(summary, NULL, NULL, NULL, &model));
  ARGUMENT(bandcluster_fit_summary_json(summary, "kmedoids", NULL, NULL, &model));
  ARGUMENT(bandcluster_fit_summary_json(summary, "dbscan", "{\"eps\": 0}", NULL, &model));
  ARGUMENT(bandcluster_fit_summary_json(summary, "dbscan", "{\"k\": 3}", NULL, &model));
  ARGUMENT(bandcluster_fit_summary_json(summary, "dbscan", "[1]", NULL, &model));
  ARGUMENT(bandcluster_fit_summary_json(summary, "dbscan", "{", NULL, &model));
  ARGUMENT(bandcluster_fit_summary_json(NULL, "dbscan", NULL, NULL, &model));
  ARGUMENT(bandcluster_fit_summary_json(summary, "dbscan", NULL, NULL, NULL));
  DATA(bandcluster_fit_summary_json(summary, "dbscan", NULL, NULL, &model)); /* empty */
  REQUIRE(model == UNTOUCHED);

  ARGUMENT(bandcluster_summary_save(summary, NULL));
  ARGUMENT(bandcluster_summary_save(NULL, "x"));
  snprintf(path, sizeof path, "%s/no/such/folder", folder);
  IO(bandcluster_summary_save(summary, path));
  bandcluster_summary_free(other);
  other = UNTOUCHED;
  IO(bandcluster_summary_load(path, &other));
  ARGUMENT(bandcluster_summary_load(NULL, &other));
  snprintf(path, sizeof path, "%s/garbage", folder);
  MODEL(bandcluster_summary_load(path, &other));
  REQUIRE(other == UNTOUCHED);
  bandcluster_summary_free(summary);
  bandcluster_summary_free(three);
}

/* --- scenes, piece by piece: only refused calls, as there is no file -------------------------- */

static void scenes(const char *folder) {
  bandcluster_model *model = good_model();
  bandcluster_scenes *opened = UNTOUCHED;
  bandcluster_summary *summary = UNTOUCHED;
  bandcluster_refinement *step = UNTOUCHED;
  const char *json = "untouched";
  char *init = UNTOUCHED;
  char request[4096];
  ARGUMENT(bandcluster_scenes_open(NULL, 0, &opened));
  ARGUMENT(bandcluster_scenes_open("{", 0, &opened));
  ARGUMENT(bandcluster_scenes_open("{\"command\": \"info\", \"path\": \"x\"}", 0, &opened));
  ARGUMENT(bandcluster_scenes_open("{\"command\": \"fit\"}", 0, &opened));
  ARGUMENT(bandcluster_scenes_open("{\"command\": \"fit\", \"inputs\": [\"x\"], \"model\": \"m\"}",
                                   0, &opened));
  ARGUMENT(bandcluster_scenes_open("{\"command\": \"fit\", \"inputs\": [\"x\"]}", 0, NULL));
  snprintf(request, sizeof request, "{\"command\": \"fit\", \"inputs\": [\"%s/no-such-file\"]}",
           folder);
  IO(bandcluster_scenes_open(request, 0, &opened));
  ARGUMENT(bandcluster_scenes_json(NULL, &json));
  ARGUMENT(bandcluster_scenes_summary(NULL, 0, 0, NULL, &summary));
  ARGUMENT(bandcluster_scenes_refinement(NULL, 0, model, NULL, &step));
  ARGUMENT(bandcluster_scenes_seeds(NULL, "seeds.gpkg", NULL, NULL, &init));
  ARGUMENT(bandcluster_scenes_describe(NULL, model));
  REQUIRE(opened == UNTOUCHED && summary == UNTOUCHED && step == UNTOUCHED && init == UNTOUCHED);
  REQUIRE(strcmp(json, "untouched") == 0);
  bandcluster_scenes_free(NULL);
  bandcluster_model_free(model);
}

/* --- refinement ------------------------------------------------------------------------------- */

static void refinement(const char *folder) {
  bandcluster_model *model = good_model();
  bandcluster_refinement *step = UNTOUCHED, *other = UNTOUCHED;
  char path[4096];
  bandcluster_raster raster = scene();
  double shift = -7;
  ARGUMENT(bandcluster_refinement_new(NULL, BANDCLUSTER_UINT16, &step));
  ARGUMENT(bandcluster_refinement_new(model, 0, &step));
  ARGUMENT(bandcluster_refinement_new(model, 99, &step));
  ARGUMENT(bandcluster_refinement_new(model, BANDCLUSTER_UINT16, NULL));
  REQUIRE(step == UNTOUCHED);
  OK(bandcluster_refinement_new(model, BANDCLUSTER_UINT16, &step));
  ARGUMENT(bandcluster_refinement_add(NULL, &raster, NULL));
  ARGUMENT(bandcluster_refinement_add(step, NULL, NULL));
  raster.n_bands = 1;
  ARGUMENT(bandcluster_refinement_add(step, &raster, NULL));
  raster = scene();
  raster.sample_type = BANDCLUSTER_INT16;
  ARGUMENT(bandcluster_refinement_add(step, &raster, NULL));
  raster = scene();
  uint8_t data[WIDTH * HEIGHT] = {9};
  bandcluster_labels labels = labels_in(data);
  ARGUMENT(bandcluster_refinement_add_labels(NULL, &raster, &labels, NULL));
  ARGUMENT(bandcluster_refinement_add_labels(step, NULL, &labels, NULL));
  ARGUMENT(bandcluster_refinement_add_labels(step, &raster, NULL, NULL));
  labels.width += 1;
  ARGUMENT(bandcluster_refinement_add_labels(step, &raster, &labels, NULL));
  REQUIRE(data[0] == 9);
  ARGUMENT(bandcluster_refinement_merge(step, NULL));
  ARGUMENT(bandcluster_refinement_merge(NULL, step));
  ARGUMENT(bandcluster_refinement_merge(step, step));
  DATA(bandcluster_refinement_apply(step, model, &shift)); /* no pixel was added */
  ARGUMENT(bandcluster_refinement_apply(NULL, model, &shift));
  ARGUMENT(bandcluster_refinement_apply(step, NULL, &shift));

  ARGUMENT(bandcluster_refinement_save(step, NULL));
  ARGUMENT(bandcluster_refinement_save(NULL, "x"));
  snprintf(path, sizeof path, "%s/no/such/folder", folder);
  IO(bandcluster_refinement_save(step, path));
  IO(bandcluster_refinement_load(path, &other));
  ARGUMENT(bandcluster_refinement_load(NULL, &other));
  ARGUMENT(bandcluster_refinement_load(path, NULL));
  snprintf(path, sizeof path, "%s/garbage", folder);
  MODEL(bandcluster_refinement_load(path, &other));
  REQUIRE(other == UNTOUCHED);
  REQUIRE(shift < -6);
  bandcluster_refinement_free(step);
  bandcluster_model_free(model);
}

/* --- model ------------------------------------------------------------------------------------ */

static void model_files(const char *folder) {
  char path[4096];
  bandcluster_model *model = UNTOUCHED;
  const char *json = UNTOUCHED;
  snprintf(path, sizeof path, "%s/no/such/model.json", folder);
  IO(bandcluster_model_load(path, &model));
  IO(bandcluster_model_load(folder, &model));
  ARGUMENT(bandcluster_model_load(NULL, &model));
  ARGUMENT(bandcluster_model_load(path, NULL));
  snprintf(path, sizeof path, "%s/garbage", folder);
  MODEL(bandcluster_model_load(path, &model));
  MODEL(bandcluster_model_from_json("", 0, &model));
  MODEL(bandcluster_model_from_json("{}", 2, &model));
  MODEL(bandcluster_model_from_json("\xff\xfe", 2, &model));
  ARGUMENT(bandcluster_model_from_json(NULL, 0, &model));
  ARGUMENT(bandcluster_model_from_json("{}", 2, NULL));
  ARGUMENT(bandcluster_model_json(NULL, &json));
  REQUIRE(model == UNTOUCHED && json == UNTOUCHED);

  bandcluster_model *good = good_model();
  ARGUMENT(bandcluster_model_json(good, NULL));
  ARGUMENT(bandcluster_model_save(NULL, path));
  ARGUMENT(bandcluster_model_save(good, NULL));
  snprintf(path, sizeof path, "%s/no/such/model.json", folder);
  IO(bandcluster_model_save(good, path));
  OK(bandcluster_model_json(good, &json));
  for (uint64_t length = 0; length + 2 < strlen(json); length += 7) { /* cut anywhere */
    MODEL(bandcluster_model_from_json(json, length, &model));
  }
  REQUIRE(model == UNTOUCHED);
  OK(bandcluster_model_from_json(json, strlen(json), &model));
  bandcluster_model_free(model);
  bandcluster_model_free(good);
}

static void choosing(void) {
  bandcluster_raster raster = scene(); /* 4 distinct pixels */
  bandcluster_summary *summary = NULL;
  bandcluster_choose_k_options options;
  bandcluster_candidate candidate;
  bandcluster_choice *choice = UNTOUCHED;
  const char *reason = NULL;
  OK(bandcluster_summary_new(2, BANDCLUSTER_UINT16, 0, &summary));
  OK(bandcluster_summary_add(summary, &raster, NULL));
  ARGUMENT(bandcluster_choose_k_options_init(NULL, sizeof options));
  ARGUMENT(bandcluster_choose_k_options_init(&options, sizeof options - 4)); /* cuts a field */
  ARGUMENT(bandcluster_candidate_init(NULL, sizeof candidate));
  OK(bandcluster_choose_k_options_init(&options, sizeof options));
  OK(bandcluster_candidate_init(&candidate, sizeof candidate));
  REQUIRE(options.min == 2 && options.max == 12 && options.n_init == 10);

  /* 12 classes of 4 distinct pixels */
  DATA(bandcluster_choose_k(summary, &options, NULL, &choice));
  options.max = 1;
  ARGUMENT(bandcluster_choose_k(summary, &options, NULL, &choice));
  options.max = 256;
  ARGUMENT(bandcluster_choose_k(summary, &options, NULL, &choice));
  options.max = 3;
  options.scaling = 7;
  ARGUMENT(bandcluster_choose_k(summary, &options, NULL, &choice));
  options.scaling = BANDCLUSTER_SCALING_NONE;
  options.n_init = 0;
  ARGUMENT(bandcluster_choose_k(summary, &options, NULL, &choice));
  options.n_init = 3;
  options.tol = NAN;
  ARGUMENT(bandcluster_choose_k(summary, &options, NULL, &choice));
  options.tol = 1e-4;
  ARGUMENT(bandcluster_choose_k(NULL, &options, NULL, &choice));
  ARGUMENT(bandcluster_choose_k(summary, NULL, NULL, &choice));
  ARGUMENT(bandcluster_choose_k(summary, &options, NULL, NULL));
  REQUIRE(choice == UNTOUCHED);

  OK(bandcluster_choose_k(summary, &options, NULL, &choice));
  REQUIRE(bandcluster_choice_n_candidates(choice) == 2);
  REQUIRE(bandcluster_choice_recommended_k(choice) == 2 ||
          bandcluster_choice_recommended_k(choice) == 3);
  REQUIRE(bandcluster_choice_certainty(choice) <= BANDCLUSTER_CERTAINTY_HIGH);
  OK(bandcluster_choice_reason(choice, &reason));
  REQUIRE(reason != NULL && reason[0] != '\0');
  OK(bandcluster_choice_candidate(choice, 1, &candidate));
  REQUIRE(candidate.k == 3 && candidate.inertia > 0 && candidate.silhouette <= 1);
  ARGUMENT(bandcluster_choice_candidate(choice, 2, &candidate));
  ARGUMENT(bandcluster_choice_candidate(choice, 0, NULL));
  ARGUMENT(bandcluster_choice_candidate(NULL, 0, &candidate));
  ARGUMENT(bandcluster_choice_save_report(NULL, "scene", "page.html"));
  ARGUMENT(bandcluster_choice_save_report(choice, NULL, "page.html"));
  ARGUMENT(bandcluster_choice_save_report(choice, "scene", NULL));
  ARGUMENT(bandcluster_choice_save_report(choice, "scene", ""));
  IO(bandcluster_choice_save_report(choice, "scene", "/no/such/folder/page.html"));
  ARGUMENT(bandcluster_choice_reason(choice, NULL));
  ARGUMENT(bandcluster_choice_reason(NULL, &reason));
  REQUIRE(bandcluster_choice_n_candidates(NULL) == 0);
  REQUIRE(bandcluster_choice_recommended_k(NULL) == 0);
  REQUIRE(bandcluster_choice_certainty(NULL) == BANDCLUSTER_CERTAINTY_LOW);
  bandcluster_choice_free(choice);
  bandcluster_choice_free(NULL);
  bandcluster_summary_free(summary);
}

static void report(const char *folder) {
  bandcluster_model *model = good_model();
  bandcluster_raster raster = scene();
  uint8_t values[PIXELS];
  bandcluster_labels labels = labels_in(values);
  bandcluster_picture *picture = UNTOUCHED;
  const bandcluster_picture *pictures[2] = {NULL, NULL};
  const char *warnings[] = {"a sentence", NULL};
  const uint64_t counts[] = {0, 3, 1};
  const double hectares[] = {NAN, 1e300};
  double first[4], second[4];
  bandcluster_report report;
  char path[4096];
  snprintf(path, sizeof path, "%s/report.html", folder);
  OK(bandcluster_predict(model, &raster, &labels, NULL));

  ARGUMENT(bandcluster_model_separability(NULL, first, second, 4));
  ARGUMENT(bandcluster_model_separability(model, NULL, second, 4));
  ARGUMENT(bandcluster_model_separability(model, first, NULL, 4));
  ARGUMENT(bandcluster_model_separability(model, first, second, 3));
  OK(bandcluster_model_separability(model, first, second, 4));
  REQUIRE(first[0] == 0 && first[1] > 0 && first[1] <= 2 && first[1] == first[2] && second[1] <= 2);

  ARGUMENT(bandcluster_picture_new(NULL, "s", 5, 5, 0, 0, 0, &picture));
  ARGUMENT(bandcluster_picture_new(model, NULL, 5, 5, 0, 0, 0, &picture));
  ARGUMENT(bandcluster_picture_new(model, "s", 0, 5, 0, 0, 0, &picture));
  ARGUMENT(bandcluster_picture_new(model, "s", 5, 5, 1, 2, 3, &picture));
  ARGUMENT(bandcluster_picture_new(model, "s", 5, 5, 1, 0, 1, &picture));
  ARGUMENT(bandcluster_picture_new(model, "s", 5, 5, 0, 0, 0, NULL));
  REQUIRE(picture == UNTOUCHED);
  OK(bandcluster_picture_new(model, "s", raster.width + 1, raster.height, 2, 1, 1, &picture));
  ARGUMENT(bandcluster_picture_add(NULL, &raster, &labels, 0, 0));
  ARGUMENT(bandcluster_picture_add(picture, NULL, &labels, 0, 0));
  ARGUMENT(bandcluster_picture_add(picture, &raster, NULL, 0, 0));
  ARGUMENT(bandcluster_picture_add(picture, &raster, &labels, 2, 0));
  ARGUMENT(bandcluster_picture_add(picture, &raster, &labels, UINT64_MAX, 0));
  labels.data = NULL;
  ARGUMENT(bandcluster_picture_add(picture, &raster, &labels, 0, 0));
  labels.data = values;
  raster.n_bands = 1;
  ARGUMENT(bandcluster_picture_add(picture, &raster, &labels, 0, 0));
  raster.n_bands = 2;
  values[0] = 3;
  ARGUMENT(bandcluster_picture_add(picture, &raster, &labels, 0, 0));
  values[0] = 1;
  OK(bandcluster_picture_add(picture, &raster, &labels, 1, 0));
  ARGUMENT(bandcluster_picture_relabel(NULL, &labels, 0));
  ARGUMENT(bandcluster_picture_relabel(picture, NULL, 0));
  ARGUMENT(bandcluster_picture_relabel(picture, &labels, 0)); /* a column is missing */
  ARGUMENT(bandcluster_picture_relabel(picture, &labels, UINT64_MAX));

  ARGUMENT(bandcluster_report_init(NULL, sizeof report));
  ARGUMENT(bandcluster_report_init(&report, sizeof report - 8));
  OK(bandcluster_report_init(&report, sizeof report));
  ARGUMENT(bandcluster_report_save(NULL, &report, path));
  ARGUMENT(bandcluster_report_save(model, NULL, path));
  ARGUMENT(bandcluster_report_save(model, &report, NULL));
  IO(bandcluster_report_save(model, &report, "/no/such/folder/report.html"));
  report.n_warnings = 2;
  ARGUMENT(bandcluster_report_save(model, &report, path));
  report.warnings = warnings;
  ARGUMENT(bandcluster_report_save(model, &report, path));
  report.n_warnings = 1;
  report.pictures = pictures;
  report.n_pictures = 1;
  ARGUMENT(bandcluster_report_save(model, &report, path));
  pictures[0] = picture;
  report.counts = counts;
  report.n_counts = 2;
  ARGUMENT(bandcluster_report_save(model, &report, path));
  report.n_counts = 3;
  report.title = "\xff";
  ARGUMENT(bandcluster_report_save(model, &report, path));
  report.title = "<&>";
  report.predicted = 2;
  ARGUMENT(bandcluster_report_save(model, &report, path));
  report.predicted = 1;
  report.hectares = hectares;
  OK(bandcluster_report_save(model, &report, path));
  REQUIRE(remove(path) == 0);
  bandcluster_picture_free(picture);
  bandcluster_picture_free(NULL);
  bandcluster_model_free(model);
}

static void maps(void) {
  bandcluster_model *model = good_model(); /* 2 classes, 2 bands */
  const uint64_t pixels[] = {1, 2, 3};
  uint8_t map[PIXELS], filtered[PIXELS];
  uint16_t wide[PIXELS];
  double latitudes[] = {0.5, 0.25, 0}, areas[] = {-7, -7};
  memset(map, 1, sizeof map);
  memset(filtered, 77, sizeof filtered);
  for (int i = 0; i < PIXELS; i++) wide[i] = 300;
  bandcluster_labels labels = labels_in(map), out = labels_in(filtered);
  ARGUMENT(bandcluster_model_set_colors(NULL, "red,blue"));
  ARGUMENT(bandcluster_model_set_colors(model, NULL));
  ARGUMENT(bandcluster_model_set_colors(model, ""));
  ARGUMENT(bandcluster_model_set_colors(model, "red"));
  ARGUMENT(bandcluster_model_set_colors(model, "palette:none"));
  ARGUMENT(bandcluster_model_set_colors(model, "red,\xff"));
  OK(bandcluster_model_set_colors(model, "palette:viridis"));
  ARGUMENT(bandcluster_model_save_qml(NULL, pixels, 3, "map.qml"));
  ARGUMENT(bandcluster_model_save_qml(model, pixels, 2, "map.qml"));
  ARGUMENT(bandcluster_model_save_qml(model, NULL, 3, "map.qml"));
  ARGUMENT(bandcluster_model_save_qml(model, pixels, 0, "map.qml"));
  ARGUMENT(bandcluster_model_save_qml(model, pixels, 3, NULL));
  ARGUMENT(bandcluster_model_save_qml(model, pixels, 3, ""));
  IO(bandcluster_model_save_qml(model, pixels, 3, "/no/such/folder/map.qml"));
  ARGUMENT(bandcluster_model_save_polygons_qml(NULL, "map.qml"));
  ARGUMENT(bandcluster_model_save_polygons_qml(model, NULL));
  ARGUMENT(bandcluster_model_save_polygons_qml(model, ""));
  IO(bandcluster_model_save_polygons_qml(model, "/no/such/folder/map.qml"));

  ARGUMENT(bandcluster_majority(NULL, &out, 3, 0, NULL));
  ARGUMENT(bandcluster_majority(&labels, NULL, 3, 0, NULL));
  ARGUMENT(bandcluster_majority(&labels, &out, 0, 0, NULL));
  ARGUMENT(bandcluster_majority(&labels, &out, 4, 0, NULL));
  ARGUMENT(bandcluster_majority(&labels, &out, UINT32_MAX, 0, NULL));
  ARGUMENT(bandcluster_majority(&labels, &out, 3, 1, NULL));
  ARGUMENT(bandcluster_majority(&labels, &out, 3, UINT64_MAX, NULL));
  out.width--;
  ARGUMENT(bandcluster_majority(&labels, &out, 3, 0, NULL));
  out.width++;
  labels.data = wide;
  labels.label_type = BANDCLUSTER_UINT16;
  ARGUMENT(bandcluster_majority(&labels, &out, 3, 0, NULL));
  labels = labels_in(map);
  REQUIRE(filtered[0] == 77);
  map[WIDTH + 1] = 2;
  OK(bandcluster_majority(&labels, &out, 3, 0, NULL));
  REQUIRE(filtered[WIDTH + 1] == 1 && map[WIDTH + 1] == 2);
  OK(bandcluster_majority(&labels, &labels, 3, 0, NULL)); /* the same memory */
  REQUIRE(map[WIDTH + 1] == 1);

  bandcluster_zonal *zonal = NULL;
  double means[4];
  uint64_t seen[2];
  const bandcluster_raster image = scene();
  ARGUMENT(bandcluster_zonal_new(1, 2, BANDCLUSTER_UINT16, NULL));
  ARGUMENT(bandcluster_zonal_new(65536, 2, BANDCLUSTER_UINT16, &zonal));
  ARGUMENT(bandcluster_zonal_new(1, 0, BANDCLUSTER_UINT16, &zonal));
  ARGUMENT(bandcluster_zonal_new(1, 2, 77, &zonal));
  REQUIRE(zonal == NULL);
  OK(bandcluster_zonal_new(1, 2, BANDCLUSTER_UINT16, &zonal));
  ARGUMENT(bandcluster_zonal_add(NULL, &image, &labels, NULL));
  ARGUMENT(bandcluster_zonal_add(zonal, NULL, &labels, NULL));
  ARGUMENT(bandcluster_zonal_add(zonal, &image, NULL, NULL));
  OK(bandcluster_zonal_add(zonal, &image, &labels, NULL));
  ARGUMENT(bandcluster_zonal_read(NULL, seen, 2, means, 4));
  ARGUMENT(bandcluster_zonal_read(zonal, NULL, 2, means, 4));
  ARGUMENT(bandcluster_zonal_read(zonal, seen, 2, NULL, 4));
  ARGUMENT(bandcluster_zonal_read(zonal, seen, 1, means, 4));
  ARGUMENT(bandcluster_zonal_read(zonal, seen, 2, means, 3));
  OK(bandcluster_zonal_read(zonal, seen, 2, means, 4));
  REQUIRE(seen[0] == 0 && seen[1] == PIXELS && means[2] == 2 * means[3]);
  bandcluster_zonal_free(zonal);
  bandcluster_zonal_free(NULL);

  uint64_t counts[] = {7, 7};
  ARGUMENT(bandcluster_count_labels(NULL, counts, 2));
  ARGUMENT(bandcluster_count_labels(&labels, NULL, 2));
  ARGUMENT(bandcluster_count_labels(&labels, counts, 0));
  ARGUMENT(bandcluster_count_labels(&labels, counts, 1));
  REQUIRE(counts[0] == 7 && counts[1] == 7);
  OK(bandcluster_count_labels(&labels, counts, 2));
  REQUIRE(counts[0] == 7 && counts[1] == 7 + PIXELS);

  ARGUMENT(bandcluster_row_areas(2, 1, NULL, 2, 1, areas));
  ARGUMENT(bandcluster_row_areas(2, 1, latitudes, 2, 1, NULL));
  ARGUMENT(bandcluster_row_areas(1, 2, latitudes, 2, 1, areas));
  ARGUMENT(bandcluster_row_areas(NAN, 1, latitudes, 2, 1, areas));
  ARGUMENT(bandcluster_row_areas(2, 1, latitudes, 2, INFINITY, areas));
  ARGUMENT(bandcluster_row_areas(2, 1, latitudes, UINT64_MAX, 1, areas));
  latitudes[1] = NAN;
  ARGUMENT(bandcluster_row_areas(2, 1, latitudes, 2, 1, areas));
  latitudes[1] = 0.25;
  REQUIRE(areas[0] == -7);
  OK(bandcluster_row_areas(2, 1, latitudes, 2, 1, areas));
  REQUIRE(areas[0] > 0 && areas[1] > 0);
  bandcluster_model_free(model);
}

static void model_getters(void) {
  bandcluster_model *model = good_model(); /* 2 classes, 2 bands */
  double centers[] = {-7, -7, -7, -7, -7};
  uint64_t counts[] = {77, 77, 77};
  const char *name = UNTOUCHED;
  uint32_t color = 77;
  REQUIRE(bandcluster_model_n_clusters(NULL) == 0 && bandcluster_model_n_bands(NULL) == 0);
  REQUIRE(bandcluster_model_n_iter(NULL) == 0 && bandcluster_model_converged(NULL) == 0);
  REQUIRE(isnan(bandcluster_model_inertia(NULL)));
  ARGUMENT(bandcluster_model_centers(NULL, centers, 4));
  ARGUMENT(bandcluster_model_centers(model, NULL, 4));
  ARGUMENT(bandcluster_model_centers(model, centers, 3));
  ARGUMENT(bandcluster_model_centers(model, centers, 5));
  ARGUMENT(bandcluster_model_counts(NULL, counts, 2));
  ARGUMENT(bandcluster_model_counts(model, NULL, 2));
  ARGUMENT(bandcluster_model_counts(model, counts, 1));
  ARGUMENT(bandcluster_model_counts(model, counts, UINT64_MAX));
  for (uint32_t value = 0; value < 4; value += 3) { /* before the first class and after the last */
    ARGUMENT(bandcluster_model_class_name(model, value, &name));
    ARGUMENT(bandcluster_model_set_class_name(model, value, "water"));
    ARGUMENT(bandcluster_model_class_color(model, value, &color));
    ARGUMENT(bandcluster_model_set_class_color(model, value, 0));
    ARGUMENT(bandcluster_model_set_band(model, value, "B02", 0));
    ARGUMENT(bandcluster_model_set_band_scaling(model, value, 1, 0));
    ARGUMENT(bandcluster_model_natural_colors(model, value, 1, 1));
    ARGUMENT(bandcluster_model_natural_colors(model, 1, 1, value));
  }
  ARGUMENT(bandcluster_model_class_name(NULL, 1, &name));
  ARGUMENT(bandcluster_model_class_name(model, 1, NULL));
  ARGUMENT(bandcluster_model_set_class_name(NULL, 1, "water"));
  ARGUMENT(bandcluster_model_set_class_name(model, 1, NULL));
  ARGUMENT(bandcluster_model_set_class_name(model, 1, "\xff\xfe"));
  ARGUMENT(bandcluster_model_class_color(NULL, 1, &color));
  ARGUMENT(bandcluster_model_class_color(model, 1, NULL));
  ARGUMENT(bandcluster_model_set_class_color(NULL, 1, 0));
  ARGUMENT(bandcluster_model_set_class_color(model, 1, 0x1000000));
  ARGUMENT(bandcluster_model_set_band(NULL, 1, "B02", 0));
  ARGUMENT(bandcluster_model_set_band(model, 1, NULL, 0));
  ARGUMENT(bandcluster_model_set_band_scaling(NULL, 1, 1, 0));
  ARGUMENT(bandcluster_model_set_band_scaling(model, 1, 0, 0));
  ARGUMENT(bandcluster_model_set_band_scaling(model, 1, NAN, 0));
  ARGUMENT(bandcluster_model_set_band_scaling(model, 1, 1, INFINITY));
  ARGUMENT(bandcluster_model_natural_colors(NULL, 1, 1, 1));
  REQUIRE(centers[0] < -6 && centers[4] < -6 && counts[0] == 77 && name == UNTOUCHED &&
          color == 77);

  OK(bandcluster_model_set_class_name(model, 1, "water"));
  OK(bandcluster_model_class_name(model, 1, &name));
  REQUIRE(strcmp(name, "water") == 0);
  OK(bandcluster_model_centers(model, centers, 4));
  REQUIRE(centers[0] > 0 && centers[4] < -6);
  bandcluster_model_free(model);
}

static void merging(void) {
  bandcluster_model *model = good_model(), *new_model = NULL; /* 2 classes, 2 bands */
  const uint32_t both[] = {1, 1}, second[] = {0, 1}, unknown[] = {1, 2}, none[] = {0, 0};
  const char *names[] = {"water", "land"}, *bad_name[] = {"\xff\xfe"}, *no_name[] = {NULL};
  uint32_t values[] = {77, 77};
  double distances[] = {-7, -7};
  ARGUMENT(bandcluster_model_merge(NULL, both, 2, names, 1, values, &new_model));
  ARGUMENT(bandcluster_model_merge(model, NULL, 2, names, 1, values, &new_model));
  ARGUMENT(bandcluster_model_merge(model, both, 1, names, 1, values, &new_model));
  ARGUMENT(bandcluster_model_merge(model, both, 3, names, 1, values, &new_model));
  ARGUMENT(bandcluster_model_merge(model, both, 2, NULL, 1, values, &new_model));
  ARGUMENT(bandcluster_model_merge(model, both, 2, names, 0, values, &new_model));
  ARGUMENT(bandcluster_model_merge(model, none, 2, names, 1, values, &new_model));
  ARGUMENT(bandcluster_model_merge(model, none, 2, NULL, 0, values, &new_model));
  ARGUMENT(bandcluster_model_merge(model, unknown, 2, names, 1, values, &new_model));
  ARGUMENT(bandcluster_model_merge(model, both, 2, bad_name, 1, values, &new_model));
  ARGUMENT(bandcluster_model_merge(model, both, 2, no_name, 1, values, &new_model));
  ARGUMENT(bandcluster_model_merge(model, both, 2, names, 1, values, NULL));
  ARGUMENT(bandcluster_model_align(NULL, model, values, distances, 2, &new_model));
  ARGUMENT(bandcluster_model_align(model, NULL, values, distances, 2, &new_model));
  ARGUMENT(bandcluster_model_align(model, model, values, distances, 1, &new_model));
  ARGUMENT(bandcluster_model_align(model, model, values, distances, 2, NULL));
  REQUIRE(new_model == NULL && values[0] == 77 && distances[1] < -6);

  OK(bandcluster_model_merge(model, both, 2, names, 1, NULL, &new_model));
  REQUIRE(bandcluster_model_n_clusters(new_model) == 1);
  bandcluster_model_free(new_model);
  OK(bandcluster_model_merge(model, second, 2, names, 1, values, &new_model));
  REQUIRE(bandcluster_model_n_clusters(new_model) == 2 && values[0] == 1 && values[1] == 2);
  bandcluster_model_free(new_model);
  OK(bandcluster_model_align(model, model, values, distances, 2, &new_model));
  REQUIRE(values[1] == 2 && distances[0] < 1e-9 && distances[1] < 1e-9);
  bandcluster_model_free(new_model);
  OK(bandcluster_model_align(model, model, NULL, NULL, 2, &new_model));
  bandcluster_model_free(new_model);
  bandcluster_model_free(model);
}

static void product(void) {
  const char *files[] = {"MTD_MSIL1C.xml", "GRANULE/L1C_T/IMG_DATA/T18SVG_20220615T155541_B02.jp2"},
             *broken[] = {files[0], NULL};
  const char *metadata = "<p><QUANTIFICATION_VALUE>10000</QUANTIFICATION_VALUE></p>", *json = NULL;
  bandcluster_product *found = NULL;
  ARGUMENT(bandcluster_product_new(NULL, files, 2, metadata, &found));
  ARGUMENT(bandcluster_product_new("P", NULL, 2, metadata, &found));
  ARGUMENT(bandcluster_product_new("P", broken, 2, metadata, &found));
  ARGUMENT(bandcluster_product_new("P", files, 2, metadata, NULL));
  DATA(bandcluster_product_new("P", files, 0, metadata, &found));
  DATA(bandcluster_product_new("P", files, 1, metadata, &found));
  DATA(bandcluster_product_new("P", files, 2, "", &found));
  REQUIRE(found == NULL);
  OK(bandcluster_product_new("P", files, 2, metadata, &found));
  ARGUMENT(bandcluster_product_json(NULL, &json));
  ARGUMENT(bandcluster_product_json(found, NULL));
  REQUIRE(json == NULL);
  OK(bandcluster_product_json(found, &json));
  REQUIRE(strstr(json, "\"name\":\"B02\"") != NULL && strstr(json, "\"nodata\":null") != NULL);
  bandcluster_product_free(found);
  /* Without metadata every file is a band. */
  OK(bandcluster_product_new("P", files, 2, NULL, &found));
  OK(bandcluster_product_json(found, &json));
  REQUIRE(strstr(json, "\"name\":\"MTD_MSIL1C\"") != NULL &&
          strstr(json, "\"name\":\"B02\"") != NULL);
  bandcluster_product_free(found);
  bandcluster_product_free(NULL);
}

/* argv[1]: a folder that holds a file "garbage" */
int main(int argc, char **argv) {
  const char *folder = argc > 1 ? argv[1] : ".";
  REQUIRE(strcmp(bandcluster_last_error(), "") == 0);
  structs();
  library();
  fit_bad_raster();
  fit_bad_options();
  fit_bad_run();
  fit_bad_pixels();
  predict();
  too_many_classes_for_uint8();
  summary(folder);
  refinement(folder);
  scenes(folder);
  model_files(folder);
  choosing();
  report(folder);
  maps();
  model_getters();
  merging();
  product();
  printf("%d checks, %d failures\n", checks, failures);
  return failures == 0 ? 0 : 1;
}
