#!/bin/sh
# Finds classes in a scene, merges and names some of them, and labels the neighbouring scene.
#
#   sh neighbour.sh SCENE NEIGHBOUR FOLDER
#
# FOLDER then has the maps of both scenes, the model, a report, and polygons of the second map.
set -eu
scene=$1 neighbour=$2 folder=$3

bandcluster cluster "$scene" "$folder/six.tif" --clusters 6 --model "$folder/six.json" \
    --report "$folder/report.html"

# Look at the report to see which classes belong together.
bandcluster merge --model "$folder/six.json" --into water=2 --into fields=3,4,6 \
    --into forest=1 --into marsh=5 \
    --labels "$folder/six.tif" --labels-output "$folder/scene.tif" -o "$folder/model.json"

bandcluster predict --model "$folder/model.json" "$neighbour" "$folder/neighbour.tif" \
    --majority 3 --sieve 20 --polygons "$folder/neighbour.gpkg"
