/* Jobs on raster files. Arguments: a scene, and a folder for the outputs. */
#include "check.h"
#include <stdio.h>
#include <stdlib.h>

static int never(double fraction, const char *message, void *user_data) {
  (void)fraction, (void)message, (void)user_data;
  return 0;
}

static int says(const char *text, const char *part) {
  return text != NULL && strstr(text, part) != NULL;
}

static void requests(void) {
  char *outcome = NULL;
  ARGUMENT(bandcluster_run_job(NULL, NULL, &outcome));
  ARGUMENT(bandcluster_run_job("[1]", NULL, &outcome));
  ARGUMENT(bandcluster_run_job("{\"command\": \"paint\"}", NULL, &outcome));
  REQUIRE(says(bandcluster_last_error(), "paint"));
  ARGUMENT(bandcluster_run_job("{\"command\": \"info\", \"file\": \"a.tif\"}", NULL, &outcome));
  REQUIRE(says(bandcluster_last_error(), "file is not a field of info: "));
  ARGUMENT(bandcluster_run_job("{\"command\": \"info\"}", NULL, &outcome));
  REQUIRE(says(bandcluster_last_error(), "path is missing"));
  REQUIRE(strcmp(bandcluster_last_error_field(NULL), "path") == 0);
  expect(bandcluster_run_job("{\"command\": \"info\", \"path\": \"no/such.tif\"}", NULL, &outcome),
         BANDCLUSTER_IO, __LINE__, "no such file");
  REQUIRE(outcome == NULL);
  bandcluster_text_free(NULL);
}

static void jobs(const char *scene, const char *folder) {
  char request[2000], map[1000], *outcome = NULL;
  bandcluster_run run;
  FILE *file;
  snprintf(request, sizeof request, "{\"command\": \"info\", \"path\": \"%s\"}", scene);
  OK(bandcluster_run_job(request, NULL, NULL));
  OK(bandcluster_run_job(request, NULL, &outcome));
  REQUIRE(says(outcome, "\"width\":832") && says(outcome, "\"driver\":\"GTiff\""));
  bandcluster_text_free(outcome);
  outcome = NULL;

  snprintf(map, sizeof map, "%s/map.tif", folder);
  snprintf(request, sizeof request,
           "{\"command\": \"cluster\", \"input\": \"%s\", \"output\": \"%s\", \"n_clusters\": 3, "
           "\"colors\": \"red\"}",
           scene, map);
  ARGUMENT(bandcluster_run_job(request, NULL, &outcome));
  REQUIRE(says(bandcluster_last_error(), "colors: there are 1 colours for 3 classes"));
  uint64_t position = 9;
  ARGUMENT(bandcluster_check_job(request));
  REQUIRE(strcmp(bandcluster_last_error_field(&position), "colors") == 0 && position == 0);
  snprintf(request, sizeof request,
           "{\"command\": \"cluster\", \"input\": \"%s\", \"output\": \"%s\", \"n_clusters\": 3}",
           scene, map);
  OK(bandcluster_run_init(&run, sizeof run));
  run.progress = never;
  expect(bandcluster_run_job(request, &run, &outcome), BANDCLUSTER_CANCELLED, __LINE__,
         "cancelled");
  file = fopen(map, "rb");
  REQUIRE(outcome == NULL && file == NULL);
  OK(bandcluster_run_job(request, NULL, &outcome));
  REQUIRE(says(outcome, "\"n_clusters\":3") && says(outcome, "\"command\":\"cluster\""));
  bandcluster_text_free(outcome);
  file = fopen(map, "rb");
  REQUIRE(file != NULL);
  if (file != NULL) fclose(file);
  outcome = NULL;
  ARGUMENT(bandcluster_run_job(request, NULL, &outcome));
  REQUIRE(outcome == NULL && says(bandcluster_last_error(),
                                  "exists: give another name, or overwrite=true to replace it"));
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  requests();
  jobs(argv[1], argv[2]);
  printf("%d checks, %d failures\n", checks, failures);
  return failures != 0;
}
