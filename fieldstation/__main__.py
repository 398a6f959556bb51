"""`python -m fieldstation` is the `fieldstation` command."""

import sys

from fieldstation.cli.main import entry

sys.exit(entry())
