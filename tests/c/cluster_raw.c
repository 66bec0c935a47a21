/* Clusters a raw file of samples (no header, native byte order) with bandcluster's C API; prints
   one line per class: its label, its pixels, its centre. Also the example in docs/c.md.

     cc -std=c99 cluster_raw.c $(pkg-config --cflags --libs bandcluster) -o cluster_raw
     cluster_raw scene.raw WIDTH HEIGHT BANDS uint16 CLASSES [bsq|bil|bip [labels.raw]]
*/
#include <bandcluster.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

static void check(bandcluster_status status, const char *what) {
  if (status != BANDCLUSTER_OK) die(what, bandcluster_last_error());
}

static uint32_t sample_type(const char *name, size_t *size) {
  static const struct { const char *name; uint32_t type; size_t size; } types[] = {
      {"uint8", BANDCLUSTER_UINT8, 1},     {"int8", BANDCLUSTER_INT8, 1},
      {"uint16", BANDCLUSTER_UINT16, 2},   {"int16", BANDCLUSTER_INT16, 2},
      {"uint32", BANDCLUSTER_UINT32, 4},   {"int32", BANDCLUSTER_INT32, 4},
      {"float32", BANDCLUSTER_FLOAT32, 4}, {"float64", BANDCLUSTER_FLOAT64, 8},
  };
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    if (strcmp(name, types[i].name) == 0) {
      *size = types[i].size;
      return types[i].type;
    }
  }
  die(name, "not a sample type");
  return 0;
}

static void *allocate(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (memory == NULL) die("memory", "not enough");
  return memory;
}

static unsigned char *read_file(const char *path, size_t size) {
  FILE *file = fopen(path, "rb");
  unsigned char *data = allocate(size, 1);
  if (file == NULL) die(path, "cannot be opened");
  if (fread(data, 1, size, file) != size)
    die(path, "is shorter than width x height x bands samples");
  fclose(file);
  return data;
}

static void write_file(const char *path, const void *data, size_t size) {
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0)
    die(path, "cannot be written");
}

static void print_classes(const bandcluster_model *model) {
  uint32_t k = bandcluster_model_n_clusters(model), n_bands = bandcluster_model_n_bands(model);
  double *centers = allocate((size_t)k * n_bands, sizeof *centers);
  uint64_t *counts = allocate(k, sizeof *counts);
  check(bandcluster_model_centers(model, centers, (uint64_t)k * n_bands), "centres");
  check(bandcluster_model_counts(model, counts, k), "class sizes");
  for (uint32_t i = 0; i < k; i++) {
    printf("%u %llu", i + 1, (unsigned long long)counts[i]);
    for (uint32_t band = 0; band < n_bands; band++)
      printf(" %.17g", centers[(size_t)i * n_bands + band]);
    printf("\n");
  }
  free(centers);
  free(counts);
}

int main(int argc, char **argv) {
  if (argc < 7)
    die("usage", "cluster_raw FILE WIDTH HEIGHT BANDS TYPE CLASSES [bsq|bil|bip [LABELS]]");
  size_t width = strtoul(argv[2], NULL, 10), height = strtoul(argv[3], NULL, 10),
         n_bands = strtoul(argv[4], NULL, 10);
  size_t size;
  uint32_t type = sample_type(argv[5], &size);
  const char *interleave = argc > 7 ? argv[7] : "bsq";

  /* A layout: where each band begins, and the bytes from pixel to pixel and from row to row. */
  size_t band_step = width * height * size, pixel_stride = size, line_stride = width * size;
  if (strcmp(interleave, "bil") == 0) {
    band_step = width * size;
    line_stride = n_bands * width * size;
  } else if (strcmp(interleave, "bip") == 0) {
    band_step = size;
    pixel_stride = n_bands * size;
    line_stride = n_bands * width * size;
  } else if (strcmp(interleave, "bsq") != 0) {
    die(interleave, "not bsq, bil or bip");
  }
  unsigned char *data = read_file(argv[1], n_bands * width * height * size);
  const void **bands = allocate(n_bands, sizeof *bands);
  for (size_t band = 0; band < n_bands; band++) bands[band] = data + band * band_step;

  bandcluster_raster raster;
  check(bandcluster_raster_init(&raster, sizeof raster), "raster");
  raster.n_bands = (uint32_t)n_bands;
  raster.bands = bands;
  raster.width = width;
  raster.height = height;
  raster.pixel_stride = (int64_t)pixel_stride;
  raster.line_stride = (int64_t)line_stride;
  raster.sample_type = type;

  bandcluster_kmeans_options options;
  check(bandcluster_kmeans_options_init(&options, sizeof options), "options");
  options.n_clusters = (uint32_t)strtoul(argv[6], NULL, 10);

  bandcluster_model *model = NULL;
  check(bandcluster_fit(&raster, &options.common, 0, NULL, &model), "fit");
  print_classes(model);

  if (argc > 8) {
    uint8_t *classes = allocate(width, height);
    bandcluster_labels labels;
    check(bandcluster_labels_init(&labels, sizeof labels), "labels");
    labels.label_type = BANDCLUSTER_UINT8;
    labels.data = classes;
    labels.width = width;
    labels.height = height;
    check(bandcluster_predict(model, &raster, &labels, NULL), "predict");
    write_file(argv[8], classes, width * height);
    free(classes);
  }
  bandcluster_model_free(model);
  free(bands);
  free(data);
  return 0;
}
