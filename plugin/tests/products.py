"""A small Sentinel-2 product in ESA's format, made of the real scene of 13 bands.

It has folders, names, metadata and JPEG 2000 files. The Rust tests have a fuller one
(tests/common/safe.rs), which GDAL's own driver also reads.
"""

import numpy as np
from osgeo import gdal, osr
from scenes import read

SYSTEM = osr.SpatialReference()
SYSTEM.ImportFromEPSG(32618)
CORNER = (440000, 4180000)
SIZE = 120  # columns and rows at 20 m
OFFSET = 1000
GRANULE = "GRANULE/L2A_T18SVG_A036000_20220615T155541/IMG_DATA"
# Each band's place in the real scene, and the metres of its pixels.
BANDS = {
    "B02": (1, 10),
    "B03": (2, 10),
    "B04": (3, 10),
    "B08": (7, 10),
    "B8A": (8, 20),
    "B11": (11, 20),
}
METADATA = f"""<?xml version="1.0" encoding="UTF-8"?>
<n1:Level-2A_User_Product \
xmlns:n1="https://psd-14.sentinel2.eo.esa.int/PSD/User_Product_Level-2A.xsd">
<n1:General_Info><Product_Image_Characteristics>
<Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT>
<SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX></Special_Values>
<QUANTIFICATION_VALUES_LIST>
<BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE></QUANTIFICATION_VALUES_LIST>
<BOA_ADD_OFFSET_VALUES_LIST>\
{"".join(f'<BOA_ADD_OFFSET band_id="{i}">-{OFFSET}</BOA_ADD_OFFSET>' for i in range(13))}
</BOA_ADD_OFFSET_VALUES_LIST></Product_Image_Characteristics></n1:General_Info>\
</n1:Level-2A_User_Product>
"""


def samples(band, metres=10):
    """The samples of a band in the product, as 10 m pixels repeat those of 20 m."""
    pixels = read("s2_13band.tif")[BANDS[band][0], 250 : 250 + SIZE, 150 : 150 + SIZE] + OFFSET
    return pixels.repeat(20 // metres, 0).repeat(20 // metres, 1)


def scl():
    """Clouds in the upper left, water elsewhere."""
    classes = np.full((SIZE, SIZE), 6, np.uint8)
    classes[:40, :60] = 9
    return classes


def write_product(folder):
    """Writes the product (L2A, baseline 04.00) into a folder; returns its own."""
    root = folder / "S2A_MSIL2A_20220615T155541_N0400_R011_T18SVG_20220615T200000.SAFE"
    for name, (_place, metres) in BANDS.items():
        _jp2(
            root / GRANULE / f"R{metres}m/T18SVG_20220615T155541_{name}_{metres}m.jp2",
            samples(name, metres),
            metres,
        )
    _jp2(root / GRANULE / "R20m/T18SVG_20220615T155541_SCL_20m.jp2", scl(), 20)
    (root / "MTD_MSIL2A.xml").write_text(METADATA)
    return root


def write_band_files(folder):
    """Writes files of 10, 20 and 60 m and the classification, without a product.

    Returns their paths.
    """
    paths = {
        name: folder / f"T18SVG_20220615T155541_{name}_{metres}m.jp2"
        for name, (_place, metres) in BANDS.items()
    }
    for name, (_place, metres) in BANDS.items():
        _jp2(paths[name], samples(name, metres), metres)
    paths["B09"] = folder / "T18SVG_20220615T155541_B09_60m.jp2"
    coarse = read("s2_13band.tif")[9, 250 : 250 + SIZE : 3, 150 : 150 + SIZE : 3] + OFFSET
    _jp2(paths["B09"], coarse, 60)
    paths["SCL"] = folder / "T18SVG_20220615T155541_SCL_20m.jp2"
    _jp2(paths["SCL"], scl(), 20)
    return paths


def _jp2(path, pixels, metres):
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = gdal.GDT_Byte if pixels.dtype == np.uint8 else gdal.GDT_UInt16
    memory = gdal.GetDriverByName("MEM").Create("", pixels.shape[1], pixels.shape[0], 1, kind)
    memory.SetGeoTransform((CORNER[0], metres, 0, CORNER[1], 0, -metres))
    memory.SetSpatialRef(SYSTEM)
    memory.GetRasterBand(1).WriteArray(pixels)
    options = ["QUALITY=100", "REVERSIBLE=YES", "YCBCR420=NO"]
    assert gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(str(path), memory, options=options)
