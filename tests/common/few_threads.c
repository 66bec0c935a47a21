/* Stands before the system's pthread_create: no more than MOST_THREADS threads at once, beside the
   first one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
typedef void *(*routine)(void *);
struct begun { routine run; void *with; };
static atomic_int alive;
static void *counted(void *data) {
    struct begun begun = *(struct begun *)data;
    free(data);
    void *found = begun.run(begun.with);
    alive--;
    return found;
}
int pthread_create(pthread_t *thread, const pthread_attr_t *how, routine run, void *with) {
    int (*create)(pthread_t *, const pthread_attr_t *, routine, void *) =
        dlsym(RTLD_NEXT, "pthread_create");
    if (alive++ >= atoi(getenv("MOST_THREADS"))) { alive--; return EAGAIN; }
    struct begun *begun = malloc(sizeof *begun);
    *begun = (struct begun){run, with};
    int failed = create(thread, how, counted, begun);
    if (failed) { free(begun); alive--; }
    return failed;
}
