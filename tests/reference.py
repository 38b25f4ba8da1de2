"""The member that computes each name of the reference numbers.

Each of their names has a function of inputs and parameters.
"""

from tests.reference_inputs import Member
from tests.reference_layers import LAYERS
from tests.reference_logits import LOGITS
from tests.reference_networks import NETWORKS
from tests.reference_stages import STAGES

MEMBERS: dict[str, Member] = {**LOGITS, **STAGES, **LAYERS, **NETWORKS}
