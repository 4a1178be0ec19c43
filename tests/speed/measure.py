"""Times commands against each other: measure.py ROUNDS NAME COMMAND [NAME COMMAND]…

Each round runs every command, quick ones several times, so that whatever else the machine does hits all of them.
Prints for each its name, and the medians of wall and CPU time in seconds, between tabs. The
command `floor` is no command: it lists and inspects all containers over one kept connection.
"""

import http.client
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import time


class Engine(http.client.HTTPConnection):
    """The Docker Engine at its socket."""

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(os.environ["DOCKER_HOST"].removeprefix("unix://"))

    def get(self, path):
        self.request("GET", path)
        return json.loads(self.getresponse().read())


def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command, engine):
    before, begin = cpu(), time.perf_counter()
    if command == "floor":
        begin_cpu = time.process_time()
        for container in engine.get("/containers/json?all=1"):
            engine.get(f"/containers/{container['Id']}/json")
        return time.perf_counter() - begin, time.process_time() - begin_cpu
    done = subprocess.run(["sh", "-c", f"exec {command}"], stdin=subprocess.DEVNULL, capture_output=True)
    wall = time.perf_counter() - begin
    if done.returncode != 0:
        sys.exit(f"`{command}` fails with {done.returncode}:\n{done.stdout.decode()}{done.stderr.decode()}")
    return wall, cpu() - before


rounds, named = int(sys.argv[1]), sys.argv[2:]
commands = list(zip(named[::2], named[1::2]))
engine = Engine("localhost")
figures = {name: [] for name, _ in commands}
for _ in range(rounds):
    for name, command in commands:
        seen = figures[name]
        # What is over at once is worth more figures.
        for _ in range(5 if seen and seen[-1][0] < 0.3 else 1):
            seen.append(run(command, engine))
for name, seen in figures.items():
    wall, used = (statistics.median(column) for column in zip(*seen))
    print(f"{name}\t{wall}\t{used}")
