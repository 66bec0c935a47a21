/* Finds classes in a scene, and labels its neighbour with them, from file to file.

     cc -std=c99 neighbour.c $(pkg-config --cflags --libs bandcluster) -o neighbour
     ./neighbour SCENE NEIGHBOUR

   It writes scene.tif, neighbour.tif and model.json into the current folder, and refuses to replace
   files that exist. Ctrl-C is not handled: a program with a window returns 0 from `progress` when
   its user cancels. */
#include <bandcluster.h>
#include <stdio.h>
#include <string.h>

static int32_t progress(double fraction, const char *message, void *user_data) {
  (void)user_data;
  fprintf(stderr, "\r%3.0f %% %-20s", 100 * fraction, message != NULL ? message : "");
  return 1; /* 0 cancels */
}

/* Names go into the request unchanged, so names that JSON would have to escape are refused. */
static int is_plain(const char *name) { return strpbrk(name, "\"\\") == NULL; }

/* Runs a job whose request has one %s, the name of a scene. Returns 1 if all went well. */
static int run(const char *format, const char *scene) {
  char request[4096], *outcome = NULL;
  bandcluster_run options;
  int length = snprintf(request, sizeof request, format, scene);
  if (!is_plain(scene) || length < 0 || (size_t)length >= sizeof request) {
    fprintf(stderr, "%s: the name is too long, or has a \" or a \\\n", scene);
    return 0;
  }
  bandcluster_run_init(&options, sizeof options);
  options.progress = progress;
  if (bandcluster_run_job(request, &options, &outcome) != BANDCLUSTER_OK) {
    fprintf(stderr, "\n%s\n", bandcluster_last_error());
    return 0;
  }
  fprintf(stderr, "\n");
  puts(outcome); /* what was done, as JSON: docs/job-outcome.schema.json */
  bandcluster_text_free(outcome);
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s SCENE NEIGHBOUR\n", argv[0]);
    return 2;
  }
  if (!run("{\"command\": \"cluster\", \"input\": \"%s\", \"output\": \"scene.tif\","
           " \"n_clusters\": 6, \"model\": \"model.json\"}",
           argv[1]) ||
      !run("{\"command\": \"predict\", \"model\": \"model.json\", \"input\": \"%s\","
           " \"output\": \"neighbour.tif\"}",
           argv[2])) {
    return 1;
  }
  return 0;
}
