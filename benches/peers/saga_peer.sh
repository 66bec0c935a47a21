#!/usr/bin/env bash
# SAGA: K-Means Clustering for Grids, iterative minimum distance, at most 10 iterations (its
# default).
#   saga_peer.sh SCENE OUTPUT K
# It works from the import of the scene to the export of the map. Prints JSON: seconds of every
# phase. SAGA, too, treats the black frame as nodata and leaves it out.
set -euo pipefail

[ $# = 3 ] || { echo "usage: saga_peer.sh SCENE OUTPUT K" >&2; exit 2; }
scene=$1 output=$2 classes=$3
folder=$(mktemp -d -p "$(dirname "$output")")
trap 'rm -rf "$folder"' EXIT

saga() {
    saga_cmd --flags=s "$@" >&2
}

. "$(dirname "$0")/stopwatch.sh"
saga io_gdal 0 -FILES="$scene" -GRIDS="$folder/scene.sgrd" -MULTIPLE=0
lap read
grids=$(find "$folder" -name 'scene*.sgrd' | sort | paste -sd';')
saga imagery_classification 1 -GRIDS="$grids" -CLUSTER="$folder/map.sgrd" \
    -STATISTICS="$folder/classes.csv" -METHOD=0 -NCLUSTER="$classes" -MAXITER=10
lap fit
saga io_gdal 2 -GRIDS="$folder/map.sgrd" -FILE="$output" -OPTIONS="COMPRESS=DEFLATE TILED=YES"
lap write
tell "K-Means Clustering for Grids"
