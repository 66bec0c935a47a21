"""The C API for ctypes: structs and signatures."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_int32, c_int64, c_uint32, c_uint64, c_void_p

ABI_VERSION = 2

ALGORITHM_KMEANS, ALGORITHM_GMM = 1, 4

PROGRESS = ctypes.CFUNCTYPE(c_int32, c_double, c_char_p, c_void_p)


class _Sized(ctypes.Structure):
    """A struct of the library; each begins with its own size."""

    def __init__(self, **fields):
        super().__init__(struct_size=ctypes.sizeof(self), **fields)


class Raster(_Sized):
    _fields_ = [
        ("struct_size", c_uint32),
        ("n_bands", c_uint32),
        ("bands", POINTER(c_void_p)),
        ("width", c_uint64),
        ("height", c_uint64),
        ("pixel_stride", c_int64),
        ("line_stride", c_int64),
        ("sample_type", c_uint32),
        ("reserved", c_uint32),
        ("nodata", POINTER(c_double)),
        ("mask", c_void_p),
        ("mask_pixel_stride", c_int64),
        ("mask_line_stride", c_int64),
    ]


class Labels(_Sized):
    _fields_ = [
        ("struct_size", c_uint32),
        ("label_type", c_uint32),
        ("data", c_void_p),
        ("width", c_uint64),
        ("height", c_uint64),
        ("pixel_stride", c_int64),
        ("line_stride", c_int64),
        ("confidence", c_void_p),
        ("confidence_pixel_stride", c_int64),
        ("confidence_line_stride", c_int64),
    ]


class AlgorithmOptions(ctypes.Structure):
    """The first fields of the options of every algorithm."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("algorithm", c_uint32),
        ("scaling", c_uint32),
        ("reserved", c_uint32),
        ("seed", c_uint64),
    ]


class KmeansOptions(ctypes.Structure):
    _fields_ = [
        ("common", AlgorithmOptions),
        ("tol", c_double),
        ("n_clusters", c_uint32),
        ("n_init", c_uint32),
        ("max_iter", c_uint32),
        ("metric", c_uint32),
        ("init", POINTER(c_double)),
        ("init_names", POINTER(c_char_p)),
        ("n_centers", c_uint32),
        ("n_bands", c_uint32),
        ("fix", c_uint32),
        ("reserved", c_uint32),
    ]

    def __init__(self, scaling, seed, **fields):
        common = AlgorithmOptions(ctypes.sizeof(self), ALGORITHM_KMEANS, scaling=scaling, seed=seed)
        super().__init__(common=common, **fields)


class ChooseKOptions(_Sized):
    _fields_ = [
        ("struct_size", c_uint32),
        ("algorithm", c_uint32),
        ("min", c_uint32),
        ("max", c_uint32),
        ("n_init", c_uint32),
        ("max_iter", c_uint32),
        ("scaling", c_uint32),
        ("metric", c_uint32),
        ("tol", c_double),
        ("seed", c_uint64),
    ]


class Candidate(_Sized):
    _fields_ = [
        ("struct_size", c_uint32),
        ("k", c_uint32),
        ("inertia", c_double),
        ("silhouette", c_double),
        ("calinski_harabasz", c_double),
        ("davies_bouldin", c_double),
        ("stability", c_double),
        ("bic", c_double),
    ]


class Run(_Sized):
    _fields_ = [
        ("struct_size", c_uint32),
        ("threads", c_uint32),
        ("progress", PROGRESS),
        ("user_data", c_void_p),
    ]


class Report(_Sized):
    _fields_ = [
        ("struct_size", c_uint32),
        ("predicted", c_uint32),
        ("title", c_char_p),
        ("command", c_char_p),
        ("model_file", c_char_p),
        ("mask", c_char_p),
        ("warnings", POINTER(c_char_p)),
        ("pictures", POINTER(c_void_p)),
        ("n_warnings", c_uint32),
        ("n_pictures", c_uint32),
        ("n_counts", c_uint32),
        ("reserved", c_uint32),
        ("counts", POINTER(c_uint64)),
        ("hectares", POINTER(c_double)),
        ("nodata", POINTER(c_double)),
        ("place", c_char_p),
        ("drift", c_void_p),
    ]


class SummaryInfo(_Sized):
    _fields_ = [
        ("struct_size", c_uint32),
        ("n_bands", c_uint32),
        ("n_pixels", c_uint64),
        ("n_valid", c_uint64),
        ("n_cells", c_uint64),
        ("width_exponent", c_uint32),
        ("sample_type", c_uint32),
    ]


_HANDLE = c_void_p
_OUT = POINTER(c_void_p)
_STATUS = c_uint32

# name without the prefix: (result, arguments)
SIGNATURES = {
    "version": (c_char_p, ()),
    "last_error": (c_char_p, ()),
    "last_error_field": (c_char_p, (POINTER(c_uint64),)),
    "fit": (_STATUS, (POINTER(Raster), POINTER(AlgorithmOptions), c_uint64, POINTER(Run), _OUT)),
    "predict": (_STATUS, (_HANDLE, POINTER(Raster), POINTER(Labels), POINTER(Run))),
    "summary_new": (_STATUS, (c_uint32, c_uint32, c_uint64, _OUT)),
    "summary_add": (_STATUS, (_HANDLE, POINTER(Raster), POINTER(Run))),
    "summary_merge": (_STATUS, (_HANDLE, _HANDLE)),
    "summary_get_info": (_STATUS, (_HANDLE, POINTER(SummaryInfo))),
    "summary_save": (_STATUS, (_HANDLE, c_char_p)),
    "summary_load": (_STATUS, (c_char_p, _OUT)),
    "summary_free": (None, (_HANDLE,)),
    "fit_json": (_STATUS, (POINTER(Raster), c_char_p, c_char_p, c_uint64, POINTER(Run), _OUT)),
    "fit_summary_json": (_STATUS, (_HANDLE, c_char_p, c_char_p, POINTER(Run), _OUT)),
    "fit_summary": (_STATUS, (_HANDLE, POINTER(AlgorithmOptions), POINTER(Run), _OUT)),
    "choose_k": (_STATUS, (_HANDLE, POINTER(ChooseKOptions), POINTER(Run), _OUT)),
    "choose_k_weighted": (
        _STATUS,
        (_HANDLE, POINTER(ChooseKOptions), POINTER(c_double), c_uint32, POINTER(Run), _OUT),
    ),
    "choice_recommended_k": (c_uint32, (_HANDLE,)),
    "choice_certainty": (c_uint32, (_HANDLE,)),
    "choice_reason": (_STATUS, (_HANDLE, POINTER(c_char_p))),
    "choice_n_candidates": (c_uint32, (_HANDLE,)),
    "choice_candidate": (_STATUS, (_HANDLE, c_uint32, POINTER(Candidate))),
    "choice_save_report": (_STATUS, (_HANDLE, c_char_p, c_char_p)),
    "choice_free": (None, (_HANDLE,)),
    "refinement_new": (_STATUS, (_HANDLE, c_uint32, _OUT)),
    "refinement_add": (_STATUS, (_HANDLE, POINTER(Raster), POINTER(Run))),
    "refinement_add_labels": (_STATUS, (_HANDLE, POINTER(Raster), POINTER(Labels), POINTER(Run))),
    "refinement_merge": (_STATUS, (_HANDLE, _HANDLE)),
    "refinement_apply": (_STATUS, (_HANDLE, _HANDLE, POINTER(c_double))),
    "refinement_save": (_STATUS, (_HANDLE, c_char_p)),
    "refinement_load": (_STATUS, (c_char_p, _OUT)),
    "refinement_free": (None, (_HANDLE,)),
    "scenes_open": (_STATUS, (c_char_p, c_uint64, _OUT)),
    "scenes_json": (_STATUS, (_HANDLE, POINTER(c_char_p))),
    "scenes_summary": (_STATUS, (_HANDLE, c_uint64, c_uint64, POINTER(Run), _OUT)),
    "scenes_refinement": (_STATUS, (_HANDLE, c_uint64, _HANDLE, POINTER(Run), _OUT)),
    "scenes_seeds": (_STATUS, (_HANDLE, c_char_p, c_char_p, POINTER(Run), POINTER(c_void_p))),
    "scenes_describe": (_STATUS, (_HANDLE, _HANDLE)),
    "scenes_free": (None, (_HANDLE,)),
    "zonal_new": (_STATUS, (c_uint32, c_uint32, c_uint32, _OUT)),
    "zonal_add": (_STATUS, (_HANDLE, POINTER(Raster), POINTER(Labels), POINTER(Run))),
    "zonal_read": (_STATUS, (_HANDLE, c_void_p, c_uint64, c_void_p, c_uint64)),
    "zonal_free": (None, (_HANDLE,)),
    "model_load": (_STATUS, (c_char_p, _OUT)),
    "model_save": (_STATUS, (_HANDLE, c_char_p)),
    "model_from_json": (_STATUS, (c_char_p, c_uint64, _OUT)),
    "model_json": (_STATUS, (_HANDLE, POINTER(c_char_p))),
    "model_free": (None, (_HANDLE,)),
    "model_n_clusters": (c_uint32, (_HANDLE,)),
    "model_n_bands": (c_uint32, (_HANDLE,)),
    "model_n_labels": (c_uint32, (_HANDLE,)),
    "model_set_max_distance": (_STATUS, (_HANDLE, c_double)),
    "model_set_radius_quantile": (_STATUS, (_HANDLE, c_double)),
    "model_clear_radii": (_STATUS, (_HANDLE,)),
    "drift_new": (_STATUS, (_HANDLE, _HANDLE, _OUT)),
    "drift_json": (_STATUS, (_HANDLE, POINTER(c_char_p))),
    "drift_free": (None, (_HANDLE,)),
    "model_n_iter": (c_uint32, (_HANDLE,)),
    "model_converged": (c_uint32, (_HANDLE,)),
    "model_inertia": (c_double, (_HANDLE,)),
    "model_centers": (_STATUS, (_HANDLE, c_void_p, c_uint64)),
    "model_counts": (_STATUS, (_HANDLE, c_void_p, c_uint64)),
    "model_class_name": (_STATUS, (_HANDLE, c_uint32, POINTER(c_char_p))),
    "model_set_class_name": (_STATUS, (_HANDLE, c_uint32, c_char_p)),
    "model_class_color": (_STATUS, (_HANDLE, c_uint32, POINTER(c_uint32))),
    "model_set_class_color": (_STATUS, (_HANDLE, c_uint32, c_uint32)),
    "model_set_band": (_STATUS, (_HANDLE, c_uint32, c_char_p, c_double)),
    "model_set_band_scaling": (_STATUS, (_HANDLE, c_uint32, c_double, c_double)),
    "model_set_colors": (_STATUS, (_HANDLE, c_char_p)),
    "model_save_qml": (_STATUS, (_HANDLE, c_void_p, c_uint64, c_char_p)),
    "model_save_polygons_qml": (_STATUS, (_HANDLE, c_char_p)),
    "count_labels": (_STATUS, (POINTER(Labels), c_void_p, c_uint64)),
    "majority": (_STATUS, (POINTER(Labels), POINTER(Labels), c_uint32, c_uint64, POINTER(Run))),
    "row_areas": (_STATUS, (c_double, c_double, c_void_p, c_uint64, c_double, c_void_p)),
    "model_merge": (
        _STATUS,
        (
            _HANDLE,
            POINTER(c_uint32),
            c_uint64,
            POINTER(c_char_p),
            c_uint32,
            POINTER(c_uint32),
            _OUT,
        ),
    ),
    "model_align": (
        _STATUS,
        (_HANDLE, _HANDLE, POINTER(c_uint32), POINTER(c_double), c_uint64, _OUT),
    ),
    "model_separability": (_STATUS, (_HANDLE, c_void_p, c_void_p, c_uint64)),
    "picture_new": (
        _STATUS,
        (_HANDLE, c_char_p, c_uint64, c_uint64, c_uint32, c_uint32, c_uint32, _OUT),
    ),
    "picture_add": (_STATUS, (_HANDLE, POINTER(Raster), POINTER(Labels), c_uint64, c_uint64)),
    "picture_relabel": (_STATUS, (_HANDLE, POINTER(Labels), c_uint64)),
    "picture_free": (None, (_HANDLE,)),
    "report_save": (_STATUS, (_HANDLE, POINTER(Report), c_char_p)),
    "model_natural_colors": (_STATUS, (_HANDLE, c_uint32, c_uint32, c_uint32)),
    "product_new": (_STATUS, (c_char_p, POINTER(c_char_p), c_uint64, c_char_p, _OUT)),
    "product_json": (_STATUS, (_HANDLE, POINTER(c_char_p))),
    "product_free": (None, (_HANDLE,)),
    "check_job": (_STATUS, (c_char_p,)),
    "gdal_path": (c_char_p, ()),
    "run_job": (_STATUS, (c_char_p, POINTER(Run), POINTER(c_void_p))),
    "text_free": (None, (c_void_p,)),
}
