// Finds classes in an image that does not fit in memory, and labels it, block by block.
//
//   c++ -std=c++17 blocks.cpp $(pkg-config --cflags --libs bandcluster) -o blocks
//   gdal_translate -of ENVI -co INTERLEAVE=BIP SCENE scene.raw
//   ./blocks scene.raw WIDTH HEIGHT BANDS labels.raw
//
// The file has samples of 16 bits, the bands of a pixel side by side. The labels are those that the
// whole image would get, byte for byte.
#include <bandcluster.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>

namespace {

constexpr std::uint64_t ROWS = 100; // of a block

struct Image {
    std::string path;
    std::uint64_t width, height;
    std::uint32_t n_bands;
};

// Calls use(block) for each block of the image, from the top.
template <typename Use> void for_each_block(const Image &image, Use use) {
    std::ifstream file(image.path, std::ios::binary);
    std::vector<std::uint16_t> samples;
    for (std::uint64_t first = 0; first < image.height; first += ROWS) {
        const auto rows = std::min(ROWS, image.height - first);
        samples.resize(rows * image.width * image.n_bands);
        const auto bytes = static_cast<std::streamsize>(samples.size() * sizeof samples[0]);
        if (!file.read(reinterpret_cast<char *>(samples.data()), bytes)) {
            throw std::runtime_error(image.path + ": cannot be read, or is too short");
        }
        use(bandcluster::Raster::bip(samples.data(), image.width, rows, image.n_bands).nodata(0));
    }
}

bandcluster::Model fit(const Image &image) {
    bandcluster::Summary summary(image.n_bands, bandcluster::SampleType::uint16);
    for_each_block(image, [&](const auto &block) { summary.add(block); });
    auto model = summary.fit(bandcluster::KmeansOptions(6));
    while (!model.converged()) {
        bandcluster::Refinement refinement(model, bandcluster::SampleType::uint16);
        for_each_block(image, [&](const auto &block) { refinement.add(block); });
        refinement.apply(model);
    }
    return model;
}

void write_labels(const bandcluster::Model &model, const Image &image, const std::string &path) {
    std::ofstream file(path, std::ios::binary);
    for_each_block(image, [&](const auto &block) {
        const auto labels = bandcluster::predict<std::uint8_t>(model, block);
        file.write(reinterpret_cast<const char *>(labels.data()), labels.size());
    });
    file.close();
    if (!file) throw std::runtime_error(path + ": cannot be written");
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 6) {
        std::cerr << "usage: blocks SCENE.raw WIDTH HEIGHT BANDS LABELS.raw\n";
        return 2;
    }
    try {
        const Image image{argv[1], std::stoul(argv[2]), std::stoul(argv[3]),
                          static_cast<std::uint32_t>(std::stoul(argv[4]))};
        const auto model = fit(image);
        write_labels(model, image, argv[5]);
        for (auto count : model.counts()) std::cout << count << '\n';
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
