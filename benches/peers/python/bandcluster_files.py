import sys

import bandcluster

bandcluster.cluster_file(sys.argv[1], sys.argv[2], n_clusters=4)
