"""Sentinel-2 products: opened as one layer, and taken as scenes."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import QgsProcessingException, QgsRasterLayer
from scenes import read

SYSTEM = osr.SpatialReference()
SYSTEM.ImportFromEPSG(32618)
CORNER = (440000, 4180000)
SIZE = 120  # columns and rows at 20 m
OFFSET = 1000
GRANULE = "GRANULE/L2A_T18SVG_A036000_20220615T155541/IMG_DATA"
# Each band's place in the real scene, and the metres of its pixels.
BANDS = {"B02": (1, 10), "B03": (2, 10), "B04": (3, 10), "B08": (7, 10), "B8A": (8, 20), "B11": (11, 20)}
METADATA = f"""<?xml version="1.0" encoding="UTF-8"?>
<n1:Level-2A_User_Product xmlns:n1="https://psd-14.sentinel2.eo.esa.int/PSD/User_Product_Level-2A.xsd">
<n1:General_Info><Product_Image_Characteristics>
<Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT>
<SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX></Special_Values>
<QUANTIFICATION_VALUES_LIST>
<BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE></QUANTIFICATION_VALUES_LIST>
<BOA_ADD_OFFSET_VALUES_LIST>{"".join(f'<BOA_ADD_OFFSET band_id="{i}">-{OFFSET}</BOA_ADD_OFFSET>' for i in range(13))}
</BOA_ADD_OFFSET_VALUES_LIST></Product_Image_Characteristics></n1:General_Info></n1:Level-2A_User_Product>
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


@pytest.fixture
def product(tmp_path):
    """A small L2A product with the folders, names, metadata and JPEG 2000 files of ESA's format."""
    root = tmp_path / "S2A_MSIL2A_20220615T155541_N0400_R011_T18SVG_20220615T200000.SAFE"
    for name, (_place, metres) in BANDS.items():
        jp2(root / GRANULE / f"R{metres}m/T18SVG_20220615T155541_{name}_{metres}m.jp2", samples(name, metres), metres)
    jp2(root / GRANULE / "R20m/T18SVG_20220615T155541_SCL_20m.jp2", scl(), 20)
    (root / "MTD_MSIL2A.xml").write_text(METADATA)
    return root


def jp2(path, pixels, metres):
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = gdal.GDT_Byte if pixels.dtype == np.uint8 else gdal.GDT_UInt16
    memory = gdal.GetDriverByName("MEM").Create("", pixels.shape[1], pixels.shape[0], 1, kind)
    memory.SetGeoTransform((CORNER[0], metres, 0, CORNER[1], 0, -metres))
    memory.SetSpatialRef(SYSTEM)
    memory.GetRasterBand(1).WriteArray(pixels)
    options = ["QUALITY=100", "REVERSIBLE=YES", "YCBCR420=NO"]
    assert gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(str(path), memory, options=options)


@pytest.fixture
def opened(run, product, folder):
    """Opens the product; returns the path of the layer."""

    def opened(**given):
        path = folder / "scene.vrt"
        assert run("openproduct", INPUT=product, OUTPUT=path, **given) == {"OUTPUT": str(path)}
        return path

    return opened


def test_a_product_is_opened_as_one_layer_in_natural_colours(opened):
    from bandcluster_qgis.styling import SceneStyler

    path = opened()
    layer = QgsRasterLayer(str(path))
    assert layer.isValid() and layer.crs().authid() == "EPSG:32618"
    SceneStyler().style(layer)  # as QGIS has it done when the layer is loaded
    provider, renderer = layer.dataProvider(), layer.renderer()
    assert renderer.redContrastEnhancement().maximumValue() < samples("B04").max()
    shown = [provider.generateBandName(band) for band in (1, 2, 3, 4)]
    assert [name.split(": ")[1] for name in map(str, shown)] == ["B02", "B03", "B04", "B08"]
    assert (renderer.redBand(), renderer.greenBand(), renderer.blueBand()) == (3, 2, 1)
    dataset = gdal.Open(str(path))
    for number, name in enumerate(("B02", "B03", "B04", "B08"), start=1):
        band = dataset.GetRasterBand(number)
        assert np.array_equal(band.ReadAsArray(), samples(name))
        assert (band.GetNoDataValue(), band.GetScale(), band.GetOffset()) == (0, 1e-4, -0.1)


def test_folder_metadata_file_and_zip_are_the_same_scene(run, product, folder, write, labels_of):
    stack = np.stack([samples(name) for name in ("B02", "B03", "B04", "B08")])
    run("cluster", INPUT=write("stack.tif", stack, nodata=0), OUTPUT=folder / "expected.tif")
    expected = labels_of(folder / "expected.tif")
    zipped = shutil.make_archive(str(folder / "product"), "zip", product.parent, product.name)
    for scene in (product, product / "MTD_MSIL2A.xml", Path(zipped)):
        run("cluster", INPUT=scene, OUTPUT=folder / "map.tif")
        assert np.array_equal(labels_of(folder / "map.tif"), expected), scene


def test_clouds_are_left_out_of_scenes_and_of_the_layer(run, product, opened, folder, labels_of):
    cloudy = scl().repeat(2, 0).repeat(2, 1) == 9
    run("cluster", INPUT=product, MASK_SCL=True, OUTPUT=folder / "direct.tif")
    direct = labels_of(folder / "direct.tif")
    assert np.array_equal(direct == 0, cloudy)
    # The mask travels with the layer, so whatever is done with it leaves the clouds out.
    run("cluster", INPUT=opened(MASK_SCL=True), OUTPUT=folder / "layer.tif")
    assert np.array_equal(labels_of(folder / "layer.tif"), direct)


def test_bands_of_other_resolutions_are_resampled(run, opened):
    names = ["B8A", "B02"]
    fine = gdal.Open(str(opened(BANDS=",".join(names))))
    assert (fine.RasterXSize, fine.GetGeoTransform()[1]) == (2 * SIZE, 10)
    # Halfway between two pixels of 20 m there is a quarter and three quarters of them.
    b8a, found = samples("B8A", 20).astype(float), fine.GetRasterBand(1).ReadAsArray()
    assert found[101, 102] == round(
        (b8a[50, 51] * 3 + b8a[50, 50]) / 4 * 0.75 + (b8a[51, 51] * 3 + b8a[51, 50]) / 4 * 0.25
    )
    assert np.array_equal(fine.GetRasterBand(2).ReadAsArray(), samples("B02"))
    coarse = gdal.Open(str(opened(BANDS=",".join(names), RESOLUTION=40, MASK_SCL=True)))
    assert (coarse.RasterXSize, coarse.GetGeoTransform()[1]) == (SIZE // 2, 40)
    for number, name in enumerate(names, start=1):
        blocks = samples(name, 20).reshape(SIZE // 2, 2, SIZE // 2, 2).mean((1, 3))
        assert np.abs(coarse.GetRasterBand(number).ReadAsArray() - blocks).max() <= 0.5
    masked = coarse.GetRasterBand(1).GetMaskBand().ReadAsArray() == 0
    assert np.array_equal(masked, scl()[::2, ::2] == 9)


def test_a_model_finds_its_bands_in_a_product(run, product, opened, folder, labels_of):
    run("cluster", INPUT=opened(BANDS="B11,B8A,B04"), OUTPUT=folder / "c.tif", MODEL_OUTPUT=folder / "m.json")
    run("predict", INPUT=product, MODEL=folder / "m.json", OUTPUT=folder / "p.tif")
    # Without a band of 20 m among the first there is no difference: B04 makes the pixels in both.
    assert np.array_equal(labels_of(folder / "p.tif"), labels_of(folder / "c.tif"))


def test_scale_and_offset_of_scene_and_model_are_honoured(run, product, folder, write, labels_of):
    """A product of an older baseline has no offset: the samples of both mean the same reflectance."""
    old = write("old.tif", np.stack([samples(name) - OFFSET for name in ("B02", "B03", "B04", "B08")]), nodata=0)
    dataset = gdal.Open(old, gdal.GA_Update)
    for number in range(1, 5):
        dataset.GetRasterBand(number).SetScale(1e-4)
    dataset = None
    run("cluster", INPUT=old, OUTPUT=folder / "old_map.tif", MODEL_OUTPUT=folder / "m.json")
    results = run("predict", INPUT=product, MODEL=folder / "m.json", BANDS=[1, 2, 3, 4], OUTPUT=folder / "new_map.tif")
    assert np.array_equal(labels_of(folder / "new_map.tif"), labels_of(folder / "old_map.tif"))
    assert results["DRIFT"] < 0.05


def test_what_is_refused_is_told(run, product, copied, folder):
    for name, given, message in (
        ("openproduct", {"INPUT": copied("s2_train.tif")}, "is no Sentinel-2 product"),
        ("openproduct", {"INPUT": product, "BANDS": "B04,B99"}, "has no band B99; it has B02, B03, B04, B08, B8A"),
        ("openproduct", {"INPUT": product, "BANDS": "B04,b04"}, "asked for twice"),
        ("openproduct", {"INPUT": product, "RESOLUTION": 1e6}, "choose a finer resolution"),
        ("openproduct", {"INPUT": product, "OUTPUT": folder / "scene.tif"}, "ends in .vrt"),
        ("cluster", {"INPUT": copied("s2_train.tif"), "MASK_SCL": True}, "is no Sentinel-2 product"),
    ):
        given = {"OUTPUT": folder / ("scene.vrt" if name == "openproduct" else "map.tif"), **given}
        with pytest.raises(QgsProcessingException, match=message):
            run(name, **given)
        assert not list(folder.iterdir())
    (product / "MTD_MSIL2A.xml").write_text("<a/>")
    with pytest.raises(QgsProcessingException, match="QUANTIFICATION_VALUE"):
        run("openproduct", INPUT=product, OUTPUT=folder / "scene.vrt")


def test_a_product_is_a_scene_on_the_command_line_of_qgis(qgis_process, product, folder):
    done = qgis_process("run", "bandcluster:cluster", f"--INPUT={product}", f"--OUTPUT={folder / 'map.tif'}")
    assert done.returncode == 0, done.stderr
    assert read(folder / "map.tif").max() == 4
