"""Calling GDAL so that a failure is an exception with its reason.

Whether GDAL raises exceptions is one switch for the whole process, and belongs to QGIS and the other plugins: it is
left as it is, and both ways are handled.
"""

from osgeo import gdal

from .failures import Refused
from .translation import tr


class RasterError(Refused):
    """A raster cannot be used; the message says what was found and what to do."""


def checked(what, function, *arguments, **named):
    """What the GDAL function returns; RasterError, beginning with ``what``, when that is None or an error code."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    gdal.ErrorReset()
    try:
        result = function(*arguments, **named)
        failed = result is None or (type(result) is int and result >= gdal.CE_Failure)
        reason = gdal.GetLastErrorMsg()
    except RuntimeError as error:
        failed, reason = True, str(error)
    finally:
        gdal.PopErrorHandler()
    if failed:
        raise RasterError(tr("{}: {}").format(what, " ".join(reason.split())) if reason else what)
    return result


def flush(what, dataset):
    """Write what GDAL still holds of the dataset; whether that failed, some drivers tell by the last error alone."""

    def write():
        dataset.FlushCache()
        return gdal.GetLastErrorType()

    checked(what, write)
