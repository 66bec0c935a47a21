"""Helpers to make parameters."""

from qgis.core import QgsProcessingParameterDefinition


def with_help(parameter, text):
    parameter.setHelp(text)
    return parameter


def advanced(parameter, text):
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return with_help(parameter, text)
