/// bandcluster for C++17: a header-only RAII face over bandcluster.h. MIT OR Apache-2.0.
///
///     auto scene = bandcluster::Raster::bsq(samples, width, height, n_bands).nodata(0);
///     auto model = bandcluster::fit(scene);                                // k-means, 4 classes
///     auto labels = bandcluster::predict<std::uint8_t>(model, scene);      // 0 = nodata, 1..k
///
/// Ownership. Summary, Refinement, Model, Choice, Drift, Picture and ZonalMeans own their handle
/// and free it. They can be moved, not copied. An object that was moved from may only be assigned
/// to or destroyed. Raster and Labels own no pixels: the buffers given to them must outlive every
/// call that gets them. Strings and vectors that calls return are copies and belong to the caller.
///
/// Arguments come in the order of the C functions: inputs, outputs, options and numbers (memory is
/// the last of them), a path, the Run. Arguments with a default may be left out from the end.
///
/// Errors. A call that fails throws Error, with the status of the C API and a message of one line
/// that says what is wrong and what to do. Outputs are then unchanged. A progress callback that
/// returns false cancels: the call throws Error with status BANDCLUSTER_CANCELLED. A callback that
/// throws cancels too, and the call rethrows the same exception (it never passes through C).
///
/// Threads. A call uses Run::threads cores (0 = all) and calls the progress callback only on the
/// thread that made the call. Several threads may use one object at once only through its const
/// members. Different objects are independent.
#ifndef BANDCLUSTER_HPP
#define BANDCLUSTER_HPP

#include "bandcluster.h"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace bandcluster {

/// The exception of every failing call. status() is BANDCLUSTER_INVALID_ARGUMENT and so on.
class Error : public std::runtime_error {
public:
    Error(bandcluster_status status, const std::string &message)
        : std::runtime_error(message), status_(status) {}
    bandcluster_status status() const noexcept { return status_; }
    bool cancelled() const noexcept { return status_ == BANDCLUSTER_CANCELLED; }

private:
    bandcluster_status status_;
};

/// The type of a sample, in all bands of a raster.
enum class SampleType : std::uint32_t {
    uint8 = BANDCLUSTER_UINT8,
    int8 = BANDCLUSTER_INT8,
    uint16 = BANDCLUSTER_UINT16,
    int16 = BANDCLUSTER_INT16,
    uint32 = BANDCLUSTER_UINT32,
    int32 = BANDCLUSTER_INT32,
    float32 = BANDCLUSTER_FLOAT32,
    float64 = BANDCLUSTER_FLOAT64
};

/// The SampleType of a C++ type: sample_type_of<std::uint16_t>() == SampleType::uint16.
template <typename T> constexpr SampleType sample_type_of() {
    if constexpr (std::is_same_v<T, std::uint8_t>) {
        return SampleType::uint8;
    } else if constexpr (std::is_same_v<T, std::int8_t>) {
        return SampleType::int8;
    } else if constexpr (std::is_same_v<T, std::uint16_t>) {
        return SampleType::uint16;
    } else if constexpr (std::is_same_v<T, std::int16_t>) {
        return SampleType::int16;
    } else if constexpr (std::is_same_v<T, std::uint32_t>) {
        return SampleType::uint32;
    } else if constexpr (std::is_same_v<T, std::int32_t>) {
        return SampleType::int32;
    } else if constexpr (std::is_same_v<T, float>) {
        return SampleType::float32;
    } else {
        static_assert(std::is_same_v<T, double>,
                      "bandcluster takes 8, 16 and 32 bit integers, float and double");
        return SampleType::float64;
    }
}

/// The library's version, such as "0.1.0". To check that the header fits the library, compare
/// BANDCLUSTER_ABI_VERSION with abi_version().
inline std::string version() { return bandcluster_version(); }
inline std::uint32_t abi_version() noexcept { return bandcluster_abi_version(); }

namespace detail {

inline void check(bandcluster_status status) {
    if (status != BANDCLUSTER_OK) {
        throw Error(status, bandcluster_last_error());
    }
}

/// Releases a handle with the C function `Free`, so that a unique_ptr can hold it.
template <auto Free> struct Deleter {
    template <typename T> void operator()(T *handle) const noexcept { Free(handle); }
};

} // namespace detail

/// Borrowed pixels. Make a raster with bsq, bil, bip or bands; then add nodata, a mask or other
/// strides.
class Raster {
public:
    /// Band sequential: all of band 1, then all of band 2.
    template <typename T>
    static Raster bsq(const T *data, std::uint64_t width, std::uint64_t height,
                      std::uint32_t n_bands) {
        return interleaved(data, width, height, n_bands, width * height, 1, width);
    }

    /// Band interleaved by line: row 0 of every band, then row 1 of every band.
    template <typename T>
    static Raster bil(const T *data, std::uint64_t width, std::uint64_t height,
                      std::uint32_t n_bands) {
        return interleaved(data, width, height, n_bands, width, 1, width * n_bands);
    }

    /// Band interleaved by pixel: all bands of the first pixel, then all bands of the second.
    template <typename T>
    static Raster bip(const T *data, std::uint64_t width, std::uint64_t height,
                      std::uint32_t n_bands) {
        return interleaved(data, width, height, n_bands, 1, n_bands, width * n_bands);
    }

    /// One buffer per band. It is packed unless strides() says otherwise.
    template <typename T>
    static Raster bands(const std::vector<const T *> &bands, std::uint64_t width,
                        std::uint64_t height) {
        return Raster(sample_type_of<T>(), sizeof(T), {bands.begin(), bands.end()}, width, height)
            .strides(0, 0);
    }

    /// Bytes from a pixel to the next one, and from a row to the next one; 0 = packed. Negative
    /// strides are allowed.
    Raster &strides(std::int64_t pixel_stride, std::int64_t line_stride) {
        pixel_stride_ = pixel_stride == 0 ? sample_size_ : pixel_stride;
        line_stride_ =
            line_stride == 0 ? static_cast<std::int64_t>(width_) * pixel_stride_ : line_stride;
        return *this;
    }

    /// The same nodata value in every band.
    Raster &nodata(double value) { return nodata(std::vector<double>(bands_.size(), value)); }

    /// One nodata value per band; NaN = the band has none.
    Raster &nodata(std::vector<double> values) {
        if (values.size() != bands_.size()) {
            throw Error(BANDCLUSTER_INVALID_ARGUMENT,
                        "nodata: " + std::to_string(values.size()) + " values given for " +
                            std::to_string(bands_.size()) + " bands; give one per band");
        }
        nodata_ = std::move(values);
        return *this;
    }

    /// A borrowed mask of bytes; 0 = leave the pixel out. Strides in bytes, 0 = packed.
    Raster &mask(const std::uint8_t *mask, std::int64_t pixel_stride = 0,
                 std::int64_t line_stride = 0) {
        mask_ = mask;
        mask_pixel_stride_ = pixel_stride == 0 ? 1 : pixel_stride;
        mask_line_stride_ =
            line_stride == 0 ? static_cast<std::int64_t>(width_) * mask_pixel_stride_ : line_stride;
        return *this;
    }

    /// `count` rows from row `first` on: a block for Summary::add or Refinement::add. It borrows
    /// the same pixels.
    Raster rows(std::uint64_t first, std::uint64_t count) const {
        if (first > height_ || count > height_ - first) {
            throw Error(BANDCLUSTER_INVALID_ARGUMENT,
                        "rows " + std::to_string(first) + " + " + std::to_string(count) +
                            " end after row " + std::to_string(height_) +
                            ", the last; ask for fewer");
        }
        Raster block = *this;
        block.height_ = count;
        const auto row = static_cast<std::int64_t>(first);
        for (auto &band : block.bands_) {
            band = static_cast<const unsigned char *>(band) + row * line_stride_;
        }
        if (mask_ != nullptr) {
            block.mask_ = mask_ + row * mask_line_stride_;
        }
        return block;
    }

    SampleType sample_type() const noexcept { return sample_type_; }
    std::uint32_t n_bands() const noexcept { return static_cast<std::uint32_t>(bands_.size()); }
    std::uint64_t width() const noexcept { return width_; }
    std::uint64_t height() const noexcept { return height_; }

    /// The C struct. It points into this object: use it only while this object exists unchanged.
    bandcluster_raster raw() const {
        bandcluster_raster raster;
        detail::check(bandcluster_raster_init(&raster, sizeof raster));
        raster.n_bands = n_bands();
        raster.bands = bands_.data();
        raster.width = width_;
        raster.height = height_;
        raster.pixel_stride = pixel_stride_;
        raster.line_stride = line_stride_;
        raster.sample_type = static_cast<std::uint32_t>(sample_type_);
        raster.nodata = nodata_.empty() ? nullptr : nodata_.data();
        raster.mask = mask_;
        raster.mask_pixel_stride = mask_pixel_stride_;
        raster.mask_line_stride = mask_line_stride_;
        return raster;
    }

private:
    Raster(SampleType sample_type, std::size_t sample_size, std::vector<const void *> bands,
           std::uint64_t width, std::uint64_t height)
        : sample_type_(sample_type), sample_size_(static_cast<std::int64_t>(sample_size)),
          bands_(std::move(bands)), width_(width), height_(height) {}

    /// Steps are in samples here, strides in bytes.
    template <typename T>
    static Raster interleaved(const T *data, std::uint64_t width, std::uint64_t height,
                              std::uint32_t n_bands, std::uint64_t band_step,
                              std::uint64_t pixel_step, std::uint64_t line_step) {
        std::vector<const void *> bands;
        bands.reserve(n_bands);
        for (std::uint32_t band = 0; band < n_bands; ++band) {
            // A null pointer must not be offset; the library reports it.
            bands.push_back(data == nullptr ? nullptr : data + band * band_step);
        }
        return Raster(sample_type_of<T>(), sizeof(T), std::move(bands), width, height)
            .strides(static_cast<std::int64_t>(pixel_step * sizeof(T)),
                     static_cast<std::int64_t>(line_step * sizeof(T)));
    }

    SampleType sample_type_;
    std::int64_t sample_size_;
    std::vector<const void *> bands_;
    std::uint64_t width_;
    std::uint64_t height_;
    std::int64_t pixel_stride_ = 0;
    std::int64_t line_stride_ = 0;
    std::vector<double> nodata_;
    const std::uint8_t *mask_ = nullptr;
    std::int64_t mask_pixel_stride_ = 0;
    std::int64_t mask_line_stride_ = 0;
};

/// The borrowed buffer that predict writes to: 0 = nodata, 1..k, k + 1 = unclassified (if classes
/// have radii). std::uint8_t holds up to 255 classes, std::uint16_t more.
class Labels {
public:
    /// Strides in bytes; 0 = packed.
    template <typename T>
    Labels(T *data, std::uint64_t width, std::uint64_t height, std::int64_t pixel_stride = 0,
           std::int64_t line_stride = 0) {
        static_assert(std::is_same_v<T, std::uint8_t> || std::is_same_v<T, std::uint16_t>,
                      "labels are std::uint8_t or std::uint16_t");
        detail::check(bandcluster_labels_init(&labels_, sizeof labels_));
        labels_.label_type = static_cast<std::uint32_t>(sample_type_of<T>());
        labels_.data = data;
        labels_.width = width;
        labels_.height = height;
        labels_.pixel_stride = pixel_stride;
        labels_.line_stride = line_stride;
    }

    /// Also writes how sure each label is: 0 to 1, NaN if a pixel is not valid. Strides in bytes; 0
    /// = packed.
    Labels &with_confidence(float *confidence, std::int64_t pixel_stride = 0,
                            std::int64_t line_stride = 0) noexcept {
        labels_.confidence = confidence;
        labels_.confidence_pixel_stride = pixel_stride;
        labels_.confidence_line_stride = line_stride;
        return *this;
    }

    const bandcluster_labels &raw() const noexcept { return labels_; }

private:
    bandcluster_labels labels_;
};

/// The C struct with its defaults: min 2, max 12, n_init 10, max_iter 300, tol 1e-4, seed 0,
/// scaling none.
struct ChooseKOptions : bandcluster_choose_k_options {
    ChooseKOptions() : bandcluster_choose_k_options() {
        detail::check(
            bandcluster_choose_k_options_init(this, sizeof(bandcluster_choose_k_options)));
    }
    ChooseKOptions(std::uint32_t least, std::uint32_t largest) : ChooseKOptions() {
        min = least;
        max = largest;
    }
};

namespace detail {

/// A C struct of options of an algorithm, with its defaults.
template <class Raw, bandcluster_status (*init)(Raw *, std::uint32_t)> struct Options : Raw {
    Options() : Raw() { check(init(this, sizeof(Raw))); }
};

} // namespace detail

/// Options of a fit: fit(raster, options). The C structs describe their fields.
struct KmeansOptions
    : detail::Options<bandcluster_kmeans_options, bandcluster_kmeans_options_init> {
    KmeansOptions() = default;
    explicit KmeansOptions(std::uint32_t clusters) { n_clusters = clusters; }

    /// Starts from these borrowed centres (each one number per band). There are as many classes as
    /// centres, unless `n_clusters` is set afterwards.
    KmeansOptions &starting_from(const double *centers, std::uint32_t number,
                                 std::uint32_t bands) noexcept {
        init = centers;
        n_clusters = n_centers = number;
        n_bands = bands;
        return *this;
    }
    /// The borrowed names of the classes of these centres.
    KmeansOptions &named(const char *const *names) noexcept {
        init_names = names;
        return *this;
    }
};
using BisectingOptions =
    detail::Options<bandcluster_bisecting_options, bandcluster_bisecting_options_init>;
using IsodataOptions =
    detail::Options<bandcluster_isodata_options, bandcluster_isodata_options_init>;
using GmmOptions = detail::Options<bandcluster_gmm_options, bandcluster_gmm_options_init>;
using AgglomerativeOptions =
    detail::Options<bandcluster_agglomerative_options, bandcluster_agglomerative_options_init>;
using BirchOptions = detail::Options<bandcluster_birch_options, bandcluster_birch_options_init>;
using DbscanOptions = detail::Options<bandcluster_dbscan_options, bandcluster_dbscan_options_init>;
using OpticsOptions = detail::Options<bandcluster_optics_options, bandcluster_optics_options_init>;
using HdbscanOptions =
    detail::Options<bandcluster_hdbscan_options, bandcluster_hdbscan_options_init>;
using MeanshiftOptions =
    detail::Options<bandcluster_meanshift_options, bandcluster_meanshift_options_init>;
using SpectralOptions =
    detail::Options<bandcluster_spectral_options, bandcluster_spectral_options_init>;
using AffinityOptions =
    detail::Options<bandcluster_affinity_options, bandcluster_affinity_options_init>;

/// How a call runs.
struct Run {
    std::uint32_t threads = 0; ///< 0 = all cores
    /// Gets a fraction from 0 to 1 and a message; returns false to cancel. Called only on the
    /// calling thread.
    std::function<bool(double fraction, const char *message)> progress;
};

namespace detail {

/// One call's bandcluster_run; keeps an exception of the callback until the call returns from C.
class Call {
public:
    explicit Call(const Run &run) : run_(run) {
        check(bandcluster_run_init(&raw_, sizeof raw_));
        raw_.threads = run.threads;
        if (run.progress) {
            raw_.progress = &Call::report;
            raw_.user_data = this;
        }
    }
    Call(const Call &) = delete; // the library holds its address
    Call &operator=(const Call &) = delete;

    const bandcluster_run *raw() const noexcept { return &raw_; }

    void finish(bandcluster_status status) {
        if (thrown_) {
            std::rethrow_exception(thrown_);
        }
        check(status);
    }

private:
    static std::int32_t report(double fraction, const char *message, void *user_data) noexcept {
        auto *call = static_cast<Call *>(user_data);
        try {
            return call->run_.progress(fraction, message) ? 1 : 0;
        } catch (...) {
            call->thrown_ = std::current_exception();
            return 0;
        }
    }

    const Run &run_;
    bandcluster_run raw_;
    std::exception_ptr thrown_;
};

} // namespace detail

/// Classes, learnt from one raster or several. A model applies to any raster with the same bands.
class Model {
public:
    /// Takes over a handle of the C API.
    explicit Model(bandcluster_model *handle) noexcept : handle_(handle) {}

    static Model load(const std::string &path) {
        bandcluster_model *handle = nullptr;
        detail::check(bandcluster_model_load(path.c_str(), &handle));
        return Model(handle);
    }
    static Model from_json(const std::string &json) {
        bandcluster_model *handle = nullptr;
        detail::check(bandcluster_model_from_json(json.data(), json.size(), &handle));
        return Model(handle);
    }
    void save(const std::string &path) const {
        detail::check(bandcluster_model_save(get(), path.c_str()));
    }
    std::string json() const {
        const char *json = nullptr;
        detail::check(bandcluster_model_json(get(), &json));
        return json;
    }

    std::uint32_t n_clusters() const noexcept { return bandcluster_model_n_clusters(get()); }
    std::uint32_t n_bands() const noexcept { return bandcluster_model_n_bands(get()); }
    std::uint32_t n_iter() const noexcept { return bandcluster_model_n_iter(get()); }
    double inertia() const noexcept { return bandcluster_model_inertia(get()); }
    /// False: the model comes from a summary and needs (more) refinement, see Refinement.
    bool converged() const noexcept { return bandcluster_model_converged(get()) != 0; }

    /// n_clusters rows of n_bands values, in the units of the bands.
    std::vector<double> centers() const {
        std::vector<double> centers(static_cast<std::size_t>(n_clusters()) * n_bands());
        detail::check(bandcluster_model_centers(get(), centers.data(), centers.size()));
        return centers;
    }
    /// Pixels per class; the largest comes first.
    std::vector<std::uint64_t> counts() const {
        std::vector<std::uint64_t> counts(n_clusters());
        detail::check(bandcluster_model_counts(get(), counts.data(), counts.size()));
        return counts;
    }

    /// Classes are named by their label, 1..n_clusters.
    std::string class_name(std::uint32_t value) const {
        const char *name = nullptr;
        detail::check(bandcluster_model_class_name(get(), value, &name));
        return name;
    }
    void set_class_name(std::uint32_t value, const std::string &name) {
        detail::check(bandcluster_model_set_class_name(get(), value, name.c_str()));
    }
    /// 0xRRGGBB
    std::uint32_t class_color(std::uint32_t value) const {
        std::uint32_t color = 0;
        detail::check(bandcluster_model_class_color(get(), value, &color));
        return color;
    }
    void set_class_color(std::uint32_t value, std::uint32_t color) {
        detail::check(bandcluster_model_set_class_color(get(), value, color));
    }
    /// The largest label that predict gives: n_clusters, or one more (unclassified) if classes have
    /// radii.
    std::uint32_t n_labels() const noexcept { return bandcluster_model_n_labels(get()); }
    /// Pixels farther than this from their class are unclassified.
    void set_max_distance(double distance) {
        detail::check(bandcluster_model_set_max_distance(get(), distance));
    }
    /// The same with a radius for each class, within which this fraction of its training pixels
    /// lie.
    void set_radius_quantile(double fraction) {
        detail::check(bandcluster_model_set_radius_quantile(get(), fraction));
    }
    /// Every pixel gets the label of its class again, at any distance.
    void clear_radii() { detail::check(bandcluster_model_clear_radii(get())); }
    /// Natural colours: these bands (1-based) as red, green and blue.
    void natural_colors(std::uint32_t red, std::uint32_t green, std::uint32_t blue) {
        detail::check(bandcluster_model_natural_colors(get(), red, green, blue));
    }
    /// "black,#00ff00,red", one for each class, or "palette:viridis": see
    /// bandcluster_model_set_colors.
    void set_colors(const std::string &colors) {
        detail::check(bandcluster_model_set_colors(get(), colors.c_str()));
    }
    /// Writes the legend of a map for QGIS (map.qml beside map.tif). counts: the map's pixels of
    /// each label from 0 on; empty: the counts of the fit.
    void save_qml(const std::vector<std::uint64_t> &counts, const std::string &path) const {
        detail::check(bandcluster_model_save_qml(get(), counts.empty() ? nullptr : counts.data(),
                                                 counts.size(), path.c_str()));
    }
    /// Writes the style of a map's polygons for QGIS (map.qml beside map.geojson).
    void save_polygons_qml(const std::string &path) const {
        detail::check(bandcluster_model_save_polygons_qml(get(), path.c_str()));
    }
    /// Keeps a band's name (UTF-8) and nodata (NaN = none) in the model. Bands count from 1.
    void set_band(std::uint32_t band, const std::string &name,
                  double nodata = std::numeric_limits<double>::quiet_NaN()) {
        detail::check(bandcluster_model_set_band(get(), band, name.c_str(), nodata));
    }
    /// What the samples of a band mean: sample x scale + offset.
    void set_band_scaling(std::uint32_t band, double scale, double offset) {
        detail::check(bandcluster_model_set_band_scaling(get(), band, scale, offset));
    }

    /// A model in which classes are merged and named: for each name, the values of the classes to
    /// merge (a single class only gets the name). `values`, if given, gets the new value of each
    /// label, label 1 first.
    Model merge(const std::vector<std::pair<std::string, std::vector<std::uint32_t>>> &groups,
                std::vector<std::uint32_t> *values = nullptr) const {
        std::vector<std::uint32_t> of_class(n_labels(), 0), became(n_labels());
        std::vector<const char *> names;
        for (const auto &[name, classes] : groups) {
            names.push_back(name.c_str());
            for (const auto value : classes) {
                if (value == 0 || value > n_clusters() || of_class[value - 1] != 0) {
                    throw Error(BANDCLUSTER_INVALID_ARGUMENT,
                                "class " + std::to_string(value) + " of " + name +
                                    " is not there, or given twice: the classes are 1 to " +
                                    std::to_string(n_clusters()));
                }
                of_class[value - 1] = static_cast<std::uint32_t>(names.size());
            }
        }
        bandcluster_model *merged = nullptr;
        detail::check(bandcluster_model_merge(get(), of_class.data(), of_class.size(), names.data(),
                                              static_cast<std::uint32_t>(names.size()),
                                              became.data(), &merged));
        Model model(merged);
        if (values) *values = std::move(became);
        return model;
    }
    /// The same classes, numbered, named and coloured after those of another model of the same
    /// bands. `values`, if given, gets the new value of each label; `distances` the distance of its
    /// class's mean from its counterpart's, NaN if it has none.
    Model align(const Model &like, std::vector<std::uint32_t> *values = nullptr,
                std::vector<double> *distances = nullptr) const {
        std::vector<std::uint32_t> became(n_labels());
        std::vector<double> apart(n_labels());
        bandcluster_model *aligned = nullptr;
        detail::check(bandcluster_model_align(get(), like.get(), became.data(), apart.data(),
                                              became.size(), &aligned));
        Model model(aligned);
        if (values) *values = std::move(became);
        if (distances) *distances = std::move(apart);
        return model;
    }

    bandcluster_model *get() noexcept { return handle_.get(); }
    const bandcluster_model *get() const noexcept { return handle_.get(); }

private:
    std::unique_ptr<bandcluster_model, detail::Deleter<&bandcluster_model_free>> handle_;
};

/// Numbers of classes with their measures, and the recommended one: see Summary::choose_k.
class Choice {
public:
    /// Takes over a handle of the C API.
    explicit Choice(bandcluster_choice *handle) noexcept : handle_(handle) {}

    std::uint32_t recommended_k() const noexcept { return bandcluster_choice_recommended_k(get()); }
    /// One of BANDCLUSTER_CERTAINTY_LOW, _MEDIUM and _HIGH.
    std::uint32_t certainty() const noexcept { return bandcluster_choice_certainty(get()); }
    /// Why, in a sentence or two.
    std::string reason() const {
        const char *reason = nullptr;
        detail::check(bandcluster_choice_reason(get(), &reason));
        return reason;
    }
    /// The measures of each number of classes, in ascending order.
    std::vector<bandcluster_candidate> candidates() const {
        std::vector<bandcluster_candidate> candidates(bandcluster_choice_n_candidates(get()));
        for (std::uint32_t index = 0; index < candidates.size(); ++index) {
            detail::check(
                bandcluster_candidate_init(&candidates[index], sizeof(bandcluster_candidate)));
            detail::check(bandcluster_choice_candidate(get(), index, &candidates[index]));
        }
        return candidates;
    }

    /// Writes a page with charts, in HTML; the title names the scene.
    void save_report(const std::string &title, const std::string &path) const {
        detail::check(bandcluster_choice_save_report(get(), title.c_str(), path.c_str()));
    }

    const bandcluster_choice *get() const noexcept { return handle_.get(); }

private:
    std::unique_ptr<bandcluster_choice, detail::Deleter<&bandcluster_choice_free>> handle_;
};

/// A digest of pixels, of bounded size, built block by block. Blocks may come in any order, and
/// from several scenes.
class Summary {
public:
    /// memory in bytes; 0 = 256 MiB.
    Summary(std::uint32_t n_bands, SampleType sample_type, std::uint64_t memory = 0) {
        bandcluster_summary *handle = nullptr;
        detail::check(bandcluster_summary_new(n_bands, static_cast<std::uint32_t>(sample_type),
                                              memory, &handle));
        handle_.reset(handle);
    }
    static Summary load(const std::string &path) {
        bandcluster_summary *handle = nullptr;
        detail::check(bandcluster_summary_load(path.c_str(), &handle));
        return Summary(handle);
    }
    void save(const std::string &path) const {
        detail::check(bandcluster_summary_save(get(), path.c_str()));
    }

    void add(const Raster &block, const Run &run = {}) {
        const auto raw = block.raw();
        detail::Call call(run);
        call.finish(bandcluster_summary_add(get(), &raw, call.raw()));
    }
    void merge(const Summary &other) {
        detail::check(bandcluster_summary_merge(get(), other.get()));
    }

    bandcluster_summary_info info() const {
        bandcluster_summary_info info;
        detail::check(bandcluster_summary_info_init(&info, sizeof info));
        detail::check(bandcluster_summary_get_info(get(), &info));
        return info;
    }

    /// Fits by the algorithm of these options, such as KmeansOptions(6). Refine the model until it
    /// has converged: see Refinement.
    template <class Raw, bandcluster_status (*init)(Raw *, std::uint32_t)>
    Model fit(const detail::Options<Raw, init> &options, const Run &run = {}) const {
        bandcluster_model *model = nullptr;
        detail::Call call(run);
        call.finish(bandcluster_fit_summary(get(), &options.common, call.raw(), &model));
        return Model(model);
    }

    /// The same with the options as JSON; see bandcluster_fit_json.
    Model fit(const std::string &algorithm, const std::string &options = "{}",
              const Run &run = {}) const {
        bandcluster_model *model = nullptr;
        detail::Call call(run);
        call.finish(bandcluster_fit_summary_json(get(), algorithm.c_str(), options.c_str(),
                                                 call.raw(), &model));
        return Model(model);
    }

    /// Fits by k-means with its defaults.
    Model fit() const { return fit(KmeansOptions()); }

    /// Measures numbers of classes, and recommends one.
    Choice choose_k(const ChooseKOptions &options = {}, const Run &run = {}) const {
        bandcluster_choice *choice = nullptr;
        detail::Call call(run);
        call.finish(bandcluster_choose_k(get(), &options, call.raw(), &choice));
        return Choice(choice);
    }

    /// The same, with a weight for each band.
    Choice choose_k_weighted(const std::vector<double> &band_weights,
                             const ChooseKOptions &options = {}, const Run &run = {}) const {
        bandcluster_choice *choice = nullptr;
        detail::Call call(run);
        call.finish(bandcluster_choose_k_weighted(get(), &options, band_weights.data(),
                                                  static_cast<uint32_t>(band_weights.size()),
                                                  call.raw(), &choice));
        return Choice(choice);
    }

    bandcluster_summary *get() noexcept { return handle_.get(); }
    const bandcluster_summary *get() const noexcept { return handle_.get(); }

private:
    friend class Scenes;
    explicit Summary(bandcluster_summary *handle) noexcept : handle_(handle) {}
    std::unique_ptr<bandcluster_summary, detail::Deleter<&bandcluster_summary_free>> handle_;
};

/// How far a scene is from the training pixels of a model: see bandcluster_drift_new.
class Drift {
public:
    /// The sample is a summary of some of the scene's pixels, in the model's bands and units.
    Drift(const Model &model, const Summary &sample) {
        bandcluster_drift *handle = nullptr;
        detail::check(bandcluster_drift_new(model.get(), sample.get(), &handle));
        handle_.reset(handle);
    }

    /// The comparison as JSON: see bandcluster_drift_json.
    std::string json() const {
        const char *json = nullptr;
        detail::check(bandcluster_drift_json(get(), &json));
        return json;
    }

    const bandcluster_drift *get() const noexcept { return handle_.get(); }

private:
    std::unique_ptr<bandcluster_drift, detail::Deleter<&bandcluster_drift_free>> handle_;
};

/// A small copy of a scene and of its labels, for a report, gathered block by block.
class Picture {
public:
    /// For a scene of width x height pixels that the model labels. red, green and blue are bands
    /// (from 1); 0: the default.
    Picture(const Model &model, const std::string &name, std::uint64_t width, std::uint64_t height,
            std::uint32_t red = 0, std::uint32_t green = 0, std::uint32_t blue = 0) {
        bandcluster_picture *handle = nullptr;
        detail::check(bandcluster_picture_new(model.get(), name.c_str(), width, height, red, green,
                                              blue, &handle));
        handle_.reset(handle);
    }

    /// Adds a block with its labels, which are only read; its first pixel is at column x and row y
    /// of the scene.
    void add(const Raster &block, const Labels &labels, std::uint64_t x = 0, std::uint64_t y = 0) {
        const auto raw = block.raw();
        detail::check(bandcluster_picture_add(handle_.get(), &raw, &labels.raw(), x, y));
    }

    /// Replaces the labels of whole rows of the scene, from row y on, for instance by filtered
    /// ones. Give each row once, after all blocks were added.
    void relabel(const Labels &labels, std::uint64_t y = 0) {
        detail::check(bandcluster_picture_relabel(handle_.get(), &labels.raw(), y));
    }

    const bandcluster_picture *get() const noexcept { return handle_.get(); }

private:
    std::unique_ptr<bandcluster_picture, detail::Deleter<&bandcluster_picture_free>> handle_;
};

/// What a report shows besides its model. Empty fields are left out.
struct Report {
    std::string title = "a scene"; ///< the name of the scene
    std::string command;           ///< the command that repeats the job
    std::string model_file;        ///< the model's file, as commands name it
    std::string mask;              ///< what excluded pixels besides their values
    std::vector<std::string> warnings;
    std::vector<const Picture *> pictures;
    std::vector<std::uint64_t> counts; ///< pixels of each label, 0 (not valid) first
    std::vector<double> hectares;      ///< area of each class
    std::vector<double> nodata;        ///< of each band, NaN: none
    bool predicted = false;            ///< the classes were found in another scene
    std::string place;                 ///< size, pixels, reference system, how areas are measured
    const Drift *drift = nullptr; ///< how far the scene is from the training scenes; not owned

    /// Writes the page: HTML that needs no other file.
    void save(const Model &model, const std::string &path) const {
        const auto text = [](const std::string &value) {
            return value.empty() ? nullptr : value.c_str();
        };
        const auto list = [](const auto &values, std::size_t wanted, const char *name) {
            if (!values.empty() && values.size() != wanted) {
                throw Error(BANDCLUSTER_INVALID_ARGUMENT,
                            std::string(name) + ": " + std::to_string(values.size()) +
                                " values given; give " + std::to_string(wanted));
            }
            return values.empty() ? nullptr : values.data();
        };
        std::vector<const char *> sentences;
        for (const auto &warning : warnings) {
            sentences.push_back(warning.c_str());
        }
        std::vector<const bandcluster_picture *> drawn;
        for (const auto *picture : pictures) {
            drawn.push_back(picture->get());
        }
        bandcluster_report report;
        detail::check(bandcluster_report_init(&report, sizeof report));
        report.predicted = predicted ? 1 : 0;
        report.title = title.c_str();
        report.command = text(command);
        report.model_file = text(model_file);
        report.mask = text(mask);
        report.place = text(place);
        report.drift = drift == nullptr ? nullptr : drift->get();
        report.warnings = sentences.data();
        report.pictures = drawn.data();
        report.n_warnings = static_cast<std::uint32_t>(sentences.size());
        report.n_pictures = static_cast<std::uint32_t>(drawn.size());
        const std::size_t n_clusters = bandcluster_model_n_clusters(model.get());
        report.n_counts = static_cast<std::uint32_t>(counts.size());
        report.counts = counts.empty() ? nullptr : counts.data();
        report.hectares = list(hectares, n_clusters, "hectares");
        report.nodata = list(nodata, bandcluster_model_n_bands(model.get()), "nodata");
        detail::check(bandcluster_report_save(model.get(), &report, path.c_str()));
    }
};

/// How well each pair of classes is separated, from 0 (the same) to 2 (separate): see
/// bandcluster_model_separability.
struct Separability {
    std::vector<double> jeffries_matusita;      ///< classes x classes
    std::vector<double> transformed_divergence; ///< classes x classes

    explicit Separability(const Model &model) {
        const std::size_t n_clusters = bandcluster_model_n_clusters(model.get());
        jeffries_matusita.resize(n_clusters * n_clusters);
        transformed_divergence.resize(n_clusters * n_clusters);
        detail::check(bandcluster_model_separability(model.get(), jeffries_matusita.data(),
                                                     transformed_divergence.data(),
                                                     jeffries_matusita.size()));
    }
};

/// The bands of a Sentinel-2 product as JSON, or of single bands without metadata: see
/// bandcluster_product_new and bandcluster_product_json.
inline std::string product_json(const std::string &name, const std::vector<std::string> &files,
                                const std::optional<std::string> &metadata = std::nullopt) {
    std::vector<const char *> names;
    for (const auto &file : files) names.push_back(file.c_str());
    names.push_back(nullptr); // so that there is an address even without files
    bandcluster_product *handle = nullptr;
    detail::check(bandcluster_product_new(name.c_str(), names.data(), files.size(),
                                          metadata ? metadata->c_str() : nullptr, &handle));
    const std::unique_ptr<bandcluster_product, void (*)(bandcluster_product *)> product(
        handle, bandcluster_product_free);
    const char *json = nullptr;
    detail::check(bandcluster_product_json(product.get(), &json));
    return json;
}

/// One exact step over the pixels, block by block:
///
///     while (!model.converged()) {
///         bandcluster::Refinement step(model, sample_type);
///         for (const auto &block : blocks) step.add(block);
///         step.apply(model);
///     }
class Refinement {
public:
    Refinement(const Model &model, SampleType sample_type) {
        bandcluster_refinement *handle = nullptr;
        detail::check(bandcluster_refinement_new(model.get(),
                                                 static_cast<std::uint32_t>(sample_type), &handle));
        handle_.reset(handle);
    }
    /// Reads what save() wrote, perhaps in another process.
    static Refinement load(const std::string &path) {
        bandcluster_refinement *handle = nullptr;
        detail::check(bandcluster_refinement_load(path.c_str(), &handle));
        return Refinement(handle);
    }
    void save(const std::string &path) const {
        detail::check(bandcluster_refinement_save(get(), path.c_str()));
    }

    void add(const Raster &block, const Run &run = {}) {
        const auto raw = block.raw();
        detail::Call call(run);
        call.finish(bandcluster_refinement_add(get(), &raw, call.raw()));
    }
    /// Adds a block, and labels it by the present centres. If apply() does not move the centres,
    /// these are the model's labels.
    void add(const Raster &block, const Labels &labels, const Run &run = {}) {
        const auto raw = block.raw();
        detail::Call call(run);
        call.finish(bandcluster_refinement_add_labels(get(), &raw, &labels.raw(), call.raw()));
    }
    void merge(const Refinement &other) {
        detail::check(bandcluster_refinement_merge(get(), other.get()));
    }

    /// Gives the model the new centres and exact counts; returns how far the centres moved.
    double apply(Model &model) const {
        double shift = 0;
        detail::check(bandcluster_refinement_apply(get(), model.get(), &shift));
        return shift;
    }

    bandcluster_refinement *get() noexcept { return handle_.get(); }
    const bandcluster_refinement *get() const noexcept { return handle_.get(); }

private:
    friend class Scenes;
    explicit Refinement(bandcluster_refinement *handle) noexcept : handle_(handle) {}
    std::unique_ptr<bandcluster_refinement, detail::Deleter<&bandcluster_refinement_free>> handle_;
};

/// The scenes of a fit in files, cut into pieces for the workers of a cluster: see
/// bandcluster_scenes_open. Any number of threads may use it at once.
class Scenes {
public:
    explicit Scenes(const std::string &request_json, std::uint64_t piece_pixels = 0) {
        bandcluster_scenes *handle = nullptr;
        detail::check(bandcluster_scenes_open(request_json.c_str(), piece_pixels, &handle));
        handle_.reset(handle);
    }

    /// Their names, bands, sample type and number of pieces, as a JSON object.
    std::string json() const {
        const char *text = nullptr;
        detail::check(bandcluster_scenes_json(handle_.get(), &text));
        return text;
    }
    /// The summary of a piece, from 0.
    Summary summary(std::uint64_t piece, std::uint64_t memory = 0, const Run &run = {}) const {
        bandcluster_summary *summary = nullptr;
        detail::Call call(run);
        call.finish(bandcluster_scenes_summary(handle_.get(), piece, memory, call.raw(), &summary));
        return Summary(summary);
    }
    /// One exact step of the model over a piece, from 0.
    Refinement refinement(std::uint64_t piece, const Model &model, const Run &run = {}) const {
        bandcluster_refinement *step = nullptr;
        detail::Call call(run);
        call.finish(
            bandcluster_scenes_refinement(handle_.get(), piece, model.get(), call.raw(), &step));
        return Refinement(step);
    }
    /// The centres that k-means starts from with the seeds of a layer, as JSON: see
    /// bandcluster_scenes_seeds. Without a field each feature is a seed.
    std::string seeds(const std::string &layer, const std::string &field = "",
                      const Run &run = {}) const {
        char *json = nullptr;
        detail::Call call(run);
        const char *named = field.empty() ? nullptr : field.c_str();
        call.finish(
            bandcluster_scenes_seeds(handle_.get(), layer.c_str(), named, call.raw(), &json));
        const std::unique_ptr<char, detail::Deleter<bandcluster_text_free>> init(json);
        return init.get();
    }
    /// Stores in a model what the files say about its bands.
    void describe(Model &model) const {
        detail::check(bandcluster_scenes_describe(handle_.get(), model.get()));
    }

private:
    std::unique_ptr<bandcluster_scenes, detail::Deleter<&bandcluster_scenes_free>> handle_;
};

/// The number of valid pixels of each label of a map, and their mean in each band, block by block:
/// see bandcluster_zonal_new.
class ZonalMeans {
public:
    ZonalMeans(std::uint32_t n_labels, std::uint32_t n_bands, SampleType sample_type)
        : n_rows_(std::size_t{n_labels} + 1), n_bands_(n_bands) {
        bandcluster_zonal *handle = nullptr;
        detail::check(bandcluster_zonal_new(n_labels, n_bands,
                                            static_cast<std::uint32_t>(sample_type), &handle));
        handle_.reset(handle);
    }

    void add(const Raster &block, const Labels &labels, const Run &run = {}) {
        const auto raw = block.raw();
        detail::Call call(run);
        call.finish(bandcluster_zonal_add(handle_.get(), &raw, &labels.raw(), call.raw()));
    }

    /// The number of pixels of each label, from 0.
    std::vector<std::uint64_t> counts() const { return read().first; }
    /// The mean per band of each label's pixels, from label 0, row after row; NaN if there are
    /// none.
    std::vector<double> means() const { return read().second; }

private:
    std::pair<std::vector<std::uint64_t>, std::vector<double>> read() const {
        std::vector<std::uint64_t> counts(n_rows_);
        std::vector<double> means(n_rows_ * n_bands_);
        detail::check(bandcluster_zonal_read(handle_.get(), counts.data(), counts.size(),
                                             means.data(), means.size()));
        return {std::move(counts), std::move(means)};
    }

    std::size_t n_rows_, n_bands_;
    std::unique_ptr<bandcluster_zonal, detail::Deleter<&bandcluster_zonal_free>> handle_;
};

/// The majority filter of the rows of `labels` from `first_row` on; `filtered` says how many: see
/// bandcluster_majority.
inline void majority(const Labels &labels, const Labels &filtered, std::uint32_t window,
                     std::uint64_t first_row = 0, const Run &run = {}) {
    detail::Call call(run);
    call.finish(
        bandcluster_majority(&labels.raw(), &filtered.raw(), window, first_row, call.raw()));
}

/// Adds the number of pixels of each label to `counts`, which begins with label 0 (nodata): see
/// bandcluster_count_labels.
inline void count(const Labels &labels, std::vector<std::uint64_t> &counts) {
    detail::check(bandcluster_count_labels(&labels.raw(), counts.data(), counts.size()));
}

/// The area of a pixel of each row, in square metres; rows lie between neighbouring latitudes
/// (radians): see bandcluster_row_areas.
inline std::vector<double> row_areas(double semi_major, double semi_minor,
                                     const std::vector<double> &latitudes, double width) {
    if (latitudes.empty()) {
        throw Error(BANDCLUSTER_INVALID_ARGUMENT,
                    "row_areas: there are no latitudes; give one more than rows");
    }
    // One more than there are rows: the data() of an empty vector may be null, which the library
    // would refuse.
    std::vector<double> areas(latitudes.size());
    detail::check(bandcluster_row_areas(semi_major, semi_minor, latitudes.data(),
                                        latitudes.size() - 1, width, areas.data()));
    areas.pop_back();
    return areas;
}

/// Learns classes from a raster in one call, by the algorithm of these options: fit(raster,
/// KmeansOptions(6)). memory in bytes; 0 = 256 MiB. See bandcluster_fit.
template <class Raw, bandcluster_status (*init)(Raw *, std::uint32_t)>
Model fit(const Raster &raster, const detail::Options<Raw, init> &options, std::uint64_t memory = 0,
          const Run &run = {}) {
    const auto raw = raster.raw();
    bandcluster_model *model = nullptr;
    detail::Call call(run);
    call.finish(bandcluster_fit(&raw, &options.common, memory, call.raw(), &model));
    return Model(model);
}

/// The same with the options as JSON: fit(raster, "dbscan", R"({"eps": 300})"). See
/// bandcluster_fit_json.
inline Model fit(const Raster &raster, const std::string &algorithm,
                 const std::string &options = "{}", std::uint64_t memory = 0, const Run &run = {}) {
    const auto raw = raster.raw();
    bandcluster_model *model = nullptr;
    detail::Call call(run);
    call.finish(
        bandcluster_fit_json(&raw, algorithm.c_str(), options.c_str(), memory, call.raw(), &model));
    return Model(model);
}

/// The same by k-means, with its defaults.
inline Model fit(const Raster &raster) { return fit(raster, KmeansOptions()); }
/// Runs a job on raster files: request and outcome are JSON objects. See bandcluster_run_job.
inline std::string run_job(const std::string &request, const Run &run = {}) {
    char *json = nullptr;
    detail::Call call(run);
    call.finish(bandcluster_run_job(request.c_str(), call.raw(), &json));
    const std::unique_ptr<char, detail::Deleter<bandcluster_text_free>> outcome(json);
    return outcome.get();
}

/// Checks what run_job would check before it opens a scene. See bandcluster_check_job.
inline void check_job(const std::string &request) {
    detail::check(bandcluster_check_job(request.c_str()));
}

/// Labels a raster, into the caller's buffer.
inline void predict(const Model &model, const Raster &raster, const Labels &labels,
                    const Run &run = {}) {
    const auto raw = raster.raw();
    detail::Call call(run);
    call.finish(bandcluster_predict(model.get(), &raw, &labels.raw(), call.raw()));
}

/// Labels a raster, into a new vector: predict<std::uint8_t>(model, raster).
template <typename T>
std::vector<T> predict(const Model &model, const Raster &raster, const Run &run = {}) {
    std::vector<T> labels(static_cast<std::size_t>(raster.width()) *
                          static_cast<std::size_t>(raster.height()));
    predict(model, raster, Labels(labels.data(), raster.width(), raster.height()), run);
    return labels;
}

} // namespace bandcluster

#endif
