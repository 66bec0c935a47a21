/* Checks for the C programs of the tests; counts failed checks. A program includes it once. */
#include <bandcluster.h>
#include <stdio.h>
#include <string.h>

static int checks = 0, failures = 0;

static void require(int condition, int line, const char *what) {
  checks++;
  if (condition) return;
  failures++;
  printf("line %d: %s\n", line, what);
}
#define REQUIRE(condition) require(condition, __LINE__, #condition)

/* The status is `wanted` and, unless that is OK, the message is one line and not empty. */
static void expect(bandcluster_status status, bandcluster_status wanted, int line,
                   const char *call) {
  const char *message = bandcluster_last_error();
  checks++;
  if (status != wanted) {
    failures++;
    printf("line %d: %s\n  gave %s, wanted %s: %s\n", line, call, bandcluster_status_name(status),
           bandcluster_status_name(wanted), message);
  } else if (wanted != BANDCLUSTER_OK && (message[0] == '\0' || strchr(message, '\n') != NULL)) {
    failures++;
    printf("line %d: %s\n  message is not one line: \"%s\"\n", line, call, message);
  }
}
#define OK(call) expect(call, BANDCLUSTER_OK, __LINE__, #call)
#define ARGUMENT(call) expect(call, BANDCLUSTER_INVALID_ARGUMENT, __LINE__, #call)
#define DATA(call) expect(call, BANDCLUSTER_INVALID_DATA, __LINE__, #call)
