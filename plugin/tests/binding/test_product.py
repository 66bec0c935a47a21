"""What is known of a Sentinel-2 product from the names of its files and its metadata."""

import bandcluster
import pytest

FILES = [
    "P.SAFE/MTD_MSIL2A.xml",
    "P.SAFE/GRANULE/L2A_T/MTD_TL.xml",
    "P.SAFE/GRANULE/L2A_T/IMG_DATA/R10m/T18SVG_20220615T155541_B02_10m.jp2",
    "P.SAFE/GRANULE/L2A_T/IMG_DATA/R20m/T18SVG_20220615T155541_B02_20m.jp2",
    "P.SAFE/GRANULE/L2A_T/IMG_DATA/R20m/T18SVG_20220615T155541_B8A_20m.jp2",
    "P.SAFE/GRANULE/L2A_T/IMG_DATA/R20m/T18SVG_20220615T155541_SCL_20m.jp2",
]
METADATA = """<p><SPECIAL><Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT>
<SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX></Special_Values></SPECIAL>
<BOA_QUANTIFICATION_VALUE>10000</BOA_QUANTIFICATION_VALUE>\
<BOA_ADD_OFFSET band_id="8">-1000</BOA_ADD_OFFSET></p>"""


def test_each_band_has_its_finest_file_and_what_its_samples_mean():
    found = bandcluster.product("P.SAFE", FILES, METADATA)
    assert found.bands == (
        bandcluster.ProductBand("B02", FILES[2], 0, 1e-4, 0, True),
        bandcluster.ProductBand("B8A", FILES[4], 0, 1e-4, -0.1, False),
        bandcluster.ProductBand("SCL", FILES[5], 0, 1, 0, False),
    )
    assert found.scl_left_out == {0, 1, 3, 8, 9, 10}


@pytest.mark.parametrize(
    ("files", "metadata", "message"),
    [
        (FILES[1:], METADATA, "P.SAFE holds 0 Sentinel-2 products"),
        (["Q.SAFE/MTD_MSIL2A.xml", *FILES], METADATA, "P.SAFE holds 2 Sentinel-2 products"),
        (FILES[:2], METADATA, "P.SAFE has no band files"),
        (FILES, "<p/>", "no QUANTIFICATION_VALUE above 0"),
        (FILES, "not XML", "MTD_MSIL2A.xml is no XML"),
        ([], METADATA, "P.SAFE holds 0 Sentinel-2 products"),
    ],
)
def test_what_is_missing_is_told(files, metadata, message):
    with pytest.raises(bandcluster.InvalidData, match=message):
        bandcluster.product("P.SAFE", files, metadata)


def test_without_metadata_every_file_is_a_band():
    found = bandcluster.product("stack", ["T18SVG_B08_10m.jp2", "a/red.tif", "T18SVG_SCL_20m.jp2"])
    assert [(band.name, band.nodata, band.scale, band.offset) for band in found.bands] == [
        ("B08", None, 1, 0),
        ("red", None, 1, 0),
        ("SCL", None, 1, 0),
    ]


def test_no_nul_in_a_name():
    with pytest.raises(bandcluster.InvalidArgument, match="NUL"):
        bandcluster.product("P\0", FILES, METADATA)
