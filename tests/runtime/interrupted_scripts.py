"""Small commands that a signal comes to; each says `ready` when it may."""

HEEDED = """
import time
from autodistill.runtime import interrupts

with interrupts.heeded():
    print("ready", flush=True)
    time.sleep(30)
"""
SWALLOWED = """
import time
from autodistill.runtime import interrupts

interrupts.PATIENCE_SECONDS = 0.2
with interrupts.heeded():
    try:
        print("ready", flush=True)
        time.sleep(30)
    except BaseException:
        time.sleep(30)
"""
OUTLIVED = """
import sys, time
from autodistill.runtime import interrupts

with interrupts.heeded():
    try:
        print("ready", flush=True)
        time.sleep(30)
    except BaseException:
        pass
    {end}
"""
IGNORED = """
import sys, time
from autodistill import __main__
from autodistill.runtime import interrupts

class Slow:
    def __del__(self):
        print("ready", flush=True)
        time.sleep(30)

sys.unraisablehook = __main__.show_ignored
with interrupts.heeded():
    Slow()
"""
AWAITED = """
import time
from autodistill.errors import Interrupted
from autodistill.runtime import interrupts

with interrupts.heeded():
    try:
        print("ready", flush=True)
        time.sleep(30)
    except Interrupted:
        interrupts.waited_for()
"""
DEAF = """
import os, time
from autodistill.runtime import interrupts

interrupts.PATIENCE_SECONDS = 0.2
reader, writer = os.pipe()
with interrupts.heeded(), interrupts.blocked():
    print("ready", flush=True)
    os.read(reader, 1)
"""
HELD = """
import time
from autodistill.runtime import interrupts

with interrupts.heeded(), interrupts.held() as interrupted:
    print("ready", flush=True)
    while not interrupted():
        time.sleep(0.05)
    print("put back", flush=True)
"""
DRAFT = """
import time
from pathlib import Path
from autodistill.runtime import files, interrupts

interrupts.install()
with interrupts.held(), files.draft_folder(Path("student")) as draft:
    (draft / "half").write_text("half")
    print("ready", flush=True)
    time.sleep(30); time.sleep(30)
"""
CHILD = """
import subprocess, sys, time
from autodistill.runtime import interrupts

interrupts.install()
with interrupts.held():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print("ready", child.pid, flush=True)
    time.sleep(30); time.sleep(30)
"""
