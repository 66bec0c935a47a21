// Clusters a raw file of samples (no header, native byte order) through bandcluster.hpp; prints one
// line per class: its label, its pixels, its centre. With ROWS the pixels are streamed in blocks of
// ROWS rows, as from a file that does not fit in memory. Also the example in docs/c.md.
//
//   c++ -std=c++17 cluster_raw.cpp $(pkg-config --cflags --libs bandcluster) -o cluster_raw
//   cluster_raw scene.raw WIDTH HEIGHT BANDS uint16 CLASSES [bsq|bil|bip [labels.raw [ROWS]]]
#include <bandcluster.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>

namespace {

struct Arguments {
    std::string path;
    std::uint64_t width, height;
    std::uint32_t n_bands;
    std::string sample_type;
    std::uint32_t n_clusters;
    std::string interleave, labels;
    std::uint64_t rows; // per block; 0 = all at once
};

Arguments parse(const std::vector<std::string> &argv) {
    if (argv.size() < 6) {
        throw std::runtime_error("usage: cluster_raw FILE WIDTH HEIGHT BANDS TYPE CLASSES "
                                 "[bsq|bil|bip [LABELS [ROWS]]]");
    }
    const auto number = [](const std::string &text) { return std::stoul(text); };
    return {argv[0],
            number(argv[1]),
            number(argv[2]),
            static_cast<std::uint32_t>(number(argv[3])),
            argv[4],
            static_cast<std::uint32_t>(number(argv[5])),
            argv.size() > 6 ? argv[6] : "bsq",
            argv.size() > 7 ? argv[7] : "",
            argv.size() > 8 ? number(argv[8]) : 0};
}

template <typename T> std::vector<T> read_samples(const std::string &path, std::size_t count) {
    std::vector<T> samples(count);
    const auto bytes = static_cast<std::streamsize>(count * sizeof(T));
    std::ifstream file(path, std::ios::binary);
    if (!file.read(reinterpret_cast<char *>(samples.data()), bytes)) {
        throw std::runtime_error(
            path + ": cannot be read, or is shorter than width x height x bands samples");
    }
    return samples;
}

template <typename T>
bandcluster::Raster raster(const std::vector<T> &samples, const Arguments &a) {
    if (a.interleave == "bil")
        return bandcluster::Raster::bil(samples.data(), a.width, a.height, a.n_bands);
    if (a.interleave == "bip")
        return bandcluster::Raster::bip(samples.data(), a.width, a.height, a.n_bands);
    return bandcluster::Raster::bsq(samples.data(), a.width, a.height, a.n_bands);
}

// Calls `use(block, first row)` for each block of `rows` rows.
template <typename Use>
void for_each_block(const bandcluster::Raster &scene, std::uint64_t rows, Use use) {
    for (std::uint64_t first = 0; first < scene.height(); first += rows) {
        use(scene.rows(first, std::min(rows, scene.height() - first)), first);
    }
}

bandcluster::Model fit_streamed(const bandcluster::Raster &scene,
                                const bandcluster::KmeansOptions &options, std::uint64_t rows) {
    bandcluster::Summary summary(scene.n_bands(), scene.sample_type());
    for_each_block(scene, rows, [&](const auto &block, std::uint64_t) { summary.add(block); });
    bandcluster::Model model = summary.fit(options);
    while (!model.converged()) {
        bandcluster::Refinement step(model, scene.sample_type());
        for_each_block(scene, rows, [&](const auto &block, std::uint64_t) { step.add(block); });
        step.apply(model);
    }
    return model;
}

void print_classes(const bandcluster::Model &model) {
    const auto centers = model.centers();
    const auto counts = model.counts();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        std::printf("%zu %llu", i + 1, static_cast<unsigned long long>(counts[i]));
        for (std::size_t band = 0; band < model.n_bands(); ++band) {
            std::printf(" %.17g", centers[i * model.n_bands() + band]);
        }
        std::printf("\n");
    }
}

template <typename T> void cluster(const Arguments &a) {
    const auto samples = read_samples<T>(a.path, a.width * a.height * a.n_bands);
    const auto scene = raster(samples, a);
    const bandcluster::KmeansOptions options(a.n_clusters);
    bandcluster::Run run;
    run.progress = [](double fraction, const char *message) {
        std::fprintf(stderr, "\r%3.0f %% %s", 100 * fraction, message);
        return true;
    };

    const auto model = a.rows == 0 ? bandcluster::fit(scene, options, 0, run)
                                   : fit_streamed(scene, options, a.rows);
    print_classes(model);

    if (!a.labels.empty()) {
        std::vector<std::uint8_t> labels(a.width * a.height);
        for_each_block(
            scene, a.rows == 0 ? a.height : a.rows, [&](const auto &block, std::uint64_t first) {
                predict(model, block,
                        {labels.data() + first * a.width, block.width(), block.height()}, run);
            });
        std::ofstream(a.labels, std::ios::binary)
            .write(reinterpret_cast<const char *>(labels.data()),
                   static_cast<std::streamsize>(labels.size()));
    }
}

} // namespace

int main(int argc, char **argv) {
    try {
        const auto arguments = parse({argv + 1, argv + argc});
        if (arguments.sample_type == "uint8") cluster<std::uint8_t>(arguments);
        else if (arguments.sample_type == "uint16") cluster<std::uint16_t>(arguments);
        else if (arguments.sample_type == "int16") cluster<std::int16_t>(arguments);
        else if (arguments.sample_type == "float32") cluster<float>(arguments);
        else
            throw std::runtime_error(arguments.sample_type + ": not a sample type of this program");
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
