// Scenes of files in pieces, and the seeds in them. Arguments: a scene, a layer of seeds with the
// field cover, and the model to write. Prints the seeds' means as JSON, after failed checks.
#include "check.hpp"

namespace {

bool holds(const std::string &text, const std::string &part) {
    return text.find(part) != std::string::npos;
}

std::uint64_t n_pieces(const bandcluster::Scenes &scenes) {
    const std::string key = "\"n_pieces\":", json = scenes.json();
    return std::stoul(json.substr(json.find(key) + key.size()));
}

// The model of a job with these seeds: a summary and then refinements, each of all pieces.
bandcluster::Model fitted(const bandcluster::Scenes &scenes, const std::string &init) {
    auto summary = scenes.summary(0);
    for (std::uint64_t piece = 1; piece < n_pieces(scenes); ++piece)
        summary.merge(scenes.summary(piece));
    auto model = summary.fit("kmeans", R"({"n_clusters": 4, "init": )" + init + "}");
    scenes.describe(model);
    while (!model.converged()) {
        auto step = scenes.refinement(0, model);
        for (std::uint64_t piece = 1; piece < n_pieces(scenes); ++piece)
            step.merge(scenes.refinement(piece, model));
        step.apply(model);
    }
    return model;
}

void seeds(const bandcluster::Scenes &scenes, const std::string &layer) {
    const auto init = scenes.seeds(layer);
    require(holds(init, "\"seed 1\":[") && holds(init, "\"seed 2\":[") && !holds(init, "wood"),
            "without a field each feature is a seed");
    require(status_of([&] { scenes.seeds(layer, "klass"); }) == BANDCLUSTER_INVALID_ARGUMENT,
            "no such field");
    require(status_of([&] { scenes.seeds("no/such.gpkg"); }) == BANDCLUSTER_IO, "no such layer");
    bandcluster::Run run;
    run.progress = [](double, const char *) { return false; };
    require(status_of([&] { scenes.seeds(layer, "cover", run); }) == BANDCLUSTER_CANCELLED,
            "cancelled");
}

void pieces(const bandcluster::Scenes &scenes) {
    require(holds(scenes.json(), "\"n_bands\":4") && n_pieces(scenes) > 1, "several pieces");
    require(status_of([&] { scenes.summary(n_pieces(scenes)); }) == BANDCLUSTER_INVALID_ARGUMENT,
            "the piece after the last");
    require(status_of([] { bandcluster::Scenes("{}"); }) == BANDCLUSTER_INVALID_ARGUMENT,
            "no request");
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    try {
        const std::string request = R"({"command": "fit", "inputs": [")" + std::string(argv[1]);
        const bandcluster::Scenes scenes(request + R"("]})", 100000);
        pieces(scenes);
        seeds(scenes, argv[2]);
        const auto init = scenes.seeds(argv[2], "cover");
        fitted(scenes, init).save(argv[3]);
        std::cout << init << '\n';
    } catch (const std::exception &error) {
        require(false, error.what());
    }
    return failures == 0 ? 0 : 1;
}
