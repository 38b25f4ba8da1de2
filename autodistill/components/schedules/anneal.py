"""A temperature that falls to one.

Source   linear annealing of the temperature, as in the annealing baselines of Jafari et al. 2021,
         arXiv:2104.07163.
Idea     First which classes are similar, then which one is right: soft targets at the start become
         sharp at the end.
Inputs   a logit loss with a temperature.
Units    position between temperature 1 and the loss's own temperature.
Differs  in every step rather than once per epoch.
"""

from autodistill.components.schedules import Factors, Schedule


class Anneal(Schedule):
    """Linear from the temperature of the loss to 1."""

    needs = frozenset({"logit", "temperature"})

    def factors(self, progress: float) -> Factors:
        """The factors at this progress."""
        return Factors(temperature=1.0 - progress)
