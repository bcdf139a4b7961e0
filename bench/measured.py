"""Runs a command and writes down what it took, out of a process that is itself next to nothing.

    python bench/measured.py USAGE COMMAND...

Linux gives a new process the most memory of the one that started it for its own: until it runs another
program it is a copy, and `ru_maxrss` remembers the copy. Started by the bench, which holds an invented
provider, an import of 240 MB would read 315. Started from here it inherits about 10 MB, so this file
imports nothing but the standard library, and the bench runs it by its path.
"""

import json
import os
import sys
from pathlib import Path


def main() -> None:
    """Ends as the command ended. USAGE gets the most memory in MB and the processor's seconds, as JSON."""
    pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
    _pid, status, usage = os.wait4(pid, 0)
    # The kernel counts in kilobytes.
    took = {"memory": usage.ru_maxrss / 1024, "processor": usage.ru_utime + usage.ru_stime}
    Path(sys.argv[1]).write_text(json.dumps(took))
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
