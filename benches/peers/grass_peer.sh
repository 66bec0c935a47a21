#!/usr/bin/env bash
# GRASS: i.cluster finds classes in a sample of the pixels, i.maxlik gives each pixel the likeliest.
#   grass_peer.sh SCENE OUTPUT K
# It works in a temporary location, from the import of the scene to the export of the map. Prints
# JSON: seconds of every phase. The import makes the black frame NULL, so its pixels are left out.
set -euo pipefail

here=$(realpath "$(dirname "$0")")
if [ "${1:-}" != --inside ]; then
    [ $# = 3 ] || { echo "usage: grass_peer.sh SCENE OUTPUT K" >&2; exit 2; }
    exec grass --tmp-location "$1" --exec "$here/grass_peer.sh" \
        --inside "${EPOCHREALTIME/[.,]/}" "$@"
fi
last=$2 scene=$3 output=$4 classes=$5
. "$here/stopwatch.sh"
lap start

r.in.gdal -o --quiet memory=1000 input="$scene" output=scene >&2
bands=$(g.list type=raster pattern='scene*' separator=comma)
g.region raster="${bands%%,*}"
i.group --quiet group=scene subgroup=scene input="$bands" >&2
lap read
i.cluster --quiet group=scene subgroup=scene signaturefile=classes classes="$classes" >&2
lap fit
i.maxlik --quiet group=scene subgroup=scene signaturefile=classes output=map >&2
lap label
r.out.gdal --quiet -c input=map output="$output" format=GTiff type=Byte \
    createopt=COMPRESS=DEFLATE,TILED=YES >&2
lap write
tell "i.cluster, i.maxlik"
