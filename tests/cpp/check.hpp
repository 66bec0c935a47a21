// Checks for the C++ programs of the tests; counts failed checks. A program includes it once.
#include <bandcluster.hpp>

#include <iostream>

namespace {

int failures = 0;

void require(bool condition, const char *what) {
    if (!condition) {
        ++failures;
        std::cout << "failed: " << what << '\n';
    }
}

template <typename Call> bandcluster_status status_of(Call call) {
    try {
        call();
    } catch (const bandcluster::Error &error) {
        require(error.what()[0] != 0, "an error says something");
        return error.status();
    }
    return BANDCLUSTER_OK;
}

} // namespace
