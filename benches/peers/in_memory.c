/* Times fit and predict on a scene in memory, beside a sum of all its samples (`look`).
 *
 *     in_memory FILE WIDTH HEIGHT BANDS NODATA K RUNS
 *
 * FILE holds int16 samples, band after band. Fit, predict and the sum use all cores. Nothing that
 * reads the scene can be quicker than the sum. Prints JSON: nanoseconds per pixel of each, in each
 * run. */
#define _POSIX_C_SOURCE 200809L

#include <bandcluster.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MOST_BANDS 64
#define MOST_THREADS 256
#define MOST_RUNS 100

typedef struct {
  int16_t *samples;
  uint64_t width, height, n_pixels;
  uint32_t n_bands;
  double nodata[MOST_BANDS];
  const void *bands[MOST_BANDS];
  uint8_t *labels;
} scene;

typedef struct {
  const int16_t *samples;
  uint64_t count;
  int64_t sum;
} share;

typedef struct {
  double fit[MOST_RUNS], predict[MOST_RUNS], look[MOST_RUNS];
} times;

static void fail(const char *what) {
  fprintf(stderr, "in_memory: %s\n", what);
  exit(1);
}

static void check(bandcluster_status status) {
  if (status != BANDCLUSTER_OK) fail(bandcluster_last_error());
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

/* ------------------------------------------------------------------------------------ the scene */

static scene load(char **words) {
  scene loaded = {.width = strtoull(words[1], NULL, 10),
                  .height = strtoull(words[2], NULL, 10),
                  .n_bands = (uint32_t)strtoul(words[3], NULL, 10)};
  loaded.n_pixels = loaded.width * loaded.height;
  const uint64_t count = loaded.n_pixels * loaded.n_bands;
  if (count == 0 || loaded.n_bands > MOST_BANDS) fail("a scene has 1 to 64 bands, and pixels");
  loaded.samples = malloc(count * sizeof *loaded.samples);
  loaded.labels = calloc(loaded.n_pixels, 1);
  FILE *file = fopen(words[0], "rb");
  if (!loaded.samples || !loaded.labels || !file)
    fail("the scene cannot be opened, or memory is short");
  if (fread(loaded.samples, sizeof *loaded.samples, count, file) != count)
    fail("the file is shorter than the scene");
  fclose(file);
  for (uint32_t band = 0; band < loaded.n_bands; band++) {
    loaded.bands[band] = loaded.samples + band * loaded.n_pixels;
    loaded.nodata[band] = strtod(words[4], NULL);
  }
  return loaded;
}

static bandcluster_raster raster_of(const scene *scene) {
  bandcluster_raster raster;
  check(bandcluster_raster_init(&raster, sizeof raster));
  raster.bands = scene->bands;
  raster.n_bands = scene->n_bands;
  raster.width = scene->width;
  raster.height = scene->height;
  raster.sample_type = BANDCLUSTER_INT16;
  raster.nodata = scene->nodata;
  return raster;
}

/* ----------------------------------------------------------------------------- the timed calls */

static bandcluster_model *fit(const bandcluster_raster *raster, uint32_t n_clusters) {
  bandcluster_kmeans_options options;
  bandcluster_model *model = NULL;
  check(bandcluster_kmeans_options_init(&options, sizeof options));
  options.n_clusters = n_clusters;
  check(bandcluster_fit(raster, &options.common, 0, NULL, &model));
  return model;
}

static void predict(const bandcluster_model *model, const bandcluster_raster *raster,
                    uint8_t *data) {
  bandcluster_labels labels;
  check(bandcluster_labels_init(&labels, sizeof labels));
  labels.label_type = BANDCLUSTER_UINT8;
  labels.data = data;
  labels.width = raster->width;
  labels.height = raster->height;
  check(bandcluster_predict(model, raster, &labels, NULL));
}

static void *add_up(void *argument) {
  share *part = argument;
  int64_t sum = 0;
  for (uint64_t i = 0; i < part->count; i++) sum += part->samples[i];
  part->sum = sum;
  return NULL;
}

static int64_t look(const scene *scene, int n_threads) {
  pthread_t threads[MOST_THREADS];
  share parts[MOST_THREADS];
  const uint64_t count = scene->n_pixels * scene->n_bands;
  int64_t sum = 0;
  for (int i = 0; i < n_threads; i++) {
    const uint64_t begin = count * i / n_threads, end = count * (i + 1) / n_threads;
    parts[i] = (share){scene->samples + begin, end - begin, 0};
    if (pthread_create(&threads[i], NULL, add_up, &parts[i])) fail("a thread cannot be started");
  }
  for (int i = 0; i < n_threads; i++) {
    pthread_join(threads[i], NULL);
    sum += parts[i].sum;
  }
  return sum;
}

/* ------------------------------------------------------------------------------------- the runs */

static int64_t run(const scene *scene, uint32_t n_clusters, int n_threads, times *spent,
                   int index) {
  const bandcluster_raster raster = raster_of(scene);
  const double start = now();
  const int64_t sum = look(scene, n_threads);
  const double looked = now();
  bandcluster_model *model = fit(&raster, n_clusters);
  const double fitted = now();
  predict(model, &raster, scene->labels);
  const double predicted = now();
  bandcluster_model_free(model);
  spent->look[index] = looked - start;
  spent->fit[index] = fitted - looked;
  spent->predict[index] = predicted - fitted;
  return sum;
}

static void print_times(const char *name, const double *seconds, int runs, uint64_t n_pixels) {
  printf("\"%s\": [", name);
  for (int i = 0; i < runs; i++) printf("%s%.5f", i ? ", " : "", seconds[i] * 1e9 / n_pixels);
  printf("], ");
}

int main(int argc, char **argv) {
  if (argc != 8) fail("usage: in_memory FILE WIDTH HEIGHT BANDS NODATA K RUNS");
  const scene scene = load(argv + 1);
  const uint32_t n_clusters = (uint32_t)strtoul(argv[6], NULL, 10);
  const int runs = atoi(argv[7]);
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  const int n_threads = cores < MOST_THREADS ? (int)cores : MOST_THREADS;
  times spent;
  int64_t sum = 0;
  if (runs < 1 || runs > MOST_RUNS) fail("RUNS is from 1 to 100");
  for (int i = 0; i < runs; i++) sum = run(&scene, n_clusters, n_threads, &spent, i);
  printf("{");
  print_times("fit", spent.fit, runs, scene.n_pixels);
  print_times("predict", spent.predict, runs, scene.n_pixels);
  print_times("look", spent.look, runs, scene.n_pixels);
  printf("\"threads\": %d, \"sum\": %lld}\n", n_threads, (long long)sum);
  return 0;
}
