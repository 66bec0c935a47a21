// What bandcluster.hpp adds to the C API: exceptions, ownership by move, views of blocks. Prints
// failed checks.
#include "check.hpp"

namespace {

const std::vector<std::uint16_t> samples = {10, 20, 900, 910, 15, 12, 905, 0,
                                            1,  2,  3,   4,   5,  6,  7,   0};

bandcluster::Raster scene() { return bandcluster::Raster::bsq(samples.data(), 4, 2, 2).nodata(0); }

void errors() {
    require(status_of([] { fit(scene(), bandcluster::KmeansOptions(0)); }) ==
                BANDCLUSTER_INVALID_ARGUMENT,
            "k = 0");
    require(status_of([] { fit(scene(), bandcluster::KmeansOptions(100)); }) ==
                BANDCLUSTER_INVALID_DATA,
            "k = 100");
    require(status_of([] { bandcluster::Model::load("no/such/file"); }) == BANDCLUSTER_IO,
            "no such model");
    require(status_of([] { bandcluster::Model::from_json("{"); }) == BANDCLUSTER_INVALID_MODEL,
            "half a model");
    require(status_of([] { scene().nodata({1, 2, 3}); }) == BANDCLUSTER_INVALID_ARGUMENT,
            "nodata of three bands");
    require(status_of([] { scene().rows(1, 2); }) == BANDCLUSTER_INVALID_ARGUMENT,
            "rows after the last");
    require(status_of([] { bandcluster::Raster::bsq<float>(nullptr, 4, 2, 2).raw(); }) ==
                BANDCLUSTER_OK,
            "no pixels: raw() accepts them");
    require(status_of([] { fit(bandcluster::Raster::bsq<float>(nullptr, 4, 2, 2)); }) ==
                BANDCLUSTER_INVALID_ARGUMENT,
            "no pixels: fit refuses them");
    require(status_of([] { bandcluster::run_job("[]"); }) == BANDCLUSTER_INVALID_ARGUMENT,
            "no request");
}

void callbacks() {
    bandcluster::Run run;
    run.progress = [](double, const char *) { return false; };
    require(status_of([&] { fit(scene(), bandcluster::KmeansOptions(2), 0, run); }) ==
                BANDCLUSTER_CANCELLED,
            "cancelled");

    run.progress = [](double, const char *) -> bool { throw std::out_of_range("mine"); };
    try {
        fit(scene(), bandcluster::KmeansOptions(2), 0, run);
        require(false, "the callback's exception comes back");
    } catch (const std::out_of_range &error) {
        require(std::string(error.what()) == "mine", "it is the callback's own");
    }
}

void options() {
    bandcluster::AgglomerativeOptions joined;
    joined.n_clusters = 2;
    const auto as_text = fit(scene(), "agglomerative", R"({"n_clusters": 2})").json();
    require(fit(scene(), joined).json() == as_text, "options as a struct are those of JSON");
    bandcluster::Summary summary(2, bandcluster::SampleType::uint16);
    summary.add(scene());
    require(summary.fit(joined).n_clusters() == 2, "of a summary, too");
    require(fit(scene(), bandcluster::KmeansOptions(2)).json() ==
                fit(scene(), "kmeans", R"({"n_clusters": 2})").json(),
            "those of k-means, too");
    require(fit(scene()).json() == fit(scene(), "kmeans").json(), "and the defaults");
    const double centers[] = {1, 2, 300, 4};
    const char *const names[] = {"dark", "bright"};
    const auto started = bandcluster::KmeansOptions().starting_from(centers, 2, 2).named(names);
    require(fit(scene(), started).json() ==
                fit(scene(), "kmeans", R"({"init": {"dark": [1, 2], "bright": [300, 4]}})").json(),
            "and centres to start from");
    require(summary.fit().n_clusters() == 4, "four classes");
    joined.n_clusters = 0;
    require(status_of([&] { fit(scene(), joined); }) == BANDCLUSTER_INVALID_ARGUMENT, "no class");
}

void models() {
    auto model = fit(scene(), bandcluster::KmeansOptions(2));
    require(model.n_clusters() == 2 && model.n_bands() == 2 && model.converged(),
            "the model's size");
    require(model.counts() == std::vector<std::uint64_t>({4, 3}),
            "8 pixels but one of nodata: 4 and 3");
    model.set_class_name(1, "water");
    model.set_class_color(2, 0x123456);
    auto copy = bandcluster::Model::from_json(model.json());
    model = std::move(copy); // frees the first one
    require(model.class_name(1) == "water" && model.class_color(2) == 0x123456,
            "names and colours are kept");

    const auto labels = bandcluster::predict<std::uint8_t>(model, scene());
    require(labels == std::vector<std::uint8_t>({1, 1, 2, 2, 1, 1, 2, 0}),
            "labels, 0 where a band is nodata");
    std::vector<std::uint64_t> counts(3);
    auto map = labels;
    bandcluster::count(bandcluster::Labels(map.data(), 4, 2), counts);
    require(counts == std::vector<std::uint64_t>({1, 4, 3}), "the pixels of each label");
    bandcluster::ZonalMeans zonal(2, 2, bandcluster::SampleType::uint16);
    zonal.add(scene(), bandcluster::Labels(map.data(), 4, 2));
    require(zonal.counts() == std::vector<std::uint64_t>({0, 4, 3}),
            "those of them that are valid");
    const auto means = zonal.means();
    std::vector<std::uint8_t> smooth(8);
    majority(bandcluster::Labels(map.data(), 4, 2), bandcluster::Labels(smooth.data(), 4, 2), 3);
    require(smooth == std::vector<std::uint8_t>({1, 1, 2, 2, 1, 1, 2, 0}), "a filtered map");
    require(means[0] != means[0] && means[2] == 14.25 && means[5] == (3 + 4 + 7) / 3.0,
            "and their means");
}

void merging() {
    const auto model = fit(scene(), bandcluster::KmeansOptions(3));
    std::vector<std::uint32_t> values;
    const auto merged = model.merge({{"water", {1, 3}}}, &values);
    require(merged.n_clusters() == 2 && merged.class_name(values[0]) == "water",
            "two are one, and named");
    require(values[0] == values[2] && values[1] != values[0], "and the new values told");
    const auto before = bandcluster::predict<std::uint8_t>(model, scene());
    const auto after = bandcluster::predict<std::uint8_t>(merged, scene());
    for (std::size_t pixel = 0; pixel < before.size(); ++pixel)
        require(after[pixel] == (before[pixel] ? values[before[pixel] - 1] : 0),
                "labels are those remapped");
    for (const std::uint32_t value : {0u, 2u, 4u})
        require(status_of([&] { model.merge({{"a", {1, 2}}, {"b", {value}}}); }) ==
                    BANDCLUSTER_INVALID_ARGUMENT,
                "a class that is not there, or twice");

    auto old = bandcluster::Model::from_json(model.json());
    old.set_class_name(2, "wood");
    std::vector<double> distances;
    const auto aligned = model.align(old, &values, &distances);
    require(aligned.class_name(2) == "wood" && values[1] == 2 && distances[1] == 0,
            "it is like the old one");
}

void blocks() {
    const auto options = bandcluster::KmeansOptions(2);
    bandcluster::Summary first(2, bandcluster::SampleType::uint16),
        second(2, bandcluster::SampleType::uint16);
    first.add(scene().rows(0, 1));
    second.add(scene().rows(1, 1));
    first.merge(second);
    require(first.info().n_pixels == 8 && first.info().n_valid == 7, "8 pixels, one is nodata");
    auto model = first.fit(options);
    while (!model.converged()) {
        bandcluster::Refinement step(model, bandcluster::SampleType::uint16),
            other(model, bandcluster::SampleType::uint16);
        step.add(scene().rows(1, 1));
        other.add(scene().rows(0, 1));
        other.save("step.refinement");
        step.merge(bandcluster::Refinement::load("step.refinement"));
        require(step.apply(model) >= 0, "a shift");
    }
    const auto whole = fit(scene(), options);
    for (std::uint32_t band = 1; band <= 2; ++band)
        model.set_band(band, "band " + std::to_string(band), 0);
    require(model.json() == whole.json(),
            "blocks or the whole: the same model, once it knows the bands' nodata");

    // A mask and upside-down rows are views too.
    const std::vector<std::uint8_t> mask = {1, 1, 1, 1, 0, 0, 0, 0};
    const std::vector<const std::uint16_t *> bands = {samples.data() + 4, samples.data() + 12};
    auto flipped = bandcluster::Raster::bands(bands, 4, 2).strides(2, -8).mask(mask.data());
    bandcluster::Summary summary(2, bandcluster::SampleType::uint16);
    summary.add(flipped.rows(1, 1));
    require(summary.info().n_valid == 0, "the second row is masked");
    summary.add(flipped.rows(0, 1));
    require(summary.info().n_valid == 4, "the first is not");
}

void algorithms() {
    const auto joined =
        bandcluster::fit(scene(), "agglomerative", R"({"n_clusters": 2, "linkage": "complete"})");
    require(joined.n_clusters() == 2 && joined.converged(), "two classes are left");
    bandcluster::Summary summary(2, bandcluster::SampleType::uint16);
    summary.add(scene());
    const auto streamed =
        summary.fit("agglomerative", R"({"n_clusters": 2, "linkage": "complete"})");
    require(streamed.n_clusters() == 2 && streamed.converged(), "streamed there are two as well");
    try {
        bandcluster::fit(scene(), "agglomerative", R"({"linkage": "median"})");
        require(false, "an unknown linkage");
    } catch (const bandcluster::Error &error) {
        require(error.status() == BANDCLUSTER_INVALID_ARGUMENT, "is an invalid argument");
    }
}

void choices() {
    bandcluster::Summary summary(2, bandcluster::SampleType::uint16);
    summary.add(scene());
    const auto choice = summary.choose_k({2, 3});
    const auto candidates = choice.candidates();
    require(candidates.size() == 2 && candidates[0].k == 2 && candidates[1].k == 3,
            "2 and 3 were tried");
    require(candidates[1].inertia <= candidates[0].inertia, "inertia falls");
    require(choice.recommended_k() >= 2 && choice.recommended_k() <= 3,
            "one of them is recommended");
    require(choice.certainty() <= BANDCLUSTER_CERTAINTY_HIGH && !choice.reason().empty(),
            "and a reason given");
    try {
        summary.choose_k({4, 3});
        require(false, "a range the wrong way round");
    } catch (const bandcluster::Error &error) {
        require(error.status() == BANDCLUSTER_INVALID_ARGUMENT, "is an invalid argument");
    }
}

void drift() {
    const auto model = fit(scene(), bandcluster::KmeansOptions(2));
    bandcluster::Summary sample(2, bandcluster::SampleType::uint16),
        other(3, bandcluster::SampleType::uint16);
    sample.add(scene());
    const bandcluster::Drift same(model, sample);
    require(same.json().find("\"overall\":0.0,") != std::string::npos,
            "a scene is not far from itself");
    require(status_of([&] { bandcluster::Drift(model, other); }) == BANDCLUSTER_INVALID_ARGUMENT,
            "three bands, not two");
    bandcluster::Report report;
    report.drift = &same;
    require(status_of([&] { report.save(model, "no/such/folder/report.html"); }) == BANDCLUSTER_IO,
            "no such folder");
}

void versions() {
    const auto part = [](int number) { return std::to_string(number); };
    require(bandcluster::version() == BANDCLUSTER_VERSION_STRING,
            "header and library are of one version");
    require(bandcluster::version() == part(BANDCLUSTER_VERSION_MAJOR) + "." +
                                          part(BANDCLUSTER_VERSION_MINOR) + "." +
                                          part(BANDCLUSTER_VERSION_PATCH),
            "which is made of its parts");
}

} // namespace

int main() {
    require(bandcluster::abi_version() == BANDCLUSTER_ABI_VERSION,
            "header and library belong together");
    errors();
    callbacks();
    options();
    models();
    merging();
    blocks();
    algorithms();
    choices();
    drift();
    versions();
    std::cout << (failures == 0 ? "all passed\n" : "");
    return failures == 0 ? 0 : 1;
}
