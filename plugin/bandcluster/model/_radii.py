"""The radii of classes: pixels beyond them are unclassified."""

from __future__ import annotations

from ._facts import Facts


class Radii(Facts):
    """The part of `Model` that sets the radii of its classes."""

    def set_max_distance(self, distance: float) -> None:
        """Leave pixels unclassified that are farther than this from their class.

        `predict` gives them the label ``n_clusters + 1``. The model file keeps it.

        Parameters
        ----------
        distance : float
            In band units, scaled if the fit scaled.

        Raises
        ------
        InvalidArgument
            For a distance that is not positive.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3)
        >>> model.set_max_distance(500)
        >>> model.n_labels
        4
        """
        self._change("model_set_max_distance", distance)

    def set_radius_quantile(self, fraction: float) -> None:
        """Leave pixels unclassified that are farther from their class than most training pixels.

        Parameters
        ----------
        fraction : float
            The share of the training pixels that lie within the radius of their class, such as
            0.99.

        Raises
        ------
        InvalidArgument
            For a fraction that is not between 0 and 1.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3)
        >>> model.set_radius_quantile(0.99)
        >>> model.legend[-1][1]
        'unclassified'
        """
        self._change("model_set_radius_quantile", fraction)

    def clear_radii(self) -> None:
        """Remove the radii: every pixel gets its nearest class again, however far.

        Examples
        --------
        >>> model = bandcluster.fit(image, 3)
        >>> model.set_max_distance(500)
        >>> model.clear_radii()
        >>> model.n_labels
        3
        """
        self._change("model_clear_radii")
