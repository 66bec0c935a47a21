"""The parameter for an area of interest, which all algorithms that read scenes share."""

from qgis.core import QgsProcessing, QgsProcessingParameterDefinition, QgsProcessingParameterFeatureSource

from .translation import tr

AOI = "AOI"


def area():
    polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
    parameter = QgsProcessingParameterFeatureSource(AOI, tr("Area of interest"), polygons, optional=True)
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    parameter.setHelp(
        tr(
            "A layer of polygons, in any reference system: pixels with their centre in none of them are left out. Of "
            "several scenes it limits all."
        )
    )
    return parameter
