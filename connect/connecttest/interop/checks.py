"""What the Python scripts of this folder share: the site that they are given, and how
they tell the test what they found."""

import json
import sys
import traceback

# The site's address, people and objects, as the test that started the script wrote
# them to its standard input.
site = json.load(sys.stdin)


def person(username):
    """Finds somebody of the site's sample by the user name."""
    return next(p for p in site["people"] if p["username"] == username)


def check(name):
    """Runs a function as one check and prints its outcome as a line of JSON."""

    def run(function):
        outcome = {"check": name}
        try:
            function()
        except Exception:
            outcome["error"] = traceback.format_exc()
        print(json.dumps(outcome), flush=True)
        return function

    return run
