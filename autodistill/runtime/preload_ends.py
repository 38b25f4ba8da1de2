"""The fork server once all is loaded: it stays, and is never looked through for garbage.

See `launch.preloading`.
"""

import gc

from autodistill.runtime.preload_begins import LOADED, WATCH

LOADED.set()
WATCH.join()  # no process is forked beside a thread
gc.freeze()
gc.enable()
