"""No time goes into garbage while the fork server loads libraries; see `launch.preloading`."""

import gc

gc.disable()
