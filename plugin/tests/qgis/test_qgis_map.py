"""The class data in a map, and the filters of maps."""

import bandcluster
import numpy as np
import pytest
from osgeo import gdal, ogr
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsPalettedRasterRenderer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsRenderContext,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtWidgets import QWidget
from scenes import DATA, read


def table(path):
    """The attribute table: its columns by name, with their usage."""
    dataset = gdal.Open(str(path))
    found = dataset.GetRasterBand(1).GetDefaultRAT()
    names = [found.GetNameOfCol(column) for column in range(found.GetColumnCount())]
    usages = [found.GetUsageOfCol(column) for column in range(found.GetColumnCount())]
    rows = range(found.GetRowCount())
    columns = [
        [found.GetValueAsString(row, column) for row in rows] for column in range(len(names))
    ]
    return dict(zip(names, usages)), dict(zip(names, columns))


def polygons(path):
    """Value, name, colour and area of each polygon."""
    dataset = ogr.Open(str(path))
    layer = dataset.GetLayerByName("classes")
    return [(one["value"], one["name"], one["color"], one["area_ha"]) for one in layer]


def legend(layer):
    assert isinstance(layer.renderer(), QgsPalettedRasterRenderer)
    return [(entry.value, entry.color.name(), entry.label) for entry in layer.renderer().classes()]


def titles(model, labels):
    counts = np.bincount(labels.ravel(), minlength=model.n_clusters + 1)[1:]
    return [
        f"{name} ({100 * count / counts.sum():.1f} %)"
        for name, count in zip(model.class_names, counts)
    ]


def test_any_program_can_read_the_classes(run, copied, folder, labels_of):
    run(
        "cluster",
        INPUT=copied("s2_train.tif"),
        OUTPUT=folder / "c.tif",
        MODEL_OUTPUT=folder / "m.json",
    )
    model, labels = bandcluster.Model.load(folder / "m.json"), labels_of(folder / "c.tif")
    usages, columns = table(folder / "c.tif")
    assert usages == {
        "Value": gdal.GFU_MinMax,
        "Class": gdal.GFU_Name,
        "Red": gdal.GFU_Red,
        "Green": gdal.GFU_Green,
        "Blue": gdal.GFU_Blue,
        "Pixels": gdal.GFU_PixelCount,
        "Area_ha": gdal.GFU_Generic,
        **{f"Mean {band}": gdal.GFU_Generic for band in ("B02", "B03", "B04", "B08")},
    }
    counts = np.bincount(labels.ravel())[1:]
    assert columns["Value"] == ["1", "2", "3", "4"]
    assert columns["Class"] == model.class_names
    assert [float(count) for count in columns["Pixels"]] == list(counts)
    assert [float(area) for area in columns["Area_ha"]] == pytest.approx(list(counts / 100))
    means = [read("s2_train.tif")[3][labels == value].mean() for value in range(1, 5)]
    assert [float(mean) for mean in columns["Mean B08"]] == pytest.approx(means)


def test_means_are_those_of_the_map_s_own_pixels(run, copied, folder, labels_of):
    far = {"RADIUS_QUANTILE": 0.95}
    run(
        "cluster",
        INPUT=copied("s2_train.tif"),
        **far,
        OUTPUT=folder / "far.tif",
        MODEL_OUTPUT=folder / "m.json",
    )
    run("cluster", INPUT=copied("s2_train.tif"), MAJORITY=3, SIEVE=8, OUTPUT=folder / "smooth.tif")
    run(
        "predict",
        INPUT=copied("s2_predict.tif"),
        MODEL=folder / "m.json",
        OUTPUT=folder / "next.tif",
    )
    next_smooth = {"MODEL": folder / "m.json", "MAJORITY": 3, "OUTPUT": folder / "next_smooth.tif"}
    run("predict", INPUT=copied("s2_predict.tif"), **next_smooth)
    for name, scene in (
        ("far", "s2_train.tif"),
        ("smooth", "s2_train.tif"),
        ("next", "s2_predict.tif"),
        ("next_smooth", "s2_predict.tif"),
    ):
        labels, columns = labels_of(folder / f"{name}.tif"), table(folder / f"{name}.tif")[1]
        for band, pixels in zip(("B02", "B03", "B04", "B08"), read(scene)):
            found = [pixels[labels == value].mean() for value in range(1, labels.max() + 1)]
            assert [float(mean) for mean in columns[f"Mean {band}"]] == pytest.approx(found), (
                name,
                band,
            )


def test_qgis_shows_names_and_shares_without_the_plugin(run, copied, folder, labels_of, tmp_path):
    """QGIS loads the map like any raster, and reads the legend beside it."""
    run("fit", INPUT=[copied("s2_train.tif")], MODEL_OUTPUT=tmp_path / "m.json")
    model = bandcluster.Model.load(tmp_path / "m.json")
    model.class_names = ["wood & <field>", "Flüsse", '"roofs"', "水田"]
    model.save(tmp_path / "m.json")
    run(
        "predict",
        INPUT=copied("s2_predict.tif"),
        MODEL=tmp_path / "m.json",
        OUTPUT=folder / "p.tif",
    )
    layer = QgsRasterLayer(str(folder / "p.tif"), "plain")
    expected = titles(model, labels_of(folder / "p.tif"))
    assert legend(layer) == list(zip(range(1, 5), model.class_colors, expected))
    assert sorted(path.name for path in folder.iterdir()) == ["p.qml", "p.tif", "p.tif.aux.xml"]


def rendered(layer, path):
    """The colours of a layer as QGIS paints it."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(layer.width(), layer.height()))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    assert image.save(str(path))
    return {image.pixelColor(x, y).name() for x in range(0, 800, 7) for y in range(0, 800, 7)}


def test_a_palette(run, copied, folder):
    given = {"INPUT": copied("s2_train.tif"), "CLUSTERS": 3, "COLORS": "palette:okabe-ito"}
    run("cluster", **given, OUTPUT=folder / "c.tif", MODEL_OUTPUT=folder / "m.json")
    colors = bandcluster.Model.load(folder / "m.json").class_colors
    assert colors == ["#e69f00", "#56b4e9", "#009e73"]
    layer = QgsRasterLayer(str(folder / "c.tif"), "plain")
    assert rendered(layer, folder / "c.png") == set(colors)
    run(
        "predict",
        INPUT=given["INPUT"],
        MODEL=folder / "m.json",
        COLORS="red,green,blue",
        OUTPUT=folder / "p.tif",
    )
    assert [color for _, color, _ in legend(QgsRasterLayer(str(folder / "p.tif"), "p"))] == [
        "#ff0000",
        "#008000",
        "#0000ff",
    ]


def test_filters_and_polygons(run, copied, folder, labels_of):
    source = copied("l8_nodata_a.tif")
    run(
        "cluster", INPUT=source, CLUSTERS=6, OUTPUT=folder / "c.tif", MODEL_OUTPUT=folder / "m.json"
    )
    given = {"INPUT": source, "MODEL": folder / "m.json", "MAJORITY": 3, "SIEVE": 30}
    results = run("predict", **given, OUTPUT=folder / "p.tif", POLYGONS=folder / "p.gpkg")
    plain, filtered = labels_of(folder / "c.tif"), labels_of(folder / "p.tif")
    smooth = bandcluster.majority(plain, 3)
    memory = gdal.GetDriverByName("MEM").Create("", *plain.shape[::-1], 1)
    band = memory.GetRasterBand(1)
    band.WriteArray(smooth)
    band.SetNoDataValue(0)
    gdal.SieveFilter(band, band.GetMaskBand(), band, 30, 4)
    assert np.array_equal(filtered, band.ReadAsArray())
    assert np.array_equal(filtered == 0, plain == 0)
    counts = np.bincount(filtered.ravel(), minlength=7)[1:]
    assert [float(count) for count in table(folder / "p.tif")[1]["Pixels"]] == list(counts)
    model = bandcluster.Model.load(folder / "m.json")
    assert [label for _, _, label in legend(QgsRasterLayer(str(folder / "p.tif"), "p"))] == titles(
        model, filtered
    )
    assert results["N_VALID"] == counts.sum()
    assert results["POLYGONS"] == str(folder / "p.gpkg")
    areas = dict.fromkeys(range(1, 7), 0.0)
    for value, name, color, area in polygons(folder / "p.gpkg"):
        assert (name, color) == (model.class_names[value - 1], model.class_colors[value - 1])
        areas[value] += area
    transform = gdal.Open(source).GetGeoTransform()
    assert list(areas.values()) == pytest.approx(
        list(counts * abs(transform[1] * transform[5]) / 10000)
    )
    run("cluster", INPUT=source, CLUSTERS=6, MAJORITY=3, SIEVE=30, OUTPUT=folder / "same.tif")
    assert np.array_equal(labels_of(folder / "same.tif"), filtered)


@pytest.mark.parametrize("name", ["p.gpkg", "p.geojson", "p.fgb", "p.shp"])
def test_polygons_have_the_style_of_their_classes_wherever_they_are_opened(
    name, run, write, folder
):
    scene = write("scene.tif", read("s2_train.tif")[:, :60, :60])
    run(
        "cluster",
        INPUT=scene,
        OUTPUT=folder / "c.tif",
        MODEL_OUTPUT=folder / "m.json",
        POLYGONS=folder / name,
    )
    beside = {"p.shp": {"p.shp", "p.shx", "p.dbf", "p.cpg", "p.qml"}, "p.gpkg": {"p.gpkg"}}.get(
        name, {name, "p.qml"}
    )
    assert {path.name for path in folder.iterdir()} == beside | {
        "c.tif",
        "c.tif.aux.xml",
        "c.qml",
        "m.json",
    }
    layer = QgsVectorLayer(str(folder / name), "polygons")
    assert layer.isValid() and layer.fields().names()[-4:] == ["value", "name", "area_ha", "color"]
    assert {feature["value"] for feature in layer.getFeatures()} == {1, 2, 3, 4}
    model = bandcluster.Model.load(folder / "m.json")
    assert categories(layer) == list(zip("1234", model.class_names, model.class_colors))
    context = QgsRenderContext()
    renderer = layer.renderer().clone()
    renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures():
        assert renderer.symbolForFeature(feature, context).color().name() == feature["color"]
    renderer.stopRender(context)


def categories(layer):
    assert (
        isinstance(layer.renderer(), QgsCategorizedSymbolRenderer)
        and layer.renderer().classAttribute() == "value"
    )
    shown = layer.renderer().categories()
    return [(str(one.value()), one.label(), one.symbol().color().name()) for one in shown]


def test_a_geopackage_holds_one_layer_for_qgis(run, copied, folder):
    run(
        "cluster",
        INPUT=copied("s2_train.tif"),
        SIEVE=50,
        OUTPUT=folder / "c.tif",
        POLYGONS=folder / "p.gpkg",
    )
    found = QgsProviderRegistry.instance().querySublayers(str(folder / "p.gpkg"))
    assert [layer.name() for layer in found] == ["classes"]


def test_the_polygons_layer_has_the_colours_of_the_classes(run, copied, folder):
    """Processing may give the layer another style before."""
    from bandcluster_qgis.layers.styling import OwnStyler

    run(
        "cluster",
        INPUT=copied("s2_train.tif"),
        SIEVE=50,
        OUTPUT=folder / "c.tif",
        POLYGONS=folder / "p.gpkg",
    )
    layer = QgsVectorLayer(str(folder / "p.gpkg"), "polygons")
    own = categories(layer)
    layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple({})))
    OwnStyler().postProcessLayer(layer, QgsProcessingContext(), None)
    assert len(own) == 4 and categories(layer) == own


def test_polygons_and_map_do_not_share_a_style(run, copied, folder):
    with pytest.raises(QgsProcessingException, match="is a companion of the map too"):
        run(
            "cluster",
            INPUT=copied("s2_train.tif"),
            OUTPUT=folder / "c.tif",
            POLYGONS=folder / "c.shp",
        )
    scene = copied("s2_train.tif")
    with pytest.raises(QgsProcessingException, match="would be the style of .*s2_train.tif, too"):
        run("cluster", INPUT=scene, OUTPUT=folder / "c.tif", POLYGONS=scene.replace(".tif", ".shp"))


def test_areas_in_longitude_and_latitude(run, folder, copied, tmp_path):
    """As on the command line, areas are those on the ellipsoid, row by row."""
    gdal.Warp(
        str(tmp_path / "degrees.tif"), copied("s2_train.tif"), dstSRS="EPSG:4326", dstNodata=0
    )
    gdal.Warp(
        str(tmp_path / "mercator.tif"), copied("s2_train.tif"), dstSRS="EPSG:3857", dstNodata=0
    )
    for name in ("degrees.tif", "mercator.tif"):
        run(
            "cluster",
            INPUT=tmp_path / name,
            CLUSTERS=1,
            OUTPUT=folder / "c.tif",
            POLYGONS=folder / "p.gpkg",
        )
        [area] = map(float, table(folder / "c.tif")[1]["Area_ha"])
        # 832 x 832 pixels of 10 m in UTM, whose areas are about 0.04 % smaller than on the ground.
        assert area == pytest.approx(6922.24, rel=2e-3)
        assert sum(polygon[-1] for polygon in polygons(folder / "p.gpkg")) == pytest.approx(
            area, rel=1e-12
        )


def test_what_cannot_be_is_told(run, copied, folder, tmp_path):
    source = copied("s2_train.tif")
    for given, message in (
        ({"MAJORITY": 4}, "majority filter is 4"),
        ({"COLORS": "red"}, "1 colours for 4 classes"),
        ({"COLORS": "palette:none"}, "no palette 'none'"),
        ({"POLYGONS": folder / "p.txt"}, "p.txt"),
        ({"CREATE_OPTIONS": "TILED=YES|NBITS=4"}, "NBITS changes the values of the map"),
    ):
        with pytest.raises(QgsProcessingException, match=message):
            run("cluster", INPUT=source, OUTPUT=folder / "c.tif", **given)
        assert list(folder.iterdir()) == []
    with pytest.raises(QgsProcessingException, match="would be the style of .*s2_train.tif, too"):
        run("cluster", INPUT=source, OUTPUT=source.replace(".tif", ".tiff"))


def test_the_map_has_the_creation_options_that_were_chosen(run, copied, folder):
    run(
        "cluster",
        INPUT=copied("s2_train.tif"),
        CREATE_OPTIONS="COMPRESS=LZW|BLOCKXSIZE=128",
        OUTPUT=folder / "c.tif",
    )
    made = gdal.Open(str(folder / "c.tif"))
    assert made.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE") == "LZW"
    assert made.GetRasterBand(1).GetBlockSize() == [128, 512]


@pytest.mark.parametrize("name", ["cluster", "predict"])
def test_the_dialog_has_qgis_s_table_of_creation_options(opened, provider, name):
    dialog = opened(provider.algorithm(name).create())
    dialog.setParameters({"CREATE_OPTIONS": "COMPRESS=LZW|BLOCKXSIZE=128"})
    shown = [widget.metaObject().className() for widget in dialog.findChildren(QWidget)]
    assert shown.count("QgsRasterFormatSaveOptionsWidget") == 1
    wrapper = dialog.mainWidget().wrappers["CREATE_OPTIONS"]
    assert wrapper.parameterValue() == "COMPRESS=LZW|BLOCKXSIZE=128"


def test_a_style_of_somebody_else_is_kept(run, copied, folder):
    style = folder / "c.qml"
    style.write_text("<qgis version='3.34'/>")
    with pytest.raises(
        QgsProcessingException, match="c.qml is a style that bandcluster did not write"
    ):
        run("cluster", INPUT=copied("s2_train.tif"), OUTPUT=folder / "c.tif")
    assert [path.name for path in folder.iterdir()] == ["c.qml"]


def test_unclassified_pixels_are_a_line_of_their_own(run, copied, folder, labels_of):
    given = {"INPUT": copied("s2_train.tif"), "RADIUS_QUANTILE": 0.9, "MAJORITY": 3}
    run(
        "cluster",
        **given,
        OUTPUT=folder / "c.tif",
        CONFIDENCE=folder / "f.tif",
        POLYGONS=folder / "p.gpkg",
    )
    counts = np.bincount(labels_of(folder / "c.tif").ravel(), minlength=6)[1:]
    columns = table(folder / "c.tif")[1]
    assert columns["Class"][-1] == "unclassified"
    assert [float(count) for count in columns["Pixels"]] == list(counts) and counts[4] > 0
    shown = legend(QgsRasterLayer(str(folder / "c.tif"), "c"))[-1]
    assert (shown[0], shown[2]) == (5, f"unclassified ({100 * counts[4] / counts.sum():.1f} %)")
    assert {name for _value, name, _color, _area in polygons(folder / "p.gpkg")} >= {"unclassified"}


def test_a_cancel_leaves_nothing(run, copied, folder):
    from qgis.core import QgsProcessingFeedback

    for moment in ("Filtering", "Sieving", "Writing polygons"):

        class Cancel(QgsProcessingFeedback):
            def setProgressText(self, text, moment=moment):
                if text.startswith(moment):
                    self.cancel()

        with pytest.raises(QgsProcessingException, match="cancel"):
            run(
                "cluster",
                feedback=Cancel(),
                INPUT=copied("s2_train.tif"),
                MAJORITY=3,
                SIEVE=5,
                OUTPUT=folder / "c.tif",
                POLYGONS=folder / "p.gpkg",
            )
        assert list(folder.iterdir()) == []


@pytest.fixture(autouse=True)
def no_layers():
    yield
    QgsProject.instance().clear()


def test_polynomials_locate_the_map(run, folder):
    scene = str(DATA / "field" / "rpc_only.tif")
    run("cluster", INPUT=scene, OUTPUT=folder / "map.tif")
    given, made = gdal.Open(scene), gdal.Open(str(folder / "map.tif"))
    assert len(given.GetMetadata("RPC")) > 10
    assert made.GetMetadata("RPC") == given.GetMetadata("RPC")
    assert made.GetMetadataItem("AREA_OR_POINT") == given.GetMetadataItem("AREA_OR_POINT")
