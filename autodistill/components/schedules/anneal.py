"""A temperature that falls to one.

Source   linear annealing of the temperature, as in the annealing baselines of Jafari et al. 2021, arXiv:2104.07163.
Idea     First which classes are alike, then which one it is: soft targets at the start are sharp at the end.
Inputs   a logit loss with a temperature.
Units    share of the way from 1 to the loss's own temperature.
Differs  in every step rather than once in an epoch.
"""

from autodistill.components.schedules import Factors, Schedule


class Anneal(Schedule):
    """A straight line from the temperature of the loss to 1."""

    needs = frozenset({"logit", "temperature"})

    def factors(self, progress: float) -> Factors:
        """The formula."""
        return Factors(temperature=1.0 - progress)
