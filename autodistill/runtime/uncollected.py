"""Imported first by the fork server: no time for garbage while libraries are loaded.

`autodistill.training.preload` ends that, and keeps what was loaded from being looked through again.
"""

import gc

gc.disable()
