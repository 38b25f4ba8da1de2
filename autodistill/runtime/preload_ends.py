"""What is loaded now stays, and is never looked through again; see `launch.preloading`."""

import gc

gc.freeze()
gc.enable()
